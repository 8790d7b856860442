/* The app signature against values made by two other implementations of the same text. */
#include "test.h"

#include "base/arena.h"
#include "base/encode.h"
#include "base/hash.h"
#include "dialect/koodrive/signature.h"

static str header(const void *arg, str name)
{
    (void)arg;
    if (str_eq(name, S("host")))
        return S("drive.example.test");
    if (str_eq(name, S("x-date")))
        return S("  20260501T080000Z ");
    if (str_eq(name, S("x-user-id")))
        return S("4503599627370501");
    return S0;
}

static const str signed_headers = { "host;x-date;x-user-id", 21 };
static const str secret = { "s3cr3t-for-tests", 16 };

static struct koodrive_signed listing(str query)
{
    return (struct koodrive_signed){ .method = S("GET"), .path = S("/koodrive/ose/v1/sharefolder/list"),
                                     .query = query, .header = header };
}

TEST(koodrive_signature, is_the_known_one_of_a_query)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const struct koodrive_signed request = listing(S("offset=0&limit=100&queryType=0&keyWord=%E5%AE%B6%20a%2Bb"));
    const str canonical = koodrive_canonical(a, &request, signed_headers);
    CHECK(str_find_str(canonical, S("\nkeyWord=%E5%AE%B6%20a%2Bb&limit=100&offset=0&queryType=0\n"), 0) < canonical.n);
    CHECK(str_eq(hex_lower(a, sha256(a, canonical)),
                 S("e37174f01a08791f61331dc78d9c3e6f4cfd22c72b7c8b76e0104d6feeabc930")));
    CHECK(str_eq(koodrive_sign(a, secret, canonical),
                 S("86bc286b96dbf0391ff58b753e9dbf5b1ffc66a673a0df59312a5dad89755df7")));
}

TEST(koodrive_signature, is_the_known_one_of_a_body)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const struct koodrive_signed request = {
        .method = S("POST"), .path = S("/koodrive/ose/v1/files/0"), .query = S0, .header = header,
        .body = S("{\"containerId\":\"IAA1\",\"parentFileId\":\"root\"}"),
    };
    const str canonical = koodrive_canonical(a, &request, signed_headers);
    CHECK(str_eq(str_from(canonical, canonical.n - 64),
                 S("e8fa2c4f356f2adcc01cd5d805b4649b06977f7a65190f39d8ffdd41c0ff36dc")));
    CHECK(str_eq(koodrive_sign(a, secret, canonical),
                 S("2c3826a6b1c23ec5ed260ad9ca7a24f97c81adcdbeeb853b1488a5bb28a5725a")));
}

TEST(koodrive_signature, does_not_depend_on_how_the_same_request_is_spelled)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const struct koodrive_signed plain = listing(S("limit=100&keyWord=%E5%AE%B6%20a%2Bb&offset="));
    const str want = koodrive_canonical(a, &plain, signed_headers);
    static const char *const queries[] = {
        "keyWord=%e5%ae%b6+a%2bb&limit=100&offset=", "offset&limit=%31%30%30&keyWord=%E5%AE%B6%20a%2Bb", "&offset=&&limit=100&keyWord=%E5%AE%B6+a%2Bb",
    };
    for (size_t i = 0; i < COUNT(queries); i++) {
        const struct koodrive_signed other = listing(str_of(queries[i]));
        CHECK_CASE(queries[i], str_eq(koodrive_canonical(a, &other, signed_headers), want));
    }
    struct koodrive_signed slash = plain;
    slash.path = S("/koodrive/ose/v1/%73harefolder/list/");
    CHECK(str_eq(koodrive_canonical(a, &slash, signed_headers), want));
}

TEST(koodrive_signature, sorts_capitals_first_and_keeps_an_empty_value)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const struct koodrive_signed request = listing(S("b=&a=2&B=%7E-_.&a=1"));
    const str canonical = koodrive_canonical(a, &request, signed_headers);
    CHECK(str_find_str(canonical, S("\nB=~-_.&a=1&a=2&b=\n"), 0) < canonical.n);
}

TEST(koodrive_signature, has_nothing_to_sign_without_a_named_header_or_with_a_broken_escape)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const struct koodrive_signed plain = listing(S("a=1")), broken = listing(S("a=%4"));
    CHECK(!koodrive_canonical(a, &plain, S("host;x-date;x-other;x-user-id")).p);
    CHECK(!koodrive_canonical(a, &broken, signed_headers).p);
}

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

TEST(koodrive_signature, reads_the_header_of_the_page)
{
    struct koodrive_signature s;
    CHECK(koodrive_read_signature(S("HMAC-SHA256 AppId=k1,SignedHeaders=host;x-date;x-user-id,Signature=" HEX64), &s));
    CHECK(str_eq(s.app_id, S("k1")) && str_eq(s.signed_headers, signed_headers) && str_eq(s.signature, S(HEX64)));
}

TEST(koodrive_signature, refuses_other_forms_of_the_header)
{
    static const char *const cases[] = {
        "HMAC-SHA256",
        "HMAC-SHA256 ",
        "HMAC-SHA256 AppId=k1",
        "hmac-sha256 AppId=k1,SignedHeaders=x-date;x-user-id,Signature=" HEX64,
        "HMAC-SHA256  AppId=k1,SignedHeaders=x-date;x-user-id,Signature=" HEX64,
        "HMAC-SHA256 AppId=k1, SignedHeaders=x-date;x-user-id, Signature=" HEX64,
        "HMAC-SHA256 SignedHeaders=x-date;x-user-id,AppId=k1,Signature=" HEX64,
        "HMAC-SHA256 AppId=,SignedHeaders=x-date;x-user-id,Signature=" HEX64,
        "HMAC-SHA256 AppId=k1,SignedHeaders=,Signature=" HEX64,
        "HMAC-SHA256 AppId=k1,SignedHeaders=x-date,Signature=" HEX64,
        "HMAC-SHA256 AppId=k1,SignedHeaders=x-user-id;host,Signature=" HEX64,
        "HMAC-SHA256 AppId=k1,SignedHeaders=x-date;x-user-id;,Signature=" HEX64,
        "HMAC-SHA256 AppId=k1,SignedHeaders=;x-date;x-user-id,Signature=" HEX64,
        "HMAC-SHA256 AppId=k1,SignedHeaders=x-date;x-date;x-user-id,Signature=" HEX64,
        "HMAC-SHA256 AppId=k1,SignedHeaders=X-Date;X-User-Id,Signature=" HEX64,
        "HMAC-SHA256 AppId=k1,SignedHeaders=authorization;x-date;x-user-id,Signature=" HEX64,
        "HMAC-SHA256 AppId=k1,SignedHeaders=x-date;x-user-id,Signature=" HEX64 "0",
        "HMAC-SHA256 AppId=k1,SignedHeaders=x-date;x-user-id,Signature=abc",
        "HMAC-SHA256 AppId=k1,SignedHeaders=x-date;x-user-id,Signature=" HEX64 ",More=1",
        "Bearer HMAC-SHA256",
        "",
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct koodrive_signature s;
        CHECK_CASE(cases[i], !koodrive_read_signature(str_of(cases[i]), &s));
    }
}

TEST_MAIN
