/* drive/packer.h: writes a ZIP into a chunk of content, entry by entry; inside drive/ only. One thread at a time. */
#ifndef DRIVE_PACKER_H
#define DRIVE_PACKER_H

#include "base/cx.h"
#include "store/records.h"

struct packer;

MUST_USE enum fault packer_open(struct cx *cx, struct packer **out);
void                packer_free(struct packer **packer);

/* Begins an entry at `path` (folders end in '/'); a path that is taken gets a number. For a file `size` bytes
 * must follow by packer_add. *used is the path it got, borrowed until the next. */
MUST_USE enum fault packer_entry(struct cx *cx, struct packer *packer, str path, int64_t size, instant modified,
                                 str *used);
MUST_USE enum fault packer_add(struct cx *cx, struct packer *packer, str piece);

/* Ends the ZIP and makes it durable. `out` gets its digests and size, `part` its one chunk; both in cx->arena. */
MUST_USE enum fault packer_end(struct cx *cx, struct packer *packer, struct content_record *out, struct part *part);

#endif
