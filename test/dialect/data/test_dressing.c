/* Header values made of hostile names and types. */
#include "test.h"

#include "dialect/data/dressing.h"

static void check_disposition(str name, const char *expected)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    assert_string_equal(arena_z(arena, disposition(arena, name)), expected);
}

TEST(dressing, disposition_is_an_attachment_under_the_name)
{
    check_disposition(S("a.txt"), "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt");
    check_disposition(S("a b.txt"), "attachment; filename=\"a b.txt\"; filename*=UTF-8''a%20b.txt");
    check_disposition(S("\xe5\xae\xb6.txt"),
                      "attachment; filename=\"_.txt\"; filename*=UTF-8''%E5%AE%B6.txt");
}

TEST(dressing, disposition_cannot_be_broken_out_of)
{
    check_disposition(
        S("a\".html\"; x=\""),
        "attachment; filename=\"a_.html__ x=_\"; filename*=UTF-8''a%22.html%22%3B%20x%3D%22");
    check_disposition(S("a\\%41'"),
                      "attachment; filename=\"a__41'\"; filename*=UTF-8''a%5C%2541%27");
    check_disposition(
        S("a\r\nSet-Cookie: x"),
        "attachment; filename=\"a__Set-Cookie_ x\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x");
    check_disposition(S(""), "attachment; filename=\"\"; filename*=UTF-8''");
    check_disposition(S("\xff\x80"), "attachment; filename=\"_\"; filename*=UTF-8''%FF%80");
}

TEST(dressing, media_types_are_plain_or_replaced)
{
    static const char *const good[] = { "text/plain", "text/plain; charset=utf-8",
                                        "application/vnd.a-b+xml", "image/svg+xml" };
    static const char *const bad[] = { "",
                                       "text",
                                       "/plain",
                                       "text/",
                                       "text/;x",
                                       "te xt/plain",
                                       "text/plain\r\nX: y",
                                       "text/plain; x=\xe5",
                                       "text/pl\"ain",
                                       "a/b/c" };
    for (size_t i = 0; i < COUNT(good); i++)
        CHECK(str_eq(safe_media_type(str_of(good[i])), str_of(good[i])));
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK(str_eq(safe_media_type(str_of(bad[i])), S("application/octet-stream")));
    CHECK(str_eq(safe_media_type(S0), S("application/octet-stream")));
}

TEST_MAIN
