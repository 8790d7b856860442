/* dialect/koodrive/auth.c: who asks: by a token, or by an app's signature for a user.
 *
 * X-Date is checked whenever it is there, X-User-Id too: a header that names somebody else than the
 * credential does is refused, never believed. Both may be absent beside a token (the rows of each
 * operation note that), not beside a signature.
 * Source: "Authentication", both books */
#include "dialect/koodrive/inner.h"

#include "base/clock.h"
#include "base/hash.h"
#include "dialect/koodrive/signature.h"
#include "dialect/koodrive/token.h"
#include "drive/nonces.h"

enum { WINDOW_MS = 15 * 60 * 1000, LEAD_MS = 5000 };

/* ---- headers ---- */

/* Two of one header: which of them counts is what two readers would disagree about. */
static enum fault header_once(struct call *call, const char *name, str *out)
{
    *out = http_header(call->http, name);
    if (out->p && http_header_count(call->http, name) > 1)
        return fail(call->cx, FAULT_INVALID, .field = name, .how = HOW_FORM, .because = "given more than once");
    return OK;
}

/* "Not later than now", as the page has it, leaves no room for clocks that differ. */
static enum fault check_date(struct cx *cx, str date)
{
    instant t;
    date = str_trim(date);
    if (!instant_read(date, INSTANT_COMPACT, &t))
        return fail(cx, FAULT_INVALID, .field = "X-Date", .how = HOW_FORM,
                    .because = "yyyyMMdd'T'HHmmss'Z' in UTC, like 20260501T080000Z");
    if (cx->now.ms - t.ms > WINDOW_MS)
        return fail(cx, FAULT_UNAUTHENTICATED, .field = "X-Date", .how = HOW_EXPIRED,
                    .because = "X-Date is more than 15 minutes old");
    if (t.ms - cx->now.ms > (cx->strict ? 0 : LEAD_MS))
        return fail(cx, FAULT_UNAUTHENTICATED, .field = "X-Date", .how = HOW_EXPIRED,
                    .because = "X-Date is later than now");
    if (t.ms > cx->now.ms)
        return contract_tolerate(cx, "X-Date", "clocks differ by a few seconds; the vendor's page allows none");
    return OK;
}

static enum fault not_the_user(struct cx *cx)
{
    return fail(cx, FAULT_UNAUTHENTICATED, .field = "X-User-Id", .how = HOW_OTHER,
                .because = "X-User-Id names another user than the credential, or nobody");
}

/* An app acts as the user it names; whoever that cannot be, the answer is one. */
static enum fault act_as(struct cx *cx, const struct caller *app, str user_id, struct caller **out)
{
    const enum fault fault = caller_as(cx, app, user_id, out);
    return fault == FAULT_NOT_FOUND || fault == FAULT_FORBIDDEN ? not_the_user(cx) : fault;
}

/* ---- tokens ---- */

static bool has_name(const struct call *call, const char *name)
{
    return strcmp(call->op->name, name) == 0;
}

static enum fault by_token(struct call *call, str authorization, str user_id, struct caller **out)
{
    struct cx *cx = call->cx;
    const struct koodrive_token token = koodrive_read_token(authorization);
    const enum fault fault = caller_by_token(cx, token.token, out);
    /* Renewing is what one does when the token has ended; the refresh token is the proof there. */
    if (fault == FAULT_UNAUTHENTICATED && cx->why.how == HOW_EXPIRED && has_name(call, "RefreshToken")) {
        *out = NULL;
        return OK;
    }
    if (fault == FAULT_UNAUTHENTICATED)
        return fail(cx, fault, .field = "Authorization", .how = cx->why.how,
                    .because = cx->why.how == HOW_EXPIRED ? "the token has expired" : "no such token");
    TRY(fault);
    if (token.lenient)
        TRY(contract_tolerate(cx, "Authorization", token.lenient));
    if (!user_id.p)
        return OK;
    if ((*out)->by_app)
        return act_as(cx, *out, user_id, out);
    return str_eq((*out)->public_id, user_id) ? OK : not_the_user(cx);
}

