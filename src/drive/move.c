#include "drive/move.h"

#include "drive/access.h"
#include "drive/erase.h"
#include "drive/event.h"
#include "drive/graft.h"
#include "drive/place.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/grants.h"
#include "store/nodes.h"
#include "store/revisions.h"
#include "store/tasks.h"

/* ---- carrying rows over ---- */

/* Rows that go from one drive to another; the way back is not charged: the room was kept. */
static enum fault carry(struct cx *cx, struct task *task, const struct node *nodes, size_t count, bool back)
{
    const id from = back ? task->to_drive : task->drive, to = back ? task->drive : task->to_drive;
    int64_t  bytes = 0, revisions;
    for (size_t i = 0; i < count; i++) {
        const struct node *node = &nodes[i];
        if (!back)
            TRY(uploads_end(cx, node));
        if (node->kind == NODE_FILE)
            bytes += node->size;
        if (node->version > 1) {
            TRY(store_revisions_size(cx, from, node->id, &revisions));
            bytes += revisions;
        }
        TRY(store_node_carry(cx, from, node->id, to));
    }
    task->reserved += back ? -bytes : bytes;
    TRY(graft_charge(cx, task->to_drive, back ? -bytes : bytes, 0));
    return graft_charge(cx, task->drive, back ? bytes : -bytes, back ? -bytes : bytes);
}

/* ---- BUILD ---- */

static enum fault build_top(struct cx *cx, struct task *task, const struct node *hidden)
{
    TRY(carry(cx, task, hidden, 1, false));
    task->made = hidden->id;
    task->done++;
    task->at_folder = 1;
    return hidden->kind == NODE_FOLDER ? graft_push(cx, task, hidden->id, hidden->id, 0) : OK;
}

/* What was carried is no longer below the source, so it is always the first that is left. */
static enum fault carry_children(struct cx *cx, struct task *task, const struct task_folder *folder, int *budget,
                                 size_t *count)
{
    struct list children;
    TRY(tree_children(cx, task->drive, folder->from, 0, ID_NONE, *budget, &children));
    const struct node *child = children.items;
    for (size_t i = 0; i < children.count; i++)
        if (child[i].kind == NODE_FOLDER)
            TRY(graft_push(cx, task, child[i].id, child[i].id, folder->depth + 1));
    TRY(carry(cx, task, child, children.count, false));
    task->done += (int64_t)children.count;
    *budget -= (int)children.count + 1;
    *count = children.count;
    return OK;
}

static enum fault both_drives(struct cx *cx, const struct task *task, struct drive *from, struct drive *to)
{
    enum fault fault = store_drive(cx, cx->site->domain.id, task->drive, from);
    if (fault == OK)
        fault = store_drive(cx, cx->site->domain.id, task->to_drive, to);
    return fault == FAULT_NOT_FOUND ? fail(cx, FAULT_NOT_FOUND, .thing = THING_DRIVE) : fault;
}

static enum fault build(struct cx *cx, struct task *task, struct task_turn *turn, int *budget)
{
    struct task_folder folder;
    struct drive       from, to;
    size_t             count;
    (void)turn;
    TRY(both_drives(cx, task, &from, &to));
    while (*budget > 0 && task->at_folder <= task->folders) {
        TRY(store_task_folder(cx, task->id, task->at_folder, &folder));
        TRY(carry_children(cx, task, &folder, budget, &count));
        if (!count)
            graft_next_folder(task);
    }
    if (task->at_folder > task->folders)
        graft_enter(task, GRAFT_ATTACH);
    return OK;
}

/* ---- ATTACH ---- */

static enum fault unbook(struct cx *cx, struct task *task)
{
    const int64_t back = -task->reserved;
    task->reserved = 0;
    return graft_charge(cx, task->drive, 0, back);
}

/* The tree has no other place to be: where its target went to the bin or is gone meanwhile, it stands where
 * what is restored would. */
static enum fault attach(struct cx *cx, struct task *task, int *budget)
{
    struct drive from, to;
    struct node  top, parent;
    (void)budget;
    TRY(both_drives(cx, task, &from, &to));
    TRY(store_node(cx, task->to_drive, task->made, &top));
    TRY(place_live(cx, &to, task->to_parent, &parent));
    TRY(graft_attach(cx, task, &to, &parent));
    TRY(event_add_from(cx, task->drive, top.id, EVENT_DELETE, top.origin));
    TRY(store_grants_remove_on(cx, task->drive, top.id));
    return unbook(cx, task);
}

static enum fault tell_source(struct cx *cx, const struct task *task, const struct node *node)
{
    TRY(store_grants_remove_on(cx, task->drive, node->id));
    return event_add_from(cx, task->drive, node->id, EVENT_DELETE, node->parent);
}

/* ---- UNDO ---- */

static enum fault carry_back(struct cx *cx, struct task *task, int *budget, bool *left)
{
    struct task_folder folder;
    struct list        nodes;
    *left = true;
    while (*budget > 0 && task->at_folder <= task->folders) {
        TRY(store_task_folder(cx, task->id, task->at_folder, &folder));
        TRY(tree_children(cx, task->to_drive, folder.to, 0, ID_NONE, *budget, &nodes));
        TRY(carry(cx, task, nodes.items, nodes.count, true));
        *budget -= (int)nodes.count + 1;
        if (nodes.count)
            continue;
        TRY(store_task_folder_remove(cx, task->id, folder.number));
        graft_next_folder(task);
    }
    if (task->at_folder <= task->folders)
        return OK;
    TRY(tree_children(cx, task->to_drive, task->id, 0, ID_NONE, 1, &nodes));
    TRY(carry(cx, task, nodes.items, nodes.count, true));
    *left = false;
    return OK;
}

