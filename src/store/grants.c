#include "store/grants.h"

#include "store/groups.h"
#include "store/rows.h"

#define ROW struct grant
#define GRANT_COLUMNS \
    "g.drive_id, g.node_id, g.holder, g.holder_kind, g.role, g.actions, g.label, g.direct_only, g.lent," \
    " g.creator, g.created, g.expires"
static const struct column grant_columns[] = {
    { AT(ROW, drive) }, { AT(ROW, node) }, { AT(ROW, holder) }, { AT(ROW, holder_kind) }, { AT(ROW, role) },
    { AT(ROW, actions) }, { AT(ROW, label) }, { AT(ROW, direct_only) }, { AT(ROW, lent) }, { AT(ROW, creator) },
    { AT(ROW, created) }, { AT(ROW, expires) },
};
#undef ROW
static const struct column place_columns[] = { { AT(struct place_key, drive) }, { AT(struct place_key, node) } };
static const struct column id_column[] = { { 0, KIND_ID } };

#define STILL "(g.expires = 0 OR g.expires > $3)"

STMT grant_put = { "grant_put",
    "INSERT INTO grants (drive_id, node_id, holder, holder_kind, role, actions, label, direct_only, lent, creator,"
    " created, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    " ON CONFLICT (drive_id, node_id, holder) DO UPDATE SET role = excluded.role, actions = excluded.actions,"
    " label = excluded.label, direct_only = excluded.direct_only, lent = excluded.lent, creator = excluded.creator,"
    " created = excluded.created, expires = excluded.expires" };
STMT grant_one = { "grant_one",
    "SELECT " GRANT_COLUMNS " FROM grants g WHERE g.drive_id = $1 AND g.node_id = $2 AND g.holder = $3" };
STMT grant_remove = { "grant_remove", "DELETE FROM grants WHERE drive_id = $1 AND node_id = $2 AND holder = $3" };
STMT grants_on = { "grants_on",
    "SELECT " GRANT_COLUMNS " FROM grants g WHERE g.drive_id = $1 AND g.node_id = $2"
    " ORDER BY g.created, g.holder LIMIT $3" };
STMT grants_count = { "grants_count", "SELECT COUNT(*) FROM grants WHERE drive_id = $1 AND node_id = $2" };
STMT grants_reaching = { "grants_reaching",
    "WITH RECURSIVE " STORE_REACH("$4", " AND EXISTS (SELECT 1 FROM grants WHERE drive_id = $1 AND node_id = $2)")
    " SELECT " GRANT_COLUMNS " FROM grants g WHERE g.drive_id = $1 AND g.node_id = $2 AND g.holder = $4 AND " STILL
    " UNION ALL SELECT g.drive_id, g.node_id, g.holder, g.holder_kind,"
    " CASE WHEN g.role > 0 AND r.role < g.role THEN r.role ELSE g.role END,"
    " g.actions, g.label, g.direct_only, g.lent, g.creator, g.created, g.expires"
    " FROM reach r JOIN grants g ON g.drive_id = $1 AND g.node_id = $2 AND g.holder = r.team_id"
    " WHERE " STILL " AND (g.direct_only = 0 OR EXISTS"
    "  (SELECT 1 FROM members m WHERE m.team_id = g.holder AND m.user_id = $4))" };
STMT grants_any_own = { "grants_any_own",
    "SELECT 1 FROM grants g WHERE g.holder = $2 AND g.drive_id = $1 AND " STILL " LIMIT 1" };
STMT grants_any_group = { "grants_any_group",
    "WITH RECURSIVE " STORE_REACH("$2", " AND EXISTS (SELECT 1 FROM grants WHERE drive_id = $1)")
    " SELECT 1 FROM reach r JOIN grants g ON g.holder = r.team_id AND g.drive_id = $1"
    " WHERE " STILL " AND (g.direct_only = 0 OR EXISTS"
    "  (SELECT 1 FROM members m WHERE m.team_id = g.holder AND m.user_id = $2)) LIMIT 1" };
STMT granted_drives = { "granted_drives",
    "WITH RECURSIVE " STORE_REACH("$1", "")
    " SELECT drive_id FROM grants WHERE holder = $1"
    " UNION SELECT g.drive_id FROM reach r JOIN grants g ON g.holder = r.team_id" };
STMT places_to = { "places_granted_to",
    "SELECT g.drive_id, g.node_id FROM grants g JOIN drives d ON d.id = g.drive_id AND d.deleted = 0 AND d.owner_kind = 1"
    " WHERE g.holder = $1 AND (g.drive_id, g.node_id) > ($2, $3) ORDER BY g.drive_id, g.node_id LIMIT $4" };
STMT places_by = { "places_granted_by",
    "SELECT DISTINCT g.drive_id, g.node_id FROM grants g"
    " WHERE g.creator = $1 AND (g.drive_id, g.node_id) > ($2, $3) ORDER BY g.drive_id, g.node_id LIMIT $4" };
