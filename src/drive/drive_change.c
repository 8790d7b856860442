/* drive/drive_change.c: new settings of a drive, and its end. */
#include "drive/access.h"
#include "drive/domain.h"
#include "drive/drive.h"
#include "drive/event.h"
#include "drive/label.h"
#include "drive/site.h"
#include "drive/user.h"
#include "store/drives.h"
#include "store/nodes.h"
#include "store/people.h"

/* One who may see the drive, and what he may do with it. */
static enum fault managed(struct cx *cx, str text, struct drive *out)
{
    unsigned actions;
    TRY(drive_get(cx, text, out));
    TRY(access_to_drive(cx, out, &actions));
    return actions & ACTION_MANAGE ? OK : fail(cx, FAULT_FORBIDDEN, .thing = THING_DRIVE, .got = text);
}

/* ---- the end ---- */

static bool see_any(void *arg, void *row)
{
    (void)row;
    *(bool *)arg = true;
    return false;
}

static enum fault check_empty(struct cx *cx, const struct drive *drive)
{
    const struct node_position start = { .is_start = true };
    bool any = false;
    TRY(store_nodes_each(cx, drive->id, drive->root, ORDER_CREATED, false, &start, 1, see_any, &any));
    if (!any)
        TRY(store_nodes_each(cx, drive->id, drive->bin, ORDER_CREATED, false, &start, 1, see_any, &any));
    return any ? fail(cx, FAULT_CONFLICT, .thing = THING_DRIVE, .because = "the drive is not empty; force deletes it")
               : OK;
}

enum fault drive_delete(struct cx *cx, str text, bool force)
{
    struct drive drive;
    TRY(managed(cx, text, &drive));
    if (drive.is_staff)
        return fail(cx, FAULT_CONFLICT, .thing = THING_DRIVE, .because = "the drive of all staff stays");
    if (!force)
        TRY(check_empty(cx, &drive));
    TRY(store_drive_mark_deleted(cx, drive.id, cx->now));
    if (drive.is_default && drive.owner_kind == OWNER_USER)
        TRY(store_user_set_default_drive(cx, drive.owner, ID_NONE));
    return event_add(cx, drive.id, drive.root, EVENT_DRIVE_DELETE);
}

/* ---- settings ---- */

static enum fault give_to(struct cx *cx, str public_id, struct drive *drive)
{
    struct user   user;
    struct domain domain;
    int64_t       count;
    if (!cx->caller->by_app || cx->caller->user.v)
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_DRIVE, .because = "a drive is given away by a key of the domain");
    if (drive->owner_kind != OWNER_USER)
        return fail(cx, FAULT_INVALID, .field = "owner", .how = HOW_OTHER, .got = public_id,
                    .because = "only personal drives change their owner");
    const enum fault fault = store_user_by_public_id(cx, drive->domain, public_id, &user);
    if (fault == FAULT_NOT_FOUND)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_USER, .field = "owner", .got = public_id);
    TRY(fault);
    if (user.id.v == drive->owner.v)
        return OK;
    TRY(domain_now(cx, &domain));
    TRY(store_drive_count(cx, user.id, &count));
    if (count && domain.single_drive)
        return fail(cx, FAULT_EXISTS, .thing = THING_DRIVE, .field = "owner",
                    .because = "the domain allows one drive an owner");
    if (drive->is_default)
        TRY(store_user_set_default_drive(cx, drive->owner, ID_NONE));
    drive->is_default = false;
    drive->owner = user.id;
    return OK;
}

static enum fault check_administrative(struct cx *cx, const struct drive_change *change)
{
    if ((change->status || change->quota != UNCHANGED) && !caller_is_admin(cx->caller))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_DRIVE, .because = "status and size are set by administrators");
    if (change->quota != UNCHANGED && change->quota < QUOTA_NONE)
        return fail(cx, FAULT_INVALID, .field = "total_size", .how = HOW_TOO_SMALL, .min = QUOTA_NONE, .max = INT64_MAX);
    return OK;
}

enum fault drive_change(struct cx *cx, str text, const struct drive_change *change, struct drive *out)
{
    struct drive drive;
    TRY(managed(cx, text, &drive));
    TRY(check_administrative(cx, change));
    if (change->name.p) {
        TRY(title_check(cx, change->name, "drive_name", 1, TITLE_MAX));
        drive.name = change->name;
    }
    if (change->description.p) {
        TRY(title_check(cx, change->description, "description", 0, ABOUT_MAX));
        drive.description = change->description;
    }
    if (change->status)
        drive.status = change->status;
    if (change->quota != UNCHANGED)
        drive.quota = change->quota;
    if (change->owner.p)
        TRY(give_to(cx, change->owner, &drive));
    TRY(store_drive_update(cx, &drive));
    return store_drive(cx, drive.domain, drive.id, out);
}

enum fault drive_set_quota(struct cx *cx, id drive, int64_t quota)
{
    struct drive row;
    if (store_drive(cx, cx->site->domain.id, drive, &row) != OK)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_DRIVE);
    if (quota < QUOTA_NONE)
        return fail(cx, FAULT_INVALID, .field = "quota", .how = HOW_TOO_SMALL, .min = QUOTA_NONE, .max = INT64_MAX);
    return store_drive_set_quota(cx, drive, quota, cx->now);
}
