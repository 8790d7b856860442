/* drive/move.h: moving files and folders, in a drive and from one to another.
 *
 * In a drive it is one row, whatever the size. To another drive a tree goes out of sight first; then its rows
 * go over one by one, with their numbers, old revisions and stars; then it is put into its place whole. A small
 * one is over there when the call answers. Where it cannot be done, all is put back: the room it had is kept for
 * it meanwhile. Grants on it end, and so do uploads into it. */
#ifndef DRIVE_MOVE_H
#define DRIVE_MOVE_H

#include "drive/node.h"
#include "drive/task.h"
#include "drive/tree.h"

struct move_want {
    struct drive  from; /* from node_find, with move_actions on the node */
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

/* Faults  INVALID name (field "new_name"); INVALID (THING_PARENT) into itself or below; NOT_FOLDER; TOO_DEEP;
 *         QUOTA (of the target, of a large tree the task's); FORBIDDEN for a root, or without a right in the
 *         folder it stands in; CONFLICT for a large tree that is changing.  Thread writer */
MUST_USE enum fault node_move(struct cx *cx, const struct move_want *want, struct moved *out);

extern const struct task_work task_move;

#endif
