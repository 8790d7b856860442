/* dialect/pds/group.c: groups: CreateGroup, GetGroup, ListGroup, SearchGroup, UpdateGroup, UpdateGroupName,
 * DeleteGroup.
 *
 * The group of all staff is the domain's root group; there is no second one. */
#include "dialect/pds/group_shape.h"
#include "drive/user.h"

#define OUT struct pds_group
const struct field pds_group_rows[] = {
    { "domain_id",   BODY, AT(OUT, domain_id) },
    { "group_id",    BODY, AT(OUT, group_id) },
    { "group_name",  BODY, AT(OUT, group_name) },
    { "description", BODY, AT(OUT, description) },
    { "creator",     BODY, AT(OUT, creator), .doc = "id of the user; system for an AccessKey" },
    { "created_at",  BODY, AT(OUT, created_at), .as = AS_EPOCH_MS },
    { "updated_at",  BODY, AT(OUT, updated_at), .as = AS_EPOCH_MS },
    { 0 }
};
#undef OUT
const struct shape pds_group_shape = { "Group", pds_group_rows, sizeof(struct pds_group) };

const struct word pds_member_types[] = { { "user", MEMBER_USERS }, { "group", MEMBER_GROUPS }, { 0 } };

enum fault pds_show_group(struct cx *cx, const struct group *group, struct pds_group *out)
{
    struct user_label creator;
    TRY(user_label(cx, group->creator, &creator));
    *out = (struct pds_group){
        .domain_id = pds_domain_id(cx), .group_id = group->id, .group_name = group->title,
        .description = group->description, .creator = creator.public_id, .created_at = group->created,
        .updated_at = group->modified,
    };
    return OK;
}

enum fault pds_show_groups(struct cx *cx, const struct list *groups, struct list *out)
{
    struct pds_group   *items = ARENA_MANY(cx->arena, struct pds_group, groups->count + 1);
    const struct group *from = groups->items;
    for (size_t i = 0; i < groups->count; i++)
        TRY(pds_show_group(cx, &from[i], &items[i]));
    *out = (struct list){ items, groups->count };
    return OK;
}

/* ---- CreateGroup ---- */

struct create_group {
    str  group_name, description, parent_group_id;
    bool is_root;
};

#define IN struct create_group
static const struct field create_group_in[] = {
    { "group_name",  BODY, AT(IN, group_name),  .required = true, .min = 1, .max = 128, .doc = "unique in the domain" },
    { "description", BODY, AT(IN, description), .max = 1024 },
    { "is_root",     BODY, AT(IN, is_root), .doc = "there is one already: the group of all staff" },
    { "parent_group_id", BODY, AT(IN, parent_group_id), .max = 64, .empty_ok = true },
    { 0 }
};
#undef IN

static enum fault create_group(struct cx *cx, const void *in, void *out)
{
    const struct create_group *ask = in;
    const struct group_want want = { .title = ask->group_name, .description = ask->description,
                                     .parent = ask->parent_group_id };
    struct group made;
    if (ask->is_root)
        return fail(cx, FAULT_EXISTS, .thing = THING_GROUP, .field = "is_root",
                    .because = "the domain has a root group: that of all staff");
    TRY(group_create(cx, &want, &made));
    return pds_show_group(cx, &made, out);
}

/* ---- GetGroup, DeleteGroup ---- */

struct one_group {
    str group_id;
};
static const struct field one_group_in[] = { PDS_GROUP_ID(struct one_group), { 0 } };

static enum fault get_group(struct cx *cx, const void *in, void *out)
{
    const struct one_group *ask = in;
    struct group group;
    TRY(group_require(cx, ask->group_id, GROUP_SEE, &group));
    return pds_show_group(cx, &group, out);
}

static enum fault delete_group(struct cx *cx, const void *in, void *out)
{
    const struct one_group *ask = in;
    struct group group;
    (void)out;
    TRY(group_require(cx, ask->group_id, GROUP_RUN, &group));
    return group_delete(cx, &group);
}

/* ---- UpdateGroup, UpdateGroupName ---- */

struct update_group {
    str group_id, group_name, description;
};

