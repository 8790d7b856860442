/* dialect/pds/role.c: /v2/role: SystemGroupAdmin, the one role that is assigned: a user administers a group. */
#include "dialect/pds/group_shape.h"
#include "drive/person.h"
#include "drive/user.h"

static const struct word identity_types[] = { { "IT_User", 1 }, { 0 } };
static const struct word role_ids[] = { { "SystemGroupAdmin", 1 }, { 0 } };
static const struct word resource_types[] = { { "RT_Group", 1 }, { 0 } };

struct identity {
    int identity_type;
    str identity_id;
};
static const struct field identity_rows[] = {
    { "identity_type", BODY, AT(struct identity, identity_type), .required = true, .words = identity_types },
    { "identity_id",   BODY, AT(struct identity, identity_id), .required = true, .min = 1, .max = 64,
      .doc = "id of the user" },
    { 0 }
};
static const struct shape identity_shape = { "Identity", identity_rows, sizeof(struct identity) };

/* ---- AssignRole, CancelAssignRole ---- */

struct assign {
    struct list identity; /* one struct identity */
    int         role_id, manage_resource_type;
    str         manage_resource_id;
};

#define IN struct assign
#define RESOURCE_ROWS                                                                                           \
    { "manage_resource_type", BODY, AT(IN, manage_resource_type), .required = true, .words = resource_types },  \
    { "manage_resource_id",   BODY, AT(IN, manage_resource_id), .required = true, .min = 1, .max = 64,          \
      .doc = "id of the group" }
static const struct field assign_in[] = {
    { "identity", BODY, AT(IN, identity), .required = true, .shape = &identity_shape, .as = AS_ONE },
    { "role_id",  BODY, AT(IN, role_id), .required = true, .words = role_ids },
    RESOURCE_ROWS,
    { 0 }
};
#undef IN

static enum fault find_both(struct cx *cx, const struct assign *ask, struct group *group, id *user)
{
    const struct identity *identity = ask->identity.items;
    TRY(group_require(cx, ask->manage_resource_id, GROUP_RUN, group));
    return pds_user_named(cx, identity->identity_id, user);
}

static enum fault assign_role(struct cx *cx, const void *in, void *out)
{
    struct group group;
    id           user;
    (void)out;
    TRY(find_both(cx, in, &group, &user));
    return group_admin_assign(cx, &group, user);
}

static enum fault cancel_assign_role(struct cx *cx, const void *in, void *out)
{
    struct group group;
    id           user;
    (void)out;
    TRY(find_both(cx, in, &group, &user));
    return group_admin_cancel(cx, &group, user);
}

/* ---- ListAssignment, ListIdentityRole ---- */

struct assignment_out {
    str         domain_id, creator;
    struct list identity;
    int         role_id, manage_resource_type;
    id          manage_resource_id;
    instant     created_at;
};

#define OUT struct assignment_out
static const struct field assignment_rows[] = {
    { "domain_id", BODY, AT(OUT, domain_id) },
    { "identity", BODY, AT(OUT, identity), .shape = &identity_shape, .as = AS_ONE },
    { "role_id", BODY, AT(OUT, role_id), .words = role_ids },
    { "manage_resource_type", BODY, AT(OUT, manage_resource_type), .words = resource_types },
    { "manage_resource_id", BODY, AT(OUT, manage_resource_id) },
    { "creator", BODY, AT(OUT, creator) },
    { "created_at", BODY, AT(OUT, created_at), .as = AS_EPOCH_MS },
    { 0 }
};
#undef OUT
static const struct shape assignment_shape = { "Assignment", assignment_rows, sizeof(struct assignment_out) };

struct assignments_out {
    struct list assignment_list;
    str         next_marker;
};
static const struct field assignments_rows[] = {
    { "assignment_list", BODY, AT(struct assignments_out, assignment_list), .shape = &assignment_shape },
    { "next_marker", BODY, AT(struct assignments_out, next_marker), .doc = "empty at the end" },
    { 0 }
};

