#include "base/fault.h"

#include "base/cx.h"
#include "base/log.h"

enum { SHOWN_MAX = 256 };

static const char *const texts[] = {
    [OK] = "done",
#define FAULT_TEXT(name, text) [FAULT_##name] = text,
    FAULTS(FAULT_TEXT)
#undef FAULT_TEXT
};

static const char *const names[] = {
    [OK] = "ok",
#define FAULT_NAME(name, text) [FAULT_##name] = #name,
    FAULTS(FAULT_NAME)
#undef FAULT_NAME
};

/* The value that came, short enough for a message and not cut inside a character. */
static str shown(str got)
{
    size_t n = got.n < SHOWN_MAX ? got.n : SHOWN_MAX;
    while (n + 3 > SHOWN_MAX && n < got.n && (got.p[n] & 0xC0) == 0x80)
        n--;
    return str_cut(got, n);
}

enum fault fail_noted(struct cx *cx, struct failure why)
{
    why.got = arena_copy(cx->arena, shown(why.got));
    cx->why = why;
    if (why.code == FAULT_INTERNAL)
        log_line(LOG_ERROR, why.because ? why.because : fault_text(why.code),
                 LOG_PAIRS({ "where", str_of(why.where) }, { "got", why.got },
                           { "request", cx->request_id }));
    return why.code;
}

const char *fault_text(enum fault fault)
{
    return fault < FAULT_COUNT ? texts[fault] : "unknown fault";
}

const char *fault_name(enum fault fault)
{
    return fault < FAULT_COUNT ? names[fault] : "UNKNOWN";
}

enum fault fault_named(str name)
{
    for (int i = 1; i < FAULT_COUNT; i++)
        if (str_eq(name, str_of(fault_name((enum fault)i))))
            return (enum fault)i;
    return FAULT_INTERNAL;
}
