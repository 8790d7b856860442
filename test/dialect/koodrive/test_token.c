/* The forms of a token in the Authorization header. */
#include "test.h"

#include "dialect/koodrive/token.h"

#define TOKEN "0123456789abcdef0123456789abcdef0123456789abcdef"

TEST(koodrive_token, is_read_from_every_form_of_the_pages)
{
    static const struct {
        const char *header;
        bool        lenient;
    } cases[] = {
        { "Bearer " TOKEN, false },
        { "Bearer+" TOKEN, false },
        { "AT " TOKEN, false },
        { "AT+" TOKEN, false },
        { "bearer " TOKEN, false },
        { "at+" TOKEN, false },
        { " Bearer " TOKEN " ", false },
        { "Bearer  " TOKEN, true },
        { "Bearer+ " TOKEN, true },
        { "Bearer++" TOKEN, true },
        { "Bearer%20" TOKEN, true },
        { "Bearer%2B" TOKEN, true },
        { "AT%2b" TOKEN, true },
        { "Bearer +AT " TOKEN, true },
        { "Bearer+AT " TOKEN, true },
        { "Bearer+AT+" TOKEN, true },
        { "Bearer Bearer+" TOKEN, true },
        { "AT AT AT " TOKEN, true },
        { TOKEN, true },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct koodrive_token got = koodrive_read_token(str_of(cases[i].header));
        CHECK_CASE(cases[i].header, str_eq(got.token, S(TOKEN)));
        CHECK_CASE(cases[i].header, (got.lenient != NULL) == cases[i].lenient);
    }
}

TEST(koodrive_token, is_never_decoded_itself)
{
    CHECK(str_eq(koodrive_read_token(S("Bearer a+b%20c")).token, S("a+b%20c")));
    CHECK(str_eq(koodrive_read_token(S("BearerX" TOKEN)).token, S("BearerX" TOKEN)));
    CHECK(str_eq(koodrive_read_token(S("ATX" TOKEN)).token, S("ATX" TOKEN)));
}

TEST(koodrive_token, is_empty_where_there_is_none)
{
    CHECK(koodrive_read_token(S("")).token.n == 0);
    CHECK(koodrive_read_token(S("   ")).token.n == 0);
    CHECK(koodrive_read_token(S("Bearer+")).token.n == 0);
    CHECK(koodrive_read_token(S("Bearer%2")).token.n == 8);
}

TEST_MAIN
