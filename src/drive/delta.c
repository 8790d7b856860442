#include "drive/delta.h"

#include "base/encode.h"
#include "drive/access.h"
#include "drive/ancestry.h"
#include "drive/cursor.h"
#include "store/events.h"
#include "store/nodes.h"
#include "store/tasks.h"

/* A folder in which little happens must not make one page read all that happened in its drive. */
enum { LOOKED_AT_MAX = 2000 };

struct reader {
    struct cx          *cx;
    const struct drive *drive;
    struct ancestry    *below;      /* NULL: all of the drive is watched */
    id                  root;
    bool                sees_all;   /* the caller may list the whole drive */
    bool                tasks_run;  /* then what a task hides looks like what is gone */
    struct delta_item  *items;
    size_t              count, limit, bytes;
    int                 looked_at;
    int64_t             position;   /* of the last event that was dealt with */
    bool                has_more;
};

static str binding(struct cx *cx, const struct delta_ask *ask, const struct drive *drive, const struct node *root)
{
    return arena_print(cx->arena, "%s|%lld|%lld", ask->operation, (long long)drive->id.v, (long long)root->id.v);
}

static str cursor_of(struct cx *cx, str bound, int64_t position)
{
    char *bytes = arena_make(cx->arena, 8);
    be64_put(bytes, (uint64_t)position);
    return cursor_make(cx, bound, (str){ bytes, 8 });
}

/* A folder that is watched may be in the bin by now: that it went there is what is to be told. */
static enum fault find_root(struct cx *cx, const struct delta_ask *ask, struct drive *drive, struct node *root)
{
    const bool whole = !ask->root_text.n;
    const enum fault fault = node_find(cx, ask->drive_text, whole ? S("root") : ask->root_text, SCOPE_ANY, ACTION_LIST,
                                       drive, root);
    if (fault == FAULT_NOT_FOUND && whole)
        cx->why.thing = THING_DRIVE;
    TRY(fault);
    if (root->kind != NODE_FOLDER)
        return fail(cx, FAULT_INVALID, .field = ask->root_field, .got = ask->root_text, .because = "a folder is asked for");
    return OK;
}

/* ---- one event ---- */

static enum fault look_below(struct reader *r, id folder, enum below *out)
{
    *out = BELOW_NO;
    return folder.v ? ancestry_of(r->cx, r->below, folder, out) : OK;
}

/* Whether the event is for who watches, and whether the node may be shown to him. */
static enum fault judge(struct reader *r, const struct event *event, const struct node *node, bool *told, bool *shown)
{
    enum below now = BELOW_NO, before;
    *told = *shown = true;
    if (!r->below)
        return OK;
    if (node && node->id.v == r->root.v) /* the watched folder itself is told of, too */
        now = BELOW_YES;
    else if (node)
        TRY(look_below(r, node->trashed.ms ? node->origin : node->parent, &now));
    TRY(look_below(r, event->parent, &before));
    const bool lost = !node && before != BELOW_NO; /* from where, nobody can tell */
    *told = now == BELOW_YES || before == BELOW_YES || (r->sees_all && lost);
    *shown = now == BELOW_YES || r->sees_all;
    return OK;
}

static enum fault take(struct reader *r, const struct event *event)
{
    struct node node;
    bool        told, shown;
    r->looked_at++;
    if (event->what >= EVENT_DRIVE_CREATE) /* of the drive, not of an entry */
        return OK;
    const enum fault fault = store_node(r->cx, r->drive->id, event->node, &node);
    if (fault != OK && fault != FAULT_NOT_FOUND)
        return fault;
    bool is_here = fault == OK;
    if (is_here)
        r->bytes += node_bytes(&node);
    int  where = SCOPE_LIVE;
    if (is_here && r->tasks_run)
        TRY(node_where(r->cx, r->drive, &node, &where));
    is_here = is_here && where;
    TRY(judge(r, event, is_here ? &node : NULL, &told, &shown));
    if (!told)
        return OK;
    struct delta_item *item = &r->items[r->count++];
    *item = (struct delta_item){ .what = event->what, .id = event->node, .is_gone = !is_here || !shown };
    if (!item->is_gone)
        item->node = node;
    return OK;
}

/* ---- a page ---- */

static enum fault read_events(struct reader *r)
{
    const int chunk = (int)r->limit + 1;
    struct list events;
    do {
        TRY(store_events_after(r->cx, r->drive->id, r->position, chunk, &events));
        const struct event *event = events.items;
        for (size_t i = 0; i < events.count; i++) {
            r->has_more = r->count == r->limit || r->looked_at == LOOKED_AT_MAX || r->bytes >= NODES_BYTES_MAX;
            if (r->has_more)
                return OK;
            TRY(take(r, &event[i]));
            r->position = event[i].id.v;
        }
    } while (events.count == (size_t)chunk);
    return OK;
}

enum fault delta_list(struct cx *cx, const struct delta_ask *ask, struct delta *out)
{
    struct node root;
    struct list running;
    str         position;
    unsigned    actions;
    TRY(find_root(cx, ask, &out->drive, &root));
    TRY(store_tasks_running(cx, ID_NONE, 1, &running));
    TRY(access_to_drive(cx, &out->drive, &actions));
    const str bound = binding(cx, ask, &out->drive, &root);
    TRY(cursor_read(cx, ask->cursor_field, bound, ask->cursor, &position));
    const bool    whole = node_is_root(&out->drive, &root);
    struct reader reader = {
        .cx = cx, .drive = &out->drive, .root = root.id, .below = whole ? NULL : ancestry_new(cx, &out->drive, root.id, true),
        .sees_all = actions & ACTION_LIST, .tasks_run = running.count > 0, .limit = (size_t)ask->limit,
        .items = ARENA_MANY(cx->arena, struct delta_item, (size_t)ask->limit + 1),
        .position = position.n == 8 ? (int64_t)be64_get(position.p) : 0,
    };
    TRY(read_events(&reader));
    out->items = (struct list){ reader.items, reader.count };
    out->has_more = reader.has_more;
    out->cursor = cursor_of(cx, bound, reader.position);
    return OK;
}

enum fault delta_last(struct cx *cx, const struct delta_ask *ask, struct delta *out)
{
    struct node root;
    int64_t     last;
    TRY(find_root(cx, ask, &out->drive, &root));
    TRY(store_event_last(cx, out->drive.id, &last));
    out->cursor = cursor_of(cx, binding(cx, ask, &out->drive, &root), last);
    return OK;
}
