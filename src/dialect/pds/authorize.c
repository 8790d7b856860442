/* dialect/pds/authorize.c: GET /v2/oauth/authorize: a person signs in for an app, whose browser is then sent
 * back with a code.
 *
 *     GET ──► page ──► POST ──► 302 redirect_uri?code=&state=
 *              ▲         │
 *              └─ wrong ─┘
 *
 * Who is not known, or asks to be sent where nobody registered, is sent nowhere: he sees an error. All other
 * errors are the app's to learn, by redirect_uri?error=&state= (RFC 6749, 4.1.2.1). The page posts its form
 * to the same path; everything in it is checked again.
 *
 * Source  PDS Developer Guide, "OAuth 2.0 for web server applications" */
#include "dialect/pds/inner.h"

#include "dialect/pds/consent.h"
#include "dialect/pds/scope.h"
#include "drive/caller.h"
#include "drive/user.h"

enum { STATE_MAX = 2048, SCOPE_MAX = 2048, SCOPES_MAX = 100 };

struct one_text {
    str text;
};
static const struct field one_text_rows[] = {
    { "", BODY, AT(struct one_text, text), .max = SCOPE_MAX }, { 0 }
};
static const struct shape one_text_shape = { "Scope", one_text_rows, sizeof(struct one_text) };

struct authorize {
    str         client_id, redirect_uri, login_type, response_type, state, cookie;
    struct list scope; /* of struct one_text */
    bool        hide_consent;
    str         ticket, account, password, decision, host, origin, fetch_site; /* the form's */
    struct app  app;
    str         scopes;
    id          user; /* who signed in */
};

struct authorized {
    str page, location, set_cookie, policy;
};

#define ASKED(IN, place)                                                                                        \
    { "client_id", place, AT(IN, client_id), .required = true, .min = 1, .max = 128, .doc = "the app's key" },   \
    { "redirect_uri", place, AT(IN, redirect_uri), .required = true, .min = 1, .max = REDIRECT_URI_MAX,          \
      .doc = "one that is registered for the app" },                                                            \
    { "login_type", place, AT(IN, login_type), .max = 64, .doc = "default; needed, and told to redirect_uri where " \
      "it is left out or another one" },                                                                        \
    { "response_type", place, AT(IN, response_type), .max = 64, .doc = "code; needed, as login_type" },          \
    { "scope", place, AT(IN, scope), .shape = &one_text_shape, .max = SCOPES_MAX,                                \
      .doc = "such as FILE.GET: repeated, or with commas or blanks between; by default all" },                  \
    { "state", place, AT(IN, state), .max = STATE_MAX, .doc = "comes back with the code" },                      \
    { "hide_consent", place, AT(IN, hide_consent), .doc = "does not show what is allowed" },                     \
    { "Cookie", HEADER, AT(IN, cookie), .doc = "what the page set" }

#define IN struct authorize
static const struct field page_in[] = { ASKED(IN, QUERY), { 0 } };
static const struct field form_in[] = {
    ASKED(IN, BODY),
    { "ticket", BODY, AT(IN, ticket), .required = true, .min = 1, .max = 256, .doc = "as the page holds it" },
    { "account", BODY, AT(IN, account), .max = 256, .doc = "login, phone or e-mail" },
    { "password", BODY, AT(IN, password), .max = 1024 },
    { "decision", BODY, AT(IN, decision), .max = 16, .doc = "allow, or deny" },
    { "Host", HEADER, AT(IN, host) },
    { "Origin", HEADER, AT(IN, origin), .doc = "this server's own, where it comes" },
    { "Sec-Fetch-Site", HEADER, AT(IN, fetch_site), .doc = "same-origin, where it comes" },
    { 0 }
};
#undef IN

#define OUT struct authorized
static const struct field authorized_rows[] = {
    { "page", BODY, AT(OUT, page) },
    { "Location", HEADER, AT(OUT, location) },
    { "Set-Cookie", HEADER, AT(OUT, set_cookie) },
    { "Content-Security-Policy", HEADER, AT(OUT, policy) },
    { 0 }
};
#undef OUT

