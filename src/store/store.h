/* store/store.h: the open store: connections, the writer, numbers.
 *
 * One writer thread gathers the changes that wait into one transaction and one sync (group commit), each
 * change in a savepoint of its own. Readers have a connection each and do not block. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/cx.h"
#include "store/records.h"

struct store;

struct store_driver;

struct store_options {
    const struct store_driver *driver; /* NULL: the one that fits the place; tests give one that fails */
    int  readers;    /* read connections to allow for, opened as they are first used */
    bool may_create; /* an empty place becomes a store; else it is NOT_FOUND */
    bool no_writer;  /* no writer thread: subcommands, which use store_change_now */
    str  domain;     /* name of the first domain of a fresh store */
};

/* Opens the store at `where`, a folder; runs the migrations it lacks.
 * Faults  NOT_FOUND nothing there; UNSUPPORTED its schema is newer than this program; UNAVAILABLE
 *         locked or broken */
MUST_USE enum fault store_open(struct cx *cx, str where, const struct store_options *options, struct store **out);
void                store_close(struct store **store);

/* The read connection number `thread` (0 to readers - 1); used by one thread at a time. NULL when it
 * cannot be opened. */
struct conn *store_reader(struct store *store, int thread);

/* A change: kept by its owner until done() is called. */
struct change {
    struct change *next;
    enum fault (*run)(struct change *change, struct cx *cx);
    void (*done)(struct change *change, enum fault fault); /* after the commit, on the writer's thread */
    struct cx *cx;                                         /* its db is the writer's during run */
    void      *owner;
    enum fault fault;
};

/* Queues a change, with those chained to it by `next`, which then run after it in their order and, as far as a
 * round holds them, in one transaction. false: the queue is full or the store is broken or closing; done is not
 * called. */
MUST_USE bool store_submit(struct store *store, struct change *change);

/* Runs one change and waits until it is durable. Also for processes without the writer thread. */
MUST_USE enum fault store_change_now(struct store *store, struct cx *cx, enum fault (*run)(struct cx *cx, void *arg),
                                     void *arg);

/* A sync failed: nothing more is acknowledged until the program is started anew. */
bool store_broken(const struct store *store);

/* Changes that wait. */
int64_t store_backlog(const struct store *store);

/* Commits and changes since start, for /metrics and for tests that keep costs honest. */
struct store_counts {
    int64_t commits, changes;
};
struct store_counts store_counts(const struct store *store);

/* The store a connection belongs to. */
struct store *store_of(const struct conn *conn);

/* The next number, from a block that the store has already handed to this process. Any thread.
 * UNAVAILABLE when the block is used up faster than the writer refills it. */
MUST_USE enum fault store_next_id(struct cx *cx, id *out);

/* A text that is the same as long as nobody has changed anything in the store, for as long as this connection
 * lives; S0 when that cannot be told. In cx->arena. */
str store_seen(struct cx *cx);

/* A consistent view for several reads of one connection. False when the connection is in a view, or in a change,
 * already: that one goes on, and whoever began it ends it. */
bool store_view_begin(struct conn *conn);
void store_view_end(struct conn *conn);

#endif
