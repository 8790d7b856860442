#include "store/nodes.h"

#include "base/names.h"
#include "store/grants.h"
#include "store/revisions.h"
#include "store/rows.h"
#include "store/search.h"
#include "store/stars.h"

#define ROW struct node
#define NODE_COLUMNS \
    "id, drive_id, parent_id, origin, content_id, revision, creator, editor, kind, category, duplicate, name, " \
    "media_type, file_type, description, size, version, hidden, sha1, sha256, crc64, tags, local_created, " \
    "local_modified, created, modified, trashed"
static const struct column node_columns[] = {
    { AT(ROW, id) }, { AT(ROW, drive) }, { AT(ROW, parent) }, { AT(ROW, origin) }, { AT(ROW, content) },
    { AT(ROW, revision) }, { AT(ROW, creator) }, { AT(ROW, editor) }, { AT(ROW, kind) }, { AT(ROW, category) },
    { AT(ROW, duplicate) }, { AT(ROW, name) }, { AT(ROW, media_type) }, { AT(ROW, file_type) },
    { AT(ROW, description) }, { AT(ROW, size) }, { AT(ROW, version) }, { AT(ROW, hidden) }, { AT(ROW, sha1) },
    { AT(ROW, sha256) }, { AT(ROW, crc64) }, { AT(ROW, tags) }, { AT(ROW, local_created) },
    { AT(ROW, local_modified) }, { AT(ROW, created) }, { AT(ROW, modified) }, { AT(ROW, trashed) },
};
#undef ROW

STMT node_insert = { "node_insert",
    "INSERT INTO nodes (" NODE_COLUMNS ", name_key, sort_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
    " $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29) ON CONFLICT DO NOTHING" };
STMT node_by_id = { "node_by_id", "SELECT " NODE_COLUMNS " FROM nodes WHERE drive_id = $1 AND id = $2" };
STMT node_by_name = { "node_by_name",
    "SELECT " NODE_COLUMNS " FROM nodes WHERE drive_id = $1 AND parent_id = $2 AND name_key = $3"
    " ORDER BY duplicate LIMIT 1" };
STMT node_last_duplicate = { "node_last_duplicate",
    "SELECT duplicate FROM nodes WHERE drive_id = $1 AND parent_id = $2 AND name_key = $3 ORDER BY duplicate DESC LIMIT 1" };
STMT node_up = { "node_up", "SELECT parent_id, trashed, name FROM nodes WHERE drive_id = $1 AND id = $2" };
STMT node_taken = { "node_taken",
    "SELECT id FROM nodes WHERE drive_id = $1 AND parent_id = $2 AND name_key = $3 AND duplicate = $4 AND id <> $5" };
STMT node_place = { "node_place",
    "UPDATE nodes SET parent_id = $3, origin = $4, name = $5, name_key = $6, sort_key = $7, duplicate = $8,"
    " trashed = $9, modified = $10, category = $11 WHERE drive_id = $1 AND id = $2" };
STMT node_content = { "node_content",
    "UPDATE nodes SET content_id = $3, revision = $4, version = $5, size = $6, sha1 = $7, sha256 = $8, crc64 = $9,"
    " media_type = $10, category = $11, editor = $12, modified = $13, local_modified = $14"
    " WHERE drive_id = $1 AND id = $2" };
STMT node_describe = { "node_describe",
    "UPDATE nodes SET description = $3, hidden = $4, local_modified = $5, tags = $6, category = $7, editor = $8,"
    " modified = $9 WHERE drive_id = $1 AND id = $2" };
STMT node_carry = { "node_carry", "UPDATE nodes SET drive_id = $3 WHERE drive_id = $1 AND id = $2" };
STMT revisions_carry = { "revisions_carry", "UPDATE revisions SET drive_id = $3 WHERE drive_id = $1 AND node_id = $2" };
STMT revision_marks_carry = { "revision_marks_carry",
    "UPDATE revision_marks SET drive_id = $3 WHERE drive_id = $1 AND node_id = $2" };
