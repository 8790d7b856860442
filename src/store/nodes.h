/* store/nodes.h: rows of files and folders. Every statement is keyed by the drive first. */
#ifndef STORE_NODES_H
#define STORE_NODES_H

#include "base/cx.h"
#include "store/records.h"

/* name_key and sort_key are derived from the name here, so that no row can disagree with its name.
 * EXISTS without a note: the name (with this duplicate number) is taken in the folder. */
MUST_USE enum fault store_node_add(struct cx *cx, const struct node *node);
MUST_USE enum fault store_node(struct cx *cx, id drive, id node, struct node *out);
/* The first live entry of this name (duplicate 0, or the lowest). */
MUST_USE enum fault store_node_by_name(struct cx *cx, id drive, id parent, str name, struct node *out);
/* The next free duplicate number of this name. */
MUST_USE enum fault store_node_next_duplicate(struct cx *cx, id drive, id parent, str name, int *out);
/* Parent, trashed and kind only: for walking up. */
struct step_up {
    id      parent;
    instant trashed;
    str     name;
};
MUST_USE enum fault store_node_step_up(struct cx *cx, id drive, id node, struct step_up *out);

/* New place: parent, origin, name, duplicate, trashed (with their keys), modified, category (names tell it).
 * EXISTS as above. */
MUST_USE enum fault store_node_place(struct cx *cx, const struct node *node);
/* New content: content, revision, version, size, digests, media type, category, editor, modified. */
MUST_USE enum fault store_node_set_content(struct cx *cx, const struct node *node);
/* What is said of it: description, hidden, local_modified, tags, category, editor, modified. */
MUST_USE enum fault store_node_describe(struct cx *cx, const struct node *node);
/* Into another drive, with its revisions and stars; its number and parent stay. Grants on it stay behind. */
MUST_USE enum fault store_node_carry(struct cx *cx, id drive, id node, id to_drive);
/* With its stars, and with what is said about its revisions. */
MUST_USE enum fault store_node_remove(struct cx *cx, id drive, id node);

/* A file of the drive that holds this content, live or in the bin. NOT_FOUND without a note. */
MUST_USE enum fault store_node_with_content(struct cx *cx, id drive, id content, id after, struct node *out);

/* Folders directly in a folder, by number; items are id. */
MUST_USE enum fault store_folders_in(struct cx *cx, id drive, id parent, id after, int limit, struct list *out);
/* How many entries stand directly in a folder, and the bytes of its files. */
MUST_USE enum fault store_folder_sums(struct cx *cx, id drive, id parent, int64_t *entries, int64_t *bytes);

/* ---- listing: keyset, each order by an index of its own ---- */

enum node_order { ORDER_NAME, ORDER_SIZE, ORDER_CREATED, ORDER_MODIFIED, ORDER_CATEGORY, ORDER_TRASHED, ORDER_COUNT };

/* Where a list stands: the last row's key (a number, or the sort key's bytes for ORDER_NAME) and id. */
struct node_position {
    int64_t number;
    str     bytes;
    id      node;
    bool    is_start;
};

/* Rows after `from`, at most `limit`, in the order; each() as in store_each. `row` is a struct node_row; its
 * sort_key is given for ORDER_NAME, its node.duplicate never. */
struct node_row {
    struct node node;
    str         sort_key;
};
MUST_USE enum fault store_nodes_each(struct cx *cx, id drive, id parent, enum node_order order, bool descending,
                                     const struct node_position *from, int limit,
                                     bool (*each)(void *arg, void *row), void *arg);

/* The same of rows that are still packed: a row has id, drive, parent, name and details, the rest is zero, and no
 * sort key. With `starrer`, a user, also `starred` by that user. Most rows of a page are shown as they were before,
 * and need not be unpacked for it. */
MUST_USE enum fault store_nodes_each_packed(struct cx *cx, id drive, id parent, enum node_order order, bool descending,
                                            const struct node_position *from, int limit, const id *starrer,
                                            bool (*each)(void *arg, void *row), void *arg);

/* Fills what a packed row lacks; its texts lie in its details. Of others it does nothing. */
MUST_USE enum fault store_node_unpack(struct cx *cx, struct node *node);

/* That of the node as it was read: outside a view it may have another name by now, or be gone. */
MUST_USE enum fault store_node_sort_key(struct cx *cx, const struct node *node, str *out);

/* A drive's nodes by number, for removing and checking: items are struct node, none only where there are no more;
 * fewer than `limit` where they are NODES_BYTES_MAX. */
MUST_USE enum fault store_nodes_of_drive(struct cx *cx, id drive, id after, int limit, struct list *out);

/* The same over a whole drive, root and bin included, for ORDER_CREATED and ORDER_MODIFIED only; and by number.
 * Their sort_key is given. */
MUST_USE enum fault store_nodes_of_drive_each(struct cx *cx, id drive, enum node_order order, bool descending,
                                              const struct node_position *from, int limit,
                                              bool (*each)(void *arg, void *row), void *arg);
MUST_USE enum fault store_nodes_by_id_each(struct cx *cx, id drive, id after, int limit,
                                           bool (*each)(void *arg, void *row), void *arg);
/* The numbers of nodes created or modified (order) between two times, both included; items are id. */
MUST_USE enum fault store_nodes_between(struct cx *cx, id drive, enum node_order order, int64_t low, int64_t high,
                                        int limit, struct list *out);
/* The numbers of a folder's entries, in no order; items are id. */
MUST_USE enum fault store_node_children(struct cx *cx, id drive, id parent, int limit, struct list *out);
MUST_USE enum fault store_node_row(struct cx *cx, id drive, id node, struct node_row *out);

/* Copies the strings of a row that is valid only during each(). */
void node_keep(struct arena *arena, struct node *node);

/* What a node's texts take. Tags may be two megabytes, so whatever reads many nodes at once stops after so many
 * bytes as after so many nodes, and goes on from there the next time. */
enum { NODES_BYTES_MAX = 4 << 20 };
static inline size_t node_bytes(const struct node *node)
{
    return node->name.n + node->description.n + node->tags.n;
}

/* Counts the folders of a tree, with its top, until `limit`, and the levels below the top, no further than
 * `depth_max`. */
MUST_USE enum fault store_tree_folders(struct cx *cx, id drive, id top, int limit, int depth_max, int64_t *folders,
                                       int *height);
/* Counts all that is in a tree, with its top. */
MUST_USE enum fault store_tree_nodes(struct cx *cx, id drive, id top, int depth_max, int64_t *nodes);

#endif
