#include "drive/graft.h"

#include "drive/access.h"
#include "drive/erase.h"
#include "drive/event.h"
#include "drive/place.h"
#include "drive/share.h"
#include "drive/site.h"
#include "drive/tree.h"
#include "store/drives.h"
#include "store/nodes.h"
#include "store/tasks.h"

int category_by(const struct node *node)
{
    return node->kind == NODE_FILE ? (int)category_of(node->name, node->media_type) : CATEGORY_NONE;
}

enum fault graft_charge(struct cx *cx, id drive, int64_t used, int64_t reserved)
{
    bool fits = true;
    if (used || reserved)
        TRY(store_drive_charge(cx, drive, used, reserved, &fits));
    return fits ? OK : fail(cx, FAULT_QUOTA, .thing = THING_DRIVE, .min = used + reserved);
}

enum fault graft_check_name(struct cx *cx, str name)
{
    return name.p ? node_check_name(cx, name, "new_name") : OK;
}

enum fault graft_look_for_room(struct cx *cx, const struct node *node, str name, const struct drive *drive,
                               const struct node *parent, enum conflict conflict, struct node *in_the_way, bool *exists)
{
    struct node would = *node;
    would.id = ID_NONE; /* the one it is made of may be in the way too */
    would.drive = drive->id;
    would.parent = parent->id;
    if (name.p)
        would.name = name;
    *exists = false;
    return conflict == CONFLICT_REFUSE ? place_settle(cx, &would, conflict, exists, in_the_way) : OK;
}

enum fault graft_check_depth(struct cx *cx, const struct drive *drive, const struct node *parent, int height)
{
    int  depth;
    bool through;
    TRY(tree_depth(cx, drive, parent->id, ID_NONE, &depth, &through));
    if (depth + 1 + height > DEPTH_MAX)
        return fail(cx, FAULT_TOO_DEEP, .thing = THING_PARENT, .max = DEPTH_MAX);
    return OK;
}

/* ---- folders ---- */

void graft_next_folder(struct task *task)
{
    task->at_folder++;
    task->at_key = 0;
    task->at_node = ID_NONE;
}

void graft_enter(struct task *task, enum graft phase)
{
    task->phase = phase;
    task->at_folder = 0;
    graft_next_folder(task);
}

enum fault graft_push(struct cx *cx, struct task *task, id from, id to, int depth)
{
    const struct task_folder folder = { .number = ++task->folders, .from = from, .to = to, .depth = depth };
    if (depth > DEPTH_MAX)
        return fail(cx, FAULT_TOO_DEEP, .thing = THING_PARENT, .max = DEPTH_MAX);
    if (depth > task->height)
        task->height = depth;
    return store_task_folder_add(cx, task->id, &folder);
}

enum fault graft_count(struct cx *cx, const struct task *task, struct task_turn *turn)
{
    if (task->total || task->phase != GRAFT_BUILD)
        return OK;
    TRY(store_tree_nodes(cx, task->drive, task->node, 2 * DEPTH_MAX, &turn->total));
    return OK;
}

bool graft_undo(struct task *task)
{
    if (task->phase != GRAFT_BUILD && task->phase != GRAFT_ATTACH)
        return false;
    graft_enter(task, GRAFT_UNDO);
    return true;
}

/* ---- attaching ---- */

enum fault graft_attach(struct cx *cx, struct task *task, const struct drive *drive, const struct node *parent)
{
    struct node top, in_the_way;
    bool        taken;
    TRY(graft_check_depth(cx, drive, parent, (int)task->height));
    TRY(store_node(cx, task->to_drive, task->made, &top));
    top.parent = parent->id;
    top.origin = ID_NONE;
    top.trashed = (instant){ 0 };
    if (task->name.p) {
        top.name = task->name;
        top.category = category_by(&top);
    }
    TRY(place_settle(cx, &top, (enum conflict)task->conflict, &taken, &in_the_way));
    if (taken)
        return fail(cx, FAULT_EXISTS, .thing = THING_NODE, .got = top.name, .other = in_the_way.id.v);
    TRY(store_node_place(cx, &top));
    TRY(event_add(cx, drive->id, top.id, EVENT_CREATE));
    graft_enter(task, GRAFT_TELL);
    return OK;
}

