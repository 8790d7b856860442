/* The vectors are requests that the vendor's own clients signed, recorded with their signatures; the
 * secret is always SECRETEXAMPLE. */
#include "test.h"

#include "base/hash.h"
#include "base/encode.h"
#include "dialect/pds/acs.h"

static const str secret = { "SECRETEXAMPLE", 13 };

/* The official OpenAPI SDK for PDS, POST with a body. */
static const struct acs_header create_drive[] = {
    { { "x-acs-version", 13 }, { "2022-03-01", 10 } },
    { { "accept", 6 }, { "application/json", 16 } },
    { { "content-type", 12 }, { "application/json; charset=utf-8", 31 } },
    { { "date", 4 }, { "Sat, 21 Nov 2026 02:05:47 GMT", 29 } },
    { { "x-acs-signature-method", 22 }, { "HMAC-SHA1", 9 } },
    { { "x-acs-action", 12 }, { "CreateDrive", 11 } },
    { { "user-agent", 10 }, { "sdk", 3 } },
    { { "x-acs-signature-nonce", 21 }, { "2f14a20afa2d915dbab64eef80af83de", 32 } },
    { { "x-acs-signature-version", 23 }, { "1.0", 3 } },
};

TEST(pds_acs_v1, signs_what_the_official_sdk_signs)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const struct acs_request request = { .method = S("POST"), .path = S("/v2/drive/create"),
                                         .body = S("{}"), .headers = create_drive,
                                         .header_count = COUNT(create_drive) };
    CHECK(str_eq(acs_v1_text(a, &request, ACS_EMPTY_IS_BARE),
                 S("POST\napplication/json\n\napplication/json; charset=utf-8\nSat, 21 Nov 2026 02:05:47 GMT\n"
                   "x-acs-action:CreateDrive\nx-acs-signature-method:HMAC-SHA1\n"
                   "x-acs-signature-nonce:2f14a20afa2d915dbab64eef80af83de\nx-acs-signature-version:1.0\n"
                   "x-acs-version:2022-03-01\n/v2/drive/create")));
    CHECK(acs_v1_fits(a, &request, secret, S("Cu2+fSAVLyXu5hLyAdEdvcRJdDM=")));
}

/* The generic ROA client: its other headers, a query with a blank, a star and an empty value. */
static const struct acs_header roa_get[] = {
    { { "accept", 6 }, { "application/json", 16 } },
    { { "date", 4 }, { "Sat, 21 Nov 2026 04:34:09 GMT", 29 } },
    { { "host", 4 }, { "127.0.0.1", 9 } },
    { { "x-acs-signature-nonce", 21 }, { "f04374d06d448ba211ac3f1f5cf99d0f", 32 } },
    { { "x-acs-version", 13 }, { "2022-03-01", 10 } },
    { { "x-acs-signature-method", 22 }, { "HMAC-SHA1", 9 } },
    { { "x-acs-signature-version", 23 }, { "1.0", 3 } },
    { { "content-md5", 11 }, { "1B2M2Y8AsgTpgAmY7PhCfg==", 24 } },
};
static const struct acs_header roa_post[] = {
    { { "accept", 6 }, { "application/json", 16 } },
    { { "date", 4 }, { "Sat, 21 Nov 2026 04:34:09 GMT", 29 } },
    { { "x-acs-signature-nonce", 21 }, { "3ed727a70dd0e46417c8513dc96f695f", 32 } },
    { { "x-acs-version", 13 }, { "2022-03-01", 10 } },
    { { "x-acs-signature-method", 22 }, { "HMAC-SHA1", 9 } },
    { { "x-acs-signature-version", 23 }, { "1.0", 3 } },
    { { "content-type", 12 }, { "application/json", 16 } },
    { { "content-md5", 11 }, { "yb9Da8opexUrA9ZAcSshDA==", 24 } },
};

TEST(pds_acs_v1, signs_what_the_generic_roa_client_signs)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const struct acs_request get = { .method = S("GET"), .path = S("/v2/file/download"),
                                     .query = S("drive_id=1&file_id=a%20b*c&empty="), .headers = roa_get,
                                     .header_count = COUNT(roa_get) };
    const struct acs_request post = { .method = S("POST"), .path = S("/v2/drive/get"),
                                      .body = S("{\"drive_id\":\"1\"}"), .headers = roa_post,
                                      .header_count = COUNT(roa_post) };
    CHECK(acs_v1_fits(a, &get, secret, S("Hg6bVcwukoO+lNeUool5F8KxsMs=")));
    CHECK(acs_v1_fits(a, &post, secret, S("ZInJW6Q4erXhNL0+GlvbYGQerCU=")));
}

