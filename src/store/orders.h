/* store/orders.h: the nodes of a whole drive by size or name, which have no index of their own.
 *
 * Each folder has its entries in these orders. So the first of a drive is the first of its folders' firsts, and the
 * next is found likewise: drive/weave.h. That costs a step of an index for each folder that something stands in,
 * and no write pays for it. */
#ifndef STORE_ORDERS_H
#define STORE_ORDERS_H

#include "store/nodes.h"

/* How many folders of a drive something stands in (what is hidden below a task, and the roots, count too), looked at
 * to `limit`. */
MUST_USE enum fault store_folders_occupied(struct cx *cx, id drive, int limit, int64_t *count);

/* Before everything, in either direction; for what is no start of its own. */
struct node_position store_position_first(bool descending);

/* Every such folder with a key that none of its entries after the position comes before: its first key there. */
struct folder_head {
    id      folder;
    int64_t number; /* ORDER_SIZE; -1: there is none */
    str     bytes;  /* ORDER_NAME; S0: there is none */
};
/* The position is `from` (no start) in `folder`: of equal keys, those of folders with lower numbers come first
 * (descending: last). Rows are struct folder_head. */
MUST_USE enum fault store_folder_heads_each(struct cx *cx, id drive, enum node_order order, bool descending,
                                            const struct node_position *from, id folder,
                                            bool (*each)(void *arg, void *row), void *arg);

/* Keys and numbers of a folder's entries after `from`, which is no start; rows are struct node_position. */
MUST_USE enum fault store_folder_keys_each(struct cx *cx, id drive, id folder, enum node_order order, bool descending,
                                           const struct node_position *from, int limit,
                                           bool (*each)(void *arg, void *row), void *arg);

#endif
