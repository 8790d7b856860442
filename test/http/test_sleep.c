#include "test.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "live.h"

static void start(int threads)
{
    struct http_limits limits = live_limits();
    limits.threads = threads;
    live_start(&limits);
}

static void expect(struct wire *wire, const char *request, int status, const char *body)
{
    wire_say(wire, request);
    struct reply reply = wire_reply(wire, false);
    CHECK_CASE(request, reply_is(&reply, status, body));
    reply_done(&reply);
}

TEST(http_sleep, is_ended_by_another_thread)
{
    for (int threads = 1; threads <= 3; threads++) {
        start(threads);
        struct wire wire = wire_open();
        for (int i = 0; i < 200; i++)
            expect(&wire, "POST /sleep HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab", 200, "hello");
        expect(&wire, "GET /sleep?20 HTTP/1.1\r\nHost: a\r\n\r\n", 200, "hello");
        expect(&wire, "GET /twice?1 HTTP/1.1\r\nHost: a\r\n\r\n", 200, "hello");
        expect(&wire, "GET /twice HTTP/1.1\r\nHost: a\r\n\r\n", 200, "hello");
        wire_close(&wire);
        live_stop();
    }
}

TEST(http_sleep, may_be_ended_before_it_begins)
{
    start(2);
    struct wire wire = wire_open();
    for (int i = 0; i < 50; i++)
        expect(&wire, "GET /early HTTP/1.1\r\nHost: a\r\n\r\n", 200, "hello");
    wire_close(&wire);
    live_stop();
}

TEST(http_sleep, holds_a_thousand_requests)
{
    enum { WIRES = 1000, ROUNDS = 3 };
    static struct wire wires[WIRES];
    start(2);
    for (int i = 0; i < WIRES; i++)
        wires[i] = wire_open();
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < WIRES; i++)
            wire_say(&wires[i], i % 3 ? "GET /sleep?1 HTTP/1.1\r\nHost: a\r\n\r\n" : "GET /twice HTTP/1.1\r\nHost: a\r\n\r\n");
        for (int i = 0; i < WIRES; i++)
            expect(&wires[i], "", 200, "hello");
    }
    CHECK(live.heads == WIRES * ROUNDS && live_reaches(&live.overs, WIRES * ROUNDS));
    for (int i = 0; i < WIRES; i++)
        wire_close(&wires[i]);
    live_stop();
}

/* The peer goes while the request sleeps, orderly or with a reset: the end comes after the wake. */
TEST(http_sleep, outlasts_a_peer_that_disappears)
{
    start(2);
    for (int i = 0; i < 40; i++) {
        struct wire wire = wire_open();
        wire_say(&wire, "GET /sleep?50 HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK(live_reaches(&live.heads, i + 1));
        if (i % 2) {
            const struct linger at_once = { .l_onoff = 1 };
            setsockopt(wire.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        }
        if (i < 4)
            CHECK(live_reaches(&live.sleeping, 1) && live.overs == i);
        wire_close(&wire);
        if (i < 4)
            CHECK(live_reaches(&live.overs, i + 1) && live.sleeping == 0);
    }
    CHECK(live_reaches(&live.overs, 40) && live.sleeping == 0);
    CHECK(wire_status(S("GET /plain HTTP/1.1\r\nHost: a\r\n\r\n")) == 200);
    live_stop();
}

TEST(http_sleep, lets_pipelined_requests_wait_their_turn)
{
    start(2);
    struct wire wire = wire_open();
    for (int i = 0; i < 10; i++)
        wire_say(&wire, "GET /sleep?5 HTTP/1.1\r\nHost: a\r\n\r\nGET /target?x HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int i = 0; i < 10; i++) {
        expect(&wire, "", 200, "hello");
        expect(&wire, "", 200, "/target|x|127.0.0.1");
    }
    wire_close(&wire);
    live_stop();
}

/* A sleep is no silence of the peer: the idle timeout does not count it. */
TEST(http_sleep, is_not_an_idle_connection)
{
    struct http_limits limits = live_limits();
    limits.idle_timeout_s = 1;
    live_start(&limits);
    struct wire wire = wire_open();
    expect(&wire, "GET /sleep?2500 HTTP/1.1\r\nHost: a\r\n\r\n", 200, "hello");
    CHECK(!wire_ends(&wire, 300));
    CHECK(wire_ends(&wire, 3000));
    wire_close(&wire);
    live_stop();
}

TEST_MAIN
