/* store/grants.h: rows of grants: who may do what to a node and to all below it.
 *
 * A grant that has ended (`expires`) is left out of what counts, and stays until it is removed or renewed. */
#ifndef STORE_GRANTS_H
#define STORE_GRANTS_H

#include "base/cx.h"
#include "store/records.h"

struct grant {
    id      drive, node, holder;
    int     holder_kind; /* enum owner_kind */
    int     role;        /* enum share_role of a shared folder's members, who are bounded by their own role in
                            the group; 0: `actions` say it */
    int     actions;     /* enum action, when role is 0 */
    int     label;       /* a door's own number for what was given, kept for it; 0 none */
    bool    direct_only; /* of a group: for its own members, not for those of groups below it */
    bool    lent;        /* holds only as far as its creator has the same rights himself, now */
    id      creator;     /* none: an app of the domain, or the program */
    instant created, expires; /* expires none: never */
};

/* Adds it, or puts it in the place of the one that this holder has on this node. */
MUST_USE enum fault store_grant_put(struct cx *cx, const struct grant *grant);
/* NOT_FOUND without a note. */
MUST_USE enum fault store_grant(struct cx *cx, id drive, id node, id holder, struct grant *out);
MUST_USE enum fault store_grant_remove(struct cx *cx, id drive, id node, id holder);
/* All on one node, oldest first, at most `limit`; items are struct grant. */
MUST_USE enum fault store_grants_on(struct cx *cx, id drive, id node, int limit, struct list *out);
MUST_USE enum fault store_grants_count(struct cx *cx, id drive, id node, int64_t *count);
/* Those on one node that count for this user now, by himself or by his groups; `role` is already the lesser of
 * the grant's and the member's. */
MUST_USE enum fault store_grants_reaching(struct cx *cx, id drive, id node, id user, struct list *out);
/* Whether anything in the drive counts for this user now. */
MUST_USE enum fault store_grants_any(struct cx *cx, id drive, id user, bool *out);
/* Drives in which something is granted to the user or his groups, as list of id. */
MUST_USE enum fault store_granted_drives(struct cx *cx, id user, struct list *out);

/* A place in a drive. Lists of places are in this order and without doubles. */
struct place_key {
    id drive, node;
};
/* Where something is granted to this holder, after `after`, in personal drives. */
MUST_USE enum fault store_places_granted_to(struct cx *cx, id holder, struct place_key after, int limit,
                                            struct list *out);
/* Where this user has granted something. */
MUST_USE enum fault store_places_granted_by(struct cx *cx, id creator, struct place_key after, int limit,
                                            struct list *out);
/* Where something is granted in this drive. */
MUST_USE enum fault store_places_granted_in(struct cx *cx, id drive, id after, int limit, struct list *out);
/* Whoever a user is to grants: himself and his groups; items are id. */
MUST_USE enum fault store_holders_of(struct cx *cx, id user, struct list *out);

/* Those that ended before `before`. */
MUST_USE enum fault store_grants_remove_ended(struct cx *cx, instant before);
MUST_USE enum fault store_grants_remove_on(struct cx *cx, id drive, id node);
MUST_USE enum fault store_grants_remove_of_drive(struct cx *cx, id drive);
MUST_USE enum fault store_grants_remove_of(struct cx *cx, id holder);

#endif
