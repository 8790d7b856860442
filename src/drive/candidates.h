/* drive/candidates.h: the few nodes of a drive that can satisfy a condition, by the indexes of words and
 * folders; inside drive/ only. */
#ifndef DRIVE_CANDIDATES_H
#define DRIVE_CANDIDATES_H

#include "drive/judge.h"

/* Every node that satisfies the search is among `out` (items id, ascending, each once), which has at most
 * `limit`; or *few is false: no index leaves that few. The nodes still have to be judged. */
MUST_USE enum fault candidates_find(struct judge *judge, size_t limit, bool *few, struct list *out);

/* The one folder whose entries alone can satisfy the search, or none. */
id candidates_folder(const struct judge *judge);

#endif
