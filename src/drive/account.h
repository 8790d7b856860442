/* drive/account.h: account links: identities elsewhere that stand for a user.
 *
 * An identity belongs to one user at most; a user may have several. A phone number is told apart by its
 * country code, `extra`, which is 86 where none is given. */
#ifndef DRIVE_ACCOUNT_H
#define DRIVE_ACCOUNT_H

#include "base/cx.h"
#include "store/records.h"

enum { ACCOUNT_LINKS_MAX = 100, ACCOUNT_IDENTITY_MAX = 256, ACCOUNT_EXTRA_MAX = 128 };

/* Links `want->identity` (1 to 256 characters) of `want->kind` with `want->extra` (0 to 128) to
 * `want->user`; domain and created are set here.
 *
 * Faults  INVALID; EXISTS (THING_USER, .other the user) it is linked already; CONFLICT he has 100 links
 * Thread  writer */
MUST_USE enum fault account_link_add(struct cx *cx, const struct account *want);

/* The link of an identity. NOT_FOUND (THING_USER). */
MUST_USE enum fault account_link_find(struct cx *cx, int kind, str identity, str extra, struct account *out);

/* Ends a user's link. NOT_FOUND (THING_USER) when it is not his. Thread writer. */
MUST_USE enum fault account_link_remove(struct cx *cx, id user, int kind, str identity, str extra);

/* The user's links, oldest first; items are struct account. */
MUST_USE enum fault account_links(struct cx *cx, id user, struct list *out);

#endif
