#include "dialect/data/rules.h"

#include "drive/link.h"

#define EXPIRED_TEXT "Request has expired."
#define ALTERED_TEXT "The signature of this URL does not match the request."

static const struct data_rules rows[] = {
    /* Both official clients ask for a new URL exactly on 403, AccessDenied and the word
     * "expired". */
    { .dialect = LINK_PDS,
      .name = "pds",
      .request_id_header = "x-oss-request-id",
      .crc_header = "x-oss-hash-crc64ecma",
      .expired = { 403, "AccessDenied", EXPIRED_TEXT },
      .altered = { 403, "SignatureDoesNotMatch", ALTERED_TEXT },
      .binds_content_type = true,
      .binds_content_md5 = true },
    { .dialect = LINK_DINGTALK,
      .name = "dingtalk",
      .request_id_header = "x-oss-request-id",
      .crc_header = "x-oss-hash-crc64ecma",
      .expired = { 403, "RequestTimeTooSkewed", EXPIRED_TEXT },
      .altered = { 403, "SignatureDoesNotMatch", ALTERED_TEXT },
      .first_range_only = true },
    { .dialect = LINK_KOODRIVE,
      .name = "koodrive",
      .request_id_header = "x-request-id",
      .expired = { 403, "AccessDenied", EXPIRED_TEXT },
      .altered = { 403, "AccessDenied", ALTERED_TEXT } },
};

const struct data_rules *data_rules_of(int dialect)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].dialect == dialect)
            return &rows[i];
    return &rows[0];
}

static const struct data_error aborted = { 409, "OperationAborted",
                                           "The upload is not in a state that allows this." };

static struct data_error invalid(const struct failure *why)
{
    if (why->field && str_eq_ascii_case(str_of(why->field), S("Content-MD5")))
        return (struct data_error){ 400, "InvalidDigest",
                                    "The Content-MD5 is not one of 16 bytes in base64." };
    if (why->field && str_eq(str_of(why->field), S("Range")))
        return (struct data_error){ 416, "InvalidRange",
                                    "The requested range is not in the file." };
    if (why->field && str_eq(str_of(why->field), S("size")))
        return (struct data_error){ 400, "EntityTooLarge",
                                    "The body is longer than what was announced or is allowed." };
    return (struct data_error){ 400, "InvalidArgument",
                                why->because ? why->because : "An argument is not valid." };
}

static struct data_error not_found(const struct failure *why)
{
    if (why->thing == THING_UPLOAD)
        return (struct data_error){ 404, "NoSuchUpload",
                                    "The upload does not exist, is complete or was aborted." };
    return (struct data_error){ 404, "NoSuchKey", "The file does not exist." };
}

struct data_error data_error_of(const struct data_rules *rules, const struct failure *why)
{
    switch (why->code) {
    case FAULT_BAD_SIGNATURE: return why->how == HOW_EXPIRED ? rules->expired : rules->altered;
    case FAULT_INVALID: return invalid(why);
    case FAULT_BAD_BODY:
        return (struct data_error){ 400, "InvalidArgument", "This request has no body." };
    case FAULT_TOO_LARGE:
        return (struct data_error){ 400, "EntityTooLarge", "The body is longer than allowed." };
    case FAULT_NO_ROUTE:
        return (struct data_error){ 405, "MethodNotAllowed", "The method is not allowed here." };
    case FAULT_UNAUTHENTICATED:
        return (struct data_error){ 403, "AccessDenied",
                                    "Whoever asked for this URL has no access any more." };
    case FAULT_FORBIDDEN:
    case FAULT_DISABLED:
        return (struct data_error){ 403, "AccessDenied", "Access to the file is denied." };
    case FAULT_NOT_FOUND: return not_found(why);
    case FAULT_TRASHED:
    case FAULT_NOT_TRASHED:
    case FAULT_IS_FOLDER:
    case FAULT_NOT_FOLDER:
        return (struct data_error){ 404, "NoSuchKey", "The file does not exist." };
    case FAULT_QUOTA:
        return (struct data_error){ 403, "QuotaExhausted.Drive",
                                    "The drive has no room for this." };
    case FAULT_MISMATCH:
        return (struct data_error){ 400, "InvalidDigest",
                                    "The Content-MD5 is not that of the body received." };
    case FAULT_CONFLICT:
        if (why->field && str_eq(str_of(why->field), S("If-Match")))
            return (struct data_error){ 412, "PreconditionFailed",
                                        "A condition of the request does not hold." };
        return aborted;
    case FAULT_EXISTS:
    case FAULT_INCOMPLETE:
    case FAULT_MAYBE_HERE:
    case FAULT_TOO_DEEP: return aborted;
    case FAULT_UNSUPPORTED:
        return (struct data_error){ 501, "NotImplemented", "This is not implemented." };
    case FAULT_THROTTLED:
    case FAULT_UNAVAILABLE:
        return (struct data_error){ 503, "ServiceUnavailable", "Try again later." };
    case OK:
    case FAULT_COUNT:
    case FAULT_INTERNAL: break;
    }
    return (struct data_error){ 500, "InternalError", "We met an internal error." };
}
