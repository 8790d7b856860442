/* http/inner.h: what the files of http/ share. */
#ifndef HTTP_INNER_H
#define HTTP_INNER_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/http.h"

/* A connection, as the watchdog sees it. */
struct peer {
    struct peer *older, *newer;
    int          fd;
    int64_t      head_deadline_ms; /* 0: a head is not awaited */
};

struct http_server {
    struct MHD_Daemon *daemon;
    struct http_app    app;
    struct http_limits limits;
    atomic_int         in_flight;
    atomic_bool        stopping;
    atomic_ullong      requests;
    pthread_mutex_t    lock; /* the peers */
    struct peer       *newest;
    uint64_t           connections;
    pthread_t          watchdog;
};

/* Where a request stands:
 *   NEW       made from the request line; no header is in
 *   BODY      the head was judged; body bytes come (or none)
 *   READY     the whole request is in; the application has it
 *   ASLEEP    the application waits for somebody; the library does not call
 *   ANSWERED  a response is made; it goes out at the next moment the library allows */
enum stage { NEW, BODY, READY, ASLEEP, ANSWERED };

struct http_request {
    struct http_server    *server;
    struct MHD_Connection *connection;
    enum stage             stage;
    str                    method, version, path, query; /* path and query lie behind this struct */
    void                  *user;
    struct MHD_Response   *response; /* made, not yet queued */
    int                    status;
    bool                   queued, streams, told; /* told: the application knows the request */
    struct http_sink       sink;
    char                  *body;
    size_t                 body_n, body_room, body_limit;
    size_t                 discarded;
    char                   peer[64];
    char                   target[];
};

/* In request.c: the library's three callbacks. */
void           *request_begin(void *server, const char *target, struct MHD_Connection *connection);
enum MHD_Result request_handle(void *server, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *piece, size_t *piece_n, void **request);
void request_end(void *server, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode how);

/* In server.c: the connection's entry with the watchdog. */
void peer_awaits_head(struct http_server *server, struct MHD_Connection *connection, bool awaits);

#endif
