#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "http/inner.h"

enum { LINGER_MS = 5000, DROP_AT_ONCE = 1 << 20, DROPS = 16 };

void linger_add(struct watch *watch, int fd)
{
    const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    bool      kept = false;

    if (copy < 0)
        return;
    shutdown(copy, SHUT_WR); /* over TLS the library ends its own layer only */
    pthread_mutex_lock(&watch->lock);
    if (watch->linger_count < LINGER_MAX && !watch->stopping) {
        watch->lingering[watch->linger_count++] =
            (struct leaving){ .fd = copy, .until = clock_monotonic_ms() + LINGER_MS };
        kept = true;
    }
    pthread_mutex_unlock(&watch->lock);
    if (kept)
        eventfd_write(watch->wake_fd, 1);
    else
        close(copy);
}

/* Drops what came. false: the peer is through, or gone. */
static bool drop(int fd)
{
    for (int i = 0; i < DROPS; i++) {
        /* MSG_TRUNC: TCP forgets the bytes without copying them. */
        const ssize_t n = recv(fd, NULL, DROP_AT_ONCE, MSG_TRUNC | MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
            return false;
        if (n < 0)
            break;
    }
    return true;
}

static void drop_what_came(struct watch *watch, int64_t now)
{
    pthread_mutex_lock(&watch->lock);
    for (int i = 0; i < watch->linger_count;) {
        const struct leaving l = watch->lingering[i];
        if (now < l.until && drop(l.fd)) {
            i++;
            continue;
        }
        close(l.fd);
        watch->lingering[i] = watch->lingering[--watch->linger_count];
    }
    pthread_mutex_unlock(&watch->lock);
}

void linger_wait(struct watch *watch, int ms)
{
    struct pollfd fds[LINGER_MAX + 1];
    nfds_t        n = 0;
    eventfd_t     ignored;

    fds[n++] = (struct pollfd){ .fd = watch->wake_fd, .events = POLLIN };
    pthread_mutex_lock(&watch->lock);
    for (int i = 0; i < watch->linger_count; i++)
        fds[n++] = (struct pollfd){ .fd = watch->lingering[i].fd, .events = POLLIN };
    pthread_mutex_unlock(&watch->lock);
    if (poll(fds, n, ms) > 0 && fds[0].revents)
        eventfd_read(watch->wake_fd, &ignored);
    if (n > 1)
        drop_what_came(watch, clock_monotonic_ms());
}

void linger_done(struct watch *watch)
{
    for (int i = 0; i < watch->linger_count; i++)
        close(watch->lingering[i].fd);
    watch->linger_count = 0;
}
