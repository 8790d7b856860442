/* What a condition leaves: of `and` the smallest of what its parts leave, of `or` all of them together. A part
 * that no index knows (a size, a `not`) leaves everything. */
#include "drive/candidates.h"

#include <stdlib.h>

#include "base/words.h"
#include "store/nodes.h"
#include "store/search.h"
#include "store/stars.h"

/* The longest words of a text are asked for, the rest only makes sure. */
enum { WORDS_ASKED_MAX = 8 };

struct finder {
    struct judge *judge;
    struct list   segments;
    bool          by_words; /* the index of words is complete for the drive */
    int64_t       apart;
};

static int compare_ids(const void *a, const void *b)
{
    const int64_t x = ((const id *)a)->v, y = ((const id *)b)->v;
    return (x > y) - (x < y);
}

static void make_distinct(struct list *list)
{
    id    *ids = list->items;
    size_t n = 0;
    if (list->count)
        qsort(ids, list->count, sizeof *ids, compare_ids);
    for (size_t i = 0; i < list->count; i++)
        if (!n || ids[n - 1].v != ids[i].v)
            ids[n++] = ids[i];
    list->count = n;
}

static struct list joined(struct arena *arena, const struct list *a, const struct list *b)
{
    id *ids = ARENA_MANY(arena, id, a->count + b->count + 1);
    if (a->count)
        memcpy(ids, a->items, a->count * sizeof *ids);
    if (b->count)
        memcpy(ids + a->count, b->items, b->count * sizeof *ids);
    return (struct list){ ids, a->count + b->count };
}

/* ---- numbers ---- */

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- words ---- */

static int longest_first(const void *a, const void *b)
{
    const size_t x = ((const struct search_word *)a)->word.n, y = ((const struct search_word *)b)->word.n;
    return (x < y) - (x > y);
}

/* The words a text that satisfies the term must have. Only the end of a joined piece may be but the beginning
 * of one, and only in a match. */
static size_t words_needed(struct arena *arena, const struct list *words, bool match, struct search_word **out)
{
    const struct word_found *w = words->items;
    struct search_word *needed = ARENA_MANY(arena, struct search_word, words->count + 1);
    for (size_t i = 0; i < words->count; i++) {
        const bool ends = i + 1 == words->count || !w[i + 1].is_joined;
        needed[i] = (struct search_word){ w[i].text, match && ends };
    }
    if (words->count)
        qsort(needed, words->count, sizeof *needed, longest_first);
    *out = needed;
    return words->count < WORDS_ASKED_MAX ? words->count : WORDS_ASKED_MAX;
}

/* How far apart the nodes with a word are, by the numbers of the first of them: an upper bound, since not every number
 * is a node's. */
static void note_distance(struct finder *f, const struct list *found)
{
    const id *ids = found->items;
    int64_t   first = INT64_MAX, last = 0;
    for (size_t i = 0; i < found->count; i++) {
        first = smaller(first, ids[i].v);
        last = larger(last, ids[i].v);
    }
    if (found->count)
        f->apart = larger(f->apart, (last - first) / (int64_t)found->count);
}

/* The rarest word decides. Each is asked for no more nodes than the best so far has. */
static enum fault by_words(struct finder *f, const struct condition *term, size_t limit, bool *few, struct list *out)
{
    struct judge             *j = f->judge;
    const struct term_ready  *ready = judge_term(j, term);
    const struct list         words = term->compare == COMPARE_MATCH ? ready->words : words_of(j->cx->arena, ready->text);
    struct search_word       *needed;
    struct list               recent;
    const size_t n = words_needed(j->cx->arena, &words, term->compare == COMPARE_MATCH, &needed);
    *few = term->compare == COMPARE_MATCH && !ready->folded.n; /* matches nothing */
    *out = (struct list){ 0 };
    if (*few || !f->by_words || !n || term->compare == COMPARE_PREFIX)
        return OK;
    for (size_t i = 0; i < n; i++) {
        struct list found;
        const size_t most = *few ? out->count : limit + 1;
        TRY(store_search_word(j->cx, j->drive->id, &f->segments, &needed[i], most, &found));
        if (found.count < most) {
            *few = true;
            *out = found;
        } else if (!*few) {
            note_distance(f, &found);
        }
        if (*few && !out->count)
            break;
    }
    if (!*few)
        return OK;
    TRY(store_search_recent(j->cx, j->drive->id, needed, n, &recent));
    *out = joined(j->cx->arena, out, &recent);
    *few = out->count <= limit;
    return OK;
}

