/* drive/unpacked.h: an entry of an archive that was read, and the folder or file it becomes below a task; inside
 * drive/ only. */
#ifndef DRIVE_UNPACKED_H
#define DRIVE_UNPACKED_H

#include "drive/node.h"
#include "drive/unpacker.h"
#include "drive/upload.h"

struct unpacked {
    int64_t          number; /* of the entry in the archive, from 1 */
    char            *path;   /* path_n bytes; owned */
    size_t           path_n;
    bool             is_folder, is_left_out;
    instant          modified;
    struct receiver *receiver; /* of a file: its bytes; owned */
};

struct unpacked unpacked_of(const struct unpack_entry *entry, int64_t number);
void            unpacked_done(struct unpacked *unpacked);

/* Where the last one was made, and the bytes of all made so far in a change. Begins with the task as parent, depth
 * -1 and an empty path. */
struct unpack_place {
    str     path;
    id      parent;
    int     depth;
    int64_t bytes;
};

/* Makes it below task->id, with the folders above it that are missing. INVALID (THING_NODE) where a file and a folder have one name. Thread writer. */
MUST_USE enum fault unpacked_make(struct cx *cx, struct task *task, const struct unpacked *unpacked,
                                  struct unpack_place *place);

#endif
