/* drive/place.h: finding a free name for what is to stand in a folder; inside drive/ only.
 *
 * The one rule of names in a folder: live names are unique, by a constraint of the store, except where a
 * second one is asked for (CONFLICT_ALLOW); then a duplicate number tells them apart. */
#ifndef DRIVE_PLACE_H
#define DRIVE_PLACE_H

#include "drive/node.h"

/* Settles node->name and node->duplicate for node->parent.
 * taken  set when `conflict` is REFUSE (or SAME with equal content) and the name is there: *in_the_way then
 *        says which; nothing was settled */
MUST_USE enum fault place_settle(struct cx *cx, struct node *node, enum conflict conflict, bool *taken,
                                 struct node *in_the_way);

/* Levels from the root to what would stand in `parent`; TOO_DEEP past DEPTH_MAX. NOT_FOLDER. */
MUST_USE enum fault place_check_parent(struct cx *cx, const struct drive *drive, const struct node *parent);

/* access_require in a folder that something is put into, for a caller who may see that thing: who
 * was given one folder of a drive has no right in the folder it stands in, and is told so. FORBIDDEN. */
MUST_USE enum fault place_require(struct cx *cx, const struct drive *drive, const struct node *folder, unsigned wanted);

/* The live folder that stands for `folder`: itself; or, where it or one above it is in the bin, folders of the
 * same names made anew; or the root when it is gone for good. Thread writer. */
MUST_USE enum fault place_live(struct cx *cx, const struct drive *drive, id folder, struct node *out);

#endif
