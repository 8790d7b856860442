/* bench/wire.h: a connection of the load generator: whole requests out, whole replies in, HTTP/1.1 on
 * loopback. It reads no more of a reply than it must: a client that works hard is measured along. */
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire {
    int     fd;
    char   *in; /* the reply: head, then body */
    size_t  in_n, in_room, head_n;
    int64_t body_n; /* as announced; -1 while the head is not in */
    int     status;
};

/* Connects to 127.0.0.1. Ends the program when it cannot. */
void wire_open(struct wire *wire, int port);
void wire_close(struct wire *wire);

/* Sends all of it and forgets the reply before. */
void wire_send(struct wire *wire, const void *bytes, size_t n);

/* Reads what is there. true: the reply is whole. Ends the program when the peer has gone away. */
bool wire_read(struct wire *wire);
void wire_read_whole(struct wire *wire);

/* The reply's body, valid until the next send. */
const char *wire_body(const struct wire *wire);

/* The text between `before` and the next '"' of the body, as a copy to be freed; NULL when not there. */
char *wire_find(const struct wire *wire, const char *before);

/* Ends the program, showing the reply, when it has another status. */
void wire_expect(const struct wire *wire, int status, const char *what);

/* Seconds that only go forward. */
double seconds_now(void);

_Noreturn void give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A number from the command line. Ends the program when it is none. */
double read_number(const char *text);

/* All of a file, ended by NUL, to be freed; `n` may be NULL. */
char *read_whole(const char *path, size_t *n);

void *grab(size_t n); /* malloc that does not fail */

#endif