TEST(pds_acs_v1, any_change_makes_it_unfit)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const struct acs_request right = { .method = S("POST"), .path = S("/v2/drive/create"),
                                       .headers = create_drive, .header_count = COUNT(create_drive) };
    const str given = S("Cu2+fSAVLyXu5hLyAdEdvcRJdDM=");
    struct acs_request other = right;
    CHECK(acs_v1_fits(a, &right, secret, given));
    other.method = S("GET");
    CHECK(!acs_v1_fits(a, &other, secret, given));
    other = right, other.path = S("/v2/drive/get");
    CHECK(!acs_v1_fits(a, &other, secret, given));
    other = right, other.query = S("a=1");
    CHECK(!acs_v1_fits(a, &other, secret, given));
    other = right, other.header_count--;
    CHECK(!acs_v1_fits(a, &other, secret, given));
    CHECK(!acs_v1_fits(a, &right, S("SECRETEXAMPLF"), given));
    CHECK(!acs_v1_fits(a, &right, secret, S("")));
    CHECK(!acs_v1_fits(a, &right, secret, S("Cu2+fSAVLyXu5hLyAdEdvcRJdDN=")));
}

TEST(pds_acs_v1, signs_the_decoded_query_in_the_order_of_its_names)
{
    AUTO(arena_free) struct arena *a = arena_new();
    static const struct {
        const char *query, *resource;
    } cases[] = {
        { "", "/v2/file/download" },
        { "drive_id=1&file_id=5d79%20206&image_thumbnail_process=image%2Fresize%2Cw_10",
          "/v2/file/download?drive_id=1&file_id=5d79 206&image_thumbnail_process=image/resize,w_10" },
        { "b=2&a=1", "/v2/file/download?a=1&b=2" },
        { "b=&a", "/v2/file/download?a&b" },
        { "a=2&a=1", "/v2/file/download?a=2&a=1" },
        { "&&a=1&", "/v2/file/download?a=1" },
        { "a=%zz", "/v2/file/download?a=%zz" },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct acs_request request = { .method = S("GET"), .path = S("/v2/file/download"),
                                             .query = str_of(cases[i].query) };
        const str text = acs_v1_text(a, &request, ACS_EMPTY_IS_BARE);
        CHECK_CASE(cases[i].query, str_eq(str_from(text, 8), str_of(cases[i].resource)));
    }
}

/* The generic OpenAPI core, ROA style, with a query. */
static const struct acs_header core_post[] = {
    { { "host", 4 }, { "127.0.0.1:41273", 15 } },
    { { "x-acs-version", 13 }, { "2022-03-01", 10 } },
    { { "x-acs-action", 12 }, { "GetDrive", 8 } },
    { { "user-agent", 10 }, { "AlibabaCloud", 12 } },
    { { "x-acs-date", 10 }, { "2026-11-21T04:34:09Z", 20 } },
    { { "x-acs-signature-nonce", 21 },
      { "4edf804444468503c226ada076478ba75eb9bc16317702f3e36b46a153ad6374", 64 } },
    { { "accept", 6 }, { "application/json", 16 } },
    { { "content-type", 12 }, { "application/json; charset=utf-8", 31 } },
    { { "x-acs-content-sha256", 20 },
      { "94e6540ac3bf50cabf2d4d12b30b17ad4665ec8968f5b36d89681d630fa3c150", 64 } },
    { { "x-acs-credentials-provider", 26 }, { "static_ak", 9 } },
};

TEST(pds_acs3, signs_what_the_generic_openapi_core_signs)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const struct acs_request request = { .method = S("POST"), .path = S("/v2/drive/get"),
                                         .query = S("a=b%20c*&z="), .body = S("{\"drive_id\":\"1\"}"),
                                         .headers = core_post, .header_count = COUNT(core_post) };
    struct acs3 given;
    CHECK(acs3_read(S("Credential=AKIDEXAMPLE,SignedHeaders=content-type;host;x-acs-action;"
                      "x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;"
                      "x-acs-version,Signature=16b97055cfefb15583368b8b7bcdb87d036f326f4e24ba4336d8762c0a018087"),
                    &given));
    CHECK(str_eq(given.key, S("AKIDEXAMPLE")));
    CHECK(str_eq(acs3_signature(a, &request, given.signed_headers, secret), given.signature));
}

TEST(pds_acs3, reads_only_a_whole_authorization)
{
    static const struct {
        const char *text;
        bool        good;
    } cases[] = {
        { "Credential=k,SignedHeaders=host,Signature=00", true },
        { "Signature=00, Credential=k, SignedHeaders=host", true },
        { "", false },
        { "Credential=k,SignedHeaders=host", false },
        { "Credential=k,Signature=00", false },
        { "SignedHeaders=host,Signature=00", false },
        { "Credential=,SignedHeaders=host,Signature=00", false },
        { "Credential=k,Credential=l,SignedHeaders=host,Signature=00", false },
        { "Credential=k,SignedHeaders=host,Signature=00,Extra=1", false },
        { "Credential=k,,SignedHeaders=host,Signature=00", false },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct acs3 given;
        CHECK_CASE(cases[i].text, acs3_read(str_of(cases[i].text), &given) == cases[i].good);
    }
}

