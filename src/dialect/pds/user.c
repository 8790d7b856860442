/* dialect/pds/user.c: users: CreateUser, GetUser, UpdateUser, DeleteUser. Lists of them are in user_list.c.
 *
 * A user who owns drives is not deleted: the page is silent, and the official JavaScript SDK deletes a
 * user's drives first. */
#include "dialect/pds/user_shape.h"
#include "drive/user.h"

/* A picture travels inside of the body. */
enum { AVATAR_URL_MAX = 4096, AVATAR_DATA_MAX = 300 * 1024, BODY_MAX = 512 * 1024 };

static enum fault check_role(struct cx *cx, int role)
{
    if (role != PDS_ROLE_OF_SUBDOMAIN)
        return OK;
    pds_not_here(cx, "role");
    return fail(cx, FAULT_UNSUPPORTED, .because = "subdomains");
}

static enum fault check_avatar(struct cx *cx, str avatar)
{
    const bool is_data = str_starts(avatar, S("data://"));
    const bool is_url = str_starts(avatar, S("http://")) || str_starts(avatar, S("https://"));
    if (!avatar.n)
        return OK;
    if (!is_data && !is_url)
        return fail(cx, FAULT_INVALID, .field = "avatar", .how = HOW_FORM, .got = str_cut(avatar, 40),
                    .because = "http://, https:// or data://");
    if (is_url && avatar.n > AVATAR_URL_MAX)
        return fail(cx, FAULT_INVALID, .field = "avatar", .how = HOW_TOO_LARGE, .max = AVATAR_URL_MAX,
                    .got = str_cut(avatar, 40), .because = "bytes of a URL");
    return pds_check_header_text(cx, "avatar", avatar);
}

struct group_info {
    str group_id;
};
static const struct field group_info_rows[] = {
    { "group_id", BODY, AT(struct group_info, group_id), .required = true, .min = 1, .max = 64 }, { 0 }
};
static const struct shape group_info_shape = { "GroupInfo", group_info_rows, sizeof(struct group_info) };

#define USER_ID(T, is_required) \
    { "user_id", BODY, AT(T, user_id), .required = is_required, .min = 1, .max = 64, .doc = "no #" }

/* What CreateUser and UpdateUser both have. */
#define PROFILE_ROWS(T)                                                                                     \
    { "nick_name",   BODY, AT(T, nick_name),   .max = 128 },                                                \
    { "avatar",      BODY, AT(T, avatar),      .max = AVATAR_DATA_MAX, .bytes = true,                       \
      .doc = "http:// or https:// to 4 KB, or data:// with base64 to 300 KB" },                             \
    { "description", BODY, AT(T, description), .max = 1024 },                                               \
    { "email",       BODY, AT(T, email),       .max = EMAIL_MAX, .doc = "of one user in the domain" },      \
    { "phone",       BODY, AT(T, phone),       .max = PHONE_MAX, .doc = "of one user in the domain" },      \
    { "phone_region", BODY, AT(T, phone_region), .max = PHONE_MAX, .doc = "of older SDKs: the country code" }, \
    { "user_data",   BODY, AT(T, user_data),   .form = FORM_OBJECT, .max = 1024 },                          \
    { "group_info_list", BODY, AT(T, group_info_list), .max = PERSON_GROUPS_MAX, .shape = &group_info_shape }

static enum fault show(struct cx *cx, const struct person *person, void *out)
{
    return pds_show_user(cx, person, out);
}

/* ---- CreateUser ---- */

struct create_user {
    str         user_id, user_name, nick_name, avatar, email, phone, phone_region, description, user_data,
                plain_password, password_hash;
    struct list group_info_list;
    int         role, status;
    int64_t     expired_at;
};

#define IN struct create_user
static const struct field create_user_in[] = {
    USER_ID(IN, true),
    { "user_name",   BODY, AT(IN, user_name),  .max = 128 },
    PROFILE_ROWS(IN),
    { "role",        BODY, AT(IN, role),   .words = pds_asked_roles, .absent = ROLE_USER,
      .doc = "administrators are made by superadmins" },
    { "status",      BODY, AT(IN, status), .words = pds_statuses, .absent = STATUS_ENABLED },
    { "plain_password", BODY, AT(IN, plain_password), .min = 1, .max = 128, .doc = "of older SDKs" },
    { "expired_at",  BODY, AT(IN, expired_at), .min = 0, .max = INT64_MAX, .doc = "of older SDKs; users do not expire" },
    { 0 }
};
#undef IN

/* Hashing a password takes tens of milliseconds. */
static enum fault hash_password(struct cx *cx, void *in, void *out)
{
    struct create_user *ask = in;
    (void)out;
    if (ask->plain_password.n)
        ask->password_hash = password_hash(cx->arena, ask->plain_password);
    return OK;
}

