/* store/accounts.h: rows of account links: an identity elsewhere (a phone number, a mail address, an
 * account of another system) that stands for a user. */
#ifndef STORE_ACCOUNTS_H
#define STORE_ACCOUNTS_H

#include "base/cx.h"
#include "store/records.h"

/* Reads give NOT_FOUND, inserts EXISTS, both without a note. */
MUST_USE enum fault store_account_add(struct cx *cx, const struct account *account);
MUST_USE enum fault store_account(struct cx *cx, id domain, int kind, str identity, str extra, struct account *out);
MUST_USE enum fault store_accounts_of_user(struct cx *cx, id user, int limit, struct list *out); /* oldest first */
/* `removed` tells whether there was one. */
MUST_USE enum fault store_account_remove(struct cx *cx, const struct account *account, bool *removed);
MUST_USE enum fault store_accounts_remove_of_user(struct cx *cx, id user);

#endif
