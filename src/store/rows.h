/* store/rows.h: statements, arguments and rows: what the files of store/ are written with.
 *
 * A statement is text known at start, with $1 parameters; an argument's binding comes from its C type;
 * a row is read into a struct by a table of columns in the order of the SELECT. */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "base/bind.h"
#include "base/cx.h"

struct stmt {
    const char *name, *sql;
};

/* Statements stand together in one section, so that a test can prepare every one on every database. */
#define STMT static const struct stmt __attribute__((section("statements"), used))

struct arg {
    enum kind kind; /* KIND_INT64 or KIND_STR */
    bool      bytes; /* a str that is not text */
    int64_t   number;
    str       text; /* p == NULL: SQL NULL */
};

static inline struct arg arg_int64(int64_t v) { return (struct arg){ .kind = KIND_INT64, .number = v }; }
static inline struct arg arg_int(int v) { return arg_int64(v); }
static inline struct arg arg_bool(bool v) { return arg_int64(v); }
static inline struct arg arg_id(id v) { return arg_int64(v.v); }
static inline struct arg arg_instant(instant v) { return arg_int64(v.ms); }
static inline struct arg arg_str(str v) { return (struct arg){ .kind = KIND_STR, .text = v }; }
static inline struct arg arg_bytes(str v) { return (struct arg){ .kind = KIND_STR, .bytes = true, .text = v }; }

#define ARG(x) \
    _Generic((x), bool: arg_bool, int: arg_int, int64_t: arg_int64, str: arg_str, id: arg_id, instant: arg_instant)(x)
#define BYTES(x) arg_bytes(x)
#define ARGS(...) ((const struct arg[]){ __VA_ARGS__ }), COUNT(((const struct arg[]){ __VA_ARGS__ }))
#define NO_ARGS NULL, 0

struct column {
    size_t    at;
    enum kind kind;
};
#define COLUMNS(table) (table), COUNT(table)

/* Runs a statement that gives no rows. `changed` may be NULL. EXISTS, without a note in cx->why, when a
 * unique constraint refuses. */
MUST_USE enum fault store_exec(struct cx *cx, const struct stmt *stmt, const struct arg *args, size_t n_args,
                               int64_t *changed);

/* The first row into `out`. FAULT_NOT_FOUND without a note in cx->why when there is none: the caller knows
 * what was looked for. Strings are copied into cx->arena. */
MUST_USE enum fault store_one(struct cx *cx, const struct stmt *stmt, const struct arg *args, size_t n_args,
                              const struct column *columns, size_t n_columns, void *out);

/* All rows as items of `size` bytes in cx->arena. */
MUST_USE enum fault store_many(struct cx *cx, const struct stmt *stmt, const struct arg *args, size_t n_args,
                               const struct column *columns, size_t n_columns, size_t size, struct list *out);

/* Row by row, for what must not be held in memory: each() is called until it says stop (false). `row` is
 * used again for the next; its strings are valid during the call only. */
MUST_USE enum fault store_each(struct cx *cx, const struct stmt *stmt, const struct arg *args, size_t n_args,
                               const struct column *columns, size_t n_columns, void *row,
                               bool (*each)(void *arg, void *row), void *arg);

/* One number; `otherwise` when there is no row or it is NULL. */
MUST_USE enum fault store_number(struct cx *cx, const struct stmt *stmt, const struct arg *args, size_t n_args,
                                 int64_t otherwise, int64_t *out);

#endif
