#include "store/drives.h"

#include "store/grants.h"
#include "store/groups.h"
#include "store/rows.h"

#define ROW struct drive
#define DRIVE_COLUMNS \
    "d.id, d.domain_id, d.owner, d.root, d.bin, d.creator, d.owner_kind, d.status, d.name, d.description, " \
    "COALESCE(o.public_id, CAST(d.owner AS TEXT)), COALESCE(c.public_id, 'system'), " \
    "d.used, d.reserved, d.quota, d.is_default, d.is_staff, d.created, d.modified, d.is_closed"
#define DRIVE_FROM " FROM drives d LEFT JOIN users o ON o.id = d.owner LEFT JOIN users c ON c.id = d.creator "
static const struct column drive_columns[] = {
    { AT(ROW, id) }, { AT(ROW, domain) }, { AT(ROW, owner) }, { AT(ROW, root) }, { AT(ROW, bin) }, { AT(ROW, creator) },
    { AT(ROW, owner_kind) }, { AT(ROW, status) }, { AT(ROW, name) }, { AT(ROW, description) },
    { AT(ROW, owner_public) }, { AT(ROW, creator_public) }, { AT(ROW, used) }, { AT(ROW, reserved) },
    { AT(ROW, quota) }, { AT(ROW, is_default) }, { AT(ROW, is_staff) }, { AT(ROW, created) }, { AT(ROW, modified) },
    { AT(ROW, is_closed) },
};
#undef ROW

STMT drive_insert = { "drive_insert",
    "INSERT INTO drives (id, domain_id, owner, owner_kind, status, root, bin, creator, name, description, used,"
    " reserved, quota, is_default, is_staff, deleted, created, modified, is_closed)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, $11, $12, $13, 0, $14, $14, $15) ON CONFLICT DO NOTHING" };
STMT drive_by_id = { "drive_by_id",
    "SELECT " DRIVE_COLUMNS DRIVE_FROM "WHERE d.id = $1 AND d.domain_id = $2 AND d.deleted = 0" };
STMT drives_of = { "drives_of",
    "SELECT " DRIVE_COLUMNS DRIVE_FROM "WHERE d.owner = $1 AND d.id > $2 AND d.deleted = 0 ORDER BY d.id LIMIT $3" };
STMT drives_all = { "drives_all",
    "SELECT " DRIVE_COLUMNS DRIVE_FROM "WHERE d.domain_id = $1 AND d.id > $2 AND d.deleted = 0 ORDER BY d.id LIMIT $3" };
STMT drives_of_down = { "drives_of_down",
    "SELECT " DRIVE_COLUMNS DRIVE_FROM "WHERE d.owner = $1 AND d.id < $2 AND d.deleted = 0 ORDER BY d.id DESC LIMIT $3" };
STMT drives_all_down = { "drives_all_down",
    "SELECT " DRIVE_COLUMNS DRIVE_FROM "WHERE d.domain_id = $1 AND d.id < $2 AND d.deleted = 0"
    " ORDER BY d.id DESC LIMIT $3" };
/* By membership, there or below; by administering the group or one above; where asked, by a grant in it. */
STMT drives_of_groups = { "drives_of_groups",
    "WITH RECURSIVE " STORE_REACH("$2", "") ","
    " run (team_id) AS (SELECT team_id FROM team_admins WHERE user_id = $2"
    "  UNION SELECT team_id FROM members WHERE user_id = $2 AND role = 4"
    "  UNION SELECT t.id FROM run r JOIN teams t ON t.parent_id = r.team_id)"
    " SELECT " DRIVE_COLUMNS DRIVE_FROM "WHERE d.id IN ("
    "  SELECT x.id FROM reach r JOIN drives x ON x.owner = r.team_id WHERE x.is_closed = 0"
    "  UNION SELECT x.id FROM run r JOIN drives x ON x.owner = r.team_id"
    "  UNION SELECT g.drive_id FROM grants g WHERE $5 = 1 AND g.holder = $2 AND (g.expires = 0 OR g.expires > $6)"
    "  UNION SELECT g.drive_id FROM reach r JOIN grants g ON g.holder = r.team_id"
    "   WHERE $5 = 1 AND (g.expires = 0 OR g.expires > $6) AND (g.direct_only = 0 OR EXISTS"
    "    (SELECT 1 FROM members m WHERE m.team_id = g.holder AND m.user_id = $2)))"
    " AND d.domain_id = $1 AND d.owner_kind = 2 AND d.is_staff = 0 AND d.id > $3 AND d.deleted = 0"
    " ORDER BY d.id LIMIT $4" };