/* ---- folders ---- */

/* The entries of a folder; of a recursive search those of all folders below, breadth first. */
static enum fault by_folder(struct finder *f, id folder, size_t limit, bool *few, struct list *out)
{
    struct judge *j = f->judge;
    id    *ids = ARENA_MANY(j->cx->arena, id, limit + 2);
    size_t n = 0, done = 0;
    bool   more = folder.v != 0;
    for (id at = folder; more && n <= limit;) {
        struct list children;
        TRY(store_node_children(j->cx, j->drive->id, at, (int)(limit + 1 - n), &children));
        for (size_t i = 0; i < children.count; i++)
            ids[n++] = ((const id *)children.items)[i];
        more = j->search->recursive && !j->search->in_bin && done < n;
        at = more ? ids[done++] : at; /* of a file there are none */
    }
    *few = n <= limit;
    *out = (struct list){ ids, n };
    return OK;
}

/* ---- stars ---- */

static enum fault by_stars(struct finder *f, size_t limit, bool *few, struct list *out)
{
    struct judge *j = f->judge;
    struct list   stars = { 0 };
    if (j->any_stars)
        TRY(store_stars_of(j->cx, j->drive->id, j->cx->caller->user, false, &(struct star){ 0 }, (int)limit + 1, &stars));
    id *ids = ARENA_MANY(j->cx->arena, id, stars.count + 1);
    for (size_t i = 0; i < stars.count; i++)
        ids[i] = ((const struct star *)stars.items)[i].node;
    *few = stars.count <= limit;
    *out = (struct list){ ids, stars.count };
    return OK;
}

/* ---- times ---- */

static void narrow(const struct condition *term, int64_t *low, int64_t *high)
{
    const int64_t n = term->number;
    switch (term->compare) {
    case COMPARE_EQ:
        *low = larger(*low, n);
        *high = smaller(*high, term->is_second ? n + 999 : n);
        break;
    case COMPARE_LT: *high = smaller(*high, n == INT64_MIN ? n : n - 1); break;
    case COMPARE_GT: *low = larger(*low, n == INT64_MAX ? n : n + 1); break;
    case COMPARE_LE: *high = smaller(*high, n); break;
    case COMPARE_GE: *low = larger(*low, n); break;
    case COMPARE_PREFIX:
    case COMPARE_MATCH:
    case COMPARE_IN: break;
    }
}

void candidates_range(const struct condition *c, enum search_field field, int64_t *low, int64_t *high)
{
    *low = INT64_MIN;
    *high = INT64_MAX;
    if (c && c->kind == CONDITION_TERM && c->field == (int)field)
        narrow(c, low, high);
    if (c && c->kind == CONDITION_AND)
        for (const struct condition *one = c->first; one; one = one->next)
            if (one->kind == CONDITION_TERM && one->field == (int)field)
                narrow(one, low, high);
}

static enum fault by_times(struct finder *f, const struct condition *c, size_t limit, bool *few, struct list *out)
{
    static const struct {
        enum search_field field;
        enum node_order   order;
    } times[] = { { SEARCH_CREATED, ORDER_CREATED }, { SEARCH_MODIFIED, ORDER_MODIFIED } };
    struct judge *j = f->judge;
    *few = false;
    for (size_t i = 0; i < COUNT(times); i++) {
        struct list found;
        int64_t     low, high;
        candidates_range(c, times[i].field, &low, &high);
        if (low == INT64_MIN && high == INT64_MAX)
            continue;
        TRY(store_nodes_between(j->cx, j->drive->id, times[i].order, low, high, (int)limit + 1, &found));
        if (found.count > limit)
            continue;
        *few = true;
        *out = found;
        limit = found.count;
    }
    return OK;
}

