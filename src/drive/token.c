#include "drive/token.h"

#include "base/encode.h"
#include "base/hash.h"
#include "drive/site.h"
#include "drive/user.h"
#include "store/people.h"
#include "store/store.h"

enum { REFRESH_TTL_S = 30 * 24 * 3600, TEXT_MAX = 128 };

static str random_text(struct arena *arena)
{
    char raw[24];
    random_bytes(raw, sizeof raw);
    return hex_lower(arena, (str){ raw, sizeof raw });
}

/* Numbers and hashes `row`, and gives the text that nobody can know but who gets it. */
static enum fault add(struct cx *cx, struct token *row, str *text)
{
    const str hex = random_text(cx->arena);
    row->domain = cx->site->domain.id;
    row->expires = (instant){ row->ttl_s ? cx->now.ms + row->ttl_s * 1000 : 0 };
    *text = row->kind == TOKEN_API_KEY ? arena_print(cx->arena, "uk-%.*s", STR_ARG(hex)) : hex;
    if (row->kind == TOKEN_APP)
        row->sealed = seal(cx->arena, cx->site->seal_key, *text);
    if (!row->id.v)
        TRY(store_next_id(cx, &row->id));
    return store_token_add(cx, sha256(cx->arena, *text), row);
}

static struct token row_of(const struct token_want *want)
{
    return (struct token){ .user = want->user, .app = want->app, .kind = want->kind, .ttl_s = want->ttl_s,
                           .sliding = want->sliding, .scopes = want->scopes.n ? want->scopes : S0 };
}

/* No note: what is not found means another thing to everybody. */
static enum fault find(struct cx *cx, str text, struct token *out)
{
    if (!text.n || text.n > TEXT_MAX)
        return FAULT_NOT_FOUND;
    TRY(store_token(cx, sha256(cx->arena, text), out));
    return out->domain.v == cx->site->domain.id.v ? OK : FAULT_NOT_FOUND;
}

enum fault token_issue(struct cx *cx, const struct token_want *want, str *text)
{
    struct user  user;
    struct token row = row_of(want);
    if (want->user.v) {
        TRY(user_get(cx, want->user, &user));
        if (user.status != STATUS_ENABLED)
            return fail(cx, FAULT_DISABLED, .thing = THING_USER);
    }
    return add(cx, &row, text);
}

enum fault token_of_app(struct cx *cx, id app, int64_t ttl_s, str *text)
{
    struct token row;
    const enum fault fault = store_token_of_app(cx, app, TOKEN_APP, cx->now, &row);
    if (fault != OK && fault != FAULT_NOT_FOUND)
        return fault;
    *text = fault == OK ? unseal(cx->arena, cx->site->seal_key, row.sealed) : S0;
    if (text->p)
        return store_token_extend(cx, row.id, (instant){ cx->now.ms + ttl_s * 1000 });
    row = (struct token){ .app = app, .kind = TOKEN_APP, .ttl_s = ttl_s };
    return add(cx, &row, text);
}

/* ---- pairs and their families ---- */

enum fault token_pair_grant(struct cx *cx, const struct token_want *want, id family, struct token_pair *out)
{
    struct token access = row_of(want), refresh = row_of(want);
    *out = (struct token_pair){ .ttl_s = want->ttl_s, .issued = cx->now };
    TRY(store_next_id(cx, &access.id));
    access.kind = TOKEN_ACCESS;
    access.family = family.v ? family : access.id;
    refresh.kind = TOKEN_REFRESH;
    refresh.ttl_s = REFRESH_TTL_S;
    refresh.sliding = false;
    refresh.family = access.family;
    refresh.twin = access.id;
    TRY(add(cx, &access, &out->access));
    return add(cx, &refresh, &out->refresh);
}

enum fault token_pair_issue(struct cx *cx, id user, int64_t ttl_s, bool sliding, struct token_pair *out)
{
    return token_pair_grant(cx, &(struct token_want){ .user = user, .ttl_s = ttl_s, .sliding = sliding }, ID_NONE, out);
}

static enum fault bad_refresh(struct cx *cx, enum how how)
{
    return fail(cx, FAULT_UNAUTHENTICATED, .field = "refresh_token", .how = how);
}

/* Who holds it may be a thief, or the one it was stolen from: neither keeps anything. */
static enum fault end_family(struct cx *cx, const struct token *row)
{
    cx->refusal_stands = true;
    return store_tokens_remove_of_family(cx, row->family);
}

/* The user is still let in, or the app is still there. */
static enum fault check_holder(struct cx *cx, const struct token *row)
{
    struct user user;
    struct app  app;
    const enum fault fault = row->user.v ? user_get(cx, row->user, &user) : store_app(cx, row->app, &app);
    if (fault == FAULT_NOT_FOUND || (fault == OK && row->user.v && user.status != STATUS_ENABLED))
        return bad_refresh(cx, HOW_UNKNOWN);
    return fault;
}

static enum fault find_refresh(struct cx *cx, str refresh, struct token *row)
{
    *row = (struct token){ 0 };
    const enum fault fault = find(cx, refresh, row);
    const bool is_one = row->kind == TOKEN_REFRESH || (row->kind == TOKEN_SPENT && !row->bound.p);
    if (fault == FAULT_NOT_FOUND || (fault == OK && !is_one))
        return bad_refresh(cx, HOW_UNKNOWN);
    return fault;
}