/* ---- signatures ---- */

static str signed_header(const void *arg, str name)
{
    const struct call *call = arg;
    const char *z = arena_z(call->cx->arena, name);
    return http_header_count(call->http, z) == 1 ? http_header(call->http, z) : S0;
}

static enum fault bad_signature(struct cx *cx, enum how how, const char *because)
{
    return fail(cx, FAULT_BAD_SIGNATURE, .field = "Authorization", .how = how, .because = because);
}

static enum fault check_signature(struct call *call, const struct koodrive_signature *given, str secret)
{
    struct cx *cx = call->cx;
    const struct koodrive_signed request = {
        .method = http_method(call->http), .path = http_path(call->http), .query = http_query(call->http),
        .body = http_body(call->http), .header = signed_header, .arg = call,
    };
    const str canonical = koodrive_canonical(cx->arena, &request, given->signed_headers);
    if (!canonical.p)
        return bad_signature(cx, HOW_FORM, "a signed header is missing or given twice, or the query is malformed");
    if (!bytes_equal_secretly(koodrive_sign(cx->arena, secret, canonical), given->signature))
        return bad_signature(cx, HOW_OTHER, "it is not the one of this request");
    /* X-Date counts seconds, so two honest reads in one second are the same bytes. */
    if (call->op->effect == WRITE && !nonce_fresh(cx, given->signature, WINDOW_MS + LEAD_MS))
        return bad_signature(cx, HOW_REPLAYED, "this signed request was used before");
    return OK;
}

static enum fault by_signature(struct call *call, str authorization, str user_id, str date, struct caller **out)
{
    struct cx                *cx = call->cx;
    struct koodrive_signature given;
    struct app_secret         app;
    struct caller            *of_app;
    if (!koodrive_read_signature(authorization, &given))
        return bad_signature(cx, HOW_FORM,
                             "HMAC-SHA256 AppId=...,SignedHeaders=...,Signature=... with x-date and x-user-id signed");
    if (!user_id.n || !date.n)
        return fail(cx, FAULT_UNAUTHENTICATED, .field = user_id.n ? "X-Date" : "X-User-Id", .how = HOW_MISSING,
                    .because = "an app's signature needs X-User-Id and X-Date");
    const enum fault fault = caller_app(cx, given.app_id, &app);
    if (fault == FAULT_UNAUTHENTICATED)
        return bad_signature(cx, HOW_UNKNOWN, "no such AppId");
    TRY(fault);
    TRY(check_signature(call, &given, app.secret));
    TRY(caller_of_app(cx, &app.app, &of_app));
    return act_as(cx, of_app, user_id, out);
}

/* Sessions are a person's: their pages take a token only. */
static bool takes_signatures(const struct call *call)
{
    return !has_name(call, "RefreshToken") && !has_name(call, "Logout");
}

enum fault koodrive_identify(struct call *call)
{
    struct cx     *cx = call->cx;
    struct caller *caller = NULL;
    str authorization, user_id, date;
    TRY(header_once(call, "Authorization", &authorization));
    TRY(header_once(call, "X-User-Id", &user_id));
    TRY(header_once(call, "X-Date", &date));
    authorization = str_trim(authorization);
    user_id = user_id.p ? str_trim(user_id) : user_id;
    if (!authorization.n)
        return fail(cx, FAULT_UNAUTHENTICATED, .field = "Authorization", .how = HOW_MISSING,
                    .because = "the header Authorization is required");
    if (date.p)
        TRY(check_date(cx, date));
    if (!koodrive_is_signature(authorization))
        TRY(by_token(call, authorization, user_id, &caller));
    else if (takes_signatures(call))
        TRY(by_signature(call, authorization, user_id, date, &caller));
    else
        return bad_signature(cx, HOW_OTHER, "this operation takes a user's token");
    cx->caller = caller;
    return OK;
}
