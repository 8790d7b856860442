/* base/workers.h: a few threads for what must not run on an event loop: disk syncs, reading back,
 * password hashing. The queue is bounded; a full queue is an answer ("busy"), not a wait. */
#ifndef BASE_WORKERS_H
#define BASE_WORKERS_H

#include "base/types.h"

struct workers;

/* Kept by its owner until run() has been called on a worker thread; run may free it. */
struct work {
    struct work *next;
    void (*run)(struct work *work, int thread); /* thread: 0 to threads - 1 */
};

struct workers *workers_new(int threads, int queue_max);

/* false: the queue is full, the work was not taken. */
MUST_USE bool workers_do(struct workers *workers, struct work *work);

/* Finishes what is queued, then ends the threads. */
void workers_free(struct workers **workers);

#endif
