/* drive/guesses.h: counts wrong passwords per account, so that guessing is slow in every door. */
#ifndef DRIVE_GUESSES_H
#define DRIVE_GUESSES_H

#include "base/cx.h"

struct guesses *guesses_new(void);
void            guesses_free(struct guesses **guesses);

/* Whether one more guess for this account may be checked now (20 in 5 minutes). It counts as wrong until
 * guess_was_right says otherwise. Any thread. */
bool guess_allowed(const struct cx *cx, str account);
void guess_was_right(const struct cx *cx, str account);

#endif
