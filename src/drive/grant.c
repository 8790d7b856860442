#include "drive/grant.h"

#include "drive/group.h"
#include "drive/site.h"
#include "drive/user.h"
#include "store/nodes.h"
#include "store/people.h"

/* ---- holders ---- */

enum fault grant_holder(struct cx *cx, int holder_kind, str text, const char *field, id *out)
{
    enum fault fault;
    if (holder_kind == OWNER_GROUP) {
        struct group group = { 0 };
        int64_t      number;
        fault = str_int64(text, &number) ? group_get(cx, (id){ number }, &group) : FAULT_NOT_FOUND;
        *out = group.id;
        if (fault == OK && group.kind == GROUP_SHARED_FOLDER)
            fault = FAULT_NOT_FOUND; /* its members are invited, and are in nothing else */
    } else {
        struct user user = { 0 };
        fault = store_user_by_public_id(cx, cx->site->domain.id, text, &user);
        *out = user.id;
    }
    if (fault != FAULT_NOT_FOUND)
        return fault;
    return fail(cx, FAULT_NOT_FOUND, .thing = holder_kind == OWNER_GROUP ? THING_GROUP : THING_USER, .field = field,
                .got = text);
}

enum fault grant_holder_text(struct cx *cx, const struct grant *grant, str *out)
{
    struct user_label label = { 0 };
    if (grant->holder_kind == OWNER_GROUP) {
        *out = arena_print(cx->arena, "%lld", (long long)grant->holder.v);
        return OK;
    }
    TRY(user_label(cx, grant->holder, &label));
    *out = label.public_id;
    return OK;
}

/* ---- giving and taking back ---- */

/* What the caller could pass on here, and whether it is not his own. */
static enum fault may_grant(struct cx *cx, const struct drive *drive, const struct node *node, unsigned *own,
                            bool *lends)
{
    unsigned of_drive;
    TRY(access_require(cx, drive, node, ACTION_GRANT));
    TRY(access_to_drive(cx, drive, &of_drive));
    *lends = !(of_drive & ACTION_GRANT);
    return access_to_node(cx, drive, node, own);
}

/* What others gave is for the drive's people to change. */
static enum fault may_change(struct cx *cx, const struct grant *there, bool lends)
{
    if (there->role)
        return fail(cx, FAULT_CONFLICT, .thing = THING_SHARED_FOLDER,
                    .because = "the folder is shared with the members of a group, who are invited");
    if (lends && !(there->lent && there->creator.v == cx->caller->user.v))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_NODE, .because = "somebody else gave this permission");
    return OK;
}

static enum fault check_want(struct cx *cx, const struct drive *drive, const struct node *node,
                             const struct grant *want, unsigned own)
{
    if (node_is_root(drive, node) && drive->owner_kind != OWNER_GROUP)
        return fail(cx, FAULT_INVALID, .field = "file_id", .how = HOW_OTHER, .got = S("root"),
                    .because = "the root folder of a personal drive cannot be shared");
    if (want->expires.ms && want->expires.ms <= cx->now.ms)
        return fail(cx, FAULT_INVALID, .field = "expire_time", .how = HOW_EXPIRED,
                    .got = arena_print(cx->arena, "%lld", (long long)want->expires.ms));
    if ((unsigned)want->actions & ~own)
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_NODE, .because = "nobody gives more than he has");
    return OK;
}

static enum fault check_room(struct cx *cx, const struct drive *drive, const struct node *node)
{
    int64_t count;
    TRY(store_grants_count(cx, drive->id, node->id, &count));
    if (count >= GRANTS_A_NODE_MAX)
        return fail(cx, FAULT_INVALID, .field = "member_list", .how = HOW_TOO_LARGE, .max = GRANTS_A_NODE_MAX,
                    .because = "too many members have a permission here; give it to a group");
    return OK;
}