static enum fault put_back(struct cx *cx, const struct task *task)
{
    struct drive drive;
    struct node  top, parent, in_the_way;
    bool         taken;
    const enum fault fault = store_drive(cx, cx->site->domain.id, task->drive, &drive);
    if (fault == FAULT_NOT_FOUND)
        return OK; /* deleted meanwhile, with all that is in it */
    TRY(fault);
    TRY(store_node(cx, task->drive, task->node, &top));
    TRY(place_live(cx, &drive, top.origin, &parent));
    top.parent = parent.id;
    top.origin = ID_NONE;
    top.trashed = (instant){ 0 };
    TRY(place_settle(cx, &top, CONFLICT_STAMP, &taken, &in_the_way));
    TRY(store_node_place(cx, &top));
    return event_add(cx, drive.id, top.id, EVENT_RESTORE);
}

static enum fault undo(struct cx *cx, struct task *task, int *budget)
{
    bool left;
    TRY(carry_back(cx, task, budget, &left));
    if (left)
        return OK;
    TRY(unbook(cx, task));
    TRY(put_back(cx, task));
    task->failed = task->done;
    task->done = 0;
    task_end(cx, task, TASK_FAILED);
    return OK;
}

static enum fault slice(struct cx *cx, struct task *task, struct task_turn *turn, int *budget)
{
    static const struct graft_work work = { .build = build, .attach = attach, .told = tell_source, .undo = undo };
    return graft_slice(cx, &work, task, turn, budget);
}

const struct task_work task_move = { .name = "move", .look = graft_count, .slice = slice, .undo = graft_undo };

/* ---- moving ---- */

unsigned move_actions(bool to_another_drive)
{
    return to_another_drive ? ACTION_MOVE | ACTION_DELETE | ACTION_COPY | ACTION_DOWNLOAD : ACTION_MOVE;
}

static enum fault check_place(struct cx *cx, const struct move_want *want, bool same_folder)
{
    int  depth, height = 0;
    bool through;
    TRY(tree_depth(cx, &want->to, want->parent.id, want->node.id, &depth, &through));
    if (through)
        return fail(cx, FAULT_INVALID, .thing = THING_PARENT, .because = "a folder does not go into itself");
    if (same_folder)
        return OK;
    TRY(tree_height(cx, &want->from, &want->node, want->known, &height));
    if (depth + 1 + height > DEPTH_MAX)
        return fail(cx, FAULT_TOO_DEEP, .thing = THING_PARENT, .max = DEPTH_MAX);
    return OK;
}

static enum fault move_within(struct cx *cx, const struct move_want *want, struct moved *out)
{
    bool        taken;
    struct node moved = want->node, in_the_way;
    const bool  same_folder = want->parent.id.v == want->node.parent.v;
    if (same_folder && (!want->name.p || str_eq(want->name, want->node.name)))
        return OK; /* there it is */
    TRY(check_place(cx, want, same_folder));
    moved.parent = want->parent.id;
    moved.modified = cx->now;
    if (want->name.p) {
        moved.name = want->name;
        moved.category = category_by(&moved);
    }
    TRY(place_settle(cx, &moved, want->conflict, &taken, &in_the_way));
    out->exists = taken;
    out->node = taken ? in_the_way : moved;
    if (taken)
        return OK;
    TRY(store_node_place(cx, &moved));
    if (same_folder)
        return event_add(cx, moved.drive, moved.id, EVENT_RENAME);
    return event_add_from(cx, moved.drive, moved.id, EVENT_MOVE, want->node.parent);
}

static enum fault move_over(struct cx *cx, const struct move_want *want, struct moved *out)
{
    struct task task = { .kind = TASK_MOVE, .drive = want->from.id, .node = want->node.id, .to_drive = want->to.id,
                         .to_parent = want->parent.id, .name = want->name, .conflict = (int)want->conflict };
    struct node hidden = want->node;
    TRY(place_check_parent(cx, &want->to, &want->parent));
    TRY(graft_look_for_room(cx, &want->node, want->name, &want->to, &want->parent, want->conflict, &out->node,
                            &out->exists));
    if (out->exists)
        return OK;
    TRY(task_begin(cx, &task));
    TRY(tree_hide(cx, &hidden, task.id));
    TRY(build_top(cx, &task, &hidden));
    TRY(task_start(cx, &task, TASK_SLICE, false));
    if (want->name.p)
        out->node.name = want->name;
    if (task.state == TASK_SUCCEEDED)
        return store_node(cx, want->to.id, task.made, &out->node);
    out->task = task.id;
    return task.phase <= GRAFT_ATTACH
               ? event_add_from(cx, want->from.id, want->node.id, EVENT_TRASH, want->node.parent) : OK;
}

enum fault node_move(struct cx *cx, const struct move_want *want, struct moved *out)
{
    const bool over = want->from.id.v != want->to.id.v;
    *out = (struct moved){ .node = want->node };
    TRY(graft_check_name(cx, want->name));
    if (node_is_root(&want->from, &want->node))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_NODE, .because = "the root folder stays");
    if (want->parent.kind != NODE_FOLDER)
        return fail(cx, FAULT_NOT_FOLDER, .thing = THING_PARENT);
    TRY(access_require(cx, &want->from, &want->node, move_actions(over)));
    return over ? move_over(cx, want, out) : move_within(cx, want, out);
}
