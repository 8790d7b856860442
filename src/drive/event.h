/* drive/event.h: what happened to a node, in order, per drive; written in the transaction that does it. */
#ifndef DRIVE_EVENT_H
#define DRIVE_EVENT_H

#include "base/cx.h"
#include "store/records.h"

MUST_USE enum fault event_add(struct cx *cx, id drive, id node, enum event_kind what);

#endif
