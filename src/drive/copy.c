/* drive/copy.c: making trees of trees.
 *
 * Phases of a task
 *   BUILD   the copies stand below the task, where nobody finds them. Folders are looked into in the order of
 *           their finding: task_folders has a row for each; at_folder, at_key and at_node say how far it is.
 *   ATTACH  the top is put into its folder: one row, and all is there. Of a move the source is gone by then.
 *   TELL    the events of what is below the top; its folders' rows go.
 *   CLEAN   of a move: the source is removed; old revisions go over to the other drive.
 *   UNDO    instead of ATTACH, after a fault: what was built is removed; a move's source is put back.
 */
#include "drive/copy.h"

#include "drive/access.h"
#include "drive/blob.h"
#include "drive/erase.h"
#include "drive/event.h"
#include "drive/place.h"
#include "drive/share.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/nodes.h"
#include "store/store.h"
#include "store/tasks.h"

enum phase { BUILD, ATTACH, TELL, CLEAN, UNDO };

enum { FOLDERS_LOOKED_AT = 1000 };

/* ---- one node ---- */

static int category_by(const struct node *node)
{
    return node->kind == NODE_FILE ? (int)category_of(node->name, node->media_type) : CATEGORY_NONE;
}

struct bytes {
    int64_t used, reserved;
};

static enum fault charge(struct cx *cx, id drive, const struct bytes *bytes)
{
    bool fits = true;
    if (bytes->used || bytes->reserved)
        TRY(store_drive_charge(cx, drive, bytes->used, bytes->reserved, &fits));
    return fits ? OK : fail(cx, FAULT_QUOTA, .thing = THING_DRIVE, .min = bytes->used + bytes->reserved);
}

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

/* Makes `node`, a copy of the one it was read from, a child of `parent`; `bytes` gets what it takes. */
static enum fault add_copy(struct cx *cx, const struct task *task, struct node *node, id parent, struct bytes *bytes)
{
    int64_t revisions = 0;
    if (task->kind == TASK_MOVE && node->version > 1)
        TRY(store_revisions_size(cx, node->drive, node->id, &revisions));
    if (task->kind != TASK_MOVE)
        TRY(make_own(cx, task, node));
    node->drive = task->to_drive;
    node->parent = parent;
    node->origin = ID_NONE;
    node->trashed = (instant){ 0 };
    if (node->content.v)
        TRY(blob_refer(cx, node->content));
    if (node->kind == NODE_FILE)
        bytes->used += node->size;
    bytes->reserved += revisions;
    return add_row(cx, node);
}

/* ---- BUILD ---- */

static enum fault push_folder(struct cx *cx, struct task *task, id from, id to, int depth)
{
    const struct task_folder folder = { .number = ++task->folders, .from = from, .to = to, .depth = depth };
    if (depth > DEPTH_MAX)
        return fail(cx, FAULT_TOO_DEEP, .thing = THING_PARENT, .max = DEPTH_MAX);
    if (depth > task->height)
        task->height = depth;
    return store_task_folder_add(cx, task->id, &folder);
}

static enum fault build_top(struct cx *cx, struct task *task, const struct node *from, struct node *top)
{
    struct bytes bytes = { 0 };
    *top = *from;
    if (task->name.p) {
        top->name = task->name;
        top->category = category_by(top);
    }
    TRY(add_copy(cx, task, top, task->id, &bytes));
    TRY(charge(cx, task->to_drive, &bytes));
    task->made = top->id;
    task->reserved += bytes.reserved;
    task->done++;
    task->at_folder = 1;
    return top->kind == NODE_FOLDER ? push_folder(cx, task, from->id, top->id, 0) : OK;
}

/* The copy of a tree goes on while the caller may read it. What a move has hidden only it can see. */
static enum fault check_source(struct cx *cx, const struct task *task)
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
    if (task->kind == TASK_MOVE)
        return OK;
    TRY(node_where(cx, &drive, &top, &where));
    if (where != SCOPE_LIVE)
        return fail(cx, where ? FAULT_TRASHED : FAULT_NOT_FOUND, .thing = THING_NODE);
    return task->share.v ? share_require(cx, task->share, &drive, &top, ACTION_COPY)
                         : access_require(cx, &drive, &top, ACTION_COPY | ACTION_DOWNLOAD);
}

