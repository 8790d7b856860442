/* drive/label.h: the names of users and groups that commands take, and the texts people are told by; inside
 * drive/ only.
 *
 * Logins and group names share one namespace in a domain and are not all digits, so that a command can take
 * a name or a number. A dialect may allow other names: then those are titles, and the label is made. */
#ifndef DRIVE_LABEL_H
#define DRIVE_LABEL_H

#include "base/cx.h"

enum { LABEL_MAX = 64, TITLE_MAX = 128, ABOUT_MAX = 1024 };

/* INVALID (field) unless it has the form of a label. */
MUST_USE enum fault label_check(struct cx *cx, str name, const char *field);

/* EXISTS (THING_USER or THING_GROUP) when somebody is called so. */
MUST_USE enum fault label_free(struct cx *cx, str name);

/* The title where that is a free label, else the other text, else "WORD NUMBER". */
MUST_USE enum fault label_make(struct cx *cx, str title, str other, const char *word, id number, str *out);

/* INVALID (field) for more than `max` characters, for less than `min`. */
MUST_USE enum fault title_check(struct cx *cx, str text, const char *field, int64_t min, int64_t max);

#endif
