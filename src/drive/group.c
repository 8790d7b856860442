#include "drive/group.h"

#include "drive/label.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/store.h"

static enum fault taken(struct cx *cx, enum fault fault, str title)
{
    return fault == FAULT_EXISTS ? fail(cx, FAULT_EXISTS, .thing = THING_GROUP, .got = title) : fault;
}

static enum fault insert(struct cx *cx, struct group *group)
{
    group->domain = cx->site->domain.id;
    group->creator = cx->caller ? cx->caller->user : ID_NONE;
    group->created = group->modified = cx->now;
    return taken(cx, store_group_add(cx, group), group->title);
}

enum fault group_add(struct cx *cx, str name, str description, int kind, struct group *out)
{
    id number;
    TRY(label_check(cx, name, "group_name"));
    TRY(label_free(cx, name));
    TRY(store_next_id(cx, &number));
    *out = (struct group){ .id = number, .kind = kind, .name = arena_copy(cx->arena, name),
                           .title = arena_copy(cx->arena, name), .description = arena_copy(cx->arena, description) };
    return insert(cx, out);
}

static enum fault mine(struct cx *cx, enum fault fault, const struct group *group, str asked)
{
    if (fault == FAULT_NOT_FOUND || (fault == OK && group->domain.v != cx->site->domain.id.v))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_GROUP, .got = asked);
    return fault;
}

enum fault group_get(struct cx *cx, id group, struct group *out)
{
    return mine(cx, store_group(cx, group, out), out, S0);
}

enum fault group_find(struct cx *cx, str text, struct group *out)
{
    int64_t    number;
    enum fault fault = store_group_by_name(cx, cx->site->domain.id, text, out);
    if (fault == FAULT_NOT_FOUND && str_int64(text, &number))
        fault = store_group(cx, (id){ number }, out);
    return mine(cx, fault, out, text);
}

enum fault group_list(struct cx *cx, id after, int limit, struct list *out)
{
    return store_groups(cx, cx->site->domain.id, after, limit, out);
}

/* ---- who may ---- */

static enum fault role_of_caller(struct cx *cx, const struct group *group, int *role)
{
    *role = 0;
    if (caller_is_admin(cx->caller)) {
        *role = SHARE_OWNER;
        return OK;
    }
    if (cx->caller->user.v)
        TRY(store_group_role(cx, group->id, cx->caller->user, role));
    if (group->kind == GROUP_STAFF && !*role && cx->caller->user.v)
        *role = SHARE_VIEWER;
    return OK;
}

enum fault group_require(struct cx *cx, str text, enum group_need need, struct group *out)
{
    int64_t number;
    int     role = 0;
    if (!str_int64(text, &number) || number <= 0)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_GROUP, .got = text);
    TRY(mine(cx, store_group(cx, (id){ number }, out), out, text));
    if (out->kind != GROUP_SHARED_FOLDER)
        TRY(role_of_caller(cx, out, &role));
    if (!role)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_GROUP, .got = text);
    if (need == GROUP_RUN && role < SHARE_OWNER)
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_GROUP, .got = text);
    return OK;
}

/* ---- making, changing, deleting ---- */

static enum fault title_free(struct cx *cx, str title)
{
    struct group      other;
    const enum fault fault = store_group_by_title(cx, cx->site->domain.id, title, &other);
    if (fault == OK)
        return fail(cx, FAULT_EXISTS, .thing = THING_GROUP, .got = title, .other = other.id.v);
    return fault == FAULT_NOT_FOUND ? OK : fault;
}

static enum fault check_levels(struct cx *cx, id parent, int height, const char *field)
{
    struct list above;
    TRY(store_groups_above(cx, parent, GROUP_LEVELS_MAX, &above));
    if ((int)above.count + 1 + height > GROUP_LEVELS_MAX)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_OTHER, .because = "too many levels of groups");
    return OK;
}

/* Below the group of all staff is on top of the tree. */
static enum fault parent_of(struct cx *cx, str text, id *parent)
{
    struct group group;
    *parent = ID_NONE;
    if (!text.n) {
        if (caller_is_admin(cx->caller))
            return OK;
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_GROUP, .because = "only administrators make groups on top");
    }
    TRY(group_require(cx, text, GROUP_RUN, &group));
    if (group.kind == GROUP_STAFF)
        return OK;
    TRY(check_levels(cx, group.id, 1, "parent_group_id"));
    *parent = group.id;
    return OK;
}

