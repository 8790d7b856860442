/* drive/group.h: groups: teams in a tree, the groups behind shared folders, and the group of all staff.
 *
 * A member of a group counts as an ordinary member of the groups above it. Whoever administers a group (by
 * assignment, or as a member who owns it) administers the groups below it and their drives. Everyone is a
 * member of the group of all staff, which stands above the tree and has no row for each. */
#ifndef DRIVE_GROUP_H
#define DRIVE_GROUP_H

#include "drive/caller.h"
#include "store/groups.h"

enum { GROUP_LEVELS_MAX = 32 };

/* ---- for commands and other parts of drive/: nobody's rights are asked ---- */

/* EXISTS (THING_USER, THING_GROUP) a name that is taken; INVALID (group_name). Thread writer. */
MUST_USE enum fault group_add(struct cx *cx, str name, str description, int kind, struct group *out);
MUST_USE enum fault group_get(struct cx *cx, id group, struct group *out);
MUST_USE enum fault group_find(struct cx *cx, str name_or_number, struct group *out);
MUST_USE enum fault group_list(struct cx *cx, id after, int limit, struct list *out);
MUST_USE enum fault group_join(struct cx *cx, id group, id user, enum share_role role);

/* ---- for callers ---- */

enum group_need { GROUP_SEE, GROUP_RUN };

/* The team (or the group of all staff) of this number. SEE: its members, its administrators, those of the
 * domain; RUN: the administrators. NOT_FOUND (THING_GROUP) for one the caller may not see; FORBIDDEN. */
MUST_USE enum fault group_require(struct cx *cx, str number, enum group_need need, struct group *out);

struct group_want {
    str title;       /* 1 to 128 characters, unique among the domain's teams */
    str description; /* at most 1024 characters */
    str parent;      /* a group's number, or S0: on top, which only administrators of the domain can make */
};
/* Faults  EXISTS (THING_GROUP); NOT_FOUND, FORBIDDEN as to the parent; INVALID (group_name, description;
 *         parent_group_id past GROUP_LEVELS_MAX levels).  Thread writer */
MUST_USE enum fault group_create(struct cx *cx, const struct group_want *want, struct group *out);

/* New title and description; S0 leaves one as it is. The group of all staff keeps its title (CONFLICT). */
MUST_USE enum fault group_change(struct cx *cx, const struct group *group, str title, str description,
                                 struct group *out);

/* CONFLICT while it has groups, members or drives. Its assignments of administrators go with it. */
MUST_USE enum fault group_delete(struct cx *cx, const struct group *group);

/* Puts `child` below `group`, or takes it from there to the top. The caller runs both.
 * EXISTS (THING_MEMBER) it stands below one; INVALID (sub_group_id) a cycle, or too many levels;
 * NOT_FOUND (THING_MEMBER) it does not stand there. Thread writer. */
MUST_USE enum fault group_attach(struct cx *cx, const struct group *group, const struct group *child);
MUST_USE enum fault group_detach(struct cx *cx, const struct group *group, const struct group *child);

/* ---- members. Thread writer for changes ---- */

/* EXISTS (THING_MEMBER) when he is one. */
MUST_USE enum fault group_member_add(struct cx *cx, const struct group *group, id user, enum share_role role,
                                     str description);
/* NOT_FOUND (THING_MEMBER); CONFLICT for the group of all staff. */
MUST_USE enum fault group_member_remove(struct cx *cx, const struct group *group, id user);
/* Keeps what is S0, or 0. `administers` moves between owner and ordinary member. */
enum group_part { PART_SAME, PART_ORDINARY, PART_ADMIN };
MUST_USE enum fault group_member_change(struct cx *cx, const struct group *group, id user, enum group_part part,
                                        str description);
/* Whether the user counts as a member, also by a group below. */
MUST_USE enum fault group_has_user(struct cx *cx, const struct group *group, id user, bool *out);
/* Whether `child` stands somewhere below. */
MUST_USE enum fault group_has_group(struct cx *cx, const struct group *group, const struct group *child, bool *out);

/* NOT_FOUND (THING_MEMBER). */
MUST_USE enum fault group_member_get(struct cx *cx, const struct group *group, id user, struct member *out);

/* Makes the teams of the user exactly these: items are struct { str number }. At most GROUPS_AT_ONCE.
 * NOT_FOUND (THING_GROUP). For administrators of the domain. */
enum { GROUPS_AT_ONCE = 100 };
MUST_USE enum fault group_set_teams_of(struct cx *cx, id user, const struct list *numbers);

/* ---- lists by number: pages; `field` is the cursor's name ---- */

enum member_kind { MEMBER_USERS = 1, MEMBER_GROUPS };

/* What stands directly in the group: first groups, then users. */
struct member_query {
    struct group group;
    int          kinds; /* enum member_kind, or both */
    int          limit;
    str          cursor;
    const char  *field;
};
struct member_page {
    struct list groups, users; /* struct group; struct member */
    str         next;
};
MUST_USE enum fault group_members(struct cx *cx, const struct member_query *query, struct member_page *out);

struct group_page {
    struct list items; /* struct group or struct member */
    str         next;
};

/* Those the caller may see; title_part without regard to case, title whole; S0: any. */
struct group_query {
    str         title, title_part;
    int         limit;
    str         cursor;
    const char *field;
};
MUST_USE enum fault group_search(struct cx *cx, const struct group_query *query, struct group_page *out);

/* The groups in which the user stands directly: items struct member. */
MUST_USE enum fault group_memberships(struct cx *cx, id user, int limit, str cursor, const char *field,
                                      struct group_page *out);

/* ---- administrators by assignment ---- */

/* Of one group by user, or (group NULL) of one user by group: items struct group_admin. */
MUST_USE enum fault group_admins(struct cx *cx, const struct group *group, id user, int limit, str cursor,
                                 const char *field, struct group_page *out);

/* For administrators of the domain. EXISTS (THING_MEMBER); NOT_FOUND (THING_MEMBER). Thread writer. */
MUST_USE enum fault group_admin_assign(struct cx *cx, const struct group *group, id user);
MUST_USE enum fault group_admin_cancel(struct cx *cx, const struct group *group, id user);

/* Whether the caller was assigned some group to administer: then he may look up users. */
MUST_USE enum fault group_admin_any(struct cx *cx, bool *out);

/* Whether the caller was assigned a group to administer to which this user belongs. Never over administrators of
 * the domain, whoever puts them into a group. */
MUST_USE enum fault group_admin_over(struct cx *cx, id user, bool *out);

#endif
