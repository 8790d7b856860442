#include "drive/copy.h"

#include "drive/access.h"
#include "drive/blob.h"
#include "drive/event.h"
#include "drive/graft.h"
#include "drive/place.h"
#include "drive/tree.h"
#include "store/nodes.h"
#include "store/store.h"
#include "store/tasks.h"

enum { FOLDERS_LOOKED_AT = 1000 };

/* ---- one node ---- */

/* What a copy has of its own: numbers, authors and times. */
static enum fault make_own(struct cx *cx, const struct task *task, struct node *node)
{
    TRY(store_next_id(cx, &node->id));
    node->revision = ID_NONE;
    if (node->kind == NODE_FILE) {
        TRY(store_next_id(cx, &node->revision));
        node->version = 1;
    }
    node->creator = node->editor = cx->caller->user;
    node->created = node->modified = cx->now;
    if (!task->keep_tags)
        node->tags = S0;
    return OK;
}

/* A name that came to be taken while the source was changed under the task gets a duplicate number. */
static enum fault add_row(struct cx *cx, struct node *node)
{
    enum fault fault = store_node_add(cx, node);
    if (fault == FAULT_EXISTS) {
        TRY(store_node_next_duplicate(cx, node->drive, node->parent, node->name, &node->duplicate));
        fault = store_node_add(cx, node);
    }
    return fault == FAULT_EXISTS ? fail(cx, FAULT_EXISTS, .thing = THING_NODE, .got = node->name) : fault;
}

/* Makes `node`, as it was read, its own copy, a child of `parent`; adds to `bytes` what it takes. */
static enum fault add_copy(struct cx *cx, const struct task *task, struct node *node, id parent, int64_t *bytes)
{
    TRY(make_own(cx, task, node));
    node->drive = task->to_drive;
    node->parent = parent;
    if (node->content.v)
        TRY(blob_refer(cx, node->content));
    if (node->kind == NODE_FILE)
        *bytes += node->size;
    return add_row(cx, node);
}

/* ---- BUILD ---- */

static enum fault build_top(struct cx *cx, struct task *task, const struct node *from, struct node *top)
{
    int64_t bytes = 0;
    *top = *from;
    TRY(add_copy(cx, task, top, task->id, &bytes));
    task->made = top->id;
    task->done++;
    task->at_folder = 1;
    if (task->name.p)
        top->name = task->name; /* as it will be */
    return graft_push(cx, task, from->id, top->id, 0);
}

unsigned copy_actions(bool in_share)
{
    return in_share ? ACTION_COPY : ACTION_COPY | ACTION_DOWNLOAD;
}

static enum fault copy_children(struct cx *cx, struct task *task, const struct task_folder *folder,
                                const struct list *children)
{
    int64_t bytes = 0;
    const struct node *child = children->items;
    for (size_t i = 0; i < children->count; i++) {
        struct node node = child[i];
        TRY(add_copy(cx, task, &node, folder->to, &bytes));
        if (node.kind == NODE_FOLDER)
            TRY(graft_push(cx, task, child[i].id, node.id, folder->depth + 1));
        task->at_key = child[i].created.ms;
        task->at_node = child[i].id;
    }
    task->done += (int64_t)children->count;
    return graft_charge(cx, task->to_drive, bytes, 0);
}

static enum fault build(struct cx *cx, struct task *task, struct task_turn *turn, int *budget)
{
    struct task_folder folder;
    struct list        children;
    (void)turn;
    TRY(graft_source(cx, task, copy_actions(task->share.v != 0)));
    while (*budget > 0 && task->at_folder <= task->folders) {
        TRY(store_task_folder(cx, task->id, task->at_folder, &folder));
        TRY(tree_children(cx, task->drive, folder.from, task->at_key, task->at_node, *budget, &children));
        TRY(copy_children(cx, task, &folder, &children));
        *budget -= (int)children.count + 1;
        if (!children.count)
            graft_next_folder(task);
    }
    if (task->at_folder > task->folders)
        graft_enter(task, GRAFT_ATTACH);
    return OK;
}

/* ---- ATTACH ---- */

static enum fault attach(struct cx *cx, struct task *task, int *budget)
{
    struct drive drive;
    struct node  parent;
    (void)budget;
    TRY(graft_target(cx, task, &drive, &parent));
    return graft_attach(cx, task, &drive, &parent);
}

static enum fault slice(struct cx *cx, struct task *task, struct task_turn *turn, int *budget)
{
    static const struct graft_work work = { .build = build, .attach = attach, .undo = graft_erase };
    return graft_slice(cx, &work, task, turn, budget);
}

const struct task_work task_copy = { .name = "copy", .look = graft_count, .slice = slice, .undo = graft_undo,
                                     .by_right = true };

/* ---- copying ---- */

/* Of a tree that is soon measured; a larger one finds out while it is built. */
static enum fault check_height(struct cx *cx, const struct copy_want *want)
{
    int64_t folders;
    int     height;
    TRY(store_tree_folders(cx, want->from.id, want->node.id, FOLDERS_LOOKED_AT, DEPTH_MAX + 2, &folders, &height));
    return graft_check_depth(cx, &want->to, &want->parent, height);
}

static enum fault copy_file(struct cx *cx, const struct copy_want *want, const struct task *task, struct node *out)
{
    int64_t     bytes = 0;
    struct node in_the_way;
    bool        taken;
    *out = want->node;
    out->drive = want->to.id;
    out->parent = want->parent.id;
    if (want->name.p) {
        out->name = want->name;
        out->category = category_by(out);
    }
    out->id = ID_NONE; /* it is in its own way, in its own folder */
    TRY(place_settle(cx, out, want->conflict, &taken, &in_the_way));
    TRY(add_copy(cx, task, out, want->parent.id, &bytes));
    TRY(graft_charge(cx, want->to.id, bytes, 0));
    return event_add(cx, out->drive, out->id, EVENT_CREATE);
}

enum fault node_copy(struct cx *cx, const struct copy_want *want, struct copied *out)
{
    struct task task = { .kind = TASK_COPY, .drive = want->from.id, .node = want->node.id, .to_drive = want->to.id,
                         .to_parent = want->parent.id, .name = want->name, .conflict = (int)want->conflict,
                         .keep_tags = want->keep_tags, .share = want->share, .to_share = want->to_share };
    *out = (struct copied){ 0 };
    TRY(graft_check_name(cx, want->name));
    if (node_is_root(&want->from, &want->node))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_NODE, .because = "a root folder is no file to copy");
    TRY(place_check_parent(cx, &want->to, &want->parent));
    TRY(graft_look_for_room(cx, &want->node, want->name, &want->to, &want->parent, want->conflict, &out->node,
                            &out->exists));
    if (out->exists)
        return OK;
    if (want->node.kind == NODE_FILE)
        return copy_file(cx, want, &task, &out->node);
    TRY(check_height(cx, want));
    TRY(task_begin(cx, &task));
    TRY(build_top(cx, &task, &want->node, &out->node));
    out->task = task.id;
    return task_start(cx, &task, TASK_SLICE, true);
}
