/* drive/revision.h: what a file was before: its revisions, the newest of which is the file itself.
 *
 * New content makes a new revision; the one before stays, and its bytes count as used, until it is deleted
 * or pushed out: of those that nobody asked to keep, REVISIONS_MAX stay. A revision never changes; to
 * restore one makes a new revision of its content. */
#ifndef DRIVE_REVISION_H
#define DRIVE_REVISION_H

#include "drive/node.h"

enum { REVISIONS_MAX = 100, REVISIONS_KEPT_MAX = 50 };

struct file_revision {
    id      id, content, editor;
    int64_t version, size, crc64;
    str     sha1, sha256, description;
    bool    is_latest, is_kept;
    instant created;
};

/* A revision of the file by its number as a client sent it. NOT_FOUND (THING_REVISION). Thread any. */
MUST_USE enum fault revision_find(struct cx *cx, const struct node *node, str text, struct file_revision *out);

/* The file as it was: revision, version, content, size, digests, editor, modified. */
void revision_into_node(const struct file_revision *revision, struct node *node);

struct revision_page {
    struct list revisions; /* struct file_revision, the newest first */
    str         next;      /* S0 at the end */
};
MUST_USE enum fault revision_list(struct cx *cx, const struct node *node, const char *operation,
                                  const char *cursor_field, str cursor, int limit, struct revision_page *out);

/* The three changes: the caller has ACTION_EDIT (remove: ACTION_DELETE) on the file. Thread writer. */

/* kept 1, 0 or -1 (as it is); description S0: as it is. INVALID (kept_field) past REVISIONS_KEPT_MAX. */
MUST_USE enum fault revision_describe(struct cx *cx, const struct node *node, struct file_revision *revision, int kept,
                                      const char *kept_field, str description);

/* The content of an old revision becomes the file's again, as a new revision: `out` and *made. CONFLICT
 * (THING_REVISION) for the newest; QUOTA. */
MUST_USE enum fault revision_restore(struct cx *cx, const struct node *node, const struct file_revision *revision,
                                     struct node *out, struct file_revision *made);

/* Gives its room back. CONFLICT (THING_REVISION) for the newest. */
MUST_USE enum fault revision_remove(struct cx *cx, const struct node *node, const struct file_revision *revision);

/* Inside drive/: the file's present content becomes an old revision, and what has to make room goes. The
 * caller then counts the new content as used and gives the node its content, revision and version. */
MUST_USE enum fault revision_push(struct cx *cx, const struct node *node);

#endif
