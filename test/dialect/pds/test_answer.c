/* Their code and status for each of our faults. */
#include "test.h"

#include "base/cx.h"
#include "base/text.h"
#include "dialect/pds/inner.h"
#include "dialect/pds/pds.h"

static str code_of(struct arena *a, struct failure why, int *status, str *body)
{
    struct cx    cx = { .arena = a, .why = why };
    struct call  call = { .cx = &cx, .dialect = &pds_dialect };
    struct reply reply = { 0 };
    pds_refuse(&call, &reply);
    *status = reply.status;
    *body = arena_copy(a, text_str(&reply.body));
    text_done(&reply.body);
    const str    rest = str_from(*body, strlen("{\"code\":\""));
    return body->n ? str_cut(rest, str_find(rest, '"', 0)) : S("");
}

TEST(pds_refuse, gives_the_vendors_code_and_status)
{
    AUTO(arena_free) struct arena *a = arena_new();
    static const struct {
        struct failure why;
        int            status;
        const char    *code;
    } cases[] = {
        { { .code = FAULT_INVALID, .field = "drive_name", .how = HOW_MISSING }, 400, "InvalidParameterMissing.DriveName" },
        { { .code = FAULT_INVALID, .field = "drive_name", .how = HOW_EMPTY }, 400, "InvalidParameterEmpty.DriveName" },
        { { .code = FAULT_INVALID, .field = "owner_type", .how = HOW_WORD }, 400, "InvalidParameter.OwnerType" },
        { { .code = FAULT_INVALID, .field = "limit", .how = HOW_TOO_LARGE }, 400, "InvalidParameterOutOfRange.Limit" },
        { { .code = FAULT_INVALID, .field = "limit", .how = HOW_TOO_SMALL }, 400, "InvalidParameterOutOfRange.Limit" },
        { { .code = FAULT_INVALID, .field = "limit", .how = HOW_KIND }, 400, "InvalidParameterOutOfRange.Limit" },
        { { .code = FAULT_INVALID, .field = "hidden", .how = HOW_KIND }, 400, "InvalidParameterWrongFormat.Hidden" },
        { { .code = FAULT_INVALID, .field = "marker" }, 400, "InvalidParameter.Marker" },
        { { .code = FAULT_INVALID, .field = "expire_sec", .how = HOW_TOO_LARGE }, 400, "InvalidParameter.ExpireSec" },
        { { .code = FAULT_INVALID, .field = "expire_sec", .how = HOW_KIND }, 400, "InvalidParameter.ExpireSec" },
        { { .code = FAULT_INVALID, .field = "file_id_list", .how = HOW_EMPTY }, 400, "InvalidParameter.FileIdList" },
        { { .code = FAULT_INVALID, .field = "file_id_list", .how = HOW_MISSING }, 400, "InvalidParameterMissing.FileIdList" },
        { { .code = FAULT_INVALID, .field = "to_parent_file_id", .how = HOW_EMPTY }, 400, "InvalidParameter.ToParentFileId" },
        { { .code = FAULT_TOO_LARGE, .thing = THING_TASK }, 400, "InvalidParameterOutOfRange.FileIds" },
        { { .code = FAULT_INVALID }, 400, "InvalidParameter" },
        { { .code = FAULT_BAD_BODY }, 400, "InvalidRequestJSONFormat" },
        { { .code = FAULT_TOO_LARGE }, 413, "InvalidParameterOutOfRange" },
        { { .code = FAULT_UNAUTHENTICATED }, 401, "AccessTokenInvalid" },
        { { .code = FAULT_UNAUTHENTICATED, .how = HOW_EXPIRED }, 401, "AccessTokenInvalid" },
        { { .code = FAULT_BAD_SIGNATURE }, 403, "SignatureDoesNotMatch" },
        { { .code = FAULT_BAD_SIGNATURE, .how = HOW_EXPIRED }, 403, "InvalidTimeStamp.Expired" },
        { { .code = FAULT_BAD_SIGNATURE, .how = HOW_REPLAYED }, 403, "SignatureNonceUsed" },
        { { .code = FAULT_BAD_SIGNATURE, .how = HOW_UNKNOWN }, 403, "InvalidAccessKeyId.NotFound" },
        { { .code = FAULT_FORBIDDEN }, 403, "ForbiddenNoPermission" },
        { { .code = FAULT_FORBIDDEN, .thing = THING_NODE }, 403, "ForbiddenNoPermission.File" },
        { { .code = FAULT_FORBIDDEN, .thing = THING_DRIVE }, 403, "ForbiddenNoPermission.Drive" },
        { { .code = FAULT_NOT_FOUND, .thing = THING_DRIVE }, 404, "NotFound.Drive" },
        { { .code = FAULT_NOT_FOUND, .thing = THING_NODE }, 404, "NotFound.File" },
        { { .code = FAULT_NOT_FOUND, .thing = THING_PARENT }, 404, "NotFound.ParentFileId" },
        { { .code = FAULT_NOT_FOUND, .thing = THING_UPLOAD }, 404, "NotFound.UploadId" },
        { { .code = FAULT_NOT_FOUND, .thing = THING_USER }, 404, "NotFound.User" },
        { { .code = FAULT_NOT_FOUND, .thing = THING_GROUP }, 404, "NotFound.Group" },
        { { .code = FAULT_EXISTS, .thing = THING_NODE, .other = 7 }, 409, "AlreadyExist.File" },
        { { .code = FAULT_EXISTS, .thing = THING_DRIVE }, 409, "AlreadyExist.Drive" },
        { { .code = FAULT_CONFLICT }, 409, "StateConflict" },
        { { .code = FAULT_NOT_TRASHED }, 409, "StateConflict" },
        { { .code = FAULT_TRASHED }, 403, "ForbiddenFileInTheRecycleBin" },
        { { .code = FAULT_IS_FOLDER }, 400, "InvalidResource.FileTypeFolder" },
        { { .code = FAULT_NOT_FOLDER }, 400, "InvalidParameter.ParentFileId" },
        { { .code = FAULT_TOO_DEEP }, 400, "InvalidParameter.ParentFileId" },
        { { .code = FAULT_DISABLED }, 403, "ForbiddenNoPermission.Drive" },
        { { .code = FAULT_QUOTA }, 403, "QuotaExhausted.Drive" },
        { { .code = FAULT_INCOMPLETE }, 400, "InvalidParameter.PartInfoList" },
        { { .code = FAULT_MISMATCH, .field = "sha1" }, 400, "InvalidParameter.ContentHash" },
        { { .code = FAULT_MISMATCH, .field = "crc64" }, 400, "InvalidParameter.Crc64Hash" },
        { { .code = FAULT_MISMATCH, .field = "size" }, 400, "InvalidParameter.Size" },
        { { .code = FAULT_MAYBE_HERE }, 409, "PreHashMatched" },
        { { .code = FAULT_THROTTLED }, 429, "TooManyRequests" },
        { { .code = FAULT_UNSUPPORTED }, 400, "OperationNotSupport" },
        { { .code = FAULT_UNAVAILABLE }, 503, "ServiceUnavailable" },
        { { .code = FAULT_INTERNAL }, 500, "InternalError" },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int status;
        str body;
        const str code = code_of(a, cases[i].why, &status, &body);
        CHECK_CASE(cases[i].code, str_eq(code, str_of(cases[i].code)));
        CHECK_CASE(cases[i].code, status == cases[i].status);
    }
}

