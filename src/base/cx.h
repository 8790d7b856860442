/* base/cx.h: the context of one request or command, passed first to whatever needs it.
 *
 * It carries what a global would: where to allocate, which store connection, who asks, when, and
 * what went wrong. The parts above base/ own what the pointers mean. */
#ifndef BASE_CX_H
#define BASE_CX_H

#include "base/arena.h"
#include "base/fault.h"

struct conn;   /* store/: the reader of this thread, or the writer inside a change */
struct site;   /* drive/: keys, settings and content, the same for all requests */
struct caller; /* drive/: who asks */
struct memo;   /* drive/: names looked up already */

/* A tolerance that this request needed; told in the answer. */
struct note {
    struct note *next;
    const char  *field, *reason;
};

struct cx {
    struct arena        *arena;
    struct conn         *db;
    const struct site   *site;
    struct caller       *caller;
    struct memo         *memo;
    const struct note   *lenient;     /* newest first */
    const char          *unsupported; /* what was asked and is not implemented */
    instant              now;         /* the same for the whole request */
    bool                 strict;      /* tolerances are refused */
    bool                 may_prepare;    /* the change may say wants_prepare, and is then run again */
    bool                 wants_prepare;  /* with any fault: something slow must be done on a worker first */
    bool                 refusal_stands; /* what the change did is kept although it gives a fault */
    str                  request_id;
    str                  peer;        /* the client's address, numeric; S0: a command on this machine */
    str                  base_url;    /* scheme and authority for links, without a final slash */
    struct failure       why;
};

#endif
