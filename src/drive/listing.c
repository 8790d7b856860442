/* A page of a folder or of the bin, by keyset: read from the last row's key on, filter, stop when the page
 * is full or enough rows were looked at. */
#include "base/encode.h"
#include "base/names.h"
#include "drive/cursor.h"
#include "drive/share.h"
#include "store/nodes.h"

/* A filter that matches little must not make one page read a whole folder. */
enum { LOOKED_AT_MAX = 2000 };

static const enum node_order orders[] = {
    [SORT_NAME] = ORDER_NAME,         [SORT_SIZE] = ORDER_SIZE,       [SORT_CREATED] = ORDER_CREATED,
    [SORT_MODIFIED] = ORDER_MODIFIED, [SORT_TRASHED] = ORDER_TRASHED, [SORT_FORMAT] = ORDER_CATEGORY,
};

struct page_maker {
    struct cx            *cx;
    const struct listing *listing;
    str                   needle; /* folded */
    struct node          *items;
    size_t                count, looked_at, bytes; /* bytes of all that were looked at */
    struct node           last;   /* the row the next page begins after: its name, a packed one's details, no other text */
    bool                  more;   /* there is a row after it */
    bool                  filters, packed;
    enum fault            fault;
};

static str binding(struct cx *cx, const struct listing *l, id parent, str needle)
{
    return arena_print(cx->arena, "%s|%lld|%lld|%d|%d|%d|%u|%d|%d|%.*s", l->operation, (long long)l->drive.id.v,
                       (long long)parent.v, (int)l->sort, l->descending, l->kind, l->categories, l->without_hidden, l->only_starred,
                       STR_ARG(needle));
}

static int64_t key_of(const struct node *node, enum node_order order)
{
    switch (order) {
    case ORDER_SIZE:     return node->size;
    case ORDER_CREATED:  return node->created.ms;
    case ORDER_MODIFIED: return node->modified.ms;
    case ORDER_CATEGORY: return node->category;
    case ORDER_TRASHED:  return node->trashed.ms;
    case ORDER_NAME:
    case ORDER_COUNT:    break;
    }
    return 0;
}

static bool wanted(struct page_maker *p, const struct node *node)
{
    const struct listing *l = p->listing;
    if (l->kind && node->kind != l->kind)
        return false;
    if (l->categories && !(l->categories & 1u << node->category))
        return false;
    if ((l->without_hidden && node->hidden) || (l->only_starred && !node->starred))
        return false;
    return !p->needle.n || name_contains(p->cx->arena, node->name, p->needle);
}

static bool is_full(const struct page_maker *p)
{
    return p->count == (size_t)p->listing->limit || p->looked_at == LOOKED_AT_MAX || p->bytes >= NODES_BYTES_MAX;
}

static bool take(void *arg, void *row)
{
    struct page_maker *p = arg;
    struct node       *node = &p->items[p->count]; /* there is one more than fits: for what is not wanted */
    if (is_full(p)) {
        p->more = true;
        return false;
    }
    *node = ((const struct node_row *)row)->node;
    p->looked_at++;
    p->bytes += node->name.n + node->details.n;
    if (!p->packed)
        p->fault = store_node_unpack(p->cx, node);
    if (!p->filters || (p->fault == OK && wanted(p, node))) {
        node_keep(p->cx->arena, node);
        p->count++;
    }
    if (is_full(p)) {
        p->last = *node;
        p->last.name = arena_copy(p->cx->arena, node->name);
    }
    return p->fault == OK;
}

/* A position is the row's number, then its key: eight bytes, or the sort key. */
static enum fault position_of(struct cx *cx, struct node *node, enum node_order order, str *out)
{
    char number[8], key[8];
    str  parts[] = { { number, sizeof number }, { key, sizeof key } };
    be64_put(number, (uint64_t)node->id.v);
    if (order == ORDER_NAME) {
        TRY(store_node_sort_key(cx, node, &parts[1]));
    } else {
        TRY(node_unpack(cx, node));
        be64_put(key, (uint64_t)key_of(node, order));
    }
    *out = arena_join(cx->arena, parts, COUNT(parts));
    return OK;
}

static void position_read(str position, enum node_order order, struct node_position *out)
{
    *out = (struct node_position){ .is_start = position.n < 8 };
    if (out->is_start)
        return;
    out->node = (id){ (int64_t)be64_get(position.p) };
    if (order == ORDER_NAME)
        out->bytes = str_from(position, 8);
    else if (position.n == 16)
        out->number = (int64_t)be64_get(position.p + 8);
}

enum fault node_unpack(struct cx *cx, struct node *node)
{
    return store_node_unpack(cx, node);
}

enum fault node_list(struct cx *cx, const struct listing *l, struct node_page *out)
{
    /* what lies in a recycled folder has no time of its own at which it was recycled */
    const enum node_order order = orders[l->sort == SORT_TRASHED && !l->in_bin ? SORT_MODIFIED : l->sort];
    const id   parent = l->in_bin ? l->drive.bin : l->parent.id;
    const str  needle = l->name_part.n ? name_folded(cx->arena, l->name_part) : S("");
    const str  bound = binding(cx, l, parent, needle);
    str        position;
    struct node_position from;
    const bool filters = l->kind || l->categories || l->without_hidden || l->only_starred || needle.n;
    const int  rows = filters ? LOOKED_AT_MAX + 1 : l->limit + 1;
    struct page_maker page = { .cx = cx, .listing = l, .needle = needle, .filters = filters,
                               .packed = l->packed && !filters,
                               .items = arena_room(cx->arena, ((size_t)l->limit + 1) * sizeof(struct node)) };

    *out = (struct node_page){ { page.items, 0 }, S0 };
    if (l->only_starred && share_visit(cx))
        return OK; /* nothing is starred through a share */
    if (!l->in_bin && share_is_top(cx, &l->parent))
        return share_list_top(cx, l, out);
    if (!l->in_bin && l->parent.kind != NODE_FOLDER)
        return fail(cx, FAULT_NOT_FOLDER, .thing = THING_PARENT);
    TRY(cursor_read(cx, l->cursor_field, bound, l->cursor, &position));
    position_read(position, order, &from);
    TRY(store_nodes_each_packed(cx, l->drive.id, parent, order, l->descending, &from, rows,
                                l->only_starred ? &cx->caller->user : NULL, take, &page));
    TRY(page.fault);
    out->nodes = (struct list){ page.items, page.count };
    if (!page.more)
        return OK;
    TRY(position_of(cx, &page.last, order, &position));
    out->next = cursor_make(cx, bound, position);
    return OK;
}
