/* store/uploads.h: rows of uploads, their parts, chunks and contents. */
#ifndef STORE_UPLOADS_H
#define STORE_UPLOADS_H

#include "base/cx.h"
#include "store/records.h"

MUST_USE enum fault store_upload_add(struct cx *cx, const struct upload *upload);
MUST_USE enum fault store_upload(struct cx *cx, id upload, struct upload *out);
/* The newest of a node, open or done. */
MUST_USE enum fault store_upload_of_node(struct cx *cx, id node, struct upload *out);
MUST_USE enum fault store_uploads_open_of_node(struct cx *cx, id node, int limit, struct list *out);
MUST_USE enum fault store_upload_done(struct cx *cx, id upload);
MUST_USE enum fault store_upload_reserve(struct cx *cx, id upload, int64_t more);
MUST_USE enum fault store_upload_remove(struct cx *cx, id upload);
MUST_USE enum fault store_uploads_expired(struct cx *cx, instant before, int limit, struct list *out);
MUST_USE enum fault store_uploads_of_drive(struct cx *cx, id drive, int limit, struct list *out);
/* Of a folder, open and done. */
MUST_USE enum fault store_uploads_into(struct cx *cx, id drive, id parent, int limit, struct list *out);
/* The number of the upload into the folder that has `count` others between it and `after`; 0: so many there are not. */
MUST_USE enum fault store_uploads_into_end(struct cx *cx, id drive, id parent, id after, int count, int64_t *out);
/* A user's open uploads into the folder with numbers above `after` up to `end`, ascending. */
MUST_USE enum fault store_uploads_open_into(struct cx *cx, id drive, id parent, id after, int64_t end, id user, int limit,
                                            struct list *out);

MUST_USE enum fault store_part_put(struct cx *cx, id upload, const struct part *part);
MUST_USE enum fault store_part(struct cx *cx, id upload, int number, struct part *out);
MUST_USE enum fault store_parts(struct cx *cx, id upload, int after, int limit, struct list *out);
MUST_USE enum fault store_parts_remove(struct cx *cx, id upload);
/* Bytes of all stored parts but `except` (0: none left out). */
MUST_USE enum fault store_parts_size(struct cx *cx, id upload, int except, int64_t *out);

/* bytes.p == NULL: they are in content/. */
MUST_USE enum fault store_chunk_add(struct cx *cx, const struct chunk *chunk, str bytes);
MUST_USE enum fault store_chunk(struct cx *cx, id chunk, struct chunk *out);
MUST_USE enum fault store_chunk_bytes(struct cx *cx, id chunk, str *out);
MUST_USE enum fault store_chunk_unused(struct cx *cx, id chunk, instant since);
/* Chunks nobody refers to since before `before`; items are struct chunk. */
MUST_USE enum fault store_chunks_unused(struct cx *cx, instant before, int limit, struct list *out);
MUST_USE enum fault store_chunk_remove(struct cx *cx, id chunk);

/* EXISTS without a note: there is content of this SHA-256. */
MUST_USE enum fault store_content_add(struct cx *cx, const struct content_record *content);
MUST_USE enum fault store_content_chunk_add(struct cx *cx, id content, int64_t position, id chunk);
MUST_USE enum fault store_content(struct cx *cx, id content, struct content_record *out);
MUST_USE enum fault store_content_by_sha256(struct cx *cx, str sha256, struct content_record *out);
/* Candidates by the first eight bytes of a digest; items are struct content_record. */
MUST_USE enum fault store_contents_by_sha1(struct cx *cx, str sha1, int64_t size, struct list *out);
MUST_USE enum fault store_contents_by_pre(struct cx *cx, str pre_sha1, int64_t size, struct list *out);
MUST_USE enum fault store_content_refer(struct cx *cx, id content, int by, instant now); /* +1 or -1 */
MUST_USE enum fault store_contents_unused(struct cx *cx, instant before, int limit, struct list *out);
/* Removes the content's row; its chunks are marked unused since `now`. */
MUST_USE enum fault store_content_remove(struct cx *cx, id content, instant now);

/* Items are struct extent, in order. */
MUST_USE enum fault store_content_extents(struct cx *cx, id content, struct list *out);

#endif
