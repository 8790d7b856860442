/* Every fault in this vendor's words: codes, statuses, the envelope's exact names, the legacy host. */
#include "test.h"

#include "dialect/dingtalk/dingtalk.h"
#include "dialect/dingtalk/parts.h"
#include "stand_in.h"

static const struct op *op_named(const char *name)
{
    for (const struct op *const *table = dingtalk_dialect.tables; *table; table++)
        for (const struct op *op = *table; op->name; op++)
            if (strcmp(op->name, name) == 0)
                return op;
    return NULL;
}

struct refusal {
    struct arena       *arena;
    struct http_request http;
    struct cx           cx;
    struct reply        reply;
};

static void refusal_done(struct refusal *r)
{
    text_done(&r->reply.body);
    arena_free(&r->arena);
}

/* The answer to a request of this operation that failed so. */
static str refused(struct refusal *r, const char *op, const char *path, str body, struct failure why)
{
    text_done(&r->reply.body);
    r->http = (struct http_request){ .method = S("POST"), .path = str_of(path), .body = body };
    if (!r->arena)
        r->arena = arena_new();
    r->cx = (struct cx){ .arena = r->arena, .request_id = S("30ee8654-1aa2-4d88-8248-9518547248aa"),
                         .why = why };
    r->reply = (struct reply){ 0 };
    struct call call = { .cx = &r->cx, .dialect = &dingtalk_dialect, .op = op ? op_named(op) : NULL,
                         .http = &r->http };
    dingtalk_refuse(&call, &r->reply);
    return text_str(&r->reply.body);
}

static bool is_answer(struct refusal *r, int status, str code)
{
    const str head = arena_print(r->arena, "{\"code\":\"%.*s\",\"requestid\":"
                                           "\"30EE8654-1AA2-4D88-8248-9518547248AA\",\"message\":\"",
                                 STR_ARG(code));
    return r->reply.status == status && str_starts(text_str(&r->reply.body), head);
}

static const char spaces[] = "/v1.0/drive/spaces", storage[] = "/v1.0/storage/spaces/7";
static const char token[] = "/v1.0/oauth2/accessToken", corp_token[] = "/v1.0/oauth2/main/token";

TEST(dingtalk_refuse, tells_each_fault_in_the_vendors_words)
{
    static const struct {
        const char    *name, *op, *path;
        struct failure why;
        int            status;
        const char    *code;
    } cases[] = {
        { "no route", NULL, "/v1.0/none", { FAULT_NO_ROUTE }, 404, "InvalidAction.NotFound" },
        { "no token", "ListSpaces", spaces, { FAULT_UNAUTHENTICATED }, 400, "InvalidAuthentication" },
        { "no token, storage", "StorageGetSpace", storage, { FAULT_UNAUTHENTICATED }, 400,
          "InvalidAuthentication" },
        { "wrong secret", "GetAccessToken", token, { FAULT_UNAUTHENTICATED }, 400,
          "invalidClientIdOrSecret" },
        { "wrong secret, corp", "GetToken", corp_token, { FAULT_UNAUTHENTICATED }, 400, "invalid.client" },
        { "grant type", "GetToken", corp_token,
          { FAULT_INVALID, .field = "grant_type", .how = HOW_WORD }, 400, "unsupported.grant.type" },
        { "corp", "GetToken", corp_token, { FAULT_INVALID, .field = "corpId" }, 401, "unauthorized.client" },
        { "corp, ours", "GetToken", corp_token, { FAULT_INTERNAL }, 500, "server.error" },
        { "page too large", "ListSpaces", spaces,
          { FAULT_INVALID, .field = "maxResults", .how = HOW_TOO_LARGE }, 400, "param.error.maxresults" },
        { "page too small", "ListSpaces", spaces,
          { FAULT_INVALID, .field = "maxResults", .how = HOW_TOO_SMALL }, 400, "param.error" },
        { "page missing", "ListSpaces", spaces,
          { FAULT_INVALID, .field = "maxResults", .how = HOW_MISSING }, 400, "MissingmaxResults" },
        { "name", "AddSpace", spaces, { FAULT_INVALID, .field = "name", .how = HOW_TOO_LARGE }, 400,
          "name.invalid" },
        { "cursor", "ListSpaces", spaces, { FAULT_INVALID, .field = "nextToken" }, 400, "param.error" },
        { "not mine", "DeleteSpace", spaces, { FAULT_FORBIDDEN }, 400, "no.priviledge" },
        { "disabled", "ListFiles", spaces, { FAULT_DISABLED }, 400, "no.priviledge" },
        { "absent", "InfoSpace", spaces, { FAULT_NOT_FOUND, THING_DRIVE }, 404, "object.not.exist" },
        { "in the bin", "GetFileInfo", spaces, { FAULT_TRASHED, THING_NODE }, 404, "object.not.exist" },
        { "no parent", "ListFiles", spaces, { FAULT_NOT_FOUND, THING_PARENT }, 404, "parent.not.exist" },
        { "staff", "DeleteSpace", spaces, { FAULT_CONFLICT }, 400, "unsupported.operation" },
        { "not here", "CopyFile", spaces, { FAULT_UNSUPPORTED }, 400, "unsupported.operation" },
        { "not here, storage", "StorageGetSpace", storage, { FAULT_UNSUPPORTED }, 400,
          "operationNotSupported" },
        { "forbidden, storage", "StorageGetSpace", storage, { FAULT_FORBIDDEN }, 403, "permissionDenied" },
        { "too often", "ListSpaces", spaces, { FAULT_THROTTLED }, 400, "request.overlimit" },
        { "store away", "ListSpaces", spaces, { FAULT_UNAVAILABLE }, 503, "systemError.dingSpaceError" },
        { "store away, storage", "StorageGetSpace", storage, { FAULT_UNAVAILABLE }, 503,
          "operationTimeout" },
        { "ours", "ListSpaces", spaces, { FAULT_INTERNAL }, 500, "unknown.error" },
        { "ours, storage", "StorageGetSpace", storage, { FAULT_INTERNAL }, 500, "systemError" },
    };
    AUTO(refusal_done) struct refusal r = { 0 };
    for (size_t i = 0; i < COUNT(cases); i++) {
        refused(&r, cases[i].op, cases[i].path, S("{}"), cases[i].why);
        CHECK_CASE(cases[i].name, is_answer(&r, cases[i].status, str_of(cases[i].code)));
    }
}

