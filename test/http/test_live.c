#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/text.h"
#include "live.h"

/* One request, its answer checked. */
static void expect(struct wire *wire, const char *request, int status, const char *body)
{
    wire_say(wire, request);
    struct reply reply = wire_reply(wire, false);
    CHECK_CASE(request, reply_is(&reply, status, body));
    reply_done(&reply);
}

static void start(void)
{
    const struct http_limits limits = live_limits();
    live_start(&limits);
}

TEST(http_live, keeps_a_connection_alive)
{
    start();
    struct wire wire = wire_open();
    for (int i = 0; i < 5; i++)
        expect(&wire, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n", 200, "hello");
    CHECK(live.heads == 5 && http_server_counts(live.server).connections == 1);
    CHECK(http_server_counts(live.server).requests >= 4); /* the last may not be over yet */
    expect(&wire, "GET /plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 200, "hello");
    CHECK(wire_ends(&wire, 1000) && !wire.was_reset);
    wire_close(&wire);
    live_stop();
}

TEST(http_live, answers_pipelined_requests_in_order)
{
    start();
    struct wire wire = wire_open();
    wire_say(&wire, "GET /target?1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
                    "abcGET /target?2 HTTP/1.1\r\nHost: a\r\n\r\n");
    static const char *const bodies[] = { "/target|1|127.0.0.1", "abc", "/target|2|127.0.0.1" };
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct reply reply = wire_reply(&wire, false);
        CHECK(reply_is(&reply, 200, bodies[i]));
        reply_done(&reply);
    }
    wire_close(&wire);
    live_stop();
}

TEST(http_live, gives_the_target_as_sent)
{
    start();
    struct wire wire = wire_open();
    expect(&wire, "GET /target HTTP/1.1\r\nHost: a\r\n\r\n", 200, "/target||127.0.0.1");
    expect(&wire, "GET /target? HTTP/1.1\r\nHost: a\r\n\r\n", 200, "/target||127.0.0.1");
    expect(&wire, "GET /target?a=%2F+b&&c=d?e&f HTTP/1.1\r\nHost: a\r\n\r\n", 200,
           "/target|a=%2F+b&&c=d?e&f|127.0.0.1");
    expect(&wire, "GET /%74arget HTTP/1.1\r\nHost: a\r\n\r\n", 200, "hello");
    expect(&wire, "GET /headers HTTP/1.1\r\nHost:  a\t \r\nX:\r\nY: b  c\r\n\r\n", 200, "Host=a;X=;Y=b  c;");
    wire_close(&wire);
    live_stop();
}

TEST(http_live, gathers_bodies_of_every_form)
{
    start();
    struct wire wire = wire_open();
    expect(&wire, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 200, "");
    expect(&wire, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab cd", 200, "ab cd");
    expect(&wire, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "3\r\nabc\r\n00A;ext=\"1\"\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n", 200, "abc0123456789");
    CHECK(wire_ends(&wire, 1000)); /* a chunked body ends its connection */
    wire_close(&wire);
    wire = wire_open();
    wire_say(&wire, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
    char part[1000];
    memset(part, 'z', sizeof part);
    for (int i = 0; i < 100; i++)
        CHECK(wire_send(&wire, (str){ part, sizeof part }));
    struct reply reply = wire_reply(&wire, false);
    CHECK(reply.status == 200 && reply.body_n == 100000 && reply.body[99999] == 'z');
    reply_done(&reply);
    wire_close(&wire);
    live_stop();
}

/* Waits until all gathered bodies together hold `bytes`, five seconds at most. */
static bool bodies_hold(uint64_t bytes)
{
    for (int i = 0; i < 5000 && http_server_counts(live.server).bodies_bytes != bytes; i++)
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    return http_server_counts(live.server).bodies_bytes == bytes;
}

/* Begins a request of 20,000 bytes, which claims all the room there is in the next test. */
static struct wire send_much(size_t now)
{
    static const char zeros[20000];
    struct wire       wire = wire_open();
    wire_say(&wire, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n");
    (void)wire_send(&wire, (str){ zeros, now });
    return wire;
}

static int end_much(struct wire *wire)
{
    struct reply reply = wire_reply(wire, false);
    const int    status = reply.status;
    reply_done(&reply);
    wire_close(wire);
    return status;
}

TEST(http_live, gathers_no_more_than_there_is_room_for_in_all)
{
    struct http_limits limits = live_limits();
    limits.bodies_bytes = 16 * 1024;
    live_start(&limits);
    for (int i = 0; i < 3; i++) {
        struct wire slow = send_much(19999);
        CHECK(bodies_hold(limits.bodies_bytes));
        struct wire other = send_much(20000);
        CHECK(end_much(&other) == 503);
        other = wire_open();
        expect(&other, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab cd", 200, "ab cd");
        wire_close(&other);
        CHECK(wire_send(&slow, S("z")));
        CHECK(end_much(&slow) == 200);
        CHECK(bodies_hold(0));
    }
    live_stop();
}

TEST(http_live, says_continue_only_when_the_body_is_wanted)
{
    start();
    struct wire wire = wire_open();
    wire_say(&wire, "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    struct reply reply = wire_reply(&wire, false);
    CHECK(reply.status == 100);
    reply_done(&reply);
    expect(&wire, "abc", 200, "abc");
    expect(&wire, "PUT /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", 403, "refused");
    CHECK(wire_ends(&wire, 1000));
    wire_close(&wire);
    wire = wire_open();
    expect(&wire, "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\nExpect: 100-continue\r\n\r\n", 413,
           "too large");
    CHECK(live.too_large == 1 && wire_ends(&wire, 1000));
    wire_close(&wire);
    live_stop();
}

TEST(http_live, keeps_the_connection_after_a_refusal_without_a_body)
{
    start();
    struct wire wire = wire_open();
    expect(&wire, "GET /refused HTTP/1.1\r\nHost: a\r\n\r\n", 403, "refused");
    expect(&wire, "POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 403, "refused");
    expect(&wire, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n", 200, "hello");
    wire_close(&wire);
    live_stop();
}

/* The peer goes on sending for a while; the answer still reaches it, and no reset takes it away. */
static void refuse_while_sending(const char *head, size_t piece, int pieces, int status, const char *body)
{
    struct wire wire = wire_open();
    char       *bytes = malloc(piece);
    memset(bytes, 'z', piece);
    wire_say(&wire, head);
    for (int i = 0; i < pieces && wire_send(&wire, (str){ bytes, piece }); i++)
        ;
    struct reply reply = wire_reply(&wire, false);
    CHECK_CASE(head, reply_is(&reply, status, body));
    CHECK_CASE(head, strstr(reply.head, "Connection: close"));
    CHECK_CASE(head, wire_ends(&wire, 1000) && !wire.was_reset && wire.n == 0);
    reply_done(&reply);
    free(bytes);
    wire_close(&wire);
}

TEST(http_live, answers_a_body_that_is_too_large_at_once)
{
    start();
    refuse_while_sending("PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n", 100000, 100, 413, "too large");
    /* One chunk that is announced as endless. */
    refuse_while_sending("PUT /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n", 100000, 100, 413,
                         "too large");
    refuse_while_sending("PUT /full HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000000\r\n\r\n", 100000, 100, 507, "full");
    refuse_while_sending("PUT /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000000\r\n\r\n", 100000, 100, 403, "refused");
    CHECK(live.too_large == 2);
    live_stop();
}

/* Too long for one write: it follows when the body has been dropped. */
TEST(http_live, gives_a_long_answer_after_the_rest_of_the_body)
{
    start();
    struct wire wire = wire_open();
    char       *bytes = calloc(1, 1000000);
    wire_say(&wire, "PUT /mute HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
    CHECK(wire_send(&wire, (str){ bytes, 1000000 }));
    struct reply reply = wire_reply(&wire, false);
    CHECK(reply.status == 507 && reply.body_n == 200004 && strstr(reply.head, "Connection: close"));
    reply_done(&reply);
    free(bytes);
    wire_close(&wire);
    live_stop();
}

TEST(http_live, streams_a_large_body)
{
    start();
    struct wire wire = wire_open();
    char       *bytes = calloc(1, 1000000);
    wire_say(&wire, "PUT /sink HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n");
    for (int i = 0; i < 50; i++)
        CHECK(wire_send(&wire, (str){ bytes, 1000000 }));
    expect(&wire, "", 200, "50000000");
    expect(&wire, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n", 200, "hello");
    free(bytes);
    wire_close(&wire);
    live_stop();
}

/* ---- bytes out ---- */

static void expect_bytes(struct wire *wire, const char *path, uint64_t offset, size_t size)
{
    AUTO(text_done) struct text request = { 0 };
    text_print(&request, "GET %s?%llu-%zu HTTP/1.1\r\nHost: a\r\n\r\n", path, (unsigned long long)offset, size);
    wire_send(wire, text_str(&request));
    struct reply reply = wire_reply(wire, false);
    CHECK_CASE(path, reply.status == 200 && reply.body_n == size);
    bool same = true;
    for (size_t i = 0; i < size; i++)
        same = same && reply.body[i] == live_byte(offset + i);
    CHECK_CASE(path, same);
    reply_done(&reply);
}

TEST(http_live, sends_files_and_sources)
{
    static const char *const paths[] = { "/file", "/source", "/spread" };
    start();
    struct wire wire = wire_open();
    for (size_t i = 0; i < COUNT(paths); i++) {
        expect_bytes(&wire, paths[i], 0, FILE_SIZE);
        expect_bytes(&wire, paths[i], 7, 1);
        expect_bytes(&wire, paths[i], 12345, 1000000);
        expect_bytes(&wire, paths[i], FILE_SIZE - 3, 3);
        expect_bytes(&wire, paths[i], 5, 0);
    }
    wire_close(&wire);
    live_stop();
}

/* Only what lies in no file goes through our memory, some 1000 bytes at a time. */
TEST(http_live, sends_bodies_of_several_files_from_the_files)
{
    start();
    struct wire wire = wire_open();
    expect_bytes(&wire, "/spread", 0, FILE_SIZE);
    CHECK(atomic_load(&live.runs) > FILE_SIZE / PIECE_SIZE);
    CHECK(atomic_load(&live.reads) > 0 && atomic_load(&live.reads) < FILE_SIZE / 1000 / 2);
    wire_close(&wire);
    live_stop();
}

/* Each fills its socket, so that every one is sent in many pieces while the others wait. */
TEST(http_live, sends_bodies_from_files_to_many_slow_readers)
{
    struct wire wires[40];
    start();
    for (size_t i = 0; i < COUNT(wires); i++) {
        wires[i] = wire_open();
        wire_say(&wires[i], i % 2 ? "GET /spread?3-2999997 HTTP/1.1\r\nHost: a\r\n\r\n"
                                  : "GET /file?3-2999997 HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    for (size_t i = 0; i < COUNT(wires); i++) {
        struct reply reply = wire_reply(&wires[i], false);
        bool         same = reply.status == 200 && reply.body_n == FILE_SIZE - 3;
        for (size_t at = 0; same && at < reply.body_n; at++)
            same = reply.body[at] == live_byte(at + 3);
        CHECK(same);
        reply_done(&reply);
        wire_close(&wires[i]);
    }
    live_stop();
    CHECK(atomic_load(&live.opened) == atomic_load(&live.closed));
}

/* Each on a connection of its own, which ends before the body does. */
static void expect_broken_off(const char *const *requests, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct wire wire = wire_open();
        wire_say(&wire, requests[i]);
        struct reply reply = wire_reply(&wire, false);
        CHECK_CASE(requests[i], reply.status == 0 && wire.ended);
        reply_done(&reply);
        wire_close(&wire);
    }
}

TEST(http_live, breaks_off_bodies_of_several_files_that_cannot_be_read)
{
    static const char *const requests[] = { "GET /spread-break HTTP/1.1\r\nHost: a\r\n\r\n",
                                            "GET /spread-short HTTP/1.1\r\nHost: a\r\n\r\n" };
    start();
    expect_broken_off(requests, COUNT(requests));
    live_stop();
    CHECK(atomic_load(&live.opened) == atomic_load(&live.closed));
}

/* What came before the end is not taken for a full socket, which nobody would tell of. */
TEST(http_live, breaks_off_a_file_that_is_cut_short_while_it_is_sent)
{
    static const char *const requests[] = { "GET /cut?0 HTTP/1.1\r\nHost: a\r\n\r\n",
                                            "GET /cut?50000 HTTP/1.1\r\nHost: a\r\n\r\n",
                                            "GET /cut?2999999 HTTP/1.1\r\nHost: a\r\n\r\n" };
    struct http_limits limits = live_limits();
    limits.idle_timeout_s = 3600;
    live_start(&limits);
    expect_broken_off(requests, COUNT(requests));
    live_stop();
}

TEST(http_live, never_ends_a_short_answer_as_if_it_were_whole)
{
    start();
    struct wire wire = wire_open();
    expect(&wire, "GET /short?2999999-2 HTTP/1.1\r\nHost: a\r\n\r\n", 500, "");
    expect(&wire, "GET /short?18446744073709551615-2 HTTP/1.1\r\nHost: a\r\n\r\n", 500, "");
    wire_say(&wire, "GET /break?0-5000 HTTP/1.1\r\nHost: a\r\n\r\n");
    struct reply reply = wire_reply(&wire, false);
    CHECK(reply.status == 0 && wire.ended);
    reply_done(&reply);
    wire_close(&wire);
    live_stop();
}

static void expect_head(struct wire *wire, const char *request, int status, const char *has, const char *lacks)
{
    wire_say(wire, request);
    struct reply reply = wire_reply(wire, true);
    CHECK_CASE(request, reply.status == status && (!has || strstr(reply.head, has)));
    CHECK_CASE(request, !lacks || !strcasestr(reply.head, lacks));
    reply_done(&reply);
    expect(wire, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n", 200, "hello"); /* no body was left in between */
}

TEST(http_live, sends_heads_alone_where_there_is_no_body)
{
    start();
    struct wire wire = wire_open();
    expect_head(&wire, "HEAD /plain HTTP/1.1\r\nHost: a\r\n\r\n", 200, "Content-Length: 5\r\n", NULL);
    expect_head(&wire, "HEAD /file?5-1000 HTTP/1.1\r\nHost: a\r\n\r\n", 200, "Content-Length: 1000\r\n", NULL);
    expect_head(&wire, "HEAD /source?5-1000 HTTP/1.1\r\nHost: a\r\n\r\n", 200, "Content-Length: 1000\r\n", NULL);
    expect_head(&wire, "HEAD /spread HTTP/1.1\r\nHost: a\r\n\r\n", 200, "Content-Length: 3000000\r\n", NULL);
    expect_head(&wire, "GET /status?204 HTTP/1.1\r\nHost: a\r\n\r\n", 204, NULL, "Content-Length");
    expect_head(&wire, "GET /status?304 HTTP/1.1\r\nHost: a\r\n\r\n", 304, "Content-Length: 1\r\n", "Transfer-Encoding");
    wire_close(&wire);
    live_stop();
}

TEST(http_live, sends_no_header_that_would_be_two)
{
    start();
    struct wire wire = wire_open();
    wire_say(&wire, "GET /breaks HTTP/1.1\r\nHost: a\r\n\r\n");
    struct reply reply = wire_reply(&wire, false);
    CHECK(reply_is(&reply, 200, "hello"));
    CHECK(strstr(reply.head, "X-Good: good\r\n") && strstr(reply.head, "X-Long: vvvv"));
    CHECK(!strstr(reply.head, "X-Evil") && !strstr(reply.head, "X-Break") && !strstr(reply.head, "X-Nul"));
    CHECK(!strstr(reply.head, "X-Feed") && !strstr(reply.head, "Content-Length: 1\r\n"));
    reply_done(&reply);
    wire_close(&wire);
    live_stop();
}

TEST(http_live, speaks_http_1_0)
{
    start();
    struct wire wire = wire_open();
    expect(&wire, "GET /plain HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, "hello");
    expect(&wire, "GET /plain HTTP/1.0\r\n\r\n", 200, "hello");
    CHECK(wire_ends(&wire, 1000));
    wire_close(&wire);
    live_stop();
}

TEST(http_live, answers_for_an_application_that_does_not)
{
    start();
    struct wire wire = wire_open();
    expect(&wire, "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n", 500, NULL);
    expect(&wire, "GET /nothing?ready HTTP/1.1\r\nHost: a\r\n\r\n", 500, NULL);
    expect(&wire, "PUT /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd", 500, NULL);
    wire_close(&wire);
    live_stop();
}

TEST(http_live, refuses_what_it_cannot_listen_on)
{
    const struct http_limits limits = live_limits();
    const struct http_app    app = { 0 };
    struct http_server      *server = NULL;
    const char              *error;
    const struct http_listen bad[] = { { .address = "localhost" }, { .address = "192.0.2.1", .port = 1 },
                                       { .address = "127.0.0.1", .port = 65536 },
                                       { .address = "127.0.0.1", .tls_cert_pem = "x", .tls_key_pem = "y" } };
    for (size_t i = 0; i < COUNT(bad); i++) {
        CHECK_CASE(bad[i].address, http_server_start(&bad[i], &limits, &app, &server, &error) == FAULT_UNAVAILABLE);
        CHECK_CASE(bad[i].address, error && *error && !server);
    }
    start();
    const struct http_listen taken = { .address = "127.0.0.1", .port = live.port };
    CHECK(http_server_start(&taken, &limits, &app, &server, &error) == FAULT_UNAVAILABLE);
    CHECK(strcmp(error, "Address already in use") == 0);
    live_stop();
}

TEST_MAIN
