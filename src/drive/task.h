/* drive/task.h: long work done in the background: what it is, and how it runs.
 *
 * States: RUNNING from task_start; SUCCEEDED or FAILED at the end, which is never left; some days later the
 * row goes. A task is done in slices. A slice is one change on the writer: a bounded number of rows, and in
 * the same transaction where it stands and how far it is, so that after a crash it goes on exactly there.
 * Tasks take turns, a slice each, so that a long one holds up neither the others nor a caller's change for
 * longer than a slice. What is slow and no change (reading content) is a kind's look(), on a worker.
 *
 * A slice that ends with a fault is undone. UNAVAILABLE is tried again; any other fault is noted in the task
 * and its kind's undo() says what is left to be done before it is FAILED.
 *
 * The number of a task is also a place out of sight: a node whose parent it is stands in no folder, so that
 * nobody finds it or what lies below. Trees are built and taken apart there. */
#ifndef DRIVE_TASK_H
#define DRIVE_TASK_H

#include "base/cx.h"
#include "base/workers.h"
#include "store/records.h"

/* What a task keeps between turns while the program runs, as the first member of its own struct. */
struct task_memory {
    void (*forget)(struct task_memory *memory);
};

/* A turn of a task: what look() and slice() share. */
struct task_turn {
    int64_t             total;  /* nodes in all, where look() has counted them; 0 otherwise */
    struct task_memory *memory; /* NULL at first, and again after a restart */
    bool                is_waiting; /* look: for others of its kind; there is no slice this time */
};

/* A kind of work. */
struct task_work {
    const char *name;
    /* Optional. On a worker, with a read connection, before each slice. A fault ends the task as a
     * slice's does. */
    enum fault (*look)(struct cx *cx, const struct task *task, struct task_turn *turn);
    /* On the writer, with the asker as cx->caller; counts down `budget` for every row touched and returns
     * when it is used up. Sets task->state when there is nothing left to do. */
    enum fault (*slice)(struct cx *cx, struct task *task, struct task_turn *turn, int *budget);
    /* Optional. After a fault, which is in the task already: sets a phase that undoes what was done, or
     * leaves it alone: then the task is FAILED at once. False when it was undoing already. */
    bool (*undo)(struct task *task);
    bool by_right; /* ends FORBIDDEN once the asker is disabled or gone */
};

enum { TASK_SLICE = 100 }; /* rows in a slice */

/* Fills in number, asker and times. Thread writer. */
MUST_USE enum fault task_begin(struct cx *cx, struct task *task);

/* Does up to `budget` rows of it at once, in this change; the rest, if any, in the background. With
 * `keep` a task that is done already has a row too, to be asked for. Its fault is the caller's: nothing was
 * done then. Thread writer; after task_begin. */
MUST_USE enum fault task_start(struct cx *cx, struct task *task, int budget, bool keep);

/* A task of the caller's (or any, for administrators), by its number as text. What a guest of a share began is
 * there for the guests of that share, inside of it. NOT_FOUND (THING_TASK).
 * Thread any. */
MUST_USE enum fault task_find(struct cx *cx, str text, struct task *out);

/* Ends it. For slices. */
void task_end(const struct cx *cx, struct task *task, enum task_state state);

/* Forgets tasks that ended long ago, and lets go what they made; counts down `budget`. Thread writer. */
MUST_USE enum fault tasks_purge(struct cx *cx, int *budget);

/* How long a finished task and what it made are kept. */
#define TASK_KEPT_MS (INT64_C(7) * 24 * 3600 * 1000)

/* ---- the runner: one a program ---- */

struct tasks;

/* Runs tasks on `workers`, at most `lanes` at a time; reader(self, thread) is a worker's read connection.
 * All are kept until tasks_free. Nothing runs before tasks_wake. */
struct tasks *tasks_new(const struct site *site, struct workers *workers, int lanes,
                        struct conn *(*reader)(void *self, int thread), void *self);

/* Some task may have work; also tries again those that had to wait. Any thread; NULL is fine. */
void tasks_wake(struct tasks *tasks);

/* No further slice begins. Before workers_free; tasks_free after it. */
void tasks_stop(struct tasks *tasks);
void tasks_free(struct tasks **tasks);

/* One turn of the task after `last`, on this thread: for programs without workers, and tests. *ran is
 * ID_NONE when none has work. */
MUST_USE enum fault tasks_turn(struct cx *cx, id last, id *ran);

#endif
