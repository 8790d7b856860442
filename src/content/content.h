/* content/content.h: bytes, known by numbers of our own: written once, never changed, never named
 * after anything a user chose.
 *
 * One interface, several drivers (content/driver.h). A chunk is a run of bytes with a number (from
 * the store) and a size. Small chunks live in the store itself (store/chunk.h) and never come here.
 *
 * Durable order of a written chunk: bytes to a temporary file, fdatasync, rename to the final name,
 * fsync of the folder; only then is the chunk's row committed, only then is the part acknowledged. */
#ifndef CONTENT_CONTENT_H
#define CONTENT_CONTENT_H

#include "base/cx.h"
#include "base/types.h"

struct content; /* an open content store; safe for all threads */
struct sink;    /* one chunk being written; one thread at a time */

/* Opens the content store at `where` (a folder, made if absent, mode 0700). Leftover temporary files
 * of an earlier run are removed once they are a day old: several processes may share the folder.
 *
 * Faults  UNAVAILABLE the folder cannot be made, opened or synced; UNSUPPORTED no such kind of place */
MUST_USE enum fault content_open(struct cx *cx, str where, struct content **out);
void                content_close(struct content **content);

/* Free bytes of the place the chunks go to; -1 when not known. */
int64_t content_free_bytes(struct content *content);

/* So many bytes of that place stay free: what would be written beyond is UNAVAILABLE. Quotas count what is kept; on
 * its way in, or let go of a while ago, there may be any amount. Set before the store is used; 0 at first. */
void content_leave_free(struct content *content, int64_t bytes);

/* Whether that much is free now, or it is not known. */
bool content_has_room(struct content *content);

/* True once a sync has failed. What was not synced then may be lost although a later sync says
 * success, so nothing is kept any more until the store is closed and opened again; reading goes on. */
bool content_broken(const struct content *content);

/* Begins a chunk. Nothing is visible before content_sink_keep.
 *
 * Faults  UNAVAILABLE no room, no descriptor, or the store is broken */
MUST_USE enum fault content_sink_open(struct cx *cx, struct content *content, struct sink **out);

/* Appends. Goes to the page cache and starts writeback as it goes; does not wait for the disk. After
 * a fault the sink is only good to drop.
 *
 * Faults  UNAVAILABLE no room, or the disk fails */
MUST_USE enum fault content_sink_write(struct cx *cx, struct sink *sink, str piece);

/* Makes the written bytes durable under the number `chunk`. Waits for the disk: never on an event
 * loop. After OK the chunk can be read; the sink is closed either way.
 *
 * Faults  UNAVAILABLE the disk fails, or the store is broken; INTERNAL the number is taken */
MUST_USE enum fault content_sink_keep(struct cx *cx, struct sink **sink, id chunk);

/* Throws the written bytes away. Closer. */
void content_sink_drop(struct sink **sink);

/* Opens a chunk for reading: a descriptor, given to the caller.
 *
 * Faults  NOT_FOUND no such chunk, which is logged: a row that names it names what is lost;
 *         UNAVAILABLE the disk or the table of descriptors */
MUST_USE enum fault content_read_open(struct cx *cx, struct content *content, id chunk, int *fd);

/* Removes a chunk; absent is fine. */
MUST_USE enum fault content_remove(struct cx *cx, struct content *content, id chunk);

/* Calls see() for every stored chunk and every temporary file (chunk = none then), with its size
 * and time of change; for `polydrive check`. A fault of see() ends the walk and is handed back. see()
 * may remove what it is shown. */
MUST_USE enum fault content_each(struct cx *cx, struct content *content,
                                 enum fault (*see)(struct cx *cx, void *arg, id chunk, int64_t size,
                                                   instant changed),
                                 void *arg);

#endif
