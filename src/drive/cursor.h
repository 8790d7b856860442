/* drive/cursor.h: positions in lists, as texts that clients carry: opaque, authenticated, bound to the
 * caller, the list, its sort and filter, and to the store's epoch. */
#ifndef DRIVE_CURSOR_H
#define DRIVE_CURSOR_H

#include "base/bind.h"
#include "base/cx.h"

/* `binding` is whatever must be the same next time, as bytes (never sent); `position` is ours to read
 * again. URL-safe text in cx->arena: 4/3 of (position + 20) characters. */
str cursor_make(struct cx *cx, str binding, str position);

/* INVALID with `field` unless made by cursor_make with this binding by this caller. An empty cursor
 * gives an empty position. */
MUST_USE enum fault cursor_read(struct cx *cx, const char *field, str binding, str cursor, str *position);

/* ---- lists by number: the position is the last row's id ---- */

/* Where the list goes on: none for an empty cursor. */
MUST_USE enum fault cursor_after(struct cx *cx, const char *field, str binding, str cursor, id *after);

/* Of rows read with limit + 1: cuts the list to `limit` and gives the cursor of what follows, S0 at the end.
 * `size` of an item, `at` its id's offset. */
str cursor_at(struct cx *cx, str binding, id last);
str cursor_of_page(struct cx *cx, str binding, int limit, struct list *list, size_t size, size_t at);

#endif
