/* The server: the library's daemon with our limits, and the watchdog.
 *
 * The library's own timeout is for silence only: a head that trickles in byte by byte would keep a
 * connection for ever. The watchdog shuts such sockets down; a slow body is legitimate and is let be. */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/inner.h"

enum { CONNECTION_MEMORY = 64 * 1024, LOOK_MS = 250, BACKLOG = 1024 };

const struct http_limits http_default_limits = {
    .threads = 2,
    .connections = 10000,
    .head_bytes = CONNECTION_MEMORY / 2,
    .head_timeout_s = 20,
    .idle_timeout_s = 75,
    .grace_s = 30,
};

static void rest_ms(int ms)
{
    nanosleep(&(struct timespec){ ms / 1000, (ms % 1000) * 1000000L }, NULL);
}

/* ---- peers ---- */

static int64_t head_deadline(const struct http_server *server, bool first)
{
    /* a connection may be silent between requests as long as the idle timeout lets it */
    return clock_monotonic_ms() + (int64_t)(server->limits.head_timeout_s + (first ? 0 : server->limits.idle_timeout_s)) * 1000;
}

static void peer_comes(struct http_server *server, struct MHD_Connection *connection, void **context)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer)
        log_die("out of memory");
    peer->fd = info ? info->connect_fd : -1;
    peer->head_deadline_ms = head_deadline(server, true);
    pthread_mutex_lock(&server->lock);
    peer->older = server->newest;
    if (peer->older)
        peer->older->newer = peer;
    server->newest = peer;
    server->connections++;
    pthread_mutex_unlock(&server->lock);
    *context = peer;
}

/* The entry goes before the descriptor is closed, so a shutdown never meets another's socket. */
static void peer_goes(struct http_server *server, void **context)
{
    struct peer *peer = *context;
    pthread_mutex_lock(&server->lock);
    if (peer->newer)
        peer->newer->older = peer->older;
    else
        server->newest = peer->older;
    if (peer->older)
        peer->older->newer = peer->newer;
    server->connections--;
    pthread_mutex_unlock(&server->lock);
    free(peer);
    *context = NULL;
}

static void notice_connection(void *arg, struct MHD_Connection *connection, void **context,
                              enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        peer_comes(arg, connection, context);
    else if (*context)
        peer_goes(arg, context);
}

void peer_awaits_head(struct http_server *server, struct MHD_Connection *connection, bool awaits)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (!info || !info->socket_context)
        return;
    struct peer *peer = info->socket_context;
    pthread_mutex_lock(&server->lock);
    peer->head_deadline_ms = awaits ? head_deadline(server, false) : 0;
    pthread_mutex_unlock(&server->lock);
}

static void *watch(void *arg)
{
    struct http_server *server = arg;
    while (!atomic_load(&server->stopping)) {
        rest_ms(LOOK_MS);
        const int64_t now = clock_monotonic_ms();
        pthread_mutex_lock(&server->lock);
        for (struct peer *p = server->newest; p; p = p->older)
            if (p->head_deadline_ms && p->head_deadline_ms < now && p->fd >= 0) {
                shutdown(p->fd, SHUT_RDWR);
                p->head_deadline_ms = 0;
            }
        pthread_mutex_unlock(&server->lock);
    }
    return NULL;
}

/* ---- starting and stopping ---- */

static size_t keep_escapes(void *arg, struct MHD_Connection *connection, char *text)
{
    (void)arg, (void)connection;
    return strlen(text);
}

static void library_says(void *arg, const char *format, va_list args)
{
    (void)arg, (void)format, (void)args; /* its complaints are about peers, and tell nothing we act on */
}

union address {
    struct sockaddr     any;
    struct sockaddr_in  v4;
    struct sockaddr_in6 v6;
};

static bool read_address(const struct http_listen *listen, union address *out, unsigned *flags)
{
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, listen->address, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons((uint16_t)listen->port);
        return true;
    }
    if (inet_pton(AF_INET6, listen->address, &out->v6.sin6_addr) != 1)
        return false;
    out->v6.sin6_family = AF_INET6;
    out->v6.sin6_port = htons((uint16_t)listen->port);
    *flags |= MHD_USE_IPv6;
    return true;
}

