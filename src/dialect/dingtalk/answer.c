/* dialect/dingtalk/answer.c: a fault becomes this vendor's error.
 *
 * Four families of calls fail in words of their own: drive (`no.priviledge`), storage
 * (`permissionDenied`), the token calls (`invalidClientIdOrSecret`) and the legacy host, which answers
 * 200 to everything and tells the fault by a number. The spelling is the vendor's throughout. */
#include "dialect/dingtalk/parts.h"

struct answer {
    int  status;
    str  code, message;
    bool detailed; /* the message goes on with what was wrong with what */
};

enum family { FAMILY_DRIVE, FAMILY_STORAGE, FAMILY_TOKEN, FAMILY_LEGACY };

static enum family family_of(const struct call *call)
{
    const str path = http_path(call->http);
    if (str_starts(path, S("/v1.0/storage/")) || str_starts(path, S("/v2.0/storage/")))
        return FAMILY_STORAGE;
    if (str_starts(path, S("/v1.0/oauth2/")))
        return FAMILY_TOKEN;
    return str_starts(path, S("/gettoken")) || str_starts(path, S("/topapi/")) ? FAMILY_LEGACY : FAMILY_DRIVE;
}

#define ANSWER(http_status, its_code, its_message) \
    ((struct answer){ (http_status), S(its_code), S(its_message), false })
#define DETAILED(http_status, its_code, its_message) \
    ((struct answer){ (http_status), S(its_code), S(its_message), true })

static bool is_field(const struct failure *why, const char *name)
{
    return why->field && strcmp(why->field, name) == 0;
}

/* ---- bad parameters ---- */

static bool has_type(const struct call *call, str type)
{
    const str given = str_trim(http_header(call->http, "Content-Type"));
    return given.n >= type.n && str_eq_ascii_case(str_cut(given, type.n), type);
}

/* A form-encoded body counts as none: the vendor says so of a real client's. */
static bool lacks_body(const struct call *call)
{
    return !str_trim(http_body(call->http)).n || has_type(call, S("application/x-www-form-urlencoded"));
}

static bool is_body_field(const struct call *call, const char *name)
{
    for (const struct field *f = call->op ? call->op->in : NULL; f && f->name; f++)
        if (strcmp(f->name, name) == 0)
            return f->from == BODY;
    return false;
}

static struct answer missing(const struct call *call, const char *name)
{
    struct arena *arena = call->cx->arena;
    if (is_body_field(call, name) && lacks_body(call))
        name = "body";
    return (struct answer){ 400, arena_print(arena, "Missing%s", name),
                            arena_print(arena, "%s is mandatory for this action.", name), false };
}

static struct answer invalid(const struct call *call, const struct failure *why)
{
    if (why->how == HOW_MISSING && why->field)
        return missing(call, why->field);
    if (is_field(why, "maxResults") && why->how == HOW_TOO_LARGE)
        return DETAILED(400, "param.error.maxresults", "Too Large MaxResults");
    if (is_field(why, "name"))
        return DETAILED(400, "name.invalid", "Space name is invalid.");
    return DETAILED(400, "param.error", "Invalid Param");
}

static struct answer not_found(const struct failure *why)
{
    if (why->thing == THING_PARENT)
        return ANSWER(404, "parent.not.exist", "Parent folder is not exist.");
    return ANSWER(404, "object.not.exist", "File does not exist or has been deleted.");
}

/* ---- the families ---- */

