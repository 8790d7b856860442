/* drive/event.h: what happened to a node, in order, per drive; written in the transaction that does it. */
#ifndef DRIVE_EVENT_H
#define DRIVE_EVENT_H

#include "base/cx.h"
#include "store/records.h"

MUST_USE enum fault event_add(struct cx *cx, id drive, id node, enum event_kind what);

/* The same for what takes a node away from where it stood (MOVE, TRASH, DELETE): `from` is the folder it
 * leaves, so that who watches that folder is told. */
MUST_USE enum fault event_add_from(struct cx *cx, id drive, id node, enum event_kind what, id from);

/* How often something has changed in the drive; 0 for never. What is in the drive is the same while this is. */
MUST_USE enum fault event_count(struct cx *cx, id drive, int64_t *out);

/* A text that is the same as long as nothing at all has changed, in this drive or elsewhere; S0 when that
 * cannot be told. */
str event_seen(struct cx *cx);

#endif
