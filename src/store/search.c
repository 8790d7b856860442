#include "store/search.h"

#include <stdlib.h>

#include "base/words.h"
#include "store/rows.h"

enum { SEGMENT_ROOM = 64 };

#define FILLED_ALL INT64_MAX

STMT recent_put = { "search_recent_put",
    "INSERT INTO search_recent (drive_id, node_id, words) VALUES ($1, $2, $3)"
    " ON CONFLICT (drive_id, node_id) DO UPDATE SET words = $3" };
STMT recent_delete = { "search_recent_delete", "DELETE FROM search_recent WHERE drive_id = $1 AND node_id = $2" };
STMT recent_first = { "search_recent_first",
    "SELECT drive_id, node_id, words FROM search_recent ORDER BY drive_id, node_id LIMIT $1" };
STMT recent_of_drive = { "search_recent_of_drive",
    "SELECT drive_id, node_id, words FROM search_recent WHERE drive_id = $1" };
STMT word_insert = { "search_word_insert",
    "INSERT INTO search_words (drive_id, segment, word, node_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING" };
STMT word_delete = { "search_word_delete",
    "DELETE FROM search_words WHERE drive_id = $1 AND segment = $2 AND word = $3 AND node_id = $4" };
STMT segment_next = { "search_segment_next",
    "SELECT segment FROM search_words WHERE drive_id = $1 AND segment > $2 ORDER BY segment LIMIT 1" };
STMT nodes_having = { "search_nodes_having",
    "SELECT node_id FROM search_words WHERE drive_id = $1 AND segment = $2 AND word = $3 LIMIT $4" };
STMT nodes_beginning = { "search_nodes_beginning",
    "SELECT node_id FROM search_words WHERE drive_id = $1 AND segment = $2 AND word >= $3 AND word < $4 LIMIT $5" };
STMT filled_drive = { "search_filled_drive", "SELECT drive_id FROM search_filled" };
STMT filled_get = { "search_filled_get", "SELECT drive_id, node_id FROM search_filled" };
STMT filled_set = { "search_filled_set", "UPDATE search_filled SET drive_id = $1, node_id = $2" };
STMT nodes_to_fill = { "search_nodes_to_fill",
    "SELECT drive_id, id, parent_id, name, description FROM nodes WHERE (drive_id, id) > ($1, $2)"
    " ORDER BY drive_id, id LIMIT $3" };

static int64_t segment_of(id node)
{
    return node.v >> SEARCH_SEGMENT_BITS;
}

/* ---- the words of a node ---- */

int search_words_compare(const void *a, const void *b)
{
    const str *x = a, *y = b;
    const int  c = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);
    return c ? c : (x->n > y->n) - (x->n < y->n);
}

static bool is_listed(const struct search_text *t)
{
    return t->parent.v != 0;
}

struct list search_distinct_words(struct cx *cx, const struct search_text *t)
{
    const struct list in_name = words_of(cx->arena, t->name);
    const struct list in_text = words_of(cx->arena, t->description);
    str   *words = ARENA_MANY(cx->arena, str, in_name.count + in_text.count + 1);
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < in_name.count; i++)
        words[n++] = str_cut(((const struct word_found *)in_name.items)[i].text, SEARCH_WORD_MAX);
    for (size_t i = 0; i < in_text.count; i++)
        words[n++] = str_cut(((const struct word_found *)in_text.items)[i].text, SEARCH_WORD_MAX);
    qsort(words, n, sizeof *words, search_words_compare);
    for (size_t i = 0; i < n; i++)
        if (!kept || !str_eq(words[kept - 1], words[i]))
            words[kept++] = words[i];
    return (struct list){ words, kept };
}

/* Cut words may end in half a character: these are bytes. */
str search_words_line(struct cx *cx, const struct list *words)
{
    const str *w = words->items;
    size_t     room = 1, n = 0;
    for (size_t i = 0; i < words->count; i++)
        room += w[i].n + 1;
    char *out = arena_make(cx->arena, room);
    out[n++] = ' ';
    for (size_t i = 0; i < words->count; i++) {
        memcpy(out + n, w[i].p, w[i].n);
        n += w[i].n;
        out[n++] = ' ';
    }
    return (str){ out, n };
}

/* ---- in step ---- */

enum fault store_search_add(struct cx *cx, const struct search_text *t)
{
    if (!is_listed(t))
        return OK;
    const struct list words = search_distinct_words(cx, t);
    return store_exec(cx, &recent_put, ARGS(ARG(t->drive), ARG(t->node), BYTES(search_words_line(cx, &words))), NULL);
}

