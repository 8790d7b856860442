/* drive/condition.h: what a search asks for: comparisons joined by and, or, not.
 *
 * A tree that whoever reads a query makes and whoever searches judges. Which fields there are is the
 * searched thing's affair: `field` is a number of its own list (enum search_field of drive/search.h for
 * files). Nothing in a tree is deeper than the reader allows, so walking it may recurse. */
#ifndef DRIVE_CONDITION_H
#define DRIVE_CONDITION_H

#include "base/bind.h"
#include "base/fault.h"

enum condition_kind { CONDITION_AND = 1, CONDITION_OR, CONDITION_NOT, CONDITION_TERM };

enum compare {
    COMPARE_EQ = 1,
    COMPARE_LT,
    COMPARE_GT,
    COMPARE_LE,
    COMPARE_GE,
    COMPARE_PREFIX, /* begins with */
    COMPARE_MATCH,  /* its words, see drive/search.h */
    COMPARE_IN,     /* one of `texts` is among the values */
};

struct condition {
    enum condition_kind     kind;
    const struct condition *first; /* AND, OR: two or more by `next`; NOT: one */
    const struct condition *next;  /* the next of the condition above */

    /* of a TERM */
    int          field;
    enum compare compare;
    str          text;   /* of text fields */
    int64_t      number; /* of numbers, words, booleans (0, 1) and times (UTC milliseconds) */
    bool         is_second; /* a time of whole seconds: equal is any time within that second */
    struct list  texts;  /* COMPARE_IN: items are str, one or more */
};

/* Whether the tree holds, given which of its terms do; no condition (NULL) always does. Stops at the first
 * fault of a term. */
typedef enum fault condition_term(void *arg, const struct condition *term, bool *holds);
MUST_USE enum fault condition_holds(const struct condition *condition, condition_term *term, void *arg,
                                    bool *holds);

/* Compares numbers; false for the comparisons of texts. */
bool condition_number(const struct condition *term, int64_t number);

#endif
