#include "dialect/pds/user_shape.h"

#include "drive/user.h"

const struct word pds_roles[] = {
    { "superadmin", ROLE_SUPERADMIN }, { "admin", ROLE_ADMIN }, { "user", ROLE_USER }, { 0 }
};
const struct word pds_asked_roles[] = {
    { "user", ROLE_USER }, { "admin", ROLE_ADMIN }, { "superadmin", ROLE_SUPERADMIN },
    { "subdomain_super_admin", PDS_ROLE_OF_SUBDOMAIN }, { "subdomain_admin", PDS_ROLE_OF_SUBDOMAIN }, { 0 }
};

struct alone {
    struct pds_user user;
};
const struct field pds_user_rows[] = { PDS_USER_ROWS(struct alone), { 0 } };
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