enum fault graft_source(struct cx *cx, const struct task *task, unsigned actions)
{
    struct drive drive;
    struct node  top;
    int          where;
    enum fault fault = store_drive(cx, cx->site->domain.id, task->drive, &drive);
    if (fault == OK)
        fault = store_node(cx, task->drive, task->node, &top);
    if (fault == FAULT_NOT_FOUND)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_NODE);
    TRY(fault);
    TRY(node_where(cx, &drive, &top, &where));
    if (where != SCOPE_LIVE)
        return fail(cx, where ? FAULT_TRASHED : FAULT_NOT_FOUND, .thing = THING_NODE);
    return task->share.v ? share_require(cx, task->share, &drive, &top, actions)
                         : access_require(cx, &drive, &top, actions);
}

enum fault graft_target(struct cx *cx, const struct task *task, struct drive *drive, struct node *parent)
{
    int where;
    enum fault fault = store_drive(cx, cx->site->domain.id, task->to_drive, drive);
    if (fault == FAULT_NOT_FOUND)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_DRIVE);
    TRY(fault);
    fault = store_node(cx, drive->id, task->to_parent, parent);
    if (fault == FAULT_NOT_FOUND)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_PARENT);
    TRY(fault);
    TRY(node_where(cx, drive, parent, &where));
    if (where != SCOPE_LIVE)
        return fail(cx, where ? FAULT_TRASHED : FAULT_NOT_FOUND, .thing = THING_PARENT);
    return task->to_share.v ? share_require(cx, task->to_share, drive, parent, ACTION_CREATE)
                            : access_require(cx, drive, parent, ACTION_CREATE);
}

/* ---- the phases ---- */

static enum fault tell(struct cx *cx, const struct graft_work *work, struct task *task, int *budget)
{
    struct task_folder folder;
    struct list        children;
    while (*budget > 0 && task->at_folder <= task->folders) {
        TRY(store_task_folder(cx, task->id, task->at_folder, &folder));
        TRY(tree_children(cx, task->to_drive, folder.to, task->at_key, task->at_node, *budget, &children));
        const struct node *child = children.items;
        for (size_t i = 0; i < children.count; i++) {
            TRY(event_add(cx, task->to_drive, child[i].id, EVENT_CREATE));
            if (work->told)
                TRY(work->told(cx, task, &child[i]));
            task->at_key = child[i].created.ms;
            task->at_node = child[i].id;
        }
        *budget -= (int)children.count + 1;
        if (children.count)
            continue;
        TRY(store_task_folder_remove(cx, task->id, folder.number));
        graft_next_folder(task);
    }
    if (task->at_folder > task->folders)
        task_end(cx, task, TASK_SUCCEEDED);
    return OK;
}

static enum fault forget_folders(struct cx *cx, struct task *task, int *budget, bool *left)
{
    while (*budget > 0 && task->at_folder <= task->folders) {
        TRY(store_task_folder_remove(cx, task->id, task->at_folder++));
        --*budget;
    }
    *left = task->at_folder <= task->folders;
    return OK;
}

enum fault graft_erase(struct cx *cx, struct task *task, int *budget)
{
    struct erase erase = { .drive = task->to_drive };
    bool         left, folders_left;
    TRY(tree_erase_hidden(cx, &erase, task->id, budget, &left));
    TRY(forget_folders(cx, task, budget, &folders_left));
    if (left || folders_left)
        return OK;
    task->failed = task->done;
    task->done = 0;
    task_end(cx, task, TASK_FAILED);
    return OK;
}

enum fault graft_slice(struct cx *cx, const struct graft_work *work, struct task *task, struct task_turn *turn,
                       int *budget)
{
    for (; *budget > 0 && task->state == TASK_RUNNING; --*budget)
        switch ((enum graft)task->phase) {
        case GRAFT_BUILD:  TRY(work->build(cx, task, turn, budget)); break;
        case GRAFT_ATTACH: TRY(work->attach(cx, task, budget)); break;
        case GRAFT_TELL:   TRY(tell(cx, work, task, budget)); break;
        case GRAFT_UNDO:   TRY(work->undo(cx, task, budget)); break;
        }
    return OK;
}