enum fault group_create(struct cx *cx, const struct group_want *want, struct group *out)
{
    struct group group = { .kind = GROUP_TEAM, .title = want->title, .description = want->description };
    TRY(title_check(cx, want->title, "group_name", 1, TITLE_MAX));
    TRY(title_check(cx, want->description, "description", 0, ABOUT_MAX));
    TRY(parent_of(cx, want->parent, &group.parent));
    TRY(title_free(cx, want->title));
    TRY(store_next_id(cx, &group.id));
    TRY(label_make(cx, group.title, S0, "group", group.id, &group.name));
    TRY(insert(cx, &group));
    return store_group(cx, group.id, out);
}

enum fault group_change(struct cx *cx, const struct group *group, str title, str description, struct group *out)
{
    struct group next = *group;
    if (title.p && !str_eq(title, group->title)) {
        if (group->kind == GROUP_STAFF)
            return fail(cx, FAULT_CONFLICT, .thing = THING_GROUP, .because = "the group of all staff keeps its name");
        TRY(title_check(cx, title, "group_name", 1, TITLE_MAX));
        TRY(title_free(cx, title));
        next.title = title;
        TRY(label_make(cx, title, S0, "group", group->id, &next.name));
    }
    if (description.p) {
        TRY(title_check(cx, description, "description", 0, ABOUT_MAX));
        next.description = description;
    }
    TRY(taken(cx, store_group_update(cx, &next), title));
    return store_group(cx, group->id, out);
}

enum fault group_delete(struct cx *cx, const struct group *group)
{
    struct list below;
    int64_t     members, drives;
    TRY(store_groups_below(cx, group->id, ID_NONE, 1, &below));
    TRY(store_member_count(cx, group->id, &members));
    TRY(store_drive_count(cx, group->id, &drives));
    const char *because = group->kind == GROUP_STAFF ? "the group of all staff stays"
                          : below.count              ? "the group has groups; delete or move them first"
                          : members                  ? "the group has members; remove them first"
                          : drives                   ? "the group owns drives; delete them first"
                                                     : NULL;
    if (because)
        return fail(cx, FAULT_CONFLICT, .thing = THING_GROUP, .because = because);
    return store_group_remove(cx, group->id);
}

/* ---- the tree ---- */

static bool has_id(const struct list *list, id wanted)
{
    const id *ids = list->items;
    for (size_t i = 0; i < list->count; i++)
        if (ids[i].v == wanted.v)
            return true;
    return false;
}

enum fault group_attach(struct cx *cx, const struct group *group, const struct group *child)
{
    struct list above;
    int         height;
    if (group->kind == GROUP_STAFF || child->kind == GROUP_STAFF)
        return fail(cx, FAULT_CONFLICT, .thing = THING_GROUP, .because = "the group of all staff stands above all");
    if (child->parent.v)
        return fail(cx, FAULT_EXISTS, .thing = THING_MEMBER, .field = "sub_group_id", .other = child->parent.v,
                    .because = "a group has one parent");
    TRY(store_groups_above(cx, group->id, GROUP_LEVELS_MAX, &above));
    if (child->id.v == group->id.v || has_id(&above, child->id))
        return fail(cx, FAULT_INVALID, .field = "sub_group_id", .how = HOW_OTHER, .because = "a group is not below itself");
    TRY(store_group_height(cx, child->id, GROUP_LEVELS_MAX, &height));
    TRY(check_levels(cx, group->id, height + 1, "sub_group_id"));
    return store_group_set_parent(cx, child->id, group->id);
}

enum fault group_detach(struct cx *cx, const struct group *group, const struct group *child)
{
    if (child->parent.v != group->id.v)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_MEMBER);
    return store_group_set_parent(cx, child->id, ID_NONE);
}

enum fault group_has_group(struct cx *cx, const struct group *group, const struct group *child, bool *out)
{
    struct list above;
    TRY(store_groups_above(cx, child->id, GROUP_LEVELS_MAX, &above));
    *out = has_id(&above, group->id) || (group->kind == GROUP_STAFF && child->kind == GROUP_TEAM);
    return OK;
}
