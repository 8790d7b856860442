/* drive/runner.h: what the runner of tasks and the tasks know of each other; inside drive/ only. */
#ifndef DRIVE_RUNNER_H
#define DRIVE_RUNNER_H

#include "drive/task.h"

/* NULL for a kind that this program does not know. */
const struct task_work *task_work_of(const struct task *task);

/* One turn: look(), then a slice in a change of its own. `memory` is the task's, kept by the runner and gone
 * when it is over. The fault is UNAVAILABLE when it is to be tried again later. Thread worker, with a read connection. */
MUST_USE enum fault task_turn(struct cx *cx, id task, struct task_memory **memory, bool *is_over);

/* The same; *is_waiting tells that it was let pass, and nothing was done. */
MUST_USE enum fault task_turn_or_wait(struct cx *cx, id task, struct task_memory **memory, bool *is_over,
                                      bool *is_waiting);

/* Closer. */
void task_memory_forget(struct task_memory **memory);

#endif
