/* What is no credential is refused before the store is asked. */
#include "test.h"

#include "contract/fake_http.h"
#include "dialect/dingtalk/dingtalk.h"
#include "dialect/dingtalk/parts.h"

static enum fault identify(struct arena *arena, struct cx *cx, const char *first, const char *second)
{
    static const struct op op = { .name = "any", .who = USER };
    struct http_request    http;
    fake_init(&http, "GET", "/v1.0/drive/spaces", S0);
    if (first)
        fake_header(&http, "x-acs-dingtalk-access-token", first);
    if (second)
        fake_header(&http, "x-acs-dingtalk-access-token", second);
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