static enum fault forget_words(struct cx *cx, const struct search_text *t, const struct list *but)
{
    const struct list words = search_distinct_words(cx, t);
    const str        *w = words.items;
    for (size_t i = 0; i < words.count; i++) {
        if (but && but->count && bsearch(&w[i], but->items, but->count, sizeof *w, search_words_compare))
            continue;
        TRY(store_exec(cx, &word_delete, ARGS(ARG(t->drive), ARG(segment_of(t->node)), BYTES(w[i]), ARG(t->node)), NULL));
    }
    return OK;
}

enum fault store_search_change(struct cx *cx, const struct search_text *before, const struct search_text *after)
{
    if (!is_listed(after) || (str_eq(before->name, after->name) && str_eq(before->description, after->description)))
        return OK;
    const struct list words = search_distinct_words(cx, after);
    TRY(forget_words(cx, before, &words));
    return store_search_add(cx, after);
}

enum fault store_search_remove(struct cx *cx, const struct search_text *t)
{
    if (!is_listed(t))
        return OK;
    TRY(forget_words(cx, t, NULL));
    return store_exec(cx, &recent_delete, ARGS(ARG(t->drive), ARG(t->node)), NULL);
}

/* ---- in the background ---- */

struct recent {
    id  drive, node;
    str words;
};
static const struct column recent_columns[] = {
    { AT(struct recent, drive) }, { AT(struct recent, node) }, { AT(struct recent, words) },
};

/* A row to come, sorted as the table is: rows that lie together are written together. */
struct entry {
    id  drive, node;
    str word;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->drive.v != y->drive.v)
        return x->drive.v < y->drive.v ? -1 : 1;
    if (segment_of(x->node) != segment_of(y->node))
        return segment_of(x->node) < segment_of(y->node) ? -1 : 1;
    const int c = search_words_compare(&x->word, &y->word);
    return c ? c : (x->node.v > y->node.v) - (x->node.v < y->node.v);
}

struct entries {
    struct entry *items;
    size_t        count, room;
};

static void entry_add(struct cx *cx, struct entries *e, id drive, id node, str word)
{
    if (e->count == e->room) {
        const size_t  room = e->room ? e->room * 2 : 1024;
        struct entry *grown = ARENA_MANY(cx->arena, struct entry, room);
        if (e->count)
            memcpy(grown, e->items, e->count * sizeof *grown);
        e->items = grown;
        e->room = room;
    }
    e->items[e->count++] = (struct entry){ drive, node, word };
}

static enum fault entries_insert(struct cx *cx, struct entries *e)
{
    if (e->count)
        qsort(e->items, e->count, sizeof *e->items, compare_entries);
    for (size_t i = 0; i < e->count; i++)
        TRY(store_exec(cx, &word_insert, ARGS(ARG(e->items[i].drive), ARG(segment_of(e->items[i].node)),
                                              BYTES(e->items[i].word), ARG(e->items[i].node)), NULL));
    return OK;
}

static void add_line(struct cx *cx, struct entries *e, const struct recent *r)
{
    for (size_t at = 1, end; at < r->words.n; at = end + 1) {
        end = str_find(r->words, ' ', at);
        entry_add(cx, e, r->drive, r->node, str_cut(str_from(r->words, at), end - at));
    }
}

static enum fault index_recent(struct cx *cx, int *budget)
{
    struct list    rows;
    struct entries entries = { 0 };
    TRY(store_many(cx, &recent_first, ARGS(ARG(*budget)), COLUMNS(recent_columns), sizeof(struct recent), &rows));
    const struct recent *r = rows.items;
    for (size_t i = 0; i < rows.count; i++)
        add_line(cx, &entries, &r[i]);
    TRY(entries_insert(cx, &entries));
    for (size_t i = 0; i < rows.count; i++)
        TRY(store_exec(cx, &recent_delete, ARGS(ARG(r[i].drive), ARG(r[i].node)), NULL));
    *budget -= (int)rows.count;
    return OK;
}

static const struct column text_columns[] = {
    { AT(struct search_text, drive) }, { AT(struct search_text, node) }, { AT(struct search_text, parent) },
    { AT(struct search_text, name) }, { AT(struct search_text, description) },
};

static enum fault fill_older(struct cx *cx, int *budget)
{
    static const struct column columns[] = { { AT(struct recent, drive) }, { AT(struct recent, node) } };
    struct recent  at;
    struct list    rows;
    struct entries entries = { 0 };
    TRY(store_one(cx, &filled_get, NO_ARGS, COLUMNS(columns), &at));
    if (at.drive.v == FILLED_ALL)
        return OK;
    TRY(store_many(cx, &nodes_to_fill, ARGS(ARG(at.drive), ARG(at.node), ARG(*budget)), COLUMNS(text_columns),
                   sizeof(struct search_text), &rows));
    const struct search_text *t = rows.items;
    for (size_t i = 0; i < rows.count; i++) {
        const struct list words = is_listed(&t[i]) ? search_distinct_words(cx, &t[i]) : (struct list){ 0 };
        for (size_t k = 0; k < words.count; k++)
            entry_add(cx, &entries, t[i].drive, t[i].node, ((const str *)words.items)[k]);
    }
    TRY(entries_insert(cx, &entries));
    const bool    over = rows.count < (size_t)*budget;
    const int64_t drive = over ? FILLED_ALL : t[rows.count - 1].drive.v, node = over ? 0 : t[rows.count - 1].node.v;
    *budget -= (int)rows.count;
    return store_exec(cx, &filled_set, ARGS(ARG(drive), ARG(node)), NULL);
}

