/* http/inner.h: what the files of http/ share; nothing outside includes it.
 *
 * Threads: the event loops (libmicrohttpd's), one at the door (door.c), one watch thread (watch.c), and whoever calls
 * http_wake or http_server_stop. A request belongs to its connection's loop thread; of the rest
 * only the members marked atomic, or guarded by watch.lock, are touched from elsewhere. */
#ifndef HTTP_INNER_H
#define HTTP_INNER_H

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/head.h"
#include "http/http.h"

/* One TCP connection, from accept to close. */
struct conn {
    struct conn        *prev, *next; /* watch.lock */
    struct http_server *server;
    int                 fd;
    atomic_bool         unread; /* the request under way has body bytes that were not taken */
    bool                cut;    /* watch.lock: shut down by us */
    char                peer[INET6_ADDRSTRLEN];

    /* Even: a head is awaited. Odd: a request is under way. Counts up with each change. */
    atomic_uint turn;

    /* Since when the request under way holds some of the room that gathered bodies share, while its body is
     * not complete; monotonic ms; 0: it does not. */
    atomic_llong claimed_since;

    /* The watch thread's own: what it saw last. */
    unsigned seen_turn;
    uint64_t seen_bytes;
    int64_t  head_since; /* monotonic ms; 0: no byte of the head yet */
    bool     end_told;   /* that the peer sends no more */
};

enum { LINGER_MAX = 256 };

/* A closed connection whose peer may still be sending: closing the socket at once would reset the
 * connection and could take the answer with it, so the rest is read and dropped for a while. */
struct leaving {
    int     fd;
    int64_t until;
};

struct watch {
    pthread_mutex_t lock;
    pthread_t       thread;
    struct conn    *first;
    struct leaving   lingering[LINGER_MAX];
    int             linger_count;
    int             wake_fd; /* an eventfd: look at `lingering` and `stopping` */
    bool            stopping;
};

struct door {
    pthread_t thread;
    int       fd, port;
};

struct http_server {
    struct MHD_Daemon *daemon;
    struct http_app    app;
    struct http_limits limits;
    struct watch       watch;
    struct door        door;
    bool               is_tls;
    bool               spreads; /* bodies that lie in files are sent without a copy (spread.h) */

    atomic_ullong connections, answered;
    atomic_size_t bodies;    /* what gathered bodies claim of limits.bodies_bytes */
    atomic_int    in_flight; /* told to app.head and not yet over */
    atomic_int    asleep;    /* suspended, or resumed and not back on its loop thread */
    atomic_int    waking;    /* threads inside http_wake */
    atomic_bool   draining;  /* stopping: each answer closes its connection */
    atomic_bool   closed;    /* no request may be suspended any more */
};

/* Where a request stands between its head and its answer. */
enum stage {
    STAGE_NEW,    /* the target is known, headers are being read */
    STAGE_HEAD,   /* app.head may be called, is running or has answered */
    STAGE_TAKE,   /* the body is gathered */
    STAGE_STREAM, /* the body goes to the sink */
    STAGE_READY,  /* the body is complete */
};

/* http_sleep: AWAKE to SLEEPING. The loop thread: SLEEPING to SUSPENDED once the library was told.
 * http_wake: any of the three to WOKEN, and resumes if it was SUSPENDED. The loop thread: WOKEN to
 * AWAKE, then calls app.woken. */
enum sleep_state { SLEEP_AWAKE, SLEEP_SLEEPING, SLEEP_SUSPENDED, SLEEP_WOKEN };

struct http_request {
    struct MHD_Connection *mhd;
    struct http_server    *server;
    struct conn           *conn;
    void                  *user;
    str                    method, version; /* in the library's buffer */
    str                    target;          /* a copy, behind the struct */
    const char            *target_at;       /* where it stood */
    size_t                 path_n;
    enum stage             stage;
    struct head_body       body;
    bool                   told;         /* app.head was called, so app.over will be */
    bool                   is_too_large; /* known from the head */
    bool                   is_cut_short; /* answered in the middle of its body */
    bool                   answered, sent_at_once, is_parked;

    struct http_sink sink;
    char            *gathered;
    size_t           gathered_n, gathered_room, limit, claimed;

    struct MHD_Response *response; /* made, not yet queued */
    unsigned             status;
    struct http_source   source;
    uint64_t             source_offset;
    bool                 source_open;
    int                  file;        /* what the source reads, where the answer is a file; or 0 */
    int                  spread_fd;   /* stands for the files of the source (spread.h), or 0 */
    uint64_t             spread_size; /* of the body */

    _Atomic enum sleep_state sleep;
    char                     target_text[];
};

/* ---- request.c: libmicrohttpd's callbacks; cls is the server ---- */

void *request_target(void *cls, const char *target, struct MHD_Connection *mhd);

enum MHD_Result request_step(void *cls, struct MHD_Connection *mhd, const char *url,
                             const char *method, const char *version, const char *upload,
                             size_t *upload_n, void **context);

void request_completed(void *cls, struct MHD_Connection *mhd, void **context,
                       enum MHD_RequestTerminationCode code);

/* ---- answer.c ---- */

/* Answers with our own words: what no application decides. */
void answer_plain(struct http_request *r, int status);

/* Hands the answer to the library. */
enum MHD_Result answer_queue(struct http_request *r);

/* Lets go of what the answer holds; before app.over, so that a source may use the user's memory. */
void answer_done(struct http_request *r);

/* ---- door.c ---- */

/* Binds and listens. false: *error says why. */
bool door_open(const struct http_listen *listen, struct door *out, const char **error);

/* Takes connections from now on, on a thread of its own, and gives them to the event loops. */
void door_start(struct http_server *server);

/* From its return on nobody gets in, and the port is free. */
void door_close(struct http_server *server);

/* ---- watch.c ---- */

void watch_start(struct http_server *server);
void watch_stop(struct http_server *server);

/* libmicrohttpd's callback for connections; cls is the server. */
void watch_connection(void *cls, struct MHD_Connection *mhd, void **socket_context,
                      enum MHD_ConnectionNotificationCode code);

/* Lets connections that wait for a next request see an end of file. */
void watch_hang_up_idle(struct http_server *server);

/* ---- linger.c: on the watch thread, except linger_add ---- */

/* Keeps the socket of a connection that is being closed. */
void linger_add(struct watch *watch, int fd);

/* Waits at most `ms`, drops what lingering peers send. */
void linger_wait(struct watch *watch, int ms);
void linger_done(struct watch *watch);

#endif
