/* dialect/koodrive/session.c: signing in by password, renewing, signing out.
 *
 * A token is answered with its scheme, "AT <48 hex>", since clients put what they were given into the
 * header unchanged. Codes by message need a gateway that is not here.
 * Source: Logging In, Refreshing a Token, Logging Out, 2026-04 (Carrier) */
#include "dialect/koodrive/inner.h"

#include "dialect/koodrive/token.h"
#include "drive/user.h"

enum { SESSION_TTL_S = 1800 };

/* ---- what goes ---- */

struct session {
    str     access, refresh;
    int64_t expires_in;
    instant issued;
};
#define SESSION_ROWS(OUT, member)                                             \
    { "accessToken",  BODY, AT(OUT, member access) },                         \
    { "expiresIn",    BODY, AT(OUT, member expires_in), .doc = "seconds" },   \
    { "issuedAt",     BODY, AT(OUT, member issued), .as = AS_EPOCH_TEXT },    \
    { "refreshToken", BODY, AT(OUT, member refresh), .doc = "without scheme" }

static const struct field session_rows[] = { SESSION_ROWS(struct session, ), { 0 } };
static const struct shape session_shape = { "SessionInfo", session_rows, sizeof(struct session) };

static struct session session_of(struct cx *cx, const struct token_pair *pair)
{
    return (struct session){
        .access = arena_print(cx->arena, "AT %.*s", STR_ARG(pair->access)),
        .refresh = pair->refresh,
        .expires_in = pair->ttl_s,
        .issued = pair->issued,
    };
}

/* ---- login ---- */

enum auth_type { AUTH_PASSWORD = 1, AUTH_CODE };
static const struct word auth_types[] = { { "1", AUTH_PASSWORD }, { "2", AUTH_CODE }, { 0 } };

struct login {
    str         agent, account, password, captcha;
    int         auth_type;
    struct user user; /* by login_prepare */
};
#define IN struct login
static const struct field login_in[] = {
    { "x-hw-agentName", HEADER, AT(IN, agent), .required = true, .tolerate = TOLERATE_MISSING,
      .lenient = "the enterprise pages have no such header, and a server here is one tenant",
      .doc = "the carrier's name" },
    { "account",      BODY, AT(IN, account), .required = true, .min = 1, .max = 256,
      .doc = "login name, phone or e-mail" },
    { "authType",     BODY, AT(IN, auth_type), .required = true, .words = auth_types, .doc = "1 password, 2 code" },
    { "password",     BODY, AT(IN, password), .max = 1024 },
    { "captchaToken", BODY, AT(IN, captcha), .max = 1024 },
    { 0 }
};
#undef IN

struct user_info {
    str user_id, firstname, surname, phone, email;
};
static const struct field user_info_rows[] = {
    { "userId",    BODY, AT(struct user_info, user_id) },
    { "firstname", BODY, AT(struct user_info, firstname) },
    { "surname",   BODY, AT(struct user_info, surname) },
    { "phone",     BODY, AT(struct user_info, phone) },
    { "email",     BODY, AT(struct user_info, email) },
    { 0 }
};
static const struct shape user_info_shape = { "UserInfo", user_info_rows, sizeof(struct user_info) };

struct login_data {
    struct user_info user;
    struct session   session;
};
static const struct field login_data_rows[] = {
    { "userInfo",    BODY, WITHIN(struct login_data, user), .shape = &user_info_shape },
    { "sessionInfo", BODY, WITHIN(struct login_data, session), .shape = &session_shape },
    { 0 }
};
static const struct shape login_data_shape = { "LoginData", login_data_rows, sizeof(struct login_data) };

struct logged_in {
    struct login_data data;
};
static const struct field login_out[] = {
    { "data", BODY, WITHIN(struct logged_in, data), .shape = &login_data_shape }, { 0 }
};

/* On a worker: a password takes long to check. */
static enum fault login_prepare(struct cx *cx, void *in, void *out)
{
    struct login *ask = in;
    (void)out;
    if (ask->auth_type == AUTH_CODE) {
        cx->unsupported = "authType 2: no verification codes are sent";
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_USER,
                    .because = "verification codes need a message gateway: sign in by password");
    }
    if (!ask->password.n)
        return fail(cx, FAULT_INVALID, .field = "password", .how = ask->password.p ? HOW_EMPTY : HOW_MISSING);
    return user_sign_in(cx, ask->account, ask->password, &ask->user);
}

