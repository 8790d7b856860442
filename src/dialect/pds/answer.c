/* dialect/pds/answer.c: their error for each of our faults.
 *
 * A code is a base and, where a thing or a parameter is meant, its name in capitals after a dot:
 * InvalidParameter.ContentHash, NotFound.File. Clients match on the base, or on the whole.
 * Source: PDS API reference, "error codes"; codes the page lacks are those official clients expect. */
#include "dialect/pds/inner.h"
#include "dialect/pds/consent.h"
#include "dialect/pds/scope.h"

struct answer {
    int         status;
    const char *base;
    str         suffix; /* after a dot; empty for none */
    const char *words;  /* begins the message */
};

/* drive_id: DriveId. Headers: x-acs-date: XAcsDate. */
static str in_capitals(struct arena *arena, const char *field)
{
    if (!field)
        return S0;
    char *out = arena_make(arena, strlen(field) + 1);
    size_t n = 0;
    bool   up = true;
    for (const char *c = field; *c; c++) {
        if (*c == '_' || *c == '-' || *c == '.') {
            up = true;
            continue;
        }
        out[n++] = (char)(up && *c >= 'a' && *c <= 'z' ? *c - 32 : *c);
        up = false;
    }
    return (str){ out, n };
}

/* What clients have seen the live service answer for these, whatever was wrong with the value. */
static bool is_told_plainly(const char *field)
{
    static const char *const fields[] = { "expire_sec", "file_id_list", "to_parent_file_id", "refresh_token" };
    for (size_t i = 0; field && i < COUNT(fields); i++)
        if (strcmp(field, fields[i]) == 0)
            return true;
    return false;
}

static const char *base_of_invalid(const struct failure *why)
{
    const bool limit = why->field && strcmp(why->field, "limit") == 0;
    if (why->how != HOW_MISSING && is_told_plainly(why->field))
        return "InvalidParameter";
    switch (why->how) {
    case HOW_MISSING:   return "InvalidParameterMissing";
    case HOW_EMPTY:     return "InvalidParameterEmpty";
    case HOW_KIND:      return limit ? "InvalidParameterOutOfRange" : "InvalidParameterWrongFormat";
    case HOW_TOO_SMALL:
    case HOW_TOO_LARGE: return "InvalidParameterOutOfRange";
    case HOW_EXPIRED:   return "InvalidParameterExpired";
    case HOW_OTHER:
    case HOW_WORD:
    case HOW_FORM:
    case HOW_REPLAYED:
    case HOW_UNKNOWN:
    case HOW_ENDED:     return "InvalidParameter";
    }
    return "InvalidParameter";
}

static const char *base_of_signature(enum how how)
{
    switch (how) {
    case HOW_EXPIRED:   return "InvalidTimeStamp.Expired";
    case HOW_REPLAYED:  return "SignatureNonceUsed";
    case HOW_UNKNOWN:   return "InvalidAccessKeyId.NotFound";
    case HOW_OTHER:
    case HOW_MISSING:
    case HOW_EMPTY:
    case HOW_KIND:
    case HOW_TOO_SMALL:
    case HOW_TOO_LARGE:
    case HOW_WORD:
    case HOW_FORM:
    case HOW_ENDED:     return "SignatureDoesNotMatch";
    }
    return "SignatureDoesNotMatch";
}

static str suffix_of_thing(enum thing thing)
{
    switch (thing) {
    case THING_DOMAIN: return S("Domain");
    case THING_USER:   return S("User");
    case THING_GROUP:  return S("Group");
    case THING_MEMBER: return S("Membership");
    case THING_DRIVE:  return S("Drive");
    case THING_NODE:   return S("File");
    case THING_REVISION: return S("Revision");
    case THING_PARENT: return S("ParentFileId");
    case THING_UPLOAD: return S("UploadId");
    case THING_TASK:   return S("AsyncTask");

    case THING_SHARE:  return S("ShareLink");
    case THING_NONE:
    case THING_APP:
    case THING_PART:
    case THING_SHARED_FOLDER:
    case THING_CURSOR:
    case THING_LINK:   return S0;
    }
    return S0;
}

/* What they call the thing inside a message. */
static const char *name_of_thing(enum thing thing)
{
    switch (thing) {
    case THING_DOMAIN: return "domain";
    case THING_USER:   return "user";
    case THING_GROUP:  return "group";
    case THING_MEMBER: return "membership";
    case THING_DRIVE:  return "drive";
    case THING_UPLOAD: return "upload";
    case THING_TASK:   return "async task";

    case THING_SHARE:  return "share_link";
    case THING_REVISION: return "revision";
    case THING_NODE:
    case THING_PARENT: return "file";
    case THING_NONE:
    case THING_APP:
    case THING_PART:
    case THING_SHARED_FOLDER:
    case THING_CURSOR:
    case THING_LINK:   return "of the request";
    }
    return "of the request";
}

