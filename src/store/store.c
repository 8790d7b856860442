/* store/store.c: opening, migrating, and the writer that gathers changes.
 *
 * The writer's round: take what waits; begin; each change in its savepoint; commit (one sync for all);
 * tell each. A change's fault undoes its own savepoint only. When the commit fails nobody is told OK, and
 * the store stays broken: after a failed sync the kernel may have dropped the pages, so trying again would
 * lie. */
#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "store/driver.h"

enum { BATCH_MAX = 256, QUEUE_MAX = 16384, ID_BLOCK = 10000, ID_LOW = 4000, IDLE_MS = 1000,
       COMPANY_US_MAX = 1000 };

struct store {
    const struct store_driver *driver;
    char                      *where;
    struct conn               *writer;
    int                        readers_max;
    struct conn              **readers;
    bool                       has_thread;

    pthread_mutex_t write_lock; /* held by whoever runs a transaction on `writer` */
    pthread_mutex_t lock;       /* the queue */
    pthread_cond_t  some;
    struct change  *first, **last;
    int64_t         queued, awaited; /* awaited: so many must wait before the writer is woken */
    bool            closing;
    pthread_t       thread;
    int             last_batch; /* the writer's own: how many there were, and what their commit took */
    int64_t         commit_us;

    pthread_mutex_t id_lock;
    int64_t         id_next, id_end;

    atomic_bool    broken;
    atomic_llong   commits, changes;
};

STMT version_sql = { "version", "SELECT version FROM schema_version" };
STMT block_sql = { "id_block",
    "UPDATE counters SET next = next + $1 WHERE name = 'id' RETURNING next" };

/* ---- numbers ---- */

static enum fault refill_ids(struct store *store, struct cx *cx)
{
    int64_t end;
    TRY(store->driver->begin(store->writer));
    struct conn *before = cx->db;
    cx->db = store->writer;
    enum fault fault = store_number(cx, &block_sql, ARGS(ARG((int64_t)ID_BLOCK)), 0, &end);
    cx->db = before;
    if (fault == OK)
        fault = store->driver->commit(store->writer);
    if (fault != OK) {
        store->driver->rollback(store->writer);
        return fault;
    }
    pthread_mutex_lock(&store->id_lock);
    if (store->id_next == store->id_end)
        store->id_next = end - ID_BLOCK;
    else if (store->id_end != end - ID_BLOCK) /* another process took a block between: leave the rest */
        store->id_next = end - ID_BLOCK;
    store->id_end = end;
    pthread_mutex_unlock(&store->id_lock);
    return OK;
}

static bool ids_low(struct store *store)
{
    pthread_mutex_lock(&store->id_lock);
    const bool low = store->id_end - store->id_next < ID_LOW;
    pthread_mutex_unlock(&store->id_lock);
    return low;
}

enum fault store_next_id(struct cx *cx, id *out)
{
    struct store *store = cx->db->store;
    pthread_mutex_lock(&store->id_lock);
    const bool have = store->id_next < store->id_end;
    if (have)
        *out = (id){ store->id_next++ };
    pthread_mutex_unlock(&store->id_lock);
    return have ? OK : fail(cx, FAULT_UNAVAILABLE, .because = "no numbers left in this block");
}

/* ---- the writer ---- */

static int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static enum fault commit(struct store *store)
{
    const int64_t    began = monotonic_us();
    const enum fault fault = store->driver->commit(store->writer);
    store->commit_us = monotonic_us() - began;
    return fault;
}

/* A change in its savepoint. Before the first there is nothing to keep, so it needs none, nor the copies of pages that
 * one costs. A fault: the whole transaction is gone. */
static enum fault run_one(struct store *store, struct change *c, bool is_first)
{
    const struct store_driver *driver = store->driver;
    struct conn *before = c->cx->db;
    if (!is_first)
        TRY(driver->savepoint(store->writer));
    c->cx->db = store->writer;
    c->fault = c->run(c, c->cx);
    c->cx->db = before;
    if (c->fault != OK && is_first) {
        driver->rollback(store->writer);
        return driver->begin(store->writer);
    }
    if (c->fault != OK && driver->savepoint_undo(store->writer) != OK)
        return FAULT_UNAVAILABLE;
    if (!is_first)
        driver->savepoint_release(store->writer);
    return OK;
}