static enum fault copy_children(struct cx *cx, struct task *task, const struct task_folder *folder,
                                const struct list *children)
{
    struct bytes bytes = { 0 };
    const struct node *child = children->items;
    for (size_t i = 0; i < children->count; i++) {
        struct node node = child[i];
        TRY(add_copy(cx, task, &node, folder->to, &bytes));
        if (node.kind == NODE_FOLDER)
            TRY(push_folder(cx, task, child[i].id, node.id, folder->depth + 1));
        task->at_key = child[i].created.ms;
        task->at_node = child[i].id;
    }
    TRY(charge(cx, task->to_drive, &bytes));
    task->reserved += bytes.reserved;
    task->done += (int64_t)children->count;
    return OK;
}

static void next_folder(struct task *task)
{
    task->at_folder++;
    task->at_key = 0;
    task->at_node = ID_NONE;
}

static void enter(struct task *task, enum phase phase)
{
    task->phase = phase;
    task->at_folder = 0;
    next_folder(task);
}

static enum fault build(struct cx *cx, struct task *task, int *budget)
{
    struct task_folder folder;
    struct list        children;
    TRY(check_source(cx, task));
    while (*budget > 0 && task->at_folder <= task->folders) {
        TRY(store_task_folder(cx, task->id, task->at_folder, &folder));
        TRY(tree_children(cx, task->drive, folder.from, task->at_key, task->at_node, *budget, &children));
        TRY(copy_children(cx, task, &folder, &children));
        *budget -= (int)children.count + 1;
        if (!children.count)
            next_folder(task);
    }
    if (task->at_folder > task->folders)
        enter(task, ATTACH);
    return OK;
}

/* ---- ATTACH ---- */

/* Of a copy the target must still be there, and the caller's to write to. A move's tree has no other place to be:
 * where its target went to the bin or is gone, it stands where what is restored would. */
static enum fault find_target(struct cx *cx, const struct task *task, struct drive *drive, struct node *parent)
{
    int where;
    enum fault fault = store_drive(cx, cx->site->domain.id, task->to_drive, drive);
    if (fault == FAULT_NOT_FOUND)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_DRIVE);
    TRY(fault);
    if (task->kind == TASK_MOVE)
        return place_live(cx, drive, task->to_parent, parent);
    fault = store_node(cx, drive->id, task->to_parent, parent);
    if (fault == FAULT_NOT_FOUND)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_PARENT);
    TRY(fault);
    TRY(node_where(cx, drive, parent, &where));
    if (where != SCOPE_LIVE)
        return fail(cx, where ? FAULT_TRASHED : FAULT_NOT_FOUND, .thing = THING_PARENT);
    return access_require(cx, drive, parent, ACTION_CREATE);
}

static enum fault check_depth(struct cx *cx, const struct drive *drive, const struct node *parent, int height)
{
    int  depth;
    bool through;
    TRY(tree_depth(cx, drive, parent->id, ID_NONE, &depth, &through));
    if (depth + 1 + height > DEPTH_MAX)
        return fail(cx, FAULT_TOO_DEEP, .thing = THING_PARENT, .max = DEPTH_MAX);
    return OK;
}

/* That what is moved over has left the folder it stood in. */
static enum fault tell_source(struct cx *cx, const struct task *task, enum event_kind what)
{
    struct node source;
    TRY(store_node(cx, task->drive, task->node, &source));
    return event_add_from(cx, task->drive, task->node, what, source.origin);
}

static enum fault attach(struct cx *cx, struct task *task, int *budget)
{
    struct drive drive;
    struct node  parent, top, in_the_way;
    bool         taken;
    TRY(find_target(cx, task, &drive, &parent));
    TRY(check_depth(cx, &drive, &parent, (int)task->height));
    TRY(store_node(cx, task->to_drive, task->made, &top));
    top.parent = parent.id;
    TRY(place_settle(cx, &top, (enum conflict)task->conflict, &taken, &in_the_way));
    if (taken)
        return fail(cx, FAULT_EXISTS, .thing = THING_NODE, .got = top.name, .other = in_the_way.id.v);
    TRY(store_node_place(cx, &top));
    TRY(event_add(cx, drive.id, top.id, EVENT_CREATE));
    if (task->kind == TASK_MOVE)
        TRY(tell_source(cx, task, EVENT_DELETE));
    --*budget;
    enter(task, TELL);
    return OK;
}

/* ---- TELL ---- */

