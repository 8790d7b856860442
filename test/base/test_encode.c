#include "test.h"

#include "base/encode.h"

struct pair {
    str plain, text;
};

/* S() for static tables: gcc does not take a compound literal for a constant. */
#define Z(literal) { "" literal, sizeof(literal) - 1 }

/* RFC 4648 section 10. */
static const struct pair base64_vectors[] = {
    { Z(""), Z("") },           { Z("f"), Z("Zg==") },         { Z("fo"), Z("Zm8=") },
    { Z("foo"), Z("Zm9v") },    { Z("foob"), Z("Zm9vYg==") },  { Z("fooba"), Z("Zm9vYmE=") },
    { Z("foobar"), Z("Zm9vYmFy") }, { Z("\xfb\xff\xbf"), Z("+/+/") },
};
static const struct pair hex_vectors[] = {
    { Z(""), Z("") }, { Z("f"), Z("66") }, { Z("foobar"), Z("666f6f626172") }, { Z("\0\xff\x80"), Z("00ff80") },
};

TEST(base64, writes_and_reads_the_rfc_4648_vectors)
{
    AUTO(arena_free) struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT(base64_vectors); i++) {
        const struct pair *v = &base64_vectors[i];
        CHECK_CASE(v->text.p, str_eq(base64(a, v->plain), v->text));
        CHECK_CASE(v->text.p, base64_read(a, v->text).p && str_eq(base64_read(a, v->text), v->plain));
    }
}

TEST(base64, refuses_every_second_spelling)
{
    const str cases[] = {
        S("Zg"), S("Zg="), S("Zg==="), S("Zh=="), S("Zm9="), S("Zm8"), S("Z==="), S("===="), S("=="),
        S("Zg==Zg=="), S("Zm9v\n"), S(" Zm9v"), S("Zm-_"), S("Zm9v===="), S("Zm\0v"), S("Z"), S("Zm9vY"),
        S("\xc3\xa4zz"),
    };
    AUTO(arena_free) struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK_CASE(cases[i].p, !base64_read(a, cases[i]).p);
}

TEST(base64url, has_its_own_letters_and_no_padding)
{
    AUTO(arena_free) struct arena *a = arena_new();
    CHECK(str_eq(base64url(a, S("\xfb\xff\xbf")), S("-_-_")));
    CHECK(str_eq(base64url(a, S("f")), S("Zg")) && str_eq(base64url_read(a, S("Zg")), S("f")));
    CHECK(str_eq(base64url_read(a, S("Zm8")), S("fo")));
    CHECK(base64url_read(a, S("")).p && base64url_read(a, S("")).n == 0);
    CHECK(!base64url_read(a, S("Zg==")).p && !base64url_read(a, S("+/+/")).p);
    CHECK(!base64url_read(a, S("Zh")).p && !base64url_read(a, S("Z")).p);
}

TEST(base64, gives_back_all_bytes_at_all_lengths)
{
    AUTO(arena_free) struct arena *a = arena_new();
    char bytes[256];
    for (int i = 0; i < 256; i++)
        bytes[i] = (char)i;
    for (size_t n = 0; n <= sizeof bytes; n++) {
        const str s = { bytes + (sizeof bytes - n), n };
        CHECK(str_eq(base64_read(a, base64(a, s)), s) && str_eq(base64url_read(a, base64url(a, s)), s));
        CHECK(str_eq(hex_read(a, hex_lower(a, s)), s));
    }
}

TEST(hex, writes_and_reads_the_rfc_4648_vectors)
{
    AUTO(arena_free) struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT(hex_vectors); i++) {
        const struct pair *v = &hex_vectors[i];
        CHECK_CASE(v->text.p, str_eq(hex_lower(a, v->plain), v->text));
        CHECK_CASE(v->text.p, hex_read(a, v->text).p && str_eq(hex_read(a, v->text), v->plain));
    }
    CHECK(str_eq(hex_upper(a, S("\xab\xcd")), S("ABCD")) && str_eq(hex_read(a, S("aBcD")), S("\xab\xcd")));
}

TEST(hex, refuses_other_letters_and_odd_lengths)
{
    const str cases[] = { S("0"), S("0g"), S("0x"), S("123"), S(" 1"), S("1\0"), S("@A"), S("`a"), S("/0") };
    AUTO(arena_free) struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK_CASE(cases[i].p, !hex_read(a, cases[i]).p);
}

TEST(percent_read, undoes_escapes)
{
    AUTO(arena_free) struct arena *a = arena_new();
    CHECK(str_eq(percent_read(a, S("a%20b%2fc%2F%E4%b8%ad"), false), S("a b/c/\xe4\xb8\xad")));
    CHECK(str_eq(percent_read(a, S("a+b%2B"), false), S("a+b+")));
    CHECK(str_eq(percent_read(a, S("a+b%2B"), true), S("a b+")));
    CHECK(str_eq(percent_read(a, S("%00"), false), S("\0")) && percent_read(a, S(""), true).p);
    CHECK(str_eq(percent_read(a, S("%2541"), false), S("%41"))); /* once */
}

TEST(percent_read, refuses_a_lone_percent)
{
    const str cases[] = { S("%"), S("%4"), S("a%"), S("a%2"), S("%zz"), S("%4g"), S("%%41"), S("%-1") };
    AUTO(arena_free) struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK_CASE(cases[i].p, !percent_read(a, cases[i], false).p);
}

TEST(be64, sorts_as_the_numbers_do)
{
    static const uint64_t numbers[] = { 0, 1, 255, 256, 65535, 1ull << 32, INT64_MAX, 1ull << 63, UINT64_MAX };
    char before[8] = { 0 }, now[8];
    for (size_t i = 0; i < COUNT(numbers); i++) {
        be64_put(now, numbers[i]);
        CHECK(be64_get(now) == numbers[i] && memcmp(before, now, 8) <= 0);
        memcpy(before, now, 8);
    }
}

TEST_MAIN