STMT places_in = { "places_granted_in",
    "SELECT DISTINCT g.drive_id, g.node_id FROM grants g WHERE g.drive_id = $1 AND g.node_id > $2"
    " ORDER BY g.drive_id, g.node_id LIMIT $3" };
STMT grants_drop_ended = { "grants_remove_ended", "DELETE FROM grants WHERE expires > 0 AND expires < $1" };
STMT grants_drop_on = { "grants_remove_on", "DELETE FROM grants WHERE drive_id = $1 AND node_id = $2" };
STMT grants_drop_in = { "grants_remove_of_drive", "DELETE FROM grants WHERE drive_id = $1" };
STMT grants_drop_of = { "grants_remove_of", "DELETE FROM grants WHERE holder = $1" };

enum fault store_grant_put(struct cx *cx, const struct grant *g)
{
    return store_exec(cx, &grant_put, ARGS(ARG(g->drive), ARG(g->node), ARG(g->holder), ARG(g->holder_kind),
        ARG(g->role), ARG(g->actions), ARG(g->label), ARG(g->direct_only), ARG(g->lent), ARG(g->creator),
        ARG(g->created), ARG(g->expires)), NULL);
}

enum fault store_grant(struct cx *cx, id drive, id node, id holder, struct grant *out)
{
    return store_one(cx, &grant_one, ARGS(ARG(drive), ARG(node), ARG(holder)), COLUMNS(grant_columns), out);
}

enum fault store_grant_remove(struct cx *cx, id drive, id node, id holder)
{
    return store_exec(cx, &grant_remove, ARGS(ARG(drive), ARG(node), ARG(holder)), NULL);
}

enum fault store_grants_on(struct cx *cx, id drive, id node, int limit, struct list *out)
{
    return store_many(cx, &grants_on, ARGS(ARG(drive), ARG(node), ARG(limit)), COLUMNS(grant_columns),
                      sizeof(struct grant), out);
}

enum fault store_grants_count(struct cx *cx, id drive, id node, int64_t *count)
{
    return store_number(cx, &grants_count, ARGS(ARG(drive), ARG(node)), 0, count);
}

enum fault store_grants_reaching(struct cx *cx, id drive, id node, id user, struct list *out)
{
    return store_many(cx, &grants_reaching, ARGS(ARG(drive), ARG(node), ARG(cx->now), ARG(user)),
                      COLUMNS(grant_columns), sizeof(struct grant), out);
}

enum fault store_grants_any(struct cx *cx, id drive, id user, bool *out)
{
    int64_t found;
    TRY(store_number(cx, &grants_any_own, ARGS(ARG(drive), ARG(user), ARG(cx->now)), 0, &found));
    if (!found)
        TRY(store_number(cx, &grants_any_group, ARGS(ARG(drive), ARG(user), ARG(cx->now)), 0, &found));
    *out = found != 0;
    return OK;
}

enum fault store_granted_drives(struct cx *cx, id user, struct list *out)
{
    return store_many(cx, &granted_drives, ARGS(ARG(user)), COLUMNS(id_column), sizeof(id), out);
}

static enum fault places(struct cx *cx, const struct stmt *stmt, id whose, struct place_key after, int limit,
                         struct list *out)
{
    return store_many(cx, stmt, ARGS(ARG(whose), ARG(after.drive), ARG(after.node), ARG(limit)),
                      COLUMNS(place_columns), sizeof(struct place_key), out);
}

enum fault store_places_granted_to(struct cx *cx, id holder, struct place_key after, int limit, struct list *out)
{
    return places(cx, &places_to, holder, after, limit, out);
}

enum fault store_places_granted_by(struct cx *cx, id creator, struct place_key after, int limit, struct list *out)
{
    return places(cx, &places_by, creator, after, limit, out);
}

enum fault store_places_granted_in(struct cx *cx, id drive, id after, int limit, struct list *out)
{
    return store_many(cx, &places_in, ARGS(ARG(drive), ARG(after), ARG(limit)), COLUMNS(place_columns),
                      sizeof(struct place_key), out);
}

enum fault store_holders_of(struct cx *cx, id user, struct list *out)
{
    struct list groups;
    TRY(store_groups_reached(cx, user, &groups));
    id *all = ARENA_MANY(cx->arena, id, groups.count + 1);
    all[0] = user;
    if (groups.count)
        memcpy(all + 1, groups.items, groups.count * sizeof *all);
    *out = (struct list){ all, groups.count + 1 };
    return OK;
}

enum fault store_grants_remove_ended(struct cx *cx, instant before)
{
    return store_exec(cx, &grants_drop_ended, ARGS(ARG(before)), NULL);
}

enum fault store_grants_remove_on(struct cx *cx, id drive, id node)
{
    return store_exec(cx, &grants_drop_on, ARGS(ARG(drive), ARG(node)), NULL);
}

enum fault store_grants_remove_of_drive(struct cx *cx, id drive)
{
    return store_exec(cx, &grants_drop_in, ARGS(ARG(drive)), NULL);
}

enum fault store_grants_remove_of(struct cx *cx, id holder)
{
    return store_exec(cx, &grants_drop_of, ARGS(ARG(holder)), NULL);
}
