/* drive/weave.h: the nodes of a whole drive in one order by size or name, woven of the orders of its folders; inside
 * drive/ only.
 *
 * A strand is a folder; the first of all strands is the next node. Where keys are equal the lower number of the folder
 * comes first, then that of the node (descending: the higher). Beginning costs a step of an index for each folder
 * that something stands in, each node after that one or less. */
#ifndef DRIVE_WEAVE_H
#define DRIVE_WEAVE_H

#include "store/orders.h"

struct weave; /* in the arena that cx had when it began */

/* A node's place in the order: `at` in `folder`. */
struct woven {
    struct node_position at;
    id                   folder;
};

/* From behind `after` on; order is ORDER_SIZE or ORDER_NAME. With at.is_start from the beginning; at.node (and folder)
 * 0 or ID_MAX stand before or behind all of that key. `after` is kept. */
MUST_USE enum fault weave_begin(struct cx *cx, const struct drive *drive, enum node_order order, bool descending,
                                const struct woven *after, struct weave **out);

/* The next; *any is false at the end. What `out` refers to lives as long as the weave. */
MUST_USE enum fault weave_next(struct cx *cx, struct weave *weave, struct woven *out, bool *any);

#endif