/* A 200 with a code in it would be taken for success by the SDK. */
TEST(dingtalk_refuse, never_answers_a_fault_with_success)
{
    AUTO(refusal_done) struct refusal r = { 0 };
    const char *const paths[] = { spaces, storage, token, corp_token };
    for (int fault = OK + 1; fault < FAULT_COUNT; fault++)
        for (size_t i = 0; i < COUNT(paths); i++) {
            refused(&r, NULL, paths[i], S0, (struct failure){ .code = (enum fault)fault });
            CHECK_CASE(fault_name((enum fault)fault), r.reply.status >= 400);
        }
}

TEST(dingtalk_refuse, names_the_body_when_there_is_none)
{
    const struct failure no_name = { FAULT_INVALID, .field = "name", .how = HOW_MISSING };
    const struct failure no_page = { FAULT_INVALID, .field = "maxResults", .how = HOW_MISSING };
    AUTO(refusal_done) struct refusal r = { 0 };
    refused(&r, "AddSpace", spaces, S(""), no_name);
    CHECK(is_answer(&r, 400, S("Missingbody")));
    refused(&r, "AddSpace", spaces, S("{}"), no_name);
    CHECK(is_answer(&r, 400, S("Missingname")));
    refused(&r, "ListSpaces", spaces, S(""), no_page);
    CHECK(is_answer(&r, 400, S("MissingmaxResults")));
}

TEST(dingtalk_refuse, says_what_is_mandatory)
{
    AUTO(refusal_done) struct refusal r = { 0 };
    const str body = refused(&r, "ListSpaces", spaces, S0,
                             (struct failure){ FAULT_INVALID, .field = "spaceType", .how = HOW_MISSING });
    const str message = S("\"message\":\"spaceType is mandatory for this action.\"");
    CHECK(str_find_str(body, message, 0) < body.n);
}

TEST(dingtalk_refuse, answers_200_on_the_legacy_host)
{
    AUTO(refusal_done) struct refusal r = { 0 };
    str body = refused(&r, "gettoken", "/gettoken", S0, (struct failure){ FAULT_UNAUTHENTICATED });
    CHECK(r.reply.status == 200 && str_starts(body, S("{\"errcode\":40001,\"errmsg\":\"")));
    body = refused(&r, "gettoken", "/gettoken", S0,
                   (struct failure){ FAULT_INVALID, .field = "appkey", .how = HOW_MISSING });
    CHECK(r.reply.status == 200 && str_starts(body, S("{\"errcode\":400002,\"errmsg\":\"appkey")));
    body = refused(&r, NULL, "/topapi/none", S0, (struct failure){ FAULT_NO_ROUTE });
    CHECK(r.reply.status == 200 && str_starts(body, S("{\"errcode\":404,")));
}

TEST(dingtalk_request_id, is_an_upper_case_uuid)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct cx cx = { .arena = arena, .request_id = S("30ee86541aa24d8882489518547248aa") };
    CHECK(str_eq(dingtalk_request_id(&cx), S("30EE8654-1AA2-4D88-8248-9518547248AA")));
    cx.request_id = S("30EE8654-1AA2-4D88-8248-9518547248AA");
    CHECK(str_eq(dingtalk_request_id(&cx), cx.request_id));
    cx.request_id = S("req-7"); /* what is no UUID stays what the log says */
    CHECK(str_eq(dingtalk_request_id(&cx), S("req-7")));
}

TEST_MAIN
