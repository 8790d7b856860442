#include "store/revisions.h"

#include "store/rows.h"

/* ---- old revisions ---- */

#define ROW struct revision
#define REVISION_COLUMNS "drive_id, node_id, id, version, content_id, editor, size, created"
static const struct column revision_columns[] = {
    { AT(ROW, drive) }, { AT(ROW, node) }, { AT(ROW, id) }, { AT(ROW, version) }, { AT(ROW, content) },
    { AT(ROW, editor) }, { AT(ROW, size) }, { AT(ROW, created) },
};
#undef ROW
STMT revision_insert = { "revision_insert",
    "INSERT INTO revisions (" REVISION_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)" };
STMT revisions_of_drive = { "revisions_of_drive",
    "SELECT " REVISION_COLUMNS " FROM revisions WHERE drive_id = $1 ORDER BY node_id, id LIMIT $2" };
STMT revisions_of_node = { "revisions_of_node",
    "SELECT " REVISION_COLUMNS " FROM revisions WHERE drive_id = $1 AND node_id = $2 ORDER BY id" };
STMT revision_delete = { "revision_delete",
    "DELETE FROM revisions WHERE drive_id = $1 AND node_id = $2 AND id = $3" };
STMT revisions_size = { "revisions_size",
    "SELECT COALESCE(SUM(size), 0) FROM revisions WHERE drive_id = $1 AND node_id = $2" };

enum fault store_revision_add(struct cx *cx, const struct revision *r)
{
    return store_exec(cx, &revision_insert, ARGS(ARG(r->drive), ARG(r->node), ARG(r->id), ARG(r->version),
        ARG(r->content), ARG(r->editor), ARG(r->size), ARG(r->created)), NULL);
}

enum fault store_revisions_of_drive(struct cx *cx, id drive, int limit, struct list *out)
{
    return store_many(cx, &revisions_of_drive, ARGS(ARG(drive), ARG(limit)), COLUMNS(revision_columns),
                      sizeof(struct revision), out);
}

enum fault store_revisions_of_node(struct cx *cx, id drive, id node, struct list *out)
{
    return store_many(cx, &revisions_of_node, ARGS(ARG(drive), ARG(node)), COLUMNS(revision_columns),
                      sizeof(struct revision), out);
}

enum fault store_revision_remove(struct cx *cx, const struct revision *r)
{
    return store_exec(cx, &revision_delete, ARGS(ARG(r->drive), ARG(r->node), ARG(r->id)), NULL);
}

enum fault store_revisions_size(struct cx *cx, id drive, id node, int64_t *out)
{
    return store_number(cx, &revisions_size, ARGS(ARG(drive), ARG(node)), 0, out);
}

/* ---- what is said of them ---- */

static const struct column mark_columns[] = {
    { AT(struct revision_mark, is_kept) }, { AT(struct revision_mark, description) },
};

STMT mark_one = { "revision_mark",
    "SELECT kept, description FROM revision_marks WHERE drive_id = $1 AND node_id = $2 AND id = $3" };
STMT mark_put = { "revision_mark_put",
    "INSERT INTO revision_marks (drive_id, node_id, id, kept, description) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (drive_id, node_id, id) DO UPDATE SET kept = excluded.kept, description = excluded.description" };
STMT mark_remove = { "revision_mark_remove",
    "DELETE FROM revision_marks WHERE drive_id = $1 AND node_id = $2 AND id = $3" };
STMT marks_remove = { "revision_marks_remove", "DELETE FROM revision_marks WHERE drive_id = $1 AND node_id = $2" };
STMT kept_count = { "revisions_kept",
    "SELECT COUNT(*) FROM revision_marks WHERE drive_id = $1 AND node_id = $2 AND kept = 1" };

enum fault store_revision_mark(struct cx *cx, id drive, id node, id revision, struct revision_mark *out)
{
    return store_one(cx, &mark_one, ARGS(ARG(drive), ARG(node), ARG(revision)), COLUMNS(mark_columns), out);
}

