/* The life of a request between the library and the application. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/log.h"
#include "http/head.h"
#include "http/inner.h"

enum { DISCARD_MAX = 8 * 1024 * 1024 }; /* of a body nobody wants, before the connection is cut */

/* ---- what came ---- */

str http_method(const struct http_request *r) { return r->method; }
str http_path(const struct http_request *r) { return r->path; }
str http_query(const struct http_request *r) { return r->query; }
str http_body(const struct http_request *r) { return (str){ r->body ? r->body : "", r->body_n }; }
void http_set_user(struct http_request *r, void *user) { r->user = user; }
void *http_user(const struct http_request *r) { return r->user; }

str http_peer(const struct http_request *r)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char *text = ((struct http_request *)(uintptr_t)r)->peer;
    if (!text[0] && info && info->client_addr) {
        const struct sockaddr *a = info->client_addr;
        const void *address = a->sa_family == AF_INET6
                                  ? (const void *)&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr
                                  : (const void *)&((const struct sockaddr_in *)(const void *)a)->sin_addr;
        inet_ntop(a->sa_family, address, text, sizeof r->peer);
    }
    return str_of(text);
}

bool http_is_tls(const struct http_request *r)
{
    return MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_PROTOCOL) != NULL;
}

str http_header(const struct http_request *r, const char *name)
{
    const char *value = NULL;
    size_t      n = 0;
    if (MHD_lookup_connection_value_n(r->connection, MHD_HEADER_KIND, name, strlen(name), &value, &n) != MHD_YES)
        return S0;
    return (str){ value ? value : "", n };
}

struct header_walk {
    void (*see)(void *arg, str name, str value);
    void *arg;
};

static enum MHD_Result walk(void *arg, enum MHD_ValueKind kind, const char *name, size_t name_n, const char *value,
                            size_t value_n)
{
    const struct header_walk *w = arg;
    (void)kind;
    w->see(w->arg, (str){ name, name_n }, (str){ value ? value : "", value_n });
    return MHD_YES;
}

void http_headers(const struct http_request *r, void (*see)(void *arg, str name, str value), void *arg)
{
    struct header_walk w = { see, arg };
    MHD_get_connection_values_n(r->connection, MHD_HEADER_KIND, walk, &w);
}

struct header_count {
    str name;
    int count;
};

static void count_header(void *arg, str name, str value)
{
    struct header_count *c = arg;
    (void)value;
    c->count += str_eq_ascii_case(name, c->name);
}

int http_header_count(const struct http_request *r, const char *name)
{
    struct header_count c = { str_of(name), 0 };
    http_headers(r, count_header, &c);
    return c.count;
}

int64_t http_content_length(const struct http_request *r)
{
    int64_t length;
    return str_int64(http_header(r, "Content-Length"), &length) && length >= 0 ? length : -1;
}

bool http_has_body(const struct http_request *r)
{
    return http_content_length(r) > 0 || http_header(r, "Transfer-Encoding").p;
}

static void see_fact(void *arg, str name, str value)
{
    head_see(arg, name, value);
}

bool http_head_sound(const struct http_request *r)
{
    struct head_facts facts = { .version = r->version, .target = str_of(r->target) };
    http_headers(r, see_fact, &facts);
    return head_sound(&facts);
}

/* ---- what to do with the body ---- */

void http_take_body(struct http_request *r, size_t limit)
{
    r->body_limit = limit;
    if (http_content_length(r) > (int64_t)limit)
        r->server->app.too_large(r->server->app.self, r);
}

void http_stream_body(struct http_request *r, struct http_sink sink)
{
    r->streams = true;
    r->sink = sink;
}

static bool gather(struct http_request *r, str piece)
{
    if (piece.n > r->body_limit - r->body_n)
        return false;
    if (r->body_room - r->body_n < piece.n) {
        size_t room = r->body_room ? r->body_room * 2 : 4096;
        while (room < r->body_n + piece.n)
            room *= 2;
        char *grown = realloc(r->body, room);
        if (!grown)
            log_die("out of memory");
        r->body = grown;
        r->body_room = room;
    }
    memcpy(r->body + r->body_n, piece.p, piece.n);
    r->body_n += piece.n;
    return true;
}

