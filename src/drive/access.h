/* drive/access.h: the one decision: may this caller do this to that node. Every door asks here. */
#ifndef DRIVE_ACCESS_H
#define DRIVE_ACCESS_H

#include "drive/caller.h"

enum action {
    ACTION_LIST = 1,      /* see that it is there, its name and size */
    ACTION_PREVIEW = 2,
    ACTION_DOWNLOAD = 4,
    ACTION_CREATE = 8,    /* put something into this folder */
    ACTION_EDIT = 16,     /* rename, move, new content */
    ACTION_DELETE = 32,   /* to the bin and back, for good */
    ACTION_COPY = 64,
    ACTION_SHARE = 128,
    ACTION_MANAGE = 256,  /* members, settings */
    ACTION_ALL = 511,
};

/* What the caller may do in all of the drive: by owning it, by a group, as administrator. 0: nothing. */
MUST_USE enum fault access_to_drive(struct cx *cx, const struct drive *drive, unsigned *actions);

/* What the caller may do to this node: the drive's actions and what grants on it and on the folders
 * above it add. */
MUST_USE enum fault access_to_node(struct cx *cx, const struct drive *drive, const struct node *node,
                                   unsigned *actions);

/* OK when all of `wanted` is allowed; NOT_FOUND when not even ACTION_LIST is; FORBIDDEN otherwise;
 * DISABLED when the drive is. */
MUST_USE enum fault access_require(struct cx *cx, const struct drive *drive, const struct node *node,
                                   unsigned wanted);

#endif
