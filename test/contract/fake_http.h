/* test/contract/fake_http.h: http.h without sockets: one request, answered into memory.
 *
 * It defines the request functions of http.h, so that the real ones are not linked: include it in
 * one file of a program. As a .c among the shared ones it would take their place everywhere. */
#ifndef TEST_CONTRACT_FAKE_HTTP_H
#define TEST_CONTRACT_FAKE_HTTP_H

#include <assert.h>
#include <pthread.h>
#include <stdio.h>

#include "http/http.h"

enum { FAKE_HEADERS_MAX = 24 };

struct http_request {
    /* what comes; set by the test */
    str                method, path, query, body;
    struct http_header headers[FAKE_HEADERS_MAX];
    size_t             header_count;
    bool               chunked; /* the length is not announced */

    /* what the application did */
    void              *user;
    size_t             limit;
    bool               taken, asleep;
    int                answers; /* how often http_answer was called */
    int                status;
    char               text[65536]; /* headers as "name: value\n" */
    char               reply[65536];
    size_t             reply_size;
    pthread_mutex_t    lock;
    pthread_cond_t     woke;
    bool               wake_called;
};

/* A request with a method, a path with perhaps a query, and a body (S0: none). */
void fake_init(struct http_request *r, const char *method, const char *target, str body);
void fake_header(struct http_request *r, const char *name, const char *value);

/* The whole life of the request but `over`; sleeps until woken. */
void fake_run(const struct http_app *app, struct http_request *r);
void fake_over(const struct http_app *app, struct http_request *r);

str  fake_reply(const struct http_request *r);
/* The value of an answer's header, S0 for none. */
str  fake_reply_header(const struct http_request *r, const char *name);

/* ---- the definitions ---- */

void fake_init(struct http_request *r, const char *method, const char *target, str body)
{
    const str    whole = str_of(target);
    const size_t question = str_find(whole, '?', 0);
    memset(r, 0, sizeof *r);
    r->method = str_of(method);
    r->path = str_cut(whole, question);
    if (question < whole.n)
        r->query = str_from(whole, question + 1);
    r->body = body;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->woke, NULL);
}

void fake_header(struct http_request *r, const char *name, const char *value)
{
    r->headers[r->header_count++] = (struct http_header){ name, str_of(value) };
}

static void wait_and_wake(const struct http_app *app, struct http_request *r)
{
    while (r->asleep) {
        pthread_mutex_lock(&r->lock);
        while (!r->wake_called)
            pthread_cond_wait(&r->woke, &r->lock);
        r->wake_called = false;
        pthread_mutex_unlock(&r->lock);
        r->asleep = false;
        app->woken(app->self, r);
    }
}

void fake_run(const struct http_app *app, struct http_request *r)
{
    app->head(app->self, r);
    assert(r->taken != (r->answers == 1));
    if (r->taken) {
        if (r->body.n > r->limit)
            app->too_large(app->self, r);
        else
            app->ready(app->self, r);
    }
    wait_and_wake(app, r);
    assert(r->answers == 1);
}

void fake_over(const struct http_app *app, struct http_request *r)
{
    app->over(app->self, r);
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->woke);
}

str fake_reply(const struct http_request *r)
{
    return (str){ r->reply, r->reply_size };
}

str fake_reply_header(const struct http_request *r, const char *name)
{
    char line[128];
    const str all = str_of(r->text);
    const int n = snprintf(line, sizeof line, "\n%s: ", name);
    const size_t at = str_find_str(all, (str){ line, (size_t)n }, 0);
    if (at == all.n)
        return S0;
    const size_t from = at + (size_t)n;
    return str_cut(str_from(all, from), str_find(all, '\n', from) - from);
}

/* ---- http.h ---- */

str http_method(const struct http_request *r) { return r->method; }
str http_path(const struct http_request *r) { return r->path; }
str http_query(const struct http_request *r) { return r->query; }
str http_body(const struct http_request *r) { return r->body; }
str http_peer(const struct http_request *r) { return (void)r, S("127.0.0.1"); }
bool http_is_tls(const struct http_request *r) { return (void)r, false; }
bool http_has_body(const struct http_request *r) { return r->body.p != NULL; }

str http_header(const struct http_request *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (str_eq_ascii_case(str_of(r->headers[i].name), str_of(name)))
            return r->headers[i].value;
    return S0;
}

int http_header_count(const struct http_request *r, const char *name)
{
    int n = 0;
    for (size_t i = 0; i < r->header_count; i++)
        n += str_eq_ascii_case(str_of(r->headers[i].name), str_of(name));
    return n;
}

void http_headers(const struct http_request *r, void (*see)(void *arg, str name, str value), void *arg)
{
    for (size_t i = 0; i < r->header_count; i++)
        see(arg, str_of(r->headers[i].name), r->headers[i].value);
}

int64_t http_content_length(const struct http_request *r)
{
    return r->chunked || !r->body.p ? -1 : (int64_t)r->body.n;
}

void  http_set_user(struct http_request *r, void *user) { r->user = user; }
void *http_user(const struct http_request *r) { return r->user; }

void http_take_body(struct http_request *r, size_t limit)
{
    r->taken = true;
    r->limit = limit;
}

void http_stream_body(struct http_request *r, struct http_sink sink)
{
    r->taken = true;
    r->limit = SIZE_MAX;
    sink.write(sink.arg, r, r->body);
}

void http_sleep(struct http_request *r) { r->asleep = true; }

void http_wake(struct http_request *r)
{
    pthread_mutex_lock(&r->lock);
    assert(!r->wake_called);
    r->wake_called = true;
    pthread_cond_signal(&r->woke);
    pthread_mutex_unlock(&r->lock);
}

void http_answer(struct http_request *r, const struct http_answer *answer)
{
    size_t n = 0;
    assert(!r->asleep);
    r->answers++;
    r->status = answer->status;
    r->text[n++] = '\n';
    for (size_t i = 0; i < answer->header_count; i++)
        n += (size_t)snprintf(r->text + n, sizeof r->text - n, "%s: %.*s\n", answer->headers[i].name,
                              STR_ARG(answer->headers[i].value));
    r->reply_size = str_eq(r->method, S("HEAD")) ? 0 : answer->body.n;
    assert(r->reply_size < sizeof r->reply);
    if (r->reply_size)
        memcpy(r->reply, answer->body.p, r->reply_size);
}

#endif