static int status_of(const void *out)
{
    return ((const struct authorized *)out)->location.p ? 302 : 200;
}

/* ---- sending back ---- */

static void add_parameter(struct text *url, const char *name, str value)
{
    text_char(url, str_find(text_str(url), '?', 0) < url->n ? '&' : '?');
    text_add(url, str_of(name));
    text_char(url, '=');
    text_percent(url, value, "");
}

static void send_back(struct cx *cx, const struct authorize *ask, const char *name, str value, const char *description,
                      struct authorized *out)
{
    AUTO(text_done) struct text url = { 0 };
    text_add(&url, ask->redirect_uri);
    add_parameter(&url, name, value);
    if (description)
        add_parameter(&url, "error_description", str_of(description));
    if (ask->state.p)
        add_parameter(&url, "state", ask->state);
    out->location = arena_copy(cx->arena, text_str(&url));
}

static void send_error(struct cx *cx, const struct authorize *ask, const char *error, const char *description,
                       struct authorized *out)
{
    send_back(cx, ask, "error", str_of(error), description, out);
}

/* ---- what is asked ---- */

static enum fault find_app(struct cx *cx, struct authorize *ask)
{
    struct app_secret found;
    const enum fault  fault = caller_app(cx, ask->client_id, &found);
    if (fault == FAULT_UNAUTHENTICATED)
        return fail(cx, FAULT_INVALID, .field = "client_id", .how = HOW_UNKNOWN, .because = "no such application");
    TRY(fault);
    ask->app = found.app;
    if (!app_redirects_to(&ask->app, ask->redirect_uri))
        return fail(cx, FAULT_INVALID, .field = "redirect_uri", .how = HOW_OTHER,
                    .because = "it is not registered for this application");
    return OK;
}

/* The other ways to sign in are somebody else's servers. */
static bool known_elsewhere(str login_type)
{
    static const char *const words[] = { "ding", "ding_sns", "ram", "wechat", "wechat_app", "custom" };
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_eq(login_type, str_of(words[i])))
            return true;
    return false;
}

static void check_words(struct cx *cx, struct authorize *ask, struct authorized *out)
{
    str unknown;
    if (!ask->response_type.n)
        send_error(cx, ask, "invalid_request", "response_type is missing", out);
    else if (!str_eq(ask->response_type, S("code")))
        send_error(cx, ask, "unsupported_response_type", "response_type is not code", out);
    else if (!ask->login_type.n)
        send_error(cx, ask, "invalid_request", "login_type is missing", out);
    else if (known_elsewhere(ask->login_type)) {
        pds_not_here(cx, "login_type");
        send_error(cx, ask, "invalid_request", "this login_type is not offered here; default is", out);
    } else if (!str_eq(ask->login_type, S("default")))
        send_error(cx, ask, "invalid_request", "login_type is none that there is", out);
    else if (!pds_scope_read(cx->arena, &ask->scope, &ask->scopes, &unknown))
        send_error(cx, ask, "invalid_scope", "a scope is none that there is", out);
}

/* Finds the app; what is wrong with the rest is in out->location. */
static enum fault consider(struct cx *cx, struct authorize *ask, struct authorized *out)
{
    TRY(find_app(cx, ask));
    check_words(cx, ask, out);
    return OK;
}

static struct consent consent_of(struct cx *cx, const struct authorize *ask, struct authorized *out)
{
    return (struct consent){ .app_name = ask->app.name, .client_id = ask->client_id, .redirect_uri = ask->redirect_uri,
                             .login_type = ask->login_type, .response_type = ask->response_type, .scopes = ask->scopes,
                             .state = ask->state, .hide_consent = ask->hide_consent, .account = ask->account,
                             .cookie = consent_cookie(cx, ask->cookie, &out->set_cookie) };
}

static void show_page(struct cx *cx, struct consent *consent, const char *message, struct authorized *out)
{
    consent->message = message;
    out->page = consent_page(cx, consent);
    out->policy = consent_policy(cx, consent->redirect_uri);
}

