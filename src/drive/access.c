/* The decision. A caller's actions on a drive come from what he is to it; grants on a folder add to those
 * for what lies below. Nothing here takes rights away, so the order of the steps does not matter. */
#include "drive/access.h"

#include "drive/share.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/groups.h"
#include "store/nodes.h"

static unsigned actions_of(int role)
{
    enum {
        VIEW = ACTION_LIST | ACTION_PREVIEW | ACTION_DOWNLOAD | ACTION_COPY,
        EDIT = VIEW | ACTION_CREATE | ACTION_EDIT | ACTION_DELETE,
    };
    switch (role) {
    case SHARE_VIEWER:  return VIEW;
    case SHARE_EDITOR:  return EDIT;
    case SHARE_MANAGER: return EDIT | ACTION_SHARE;
    case SHARE_OWNER:   return ACTION_ALL;
    default:            return 0;
    }
}

/* An app reaches into a personal drive only where the vendor's rules let it: as the domain's own key, or
 * as the drive's owner. A caller acting as a user is that user here. */
enum fault access_to_drive(struct cx *cx, const struct drive *drive, unsigned *actions)
{
    const struct caller *caller = cx->caller;
    int role = 0;
    *actions = 0;
    if (!caller || caller->domain.v != drive->domain.v || caller->visit || caller->is_guest)
        return OK;
    if (caller_is_admin(caller) && !(caller->by_app && caller->user.v && drive->owner_kind == OWNER_USER
                                     && drive->owner.v != caller->user.v)) {
        *actions = ACTION_ALL;
        return OK;
    }
    if (drive->owner_kind == OWNER_USER) {
        *actions = drive->owner.v == caller->user.v ? ACTION_ALL : 0;
        return OK;
    }
    TRY(store_group_role(cx, drive->owner, caller->user, &role));
    *actions = drive->is_closed && role < SHARE_OWNER ? 0 : actions_of(role);
    if (drive->is_staff && caller->user.v)
        *actions |= actions_of(SHARE_VIEWER);
    return OK;
}

static bool is_above_or_self(const struct list *path, id node)
{
    const id *ids = path->items;
    for (size_t i = 0; i < path->count; i++)
        if (ids[i].v == node.v)
            return true;
    return false;
}

/* The node and the folders above it, up to the root or the bin. A trashed folder is followed on from
 * where it came, so that what a grant reached stays reached in the bin. */
static enum fault path_up(struct cx *cx, const struct drive *drive, const struct node *node, struct list *out)
{
    id            *ids = ARENA_MANY(cx->arena, id, DEPTH_MAX + 2);
    struct step_up step;
    ids[0] = node->id;
    *out = (struct list){ ids, 1 };
    for (id at = node->trashed.ms ? node->origin : node->parent; at.v && out->count < DEPTH_MAX + 2; at = step.parent) {
        ids[out->count++] = at;
        if (at.v == drive->root.v || store_node_step_up(cx, drive->id, at, &step) != OK)
            break;
    }
    return OK;
}

enum fault access_to_node(struct cx *cx, const struct drive *drive, const struct node *node, unsigned *actions)
{
    struct list grants, path;
    if (share_visit(cx))
        return share_actions(cx, drive, node, actions);
    TRY(access_to_drive(cx, drive, actions));
    if (*actions == ACTION_ALL || !cx->caller || !cx->caller->user.v || cx->caller->domain.v != drive->domain.v)
        return OK;
    TRY(store_grants_of(cx, drive->id, cx->caller->user, &grants));
    if (!grants.count)
        return OK;
    TRY(path_up(cx, drive, node, &path));
    const struct grant *grant = grants.items;
    for (size_t i = 0; i < grants.count; i++)
        if (is_above_or_self(&path, grant[i].node))
            *actions |= actions_of(grant[i].role);
    return OK;
}

enum fault access_require(struct cx *cx, const struct drive *drive, const struct node *node, unsigned wanted)
{
    unsigned actions;
    TRY(access_to_node(cx, drive, node, &actions));
    if (!(actions & ACTION_LIST))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_NODE);
    if (drive->status != STATUS_ENABLED)
        return fail(cx, FAULT_DISABLED, .thing = THING_DRIVE);
    if ((actions & wanted) != wanted)
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_NODE);
    return OK;
}
