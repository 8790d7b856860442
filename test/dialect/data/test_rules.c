/* Each vendor's error for what goes wrong at the upload and download endpoints. */
#include "test.h"

#include "dialect/data/rules.h"
#include "drive/link.h"

static const int dialects[] = { LINK_PDS, LINK_DINGTALK, LINK_KOODRIVE };

static void check_error(int dialect, struct failure why, int status, const char *code)
{
    const struct data_error error = data_error_of(data_rules_of(dialect), &why);
    CHECK_CASE(code, error.status == status);
    CHECK_CASE(code, strcmp(error.code, code) == 0);
}

TEST(data_rules, an_expired_url_is_told_in_the_vendors_words)
{
    const struct failure expired = { .code = FAULT_BAD_SIGNATURE, .how = HOW_EXPIRED };
    check_error(LINK_PDS, expired, 403, "AccessDenied");
    check_error(LINK_DINGTALK, expired, 403, "RequestTimeTooSkewed");
    check_error(LINK_KOODRIVE, expired, 403, "AccessDenied");
    /* The word that PDS clients look for. */
    CHECK(strstr(data_error_of(data_rules_of(LINK_PDS), &expired).message, "expired"));
}

TEST(data_rules, an_altered_url_is_refused)
{
    const struct failure altered = { .code = FAULT_BAD_SIGNATURE };
    check_error(LINK_PDS, altered, 403, "SignatureDoesNotMatch");
    check_error(LINK_DINGTALK, altered, 403, "SignatureDoesNotMatch");
    check_error(LINK_KOODRIVE, altered, 403, "AccessDenied");
    check_error(0, altered, 403, "SignatureDoesNotMatch");
    check_error(99, altered, 403, "SignatureDoesNotMatch");
}

TEST(data_rules, the_details_of_a_fault_choose_the_code)
{
    check_error(LINK_PDS, (struct failure){ .code = FAULT_NOT_FOUND, .thing = THING_UPLOAD }, 404,
                "NoSuchUpload");
    check_error(LINK_PDS, (struct failure){ .code = FAULT_NOT_FOUND, .thing = THING_NODE }, 404,
                "NoSuchKey");
    check_error(LINK_PDS, (struct failure){ .code = FAULT_INVALID, .field = "size" }, 400,
                "EntityTooLarge");
    check_error(LINK_PDS, (struct failure){ .code = FAULT_INVALID, .field = "Range" }, 416,
                "InvalidRange");
    check_error(LINK_PDS, (struct failure){ .code = FAULT_INVALID, .field = "Content-MD5" }, 400,
                "InvalidDigest");
    check_error(LINK_PDS, (struct failure){ .code = FAULT_INVALID }, 400, "InvalidArgument");
    check_error(LINK_PDS, (struct failure){ .code = FAULT_MISMATCH }, 400, "InvalidDigest");
    check_error(LINK_PDS, (struct failure){ .code = FAULT_CONFLICT, .field = "If-Match" }, 412,
                "PreconditionFailed");
    check_error(LINK_PDS, (struct failure){ .code = FAULT_CONFLICT }, 409, "OperationAborted");
}

TEST(data_rules, every_fault_has_an_error_in_every_dialect)
{
    for (size_t d = 0; d < COUNT(dialects); d++)
        for (int fault = OK + 1; fault < FAULT_COUNT; fault++) {
            const struct failure    why = { .code = (enum fault)fault };
            const struct data_error error = data_error_of(data_rules_of(dialects[d]), &why);
            CHECK_CASE(fault_name(why.code), error.status >= 400 && error.status < 600);
            CHECK_CASE(fault_name(why.code),
                       error.code && *error.code && error.message && *error.message);
            CHECK_CASE(fault_name(why.code), (error.status == 500) == (fault == FAULT_INTERNAL));
        }
}

TEST_MAIN
