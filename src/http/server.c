/* The server: the library's daemon under our limits, its start and its end. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/inner.h"
#include "http/spread.h"

enum {
    CONNECTION_MEMORY = 64 * 1024, /* of each: a head, its records, the answer's head; body pieces */
    SPARE_FILES = 1024,            /* descriptors for all else */
    GRACE_STEP_MS = 5,
};

const struct http_limits http_default_limits = {
    .threads = 2,
    .connections = 10000,
    .head_bytes = CONNECTION_MEMORY / 2,
    .bodies_bytes = (size_t)256 << 20,
    .head_timeout_s = 20,
    .body_timeout_s = 120,
    .idle_timeout_s = 75,
    .grace_s = 30,
};

/* ---- what the library asks of us ---- */

static size_t keep_escapes(void *cls, struct MHD_Connection *mhd, char *text)
{
    (void)cls, (void)mhd;
    return strlen(text);
}

/* Its complaints are about peers and quote them, so only plain ASCII passes. */
PRINTF_LIKE(2, 0) static void library_says(void *cls, const char *format, va_list args)
{
    char text[512];

    (void)cls;
    vsnprintf(text, sizeof text, format, args);
    for (char *c = text; *c; c++)
        if (*c < 0x20 || *c > 0x7E)
            *c = *c == '\n' && !c[1] ? '\0' : '?';
    log_line(LOG_DEBUG, "http", LOG_PAIRS({ "library", str_of(text) }));
}

static void library_dies(void *cls, const char *file, unsigned line, const char *reason)
{
    (void)cls, (void)file, (void)line;
    log_die(reason ? reason : "the HTTP library found itself broken");
}

/* ---- starting ---- */

static void allow_files(unsigned connections)
{
    struct rlimit files;
    const rlim_t  want = (rlim_t)connections + SPARE_FILES;

    if (getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur >= want)
        return;
    files.rlim_cur = files.rlim_max < want ? files.rlim_max : want;
    setrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < want)
        log_say(LOG_WARN, "http: %u connections are allowed, but only %llu open files", connections,
                (unsigned long long)files.rlim_cur);
}

static struct MHD_Daemon *start_daemon(struct http_server *server, const struct http_listen *listen)
{
    const struct http_limits *l = &server->limits;
    const size_t   heads = (size_t)l->head_bytes * 2;
    unsigned       flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG
                           | MHD_USE_NO_LISTEN_SOCKET;
    struct MHD_OptionItem more[5];
    int                   n = 0;

    if (l->threads > 1)
        more[n++] = (struct MHD_OptionItem){ MHD_OPTION_THREAD_POOL_SIZE, l->threads, NULL };
    if (l->connections_per_peer)
        more[n++] = (struct MHD_OptionItem){ MHD_OPTION_PER_IP_CONNECTION_LIMIT,
                                             (intptr_t)l->connections_per_peer, NULL };
    if (server->is_tls) {
        flags |= MHD_USE_TLS;
        more[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_CERT, 0,
                                             (void *)(uintptr_t)listen->tls_cert_pem };
        more[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_KEY, 0,
                                             (void *)(uintptr_t)listen->tls_key_pem };
    }
    more[n] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
    return MHD_start_daemon(
        flags, 0, NULL, NULL, request_step, server,
        MHD_OPTION_EXTERNAL_LOGGER, library_says, NULL,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, heads > CONNECTION_MEMORY ? heads : (size_t)CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_LIMIT, l->connections,
        MHD_OPTION_CONNECTION_TIMEOUT, l->idle_timeout_s,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, request_target, server,
        MHD_OPTION_NOTIFY_COMPLETED, request_completed, server,
        MHD_OPTION_NOTIFY_CONNECTION, watch_connection, server,
        MHD_OPTION_ARRAY, more, MHD_OPTION_END);
}

static bool start_threads(struct http_server *server, const struct http_listen *listen)
{
    sigset_t all, before;

    sigfillset(&all); /* signals are for the main thread */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    watch_start(server);
    server->daemon = start_daemon(server, listen);
    if (server->daemon)
        door_start(server);
    else
        watch_stop(server);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return server->daemon != NULL;
}

enum fault http_server_start(const struct http_listen *listen, const struct http_limits *limits,
                             const struct http_app *app, struct http_server **out, const char **error)
{
    *error = NULL;
    struct door door;
    if (!door_open(listen, &door, error))
        return FAULT_UNAVAILABLE;
    struct http_server *server = calloc(1, sizeof *server);
    if (!server)
        log_die("out of memory");
    server->app = *app;
    server->limits = *limits;
    server->door = door;
    server->is_tls = listen->tls_cert_pem != NULL;
    server->spreads = !server->is_tls && spread_works();
    allow_files(limits->connections);
    MHD_set_panic_func(library_dies, NULL);
    if (start_threads(server, listen)) {
        *out = server;
        return OK;
    }
    close(door.fd);
    *error = server->is_tls ? "the TLS certificate and key cannot be used"
                            : "the HTTP library cannot start its threads";
    free(server);
    return FAULT_UNAVAILABLE;
}

int http_server_port(const struct http_server *server)
{
    return server->door.port;
}

struct http_counts http_server_counts(const struct http_server *server)
{
    return (struct http_counts){ .connections = atomic_load(&server->connections),
                                 .requests = atomic_load(&server->answered),
                                 .bodies_bytes = atomic_load(&server->bodies) };
}

/* ---- stopping ---- */

static void rest(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = GRACE_STEP_MS * 1000000L }, NULL);
}

/* Sleepers are always woken by whoever has their work, late or not; the library must not be
 * stopped with one suspended, nor while somebody is still inside a wake. */
static void await_sleepers(struct http_server *server)
{
    if (atomic_load(&server->asleep))
        log_say(LOG_WARN, "http: stopping, but %d requests still wait for the store",
                atomic_load(&server->asleep));
    while (atomic_load(&server->asleep) || atomic_load(&server->waking))
        rest();
}

void http_server_stop(struct http_server **out)
{
    struct http_server *server = *out;

    if (!server)
        return;
    const int64_t until = clock_monotonic_ms() + (int64_t)server->limits.grace_s * 1000;
    atomic_store(&server->draining, true);
    door_close(server);
    do {
        watch_hang_up_idle(server);
        rest();
    } while (atomic_load(&server->in_flight) && clock_monotonic_ms() < until);
    atomic_store(&server->closed, true);
    await_sleepers(server);
    MHD_stop_daemon(server->daemon);
    watch_stop(server);
    free(server);
    *out = NULL;
}
