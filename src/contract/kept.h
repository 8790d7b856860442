/* contract/kept.h: answers kept to be given again while what they say has not changed.
 *
 * An answer is known by everything it depends on, its key; what has changed has another key, so nothing is
 * ever thrown away for being old. Bounded: 32 answers of at most 128 KiB. Only what is asked for again is
 * kept, so a walk through many pages does not push out what others look at. */
#ifndef CONTRACT_KEPT_H
#define CONTRACT_KEPT_H

#include "base/text.h"

struct kept;

struct kept *kept_new(void);
void         kept_free(struct kept **kept);

/* Adds the body kept under this key (of SHA256_BYTES) to `out`; false when there is none. Any thread. */
bool kept_find(struct kept *kept, str key, struct text *out);

/* Offers a body: taken when the key has been offered before and not forgotten since. Any thread. */
void kept_offer(struct kept *kept, str key, str body);

#endif
