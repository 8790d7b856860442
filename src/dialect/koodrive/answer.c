/* dialect/koodrive/answer.c: their error for each of our faults.
 *
 * Both error forms of the pages go out in one object: {code, msg} of the general page and the `error`
 * object of files/{type}, so that a client of either finds its fields. Statuses are 400 for all that is
 * the request's fault, 401 for a credential, 500 for ours; 404 only for a path that is nothing.
 * Source: "Status Codes" and "Error Codes" appendices; Listing Files, response 400 */
#include "dialect/koodrive/inner.h"

enum condition {
    BAD_PARAMETER, BAD_BODY, NAME_TOO_LONG, NO_ROUTE, NOT_SIGNED_IN, BAD_SIGNATURE, NO_PERMISSION,
    TOO_MANY_TRIES, NO_SPACE, SPACE_OFF, OUT_OF_ROOM, NO_FILE, NO_UPLOAD, NO_USER, NO_SHARED_FOLDER,
    OUTSIDE, IN_BIN, TARGET_IN_BIN, UPLOAD_IN_BIN, NOT_IN_BIN, BAD_TARGET, NOT_FOR_FOLDERS, NAME_TAKEN,
    BAD_STATE, ALREADY_THERE, NESTED, TOO_DEEP, INCOMPLETE, MISMATCH, NOT_IMPLEMENTED, BUSY, INTERNAL, CONDITION_COUNT
};

/* Where no code of theirs fits: 13000102 for bad input, 13000309 not found, 13000410 no permission. */
static const struct {
    int         status, code;
    const char *reason, *en, *zh;
} meanings[CONDITION_COUNT] = {
    [BAD_PARAMETER]    = { 400, 13000102, "parameterInvalid", "Parameter check failed.", "参数校验失败。" },
    [BAD_BODY]         = { 400, 13000102, "bodyInvalid", "The request body cannot be read.", "请求体无法解析。" },
    [NAME_TOO_LONG]    = { 400, 13000417, "nameTooLong", "The name is too long.", "名称过长。" },
    [NO_ROUTE]         = { 404, 13000309, "noSuchApi", "There is no such operation.", "接口不存在。" },
    [NOT_SIGNED_IN]    = { 401, 13000410, "unauthorized", "Authentication failed.", "认证失败。" },
    [BAD_SIGNATURE]    = { 401, 13000410, "signatureInvalid", "The signature is not valid.", "签名无效。" },
    [NO_PERMISSION]    = { 400, 13000410, "noPermission", "No permission on this space.", "没有该空间的权限。" },
    [TOO_MANY_TRIES]   = { 400, 13000410, "tooManyTries", "Too many attempts. Try again later.", "尝试次数过多，请稍后再试。" },
    [NO_SPACE]         = { 400, 13000301, "spaceNotFound", "The space does not exist.", "空间不存在。" },
    [SPACE_OFF]        = { 400, 13000412, "spaceNotActive", "The space is not active.", "空间未激活。" },
    [OUT_OF_ROOM]      = { 400, 13000311, "spaceInsufficient", "The space has no room for this.", "空间不足。" },
    [NO_FILE]          = { 400, 13000309, "fileNotFound", "The file or folder does not exist.", "文件或目录不存在。" },
    [NO_UPLOAD]        = { 400, 13000401, "uploadNotFound", "The upload task does not exist.", "上传任务不存在。" },
    [NO_USER]          = { 400, 13000309, "userNotFound", "The user does not exist.", "用户不存在。" },
    [NO_SHARED_FOLDER] = { 400, 13000309, "shareFolderNotFound", "The shared folder does not exist.", "共享文件夹不存在。" },
    [OUTSIDE]          = { 400, 13000411, "fileOutside", "The file is not in this space.", "文件不在该空间内。" },
    [IN_BIN]           = { 400, 13000306, "fileRecycled", "The file is in the recycle bin.", "文件在回收站中。" },
    [TARGET_IN_BIN]    = { 400, 13000305, "targetRecycled", "The target directory is in the recycle bin.", "目标目录在回收站中。" },
    [UPLOAD_IN_BIN]    = { 400, 13000404, "parentRecycled", "The parent directory of the upload is in the recycle bin.", "上传的父目录在回收站中。" },
    [NOT_IN_BIN]       = { 400, 13000303, "fileNotRecycled", "The file is not in the recycle bin.", "文件不在回收站中。" },
    [BAD_TARGET]       = { 400, 13000304, "targetNotFolder", "The target is not a directory.", "目标不是目录。" },
    [NOT_FOR_FOLDERS]  = { 400, 13000406, "wrongFileKind", "The operation is not possible on this kind of file.", "该类型的文件不支持此操作。" },
    [NAME_TAKEN]       = { 400, 13000405, "nameConflict", "The file name is in use.", "文件名重复。" },
    [BAD_STATE]        = { 400, 13000403, "stateConflict", "The state does not allow this.", "当前状态不允许此操作。" },
    [ALREADY_THERE]    = { 400, 13000312, "alreadyInTarget", "The file is already in the target folder.", "文件已在目标目录中。" },
    [NESTED]           = { 400, 13000307, "directoriesNested", "A folder cannot be put into itself or below.", "目录不能嵌套到自身或其子目录。" },
    [TOO_DEEP]         = { 400, 13000310, "tooManyLevels", "Too many levels of directories.", "目录层级过多。" },
    [INCOMPLETE]       = { 400, 13000402, "uploadIncomplete", "Parts of the upload are missing.", "上传分片不完整。" },
    [MISMATCH]         = { 400, 13000402, "integrityCheckFailed", "Size or digest of the upload is not what was announced.", "完整性校验失败。" },
    [NOT_IMPLEMENTED]  = { 400, 13000102, "notImplemented", "The operation is known, but not implemented by this server.", "该接口暂未实现。" },
    [BUSY]             = { 500, 13000201, "busy", "The server cannot take this now. Try again later.", "服务繁忙，请稍后再试。" },
    [INTERNAL]         = { 500, 13000201, "internal", "Internal server error.", "服务器内部错误。" },
};

