/* drive/tree.h: folders with all that is below them: how high they are, where they stand, what is in them;
 * inside drive/ only, but for tree_measure. */
#ifndef DRIVE_TREE_H
#define DRIVE_TREE_H

#include "drive/node.h"

/* What is below a folder, as it was seen at a moment. */
struct tree {
    int64_t folders; /* with the top; 0: not measured */
    int     height;  /* levels of folders below the top */
    int64_t event;   /* the drive's last event then */
};

/* Measures a tree of any size; for prepare(), on a worker. A file is a tree of height 0. */
MUST_USE enum fault tree_measure(struct cx *cx, const struct drive *drive, const struct node *top, struct tree *out);

/* The height for a change that puts `top` elsewhere: small trees are measured anew; of large ones `known` is
 * brought up to date by the events since. CONFLICT when more happened than can be looked at; `known` may be
 * NULL for trees that are small. Thread writer. */
MUST_USE enum fault tree_height(struct cx *cx, const struct drive *drive, const struct node *top,
                                const struct tree *known, int *height);

/* How many folders stand above the node, the root included: 0 for the root. *through tells whether `node`
 * itself or a folder above it is `passing`. NOT_FOUND when they do not lead to the root. */
MUST_USE enum fault tree_depth(struct cx *cx, const struct drive *drive, id node, id passing, int *depth, bool *through);

/* Children of a folder after a position (created, number), in an order that no rename or move of one changes;
 * items are struct node, none only where there are no more. `parent` may be the bin or a task. */
MUST_USE enum fault tree_children(struct cx *cx, id drive, id parent, int64_t created, id after, int limit,
                                  struct list *out);

/* Takes the node out of sight, below the task: it stands in no folder then. `node` is changed as the row is;
 * its origin is where it was. */
MUST_USE enum fault tree_hide(struct cx *cx, struct node *node, id task);

#endif
