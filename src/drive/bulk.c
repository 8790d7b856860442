/* Where it stands is task->at_key, the items that were dealt with; its kind is task->phase. An item that fails undoes
 * its change; the turn after that notes why, and the next item's turn has come. */
#include "drive/bulk.h"

#include <stdlib.h>

#include "base/log.h"
#include "drive/access.h"
#include "drive/archive.h"
#include "drive/copy.h"
#include "drive/erase.h"
#include "drive/move.h"
#include "drive/tree.h"
#include "drive/unpack.h"
#include "drive/upload.h"
#include "store/store.h"
#include "store/tasks.h"

struct measured {
    struct task_memory memory; /* first */
    int64_t            item;
    struct tree        tree;
};

static str text_of(struct cx *cx, id number)
{
    return arena_decimal(cx->arena, (uint64_t)number.v);
}

/* ---- looking: how high a large tree is ---- */

static void forget(struct task_memory *memory)
{
    free(memory);
}

static enum fault look(struct cx *cx, const struct task *task, struct task_turn *turn)
{
    struct measured *m = (struct measured *)(void *)turn->memory;
    struct task_item item;
    struct drive     drive;
    struct node      node;
    const int        scope = task->phase == BULK_RESTORE ? SCOPE_BIN : SCOPE_LIVE;
    if (task->phase != BULK_MOVE && task->phase != BULK_RESTORE)
        return OK;
    if (!m && !(m = calloc(1, sizeof *m)))
        log_die("out of memory");
    m->memory.forget = forget;
    turn->memory = &m->memory;
    m->item = task->at_key + 1;
    m->tree = (struct tree){ 0 };
    if (store_task_item(cx, task->id, m->item, &item) != OK
        || node_find(cx, text_of(cx, task->drive), text_of(cx, item.node), scope, ACTION_LIST, &drive, &node) != OK)
        return OK; /* the slice tells */
    return tree_measure(cx, &drive, &node, &m->tree);
}

/* ---- one node ---- */

static enum fault find(struct cx *cx, const struct task *task, const struct task_item *item, enum node_scope scope,
                       unsigned actions, struct drive *drive, struct node *node)
{
    return node_find(cx, text_of(cx, task->drive), text_of(cx, item->node), scope, actions, drive, node);
}

static enum fault find_target(struct cx *cx, const struct task *task, struct drive *drive, struct node *parent)
{
    const enum fault fault = node_find(cx, text_of(cx, task->to_drive), text_of(cx, task->to_parent), SCOPE_LIVE,
                                       ACTION_CREATE, drive, parent);
    if (fault != OK && cx->why.thing == THING_NODE)
        cx->why.thing = THING_PARENT;
    return fault;
}

static enum fault copy_one(struct cx *cx, const struct task *task, struct task_item *item)
{
    struct copy_want want = { .conflict = CONFLICT_STAMP };
    struct copied    copied;
    TRY(find(cx, task, item, SCOPE_LIVE, copy_actions(false), &want.from, &want.node));
    TRY(find_target(cx, task, &want.to, &want.parent));
    TRY(node_copy(cx, &want, &copied));
    item->made = copied.node.id;
    item->sub = copied.task;
    return OK;
}

static enum fault move_one(struct cx *cx, const struct task *task, struct task_item *item, const struct tree *known)
{
    struct move_want want = { .conflict = CONFLICT_STAMP, .known = known };
    struct moved     moved;
    TRY(find(cx, task, item, SCOPE_LIVE, move_actions(task->drive.v != task->to_drive.v), &want.from, &want.node));
    TRY(find_target(cx, task, &want.to, &want.parent));
    TRY(node_move(cx, &want, &moved));
    item->made = moved.node.id;
    item->sub = moved.task;
    return OK;
}

