/* drive/choice.h: which entries of an archive are wanted, and the password to it, as a task keeps them; inside
 * drive/ only. Text: the password sealed, in hex, and a line for each path. */
#ifndef DRIVE_CHOICE_H
#define DRIVE_CHOICE_H

#include "base/bind.h"
#include "base/cx.h"

struct choice;

/* The text of it, in cx->arena. `paths` has items str; none: everything. `password` may be S0.
 * INVALID (field "paths") for what is no path in an archive. */
MUST_USE enum fault choice_write(struct cx *cx, const struct list *paths, str password, str *text);

/* Reads it again; *password lives in cx->arena. */
MUST_USE enum fault choice_open(struct cx *cx, str text, struct choice **out, str *password);
void                choice_free(struct choice **choice); /* closer */

/* Whether an entry is wanted: itself, or as part of a folder that is. Remembered for choice_is_met. */
bool choice_takes(struct choice *choice, str path);

/* Every path that was asked for has been seen. */
bool choice_is_met(const struct choice *choice);

bool choice_has_password(const struct choice *choice);

#endif
