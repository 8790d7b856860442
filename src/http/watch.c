/* Cuts connections whose request head is late, or a body that holds memory others may need; and finds those whose
 * peer has gone in the middle of a body.
 *
 * The library's own timeout looks at silence only: a peer that sends a byte now and then could
 * hold a connection for ever with half a head. The clock of a connection's first head starts when
 * it is accepted (so that it covers a TLS handshake); that of a later one when bytes have come
 * since the last answer, which the kernel's count tells, for the library does not. Bodies that stream, and
 * short ones, are not timed: a slow upload is honest work. */
#include <arpa/inet.h>
#include <linux/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/inner.h"

enum { TICK_MS = 500 };

static uint64_t bytes_received(int fd)
{
    struct tcp_info tcp = { 0 };
    socklen_t       n = sizeof tcp;

    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &tcp, &n) == 0 ? tcp.tcpi_bytes_received : 0;
}

static bool head_is_late(struct conn *c, int64_t now, int64_t limit_ms)
{
    const unsigned turn = atomic_load(&c->turn);

    if (turn % 2)
        return false;
    if (turn != c->seen_turn) { /* a request was answered since we last looked */
        c->seen_turn = turn;
        c->seen_bytes = bytes_received(c->fd);
        c->head_since = 0;
        return false;
    }
    if (!c->head_since && bytes_received(c->fd) > c->seen_bytes)
        c->head_since = now;
    return c->head_since && now - c->head_since > limit_ms;
}

static bool body_is_late(struct conn *c, int64_t now, int64_t limit_ms)
{
    const int64_t since = atomic_load(&c->claimed_since);
    return since && now - since > limit_ms;
}

static void cut(struct conn *c, const char *because)
{
    c->cut = true;
    shutdown(c->fd, SHUT_RDWR);
    log_line(LOG_DEBUG, because, LOG_PAIRS({ "peer", str_of(c->peer) }));
}

/* The library hears of each arrival once: an end that came together with bytes it does not come to see, and a body
 * that will never be whole would hold what it holds until the timeout. Closing for reading what the peer has closed
 * already takes nothing away, and makes the kernel tell again. */
static void tell_end(struct conn *c)
{
    struct pollfd peer = { .fd = c->fd, .events = POLLRDHUP };
    int           waiting = 0;

    if (!atomic_load(&c->unread) || c->end_told || poll(&peer, 1, 0) <= 0 || !(peer.revents & POLLRDHUP)
        || ioctl(c->fd, FIONREAD, &waiting) || waiting)
        return;
    c->end_told = true;
    shutdown(c->fd, SHUT_RD);
}

/* The lock keeps the socket from being closed, and its number reused, while it is shut down. */
static void look_at_all(struct http_server *server)
{
    const struct http_limits *limits = &server->limits;
    struct watch *w = &server->watch;
    const int64_t now = clock_monotonic_ms();

    pthread_mutex_lock(&w->lock);
    for (struct conn *c = w->first; c; c = c->next)
        if (!c->cut && head_is_late(c, now, (int64_t)limits->head_timeout_s * 1000))
            cut(c, "cut: the request head is late");
        else if (!c->cut && body_is_late(c, now, (int64_t)limits->body_timeout_s * 1000))
            cut(c, "cut: a long body is late");
        else if (!c->cut)
            tell_end(c);
    pthread_mutex_unlock(&w->lock);
}

/* SHUT_RD and not more: a request that is in the socket already is still read and answered. */
void watch_hang_up_idle(struct http_server *server)
{
    struct watch *w = &server->watch;

    pthread_mutex_lock(&w->lock);
    for (struct conn *c = w->first; c; c = c->next)
        if (!c->cut && atomic_load(&c->turn) % 2 == 0) {
            c->cut = true;
            shutdown(c->fd, SHUT_RD);
        }
    pthread_mutex_unlock(&w->lock);
}

static void *watch_run(void *arg)
{
    struct http_server *server = arg;
    struct watch       *w = &server->watch;
    int64_t             next = clock_monotonic_ms() + TICK_MS;

    for (;;) {
        const int64_t left = next - clock_monotonic_ms();
        linger_wait(w, left > 0 ? (int)left : 0);
        pthread_mutex_lock(&w->lock);
        const bool stopping = w->stopping;
        pthread_mutex_unlock(&w->lock);
        if (stopping)
            return NULL;
        if (clock_monotonic_ms() >= next) {
            look_at_all(server);
            next = clock_monotonic_ms() + TICK_MS;
        }
    }
}

void watch_start(struct http_server *server)
{
    struct watch *w = &server->watch;

    pthread_mutex_init(&w->lock, NULL);
    w->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (w->wake_fd < 0 || pthread_create(&w->thread, NULL, watch_run, server))
        log_die("cannot start a thread");
}

void watch_stop(struct http_server *server)
{
    struct watch *w = &server->watch;

    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_mutex_unlock(&w->lock);
    eventfd_write(w->wake_fd, 1);
    pthread_join(w->thread, NULL);
    linger_done(w);
    close(w->wake_fd);
    pthread_mutex_destroy(&w->lock);
}

static void print_peer(const struct sockaddr *address, char *out)
{
    const void *bytes = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
    int         family = AF_INET;

    if (address->sa_family == AF_INET6) {
        const struct in6_addr *six = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        const bool             mapped = IN6_IS_ADDR_V4MAPPED(six);
        bytes = mapped ? (const void *)&six->s6_addr[12] : (const void *)six;
        family = mapped ? AF_INET : AF_INET6;
    }
    if (!inet_ntop(family, bytes, out, INET6_ADDRSTRLEN))
        out[0] = '\0';
}

static void conn_open(struct http_server *server, struct MHD_Connection *mhd, void **context)
{
    struct watch                   *w = &server->watch;
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const union MHD_ConnectionInfo *fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct conn                    *c = calloc(1, sizeof *c);

    if (!c)
        log_die("out of memory");
    c->server = server;
    c->fd = fd->connect_fd;
    c->head_since = clock_monotonic_ms();
    print_peer(address->client_addr, c->peer);
    pthread_mutex_lock(&w->lock);
    c->next = w->first;
    if (c->next)
        c->next->prev = c;
    w->first = c;
    pthread_mutex_unlock(&w->lock);
    atomic_fetch_add(&server->connections, 1);
    *context = c;
}

static bool conn_has_unread(const struct conn *c)
{
    int waiting = 0;
    return atomic_load(&c->unread) || (ioctl(c->fd, FIONREAD, &waiting) == 0 && waiting > 0);
}

/* Called before the library closes the socket. */
static void conn_close(struct conn *c)
{
    struct watch *w = &c->server->watch;

    pthread_mutex_lock(&w->lock);
    if (c->prev)
        c->prev->next = c->next;
    else
        w->first = c->next;
    if (c->next)
        c->next->prev = c->prev;
    const bool cut = c->cut;
    pthread_mutex_unlock(&w->lock);
    if (!cut && conn_has_unread(c))
        linger_add(w, c->fd);
    atomic_fetch_sub(&c->server->connections, 1);
    free(c);
}

void watch_connection(void *cls, struct MHD_Connection *mhd, void **socket_context,
                      enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        conn_open(cls, mhd, socket_context);
    } else if (*socket_context) {
        conn_close(*socket_context);
        *socket_context = NULL;
    }
}
