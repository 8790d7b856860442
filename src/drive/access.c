/* The decision. A caller's actions on a drive come from what he is to it; grants on a folder add to those
 * for what lies below. Nothing here takes rights away, so the order of the steps does not matter.
 *
 * Whoever has his rights from a grant and passes them on lends: what he lent holds only as far as he still
 * has the same rights, which is looked up each time, so that nobody keeps more than the one he has it from. */
#include "drive/access.h"

#include "drive/share.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/grants.h"
#include "store/groups.h"
#include "store/nodes.h"
#include "store/people.h"

unsigned access_of_role(int role)
{
    enum {
        VIEW = ACTION_LIST | ACTION_PREVIEW | ACTION_DOWNLOAD | ACTION_COPY,
        EDIT = VIEW | ACTION_CREATE | ACTION_EDIT | ACTION_MOVE | ACTION_DELETE,
    };
    switch (role) {
    case SHARE_VIEWER:  return VIEW;
    case SHARE_EDITOR:  return EDIT;
    case SHARE_MANAGER: return EDIT | ACTION_SHARE | ACTION_GRANT;
    case SHARE_OWNER:   return ACTION_ALL;
    default:            return 0;
    }
}

/* What a user may do in all of a drive as its owner or by a group. */
static enum fault role_in_drive(struct cx *cx, const struct drive *drive, id user, unsigned *actions)
{
    int role = 0;
    *actions = 0;
    if (drive->owner_kind == OWNER_USER) {
        *actions = user.v && drive->owner.v == user.v ? ACTION_ALL : 0;
        return OK;
    }
    TRY(store_group_role(cx, drive->owner, user, &role));
    *actions = drive->is_closed && role < SHARE_OWNER ? 0 : access_of_role(role);
    if (drive->is_staff && user.v)
        *actions |= access_of_role(SHARE_VIEWER);
    return OK;
}

/* An app reaches into a personal drive only where the vendor's rules let it: as the domain's own key, or
 * as the drive's owner. A caller acting as a user is that user here. */
enum fault access_to_drive(struct cx *cx, const struct drive *drive, unsigned *actions)
{
    const struct caller *caller = cx->caller;
    *actions = 0;
    if (!caller || caller->domain.v != drive->domain.v || caller->visit || caller->is_guest)
        return OK;
    if (caller_is_admin(caller) && !(caller->by_app && caller->user.v && drive->owner_kind == OWNER_USER
                                     && drive->owner.v != caller->user.v)) {
        *actions = ACTION_ALL;
        return OK;
    }
    return role_in_drive(cx, drive, caller->user, actions);
}

/* ---- grants ---- */

/* Lent on from hand to hand no further than this; a longer chain gives nothing. */
enum { LENDERS_MAX = 8 };

/* The node and the folders above it, itself first. */
struct way {
    const struct drive *drive;
    id                  ids[DEPTH_MAX + 2];
    size_t              count;
};

/* For whom the grants are looked at; `before` are those who have lent it on to him. */
struct holder {
    id                   user;
    const struct holder *before;
    int                  lenders;
};

/* A trashed folder is followed on from where it came, so that what a grant reached stays reached in the
 * bin. */
static void way_up(struct cx *cx, const struct node *node, struct way *way)
{
    struct step_up step;
    way->ids[0] = node->id;
    way->count = 1;
    for (id at = node->trashed.ms ? node->origin : node->parent; at.v && way->count < COUNT(way->ids);
         at = step.parent) {
        way->ids[way->count++] = at;
        if (at.v == way->drive->root.v || store_node_step_up(cx, way->drive->id, at, &step) != OK)
            break;
    }
}

static enum fault reach(struct cx *cx, const struct way *way, size_t from, const struct holder *holder,
                        unsigned *actions);

/* What somebody who lent has himself now at the place he lent, or nothing where he has gone, is disabled, or
 * lives on what he lent. Drives of others are open to administrators as such, who do not lend. */
static enum fault lender_has(struct cx *cx, const struct way *way, size_t from, id lender,
                             const struct holder *holder, unsigned *actions)
{
    const struct holder next = { lender, holder, holder->lenders + 1 };
    struct user row;
    *actions = 0;
    for (const struct holder *h = holder; h; h = h->before)
        if (h->user.v == lender.v)
            return OK;
    if (next.lenders > LENDERS_MAX)
        return OK;
    const enum fault fault = store_user(cx, lender, &row);
    if (fault == FAULT_NOT_FOUND || (fault == OK && row.status != STATUS_ENABLED))
        return OK;
    TRY(fault);
    TRY(role_in_drive(cx, way->drive, lender, actions));
    return reach(cx, way, from, &next, actions);
}

/* Adds what one grant gives. Members of a shared folder may do in it what they like, not to it. */
static enum fault add_grant(struct cx *cx, const struct way *way, size_t at, const struct grant *grant,
                            const struct holder *holder, unsigned *actions)
{
    unsigned gives = (unsigned)grant->actions, lent = ACTION_ALL;
    if (grant->role)
        gives = access_of_role(grant->role) & (at ? ~0U : ~(unsigned)(ACTION_DELETE | ACTION_MOVE));
    if (grant->lent)
        TRY(lender_has(cx, way, at, grant->creator, holder, &lent));
    *actions |= gives & lent;
    return OK;
}

static enum fault reach(struct cx *cx, const struct way *way, size_t from, const struct holder *holder,
                        unsigned *actions)
{
    struct list grants;
    for (size_t i = from; i < way->count; i++) {
        TRY(store_grants_reaching(cx, way->drive->id, way->ids[i], holder->user, &grants));
        for (size_t k = 0; k < grants.count; k++)
            TRY(add_grant(cx, way, i, &((const struct grant *)grants.items)[k], holder, actions));
    }
    return OK;
}

enum fault access_has_grant(struct cx *cx, const struct drive *drive, bool *out)
{
    const struct caller *caller = cx->caller;
    *out = false;
    if (!caller || !caller->user.v || caller->domain.v != drive->domain.v)
        return OK;
    return store_grants_any(cx, drive->id, caller->user, out);
}

enum fault access_to_node(struct cx *cx, const struct drive *drive, const struct node *node, unsigned *actions)
{
    bool any;
    if (share_visit(cx))
        return share_actions(cx, drive, node, actions);
    TRY(access_to_drive(cx, drive, actions));
    if (*actions == ACTION_ALL)
        return OK;
    TRY(access_has_grant(cx, drive, &any));
    if (!any)
        return OK;
    const struct holder holder = { .user = cx->caller->user };
    struct way          way = { .drive = drive };
    way_up(cx, node, &way);
    return reach(cx, &way, 0, &holder, actions);
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
