/* store/tokens.c: rows of apps, tokens and sign-ins; declared in people.h. */
#include "store/people.h"

#include "store/rows.h"

/* ---- apps ---- */

#define ROW struct app
#define APP_COLUMNS "id, domain_id, user_id, kind, name, key, sealed_secret, public_key, redirects, created"
static const struct column app_columns[] = {
    { AT(ROW, id) }, { AT(ROW, domain) }, { AT(ROW, user) }, { AT(ROW, kind) }, { AT(ROW, name) }, { AT(ROW, key) },
    { AT(ROW, sealed_secret) }, { AT(ROW, public_key) }, { AT(ROW, redirects) }, { AT(ROW, created) },
};
#undef ROW

STMT app_insert = { "app_insert",
    "INSERT INTO apps (" APP_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING" };
STMT app_by_id = { "app_by_id", "SELECT " APP_COLUMNS " FROM apps WHERE id = $1" };
STMT app_by_key = { "app_by_key", "SELECT " APP_COLUMNS " FROM apps WHERE key = $1" };
STMT app_by_name = { "app_by_name",
    "SELECT " APP_COLUMNS " FROM apps WHERE domain_id = $1 AND name = $2" };
STMT apps_all = { "apps_all", "SELECT " APP_COLUMNS " FROM apps WHERE domain_id = $1 ORDER BY id" };
STMT app_delete = { "app_delete", "DELETE FROM apps WHERE id = $1" };

enum fault store_app_add(struct cx *cx, const struct app *a)
{
    int64_t changed = 0;
    const enum fault fault = store_exec(cx, &app_insert, ARGS(ARG(a->id), ARG(a->domain), ARG(a->user), ARG(a->kind),
        ARG(a->name), ARG(a->key), BYTES(a->sealed_secret), ARG(a->public_key), ARG(a->redirects), ARG(a->created)),
        &changed);
    return fault == OK && !changed ? FAULT_EXISTS : fault;
}

enum fault store_app(struct cx *cx, id app, struct app *out)
{
    return store_one(cx, &app_by_id, ARGS(ARG(app)), COLUMNS(app_columns), out);
}

enum fault store_app_by_key(struct cx *cx, str key, struct app *out)
{
    return store_one(cx, &app_by_key, ARGS(ARG(key)), COLUMNS(app_columns), out);
}

enum fault store_app_by_name(struct cx *cx, id domain, str name, struct app *out)
{
    return store_one(cx, &app_by_name, ARGS(ARG(domain), ARG(name)), COLUMNS(app_columns), out);
}

enum fault store_apps(struct cx *cx, id domain, struct list *out)
{
    return store_many(cx, &apps_all, ARGS(ARG(domain)), COLUMNS(app_columns), sizeof(struct app), out);
}

enum fault store_app_remove(struct cx *cx, id app)
{
    return store_exec(cx, &app_delete, ARGS(ARG(app)), NULL);
}

/* ---- tokens ---- */

#define ROW struct token
#define TOKEN_COLUMNS \
    "id, domain_id, user_id, app_id, kind, ttl_s, sliding, expires, sealed, twin, family, scopes, bound"
static const struct column token_columns[] = {
    { AT(ROW, id) }, { AT(ROW, domain) }, { AT(ROW, user) }, { AT(ROW, app) }, { AT(ROW, kind) }, { AT(ROW, ttl_s) },
    { AT(ROW, sliding) }, { AT(ROW, expires) }, { AT(ROW, sealed) }, { AT(ROW, twin) }, { AT(ROW, family) },
    { AT(ROW, scopes) }, { AT(ROW, bound) },
};
#undef ROW

STMT token_insert = { "token_insert",
    "INSERT INTO tokens (" TOKEN_COLUMNS ", hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)" };
STMT token_by_hash = { "token_by_hash", "SELECT " TOKEN_COLUMNS " FROM tokens WHERE hash = $1" };
STMT token_by_app = { "token_by_app",
    "SELECT " TOKEN_COLUMNS " FROM tokens WHERE app_id = $1 AND kind = $2 AND expires > $3 ORDER BY expires DESC LIMIT 1" };
STMT token_extend = { "token_extend", "UPDATE tokens SET expires = $2 WHERE id = $1 AND expires < $2" };
STMT token_delete = { "token_delete", "DELETE FROM tokens WHERE id = $1 OR twin = $1" };
STMT token_spend = { "token_spend", "UPDATE tokens SET kind = $2, twin = 0, expires = $3 WHERE id = $1" };
STMT tokens_delete_family = { "tokens_delete_family", "DELETE FROM tokens WHERE family = $1 AND family > 0" };
STMT tokens_delete_user = { "tokens_delete_user", "DELETE FROM tokens WHERE user_id = $1" };
STMT tokens_delete_app = { "tokens_delete_app", "DELETE FROM tokens WHERE app_id = $1" };
STMT tokens_delete_expired = { "tokens_delete_expired",
    "DELETE FROM tokens WHERE expires > 0 AND expires < $1" };

enum fault store_token_add(struct cx *cx, str hash, const struct token *t)
{
    return store_exec(cx, &token_insert, ARGS(ARG(t->id), ARG(t->domain), ARG(t->user), ARG(t->app), ARG(t->kind),
        ARG(t->ttl_s), ARG(t->sliding), ARG(t->expires), BYTES(t->sealed), ARG(t->twin), ARG(t->family), ARG(t->scopes),
        ARG(t->bound), BYTES(hash)), NULL);
}

enum fault store_token(struct cx *cx, str hash, struct token *out)
{
    return store_one(cx, &token_by_hash, ARGS(BYTES(hash)), COLUMNS(token_columns), out);
}

enum fault store_token_of_app(struct cx *cx, id app, int kind, instant alive_at, struct token *out)
{
    return store_one(cx, &token_by_app, ARGS(ARG(app), ARG(kind), ARG(alive_at)), COLUMNS(token_columns), out);
}

enum fault store_token_extend(struct cx *cx, id token, instant expires)
{
    return store_exec(cx, &token_extend, ARGS(ARG(token), ARG(expires)), NULL);
}

enum fault store_token_remove(struct cx *cx, id token)
{
    return store_exec(cx, &token_delete, ARGS(ARG(token)), NULL);
}

enum fault store_token_spend(struct cx *cx, id token, instant remembered)
{
    const int spent = TOKEN_SPENT;
    return store_exec(cx, &token_spend, ARGS(ARG(token), ARG(spent), ARG(remembered)), NULL);
}

enum fault store_tokens_remove_of_family(struct cx *cx, id family)
{
    return store_exec(cx, &tokens_delete_family, ARGS(ARG(family)), NULL);
}

enum fault store_tokens_remove_of_user(struct cx *cx, id user)
{
    return store_exec(cx, &tokens_delete_user, ARGS(ARG(user)), NULL);
}

enum fault store_tokens_remove_of_app(struct cx *cx, id app)
{
    return store_exec(cx, &tokens_delete_app, ARGS(ARG(app)), NULL);
}

enum fault store_tokens_remove_expired(struct cx *cx, instant before)
{
    return store_exec(cx, &tokens_delete_expired, ARGS(ARG(before)), NULL);
}

/* ---- sign-ins ---- */

STMT sign_in_insert = { "sign_in_insert",
    "INSERT INTO sign_ins (user_id, first) VALUES ($1, $2) ON CONFLICT DO NOTHING" };

enum fault store_sign_in(struct cx *cx, id user, instant at, bool *first)
{
    int64_t changed = 0;
    TRY(store_exec(cx, &sign_in_insert, ARGS(ARG(user), ARG(at)), &changed));
    *first = changed > 0;
    return OK;
}
