/* Range headers (RFC 9110, 14.1.2). Malformed ones are ignored, as the RFC asks; only a well-formed one
 * that reaches nothing is unmet. */
#include "http/http.h"

/* Digits into a number that stops growing at the largest: a position past the end is past the end. */
static bool read_position(str *s, uint64_t *out)
{
    size_t n = 0;
    *out = 0;
    for (; n < s->n && s->p[n] >= '0' && s->p[n] <= '9'; n++)
        if (__builtin_mul_overflow(*out, 10u, out) || __builtin_add_overflow(*out, (uint64_t)(s->p[n] - '0'), out))
            *out = UINT64_MAX;
    *s = str_from(*s, n);
    return n > 0;
}

/* One spec: "a-b", "a-" or "-n". false: malformed; *met false: well-formed and outside. */
static bool read_spec(str s, uint64_t size, struct http_range *range, bool *met)
{
    uint64_t first, last = UINT64_MAX;
    s = str_trim(s);
    if (s.n && *s.p == '-') {
        s = str_from(s, 1);
        if (!read_position(&s, &last) || s.n)
            return false;
        *met = last > 0 && size > 0;
        range->length = last < size ? last : size;
        range->first = size - range->length;
        return true;
    }
    if (!read_position(&s, &first) || !s.n || *s.p != '-')
        return false;
    s = str_from(s, 1);
    if (s.n && (!read_position(&s, &last) || s.n || last < first))
        return false;
    *met = first < size;
    if (*met)
        *range = (struct http_range){ first, (last < size - 1 ? last : size - 1) - first + 1 };
    return true;
}

enum http_range_result http_range_read(str header, uint64_t size, struct http_range *ranges, size_t max, size_t *count)
{
    uint64_t total = 0;
    bool     some = false;
    *count = 0;
    header = str_trim(header);
    if (header.n < 6 || !str_eq_ascii_case(str_cut(header, 6), S("bytes=")))
        return HTTP_RANGE_NONE;
    for (str rest = str_from(header, 6); rest.n;) {
        const size_t comma = str_find(rest, ',', 0);
        const str    spec = str_trim(str_cut(rest, comma));
        struct http_range range = { 0 };
        bool met = false;
        rest = str_from(rest, comma + 1);
        if (!spec.n)
            continue; /* empty elements of a list count for nothing */
        if (!read_spec(spec, size, &range, &met))
            return HTTP_RANGE_NONE;
        some = true;
        if (!met)
            continue;
        if (*count == max || __builtin_add_overflow(total, range.length, &total) || total > size)
            return HTTP_RANGE_NONE;
        ranges[(*count)++] = range;
    }
    if (!some)
        return HTTP_RANGE_NONE;
    return *count ? HTTP_RANGE_SOME : HTTP_RANGE_UNMET;
}
