/* dialect/pds/oauth.c: what a code, a refresh token or a signed assertion is traded for a Token:
 * /v2/oauth/token, /v2/account/token, /v2/account/revoke.
 *
 * An assertion is read and its signature checked on a worker; codes and refresh tokens are used up on the
 * writer, so that each is good once however many come at once.
 *
 * Source  PDS Developer Guide, "OAuth 2.0 for web server applications", "JWT applications"; the official
 *         SDKs for /v2/account/token and revoke */
#include "dialect/pds/alias.h"
#include "dialect/pds/token_shape.h"

#include "base/rsa.h"
#include "dialect/pds/jwt.h"
#include "drive/nonces.h"
#include "drive/site.h"
#include "drive/user.h"

enum grant { GRANT_CODE = 1, GRANT_CODE_SHORT, GRANT_REFRESH, GRANT_JWT };

static const struct word grants[] = {
    { "authorization_code", GRANT_CODE }, { "code", GRANT_CODE_SHORT }, { "refresh_token", GRANT_REFRESH },
    { "urn:ietf:params:oauth:grant-type:jwt-bearer", GRANT_JWT }, { 0 }
};

struct token_ask {
    str        client_id, client_secret, code, redirect_uri, refresh_token, assertion, subdomain_id;
    int        grant_type;
    struct app app; /* this and the next by prepare */
    struct jwt jwt;
};

#define IN struct token_ask
static const struct field token_in[] = {
    { "client_id", BODY, AT(IN, client_id), .required = true, .min = 1, .max = 128, .doc = "the app's key" },
    { "client_secret", BODY, AT(IN, client_secret), .max = 128, .doc = "of an app of kind web" },
    { "grant_type", BODY, AT(IN, grant_type), .required = true, .words = grants },
    { "code", BODY, AT(IN, code), .max = 128, .doc = "of authorization_code" },
    { "redirect_uri", BODY, AT(IN, redirect_uri), .max = REDIRECT_URI_MAX, .doc = "the one that the code was asked for with" },
    { "refresh_token", BODY, AT(IN, refresh_token), .max = 128 },
    { "assertion", BODY, AT(IN, assertion), .max = JWT_TEXT_MAX, .doc = "a JWT of RS256" },
    { "subdomain_id", BODY, AT(IN, subdomain_id), .max = 128, .doc = "there are none here" },
    { 0 }
};
#undef IN

static enum fault not_valid(struct cx *cx, const char *field, enum how how, const char *because)
{
    return fail(cx, FAULT_INVALID, .field = field, .how = how, .because = because);
}

static enum fault needed(struct cx *cx, const char *field, str value)
{
    return value.n ? OK : not_valid(cx, field, HOW_MISSING, NULL);
}

/* What says that a token is not good says here that a parameter is not; `unlike` is its own member. */
static enum fault as_parameter(struct cx *cx, enum fault fault, const char *field)
{
    const struct failure why = cx->why;
    if (fault != FAULT_UNAUTHENTICATED)
        return fault;
    return fail(cx, FAULT_INVALID, .field = field, .how = HOW_OTHER,
                .because = why.because ? why.because : why.how == HOW_EXPIRED ? "expired"
                           : why.how == HOW_REPLAYED ? "it was used before; what came of it has ended"
                                                     : "not one that is good here");
}

/* ---- the app ---- */

static enum fault find_app(struct cx *cx, const char *field, str key, struct app *out)
{
    struct app_secret found;
    const enum fault  fault = caller_app(cx, key, &found);
    if (fault == FAULT_UNAUTHENTICATED)
        return not_valid(cx, field, HOW_UNKNOWN, "no such application");
    *out = found.app;
    return fault;
}

/* An app that can keep a secret must show it; from another one a secret that comes must still be right. */
static enum fault check_secret(struct cx *cx, const struct token_ask *ask)
{
    bool right = false;
    if (ask->app.kind == APP_WEB)
        TRY(needed(cx, "client_secret", ask->client_secret));
    if (!ask->client_secret.n)
        return OK;
    TRY(app_knows_secret(cx, &ask->app, ask->client_secret, &right));
    return right ? OK : not_valid(cx, "client_secret", HOW_OTHER, "not this application's");
}

/* ---- assertions ---- */

static enum fault bad_assertion(struct cx *cx, enum how how, const char *because)
{
    return not_valid(cx, "assertion", how, because);
}