STMT drives_teams = { "drives_teams",
    "SELECT " DRIVE_COLUMNS DRIVE_FROM "WHERE d.domain_id = $1 AND d.owner_kind = 2 AND d.is_staff = 0 AND d.id > $2"
    " AND d.deleted = 0 ORDER BY d.id LIMIT $3" };
STMT drive_count = { "drive_count", "SELECT COUNT(*) FROM drives WHERE owner = $1 AND deleted = 0" };
STMT drive_quota = { "drive_quota", "UPDATE drives SET quota = $2, modified = $3 WHERE id = $1" };
STMT drives_used = { "drives_used",
    "SELECT COALESCE(SUM(used), 0) FROM drives WHERE domain_id = $1 AND deleted = 0" };
STMT drives_reserved = { "drives_reserved",
    "SELECT COALESCE(SUM(reserved), 0) FROM drives WHERE domain_id = $1 AND deleted = 0" };
STMT domain_recount = { "domain_recount",
    "UPDATE domains SET charged = (SELECT COALESCE(SUM(d.used + d.reserved), 0) FROM drives d"
    " WHERE d.domain_id = $1 AND d.deleted = 0) WHERE id = $1" };
STMT drive_update = { "drive_update",
    "UPDATE drives SET name = $2, description = $3, status = $4, quota = $5, owner = $6, is_default = $7, modified = $8"
    " WHERE id = $1" };
STMT drive_charge = { "drive_charge",
    "UPDATE drives SET used = used + $2, reserved = reserved + $3 WHERE id = $1"
    " AND ($2 + $3 <= 0 OR quota < 0 OR used + reserved <= quota - $2 - $3)" };
STMT drive_room = { "drive_room",
    "SELECT m.id, m.size_quota FROM drives d JOIN domains m ON m.id = d.domain_id WHERE d.id = $1 AND d.deleted = 0" };
STMT domain_charge = { "domain_charge",
    "UPDATE domains SET charged = charged + $2 WHERE id = $1 AND ($2 <= 0 OR charged <= size_quota - $2)" };
STMT domain_relieve = { "domain_relieve",
    "UPDATE domains SET charged = charged - COALESCE((SELECT d.used + d.reserved FROM drives d WHERE d.id = $1"
    " AND d.deleted = 0), 0) WHERE size_quota > 0 AND id = (SELECT d.domain_id FROM drives d WHERE d.id = $1)" };
STMT drive_mark = { "drive_mark",
    "UPDATE drives SET deleted = $2, is_default = 0 WHERE id = $1" };
STMT drives_deleted = { "drives_deleted",
    "SELECT " DRIVE_COLUMNS DRIVE_FROM "WHERE d.deleted > 0 ORDER BY d.id LIMIT $1" };
STMT drive_delete = { "drive_delete", "DELETE FROM drives WHERE id = $1" };

enum fault store_drive_add(struct cx *cx, const struct drive *d)
{
    int64_t changed = 0;
    TRY(store_exec(cx, &drive_insert, ARGS(ARG(d->id), ARG(d->domain), ARG(d->owner), ARG(d->owner_kind),
        ARG(d->status), ARG(d->root), ARG(d->bin), ARG(d->creator), ARG(d->name), ARG(d->description), ARG(d->quota),
        ARG(d->is_default), ARG(d->is_staff), ARG(d->created), ARG(d->is_closed)), &changed));
    return changed ? OK : FAULT_EXISTS;
}

