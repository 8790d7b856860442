/* store/tasks.h: rows of background tasks, of the folders they still have to look into, of the nodes they deal with
 * one by one. */
#ifndef STORE_TASKS_H
#define STORE_TASKS_H

#include "base/cx.h"
#include "store/records.h"

MUST_USE enum fault store_task_add(struct cx *cx, const struct task *task);
/* NOT_FOUND without a note. */
MUST_USE enum fault store_task(struct cx *cx, id task, struct task *out);
/* What changes while it runs: state, phase, where it stands, figures, what came of it. */
MUST_USE enum fault store_task_save(struct cx *cx, const struct task *task);
/* With its items. */
MUST_USE enum fault store_task_remove(struct cx *cx, id task);

/* Running ones by number, as list of id. */
MUST_USE enum fault store_tasks_running(struct cx *cx, id after, int limit, struct list *out);
/* How many of a kind run on a drive. */
MUST_USE enum fault store_tasks_on_drive(struct cx *cx, id drive, int kind, int64_t *count);
/* How many moves from or to a drive run. */
MUST_USE enum fault store_tasks_moving(struct cx *cx, id drive, int64_t *count);
/* How many were begun since then by guests of a share. */
MUST_USE enum fault store_tasks_of_guests(struct cx *cx, id share, instant since, int64_t *count);
/* Those that ended before; items are struct task. */
MUST_USE enum fault store_tasks_finished(struct cx *cx, instant before, int limit, struct list *out);

/* The same of those that hold content. */
MUST_USE enum fault store_tasks_holding(struct cx *cx, instant before, int limit, struct list *out);
/* All that they hold. */
MUST_USE enum fault store_tasks_held_bytes(struct cx *cx, int64_t *bytes);

MUST_USE enum fault store_task_folder_add(struct cx *cx, id task, const struct task_folder *folder);
/* NOT_FOUND without a note. */
MUST_USE enum fault store_task_folder(struct cx *cx, id task, int64_t number, struct task_folder *out);
MUST_USE enum fault store_task_folder_remove(struct cx *cx, id task, int64_t number);

MUST_USE enum fault store_task_item_add(struct cx *cx, id task, const struct task_item *item);
/* NOT_FOUND without a note; without what is of its sub task. */
MUST_USE enum fault store_task_item(struct cx *cx, id task, int64_t number, struct task_item *out);
/* All of a task, as items struct task_item. */
MUST_USE enum fault store_task_items(struct cx *cx, id task, struct list *out);
/* What became of it: made, sub, state, fault, thing. */
MUST_USE enum fault store_task_item_save(struct cx *cx, id task, const struct task_item *item);

#endif
