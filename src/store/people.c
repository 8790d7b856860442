#include "store/people.h"

#include "store/grants.h"
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
STMT sign_in_delete = { "sign_in_delete", "DELETE FROM sign_ins WHERE user_id = $1" };
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
    TRY(store_exec(cx, &sign_in_delete, ARGS(ARG(user)), NULL));
    TRY(store_grants_remove_of(cx, user));
    return store_exec(cx, &user_delete, ARGS(ARG(user)), NULL);
}

enum fault store_superadmins(struct cx *cx, id domain, int64_t *count)
{
    return store_number(cx, &superadmins_count, ARGS(ARG(domain)), 0, count);
}
