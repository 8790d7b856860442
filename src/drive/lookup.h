/* drive/lookup.h: the nodes of one drive that a search may show, read in one way or another and judged; inside
 * drive/ only. */
#ifndef DRIVE_LOOKUP_H
#define DRIVE_LOOKUP_H

#include "drive/judge.h"
#include "drive/seek.h"

enum { STRETCH = 256 /* rows read at once */ };

/* Rows, a stretch at a time: within store_each nothing else can be asked. Of the texts only those that can be asked
 * for are copied; a page is read again when it is known. */
struct stretch {
    struct arena    *arena; /* reset for each */
    struct node_row *rows;
    size_t           count, bytes;
    bool             with_sort_keys, with_tags;
};

/* Calls for one drive. */
struct lookup {
    struct seeker *seeker;
    struct judge   judge;
    struct arena  *outer;   /* of the request */
    struct stretch stretch;
    int            looked_at, looked_at_max;
    bool           counts;  /* only for the total: the effort is bounded as a walk's is */
    struct weave  *weave;   /* what a walk reads, where the drive has no such index; or NULL */
    bool           is_over; /* of the walk: nothing follows the stretch */
};

/* Of these nodes, those that fit. Items are id. */
MUST_USE enum fault lookup_gather(struct lookup *lookup, const struct list *ids);

/* Of all nodes of the drive, in no order, as far as looked_at_max goes. */
MUST_USE enum fault lookup_pass(struct lookup *lookup);

/* From where the page begins on in its order, until `want` more are shown or looked_at_max is reached; of a folder, or
 * (none) of the drive, whose order is woven where no index has it. */
MUST_USE enum fault lookup_walk(struct lookup *lookup, id folder, bool weaves, int64_t want);

#endif
