/* Whether the words that are listed are the nodes' words. A segment is read whole, from both sides, in the
 * order of the table, and the two are laid side by side. */
#include <stdlib.h>

#include "store/rows.h"
#include "store/search.h"

STMT node_segment_next = { "search_node_segment_next",
    "SELECT drive_id, id FROM nodes WHERE (drive_id, id) >= ($1, $2) AND parent_id > 0 ORDER BY drive_id, id LIMIT 1" };
STMT word_segment_next = { "search_word_segment_next",
    "SELECT drive_id, segment FROM search_words WHERE (drive_id, segment) >= ($1, $2) ORDER BY drive_id, segment LIMIT 1" };
STMT recent_segment_next = { "search_recent_segment_next",
    "SELECT drive_id, node_id FROM search_recent WHERE (drive_id, node_id) >= ($1, $2)"
    " ORDER BY drive_id, node_id LIMIT 1" };
STMT texts_of_segment = { "search_texts_of_segment",
    "SELECT drive_id, id, parent_id, name, description FROM nodes"
    " WHERE drive_id = $1 AND id >= $2 AND id < $3 AND parent_id > 0 ORDER BY id" };
STMT words_of_segment = { "search_words_of_segment",
    "SELECT node_id, word FROM search_words WHERE drive_id = $1 AND segment = $2 ORDER BY word, node_id" };
STMT recent_of_segment = { "search_recent_of_segment",
    "SELECT node_id, words FROM search_recent WHERE drive_id = $1 AND node_id >= $2 AND node_id < $3 ORDER BY node_id" };

static const struct column text_columns[] = {
    { AT(struct search_text, drive) }, { AT(struct search_text, node) }, { AT(struct search_text, parent) },
    { AT(struct search_text, name) }, { AT(struct search_text, description) },
};

struct listed {
    id  node;
    str word; /* or all of them, of search_recent */
};
static const struct column listed_columns[] = { { AT(struct listed, node) }, { AT(struct listed, word) } };

/* ---- which segment is next ---- */

static enum fault look_for(struct cx *cx, const struct stmt *stmt, int64_t drive, int64_t from, int shift,
                           struct search_place *best)
{
    static const struct column columns[] = { { AT(struct search_place, drive) }, { AT(struct search_place, segment) } };
    struct search_place place;
    const enum fault fault = store_one(cx, stmt, ARGS(ARG(drive), ARG(from)), COLUMNS(columns), &place);
    if (fault == FAULT_NOT_FOUND)
        return OK;
    TRY(fault);
    place.segment >>= shift;
    if (!best->drive || place.drive < best->drive || (place.drive == best->drive && place.segment < best->segment))
        *best = place;
    return OK;
}

static enum fault next_place(struct cx *cx, const struct search_place *from, struct search_place *out)
{
    const int64_t first = from->segment << SEARCH_SEGMENT_BITS;
    *out = (struct search_place){ 0 };
    TRY(look_for(cx, &node_segment_next, from->drive, first, SEARCH_SEGMENT_BITS, out));
    TRY(look_for(cx, &recent_segment_next, from->drive, first, SEARCH_SEGMENT_BITS, out));
    return look_for(cx, &word_segment_next, from->drive, from->segment, 0, out);
}

/* ---- a segment ---- */

struct segment {
    struct list texts, listed, recent; /* struct search_text, struct listed, struct listed */
    struct listed *wanted;             /* what should be listed, as `listed` is */
    size_t         wanted_count, wanted_room;
    bool           is_filled;
    struct list    findings;
    size_t         findings_room;
};

static int compare_listed(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    const int c = search_words_compare(&x->word, &y->word);
    return c ? c : (x->node.v > y->node.v) - (x->node.v < y->node.v);
}

static int compare_nodes(const void *a, const void *b)
{
    const int64_t x = ((const struct listed *)a)->node.v, y = ((const struct listed *)b)->node.v;
    return (x > y) - (x < y);
}

static const struct listed *recent_of(const struct segment *s, id node)
{
    const struct listed key = { .node = node };
    return s->recent.count ? bsearch(&key, s->recent.items, s->recent.count, sizeof key, compare_nodes) : NULL;
}

