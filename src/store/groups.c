#include "store/groups.h"

#include "store/grants.h"
#include "store/rows.h"

#define ROW struct group
#define GROUP_COLUMNS "id, domain_id, creator, kind, name, description, created, modified, parent_id, title"
static const struct column group_columns[] = {
    { AT(ROW, id) }, { AT(ROW, domain) }, { AT(ROW, creator) }, { AT(ROW, kind) }, { AT(ROW, name) },
    { AT(ROW, description) }, { AT(ROW, created) }, { AT(ROW, modified) }, { AT(ROW, parent) }, { AT(ROW, title) },
};
#undef ROW
static const struct column id_column[] = { { 0, KIND_ID } };

STMT group_insert = { "group_insert",
    "INSERT INTO teams (" GROUP_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING" };
STMT group_by_id = { "group_by_id", "SELECT " GROUP_COLUMNS " FROM teams WHERE id = $1" };
STMT group_by_name = { "group_by_name",
    "SELECT " GROUP_COLUMNS " FROM teams WHERE domain_id = $1 AND name = $2" };
STMT group_by_title = { "group_by_title",
    "SELECT " GROUP_COLUMNS " FROM teams WHERE domain_id = $1 AND title = $2 AND kind <> 2" };
STMT groups_after = { "groups_after",
    "SELECT " GROUP_COLUMNS " FROM teams WHERE domain_id = $1 AND id > $2 ORDER BY id LIMIT $3" };
STMT group_update = { "group_update",
    "UPDATE teams SET name = $2, title = $3, description = $4, modified = $5 WHERE id = $1" };
STMT group_delete = { "group_delete", "DELETE FROM teams WHERE id = $1" };
STMT group_members_delete = { "group_members_delete", "DELETE FROM members WHERE team_id = $1" };
STMT group_admins_delete = { "group_admins_delete", "DELETE FROM team_admins WHERE team_id = $1" };
/* What one administers, and all below it. */
STMT groups_of = { "groups_of",
    "WITH RECURSIVE " STORE_REACH("$2", "") ","
    " run (team_id) AS (SELECT team_id FROM team_admins WHERE user_id = $2"
    "  UNION SELECT team_id FROM members WHERE user_id = $2 AND role = 4"
    "  UNION SELECT t.id FROM run r JOIN teams t ON t.parent_id = r.team_id)"
    " SELECT " GROUP_COLUMNS " FROM teams WHERE id IN (SELECT team_id FROM reach UNION SELECT team_id FROM run)"
    " AND domain_id = $1 AND id > $3 ORDER BY id LIMIT $4" };

enum fault store_group_add(struct cx *cx, const struct group *g)
{
    int64_t changed = 0;
    TRY(store_exec(cx, &group_insert, ARGS(ARG(g->id), ARG(g->domain), ARG(g->creator), ARG(g->kind), ARG(g->name),
        ARG(g->description), ARG(g->created), ARG(g->modified), ARG(g->parent), ARG(g->title)), &changed));
    return changed ? OK : FAULT_EXISTS;
}

enum fault store_group(struct cx *cx, id group, struct group *out)
{
    return store_one(cx, &group_by_id, ARGS(ARG(group)), COLUMNS(group_columns), out);
}

enum fault store_group_by_name(struct cx *cx, id domain, str name, struct group *out)
{
    return store_one(cx, &group_by_name, ARGS(ARG(domain), ARG(name)), COLUMNS(group_columns), out);
}

enum fault store_group_by_title(struct cx *cx, id domain, str title, struct group *out)
{
    return store_one(cx, &group_by_title, ARGS(ARG(domain), ARG(title)), COLUMNS(group_columns), out);
}

enum fault store_groups(struct cx *cx, id domain, id after, int limit, struct list *out)
{
    return store_many(cx, &groups_after, ARGS(ARG(domain), ARG(after), ARG(limit)), COLUMNS(group_columns),
                      sizeof(struct group), out);
}

enum fault store_group_update(struct cx *cx, const struct group *g)
{
    return store_exec(cx, &group_update, ARGS(ARG(g->id), ARG(g->name), ARG(g->title), ARG(g->description),
        ARG(cx->now)), NULL);
}

enum fault store_group_remove(struct cx *cx, id group)
{
    TRY(store_exec(cx, &group_members_delete, ARGS(ARG(group)), NULL));
    TRY(store_exec(cx, &group_admins_delete, ARGS(ARG(group)), NULL));
    TRY(store_grants_remove_of(cx, group));
    return store_exec(cx, &group_delete, ARGS(ARG(group)), NULL);
}

enum fault store_groups_of(struct cx *cx, id domain, id user, id after, int limit, struct list *out)
{
    return store_many(cx, &groups_of, ARGS(ARG(domain), ARG(user), ARG(after), ARG(limit)), COLUMNS(group_columns),
                      sizeof(struct group), out);
}

STMT groups_reached = { "groups_reached", "WITH RECURSIVE " STORE_REACH("$1", "") " SELECT DISTINCT team_id FROM reach" };

enum fault store_groups_reached(struct cx *cx, id user, struct list *out)
{
    return store_many(cx, &groups_reached, ARGS(ARG(user)), COLUMNS(id_column), sizeof(id), out);
}

/* ---- the tree ---- */

STMT group_place = { "group_place", "UPDATE teams SET parent_id = $2, modified = $3 WHERE id = $1" };
STMT groups_below = { "groups_below",
    "SELECT " GROUP_COLUMNS " FROM teams WHERE parent_id = $1 AND parent_id > 0 AND id > $2 ORDER BY id LIMIT $3" };
STMT groups_on_top = { "groups_on_top",
    "SELECT " GROUP_COLUMNS " FROM teams WHERE parent_id = 0 AND domain_id = $1 AND kind = 1 AND id > $2"
    " ORDER BY id LIMIT $3" };
STMT groups_above = { "groups_above",
    "WITH RECURSIVE above (team_id, level) AS (SELECT parent_id, 1 FROM teams WHERE id = $1 AND parent_id > 0"
    " UNION SELECT t.parent_id, a.level + 1 FROM above a JOIN teams t ON t.id = a.team_id"
    "  WHERE t.parent_id > 0 AND a.level < $2)"
    " SELECT team_id FROM above ORDER BY level LIMIT $2" };
STMT group_height = { "group_height",
    "WITH RECURSIVE below (team_id, level) AS (SELECT id, 1 FROM teams WHERE parent_id = $1"
    " UNION SELECT t.id, b.level + 1 FROM below b JOIN teams t ON t.parent_id = b.team_id WHERE b.level < $2)"
    " SELECT MAX(level) FROM below" };

enum fault store_group_set_parent(struct cx *cx, id group, id parent)
{
    return store_exec(cx, &group_place, ARGS(ARG(group), ARG(parent), ARG(cx->now)), NULL);
}

enum fault store_groups_below(struct cx *cx, id parent, id after, int limit, struct list *out)
{
    return store_many(cx, &groups_below, ARGS(ARG(parent), ARG(after), ARG(limit)), COLUMNS(group_columns),
                      sizeof(struct group), out);
}

enum fault store_groups_on_top(struct cx *cx, id domain, id after, int limit, struct list *out)
{
    return store_many(cx, &groups_on_top, ARGS(ARG(domain), ARG(after), ARG(limit)), COLUMNS(group_columns),
                      sizeof(struct group), out);
}

enum fault store_groups_above(struct cx *cx, id group, int limit, struct list *out)
{
    return store_many(cx, &groups_above, ARGS(ARG(group), ARG(limit)), COLUMNS(id_column), sizeof(id), out);
}

enum fault store_group_height(struct cx *cx, id group, int limit, int *out)
{
    int64_t levels;
    TRY(store_number(cx, &group_height, ARGS(ARG(group), ARG(limit)), 0, &levels));
    *out = (int)levels;
    return OK;
}

/* ---- members ---- */

#define ROW struct member
#define MEMBER_COLUMNS "team_id, user_id, creator, role, description, created, modified"
static const struct column member_columns[] = {
    { AT(ROW, group) }, { AT(ROW, user) }, { AT(ROW, creator) }, { AT(ROW, role) }, { AT(ROW, description) },
    { AT(ROW, created) }, { AT(ROW, modified) },
};
#undef ROW

STMT member_put = { "member_put",
    "INSERT INTO members (" MEMBER_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7)"
    " ON CONFLICT (team_id, user_id) DO UPDATE SET role = excluded.role, modified = excluded.modified" };
