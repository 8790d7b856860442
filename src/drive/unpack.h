/* drive/unpack.h: unpacking a ZIP into a folder, as a task; and looking into one.
 *
 * First the whole archive is looked at: what a drive would not take, what leads out of the folder, what is too
 * much (struct unpack_limits, the quota, the levels) ends the task before anything is made. Then folders and
 * files are made out of sight (drive/graft.h) and put into the target when all are there: all at once, or a
 * hundred at a time where more than that stand at the top of the archive. A fault before the first of them has its
 * place undoes everything. Afterwards what finds the target gone stands where something restored would.
 *
 * Nothing that is there is overwritten: a taken name is settled as the asker says, and of two entries of one
 * name in one folder the second gets a number. Links and devices are left out and counted as skipped. Archives in
 * the archive are files. The archive is read as it was when it was asked for.
 *
 * Content is read and received on a worker, some entries a turn; the slice makes them and says in the same change
 * how far it is, so after a crash it goes on with the entry it was at. */
#ifndef DRIVE_UNPACK_H
#define DRIVE_UNPACK_H

#include "drive/node.h"
#include "drive/task.h"

struct unpack_want {
    struct drive  from; /* from node_find, with ACTION_DOWNLOAD */
    struct node   node;
    struct drive  to;   /* from node_find, with ACTION_CREATE on the parent */
    struct node   parent;
    enum conflict conflict;  /* of what stands at its top: ALLOW, STAMP or NUMBER */
    struct list   paths;     /* str: entries and folders in the archive; none: all */
    str           password;  /* or S0 */
    bool          only_look; /* nothing is made: `to` and what follows it do not matter */
};

/* Begins it.
 *
 * Faults  INVALID (field "paths") a path no archive has; IS_FOLDER; NOT_FOLDER.  Of the task: MISMATCH no ZIP, or
 *         a damaged one; UNSUPPORTED; TOO_LARGE; TOO_DEEP; QUOTA; INVALID (THING_NODE) an entry's name, a file and
 *         a folder of one name; INVALID (THING_NONE) the password; NOT_FOUND (THING_NODE) one of `paths`
 * Thread  writer */
MUST_USE enum fault unpack_start(struct cx *cx, const struct unpack_want *want, id *task);

/* What is in the archive of a task that succeeded, or of that what was asked for, as items str; folders end in
 * '/'. None (items NULL) where that is more than unpack_limits.listed or 4 MiB, where the caller may no longer read the
 * archive, and after a day. Thread worker. */
MUST_USE enum fault unpack_list(struct cx *cx, const struct task *task, struct list *paths);

extern const struct task_work task_unpack;

#endif
