/* dialect/dingtalk/token.c: an app's key and secret become its token.
 *
 * Three spellings of one thing. Inside its lifetime the same token comes again, with its time started
 * anew, and a token from any of the three is good in the header and on the legacy paths. */
#include "dialect/dingtalk/parts.h"

#include "base/hash.h"
#include "drive/caller.h"
#include "drive/site.h"
#include "drive/user.h"

enum { TOKEN_TTL_S = 7200 };

struct app_token {
    str access_token;
    int expires_in; /* seconds */
};

/* Unknown key and wrong secret are one answer. */
static enum fault token_by_secret(struct cx *cx, str key, str secret, struct app_token *out)
{
    struct app_secret known = { 0 };
    const enum fault  found = caller_app(cx, key, &known);
    if (found != OK && found != FAULT_UNAUTHENTICATED)
        return found;
    if (found != OK || !known.secret.n || !bytes_equal_secretly(known.secret, secret))
        return fail(cx, FAULT_UNAUTHENTICATED, .thing = THING_APP, .how = HOW_UNKNOWN);
    out->expires_in = TOKEN_TTL_S;
    return token_of_app(cx, known.app.id, TOKEN_TTL_S, &out->access_token);
}

/* ---- POST /v1.0/oauth2/accessToken ---- */

struct app_login {
    str app_key, app_secret;
};

#define IN struct app_login
static const struct field get_access_token_in[] = {
    { "appKey",    BODY, AT(IN, app_key),    .required = true, .empty_ok = true },
    { "appSecret", BODY, AT(IN, app_secret), .required = true, .empty_ok = true },
    { 0 },
};
#undef IN

static const struct field get_access_token_out[] = {
    { "accessToken", BODY, AT(struct app_token, access_token) },
    { "expireIn",    BODY, AT(struct app_token, expires_in), .doc = "seconds; spelled so" },
    { 0 },
};

static enum fault get_access_token(struct cx *cx, const void *in, void *out)
{
    const struct app_login *ask = in;
    return token_by_secret(cx, ask->app_key, ask->app_secret, out);
}

/* ---- POST /v1.0/oauth2/{corpId}/token ---- */

struct corp_login {
    str corp_id, client_id, client_secret, grant_type;
};

#define IN struct corp_login
static const struct field get_token_in[] = {
    { "corpId",        PATH, AT(IN, corp_id), .doc = "the organisation: the domain's name or number" },
    { "client_id",     BODY, AT(IN, client_id),     .required = true, .empty_ok = true },
    { "client_secret", BODY, AT(IN, client_secret), .required = true, .empty_ok = true },
    { "grant_type",    BODY, AT(IN, grant_type),    .required = true, .empty_ok = true,
      .doc = "client_credentials" },
    { 0 },
};
#undef IN

static const struct field get_token_out[] = {
    { "access_token", BODY, AT(struct app_token, access_token) },
    { "expires_in",   BODY, AT(struct app_token, expires_in), .doc = "seconds" },
    { 0 },
};

/* A server is one organisation. A corpId out of an existing configuration (ding...) is let in, and
 * said, so that only the address and the secret have to be changed in a client. */
static enum fault check_corp(struct cx *cx, str corp_id)
{
    const struct domain *domain = &cx->site->domain;
    int64_t              number;
    if (str_eq(corp_id, domain->name) || (str_int64(corp_id, &number) && number == domain->id.v))
        return OK;
    return contract_tolerate(cx, "corpId", "one organisation per server: any corpId names it");
}

static enum fault get_token(struct cx *cx, const void *in, void *out)
{
    const struct corp_login *ask = in;
    if (!str_eq(ask->grant_type, S("client_credentials")))
        return fail(cx, FAULT_INVALID, .field = "grant_type", .how = HOW_WORD, .got = ask->grant_type,
                    .because = "one of client_credentials");
    TRY(token_by_secret(cx, ask->client_id, ask->client_secret, out));
    return check_corp(cx, ask->corp_id);
}

/* ---- GET /gettoken, the legacy host's ---- */

#define IN struct app_login
static const struct field gettoken_in[] = {
    { "appkey",    QUERY, AT(IN, app_key),    .required = true },
    { "appsecret", QUERY, AT(IN, app_secret), .required = true },
    { 0 },
};
#undef IN

struct legacy_token {
    int              errcode;
    str              errmsg;
    struct app_token token;
};

#define OUT struct legacy_token
static const struct field gettoken_out[] = {
    { "errcode",      BODY, AT(OUT, errcode) },
    { "errmsg",       BODY, AT(OUT, errmsg) },
    { "access_token", BODY, AT(OUT, token.access_token) },
    { "expires_in",   BODY, AT(OUT, token.expires_in), .doc = "seconds" },
    { 0 },
};
#undef OUT

static enum fault gettoken(struct cx *cx, const void *in, void *out)
{
    const struct app_login *ask = in;
    struct legacy_token    *answer = out;
    answer->errmsg = S("ok");
    return token_by_secret(cx, ask->app_key, ask->app_secret, &answer->token);
}

const struct op dingtalk_token_ops[] = {
    { "GetAccessToken", "POST", "/v1.0/oauth2/accessToken", "DingTalk GetAccessToken, 2026-08", ANYONE,
      WRITE, get_access_token_in, sizeof(struct app_login), get_access_token_out,
      sizeof(struct app_token), get_access_token },
    { "GetToken", "POST", "/v1.0/oauth2/{corpId}/token", "DingTalk GetToken, 2026-08", ANYONE, WRITE,
      get_token_in, sizeof(struct corp_login), get_token_out, sizeof(struct app_token), get_token },
    { "gettoken", "GET", "/gettoken", "DingTalk gettoken (legacy host), 2026-08", ANYONE, WRITE,
      gettoken_in, sizeof(struct app_login), gettoken_out, sizeof(struct legacy_token), gettoken },
    { 0 },
};
