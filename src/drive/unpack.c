#include "drive/unpack.h"

#include <stdlib.h>

#include "base/log.h"
#include "content/content.h"
#include "drive/access.h"
#include "drive/blob.h"
#include "drive/choice.h"
#include "drive/event.h"
#include "drive/gate.h"
#include "drive/graft.h"
#include "drive/place.h"
#include "drive/runner.h"
#include "drive/site.h"
#include "drive/tree.h"
#include "drive/unpacked.h"
#include "drive/unpacker.h"
#include "store/drives.h"
#include "store/nodes.h"
#include "store/tasks.h"

/* What is read in a turn is made in its slice, all of it, so that nothing lies about when the program ends between
 * two; with its folders that is about TASK_SLICE rows. Small files are held in memory meanwhile. */
enum { HEADERS_A_TURN = 5000, LISTED_BYTES_MAX = 4 << 20, READY_MAX = 24, BYTES_A_TURN = 16 << 20 };

/* Between turns; lost when the program ends. */
struct unpacking {
    struct task_memory memory; /* first: what tasks know of it */
    struct gate       *gate; /* through which it came */
    struct unpacker   *unpacker;
    struct choice     *choice;
    bool               is_looked_at, at_end;
    int64_t            next;   /* entries that were taken from the archive */
    int64_t            wanted, bytes; /* of those looked at; bytes unpacked, or of paths where it is only a look */
    int                height; /* the most folders that stand above one */
    struct unpacked    ready[READY_MAX]; /* read, in their order; those before task->at_key are made */
    size_t             ready_n;
    struct unpacked    reading;          /* a file whose bytes are coming, where is_reading */
    bool               is_reading;
};

static void drop(struct unpacking *w, size_t count)
{
    for (size_t i = 0; i < count; i++)
        unpacked_done(&w->ready[i]);
    memmove(w->ready, w->ready + count, (w->ready_n - count) * sizeof *w->ready);
    w->ready_n -= count;
}

static void forget(struct task_memory *memory)
{
    struct unpacking *w = (struct unpacking *)(void *)memory;
    drop(w, w->ready_n);
    unpacked_done(&w->reading);
    unpacker_free(&w->unpacker);
    choice_free(&w->choice);
    gate_leave(w->gate);
    free(w);
}

/* ---- opening ---- */

static enum fault open_archive(struct cx *cx, const struct task *task, struct unpacking *w)
{
    str password;
    choice_free(&w->choice);
    unpacker_free(&w->unpacker);
    w->next = 0;
    TRY(choice_open(cx, task->more, &w->choice, &password));
    return unpacker_open(cx, task->content, cx->site->unpack.entries, password, &w->unpacker);
}

/* Of many that were asked for at once a few are in memory, and go on to their end. */
static enum fault begin(struct cx *cx, const struct task *task, struct task_turn *turn)
{
    turn->is_waiting = !gate_enter(cx->site->unpackings);
    if (turn->is_waiting)
        return OK;
    struct unpacking *w = calloc(1, sizeof *w);
    if (!w)
        log_die("out of memory");
    w->memory.forget = forget;
    w->gate = cx->site->unpackings;
    turn->memory = &w->memory;
    w->is_looked_at = task->total > 0;
    return open_archive(cx, task, w);
}

/* ---- looking at all of it ---- */

