#include "drive/erase.h"

#include "drive/access.h"
#include "drive/blob.h"
#include "drive/event.h"
#include "drive/hashing.h"
#include "drive/place.h"
#include "drive/site.h"
#include "drive/tree.h"
#include "store/drives.h"
#include "store/nodes.h"
#include "store/revisions.h"
#include "store/store.h"
#include "store/uploads.h"

enum { UPLOADS_AT_ONCE = 100, FILES_AT_ONCE = 32 };

/* ---- what hangs on nodes ---- */

enum fault upload_erase(struct cx *cx, const struct upload *upload)
{
    struct list parts;
    bool        fits;
    TRY(store_parts(cx, upload->id, 0, 1 << 20, &parts));
    for (size_t i = 0; i < parts.count; i++)
        TRY(store_chunk_unused(cx, ((const struct part *)parts.items)[i].chunk, cx->now));
    TRY(store_parts_remove(cx, upload->id));
    TRY(store_drive_charge(cx, upload->drive, 0, -upload->reserved, &fits));
    hashing_forget(cx->site->hashing, upload->id);
    return store_upload_remove(cx, upload->id);
}

/* Of a file: new revisions on their way in. *left tells that there may be more. */
static enum fault erase_uploads(struct cx *cx, const struct node *node, int *budget, bool *left)
{
    struct list uploads;
    TRY(node->kind == NODE_FILE ? store_uploads_open_of_node(cx, node->id, UPLOADS_AT_ONCE, &uploads)
                                : store_uploads_into(cx, node->drive, node->id, UPLOADS_AT_ONCE, &uploads));
    for (size_t i = 0; i < uploads.count; i++, --*budget)
        TRY(upload_erase(cx, &((const struct upload *)uploads.items)[i]));
    *left = uploads.count == UPLOADS_AT_ONCE;
    return OK;
}

enum fault uploads_end(struct cx *cx, const struct node *node)
{
    int  uncounted = 0;
    bool left = true;
    while (left)
        TRY(erase_uploads(cx, node, &uncounted, &left));
    return OK;
}

static enum fault erase_revisions(struct cx *cx, const struct node *node, int64_t *bytes)
{
    struct list revisions;
    TRY(store_revisions_of_node(cx, node->drive, node->id, &revisions));
    const struct revision *r = revisions.items;
    for (size_t i = 0; i < revisions.count; i++) {
        TRY(blob_release(cx, r[i].content));
        TRY(store_revision_remove(cx, &r[i]));
        *bytes += r[i].size;
    }
    return OK;
}

static enum fault erase_one(struct cx *cx, const struct node *node, struct erase *erase)
{
    bool    fits;
    int64_t bytes = node->kind == NODE_FILE ? node->size : 0;
    if (node->content.v)
        TRY(blob_release(cx, node->content));
    if (node->version > 1)
        TRY(erase_revisions(cx, node, &bytes));
    if (bytes)
        TRY(store_drive_charge(cx, node->drive, -bytes, 0, &fits));
    TRY(store_node_remove(cx, node->drive, node->id));
    erase->erased++;
    if (erase->is_hidden && node->id.v == erase->top.v)
        return OK;
    return event_add_from(cx, node->drive, node->id, EVENT_DELETE, node->trashed.ms ? node->origin : node->parent);
}

/* ---- trees ---- */

/* The node with what hangs on it, unless there is so much of that that it must stay for another round. */
static enum fault erase_leaf(struct cx *cx, const struct node *node, struct erase *erase, int *budget)
{
    bool more;
    TRY(erase_uploads(cx, node, budget, &more));
    if (!more)
        TRY(erase_one(cx, node, erase));
    --*budget;
    return OK;
}

/* Removes the files that a folder begins with; *down is the folder after them, or none when nothing is left. */
static enum fault erase_files(struct cx *cx, struct erase *erase, id folder, int *budget, id *down)
{
    struct list children;
    *down = ID_NONE;
    do {
        TRY(tree_children(cx, erase->drive, folder, 0, ID_NONE, FILES_AT_ONCE, &children));
        const struct node *child = children.items;
        for (size_t i = 0; i < children.count && !down->v && *budget > 0; i++)
            if (child[i].kind == NODE_FOLDER)
                *down = child[i].id;
            else
                TRY(erase_leaf(cx, &child[i], erase, budget));
    } while (children.count && !down->v && *budget > 0);
    return OK;
}

/* Down to a folder without folders, empty it, remove it, and again from the top: no list of a large tree is
 * ever held. */
