#include "dialect/pds/user_shape.h"

#include "drive/user.h"

static const struct word roles[] = {
    { "superadmin", ROLE_SUPERADMIN }, { "admin", ROLE_ADMIN }, { "user", ROLE_USER }, { 0 }
};

#define OUT struct pds_user
const struct field pds_user_rows[] = {
    { "domain_id",        BODY, AT(OUT, domain_id) },
    { "user_id",          BODY, AT(OUT, user_id) },
    { "user_name",        BODY, AT(OUT, user_name) },
    { "nick_name",        BODY, AT(OUT, nick_name) },
    { "avatar",           BODY, AT(OUT, avatar) },
    { "email",            BODY, AT(OUT, email) },
    { "phone",            BODY, AT(OUT, phone) },
    { "phone_region",     BODY, AT(OUT, phone_region) },
    { "role",             BODY, AT(OUT, role), .words = roles },
    { "status",           BODY, AT(OUT, status), .words = pds_statuses },
    { "description",      BODY, AT(OUT, description) },
    { "default_drive_id", BODY, AT(OUT, default_drive_id), .doc = "empty: none" },
    { "user_data",        BODY, AT(OUT, user_data), .as = AS_JSON },
    { "creator",          BODY, AT(OUT, creator), .doc = "id of the user; system for an AccessKey" },
    { "created_at",       BODY, AT(OUT, created_at), .as = AS_EPOCH_MS },
    { "updated_at",       BODY, AT(OUT, updated_at), .as = AS_EPOCH_MS },
    { 0 }
};
#undef OUT
const struct shape pds_user_shape = { "User", pds_user_rows, sizeof(struct pds_user) };

enum fault pds_show_user(struct cx *cx, const struct person *p, struct pds_user *out)
{
    struct user_label creator;
    const struct user *user = &p->user;
    TRY(user_label(cx, p->creator, &creator));
    *out = (struct pds_user){
        .domain_id = pds_domain_id(cx), .user_id = user->public_id, .user_name = user->name, .nick_name = p->nick,
        .avatar = p->avatar, .email = user->email, .phone = user->phone, .phone_region = p->phone_region,
        .description = user->description, .user_data = p->extra.n ? p->extra : S("{}"), .creator = creator.public_id,
        .role = user->role, .status = user->status, .created_at = user->created, .updated_at = user->modified,
    };
    if (user->default_drive.v)
        out->default_drive_id = arena_print(cx->arena, "%lld", (long long)user->default_drive.v);
    return OK;
}

enum fault pds_show_users(struct cx *cx, const struct list *people, struct list *out)
{
    struct pds_user     *items = ARENA_MANY(cx->arena, struct pds_user, people->count + 1);
    const struct person *from = people->items;
    for (size_t i = 0; i < people->count; i++)
        TRY(pds_show_user(cx, &from[i], &items[i]));
    *out = (struct list){ items, people->count };
    return OK;
}
