#include "drive/drive.h"

#include "base/encode.h"
#include "base/names.h"
#include "drive/access.h"
#include "drive/cursor.h"
#include "drive/domain.h"
#include "drive/event.h"
#include "drive/group.h"
#include "drive/site.h"
#include "drive/user.h"
#include "store/drives.h"
#include "store/nodes.h"
#include "store/people.h"
#include "store/store.h"

enum { DRIVE_NAME_MAX = 128, DRIVE_DESCRIPTION_MAX = 1024 };

static enum fault check_drive_text(struct cx *cx, const struct drive *want)
{
    if (!want->name.n)
        return fail(cx, FAULT_INVALID, .field = "drive_name", .how = HOW_EMPTY, .min = 1, .max = DRIVE_NAME_MAX);
    if (!utf8_valid(want->name) || utf8_count(want->name) > DRIVE_NAME_MAX)
        return fail(cx, FAULT_INVALID, .field = "drive_name", .how = HOW_TOO_LARGE, .min = 1, .max = DRIVE_NAME_MAX,
                    .got = want->name);
    if (!utf8_valid(want->description) || utf8_count(want->description) > DRIVE_DESCRIPTION_MAX)
        return fail(cx, FAULT_INVALID, .field = "description", .how = HOW_TOO_LARGE, .max = DRIVE_DESCRIPTION_MAX);
    if (want->quota < QUOTA_NONE)
        return fail(cx, FAULT_INVALID, .field = "total_size", .how = HOW_TOO_SMALL, .min = QUOTA_NONE, .max = INT64_MAX);
    return OK;
}

static enum fault owner_of(struct cx *cx, const struct drive *want, id *owner)
{
    int64_t number;
    if (want->owner_kind == OWNER_GROUP) {
        struct group group;
        if (!str_int64(want->owner_public, &number) || group_get(cx, (id){ number }, &group) != OK)
            return fail(cx, FAULT_NOT_FOUND, .thing = THING_GROUP, .field = "owner", .got = want->owner_public);
        *owner = group.id;
        return OK;
    }
    struct user user;
    const enum fault fault = store_user_by_public_id(cx, cx->site->domain.id, want->owner_public, &user);
    if (fault == FAULT_NOT_FOUND)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_USER, .field = "owner", .got = want->owner_public);
    *owner = user.id;
    return fault;
}

static enum fault root_add(struct cx *cx, const struct drive *drive)
{
    const struct node root = { .id = drive->root, .drive = drive->id, .kind = NODE_FOLDER, .name = S("root"),
                               .creator = drive->creator, .editor = drive->creator, .created = cx->now,
                               .modified = cx->now };
    return store_node_add(cx, &root);
}

/* The rows of a drive, its root and its event; who may is decided by the callers. */
static enum fault drive_make(struct cx *cx, const struct drive *want, id owner, struct drive *out)
{
    struct drive drive = *want;
    drive.domain = cx->site->domain.id;
    drive.owner = owner;
    drive.creator = cx->caller->user;
    drive.created = drive.modified = cx->now;
    if (!drive.status)
        drive.status = STATUS_ENABLED;
    TRY(store_next_id(cx, &drive.id));
    TRY(store_next_id(cx, &drive.root));
    TRY(store_next_id(cx, &drive.bin));
    const enum fault fault = store_drive_add(cx, &drive);
    if (fault == FAULT_EXISTS)
        return fail(cx, FAULT_EXISTS, .thing = THING_DRIVE, .field = "default", .because = "the owner has a default drive");
    TRY(fault);
    TRY(root_add(cx, &drive));
    TRY(event_add(cx, drive.id, drive.root, EVENT_DRIVE_CREATE));
    if (drive.is_default && drive.owner_kind == OWNER_USER)
        TRY(store_user_set_default_drive(cx, owner, drive.id));
    return store_drive(cx, drive.domain, drive.id, out);
}

