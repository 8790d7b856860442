/* dialect/pds/query.h: reads the search language of file/search and share_link/search.
 *
 *     expr := expr "or" expr | expr "and" expr | "not" expr | "(" expr ")" | field op value
 *
 * Parentheses bind strongest, then not, and, or. Blanks around operators may be left out. Texts stand in
 * single or double quotes; \" \' and \\ stand for the character after the backslash. A value of `in` is one
 * text, or several in brackets with commas between: ["a", "b"]. A date is "2006-01-02T15:04:05", in UTC; equal is any time
 * within that second, the other comparisons are with its beginning.
 *
 * Source  PDS Developer Guide, search queries; version 2022-03-01 */
#ifndef DIALECT_PDS_QUERY_H
#define DIALECT_PDS_QUERY_H

#include "contract/field.h"
#include "base/cx.h"
#include "drive/condition.h"

enum { QUERY_MAX = 4096, QUERY_DEPTH_MAX = 64 };

enum query_type { QUERY_LONG = 1, QUERY_TEXT, QUERY_BOOL, QUERY_ARRAY, QUERY_DATE };

/* What a field can be compared by, as bits 1 << enum compare. */
enum {
    QUERY_EQ = 1 << COMPARE_EQ,
    QUERY_ORDER = QUERY_EQ | 1 << COMPARE_LT | 1 << COMPARE_GT | 1 << COMPARE_LE | 1 << COMPARE_GE,
    QUERY_PREFIX = 1 << COMPARE_PREFIX,
    QUERY_MATCH = 1 << COMPARE_MATCH,
    QUERY_IN = 1 << COMPARE_IN,
};

/* A field that may stand in a query. A table of them ends with { 0 }. */
struct query_field {
    const char        *name;
    int                field; /* what a term's `field` becomes */
    enum query_type    type;
    unsigned           compares; /* 0: all that the type has; of a text `=` and `prefix` */
    const struct word *words;    /* of a text: the only values there are; the term gets the number */
    enum compare       equal_is; /* what `=` means; 0: equal */
    unsigned           lenient_compares; /* those that `lenient` is about; 0: the field itself */
    const char        *lenient;  /* beyond the vendor's page, by this evidence */
};

/* The tree of a query, in cx->arena; NULL for an empty one, which asks for everything.
 *
 * Faults  INVALID (field "query") naming the character (from 1) and what is wrong there
 * Thread  any */
MUST_USE enum fault query_read(struct cx *cx, const struct query_field *fields, str query,
                               const struct condition **out);

#endif
