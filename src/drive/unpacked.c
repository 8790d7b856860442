#include "drive/unpacked.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "drive/blob.h"
#include "drive/graft.h"
#include "drive/place.h"
#include "store/nodes.h"
#include "store/store.h"

struct unpacked unpacked_of(const struct unpack_entry *entry, int64_t number)
{
    struct unpacked out = { .number = number, .path_n = entry->path.n, .is_folder = entry->is_folder,
                            .is_left_out = entry->is_special, .modified = entry->modified };
    if (!(out.path = malloc(entry->path.n + 1)))
        log_die("out of memory");
    memcpy(out.path, entry->path.p, entry->path.n);
    return out;
}

void unpacked_done(struct unpacked *unpacked)
{
    free(unpacked->path);
    receiver_free(&unpacked->receiver);
    *unpacked = (struct unpacked){ 0 };
}

/* ---- paths ---- */

/* Where the last part of it begins. */
static size_t last_part(str path)
{
    size_t at = path.n;
    while (at && path.p[at - 1] != '/')
        at--;
    return at;
}

static enum fault two_of_a_name(struct cx *cx, str name)
{
    return fail(cx, FAULT_INVALID, .thing = THING_NODE, .got = name, .because = "a file and a folder have one name");
}

static struct node node_new(struct cx *cx, const struct task *task, id parent, str name, const struct unpacked *from)
{
    struct node node = { .drive = task->to_drive, .parent = parent, .name = name, .creator = cx->caller->user,
                         .editor = cx->caller->user, .created = cx->now, .modified = cx->now };
    char        text[INSTANT_TEXT];
    if (from->modified.ms)
        node.local_modified = arena_copy(cx->arena, instant_print(from->modified, INSTANT_MS, text));
    return node;
}

static enum fault add_folder(struct cx *cx, struct task *task, const struct unpacked *from, id parent, str name, int depth,
                             id *out)
{
    struct node node = node_new(cx, task, parent, name, from);
    node.kind = NODE_FOLDER;
    TRY(store_next_id(cx, &node.id));
    const enum fault fault = store_node_add(cx, &node);
    if (fault == FAULT_EXISTS)
        return fail(cx, FAULT_INTERNAL, .because = "a folder's name is taken that was free");
    TRY(fault);
    *out = node.id;
    return graft_push(cx, task, ID_NONE, node.id, depth);
}

/* The folder of this path, into place: it, or those above it too, are made where they are missing. */
static enum fault enter(struct cx *cx, struct task *task, const struct unpacked *from, str path,
                        struct unpack_place *place)
{
    struct node there;
    const size_t at = last_part(path);
    if (path.n == place->path.n && str_eq(path, place->path))
        return OK;
    if (!path.n) {
        *place = (struct unpack_place){ .parent = task->id, .depth = -1, .bytes = place->bytes };
        return OK;
    }
    TRY(enter(cx, task, from, str_cut(path, at ? at - 1 : 0), place));
    id found = ID_NONE;
    const enum fault fault = store_node_by_name(cx, task->to_drive, place->parent, str_from(path, at), &there);
    if (fault == OK && there.kind != NODE_FOLDER)
        return two_of_a_name(cx, path);
    if (fault == FAULT_NOT_FOUND) {
        TRY(add_folder(cx, task, from, place->parent, str_from(path, at), place->depth + 1, &found));
    } else {
        TRY(fault);
        found = there.id;
    }
    *place = (struct unpack_place){ .path = path, .parent = found, .depth = place->depth + 1, .bytes = place->bytes };
    return OK;
}

/* ---- making ---- */

static enum fault add_file(struct cx *cx, const struct task *task, const struct unpacked *from, id parent, str name,
                           int64_t *bytes)
{
    struct content_record content;
    struct node           node = node_new(cx, task, parent, name, from), in_the_way = { 0 };
    bool                  taken;
    TRY(receiver_commit_whole(cx, from->receiver, &content));
    node.kind = NODE_FILE;
    node.version = 1;
    node.media_type = media_type_of(name);
    blob_into_node(&content, &node);
    TRY(place_settle(cx, &node, CONFLICT_NUMBER, &taken, &in_the_way));
    if (in_the_way.kind == NODE_FOLDER)
        return two_of_a_name(cx, name);
    node.category = category_by(&node);
    TRY(store_next_id(cx, &node.id));
    TRY(store_next_id(cx, &node.revision));
    *bytes += node.size;
    const enum fault fault = store_node_add(cx, &node);
    return fault == FAULT_EXISTS ? fail(cx, FAULT_INTERNAL, .because = "a file's name is taken that was free") : fault;
}

enum fault unpacked_make(struct cx *cx, struct task *task, const struct unpacked *one, struct unpack_place *place)
{
    const str    path = { one->path, one->path_n };
    const size_t at = last_part(path);
    if (one->is_left_out) {
        task->skipped++;
        return OK;
    }
    task->done++;
    if (one->is_folder || !path.n)
        return enter(cx, task, one, path, place);
    TRY(enter(cx, task, one, str_cut(path, at ? at - 1 : 0), place));
    if (place->depth + 1 > task->height)
        task->height = place->depth + 1;
    return add_file(cx, task, one, place->parent, str_from(path, at), &place->bytes);
}
