/* drive/dir_size.h: what is in folders, with all that is below them.
 *
 * Nothing is kept of this beforehand, so that no write pays for it: it is summed when it is asked for, folder
 * by folder through indexes, which takes time in proportion to the folders and files below. On a worker. */
#ifndef DRIVE_DIR_SIZE_H
#define DRIVE_DIR_SIZE_H

#include "drive/node.h"

/* So many folders one request may walk; a second at most. */
enum { DIR_SIZE_FOLDERS_MAX = 100000 };

struct dir_size {
    id      folder;
    int64_t bytes, folders, files; /* below it; old revisions do not count */
};

/* The live folders among these nodes of one drive, each summed; items are struct dir_size. Those that would
 * go past DIR_SIZE_FOLDERS_MAX together are left out. Thread any but a loop or the writer. */
MUST_USE enum fault dir_size_sum(struct cx *cx, const struct node *nodes, size_t count, struct list *out);

/* Of the folder with this number, or NULL. */
const struct dir_size *dir_size_of(const struct list *sums, id folder);

#endif