static enum fault delete_one(struct cx *cx, const struct task *task, struct task_item *item)
{
    const bool    for_good = task->phase == BULK_DELETE;
    struct drive  drive;
    struct node   node;
    struct upload upload;
    const enum fault fault = find(cx, task, item, for_good ? SCOPE_ANY : SCOPE_LIVE, ACTION_DELETE, &drive, &node);
    if (fault == FAULT_NOT_FOUND && cx->why.thing == THING_NODE
        && upload_find(cx, text_of(cx, task->drive), text_of(cx, item->node), S0, false, &upload) == OK)
        return upload_erase(cx, &upload);
    if (fault == FAULT_NOT_FOUND)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_NODE);
    TRY(fault);
    return for_good ? node_delete(cx, &drive, &node, &item->sub) : node_trash(cx, &drive, &node);
}

static enum fault restore_one(struct cx *cx, const struct task *task, struct task_item *item, const struct tree *known)
{
    struct drive drive;
    struct node  node, restored;
    TRY(find(cx, task, item, SCOPE_BIN, ACTION_DELETE, &drive, &node));
    TRY(node_restore(cx, &drive, &node, known, &restored));
    item->made = restored.id;
    return OK;
}

static enum fault deal_with(struct cx *cx, const struct task *task, struct task_item *item, const struct tree *known)
{
    switch ((enum bulk_kind)task->phase) {
    case BULK_COPY:    return copy_one(cx, task, item);
    case BULK_MOVE:    return move_one(cx, task, item, known);
    case BULK_TRASH:
    case BULK_DELETE:  return delete_one(cx, task, item);
    case BULK_RESTORE: return restore_one(cx, task, item, known);
    case BULK_PACK:
    case BULK_UNPACK:
    case BULK_LOOK:
    case BULK_CLEAR:   break;
    }
    return fail(cx, FAULT_INTERNAL, .thing = THING_TASK, .because = "it was begun at once");
}

/* ---- turns ---- */

enum { NOTING = 1 }; /* task->height: a fault is to be noted with its item */

static enum fault slice(struct cx *cx, struct task *task, struct task_turn *turn, int *budget)
{
    const struct measured *m = (const struct measured *)(const void *)turn->memory;
    const int64_t          number = task->at_key + 1;
    struct task_item       item;
    *budget = 0;
    TRY(store_task_item(cx, task->id, number, &item));
    if (task->height == NOTING) {
        item.state = ITEM_FAILED;
        item.fault = task->fault;
        item.thing = task->thing;
        task->failed++;
        task->fault = S0;
        task->height = 0;
    } else {
        TRY(deal_with(cx, task, &item, m && m->item == number && m->tree.folders ? &m->tree : NULL));
        item.state = item.sub.v ? ITEM_STARTED : ITEM_DONE;
        task->done++;
    }
    TRY(store_task_item_save(cx, task->id, &item));
    task->at_key = number;
    if (number == task->total)
        task_end(cx, task, TASK_SUCCEEDED);
    return OK;
}

static bool undo(struct task *task)
{
    const bool was_noting = task->height == NOTING;
    task->height = NOTING;
    return !was_noting;
}

const struct task_work task_bulk = { .name = "bulk", .look = look, .slice = slice, .undo = undo, .by_right = true };

/* ---- beginning ---- */

static enum fault unpack_each(struct cx *cx, const struct bulk_want *want, const struct node *node, struct task_item *item)
{
    const struct unpack_want unpack = { .from = want->from, .node = *node, .to = want->to, .parent = want->parent,
                                        .conflict = CONFLICT_STAMP, .paths = want->paths, .password = want->password,
                                        .only_look = want->kind == BULK_LOOK };
    return unpack_start(cx, &unpack, &item->sub);
}

static enum fault pack_all(struct cx *cx, const struct bulk_want *want, id *sub)
{
    const struct node *nodes = want->nodes.items;
    id                *ids = ARENA_MANY(cx->arena, id, want->nodes.count + 1);
    for (size_t i = 0; i < want->nodes.count; i++)
        ids[i] = nodes[i].id;
    return archive_start(cx, &want->from, ids, want->nodes.count, want->name, ID_NONE, sub);
}

