#include "dialect/data/conditions.h"

#include "base/clock.h"

/* Takes the next entity tag off a list; false at the end or where it is no list of tags. */
static bool next_tag(str *rest, bool *weak, str *tag)
{
    str s = *rest;
    while (s.n > 0 && (*s.p == ' ' || *s.p == '\t' || *s.p == ','))
        s = str_from(s, 1);
    *weak = str_starts(s, S("W/"));
    if (*weak)
        s = str_from(s, 2);
    if (s.n < 2 || *s.p != '"')
        return false;
    const size_t end = str_find(s, '"', 1);
    if (end == s.n)
        return false;
    *tag = str_cut(s, end + 1);
    *rest = str_from(s, end + 1);
    return true;
}

static bool list_has(str list, str etag, bool weak_counts)
{
    if (str_eq(str_trim(list), S("*")))
        return true;
    bool weak;
    str tag;
    while (next_tag(&list, &weak, &tag))
        if (str_eq(tag, etag) && (weak_counts || !weak))
            return true;
    return false;
}

/* Dates on the wire have whole seconds. */
static int64_t seconds(instant t)
{
    return t.ms / 1000;
}

enum verdict preconditions_judge(const struct preconditions *asked, const struct validators *have)
{
    instant date;
    if (asked->if_match.p) {
        if (!list_has(asked->if_match, have->etag, false))
            return VERDICT_FAILED;
    } else if (asked->if_unmodified_since.p
               && instant_read(asked->if_unmodified_since, INSTANT_HTTP, &date)) {
        if (seconds(have->modified) > seconds(date))
            return VERDICT_FAILED;
    }
    if (asked->if_none_match.p)
        return list_has(asked->if_none_match, have->etag, true) ? VERDICT_NOT_MODIFIED
                                                                : VERDICT_SEND;
    if (asked->if_modified_since.p && instant_read(asked->if_modified_since, INSTANT_HTTP, &date))
        return seconds(have->modified) <= seconds(date) ? VERDICT_NOT_MODIFIED : VERDICT_SEND;
    return VERDICT_SEND;
}

bool if_range_holds(str if_range, const struct validators *have)
{
    instant date;
    const str asked = str_trim(if_range);
    if (asked.n > 0 && *asked.p == '"')
        return str_eq(asked, have->etag);
    /* A date is as good only when it is exactly ours; a weak tag never is. */
    return instant_read(asked, INSTANT_HTTP, &date) && seconds(date) == seconds(have->modified);
}
