/* admin/group.c: `polydrive group ...` */
#include "admin/commands.h"
#include "admin/desk.h"
#include "admin/print.h"
#include "drive/group.h"
#include "drive/user.h"

static const struct word kinds[] = {
    { "team", GROUP_TEAM }, { "shared folder", GROUP_SHARED_FOLDER }, { "all staff", GROUP_STAFF }, { 0 }
};
static const struct word share_roles[] = {
    { "viewer", SHARE_VIEWER }, { "editor", SHARE_EDITOR }, { "manager", SHARE_MANAGER }, { "owner", SHARE_OWNER }, { 0 }
};

#define ROW struct group
static const struct field group_rows[] = {
    { "group_id", BODY, AT(ROW, id) },
    { "name", BODY, AT(ROW, name) },
    { "kind", BODY, AT(ROW, kind), .words = kinds },
    { "description", BODY, AT(ROW, description), .omit = true },
    { "created", BODY, AT(ROW, created) },
    { 0 }
};
static const struct field added_rows[] = { { "group_id", BODY, AT(ROW, id) }, { 0 } };
#undef ROW

struct change_of {
    const struct run *run;
    struct group      group;
    struct user       user;
    int               role;
};

static enum fault add(struct cx *cx, void *arg)
{
    struct change_of *change = arg;
    return group_add(cx, change->run->words[0], change->run->options.description, GROUP_TEAM, &change->group);
}

int group_add_command(struct run *run)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct change_of change = { .run = run };
    int code = desk_open(run, &desk);
    if (!code)
        code = desk_change(&desk, add, &change);
    if (code)
        return code;
    print_one(run, added_rows, &change.group);
    return print_end(run);
}

int group_list_command(struct run *run)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct list groups;
    int code = desk_open(run, &desk);
    if (!code)
        code = desk_told(&desk, desk_gather(&desk, group_list, sizeof(struct group), offsetof(struct group, id), &groups));
    if (code)
        return code;
    print_list(run, group_rows, &groups, sizeof(struct group));
    return print_end(run);
}

static int read_role(const struct run *run, int *out)
{
    const str role = run->options.role.p ? run->options.role : S("editor");
    for (const struct word *w = share_roles; w->name; w++) {
        if (!str_eq(role, str_of(w->name)))
            continue;
        *out = w->value;
        return EXIT_DONE;
    }
    return command_fails(run, EXIT_USAGE, "--role: viewer, editor, manager or owner, not %.*s", STR_ARG(role));
}

static enum fault join(struct cx *cx, void *arg)
{
    const struct change_of *change = arg;
    return group_join(cx, change->group.id, change->user.id, (enum share_role)change->role);
}

static enum fault leave(struct cx *cx, void *arg)
{
    const struct change_of *change = arg;
    const enum fault        fault = group_member_remove(cx, &change->group, change->user.id);
    return fault == FAULT_NOT_FOUND ? fail(cx, fault, .thing = THING_MEMBER, .got = change->user.login) : fault;
}

static int change_member(struct run *run, enum fault (*how)(struct cx *, void *), const char *did)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct change_of change = { .run = run };
    int code = read_role(run, &change.role);
    if (!code)
        code = desk_open(run, &desk);
    if (!code)
        code = desk_told(&desk, group_find(&desk.cx, run->words[0], &change.group));
    if (!code)
        code = desk_told(&desk, user_find(&desk.cx, run->words[1], &change.user));
    if (!code)
        code = desk_change(&desk, how, &change);
    if (code)
        return code;
    print_done(run, "%.*s %s %.*s", STR_ARG(change.user.login), did, STR_ARG(change.group.name));
    return print_end(run);
}

int group_join_command(struct run *run)
{
    return change_member(run, join, "joined");
}

int group_leave_command(struct run *run)
{
    return change_member(run, leave, "left");
}
