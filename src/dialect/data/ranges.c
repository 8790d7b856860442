#include "dialect/data/ranges.h"

/* Object storage answers a range that reaches past the end with the whole file, unless asked for
 * the standard behaviour. Source: DingTalk resource URLs are OSS; OSS "Range requests". */
static bool reaches_past_end(str range, uint64_t size)
{
    const size_t dash = str_find(range, '-', 0);
    int64_t number;
    if (dash == range.n)
        return true;
    if (dash == 0) /* a suffix */
        return !str_int64(str_from(range, 1), &number) || (uint64_t)number > size;
    const str last = str_trim(str_from(range, dash + 1));
    if (last.n == 0)
        return false;
    return !str_int64(last, &number) || (uint64_t)number >= size;
}

enum http_range_result data_ranges(const struct data_rules *rules, str header, bool standard,
                                   uint64_t size, struct http_range *ranges, size_t *count)
{
    *count = 0;
    if (!rules->first_range_only)
        return http_range_read(header, size, ranges, DATA_RANGES_MAX, count);

    const str first = str_trim(str_cut(header, str_find(header, ',', 0)));
    const str unit = S("bytes=");
    if (first.n < unit.n || !str_eq_ascii_case(str_cut(first, unit.n), unit))
        return HTTP_RANGE_NONE;
    if (!standard && reaches_past_end(str_trim(str_from(first, unit.n)), size))
        return HTTP_RANGE_NONE;
    const enum http_range_result result = http_range_read(first, size, ranges, 1, count);
    return result == HTTP_RANGE_UNMET && !standard ? HTTP_RANGE_NONE : result;
}