/* The digests and sizes of upload_complete are the core's words; these are the page's. */
static str suffix_of_mismatch(const char *field)
{
    if (field && (strcmp(field, "sha1") == 0 || strcmp(field, "sha256") == 0))
        return S("ContentHash");
    if (field && strcmp(field, "crc64") == 0)
        return S("Crc64Hash");
    return S("Size");
}

/* A plain user at an administrators' door is refused without a thing, one at a drive with it. */
static str suffix_of_forbidden(enum thing thing)
{
    return thing == THING_PARENT ? S("File") : suffix_of_thing(thing);
}

/* What became of a share. Its own limits have no code on their pages: it then gives no more. */
static str suffix_of_share(enum how how)
{
    return how == HOW_ENDED ? S("Cancelled") : how == HOW_EXPIRED ? S("Expired") : S("Forbidden");
}

static struct answer answer_of_share(const struct failure *why)
{
    if (why->code == FAULT_UNAUTHENTICATED)
        return (struct answer){ 401, "ShareLinkTokenInvalid", S0,
                                why->how == HOW_EXPIRED ? "ShareLinkToken is invalid. expired."
                                                        : "ShareLinkToken is invalid." };
    if (why->code == FAULT_FORBIDDEN)
        return (struct answer){ 403, "ShareLink", suffix_of_share(why->how), NULL };
    return (struct answer){ 400, "InvalidResource", S("SharePwd"), "The share password is wrong." };
}

static const char unknown_error[] = "The request has been failed due to some unknown error.";

static struct answer answer_of(struct cx *cx)
{
    const struct failure *why = &cx->why;
    const str field = in_capitals(cx->arena, why->field);
    const str thing = suffix_of_thing(why->thing);
    if (why->thing == THING_SHARE
        && (why->code == FAULT_UNAUTHENTICATED || why->code == FAULT_FORBIDDEN || why->code == FAULT_INVALID))
        return answer_of_share(why);
    switch (why->code) {
    case OK:
    case FAULT_COUNT:
    case FAULT_INTERNAL:
        return (struct answer){ 500, "InternalError", S0, unknown_error };
    case FAULT_INVALID:
        return (struct answer){ 400, base_of_invalid(why), field, NULL };
    case FAULT_BAD_BODY:
        return (struct answer){ 400, "InvalidRequestJSONFormat", S0, "The request body is not valid JSON." };
    case FAULT_TOO_LARGE:
        if (why->thing == THING_TASK)
            return (struct answer){ 400, "InvalidParameterOutOfRange", S("FileIds"),
                                    "That are more files, or more bytes, than can be packed." };
        return (struct answer){ 413, "InvalidParameterOutOfRange", S0, "The request body is too large." };
    case FAULT_NO_ROUTE: /* see no_route */
        return (struct answer){ 404, "I404NF", S0, "API not found." };
    /* Every client refreshes on this code, not every one on AccessTokenExpired; the words tell which. */
    case FAULT_UNAUTHENTICATED:
        return (struct answer){ 401, "AccessTokenInvalid", S0,
                                why->how == HOW_EXPIRED ? "AccessToken is invalid. expired."
                                                        : "AccessToken is invalid." };
    case FAULT_BAD_SIGNATURE:
        return (struct answer){ 403, base_of_signature(why->how), S0, "The request's signature was not accepted." };
    case FAULT_FORBIDDEN:
        if (why->field == pds_scope_field)
            return (struct answer){ 403, "CheckRouterAccessFailed", S0, "The token may not call this API." };
        return (struct answer){ 403, "ForbiddenNoPermission", suffix_of_forbidden(why->thing), NULL };
    case FAULT_DISABLED:
        return (struct answer){ 403, "ForbiddenNoPermission", S("Drive"), NULL };
    case FAULT_NOT_FOUND:
        return (struct answer){ 404, "NotFound", thing, NULL };
    case FAULT_EXISTS:
        return (struct answer){ 409, "AlreadyExist", why->thing == THING_PARENT ? S("File") : thing, NULL };
    case FAULT_CONFLICT:
        if (why->thing == THING_REVISION)
            return (struct answer){ 400, "FileLatestRevisionCannotBeRestore", S0,
                                    "The latest revision of the file can be neither restored nor deleted." };
        return (struct answer){ 409, "StateConflict", S0, "The operation is not valid in the current state." };
    case FAULT_NOT_TRASHED:
        return (struct answer){ 409, "StateConflict", S0, "The file is not in the recycle bin." };
    case FAULT_TRASHED:
        return (struct answer){ 403, "ForbiddenFileInTheRecycleBin", S0, "The file is in the recycle bin." };
    case FAULT_IS_FOLDER:
        return (struct answer){ 400, "InvalidResource", S("FileTypeFolder"), "The operation is for files." };
    case FAULT_NOT_FOLDER:
    case FAULT_TOO_DEEP:
        if (why->field && strcmp(why->field, "to_parent_file_id") == 0)
            return (struct answer){ 400, "InvalidParameter", S("ToParentFileId"),
                                    "The input parameter to_parent_file_id is not valid." };
        return (struct answer){ 400, "InvalidParameter", S("ParentFileId"),
                                "The input parameter parent_file_id is not valid." };
    case FAULT_QUOTA:
        if (why->thing == THING_USER)
            return (struct answer){ 403, "QuotaExhausted", S("User"), "The resource user has exceeded the limit." };
        return (struct answer){ 403, "QuotaExhausted", S("Drive"),
                                "The resource drive has exceeded the limit. File size exceeded drive capacity." };
    case FAULT_INCOMPLETE:
        return (struct answer){ 400, "InvalidParameter", S("PartInfoList"),
                                "The input parameter part_info_list is not valid." };
    case FAULT_MISMATCH:
        return (struct answer){ 400, "InvalidParameter", suffix_of_mismatch(why->field), NULL };
    case FAULT_MAYBE_HERE:
        return (struct answer){ 409, "PreHashMatched", S0, "Pre hash matched." };
    case FAULT_THROTTLED:
        return (struct answer){ 429, "TooManyRequests", S0, "Too many requests." };
    case FAULT_UNSUPPORTED:
        return (struct answer){ 400, "OperationNotSupport", S0, "The operation is not supported." };
    case FAULT_UNAVAILABLE:
        return (struct answer){ 503, "ServiceUnavailable", S0,
                                "The request has failed due to a temporary failure." };
    }
    return (struct answer){ 500, "InternalError", S0, unknown_error };
}

