/* dialect/pds/group_shape.h: the Group object, and rows that operations on groups have in common. */
#ifndef DIALECT_PDS_GROUP_SHAPE_H
#define DIALECT_PDS_GROUP_SHAPE_H

#include "dialect/pds/inner.h"
#include "drive/group.h"

struct pds_group {
    str     domain_id, group_name, description, creator;
    id      group_id;
    instant created_at, updated_at;
};
extern const struct field pds_group_rows[];
extern const struct shape pds_group_shape;

MUST_USE enum fault pds_show_group(struct cx *cx, const struct group *group, struct pds_group *out);
MUST_USE enum fault pds_show_groups(struct cx *cx, const struct list *groups, struct list *out);

/* "user" and "group", as enum member_kind. */
extern const struct word pds_member_types[];

/* The user a request names: NOT_FOUND (THING_USER). Anybody who may name one in a group learns whether he is there. */
MUST_USE enum fault pds_user_named(struct cx *cx, str user_id, id *out);

/* What stands directly in a group: a page, groups first. Faults of group_require(SEE) and of the marker. */
struct pds_member_page {
    struct list groups, people; /* struct group, struct person */
    str         next;
};
MUST_USE enum fault pds_member_page(struct cx *cx, str group_id, int kinds, int limit, str marker,
                                    struct pds_member_page *out);

#define PDS_GROUP_ID(T) { "group_id", BODY, AT(T, group_id), .required = true, .min = 1, .max = 64 }
#define PDS_LIMIT_100(T) { "limit", BODY, AT(T, limit), .min = 1, .max = 100, .absent = 100 }

#endif
