/* The door: one thread accepts, and deals the connections out to the event loops.
 *
 * Were they to accept for themselves, the one that is awake would take a whole burst: seen were sixteen clients on
 * one of two loops, and the other idle for as long as they stayed. The library deals by the descriptor's number,
 * which for a burst is in turn. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "http/inner.h"

enum { BACKLOG = 1024, REST_MS = 5 };

/* ---- opening ---- */

/* -1 with errno. */
static int listen_at(const struct sockaddr *address, socklen_t size)
{
    static const struct in6_addr any = IN6ADDR_ANY_INIT;
    const int yes = 1, no = 0;
    const int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (address->sa_family == AF_INET6) { /* "::" is every address, IPv4's too */
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
        const bool                 is_any = memcmp(&six->sin6_addr, &any, sizeof any) == 0;
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, is_any ? &no : &yes, sizeof no);
    }
    if (bind(fd, address, size) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    const int failed = errno;
    close(fd);
    errno = failed;
    return -1;
}

/* -1: *error says why. */
static int open_at(const struct http_listen *listen, const char **error)
{
    struct sockaddr_in  four = { .sin_family = AF_INET, .sin_port = htons((uint16_t)listen->port) };
    struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)listen->port) };
    int                 fd = -1;

    if (listen->port < 0 || listen->port > UINT16_MAX)
        *error = "the port to listen on is not one";
    else if (inet_pton(AF_INET, listen->address, &four.sin_addr) == 1)
        fd = listen_at((const struct sockaddr *)&four, sizeof four);
    else if (inet_pton(AF_INET6, listen->address, &six.sin6_addr) == 1)
        fd = listen_at((const struct sockaddr *)&six, sizeof six);
    else
        *error = "the address to listen on is not numeric";
    if (fd < 0 && !*error)
        *error = strerrordesc_np(errno);
    return fd;
}

static int port_of(int fd)
{
    struct sockaddr_storage at;
    socklen_t               n = sizeof at;

    if (getsockname(fd, (struct sockaddr *)&at, &n))
        return 0;
    return ntohs(at.ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)(const void *)&at)->sin6_port
                                          : ((const struct sockaddr_in *)(const void *)&at)->sin_port);
}

bool door_open(const struct http_listen *listen, struct door *out, const char **error)
{
    const int fd = open_at(listen, error);
    if (fd < 0)
        return false;
    *out = (struct door){ .fd = fd, .port = port_of(fd) };
    return true;
}

/* ---- at work ---- */

static void rest(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = REST_MS * 1000000L }, NULL);
}

/* Those above the limit stand in the backlog until somebody leaves. */
static void await_room(struct http_server *server)
{
    while (atomic_load(&server->connections) >= server->limits.connections && !atomic_load(&server->draining))
        rest();
}

/* Ends when door_close shuts the socket down. What the library does not take, it closes. */
static void *door_main(void *arg)
{
    struct http_server *server = arg;
    for (;;) {
        struct sockaddr_storage peer;
        socklen_t               n = sizeof peer;
        await_room(server);
        const int fd = accept4(server->door.fd, (struct sockaddr *)&peer, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0) {
            MHD_add_connection(server->daemon, fd, (struct sockaddr *)&peer, n);
            continue;
        }
        if (atomic_load(&server->draining) && (errno == EINVAL || errno == EBADF))
            return NULL;
        if (errno != EINTR && errno != ECONNABORTED) /* no descriptors, no memory: not at full speed again and again */
            rest();
    }
}

void door_start(struct http_server *server)
{
    if (pthread_create(&server->door.thread, NULL, door_main, server))
        log_die("cannot start a thread");
    pthread_setname_np(server->door.thread, "door");
}

void door_close(struct http_server *server)
{
    shutdown(server->door.fd, SHUT_RDWR); /* wakes the thread */
    pthread_join(server->door.thread, NULL);
    close(server->door.fd);
}
