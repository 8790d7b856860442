/* http/http.h: the HTTP server: sockets, heads, bodies in and out, limits, timeouts.
 *
 * Knows nothing of routes or drives. An application (struct http_app) is told of each request on
 * one of a few event-loop threads and never blocks there: it answers at once, or goes to sleep
 * (http_sleep) and is woken from any thread (http_wake) when what it waited for is durable.
 *
 * A request's life:
 *   head   the request line and headers are in, no body byte yet, no "100 Continue" sent.
 *          The application calls exactly one of: http_answer (refuse; a request that announces a
 *          body is then closed), http_take_body, http_stream_body.
 *   body   bytes arrive: gathered up to the limit, or given to the sink piece by piece.
 *   ready  the body is complete (an empty one at once). The application answers, or sleeps and
 *          answers in `woken`.
 *   over   sent, or the peer went away, in whatever state; called exactly once, last, never while
 *          asleep: a peer that leaves during a sleep is noticed after the wake.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/fault.h"
#include "base/types.h"

struct http_request;
struct http_server;

/* ---- what came; slices are borrowed until `over` ---- */

str http_method(const struct http_request *r);
str http_path(const struct http_request *r);  /* as sent: not decoded, without the query */
str http_query(const struct http_request *r); /* as sent, without '?'; S0 when there is none */
str http_peer(const struct http_request *r);  /* the peer's numeric address */
bool http_is_tls(const struct http_request *r);

/* The header's value; S0 when absent. Name in any case. Two of the same name: the first, and
 * http_header_count tells. */
str http_header(const struct http_request *r, const char *name);
int http_header_count(const struct http_request *r, const char *name);

/* Calls see() for every header. */
void http_headers(const struct http_request *r, void (*see)(void *arg, str name, str value), void *arg);

/* The announced length; -1 when chunked or there is no body header at all. http_has_body tells
 * whether the head announces one. */
int64_t http_content_length(const struct http_request *r);
bool    http_has_body(const struct http_request *r);

/* The gathered body; complete in `ready` and later. */
str http_body(const struct http_request *r);

/* The application's own pointer, kept with the request. */
void  http_set_user(struct http_request *r, void *user);
void *http_user(const struct http_request *r);

/* ---- what to do with the body (in `head` only) ---- */

/* Gathers the body, at most `limit` bytes. A longer one calls app->too_large, which answers. */
void http_take_body(struct http_request *r, size_t limit);

/* Gives the body to the sink as it arrives; memory stays bounded. */
struct http_sink {
    /* Takes the piece (borrowed). false: the application has answered already (http_answer); the
     * rest of the body is not wanted and the connection closes after the answer. */
    bool (*write)(void *arg, struct http_request *r, str piece);
    void *arg;
};
void http_stream_body(struct http_request *r, struct http_sink sink);

/* ---- sleeping ---- */

/* From `ready` or `woken`: no more calls until http_wake, which any thread may call, once, also
 * before the sleeping call has returned. Then app->woken runs on the loop thread. */
void http_sleep(struct http_request *r);
void http_wake(struct http_request *r);

/* ---- answering ---- */

struct http_header {
    const char *name; /* static or borrowed until `over` */
    str         value; /* borrowed until `over`; a value with CR, LF or NUL is not sent */
};

/* Bytes made while they are sent: read() puts up to `room` bytes of the body from offset `at` into
 * `out`, gives how many, or -1 to break the connection off. close() is called once.
 *
 * file_at() is optional: it spares the copy of bytes that lie in files. Gives a descriptor, borrowed until
 * the next call, with the place in the file where byte `at` is and the bytes that follow it there; 0 where
 * they are to be had from read() only; -1 to break off. */
struct http_source {
    int64_t (*read)(void *arg, uint64_t at, char *out, size_t room);
    int (*file_at)(void *arg, uint64_t at, uint64_t *offset, uint64_t *length);
    void (*close)(void *arg);
    void *arg;
};

struct http_answer {
    int                       status;
    const struct http_header *headers; /* without Content-Length, Date, Connection: those are ours */
    size_t                    header_count;
    str                       body;   /* borrowed until `over`; used when neither of the next is set */
    int                       file;   /* > 0: a descriptor, given; its bytes go out by sendfile */
    uint64_t                  offset, size; /* of the file's or source's bytes to send */
    const struct http_source *source; /* copied; bytes by callback */
};

/* Queues the answer; once per request, on the loop thread (head, ready, woken, sink.write or
 * too_large). HEAD requests get the head alone. Statuses 204 and 304 have no body. */
void http_answer(struct http_request *r, const struct http_answer *answer);

/* ---- the server ---- */

struct http_app {
    void *self;
    void (*head)(void *self, struct http_request *r);
    void (*ready)(void *self, struct http_request *r);
    void (*woken)(void *self, struct http_request *r);
    void (*too_large)(void *self, struct http_request *r);
    void (*over)(void *self, struct http_request *r);
};

struct http_limits {
    int      threads;              /* event loops */
    unsigned connections;          /* in all */
    unsigned connections_per_peer; /* 0: no limit */
    unsigned head_bytes;           /* request line and headers */
    size_t   bodies_bytes;         /* of gathered bodies, all together, beyond the first 16 KiB of each */
    unsigned head_timeout_s;       /* from the first byte of a request to the end of its head */
    unsigned body_timeout_s;       /* for a gathered body that takes of bodies_bytes, from then to its end */
    unsigned idle_timeout_s;       /* no byte either way */
    unsigned grace_s;              /* for requests in flight at http_server_stop */
};
extern const struct http_limits http_default_limits;

struct http_listen {
    const char *address; /* numeric IPv4 or IPv6 */
    int         port;    /* 0: a free one */
    const char *tls_cert_pem, *tls_key_pem; /* file contents; both or neither */
};

/* Starts listening. FAULT_UNAVAILABLE with `error` (static or errno text) when it cannot. */
MUST_USE enum fault http_server_start(const struct http_listen *listen, const struct http_limits *limits,
                                      const struct http_app *app, struct http_server **out,
                                      const char **error);

/* The port in use. */
int http_server_port(const struct http_server *server);

/* What runs now, for /metrics. */
struct http_counts {
    uint64_t connections, requests; /* now open; answered since start */
    uint64_t bodies_bytes;          /* claimed of limits.bodies_bytes */
};
struct http_counts http_server_counts(const struct http_server *server);

/* Accepts no more, finishes what is in flight within the grace time, closes. Closer. */
void http_server_stop(struct http_server **server);

/* ---- parts that have no socket, tested and fuzzed alone ---- */

/* One range of a representation; `first` + `length` <= size. */
struct http_range {
    uint64_t first, length;
};

enum http_range_result {
    HTTP_RANGE_NONE,      /* no header, other unit or malformed: send the whole */
    HTTP_RANGE_SOME,      /* *count ranges to send, in the order asked */
    HTTP_RANGE_UNMET,     /* none can be satisfied: 416 */
};

/* Reads a Range header for a representation of `size` bytes (RFC 9110, 14.1.2). More than `max`
 * ranges, or ranges that overlap so that more than `size` bytes would go out: HTTP_RANGE_NONE. */
enum http_range_result http_range_read(str header, uint64_t size, struct http_range *ranges,
                                       size_t max, size_t *count);

#endif
