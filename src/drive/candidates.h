/* drive/candidates.h: the few nodes of a drive that can satisfy a condition, by the indexes of words,
 * folders, stars and times; inside drive/ only. */
#ifndef DRIVE_CANDIDATES_H
#define DRIVE_CANDIDATES_H

#include "drive/judge.h"

struct candidates {
    bool        few;
    struct list ids;   /* where few: id, ascending, each once */
    int64_t     apart; /* where not: of about so many nodes one has the rarest word that was seen; 1: none was asked for */
};

/* Every node that satisfies the search is among out->ids, of which there are at most `limit`; or out->few is false:
 * no index leaves that few. The nodes still have to be judged. */
MUST_USE enum fault candidates_find(struct judge *judge, size_t limit, struct candidates *out);

/* The one folder whose entries alone can satisfy the search, or none. */
id candidates_folder(const struct judge *judge);

/* The bounds, both included, that the condition sets to a number; the ends of int64 where it sets none. */
void candidates_range(const struct condition *condition, enum search_field field, int64_t *low, int64_t *high);

#endif