static enum fault look_at(struct cx *cx, const struct task *task, struct unpacking *w, const struct unpack_entry *entry)
{
    const struct unpack_limits *limits = &cx->site->unpack;
    if (!choice_takes(w->choice, entry->path))
        return OK;
    w->wanted++;
    if (!task->to_drive.v) {
        w->bytes += (int64_t)entry->path.n;
        if (w->wanted > limits->listed || w->bytes > LISTED_BYTES_MAX)
            return fail(cx, FAULT_TOO_LARGE, .thing = THING_NODE, .max = limits->listed);
        return OK;
    }
    if (entry->levels > w->height)
        w->height = entry->levels;
    if (entry->levels > DEPTH_MAX)
        return fail(cx, FAULT_TOO_DEEP, .thing = THING_NODE, .max = DEPTH_MAX);
    if (entry->size > limits->bytes - w->bytes)
        return fail(cx, FAULT_TOO_LARGE, .thing = THING_NODE, .max = limits->bytes, .because = "it unpacks to too much");
    if (entry->is_locked && !choice_has_password(w->choice))
        return fail(cx, FAULT_INVALID, .field = "password", .how = HOW_MISSING, .because = "it needs a password");
    w->bytes += entry->size;
    return OK;
}

/* Room in the drive, on the disk, and levels below the target: told now rather than when half of it is made. What
 * is true later is seen again then. */
static enum fault look_for_room(struct cx *cx, const struct task *task, const struct unpacking *w)
{
    struct drive  drive;
    struct node   parent;
    const int64_t disk = content_free_bytes(cx->site->content);
    TRY(graft_target(cx, task, &drive, &parent));
    if (drive.quota != QUOTA_NONE && w->bytes > drive.quota - drive.used - drive.reserved)
        return fail(cx, FAULT_QUOTA, .thing = THING_DRIVE, .min = w->bytes);
    if (disk >= 0 && w->bytes > disk / 2)
        return fail(cx, FAULT_QUOTA, .because = "the server has no room for so much");
    return graft_check_depth(cx, &drive, &parent, w->height);
}

static enum fault look_at_all(struct cx *cx, const struct task *task, struct unpacking *w, struct task_turn *turn)
{
    const struct unpack_limits *limits = &cx->site->unpack;
    struct unpack_entry entry;
    bool                any = true;
    for (int i = 0; i < HEADERS_A_TURN && any; i++) {
        TRY(unpacker_next(cx, w->unpacker, &entry, &any));
        if (any)
            TRY(look_at(cx, task, w, &entry));
    }
    if (any)
        return OK;
    if (!choice_is_met(w->choice))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_NODE, .because = "the archive has no such entry");
    if (task->to_drive.v && w->bytes - limits->spare > limits->ratio * unpacker_packed_size(w->unpacker))
        return fail(cx, FAULT_TOO_LARGE, .thing = THING_NODE, .because = "it unpacks to too much for its size");
    if (task->to_drive.v)
        TRY(look_for_room(cx, task, w));
    w->is_looked_at = true;
    turn->total = w->wanted;
    return task->to_drive.v ? open_archive(cx, task, w) : OK;
}

/* ---- reading ---- */

static enum fault read_file(struct cx *cx, struct unpacking *w, int64_t *room)
{
    str piece;
    do {
        TRY(unpacker_read(cx, w->unpacker, &piece));
        TRY(receiver_write(cx, w->reading.receiver, piece));
        *room -= (int64_t)piece.n;
    } while (piece.n && *room > 0);
    if (piece.n)
        return OK;
    TRY(receiver_end(cx, w->reading.receiver));
    if (receiver_needs_sync(w->reading.receiver))
        TRY(receiver_sync(cx, w->reading.receiver));
    w->ready[w->ready_n++] = w->reading;
    w->reading = (struct unpacked){ 0 };
    w->is_reading = false;
    return OK;
}

static enum fault next_entry(struct cx *cx, const struct task *task, struct unpacking *w)
{
    struct unpack_entry entry;
    bool                any;
    TRY(unpacker_next(cx, w->unpacker, &entry, &any));
    w->at_end = !any;
    w->next += any;
    if (!any || w->next <= task->at_key || !choice_takes(w->choice, entry.path))
        return OK;
    w->reading = unpacked_of(&entry, w->next);
    w->is_reading = !entry.is_folder && !entry.is_special && entry.path.n;
    if (w->is_reading)
        w->reading.receiver = receiver_new_whole(cx, entry.size);
    else
        w->ready[w->ready_n++] = w->reading;
    if (!w->is_reading)
        w->reading = (struct unpacked){ 0 };
    return OK;
}