TEST(pds_refuse, says_which_file_is_in_the_way)
{
    AUTO(arena_free) struct arena *a = arena_new();
    int status;
    str body;
    (void)code_of(a, (struct failure){ .code = FAULT_EXISTS, .thing = THING_NODE, .other = 42 }, &status, &body);
    CHECK(str_find_str(body, S("file_id 42"), 0) < body.n);
}

TEST(pds_refuse, tells_nothing_of_the_inside)
{
    AUTO(arena_free) struct arena *a = arena_new();
    int status;
    str body;
    (void)code_of(a, (struct failure){ .code = FAULT_INTERNAL, .because = "table node is gone",
                                       .where = "src/store/x.c:1" }, &status, &body);
    CHECK(str_find_str(body, S("node is gone"), 0) == body.n);
    CHECK(str_find_str(body, S("store"), 0) == body.n);
}

TEST(pds_refuse, answers_an_unknown_path_as_the_gateway_does)
{
    AUTO(arena_free) struct arena *a = arena_new();
    struct cx    cx = { .arena = a, .why = { .code = FAULT_NO_ROUTE }, .request_id = S("id") };
    struct call  call = { .cx = &cx, .dialect = &pds_dialect };
    struct reply reply = { 0 };
    bool         code = false, message = false, type = false;
    pds_refuse(&call, &reply);
    pds_dialect.dress(&call, &reply);
    for (size_t i = 0; i < reply.header_count; i++) {
        const str name = str_of(reply.headers[i].name);
        code |= str_eq(name, S("x-ca-error-code")) && str_eq(reply.headers[i].value, S("I404NF"));
        message |= str_eq(name, S("x-ca-error-message")) && reply.headers[i].value.n;
        type |= str_eq(name, S("Content-Type"));
    }
    CHECK(reply.status == 404 && reply.body.n == 0 && code && message && !type);
    text_done(&reply.body);
}

TEST_MAIN