enum fault token_refresh_find(struct cx *cx, str refresh, struct token *out)
{
    return find_refresh(cx, refresh, out);
}

static enum fault renew(struct cx *cx, const struct token *row, int64_t ttl_s, bool sliding, struct token_pair *out)
{
    const struct token_want want = { .user = row->user, .app = row->app, .ttl_s = ttl_s, .sliding = sliding,
                                     .scopes = row->scopes };
    if (row->kind == TOKEN_SPENT) {
        TRY(end_family(cx, row));
        return bad_refresh(cx, HOW_REPLAYED);
    }
    if (row->expires.ms <= cx->now.ms)
        return bad_refresh(cx, HOW_EXPIRED);
    TRY(check_holder(cx, row));
    TRY(store_token_spend(cx, row->id, row->expires));
    TRY(store_token_remove(cx, row->twin));
    return token_pair_grant(cx, &want, row->family, out);
}

enum fault token_pair_refresh(struct cx *cx, str refresh, int64_t ttl_s, bool sliding, struct token_pair *out, id *user)
{
    struct token row;
    TRY(find_refresh(cx, refresh, &row));
    if (!row.user.v || row.app.v) /* an app that has a secret must show it to renew what it got */
        return bad_refresh(cx, HOW_UNKNOWN);
    *user = row.user;
    return renew(cx, &row, ttl_s, sliding, out);
}

enum fault token_pair_renew(struct cx *cx, str refresh, id app, int64_t ttl_s, struct token_pair *out, struct token *was)
{
    TRY(find_refresh(cx, refresh, was));
    if (app.v && was->app.v != app.v)
        return bad_refresh(cx, HOW_UNKNOWN);
    return renew(cx, was, ttl_s, false, out);
}

/* ---- ending ---- */

static enum fault find_to_revoke(struct cx *cx, str text, struct token *row)
{
    const enum fault fault = find(cx, text, row);
    return fault == FAULT_NOT_FOUND ? fail(cx, FAULT_NOT_FOUND, .because = "no such token") : fault;
}

enum fault token_revoke(struct cx *cx, str text)
{
    struct token row;
    TRY(find_to_revoke(cx, text, &row));
    return store_token_remove(cx, row.id);
}

enum fault token_family_revoke(struct cx *cx, str text)
{
    struct token row;
    TRY(find_to_revoke(cx, text, &row));
    return row.family.v ? store_tokens_remove_of_family(cx, row.family) : store_token_remove(cx, row.id);
}

/* ---- codes ---- */

enum fault code_issue(struct cx *cx, const struct code_want *want, str *text)
{
    struct token row = { .user = want->user, .app = want->app, .kind = TOKEN_CODE, .ttl_s = CODE_TTL_S,
                         .scopes = want->scopes.n ? want->scopes : S0 };
    row.bound = arena_print(cx->arena, "%.*s\n%.*s", STR_ARG(want->redirect_uri), STR_ARG(want->state));
    TRY(store_next_id(cx, &row.id));
    row.family = row.id;
    return add(cx, &row, text);
}

static enum fault bad_code(struct cx *cx, enum how how, const char *because)
{
    return fail(cx, FAULT_UNAUTHENTICATED, .field = "code", .how = how, .because = because);
}

static void read_code(const struct token *row, struct code_want *out)
{
    const size_t end = str_find(row->bound, '\n', 0);
    *out = (struct code_want){ .user = row->user, .app = row->app, .scopes = row->scopes,
                               .redirect_uri = str_cut(row->bound, end), .state = str_from(row->bound, end + 1) };
}

enum fault code_redeem(struct cx *cx, str code, id app, str redirect_uri, int64_t ttl_s, struct token_pair *out,
                       struct code_want *was)
{
    struct token row = { 0 };
    const enum fault fault = find(cx, code, &row);
    if (fault == FAULT_NOT_FOUND || (fault == OK && (!row.bound.p || row.app.v != app.v)))
        return bad_code(cx, HOW_UNKNOWN, "no code of this client");
    TRY(fault);
    if (row.kind == TOKEN_SPENT) {
        TRY(end_family(cx, &row));
        return bad_code(cx, HOW_REPLAYED, "the code was used before; what it gave has ended");
    }
    read_code(&row, was);
    if (row.expires.ms <= cx->now.ms)
        return bad_code(cx, HOW_EXPIRED, "the code is older than 5 minutes");
    if (!str_eq(redirect_uri, was->redirect_uri))
        return fail(cx, FAULT_INVALID, .field = "redirect_uri", .how = HOW_OTHER,
                    .because = "not the one that the code was asked for with");
    if (check_holder(cx, &row) != OK)
        return bad_code(cx, HOW_UNKNOWN, "the user is let in no more");
    TRY(store_token_spend(cx, row.id, (instant){ cx->now.ms + INT64_C(1000) * REFRESH_TTL_S }));
    const struct token_want want = { .user = row.user, .app = app, .ttl_s = ttl_s, .scopes = row.scopes };
    return token_pair_grant(cx, &want, row.family, out);
}
