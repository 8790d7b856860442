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

/* So many people are looked up for one decision; what still others lent gives nothing. It bounds the work,
 * which would else double with each hand that something may come through. */
enum { PEOPLE_MAX = 16, NOBODY = -1 };

/* The node and the folders above it, itself first. */
struct way {
    const struct drive *drive;
    id                  ids[DEPTH_MAX + 2];
    size_t              count;
};

/* What one grant gives to one of the people. */
struct gift {
    struct gift *next; /* at the same place */
    int          to, from; /* among the people; from NOBODY: it is not lent */
    unsigned     actions;
};

struct person_on_way {
    id       user;
    unsigned has;           /* so far, coming down the way */
    size_t   wanted, known; /* the places from `known` on are looked up; those from `wanted` on are to be */
};

/* Who is asked about, first, and whoever lent something to one of them. */
struct people {
    struct way           way;
    struct person_on_way all[PEOPLE_MAX];
    int                  count;
    struct gift         *gifts[DEPTH_MAX + 2]; /* by place */
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

/* A lender's place among the people; NOBODY where he has gone or is disabled, or they are too many. Drives of
 * others are open to administrators as such, who do not lend. */
static enum fault lender_of(struct cx *cx, struct people *people, id user, size_t at, int *out)
{
    struct user row;
    for (*out = 0; *out < people->count; ++*out)
        if (people->all[*out].user.v == user.v) {
            if (at < people->all[*out].wanted)
                people->all[*out].wanted = at;
            return OK;
        }
    *out = NOBODY;
    const enum fault fault = store_user(cx, user, &row);
    if (fault == FAULT_NOT_FOUND || (fault == OK && (row.status != STATUS_ENABLED || people->count == PEOPLE_MAX)))
        return OK;
    TRY(fault);
    struct person_on_way *lender = &people->all[people->count];
    *lender = (struct person_on_way){ .user = user, .wanted = at, .known = people->way.count };
    TRY(role_in_drive(cx, people->way.drive, user, &lender->has));
    *out = people->count++;
    return OK;
}

/* Members of a shared folder may do in it what they like, not to it. */
static enum fault take_grant(struct cx *cx, struct people *people, int to, size_t at, const struct grant *grant)
{
    int from = NOBODY;
    if (grant->lent)
        TRY(lender_of(cx, people, grant->creator, at, &from));
    if (grant->lent && from == NOBODY)
        return OK;
    struct gift *gift = ARENA_NEW(cx->arena, struct gift);
    *gift = (struct gift){ .next = people->gifts[at], .to = to, .from = from, .actions = (unsigned)grant->actions };
    if (grant->role)
        gift->actions = access_of_role(grant->role) & (at ? ~0U : ~(unsigned)(ACTION_DELETE | ACTION_MOVE));
    people->gifts[at] = gift;
    return OK;
}

static enum fault look_up(struct cx *cx, struct people *people, int one, size_t at)
{
    const struct way *way = &people->way;
    struct list       grants;
    TRY(store_grants_reaching(cx, way->drive->id, way->ids[at], people->all[one].user, &grants));
    for (size_t i = 0; i < grants.count; i++)
        TRY(take_grant(cx, people, one, at, &((const struct grant *)grants.items)[i]));
    return OK;
}

/* Until nobody is found any more: whom it is from may be wanted from lower on than he was known. */
static enum fault look_all_up(struct cx *cx, struct people *people)
{
    for (bool found = true; found;) {
        found = false;
        for (int i = 0; i < people->count; i++)
            for (; people->all[i].known > people->all[i].wanted; found = true)
                TRY(look_up(cx, people, i, --people->all[i].known));
    }
    return OK;
}

/* From the root down to the node, at each place again and again until nobody has more than before: what two
 * lend to each other is then nothing, as they begin with nothing. */
static unsigned give_all(struct people *people)
{
    for (size_t at = people->way.count; at-- > 0;)
        for (bool more = true; more;) {
            more = false;
            for (const struct gift *g = people->gifts[at]; g; g = g->next) {
                const unsigned lent = g->from == NOBODY ? ACTION_ALL : people->all[g->from].has;
                unsigned      *has = &people->all[g->to].has;
                more |= (g->actions & lent & ~*has) != 0;
                *has |= g->actions & lent;
            }
        }
    return people->all[0].has;
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
    struct people people = { .way.drive = drive, .count = 1 };
    way_up(cx, node, &people.way);
    people.all[0] = (struct person_on_way){ .user = cx->caller->user, .has = *actions, .known = people.way.count };
    TRY(look_all_up(cx, &people));
    *actions = give_all(&people);
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
