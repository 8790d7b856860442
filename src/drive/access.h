/* drive/access.h: the one decision: may this caller do this to that node. Every door asks here. */
#ifndef DRIVE_ACCESS_H
#define DRIVE_ACCESS_H

#include "drive/caller.h"

enum action {
    ACTION_LIST = 1,      /* see that it is there, its name and size */
    ACTION_PREVIEW = 2,
    ACTION_DOWNLOAD = 4,
    ACTION_CREATE = 8,    /* put something into this folder */
    ACTION_EDIT = 16,     /* rename, new content */
    ACTION_DELETE = 32,   /* to the bin and back, for good */
    ACTION_COPY = 64,
    ACTION_SHARE = 128,   /* by a link, to whoever has it */
    ACTION_MANAGE = 256,  /* members, settings */
    ACTION_MOVE = 512,    /* out of the folder it stands in */
    ACTION_GRANT = 1024,  /* to others, as far as one's own rights go: drive/grant.h */
    ACTION_ALL = 2047,
};

/* What a role (enum share_role) in a group allows in what is the group's. */
unsigned access_of_role(int role);

/* What the caller may do in all of the drive: by owning it, by a group, as administrator. 0: nothing. */
MUST_USE enum fault access_to_drive(struct cx *cx, const struct drive *drive, unsigned *actions);

/* What the caller may do to this node: the drive's actions and what grants on it and on the folders
 * above it add. A member of a shared folder may not move or delete the folder itself. */
MUST_USE enum fault access_to_node(struct cx *cx, const struct drive *drive, const struct node *node,
                                   unsigned *actions);

/* OK when all of `wanted` is allowed; NOT_FOUND when not even ACTION_LIST is; FORBIDDEN otherwise;
 * DISABLED when the drive is. */
MUST_USE enum fault access_require(struct cx *cx, const struct drive *drive, const struct node *node,
                                   unsigned wanted);

/* Whether something in the drive is granted to the caller: then he may know that the drive is there. */
MUST_USE enum fault access_has_grant(struct cx *cx, const struct drive *drive, bool *out);

#endif
