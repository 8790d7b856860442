#include "drive/archive.h"

#include <stdlib.h>

#include "base/encode.h"
#include "base/log.h"
#include "base/text.h"
#include "content/content.h"
#include "drive/access.h"
#include "drive/blob.h"
#include "drive/packer.h"
#include "drive/reader.h"
#include "drive/share.h"
#include "drive/site.h"
#include "drive/tree.h"
#include "store/drives.h"
#include "store/nodes.h"
#include "store/tasks.h"
#include "store/uploads.h"

enum { ENTRIES_A_TURN = 200, PIECE = 256 * 1024, BYTES_A_TURN = 16 << 20, NUMBER_DIGITS = 16 };

/* A folder that is being walked: where in it, and how much of the path is its own. */
struct level {
    id      folder, at;
    int64_t key;
    size_t  path_n;
};

/* What is packed by now; lost when the program ends. */
struct packing {
    struct task_memory memory; /* first: what tasks know of it */
    struct packer     *packer;
    struct text        path;
    struct level       levels[DEPTH_MAX + 3];
    int                depth;
    size_t             top;     /* of the nodes asked for, how many were begun */
    int64_t            entries, skipped, bytes;
    int64_t            held;    /* bytes of what is packed already, when this began */
    struct reader     *reader; /* of the file that is being read, or NULL */
    int64_t            at, size;
    struct content_record whole; /* at the end */
    struct part           part;
    char                  digests[96];
    bool                  is_whole;
};

static void forget(struct task_memory *memory)
{
    struct packing *w = (struct packing *)(void *)memory;
    reader_free(&w->reader);
    packer_free(&w->packer);
    text_done(&w->path);
    free(w);
}

static enum fault begin(struct cx *cx, struct task_turn *turn)
{
    struct packing *w = calloc(1, sizeof *w);
    if (!w)
        log_die("out of memory");
    w->memory.forget = forget;
    turn->memory = &w->memory;
    TRY(store_tasks_held_bytes(cx, &w->held));
    return packer_open(cx, &w->packer);
}

/* ---- reading content ---- */

/* Goes on with the file that was begun, for at most `*room` bytes. */
static enum fault read_content(struct cx *cx, struct packing *w, int64_t *room)
{
    char  *piece = arena_make(cx->arena, PIECE);
    size_t got;
    while (w->at < w->size && *room > 0) {
        const int64_t left = w->size - w->at;
        TRY(reader_read(cx, w->reader, w->at, piece, left < PIECE ? (size_t)left : PIECE, &got));
        if (!got)
            return fail(cx, FAULT_INTERNAL, .because = "content is shorter than its file");
        TRY(packer_add(cx, w->packer, (str){ piece, got }));
        w->at += (int64_t)got;
        w->bytes += (int64_t)got;
        *room -= (int64_t)got;
    }
    if (w->at == w->size)
        reader_free(&w->reader);
    return OK;
}

/* ---- walking ---- */

/* No drive's quota counts it: all ZIPs together leave as much free as they take. */
static enum fault check_room(struct cx *cx, const struct packing *w, int64_t more)
{
    const int64_t room = content_free_bytes(cx->site->content);
    if (room >= 0 && w->held + w->bytes + more > room)
        return fail(cx, FAULT_QUOTA, .because = "the server has no room for more ZIPs now");
    return OK;
}

static enum fault pack_node(struct cx *cx, struct packing *w, const struct node *node, size_t path_n)
{
    str used;
    if (w->entries >= ARCHIVE_ENTRIES_MAX)
        return fail(cx, FAULT_TOO_LARGE, .thing = THING_TASK, .max = ARCHIVE_ENTRIES_MAX);
    if (node->kind == NODE_FILE && w->bytes + node->size > ARCHIVE_BYTES_MAX)
        return fail(cx, FAULT_TOO_LARGE, .thing = THING_TASK, .max = ARCHIVE_BYTES_MAX);
    TRY(check_room(cx, w, node->size));
    w->path.n = path_n;
    text_add(&w->path, node->name);
    if (node->kind == NODE_FOLDER)
        text_char(&w->path, '/');
    TRY(packer_entry(cx, w->packer, text_str(&w->path), node->size, node->modified, &used));
    w->entries++;
    w->at = 0;
    w->size = node->size;
    if (node->kind != NODE_FOLDER)
        return node->size ? reader_open(cx, node->content, &w->reader) : OK;
    if (w->depth == DEPTH_MAX + 2)
        return fail(cx, FAULT_TOO_DEEP, .thing = THING_NODE, .max = DEPTH_MAX);
    w->path.n = path_n; /* as it is named in the ZIP */
    text_add(&w->path, str_from(used, path_n));
    w->levels[w->depth++] = (struct level){ .folder = node->id, .path_n = w->path.n };
    return OK;
}

/* The next of the nodes that were asked for, if it is there and still the asker's to read. */
static enum fault next_top(struct cx *cx, struct packing *w, const struct task *task, bool *any)
{
    struct drive drive;
    struct node  node;
    int          where;
    if (task->more.n <= w->top * NUMBER_DIGITS) {
        *any = false;
        return OK;
    }
    const str text = str_cut(str_from(task->more, NUMBER_DIGITS * w->top++), NUMBER_DIGITS);
    const str bytes = hex_read(cx->arena, text);
    const id  number = { bytes.n == 8 ? (int64_t)be64_get(bytes.p) : 0 };
    enum fault fault = store_drive(cx, cx->site->domain.id, task->drive, &drive);
    if (fault == OK)
        fault = store_node(cx, task->drive, number, &node);
    if (fault == OK) {
        TRY(node_where(cx, &drive, &node, &where));
        fault = where == SCOPE_LIVE ? OK : FAULT_NOT_FOUND;
    }
    if (fault == OK)
        fault = task->share.v ? share_require(cx, task->share, &drive, &node, ACTION_DOWNLOAD)
                              : access_require(cx, &drive, &node, ACTION_DOWNLOAD);
    if (fault == FAULT_NOT_FOUND || fault == FAULT_FORBIDDEN)
        w->skipped++;
    else if (fault == OK)
        TRY(pack_node(cx, w, &node, 0));
    return fault == FAULT_NOT_FOUND || fault == FAULT_FORBIDDEN ? OK : fault;
}

