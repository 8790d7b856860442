/* store/stars.h: rows of what people have marked with a star, each for himself.
 *
 * A table beside the nodes: who has no star pays one look for a page. The rows of a node go with it
 * (store_node_remove). */
#ifndef STORE_STARS_H
#define STORE_STARS_H

#include "base/cx.h"
#include "base/bind.h"

struct star {
    id      node;
    instant when;
};

/* `user` is none for the domain's own keys. A star that is there stays as it is. */
MUST_USE enum fault store_star_put(struct cx *cx, id drive, id node, id user, instant when, bool *changed);
MUST_USE enum fault store_star_remove(struct cx *cx, id drive, id node, id user, bool *changed);
MUST_USE enum fault store_star(struct cx *cx, id drive, id node, id user, bool *out);
/* Whether the user has any in this drive. */
MUST_USE enum fault store_star_any(struct cx *cx, id drive, id user, bool *out);
/* Stars after `from` (node none: from the start) by time and number; items are struct star. */
MUST_USE enum fault store_stars_of(struct cx *cx, id drive, id user, bool descending, const struct star *from, int limit,
                                   struct list *out);
MUST_USE enum fault store_stars_of_node_remove(struct cx *cx, id drive, id node);

#endif
