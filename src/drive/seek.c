#include "drive/seek.h"

#include <stdlib.h>

#include "base/encode.h"
#include "drive/candidates.h"

enum { POSITION_FIXED = 42 /* bytes of a position in front of the sort key */ };

/* ---- orders ---- */

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_bytes(str a, str b)
{
    const size_t n = a.n < b.n ? a.n : b.n;
    const int    c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : compare_numbers((int64_t)a.n, (int64_t)b.n);
}

static int compare_by(enum search_key key, const struct key *a, const struct key *b)
{
    switch (key) {
    case KEY_CREATED:  return compare_numbers(a->created, b->created);
    case KEY_MODIFIED: return compare_numbers(a->modified, b->modified);
    case KEY_SIZE:     return compare_numbers(a->size, b->size);
    case KEY_NAME:     return compare_bytes(a->name, b->name);
    case KEY_KIND:     return compare_numbers(b->kind, a->kind); /* NODE_FILE is the larger, and comes first */
    }
    return 0;
}

int seeker_compare(const struct seeker *s, const struct key *a, const struct key *b)
{
    for (int i = 0; i < s->order_count; i++) {
        const struct search_order *o = &s->orders[i];
        const int c = compare_by(o->key, a, b);
        if (c)
            return o->descending ? -c : c;
        if (s->has_walked && o->key == s->first.key)
            break;
    }
    int c = s->has_woven ? compare_numbers(a->parent.v, b->parent.v) : 0;
    if (!c)
        c = compare_numbers(a->node.v, b->node.v);
    return s->first.descending ? -c : c;
}

static int compare_for_sort(const void *a, const void *b, void *seeker)
{
    return seeker_compare(seeker, a, b);
}

static void read_orders(struct seeker *s)
{
    const struct search *search = s->search;
    bool found = false;
    memcpy(s->orders, search->orders, sizeof search->orders);
    s->order_count = search->order_count;
    for (int i = 0; i < s->order_count; i++) {
        if (s->orders[i].key != KEY_KIND && !found) {
            s->first = s->orders[i];
            found = true;
        }
    }
    s->kind_first = s->order_count && s->orders[0].key == KEY_KIND;
    s->kind_descending = s->kind_first && s->orders[0].descending;
    if (!found) {
        s->first = (struct search_order){ KEY_CREATED, false };
        s->orders[s->order_count++] = s->first;
    }
}

struct key key_of(const struct node_row *row)
{
    return (struct key){ row->node.kind, row->node.created.ms, row->node.modified.ms, row->node.size, row->sort_key,
                         row->node.drive, row->node.id, row->node.parent };
}

/* ---- positions: how it went, kind, three numbers, the node and its folder, the sort key ---- */

enum { HAS_WALKED = 1, HAS_WOVEN = 2 };

str seeker_position(struct cx *cx, const struct seeker *s, const struct key *k)
{
    char *out = arena_make(cx->arena, POSITION_FIXED + k->name.n + 1);
    out[0] = (char)((s->has_walked ? HAS_WALKED : 0) | (s->has_woven ? HAS_WOVEN : 0));
    out[1] = (char)k->kind;
    be64_put(out + 2, (uint64_t)k->created);
    be64_put(out + 10, (uint64_t)k->modified);
    be64_put(out + 18, (uint64_t)k->size);
    be64_put(out + 26, (uint64_t)k->node.v);
    be64_put(out + 34, (uint64_t)k->parent.v);
    if (k->name.n)
        memcpy(out + POSITION_FIXED, k->name.p, k->name.n);
    return (str){ out, POSITION_FIXED + k->name.n };
}

static enum fault position_read(struct cx *cx, str from, struct seeker *s)
{
    s->is_start = from.n == 0;
    if (s->is_start)
        return OK;
    if (from.n < POSITION_FIXED)
        return fail(cx, FAULT_INVALID, .field = "after", .how = HOW_FORM);
    s->has_walked = from.p[0] & HAS_WALKED;
    s->has_woven = from.p[0] & HAS_WOVEN;
    s->after = (struct key){ .kind = from.p[1], .created = (int64_t)be64_get(from.p + 2),
                             .modified = (int64_t)be64_get(from.p + 10), .size = (int64_t)be64_get(from.p + 18),
                             .node = { (int64_t)be64_get(from.p + 26) }, .parent = { (int64_t)be64_get(from.p + 34) },
                             .name = str_from(from, POSITION_FIXED) };
    return OK;
}

/* ---- what is kept: never much more than a page ---- */

void seeker_trim(struct seeker *s)
{
    qsort_r(s->kept, s->kept_count, sizeof *s->kept, compare_for_sort, s);
    if (s->kept_count > (size_t)s->search->limit + 1)
        s->kept_count = (size_t)s->search->limit + 1; /* one more tells that there is a next page */
}

void seeker_keep(struct seeker *s, struct arena *arena, const struct key *key)
{
    if (!s->is_start && seeker_compare(s, key, &s->after) <= 0)
        return;
    if (s->kept_count == s->kept_room)
        seeker_trim(s);
    s->kept[s->kept_count] = *key;
    s->kept[s->kept_count++].name = arena_copy(arena, key->name);
}

void seeker_stop(struct seeker *s, struct arena *arena, const struct key *key)
{
    if (s->has_stop && seeker_compare(s, &s->stop, key) <= 0)
        return;
    s->has_stop = true;
    s->stop = *key;
    s->stop.name = arena_copy(arena, key->name);
}

void seeker_cut(struct seeker *s)
{
    while (s->has_stop && s->kept_count && seeker_compare(s, &s->kept[s->kept_count - 1], &s->stop) > 0)
        s->kept_count--;
}

/* ---- beginning ---- */

/* Where the condition itself bounds the first order, the walk begins and ends there. */
static void read_range(struct seeker *s)
{
    const enum search_field field = s->first.key == KEY_SIZE ? SEARCH_SIZE : s->first.key == KEY_MODIFIED ? SEARCH_MODIFIED
                                                                                                          : SEARCH_CREATED;
    candidates_range(s->first.key == KEY_NAME ? NULL : s->search->condition, field, &s->low, &s->high);
}

enum fault seeker_begin(struct cx *cx, const struct search *search, struct seeker *s)
{
    *s = (struct seeker){ .cx = cx, .search = search, .kept_room = (size_t)search->limit * 4 + 16 };
    s->kept = ARENA_MANY(cx->arena, struct key, s->kept_room);
    read_orders(s);
    read_range(s);
    return position_read(cx, search->after, s);
}
