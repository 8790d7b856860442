/* store/details.h: what a node's row says of it, packed into one value.
 *
 * A page shows two dozen members of each of its rows, and reading them column by column costs a database more
 * than all else of a page. So the columns of `nodes` are what statements ask for, and the column `details` is
 * what readers want: every member of struct node but drive, parent, id, duplicate, name and starred. Both are
 * written by the same statements of nodes.c, from the same struct; `polydrive check` compares them.
 *
 * The first byte is the number of the form. */
#ifndef STORE_DETAILS_H
#define STORE_DETAILS_H

#include "base/arena.h"
#include "store/records.h"

/* Made in the arena. */
str details_pack(struct arena *arena, const struct node *node);

/* Fills those members; the texts lie in `details`. False, with `node` half filled: these are no details. */
MUST_USE bool details_unpack(str details, struct node *node);

#endif
