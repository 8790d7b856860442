#include "drive/weave.h"

enum { STRANDS_FIRST = 256, KEYS_FIRST = 4, KEYS_MOST = 256 };

/* Its head is known when keys are there, else no more than that nothing of it comes before the key in `head`. */
struct strand {
    id                    folder;
    struct node_position  head;
    struct node_position *keys; /* that follow it; arena */
    int                   at, count, room;
    bool                  is_begun, is_known, is_over; /* over: nothing follows the keys */
};

struct weave {
    struct arena   *arena;
    id              drive;
    enum node_order order;
    bool            descending;
    struct woven    after;
    struct strand  *strands;
    struct strand **heap; /* the next one first */
    size_t          count, room;
};

/* ---- the order ---- */

static int compare_keys(const struct weave *w, const struct node_position *a, const struct node_position *b)
{
    if (w->order != ORDER_NAME)
        return (a->number > b->number) - (a->number < b->number);
    const size_t n = a->bytes.n < b->bytes.n ? a->bytes.n : b->bytes.n;
    const int    c = n ? memcmp(a->bytes.p, b->bytes.p, n) : 0;
    return c ? c : (a->bytes.n > b->bytes.n) - (a->bytes.n < b->bytes.n);
}

static bool comes_first(const struct weave *w, const struct strand *a, const struct strand *b)
{
    int c = compare_keys(w, &a->head, &b->head);
    if (!c)
        c = (a->folder.v > b->folder.v) - (a->folder.v < b->folder.v);
    return w->descending ? c > 0 : c < 0;
}

/* ---- the heap ---- */

static void sink(struct weave *w, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < w->count; child++)
            if (comes_first(w, w->heap[child], w->heap[least]))
                least = child;
        if (least == at)
            return;
        struct strand *const moved = w->heap[at];
        w->heap[at] = w->heap[least];
        w->heap[least] = moved;
        at = least;
    }
}

static void drop_first(struct weave *w)
{
    w->heap[0] = w->heap[--w->count];
    sink(w, 0);
}

/* ---- strands ---- */

/* Where a strand that was not begun yet begins: behind the place in the folder it is in; in folders that come
 * before that behind its key, in those that come after it at its key. */
static struct node_position first_of(const struct weave *w, id folder)
{
    const struct woven  *after = &w->after;
    const int            c = (folder.v > after->folder.v) - (folder.v < after->folder.v);
    struct node_position from = after->at;
    if (c)
        from.node.v = c < 0 ? INT64_MAX : 0;
    return from;
}

struct loading {
    struct weave  *weave;
    struct strand *strand;
};

static bool take_key(void *arg, void *row)
{
    struct loading       *l = arg;
    struct node_position *key = &l->strand->keys[l->strand->count++];
    *key = *(const struct node_position *)row;
    key->is_start = false;
    key->bytes = arena_copy(l->weave->arena, key->bytes);
    return true;
}

/* Reads on behind the head, more each time; an empty strand is over. */
static enum fault load(struct cx *cx, struct weave *w, struct strand *s)
{
    const struct node_position from = s->is_begun ? s->head : first_of(w, s->folder);
    struct loading loading = { w, s };
    s->room = s->is_begun && s->room < KEYS_MOST ? s->room * 4 : s->room ? s->room : KEYS_FIRST;
    s->keys = ARENA_MANY(w->arena, struct node_position, (size_t)s->room);
    s->at = s->count = 0;
    TRY(store_folder_keys_each(cx, w->drive, s->folder, w->order, w->descending, &from, s->room, take_key, &loading));
    s->is_over = s->count < s->room;
    s->is_begun = s->is_known = true;
    if (s->count)
        s->head = s->keys[0];
    return OK;
}

static void step(struct strand *s)
{
    if (++s->at < s->count)
        s->head = s->keys[s->at];
    else
        s->is_known = false; /* the head stays: what follows comes behind it */
}

enum fault weave_next(struct cx *cx, struct weave *w, struct woven *out, bool *any)
{
    struct arena *const before = cx->arena;
    enum fault fault = OK;
    while (w->count && !w->heap[0]->is_known && fault == OK) {
        struct strand *const s = w->heap[0];
        cx->arena = w->arena;
        s->count = 0;
        if (!s->is_over)
            fault = load(cx, w, s);
        cx->arena = before;
        if (s->count)
            sink(w, 0);
        else
            drop_first(w);
    }
    *any = fault == OK && w->count > 0;
    if (!*any)
        return fault;
    *out = (struct woven){ w->heap[0]->head, w->heap[0]->folder };
    step(w->heap[0]);
    sink(w, 0);
    return OK;
}

/* ---- beginning ---- */

static bool take_head(void *arg, void *row)
{
    struct weave             *w = arg;
    const struct folder_head *head = row;
    if (w->order == ORDER_NAME ? !head->bytes.p : head->number < 0)
        return true;
    if (w->count == w->room) {
        struct strand *grown = ARENA_MANY(w->arena, struct strand, w->room * 2);
        memcpy(grown, w->strands, w->count * sizeof *grown);
        w->strands = grown;
        w->room *= 2;
    }
    w->strands[w->count++] = (struct strand){
        .folder = head->folder, .head = { .number = head->number, .bytes = arena_copy(w->arena, head->bytes) }
    };
    return true;
}

enum fault weave_begin(struct cx *cx, const struct drive *drive, enum node_order order, bool descending,
                       const struct woven *after, struct weave **out)
{
    struct weave *w = *out = ARENA_NEW(cx->arena, struct weave);
    *w = (struct weave){ .arena = cx->arena, .drive = drive->id, .order = order, .descending = descending,
                         .after = *after, .room = STRANDS_FIRST };
    if (after->at.is_start)
        w->after = (struct woven){ store_position_first(descending), { descending ? INT64_MAX : 0 } };
    w->strands = ARENA_MANY(w->arena, struct strand, w->room);
    TRY(store_folder_heads_each(cx, drive->id, order, descending, &w->after.at, w->after.folder, take_head, w));
    w->heap = ARENA_MANY(w->arena, struct strand *, w->count + 1);
    for (size_t i = 0; i < w->count; i++)
        w->heap[i] = &w->strands[i];
    for (size_t i = w->count / 2; i-- > 0;)
        sink(w, i);
    return OK;
}