static void run_batch(struct store *store, struct change *batch)
{
    const struct store_driver *driver = store->driver;
    enum fault whole = OK;
    int        good = 0;

    pthread_mutex_lock(&store->write_lock);
    if (atomic_load(&store->broken) || (ids_low(store) && refill_ids(store, batch->cx) != OK)
        || driver->begin(store->writer) != OK)
        whole = FAULT_UNAVAILABLE;
    for (struct change *c = batch; c && whole == OK; c = c->next)
        if ((whole = run_one(store, c, c == batch)) == OK)
            good += c->fault == OK;
        else
            good = 0; /* a full disk, say, ended it all: nothing of this round is there */
    if (whole == OK && good)
        whole = commit(store);
    if (whole != OK || !good)
        driver->rollback(store->writer);
    if (whole != OK && good)
        atomic_store(&store->broken, true);
    pthread_mutex_unlock(&store->write_lock);

    atomic_fetch_add(&store->commits, good > 0);
    for (struct change *c = batch, *next; c; c = next) {
        next = c->next;
        if (whole != OK && c->fault == OK)
            c->fault = fail(c->cx, FAULT_UNAVAILABLE, .because = "the store could not make it durable");
        atomic_fetch_add(&store->changes, 1);
        c->done(c, c->fault);
    }
}

/* Who was told of the last batch comes back in a moment, when he does one thing after the other; begun
 * without him, the next batch would make him wait for all of it and its sync. So as many as there were last
 * are awaited, but never longer than half of what the last commit took: nobody loses much by that, and one
 * client alone nothing. With the lock held. */
static void await_company(struct store *store)
{
    const int64_t   wait_us = store->commit_us / 2 < COMPANY_US_MAX ? store->commit_us / 2 : COMPANY_US_MAX;
    struct timespec until;
    if (store->queued >= store->last_batch || !wait_us)
        return;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)wait_us * 1000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    store->awaited = store->last_batch;
    while (store->queued < store->awaited && !store->closing)
        if (pthread_cond_timedwait(&store->some, &store->lock, &until))
            break;
    store->awaited = 1;
}

/* Waits for changes; NULL when closing and nothing waits. Idle time is for the driver's own upkeep. */
static struct change *take_batch(struct store *store)
{
    pthread_mutex_lock(&store->lock);
    while (!store->first && !store->closing) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += IDLE_MS / 1000;
        if (pthread_cond_timedwait(&store->some, &store->lock, &until) && !store->first && store->driver->idle) {
            pthread_mutex_unlock(&store->lock);
            pthread_mutex_lock(&store->write_lock);
            store->driver->idle(store->writer);
            pthread_mutex_unlock(&store->write_lock);
            pthread_mutex_lock(&store->lock);
        }
    }
    await_company(store);
    struct change *batch = store->first, *tail = batch;
    int            n = 1;
    for (; tail && tail->next && n < BATCH_MAX; n++)
        tail = tail->next;
    if (batch) {
        if (!(store->first = tail->next))
            store->last = &store->first;
        tail->next = NULL;
        store->queued -= n;
        store->last_batch = n;
    }
    pthread_mutex_unlock(&store->lock);
    return batch;
}

static void *writer_main(void *arg)
{
    struct store *store = arg;
    for (struct change *batch; (batch = take_batch(store));)
        run_batch(store, batch);
    return NULL;
}

