/* contract/keys.h: the rows of an answer, made ready for printing.
 *
 * A page prints some thousand members. Their rows are wide, for they also say what a request must be; here is of
 * each only what printing asks for, close together, with the key as it stands in the answer. Made once for every
 * table of rows, when it is first printed, and kept as long as the program runs. */
#ifndef CONTRACT_KEYS_H
#define CONTRACT_KEYS_H

#include "contract/field.h"

enum { KEY_ROOM = 32 };

/* Of most kinds "none" is eight bytes of zero: texts and lists begin with a pointer, ids and times are numbers. */
enum omit { OMIT_NEVER, OMIT_ZERO, OMIT_ABSENT };

struct key {
    char                text[KEY_ROOM + 1]; /* ,"name": and then zeros, so that KEY_ROOM bytes are there after the comma */
    const struct field *field;
    uint32_t            at;
    uint8_t             n;    /* of text; 0: it does not fit, and the name must be printed */
    uint8_t             kind; /* enum kind */
    uint8_t             omit; /* enum omit */
};

struct keys {
    const struct field *rows;
    size_t              count;
    struct key          items[];
};

/* The rows that stand in the body, in their order. Any thread. */
const struct keys *keys_of(const struct field *rows);

#endif