static struct answer drive_answer(const struct call *call, const struct failure *why)
{
    switch (why->code) {
    case FAULT_INVALID:
        return invalid(call, why);
    case FAULT_BAD_BODY:
        return lacks_body(call) ? missing(call, "body") : DETAILED(400, "param.error", "Invalid Param");
    case FAULT_TOO_LARGE:
    case FAULT_TOO_DEEP:
    case FAULT_INCOMPLETE:
    case FAULT_MISMATCH:
    case FAULT_MAYBE_HERE:
        return DETAILED(400, "param.error", "Invalid Param");
    case FAULT_NO_ROUTE:
        return ANSWER(404, "InvalidAction.NotFound",
                      "Specified api is not found, please check your url and method.");
    case FAULT_UNAUTHENTICATED: /* 400, not 401: their page and their service agree */
    case FAULT_BAD_SIGNATURE:
        return ANSWER(400, "InvalidAuthentication", "Invalid access_token");
    case FAULT_FORBIDDEN:
    case FAULT_DISABLED:
        return ANSWER(400, "no.priviledge", "You are not authorized to perform this operation.");
    case FAULT_NOT_FOUND:
    case FAULT_TRASHED:
    case FAULT_NOT_TRASHED:
        return not_found(why);
    case FAULT_EXISTS:
        if (why->thing == THING_DRIVE || why->thing == THING_GROUP)
            return DETAILED(400, "name.invalid", "Space name is invalid.");
        return ANSWER(400, "folder.exists", "Folder exists");
    case FAULT_NOT_FOLDER:
        return ANSWER(404, "parent.not.exist", "Parent folder is not exist.");
    case FAULT_IS_FOLDER:
        return ANSWER(400, "fileType.unsupported", "File type is not supported.");
    case FAULT_CONFLICT:
    case FAULT_UNSUPPORTED:
        return ANSWER(400, "unsupported.operation", "Does not support the operation");
    case FAULT_QUOTA:
        return ANSWER(400, "quota.insufficient", "Remain quota is insufficient.");
    case FAULT_THROTTLED:
        return ANSWER(400, "request.overlimit", "You have sent too many requests.");
    case FAULT_UNAVAILABLE:
        return ANSWER(503, "systemError.dingSpaceError", "drive service unavailable");
    case FAULT_INTERNAL:
    case FAULT_COUNT:
    case OK:
        break;
    }
    return ANSWER(500, "unknown.error", "Unknown Error");
}

/* Where the storage calls have another word than drive. What the platform says before the call's own
 * code runs is the same for both. */
static struct answer storage_answer(const struct call *call, const struct failure *why)
{
    switch (why->code) {
    case FAULT_UNSUPPORTED:
        return ANSWER(400, "operationNotSupported", "Does not support the operation");
    case FAULT_UNAVAILABLE:
    case FAULT_THROTTLED:
        return ANSWER(503, "operationTimeout", "The service cannot take it now, try again later.");
    case FAULT_INTERNAL:
        return ANSWER(500, "systemError", "Unknown Error");
    case FAULT_FORBIDDEN:
        return ANSWER(403, "permissionDenied", "You are not authorized to perform this operation.");
    case FAULT_TOO_LARGE:
        return DETAILED(400, "paramError", "Invalid Param");
    case FAULT_NO_ROUTE:
    case FAULT_UNAUTHENTICATED:
    case FAULT_BAD_SIGNATURE:
    case FAULT_INVALID:
    case FAULT_BAD_BODY:
    case FAULT_NOT_FOUND:
    case FAULT_EXISTS:
    case FAULT_CONFLICT:
    case FAULT_TRASHED:
    case FAULT_NOT_TRASHED:
    case FAULT_IS_FOLDER:
    case FAULT_NOT_FOLDER:
    case FAULT_DISABLED:
    case FAULT_QUOTA:
    case FAULT_TOO_DEEP:
    case FAULT_INCOMPLETE:
    case FAULT_MISMATCH:
    case FAULT_MAYBE_HERE:
    case FAULT_COUNT:
    case OK:
        break;
    }
    return drive_answer(call, why);
}