static enum fault read_on(struct cx *cx, const struct task *task, struct unpacking *w)
{
    int64_t room = BYTES_A_TURN;
    size_t  made = 0;
    while (made < w->ready_n && w->ready[made].number <= task->at_key)
        made++;
    drop(w, made);
    for (int i = 0; i < HEADERS_A_TURN && w->ready_n < READY_MAX && room > 0 && !w->at_end; i++)
        if (w->is_reading)
            TRY(read_file(cx, w, &room));
        else
            TRY(next_entry(cx, task, w));
    return OK;
}

static enum fault look_on(struct cx *cx, const struct task *task, struct task_turn *turn)
{
    if (!turn->memory)
        TRY(begin(cx, task, turn));
    struct unpacking *w = (struct unpacking *)(void *)turn->memory;
    if (!w)
        return OK;
    return w->is_looked_at ? read_on(cx, task, w) : look_at_all(cx, task, w, turn);
}

static void take_back(struct cx *cx, struct task_turn *turn)
{
    const struct unpacking *w = (const struct unpacking *)(const void *)turn->memory;
    for (size_t i = 0; w && i < w->ready_n; i++)
        receiver_take_back(cx, w->ready[i].receiver);
    task_memory_forget(&turn->memory);
}

/* After a fault nothing of it is in a state to go on from, should it be tried again; and when all is made, nothing of
 * it is needed. */
static enum fault look(struct cx *cx, const struct task *task, struct task_turn *turn)
{
    const bool           builds = task->phase == GRAFT_BUILD;
    const enum fault     fault = builds ? look_on(cx, task, turn) : OK;
    const struct failure why = cx->why;
    if (fault != OK || !builds)
        take_back(cx, turn);
    cx->why = why;
    return fault;
}

/* ---- making ---- */

/* What was read. The memory is left as it is, for the change may still be undone: the next look() drops what is
 * made. */
static enum fault build(struct cx *cx, struct task *task, struct task_turn *turn, int *budget)
{
    const struct unpacking *w = (const struct unpacking *)(const void *)turn->memory;
    struct unpack_place     place = { .parent = task->id, .depth = -1 };
    struct drive            drive;
    struct node             parent;
    TRY(graft_source(cx, task, ACTION_DOWNLOAD));
    if (task->to_drive.v)
        TRY(graft_target(cx, task, &drive, &parent));
    for (size_t i = 0; w && i < w->ready_n; i++) {
        const struct unpacked *one = &w->ready[i];
        if (one->number <= task->at_key)
            continue;
        TRY(unpacked_make(cx, task, one, &place));
        task->at_key = one->number;
    }
    TRY(graft_charge(cx, task->to_drive, place.bytes, 0));
    *budget = 0;
    if (w && w->is_looked_at && !task->to_drive.v) {
        task->done = w->wanted;
        task_end(cx, task, TASK_SUCCEEDED);
    } else if (w && w->at_end) {
        graft_enter(task, GRAFT_ATTACH);
    }
    return OK;
}

/* ---- putting it into its place ---- */

static enum fault place_top(struct cx *cx, struct task *task, const struct node *parent, struct node top)
{
    struct node in_the_way;
    bool        taken;
    top.parent = parent->id;
    TRY(place_settle(cx, &top, (enum conflict)task->conflict, &taken, &in_the_way));
    if (taken)
        return fail(cx, FAULT_EXISTS, .thing = THING_NODE, .got = top.name, .other = in_the_way.id.v);
    TRY(store_node_place(cx, &top));
    task->made = top.id;
    return event_add(cx, top.drive, top.id, EVENT_CREATE);
}

