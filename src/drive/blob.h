/* drive/blob.h: contents: finding them by digest, making them from chunks, counting who uses them; inside
 * drive/ only. */
#ifndef DRIVE_BLOB_H
#define DRIVE_BLOB_H

#include "drive/node.h"

/* Content of this size and digest that the caller can already read (or any, where the domain says so).
 * sha256 decides; sha1 alone is a hint for a content whose SHA-256 we know. NOT_FOUND without a note. */
MUST_USE enum fault blob_find(struct cx *cx, int64_t size, str sha256, str sha1, struct content_record *out);

/* Whether some content the caller can read has this size and begins alike. */
MUST_USE enum fault blob_begins_alike(struct cx *cx, int64_t size, str pre_sha1, bool *out);

/* Makes a content of these parts (items struct part), or, where there is one of this SHA-256, takes that
 * and lets the parts' chunks go. One reference is counted for the caller. */
MUST_USE enum fault blob_from_parts(struct cx *cx, const struct content_record *want, const struct list *parts,
                                    id *content);

MUST_USE enum fault blob_refer(struct cx *cx, id content);
MUST_USE enum fault blob_release(struct cx *cx, id content);

/* Fills the node's content, size and digests. */
void blob_into_node(const struct content_record *content, struct node *node);

#endif
