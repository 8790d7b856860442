/* The raw sockets of live.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "live.h"

enum { PATIENCE_MS = 10000 };

struct wire wire_open(void)
{
    const struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)live.port),
                                    .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct wire wire = { .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
    if (connect(wire.fd, (const struct sockaddr *)&at, sizeof at))
        log_die("cannot connect");
    return wire;
}

void wire_close(struct wire *wire)
{
    close(wire->fd);
    free(wire->got);
    *wire = (struct wire){ .fd = -1 };
}

bool wire_send(struct wire *wire, str bytes)
{
    while (bytes.n) {
        const ssize_t n = send(wire->fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (n < 0)
            return false;
        bytes = str_from(bytes, (size_t)n);
    }
    return true;
}

void wire_say(struct wire *wire, const char *text)
{
    wire_send(wire, str_of(text));
}

/* Reads what comes within `ms`; false when nothing did. */
static bool wire_read(struct wire *wire, int ms)
{
    struct pollfd p = { .fd = wire->fd, .events = POLLIN };
    if (wire->ended || poll(&p, 1, ms) <= 0)
        return false;
    if (wire->room - wire->n < 65536) {
        wire->room = wire->room * 2 + 131072;
        wire->got = realloc(wire->got, wire->room);
    }
    const ssize_t n = recv(wire->fd, wire->got + wire->n, wire->room - wire->n - 1, 0);
    if (n <= 0) {
        wire->ended = true;
        wire->was_reset = n < 0;
        return false;
    }
    wire->n += (size_t)n;
    wire->got[wire->n] = '\0';
    return true;
}

static void wire_take(struct wire *wire, size_t n)
{
    memmove(wire->got, wire->got + n, wire->n - n + 1);
    wire->n -= n;
}

struct reply wire_reply(struct wire *wire, bool without_body)
{
    struct reply reply = { 0 };
    char        *end;
    while (!wire->n || !(end = strstr(wire->got, "\r\n\r\n")))
        if (!wire_read(wire, PATIENCE_MS))
            return reply;
    const size_t head_n = (size_t)(end - wire->got) + 4;
    reply.head = strndup(wire->got, head_n);
    reply.status = atoi(reply.head + 9);
    wire_take(wire, head_n);
    const char *length = strcasestr(reply.head, "\r\nContent-Length: ");
    if (length && !without_body && reply.status != 304)
        reply.body_n = strtoull(length + 18, NULL, 10);
    while (wire->n < reply.body_n)
        if (!wire_read(wire, PATIENCE_MS)) {
            reply.status = 0; /* cut off */
            return reply;
        }
    reply.body = malloc(reply.body_n + 1);
    if (reply.body_n)
        memcpy(reply.body, wire->got, reply.body_n);
    reply.body[reply.body_n] = '\0';
    if (reply.body_n)
        wire_take(wire, reply.body_n);
    return reply;
}

void reply_done(struct reply *reply)
{
    free(reply->head);
    free(reply->body);
    *reply = (struct reply){ 0 };
}

bool reply_is(const struct reply *reply, int status, const char *body)
{
    if (reply->status == status && (!body || (reply->body && strcmp(reply->body, body) == 0)))
        return true;
    fprintf(stderr, "got %d: %.200s\n", reply->status, reply->body ? reply->body : "(nothing)");
    return false;
}

int wire_status(str request)
{
    struct wire wire = wire_open();
    wire_send(&wire, request);
    struct reply reply = wire_reply(&wire, false);
    const int    status = reply.status;
    reply_done(&reply);
    wire_close(&wire);
    return status;
}

bool wire_ends(struct wire *wire, int ms)
{
    const int64_t until = clock_monotonic_ms() + ms;
    while (!wire->ended && clock_monotonic_ms() < until)
        wire_read(wire, 50);
    return wire->ended;
}

bool live_reaches(const atomic_int *counter, int value)
{
    for (int i = 0; i < 5000 && atomic_load(counter) != value; i++)
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    return atomic_load(counter) == value;
}
