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

/* The rows of a User that is the member `user` of T. */
#define PDS_USER_ROWS(T)                                                                                  \
    { "domain_id",        BODY, AT(T, user.domain_id) },                                                  \
    { "user_id",          BODY, AT(T, user.user_id) },                                                    \
    { "user_name",        BODY, AT(T, user.user_name) },                                                  \
    { "nick_name",        BODY, AT(T, user.nick_name) },                                                  \
    { "avatar",           BODY, AT(T, user.avatar) },                                                     \
    { "email",            BODY, AT(T, user.email) },                                                      \
    { "phone",            BODY, AT(T, user.phone) },                                                      \
    { "phone_region",     BODY, AT(T, user.phone_region) },                                               \
    { "role",             BODY, AT(T, user.role), .words = pds_roles },                                   \
    { "status",           BODY, AT(T, user.status), .words = pds_statuses },                              \
    { "description",      BODY, AT(T, user.description) },                                                \
    { "default_drive_id", BODY, AT(T, user.default_drive_id), .doc = "empty: none" },                     \
    { "user_data",        BODY, AT(T, user.user_data), .as = AS_JSON },                                   \
    { "creator",          BODY, AT(T, user.creator), .doc = "id of the user; system for an AccessKey" },  \
    { "created_at",       BODY, AT(T, user.created_at), .as = AS_EPOCH_MS },                              \
    { "updated_at",       BODY, AT(T, user.updated_at), .as = AS_EPOCH_MS }

/* Of those who are; and what may be asked for: there are no subdomains here, so nobody is the administrator
 * of one. */
enum { PDS_ROLE_OF_SUBDOMAIN = 100 };
extern const struct word pds_roles[], pds_asked_roles[];

MUST_USE enum fault pds_show_user(struct cx *cx, const struct person *person, struct pds_user *out);

/* items struct person become items struct pds_user. */
MUST_USE enum fault pds_show_users(struct cx *cx, const struct list *people, struct list *out);

#endif
