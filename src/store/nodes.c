#include "store/nodes.h"

#include "base/log.h"
#include "base/names.h"
#include "store/details.h"
#include "store/grants.h"
#include "store/revisions.h"
#include "store/rows.h"
#include "store/search.h"
#include "store/stars.h"

/* What statements ask for stands in columns of its own as well, see store/details.h. */
#define NODE(member, kind) { offsetof(struct node_row, node.member), kind }
#define DETAILS NODE(details, KIND_STR)
#define SORT_KEY { offsetof(struct node_row, sort_key), KIND_STR }
#define NODE_COLUMNS "id, drive_id, parent_id, duplicate, name, details"
static const struct column node_columns[] = {
    NODE(id, KIND_ID), NODE(drive, KIND_ID), NODE(parent, KIND_ID), NODE(duplicate, KIND_INT), NODE(name, KIND_STR),
    DETAILS,
};

STMT node_insert = { "node_insert",
    "INSERT INTO nodes (" NODE_COLUMNS ", content_id, kind, category, size, created, modified, trashed, description,"
    " name_key, sort_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    " ON CONFLICT DO NOTHING" };
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
    "UPDATE nodes SET parent_id = $3, name = $4, name_key = $5, sort_key = $6, duplicate = $7, trashed = $8,"
    " modified = $9, category = $10, details = $11 WHERE drive_id = $1 AND id = $2" };
STMT node_content = { "node_content",
    "UPDATE nodes SET content_id = $3, size = $4, category = $5, modified = $6, details = $7"
    " WHERE drive_id = $1 AND id = $2" };
STMT node_describe = { "node_describe",
    "UPDATE nodes SET description = $3, category = $4, modified = $5, details = $6 WHERE drive_id = $1 AND id = $2" };
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

static enum fault damaged(struct cx *cx, id drive, id node)
{
    const str which = arena_print(cx->arena, "%lld of drive %lld", (long long)node.v, (long long)drive.v);
    log_line(LOG_ERROR, "the details of a node are damaged", LOG_PAIRS({ "node", which }));
    return fail(cx, FAULT_UNAVAILABLE, .because = "a row of the store is damaged");
}

static enum fault unpack(struct cx *cx, struct node *node)
{
    return details_unpack(node->details, node) ? OK : damaged(cx, node->drive, node->id);
}

enum fault store_node_unpack(struct cx *cx, struct node *node)
{
    return node->kind ? OK : unpack(cx, node);
}

/* A row by a statement that gives node_columns. */
static enum fault node_one(struct cx *cx, const struct stmt *stmt, const struct arg *args, size_t n_args,
                           struct node *out)
{
    struct node_row row = { 0 };
    TRY(store_one(cx, stmt, args, n_args, COLUMNS(node_columns), &row));
    TRY(unpack(cx, &row.node));
    *out = row.node;
    return OK;
}

struct reading {
    struct node_row row;
    bool        (*each)(void *arg, void *row);
    void         *arg;
    bool          is_damaged;
};

static bool unpack_each(void *arg, void *row)
{
    struct reading *r = arg;
    r->is_damaged = !details_unpack(r->row.node.details, &r->row.node);
    return !r->is_damaged && r->each(r->arg, row);
}

static enum fault rows_each(struct cx *cx, const struct stmt *stmt, const struct arg *args, size_t n_args,
                            const struct column *columns, size_t n_columns, struct reading *r)
{
    TRY(store_each(cx, stmt, args, n_args, columns, n_columns, &r->row, unpack_each, r));
    return r->is_damaged ? damaged(cx, r->row.node.drive, r->row.node.id) : OK;
}

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
    const str details = details_pack(cx->arena, n);
    TRY(store_exec(cx, &node_insert, ARGS(ARG(n->id), ARG(n->drive), ARG(n->parent), ARG(duplicate_of(n)), ARG(n->name),
        BYTES(details), ARG(n->content), ARG(n->kind), ARG(n->category), ARG(n->size), ARG(n->created),
        ARG(n->modified), ARG(n->trashed), ARG(n->description), BYTES(key), BYTES(sort)), &changed));
    if (!changed)
        return FAULT_EXISTS;
    const struct search_text text = text_of(n);
    return store_search_add(cx, &text);
}

enum fault store_node(struct cx *cx, id drive, id node, struct node *out)
{
    return node_one(cx, &node_by_id, ARGS(ARG(drive), ARG(node)), out);
}

enum fault store_node_by_name(struct cx *cx, id drive, id parent, str name, struct node *out)
{
    const str key = name_nfc(cx->arena, name);
    return node_one(cx, &node_by_name, ARGS(ARG(drive), ARG(parent), BYTES(key)), out);
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
    const str details = details_pack(cx->arena, n);
    return store_exec(cx, &node_place, ARGS(ARG(n->drive), ARG(n->id), ARG(n->parent), ARG(n->name), BYTES(key),
        BYTES(sort), ARG(duplicate_of(n)), ARG(n->trashed), ARG(n->modified), ARG(n->category), BYTES(details)), NULL);
}