enum fault store_revision_mark_put(struct cx *cx, id drive, id node, id revision, const struct revision_mark *mark)
{
    return store_exec(cx, &mark_put, ARGS(ARG(drive), ARG(node), ARG(revision), ARG(mark->is_kept),
        ARG(mark->description)), NULL);
}

enum fault store_revision_mark_remove(struct cx *cx, id drive, id node, id revision)
{
    return store_exec(cx, &mark_remove, ARGS(ARG(drive), ARG(node), ARG(revision)), NULL);
}

enum fault store_revision_marks_of_node_remove(struct cx *cx, id drive, id node)
{
    return store_exec(cx, &marks_remove, ARGS(ARG(drive), ARG(node)), NULL);
}

enum fault store_revisions_kept(struct cx *cx, id drive, id node, int64_t *out)
{
    return store_number(cx, &kept_count, ARGS(ARG(drive), ARG(node)), 0, out);
}

/* ---- old revisions ---- */

#define ROW struct old_revision
static const struct column old_columns[] = {
    { offsetof(ROW, revision.drive), KIND_ID },      { offsetof(ROW, revision.node), KIND_ID },
    { offsetof(ROW, revision.id), KIND_ID },         { offsetof(ROW, revision.version), KIND_INT64 },
    { offsetof(ROW, revision.content), KIND_ID },    { offsetof(ROW, revision.editor), KIND_ID },
    { offsetof(ROW, revision.size), KIND_INT64 },    { offsetof(ROW, revision.created), KIND_INSTANT },
    { offsetof(ROW, mark.is_kept), KIND_BOOL },      { offsetof(ROW, mark.description), KIND_STR },
    { AT(ROW, sha1) }, { AT(ROW, sha256) }, { AT(ROW, crc64) },
};
#undef ROW
#define OLD_SELECT \
    "SELECT r.drive_id, r.node_id, r.id, r.version, r.content_id, r.editor, r.size, r.created," \
    " COALESCE(m.kept, 0), m.description, c.sha1, c.sha256, c.crc64 FROM revisions r" \
    " JOIN contents c ON c.id = r.content_id" \
    " LEFT JOIN revision_marks m ON m.drive_id = r.drive_id AND m.node_id = r.node_id AND m.id = r.id" \
    " WHERE r.drive_id = $1 AND r.node_id = $2"

STMT old_one = { "old_revision", OLD_SELECT " AND r.id = $3" };
STMT old_below = { "old_revisions", OLD_SELECT " AND r.version < $3 ORDER BY r.version DESC LIMIT $4" };
STMT past = { "revisions_past",
    "SELECT r.drive_id, r.node_id, r.id, r.version, r.content_id, r.editor, r.size, r.created FROM revisions r"
    " LEFT JOIN revision_marks m ON m.drive_id = r.drive_id AND m.node_id = r.node_id AND m.id = r.id"
    " WHERE r.drive_id = $1 AND r.node_id = $2 AND COALESCE(m.kept, 0) = 0"
    " ORDER BY r.version DESC LIMIT $4 OFFSET $3" };

enum fault store_old_revision(struct cx *cx, id drive, id node, id revision, struct old_revision *out)
{
    return store_one(cx, &old_one, ARGS(ARG(drive), ARG(node), ARG(revision)), COLUMNS(old_columns), out);
}

enum fault store_old_revisions(struct cx *cx, id drive, id node, int64_t version, int limit, struct list *out)
{
    return store_many(cx, &old_below, ARGS(ARG(drive), ARG(node), ARG(version), ARG(limit)), COLUMNS(old_columns),
                      sizeof(struct old_revision), out);
}

enum fault store_revisions_past(struct cx *cx, id drive, id node, int keep, int limit, struct list *out)
{
    static const struct column columns[] = {
        { AT(struct revision, drive) },   { AT(struct revision, node) },   { AT(struct revision, id) },
        { AT(struct revision, version) }, { AT(struct revision, content) }, { AT(struct revision, editor) },
        { AT(struct revision, size) },    { AT(struct revision, created) },
    };
    return store_many(cx, &past, ARGS(ARG(drive), ARG(node), ARG(keep), ARG(limit)), COLUMNS(columns),
                      sizeof(struct revision), out);
}