static enum fault show(struct cx *cx, const struct group_admin *admin, struct assignment_out *out)
{
    struct user_label user, creator;
    struct identity  *identity = ARENA_NEW(cx->arena, struct identity);
    TRY(user_label(cx, admin->user, &user));
    TRY(user_label(cx, admin->creator, &creator));
    *identity = (struct identity){ 1, user.public_id };
    *out = (struct assignment_out){
        .domain_id = pds_domain_id(cx), .identity = { identity, 1 }, .role_id = 1, .manage_resource_type = 1,
        .manage_resource_id = admin->group, .creator = creator.public_id, .created_at = admin->created,
    };
    return OK;
}

static enum fault show_page(struct cx *cx, const struct group_page *page, struct assignments_out *answer)
{
    struct assignment_out    *items = ARENA_MANY(cx->arena, struct assignment_out, page->items.count + 1);
    const struct group_admin *from = page->items.items;
    for (size_t i = 0; i < page->items.count; i++)
        TRY(show(cx, &from[i], &items[i]));
    *answer = (struct assignments_out){ { items, page->items.count }, page->next };
    return OK;
}

struct list_assignments {
    str         manage_resource_id, marker;
    int         manage_resource_type, limit;
    struct list identity;
};

#define IN struct list_assignments
static const struct field list_assignment_in[] = { RESOURCE_ROWS, PDS_LIMIT_100(IN), PDS_MARKER(IN), { 0 } };
static const struct field list_identity_in[] = {
    { "identity", BODY, AT(IN, identity), .required = true, .shape = &identity_shape, .as = AS_ONE },
    PDS_LIMIT_100(IN), PDS_MARKER(IN), { 0 }
};
#undef IN

static enum fault list_assignment(struct cx *cx, const void *in, void *out)
{
    const struct list_assignments *ask = in;
    struct group      group;
    struct group_page page;
    TRY(group_require(cx, ask->manage_resource_id, GROUP_RUN, &group));
    TRY(group_admins(cx, &group, ID_NONE, ask->limit, ask->marker, "marker", &page));
    return show_page(cx, &page, out);
}

static enum fault list_identity_role(struct cx *cx, const void *in, void *out)
{
    const struct list_assignments *ask = in;
    const struct identity *identity = ask->identity.items;
    struct person     person;
    struct group_page page;
    TRY(person_get(cx, identity->identity_id, &person));
    TRY(group_admins(cx, NULL, person.user.id, ask->limit, ask->marker, "marker", &page));
    return show_page(cx, &page, out);
}

#define PAGE_OUT assignments_rows, sizeof(struct assignments_out)
#define PROOF .proof = "pds_membership.test.mjs"
const struct op pds_role_ops[] = {
    { "AssignRole", "POST", "/v2/role/assign", "PDS AssignRole, 2022-03-01", USER, WRITE,
      assign_in, sizeof(struct assign), NULL, 0, assign_role, .status = 204, .scope = "USER.UPDATE_ROLE", PROOF },
    { "CancelAssignRole", "POST", "/v2/role/cancel_assign", "PDS CancelAssignRole, 2022-03-01", USER, WRITE,
      assign_in, sizeof(struct assign), NULL, 0, cancel_assign_role, .status = 204, .scope = "USER.UPDATE_ROLE", PROOF },
    { "ListAssignment", "POST", "/v2/role/list_assignment", "PDS ListAssignment, 2022-03-01", USER, READ,
      list_assignment_in, sizeof(struct list_assignments), PAGE_OUT, list_assignment, .status = 200, PROOF },
    { "ListIdentityRole", "POST", "/v2/role/list_identity_role", "PDS ListIdentityRole, 2022-03-01", USER, READ,
      list_identity_in, sizeof(struct list_assignments), PAGE_OUT, list_identity_role, .status = 200, PROOF },
    { 0 }
};
