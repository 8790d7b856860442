/* drive/judge.h: whether a search shows a node: what it asks, whether it is live, whether the caller may see
 * it; inside drive/ only.
 *
 * Remembers the folders above what it judged, so that a thousand nodes of one folder cost one walk. What it
 * remembers lives in the arena that cx had at judge_begin; what it needs in between, in cx->arena. */
#ifndef DRIVE_JUDGE_H
#define DRIVE_JUDGE_H

#include "drive/search.h"
#include "base/names.h"

struct folder_seen;

/* A term with what its text is compared as. */
struct term_ready {
    const struct condition *term;
    struct list             words;  /* of a MATCH */
    str                     folded; /* of a MATCH without words, such as "(" */
    str                     text;   /* NFC */
    id                      parent; /* of SEARCH_PARENT; ID_NONE for no number */
};

/* The words of a text of the node at hand, once for all terms. */
struct words_ready {
    const char *of; /* the text; NULL: not read yet */
    struct list words;
};

struct judge {
    struct cx           *cx;
    struct arena        *arena;
    const struct search *search;
    const struct drive  *drive;
    bool                 sees_all; /* the caller may list the whole drive */
    bool                 any_stars; /* where the search asks for them: the caller has some */
    struct term_ready   *terms;    /* by address of the term */
    size_t               term_count;
    struct folder_seen  *folders;  /* open addressing; a power of two */
    size_t               folder_count, folder_room;
    struct words_ready   name, description;
    int64_t              effort; /* comparisons of words so far, at most: what a query makes of a node may be much */
};

MUST_USE enum fault judge_begin(struct cx *cx, const struct search *search, const struct drive *drive, struct judge *out);
MUST_USE enum fault judge_node(struct judge *judge, const struct node *node, bool *shown);

/* The term made ready; every term of the search has one. */
const struct term_ready *judge_term(const struct judge *judge, const struct condition *term);

#endif
