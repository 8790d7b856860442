/* A folder's entries, keyset by keyset, in each order by an index of its own.
 *
 * What is after a position is two stretches of the index: the rest of what has the position's key, and what has
 * keys beyond. In one statement, `(key, id) > ($3, $4)`, SQLite compares both with every row again. Both are read
 * in one view: what changes its key between them would be in both, or in neither. */
#include "base/names.h"
#include "store/nodes.h"
#include "store/rows.h"
#include "store/store.h"

/* Every column counts in a page of hundreds of rows. Drive and parent are known, and the number of a duplicate
 * does not show. The sort key is read where it is the order, and where it is asked for. */
#define LISTED_COLUMNS "id, name, details"
#define COLUMN(member, kind) { offsetof(struct node_row, member), kind }
#define LISTED COLUMN(node.id, KIND_ID), COLUMN(node.name, KIND_STR), COLUMN(node.details, KIND_STR)
static const struct column listed_columns[] = { LISTED, COLUMN(sort_key, KIND_STR) }; /* the last for ORDER_NAME */
static const struct column packed_columns[] = { LISTED, COLUMN(node.starred, KIND_BOOL) }; /* the last if asked for */

/* Of each order: up and down, each the rest and what is beyond. */
#define STRETCH(more, where, by)                                                                              \
    "SELECT " LISTED_COLUMNS more " FROM nodes WHERE drive_id = $1 AND parent_id = $2 AND " where " ORDER BY " by " LIMIT $5"
#define LISTING(order, key, name, more, also)                                                                 \
    [4 * (order)] = { name #key "_rest", STRETCH(more, #key " = $3 AND id > $4" also, "id") },                \
    [4 * (order) + 1] = { name #key, STRETCH(more, #key " > $3" also, #key ", id") },                         \
    [4 * (order) + 2] = { name #key "_desc_rest", STRETCH(more, #key " = $3 AND id < $4" also, "id DESC") },  \
    [4 * (order) + 3] = { name #key "_desc", STRETCH(more, #key " < $3" also, #key " DESC, id DESC") }
#define LISTINGS(name, sort_key_too, more)                                     \
    LISTING(ORDER_NAME, sort_key, name, more sort_key_too, ""),                \
    LISTING(ORDER_SIZE, size, name, more, ""),                                 \
    LISTING(ORDER_CREATED, created, name, more, ""),                           \
    LISTING(ORDER_MODIFIED, modified, name, more, ""),                         \
    LISTING(ORDER_CATEGORY, category, name, more, ""),                         \
    LISTING(ORDER_TRASHED, trashed, name, more, " AND trashed > 0")

STMT listings[] = { LISTINGS("nodes_by_", ", sort_key", "") };
STMT packed_by_name[] = { LISTING(ORDER_NAME, sort_key, "nodes_packed_by_", "", "") };
STMT starred_listings[] = { LISTINGS("nodes_starred_by_", "",
    ", CASE WHEN EXISTS (SELECT 1 FROM stars s WHERE s.drive_id = nodes.drive_id AND s.node_id = nodes.id"
    " AND s.user_id = $6) THEN 1 ELSE 0 END") };
STMT node_sort_key = { "node_sort_key", "SELECT sort_key FROM nodes WHERE drive_id = $1 AND id = $2 AND name = $3" };

/* Past every sort key: ICU's keys never begin with 0xFF. */
#define PAST_ALL_KEYS S("\xFF\xFF\xFF\xFF")

struct reading {
    struct cx      *cx;
    struct node_row row;
    bool          (*each)(void *arg, void *row);
    void           *arg;
    int             left;
    bool            is_packed, is_over;
    enum fault      fault;
};

static bool row_each(void *arg, void *row)
{
    struct reading *r = arg;
    r->left--;
    if (!r->is_packed) {
        r->row.node.kind = 0; /* that of the row before */
        r->fault = store_node_unpack(r->cx, &r->row.node);
    }
    r->is_over = r->fault != OK || !r->each(r->arg, row);
    return !r->is_over;
}

/* `stmts` are those of the order. */
static enum fault both_stretches(struct reading *r, const struct stmt *stmts, bool by_name, bool descending,
                                 const struct node_position *from, const struct column *columns, size_t n_columns,
                                 const id *starrer)
{
    const str        bytes = from->is_start ? (descending ? PAST_ALL_KEYS : S("")) : from->bytes;
    const int64_t    number = from->is_start ? (descending ? INT64_MAX : INT64_MIN) : from->number;
    const id         node = from->is_start ? (id){ descending ? INT64_MAX : 0 } : from->node;
    const struct arg key = by_name ? BYTES(bytes) : ARG(number);
    for (int i = 0; i < 2 && r->left > 0 && !r->is_over; i++) {
        const struct arg args[] = { ARG(r->row.node.drive), ARG(r->row.node.parent), key, ARG(node), ARG(r->left),
                                    ARG(starrer ? *starrer : ID_NONE) };
        TRY(store_each(r->cx, &stmts[2 * descending + i], args, COUNT(args) - !starrer, columns, n_columns, &r->row,
                       row_each, r));
    }
    return r->fault;
}

static enum fault stretches_each(struct reading *r, const struct stmt *stmts, bool by_name, bool descending,
                                 const struct node_position *from, const struct column *columns, size_t n_columns,
                                 const id *starrer)
{
    const bool       began = store_view_begin(r->cx->db);
    const enum fault fault = both_stretches(r, stmts, by_name, descending, from, columns, n_columns, starrer);
    if (began)
        store_view_end(r->cx->db);
    return fault;
}

enum fault store_nodes_each(struct cx *cx, id drive, id parent, enum node_order order, bool descending,
                            const struct node_position *from, int limit, bool (*each)(void *arg, void *row), void *arg)
{
    struct reading r = { cx, { .node = { .drive = drive, .parent = parent } }, each, arg, .left = limit };
    const bool     by_name = order == ORDER_NAME;
    return stretches_each(&r, &listings[4 * (int)order], by_name, descending, from, listed_columns,
                          COUNT(listed_columns) - !by_name, NULL);
}

enum fault store_nodes_each_packed(struct cx *cx, id drive, id parent, enum node_order order, bool descending,
                                   const struct node_position *from, int limit, const id *starrer,
                                   bool (*each)(void *arg, void *row), void *arg)
{
    struct reading r = { cx, { .node = { .drive = drive, .parent = parent } }, each, arg, .left = limit, .is_packed = true };
    const bool     by_name = order == ORDER_NAME;
    const struct stmt *stmts = starrer ? starred_listings : by_name ? packed_by_name : listings;
    return stretches_each(&r, &stmts[4 * (int)order], by_name, descending, from, packed_columns,
                          COUNT(packed_columns) - !starrer, starrer);
}

enum fault store_node_sort_key(struct cx *cx, const struct node *node, str *out)
{
    static const struct column columns[] = { { 0, KIND_STR } };
    const enum fault fault = store_one(cx, &node_sort_key, ARGS(ARG(node->drive), ARG(node->id), ARG(node->name)),
                                       COLUMNS(columns), out);
    if (fault != FAULT_NOT_FOUND)
        return fault;
    *out = name_sort_key(cx->arena, node->name);
    return OK;
}
