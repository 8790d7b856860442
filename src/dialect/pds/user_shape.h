/* dialect/pds/user_shape.h: the User object, as every operation on users answers it. */
#ifndef DIALECT_PDS_USER_SHAPE_H
#define DIALECT_PDS_USER_SHAPE_H

#include "dialect/pds/inner.h"
#include "drive/person.h"

struct pds_user {
    str     domain_id, user_id, user_name, nick_name, avatar, email, phone, phone_region, description,
            default_drive_id, user_data, creator;
    int     role, status;
    instant created_at, updated_at;
};
extern const struct field pds_user_rows[];
extern const struct shape pds_user_shape;

MUST_USE enum fault pds_show_user(struct cx *cx, const struct person *person, struct pds_user *out);

/* items struct person become items struct pds_user. */
MUST_USE enum fault pds_show_users(struct cx *cx, const struct list *people, struct list *out);

#endif
