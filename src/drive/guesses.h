/* drive/guesses.h: counts wrong passwords, so that guessing is slow in every door.
 *
 * 20 in 5 minutes for each account, and 20 for each network: an IPv4 address, or the /64 of an IPv6 one, so
 * that neither many addresses nor many names help. Who owns an account that somebody else guesses at is
 * not locked out: beyond the account's 20, one guess is still checked from a network that has had none
 * wrong (for IPv6 its whole /48, of which one customer may have 65,536 of the small ones). Right passwords
 * count nowhere. In this process's memory. */
#ifndef DRIVE_GUESSES_H
#define DRIVE_GUESSES_H

#include "base/cx.h"

struct guesses *guesses_new(void);
void            guesses_free(struct guesses **guesses);

/* Whether one more guess for this account may be checked now, from cx->peer. It counts as wrong until
 * guess_was_right says otherwise. `account` is any text that names what is guessed at: another door's prefix
 * keeps its accounts apart. Any thread. */
bool guess_allowed(const struct cx *cx, str account);
void guess_was_right(const struct cx *cx, str account);

#endif
