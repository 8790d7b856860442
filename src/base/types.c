#include "base/types.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_ascii_case(str a, str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

str str_trim(str s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s.p++, s.n--;
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

size_t str_find(str s, char c, size_t from)
{
    if (from >= s.n)
        return s.n;
    const char *at = memchr(s.p + from, c, s.n - from);
    return at ? (size_t)(at - s.p) : s.n;
}

size_t str_find_str(str s, str part, size_t from)
{
    if (from >= s.n)
        return s.n;
    const char *at = memmem(s.p + from, s.n - from, part.p, part.n);
    return at ? (size_t)(at - s.p) : s.n;
}

bool str_int64(str s, int64_t *out)
{
    size_t  i = 0;
    int64_t value = 0;
    const bool negative = s.n && s.p[0] == '-';

    if (negative)
        i++;
    if (i == s.n || (s.p[i] == '0' && s.n > i + 1) || (negative && s.p[i] == '0'))
        return false;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        if (__builtin_mul_overflow(value, 10, &value)
            || __builtin_sub_overflow(value, s.p[i] - '0', &value))
            return false;
    }
    if (!negative && __builtin_sub_overflow(0, value, &value))
        return false;
    *out = value;
    return true;
}