/* ---- faults ---- */

static bool is_field(const struct failure *why, const char *name)
{
    return why->field && strcmp(why->field, name) == 0;
}

/* The filter of a list is called fileName too; its bound is 80. */
static enum condition of_invalid(const struct failure *why)
{
    const bool name = (is_field(why, "fileName") && why->max != 80) || is_field(why, "name");
    if (is_field(why, "Authorization"))
        return NOT_SIGNED_IN;
    if (!why->field && why->thing == THING_PARENT)
        return NESTED;
    return name && why->how == HOW_TOO_LARGE ? NAME_TOO_LONG : BAD_PARAMETER;
}

static enum condition of_not_found(enum thing thing)
{
    switch (thing) {
    case THING_DRIVE:         return NO_SPACE;
    case THING_UPLOAD:        return NO_UPLOAD;
    case THING_USER:
    case THING_GROUP:
    case THING_MEMBER:
    case THING_APP:           return NO_USER;
    case THING_SHARED_FOLDER: return NO_SHARED_FOLDER;
    case THING_NONE:
    case THING_DOMAIN:
    case THING_NODE:
    case THING_REVISION:
    case THING_PARENT:
    case THING_PART:
    case THING_CURSOR:
    case THING_LINK:
    case THING_TASK:
    case THING_SHARE:         return NO_FILE;
    }
    return NO_FILE;
}

/* The folder something is to be put into has a code of its own, the folder of an upload another. */
static enum condition of_trashed(enum thing thing)
{
    return thing == THING_PARENT ? TARGET_IN_BIN : thing == THING_UPLOAD ? UPLOAD_IN_BIN : IN_BIN;
}

static enum condition of_conflict(enum thing thing)
{
    return thing == THING_SHARED_FOLDER ? OUTSIDE : thing == THING_PARENT ? ALREADY_THERE : BAD_STATE;
}

static enum condition condition_of(const struct failure *why)
{
    switch (why->code) {
    case FAULT_INVALID:         return of_invalid(why);
    case FAULT_BAD_BODY:
    case FAULT_TOO_LARGE:       return BAD_BODY;
    case FAULT_NO_ROUTE:        return NO_ROUTE;
    case FAULT_UNAUTHENTICATED: return NOT_SIGNED_IN;
    case FAULT_BAD_SIGNATURE:   return BAD_SIGNATURE;
    case FAULT_FORBIDDEN:       return NO_PERMISSION;
    case FAULT_NOT_FOUND:       return of_not_found(why->thing);
    case FAULT_EXISTS:          return NAME_TAKEN;
    case FAULT_CONFLICT:        return of_conflict(why->thing);
    case FAULT_TRASHED:         return of_trashed(why->thing);
    case FAULT_NOT_TRASHED:     return NOT_IN_BIN;
    case FAULT_IS_FOLDER:       return NOT_FOR_FOLDERS;
    case FAULT_NOT_FOLDER:      return why->thing == THING_NODE ? NOT_FOR_FOLDERS : BAD_TARGET;
    case FAULT_DISABLED:        return why->thing == THING_USER ? NOT_SIGNED_IN : SPACE_OFF;
    case FAULT_QUOTA:           return OUT_OF_ROOM;
    case FAULT_TOO_DEEP:        return TOO_DEEP;
    case FAULT_INCOMPLETE:      return INCOMPLETE;
    case FAULT_MISMATCH:
    case FAULT_MAYBE_HERE:      return MISMATCH;
    case FAULT_THROTTLED:       return TOO_MANY_TRIES;
    case FAULT_UNSUPPORTED:     return NOT_IMPLEMENTED;
    case FAULT_UNAVAILABLE:     return BUSY;
    case OK:
    case FAULT_COUNT:
    case FAULT_INTERNAL:        return INTERNAL;
    }
    return INTERNAL;
}

/* ---- words ---- */

/* zh-CN, zh_cn, zh: any case, '-' or '_'; every other tag is English. */
bool koodrive_speaks_chinese(str language)
{
    const str tag = str_trim(language);
    return tag.n >= 2 && str_eq_ascii_case(str_cut(tag, 2), S("zh"))
           && (tag.n == 2 || tag.p[2] == '-' || tag.p[2] == '_');
}