STMT stars_carry = { "stars_carry", "UPDATE stars SET drive_id = $3 WHERE drive_id = $1 AND node_id = $2" };
STMT node_delete = { "node_delete", "DELETE FROM nodes WHERE drive_id = $1 AND id = $2" };
/* Its index has no condition: with one SQLite walks the whole drive instead, 25 ms of 100,000 files, seen. */
STMT node_with_content = { "node_with_content",
    "SELECT " NODE_COLUMNS " FROM nodes WHERE drive_id = $1 AND content_id = $2 AND id > $3 ORDER BY id LIMIT 1" };
/* Folders have no category: the index finds them without a look at the files. */
STMT folders_in = { "folders_in",
    "SELECT id FROM nodes WHERE drive_id = $1 AND parent_id = $2 AND category = 0 AND id > $3 AND kind = 1"
    " ORDER BY id LIMIT $4" };
STMT folder_sums = { "folder_sums",
    "SELECT COUNT(*), COALESCE(SUM(size), 0) FROM nodes WHERE drive_id = $1 AND parent_id = $2" };
STMT nodes_of_drive = { "nodes_of_drive",
    "SELECT " NODE_COLUMNS " FROM nodes WHERE drive_id = $1 AND id > $2 ORDER BY id LIMIT $3" };

/* ---- what a search looks at ---- */

STMT node_text = { "node_text",
    "SELECT drive_id, id, parent_id, name, description FROM nodes WHERE drive_id = $1 AND id = $2" };

static struct search_text text_of(const struct node *n)
{
    return (struct search_text){ n->drive, n->id, n->parent, n->name, n->description };
}

static enum fault text_read(struct cx *cx, id drive, id node, struct search_text *out)
{
    static const struct column columns[] = {
        { AT(struct search_text, drive) }, { AT(struct search_text, node) }, { AT(struct search_text, parent) },
        { AT(struct search_text, name) }, { AT(struct search_text, description) },
    };
    const enum fault fault = store_one(cx, &node_text, ARGS(ARG(drive), ARG(node)), COLUMNS(columns), out);
    if (fault == FAULT_NOT_FOUND)
        *out = (struct search_text){ .drive = drive, .node = node };
    return fault == FAULT_NOT_FOUND ? OK : fault;
}

/* ---- rows ---- */

/* `duplicate` is 64 bits in the row: entries of the bin carry their own number there, so that names
 * never clash; the struct's int is only used for live ones. */
static int64_t duplicate_of(const struct node *n)
{
    return n->trashed.ms ? n->id.v : n->duplicate;
}

enum fault store_node_add(struct cx *cx, const struct node *n)
{
    int64_t changed = 0;
    const str key = name_nfc(cx->arena, n->name), sort = name_sort_key(cx->arena, n->name);
    TRY(store_exec(cx, &node_insert, ARGS(ARG(n->id), ARG(n->drive), ARG(n->parent), ARG(n->origin), ARG(n->content),
        ARG(n->revision), ARG(n->creator), ARG(n->editor), ARG(n->kind), ARG(n->category), ARG(duplicate_of(n)),
        ARG(n->name), ARG(n->media_type), ARG(n->file_type), ARG(n->description), ARG(n->size), ARG(n->version),
        ARG(n->hidden), BYTES(n->sha1), BYTES(n->sha256), ARG(n->crc64), ARG(n->tags), ARG(n->local_created),
        ARG(n->local_modified), ARG(n->created), ARG(n->modified), ARG(n->trashed), BYTES(key), BYTES(sort)), &changed));
    if (!changed)
        return FAULT_EXISTS;
    const struct search_text text = text_of(n);
    return store_search_add(cx, &text);
}

enum fault store_node(struct cx *cx, id drive, id node, struct node *out)
{
    out->starred = false;
    return store_one(cx, &node_by_id, ARGS(ARG(drive), ARG(node)), COLUMNS(node_columns), out);
}

enum fault store_node_by_name(struct cx *cx, id drive, id parent, str name, struct node *out)
{
    const str key = name_nfc(cx->arena, name);
    out->starred = false;
    return store_one(cx, &node_by_name, ARGS(ARG(drive), ARG(parent), BYTES(key)), COLUMNS(node_columns), out);
}

