/* dialect/pds/membership.c: /v2/membership, the older way to say who is in a group. A member is a user or a
 * group; both are asked for in one form. */
#include "dialect/pds/group_shape.h"
#include "drive/person.h"
#include "drive/user.h"

#define SDKS "official SDKs; not in the 2022-03-01 reference"

static const struct word member_roles[] = { { "member", PART_ORDINARY }, { "admin", PART_ADMIN }, { 0 } };

/* ---- the Membership object ---- */

struct membership_out {
    str     domain_id, user_id, description, creator;
    id      group_id, sub_group_id;
    int     member_type, member_role;
    instant created_at, updated_at;
};

#define OUT struct membership_out
static const struct field membership_rows[] = {
    { "domain_id",    BODY, AT(OUT, domain_id) },
    { "group_id",     BODY, AT(OUT, group_id) },
    { "member_type",  BODY, AT(OUT, member_type), .words = pds_member_types },
    { "user_id",      BODY, AT(OUT, user_id), .omit = true },
    { "sub_group_id", BODY, AT(OUT, sub_group_id), .omit = true },
    { "member_role",  BODY, AT(OUT, member_role), .words = member_roles },
    { "description",  BODY, AT(OUT, description) },
    { "creator",      BODY, AT(OUT, creator) },
    { "created_at",   BODY, AT(OUT, created_at), .as = AS_EPOCH_MS },
    { "updated_at",   BODY, AT(OUT, updated_at), .as = AS_EPOCH_MS },
    { 0 }
};
#undef OUT
static const struct shape membership_shape = { "Membership", membership_rows, sizeof(struct membership_out) };

static enum fault show_user(struct cx *cx, const struct member *member, struct membership_out *out)
{
    struct user_label who, creator;
    TRY(user_label(cx, member->user, &who));
    TRY(user_label(cx, member->creator, &creator));
    *out = (struct membership_out){
        .domain_id = pds_domain_id(cx), .group_id = member->group, .member_type = MEMBER_USERS,
        .user_id = who.public_id, .description = member->description, .creator = creator.public_id,
        .member_role = member->role >= SHARE_OWNER ? PART_ADMIN : PART_ORDINARY,
        .created_at = member->created, .updated_at = member->modified,
    };
    return OK;
}

static enum fault show_group(struct cx *cx, id parent, const struct group *child, struct membership_out *out)
{
    struct user_label creator;
    TRY(user_label(cx, child->creator, &creator));
    *out = (struct membership_out){
        .domain_id = pds_domain_id(cx), .group_id = parent, .member_type = MEMBER_GROUPS, .sub_group_id = child->id,
        .creator = creator.public_id, .member_role = PART_ORDINARY, .created_at = child->created,
        .updated_at = child->modified,
    };
    return OK;
}

/* ---- who is meant ---- */

struct membership {
    str group_id, user_id, sub_group_id, description;
    int member_type, member_role;
};

#define IN struct membership
#define TYPE_ROW                                                                                        \
    { "member_type", BODY, AT(IN, member_type), .required = true, .words = pds_member_types }
#define USER_ROW \
    { "user_id",      BODY, AT(IN, user_id), .max = 64, .empty_ok = true, .doc = "of a member that is a user" }
#define SUB_GROUP_ROW \
    { "sub_group_id", BODY, AT(IN, sub_group_id), .max = 64, .empty_ok = true, .doc = "of a member that is a group" }
#define ROLE_ROW(otherwise) \
    { "member_role",  BODY, AT(IN, member_role), .words = member_roles, .absent = otherwise, .doc = "of a user" }
#define DESCRIPTION_ROW \
    { "description",  BODY, AT(IN, description), .max = 1024, .doc = "of a user's membership" }
static const struct field create_in[] = {
    PDS_GROUP_ID(IN), TYPE_ROW, USER_ROW, SUB_GROUP_ROW, ROLE_ROW(PART_ORDINARY), DESCRIPTION_ROW, { 0 }
};
static const struct field update_in[] = {
    PDS_GROUP_ID(IN), TYPE_ROW, USER_ROW, SUB_GROUP_ROW, ROLE_ROW(PART_SAME), DESCRIPTION_ROW, { 0 }
};
static const struct field name_in[] = { PDS_GROUP_ID(IN), TYPE_ROW, USER_ROW, SUB_GROUP_ROW, { 0 } };
#undef IN

static enum fault check_named(struct cx *cx, const struct membership *ask)
{
    const bool group = ask->member_type == MEMBER_GROUPS;
    if (!(group ? ask->sub_group_id : ask->user_id).n)
        return fail(cx, FAULT_INVALID, .field = group ? "sub_group_id" : "user_id", .how = HOW_MISSING);
    return OK;
}

