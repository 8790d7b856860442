#include "base/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

static _Atomic int64_t clock_frozen;

static const char *const weekdays[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

instant clock_now(void)
{
    const int64_t frozen = atomic_load(&clock_frozen);
    struct timespec t;
    if (frozen)
        return (instant){ frozen };
    clock_gettime(CLOCK_REALTIME, &t);
    return (instant){ (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 };
}

void clock_set(instant frozen)
{
    atomic_store(&clock_frozen, frozen.ms);
}

int64_t clock_monotonic_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

str instant_print(instant at, enum instant_form form, char *out)
{
    struct tm t;
    time_t    s = (time_t)(at.ms / 1000);
    int       ms = (int)(at.ms % 1000);
    int       n = 0;
    if (ms < 0) {
        ms += 1000;
        s--;
    }
    gmtime_r(&s, &t);
    const int y = t.tm_year + 1900, mo = t.tm_mon + 1;
    switch (form) {
    case INSTANT_MS:
        n = snprintf(out, INSTANT_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", y, mo, t.tm_mday,
                     t.tm_hour, t.tm_min, t.tm_sec, ms);
        break;
    case INSTANT_S:
        n = snprintf(out, INSTANT_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ", y, mo, t.tm_mday,
                     t.tm_hour, t.tm_min, t.tm_sec);
        break;
    case INSTANT_COMPACT:
        n = snprintf(out, INSTANT_TEXT, "%04d%02d%02dT%02d%02d%02dZ", y, mo, t.tm_mday, t.tm_hour,
                     t.tm_min, t.tm_sec);
        break;
    case INSTANT_STAMP:
        n = snprintf(out, INSTANT_TEXT, "%04d%02d%02d_%02d%02d%02d", y, mo, t.tm_mday, t.tm_hour,
                     t.tm_min, t.tm_sec);
        break;
    case INSTANT_HTTP:
        n = snprintf(out, INSTANT_TEXT, "%s, %02d %s %04d %02d:%02d:%02d GMT", weekdays[t.tm_wday],
                     t.tm_mday, months[t.tm_mon], y, t.tm_hour, t.tm_min, t.tm_sec);
        break;
    case INSTANT_SPACE:
        n = snprintf(out, INSTANT_TEXT, "%04d-%02d-%02d %02d:%02d:%02d", y, mo, t.tm_mday,
                     t.tm_hour, t.tm_min, t.tm_sec);
        break;
    }
    return (str){ out, n < INSTANT_TEXT ? (size_t)n : INSTANT_TEXT - 1 };
}

/* A pattern letter d takes one digit into the next number; '~' ends a number; others stand for
 * themselves. Numbers come out in the order written. */
static bool read_pattern(str *s, const char *pattern, int *numbers)
{
    int value = 0;
    for (; *pattern; pattern++) {
        if (*pattern == '~') {
            *numbers++ = value;
            value = 0;
            continue;
        }
        if (!s->n)
            return false;
        const char c = *s->p;
        s->p++, s->n--;
        if (*pattern == 'd') {
            if (c < '0' || c > '9')
                return false;
            value = value * 10 + (c - '0');
        } else if (c != *pattern) {
            return false;
        }
    }
    return true;
}

static bool real_time(const int *n, int64_t *seconds)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const int  y = n[0], mo = n[1], d = n[2];
    const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (y < 1970 || mo < 1 || mo > 12 || d < 1 || d > days[mo - 1] + (mo == 2 && leap)
        || n[3] > 23 || n[4] > 59 || n[5] > 59)
        return false;
    struct tm t = { .tm_year = y - 1900, .tm_mon = mo - 1, .tm_mday = d,
                    .tm_hour = n[3], .tm_min = n[4], .tm_sec = n[5] };
    *seconds = (int64_t)timegm(&t);
    return true;
}

static bool read_zone(str *s, int64_t *offset_s)
{
    int n[2];
    *offset_s = 0;
    if (s->n && (*s->p == 'Z' || *s->p == 'z')) {
        s->p++, s->n--;
        return true;
    }
    if (!s->n || (*s->p != '+' && *s->p != '-'))
        return false;
    const int sign = *s->p == '-' ? -1 : 1;
    s->p++, s->n--;
    if (!read_pattern(s, "dd~:dd~", n) || n[0] > 23 || n[1] > 59)
        return false;
    *offset_s = sign * (n[0] * 3600 + n[1] * 60);
    return true;
}

static bool read_rfc3339(str s, instant *out)
{
    int     n[6], ms = 0;
    int64_t seconds, offset;
    if (!read_pattern(&s, "dddd~-dd~-dd~", n) || !s.n || (*s.p != 'T' && *s.p != 't'))
        return false;
    s.p++, s.n--;
    if (!read_pattern(&s, "dd~:dd~:dd~", n + 3))
        return false;
    if (s.n && *s.p == '.') {
        int digits = 0;
        for (s.p++, s.n--; s.n && *s.p >= '0' && *s.p <= '9'; s.p++, s.n--, digits++)
            if (digits < 3)
                ms = ms * 10 + (*s.p - '0');
        if (!digits || digits > 9)
            return false;
        for (; digits < 3; digits++)
            ms *= 10;
    }
    if (!read_zone(&s, &offset) || s.n || !real_time(n, &seconds))
        return false;
    *out = (instant){ (seconds - offset) * 1000 + ms };
    return true;
}

static bool read_http(str s, instant *out)
{
    int     n[6];
    int64_t seconds;
    if (s.n != 29)
        return false;
    str rest = str_from(s, 3);
    if (!read_pattern(&rest, ", dd~ ", n + 2))
        return false;
    n[1] = 0;
    for (int i = 0; i < 12; i++)
        if (memcmp(rest.p, months[i], 3) == 0)
            n[1] = i + 1;
    const int d = n[2];
    rest = str_from(rest, 3);
    int y[1];
    if (!read_pattern(&rest, " dddd~ ", y) || !read_pattern(&rest, "dd~:dd~:dd~ GMT", n + 3))
        return false;
    n[0] = y[0];
    n[2] = d;
    /* 1 January 1970 was a Thursday. */
    if (!real_time(n, &seconds) || memcmp(s.p, weekdays[(seconds / 86400 + 4) % 7], 3) != 0)
        return false;
    *out = (instant){ seconds * 1000 };
    return true;
}

bool instant_read(str s, enum instant_form form, instant *out)
{
    static const char *const patterns[] = {
        [INSTANT_S] = "dddd~-dd~-dd~Tdd~:dd~:dd~Z",  [INSTANT_COMPACT] = "dddd~dd~dd~Tdd~dd~dd~Z",
        [INSTANT_STAMP] = "dddd~dd~dd~_dd~dd~dd~",   [INSTANT_SPACE] = "dddd~-dd~-dd~ dd~:dd~:dd~",
    };
    int     n[6];
    int64_t seconds;
    if (form == INSTANT_MS)
        return read_rfc3339(s, out);
    if (form == INSTANT_HTTP)
        return read_http(s, out);
    if (!read_pattern(&s, patterns[form], n) || s.n || !real_time(n, &seconds))
        return false;
    *out = (instant){ seconds * 1000 };
    return true;
}
