/* dialect/data/body.h: the bytes of a download that one sendfile cannot give: several chunks,
 * several ranges, or chunks that live in the store. Read as they are sent, one chunk open at a
 * time. */
#ifndef DIALECT_DATA_BODY_H
#define DIALECT_DATA_BODY_H

#include "contract/contract.h"

/* A piece of the answer: text of ours (a multipart head), or bytes of the content. */
struct segment {
    uint64_t at, length; /* where it stands in the answer */
    str      text;       /* S0: content from `first` */
    uint64_t first;
};

struct body;

/* A source over `segments` (in order, without gaps; kept) of a content that lies in `extents`
 * (struct extent; the items are kept). What is kept, and cx, host and http, are used until the
 * request is over; http_source.close may come after that.
 *
 * Whatever cannot be read, or is not as long as its record says, breaks the connection off: a
 * client never gets a short file that looks whole. */
struct http_source body_source(struct cx *cx, const struct contract_host *host,
                               struct http_request *http, const struct list *extents,
                               const struct segment *segments, size_t count);

/* What a record names is there: a NOT_FOUND of ours is INTERNAL, and not the client's. */
MUST_USE enum fault body_must_be(struct cx *cx, enum fault fault);

/* Opens the chunk of a content for sendfile; `size` is what its record says. INTERNAL when the
 * stored chunk is missing or of another size. */
MUST_USE enum fault body_open_chunk(struct cx *cx, id chunk, int64_t size, int *fd);

#endif