/* Their templates: what was wrong, in their words, before ours say where the bound is and what came. */
static str opening(struct cx *cx, const struct answer *answer)
{
    const struct failure *why = &cx->why;
    const char *thing = name_of_thing(why->thing);
    if (answer->words)
        return str_of(answer->words);
    if (why->code == FAULT_NOT_FOUND)
        return arena_print(cx->arena, "The resource %s cannot be found.", thing);
    if (why->code == FAULT_EXISTS && why->thing == THING_NODE)
        return arena_print(cx->arena, "The resource file has already exists. drive has the same file, "
                                      "file_id %lld.", (long long)why->other);
    if (why->code == FAULT_EXISTS)
        return arena_print(cx->arena, "The resource %s has already exists.", thing);
    if (why->code == FAULT_FORBIDDEN && why->thing == THING_NONE)
        return S("No Permission to access resource.");
    if (why->code == FAULT_FORBIDDEN || why->code == FAULT_DISABLED)
        return arena_print(cx->arena, "No Permission to access resource %s.", thing);
    if (!why->field)
        return S("The input parameter is not valid.");
    return arena_print(cx->arena, "The input parameter %s is not valid.", why->field);
}

/* An unknown path or a wrong method is refused by the vendor's gateway: headers and no body. These
 * headers never stand on a success: old SDKs raise on sight of them. */
static void no_route(const struct answer *answer, struct reply *reply)
{
    reply_header(reply, "x-ca-error-code", str_of(answer->base));
    reply_header(reply, "x-ca-error-message", str_of(answer->words));
}

static str code_of(struct cx *cx, const struct answer *answer)
{
    return arena_print(cx->arena, "%s%s%.*s", answer->base, answer->suffix.n ? "." : "", STR_ARG(answer->suffix));
}

void pds_error_of(struct cx *cx, const struct failure *why, str *code, str *message)
{
    const struct failure before = cx->why;
    cx->why = *why;
    const struct answer answer = answer_of(cx);
    *code = code_of(cx, &answer);
    *message = opening(cx, &answer);
    cx->why = before;
}

void pds_refuse(struct call *call, struct reply *reply)
{
    struct cx          *cx = call->cx;
    const struct answer answer = answer_of(cx);
    reply->status = answer.status;
    if (cx->why.code == FAULT_NO_ROUTE) {
        no_route(&answer, reply);
        return;
    }
    const str complaint = cx->why.code == FAULT_INTERNAL ? S0 : contract_complaint(cx);
    const str start = opening(cx, &answer);
    const str code = code_of(cx, &answer);
    const str message = arena_print(cx->arena, "%.*s%s%.*s", STR_ARG(start), complaint.n ? " " : "", STR_ARG(complaint));
    if (pds_answers_page(call)) {
        reply_header(reply, "Content-Security-Policy", consent_policy(cx, S0));
        consent_error_page(code, message, &reply->body);
        return;
    }
    text_add(&reply->body, S("{\"code\":"));
    text_json(&reply->body, code);
    text_add(&reply->body, S(",\"message\":"));
    text_json(&reply->body, message);
    text_char(&reply->body, '}');
}

/* ---- for OpenAPI ---- */

struct error_body {
    str code, message;
};

static const struct field error_rows[] = {
    { "code", BODY, AT(struct error_body, code), .required = true },
    { "message", BODY, AT(struct error_body, message), .required = true },
    { 0 }
};
const struct shape pds_error_shape = { "Error", error_rows, sizeof(struct error_body) };
