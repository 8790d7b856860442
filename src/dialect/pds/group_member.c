/* dialect/pds/group_member.c: who is in a group: AddGroupMember, RemoveGroupMember, ListGroupMember. */
#include "dialect/pds/group_shape.h"
#include "dialect/pds/user_shape.h"
#include "drive/user.h"

enum fault pds_user_named(struct cx *cx, str user_id, id *out)
{
    struct user user;
    TRY(user_by_public_id(cx, user_id, &user));
    *out = user.id;
    return OK;
}

/* ---- AddGroupMember, RemoveGroupMember ---- */

struct group_member {
    str group_id, member_id;
    int member_type;
};

#define IN struct group_member
static const struct word only_users[] = { { "user", MEMBER_USERS }, { 0 } };
static const struct field group_member_in[] = {
    PDS_GROUP_ID(IN),
    { "member_type", BODY, AT(IN, member_type), .required = true, .words = only_users },
    { "member_id",   BODY, AT(IN, member_id),   .required = true, .min = 1, .max = 64, .doc = "id of the user" },
    { 0 }
};
#undef IN

static enum fault find_both(struct cx *cx, const struct group_member *ask, struct group *group, id *user)
{
    TRY(group_require(cx, ask->group_id, GROUP_RUN, group));
    return pds_user_named(cx, ask->member_id, user);
}

static enum fault add_group_member(struct cx *cx, const void *in, void *out)
{
    struct group group;
    id           user;
    (void)out;
    TRY(find_both(cx, in, &group, &user));
    return group_member_add(cx, &group, user, SHARE_EDITOR, S0);
}

static enum fault remove_group_member(struct cx *cx, const void *in, void *out)
{
    struct group group;
    id           user;
    (void)out;
    TRY(find_both(cx, in, &group, &user));
    return group_member_remove(cx, &group, user);
}

/* ---- ListGroupMember ---- */

struct list_members {
    str group_id, marker;
    int member_type, limit;
};

#define IN struct list_members
static const struct field list_members_in[] = {
    PDS_GROUP_ID(IN),
    { "member_type", BODY, AT(IN, member_type), .words = pds_member_types, .empty_ok = true, .doc = "by default both" },
    PDS_LIMIT_100(IN),
    PDS_MARKER(IN),
    { 0 }
};
#undef IN

struct members_out {
    struct list user_items, group_items;
    str         next_marker;
};
static const struct field members_rows[] = {
    { "group_items", BODY, AT(struct members_out, group_items), .shape = &pds_group_shape, .doc = "first" },
    { "user_items",  BODY, AT(struct members_out, user_items), .shape = &pds_user_shape, .doc = "then" },
    { "next_marker", BODY, AT(struct members_out, next_marker), .doc = "empty at the end" },
    { 0 }
};

enum fault pds_member_page(struct cx *cx, str group_id, int kinds, int limit, str marker, struct pds_member_page *out)
{
    struct member_query query = { .kinds = kinds, .limit = limit, .cursor = marker, .field = "marker" };
    struct member_page page;
    TRY(group_require(cx, group_id, GROUP_SEE, &query.group));
    TRY(group_members(cx, &query, &page));
    struct person       *people = ARENA_MANY(cx->arena, struct person, page.users.count + 1);
    const struct member *members = page.users.items;
    for (size_t i = 0; i < page.users.count; i++)
        TRY(person_of_number(cx, members[i].user, &people[i]));
    *out = (struct pds_member_page){ page.groups, { people, page.users.count }, page.next };
    return OK;
}

static enum fault list_group_member(struct cx *cx, const void *in, void *out)
{
    const struct list_members *ask = in;
    struct members_out *answer = out;
    struct pds_member_page page;
    const int kinds = ask->member_type ? ask->member_type : MEMBER_USERS | MEMBER_GROUPS;
    TRY(pds_member_page(cx, ask->group_id, kinds, ask->limit, ask->marker, &page));
    answer->next_marker = page.next;
    TRY(pds_show_groups(cx, &page.groups, &answer->group_items));
    return pds_show_users(cx, &page.people, &answer->user_items);
}

const struct op pds_group_member_ops[] = {
    { "AddGroupMember", "POST", "/v2/group/add_member", "PDS AddGroupMember, 2022-03-01", USER, WRITE,
      group_member_in, sizeof(struct group_member), NULL, 0, add_group_member, .status = 204,
      .proof = "pds_group.test.mjs" },
    { "RemoveGroupMember", "POST", "/v2/group/remove_member", "PDS RemoveGroupMember, 2022-03-01", USER, WRITE,
      group_member_in, sizeof(struct group_member), NULL, 0, remove_group_member, .status = 204,
      .proof = "pds_group.test.mjs" },
    { "ListGroupMember", "POST", "/v2/group/list_member", "PDS ListGroupMember, 2022-03-01", USER, READ,
      list_members_in, sizeof(struct list_members), members_rows, sizeof(struct members_out), list_group_member,
      .status = 200, .proof = "pds_group.test.mjs" },
    { 0 }
};
