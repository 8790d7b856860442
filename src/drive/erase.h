/* drive/erase.h: deleting for good: nodes, the bin, uploads that nobody finished.
 *
 * What a node held is given back in the transaction that removes it: its bytes in the drive's `used`, its
 * references to content (and those of its old revisions), the uploads into it and their `reserved`. A small
 * tree goes at once; a large one goes out of sight at once and then in the background. */
#ifndef DRIVE_ERASE_H
#define DRIVE_ERASE_H

#include "drive/node.h"
#include "drive/task.h"

/* Deletes a file or folder, live or in the bin, as node_find found it with ACTION_DELETE. *task is the one
 * that goes on, or none when it is done. FORBIDDEN for the root, or without the right in the folder it stands
 * in. Thread writer. */
MUST_USE enum fault node_delete(struct cx *cx, const struct drive *drive, const struct node *node, id *task);

/* Empties the bin of what was put there until `before`: `at_once` rows in this change, the rest in the
 * background. With `keep` there is a task to ask for in any case. Who may is the caller's business. Thread
 * writer. */
MUST_USE enum fault bin_clear(struct cx *cx, const struct drive *drive, instant before, int at_once, bool keep,
                              id *task);

/* Removes a file or folder with all below it, no questions asked; counts down `budget` by rows, *left tells
 * that some remain (the top then stays). Events are written, but for a top that is hidden below a task: that is
 * gone already for all who look. Thread writer. */
struct erase {
    id      drive, top;
    int64_t erased;    /* nodes */
    bool    is_hidden; /* the top is below a task: tree_erase_hidden sets it */
};
MUST_USE enum fault tree_erase(struct cx *cx, struct erase *erase, int *budget, bool *left);

/* Removes whatever stands hidden below a task. */
MUST_USE enum fault tree_erase_hidden(struct cx *cx, struct erase *erase, id task, int *budget, bool *left);

/* Ends the uploads into a folder, or the new revision of a file on its way. */
MUST_USE enum fault uploads_end(struct cx *cx, const struct node *node);

/* Removes an upload with its parts. */
MUST_USE enum fault upload_erase(struct cx *cx, const struct upload *upload);

extern const struct task_work task_erase, task_clear;

#endif
