/* drive/star.h: stars, the marks that people set for themselves: DingTalk and KooDrive speak of favourites.
 *
 * A star is one person's; nobody else sees it. An app that acts for the domain has its own. */
#ifndef DRIVE_STAR_H
#define DRIVE_STAR_H

#include "drive/node.h"

/* Sets or takes away the caller's star; nothing happens where it is so already (*changed false).
 * The caller has ACTION_LIST on the node. Thread writer. */
MUST_USE enum fault star_set(struct cx *cx, const struct node *node, bool starred, bool *changed);

/* Fills `starred` of nodes of one drive, as the caller sees them. One look when he has none there. */
MUST_USE enum fault star_look(struct cx *cx, id drive, struct node *nodes, size_t count);

/* Whether the caller has a star in the drive. */
MUST_USE enum fault star_any(struct cx *cx, id drive, bool *out);

struct star_listing {
    const char *operation, *cursor_field;
    str         drive_text, cursor;
    int         limit;
    bool        descending; /* the last starred first */
};

/* The caller's starred nodes of a drive that are live and still his to see, by the time they were starred.
 * A page may be short, even empty, before the end. Thread any. */
MUST_USE enum fault star_list(struct cx *cx, const struct star_listing *listing, struct drive *drive,
                              struct node_page *out);

#endif
