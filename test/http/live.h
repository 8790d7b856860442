/* live.h: a small application behind a real server, and raw sockets to talk to it.
 *
 *     /plain          "hello"                     /echo        the body, at most ECHO_MAX bytes
 *     /target         path|query|peer             /headers     name=value; of every header
 *     /sink           counts the body's bytes     /full        refuses the body after FULL_AT bytes
 *     /mute           refuses it so, with 200 KB  /refused     403 from the head
 *     /sleep?MS       woken by another thread     /early       woken before it sleeps
 *     /twice          sleeps twice                /file?O-N    N bytes of FILE from O
 *     /source?O-N     the same from a source      /break       a source that fails half way
 *     /status?N       status N, body "x"          /nothing     the application does nothing
 *     /spread?O-N     the same from several files  /spread-break, /spread-short   which fail half way
 *     /cut?N          a file of which N bytes are left when it is sent
 *     /breaks         header values with breaks   /short       more of the file than there is */
#ifndef TEST_HTTP_LIVE_H
#define TEST_HTTP_LIVE_H

#include <stdatomic.h>

#include "http/http.h"

enum { ECHO_MAX = 100000, FULL_AT = 50000, FILE_SIZE = 3000000, PIECE_SIZE = 70001 };

struct live {
    struct http_server *server;
    int                 port;
    atomic_int          heads, overs, too_large, opened, closed, sleeping, runs, reads;
};
extern struct live live;

/* Few threads, short times; *limits may be changed before live_start. */
struct http_limits live_limits(void);
void live_start(const struct http_limits *limits);
void live_stop(void);

/* The byte at `at` of FILE and of sources. */
char live_byte(uint64_t at);

/* A connection: what was read and not yet taken. */
struct wire {
    int    fd;
    char  *got;
    size_t n, room;
    bool   ended; /* the peer closed, orderly or not */
    bool   was_reset;
};

struct wire wire_open(void);
void        wire_close(struct wire *wire);
/* false: the connection is gone before all was sent. */
bool        wire_send(struct wire *wire, str bytes);
void        wire_say(struct wire *wire, const char *text);

struct reply {
    int   status; /* 0: the connection ended before an answer */
    char *head, *body;
    size_t body_n;
};

/* Reads one answer by its Content-Length; without_body after HEAD. Free with reply_done. */
struct reply wire_reply(struct wire *wire, bool without_body);
void         reply_done(struct reply *reply);
bool         reply_is(const struct reply *reply, int status, const char *body);

/* One request on its own connection, the answer's status; 0 when there is none. */
int wire_status(str request);

/* Waits until the peer closes; whether it does within `ms`. */
bool wire_ends(struct wire *wire, int ms);

/* Waits until *counter is `value`, five seconds at most. */
bool live_reaches(const atomic_int *counter, int value);

#endif
