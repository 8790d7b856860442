/* test/dialect/dingtalk/stand_in.h: http.h without sockets, as much of it as errors and identities read. */
#ifndef TEST_DIALECT_DINGTALK_STAND_IN_H
#define TEST_DIALECT_DINGTALK_STAND_IN_H

#include "http/http.h"

struct http_request {
    str                method, path, body;
    struct http_header headers[4];
    size_t             header_count;
};

#endif
