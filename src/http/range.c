#include "http/http.h"

/* A position past what 64 bits hold is past every representation too: it reads as the largest. */
static bool read_position(str *s, uint64_t *out)
{
    uint64_t value = 0;
    size_t   i = 0;

    for (; i < s->n && s->p[i] >= '0' && s->p[i] <= '9'; i++) {
        const unsigned digit = (unsigned)(s->p[i] - '0');
        value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
    }
    if (i == 0)
        return false;
    *s = str_from(*s, i);
    *out = value;
    return true;
}

/* One element of the list; *length is 0 when the representation has nothing of it. */
static bool read_spec(str spec, uint64_t size, struct http_range *out)
{
    uint64_t first, last = UINT64_MAX;

    *out = (struct http_range){ 0 };
    if (spec.n && spec.p[0] == '-') { /* the last so many bytes */
        spec = str_from(spec, 1);
        if (!read_position(&spec, &last) || spec.n)
            return false;
        out->length = last < size ? last : size;
        out->first = size - out->length;
        return true;
    }
    if (!read_position(&spec, &first) || !spec.n || spec.p[0] != '-')
        return false;
    spec = str_from(spec, 1);
    if (spec.n && (!read_position(&spec, &last) || spec.n || last < first))
        return false;
    if (first < size) {
        out->first = first;
        out->length = (last < size ? last : size - 1) - first + 1;
    }
    return true;
}

static bool read_unit(str *header)
{
    const size_t equals = str_find(*header, '=', 0);

    if (equals == header->n || !str_eq_ascii_case(str_cut(*header, equals), S("bytes")))
        return false;
    *header = str_from(*header, equals + 1);
    return true;
}

/* The specs of the list, empty ones left out (RFC 9110, 5.6.1). */
static bool next_spec(str *list, str *spec)
{
    while (list->n) {
        const size_t comma = str_find(*list, ',', 0);
        *spec = str_trim(str_cut(*list, comma));
        *list = str_from(*list, comma + 1);
        if (spec->n)
            return true;
    }
    return false;
}

static enum http_range_result read_list(str list, uint64_t size, struct http_range *ranges, size_t max,
                                        size_t *count)
{
    size_t   asked = 0;
    uint64_t total = 0;
    bool     is_empty_end = false;
    str      spec;

    while (next_spec(&list, &spec)) {
        struct http_range range;
        if (!read_spec(spec, size, &range) || ++asked > max)
            return HTTP_RANGE_NONE;
        is_empty_end |= !size && spec.p[0] == '-';
        if (!range.length)
            continue;
        if (range.length > size - total) /* overlapping: more than the whole would go out */
            return HTTP_RANGE_NONE;
        total += range.length;
        ranges[(*count)++] = range;
    }
    if (*count)
        return HTTP_RANGE_SOME;
    /* The end of nothing can be given, but no Content-Range says so: it goes out whole. */
    return asked && !is_empty_end ? HTTP_RANGE_UNMET : HTTP_RANGE_NONE;
}

enum http_range_result http_range_read(str header, uint64_t size, struct http_range *ranges,
                                       size_t max, size_t *count)
{
    *count = 0;
    if (!header.p || !read_unit(&header))
        return HTTP_RANGE_NONE;
    const enum http_range_result result = read_list(header, size, ranges, max, count);
    if (result == HTTP_RANGE_NONE)
        *count = 0;
    return result;
}
