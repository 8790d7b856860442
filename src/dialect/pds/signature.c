/* dialect/pds/signature.c: a request that an AccessKey signed: acs (v1), ACS3 and ACS4.
 *
 * A signature is checked from the outside in: the key is known, the date is within 15 minutes, the
 * digests of the body agree, the signature is right, and only then is its nonce used up: so nobody can
 * spoil another one's nonce.
 *
 * Source  PDS Developer Guide, "request signing" */
#include "dialect/pds/auth.h"

#include "base/clock.h"
#include "base/encode.h"
#include "base/hash.h"
#include "dialect/pds/acs.h"
#include "drive/nonces.h"

enum { SKEW_MS = 15 * 60 * 1000 };

/* A date may lie up to the skew ahead, so a signature can live twice as long. */
enum { NONCE_TTL_MS = 2 * SKEW_MS + 1000 };

static enum fault bad_signature(struct cx *cx, enum how how, const char *because)
{
    return fail(cx, FAULT_BAD_SIGNATURE, .how = how, .because = because);
}

/* ---- what came ---- */

struct gathering {
    struct arena      *arena;
    struct acs_header *items; /* NULL: only count */
    size_t             count;
};

static str lower(struct arena *arena, str s)
{
    char *out = arena_make(arena, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        out[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] | 32 : s.p[i]);
    return (str){ out, s.n };
}

static void see_header(void *arg, str name, str value)
{
    struct gathering *gathering = arg;
    if (gathering->items)
        gathering->items[gathering->count] =
            (struct acs_header){ lower(gathering->arena, name), value.p ? value : S("") };
    gathering->count++;
}

static struct acs_request request_of(const struct call *call)
{
    struct gathering gathering = { .arena = call->cx->arena };
    http_headers(call->http, see_header, &gathering);
    gathering.items = ARENA_MANY(call->cx->arena, struct acs_header, gathering.count + 1);
    gathering.count = 0;
    http_headers(call->http, see_header, &gathering);
    return (struct acs_request){ .method = http_method(call->http), .path = http_path(call->http),
                                 .query = http_query(call->http), .body = http_body(call->http),
                                 .headers = gathering.items, .header_count = gathering.count };
}

/* ---- checks that the signatures share ---- */

/* Temporary credentials are signed with a secret of their own, which nobody hands out here. */
static enum fault refuse_temporary(struct cx *cx, const struct acs_request *request)
{
    if (acs_header(request, S("x-acs-security-token")).n) {
        pds_not_here(cx, "x-acs-security-token");
        return fail(cx, FAULT_UNSUPPORTED, .because = "temporary credentials (x-acs-security-token)");
    }
    return OK;
}

static enum fault find_app(struct cx *cx, str key, struct app_secret *app)
{
    const enum fault fault = caller_app(cx, key, app);
    if (fault == FAULT_UNAUTHENTICATED)
        return bad_signature(cx, HOW_UNKNOWN, "nobody has this AccessKey");
    return fault;
}

static enum fault check_date(struct cx *cx, bool readable, instant date)
{
    if (!readable)
        return bad_signature(cx, HOW_EXPIRED, "the request's date is missing or not of the form asked for");
    if (date.ms > cx->now.ms + SKEW_MS || date.ms < cx->now.ms - SKEW_MS)
        return bad_signature(cx, HOW_EXPIRED, "the request's date is more than 15 minutes from the server's");
    return OK;
}

static enum fault check_body_md5(struct cx *cx, const struct acs_request *request)
{
    const str given = acs_header(request, S("content-md5"));
    if (given.n && !str_eq(given, base64(cx->arena, md5(cx->arena, request->body))))
        return bad_signature(cx, HOW_OTHER, "Content-MD5 is not the MD5 of the body that came");
    return OK;
}

static enum fault check_body_sha256(struct cx *cx, const struct acs_request *request)
{
    const str given = acs_header(request, S("x-acs-content-sha256"));
    if (given.n && !str_eq_ascii_case(given, hex_lower(cx->arena, sha256(cx->arena, request->body))))
        return bad_signature(cx, HOW_OTHER, "x-acs-content-sha256 is not the SHA-256 of the body that came");
    return OK;
}

/* Documented as required, and not sent by every SDK: so enforced where it is present. */
static enum fault use_nonce(struct cx *cx, str key, const struct acs_request *request)
{
    const str nonce = acs_header(request, S("x-acs-signature-nonce"));
    if (!nonce.n)
        return OK;
    const str whole = arena_print(cx->arena, "acs:%.*s:%.*s", STR_ARG(key), STR_ARG(nonce));
    if (!nonce_fresh(cx, whole, NONCE_TTL_MS))
        return bad_signature(cx, HOW_REPLAYED, "x-acs-signature-nonce was used before");
    return OK;
}

/* ---- v1: Authorization: acs KEY:SIGNATURE ---- */

enum fault pds_by_acs_v1(struct call *call, str credential)
{
    struct cx *cx = call->cx;
    const struct acs_request request = request_of(call);
    const size_t colon = str_find(credential, ':', 0);
    const str    key = str_cut(credential, colon), given = str_from(credential, colon + 1);
    const str    method = acs_header(&request, S("x-acs-signature-method"));
    struct app_secret app;
    instant           date;

