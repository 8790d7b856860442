/* store/driver.h: what a database must be able to do; seen by drivers, rows.c and writer.c only.
 *
 * One const struct of functions per database, required ones first. Where the two databases differ and
 * a caller would need to ask which one it is, this interface lacks something: add it here. */
#ifndef STORE_DRIVER_H
#define STORE_DRIVER_H

#include "store/rows.h"
#include "store/store.h"

enum step { STEP_ROW, STEP_DONE, STEP_TAKEN /* a unique constraint refused */, STEP_FAILED };

struct store_driver {
    const char *name;
    /* expands the type words of the schema: @INT64, @BYTES, @CLUSTERED */
    const char *(*type_word)(const char *word);
    enum fault (*open)(struct cx *cx, str where, bool writer, bool may_create, struct conn **out);
    void (*close)(struct conn **conn);

    /* transactions of the writing connection */
    enum fault (*begin)(struct conn *conn);
    enum fault (*commit)(struct conn *conn); /* durable when OK; UNCERTAIN outcomes count as failed */
    void (*rollback)(struct conn *conn);
    enum fault (*savepoint)(struct conn *conn);
    void (*savepoint_release)(struct conn *conn);
    enum fault (*savepoint_undo)(struct conn *conn); /* a fault: the whole transaction is gone */

    /* statements: prepare is cached by the stmt's address */
    enum step (*start)(struct conn *conn, const struct stmt *stmt, const struct arg *args, size_t n_args);
    enum step (*next)(struct conn *conn);
    void (*finish)(struct conn *conn);
    int64_t (*changed)(struct conn *conn);
    void (*row)(struct conn *conn, const struct column *columns, size_t n, char *out); /* NULL: 0 or S0;
                                                                 texts are borrowed until next or finish */
    bool (*number)(struct conn *conn, int64_t *out); /* of the first column; false: NULL */
    const char *(*error)(struct conn *conn);
    bool (*prepares)(struct conn *conn, const struct stmt *stmt); /* whether the statement compiles */

    /* several statements without arguments, for migrations */
    enum fault (*script)(struct conn *conn, const char *sql);

    /* optional */
    void (*idle)(struct conn *conn);  /* the writer has nothing to do: checkpoint and the like */
    bool (*view)(struct conn *conn, bool begin); /* as store_view_begin */
    int64_t (*seen)(struct conn *conn); /* as store_seen; without it nothing is ever the same */
};

/* First member of every driver's connection. */
struct conn {
    const struct store_driver *driver;
    struct store              *store;
    const char                *failed_statement;
};

extern const struct store_driver store_sqlite;

/* All statements of the program, by the linker. */
extern const struct stmt __start_statements[], __stop_statements[];

/* migrations, in schema.c */
struct migration {
    int         version;
    const char *sql;
    enum fault (*fill)(struct cx *cx); /* after it, where SQL alone cannot say it; or NULL */
};
extern const struct migration migrations[];
extern const int              migration_count;

/* Of version 2; in nodes_1.c. */
MUST_USE enum fault nodes_from_1(struct cx *cx);

#endif