static enum fault tell(struct cx *cx, struct task *task, int *budget)
{
    struct task_folder folder;
    struct list        children;
    while (*budget > 0 && task->at_folder <= task->folders) {
        TRY(store_task_folder(cx, task->id, task->at_folder, &folder));
        TRY(tree_children(cx, task->to_drive, folder.to, task->at_key, task->at_node, *budget, &children));
        const struct node *child = children.items;
        for (size_t i = 0; i < children.count; i++) {
            TRY(event_add(cx, task->to_drive, child[i].id, EVENT_CREATE));
            task->at_key = child[i].created.ms;
            task->at_node = child[i].id;
        }
        *budget -= (int)children.count + 1;
        if (children.count)
            continue;
        TRY(store_task_folder_remove(cx, task->id, folder.number));
        next_folder(task);
    }
    if (task->at_folder <= task->folders)
        return OK;
    if (task->kind == TASK_MOVE)
        enter(task, CLEAN);
    else
        task_end(cx, task, TASK_SUCCEEDED);
    return OK;
}

/* ---- CLEAN ---- */

static enum fault unbook(struct cx *cx, struct task *task)
{
    bool fits; /* not looked at: the drive may be gone by now */
    const int64_t back = -task->reserved;
    task->reserved = 0;
    return store_drive_charge(cx, task->to_drive, 0, back, &fits);
}

static enum fault clean(struct cx *cx, struct task *task, int *budget)
{
    struct drive drive;
    struct erase erase = { .drive = task->drive };
    bool         left;
    const enum fault fault = store_drive(cx, cx->site->domain.id, task->to_drive, &drive);
    if (fault == OK)
        erase.revisions_to = task->to_drive;
    else if (fault != FAULT_NOT_FOUND)
        return fault;
    TRY(tree_erase_hidden(cx, &erase, task->id, budget, &left));
    task->reserved -= erase.booked;
    if (left)
        return OK;
    task_end(cx, task, TASK_SUCCEEDED);
    return fault == OK ? unbook(cx, task) : OK;
}

/* ---- UNDO ---- */

static enum fault put_back(struct cx *cx, const struct task *task)
{
    struct drive drive;
    struct node  top, parent, in_the_way;
    bool         taken;
    enum fault fault = store_drive(cx, cx->site->domain.id, task->drive, &drive);
    if (fault == OK)
        fault = store_node(cx, task->drive, task->node, &top);
    if (fault == FAULT_NOT_FOUND)
        return OK; /* its drive was deleted meanwhile */
    TRY(fault);
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
    struct erase erase = { .drive = task->to_drive };
    bool         left;
    TRY(tree_erase_hidden(cx, &erase, task->id, budget, &left));
    while (*budget > 0 && task->at_folder <= task->folders) {
        TRY(store_task_folder_remove(cx, task->id, task->at_folder++));
        --*budget;
    }
    if (left || task->at_folder <= task->folders)
        return OK;
    TRY(unbook(cx, task));
    if (task->kind == TASK_MOVE)
        TRY(put_back(cx, task));
    task->failed = task->done;
    task->done = 0;
    task_end(cx, task, TASK_FAILED);
    return OK;
}

static bool begin_undo(struct task *task)
{
    if (task->phase != BUILD && task->phase != ATTACH)
        return false;
    enter(task, UNDO);
    return true;
}

/* ---- as a task ---- */

static enum fault slice(struct cx *cx, struct task *task, struct task_turn *turn, int *budget)
{
    (void)turn;
    while (*budget > 0 && task->state == TASK_RUNNING)
        switch ((enum phase)task->phase) {
        case BUILD:  TRY(build(cx, task, budget)); break;
        case ATTACH: TRY(attach(cx, task, budget)); break;
        case TELL:   TRY(tell(cx, task, budget)); break;
        case CLEAN:  TRY(clean(cx, task, budget)); break;
        case UNDO:   TRY(undo(cx, task, budget)); break;
        }
    return OK;
}

static enum fault count_source(struct cx *cx, const struct task *task, struct task_turn *turn)
{
    return task->total ? OK : store_tree_nodes(cx, task->drive, task->node, 2 * DEPTH_MAX, &turn->total);
}

const struct task_work task_copy = { .name = "copy", .look = count_source, .slice = slice, .undo = begin_undo,
                                     .by_right = true };
const struct task_work task_move = { .name = "move", .look = count_source, .slice = slice, .undo = begin_undo };

/* ---- copying ---- */

static enum fault check_name(struct cx *cx, str name)
{
    return name.p ? node_check_name(cx, name, "new_name") : OK;
}

/* The name it would have there; *exists when that is refused. */
static enum fault look_for_room(struct cx *cx, const struct node *node, str name, const struct node *parent,
                                const struct drive *drive, enum conflict conflict, struct node *in_the_way, bool *exists)
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

