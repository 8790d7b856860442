/* dialect/pds/token_shape.h: the Token that every way to sign in answers, and the words of account kinds. */
#ifndef DIALECT_PDS_TOKEN_SHAPE_H
#define DIALECT_PDS_TOKEN_SHAPE_H

#include "dialect/pds/inner.h"
#include "drive/token.h"

enum { PDS_TOKEN_TTL_S = 7200 };

struct pds_token {
    str         access_token, refresh_token, token_type, user_id, user_name, nick_name, avatar, default_drive_id, status;
    str         domain_id, subdomain_id, state, user_data, device_id, device_name, default_sbox_drive_id, cache_control;
    int         role;
    int64_t     expires_in;
    instant     expire_time;
    bool        is_first_login, need_link, need_rp_verify, pin_setup;
    struct list exist_link;
};
extern const struct field pds_token_rows[];

/* mobile, email, ding, ram, wechat, ldap, custom; enum account_kind. */
extern const struct word pds_account_types[];

/* Fills the answer. `user` none: the domain's service account, whose user_id is the domain's. `is_new`: a
 * sign-in, not a session that goes on. Thread writer. */
MUST_USE enum fault pds_token_show(struct cx *cx, const struct token_pair *pair, id user, bool is_new, str state,
                                   struct pds_token *out);

#endif
