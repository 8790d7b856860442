/* drive/copy.h: copying files and folders, also from one drive to another.
 *
 * A copy shares the content of what it is made of: no bytes move. A file is copied at once. A tree is built
 * out of sight and then put into its place whole, so nobody ever sees half of it, and a folder copied into
 * itself ends. Where it cannot be done, nothing of it stays. */
#ifndef DRIVE_COPY_H
#define DRIVE_COPY_H

#include "drive/node.h"
#include "drive/task.h"

struct copy_want {
    struct drive  from; /* from node_find, with copy_actions on the node */
    struct node   node;
    struct drive  to;   /* from node_find, with ACTION_CREATE on the parent */
    struct node   parent;
    str           name; /* S0: as it is */
    enum conflict conflict;
    bool          keep_tags;
    id            share;    /* the share link in which the caller found it, or none */
    id            to_share; /* that in which he found the parent, or none; he has left both */
};

/* What the caller must be allowed on what is to be copied; in a share it is one right of its own. */
unsigned copy_actions(bool in_share);

struct copied {
    struct node node;   /* the copy; of a tree its top, which is there when the task has succeeded */
    bool        exists; /* CONFLICT_REFUSE: nothing was done, node is the one in the way */
    id          task;   /* of a tree, in any case; none for a file */
};

/* Faults  QUOTA (of the target, in a tree possibly the task's); TOO_DEEP; NOT_FOLDER; INVALID name (field
 *         "new_name"); FORBIDDEN for a root folder.  Thread writer */
MUST_USE enum fault node_copy(struct cx *cx, const struct copy_want *want, struct copied *out);

extern const struct task_work task_copy;

#endif
