/* store/revisions.h: what is said about revisions, and old revisions with their contents.
 *
 * A file's newest revision is in its node's row, the older ones in rows of their own. What is
 * said about either stands in a table beside them; the rows of a node go with it (store_node_remove). */
#ifndef STORE_REVISIONS_H
#define STORE_REVISIONS_H

#include "base/cx.h"
#include "store/records.h"

/* An old one. */
struct revision {
    id      drive, node, id, content, editor;
    int64_t version, size;
    instant created;
};
MUST_USE enum fault store_revision_add(struct cx *cx, const struct revision *revision);
MUST_USE enum fault store_revisions_of_drive(struct cx *cx, id drive, int limit, struct list *out);
MUST_USE enum fault store_revisions_of_node(struct cx *cx, id drive, id node, struct list *out);
MUST_USE enum fault store_revisions_size(struct cx *cx, id drive, id node, int64_t *out);
MUST_USE enum fault store_revision_remove(struct cx *cx, const struct revision *revision);

struct revision_mark {
    bool is_kept; /* for ever */
    str  description;
};
/* Nothing said: NOT_FOUND without a note. */
MUST_USE enum fault store_revision_mark(struct cx *cx, id drive, id node, id revision, struct revision_mark *out);
MUST_USE enum fault store_revision_mark_put(struct cx *cx, id drive, id node, id revision,
                                            const struct revision_mark *mark);
MUST_USE enum fault store_revision_mark_remove(struct cx *cx, id drive, id node, id revision);
MUST_USE enum fault store_revision_marks_of_node_remove(struct cx *cx, id drive, id node);
/* How many revisions of the node are kept for ever. */
MUST_USE enum fault store_revisions_kept(struct cx *cx, id drive, id node, int64_t *out);

struct old_revision {
    struct revision      revision;
    struct revision_mark mark;
    str                  sha1, sha256;
    int64_t              crc64;
};
MUST_USE enum fault store_old_revision(struct cx *cx, id drive, id node, id revision, struct old_revision *out);
/* Those with a version below `version`, the newest first; items are struct old_revision. */
MUST_USE enum fault store_old_revisions(struct cx *cx, id drive, id node, int64_t version, int limit, struct list *out);
/* Of those that are not kept for ever all but the newest `keep`, at most `limit`; items are struct revision. */
MUST_USE enum fault store_revisions_past(struct cx *cx, id drive, id node, int keep, int limit, struct list *out);

#endif