static enum fault login(struct cx *cx, const void *in, void *out)
{
    const struct login *ask = in;
    struct logged_in   *answer = out;
    struct token_pair   pair;
    TRY(token_pair_issue(cx, ask->user.id, SESSION_TTL_S, true, &pair));
    answer->data = (struct login_data){
        .user = { ask->user.public_id, ask->user.name, S(""), ask->user.phone.p ? ask->user.phone : S(""),
                  ask->user.email.p ? ask->user.email : S("") },
        .session = session_of(cx, &pair),
    };
    return OK;
}

/* ---- refresh ---- */

struct refresh_token {
    str refresh;
};
static const struct field refresh_token_in[] = {
    { "refreshToken", BODY, AT(struct refresh_token, refresh), .required = true, .min = 1, .max = 128 }, { 0 }
};

/* Their table says that data is the session, their example nests it: both. */
struct refresh_data {
    struct session nested, flat;
};
static const struct field refresh_data_rows[] = {
    { "sessionInfo", BODY, WITHIN(struct refresh_data, nested), .shape = &session_shape },
    SESSION_ROWS(struct refresh_data, flat.),
    { 0 }
};
static const struct shape refresh_data_shape = { "RefreshData", refresh_data_rows, sizeof(struct refresh_data) };

struct refreshed {
    struct refresh_data data;
};
static const struct field refresh_token_out[] = {
    { "data", BODY, WITHIN(struct refreshed, data), .shape = &refresh_data_shape }, { 0 }
};

/* A token that still lives says whose session it is; another user's refresh token does not fit it. */
static enum fault refresh_token(struct cx *cx, const void *in, void *out)
{
    const struct refresh_token *ask = in;
    struct refreshed           *answer = out;
    struct token_pair           pair;
    id                          user;
    TRY(token_pair_refresh(cx, ask->refresh, SESSION_TTL_S, true, &pair, &user));
    if (cx->caller && cx->caller->user.v != user.v)
        return fail(cx, FAULT_UNAUTHENTICATED, .field = "refreshToken", .how = HOW_UNKNOWN,
                    .because = "the refresh token is not of this session");
    answer->data.flat = answer->data.nested = session_of(cx, &pair);
    return OK;
}

/* ---- logout ---- */

struct logout {
    str user_id, access_token;
};
static const struct field logout_in[] = {
    { "userId", BODY, AT(struct logout, user_id), .required = true, .min = 1, .max = 64,
      .tolerate = TOLERATE_NUMBER, .lenient = KOODRIVE_LENIENT_ID },
    { "accessToken", BODY, AT(struct logout, access_token), .required = true, .min = 1, .max = 256,
      .doc = "with its scheme, as login returned it" },
    { 0 }
};

/* Only one's own sessions are one's to end. */
static enum fault logout(struct cx *cx, const void *in, void *out)
{
    const struct logout        *ask = in;
    const struct koodrive_token token = koodrive_read_token(ask->access_token);
    struct caller              *whose;
    (void)out;
    if (!str_eq(ask->user_id, cx->caller->public_id))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_USER, .because = "userId is not the caller's");
    const enum fault fault = caller_by_token(cx, token.token, &whose);
    if (fault == FAULT_UNAUTHENTICATED || (fault == OK && (whose->by_app || whose->user.v != cx->caller->user.v)))
        return fail(cx, FAULT_INVALID, .field = "accessToken", .how = HOW_UNKNOWN,
                    .because = "it is not a token of the caller's");
    TRY(fault);
    if (token.lenient)
        TRY(contract_tolerate(cx, "accessToken", token.lenient));
    return token_revoke(cx, token.token);
}

#define PAGE(title) "KooDrive " title ", 2026-04"

const struct op koodrive_session_ops[] = {
    { "Login", "POST", KOODRIVE "/auth/login", PAGE("Logging In"), ANYONE, WRITE,
      login_in, sizeof(struct login), login_out, sizeof(struct logged_in), login, .prepare = login_prepare },
    { "RefreshToken", "POST", KOODRIVE "/auth/refreshToken", PAGE("Refreshing a Token"), USER, WRITE,
      refresh_token_in, sizeof(struct refresh_token), refresh_token_out, sizeof(struct refreshed), refresh_token },
    { "Logout", "POST", KOODRIVE "/auth/logout", PAGE("Logging Out"), USER, WRITE,
      logout_in, sizeof(struct logout), NULL, 0, logout },
    { 0 },
};