bool store_submit(struct store *store, struct change *change)
{
    bool            taken = false;
    struct change **last = &change->next;
    int             n = 1;
    change->fault = OK;
    for (; *last; last = &(*last)->next, n++)
        (*last)->fault = OK;
    pthread_mutex_lock(&store->lock);
    if (!store->closing && store->queued < QUEUE_MAX && !atomic_load(&store->broken)) {
        *store->last = change;
        store->last = last;
        store->queued += n;
        taken = true;
        if (store->queued >= store->awaited)
            pthread_cond_signal(&store->some);
    }
    pthread_mutex_unlock(&store->lock);
    return taken;
}

struct now {
    enum fault (*run)(struct cx *cx, void *arg);
    void           *arg;
    pthread_mutex_t lock;
    pthread_cond_t  over;
    bool            is_over;
    enum fault      fault;
};

static enum fault now_run(struct change *change, struct cx *cx)
{
    struct now *now = change->owner;
    return now->run(cx, now->arg);
}

static void now_done(struct change *change, enum fault fault)
{
    struct now *now = change->owner;
    pthread_mutex_lock(&now->lock);
    now->fault = fault;
    now->is_over = true;
    pthread_cond_signal(&now->over);
    pthread_mutex_unlock(&now->lock);
}

enum fault store_change_now(struct store *store, struct cx *cx, enum fault (*run)(struct cx *cx, void *arg), void *arg)
{
    struct now    now = { .run = run, .arg = arg, .lock = PTHREAD_MUTEX_INITIALIZER, .over = PTHREAD_COND_INITIALIZER };
    struct change change = { .run = now_run, .done = now_done, .cx = cx, .owner = &now };
    if (!store->has_thread) {
        run_batch(store, &change);
        return now.fault;
    }
    if (!store_submit(store, &change))
        return fail(cx, FAULT_UNAVAILABLE, .because = "the store takes no changes");
    pthread_mutex_lock(&now.lock);
    while (!now.is_over)
        pthread_cond_wait(&now.over, &now.lock);
    pthread_mutex_unlock(&now.lock);
    return now.fault;
}

/* ---- opening ---- */

static void expand(const struct store_driver *driver, const char *sql, struct text *out)
{
    for (; *sql; sql++) {
        if (*sql != '@') {
            text_char(out, *sql);
            continue;
        }
        char   word[32] = "";
        size_t n = 0;
        while (n + 1 < sizeof word && ((sql[1] >= 'A' && sql[1] <= 'Z') || (sql[1] >= '0' && sql[1] <= '9')))
            word[n++] = *++sql;
        const char *type = driver->type_word(word);
        if (!type)
            log_die("a migration has an unknown type word");
        text_add(out, str_of(type));
    }
    text_char(out, '\0');
}

static const char bookkeeping[] =
    "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, next @INT64 NOT NULL);"
    "INSERT INTO counters (name, next) VALUES ('id', 1) ON CONFLICT (name) DO NOTHING;";

STMT set_version_sql = { "set_version", "INSERT INTO schema_version (version) VALUES ($1)" };
STMT drop_version_sql = { "drop_version", "DELETE FROM schema_version" };

static enum fault migrate_steps(struct store *store, struct cx *cx)
{
    AUTO(text_done) struct text book = { 0 };
    int64_t version;
    expand(store->driver, bookkeeping, &book);
    TRY(store->driver->script(store->writer, book.p));
    TRY(store_number(cx, &version_sql, NO_ARGS, 0, &version));
    if (version > migrations[migration_count - 1].version)
        return fail(cx, FAULT_UNSUPPORTED, .because = "the store was written by a newer polydrive");
    for (int i = 0; i < migration_count; i++) {
        if (migrations[i].version <= version)
            continue;
        AUTO(text_done) struct text sql = { 0 };
        expand(store->driver, migrations[i].sql, &sql);
        TRY(store->driver->script(store->writer, sql.p));
        if (migrations[i].fill)
            TRY(migrations[i].fill(cx));
        TRY(store_exec(cx, &drop_version_sql, NO_ARGS, NULL));
        TRY(store_exec(cx, &set_version_sql, ARGS(ARG(migrations[i].version)), NULL));
    }
    return OK;
}

