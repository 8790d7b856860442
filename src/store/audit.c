#include "store/audit.h"

#include "store/details.h"
#include "store/rows.h"

#define ROW struct finding
static const struct column finding_columns[] = { { AT(ROW, a) }, { AT(ROW, b) }, { AT(ROW, c) } };
#undef ROW

/* How often each content is used: by nodes, old revisions and tasks. Counted in one walk: a count for each content
 * by itself walks all nodes every time. */
#define COUNTED \
    "(SELECT content_id, COUNT(*) AS n FROM (SELECT content_id FROM nodes WHERE content_id > 0" \
    " UNION ALL SELECT content_id FROM revisions UNION ALL SELECT content_id FROM tasks WHERE content_id > 0) x" \
    " GROUP BY content_id)"
#define MISCOUNTED \
    " FROM contents b LEFT JOIN " COUNTED " k ON k.content_id = b.id WHERE b.refs <> COALESCE(k.n, 0)"
#define USED \
    "COALESCE((SELECT SUM(size) FROM nodes n WHERE n.drive_id = d.id AND n.kind = 2), 0)" \
    " + COALESCE((SELECT SUM(size) FROM revisions r WHERE r.drive_id = d.id), 0)"
#define CHARGED \
    "(SELECT COALESCE(SUM(d.used + d.reserved), 0) FROM drives d WHERE d.domain_id = m.id AND d.deleted = 0)"
#define PEOPLE "(SELECT COUNT(*) FROM users u WHERE u.domain_id = m.id)"
#define RESERVED \
    "COALESCE((SELECT SUM(reserved) FROM uploads u WHERE u.drive_id = d.id), 0)" \
    " + COALESCE((SELECT SUM(reserved) FROM tasks t WHERE t.drive_id = d.id AND t.state = 1), 0)"
/* The numbers of running tasks stand as parents of what they build or take apart. */
#define TASKS "(SELECT id FROM tasks WHERE state = 1)"
/* What a running move carries from one drive to another may stand below what is in the other one yet. */
#define CARRIED \
    "EXISTS (SELECT 1 FROM nodes q JOIN tasks k ON k.state = 1 AND k.kind = 3 WHERE q.id = n.parent_id AND q.kind = 1" \
    " AND ((k.drive_id = n.drive_id AND k.to_drive = q.drive_id) OR (k.drive_id = q.drive_id AND k.to_drive = n.drive_id)))"
#define REACHED_DRIVES \
    "(SELECT t.drive_id UNION ALL SELECT k.to_drive FROM tasks k WHERE k.state = 1 AND k.kind = 3" \
    " AND k.drive_id = t.drive_id UNION ALL SELECT k.drive_id FROM tasks k WHERE k.state = 1 AND k.kind = 3" \
    " AND k.to_drive = t.drive_id)"