enum fault store_node_next_duplicate(struct cx *cx, id drive, id parent, str name, int *out)
{
    int64_t last;
    const str key = name_nfc(cx->arena, name);
    TRY(store_number(cx, &node_last_duplicate, ARGS(ARG(drive), ARG(parent), BYTES(key)), -1, &last));
    *out = (int)last + 1;
    return OK;
}

enum fault store_node_step_up(struct cx *cx, id drive, id node, struct step_up *out)
{
    static const struct column columns[] = {
        { AT(struct step_up, parent) }, { AT(struct step_up, trashed) }, { AT(struct step_up, name) },
    };
    return store_one(cx, &node_up, ARGS(ARG(drive), ARG(node)), COLUMNS(columns), out);
}

enum fault store_node_place(struct cx *cx, const struct node *n)
{
    int64_t   taken;
    const str key = name_nfc(cx->arena, n->name), sort = name_sort_key(cx->arena, n->name);
    struct search_text before;
    TRY(store_number(cx, &node_taken, ARGS(ARG(n->drive), ARG(n->parent), BYTES(key), ARG(duplicate_of(n)), ARG(n->id)), 0,
                     &taken));
    if (taken)
        return FAULT_EXISTS;
    TRY(text_read(cx, n->drive, n->id, &before));
    struct search_text after = before; /* the description stays */
    after.name = n->name;
    TRY(store_search_change(cx, &before, &after));
    return store_exec(cx, &node_place, ARGS(ARG(n->drive), ARG(n->id), ARG(n->parent), ARG(n->origin), ARG(n->name),
        BYTES(key), BYTES(sort), ARG(duplicate_of(n)), ARG(n->trashed), ARG(n->modified), ARG(n->category)), NULL);
}

enum fault store_node_set_content(struct cx *cx, const struct node *n)
{
    return store_exec(cx, &node_content, ARGS(ARG(n->drive), ARG(n->id), ARG(n->content), ARG(n->revision),
        ARG(n->version), ARG(n->size), BYTES(n->sha1), BYTES(n->sha256), ARG(n->crc64), ARG(n->media_type),
        ARG(n->category), ARG(n->editor), ARG(n->modified), ARG(n->local_modified)), NULL);
}

enum fault store_node_describe(struct cx *cx, const struct node *n)
{
    struct search_text before;
    TRY(text_read(cx, n->drive, n->id, &before));
    struct search_text after = before; /* the name stays */
    after.description = n->description;
    TRY(store_search_change(cx, &before, &after));
    return store_exec(cx, &node_describe, ARGS(ARG(n->drive), ARG(n->id), ARG(n->description), ARG(n->hidden),
        ARG(n->local_modified), ARG(n->tags), ARG(n->category), ARG(n->editor), ARG(n->modified)), NULL);
}

enum fault store_node_carry(struct cx *cx, id drive, id node, id to_drive)
{
    const struct stmt *const carry[] = { &node_carry, &revisions_carry, &revision_marks_carry, &stars_carry };
    struct search_text text;
    TRY(text_read(cx, drive, node, &text));
    TRY(store_search_remove(cx, &text));
    for (size_t i = 0; i < COUNT(carry); i++)
        TRY(store_exec(cx, carry[i], ARGS(ARG(drive), ARG(node), ARG(to_drive)), NULL));
    text.drive = to_drive;
    return store_search_add(cx, &text);
}

enum fault store_node_remove(struct cx *cx, id drive, id node)
{
    struct search_text text;
    TRY(store_stars_of_node_remove(cx, drive, node));
    TRY(store_revision_marks_of_node_remove(cx, drive, node));
    TRY(text_read(cx, drive, node, &text));
    TRY(store_search_remove(cx, &text));
    TRY(store_grants_remove_on(cx, drive, node));
    return store_exec(cx, &node_delete, ARGS(ARG(drive), ARG(node)), NULL);
}

enum fault store_node_with_content(struct cx *cx, id drive, id content, id after, struct node *out)
{
    out->starred = false;
    return store_one(cx, &node_with_content, ARGS(ARG(drive), ARG(content), ARG(after)), COLUMNS(node_columns), out);
}

enum fault store_nodes_of_drive(struct cx *cx, id drive, id after, int limit, struct list *out)
{
    return store_many(cx, &nodes_of_drive, ARGS(ARG(drive), ARG(after), ARG(limit)), COLUMNS(node_columns),
                      sizeof(struct node), out);
}

