/* host.h: what the server lends to contract/ and dialect/data: a context for each request, the store's
 * writer for changes, workers for what is slow.
 *
 * Threads: every loop thread gets a read connection of its own when it first asks, by the next number
 * of a counter; every worker has the one of its own number behind those. */
#ifndef HOST_H
#define HOST_H

#include <stdatomic.h>

#include "admin/settings.h"
#include "base/workers.h"
#include "contract/contract.h"
#include "drive/site.h"
#include "store/store.h"

struct host {
    const struct settings *settings;
    struct store          *store;
    struct content        *content;
    struct site            site;
    struct workers        *workers;
    int                    loop_readers; /* connections for loop threads; those of workers follow */
    atomic_int             loops_seen;
    str                    own_url; /* scheme and authority, where a request does not tell */
};

/* How many loop threads and read connections there will be. */
int host_loops(const struct settings *settings);
int host_readers(const struct settings *settings);

/* The functions, with `host` as self. */
struct contract_host host_lend(struct host *host);

/* Scheme and authority of links in the answer to `http`, in the arena: --public-url, else what the client
 * sent as Host, if that is no more than a host and a port. `http` may be NULL. */
str host_base_url(const struct host *host, struct arena *arena, const struct http_request *http);

/* The client's numeric address, in the arena: the socket's, or with --behind-proxy the one that the proxy
 * put last into X-Forwarded-For. */
str host_peer(const struct settings *settings, struct arena *arena, const struct http_request *http);

/* host[:port] or [address]:port and nothing else. */
bool host_name_sound(str host);

/* The read connection of a worker. */
struct conn *host_worker_reader(struct host *host, int thread);

#endif
