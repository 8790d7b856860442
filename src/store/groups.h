/* store/groups.h: rows of groups, their tree, their members and their administrators.
 *
 * A member of a group counts as an ordinary member of every group above it; an administrator of a group
 * (by assignment, or a member who owns it) is one of every group below. Both ways up are walked by the
 * statement itself, by primary key, one step a level. */
#ifndef STORE_GROUPS_H
#define STORE_GROUPS_H

#include "base/cx.h"
#include "store/records.h"

/* SQL: the groups that user `user` ("$2") counts as a member of, as reach (team_id, role), for WITH
 * RECURSIVE. `guard` (" AND ...", or "") is looked at once, so that where nothing can come of it the walk
 * costs nothing. */
#define STORE_REACH(user, guard)                                                                     \
    "reach (team_id, role) AS (SELECT team_id, role FROM members WHERE user_id = " user guard        \
    " UNION SELECT t.parent_id, CASE WHEN r.role > 2 THEN 2 ELSE r.role END"                         \
    "  FROM reach r JOIN teams t ON t.id = r.team_id WHERE t.parent_id > 0)"

/* Reads give NOT_FOUND without a note; inserts EXISTS without a note when a unique column is taken. */

MUST_USE enum fault store_group_add(struct cx *cx, const struct group *group);
MUST_USE enum fault store_group(struct cx *cx, id group, struct group *out);
MUST_USE enum fault store_group_by_name(struct cx *cx, id domain, str name, struct group *out);
MUST_USE enum fault store_group_by_title(struct cx *cx, id domain, str title, struct group *out);
MUST_USE enum fault store_groups(struct cx *cx, id domain, id after, int limit, struct list *out);
/* Name, title and description. */
MUST_USE enum fault store_group_update(struct cx *cx, const struct group *group);
/* With its members and administrators. */
MUST_USE enum fault store_group_remove(struct cx *cx, id group);
/* Groups the user counts as a member of or administers, by number. */
MUST_USE enum fault store_groups_of(struct cx *cx, id domain, id user, id after, int limit, struct list *out);

/* Numbers of all groups the user counts as a member of; items are id. */
MUST_USE enum fault store_groups_reached(struct cx *cx, id user, struct list *out);

/* ---- the tree ---- */

/* parent none: on top. */
MUST_USE enum fault store_group_set_parent(struct cx *cx, id group, id parent);
MUST_USE enum fault store_groups_below(struct cx *cx, id parent, id after, int limit, struct list *out);
/* Teams that stand below none. */
MUST_USE enum fault store_groups_on_top(struct cx *cx, id domain, id after, int limit, struct list *out);
/* The groups above, nearest first, without the group itself; items are id, at most `limit`. */
MUST_USE enum fault store_groups_above(struct cx *cx, id group, int limit, struct list *out);
/* Levels of groups below, looked at to `limit`; 0: none. */
MUST_USE enum fault store_group_height(struct cx *cx, id group, int limit, int *out);

/* ---- members ---- */

struct member {
    id      group, user, creator;
    int     role; /* enum share_role */
    str     description;
    instant created, modified;
};

/* A new member, or a new role for one: who made him one and when stays then, and the description. */
MUST_USE enum fault store_member_put(struct cx *cx, const struct member *member);
MUST_USE enum fault store_member(struct cx *cx, id group, id user, struct member *out);
MUST_USE enum fault store_member_describe(struct cx *cx, id group, id user, str description);
MUST_USE enum fault store_member_remove(struct cx *cx, id group, id user);
/* By user; and of one user by group, without the groups behind shared folders. Items are struct member. */
MUST_USE enum fault store_members(struct cx *cx, id group, id after, int limit, struct list *out);
MUST_USE enum fault store_memberships(struct cx *cx, id user, id after, int limit, struct list *out);
/* By the row itself; 0 when there is none. */
MUST_USE enum fault store_member_role(struct cx *cx, id group, id user, int *role);
MUST_USE enum fault store_member_count(struct cx *cx, id group, int64_t *count);

/* What the user is to the group with the tree counted in: 0 for nothing, SHARE_OWNER for administrators. */
MUST_USE enum fault store_group_role(struct cx *cx, id group, id user, int *role);

/* ---- administrators by assignment ---- */

struct group_admin {
    id      group, user, creator;
    instant created;
};
MUST_USE enum fault store_group_admin_add(struct cx *cx, const struct group_admin *admin); /* EXISTS */
MUST_USE enum fault store_group_admin_remove(struct cx *cx, id group, id user); /* NOT_FOUND */
MUST_USE enum fault store_group_admins(struct cx *cx, id group, id after, int limit, struct list *out);
MUST_USE enum fault store_groups_administered(struct cx *cx, id user, id after, int limit, struct list *out);

/* Whether `admin` was assigned a group that `user` counts as a member of; `staff` is one that all belong to. */
MUST_USE enum fault store_group_admin_over(struct cx *cx, id admin, id user, id staff, bool *out);

/* Memberships and assignments of a user who goes. */
MUST_USE enum fault store_groups_forget_user(struct cx *cx, id user);

#endif
