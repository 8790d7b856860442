/* dialect/pds/import.c: ImportUser: a user who signs in elsewhere.
 *
 * What he signs in with becomes a link of his account; a phone number or an address is his besides. */
#include "dialect/pds/user_shape.h"
#include "drive/account.h"
#include "drive/user.h"

static const struct word types[] = {
    { "mobile", ACCOUNT_PHONE }, { "email", ACCOUNT_EMAIL }, { "ding", ACCOUNT_DINGTALK }, { "ram", ACCOUNT_RAM },
    { "wechat", ACCOUNT_WECHAT }, { "ldap", ACCOUNT_LDAP }, { "custom", ACCOUNT_CUSTOM }, { 0 }
};

struct import_user {
    str     identity, nick_name, parent_group_id, extra, authentication_display_name, plain_password, email, phone,
            password_hash;
    int     authentication_type;
    bool    auto_create_drive;
    int64_t drive_total_size;
};

/* The domain says then how large a first drive is. */
enum { AS_THE_DOMAIN_SAYS = -2 };

#define IN struct import_user
static const struct field import_user_in[] = {
    { "authentication_type", BODY, AT(IN, authentication_type), .required = true, .words = types },
    { "identity",  BODY, AT(IN, identity),  .required = true, .min = 1, .max = ACCOUNT_IDENTITY_MAX },
    { "nick_name", BODY, AT(IN, nick_name), .required = true, .min = 1, .max = 128 },
    { "auto_create_drive", BODY, AT(IN, auto_create_drive) },
    { "drive_total_size",  BODY, AT(IN, drive_total_size), .min = -1, .max = INT64_MAX,
      .absent = AS_THE_DOMAIN_SAYS, .doc = "bytes; -1: unlimited" },
    { "parent_group_id", BODY, AT(IN, parent_group_id), .max = 64, .empty_ok = true },
    { "extra",     BODY, AT(IN, extra), .max = 16, .empty_ok = true, .doc = "of a mobile: the country code, 86" },
    { "authentication_display_name", BODY, AT(IN, authentication_display_name), .max = 128, .empty_ok = true },
    { "plain_password", BODY, AT(IN, plain_password), .min = 1, .max = 128, .doc = "of the JavaScript SDK" },
    { "email",     BODY, AT(IN, email), .max = EMAIL_MAX, .empty_ok = true, .doc = "of the JavaScript SDK" },
    { "phone",     BODY, AT(IN, phone), .max = PHONE_MAX, .empty_ok = true, .doc = "of the JavaScript SDK" },
    { 0 }
};
#undef IN

static enum fault hash_password(struct cx *cx, void *in, void *out)
{
    struct import_user *ask = in;
    (void)out;
    if (ask->plain_password.n)
        ask->password_hash = password_hash(cx->arena, ask->plain_password);
    return OK;
}

/* Why an identity is not one of a phone or an address is told of the field it came in. */
static enum fault of_identity(struct cx *cx, const struct import_user *ask, enum fault fault)
{
    const char *field = ask->authentication_type == ACCOUNT_PHONE ? "phone"
                        : ask->authentication_type == ACCOUNT_EMAIL ? "email" : NULL;
    if (fault == FAULT_INVALID && field && cx->why.field && strcmp(cx->why.field, field) == 0)
        cx->why.field = "identity";
    return fault;
}

static enum fault import_user(struct cx *cx, const void *in, void *out)
{
    const struct import_user *ask = in;
    const bool mobile = ask->authentication_type == ACCOUNT_PHONE, email = ask->authentication_type == ACCOUNT_EMAIL;
    const str  region = ask->extra.n ? ask->extra : S("86");
    struct { str group_id; } parent = { ask->parent_group_id };
    struct person_want want = {
        .name = ask->nick_name, .nick = ask->nick_name, .phone = mobile ? ask->identity : ask->phone,
        .email = email ? ask->identity : ask->email, .password_hash = ask->password_hash,
        .with_drive = ask->auto_create_drive, .has_drive_quota = ask->drive_total_size != AS_THE_DOMAIN_SAYS,
        .drive_quota = ask->drive_total_size, .link_kind = ask->authentication_type,
        .link_identity = ask->identity, .link_extra = mobile ? region : ask->extra,
        .link_shown = ask->authentication_display_name,
    };
    struct person person;
    if (ask->authentication_type == ACCOUNT_LDAP) {
        pds_not_here(cx, "authentication_type");
        return fail(cx, FAULT_UNSUPPORTED, .because = "no LDAP directory is configured");
    }
    if (want.phone.n)
        want.phone_region = region;
    if (ask->parent_group_id.n)
        want.groups = (struct list){ &parent, 1 };
    TRY(of_identity(cx, ask, person_create(cx, &want, &person)));
    return pds_show_user(cx, &person, out);
}

const struct op pds_import_ops[] = {
    { "ImportUser", "POST", "/v2/user/import", "PDS ImportUser, 2022-03-01", ADMIN, WRITE,
      import_user_in, sizeof(struct import_user), pds_user_rows, sizeof(struct pds_user), import_user,
      .status = 200, .prepare = hash_password, .scope = "USER.ALL", .partial = "by LDAP it fails, since none can be configured",
      .proof = "pds_user.test.mjs" },
    { 0 }
};