STMT member_one = { "member_one",
    "SELECT " MEMBER_COLUMNS " FROM members WHERE team_id = $1 AND user_id = $2" };
STMT member_describe = { "member_describe",
    "UPDATE members SET description = $3, modified = $4 WHERE team_id = $1 AND user_id = $2" };
STMT member_delete = { "member_delete", "DELETE FROM members WHERE team_id = $1 AND user_id = $2" };
STMT members_after = { "members_after",
    "SELECT " MEMBER_COLUMNS " FROM members WHERE team_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3" };
STMT memberships_after = { "memberships_after",
    "SELECT " MEMBER_COLUMNS " FROM members m WHERE user_id = $1 AND team_id > $2"
    " AND EXISTS (SELECT 1 FROM teams t WHERE t.id = m.team_id AND t.kind <> 2) ORDER BY team_id LIMIT $3" };
STMT member_role = { "member_role", "SELECT role FROM members WHERE team_id = $1 AND user_id = $2" };
STMT member_count = { "member_count", "SELECT COUNT(*) FROM members WHERE team_id = $1" };
STMT group_role = { "group_role",
    "WITH RECURSIVE " STORE_REACH("$2", " AND EXISTS (SELECT 1 FROM teams WHERE parent_id = $1)") ","
    " above (team_id) AS (SELECT id FROM teams WHERE id = $1"
    "  UNION SELECT t.parent_id FROM above a JOIN teams t ON t.id = a.team_id WHERE t.parent_id > 0)"
    " SELECT MAX(role) FROM (SELECT role FROM members WHERE team_id = $1 AND user_id = $2"
    "  UNION ALL SELECT role FROM reach WHERE team_id = $1"
    "  UNION ALL SELECT 4 FROM above a JOIN team_admins x ON x.team_id = a.team_id AND x.user_id = $2"
    "  UNION ALL SELECT 4 FROM above a JOIN members m ON m.team_id = a.team_id AND m.user_id = $2 AND m.role = 4)"
    " AS every_way" };