enum fault store_node_set_content(struct cx *cx, const struct node *n)
{
    const str details = details_pack(cx->arena, n);
    return store_exec(cx, &node_content, ARGS(ARG(n->drive), ARG(n->id), ARG(n->content), ARG(n->size), ARG(n->category),
        ARG(n->modified), BYTES(details)), NULL);
}

enum fault store_node_describe(struct cx *cx, const struct node *n)
{
    struct search_text before;
    TRY(text_read(cx, n->drive, n->id, &before));
    struct search_text after = before; /* the name stays */
    after.description = n->description;
    TRY(store_search_change(cx, &before, &after));
    const str details = details_pack(cx->arena, n);
    return store_exec(cx, &node_describe, ARGS(ARG(n->drive), ARG(n->id), ARG(n->description), ARG(n->category),
        ARG(n->modified), BYTES(details)), NULL);
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
    return node_one(cx, &node_with_content, ARGS(ARG(drive), ARG(content), ARG(after)), out);
}

struct gathering {
    struct arena *arena;
    struct node  *nodes;
    size_t        count, room, bytes;
};

static bool gather(void *arg, void *row)
{
    struct gathering *g = arg;
    struct node      *node = &g->nodes[g->count++];
    *node = ((const struct node_row *)row)->node;
    node_keep(g->arena, node);
    g->bytes += node_bytes(node);
    return g->count < g->room && g->bytes < NODES_BYTES_MAX;
}

enum fault store_nodes_of_drive(struct cx *cx, id drive, id after, int limit, struct list *out)
{
    struct gathering g = { .arena = cx->arena, .nodes = ARENA_MANY(cx->arena, struct node, (size_t)limit),
                           .room = (size_t)limit };
    struct reading reading = { .each = gather, .arg = &g };
    TRY(rows_each(cx, &nodes_of_drive, ARGS(ARG(drive), ARG(after), ARG(limit)), COLUMNS(node_columns), &reading));
    *out = (struct list){ g.nodes, g.count };
    return OK;
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

/* ---- over a drive ---- */

static const struct column scattered_columns[] = {
    NODE(id, KIND_ID), NODE(name, KIND_STR), DETAILS, NODE(parent, KIND_ID), SORT_KEY,
};
#define SCATTERED "SELECT id, name, details, parent_id, sort_key FROM nodes WHERE drive_id = $1 AND "
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
    struct reading     r = { .row.node.drive = drive, .each = each, .arg = arg };
    const struct stmt *stmts = order == ORDER_MODIFIED ? drive_by_modified : drive_by_created;
    const int64_t number = from->is_start ? (descending ? INT64_MAX : INT64_MIN) : from->number;
    const id      node = from->is_start ? (id){ descending ? INT64_MAX : 0 } : from->node;
    return rows_each(cx, &stmts[descending], ARGS(ARG(drive), ARG(number), ARG(node), ARG(limit)),
                     COLUMNS(scattered_columns), &r);
}

enum fault store_nodes_by_id_each(struct cx *cx, id drive, id after, int limit, bool (*each)(void *arg, void *row),
                                  void *arg)
{
    struct reading r = { .row.node.drive = drive, .each = each, .arg = arg };
    return rows_each(cx, &drive_by_id, ARGS(ARG(drive), ARG(after), ARG(limit)), COLUMNS(scattered_columns), &r);
}

enum fault store_node_row(struct cx *cx, id drive, id node, struct node_row *out)
{
    *out = (struct node_row){ .node.drive = drive };
    TRY(store_one(cx, &node_row_by_id, ARGS(ARG(drive), ARG(node)), COLUMNS(scattered_columns), out));
    return unpack(cx, &out->node);
}

enum fault store_node_children(struct cx *cx, id drive, id parent, int limit, struct list *out)
{
    static const struct column columns[] = { { 0, KIND_ID } };
    return store_many(cx, &node_children, ARGS(ARG(drive), ARG(parent), ARG(limit)), COLUMNS(columns), sizeof(id), out);
}

/* All texts but the name lie in the details. */
void node_keep(struct arena *arena, struct node *n)
{
    str *const texts[] = { &n->media_type, &n->file_type, &n->description, &n->sha1, &n->sha256, &n->tags,
                           &n->local_created, &n->local_modified };
    const str details = arena_copy(arena, n->details);
    for (size_t i = 0; i < COUNT(texts); i++)
        if (texts[i]->p)
            texts[i]->p = details.p + (texts[i]->p - n->details.p);
    n->details = details;
    n->name = arena_copy(arena, n->name);
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

