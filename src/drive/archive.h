/* drive/archive.h: packing files and folders into a ZIP, as a task.
 *
 * Files are stored, not compressed; names are UTF-8 and never lead out of the folder they are unpacked in. Of
 * two of a name in one folder the second gets a number. Packing reads content on a worker, a piece a turn;
 * nothing is kept of it when the program ends amid it: then it begins anew. The ZIP is content of the task,
 * counted in no drive, and goes a day after it was made; all there are leave as much room free as they take. */
#ifndef DRIVE_ARCHIVE_H
#define DRIVE_ARCHIVE_H

#include "drive/node.h"
#include "drive/task.h"

enum { ARCHIVE_TOPS_MAX = 1000, ARCHIVE_ENTRIES_MAX = 100000 };
#define ARCHIVE_BYTES_MAX (INT64_C(64) << 30)
#define ARCHIVE_KEPT_MS (INT64_C(24) * 3600 * 1000)

/* So many may the guests of one share begin in a day, whoever they are. */
enum { ARCHIVES_OF_GUESTS_MAX = 100 };

/* Begins to pack these nodes of a drive, each as node_find found it with ACTION_DOWNLOAD. `share` is the one the
 * caller is in, or none. Faults INVALID name (field "name"); THROTTLED a guest, after too many. Thread writer. */
MUST_USE enum fault archive_start(struct cx *cx, const struct drive *drive, const id *nodes, size_t count, str name,
                                  id share, id *task);

/* What a finished task packed, as a file nobody has in a drive: name, size, content, digests, media type. For its
 * asker. NOT_FOUND (THING_TASK). */
MUST_USE enum fault archive_find(struct cx *cx, id task, struct node *out);

/* Lets go of what was packed, or unpacked, long ago; counts down `budget`. Thread writer. */
MUST_USE enum fault archives_purge(struct cx *cx, int *budget);

extern const struct task_work task_archive;

#endif