static enum fault authorize(struct cx *cx, const void *in, void *out)
{
    struct authorize   ask = *(const struct authorize *)in;
    struct authorized *answer = out;
    TRY(consider(cx, &ask, answer));
    if (answer->location.p)
        return OK;
    struct consent consent = consent_of(cx, &ask, answer);
    show_page(cx, &consent, NULL, answer);
    return OK;
}

/* ---- the form ---- */

/* What a browser says of where the form was sent from, where it says anything. */
static enum fault check_origin(struct cx *cx, const struct authorize *ask)
{
    const str authority = str_from(ask->origin, str_find_str(ask->origin, S("://"), 0) + 3);
    const bool elsewhere = ask->fetch_site.p ? !str_eq(ask->fetch_site, S("same-origin"))
                                             : ask->origin.p && !str_eq_ascii_case(authority, ask->host);
    if (elsewhere)
        return fail(cx, FAULT_FORBIDDEN, .because = "the form was sent from another site");
    return OK;
}

static enum fault sign_in(struct cx *cx, struct authorize *ask, struct consent *consent, struct authorized *out)
{
    struct user user;
    const enum fault fault = user_sign_in(cx, ask->account, ask->password, &user);
    if (fault == FAULT_UNAUTHENTICATED) {
        cx->why = (struct failure){ 0 };
        show_page(cx, consent, "Login or password is wrong.", out);
        return OK;
    }
    TRY(fault);
    if (ask->app.user.v && ask->app.user.v != user.id.v)
        send_error(cx, ask, "access_denied", "the application is bound to another user", out);
    ask->user = user.id;
    return OK;
}

/* On a worker: a password takes long to check. */
static enum fault form_prepare(struct cx *cx, void *in, void *out)
{
    struct authorize  *ask = in;
    struct authorized *answer = out;
    TRY(check_origin(cx, ask));
    TRY(consider(cx, ask, answer));
    if (answer->location.p)
        return OK;
    struct consent consent = consent_of(cx, ask, answer);
    if (!consent_ticket_fits(cx, &consent, ask->ticket))
        show_page(cx, &consent, "The page was open for too long, or cookies are off. Please try again.", answer);
    else if (str_eq(ask->decision, S("deny")))
        send_error(cx, ask, "access_denied", "the person said no", answer);
    else if (!ask->account.n || !ask->password.n)
        show_page(cx, &consent, "Login and password are needed.", answer);
    else
        return sign_in(cx, ask, &consent, answer);
    return OK;
}

static enum fault form(struct cx *cx, const void *in, void *out)
{
    const struct authorize *ask = in;
    struct authorized      *answer = out;
    str code;
    if (answer->location.p || answer->page.p)
        return OK;
    TRY(code_issue(cx, &(struct code_want){ .user = ask->user, .app = ask->app.id, .redirect_uri = ask->redirect_uri,
                                            .scopes = ask->scopes, .state = ask->state }, &code));
    send_back(cx, ask, "code", code, NULL, answer);
    return OK;
}

#define PROOF "pds_oauth.test.mjs"

const struct op pds_authorize_ops[] = {
    { "Authorize", "GET", "/v2/oauth/authorize", "PDS API reference, 2022-03-01", ANYONE, READ, page_in,
      sizeof(struct authorize), authorized_rows, sizeof(struct authorized), authorize, .status = 200,
      .choose_status = status_of, .status_also = 302, .media = "text/html",
      .partial = "login_type other than default: those are the sign-ins of other servers", .proof = PROOF },
    { "AuthorizeForm", "POST", "/v2/oauth/authorize", "the form of Authorize's page, 2026", ANYONE, WRITE, form_in,
      sizeof(struct authorize), authorized_rows, sizeof(struct authorized), form, .status = 302, .prepare = form_prepare,
      .form_body = true, .choose_status = status_of, .status_also = 200, .media = "text/html", .proof = PROOF },
    { 0 }
};
