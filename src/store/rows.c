#include "store/rows.h"

#include "base/log.h"
#include "store/driver.h"

static enum fault broke(struct cx *cx, const struct stmt *stmt)
{
    log_line(LOG_ERROR, "a statement failed",
             LOG_PAIRS({ "statement", str_of(stmt->name) }, { "error", str_of(cx->db->driver->error(cx->db)) },
                       { "request", cx->request_id }));
    return fail(cx, FAULT_UNAVAILABLE, .because = "the store failed");
}

/* The row with its texts copied into the arena. */
static void keep_row(struct cx *cx, const struct column *columns, size_t n, char *out)
{
    cx->db->driver->row(cx->db, columns, n, out);
    for (size_t i = 0; i < n; i++) {
        if (columns[i].kind != KIND_STR)
            continue;
        str *text = (str *)(void *)(out + columns[i].at);
        *text = arena_copy(cx->arena, *text);
    }
}

enum fault store_exec(struct cx *cx, const struct stmt *stmt, const struct arg *args, size_t n_args,
                      int64_t *changed)
{
    const struct store_driver *driver = cx->db->driver;
    enum step step = driver->start(cx->db, stmt, args, n_args);
    while (step == STEP_ROW)
        step = driver->next(cx->db);
    const int64_t count = driver->changed(cx->db);
    driver->finish(cx->db);
    if (changed)
        *changed = count;
    if (step == STEP_TAKEN)
        return FAULT_EXISTS;
    return step == STEP_DONE ? OK : broke(cx, stmt);
}

enum fault store_one(struct cx *cx, const struct stmt *stmt, const struct arg *args, size_t n_args,
                     const struct column *columns, size_t n_columns, void *out)
{
    const struct store_driver *driver = cx->db->driver;
    const enum step step = driver->start(cx->db, stmt, args, n_args);
    if (step == STEP_ROW)
        keep_row(cx, columns, n_columns, out);
    driver->finish(cx->db);
    if (step == STEP_ROW)
        return OK;
    if (step == STEP_TAKEN)
        return FAULT_EXISTS;
    return step == STEP_DONE ? FAULT_NOT_FOUND : broke(cx, stmt);
}

enum fault store_many(struct cx *cx, const struct stmt *stmt, const struct arg *args, size_t n_args,
                      const struct column *columns, size_t n_columns, size_t size, struct list *out)
{
    const struct store_driver *driver = cx->db->driver;
    size_t    room = 16;
    char     *items = arena_make(cx->arena, room * size);
    enum step step = driver->start(cx->db, stmt, args, n_args);

    *out = (struct list){ items, 0 };
    for (; step == STEP_ROW; step = driver->next(cx->db)) {
        if (out->count == room) {
            char *grown = arena_make(cx->arena, room * 2 * size);
            memcpy(grown, items, room * size);
            room *= 2;
            out->items = items = grown;
        }
        keep_row(cx, columns, n_columns, items + out->count++ * size);
    }
    driver->finish(cx->db);
    return step == STEP_DONE ? OK : broke(cx, stmt);
}

enum fault store_each(struct cx *cx, const struct stmt *stmt, const struct arg *args, size_t n_args,
                      const struct column *columns, size_t n_columns, void *row,
                      bool (*each)(void *arg, void *row), void *arg)
{
    const struct store_driver *driver = cx->db->driver;
    enum step step = driver->start(cx->db, stmt, args, n_args);
    for (; step == STEP_ROW; step = driver->next(cx->db)) {
        driver->row(cx->db, columns, n_columns, row);
        if (!each(arg, row)) {
            step = STEP_DONE;
            break;
        }
    }
    driver->finish(cx->db);
    return step == STEP_DONE ? OK : broke(cx, stmt);
}

enum fault store_number(struct cx *cx, const struct stmt *stmt, const struct arg *args, size_t n_args,
                        int64_t otherwise, int64_t *out)
{
    const struct store_driver *driver = cx->db->driver;
    const enum step step = driver->start(cx->db, stmt, args, n_args);
    if (step != STEP_ROW || !driver->number(cx->db, out))
        *out = otherwise;
    driver->finish(cx->db);
    return step == STEP_ROW || step == STEP_DONE ? OK : broke(cx, stmt);
}
