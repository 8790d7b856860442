#include "dialect/pds/token_shape.h"

#include "drive/sign_in.h"

const struct word pds_account_types[] = {
    { "mobile", ACCOUNT_PHONE }, { "email", ACCOUNT_EMAIL }, { "ding", ACCOUNT_DINGTALK }, { "ram", ACCOUNT_RAM },
    { "wechat", ACCOUNT_WECHAT }, { "ldap", ACCOUNT_LDAP }, { "custom", ACCOUNT_CUSTOM }, { 0 }
};

static const struct word roles[] = {
    { "superadmin", ROLE_SUPERADMIN }, { "admin", ROLE_ADMIN }, { "user", ROLE_USER }, { 0 }
};

#define OUT struct account
static const struct field link_rows[] = {
    { "type", BODY, AT(OUT, kind), .words = pds_account_types },
    { "identity", BODY, AT(OUT, identity) },
    { "extra", BODY, AT(OUT, extra) },
    { 0 }
};
#undef OUT
static const struct shape link_shape = { "ExistLink", link_rows, sizeof(struct account) };

/* An old SDK reads expire_time in this one form, and fails on its next call after another. */
#define OUT struct pds_token
const struct field pds_token_rows[] = {
    { "access_token", BODY, AT(OUT, access_token) },
    { "refresh_token", BODY, AT(OUT, refresh_token) },
    { "expires_in", BODY, AT(OUT, expires_in), .doc = "seconds" },
    { "expire_time", BODY, AT(OUT, expire_time), .as = AS_SECONDS },
    { "token_type", BODY, AT(OUT, token_type) },
    { "user_id", BODY, AT(OUT, user_id) },
    { "user_name", BODY, AT(OUT, user_name) },
    { "nick_name", BODY, AT(OUT, nick_name) },
    { "avatar", BODY, AT(OUT, avatar) },
    { "default_drive_id", BODY, AT(OUT, default_drive_id) },
    { "role", BODY, AT(OUT, role), .words = roles },
    { "status", BODY, AT(OUT, status) },
    { "domain_id", BODY, AT(OUT, domain_id) },
    { "subdomain_id", BODY, AT(OUT, subdomain_id) },
    { "is_first_login", BODY, AT(OUT, is_first_login) },
    { "need_link", BODY, AT(OUT, need_link) },
    { "need_rp_verify", BODY, AT(OUT, need_rp_verify) },
    { "pin_setup", BODY, AT(OUT, pin_setup) },
    { "exist_link", BODY, AT(OUT, exist_link), .shape = &link_shape },
    { "state", BODY, AT(OUT, state) },
    { "user_data", BODY, AT(OUT, user_data), .form = FORM_OBJECT, .as = AS_JSON },
    { "device_id", BODY, AT(OUT, device_id) },
    { "device_name", BODY, AT(OUT, device_name) },
    { "default_sbox_drive_id", BODY, AT(OUT, default_sbox_drive_id) },
    { "Cache-Control", HEADER, AT(OUT, cache_control), .doc = "no-store" },
    { 0 }
};
#undef OUT

static str or_empty(str s)
{
    return s.p ? s : S("");
}

static void show_user(struct cx *cx, const struct sign_in *told, struct pds_token *out)
{
    const struct person *person = &told->person;
    const struct user   *user = &person->user;
    out->user_id = user->public_id;
    out->user_name = user->name;
    out->nick_name = or_empty(person->nick);
    out->avatar = or_empty(person->avatar);
    if (user->default_drive.v)
        out->default_drive_id = arena_print(cx->arena, "%lld", (long long)user->default_drive.v);
    out->role = user->role;
    if (person->extra.n)
        out->user_data = person->extra;
    out->exist_link = told->links;
    out->is_first_login = told->is_first;
}

enum fault pds_token_show(struct cx *cx, const struct token_pair *pair, id user, bool is_new, str state,
                          struct pds_token *out)
{
    const str none = S("");
    const str domain = pds_domain_id(cx);
    *out = (struct pds_token){
        .access_token = pair->access, .refresh_token = pair->refresh, .token_type = S("Bearer"),
        .expires_in = pair->ttl_s, .expire_time = { pair->issued.ms + pair->ttl_s * 1000 },
        .user_id = domain, .user_name = domain, .nick_name = none, .avatar = none, .default_drive_id = none,
        .role = ROLE_SUPERADMIN, .status = S("enabled"), .domain_id = domain, .subdomain_id = none,
        .state = or_empty(state), .user_data = S("{}"), .device_id = none, .device_name = none,
        .default_sbox_drive_id = none, .cache_control = S("no-store"),
    };
    struct sign_in told;
    if (!user.v)
        return OK;
    TRY(sign_in_tell(cx, user, is_new, &told));
    show_user(cx, &told, out);
    return OK;
}