enum fault store_drive(struct cx *cx, id domain, id drive, struct drive *out)
{
    return store_one(cx, &drive_by_id, ARGS(ARG(drive), ARG(domain)), COLUMNS(drive_columns), out);
}

enum fault store_drives_of(struct cx *cx, id owner, id after, int limit, struct list *out)
{
    return store_many(cx, &drives_of, ARGS(ARG(owner), ARG(after), ARG(limit)), COLUMNS(drive_columns),
                      sizeof(struct drive), out);
}

enum fault store_drives_all(struct cx *cx, id domain, id after, int limit, struct list *out)
{
    return store_many(cx, &drives_all, ARGS(ARG(domain), ARG(after), ARG(limit)), COLUMNS(drive_columns),
                      sizeof(struct drive), out);
}

enum fault store_drives_of_down(struct cx *cx, id owner, id before, int limit, struct list *out)
{
    return store_many(cx, &drives_of_down, ARGS(ARG(owner), ARG(before), ARG(limit)), COLUMNS(drive_columns),
                      sizeof(struct drive), out);
}

enum fault store_drives_all_down(struct cx *cx, id domain, id before, int limit, struct list *out)
{
    return store_many(cx, &drives_all_down, ARGS(ARG(domain), ARG(before), ARG(limit)), COLUMNS(drive_columns),
                      sizeof(struct drive), out);
}

enum fault store_drives_of_groups(struct cx *cx, id domain, id user, bool granted, id after, int limit, struct list *out)
{
    return store_many(cx, &drives_of_groups, ARGS(ARG(domain), ARG(user), ARG(after), ARG(limit), ARG(granted), ARG(cx->now)),
                      COLUMNS(drive_columns), sizeof(struct drive), out);
}

enum fault store_drives_teams(struct cx *cx, id domain, id after, int limit, struct list *out)
{
    return store_many(cx, &drives_teams, ARGS(ARG(domain), ARG(after), ARG(limit)), COLUMNS(drive_columns),
                      sizeof(struct drive), out);
}

enum fault store_drive_count(struct cx *cx, id owner, int64_t *count)
{
    return store_number(cx, &drive_count, ARGS(ARG(owner)), 0, count);
}

enum fault store_drives_used(struct cx *cx, id domain, int64_t *used, int64_t *reserved)
{
    TRY(store_number(cx, &drives_used, ARGS(ARG(domain)), 0, used));
    return store_number(cx, &drives_reserved, ARGS(ARG(domain)), 0, reserved);
}

enum fault store_domain_recount(struct cx *cx, id domain)
{
    return store_exec(cx, &domain_recount, ARGS(ARG(domain)), NULL);
}

enum fault store_drive_update(struct cx *cx, const struct drive *d)
{
    return store_exec(cx, &drive_update, ARGS(ARG(d->id), ARG(d->name), ARG(d->description), ARG(d->status), ARG(d->quota),
        ARG(d->owner), ARG(d->is_default), ARG(cx->now)), NULL);
}

enum fault store_drive_set_quota(struct cx *cx, id drive, int64_t quota, instant now)
{
    return store_exec(cx, &drive_quota, ARGS(ARG(drive), ARG(quota), ARG(now)), NULL);
}

/* What the domain of a drive may hold. A deleted drive is charged to nobody any more. */
struct room {
    id      domain;
    int64_t quota;
};

static enum fault charge_domain(struct cx *cx, const struct room *room, int64_t bytes, bool *fits)
{
    int64_t changed = 0;
    TRY(store_exec(cx, &domain_charge, ARGS(ARG(room->domain), ARG(bytes)), &changed));
    *fits = changed > 0;
    return OK;
}

