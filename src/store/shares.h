/* store/shares.h: rows of share links. */
#ifndef STORE_SHARES_H
#define STORE_SHARES_H

#include "base/cx.h"
#include "store/records.h"

/* EXISTS without a note: the code is taken. The sort keys of name and description are made here. */
MUST_USE enum fault store_share_add(struct cx *cx, const struct share_link *share);

/* NOT_FOUND without a note. */
MUST_USE enum fault store_share(struct cx *cx, id share, struct share_link *out);
MUST_USE enum fault store_share_by_code(struct cx *cx, str code, struct share_link *out);

/* Writes all that can change after it was made: not its files, drive, creator and code. */
MUST_USE enum fault store_share_update(struct cx *cx, const struct share_link *share);

MUST_USE enum fault store_shares_remove_of_drive(struct cx *cx, id drive);
MUST_USE enum fault store_shares_remove_of_creator(struct cx *cx, id user);

/* Adds one to a counter in one statement; *fits false, and nothing changed, when its limit is reached. */
enum share_use { SHARE_ACCESS, SHARE_PREVIEW, SHARE_DOWNLOAD, SHARE_SAVE, SHARE_USE_COUNT };
MUST_USE enum fault store_share_count(struct cx *cx, id share, enum share_use use, bool *fits);

/* ---- listing: keyset, each order by an index of its own ---- */

enum share_order { SHARES_BY_CREATED, SHARES_BY_MODIFIED, SHARES_BY_NAME, SHARES_BY_DESCRIPTION, SHARES_ORDER_COUNT };

struct share_position {
    int64_t number;  /* of the time orders */
    str     bytes;   /* sort key of the others */
    id      share;
    bool    is_start;
};
struct share_row {
    struct share_link share;
    str               name_key, description_key;
};

/* Rows after `from` of one creator, or of the domain for creator none; each() as in store_each, `row` a struct
 * share_row whose texts are valid during the call only. */
MUST_USE enum fault store_shares_each(struct cx *cx, id domain, id creator, enum share_order order, bool descending,
                                      const struct share_position *from, int limit,
                                      bool (*each)(void *arg, void *row), void *arg);

/* Copies the strings of a row that is valid only during each(). */
void share_keep(struct arena *arena, struct share_link *share);

#endif
