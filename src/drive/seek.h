/* drive/seek.h: what a search has found so far, in its order, and the place where a page begins and ends; inside
 * drive/ only. */
#ifndef DRIVE_SEEK_H
#define DRIVE_SEEK_H

#include "drive/search.h"
#include "store/nodes.h"

/* Where a node stands in the orders. */
struct key {
    int     kind;
    int64_t created, modified, size;
    str     name; /* sort key */
    id      drive, node, parent;
};

struct seeker {
    struct cx           *cx;
    const struct search *search;
    struct search_order  orders[SEARCH_ORDERS_MAX + 1]; /* at least one that is not KEY_KIND */
    int                  order_count;
    struct search_order  first; /* the first that is not KEY_KIND: that of a walk */
    bool                 kind_first, kind_descending;
    bool                 has_entered; /* heavy_searches */
    bool                 has_walked; /* only kind (in front) and `first` hold */
    bool                 has_woven;  /* and what they leave equal is in the order of weave.h */
    bool                 is_start;
    struct key           after;
    struct key          *kept;  /* sorted now and then */
    size_t               kept_count, kept_room;
    int64_t              low, high; /* bounds of `first` by the condition */
    bool                 has_stop;
    struct key           stop;  /* the earliest place where a walk stopped */
    int64_t              total;
};

/* `search` is kept. INVALID (field "after"). */
MUST_USE enum fault seeker_begin(struct cx *cx, const struct search *search, struct seeker *out);

struct key key_of(const struct node_row *row);

int seeker_compare(const struct seeker *s, const struct key *a, const struct key *b);

/* One that is found, if it comes after the page before; its texts are copied to `arena`, which outlives the page. */
void seeker_keep(struct seeker *s, struct arena *arena, const struct key *key);

/* Sorts what is kept, and lets go what is more than a page and one. */
void seeker_trim(struct seeker *s);

/* A walk of one of the drives stops here: the page ends where the earliest of them does. */
void seeker_stop(struct seeker *s, struct arena *arena, const struct key *key);

/* Lets go what is kept, sorted, beyond the stop: the page ends there even before it is full. */
void seeker_cut(struct seeker *s);

/* Where the next page begins, as bytes in cx->arena. */
str seeker_position(struct cx *cx, const struct seeker *s, const struct key *last);

#endif
