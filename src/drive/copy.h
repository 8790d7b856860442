/* drive/copy.h: copying files and folders, and moving them, also from one drive to another.
 *
 * A copy shares the content of what it is made of: no bytes move. A file is copied at once. A tree is built
 * out of sight and then put into its place whole, so nobody ever sees half of it, and a folder copied into
 * itself ends. Moving in a drive is one row, whatever the size. Moving to another drive takes the tree out of
 * sight, copies it with its numbers, old revisions and authors, and removes the source in the end; where it
 * cannot be done, all is as it was. The quota of both drives is exact at each moment. */
#ifndef DRIVE_COPY_H
#define DRIVE_COPY_H

#include "drive/node.h"
#include "drive/task.h"
#include "drive/tree.h"

struct copy_want {
    struct drive  from; /* from node_find, with ACTION_COPY and ACTION_DOWNLOAD on the node */
    struct node   node;
    struct drive  to;   /* from node_find, with ACTION_CREATE on the parent */
    struct node   parent;
    str           name; /* S0: as it is */
    enum conflict conflict;
    bool          keep_tags;
    id            share; /* the share link that lets the caller read it, or none */
};

struct copied {
    struct node node;   /* the copy; of a tree its top, which is there when the task has succeeded */
    bool        exists; /* CONFLICT_REFUSE: nothing was done, node is the one in the way */
    id          task;   /* of a tree, in any case; none for a file */
};

/* Faults  QUOTA (of the target, in a tree possibly the task's); TOO_DEEP; NOT_FOLDER; INVALID name (field
 *         "new_name"); FORBIDDEN for a root folder.  Thread writer */
MUST_USE enum fault node_copy(struct cx *cx, const struct copy_want *want, struct copied *out);

struct move_want {
    struct drive  from; /* from node_find, with ACTION_MOVE on the node; to another drive move_actions */
    struct node   node;
    struct drive  to;   /* from node_find, with ACTION_CREATE on the parent */
    struct node   parent;
    str           name; /* S0: as it is */
    enum conflict conflict;
    const struct tree *known; /* of the node, from tree_measure on a worker; NULL where it is small */
};

struct moved {
    struct node node;   /* in its new place */
    bool        exists; /* CONFLICT_REFUSE: nothing was done, node is the one in the way */
    id          task;   /* a large tree on its way to another drive; none when it is done */
};

/* What the caller must be allowed on what is to be moved. */
unsigned move_actions(bool to_another_drive);

/* Faults  as node_copy; INVALID (THING_PARENT) into itself or below; FORBIDDEN also without a right in the
 *         folder it stands in; CONFLICT for a large tree that is changing.  Thread writer */
MUST_USE enum fault node_move(struct cx *cx, const struct move_want *want, struct moved *out);

extern const struct task_work task_copy, task_move;

#endif
