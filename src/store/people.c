#include "store/people.h"

#include "store/rows.h"

#define ROW struct domain
#define DOMAIN_COLUMNS \
    "id, name, epoch, single_drive, instant_any_owner, bin_days, staff_drive, staff_group, title, description, " \
    "first_drive, first_drive_quota, size_quota, charged, user_quota, user_count, created, modified"
static const struct column domain_columns[] = {
    { AT(ROW, id) }, { AT(ROW, name) }, { AT(ROW, epoch) }, { AT(ROW, single_drive) },
    { AT(ROW, instant_any_owner) }, { AT(ROW, bin_days) }, { AT(ROW, staff_drive) }, { AT(ROW, staff_group) },
    { AT(ROW, title) }, { AT(ROW, description) }, { AT(ROW, first_drive) }, { AT(ROW, first_drive_quota) },
    { AT(ROW, size_quota) }, { AT(ROW, charged) }, { AT(ROW, user_quota) }, { AT(ROW, user_count) },
    { AT(ROW, created) }, { AT(ROW, modified) },
};
#undef ROW

STMT domain_by_name = { "domain_by_name", "SELECT " DOMAIN_COLUMNS " FROM domains WHERE name = $1" };
STMT domain_first = { "domain_first", "SELECT " DOMAIN_COLUMNS " FROM domains ORDER BY id LIMIT 1" };
STMT domain_insert = { "domain_insert",
    "INSERT INTO domains (id, name, epoch, single_drive, instant_any_owner, bin_days, staff_drive, staff_group,"
    " created, modified) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)" };
STMT domain_by_id = { "domain_by_id", "SELECT " DOMAIN_COLUMNS " FROM domains WHERE id = $1" };
STMT domain_update = { "domain_update",
    "UPDATE domains SET title = $2, description = $3, first_drive = $4, first_drive_quota = $5, size_quota = $6,"
    " user_quota = $7, single_drive = $8, modified = $9 WHERE id = $1" };
STMT domain_count_user = { "domain_count_user",
    "UPDATE domains SET user_count = user_count + $2 WHERE id = $1"
    " AND ($2 < 0 OR user_quota = 0 OR user_count + $2 <= user_quota)" };
STMT domain_staff = { "domain_staff",
    "UPDATE domains SET staff_drive = $2, staff_group = $3 WHERE id = $1" };

enum fault store_domain(struct cx *cx, str name, struct domain *out)
{
    return store_one(cx, &domain_by_name, ARGS(ARG(name)), COLUMNS(domain_columns), out);
}

enum fault store_domain_any(struct cx *cx, struct domain *out)
{
    return store_one(cx, &domain_first, NO_ARGS, COLUMNS(domain_columns), out);
}

enum fault store_domain_add(struct cx *cx, const struct domain *d)
{
    return store_exec(cx, &domain_insert, ARGS(ARG(d->id), ARG(d->name), ARG(d->epoch), ARG(d->single_drive),
                      ARG(d->instant_any_owner), ARG(d->bin_days), ARG(d->staff_drive), ARG(d->staff_group), ARG(d->created)), NULL);
}

enum fault store_domain_by_id(struct cx *cx, id domain, struct domain *out)
{
    return store_one(cx, &domain_by_id, ARGS(ARG(domain)), COLUMNS(domain_columns), out);
}

enum fault store_domain_update(struct cx *cx, const struct domain *d)
{
    return store_exec(cx, &domain_update, ARGS(ARG(d->id), ARG(d->title), ARG(d->description), ARG(d->first_drive),
        ARG(d->first_drive_quota), ARG(d->size_quota), ARG(d->user_quota), ARG(d->single_drive), ARG(cx->now)), NULL);
}

enum fault store_domain_count_user(struct cx *cx, id domain, int by, bool *fits)
{
    int64_t changed = 0;
    TRY(store_exec(cx, &domain_count_user, ARGS(ARG(domain), ARG(by)), &changed));
    *fits = changed > 0;
    return OK;
}

enum fault store_domain_set_staff(struct cx *cx, id domain, id drive, id group)
{
    return store_exec(cx, &domain_staff, ARGS(ARG(domain), ARG(drive), ARG(group)), NULL);
}

/* ---- users ---- */

#define ROW struct user
#define USER_COLUMNS \
    "id, domain_id, default_drive, public_id, login, name, phone, email, description, password, role, status, " \
    "created, modified"
