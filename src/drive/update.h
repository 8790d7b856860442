/* drive/update.h: what is said about a file or folder: its name, description, marks. Its place and its
 * content stay. */
#ifndef DRIVE_UPDATE_H
#define DRIVE_UPDATE_H

#include "drive/node.h"

struct node_change {
    str           name;           /* S0: as it is */
    enum conflict conflict;       /* where the name is taken: ALLOW, STAMP, NUMBER, or REFUSE: EXISTS */
    str           description, local_modified, tags; /* S0: as they are; "" takes them away */
    int           hidden, starred; /* 1, 0, or -1: as it is */
};

/* What the caller must be allowed (enum action): a star is anybody's who sees the node. */
unsigned node_change_needs(const struct node_change *change);

/* Makes the change, with one event for a new name and one for all else. What is so already is no change;
 * `modified` and `editor` follow every change but a star.
 *
 * node    from node_find, live, with node_change_needs
 * out     as it is now, with `starred`
 * Faults  FORBIDDEN the root folder; INVALID (field "name"); EXISTS (THING_NODE, other: the one in the way,
 *         where the caller may see it)
 * Thread  writer */
MUST_USE enum fault node_update(struct cx *cx, const struct drive *drive, const struct node *node,
                                const struct node_change *change, struct node *out);

#endif
