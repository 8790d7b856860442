/* drive/reader.h: the bytes of a content, from any place in it; inside drive/ only.
 *
 * For workers: it reads the disk. Keeps one chunk open. A reader is used by one thread at a time, with the cx of
 * whoever calls. */
#ifndef DRIVE_READER_H
#define DRIVE_READER_H

#include "base/cx.h"

struct reader;

/* Faults  INTERNAL there is no such content, or its chunks do not make it */
MUST_USE enum fault reader_open(struct cx *cx, id content, struct reader **out);
/* Over these bytes, which are copied, instead of a content: for tests. */
struct reader      *reader_of(str bytes);
void                reader_free(struct reader **reader); /* closer */

int64_t reader_size(const struct reader *reader);

/* Bytes from `at` on into `to`: at most `most`, fewer only where the content ends. *got is 0 past its end. */
MUST_USE enum fault reader_read(struct cx *cx, struct reader *reader, int64_t at, char *to, size_t most, size_t *got);

#endif