/* Both ends. `user` is none for a group, whose need is the same as the outer one's. */
struct ends {
    struct group group, child;
    id           user;
};

static enum fault find_ends(struct cx *cx, const struct membership *ask, enum group_need need, struct ends *out)
{
    *out = (struct ends){ 0 };
    TRY(check_named(cx, ask));
    TRY(group_require(cx, ask->group_id, need, &out->group));
    if (ask->member_type == MEMBER_GROUPS)
        return group_require(cx, ask->sub_group_id, need, &out->child);
    return pds_user_named(cx, ask->user_id, &out->user);
}

static enum fault show_ends(struct cx *cx, const struct ends *ends, struct membership_out *out)
{
    struct member member;
    struct group  child;
    if (ends->user.v) {
        TRY(group_member_get(cx, &ends->group, ends->user, &member));
        return show_user(cx, &member, out);
    }
    TRY(group_get(cx, ends->child.id, &child));
    if (child.parent.v != (ends->group.kind == GROUP_STAFF ? 0 : ends->group.id.v))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_MEMBER);
    return show_group(cx, ends->group.id, &child, out);
}

/* ---- one membership ---- */

static enum fault create_membership(struct cx *cx, const void *in, void *out)
{
    const struct membership *ask = in;
    struct ends ends;
    TRY(find_ends(cx, ask, GROUP_RUN, &ends));
    if (ends.user.v)
        TRY(group_member_add(cx, &ends.group, ends.user, ask->member_role == PART_ADMIN ? SHARE_OWNER : SHARE_EDITOR,
                             ask->description));
    else
        TRY(group_attach(cx, &ends.group, &ends.child));
    return show_ends(cx, &ends, out);
}

static enum fault get_membership(struct cx *cx, const void *in, void *out)
{
    struct ends ends;
    TRY(find_ends(cx, in, GROUP_SEE, &ends));
    return show_ends(cx, &ends, out);
}

/* Of a group in a group nothing can be another one. */
static enum fault update_membership(struct cx *cx, const void *in, void *out)
{
    const struct membership *ask = in;
    struct ends ends;
    TRY(find_ends(cx, ask, GROUP_RUN, &ends));
    if (ends.user.v)
        TRY(group_member_change(cx, &ends.group, ends.user, (enum group_part)ask->member_role, ask->description));
    return show_ends(cx, &ends, out);
}

static enum fault delete_membership(struct cx *cx, const void *in, void *out)
{
    struct ends ends;
    (void)out;
    TRY(find_ends(cx, in, GROUP_RUN, &ends));
    return ends.user.v ? group_member_remove(cx, &ends.group, ends.user) : group_detach(cx, &ends.group, &ends.child);
}

struct result_out {
    bool result;
};
static const struct field result_rows[] = {
    { "result", BODY, AT(struct result_out, result), .doc = "also where he belongs to a group below" }, { 0 }
};

static enum fault has_member(struct cx *cx, const void *in, void *out)
{
    struct result_out *answer = out;
    struct ends ends;
    TRY(find_ends(cx, in, GROUP_SEE, &ends));
    if (ends.user.v)
        return group_has_user(cx, &ends.group, ends.user, &answer->result);
    return group_has_group(cx, &ends.group, &ends.child, &answer->result);
}

/* ---- lists ---- */

struct list_memberships {
    str group_id, user_id, sub_group_id, marker;
    int member_type, limit;
};

#define IN struct list_memberships
static const struct field list_child_in[] = {
    PDS_GROUP_ID(IN),
    { "member_type", BODY, AT(IN, member_type), .words = pds_member_types, .empty_ok = true, .doc = "by default both" },
    PDS_LIMIT_100(IN), PDS_MARKER(IN), { 0 }
};
static const struct field list_parent_in[] = {
    TYPE_ROW, USER_ROW, SUB_GROUP_ROW, PDS_LIMIT_100(IN), PDS_MARKER(IN), { 0 }
};
static const struct field list_direct_in[] = {
    { "user_id", BODY, AT(IN, user_id), .max = 64, .empty_ok = true, .doc = "by default who asks" },
    PDS_LIMIT_100(IN), PDS_MARKER(IN), { 0 }
};
#undef IN

struct memberships_out {
    struct list items;
    str         next_marker;
};
static const struct field memberships_rows[] = {
    { "items", BODY, AT(struct memberships_out, items), .shape = &membership_shape },
    { "next_marker", BODY, AT(struct memberships_out, next_marker), .doc = "empty at the end" },
    { 0 }
};