static const struct column user_columns[] = {
    { AT(ROW, id) }, { AT(ROW, domain) }, { AT(ROW, default_drive) }, { AT(ROW, public_id) }, { AT(ROW, login) },
    { AT(ROW, name) }, { AT(ROW, phone) }, { AT(ROW, email) }, { AT(ROW, description) }, { AT(ROW, password) },
    { AT(ROW, role) }, { AT(ROW, status) }, { AT(ROW, created) }, { AT(ROW, modified) },
};
#undef ROW

STMT user_insert = { "user_insert",
    "INSERT INTO users (" USER_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    " ON CONFLICT DO NOTHING" };
STMT user_by_id = { "user_by_id", "SELECT " USER_COLUMNS " FROM users WHERE id = $1" };
STMT user_by_public_id = { "user_by_public_id",
    "SELECT " USER_COLUMNS " FROM users WHERE domain_id = $1 AND public_id = $2" };
STMT user_by_login = { "user_by_login",
    "SELECT " USER_COLUMNS " FROM users WHERE domain_id = $1 AND login = $2" };
STMT user_by_phone = { "user_by_phone",
    "SELECT " USER_COLUMNS " FROM users WHERE domain_id = $1 AND phone = $2" };
STMT user_by_email = { "user_by_email",
    "SELECT " USER_COLUMNS " FROM users WHERE domain_id = $1 AND email = $2" };
STMT users_after = { "users_after",
    "SELECT " USER_COLUMNS " FROM users WHERE domain_id = $1 AND id > $2 ORDER BY id LIMIT $3" };
STMT user_password = { "user_password", "UPDATE users SET password = $2, modified = $3 WHERE id = $1" };
STMT user_status = { "user_status", "UPDATE users SET status = $2, modified = $3 WHERE id = $1" };
STMT user_default = { "user_default", "UPDATE users SET default_drive = $2 WHERE id = $1" };
STMT user_delete = { "user_delete", "DELETE FROM users WHERE id = $1" };
STMT user_update = { "user_update",
    "UPDATE users SET phone = $2, email = $3, description = $4, role = $5, modified = $6 WHERE id = $1" };
STMT superadmins_count = { "superadmins_count",
    "SELECT COUNT(*) FROM users WHERE domain_id = $1 AND role = 3 AND status = 1" };

/* An insert that ON CONFLICT left out is told as EXISTS, so that the transaction goes on on both databases. */
static enum fault inserted(enum fault fault, int64_t changed)
{
    return fault == OK && !changed ? FAULT_EXISTS : fault;
}

enum fault store_user_add(struct cx *cx, const struct user *u)
{
    int64_t changed = 0;
    const enum fault fault = store_exec(cx, &user_insert, ARGS(ARG(u->id), ARG(u->domain), ARG(u->default_drive),
        ARG(u->public_id), ARG(u->login), ARG(u->name), ARG(u->phone), ARG(u->email), ARG(u->description),
        ARG(u->password), ARG(u->role), ARG(u->status), ARG(u->created), ARG(u->modified)), &changed);
    return inserted(fault, changed);
}

enum fault store_user(struct cx *cx, id user, struct user *out)
{
    return store_one(cx, &user_by_id, ARGS(ARG(user)), COLUMNS(user_columns), out);
}

enum fault store_user_by_public_id(struct cx *cx, id domain, str public_id, struct user *out)
{
    return store_one(cx, &user_by_public_id, ARGS(ARG(domain), ARG(public_id)), COLUMNS(user_columns), out);
}

enum fault store_user_by_login(struct cx *cx, id domain, str login, struct user *out)
{
    return store_one(cx, &user_by_login, ARGS(ARG(domain), ARG(login)), COLUMNS(user_columns), out);
}

enum fault store_user_by_phone(struct cx *cx, id domain, str phone, struct user *out)
{
    return store_one(cx, &user_by_phone, ARGS(ARG(domain), ARG(phone)), COLUMNS(user_columns), out);
}

enum fault store_user_by_email(struct cx *cx, id domain, str email, struct user *out)
{
    return store_one(cx, &user_by_email, ARGS(ARG(domain), ARG(email)), COLUMNS(user_columns), out);
}

enum fault store_users(struct cx *cx, id domain, id after, int limit, struct list *out)
{
    return store_many(cx, &users_after, ARGS(ARG(domain), ARG(after), ARG(limit)), COLUMNS(user_columns),
                      sizeof(struct user), out);
}

enum fault store_user_set_password(struct cx *cx, id user, str password)
{
    return store_exec(cx, &user_password, ARGS(ARG(user), ARG(password), ARG(cx->now)), NULL);
}

enum fault store_user_set_status(struct cx *cx, id user, int status)
{
    return store_exec(cx, &user_status, ARGS(ARG(user), ARG(status), ARG(cx->now)), NULL);
}