STMT audits[AUDIT_COUNT] = {
    [AUDIT_PARENT] = { "audit_parent",
        "SELECT n.drive_id, n.id, n.parent_id FROM nodes n JOIN drives d ON d.id = n.drive_id"
        " LEFT JOIN nodes p ON p.drive_id = n.drive_id AND p.id = n.parent_id"
        " WHERE d.deleted = 0 AND n.id <> d.root AND n.parent_id <> d.bin AND (p.id IS NULL OR p.kind <> 1)"
        " AND n.parent_id NOT IN " TASKS " AND NOT " CARRIED },
    [AUDIT_UNREACHED] = { "audit_unreached",
        "WITH RECURSIVE tree (drive_id, id, depth) AS ("
        " SELECT d.id, n.id, 0 FROM drives d JOIN nodes n ON n.drive_id = d.id"
        "  WHERE d.deleted = 0 AND (n.id = d.root OR n.parent_id = d.bin OR n.parent_id IN " TASKS ")"
        " UNION ALL SELECT n.drive_id, n.id, t.depth + 1 FROM tree t"
        "  JOIN nodes n ON n.drive_id IN " REACHED_DRIVES " AND n.parent_id = t.id WHERE t.depth < 256)"
        " SELECT d.id, (SELECT COUNT(*) FROM nodes n WHERE n.drive_id = d.id) AS total,"
        "  (SELECT COUNT(*) FROM tree t WHERE t.drive_id = d.id) AS reached FROM drives d WHERE d.deleted = 0"
        "  AND (SELECT COUNT(*) FROM nodes n WHERE n.drive_id = d.id)"
        "   <> (SELECT COUNT(*) FROM tree t WHERE t.drive_id = d.id)" },
    [AUDIT_NAMES] = { "audit_names",
        "SELECT drive_id, parent_id, COUNT(*) FROM nodes GROUP BY drive_id, parent_id, name_key, duplicate"
        " HAVING COUNT(*) > 1" },
    [AUDIT_CONTENT] = { "audit_content",
        "SELECT n.drive_id, n.id, n.content_id FROM nodes n LEFT JOIN contents c ON c.id = n.content_id"
        " WHERE n.kind = 2 AND (c.id IS NULL OR c.size <> n.size)" },
    [AUDIT_EXTENTS] = { "audit_extents",
        "SELECT c.id, c.size, COALESCE((SELECT SUM(k.size) FROM content_chunks x JOIN chunks k ON k.id = x.chunk_id"
        "  WHERE x.content_id = c.id AND k.unused_since = 0), 0) AS have FROM contents c"
        " WHERE c.size <> COALESCE((SELECT SUM(k.size) FROM content_chunks x JOIN chunks k ON k.id = x.chunk_id"
        "  WHERE x.content_id = c.id AND k.unused_since = 0), 0)"
        " OR c.chunks <> (SELECT COUNT(*) FROM content_chunks x JOIN chunks k ON k.id = x.chunk_id"
        "  WHERE x.content_id = c.id)" },
    [AUDIT_REFERENCES] = { "audit_references", "SELECT b.id, b.refs, COALESCE(k.n, 0)" MISCOUNTED },
    [AUDIT_UPLOADS] = { "audit_uploads", "SELECT id, drive_id, 0 FROM uploads WHERE expires < $1" },
    [AUDIT_USED] = { "audit_used", "SELECT d.id, d.used, " USED " FROM drives d WHERE d.deleted = 0 AND d.used <> " USED },
    [AUDIT_SHARES] = { "audit_shares",
        "SELECT s.id, s.drive_id, s.creator FROM share_links s LEFT JOIN drives d ON d.id = s.drive_id"
        " LEFT JOIN users u ON u.id = s.creator WHERE d.id IS NULL OR u.id IS NULL" },
    [AUDIT_RESERVED] = { "audit_reserved",
        "SELECT d.id, d.reserved, " RESERVED " FROM drives d WHERE d.deleted = 0 AND d.reserved <> " RESERVED },
    [AUDIT_GRANTS] = { "audit_grants",
        "SELECT g.drive_id, g.node_id, g.holder FROM grants g LEFT JOIN drives d ON d.id = g.drive_id"
        " LEFT JOIN nodes n ON n.drive_id = g.drive_id AND n.id = g.node_id"
        " WHERE (d.id IS NULL OR d.deleted = 0) AND ((n.id IS NULL"
        "   AND NOT EXISTS (SELECT 1 FROM tasks k JOIN nodes q ON q.id = g.node_id AND q.drive_id = k.to_drive"
        "    WHERE k.kind = 3 AND k.state = 1 AND k.drive_id = g.drive_id))"
        "  OR (g.holder_kind = 1 AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = g.holder))"
        "  OR (g.holder_kind = 2 AND NOT EXISTS (SELECT 1 FROM teams t WHERE t.id = g.holder)))" },
    [AUDIT_CHARGED] = { "audit_charged",
        "SELECT m.id, m.charged, " CHARGED " FROM domains m WHERE m.size_quota > 0 AND m.charged <> " CHARGED },
    [AUDIT_PEOPLE] = { "audit_people",
        "SELECT m.id, m.user_count, " PEOPLE " FROM domains m WHERE m.user_count <> " PEOPLE },
    [AUDIT_MEMBERS] = { "audit_members",
        "SELECT x.team_id, x.user_id, 0 FROM (SELECT team_id, user_id FROM members"
        "  UNION ALL SELECT team_id, user_id FROM team_admins) x"
        " LEFT JOIN users u ON u.id = x.user_id LEFT JOIN teams t ON t.id = x.team_id WHERE u.id IS NULL OR t.id IS NULL"
        " UNION ALL SELECT c.parent_id, c.id, 0 FROM teams c LEFT JOIN teams t ON t.id = c.parent_id"
        " WHERE c.parent_id > 0 AND t.id IS NULL" },
};

