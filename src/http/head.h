/* http/head.h: checks of a request head that the HTTP library leaves to us, on bytes alone.
 *
 * The library splits a head in place: it writes NUL over the blanks of the request line, over the
 * colons and over the line ends. It takes a bare LF for a line end, lets a line that begins with
 * NUL end the head, cuts values at a NUL and glues a folded line to the header's name. Whether it
 * read what was sent is seen afterwards: method, target, version and every header must lie in the
 * buffer end to end, with exactly the separators of RFC 9112 between them. Anything else that a
 * peer or a proxy might read in another way than we do leaves a gap, and the head is refused.
 *
 * Two things leave none: NULs and bare LFs in the place of a CRLF, when they add up to its two
 * bytes; and a line before the request line that begins with NUL, which is skipped like an empty
 * one. Both need a NUL to get here, and no proxy worth the name passes one on.
 *
 * Call head_check_line once, head_check_field for every header in order, then head_check_end. */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include "base/types.h"

/* The body that a sound head announces. */
struct head_body {
    int64_t length; /* -1: chunked, or no header announces one */
    bool    chunked;
};

struct head_check {
    const char *at, *end; /* what is not accounted for yet */
    bool        sound, is_http11;
    int         hosts, codings;
    str         length; /* the first Content-Length */
};

/* raw is the head as the library left it, up to and with the empty line; the other slices lie in
 * it. target_text is a copy of the target from before the library split it further. */
void head_check_line(struct head_check *check, str raw, str method, str target, str target_text,
                     str version);

/* The value begins behind its leading blanks; trailing ones are still there. */
void head_check_field(struct head_check *check, str name, str value);

/* false: answer 400 and close. */
MUST_USE bool head_check_end(struct head_check *check, struct head_body *body);

#endif
