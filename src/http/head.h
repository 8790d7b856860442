/* http/head.h: what of a request's head the library leaves to us to judge. Pure: no socket. */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include "base/types.h"

/* What a head says about where the request ends and for whom it is. */
struct head_facts {
    str  version, target;
    str  host;      /* the first Host */
    str  length;    /* the first Content-Length */
    str  coding;    /* the first Transfer-Encoding */
    int  hosts, lengths, codings;
    bool bad_name;  /* a header name that is not a token */
    bool bad_value; /* a header value with a control character */
};

/* Adds one header line to the facts. */
void head_see(struct head_facts *facts, str name, str value);

/* One length, or chunked, never both; one Host (none only in HTTP/1.0); HTTP/1.0 or 1.1; a target that is a
 * path, without blanks and control characters. Two readers of such a head agree where it ends. */
bool head_sound(const struct head_facts *facts);

#endif