TEST(pds_acs3, any_change_gives_another_signature)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const str names = S("host;x-acs-date");
    const struct acs_request request = { .method = S("POST"), .path = S("/v2/drive/get"), .query = S("a=1"),
                                         .body = S("{}"), .headers = core_post,
                                         .header_count = COUNT(core_post) };
    const str right = acs3_signature(a, &request, names, secret);
    struct acs_request other = request;
    other.method = S("GET");
    CHECK(!str_eq(acs3_signature(a, &other, names, secret), right));
    other = request, other.path = S("/v2/drive/gett");
    CHECK(!str_eq(acs3_signature(a, &other, names, secret), right));
    other = request, other.query = S("a=2");
    CHECK(!str_eq(acs3_signature(a, &other, names, secret), right));
    other = request, other.body = S("{ }");
    CHECK(!str_eq(acs3_signature(a, &other, names, secret), right));
    CHECK(!str_eq(acs3_signature(a, &request, S("host"), secret), right));
    CHECK(!str_eq(acs3_signature(a, &request, names, S("SECRETEXAMPLF")), right));
}

/* The SDK for PDS, set to v4: with its own signature, and with the one of the JavaScript SDK, which derives
 * the keys through a lossy decoding. */
static const struct acs_header get_drive_v4[] = {
    { { "accept", 6 }, { "application/json", 16 } },
    { { "content-type", 12 }, { "application/json; charset=utf-8", 31 } },
    { { "date", 4 }, { "Sat, 21 Nov 2026 02:05:47 GMT", 29 } },
    { { "host", 4 }, { "bj1.api.aliyunpds.com", 21 } },
    { { "x-acs-action", 12 }, { "GetDrive", 8 } },
    { { "x-acs-date", 10 }, { "2026-11-21T02:05:47Z", 20 } },
    { { "x-acs-signature-nonce", 21 }, { "9bc2bdee3e6629c46f8ca6305467e886", 32 } },
    { { "x-acs-version", 13 }, { "2022-03-01", 10 } },
    { { "x-acs-content-sha256", 20 }, { NULL, 0 } }, /* filled in */
};

static const char names_v4[] = "x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";

TEST(pds_acs4, signs_what_the_official_sdk_signs)
{
    AUTO(arena_free) struct arena *a = arena_new();
    struct acs_header headers[COUNT(get_drive_v4)];
    const str   body = S("{\"drive_id\":\"1\"}");
    struct acs4 given;
    memcpy(headers, get_drive_v4, sizeof headers);
    headers[COUNT(headers) - 1].value = hex_lower(a, sha256(a, body));
    CHECK(str_starts(headers[COUNT(headers) - 1].value, S("94e6540a")));
    const struct acs_request request = { .method = S("POST"), .path = S("/v2/drive/get"), .body = body,
                                         .headers = headers, .header_count = COUNT(headers) };
    const str credential = arena_print(a, "Credential=AKIDEXAMPLE/20261121/center/pds/aliyun_v4_request,"
                                          "SignedHeaders=%s,Signature=00", names_v4);
    CHECK(acs4_read(credential, &given) && str_eq(given.key, S("AKIDEXAMPLE")) && str_eq(given.region, S("center")));
    CHECK(str_eq(acs4_signature(a, &request, &given, secret, ACS4_KEYS_AS_THEY_ARE),
                 S("cd86b17cf296863acb4ff68012bb4ed8b69cc376a6773a56f48d5532c9e10651")));
    CHECK(str_eq(acs4_signature(a, &request, &given, secret, ACS4_KEYS_DECODED),
                 S("c67b5c5baf5a423c6bea0c93e58819dd1e6a3c10c31e312f1c8b6333f5838194")));
}

TEST(pds_acs4, reads_five_parts_of_a_credential_and_nothing_else)
{
    static const struct {
        const char *credential;
        bool        good;
    } cases[] = {
        { "k/20261121/center/pds/aliyun_v4_request", true },
        { "k/20261121/cn-shanghai/pds/aliyun_v4_request", true },
        { "k/2026112/center/pds/aliyun_v4_request", false },
        { "k/2026112x/center/pds/aliyun_v4_request", false },
        { "k/20261121//pds/aliyun_v4_request", false },
        { "/20261121/center/pds/aliyun_v4_request", false },
        { "k/20261121/center/oss/aliyun_v4_request", false },
        { "k/20261121/center/pds/aliyun_v5_request", false },
        { "k/20261121/center/pds/aliyun_v4_request/x", false },
        { "k/20261121/center/pds", false },
        { "k", false },
    };
    AUTO(arena_free) struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct acs4 given;
        const str text = arena_print(a, "Credential=%s,SignedHeaders=x,Signature=00", cases[i].credential);
        CHECK_CASE(cases[i].credential, acs4_read(text, &given) == cases[i].good);
    }
}

TEST_MAIN