#define IN struct update_group
static const struct field update_group_in[] = {
    PDS_GROUP_ID(IN),
    { "group_name",  BODY, AT(IN, group_name),  .min = 1, .max = 128 },
    { "description", BODY, AT(IN, description), .max = 1024 },
    { 0 }
};
static const struct field rename_group_in[] = {
    PDS_GROUP_ID(IN),
    { "name", BODY, AT(IN, group_name), .required = true, .min = 1, .max = 128 },
    { 0 }
};
#undef IN

static enum fault update_group(struct cx *cx, const void *in, void *out)
{
    const struct update_group *ask = in;
    struct group group, changed;
    TRY(group_require(cx, ask->group_id, GROUP_RUN, &group));
    TRY(group_change(cx, &group, ask->group_name, ask->description, &changed));
    return pds_show_group(cx, &changed, out);
}

/* ---- ListGroup, SearchGroup ---- */

struct find_groups {
    str group_name, group_name_for_fuzzy, marker;
    int limit;
};

#define IN struct find_groups
static const struct field list_group_in[] = { PDS_LIMIT_100(IN), PDS_MARKER(IN), { 0 } };
static const struct field search_group_in[] = {
    { "group_name", BODY, AT(IN, group_name), .max = 128, .empty_ok = true, .doc = "exactly" },
    { "group_name_for_fuzzy", BODY, AT(IN, group_name_for_fuzzy), .max = 128, .empty_ok = true,
      .doc = "a part of it, in any case" },
    PDS_LIMIT_100(IN),
    PDS_MARKER(IN),
    { 0 }
};
#undef IN

struct groups_out {
    struct list items;
    str         next_marker;
};
static const struct field groups_rows[] = {
    { "items", BODY, AT(struct groups_out, items), .shape = &pds_group_shape },
    { "next_marker", BODY, AT(struct groups_out, next_marker), .doc = "empty at the end" },
    { 0 }
};

static enum fault find_groups(struct cx *cx, const void *in, void *out)
{
    const struct find_groups *ask = in;
    struct groups_out *answer = out;
    const struct group_query query = { .title = ask->group_name, .title_part = ask->group_name_for_fuzzy,
                                       .limit = ask->limit, .cursor = ask->marker, .field = "marker" };
    struct group_page page;
    TRY(group_search(cx, &query, &page));
    answer->next_marker = page.next;
    return pds_show_groups(cx, &page.items, &answer->items);
}

#define GROUP_OUT pds_group_rows, sizeof(struct pds_group)
#define GROUPS_OUT groups_rows, sizeof(struct groups_out)
const struct op pds_group_ops[] = {
    { "CreateGroup", "POST", "/v2/group/create", "PDS CreateGroup, 2022-03-01", USER, WRITE,
      create_group_in, sizeof(struct create_group), GROUP_OUT, create_group, .status = 201,
      .proof = "pds_group.test.mjs" },
    { "GetGroup", "POST", "/v2/group/get", "PDS GetGroup, 2022-03-01", USER, READ,
      one_group_in, sizeof(struct one_group), GROUP_OUT, get_group, .status = 200, .proof = "pds_group.test.mjs" },
    { "ListGroup", "POST", "/v2/group/list", "PDS ListGroup, 2022-03-01", USER, READ,
      list_group_in, sizeof(struct find_groups), GROUPS_OUT, find_groups, .status = 200,
      .proof = "pds_group.test.mjs" },
    { "SearchGroup", "POST", "/v2/group/search", "official SDKs; not in the 2022-03-01 reference", USER, READ,
      search_group_in, sizeof(struct find_groups), GROUPS_OUT, find_groups, .status = 200,
      .proof = "pds_group.test.mjs" },
    { "UpdateGroup", "POST", "/v2/group/update", "PDS UpdateGroup, 2022-03-01", USER, WRITE,
      update_group_in, sizeof(struct update_group), GROUP_OUT, update_group, .status = 200,
      .proof = "pds_group.test.mjs" },
    { "UpdateGroupName", "POST", "/v2/group/update_name", "PDS UpdateGroupName, 2022-03-01", USER, WRITE,
      rename_group_in, sizeof(struct update_group), GROUP_OUT, update_group, .status = 200,
      .proof = "pds_group.test.mjs" },
    { "DeleteGroup", "POST", "/v2/group/delete", "PDS DeleteGroup, 2022-03-01", USER, WRITE,
      one_group_in, sizeof(struct one_group), NULL, 0, delete_group, .status = 204, .proof = "pds_group.test.mjs" },
    { 0 }
};
