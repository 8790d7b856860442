/* test/dialect/dingtalk/stand_in.h: http.h without sockets, as much of it as errors and identities read.
 *
 * Definitions in a header on purpose, for one file of a program: in a library of their own the linker might
 * take the real ones before it comes to these. */
#ifndef TEST_DIALECT_DINGTALK_STAND_IN_H
#define TEST_DIALECT_DINGTALK_STAND_IN_H

#include "http/http.h"

struct http_request {
    str                method, path, body;
    struct http_header headers[4];
    size_t             header_count;
};

str http_method(const struct http_request *r)
{
    return r->method;
}

str http_path(const struct http_request *r)
{
    return r->path;
}

str http_body(const struct http_request *r)
{
    return r->body;
}

str http_header(const struct http_request *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (str_eq_ascii_case(str_of(r->headers[i].name), str_of(name)))
            return r->headers[i].value;
    return S0;
}

int http_header_count(const struct http_request *r, const char *name)
{
    int count = 0;
    for (size_t i = 0; i < r->header_count; i++)
        count += str_eq_ascii_case(str_of(r->headers[i].name), str_of(name));
    return count;
}

/* The rest is for requests that are run, which happens over sockets, in test/api. */

str http_query(const struct http_request *r)
{
    (void)r;
    return S0;
}

int64_t http_content_length(const struct http_request *r)
{
    return (int64_t)r->body.n;
}

void *http_user(const struct http_request *r)
{
    (void)r;
    return NULL;
}

void http_set_user(struct http_request *r, void *user)
{
    (void)r;
    (void)user;
}

void http_take_body(struct http_request *r, size_t limit)
{
    (void)r;
    (void)limit;
}

void http_sleep(struct http_request *r)
{
    (void)r;
}

void http_wake(struct http_request *r)
{
    (void)r;
}

void http_answer(struct http_request *r, const struct http_answer *answer)
{
    (void)r;
    (void)answer;
}

#endif
