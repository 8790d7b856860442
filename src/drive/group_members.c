/* drive/group_members.c: who belongs to a group, and who administers it. */
#include "drive/group.h"
#include "drive/label.h"
#include "drive/site.h"
#include "store/people.h"

enum fault group_join(struct cx *cx, id group, id user, enum share_role role)
{
    const struct member member = { .group = group, .user = user, .role = (int)role, .created = cx->now, .modified = cx->now,
                                   .creator = cx->caller ? cx->caller->user : ID_NONE };
    return store_member_put(cx, &member);
}

/* ---- members ---- */

static enum fault no_member(struct cx *cx)
{
    return fail(cx, FAULT_NOT_FOUND, .thing = THING_MEMBER);
}

enum fault group_member_add(struct cx *cx, const struct group *group, id user, enum share_role role, str description)
{
    struct member member;
    TRY(title_check(cx, description, "description", 0, ABOUT_MAX));
    const enum fault fault = store_member(cx, group->id, user, &member);
    if (fault == OK)
        return fail(cx, FAULT_EXISTS, .thing = THING_MEMBER);
    if (fault != FAULT_NOT_FOUND)
        return fault;
    TRY(group_join(cx, group->id, user, role));
    return description.n ? store_member_describe(cx, group->id, user, description) : OK;
}

/* Everybody is a member of the group of all staff. */
static enum fault staff_member(struct cx *cx, const struct group *group, id number, struct member *out)
{
    struct user      user;
    const enum fault fault = store_user(cx, number, &user);
    if (fault == FAULT_NOT_FOUND || (fault == OK && user.domain.v != group->domain.v))
        return no_member(cx);
    *out = (struct member){ .group = group->id, .user = number, .role = SHARE_VIEWER, .created = user.created,
                            .modified = user.created };
    return fault;
}

enum fault group_member_get(struct cx *cx, const struct group *group, id user, struct member *out)
{
    const enum fault fault = store_member(cx, group->id, user, out);
    if (fault == FAULT_NOT_FOUND && group->kind == GROUP_STAFF)
        return staff_member(cx, group, user, out);
    return fault == FAULT_NOT_FOUND ? no_member(cx) : fault;
}

enum fault group_member_remove(struct cx *cx, const struct group *group, id user)
{
    struct member    member;
    const enum fault fault = store_member(cx, group->id, user, &member);
    if (fault == FAULT_NOT_FOUND && group->kind == GROUP_STAFF)
        return fail(cx, FAULT_CONFLICT, .thing = THING_GROUP, .because = "nobody leaves the group of all staff");
    if (fault == FAULT_NOT_FOUND)
        return no_member(cx);
    TRY(fault);
    return store_member_remove(cx, group->id, user);
}

enum fault group_member_change(struct cx *cx, const struct group *group, id user, enum group_part part, str description)
{
    struct member    member;
    const enum fault fault = store_member(cx, group->id, user, &member);
    if (fault == FAULT_NOT_FOUND)
        return no_member(cx);
    TRY(fault);
    const bool owns = member.role >= SHARE_OWNER;
    if (part == PART_ADMIN && !owns)
        TRY(group_join(cx, group->id, user, SHARE_OWNER));
    if (part == PART_ORDINARY && owns)
        TRY(group_join(cx, group->id, user, SHARE_EDITOR));
    if (!description.p)
        return OK;
    TRY(title_check(cx, description, "description", 0, ABOUT_MAX));
    return store_member_describe(cx, group->id, user, description);
}

/* One who administers a group by assignment is no member of it; one who owns the group above is none either. */
enum fault group_has_user(struct cx *cx, const struct group *group, id user, bool *out)
{
    struct list all;
    *out = group->kind == GROUP_STAFF;
    if (*out)
        return OK;
    TRY(store_groups_reached(cx, user, &all));
    const id *ids = all.items;
    for (size_t i = 0; i < all.count; i++)
        *out |= ids[i].v == group->id.v;
    return OK;
}

struct number_item {
    str number;
};

static enum fault teams_of(struct cx *cx, const struct list *numbers, struct list *out)
{
    const struct number_item *items = numbers->items;
    struct group             *groups = ARENA_MANY(cx->arena, struct group, numbers->count + 1);
    for (size_t i = 0; i < numbers->count; i++)
        TRY(group_require(cx, items[i].number, GROUP_RUN, &groups[i]));
    *out = (struct list){ groups, numbers->count };
    return OK;
}

static bool is_among(const struct list *groups, id group)
{
    const struct group *items = groups->items;
    for (size_t i = 0; i < groups->count; i++)
        if (items[i].id.v == group.v)
            return true;
    return false;
}

/* The groups behind shared folders are joined by invitation, and stay as they are. */
static enum fault leave_others(struct cx *cx, id user, const struct list *teams)
{
    enum { MANY = 256 };
    struct list old;
    id          after = ID_NONE;
    do {
        TRY(store_memberships(cx, user, after, MANY, &old));
        const struct member *members = old.items;
        for (size_t i = 0; i < old.count; i++) {
            struct group group;
            after = members[i].group;
            TRY(store_group(cx, after, &group));
            if (group.kind == GROUP_TEAM && !is_among(teams, after))
                TRY(store_member_remove(cx, after, user));
        }
    } while (old.count == MANY);
    return OK;
}

enum fault group_set_teams_of(struct cx *cx, id user, const struct list *numbers)
{
    struct list teams;
    TRY(teams_of(cx, numbers, &teams));
    TRY(leave_others(cx, user, &teams));
    const struct group *items = teams.items;
    for (size_t i = 0; i < teams.count; i++) {
        int role;
        TRY(store_member_role(cx, items[i].id, user, &role));
        if (!role && items[i].kind == GROUP_TEAM)
            TRY(group_join(cx, items[i].id, user, SHARE_EDITOR));
    }
    return OK;
}

/* ---- administrators by assignment ---- */

static enum fault only_admins(struct cx *cx)
{
    return caller_is_admin(cx->caller) ? OK : fail(cx, FAULT_FORBIDDEN, .thing = THING_GROUP,
                                                   .because = "administrators of the domain assign roles");
}

enum fault group_admin_assign(struct cx *cx, const struct group *group, id user)
{
    const struct group_admin admin = { .group = group->id, .user = user, .creator = cx->caller->user, .created = cx->now };
    TRY(only_admins(cx));
    const enum fault fault = store_group_admin_add(cx, &admin);
    return fault == FAULT_EXISTS ? fail(cx, FAULT_EXISTS, .thing = THING_MEMBER) : fault;
}

enum fault group_admin_cancel(struct cx *cx, const struct group *group, id user)
{
    TRY(only_admins(cx));
    const enum fault fault = store_group_admin_remove(cx, group->id, user);
    return fault == FAULT_NOT_FOUND ? no_member(cx) : fault;
}

enum fault group_admin_any(struct cx *cx, bool *out)
{
    struct list some = { 0 };
    if (cx->caller->user.v)
        TRY(store_groups_administered(cx, cx->caller->user, ID_NONE, 1, &some));
    *out = some.count > 0;
    return OK;
}

enum fault group_admin_over(struct cx *cx, id user, bool *out)
{
    const id    me = cx->caller->user;
    struct user member;
    *out = false;
    const enum fault fault = me.v ? store_user(cx, user, &member) : FAULT_NOT_FOUND;
    if (fault == FAULT_NOT_FOUND)
        return OK;
    TRY(fault);
    if (member.domain.v != cx->site->domain.id.v || member.role != ROLE_USER)
        return OK;
    return store_group_admin_over(cx, me, user, cx->site->domain.staff_group, out);
}