enum fault store_drive_charge(struct cx *cx, id drive, int64_t used, int64_t reserved, bool *fits)
{
    static const struct column columns[] = { { AT(struct room, domain) }, { AT(struct room, quota) } };
    struct room      room = { 0 };
    int64_t          changed = 0;
    const enum fault fault = store_one(cx, &drive_room, ARGS(ARG(drive)), COLUMNS(columns), &room);
    *fits = true;
    if (fault != OK && fault != FAULT_NOT_FOUND)
        return fault;
    if (room.quota)
        TRY(charge_domain(cx, &room, used + reserved, fits));
    if (!*fits)
        return OK;
    TRY(store_exec(cx, &drive_charge, ARGS(ARG(drive), ARG(used), ARG(reserved)), &changed));
    *fits = changed > 0;
    bool back;
    return !*fits && room.quota ? charge_domain(cx, &room, -(used + reserved), &back) : OK;
}

enum fault store_drive_mark_deleted(struct cx *cx, id drive, instant now)
{
    TRY(store_exec(cx, &domain_relieve, ARGS(ARG(drive)), NULL));
    return store_exec(cx, &drive_mark, ARGS(ARG(drive), ARG(now)), NULL);
}

enum fault store_drives_deleted(struct cx *cx, int limit, struct list *out)
{
    return store_many(cx, &drives_deleted, ARGS(ARG(limit)), COLUMNS(drive_columns), sizeof(struct drive), out);
}

enum fault store_drive_remove(struct cx *cx, id drive)
{
    TRY(store_grants_remove_of_drive(cx, drive));
    return store_exec(cx, &drive_delete, ARGS(ARG(drive)), NULL);
}

/* ---- shared folders ---- */

#define ROW struct shared_folder
#define SHARED_COLUMNS \
    "s.id, s.domain_id, s.drive_id, s.folder_id, s.team_id, s.owner, s.creator, n.name, s.status, s.max_members, s.created"
static const struct column shared_columns[] = {
    { AT(ROW, id) }, { AT(ROW, domain) }, { AT(ROW, drive) }, { AT(ROW, folder) }, { AT(ROW, group) }, { AT(ROW, owner) },
    { AT(ROW, creator) }, { AT(ROW, name) }, { AT(ROW, status) }, { AT(ROW, max_members) }, { AT(ROW, created) },
};
#undef ROW
#define SHARED_FROM \
    " FROM shared_folders s JOIN nodes n ON n.drive_id = s.drive_id AND n.id = s.folder_id" \
    " JOIN drives d ON d.id = s.drive_id AND d.deleted = 0 "

STMT shared_insert = { "shared_insert",
    "INSERT INTO shared_folders (id, domain_id, drive_id, folder_id, team_id, owner, creator, status, max_members,"
    " created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)" };
STMT shared_by_number = { "shared_by_number",
    "SELECT " SHARED_COLUMNS SHARED_FROM "WHERE s.id = $1 OR s.folder_id = $1 OR s.team_id = $1" };
STMT shared_of = { "shared_of",
    "SELECT " SHARED_COLUMNS " FROM members m JOIN shared_folders s ON s.team_id = m.team_id"
    " JOIN nodes n ON n.drive_id = s.drive_id AND n.id = s.folder_id JOIN drives d ON d.id = s.drive_id AND d.deleted = 0"
    " WHERE m.user_id = $1 AND n.trashed = 0 ORDER BY s.created DESC, s.id DESC" };

enum fault store_shared_folder_add(struct cx *cx, const struct shared_folder *s)
{
    return store_exec(cx, &shared_insert, ARGS(ARG(s->id), ARG(s->domain), ARG(s->drive), ARG(s->folder), ARG(s->group),
        ARG(s->owner), ARG(s->creator), ARG(s->status), ARG(s->max_members), ARG(s->created)), NULL);
}

enum fault store_shared_folder(struct cx *cx, id number, struct shared_folder *out)
{
    return store_one(cx, &shared_by_number, ARGS(ARG(number)), COLUMNS(shared_columns), out);
}

enum fault store_shared_folders_of(struct cx *cx, id user, struct list *out)
{
    return store_many(cx, &shared_of, ARGS(ARG(user)), COLUMNS(shared_columns), sizeof(struct shared_folder), out);
}