enum fault store_user_set_default_drive(struct cx *cx, id user, id drive)
{
    return store_exec(cx, &user_default, ARGS(ARG(user), ARG(drive)), NULL);
}

enum fault store_user_update(struct cx *cx, const struct user *u)
{
    return store_exec(cx, &user_update, ARGS(ARG(u->id), ARG(u->phone), ARG(u->email), ARG(u->description), ARG(u->role),
        ARG(cx->now)), NULL);
}

enum fault store_user_remove(struct cx *cx, id user)
{
    return store_exec(cx, &user_delete, ARGS(ARG(user)), NULL);
}

enum fault store_superadmins(struct cx *cx, id domain, int64_t *count)
{
    return store_number(cx, &superadmins_count, ARGS(ARG(domain)), 0, count);
}

/* ---- apps ---- */

#define ROW struct app
#define APP_COLUMNS "id, domain_id, user_id, name, key, sealed_secret, public_key, created"
static const struct column app_columns[] = {
    { AT(ROW, id) }, { AT(ROW, domain) }, { AT(ROW, user) }, { AT(ROW, name) }, { AT(ROW, key) },
    { AT(ROW, sealed_secret) }, { AT(ROW, public_key) }, { AT(ROW, created) },
};
#undef ROW

STMT app_insert = { "app_insert",
    "INSERT INTO apps (" APP_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING" };
STMT app_by_id = { "app_by_id", "SELECT " APP_COLUMNS " FROM apps WHERE id = $1" };
STMT app_by_key = { "app_by_key", "SELECT " APP_COLUMNS " FROM apps WHERE key = $1" };
STMT app_by_name = { "app_by_name",
    "SELECT " APP_COLUMNS " FROM apps WHERE domain_id = $1 AND name = $2" };
STMT apps_all = { "apps_all", "SELECT " APP_COLUMNS " FROM apps WHERE domain_id = $1 ORDER BY id" };
STMT app_delete = { "app_delete", "DELETE FROM apps WHERE id = $1" };

enum fault store_app_add(struct cx *cx, const struct app *a)
{
    int64_t changed = 0;
    const enum fault fault = store_exec(cx, &app_insert, ARGS(ARG(a->id), ARG(a->domain), ARG(a->user), ARG(a->name),
        ARG(a->key), BYTES(a->sealed_secret), ARG(a->public_key), ARG(a->created)), &changed);
    return inserted(fault, changed);
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
#define TOKEN_COLUMNS "id, domain_id, user_id, app_id, kind, ttl_s, sliding, expires, sealed, twin"
static const struct column token_columns[] = {
    { AT(ROW, id) }, { AT(ROW, domain) }, { AT(ROW, user) }, { AT(ROW, app) }, { AT(ROW, kind) }, { AT(ROW, ttl_s) },
    { AT(ROW, sliding) }, { AT(ROW, expires) }, { AT(ROW, sealed) }, { AT(ROW, twin) },
};
#undef ROW

STMT token_insert = { "token_insert",
    "INSERT INTO tokens (" TOKEN_COLUMNS ", hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)" };
STMT token_by_hash = { "token_by_hash", "SELECT " TOKEN_COLUMNS " FROM tokens WHERE hash = $1" };
STMT token_by_app = { "token_by_app",
    "SELECT " TOKEN_COLUMNS " FROM tokens WHERE app_id = $1 AND kind = $2 AND expires > $3 ORDER BY expires DESC LIMIT 1" };
STMT token_extend = { "token_extend", "UPDATE tokens SET expires = $2 WHERE id = $1 AND expires < $2" };
STMT token_delete = { "token_delete", "DELETE FROM tokens WHERE id = $1 OR twin = $1" };
STMT tokens_delete_user = { "tokens_delete_user", "DELETE FROM tokens WHERE user_id = $1" };
STMT tokens_delete_app = { "tokens_delete_app", "DELETE FROM tokens WHERE app_id = $1" };
STMT tokens_delete_expired = { "tokens_delete_expired",
    "DELETE FROM tokens WHERE expires > 0 AND expires < $1" };

enum fault store_token_add(struct cx *cx, str hash, const struct token *t)
{
    return store_exec(cx, &token_insert, ARGS(ARG(t->id), ARG(t->domain), ARG(t->user), ARG(t->app), ARG(t->kind),
        ARG(t->ttl_s), ARG(t->sliding), ARG(t->expires), BYTES(t->sealed), ARG(t->twin), BYTES(hash)), NULL);
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