static enum fault create_user(struct cx *cx, const void *in, void *out)
{
    const struct create_user *ask = in;
    const struct person_want want = {
        .public_id = ask->user_id, .name = ask->user_name.n ? ask->user_name : ask->user_id, .nick = ask->nick_name,
        .avatar = ask->avatar, .phone = ask->phone, .phone_region = ask->phone_region, .email = ask->email,
        .description = ask->description, .extra = ask->user_data, .password_hash = ask->password_hash,
        .role = ask->role, .status = ask->status, .groups = ask->group_info_list,
    };
    struct person person;
    TRY(check_role(cx, ask->role));
    TRY(check_avatar(cx, ask->avatar));
    if (ask->expired_at) {
        pds_not_here(cx, "expired_at");
        return fail(cx, FAULT_UNSUPPORTED, .because = "users that expire (expired_at)");
    }
    TRY(person_create(cx, &want, &person));
    return show(cx, &person, out);
}

/* ---- GetUser ---- */

struct one_user {
    str user_id;
};
static const struct field get_user_in[] = {
    { "user_id", BODY, AT(struct one_user, user_id), .min = 1, .max = 64,
      .doc = "by default who asks; an AccessKey must say" },
    { 0 }
};

static enum fault get_user(struct cx *cx, const void *in, void *out)
{
    const struct one_user *ask = in;
    struct person person;
    TRY(person_get(cx, ask->user_id, &person));
    return show(cx, &person, out);
}

/* ---- UpdateUser ---- */

struct update_user {
    str         user_id, nick_name, avatar, email, phone, phone_region, description, user_data;
    struct list group_info_list;
    int         role, status;
};

#define IN struct update_user
static const struct field update_user_in[] = {
    USER_ID(IN, true),
    PROFILE_ROWS(IN),
    { "role",   BODY, AT(IN, role),   .words = pds_asked_roles, .doc = "set by superadmins" },
    { "status", BODY, AT(IN, status), .words = pds_statuses, .doc = "set by administrators" },
    { 0 }
};
#undef IN

static enum fault update_user(struct cx *cx, const void *in, void *out)
{
    const struct update_user *ask = in;
    const struct person_change change = {
        .nick = ask->nick_name, .avatar = ask->avatar, .description = ask->description, .phone = ask->phone,
        .phone_region = ask->phone_region, .email = ask->email, .extra = ask->user_data, .status = ask->status,
        .role = ask->role, .groups = ask->group_info_list,
    };
    struct person person;
    TRY(check_role(cx, ask->role));
    TRY(check_avatar(cx, ask->avatar));
    TRY(person_change(cx, ask->user_id, &change, &person));
    return show(cx, &person, out);
}

/* ---- DeleteUser ---- */

static const struct field delete_user_in[] = { USER_ID(struct one_user, true), { 0 } };

static enum fault delete_user(struct cx *cx, const void *in, void *out)
{
    const struct one_user *ask = in;
    (void)out;
    return person_remove(cx, ask->user_id);
}

#define USER_OUT pds_user_rows, sizeof(struct pds_user)
const struct op pds_user_ops[] = {
    { "CreateUser", "POST", "/v2/user/create", "PDS CreateUser, 2022-03-01", ADMIN, WRITE,
      create_user_in, sizeof(struct create_user), USER_OUT, create_user, .status = 201, .prepare = hash_password,
      .body_max = BODY_MAX, .scope = "USER.ALL", .proof = "pds_user.test.mjs",
      .partial = "users of subdomains; expired_at of older SDKs, and their password flags, which no page names" },
    { "GetUser", "POST", "/v2/user/get", "PDS GetUser, 2022-03-01", USER, READ,
      get_user_in, sizeof(struct one_user), USER_OUT, get_user, .status = 200, .scope = "USER.GET",
      .proof = "pds_user.test.mjs" },
    { "UpdateUser", "POST", "/v2/user/update", "PDS UpdateUser, 2022-03-01", USER, WRITE,
      update_user_in, sizeof(struct update_user), USER_OUT, update_user, .status = 200, .body_max = BODY_MAX,
      .scope = "USER.UPDATE", .proof = "pds_user.test.mjs", .partial = "roles of subdomains, of which there are none" },
    { "DeleteUser", "POST", "/v2/user/delete", "PDS DeleteUser, 2022-03-01", ADMIN, WRITE,
      delete_user_in, sizeof(struct one_user), NULL, 0, delete_user, .status = 204, .scope = "USER.ALL",
      .proof = "pds_user.test.mjs" },
    { 0 }
};