enum fault store_folders_in(struct cx *cx, id drive, id parent, id after, int limit, struct list *out)
{
    static const struct column id_column[] = { { 0, KIND_ID } };
    return store_many(cx, &folders_in, ARGS(ARG(drive), ARG(parent), ARG(after), ARG(limit)), COLUMNS(id_column),
                      sizeof(id), out);
}

enum fault store_folder_sums(struct cx *cx, id drive, id parent, int64_t *entries, int64_t *bytes)
{
    struct sums { int64_t entries, bytes; } sums;
    static const struct column columns[] = { { AT(struct sums, entries) }, { AT(struct sums, bytes) } };
    TRY(store_one(cx, &folder_sums, ARGS(ARG(drive), ARG(parent)), COLUMNS(columns), &sums));
    *entries = sums.entries;
    *bytes = sums.bytes;
    return OK;
}

/* ---- listing ---- */

/* Every column counts in a page of hundreds of rows. Drive and parent are known, and the number of a duplicate
 * does not show. The sort key is read where it is the order. */
#define LISTED_COLUMNS \
    "id, content_id, revision, creator, editor, kind, category, name, media_type, file_type, description, size," \
    " version, hidden, sha1, sha256, crc64, tags, local_created, local_modified, created, modified, origin, trashed"
#define ROW struct node_row
#define NODE(member, kind) { offsetof(ROW, node.member), kind }
#define LISTED \
    NODE(id, KIND_ID), NODE(content, KIND_ID), NODE(revision, KIND_ID), NODE(creator, KIND_ID), \
    NODE(editor, KIND_ID), NODE(kind, KIND_INT), NODE(category, KIND_INT), NODE(name, KIND_STR), \
    NODE(media_type, KIND_STR), NODE(file_type, KIND_STR), NODE(description, KIND_STR), NODE(size, KIND_INT64), \
    NODE(version, KIND_INT64), NODE(hidden, KIND_BOOL), NODE(sha1, KIND_STR), NODE(sha256, KIND_STR), \
    NODE(crc64, KIND_INT64), NODE(tags, KIND_STR), NODE(local_created, KIND_STR), NODE(local_modified, KIND_STR), \
    NODE(created, KIND_INSTANT), NODE(modified, KIND_INSTANT), NODE(origin, KIND_ID), NODE(trashed, KIND_INSTANT)
#define SORT_KEY { offsetof(ROW, sort_key), KIND_STR } /* the last: only where it is the order */
static const struct column listed_columns[] = { LISTED, SORT_KEY };
static const struct column starred_columns[] = { LISTED, NODE(starred, KIND_BOOL), SORT_KEY };
static const struct column scattered_columns[] = { LISTED, NODE(parent, KIND_ID), SORT_KEY }; /* of many folders */
#undef SORT_KEY
#undef LISTED
#undef NODE
#undef ROW