static enum fault attach(struct cx *cx, struct task *task, int *budget)
{
    struct drive drive;
    struct node  parent;
    struct list  tops;
    if (task->made.v) {
        TRY(store_drive(cx, cx->site->domain.id, task->to_drive, &drive));
        TRY(place_live(cx, &drive, task->to_parent, &parent));
    } else {
        TRY(graft_target(cx, task, &drive, &parent));
        TRY(graft_check_depth(cx, &drive, &parent, (int)task->height));
    }
    TRY(tree_children(cx, task->to_drive, task->id, 0, ID_NONE, *budget, &tops));
    for (size_t i = 0; i < tops.count; i++, --*budget)
        TRY(place_top(cx, task, &parent, ((const struct node *)tops.items)[i]));
    if (*budget > 0)
        graft_enter(task, GRAFT_TELL);
    return OK;
}

static enum fault undo(struct cx *cx, struct task *task, int *budget)
{
    if (task->to_drive.v)
        TRY(graft_erase(cx, task, budget));
    else
        task_end(cx, task, TASK_FAILED);
    if (task->state == TASK_RUNNING)
        return OK;
    TRY(blob_release(cx, task->content));
    task->content = ID_NONE;
    return OK;
}

static enum fault slice(struct cx *cx, struct task *task, struct task_turn *turn, int *budget)
{
    static const struct graft_work work = { .build = build, .attach = attach, .undo = undo };
    return graft_slice(cx, &work, task, turn, budget);
}

const struct task_work task_unpack = { .name = "unpack", .look = look, .slice = slice, .undo = graft_undo,
                                       .by_right = true };

/* ---- outside ---- */

enum fault unpack_start(struct cx *cx, const struct unpack_want *want, id *out)
{
    struct task task = { .kind = TASK_UNPACK, .drive = want->from.id, .node = want->node.id,
                         .content = want->node.content, .name = want->node.name };
    if (want->node.kind != NODE_FILE)
        return fail(cx, FAULT_IS_FOLDER, .thing = THING_NODE);
    if (!want->only_look) {
        TRY(place_check_parent(cx, &want->to, &want->parent));
        task.to_drive = want->to.id;
        task.to_parent = want->parent.id;
        task.conflict = (int)want->conflict;
    }
    TRY(choice_write(cx, &want->paths, want->password, &task.more));
    TRY(blob_refer(cx, task.content));
    TRY(task_begin(cx, &task));
    *out = task.id;
    return task_start(cx, &task, 0, true);
}

static enum fault list_all(struct cx *cx, const struct task *task, struct unpacker *unpacker, struct choice *choice,
                           struct list *out)
{
    struct unpack_entry entry;
    bool                any = true;
    size_t              bytes = 0;
    struct list         paths = { ARENA_MANY(cx->arena, str, (size_t)task->total + 1), 0 };
    while (any && bytes <= LISTED_BYTES_MAX && paths.count <= (size_t)task->total) {
        TRY(unpacker_next(cx, unpacker, &entry, &any));
        if (!any || !choice_takes(choice, entry.path))
            continue;
        bytes += entry.path.n;
        ((str *)paths.items)[paths.count++] = arena_print(cx->arena, "%.*s%s", STR_ARG(entry.path), entry.is_folder ? "/" : "");
    }
    if (!any)
        *out = paths;
    return OK;
}

enum fault unpack_list(struct cx *cx, const struct task *task, struct list *out)
{
    AUTO(unpacker_free) struct unpacker *unpacker = NULL;
    AUTO(choice_free) struct choice *choice = NULL;
    str password;
    *out = (struct list){ 0 };
    if (task->kind != TASK_UNPACK || task->state != TASK_SUCCEEDED || !task->content.v
        || task->total > cx->site->unpack.listed || graft_source(cx, task, ACTION_DOWNLOAD) != OK)
        return OK;
    TRY(choice_open(cx, task->more, &choice, &password));
    TRY(unpacker_open(cx, task->content, cx->site->unpack.entries, password, &unpacker));
    return list_all(cx, task, unpacker, choice, out);
}