/* What a person needs besides the sentence: the field and its bounds, or why. */
static str detail_of(const struct cx *cx, const struct failure *why)
{
    if ((why->code == FAULT_INVALID && why->field) || why->code == FAULT_BAD_BODY)
        return contract_complaint(cx);
    if (why->code == FAULT_TOO_LARGE)
        return arena_print(cx->arena, "at most %lld bytes", (long long)why->max);
    if (why->code == FAULT_INTERNAL)
        return S0;
    return str_of(why->because);
}

struct koodrive_meaning koodrive_meaning_of(const struct cx *cx, const struct failure *why, bool zh)
{
    const enum condition is = condition_of(why);
    const char *text = zh ? meanings[is].zh : meanings[is].en;
    const str   detail = detail_of(cx, why);
    if (detail.n)
        text = arena_z(cx->arena, arena_print(cx->arena, "%s%s%.*s", text, zh ? "" : " ", STR_ARG(detail)));
    return (struct koodrive_meaning){ meanings[is].status, meanings[is].code, meanings[is].reason, text };
}

/* ---- the body ---- */

struct error_detail {
    str domain, reason, code, description, pos, param;
};
static const struct field detail_rows[] = {
    { "domain",      BODY, AT(struct error_detail, domain) },
    { "reason",      BODY, AT(struct error_detail, reason) },
    { "errorCode",   BODY, AT(struct error_detail, code) },
    { "description", BODY, AT(struct error_detail, description) },
    { "errorPos",    BODY, AT(struct error_detail, pos), .omit = true, .doc = "body, query, path or header" },
    { "errorParam",  BODY, AT(struct error_detail, param), .omit = true, .doc = "the field's name" },
    { 0 }
};
static const struct shape detail_shape = { "ErrorDetail", detail_rows, sizeof(struct error_detail) };

struct error_data {
    id conflict;
};
static const struct field data_rows[] = {
    { "conflictFileId", BODY, AT(struct error_data, conflict), .omit = true }, { 0 }
};
static const struct shape data_shape = { "ErrorData", data_rows, sizeof(struct error_data) };

struct error_object {
    int               status;
    str               description;
    struct error_data data;
    struct list       details;
};
static const struct field error_rows[] = {
    { "code",        BODY, AT(struct error_object, status), .doc = "the HTTP status" },
    { "description", BODY, AT(struct error_object, description) },
    { "errorData",   BODY, WITHIN(struct error_object, data), .shape = &data_shape, .omit = true },
    { "errorDetail", BODY, AT(struct error_object, details), .shape = &detail_shape },
    { 0 }
};
static const struct shape error_object_shape = { "ErrorObject", error_rows, sizeof(struct error_object) };

struct refusal {
    int                 code;
    str                 msg;
    struct error_object error;
};
static const struct field refusal_rows[] = {
    { "code",  BODY, AT(struct refusal, code) },
    { "msg",   BODY, AT(struct refusal, msg) },
    { "error", BODY, WITHIN(struct refusal, error), .shape = &error_object_shape },
    { 0 }
};
const struct shape koodrive_error_shape = { "Error", refusal_rows, sizeof(struct refusal) };

static str phrase_of(int status)
{
    switch (status) {
    case 400: return S("Bad Request");
    case 401: return S("Unauthorized");
    case 404: return S("Not Found");
    default:  return S("Internal Server Error");
    }
}

static const char *place_of(enum from from)
{
    switch (from) {
    case BODY:   return "body";
    case QUERY:  return "query";
    case PATH:   return "path";
    case HEADER: return "header";
    }
    return NULL;
}

/* Where a field of this name stands; those inside objects and lists are in the body. */
static str position_of(const struct op *op, const char *field)
{
    for (const struct field *f = op ? op->in : NULL; f && f->name; f++)
        if (strcmp(f->name, field) == 0)
            return str_of(place_of(f->from));
    return strcmp(field, "Authorization") == 0 ? S("header") : S("body");
}

void koodrive_refuse(struct call *call, struct reply *reply)
{
    struct cx *cx = call->cx;
    const struct failure why = cx->why;
    const bool zh = koodrive_speaks_chinese(http_header(call->http, "language"));
    const struct koodrive_meaning meaning = koodrive_meaning_of(cx, &why, zh);
    struct error_detail detail = {
        .domain = S("koodrive"),
        .reason = str_of(meaning.reason),
        .code = arena_print(cx->arena, "%d", meaning.code),
        .description = str_of(meaning.text),
    };
    if (why.field && (why.code == FAULT_INVALID || why.code == FAULT_EXISTS)) {
        detail.pos = position_of(call->op, why.field);
        detail.param = str_of(why.field);
    }
    const struct refusal refusal = {
        .code = meaning.code,
        .msg = str_of(meaning.text),
        .error = { .status = meaning.status,
                   .description = phrase_of(meaning.status),
                   .data = { why.code == FAULT_EXISTS ? (id){ why.other } : ID_NONE },
                   .details = { &detail, 1 } },
    };
    reply->status = meaning.status;
    contract_write(refusal_rows, &refusal, NULL, NULL, &reply->body);
}