static enum fault next_child(struct cx *cx, struct packing *w, const struct task *task)
{
    struct level *level = &w->levels[w->depth - 1];
    struct list   child;
    TRY(tree_children(cx, task->drive, level->folder, level->key, level->at, 1, &child));
    if (!child.count) {
        w->depth--;
        return OK;
    }
    const struct node *node = child.items;
    level->key = node->created.ms;
    level->at = node->id;
    return pack_node(cx, w, node, level->path_n);
}

/* What outlives the turn's arena. */
static void keep_digests(struct packing *w)
{
    str *const digests[] = { &w->whole.sha256, &w->whole.sha1, &w->whole.pre_sha1 };
    for (size_t i = 0, at = 0; i < COUNT(digests); at += digests[i]->n, i++) {
        memcpy(w->digests + at, digests[i]->p, digests[i]->n);
        digests[i]->p = w->digests + at;
    }
    w->is_whole = true;
}

static enum fault look(struct cx *cx, const struct task *task, struct task_turn *turn)
{
    int64_t room = BYTES_A_TURN;
    bool    any = true;
    if (!turn->memory)
        TRY(begin(cx, turn));
    struct packing *w = (struct packing *)(void *)turn->memory;
    for (int n = 0; n < ENTRIES_A_TURN && room > 0 && any && !w->is_whole; n++)
        if (w->reader)
            TRY(read_content(cx, w, &room));
        else if (w->depth)
            TRY(next_child(cx, w, task));
        else
            TRY(next_top(cx, w, task, &any));
    if (any || w->is_whole)
        return OK;
    TRY(packer_end(cx, w->packer, &w->whole, &w->part));
    keep_digests(w);
    return OK;
}

static enum fault slice(struct cx *cx, struct task *task, struct task_turn *turn, int *budget)
{
    struct packing *w = (struct packing *)(void *)turn->memory;
    *budget = 0;
    if (!w)
        return OK; /* look has not begun: started in this very change */
    task->done = w->entries;
    task->skipped = w->skipped;
    if (!w->is_whole)
        return OK;
    const struct chunk chunk = { .id = w->part.chunk, .size = w->part.size, .sha256 = w->whole.sha256 };
    const struct list  parts = { &w->part, 1 };
    TRY(store_chunk_add(cx, &chunk, S0));
    TRY(blob_from_parts(cx, &w->whole, &parts, &task->content));
    task_end(cx, task, TASK_SUCCEEDED);
    return OK;
}

const struct task_work task_archive = { .name = "archive", .look = look, .slice = slice, .by_right = true };

/* ---- outside ---- */

/* Nobody knows who they are, and what they have packed is kept a while. */
static enum fault check_guests(struct cx *cx, id share)
{
    int64_t count;
    TRY(store_tasks_of_guests(cx, share, (instant){ cx->now.ms - ARCHIVE_KEPT_MS }, &count));
    return count < ARCHIVES_OF_GUESTS_MAX ? OK : fail(cx, FAULT_THROTTLED, .thing = THING_SHARE,
        .max = ARCHIVES_OF_GUESTS_MAX, .because = "the guests of this share have had enough packed for a day");
}

enum fault archive_start(struct cx *cx, const struct drive *drive, const id *nodes, size_t count, str name, id share,
                         id *out)
{
    struct task task = { .kind = TASK_ARCHIVE, .drive = drive->id, .share = share, .name = name };
    TRY(node_check_name(cx, name, "name"));
    if (cx->caller->is_guest)
        TRY(check_guests(cx, share));
    char *numbers = arena_make(cx->arena, 8 * count + 1);
    for (size_t i = 0; i < count; i++)
        be64_put(numbers + 8 * i, (uint64_t)nodes[i].v);
    task.more = hex_lower(cx->arena, (str){ numbers, 8 * count });
    TRY(task_begin(cx, &task));
    *out = task.id;
    return task_start(cx, &task, 0, true);
}

enum fault archive_find(struct cx *cx, id number, struct node *out)
{
    struct task           task;
    struct content_record content;
    TRY(task_find(cx, arena_print(cx->arena, "%lld", (long long)number.v), &task));
    if (task.kind != TASK_ARCHIVE || !task.content.v || store_content(cx, task.content, &content) != OK)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_TASK);
    const bool named = task.name.n > 4 && str_eq_ascii_case(str_from(task.name, task.name.n - 4), S(".zip"));
    *out = (struct node){ .kind = NODE_FILE, .media_type = S("application/zip"), .modified = task.finished,
                          .created = task.finished,
                          .name = named ? task.name : arena_print(cx->arena, "%.*s.zip", STR_ARG(task.name)) };
    blob_into_node(&content, out);
    return OK;
}

enum fault archives_purge(struct cx *cx, int *budget)
{
    struct list tasks;
    TRY(store_tasks_holding(cx, (instant){ cx->now.ms - ARCHIVE_KEPT_MS }, *budget, &tasks));
    for (size_t i = 0; i < tasks.count; i++, --*budget) {
        struct task *task = &((struct task *)tasks.items)[i];
        TRY(blob_release(cx, task->content));
        task->content = ID_NONE;
        TRY(store_task_save(cx, task));
    }
    return OK;
}