#define LISTING(order, key, name, more, also)                                                                  \
    [2 * (order)] = { name #key, "SELECT " LISTED_COLUMNS more " FROM nodes WHERE drive_id = $1"                \
        " AND parent_id = $2 AND (" #key ", id) > ($3, $4)" also " ORDER BY " #key ", id LIMIT $5" },           \
    [2 * (order) + 1] = { name #key "_desc", "SELECT " LISTED_COLUMNS more " FROM nodes"                        \
        " WHERE drive_id = $1 AND parent_id = $2 AND (" #key ", id) < ($3, $4)" also                            \
        " ORDER BY " #key " DESC, id DESC LIMIT $5" }
#define LISTINGS(name, more)                                          \
    LISTING(ORDER_NAME, sort_key, name, more ", sort_key", ""),       \
    LISTING(ORDER_SIZE, size, name, more, ""),                        \
    LISTING(ORDER_CREATED, created, name, more, ""),                  \
    LISTING(ORDER_MODIFIED, modified, name, more, ""),                \
    LISTING(ORDER_CATEGORY, category, name, more, ""),                \
    LISTING(ORDER_TRASHED, trashed, name, more, " AND trashed > 0")

STMT listings[] = { LISTINGS("nodes_by_", "") };
STMT starred_listings[] = { LISTINGS("nodes_starred_by_",
    ", CASE WHEN EXISTS (SELECT 1 FROM stars s WHERE s.drive_id = nodes.drive_id AND s.node_id = nodes.id"
    " AND s.user_id = $6) THEN 1 ELSE 0 END") };

/* Past every sort key: ICU's keys never begin with 0xFF. */
#define PAST_ALL_KEYS S("\xFF\xFF\xFF\xFF")

static enum fault nodes_each(struct cx *cx, id drive, id parent, enum node_order order, bool descending,
                             const struct node_position *from, int limit, const id *user,
                             bool (*each)(void *arg, void *row), void *arg)
{
    struct node_row row = { .node = { .drive = drive, .parent = parent } };
    const str     bytes = from->is_start ? (descending ? PAST_ALL_KEYS : S("")) : from->bytes;
    const int64_t number = from->is_start ? (descending ? INT64_MAX : INT64_MIN) : from->number;
    const id      node = from->is_start ? (id){ descending ? INT64_MAX : 0 } : from->node;
    const struct arg key = order == ORDER_NAME ? BYTES(bytes) : ARG(number);
    const struct arg args[] = { ARG(drive), ARG(parent), key, ARG(node), ARG(limit), ARG(user ? *user : ID_NONE) };
    const struct stmt *stmts = user ? starred_listings : listings;
    const struct column *columns = user ? starred_columns : listed_columns;
    const size_t n = (user ? COUNT(starred_columns) : COUNT(listed_columns)) - (order != ORDER_NAME);
    return store_each(cx, &stmts[2 * (int)order + descending], args, COUNT(args) - !user, columns, n, &row, each, arg);
}

enum fault store_nodes_each(struct cx *cx, id drive, id parent, enum node_order order, bool descending,
                            const struct node_position *from, int limit, bool (*each)(void *arg, void *row), void *arg)
{
    return nodes_each(cx, drive, parent, order, descending, from, limit, NULL, each, arg);
}

enum fault store_nodes_each_starred(struct cx *cx, id drive, id parent, enum node_order order, bool descending,
                                    const struct node_position *from, int limit, id user,
                                    bool (*each)(void *arg, void *row), void *arg)
{
    return nodes_each(cx, drive, parent, order, descending, from, limit, &user, each, arg);
}

#define SCATTERED "SELECT " LISTED_COLUMNS ", parent_id, sort_key FROM nodes WHERE drive_id = $1 AND "
#define OF_DRIVE(key)                                                                                             \
    { "nodes_of_drive_by_" #key, SCATTERED "(" #key ", id) > ($2, $3) ORDER BY " #key ", id LIMIT $4" },           \
    { "nodes_of_drive_by_" #key "_desc", SCATTERED "(" #key ", id) < ($2, $3) ORDER BY " #key " DESC, id DESC LIMIT $4" }
STMT drive_by_created[] = { OF_DRIVE(created) };
STMT drive_by_modified[] = { OF_DRIVE(modified) };
STMT drive_by_id = { "nodes_of_drive_by_id", SCATTERED "id > $2 ORDER BY id LIMIT $3" };
STMT node_row_by_id = { "node_row", SCATTERED "id = $2" };
STMT node_children = { "node_children", "SELECT id FROM nodes WHERE drive_id = $1 AND parent_id = $2 LIMIT $3" };

STMT nodes_between[] = {
    { "nodes_created_between", "SELECT id FROM nodes WHERE drive_id = $1 AND created >= $2 AND created <= $3 LIMIT $4" },
    { "nodes_modified_between", "SELECT id FROM nodes WHERE drive_id = $1 AND modified >= $2 AND modified <= $3 LIMIT $4" },
};

enum fault store_nodes_between(struct cx *cx, id drive, enum node_order order, int64_t low, int64_t high, int limit,
                               struct list *out)
{
    static const struct column columns[] = { { 0, KIND_ID } };
    return store_many(cx, &nodes_between[order == ORDER_MODIFIED], ARGS(ARG(drive), ARG(low), ARG(high), ARG(limit)),
                      COLUMNS(columns), sizeof(id), out);
}

enum fault store_nodes_of_drive_each(struct cx *cx, id drive, enum node_order order, bool descending,
                                     const struct node_position *from, int limit,
                                     bool (*each)(void *arg, void *row), void *arg)
{
    struct node_row row = { .node = { .drive = drive } };
    const struct stmt *stmts = order == ORDER_MODIFIED ? drive_by_modified : drive_by_created;
    const int64_t number = from->is_start ? (descending ? INT64_MAX : INT64_MIN) : from->number;
    const id      node = from->is_start ? (id){ descending ? INT64_MAX : 0 } : from->node;
    return store_each(cx, &stmts[descending], ARGS(ARG(drive), ARG(number), ARG(node), ARG(limit)),
                      COLUMNS(scattered_columns), &row, each, arg);
}

enum fault store_nodes_by_id_each(struct cx *cx, id drive, id after, int limit, bool (*each)(void *arg, void *row),
                                  void *arg)
{
    struct node_row row = { .node = { .drive = drive } };
    return store_each(cx, &drive_by_id, ARGS(ARG(drive), ARG(after), ARG(limit)), COLUMNS(scattered_columns), &row, each,
                      arg);
}

enum fault store_node_row(struct cx *cx, id drive, id node, struct node_row *out)
{
    *out = (struct node_row){ .node = { .drive = drive } };
    return store_one(cx, &node_row_by_id, ARGS(ARG(drive), ARG(node)), COLUMNS(scattered_columns), out);
}

enum fault store_node_children(struct cx *cx, id drive, id parent, int limit, struct list *out)
{
    static const struct column columns[] = { { 0, KIND_ID } };
    return store_many(cx, &node_children, ARGS(ARG(drive), ARG(parent), ARG(limit)), COLUMNS(columns), sizeof(id), out);
}

void node_keep(struct arena *arena, struct node *n)
{
    str *const texts[] = { &n->name, &n->media_type, &n->file_type, &n->description, &n->sha1, &n->sha256, &n->tags,
                           &n->local_created, &n->local_modified };
    for (size_t i = 0; i < COUNT(texts); i++)
        *texts[i] = arena_copy(arena, *texts[i]);
}

/* ---- trees ---- */

/* Folders have category 0, so they stand together in an index of each folder: files are not looked at. */
#define BELOW(condition)                                                                                    \
    "WITH RECURSIVE below (id, depth) AS (SELECT id, 0 FROM nodes WHERE drive_id = $1 AND id = $2"          \
    " UNION ALL SELECT n.id, b.depth + 1 FROM below b JOIN nodes n ON n.drive_id = $1 AND n.parent_id = b.id" \
    condition " WHERE b.depth < $3)"
STMT tree_folders = { "tree_folders",
    BELOW(" AND n.category = 0") " SELECT COUNT(*), COALESCE(MAX(depth), 0) FROM (SELECT depth FROM below LIMIT $4) x" };
STMT tree_nodes = { "tree_nodes", BELOW("") " SELECT COUNT(*) FROM below" };

enum fault store_tree_folders(struct cx *cx, id drive, id top, int limit, int depth_max, int64_t *folders, int *height)
{
    struct row {
        int64_t folders;
        int     height;
    } row;
    static const struct column columns[] = { { AT(struct row, folders) }, { AT(struct row, height) } };
    TRY(store_one(cx, &tree_folders, ARGS(ARG(drive), ARG(top), ARG(depth_max), ARG(limit)), COLUMNS(columns), &row));
    *folders = row.folders;
    *height = row.height;
    return OK;
}

enum fault store_tree_nodes(struct cx *cx, id drive, id top, int depth_max, int64_t *nodes)
{
    return store_number(cx, &tree_nodes, ARGS(ARG(drive), ARG(top), ARG(depth_max)), 0, nodes);
}

/* ---- revisions ---- */

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
STMT nodes_used = { "nodes_used",
    "SELECT COALESCE((SELECT SUM(size) FROM nodes WHERE drive_id = $1 AND kind = 2), 0)"
    " + COALESCE((SELECT SUM(size) FROM revisions WHERE drive_id = $1), 0)" };

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

enum fault store_nodes_used(struct cx *cx, id drive, int64_t *out)
{
    return store_number(cx, &nodes_used, ARGS(ARG(drive)), 0, out);
}