static enum fault check_claims(struct cx *cx, const struct token_ask *ask)
{
    const struct jwt *jwt = &ask->jwt;
    const str domain = pds_domain_id(cx);
    const char *late = jwt_fresh(jwt, cx->now);
    if (!str_eq(jwt->iss, ask->app.key))
        return bad_assertion(cx, HOW_OTHER, "iss is not client_id");
    if (!str_eq(jwt->aud, domain))
        return bad_assertion(cx, HOW_OTHER, "aud is not the domain's id");
    if (jwt->sub_type == JWT_SERVICE && !str_eq(jwt->sub, domain))
        return bad_assertion(cx, HOW_OTHER, "sub is not the domain's id, as sub_type service asks");
    if (late)
        return bad_assertion(cx, jwt->exp.ms + JWT_SKEW_MS <= cx->now.ms ? HOW_EXPIRED : HOW_OTHER, late);
    return OK;
}

/* Only a genuine assertion uses its jti up. */
static enum fault check_assertion(struct cx *cx, struct token_ask *ask)
{
    TRY(needed(cx, "assertion", ask->assertion));
    if (!ask->app.public_key.n)
        return not_valid(cx, "client_id", HOW_OTHER, "the application has no public key");
    const char *wrong = jwt_read(cx->arena, ask->assertion, &ask->jwt);
    if (wrong)
        return bad_assertion(cx, HOW_FORM, wrong);
    if (!rsa_sha256_fits(ask->app.public_key, ask->jwt.signed_part, ask->jwt.signature))
        return bad_assertion(cx, HOW_OTHER, "its signature is not by the application's key");
    TRY(check_claims(cx, ask));
    const str used = arena_print(cx->arena, "jwt:%.*s:%.*s", STR_ARG(ask->app.key), STR_ARG(ask->jwt.jti));
    if (!nonce_fresh(cx, used, ask->jwt.exp.ms + JWT_SKEW_MS - cx->now.ms + 1000))
        return bad_assertion(cx, HOW_REPLAYED, "jti was used before");
    return OK;
}

static enum fault token_prepare(struct cx *cx, void *in, void *out)
{
    struct token_ask *ask = in;
    (void)out;
    if (ask->grant_type == GRANT_CODE_SHORT)
        TRY(contract_tolerate(cx, "grant_type", "the official JavaScript SDK sends code for authorization_code"));
    if (ask->subdomain_id.n)
        pds_not_here(cx, "subdomain_id");
    TRY(find_app(cx, "client_id", ask->client_id, &ask->app));
    if (ask->grant_type == GRANT_JWT)
        return check_assertion(cx, ask);
    TRY(check_secret(cx, ask));
    if (ask->grant_type == GRANT_REFRESH)
        return needed(cx, "refresh_token", ask->refresh_token);
    TRY(needed(cx, "code", ask->code));
    return needed(cx, "redirect_uri", ask->redirect_uri);
}

/* ---- grants ---- */

static enum fault by_code(struct cx *cx, const struct token_ask *ask, struct pds_token *out)
{
    struct token_pair pair;
    struct code_want  was;
    TRY(as_parameter(cx, code_redeem(cx, ask->code, ask->app.id, ask->redirect_uri, PDS_TOKEN_TTL_S, &pair, &was), "code"));
    return pds_token_show(cx, &pair, was.user, true, was.state, out);
}

static enum fault refresh(struct cx *cx, str refresh_token, id app, struct pds_token *out)
{
    struct token_pair pair;
    struct token      was;
    TRY(as_parameter(cx, token_pair_renew(cx, refresh_token, app, PDS_TOKEN_TTL_S, &pair, &was), "refresh_token"));
    return pds_token_show(cx, &pair, was.user, false, S0, out);
}

/* The app asks as itself: so it appears as the creator. */
static enum fault create_subject(struct cx *cx, const struct token_ask *ask, struct caller **who)
{
    struct user made;
    const enum fault fault = user_add(cx, &(struct user_want){ .public_id = ask->jwt.sub }, &made);
    if (fault == FAULT_EXISTS) /* found, but not let in */
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_USER, .because = "the user is disabled");
    TRY(fault);
    return caller_as(cx, &(struct caller){ .domain = made.domain }, made.public_id, who);
}

static enum fault find_subject(struct cx *cx, const struct token_ask *ask, struct caller **who)
{
    const struct caller anyone = { .domain = cx->site->domain.id };
    const enum fault fault = caller_as(cx, &anyone, ask->jwt.sub, who);
    if (fault != FAULT_NOT_FOUND || !ask->jwt.auto_create || ask->app.user.v)
        return fault;
    return create_subject(cx, ask, who);
}

