#include "test.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "live.h"

static void *stop(void *arg)
{
    int64_t      *took = arg;
    const int64_t began = clock_monotonic_ms();
    live_stop();
    *took = clock_monotonic_ms() - began;
    return NULL;
}

static void start(unsigned grace_s)
{
    struct http_limits limits = live_limits();
    limits.grace_s = grace_s;
    live_start(&limits);
}

TEST(http_stop, finishes_what_is_in_flight)
{
    pthread_t thread;
    int64_t   took = 0;
    start(5);
    struct wire sleeper = wire_open(), sender = wire_open(), idle = wire_open();
    wire_say(&idle, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    struct reply reply = wire_reply(&idle, false);
    reply_done(&reply);
    wire_say(&sleeper, "GET /sleep?300 HTTP/1.1\r\nHost: a\r\n\r\n");
    wire_say(&sender, "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
    CHECK(live_reaches(&live.heads, 3));
    pthread_create(&thread, NULL, stop, &took);
    CHECK(wire_ends(&idle, 1000)); /* waits for nothing of ours */
    wire_say(&sender, "cd");
    reply = wire_reply(&sender, false);
    CHECK(reply_is(&reply, 200, "abcd") && strstr(reply.head, "Connection: close"));
    reply_done(&reply);
    reply = wire_reply(&sleeper, false);
    CHECK(reply_is(&reply, 200, "hello"));
    reply_done(&reply);
    pthread_join(thread, NULL);
    CHECK(took >= 200 && took < 2000);
    wire_close(&sleeper), wire_close(&sender), wire_close(&idle);
}

TEST(http_stop, cuts_what_outlasts_the_grace_time)
{
    pthread_t thread;
    int64_t   took = 0;
    start(1);
    struct wire sender = wire_open();
    wire_say(&sender, "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
    CHECK(live_reaches(&live.heads, 1));
    pthread_create(&thread, NULL, stop, &took);
    CHECK(wire_ends(&sender, 5000));
    pthread_join(thread, NULL);
    CHECK(took >= 900 && took < 3000);
    wire_close(&sender);
}

TEST(http_stop, waits_for_sleepers_beyond_the_grace_time)
{
    pthread_t thread;
    int64_t   took = 0;
    start(0);
    struct wire sleepers[20];
    for (size_t i = 0; i < COUNT(sleepers); i++) {
        sleepers[i] = wire_open();
        wire_say(&sleepers[i], i % 2 ? "GET /sleep?200 HTTP/1.1\r\nHost: a\r\n\r\n"
                                     : "GET /twice?100 HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    CHECK(live_reaches(&live.heads, COUNT(sleepers)));
    pthread_create(&thread, NULL, stop, &took);
    pthread_join(thread, NULL);
    CHECK(live.overs == COUNT(sleepers) && live.sleeping == 0);
    for (size_t i = 0; i < COUNT(sleepers); i++)
        wire_close(&sleepers[i]);
}

TEST(http_stop, frees_the_port_at_once)
{
    pthread_t thread;
    int64_t   took = 0;
    start(5);
    struct wire sleeper = wire_open();
    wire_say(&sleeper, "GET /sleep?400 HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(live_reaches(&live.sleeping, 1));
    const struct http_listen at = { .address = "127.0.0.1", .port = live.port };
    pthread_create(&thread, NULL, stop, &took);
    usleep(100000);
    struct http_server      *second = NULL;
    const struct http_limits limits = live_limits();
    const struct http_app    app = { 0 };
    const char              *error;
    CHECK(http_server_start(&at, &limits, &app, &second, &error) == OK);
    struct reply reply = wire_reply(&sleeper, false);
    CHECK(reply_is(&reply, 200, "hello"));
    reply_done(&reply);
    pthread_join(thread, NULL);
    http_server_stop(&second);
    wire_close(&sleeper);
}

/* Clients at work in every state, many times: nothing is lost, left or touched too late. */
static void *hammer(void *arg)
{
    static const char *const requests[] = {
        "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n", "GET /sleep?1 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /twice HTTP/1.1\r\nHost: a\r\n\r\n", "GET /file?0-300000 HTTP/1.1\r\nHost: a\r\n\r\n",
        "PUT /full HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
    };
    struct wire wires[8];
    (void)arg;
    for (size_t i = 0; i < COUNT(wires); i++)
        wires[i] = wire_open();
    for (int round = 0; round < 200; round++)
        for (size_t i = 0; i < COUNT(wires); i++)
            if (!wires[i].ended) {
                wire_say(&wires[i], requests[(i + (size_t)round) % COUNT(requests)]);
                wire_ends(&wires[i], round % 7 == 0);
            }
    for (size_t i = 0; i < COUNT(wires); i++)
        wire_close(&wires[i]);
    return NULL;
}

TEST(http_stop, survives_busy_clients)
{
    for (int i = 0; i < 10; i++) {
        pthread_t client;
        start((unsigned)i % 2);
        pthread_create(&client, NULL, hammer, NULL);
        usleep(20000);
        live_stop();
        pthread_join(client, NULL);
    }
}

TEST(http_stop, accepts_none)
{
    struct http_server *none = NULL;
    http_server_stop(&none);
    CHECK(!none);
}

TEST_MAIN
