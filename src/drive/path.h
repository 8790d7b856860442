/* drive/path.h: finding a node by the names that lead to it. */
#ifndef DRIVE_PATH_H
#define DRIVE_PATH_H

#include "drive/node.h"

/* The node at "/a/b/c": from the root down, each name as NFC bytes, of entries that share a name the first
 * one. "/" and "" are the root; one slash at the end does no harm.
 *
 * Faults  as node_find: what the caller may not see is not there. INVALID (field) for an empty name or "." or
 *         ".." in the path; more names than DEPTH_MAX are NOT_FOUND
 * Thread  any */
MUST_USE enum fault node_find_by_path(struct cx *cx, str drive_text, str path, const char *field, unsigned wanted,
                                      struct drive *drive, struct node *out);

/* The first entry of this name directly in the folder; the caller may list that. In the top of a share that is
 * no folder there is none. Thread any. */
MUST_USE enum fault node_child(struct cx *cx, const struct drive *drive, const struct node *folder, str name, bool *found,
                               struct node *out);

#endif