/* Takes a piece of the body. false: too much of what nobody wants; cut the connection. */
static bool take_piece(struct http_request *r, str piece)
{
    struct http_app *app = &r->server->app;
    if (r->stage == ANSWERED) {
        r->discarded += piece.n;
        return r->discarded <= DISCARD_MAX;
    }
    if (r->streams)
        return r->sink.write(r->sink.arg, r, piece) || r->stage == ANSWERED;
    if (!gather(r, piece))
        app->too_large(app->self, r);
    return true;
}

/* ---- sleeping ---- */

void http_sleep(struct http_request *r)
{
    r->stage = ASLEEP;
    MHD_suspend_connection(r->connection);
}

void http_wake(struct http_request *r)
{
    MHD_resume_connection(r->connection);
}

/* ---- the library's calls ---- */

void *request_begin(void *arg, const char *target, struct MHD_Connection *connection)
{
    struct http_server  *server = arg;
    const size_t         n = strlen(target);
    struct http_request *r = malloc(sizeof *r + n + 1);
    if (!r)
        log_die("out of memory");
    memset(r, 0, sizeof *r);
    memcpy(r->target, target, n + 1);
    r->server = server;
    r->connection = connection;
    const str    whole = { r->target, n };
    const size_t mark = str_find(whole, '?', 0);
    r->path = str_cut(whole, mark);
    r->query = mark < n ? str_from(whole, mark + 1) : S0;
    atomic_fetch_add(&server->in_flight, 1);
    return r;
}

/* Sends the response if the library takes one now: when the whole request is in, or at once for a refused
 * head that announces a body (then no 100 Continue goes out and the connection closes). */
static enum MHD_Result queue(struct http_request *r)
{
    const enum MHD_Result done = MHD_queue_response(r->connection, (unsigned)r->status, r->response);
    MHD_destroy_response(r->response);
    r->response = NULL;
    r->queued = true;
    return done;
}

static enum MHD_Result judge_head(struct http_request *r, const char *method, const char *version)
{
    static const struct http_answer bad = { .status = 400 };
    struct http_app *app = &r->server->app;
    r->method = str_of(method);
    r->version = str_of(version);
    r->stage = BODY;
    peer_awaits_head(r->server, r->connection, false);
    if (http_head_sound(r)) {
        r->told = true;
        app->head(app->self, r);
        return r->stage == ANSWERED && http_has_body(r) ? queue(r) : MHD_YES;
    }
    http_answer(r, &bad);
    MHD_add_response_header(r->response, "Connection", "close");
    return queue(r);
}

/* The request is complete, or its sleep is over. */
static enum MHD_Result go_on(struct http_request *r)
{
    struct http_app *app = &r->server->app;
    if (r->stage == BODY) {
        r->stage = READY;
        app->ready(app->self, r);
    } else if (r->stage == ASLEEP) {
        r->stage = READY;
        app->woken(app->self, r);
    }
    if (r->stage == ASLEEP)
        return MHD_YES;
    return r->response ? queue(r) : MHD_NO;
}

enum MHD_Result request_handle(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *piece, size_t *piece_n, void **request)
{
    struct http_request *r = *request;
    (void)arg, (void)connection, (void)url;
    if (!r)
        return MHD_NO;
    if (r->stage == NEW)
        return judge_head(r, method, version);
    if (!*piece_n)
        return r->queued ? MHD_YES : go_on(r);
    const bool keep = take_piece(r, (str){ piece, *piece_n });
    *piece_n = 0;
    return keep ? MHD_YES : MHD_NO;
}

void request_end(void *arg, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode how)
{
    struct http_server  *server = arg;
    struct http_request *r = *request;
    (void)how;
    if (!r)
        return;
    if (r->told)
        server->app.over(server->app.self, r);
    if (r->response)
        MHD_destroy_response(r->response);
    free(r->body);
    free(r);
    *request = NULL;
    atomic_fetch_add(&server->requests, 1);
    atomic_fetch_sub(&server->in_flight, 1);
    peer_awaits_head(server, connection, true);
}
