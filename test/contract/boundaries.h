/* test/contract/boundaries.h: the requests that an operation's rows ask to be tested.
 *
 * For every row, nested ones too: left out, at its bounds, one past them, of the wrong kind, not one
 * of the words, not of the form, and each tolerance. Everything else in such a request is the least
 * that is valid, so that only this one field decides. */
#ifndef TEST_CONTRACT_BOUNDARIES_H
#define TEST_CONTRACT_BOUNDARIES_H

#include "contract/contract.h"

enum { BOUNDARY_HEADERS_MAX = 8 };

struct boundary {
    const char        *name;        /* "limit: one past its maximum" */
    const char        *path, *query; /* query without '?', NULL for none */
    str                body;        /* S0 for none; a form where the operation reads one */
    struct http_header headers[BOUNDARY_HEADERS_MAX];
    size_t             header_count;
    const char        *field;       /* the row it is about */
    bool               accepted;    /* else INVALID of `field`, by `how` */
    bool               lenient;     /* accepted and noted; under strict refused by `how` */
    enum how           how, strict_how; /* the same but where "" is nothing only by tolerance */
};

/* All of them, in the arena; the first has no field and is the plain valid request. */
const struct boundary *boundaries_of(struct arena *arena, const struct op *op, size_t *count);

#endif
