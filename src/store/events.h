/* store/events.h: rows of what happened, per drive and in order.
 *
 * An event's number counts up within its drive, by one, in the transaction that writes it: so a reader who
 * has seen number n has seen all up to n, whichever process wrote them. */
#ifndef STORE_EVENTS_H
#define STORE_EVENTS_H

#include "base/cx.h"
#include "store/records.h"

/* event->id is ignored: it becomes the next of its drive. */
MUST_USE enum fault store_event_add(struct cx *cx, const struct event *event, id app);

/* Events with a number above `after`, ascending; items are struct event. */
MUST_USE enum fault store_events_after(struct cx *cx, id drive, int64_t after, int limit, struct list *out);

/* The number of the newest; 0 when there is none. */
MUST_USE enum fault store_event_last(struct cx *cx, id drive, int64_t *out);

#endif