/* ---- conditions ---- */

static enum fault leave(struct finder *f, const struct condition *c, size_t limit, bool *few, struct list *out);

static enum fault by_term(struct finder *f, const struct condition *c, size_t limit, bool *few, struct list *out)
{
    *few = false;
    if (c->field == SEARCH_PARENT && c->compare == COMPARE_EQ && !f->judge->search->in_bin)
        return by_folder(f, judge_term(f->judge, c)->parent, limit, few, out);
    if (c->field == SEARCH_NAME || c->field == SEARCH_DESCRIPTION)
        return by_words(f, c, limit, few, out);
    if (c->field == SEARCH_STARRED && c->number == 1)
        return by_stars(f, limit, few, out);
    return by_times(f, c, limit, few, out);
}

static bool is_time(const struct condition *c)
{
    return c->kind == CONDITION_TERM && (c->field == SEARCH_CREATED || c->field == SEARCH_MODIFIED);
}

/* Times first, by both their bounds, and words: they cost least. */
static enum fault by_all(struct finder *f, const struct condition *c, size_t limit, bool *few, struct list *out)
{
    TRY(by_times(f, c, limit, few, out));
    if (*few)
        limit = out->count;
    for (int folders = 0; folders < 2; folders++)
        for (const struct condition *one = c->first; one; one = one->next) {
            struct list found;
            bool        is_few;
            if ((one->kind == CONDITION_TERM && one->field == SEARCH_PARENT) != folders || is_time(one)
                || (*few && !out->count))
                continue;
            TRY(leave(f, one, limit, &is_few, &found));
            if (!is_few)
                continue;
            *few = true;
            *out = found;
            limit = found.count;
        }
    return OK;
}

static enum fault by_any(struct finder *f, const struct condition *c, size_t limit, bool *few, struct list *out)
{
    *few = true;
    *out = (struct list){ 0 };
    for (const struct condition *one = c->first; one && *few; one = one->next) {
        struct list found;
        TRY(leave(f, one, limit, few, &found));
        if (!*few)
            break;
        *out = joined(f->judge->cx->arena, out, &found);
        make_distinct(out);
        *few = out->count <= limit;
    }
    return OK;
}

static enum fault leave(struct finder *f, const struct condition *c, size_t limit, bool *few, struct list *out)
{
    *few = false;
    switch (c->kind) {
    case CONDITION_AND:  return by_all(f, c, limit, few, out);
    case CONDITION_OR:   return by_any(f, c, limit, few, out);
    case CONDITION_TERM: return by_term(f, c, limit, few, out);
    case CONDITION_NOT:  return OK;
    }
    return OK;
}

enum fault candidates_find(struct judge *j, size_t limit, struct candidates *out)
{
    struct finder f = { .judge = j, .apart = 1 };
    *out = (struct candidates){ .few = false };
    TRY(store_search_is_filled(j->cx, j->drive->id, &f.by_words));
    if (j->search->condition && f.by_words)
        TRY(store_search_segments(j->cx, j->drive->id, &f.segments));
    if (j->search->condition)
        TRY(leave(&f, j->search->condition, limit, &out->few, &out->ids));
    if (!out->few && j->search->in_bin)
        TRY(by_folder(&f, j->drive->bin, limit, &out->few, &out->ids));
    if (out->few)
        make_distinct(&out->ids);
    out->apart = f.apart;
    return OK;
}

id candidates_folder(const struct judge *j)
{
    const struct condition *c = j->search->condition;
    if (j->search->in_bin)
        return j->drive->bin;
    if (!c || j->search->recursive)
        return ID_NONE;
    if (c->kind == CONDITION_AND)
        for (c = c->first; c && !(c->kind == CONDITION_TERM && c->field == SEARCH_PARENT); c = c->next)
            ;
    return c && c->kind == CONDITION_TERM && c->field == SEARCH_PARENT ? judge_term(j, c)->parent : ID_NONE;
}
