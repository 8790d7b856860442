#include "drive/caller.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/log.h"
#include "drive/site.h"
#include "store/people.h"
#include "store/store.h"

bool caller_is_admin(const struct caller *caller)
{
    return caller->role >= ROLE_ADMIN;
}

static struct caller *caller_new(struct cx *cx, const struct user *user, id app)
{
    struct caller *caller = ARENA_NEW(cx->arena, struct caller);
    *caller = (struct caller){ .domain = cx->site->domain.id, .app = app, .role = ROLE_SUPERADMIN, .by_app = app.v != 0 };
    if (user) {
        caller->user = user->id;
        caller->public_id = user->public_id;
        caller->name = user->name;
        caller->role = user->role;
    }
    return caller;
}

/* The user of a credential: gone or disabled is one answer. */
static enum fault enabled_user(struct cx *cx, id number, struct user *out)
{
    const enum fault fault = store_user(cx, number, out);
    if (fault == FAULT_NOT_FOUND || (fault == OK && (out->status != STATUS_ENABLED
                                                      || out->domain.v != cx->site->domain.id.v)))
        return fail(cx, FAULT_UNAUTHENTICATED, .thing = THING_USER, .how = HOW_UNKNOWN);
    return fault;
}

enum fault caller_of_user(struct cx *cx, id number, id app, struct caller **out)
{
    struct user user;
    TRY(enabled_user(cx, number, &user));
    *out = caller_new(cx, &user, app);
    return OK;
}

enum fault caller_of_app(struct cx *cx, const struct app *app, struct caller **out)
{
    struct user user;
    if (app->user.v)
        TRY(enabled_user(cx, app->user, &user));
    *out = caller_new(cx, app->user.v ? &user : NULL, app->id);
    return OK;
}

/* ---- sliding tokens: their end moves on at most ten times in their life, not with every request ---- */

struct slide {
    struct change change;
    struct cx     cx;
    id            token;
    instant       expires;
};

static enum fault slide_run(struct change *change, struct cx *cx)
{
    const struct slide *slide = change->owner;
    return store_token_extend(cx, slide->token, slide->expires);
}

static void slide_done(struct change *change, enum fault fault)
{
    struct slide *slide = change->owner;
    (void)fault;
    arena_free(&slide->cx.arena);
    free(slide);
}

static void slide_token(struct cx *cx, const struct token *token)
{
    const int64_t ttl_ms = token->ttl_s * 1000;
    if (!token->sliding || token->expires.ms - cx->now.ms > ttl_ms - ttl_ms / 10)
        return;
    struct slide *slide = calloc(1, sizeof *slide);
    if (!slide)
        return;
    slide->cx = (struct cx){ .arena = arena_new(), .now = cx->now };
    slide->token = token->id;
    slide->expires = (instant){ cx->now.ms + ttl_ms };
    slide->change = (struct change){ .run = slide_run, .done = slide_done, .cx = &slide->cx, .owner = slide };
    if (!store_submit(store_of(cx->db), &slide->change))
        slide_done(&slide->change, FAULT_UNAVAILABLE);
}

static bool opens_doors(int kind)
{
    return kind == TOKEN_ACCESS || kind == TOKEN_APP || kind == TOKEN_API_KEY;
}

static enum fault find_token(struct cx *cx, str text, struct token *out)
{
    if (!text.n || text.n > 128)
        return fail(cx, FAULT_UNAUTHENTICATED, .how = text.n ? HOW_UNKNOWN : HOW_MISSING);
    const enum fault fault = store_token(cx, sha256(cx->arena, text), out);
    if (fault == FAULT_NOT_FOUND || (fault == OK && (!opens_doors(out->kind) || out->domain.v != cx->site->domain.id.v)))
        return fail(cx, FAULT_UNAUTHENTICATED, .how = HOW_UNKNOWN);
    TRY(fault);
    if (out->expires.ms && out->expires.ms <= cx->now.ms)
        return fail(cx, FAULT_UNAUTHENTICATED, .how = HOW_EXPIRED);
    return OK;
}

/* A token that an app got for a user is the user's: the app is no principal then. */
static enum fault caller_of_row(struct cx *cx, const struct token *row, struct caller **out)
{
    struct user user;
    struct app  app;
    if (row->user.v) {
        TRY(enabled_user(cx, row->user, &user));
        *out = caller_new(cx, &user, ID_NONE);
        return OK;
    }
    if (store_app(cx, row->app, &app) != OK)
        return fail(cx, FAULT_UNAUTHENTICATED, .how = HOW_UNKNOWN);
    return caller_of_app(cx, &app, out);
}

enum fault caller_by_scoped_token(struct cx *cx, str token, struct caller **out)
{
    struct token row;
    TRY(find_token(cx, token, &row));
    TRY(caller_of_row(cx, &row, out));
    (*out)->expires = row.expires;
    (*out)->token = arena_copy(cx->arena, token);
    (*out)->scopes = row.scopes;
    slide_token(cx, &row);
    return OK;
}

enum fault caller_by_token(struct cx *cx, str token, struct caller **out)
{
    TRY(caller_by_scoped_token(cx, token, out));
    if ((*out)->scopes.p)
        return fail(cx, FAULT_UNAUTHENTICATED, .how = HOW_UNKNOWN,
                    .because = "the token is limited to scopes that are another vendor's");
    return OK;
}

enum fault caller_app(struct cx *cx, str key, struct app_secret *out)
{
    const enum fault fault = key.n && key.n <= 128 ? store_app_by_key(cx, key, &out->app) : FAULT_NOT_FOUND;
    if (fault == FAULT_NOT_FOUND || (fault == OK && out->app.domain.v != cx->site->domain.id.v))
        return fail(cx, FAULT_UNAUTHENTICATED, .thing = THING_APP, .how = HOW_UNKNOWN, .got = key);
    TRY(fault);
    out->secret = unseal(cx->arena, cx->site->seal_key, out->app.sealed_secret);
    if (!out->secret.p)
        return fail(cx, FAULT_INTERNAL, .thing = THING_APP, .because = "an app's secret cannot be read with this key");
    return OK;
}

enum fault caller_as(struct cx *cx, const struct caller *by, str public_id, struct caller **out)
{
    struct user user;
    const enum fault fault = public_id.n && public_id.n <= 256
                                 ? store_user_by_public_id(cx, cx->site->domain.id, public_id, &user) : FAULT_NOT_FOUND;
    if (fault != OK && fault != FAULT_NOT_FOUND)
        return fault;
    if (fault == FAULT_NOT_FOUND || user.status != STATUS_ENABLED)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_USER, .got = public_id);
    if (by->user.v && by->user.v != user.id.v)
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_USER, .got = public_id,
                    .because = "a user may only act as himself");
    *out = caller_new(cx, &user, by->app);
    (*out)->expires = by->expires;
    (*out)->token = by->token;
    return OK;
}