enum fault store_member_put(struct cx *cx, const struct member *m)
{
    return store_exec(cx, &member_put, ARGS(ARG(m->group), ARG(m->user), ARG(m->creator), ARG(m->role),
        ARG(m->description), ARG(m->created), ARG(m->modified)), NULL);
}

enum fault store_member(struct cx *cx, id group, id user, struct member *out)
{
    return store_one(cx, &member_one, ARGS(ARG(group), ARG(user)), COLUMNS(member_columns), out);
}

enum fault store_member_describe(struct cx *cx, id group, id user, str description)
{
    return store_exec(cx, &member_describe, ARGS(ARG(group), ARG(user), ARG(description), ARG(cx->now)), NULL);
}

enum fault store_member_remove(struct cx *cx, id group, id user)
{
    return store_exec(cx, &member_delete, ARGS(ARG(group), ARG(user)), NULL);
}

enum fault store_members(struct cx *cx, id group, id after, int limit, struct list *out)
{
    return store_many(cx, &members_after, ARGS(ARG(group), ARG(after), ARG(limit)), COLUMNS(member_columns),
                      sizeof(struct member), out);
}

enum fault store_memberships(struct cx *cx, id user, id after, int limit, struct list *out)
{
    return store_many(cx, &memberships_after, ARGS(ARG(user), ARG(after), ARG(limit)), COLUMNS(member_columns),
                      sizeof(struct member), out);
}

