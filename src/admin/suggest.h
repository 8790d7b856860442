/* admin/suggest.h: "did you mean": the known word that is nearest to what was typed. */
#ifndef ADMIN_SUGGEST_H
#define ADMIN_SUGGEST_H

#include "base/types.h"

/* How many letters must be put in, taken out, changed or swapped with their neighbour. Words longer
 * than 63 letters count as far away. */
int word_distance(str a, str b);

/* Remembers the best of the words offered. Zero-initialise with `typed`. */
struct suggestion {
    str typed, best;
    int distance;
};
void suggest(struct suggestion *suggestion, str word);

/* The best word when it is near enough to be meant, else S0. */
str suggested(const struct suggestion *suggestion);

#endif
