/* contract/printed.h: items of listings, kept as they were printed.
 *
 * Folders that are looked at again and again change by an entry at a time. An item whose struct has a member
 * `printed`, named in its shape, may say all that it is made of: then it is printed once, and copied from then on
 * whenever the same is to be shown again. Nothing can go stale, for what has changed is made of something else;
 * the texts themselves are compared. Bounded: 1,024 items of at most 1.5 KiB for each thread that prints.
 *
 * What tells an item best from others, its numbers, stands at the start of what it is made of: by that it finds
 * its place. */
#ifndef CONTRACT_PRINTED_H
#define CONTRACT_PRINTED_H

#include "base/arena.h"

struct shape;

struct printed {
    str of;   /* all that the item is made of; S0: it is not kept */
    str text; /* the item's JSON, to be copied; S0: it must be printed */
};

/* Sets `text` when an item of this shape, made of the same, is known. True when it did: the item's other
 * members are not asked for then. `of` is borrowed until the answer is printed; the text is in the arena. */
bool printed_find(struct arena *arena, const struct shape *shape, str of, struct printed *out);

/* What printing calls. */
void printed_keep(const struct shape *shape, str of, str text);

#endif