static enum fault role_by(struct cx *cx, const struct stmt *stmt, id group, id user, int *role)
{
    int64_t value;
    TRY(store_number(cx, stmt, ARGS(ARG(group), ARG(user)), 0, &value));
    *role = (int)value;
    return OK;
}

enum fault store_member_role(struct cx *cx, id group, id user, int *role)
{
    return role_by(cx, &member_role, group, user, role);
}

enum fault store_group_role(struct cx *cx, id group, id user, int *role)
{
    return role_by(cx, &group_role, group, user, role);
}

enum fault store_member_count(struct cx *cx, id group, int64_t *count)
{
    return store_number(cx, &member_count, ARGS(ARG(group)), 0, count);
}

/* ---- administrators by assignment ---- */

#define ROW struct group_admin
#define ADMIN_COLUMNS "team_id, user_id, creator, created"
static const struct column admin_columns[] = {
    { AT(ROW, group) }, { AT(ROW, user) }, { AT(ROW, creator) }, { AT(ROW, created) },
};
#undef ROW

STMT group_admin_insert = { "group_admin_insert",
    "INSERT INTO team_admins (" ADMIN_COLUMNS ") VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING" };
STMT group_admin_delete = { "group_admin_delete", "DELETE FROM team_admins WHERE team_id = $1 AND user_id = $2" };
STMT group_admins_after = { "group_admins_after",
    "SELECT " ADMIN_COLUMNS " FROM team_admins WHERE team_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3" };
STMT groups_administered = { "groups_administered",
    "SELECT " ADMIN_COLUMNS " FROM team_admins WHERE user_id = $1 AND team_id > $2 ORDER BY team_id LIMIT $3" };
STMT members_forget = { "members_forget", "DELETE FROM members WHERE user_id = $1" };
STMT group_admin_over = { "group_admin_over",
    "WITH RECURSIVE " STORE_REACH("$2", "")
    " SELECT COUNT(*) FROM team_admins WHERE user_id = $1"
    " AND (team_id = $3 OR team_id IN (SELECT team_id FROM reach))" };
STMT group_admins_forget = { "group_admins_forget", "DELETE FROM team_admins WHERE user_id = $1" };

enum fault store_group_admin_add(struct cx *cx, const struct group_admin *a)
{
    int64_t changed = 0;
    TRY(store_exec(cx, &group_admin_insert, ARGS(ARG(a->group), ARG(a->user), ARG(a->creator), ARG(a->created)),
                   &changed));
    return changed ? OK : FAULT_EXISTS;
}

enum fault store_group_admin_remove(struct cx *cx, id group, id user)
{
    int64_t changed = 0;
    TRY(store_exec(cx, &group_admin_delete, ARGS(ARG(group), ARG(user)), &changed));
    return changed ? OK : FAULT_NOT_FOUND;
}

enum fault store_group_admins(struct cx *cx, id group, id after, int limit, struct list *out)
{
    return store_many(cx, &group_admins_after, ARGS(ARG(group), ARG(after), ARG(limit)), COLUMNS(admin_columns),
                      sizeof(struct group_admin), out);
}

enum fault store_groups_administered(struct cx *cx, id user, id after, int limit, struct list *out)
{
    return store_many(cx, &groups_administered, ARGS(ARG(user), ARG(after), ARG(limit)), COLUMNS(admin_columns),
                      sizeof(struct group_admin), out);
}

enum fault store_group_admin_over(struct cx *cx, id admin, id user, id staff, bool *out)
{
    int64_t count;
    TRY(store_number(cx, &group_admin_over, ARGS(ARG(admin), ARG(user), ARG(staff)), 0, &count));
    *out = count > 0;
    return OK;
}

enum fault store_groups_forget_user(struct cx *cx, id user)
{
    TRY(store_exec(cx, &members_forget, ARGS(ARG(user)), NULL));
    return store_exec(cx, &group_admins_forget, ARGS(ARG(user)), NULL);
}
