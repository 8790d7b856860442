/* What a call for a descriptor that stands for a body must keep to, since the library believes it has spoken to
 * the system: fewer bytes than it asked for mean that the socket is full and that the kernel will tell when it
 * no longer is. So one call goes on from file to file, and from where a file ended too early to the error; and
 * where the source fails, nothing but an error will do. More bytes than it asked for are fine while some are
 * left: it counts what was sent, and its last step must be its own, for after that it has the socket pushed. */
#include "http/spread.h"

#include <dlfcn.h>
#include <errno.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"

enum {
    DESCRIPTORS = 65536,           /* higher ones are not used for this */
    READ_ROOM = 16 * 1024,         /* of bytes that lie in no file */
    SPREAD_STEP = 2 * 1024 * 1024, /* in one call; then others of the loop have their turn */
};

/* By descriptor. Global, as the function that the library calls has nothing of ours among its arguments. */
static _Atomic(struct http_request *) spread_over[DESCRIPTORS];

/* The system's own call, without its library. */
static ssize_t send_file(int to, int from, off64_t *offset, size_t n)
{
#ifdef SYS_sendfile64
    return syscall(SYS_sendfile64, to, from, offset, n);
#else
    return syscall(SYS_sendfile, to, from, offset, n);
#endif
}

bool spread_works(void)
{
    void *const found = dlsym(RTLD_DEFAULT, "sendfile64");
    return found == (void *)(uintptr_t)sendfile64;
}

int spread_begin(struct http_request *r, uint64_t size)
{
    const int fd = eventfd(0, EFD_CLOEXEC);
    if (fd >= DESCRIPTORS) {
        close(fd);
        return -1;
    }
    if (fd >= 0) {
        atomic_store(&spread_over[fd], r);
        r->spread_fd = fd;
        r->spread_size = size;
    }
    return fd;
}

void spread_end(struct http_request *r)
{
    struct http_request *was = r;
    if (r->spread_fd > 0) /* the number may be another's already */
        atomic_compare_exchange_strong(&spread_over[r->spread_fd], &was, NULL);
    r->spread_fd = 0;
}

/* The request that `from` stands for and `to` is the socket of. */
static struct http_request *behind(int to, int from)
{
    struct http_request *r = from >= 0 && from < DESCRIPTORS ? atomic_load(&spread_over[from]) : NULL;
    return r && r->conn->fd == to ? r : NULL;
}

/* For the library: the connection is to be closed. */
static ssize_t broken(void)
{
    errno = EBADF;
    return -1;
}

/* Nobody above hears of it otherwise. */
static ssize_t unreadable(void)
{
    log_say(LOG_ERROR, "http: a body breaks off: a file of it is shorter than it was, or the disk failed");
    return broken();
}

/* *n becomes what the source gave. */
static ssize_t send_read(struct http_request *r, uint64_t at, size_t *n)
{
    char          bytes[READ_ROOM];
    const int64_t got = r->source.read(r->source.arg, at, bytes, *n < sizeof bytes ? *n : sizeof bytes);
    if (got <= 0 || (uint64_t)got > sizeof bytes)
        return broken();
    *n = (size_t)got;
    return send(r->conn->fd, bytes, *n, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Sends at most *n bytes, from one place. *n becomes what was tried. Less sent is a full socket, or a file that
 * ended or failed there: the next try tells. */
static ssize_t send_run(struct http_request *r, uint64_t at, size_t *n)
{
    uint64_t  offset = 0, length = 0;
    const int fd = r->source.file_at(r->source.arg, at, &offset, &length);
    if (!fd)
        return send_read(r, at, n);
    if (fd < 0 || !length)
        return broken();
    off64_t from = (off64_t)offset;
    *n = *n < length ? *n : (size_t)length;
    const ssize_t sent = send_file(r->conn->fd, fd, &from, *n);
    return sent == 0 || (sent < 0 && errno == EIO) ? unreadable() : sent;
}

/* How many bytes to send where `asked` are wanted. */
static size_t step(const struct http_request *r, uint64_t at, size_t asked)
{
    const uint64_t before_last = r->spread_size - at - asked; /* what may go now, and leave a last step */
    const uint64_t most = before_last < SPREAD_STEP ? before_last : SPREAD_STEP;
    return most > asked ? (size_t)most : asked;
}

static ssize_t send_spread(struct http_request *r, uint64_t at, size_t asked)
{
    const size_t n = step(r, at, asked);
    size_t done = 0, tried = 0;
    for (ssize_t sent = 0; done < n && ((size_t)sent == tried || done < asked); done += (size_t)sent) {
        do {
            tried = n - done;
            sent = send_run(r, r->source_offset + at + done, &tried);
        } while (sent < 0 && errno == EINTR);
        if (sent < 0 && errno != EAGAIN)
            return broken();
        if (sent < 0)
            return done ? (ssize_t)done : -1;
    }
    return (ssize_t)done;
}

__attribute__((used, visibility("default"))) ssize_t sendfile64(int to, int from, off64_t *offset, size_t n)
{
    struct http_request *r = offset ? behind(to, from) : NULL;
    return r ? send_spread(r, (uint64_t)*offset, n) : send_file(to, from, offset, n);
}
