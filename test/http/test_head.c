#include "test.h"

#include "split.h"

#define ROW(text) { text, sizeof text - 1 }
#define HEAD(lines) "GET / HTTP/1.1\r\nHost: a\r\n" lines "\r\n"

static bool is_sound(str head, struct head_body *body)
{
    char  *text = malloc(head.n + 1);
    size_t used = 0;
    memcpy(text, head.p, head.n);
    text[head.n] = '\0';
    const bool sound = split_and_check(text, head.n, body, &used);
    free(text);
    return sound && used == head.n;
}

static void all_are(bool wanted, const str *heads, size_t n)
{
    struct head_body body;
    for (size_t i = 0; i < n; i++)
        CHECK_CASE(heads[i].p, is_sound(heads[i], &body) == wanted);
}

TEST(http_head, takes_what_clients_send)
{
    static const str heads[] = {
        ROW(HEAD("")),
        ROW(HEAD("Accept: */*\r\n")),
        ROW(HEAD("Empty:\r\nX:y\r\nTab:\tv\r\n")),
        ROW(HEAD("A: b \t\r\n")),
        ROW(HEAD("A: \xC3\xA9\r\n")),
        ROW(HEAD("!#$%&'*+-.^_`|~09azAZ: x\r\n")),
        ROW("GET / HTTP/1.0\r\n\r\n"),
        ROW("\r\nGET / HTTP/1.0\r\n\r\n"),
        ROW("M-SEARCH /a%20b?c=d&e HTTP/1.1\r\nhOST: [::1]:80\r\n\r\n"),
    };
    all_are(true, heads, COUNT(heads));
}

TEST(http_head, knows_the_body)
{
    struct head_body body;
    CHECK(is_sound(S(HEAD("")), &body) && body.length == -1 && !body.chunked);
    CHECK(is_sound(S(HEAD("Content-Length: 0\r\n")), &body) && body.length == 0);
    CHECK(is_sound(S(HEAD("content-length: 12\r\nContent-Length: 12\r\n")), &body) && body.length == 12);
    CHECK(is_sound(S(HEAD("Content-Length: 9223372036854775807\r\n")), &body) && body.length == INT64_MAX);
    CHECK(is_sound(S(HEAD("Transfer-Encoding: Chunked\r\n")), &body) && body.length == -1 && body.chunked);
}

TEST(http_head, refuses_an_ambiguous_body)
{
    static const str heads[] = {
        ROW(HEAD("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")),
        ROW(HEAD("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")),
        ROW(HEAD("Content-Length: 5\r\nContent-Length: 6\r\n")),
        ROW(HEAD("Content-Length: 5, 5\r\n")),
        ROW(HEAD("Content-Length: +5\r\n")),
        ROW(HEAD("Content-Length: -5\r\n")),
        ROW(HEAD("Content-Length: 0x5\r\n")),
        ROW(HEAD("Content-Length: 5 5\r\n")),
        ROW(HEAD("Content-Length:\r\n")),
        ROW(HEAD("Content-Length: 9223372036854775808\r\n")),
        ROW(HEAD("Content-Length: 18446744073709551621\r\n")),
        ROW(HEAD("Transfer-Encoding: gzip\r\n")),
        ROW(HEAD("Transfer-Encoding: gzip, chunked\r\n")),
        ROW(HEAD("Transfer-Encoding: chunked, chunked\r\n")),
        ROW(HEAD("Transfer-Encoding: chunked \r\n")),
        ROW(HEAD("Transfer-Encoding: xchunked\r\n")),
        ROW(HEAD("Transfer-Encoding:\r\n")),
        ROW(HEAD("Transfer-Encoding: identity\r\n")),
        ROW(HEAD("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")),
        ROW("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
    };
    all_are(false, heads, COUNT(heads));
}

TEST(http_head, refuses_an_unclear_host)
{
    static const str heads[] = {
        ROW("GET / HTTP/1.1\r\n\r\n"),
        ROW("GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        ROW("GET / HTTP/1.1\r\nHost: \t \r\n\r\n"),
        ROW("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        ROW("GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n"),
    };
    all_are(false, heads, COUNT(heads));
}

TEST(http_head, refuses_a_crooked_request_line)
{
    static const str heads[] = {
        ROW("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
        ROW(" GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("G(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("GET / b HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("GET /\tb HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("GET /\x7F HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("GET /\r HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("GE\0T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        ROW("GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
        ROW("GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        ROW("GET / http/1.1\r\nHost: a\r\n\r\n"),
        ROW("GET /\r\nHost: a\r\n\r\n"),
        ROW("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"),
    };
    all_are(false, heads, COUNT(heads));
}

TEST(http_head, refuses_what_two_readers_split_differently)
{
    static const str heads[] = {
        ROW("GET / HTTP/1.1\nHost: a\r\n\r\n"),
        ROW("GET / HTTP/1.1\r\nHost: a\n\r\n"),
        ROW("GET / HTTP/1.1\r\nHost: a\r\n\n"),
        ROW(HEAD("A: b\nC: d\r\n")),
        ROW(HEAD("A: b\r C: d\r\n")),
        ROW(HEAD("A: b\r\n c\r\n")),
        ROW(HEAD("A: b\r\n\tContent-Length: 5\r\n")),
        ROW(HEAD("A: b\r\n\r\r\n")),
        ROW("GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        ROW(HEAD("A : b\r\n")),
        ROW(HEAD(": b\r\n")),
        ROW(HEAD("A b: c\r\n")),
        ROW(HEAD("A\tb: c\r\n")),
        ROW(HEAD("\xC3\xA9: c\r\n")),
        ROW(HEAD("A\0: c\r\n")),
        ROW(HEAD("A: b\0c\r\n")),
        ROW(HEAD("A: b\0\r\n")),
        ROW(HEAD("A: b\0\0Content-Length: 5\r\n")),
        ROW(HEAD("A: b\0\0\0\0")),
        ROW(HEAD("\0A: b\r\n")),
        ROW(HEAD("\0\r\n")),
        ROW(HEAD("A: b\x01\r\n")),
        ROW(HEAD("A: b\x7F\r\n")),
        ROW(HEAD("A: \x0B\r\n")),
        ROW(HEAD("no colon\r\n")),
    };
    all_are(false, heads, COUNT(heads));
}

TEST_MAIN
