#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "live.h"

#define ROW(text) { text, sizeof text - 1 }
#define NEXT "GET /target?smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

static void start(void)
{
    const struct http_limits limits = live_limits();
    live_start(&limits);
}

/* Sends it, sees the connection end, and gives the status of the first answer. */
static int provoke(str bytes)
{
    struct wire wire = wire_open();
    wire_send(&wire, bytes);
    struct reply reply = wire_reply(&wire, false);
    const int    status = reply.status;
    CHECK_CASE(bytes.p, wire_ends(&wire, 3000));
    CHECK_CASE(bytes.p, !wire.n || !strstr(wire.got, "smuggled"));
    reply_done(&reply);
    wire_close(&wire);
    return status;
}

/* A head that two servers may read differently reaches no application, nor does what follows it. */
TEST(http_hostile, ambiguous_heads_are_refused_and_closed)
{
    static const str heads[] = {
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +44\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4 4\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0x2C\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 44,44\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length : 44\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length\t: 44\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked \r\n\r\n0\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0B" "chunked\r\n\r\n0\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n" NEXT),
        ROW("POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.1\r\nHost: a\r\nX: y\r\n folded\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.1\r\nHost: a\r\nX: y\r\n\tContent-Length: 44\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.1\r\nHost: a\r\nX: y\nContent-Length: 44\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.1\nHost: a\n\n" NEXT),
        ROW("GET /plain HTTP/1.1\r\nHost: a\r\nX: y\rContent-Length: 44\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.1\r\nHost: a\r\nX: y\0\0Content-Length: 44\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.1\r\nHost: a\r\n\0\r\n" NEXT),
        ROW("GET /plain HTTP/1.1\r\nHost: a\r\n\0X: y\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.1\r\nHost: a\r\nX\0: y\r\n\r\n" NEXT),
        ROW("GET /pl\0ain HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
        ROW("GET /plain\0 HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
        ROW("GET /plain\x01 HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
        ROW("GET /pl ain HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
        ROW("GET  /plain HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.1 \r\nHost: a\r\n\r\n" NEXT),
        ROW("GET\t/plain HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
        ROW("GET http://a/plain HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
        ROW("GET * HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.1\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.1\r\nHost:\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.2\r\nHost: a\r\n\r\n" NEXT),
        ROW("GET /plain\r\nHost: a\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.1\r\n Host: a\r\n\r\n" NEXT),
        ROW("GET /plain HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n" NEXT),
    };
    start();
    for (size_t i = 0; i < COUNT(heads); i++)
        CHECK_CASE(heads[i].p, provoke(heads[i]) == 400 && live.heads == 0);
    CHECK(provoke((str)ROW("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551660\r\n\r\n" NEXT)) == 413);
    CHECK(provoke((str)ROW("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n" NEXT)) == 400);
    CHECK(provoke((str)ROW("GET /plain HTTP/2.0\r\nHost: a\r\n\r\n" NEXT)) == 505);
    CHECK(live.heads == 0);
    live_stop();
}

/* The head is known when the chunks turn out bad; what follows them is not read as a request. */
TEST(http_hostile, bad_chunks_end_the_connection)
{
#define CHUNKS "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    static const str requests[] = {
        ROW(CHUNKS "zz\r\n" NEXT),          ROW(CHUNKS "-1\r\nx\r\n" NEXT),
        ROW(CHUNKS "0x1\r\nx\r\n" NEXT),    ROW(CHUNKS " 1\r\nx\r\n" NEXT),
        ROW(CHUNKS "+1\r\nx\r\n" NEXT),     ROW(CHUNKS "\r\n\r\n" NEXT),
        ROW(CHUNKS "1 \r\nx\r\n" NEXT),     ROW(CHUNKS "1\r\nxy\r\n0\r\n\r\n" NEXT),
        ROW(CHUNKS ";ext\r\n0\r\n\r\n" NEXT), ROW(CHUNKS "10000000000000000\r\nx" NEXT),
        ROW(CHUNKS "ffffffffffffffff1\r\nx" NEXT),
    };
    start();
    for (size_t i = 0; i < COUNT(requests); i++) {
        const int status = provoke(requests[i]);
        CHECK_CASE(requests[i].p, status == 400 || status == 413);
        CHECK_CASE(requests[i].p, live.heads == (int)i + 1);
    }
    live_stop();
}

/* The library takes a bare LF between chunks; a proxy may not. So nothing is read after them. */
TEST(http_hostile, nothing_is_read_after_chunks)
{
    static const str requests[] = {
        ROW(CHUNKS "1\nx\r\n0\r\n\r\n" NEXT),
        ROW(CHUNKS "1;a\nx\r\n0\r\n\r\n" NEXT),
        ROW(CHUNKS "1\r\nx\n0\r\n\r\n" NEXT),
        ROW(CHUNKS "1\r\nx\r\n0\n\n" NEXT),
        ROW(CHUNKS "1\r\nx\r\n0\r\nContent-Length: 9\r\n\r\n" NEXT),
        ROW(CHUNKS "1\r\nx\r\n0\r\n\r\n" NEXT),
    };
    start();
    for (size_t i = 0; i < COUNT(requests); i++) {
        CHECK_CASE(requests[i].p, provoke(requests[i]) == 200);
        CHECK_CASE(requests[i].p, live.heads == (int)i + 1);
    }
    live_stop();
}

/* ---- late heads ---- */

/* A byte every 100 ms: never silent, never done. */
static bool is_cut_while_dribbling(struct wire *wire, const char *bytes, int ms)
{
    const int64_t until = clock_monotonic_ms() + ms;
    for (size_t i = 0; clock_monotonic_ms() < until; i++) {
        if (!wire_send(wire, (str){ bytes + i % strlen(bytes), 1 }) || wire_ends(wire, 100))
            return true;
    }
    return false;
}

TEST(http_hostile, a_late_head_is_cut)
{
    start();
    struct wire silent = wire_open(), first = wire_open(), later = wire_open();
    wire_say(&later, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    struct reply reply = wire_reply(&later, false);
    CHECK(reply.status == 200);
    reply_done(&reply);
    wire_say(&first, "GET /plain HTTP/1.1\r\n");
    CHECK(is_cut_while_dribbling(&first, "X-A: b\r\n", 4000));
    CHECK(wire_ends(&silent, 1000));
    usleep(1200000); /* between requests a peer may be silent for longer than a head may take */
    wire_say(&later, "GET /plain HTTP/1.1\r\n");
    CHECK(is_cut_while_dribbling(&later, "X-A: b\r\n", 4000));
    CHECK(live.heads == 1);
    wire_close(&silent), wire_close(&first), wire_close(&later);
    live_stop();
}

TEST(http_hostile, an_idle_connection_outlasts_the_head_timeout)
{
    start();
    struct wire wire = wire_open();
    for (int i = 0; i < 2; i++) {
        wire_say(&wire, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
        struct reply reply = wire_reply(&wire, false);
        CHECK(reply.status == 200);
        reply_done(&reply);
        CHECK(!wire_ends(&wire, 2500));
    }
    wire_close(&wire);
    live_stop();
}

TEST(http_hostile, a_slow_body_is_not_cut)
{
    start();
    struct wire wire = wire_open();
    wire_say(&wire, "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\n");
    for (int i = 0; i < 30; i++) {
        CHECK(wire_send(&wire, S("x")));
        usleep(100000);
    }
    struct reply reply = wire_reply(&wire, false);
    CHECK(reply_is(&reply, 200, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"));
    reply_done(&reply);
    wire_close(&wire);
    live_stop();
}

TEST(http_hostile, a_long_body_that_never_ends_is_cut_and_leaves_its_room_to_others)
{
    static const char  zeros[20000];
    struct http_limits limits = live_limits();
    limits.body_timeout_s = 1;
    limits.bodies_bytes = 16 * 1024; /* room for one such body */
    live_start(&limits);
    struct wire wire = wire_open();
    wire_say(&wire, "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n");
    CHECK(wire_send(&wire, (str){ zeros, sizeof zeros }));
    CHECK(is_cut_while_dribbling(&wire, "x", 10000));
    CHECK(live_reaches(&live.overs, 1));
    wire_close(&wire);
    wire = wire_open();
    wire_say(&wire, "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n");
    CHECK(wire_send(&wire, (str){ zeros, sizeof zeros }));
    struct reply reply = wire_reply(&wire, false);
    CHECK(reply.status == 200 && reply.body_n == sizeof zeros);
    reply_done(&reply);
    wire_close(&wire);
    live_stop();
}

/* ---- heads that want much memory ---- */

static double processor_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* `before`, then `part` so often that `size` bytes are full, then `after`; kept open. */
static struct wire wire_bomb(const char *before, const char *part, size_t size, const char *after)
{
    AUTO(text_done) struct text head = { 0 };
    struct wire wire = wire_open();
    text_add(&head, str_of(before));
    while (head.n + strlen(part) <= size)
        text_add(&head, str_of(part));
    text_add(&head, str_of(after));
    wire_send(&wire, text_str(&head));
    return wire;
}

TEST(http_hostile, large_heads_neither_pass_nor_keep_a_loop_busy)
{
    static const struct {
        const char *before, *part, *after;
    } bombs[] = {
        { "GET /plain?", "a&", " HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "GET /plain?", "a=b&", " HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "GET /plain?", "xxxxxxxxxxxxxxxx", "" },
        { "GET /plain HTTP/1.1\r\nHost: a\r\nCookie: ", "a;", "\r\n\r\n" },
        { "GET /plain HTTP/1.1\r\nHost: a\r\n", "a:b\r\n", "\r\n" },
        { "GET /plain HTTP/1.1\r\nHost: a\r\n", "a:\r\n", "" },
        { "GET /plain HTTP/1.1\r\nHost: a\r\nX: ", "xxxxxxxxxxxxxxxx", "" },
        { "", "\r\n", "" },
        { "", "x", "" },
    };
    struct wire wires[COUNT(bombs)];
    start();
    for (size_t size = 12 * 1024; size <= 80 * 1024; size += 17 * 1024) {
        for (size_t i = 0; i < COUNT(bombs); i++)
            wires[i] = wire_bomb(bombs[i].before, bombs[i].part, size, bombs[i].after);
        usleep(100000);
        const double before = processor_ms();
        usleep(400000);
        CHECK(processor_ms() - before < 150);
        for (size_t i = 0; i < COUNT(bombs); i++) {
            if (size > 64 * 1024 && bombs[i].after[0]) {
                struct reply reply = wire_reply(&wires[i], false);
                CHECK_CASE(bombs[i].before, reply.status >= 400 && reply.status < 500);
                reply_done(&reply);
            }
            wire_close(&wires[i]);
        }
    }
    CHECK(wire_status(S("GET /plain HTTP/1.1\r\nHost: a\r\n\r\n")) == 200);
    live_stop();
}

/* Every size up to the limit passes whole, wherever the library's buffer has to grow. */
TEST(http_hostile, heads_pass_up_to_the_limit_and_not_beyond)
{
    const size_t limit = live_limits().head_bytes;
    const char   before[] = "GET /plain HTTP/1.1\r\nHost: a\r\nX: ";
    char        *head = malloc(limit * 2);
    start();
    for (size_t size = 64; size <= limit + 300; size += size < limit - 40 || size > limit + 40 ? 257 : 1) {
        memset(head, 'x', size);
        memcpy(head, before, sizeof before - 1);
        memcpy(head + size - 4, "\r\n\r\n", 4);
        CHECK_CASE("size", wire_status((str){ head, size }) == (size <= limit ? 200 : 431));
    }
    free(head);
    live_stop();
}

TEST(http_hostile, heads_may_come_byte_by_byte)
{
    const char  request[] = "GET /target?a=b HTTP/1.1\r\nHost: a\r\nX: y\r\nCookie: c=d\r\n\r\n";
    struct wire wire;
    start();
    wire = wire_open();
    for (const char *c = request; *c; c++) {
        wire_send(&wire, (str){ c, 1 });
        usleep(200);
    }
    struct reply reply = wire_reply(&wire, false);
    CHECK(reply_is(&reply, 200, "/target|a=b|127.0.0.1"));
    reply_done(&reply);
    wire_close(&wire);
    live_stop();
}

TEST(http_hostile, connections_of_one_peer_are_limited)
{
    struct http_limits limits = live_limits();
    limits.connections_per_peer = 3;
    live_start(&limits);
    struct wire wires[5];
    for (size_t i = 0; i < COUNT(wires); i++) {
        wires[i] = wire_open();
        wire_say(&wires[i], "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
        struct reply reply = wire_reply(&wires[i], false);
        CHECK(reply.status == (i < 3 ? 200 : 0));
        reply_done(&reply);
    }
    for (size_t i = 0; i < COUNT(wires); i++)
        wire_close(&wires[i]);
    live_stop();
}

TEST_MAIN
