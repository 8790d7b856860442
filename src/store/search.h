/* store/search.h: the words of nodes' names and descriptions, so that a search need not read every node.
 *
 * Two tables. search_recent has a row for each node that is new or was renamed, with all its words: one row at
 * the end of a table is all that a create pays. search_words has a row for each word of a node; the rows
 * are moved there in the background, many at a time (store_search_index), because a node's words lie far
 * apart. It is cut in segments of node numbers, so that those many lie close together: a search asks each
 * segment of the drive, a few microseconds each.
 *
 * At any time a node's words are in search_recent, in search_words, or in both; what is in neither has no such
 * word. Only nodes of a store that is older than these tables are added later (search_filled says how far):
 * until that is done in a drive its words are not to be trusted (store_search_is_filled).
 *
 * A node that stands in no folder (a drive's root) is not listed. */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include "base/cx.h"
#include "store/records.h"

enum { SEARCH_WORD_MAX = 64 }; /* bytes; longer words are cut */

/* ---- kept in step by store/nodes.c and whoever changes a description; thread writer ---- */

/* What is searched of a node. */
struct search_text {
    id  drive, node, parent;
    str name, description;
};
MUST_USE enum fault store_search_add(struct cx *cx, const struct search_text *text);
MUST_USE enum fault store_search_change(struct cx *cx, const struct search_text *before, const struct search_text *after);
MUST_USE enum fault store_search_remove(struct cx *cx, const struct search_text *text);

/* Moves rows from search_recent to search_words, and then takes up older nodes, at most *budget nodes in all;
 * the budget is what is left of it: 0 when there may be more. Thread writer. */
MUST_USE enum fault store_search_index(struct cx *cx, int *budget);

/* ---- asked ---- */

MUST_USE enum fault store_search_is_filled(struct cx *cx, id drive, bool *out);

/* The segments that have words of the drive; items are int64_t. */
MUST_USE enum fault store_search_segments(struct cx *cx, id drive, struct list *out);

/* Nodes that have a word, or one that begins so, by search_words; at most `limit`, which means that there
 * may be more. Items are id, in no order, with repetitions. */
struct search_word {
    str  word;   /* folded, as words_of gives it */
    bool begins; /* any that begins with it */
};
MUST_USE enum fault store_search_word(struct cx *cx, id drive, const struct list *segments,
                                      const struct search_word *word, size_t limit, struct list *out);

/* The rows of search_recent that have all of these words; items are id. */
MUST_USE enum fault store_search_recent(struct cx *cx, id drive, const struct search_word *words, size_t n,
                                        struct list *out);

/* ---- checked: store/search_check.c ---- */

struct search_finding {
    id  drive, node;
    str word; /* a word that is nobody's; S0: the node's words are not listed as they should be */
};
/* Compares the tables with the nodes in the next piece of the store, a segment of a drive; from the start
 * with *at zeroed. *more is false when there was none. Items are struct search_finding. */
struct search_place {
    int64_t drive, segment;
};
MUST_USE enum fault store_search_check(struct cx *cx, struct search_place *at, bool *more, struct list *out);

/* ---- shared by the two files ---- */

/* Node numbers of a segment, as bits. A drive of a million files has some hundred segments; the words of one
 * fill some hundred pages, which a round of the indexer writes once each. */
enum { SEARCH_SEGMENT_BITS = 16 };

/* Of the name and the description, each once, in order, cut; items are str. */
struct list search_distinct_words(struct cx *cx, const struct search_text *text);
/* " report 12 xlsx ": a blank before and behind each. */
str search_words_line(struct cx *cx, const struct list *words);
int search_words_compare(const void *a, const void *b);

#endif