static enum fault migrate(struct store *store, struct cx *cx)
{
    struct conn *before = cx->db;
    cx->db = store->writer;
    enum fault fault = store->driver->begin(store->writer);
    if (fault == OK) {
        fault = migrate_steps(store, cx);
        if (fault == OK)
            fault = store->driver->commit(store->writer);
        if (fault != OK)
            store->driver->rollback(store->writer);
    }
    cx->db = before;
    return fault;
}

enum fault store_open(struct cx *cx, str where, const struct store_options *options, struct store **out)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store || !(store->where = strndup(where.p, where.n))
        || !(store->readers = calloc((size_t)options->readers + 1, sizeof *store->readers)))
        log_die("out of memory");
    *out = store;
    store->driver = options->driver ? options->driver : &store_sqlite;
    store->readers_max = options->readers;
    store->last = &store->first;
    pthread_mutex_init(&store->write_lock, NULL);
    pthread_mutex_init(&store->lock, NULL);
    pthread_mutex_init(&store->id_lock, NULL);
    pthread_cond_init(&store->some, NULL);
    enum fault fault = store->driver->open(cx, where, true, options->may_create, &store->writer);
    if (fault == OK) {
        store->writer->store = store;
        store->writer->driver = store->driver;
        fault = migrate(store, cx);
    }
    if (fault == OK)
        fault = refill_ids(store, cx);
    if (fault == OK && !options->no_writer) {
        store->has_thread = pthread_create(&store->thread, NULL, writer_main, store) == 0;
        if (!store->has_thread)
            log_die("cannot start a thread");
    }
    if (fault != OK)
        store_close(out);
    return fault;
}

void store_close(struct store **out)
{
    struct store *store = *out;
    if (!store)
        return;
    pthread_mutex_lock(&store->lock);
    store->closing = true;
    pthread_cond_signal(&store->some);
    pthread_mutex_unlock(&store->lock);
    if (store->has_thread)
        pthread_join(store->thread, NULL);
    for (int i = 0; i < store->readers_max; i++)
        store->driver->close(&store->readers[i]);
    store->driver->close(&store->writer);
    pthread_mutex_destroy(&store->write_lock);
    pthread_mutex_destroy(&store->lock);
    pthread_mutex_destroy(&store->id_lock);
    pthread_cond_destroy(&store->some);
    free(store->readers);
    free(store->where);
    free(store);
    *out = NULL;
}

struct conn *store_reader(struct store *store, int thread)
{
    if (thread < 0 || thread >= store->readers_max)
        return NULL;
    if (!store->readers[thread]) {
        AUTO(arena_free) struct arena *arena = arena_new();
        struct cx cx = { .arena = arena };
        if (store->driver->open(&cx, str_of(store->where), false, false, &store->readers[thread]) != OK)
            return NULL;
        store->readers[thread]->store = store;
        store->readers[thread]->driver = store->driver;
    }
    return store->readers[thread];
}

bool store_broken(const struct store *store)
{
    return atomic_load(&store->broken);
}

int64_t store_backlog(const struct store *store)
{
    struct store *s = (struct store *)(uintptr_t)store;
    pthread_mutex_lock(&s->lock);
    const int64_t queued = s->queued;
    pthread_mutex_unlock(&s->lock);
    return queued;
}

struct store_counts store_counts(const struct store *store)
{
    return (struct store_counts){ .commits = atomic_load(&store->commits), .changes = atomic_load(&store->changes) };
}

struct store *store_of(const struct conn *conn)
{
    return conn->store;
}

str store_seen(struct cx *cx)
{
    const int64_t seen = cx->db->driver->seen ? cx->db->driver->seen(cx->db) : -1;
    return seen < 0 ? S0 : arena_print(cx->arena, "%p %lld", (void *)cx->db, (long long)seen);
}

bool store_view_begin(struct conn *conn)
{
    return conn->driver->view && conn->driver->view(conn, true);
}

void store_view_end(struct conn *conn)
{
    if (conn->driver->view)
        conn->driver->view(conn, false);
}
