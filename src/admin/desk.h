/* admin/desk.h: what a subcommand works at: the store, the site, and the right to do all.
 *
 * Subcommands work beside a running server on the same data: short transactions, nothing cached. */
#ifndef ADMIN_DESK_H
#define ADMIN_DESK_H

#include "admin/command.h"
#include "drive/caller.h"
#include "drive/site.h"
#include "store/store.h"

struct desk {
    const struct run *run;
    struct cx         cx; /* with a reader, the site and a caller of the domain */
    struct store     *store;
    struct content   *content; /* only by desk_open_content */
    struct site       site;
    struct caller     caller;
    bool              is_open;
};

/* Opens what the settings name. Gives an exit code; it has said why when that is not EXIT_DONE. */
int  desk_open(struct run *run, struct desk *desk);
int  desk_open_content(struct desk *desk);
void desk_close(struct desk *desk); /* also the AUTO closer; zeroed is fine */

/* Runs one change and waits until it is durable; says why on a fault. Gives an exit code. */
int desk_change(struct desk *desk, enum fault (*change)(struct cx *cx, void *arg), void *arg);

/* The exit code for a fault, which it tells. OK gives EXIT_DONE. */
int desk_told(struct desk *desk, enum fault fault);

/* All of what `page` gives out in pieces by number: items of `size` bytes with an id at `id_at`. */
MUST_USE enum fault desk_gather(struct desk *desk, enum fault (*page)(struct cx *cx, id after, int limit, struct list *out),
                                size_t size, size_t id_at, struct list *out);

/* One line of standard input without its end, in cx.arena; S0 when there is none, or an empty one. */
str desk_read_line(struct desk *desk);

#endif
