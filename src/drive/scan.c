#include "base/encode.h"
#include "drive/ancestry.h"
#include "drive/access.h"
#include "drive/cursor.h"
#include "drive/delta.h"
#include "store/nodes.h"

/* A full bin must not make one page read a whole drive. */
enum { LOOKED_AT_MAX = 2000 };

struct scanner {
    struct cx          *cx;
    const struct drive *drive;
    struct ancestry    *live;
    struct node        *items;
    size_t              count, limit, bytes;
    int                 looked_at;
    id                  position;
    bool                has_more;
};

static enum fault is_live(struct scanner *s, const struct node *node, bool *live)
{
    enum below below = BELOW_NO;
    *live = node->id.v != s->drive->root.v && node->id.v != s->drive->bin.v && !node->trashed.ms;
    if (*live)
        TRY(ancestry_of(s->cx, s->live, node->parent, &below));
    *live = below == BELOW_YES;
    return OK;
}

static enum fault read_nodes(struct scanner *s)
{
    const int   chunk = (int)s->limit + 1;
    struct list nodes;
    bool        live;
    do {
        TRY(store_nodes_of_drive(s->cx, s->drive->id, s->position, chunk, &nodes));
        const struct node *node = nodes.items;
        for (size_t i = 0; i < nodes.count; i++) {
            s->has_more = s->count == s->limit || s->looked_at == LOOKED_AT_MAX || s->bytes >= NODES_BYTES_MAX;
            if (s->has_more)
                return OK;
            s->looked_at++;
            s->bytes += node_bytes(&node[i]);
            s->position = node[i].id;
            TRY(is_live(s, &node[i], &live));
            if (live)
                s->items[s->count++] = node[i];
        }
    } while (nodes.count);
    return OK;
}

enum fault node_scan(struct cx *cx, const struct scan_ask *ask, struct drive *drive, struct node_page *out)
{
    struct node root;
    str         position;
    const enum fault fault = node_find(cx, ask->drive_text, S("root"), SCOPE_LIVE, ACTION_LIST, drive, &root);
    if (fault == FAULT_NOT_FOUND)
        cx->why.thing = THING_DRIVE;
    TRY(fault);
    const str bound = arena_print(cx->arena, "%s|%lld", ask->operation, (long long)drive->id.v);
    TRY(cursor_read(cx, ask->cursor_field, bound, ask->cursor, &position));
    struct scanner scanner = {
        .cx = cx, .drive = drive, .live = ancestry_new(cx, drive, drive->root, false), .limit = (size_t)ask->limit,
        .items = ARENA_MANY(cx->arena, struct node, (size_t)ask->limit),
        .position = { position.n == 8 ? (int64_t)be64_get(position.p) : 0 },
    };
    TRY(read_nodes(&scanner));
    char *last = arena_make(cx->arena, 8);
    be64_put(last, (uint64_t)scanner.position.v);
    out->nodes = (struct list){ scanner.items, scanner.count };
    out->next = scanner.has_more ? cursor_make(cx, bound, (str){ last, 8 }) : S0;
    return OK;
}
