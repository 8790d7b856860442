/* drive/bulk.h: one thing done to many nodes, each by itself: what fails for one is noted with it, and the others go
 * on. A task takes the nodes one by one, a change each; what is long for one of them (a tree that is copied, an
 * archive) is a task of its own, whose state is the item's. */
#ifndef DRIVE_BULK_H
#define DRIVE_BULK_H

#include "drive/node.h"
#include "drive/task.h"

enum bulk_kind {
    BULK_COPY = 1, BULK_MOVE, /* a taken name gets a stamp */
    BULK_TRASH, BULK_DELETE,  /* DELETE: live or in the bin; both end an open upload of the caller's */
    BULK_RESTORE,
    BULK_PACK,                /* all into one ZIP: drive/archive.h */
    BULK_UNPACK, BULK_LOOK,   /* drive/unpack.h */
    BULK_CLEAR,               /* of a drive's bin, no node */
};
enum { BULK_MAX = 1000, BULK_PATHS_MAX = 4 << 20 };

struct bulk_want {
    enum bulk_kind kind;
    str            name;   /* what it is called, and the ZIP of PACK */
    struct drive   from;
    struct list    nodes;  /* struct node, at most BULK_MAX; of an upload its number and name */
    struct drive   to;     /* COPY, MOVE, UNPACK: from node_find, with ACTION_CREATE on the parent */
    struct node    parent;
    struct list    paths;  /* UNPACK: as in struct unpack_want; for all nodes BULK_PATHS_MAX bytes */
    str            password;
};

/* Begins it; what each node must allow is asked when its turn comes, with the faults of node_copy and so on.
 * Faults  INVALID (field "paths"); of unpack_start and archive_start, which begin at once.  Thread writer */
MUST_USE enum fault bulk_start(struct cx *cx, const struct bulk_want *want, id *task);

/* How it stands. */
struct bulk {
    struct task task;
    struct list items;   /* struct task_item, their state that of their own task where they have one */
    int64_t     done, failed;
    int         percent;
    bool        is_over;
    bool        is_part; /* UNPACK: of chosen paths */
    instant     finished;
    enum bulk_kind kind;
};

/* One of the caller's (or any, for administrators) by its number as text. NOT_FOUND (THING_TASK). Thread any. */
MUST_USE enum fault bulk_find(struct cx *cx, str text, struct bulk *out);

extern const struct task_work task_bulk;

#endif