static enum fault by_assertion(struct cx *cx, const struct token_ask *ask, struct pds_token *out)
{
    struct token_pair pair;
    struct caller    *who = NULL;
    TRY(caller_of_app(cx, &ask->app, &cx->caller));
    if (ask->jwt.sub_type == JWT_USER)
        TRY(find_subject(cx, ask, &who));
    const id user = who ? who->user : ID_NONE;
    if (ask->app.user.v && user.v != ask->app.user.v)
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_USER, .because = "the application is bound to another user");
    TRY(token_pair_grant(cx, &(struct token_want){ .user = user, .app = ask->app.id, .ttl_s = PDS_TOKEN_TTL_S }, ID_NONE,
                         &pair));
    return pds_token_show(cx, &pair, user, true, S0, out);
}

static enum fault token(struct cx *cx, const void *in, void *out)
{
    const struct token_ask *ask = in;
    if (ask->grant_type == GRANT_JWT)
        return by_assertion(cx, ask, out);
    if (ask->grant_type == GRANT_REFRESH)
        return refresh(cx, ask->refresh_token, ask->app.id, out);
    return by_code(cx, ask, out);
}

/* ---- /v2/account/token ---- */

static const struct word refresh_grant[] = { { "refresh_token", GRANT_REFRESH }, { 0 } };

#define IN struct refresh_ask
const struct field pds_token_refresh_in[] = {
    { "app_id", BODY, AT(IN, app_id), .required = true, .min = 1, .max = 128, .tolerate = TOLERATE_MISSING,
      .lenient = "aligo and alist refresh without it", .doc = "the app's key" },
    { "grant_type", BODY, AT(IN, grant_type), .required = true, .words = refresh_grant },
    { "refresh_token", BODY, AT(IN, refresh_token), .required = true, .min = 1, .max = 128 },
    { 0 }
};
#undef IN

/* No secret is asked for here, so what an app with a secret got is not renewed here. */
static enum fault check_secretless(struct cx *cx, const struct token *row)
{
    struct app app;
    if (!row->app.v)
        return OK;
    const enum fault fault = app_get(cx, row->app, &app);
    if (fault == OK && app.kind == APP_WEB)
        return not_valid(cx, "refresh_token", HOW_OTHER, "its application has a secret: refresh it at /v2/oauth/token");
    return fault == FAULT_NOT_FOUND ? not_valid(cx, "refresh_token", HOW_OTHER, "its application is gone") : fault;
}

enum fault pds_token_refresh(struct cx *cx, const void *in, void *out)
{
    const struct refresh_ask *ask = in;
    struct token row;
    struct app   app = { 0 };
    if (ask->app_id.n)
        TRY(find_app(cx, "app_id", ask->app_id, &app));
    TRY(as_parameter(cx, token_refresh_find(cx, ask->refresh_token, &row), "refresh_token"));
    TRY(check_secretless(cx, &row));
    return refresh(cx, ask->refresh_token, app.id, out);
}

/* ---- /v2/account/revoke ---- */

static enum fault revoke_token(struct cx *cx, const void *in, void *out)
{
    (void)in, (void)out;
    if (!cx->caller->token.n)
        return fail(cx, FAULT_INVALID, .because = "a request that an AccessKey signed has no token to end");
    return token_family_revoke(cx, cx->caller->token);
}

#define SDKS "official SDKs; not in the 2022-03-01 reference"
#define PROOF "pds_jwt.test.mjs"

const struct op pds_oauth_ops[] = {
    { "Token", "POST", "/v2/oauth/token", "PDS API reference, 2022-03-01", ANYONE, WRITE, token_in,
      sizeof(struct token_ask), pds_token_rows, sizeof(struct pds_token), token, .prepare = token_prepare,
      .form_body = true, .proof = PROOF },
    { "TokenRefresh", "POST", "/v2/account/token", SDKS, ANYONE, WRITE, pds_token_refresh_in, sizeof(struct refresh_ask),
      pds_token_rows, sizeof(struct pds_token), pds_token_refresh, .proof = PROOF },
    { "RevokeToken", "POST", "/v2/account/revoke", SDKS, USER, WRITE, NULL, 0, NULL, 0, revoke_token, .status = 204,
      .scope = "", .proof = PROOF },
    { 0 }
};
