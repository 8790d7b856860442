/* base/clock.h: the time, and its written forms.
 *
 * Reading is strict: real dates only (no 30 February), and nothing after the form's last letter. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/types.h"

enum instant_form {
    INSTANT_MS,      /* 2019-08-20T06:51:27.292Z */
    INSTANT_S,       /* 2019-08-20T06:51:27Z */
    INSTANT_COMPACT, /* 20190820T065127Z */
    INSTANT_STAMP,   /* 20190820_065127, for names made by auto rename */
    INSTANT_HTTP,    /* Tue, 20 Aug 2019 06:51:27 GMT */
    INSTANT_SPACE,   /* 2019-08-20 06:51:27, UTC */
};

enum { INSTANT_TEXT = 40 };

/* The wall clock; clock_set(t) freezes it for tests, clock_set((instant){0}) lets it run again. */
instant clock_now(void);
void    clock_set(instant frozen);

/* Milliseconds that only go forward, for timeouts. */
int64_t clock_monotonic_ms(void);

/* Writes the form and a NUL into `out` (INSTANT_TEXT bytes); gives back the slice. */
str instant_print(instant t, enum instant_form form, char *out);

/* Reads one exact form. INSTANT_MS takes any RFC 3339 time: fraction optional, offset or Z. */
bool instant_read(str s, enum instant_form form, instant *out);

#endif