static struct MHD_Daemon *start(struct http_server *server, const struct http_listen *listen, const union address *at,
                                unsigned flags)
{
    const struct http_limits *l = &server->limits;
    struct MHD_OptionItem more[8];
    int n = 0;
    if (l->threads > 1)
        more[n++] = (struct MHD_OptionItem){ MHD_OPTION_THREAD_POOL_SIZE, l->threads, NULL };
    if (l->connections_per_peer)
        more[n++] = (struct MHD_OptionItem){ MHD_OPTION_PER_IP_CONNECTION_LIMIT, (intptr_t)l->connections_per_peer, NULL };
    if (listen->tls_cert_pem) {
        more[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)listen->tls_cert_pem };
        more[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)listen->tls_key_pem };
        flags |= MHD_USE_TLS;
    }
    more[n] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
    return MHD_start_daemon(
        flags, (uint16_t)listen->port, NULL, NULL, request_handle, server,
        MHD_OPTION_EXTERNAL_LOGGER, library_says, NULL,
        MHD_OPTION_SOCK_ADDR, &at->any,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)(CONNECTION_MEMORY / 4),
        MHD_OPTION_CONNECTION_LIMIT, l->connections,
        MHD_OPTION_CONNECTION_TIMEOUT, l->idle_timeout_s,
        MHD_OPTION_LISTEN_BACKLOG_SIZE, (unsigned)BACKLOG,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, request_begin, server,
        MHD_OPTION_NOTIFY_COMPLETED, request_end, server,
        MHD_OPTION_NOTIFY_CONNECTION, notice_connection, server,
        MHD_OPTION_ARRAY, more, MHD_OPTION_END);
}

enum fault http_server_start(const struct http_listen *listen, const struct http_limits *limits,
                             const struct http_app *app, struct http_server **out, const char **error)
{
    union address at;
    unsigned      flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    sigset_t      all, before;
    if (!read_address(listen, &at, &flags)) {
        *error = "the address to listen on is not numeric";
        return FAULT_INVALID;
    }
    struct http_server *server = calloc(1, sizeof *server);
    if (!server)
        log_die("out of memory");
    server->app = *app;
    server->limits = *limits;
    pthread_mutex_init(&server->lock, NULL);
    sigfillset(&all); /* signals are for the main thread */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    errno = 0;
    server->daemon = start(server, listen, &at, flags);
    const int failed = errno;
    if (server->daemon && pthread_create(&server->watchdog, NULL, watch, server))
        log_die("cannot start a thread");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (server->daemon) {
        *out = server;
        return OK;
    }
    *error = failed ? strerror(failed) : "the HTTP library cannot start";
    pthread_mutex_destroy(&server->lock);
    free(server);
    return FAULT_UNAVAILABLE;
}

int http_server_port(const struct http_server *server)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

struct http_counts http_server_counts(const struct http_server *server)
{
    struct http_server *s = (struct http_server *)(uintptr_t)server;
    pthread_mutex_lock(&s->lock);
    const uint64_t connections = s->connections;
    pthread_mutex_unlock(&s->lock);
    return (struct http_counts){ connections, atomic_load(&s->requests) };
}

/* Those asleep are woken by whoever has their work, always; the daemon must not be stopped under them. */
void http_server_stop(struct http_server **out)
{
    struct http_server *server = *out;
    if (!server)
        return;
    const MHD_socket listening = MHD_quiesce_daemon(server->daemon);
    const int64_t    until = clock_monotonic_ms() + (int64_t)server->limits.grace_s * 1000;
    while (atomic_load(&server->in_flight) > 0 && clock_monotonic_ms() < until)
        rest_ms(5);
    atomic_store(&server->stopping, true);
    pthread_join(server->watchdog, NULL);
    MHD_stop_daemon(server->daemon);
    if (listening != MHD_INVALID_SOCKET)
        close(listening);
    pthread_mutex_destroy(&server->lock);
    free(server);
    *out = NULL;
}
