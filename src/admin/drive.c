/* admin/drive.c: `polydrive drive ...` */
#include "drive/drive.h"

#include "admin/commands.h"
#include "admin/desk.h"
#include "admin/print.h"
#include "drive/group.h"
#include "drive/user.h"

static const struct word owner_kinds[] = { { "user", OWNER_USER }, { "group", OWNER_GROUP }, { 0 } };
static const struct word statuses[] = { { "enabled", STATUS_ENABLED }, { "disabled", STATUS_DISABLED }, { 0 } };

#define ROW struct drive
static const struct field drive_rows[] = {
    { "drive_id", BODY, AT(ROW, id) },
    { "name", BODY, AT(ROW, name) },
    { "owner_type", BODY, AT(ROW, owner_kind), .words = owner_kinds },
    { "owner", BODY, AT(ROW, owner_public) },
    { "status", BODY, AT(ROW, status), .words = statuses },
    { "used", BODY, AT(ROW, used) },
    { "reserved", BODY, AT(ROW, reserved) },
    { "quota", BODY, AT(ROW, quota), .omit = true, .absent = QUOTA_NONE },
    { "default", BODY, AT(ROW, is_default) },
    { "created", BODY, AT(ROW, created) },
    { 0 }
};
static const struct field added_rows[] = { { "drive_id", BODY, AT(ROW, id) }, { 0 } };
#undef ROW

struct change_of {
    struct drive want, drive;
};

static int read_quota(const struct run *run, str text, int64_t *out)
{
    *out = QUOTA_NONE;
    if (!text.p || str_eq(text, S("none")) || bytes_read(text, out))
        return EXIT_DONE;
    return command_fails(run, EXIT_USAGE, "a quota is a number of bytes, such as 10GiB, or none; not %.*s",
                         STR_ARG(text));
}

/* Users and groups share one namespace, so one of the two at most is found by name. */
static enum fault find_owner(struct desk *desk, str text, struct drive *want)
{
    struct user  user;
    struct group group;
    enum fault   fault = user_find(&desk->cx, text, &user);
    if (fault == OK) {
        want->owner_kind = OWNER_USER;
        want->owner_public = user.public_id;
        want->is_default = !user.default_drive.v;
        return OK;
    }
    if (fault != FAULT_NOT_FOUND)
        return fault;
    fault = group_find(&desk->cx, text, &group);
    if (fault == FAULT_NOT_FOUND)
        return fail(&desk->cx, FAULT_INVALID, .field = "--owner", .how = HOW_UNKNOWN, .got = text,
                    .because = "neither a user nor a group");
    TRY(fault);
    want->owner_kind = OWNER_GROUP;
    want->owner_public = arena_print(desk->cx.arena, "%lld", (long long)group.id.v);
    return OK;
}

static enum fault add(struct cx *cx, void *arg)
{
    struct change_of *change = arg;
    return drive_create(cx, &change->want, &change->drive);
}

int drive_add_command(struct run *run)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct change_of change = { .want = { .name = run->words[0], .status = STATUS_ENABLED,
                                          .description = run->options.description } };
    int code = read_quota(run, run->options.quota, &change.want.quota);
    if (!code && !run->options.owner.p)
        code = command_fails(run, EXIT_USAGE, "whose drive? --owner USER or --owner GROUP");
    if (!code)
        code = desk_open(run, &desk);
    if (!code)
        code = desk_told(&desk, find_owner(&desk, run->options.owner, &change.want));
    if (!code)
        code = desk_change(&desk, add, &change);
    if (code)
        return code;
    print_one(run, added_rows, &change.drive);
    return print_end(run);
}

int drive_list_command(struct run *run)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct list drives;
    int code = desk_open(run, &desk);
    if (!code)
        code = desk_told(&desk, desk_gather(&desk, drive_list_all, sizeof(struct drive), offsetof(struct drive, id), &drives));
    if (code)
        return code;
    print_list(run, drive_rows, &drives, sizeof(struct drive));
    return print_end(run);
}

static enum fault set_quota(struct cx *cx, void *arg)
{
    const struct change_of *change = arg;
    return drive_set_quota(cx, change->drive.id, change->want.quota);
}

int drive_quota_command(struct run *run)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct change_of change = { 0 };
    int code = read_quota(run, run->words[1], &change.want.quota);
    if (!code)
        code = desk_open(run, &desk);
    if (!code)
        code = desk_told(&desk, drive_get(&desk.cx, run->words[0], &change.drive));
    if (!code)
        code = desk_change(&desk, set_quota, &change);
    if (code)
        return code;
    print_done(run, "the quota of drive %.*s is set", STR_ARG(run->words[0]));
    return print_end(run);
}