enum fault store_search_index(struct cx *cx, int *budget)
{
    TRY(index_recent(cx, budget));
    return *budget > 0 ? fill_older(cx, budget) : OK;
}

/* ---- asked ---- */

enum fault store_search_is_filled(struct cx *cx, id drive, bool *out)
{
    int64_t reached;
    TRY(store_number(cx, &filled_drive, NO_ARGS, 0, &reached));
    *out = drive.v < reached;
    return OK;
}

enum fault store_search_segments(struct cx *cx, id drive, struct list *out)
{
    size_t   room = SEGMENT_ROOM, n = 0;
    int64_t *items = ARENA_MANY(cx->arena, int64_t, room);
    for (int64_t at = -1;;) {
        TRY(store_number(cx, &segment_next, ARGS(ARG(drive), ARG(at)), -1, &at));
        if (at < 0)
            break;
        if (n == room) {
            int64_t *grown = ARENA_MANY(cx->arena, int64_t, room * 2);
            memcpy(grown, items, room * sizeof *items);
            items = grown;
            room *= 2;
        }
        items[n++] = at;
    }
    *out = (struct list){ items, n };
    return OK;
}

struct taker {
    id    *items;
    size_t count, room;
};

static bool take_id(void *arg, void *row)
{
    struct taker *t = arg;
    if (t->count < t->room)
        t->items[t->count++] = *(const id *)row;
    return t->count < t->room;
}

enum fault store_search_word(struct cx *cx, id drive, const struct list *segments, const struct search_word *w,
                             size_t limit, struct list *out)
{
    static const struct column columns[] = { { 0, KIND_ID } };
    struct taker taker = { ARENA_MANY(cx->arena, id, limit + 1), 0, limit };
    const str    word = str_cut(w->word, SEARCH_WORD_MAX);
    char         end[SEARCH_WORD_MAX + 1];
    id           row;
    memcpy(end, word.p, word.n);
    end[word.n] = '\xFF'; /* no byte of UTF-8 is as large */
    const str past = { end, word.n + 1 };
    for (size_t i = 0; i < segments->count && taker.count < limit; i++) {
        const int64_t segment = ((const int64_t *)segments->items)[i], room = (int64_t)(limit - taker.count);
        if (w->begins)
            TRY(store_each(cx, &nodes_beginning, ARGS(ARG(drive), ARG(segment), BYTES(word), BYTES(past), ARG(room)),
                           COLUMNS(columns), &row, take_id, &taker));
        else
            TRY(store_each(cx, &nodes_having, ARGS(ARG(drive), ARG(segment), BYTES(word), ARG(room)), COLUMNS(columns),
                           &row, take_id, &taker));
    }
    *out = (struct list){ taker.items, taker.count };
    return OK;
}

struct sieve {
    struct cx *cx;
    const str *needles;
    size_t     n;
    id        *items;
    size_t     count, room;
};

static bool sift(void *arg, void *row)
{
    struct sieve        *s = arg;
    const struct recent *r = row;
    for (size_t i = 0; i < s->n; i++)
        if (!memmem(r->words.p, r->words.n, s->needles[i].p, s->needles[i].n))
            return true;
    if (s->count == s->room) {
        id *grown = ARENA_MANY(s->cx->arena, id, s->room * 2);
        memcpy(grown, s->items, s->count * sizeof *grown);
        s->items = grown;
        s->room *= 2;
    }
    s->items[s->count++] = r->node;
    return true;
}

enum fault store_search_recent(struct cx *cx, id drive, const struct search_word *words, size_t n, struct list *out)
{
    enum { ROOM = 64 };
    str          *needles = ARENA_MANY(cx->arena, str, n + 1);
    struct sieve  sieve = { .cx = cx, .needles = needles, .n = n, .items = ARENA_MANY(cx->arena, id, ROOM), .room = ROOM };
    struct recent row;
    for (size_t i = 0; i < n; i++) {
        const str w = str_cut(words[i].word, SEARCH_WORD_MAX);
        needles[i] = arena_print(cx->arena, " %.*s%s", STR_ARG(w), words[i].begins ? "" : " ");
    }
    TRY(store_each(cx, &recent_of_drive, ARGS(ARG(drive)), COLUMNS(recent_columns), &row, sift, &sieve));
    *out = (struct list){ sieve.items, sieve.count };
    return OK;
}
