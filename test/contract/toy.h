/* test/contract/toy.h: a dialect of its own for the contract's tests, with a row of each kind. */
#ifndef TEST_CONTRACT_TOY_H
#define TEST_CONTRACT_TOY_H

#include "contract/contract.h"

enum { LEVEL_LOW = 1, LEVEL_HIGH = 2, SORT_NAME = 10, SORT_SIZE = 20 };

struct toy_part {
    int     number;
    int64_t size;
    str     etag;
};

struct toy_page {
    int size;
    str cursor;
};

struct toy_turn {
    int turns;
    str way;
};

struct toy_text {
    str text;
};

/* What MakeToy asks. */
struct toy_ask {
    str     kind;   /* path */
    str     caller; /* header */
    str     filter; /* query */
    int     limit;  /* query */
    str     name, label, note, digits, hex, moment_s, moment, file_name, any, object;
    bool    flag, sure;
    int     small, level, sort, maybe_so;
    int64_t large, open;
    id      drive, parent, number;
    instant at, at_s, at_ms;
    struct list tags, parts, maybe, turn;
    struct toy_page page;
};

/* What it answers. */
struct toy_answer {
    id      id, parent;
    str     name, note, location, raw;
    bool    flag;
    int     level, sort, hidden;
    int64_t size, long_number;
    instant made, made_s, made_ms, made_text;
    struct list tags, parts, one, map;
    struct toy_page page;
};

extern const struct op toy_ops[];
extern const struct field toy_answer_out[];
extern const struct dialect toy_dialect;
const struct op *toy_op(const char *name);

/* How toy operations behave in the next requests. */
struct toy_state {
    enum fault fault;      /* what `run` returns */
    enum fault identify;
    bool       stands;     /* the fault leaves the change in place */
    int        runs, prepares, wants; /* wants: runs that ask to be prepared */
    struct conn *ran_with, *prepared_with;
    int        status;     /* what choose_status gives */
};
extern struct toy_state toy_state;

#endif
