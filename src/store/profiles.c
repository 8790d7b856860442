#include "store/profiles.h"

#include "store/rows.h"

#define ROW struct person
#define PERSON_COLUMNS \
    "u.id, u.domain_id, u.default_drive, u.public_id, u.login, u.name, u.phone, u.email, u.description, u.role, " \
    "u.status, u.created, u.modified, p.creator, p.nick, p.avatar, p.phone_region, p.extra"
static const struct column person_columns[] = {
    { AT(ROW, user.id) }, { AT(ROW, user.domain) }, { AT(ROW, user.default_drive) }, { AT(ROW, user.public_id) },
    { AT(ROW, user.login) }, { AT(ROW, user.name) }, { AT(ROW, user.phone) }, { AT(ROW, user.email) },
    { AT(ROW, user.description) }, { AT(ROW, user.role) }, { AT(ROW, user.status) }, { AT(ROW, user.created) },
    { AT(ROW, user.modified) }, { AT(ROW, creator) }, { AT(ROW, nick) }, { AT(ROW, avatar) },
    { AT(ROW, phone_region) }, { AT(ROW, extra) },
};
#undef ROW
#define PERSON_FROM " FROM users u LEFT JOIN profiles p ON p.user_id = u.id "

STMT person_by_id = { "person_by_id", "SELECT " PERSON_COLUMNS PERSON_FROM "WHERE u.id = $1" };
STMT people_after = { "people_after",
    "SELECT " PERSON_COLUMNS PERSON_FROM "WHERE u.domain_id = $1 AND u.id > $2 ORDER BY u.id LIMIT $3" };
STMT people_of_name = { "people_of_name",
    "SELECT " PERSON_COLUMNS PERSON_FROM "WHERE u.domain_id = $1 AND u.name = $4 AND u.id > $2 ORDER BY u.id LIMIT $3" };
STMT people_of_nick = { "people_of_nick",
    "SELECT " PERSON_COLUMNS " FROM profiles p JOIN users u ON u.id = p.user_id"
    " WHERE p.domain_id = $1 AND p.nick = $4 AND p.user_id > $2 ORDER BY p.user_id LIMIT $3" };
STMT profile_put = { "profile_put",
    "INSERT INTO profiles (user_id, domain_id, creator, nick, avatar, phone_region, extra)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (user_id) DO UPDATE SET nick = excluded.nick,"
    " avatar = excluded.avatar, phone_region = excluded.phone_region, extra = excluded.extra" };
STMT profile_delete = { "profile_delete", "DELETE FROM profiles WHERE user_id = $1" };

enum fault store_person(struct cx *cx, id user, struct person *out)
{
    return store_one(cx, &person_by_id, ARGS(ARG(user)), COLUMNS(person_columns), out);
}

enum fault store_profile_put(struct cx *cx, const struct person *p)
{
    return store_exec(cx, &profile_put, ARGS(ARG(p->user.id), ARG(p->user.domain), ARG(p->creator), ARG(p->nick),
        ARG(p->avatar), ARG(p->phone_region), ARG(p->extra)), NULL);
}

enum fault store_profile_remove(struct cx *cx, id user)
{
    return store_exec(cx, &profile_delete, ARGS(ARG(user)), NULL);
}

enum fault store_people_each(struct cx *cx, const struct people_from *from, bool (*each)(void *arg, void *row), void *arg)
{
    struct person row = { 0 };
    const str     key = from->name.p ? from->name : from->nick;
    if (!key.p)
        return store_each(cx, &people_after, ARGS(ARG(from->domain), ARG(from->after), ARG(from->limit)),
                          COLUMNS(person_columns), &row, each, arg);
    return store_each(cx, from->name.p ? &people_of_name : &people_of_nick,
                      ARGS(ARG(from->domain), ARG(from->after), ARG(from->limit), ARG(key)), COLUMNS(person_columns), &row,
                      each, arg);
}