static void tell(struct cx *cx, struct segment *s, id drive, id node, str word)
{
    struct search_finding *items = s->findings.items;
    if (s->findings.count == s->findings_room) {
        s->findings_room = s->findings_room ? s->findings_room * 2 : 16;
        struct search_finding *grown = ARENA_MANY(cx->arena, struct search_finding, s->findings_room);
        if (s->findings.count)
            memcpy(grown, items, s->findings.count * sizeof *items);
        s->findings.items = items = grown;
    }
    items[s->findings.count++] = (struct search_finding){ drive, node, word };
}

static void want(struct cx *cx, struct segment *s, id node, str word)
{
    if (s->wanted_count == s->wanted_room) {
        s->wanted_room = s->wanted_room ? s->wanted_room * 2 : 1024;
        struct listed *grown = ARENA_MANY(cx->arena, struct listed, s->wanted_room);
        if (s->wanted_count)
            memcpy(grown, s->wanted, s->wanted_count * sizeof *grown);
        s->wanted = grown;
    }
    s->wanted[s->wanted_count++] = (struct listed){ node, word };
}

/* The words that nodes have; and those of search_recent must be just these. */
static void read_texts(struct cx *cx, struct segment *s, id drive)
{
    const struct search_text *t = s->texts.items;
    size_t seen = 0;
    for (size_t i = 0; i < s->texts.count; i++) {
        const struct list    words = search_distinct_words(cx, &t[i]);
        const struct listed *recent = recent_of(s, t[i].node);
        seen += recent != NULL;
        if (recent && !str_eq(recent->word, search_words_line(cx, &words)))
            tell(cx, s, drive, t[i].node, S0);
        for (size_t k = 0; k < words.count; k++)
            want(cx, s, t[i].node, ((const str *)words.items)[k]);
    }
    if (s->wanted_count)
        qsort(s->wanted, s->wanted_count, sizeof *s->wanted, compare_listed);
    if (seen < s->recent.count)
        tell(cx, s, drive, ((const struct listed *)s->recent.items)[0].node, S("(of a node that is gone)"));
}

static void compare_sides(struct cx *cx, struct segment *s, id drive)
{
    const struct listed *have = s->listed.items, *wanted = s->wanted;
    for (size_t i = 0, k = 0; i < s->wanted_count || k < s->listed.count;) {
        const int c = i == s->wanted_count ? 1 : k == s->listed.count ? -1 : compare_listed(&wanted[i], &have[k]);
        if (c < 0 && s->is_filled && !recent_of(s, wanted[i].node))
            tell(cx, s, drive, wanted[i].node, S0);
        if (c > 0)
            tell(cx, s, drive, have[k].node, have[k].word);
        i += c <= 0;
        k += c >= 0;
    }
}

enum fault store_search_check(struct cx *cx, struct search_place *at, bool *more, struct list *out)
{
    struct search_place place;
    struct segment      s = { 0 };
    *out = (struct list){ 0 };
    TRY(next_place(cx, at, &place));
    *more = place.drive != 0;
    if (!*more)
        return OK;
    const id drive = { place.drive }, first = { place.segment << SEARCH_SEGMENT_BITS };
    const id end = { (place.segment + 1) << SEARCH_SEGMENT_BITS };
    *at = (struct search_place){ place.drive, place.segment + 1 };
    TRY(store_search_is_filled(cx, drive, &s.is_filled));
    TRY(store_many(cx, &texts_of_segment, ARGS(ARG(drive), ARG(first), ARG(end)), COLUMNS(text_columns),
                   sizeof(struct search_text), &s.texts));
    TRY(store_many(cx, &recent_of_segment, ARGS(ARG(drive), ARG(first), ARG(end)), COLUMNS(listed_columns),
                   sizeof(struct listed), &s.recent));
    TRY(store_many(cx, &words_of_segment, ARGS(ARG(drive), ARG(place.segment)), COLUMNS(listed_columns),
                   sizeof(struct listed), &s.listed));
    read_texts(cx, &s, drive);
    compare_sides(cx, &s, drive);
    *out = s.findings;
    return OK;
}