/* Of a tree that is soon measured; a larger one finds out while it is built. */
static enum fault check_height(struct cx *cx, const struct copy_want *want)
{
    int64_t folders;
    int     height;
    TRY(store_tree_folders(cx, want->from.id, want->node.id, FOLDERS_LOOKED_AT, DEPTH_MAX + 2, &folders, &height));
    return check_depth(cx, &want->to, &want->parent, height);
}

static struct task task_of(enum task_kind kind, const struct drive *from, const struct node *node,
                           const struct drive *to, const struct node *parent, str name, enum conflict conflict)
{
    return (struct task){ .kind = kind, .drive = from->id, .node = node->id, .to_drive = to->id,
                          .to_parent = parent->id, .name = name, .conflict = (int)conflict };
}

static enum fault copy_file(struct cx *cx, const struct copy_want *want, const struct task *task, struct node *out)
{
    struct bytes bytes = { 0 };
    struct node  in_the_way;
    bool         taken;
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
    TRY(charge(cx, want->to.id, &bytes));
    return event_add(cx, out->drive, out->id, EVENT_CREATE);
}

enum fault node_copy(struct cx *cx, const struct copy_want *want, struct copied *out)
{
    struct task task = task_of(TASK_COPY, &want->from, &want->node, &want->to, &want->parent, want->name, want->conflict);
    task.keep_tags = want->keep_tags;
    task.share = want->share;
    *out = (struct copied){ 0 };
    TRY(check_name(cx, want->name));
    if (node_is_root(&want->from, &want->node))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_NODE, .because = "a root folder is no file to copy");
    TRY(place_check_parent(cx, &want->to, &want->parent));
    TRY(look_for_room(cx, &want->node, want->name, &want->parent, &want->to, want->conflict, &out->node, &out->exists));
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

/* ---- moving ---- */

unsigned move_actions(bool to_another_drive)
{
    return to_another_drive ? ACTION_MOVE | ACTION_DELETE | ACTION_COPY | ACTION_DOWNLOAD : ACTION_MOVE;
}

static enum fault move_within(struct cx *cx, const struct move_want *want, struct moved *out)
{
    int  depth, height;
    bool through, taken;
    struct node moved = want->node, in_the_way;
    const bool same_folder = want->parent.id.v == want->node.parent.v;
    if (same_folder && (!want->name.p || str_eq(want->name, want->node.name)))
        return OK; /* there it is */
    TRY(tree_depth(cx, &want->to, want->parent.id, want->node.id, &depth, &through));
    if (through)
        return fail(cx, FAULT_INVALID, .thing = THING_PARENT, .because = "a folder does not go into itself");
    if (!same_folder)
        TRY(tree_height(cx, &want->from, &want->node, want->known, &height));
    if (!same_folder && depth + 1 + height > DEPTH_MAX)
        return fail(cx, FAULT_TOO_DEEP, .thing = THING_PARENT, .max = DEPTH_MAX);
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
    struct task task = task_of(TASK_MOVE, &want->from, &want->node, &want->to, &want->parent, want->name, want->conflict);
    struct node source = want->node;
    TRY(place_check_parent(cx, &want->to, &want->parent));
    TRY(look_for_room(cx, &want->node, want->name, &want->parent, &want->to, want->conflict, &out->node, &out->exists));
    if (out->exists)
        return OK;
    TRY(task_begin(cx, &task));
    TRY(tree_hide(cx, &source, task.id));
    TRY(build_top(cx, &task, &want->node, &out->node));
    TRY(task_start(cx, &task, TASK_SLICE, false));
    if (task.state == TASK_SUCCEEDED)
        return store_node(cx, want->to.id, task.made, &out->node);
    out->task = task.id;
    return task.phase <= ATTACH ? tell_source(cx, &task, EVENT_TRASH) : OK;
}

enum fault node_move(struct cx *cx, const struct move_want *want, struct moved *out)
{
    const bool over = want->from.id.v != want->to.id.v;
    *out = (struct moved){ .node = want->node };
    TRY(check_name(cx, want->name));
    if (node_is_root(&want->from, &want->node))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_NODE, .because = "the root folder stays");
    if (want->parent.kind != NODE_FOLDER)
        return fail(cx, FAULT_NOT_FOLDER, .thing = THING_PARENT);
    TRY(access_require(cx, &want->from, &want->node, over ? ACTION_MOVE | ACTION_DELETE : ACTION_MOVE));
    return over ? move_over(cx, want, out) : move_within(cx, want, out);
}