enum fault grant_put(struct cx *cx, const struct drive *drive, const struct node *node, const struct grant *want)
{
    struct grant grant = *want, there;
    unsigned     own;
    TRY(may_grant(cx, drive, node, &own, &grant.lent));
    grant.actions |= ACTION_LIST;
    TRY(check_want(cx, drive, node, &grant, own));
    const enum fault fault = store_grant(cx, drive->id, node->id, grant.holder, &there);
    if (fault == OK)
        TRY(may_change(cx, &there, grant.lent));
    else if (fault == FAULT_NOT_FOUND)
        TRY(check_room(cx, drive, node));
    else
        return fault;
    grant.drive = drive->id;
    grant.node = node->id;
    grant.role = 0;
    grant.creator = cx->caller->user;
    grant.created = fault == OK ? there.created : cx->now;
    return store_grant_put(cx, &grant);
}

enum fault grant_remove(struct cx *cx, const struct drive *drive, const struct node *node, id holder, int label)
{
    struct grant there;
    unsigned     own;
    bool         lends;
    TRY(may_grant(cx, drive, node, &own, &lends));
    const enum fault fault = store_grant(cx, drive->id, node->id, holder, &there);
    if (fault == FAULT_NOT_FOUND || (fault == OK && label && there.label != label))
        return OK;
    TRY(fault);
    TRY(may_change(cx, &there, lends));
    return store_grant_remove(cx, drive->id, node->id, holder);
}

/* ---- what there is ---- */

static void add_live(const struct cx *cx, const struct list *found, struct grant *to, size_t *n)
{
    const struct grant *g = found->items;
    for (size_t i = 0; i < found->count; i++)
        if (!g[i].expires.ms || g[i].expires.ms > cx->now.ms)
            to[(*n)++] = g[i];
}

enum fault grant_list(struct cx *cx, const struct drive *drive, const struct node *node, struct list *out)
{
    struct list found;
    size_t      n = 0;
    TRY(access_require(cx, drive, node, ACTION_GRANT));
    TRY(store_grants_on(cx, drive->id, node->id, GRANTS_A_NODE_MAX, &found));
    add_live(cx, &found, found.items, &n);
    *out = (struct list){ found.items, n };
    return OK;
}

/* Of all places on the way. */
struct gathered {
    struct grant *items;
    size_t        count, room;
};

static enum fault append(struct cx *cx, struct gathered *all, const struct list *more)
{
    if (all->count + more->count > GRANTS_LISTED_MAX)
        return fail(cx, FAULT_INVALID, .thing = THING_NODE, .max = GRANTS_LISTED_MAX,
                    .because = "too many permissions stand above it to be told at once; ask at the folders themselves");
    if (all->count + more->count > all->room) {
        const size_t  room = 2 * (all->count + more->count);
        struct grant *grown = ARENA_MANY(cx->arena, struct grant, room);
        if (all->count)
            memcpy(grown, all->items, all->count * sizeof *grown);
        all->items = grown;
        all->room = room;
    }
    add_live(cx, more, all->items, &all->count);
    return OK;
}

enum fault grant_list_above(struct cx *cx, const struct drive *drive, const struct node *node, struct list *out)
{
    struct list     found;
    struct gathered all = { 0 };
    struct step_up  step = { .parent = node->parent };
    TRY(access_require(cx, drive, node, ACTION_GRANT));
    for (int depth = 0; !node_is_root(drive, node) && step.parent.v && depth <= DEPTH_MAX; depth++) {
        const id at = step.parent;
        TRY(store_grants_on(cx, drive->id, at, GRANTS_A_NODE_MAX, &found));
        TRY(append(cx, &all, &found));
        if (at.v == drive->root.v || store_node_step_up(cx, drive->id, at, &step) != OK)
            break;
    }
    *out = (struct list){ all.items, all.count };
    return OK;
}

enum fault grant_list_mine(struct cx *cx, const struct drive *drive, const struct node *node, struct list *out)
{
    struct list     found;
    struct gathered all = { 0 };
    struct step_up  step = { .parent = node->parent };
    id              at = node->id;
    TRY(access_require(cx, drive, node, ACTION_LIST));
    for (int depth = 0; at.v && depth <= DEPTH_MAX + 1; depth++) {
        TRY(store_grants_reaching(cx, drive->id, at, cx->caller->user, &found));
        TRY(append(cx, &all, &found));
        if (at.v == drive->root.v)
            break;
        at = step.parent;
        if (at.v && at.v != drive->root.v && store_node_step_up(cx, drive->id, at, &step) != OK)
            break;
    }
    *out = (struct list){ all.items, all.count };
    return OK;
}
