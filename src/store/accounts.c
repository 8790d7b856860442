#include "store/accounts.h"

#include "store/rows.h"

#define ROW struct account
#define ACCOUNT_COLUMNS "domain_id, user_id, kind, identity, extra, shown, created"
static const struct column account_columns[] = {
    { AT(ROW, domain) }, { AT(ROW, user) }, { AT(ROW, kind) }, { AT(ROW, identity) }, { AT(ROW, extra) },
    { AT(ROW, shown) }, { AT(ROW, created) },
};
#undef ROW

STMT account_insert = { "account_insert",
    "INSERT INTO account_links (" ACCOUNT_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING" };
STMT account_one = { "account_one",
    "SELECT " ACCOUNT_COLUMNS " FROM account_links WHERE domain_id = $1 AND kind = $2 AND identity = $3 AND extra = $4" };
STMT accounts_by_user = { "accounts_by_user",
    "SELECT " ACCOUNT_COLUMNS " FROM account_links WHERE user_id = $1 ORDER BY created, kind, identity, extra LIMIT $2" };
STMT account_delete = { "account_delete",
    "DELETE FROM account_links WHERE domain_id = $1 AND kind = $2 AND identity = $3 AND extra = $4 AND user_id = $5" };
STMT accounts_delete_user = { "accounts_delete_user", "DELETE FROM account_links WHERE user_id = $1" };

enum fault store_account_add(struct cx *cx, const struct account *a)
{
    int64_t changed = 0;
    TRY(store_exec(cx, &account_insert, ARGS(ARG(a->domain), ARG(a->user), ARG(a->kind), ARG(a->identity), ARG(a->extra),
                                             ARG(a->shown), ARG(a->created)), &changed));
    return changed ? OK : FAULT_EXISTS;
}

enum fault store_account(struct cx *cx, id domain, int kind, str identity, str extra, struct account *out)
{
    return store_one(cx, &account_one, ARGS(ARG(domain), ARG(kind), ARG(identity), ARG(extra)),
                     COLUMNS(account_columns), out);
}

enum fault store_accounts_of_user(struct cx *cx, id user, int limit, struct list *out)
{
    return store_many(cx, &accounts_by_user, ARGS(ARG(user), ARG(limit)), COLUMNS(account_columns),
                      sizeof(struct account), out);
}

enum fault store_account_remove(struct cx *cx, const struct account *a, bool *removed)
{
    int64_t changed = 0;
    TRY(store_exec(cx, &account_delete, ARGS(ARG(a->domain), ARG(a->kind), ARG(a->identity), ARG(a->extra), ARG(a->user)),
                   &changed));
    *removed = changed > 0;
    return OK;
}

enum fault store_accounts_remove_of_user(struct cx *cx, id user)
{
    return store_exec(cx, &accounts_delete_user, ARGS(ARG(user)), NULL);
}