/* `client` calls are POST .../{corpId}/token, with dotted words of their own. */
static struct answer token_answer(const struct call *call, const struct failure *why)
{
    const bool is_token_call = call->op && call->op->who == ANYONE;
    const bool client = is_token_call && strcmp(call->op->name, "GetToken") == 0;
    if (is_token_call && (why->code == FAULT_UNAUTHENTICATED || why->code == FAULT_DISABLED))
        return client ? ANSWER(400, "invalid.client", "The client_id or client_secret is invalid.")
                      : ANSWER(400, "invalidClientIdOrSecret", "The appKey or appSecret is invalid.");
    if (client && why->code == FAULT_INTERNAL)
        return ANSWER(500, "server.error", "Unknown Error");
    if (client && why->code == FAULT_INVALID && is_field(why, "grant_type") && why->how != HOW_MISSING)
        return DETAILED(400, "unsupported.grant.type", "The grant_type is not supported.");
    if (client && why->code == FAULT_INVALID && is_field(why, "corpId"))
        return ANSWER(401, "unauthorized.client", "The client is not authorized by this organisation.");
    return drive_answer(call, why);
}

/* ---- the legacy host: always 200 ---- */

static int legacy_code(const struct failure *why)
{
    switch (why->code) {
    case FAULT_NO_ROUTE:        return 404;
    case FAULT_UNAUTHENTICATED:
    case FAULT_BAD_SIGNATURE:
    case FAULT_DISABLED:        return 40001;
    case FAULT_THROTTLED:       return 90002;
    case FAULT_UNAVAILABLE:
    case FAULT_INTERNAL:        return -1;
    case FAULT_INVALID:
    case FAULT_BAD_BODY:
    case FAULT_TOO_LARGE:
    case FAULT_FORBIDDEN:
    case FAULT_NOT_FOUND:
    case FAULT_EXISTS:
    case FAULT_CONFLICT:
    case FAULT_TRASHED:
    case FAULT_NOT_TRASHED:
    case FAULT_IS_FOLDER:
    case FAULT_NOT_FOLDER:
    case FAULT_QUOTA:
    case FAULT_TOO_DEEP:
    case FAULT_INCOMPLETE:
    case FAULT_MISMATCH:
    case FAULT_MAYBE_HERE:
    case FAULT_UNSUPPORTED:
    case FAULT_COUNT:
    case OK:                    break;
    }
    return 400002; /* a bad parameter, of whatever kind */
}

static void refuse_legacy(struct call *call, struct reply *reply)
{
    const struct failure *why = &call->cx->why;
    const int             code = legacy_code(why);
    reply->status = 200;
    text_print(&reply->body, "{\"errcode\":%d,\"errmsg\":", code);
    text_json(&reply->body, code == 40001 ? S("The appkey or appsecret is invalid.")
                                          : contract_complaint(call->cx));
    text_add(&reply->body, S(",\"request_id\":"));
    text_json(&reply->body, dingtalk_request_id(call->cx));
    text_char(&reply->body, '}');
}

/* ---- the body ---- */

struct error {
    str code, request_id, message;
};

/* Lower case throughout: of `requestid` their SDK reads this spelling and not requestId. */
static const struct field error_rows[] = {
    { "code",      BODY, AT(struct error, code) },
    { "requestid", BODY, AT(struct error, request_id) },
    { "message",   BODY, AT(struct error, message) },
    { 0 },
};
const struct shape dingtalk_error = { "Error", error_rows, sizeof(struct error) };

static struct answer answer_of(const struct call *call, enum family family)
{
    const struct failure *why = &call->cx->why;
    if (family == FAMILY_STORAGE)
        return storage_answer(call, why);
    return family == FAMILY_TOKEN ? token_answer(call, why) : drive_answer(call, why);
}

void dingtalk_refuse(struct call *call, struct reply *reply)
{
    struct cx        *cx = call->cx;
    const enum family family = family_of(call);
    if (family == FAMILY_LEGACY) {
        refuse_legacy(call, reply);
        return;
    }
    const struct answer answer = answer_of(call, family);
    struct error error = { answer.code, dingtalk_request_id(cx), answer.message };
    if (answer.detailed) {
        const str complaint = contract_complaint(cx);
        error.message = arena_print(cx->arena, "%.*s (%.*s)", STR_ARG(answer.message), STR_ARG(complaint));
    }
    reply->status = answer.status;
    contract_write(error_rows, &error, NULL, NULL, &reply->body);
}