static enum fault add_items(struct cx *cx, const struct bulk_want *want, const struct task *task, id sub)
{
    const struct node *nodes = want->nodes.items;
    const bool         unpacks = want->kind == BULK_UNPACK || want->kind == BULK_LOOK;
    const size_t       count = want->kind == BULK_CLEAR ? 1 : want->nodes.count;
    for (size_t i = 0; i < count; i++) {
        struct task_item item = { .number = (int64_t)i + 1, .sub = sub, .name = S("") };
        if (want->kind != BULK_CLEAR) {
            item.node = nodes[i].id;
            item.name = nodes[i].name;
        }
        if (unpacks)
            TRY(unpack_each(cx, want, &nodes[i], &item));
        item.state = item.sub.v ? ITEM_STARTED : ITEM_WAITING;
        TRY(store_task_item_add(cx, task->id, &item));
    }
    return OK;
}

/* Each archive's task keeps them. */
static enum fault check_paths(struct cx *cx, const struct bulk_want *want)
{
    size_t bytes = 0;
    for (size_t i = 0; i < want->paths.count; i++)
        bytes += ((const str *)want->paths.items)[i].n;
    return bytes * want->nodes.count <= BULK_PATHS_MAX
               ? OK : fail(cx, FAULT_INVALID, .field = "paths", .how = HOW_TOO_LARGE, .max = BULK_PATHS_MAX);
}

enum fault bulk_start(struct cx *cx, const struct bulk_want *want, id *out)
{
    struct task task = { .kind = TASK_BULK, .phase = (int)want->kind, .drive = want->from.id, .to_drive = want->to.id,
                         .to_parent = want->parent.id, .name = want->name, .more = want->paths.count ? S("some") : S0,
                         .total = want->kind == BULK_CLEAR ? 1 : (int64_t)want->nodes.count };
    id sub = ID_NONE;
    TRY(check_paths(cx, want));
    TRY(task_begin(cx, &task));
    if (want->kind == BULK_PACK)
        TRY(pack_all(cx, want, &sub));
    if (want->kind == BULK_CLEAR)
        TRY(bin_clear(cx, &want->from, cx->now, TASK_SLICE, true, &sub));
    TRY(add_items(cx, want, &task, sub));
    if (want->kind >= BULK_PACK || !task.total) {
        task.done = task.total;
        task_end(cx, &task, TASK_SUCCEEDED);
    }
    *out = task.id;
    return task_start(cx, &task, 0, true);
}

/* ---- how it stands ---- */

/* Hundredths of one item. A task that is no longer there went well long ago. */
static int settle_item(struct task_item *item)
{
    if (item->state != ITEM_STARTED)
        return item->state == ITEM_WAITING ? 0 : 100;
    if (item->sub_state == TASK_RUNNING) {
        const int64_t so_far = item->sub_done + item->sub_skipped, total = item->sub_total;
        return total <= 0 ? 0 : so_far < total ? (int)(100 * so_far / total) : 99;
    }
    item->state = item->sub_state == TASK_FAILED ? ITEM_FAILED : ITEM_DONE;
    item->fault = item->sub_fault;
    item->thing = item->sub_thing;
    return 100;
}

enum fault bulk_find(struct cx *cx, str text, struct bulk *out)
{
    int64_t hundredths = 0;
    *out = (struct bulk){ 0 };
    TRY(task_find(cx, text, &out->task));
    if (out->task.kind != TASK_BULK)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_TASK, .got = text);
    TRY(store_task_items(cx, out->task.id, &out->items));
    out->kind = (enum bulk_kind)out->task.phase;
    out->is_part = out->task.more.n > 0;
    out->finished = out->task.finished;
    struct task_item *items = out->items.items;
    for (size_t i = 0; i < out->items.count; i++) {
        hundredths += settle_item(&items[i]);
        out->done += items[i].state == ITEM_DONE;
        out->failed += items[i].state == ITEM_FAILED;
        if (items[i].sub_finished.ms > out->finished.ms)
            out->finished = items[i].sub_finished;
    }
    out->is_over = out->done + out->failed == (int64_t)out->items.count;
    out->percent = out->items.count ? (int)(hundredths / (int64_t)out->items.count) : 100;
    return OK;
}
