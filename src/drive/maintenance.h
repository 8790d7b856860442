/* drive/maintenance.h: what must be tidied now and then: expired uploads and tokens, deleted drives, what
 * the bin has kept long enough, content that nobody uses. Each call does a bounded piece. */
#ifndef DRIVE_MAINTENANCE_H
#define DRIVE_MAINTENANCE_H

#include "base/bind.h"
#include "base/cx.h"

/* One round, inside a change of the writer. `gone` gets the chunks (items id, in cx->arena) whose rows went
 * and whose files may go once the change is durable; *more tells that another round has work. */
MUST_USE enum fault maintenance_run(struct cx *cx, struct list *gone, bool *more);

/* Removes the files of chunks, after the change is durable. Waits for the disk: on a worker. */
void maintenance_sweep(struct cx *cx, const struct list *gone);

#endif
