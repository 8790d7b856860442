/* front.h: the front door: hands each request to the part whose path it is, and answers what belongs to
 * the program itself.
 *
 *     /data/...            the signed upload and download endpoints (dialect/data)
 *     a dialect's prefix   the contract
 *     /                    a small page: what runs here
 *     /openapi/NAME.json   a dialect's contract
 *     /healthz             200 while what is acknowledged is durable; 503 after a sync has failed
 *     /readyz              200 while changes can be taken: the folder is writable, the disk has room
 *     /metrics             Prometheus text, for peers on loopback or who know --metrics-token
 */
#ifndef FRONT_H
#define FRONT_H

#include "dialect/data/data.h"
#include "host.h"

struct front {
    struct host                 *host;
    const struct dialect *const *dialects; /* NULL ends */
    struct contract             *contract;
    struct data_door            *data;
    struct http_app              contract_app, data_app;
    struct http_server *_Atomic  server; /* for counts; set once it listens */
    str                          metrics_token; /* S0: loopback only */
    instant                      started;
};

/* The functions, with `front` as self; contract and data must be there. */
struct http_app front_app(struct front *front);

/* Prometheus text (metrics.c). */
void metrics_write(const struct front *front, struct text *out);

/* Bytes free where data and content are kept, the lesser of both; -1 when not known. */
int64_t front_free_bytes(const struct front *front);

#endif