enum fault tree_erase(struct cx *cx, struct erase *erase, int *budget, bool *left)
{
    struct node node;
    *left = true;
    while (*budget > 0) {
        id at, down = erase->top;
        do {
            at = down;
            TRY(erase_files(cx, erase, at, budget, &down));
        } while (down.v && *budget > 0);
        if (*budget <= 0)
            return OK;
        const enum fault fault = store_node(cx, erase->drive, at, &node);
        if (fault == OK)
            TRY(erase_leaf(cx, &node, erase, budget));
        else if (fault != FAULT_NOT_FOUND)
            return fault;
        if (at.v == erase->top.v) {
            *left = fault == OK && store_node(cx, erase->drive, at, &node) == OK;
            if (!*left)
                return OK;
        }
    }
    return OK;
}

enum fault tree_erase_hidden(struct cx *cx, struct erase *erase, id task, int *budget, bool *left)
{
    struct list tops;
    *left = erase->is_hidden = true;
    while (*budget > 0) {
        TRY(tree_children(cx, erase->drive, task, 0, ID_NONE, 1, &tops));
        *left = tops.count > 0;
        if (!*left)
            return OK;
        erase->top = ((const struct node *)tops.items)->id;
        TRY(tree_erase(cx, erase, budget, left));
    }
    return OK;
}

/* ---- deleting ---- */

enum fault node_delete(struct cx *cx, const struct drive *drive, const struct node *node, id *task)
{
    struct node  hidden = *node;
    struct task  work = { .kind = TASK_ERASE, .drive = drive->id, .node = node->id };
    struct erase erase = { .drive = drive->id, .top = node->id };
    int          budget = TASK_SLICE;
    bool         left;
    *task = ID_NONE;
    if (node_is_root(drive, node))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_NODE, .because = "the root folder stays");
    TRY(access_require(cx, drive, node, ACTION_DELETE));
    TRY(tree_erase(cx, &erase, &budget, &left));
    if (!left)
        return OK;
    TRY(task_begin(cx, &work));
    TRY(tree_hide(cx, &hidden, work.id));
    TRY(event_add_from(cx, drive->id, node->id, EVENT_DELETE, hidden.origin));
    work.done = erase.erased;
    *task = work.id;
    return task_start(cx, &work, 0, true);
}

static enum fault count_below(struct cx *cx, const struct task *task, struct task_turn *turn)
{
    if (task->total)
        return OK;
    TRY(store_tree_nodes(cx, task->drive, task->node, 2 * DEPTH_MAX, &turn->total));
    turn->total += task->done;
    return OK;
}

static enum fault erase_slice(struct cx *cx, struct task *task, struct task_turn *turn, int *budget)
{
    struct erase erase = { .drive = task->drive };
    bool         left;
    (void)turn;
    TRY(tree_erase_hidden(cx, &erase, task->id, budget, &left));
    task->done += erase.erased;
    if (!left)
        task_end(cx, task, TASK_SUCCEEDED);
    return OK;
}

const struct task_work task_erase = { .name = "delete", .look = count_below, .slice = erase_slice };

/* ---- the bin ---- */

struct oldest {
    struct node  node;
    struct arena *arena;
    bool         found;
};

static bool see_oldest(void *arg, void *row)
{
    struct oldest *oldest = arg;
    oldest->node = ((const struct node_row *)row)->node;
    node_keep(oldest->arena, &oldest->node);
    oldest->found = true;
    return false;
}

/* One entry after the other, the oldest first: out of the bin, so that nobody restores half of it, and away. */
static enum fault clear_slice(struct cx *cx, struct task *task, struct task_turn *turn, int *budget)
{
    const struct node_position start = { .is_start = true };
    struct drive drive;
    (void)turn;
    while (*budget > 0) {
        struct oldest oldest = { .arena = cx->arena };
        struct erase  erase = { .drive = task->drive };
        bool          left;
        TRY(tree_erase_hidden(cx, &erase, task->id, budget, &left));
        task->done += erase.erased;
        if (left)
            return OK;
        const enum fault fault = store_drive(cx, cx->site->domain.id, task->drive, &drive);
        if (fault == OK)
            TRY(store_nodes_each(cx, task->drive, drive.bin, ORDER_TRASHED, false, &start, 1, see_oldest, &oldest));
        else if (fault != FAULT_NOT_FOUND) /* a deleted drive is taken apart by others */
            return fault;
        if (!oldest.found || oldest.node.trashed.ms > task->before.ms) {
            task_end(cx, task, TASK_SUCCEEDED);
            return OK;
        }
        TRY(tree_hide(cx, &oldest.node, task->id));
        TRY(event_add_from(cx, task->drive, oldest.node.id, EVENT_DELETE, oldest.node.origin));
        --*budget;
    }
    return OK;
}

const struct task_work task_clear = { .name = "clear", .slice = clear_slice };

enum fault bin_clear(struct cx *cx, const struct drive *drive, instant before, int at_once, bool keep, id *out)
{
    struct task task = { .kind = TASK_CLEAR, .drive = drive->id, .before = before };
    TRY(task_begin(cx, &task));
    *out = task.id;
    return task_start(cx, &task, at_once, keep);
}