static enum fault list_children(struct cx *cx, const void *in, void *out)
{
    const struct list_memberships *ask = in;
    struct memberships_out *answer = out;
    struct member_query query = { .kinds = ask->member_type ? ask->member_type : MEMBER_USERS | MEMBER_GROUPS,
                                  .limit = ask->limit, .cursor = ask->marker, .field = "marker" };
    struct member_page page;
    TRY(group_require(cx, ask->group_id, GROUP_SEE, &query.group));
    TRY(group_members(cx, &query, &page));
    const size_t           groups = page.groups.count, count = groups + page.users.count;
    struct membership_out *items = ARENA_MANY(cx->arena, struct membership_out, count + 1);
    for (size_t i = 0; i < groups; i++)
        TRY(show_group(cx, query.group.id, &((const struct group *)page.groups.items)[i], &items[i]));
    for (size_t i = groups; i < count; i++)
        TRY(show_user(cx, &((const struct member *)page.users.items)[i - groups], &items[i]));
    *answer = (struct memberships_out){ { items, count }, page.next };
    return OK;
}

static enum fault list_of_user(struct cx *cx, const struct list_memberships *ask, struct memberships_out *answer)
{
    struct person     person;
    struct group_page page;
    TRY(person_get(cx, ask->user_id, &person));
    TRY(group_memberships(cx, person.user.id, ask->limit, ask->marker, "marker", &page));
    struct membership_out *items = ARENA_MANY(cx->arena, struct membership_out, page.items.count + 1);
    for (size_t i = 0; i < page.items.count; i++)
        TRY(show_user(cx, &((const struct member *)page.items.items)[i], &items[i]));
    *answer = (struct memberships_out){ { items, page.items.count }, page.next };
    return OK;
}

/* A group has one parent at most. */
static enum fault list_of_group(struct cx *cx, const struct list_memberships *ask, struct memberships_out *answer)
{
    struct membership_out *item = ARENA_NEW(cx->arena, struct membership_out);
    struct group child;
    TRY(group_require(cx, ask->sub_group_id, GROUP_SEE, &child));
    *answer = (struct memberships_out){ { item, child.parent.v ? 1 : 0 }, S0 };
    return child.parent.v ? show_group(cx, child.parent, &child, item) : OK;
}

static enum fault list_parents(struct cx *cx, const void *in, void *out)
{
    const struct list_memberships *ask = in;
    const struct membership named = { .member_type = ask->member_type, .user_id = ask->user_id,
                                      .sub_group_id = ask->sub_group_id };
    TRY(check_named(cx, &named));
    return ask->member_type == MEMBER_GROUPS ? list_of_group(cx, ask, out) : list_of_user(cx, ask, out);
}

static enum fault list_direct(struct cx *cx, const void *in, void *out)
{
    return list_of_user(cx, in, out);
}

#define ONE_OUT membership_rows, sizeof(struct membership_out)
#define LIST_OUT memberships_rows, sizeof(struct memberships_out)
#define PROOF .proof = "pds_membership.test.mjs"
const struct op pds_membership_ops[] = {
    { "CreateMembership", "POST", "/v2/membership/create", SDKS, USER, WRITE,
      create_in, sizeof(struct membership), ONE_OUT, create_membership, .status = 201, PROOF },
    { "GetMembership", "POST", "/v2/membership/get", SDKS, USER, READ,
      name_in, sizeof(struct membership), ONE_OUT, get_membership, .status = 200, PROOF },
    { "UpdateMembership", "POST", "/v2/membership/update", SDKS, USER, WRITE,
      update_in, sizeof(struct membership), ONE_OUT, update_membership, .status = 200, PROOF },
    { "DeleteMembership", "POST", "/v2/membership/delete", SDKS, USER, WRITE,
      name_in, sizeof(struct membership), NULL, 0, delete_membership, .status = 204, PROOF },
    { "HasMember", "POST", "/v2/membership/has_member", SDKS, USER, READ,
      name_in, sizeof(struct membership), result_rows, sizeof(struct result_out), has_member, .status = 200, PROOF },
    { "ListDirectChildMemberships", "POST", "/v2/membership/list_direct_child_memberships", SDKS, USER, READ,
      list_child_in, sizeof(struct list_memberships), LIST_OUT, list_children, .status = 200, PROOF },
    { "ListDirectParentMemberships", "POST", "/v2/membership/list_direct_parent_memberships", SDKS, USER, READ,
      list_parent_in, sizeof(struct list_memberships), LIST_OUT, list_parents, .status = 200, PROOF },
    { "ListDirectMemberships", "POST", "/v2/membership/list_direct_memberships", SDKS, USER, READ,
      list_direct_in, sizeof(struct list_memberships), LIST_OUT, list_direct, .status = 200, PROOF },
    { 0 }
};
