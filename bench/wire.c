#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_ROOM = 128 * 1024 };

double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void give_up(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

void *grab(size_t n)
{
    void *p = malloc(n);
    if (!p)
        give_up("out of memory");
    return p;
}

double read_number(const char *text)
{
    char        *end;
    const double value = strtod(text, &end);
    if (end == text || *end)
        give_up("not a number: %s", text);
    return value;
}

char *read_whole(const char *path, size_t *n)
{
    FILE *file = fopen(path, "re");
    if (!file)
        give_up("%s: %s", path, strerror(errno));
    size_t room = 4096, have = 0, got;
    char  *all = grab(room + 1);
    while ((got = fread(all + have, 1, room - have, file)) > 0) {
        have += got;
        if (have == room && !(all = realloc(all, (room *= 2) + 1)))
            give_up("out of memory");
    }
    fclose(file);
    all[have] = '\0';
    if (n)
        *n = have;
    return all;
}

void wire_open(struct wire *wire, int port)
{
    const struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    const int one = 1;
    *wire = (struct wire){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .body_n = -1 };
    if (wire->fd < 0 || connect(wire->fd, (const struct sockaddr *)&to, sizeof to))
        give_up("cannot connect to port %d: %s", port, strerror(errno));
    setsockopt(wire->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    wire->in_room = FIRST_ROOM;
    wire->in = grab(wire->in_room + 1);
}

void wire_close(struct wire *wire)
{
    close(wire->fd);
    free(wire->in);
}

void wire_send(struct wire *wire, const void *bytes, size_t n)
{
    const char *p = bytes;
    wire->in_n = wire->head_n = 0;
    wire->body_n = -1;
    while (n) {
        const ssize_t sent = send(wire->fd, p, n, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            give_up("the server closed the connection: %s", strerror(errno));
        if (sent > 0) {
            p += sent;
            n -= (size_t)sent;
        }
    }
}

/* Only what matters here: the status and the body's length. */
static void read_head(struct wire *wire)
{
    wire->in[wire->in_n] = '\0';
    const char *end = strstr(wire->in, "\r\n\r\n");
    if (!end)
        return;
    wire->head_n = (size_t)(end - wire->in) + 4;
    wire->status = atoi(wire->in + 9);
    wire->body_n = 0;
    if (wire->status == 204 || wire->status == 304)
        return;
    for (const char *line = strstr(wire->in, "\r\n"); line && line < end; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, "Content-Length:", 15) == 0) {
            wire->body_n = atoll(line + 17);
            return;
        }
    }
    give_up("a reply without Content-Length:\n%.*s", (int)wire->head_n, wire->in);
}

static void make_room(struct wire *wire)
{
    const size_t need = wire->body_n < 0 ? wire->in_n + 1 : wire->head_n + (size_t)wire->body_n;
    while (wire->in_room < need)
        if (!(wire->in = realloc(wire->in, (wire->in_room *= 2) + 1)))
            give_up("out of memory");
}

bool wire_read(struct wire *wire)
{
    for (;;) {
        if (wire->body_n >= 0 && wire->in_n >= wire->head_n + (size_t)wire->body_n) {
            wire->in[wire->in_n] = '\0';
            return true;
        }
        make_room(wire);
        const ssize_t got = recv(wire->fd, wire->in + wire->in_n, wire->in_room - wire->in_n, MSG_DONTWAIT);
        if (got == 0)
            give_up("the server closed the connection within a reply");
        if (got < 0 && errno == EAGAIN)
            return false;
        if (got < 0 && errno != EINTR)
            give_up("cannot read a reply: %s", strerror(errno));
        if (got > 0) {
            wire->in_n += (size_t)got;
            if (wire->body_n < 0)
                read_head(wire);
        }
    }
}

void wire_read_whole(struct wire *wire)
{
    struct pollfd ready = { .fd = wire->fd, .events = POLLIN };
    while (!wire_read(wire))
        poll(&ready, 1, -1);
}

const char *wire_body(const struct wire *wire)
{
    return wire->in + wire->head_n;
}

char *wire_find(const struct wire *wire, const char *before)
{
    const char *at = strstr(wire_body(wire), before);
    if (!at)
        return NULL;
    at += strlen(before);
    return strndup(at, strcspn(at, "\""));
}

void wire_expect(const struct wire *wire, int status, const char *what)
{
    if (wire->status != status)
        give_up("%s: %d instead of %d:\n%.*s", what, wire->status, status, (int)wire->in_n, wire->in);
}