enum fault store_audit(struct cx *cx, enum audit audit, instant before, struct list *out)
{
    return store_many(cx, &audits[audit], ARGS(ARG(before)), COLUMNS(finding_columns), sizeof(struct finding), out);
}

/* ---- details ---- */

enum { STRETCH = 1000 };

struct columns_of_node {
    struct node node;
    str         details;
};
#define NODE(member, kind) { offsetof(struct columns_of_node, node.member), kind }
static const struct column node_columns[] = {
    NODE(drive, KIND_ID), NODE(id, KIND_ID), NODE(content, KIND_ID), NODE(kind, KIND_INT), NODE(category, KIND_INT),
    NODE(size, KIND_INT64), NODE(created, KIND_INSTANT), NODE(modified, KIND_INSTANT), NODE(trashed, KIND_INSTANT),
    NODE(description, KIND_STR), { AT(struct columns_of_node, details) },
};
#undef NODE
STMT details_after = { "details_after",
    "SELECT drive_id, id, content_id, kind, category, size, created, modified, trashed, description, details FROM nodes"
    " WHERE (drive_id, id) > ($1, $2) ORDER BY drive_id, id LIMIT $3" };

static bool agrees(const struct columns_of_node *row)
{
    const struct node *a = &row->node;
    struct node        b;
    return details_unpack(row->details, &b) && a->content.v == b.content.v && a->kind == b.kind
           && a->category == b.category && a->size == b.size && a->created.ms == b.created.ms
           && a->modified.ms == b.modified.ms && a->trashed.ms == b.trashed.ms
           && str_eq(a->description, b.description);
}

enum fault store_details_audit(struct cx *cx, id *drive, id *node, bool *more, struct list *out)
{
    struct list rows;
    TRY(store_many(cx, &details_after, ARGS(ARG(*drive), ARG(*node), ARG(STRETCH)), COLUMNS(node_columns),
                   sizeof(struct columns_of_node), &rows));
    const struct columns_of_node *row = rows.items;
    struct finding *findings = ARENA_MANY(cx->arena, struct finding, rows.count);
    *out = (struct list){ findings, 0 };
    *more = rows.count == STRETCH;
    for (size_t i = 0; i < rows.count; i++) {
        *drive = row[i].node.drive;
        *node = row[i].node.id;
        if (!agrees(&row[i]))
            findings[out->count++] = (struct finding){ drive->v, node->v, 0 };
    }
    return OK;
}

/* ---- chunks ---- */

#define ROW struct chunk
static const struct column chunk_columns[] = {
    { AT(ROW, id) }, { AT(ROW, size) }, { AT(ROW, sha256) }, { AT(ROW, stored_here) },
};
#undef ROW
STMT chunks_after = { "chunks_after",
    "SELECT id, size, sha256, stored_here FROM chunks WHERE id > $1 ORDER BY id LIMIT $2" };

enum fault store_chunks_after(struct cx *cx, id after, int limit, struct list *out)
{
    return store_many(cx, &chunks_after, ARGS(ARG(after), ARG(limit)), COLUMNS(chunk_columns), sizeof(struct chunk), out);
}

STMT repair_references = { "repair_references",
    "UPDATE contents AS c SET refs = f.n, unused_since = CASE WHEN f.n > 0 THEN 0 ELSE $1 END"
    " FROM (SELECT b.id, COALESCE(k.n, 0) AS n" MISCOUNTED ") f WHERE f.id = c.id" };
STMT repair_used = { "repair_used",
    "UPDATE drives AS d SET used = " USED ", reserved = " RESERVED " WHERE d.used <> " USED " OR d.reserved <> " RESERVED };

STMT repair_domains = { "repair_domains",
    "UPDATE domains AS m SET charged = " CHARGED ", user_count = " PEOPLE };

enum fault store_repair_counts(struct cx *cx, instant now)
{
    TRY(store_exec(cx, &repair_references, ARGS(ARG(now)), NULL));
    TRY(store_exec(cx, &repair_used, NO_ARGS, NULL));
    return store_exec(cx, &repair_domains, NO_ARGS, NULL);
}