enum fault drive_create(struct cx *cx, const struct drive *want, struct drive *out)
{
    struct domain domain;
    id            owner;
    int64_t       count;
    if (!caller_is_admin(cx->caller))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_DRIVE, .because = "only administrators make drives for others");
    TRY(check_drive_text(cx, want));
    TRY(owner_of(cx, want, &owner));
    TRY(domain_now(cx, &domain));
    TRY(store_drive_count(cx, owner, &count));
    if (count && domain.single_drive)
        return fail(cx, FAULT_EXISTS, .thing = THING_DRIVE, .field = "owner",
                    .because = "the domain allows one drive an owner");
    return drive_make(cx, want, owner, out);
}

/* A group may not be called as a number is, nor as another group or user: then a counter helps. */
static enum fault team_group(struct cx *cx, str name, struct group *out)
{
    const str short_name = str_cut(name, 40);
    str       base = utf8_valid(short_name) ? str_trim(short_name) : S("space");
    int64_t   number;
    if (!base.n || str_int64(base, &number))
        base = arena_print(cx->arena, "space %.*s", STR_ARG(base));
    enum fault fault = group_add(cx, base, S(""), GROUP_TEAM, out);
    if (fault == FAULT_EXISTS || fault == FAULT_INVALID) {
        id unique;
        TRY(store_next_id(cx, &unique));
        fault = group_add(cx, arena_print(cx->arena, "space %.*s (%lld)", fault == FAULT_EXISTS ? (int)base.n : 0, base.p,
                                          (long long)unique.v), S(""), GROUP_TEAM, out);
    }
    return fault;
}

enum fault drive_create_team(struct cx *cx, str name, struct drive *out)
{
    struct group       group;
    const struct drive want = { .name = name, .owner_kind = OWNER_GROUP, .status = STATUS_ENABLED, .quota = QUOTA_NONE };
    TRY(check_drive_text(cx, &want));
    TRY(team_group(cx, name, &group));
    TRY(group_join(cx, group.id, cx->caller->user, SHARE_OWNER));
    return drive_make(cx, &want, group.id, out);
}

enum fault drive_get(struct cx *cx, str text, struct drive *out)
{
    int64_t  number;
    unsigned actions;
    bool     granted;
    if (!str_int64(text, &number) || number <= 0)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_DRIVE, .got = text);
    const enum fault fault = store_drive(cx, cx->site->domain.id, (id){ number }, out);
    if (fault == FAULT_NOT_FOUND)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_DRIVE, .got = text);
    TRY(fault);
    TRY(access_to_drive(cx, out, &actions));
    if (actions & ACTION_LIST)
        return OK;
    TRY(access_has_grant(cx, out, &granted));
    return granted ? OK : fail(cx, FAULT_NOT_FOUND, .thing = THING_DRIVE, .got = text);
}

/* The user meant, where he himself or an administrator asks; anybody else learns nothing. */
static enum fault user_meant(struct cx *cx, str public_id, struct user *out)
{
    const struct caller *caller = cx->caller;
    if (!public_id.n && !caller->user.v)
        return fail(cx, FAULT_INVALID, .field = "user_id", .how = HOW_MISSING);
    if (!public_id.n || str_eq(public_id, caller->public_id))
        return user_get(cx, caller->user, out);
    const enum fault fault = caller_is_admin(caller)
                                 ? store_user_by_public_id(cx, caller->domain, public_id, out) : FAULT_NOT_FOUND;
    return fault == FAULT_NOT_FOUND ? fail(cx, FAULT_NOT_FOUND, .thing = THING_USER, .got = public_id) : fault;
}

enum fault drive_default_of(struct cx *cx, str public_id, struct drive *out)
{
    struct user user;
    TRY(user_meant(cx, public_id, &user));
    const enum fault fault = user.default_drive.v ? store_drive(cx, user.domain, user.default_drive, out) : FAULT_NOT_FOUND;
    return fault == FAULT_NOT_FOUND ? fail(cx, FAULT_NOT_FOUND, .thing = THING_DRIVE,
                                           .because = "the user has no default drive") : fault;
}