    if (!key.n || !given.n)
        return bad_signature(cx, HOW_FORM, "Authorization is not of the form acs KEY:SIGNATURE");
    TRY(find_app(cx, key, &app));
    TRY(refuse_temporary(cx, &request));
    if (method.n && !str_eq_ascii_case(method, S("HMAC-SHA1")))
        return bad_signature(cx, HOW_WORD, "x-acs-signature-method is not HMAC-SHA1");
    const bool readable = instant_read(acs_header(&request, S("date")), INSTANT_HTTP, &date);
    TRY(check_date(cx, readable, date));
    TRY(check_body_md5(cx, &request));
    TRY(check_body_sha256(cx, &request));
    if (!acs_v1_fits(cx->arena, &request, app.secret, given))
        return bad_signature(cx, HOW_OTHER, "the signature is not the one that the server calculated");
    TRY(use_nonce(cx, key, &request));
    return caller_of_app(cx, &app.app, &cx->caller);
}

/* ---- ACS3-HMAC-SHA256 ---- */

static bool is_signed(str signed_headers, str name)
{
    str one;
    while (acs3_next_name(&signed_headers, &one))
        if (str_eq(one, name))
            return true;
    return false;
}

/* Each signed header must have come once: which of two was meant is what could be argued about. And
 * whatever decides about freshness must be among them. */
static enum fault check_signed_headers(struct cx *cx, const struct acs_request *request, str signed_headers)
{
    static const char *const needed[] = { "host", "x-acs-date", "x-acs-signature-nonce",
                                          "x-acs-content-sha256" };
    str names = signed_headers, name;
    while (acs3_next_name(&names, &name))
        if (acs_header_count(request, name) != 1)
            return bad_signature(cx, HOW_FORM, "a signed header is missing or came twice");
    for (size_t i = 0; i < COUNT(needed); i++)
        if (acs_header_count(request, str_of(needed[i])) && !is_signed(signed_headers, str_of(needed[i])))
            return bad_signature(cx, HOW_FORM, "host and the x-acs headers that came must be signed");
    return OK;
}

enum fault pds_by_acs3(struct call *call, str parameters)
{
    struct cx *cx = call->cx;
    const struct acs_request request = request_of(call);
    struct app_secret app;
    struct acs3       given;
    instant           date;

    if (!acs3_read(parameters, &given))
        return bad_signature(cx, HOW_FORM, "Authorization lacks Credential, SignedHeaders or Signature");
    TRY(find_app(cx, given.key, &app));
    TRY(refuse_temporary(cx, &request));
    const bool readable = instant_read(acs_header(&request, S("x-acs-date")), INSTANT_S, &date);
    TRY(check_date(cx, readable, date));
    TRY(check_body_md5(cx, &request));
    TRY(check_body_sha256(cx, &request));
    TRY(check_signed_headers(cx, &request, given.signed_headers));
    const str right = acs3_signature(cx->arena, &request, given.signed_headers, app.secret);
    if (!bytes_equal_secretly(lower(cx->arena, given.signature), right))
        return bad_signature(cx, HOW_OTHER, "the signature is not the one that the server calculated");
    TRY(use_nonce(cx, given.key, &request));
    return caller_of_app(cx, &app.app, &cx->caller);
}

/* ---- ACS4-HMAC-SHA256 ---- */

/* The day that the key is derived for is the day of the request. */
static enum fault check_scope_date(struct cx *cx, str date, instant at)
{
    char text[INSTANT_TEXT];
    if (!str_eq(date, str_cut(instant_print(at, INSTANT_COMPACT, text), 8)))
        return bad_signature(cx, HOW_EXPIRED, "the day in Credential is not that of x-acs-date");
    return OK;
}

static enum fault fits_acs4(struct cx *cx, const struct acs_request *request, const struct acs4 *given, str secret)
{
    const str signature = lower(cx->arena, given->signature);
    if (bytes_equal_secretly(signature, acs4_signature(cx->arena, request, given, secret, ACS4_KEYS_AS_THEY_ARE)))
        return OK;
    if (!bytes_equal_secretly(signature, acs4_signature(cx->arena, request, given, secret, ACS4_KEYS_DECODED)))
        return bad_signature(cx, HOW_OTHER, "the signature is not the one that the server calculated");
    if (contract_tolerate(cx, "Authorization",
                          "the vendor's JavaScript signature helper derives the keys through a lossy decoding") != OK)
        return bad_signature(cx, HOW_OTHER, "the keys were derived through a lossy decoding");
    return OK;
}

/* Whatever came with a name in x-acs- is signed, so that the list of names need not be believed. */
enum fault pds_by_acs4(struct call *call, str parameters)
{
    struct cx *cx = call->cx;
    const struct acs_request request = request_of(call);
    struct app_secret app;
    struct acs4       given;
    instant           date;

    if (!acs4_read(parameters, &given))
        return bad_signature(cx, HOW_FORM, "Authorization lacks Credential (KEY/DATE/REGION/pds/aliyun_v4_request), "
                                           "SignedHeaders or Signature");
    TRY(find_app(cx, given.key, &app));
    TRY(refuse_temporary(cx, &request));
    const bool readable = acs_header_count(&request, S("x-acs-date")) == 1
                          && instant_read(acs_header(&request, S("x-acs-date")), INSTANT_S, &date);
    TRY(check_date(cx, readable, readable ? date : (instant){ 0 }));
    TRY(check_scope_date(cx, given.date, date));
    TRY(check_body_md5(cx, &request));
    TRY(check_body_sha256(cx, &request));
    TRY(fits_acs4(cx, &request, &given, app.secret));
    TRY(use_nonce(cx, given.key, &request));
    return caller_of_app(cx, &app.app, &cx->caller);
}
