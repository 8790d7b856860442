/* What is no credential is refused before the store is asked. */
#include "test.h"

#include "dialect/dingtalk/dingtalk.h"
#include "dialect/dingtalk/parts.h"
#include "stand_in.h"

static enum fault identify(struct arena *arena, struct cx *cx, const char *first, const char *second)
{
    static const struct op op = { .name = "any", .who = USER };
    static const char      name[] = "X-Acs-Dingtalk-Access-Token";
    struct http_request    http = { .method = S("GET"), .path = S("/v1.0/drive/spaces") };
    if (first)
        http.headers[http.header_count++] = (struct http_header){ name, str_of(first) };
    if (second)
        http.headers[http.header_count++] = (struct http_header){ name, str_of(second) };
    *cx = (struct cx){ .arena = arena };
    struct call call = { .cx = cx, .dialect = &dingtalk_dialect, .op = &op, .http = &http };
    return dingtalk_identify(&call);
}

TEST(dingtalk_identify, refuses_no_token_an_empty_one_and_two)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct cx cx;
    CHECK(identify(arena, &cx, NULL, NULL) == FAULT_UNAUTHENTICATED && cx.why.how == HOW_MISSING);
    CHECK(identify(arena, &cx, "", NULL) == FAULT_UNAUTHENTICATED && cx.why.how == HOW_MISSING);
    CHECK(identify(arena, &cx, "  ", NULL) == FAULT_UNAUTHENTICATED && cx.why.how == HOW_MISSING);
    CHECK(identify(arena, &cx, "a", "b") == FAULT_UNAUTHENTICATED);
}

TEST(dingtalk_act_as, tells_a_user_nothing_of_other_people)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct caller ann = { .user = { 7 }, .public_id = S("ann") };
    struct cx     cx = { .arena = arena, .caller = &ann };
    CHECK(dingtalk_act_as(&cx, S("bob")) == FAULT_FORBIDDEN);
    CHECK(dingtalk_act_as(&cx, S("nobody")) == FAULT_FORBIDDEN);
}

TEST(dingtalk_check_id, takes_decimal_digits_alone)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct cx cx = { .arena = arena };
    CHECK(dingtalk_check_id(&cx, "spaceId", S("332318530")) == OK);
    const str wrong[] = { S("root"), S("-1"), S("1.0"), S(" 1"), S("0x1"), S("1/2") };
    for (size_t i = 0; i < COUNT(wrong); i++)
        CHECK_CASE(wrong[i].p, dingtalk_check_id(&cx, "spaceId", wrong[i]) == FAULT_INVALID
                                   && strcmp(cx.why.field, "spaceId") == 0);
}

TEST_MAIN
