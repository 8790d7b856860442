/* drive/grant.h: rights on a file or folder given to a user or a group, for it and all below it.
 *
 * Who may grant: the drive's owner, managers of its group and administrators; and whoever holds ACTION_GRANT
 * by a grant. Nobody gives more than he has. What the drive's own people give stays when they leave; what
 * somebody gives who has it from a grant is lent: it holds only as far as he still has it (drive/access.h).
 *
 * A grant counts from the moment it is durable and not a moment longer than its end or its removal: it is
 * looked up at every decision, also for links and cursors made before. It goes with its node, user or group. */
#ifndef DRIVE_GRANT_H
#define DRIVE_GRANT_H

#include "drive/access.h"
#include "drive/node.h"
#include "store/grants.h"

/* On one node, where for more people there are groups; and told at once of all above it. */
enum { GRANTS_A_NODE_MAX = 1000, GRANTS_LISTED_MAX = 10000 };

/* A user by his public id or a group by its number. NOT_FOUND (THING_USER, THING_GROUP, `field`). */
MUST_USE enum fault grant_holder(struct cx *cx, int holder_kind, str text, const char *field, id *out);

/* The other way round: the text in cx->arena, empty for one who has gone. */
MUST_USE enum fault grant_holder_text(struct cx *cx, const struct grant *grant, str *out);

/* Gives, or changes what this holder has here. Uses holder, holder_kind, actions (ACTION_LIST is always among
 * them), label, direct_only, expires.
 *
 * node    live, with ACTION_LIST; the root folder only of a drive that a group owns
 * Faults  FORBIDDEN more than the caller has, or not his to change; INVALID (field "expire_time") an end that
 *         is past, (field "file_id") the root of a personal drive, (field "member_list") more than
 *         GRANTS_A_NODE_MAX; CONFLICT the holder is the group of a shared folder
 * Thread  writer */
MUST_USE enum fault grant_put(struct cx *cx, const struct drive *drive, const struct node *node,
                              const struct grant *want);

/* Takes it back. `label` 0 takes whatever is there, else only that one; afterwards the holder has it not, so
 * nothing there is no fault. FORBIDDEN, CONFLICT as above. Thread writer. */
MUST_USE enum fault grant_remove(struct cx *cx, const struct drive *drive, const struct node *node, id holder,
                                 int label);

/* Those on the node itself, and those on the folders above it, nearest first. For who may grant here:
 * FORBIDDEN. Ended ones are left out. Items are struct grant. INVALID where they are more than
 * GRANTS_LISTED_MAX. */
MUST_USE enum fault grant_list(struct cx *cx, const struct drive *drive, const struct node *node, struct list *out);
MUST_USE enum fault grant_list_above(struct cx *cx, const struct drive *drive, const struct node *node,
                                     struct list *out);

/* Those that give the caller something at this node, wherever they stand. */
MUST_USE enum fault grant_list_mine(struct cx *cx, const struct drive *drive, const struct node *node,
                                    struct list *out);

/* ---- where something is granted ---- */

struct granted {
    struct drive drive;
    struct node  node;
    unsigned     actions; /* the caller's */
};
struct granted_page {
    struct list items; /* struct granted; may be short, even empty, before the end: go by `next` */
    str         next;  /* S0 at the end */
};
enum granted_how {
    GRANTED_TO_ME,  /* in personal drives of others */
    GRANTED_BY_ME,  /* wherever I granted something */
    GRANTED_OF_MINE /* in my drives and those of groups that I manage, whoever granted it */
};

/* Live nodes that the caller may see, by drive and number. INVALID (cursor_field). */
MUST_USE enum fault granted_list(struct cx *cx, enum granted_how how, int limit, str cursor,
                                 const char *cursor_field, struct granted_page *out);

#endif
