/* Which bytes go out for a Range header, by each vendor's rules. */
#include "test.h"

#include "dialect/data/ranges.h"
#include "drive/link.h"

struct range_case {
    const char            *header;
    uint64_t               size;
    bool                   standard;
    enum http_range_result result;
    size_t                 count;
    struct http_range      first;
};

static void check_cases(int dialect, const struct range_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct http_range            ranges[DATA_RANGES_MAX] = { 0 };
        size_t                       count = 99;
        const enum http_range_result result =
            data_ranges(data_rules_of(dialect), str_of(cases[i].header), cases[i].standard,
                        cases[i].size, ranges, &count);
        CHECK_CASE(cases[i].header, result == cases[i].result);
        if (result != HTTP_RANGE_SOME)
            continue;
        CHECK_CASE(cases[i].header, count == cases[i].count);
        CHECK_CASE(cases[i].header, ranges[0].first == cases[i].first.first);
        CHECK_CASE(cases[i].header, ranges[0].length == cases[i].first.length);
    }
}

TEST(data_ranges, dingtalk_serves_the_first_range_only)
{
    static const struct range_case cases[] = {
        { "bytes=0-4", 10, false, HTTP_RANGE_SOME, 1, { 0, 5 } },
        { "bytes=0-4, 6-7", 10, false, HTTP_RANGE_SOME, 1, { 0, 5 } },
        { "bytes=2-", 10, false, HTTP_RANGE_SOME, 1, { 2, 8 } },
        { "bytes=-3", 10, false, HTTP_RANGE_SOME, 1, { 7, 3 } },
        { "bytes=-10", 10, false, HTTP_RANGE_SOME, 1, { 0, 10 } },
        { "bytes=9-9", 10, false, HTTP_RANGE_SOME, 1, { 9, 1 } },
    };
    check_cases(LINK_DINGTALK, cases, COUNT(cases));
}

TEST(data_ranges, dingtalk_sends_the_whole_for_what_is_malformed_or_outside)
{
    static const struct range_case cases[] = {
        { "bytes=0-10", 10, false, HTTP_RANGE_NONE, 0, { 0, 0 } },
        { "bytes=10-", 10, false, HTTP_RANGE_NONE, 0, { 0, 0 } },
        { "bytes=10-12", 10, false, HTTP_RANGE_NONE, 0, { 0, 0 } },
        { "bytes=-11", 10, false, HTTP_RANGE_NONE, 0, { 0, 0 } },
        { "bytes=-0", 10, false, HTTP_RANGE_NONE, 0, { 0, 0 } },
        { "bytes=5-2", 10, false, HTTP_RANGE_NONE, 0, { 0, 0 } },
        { "bytes=a-2", 10, false, HTTP_RANGE_NONE, 0, { 0, 0 } },
        { "bytes=", 10, false, HTTP_RANGE_NONE, 0, { 0, 0 } },
        { "bytes", 10, false, HTTP_RANGE_NONE, 0, { 0, 0 } },
        { "", 10, false, HTTP_RANGE_NONE, 0, { 0, 0 } },
        { "items=0-1", 10, false, HTTP_RANGE_NONE, 0, { 0, 0 } },
        { "bytes=0-99999999999999999999", 10, false, HTTP_RANGE_NONE, 0, { 0, 0 } },
        { "bytes=0-0", 0, false, HTTP_RANGE_NONE, 0, { 0, 0 } },
    };
    check_cases(LINK_DINGTALK, cases, COUNT(cases));
}

TEST(data_ranges, dingtalk_cuts_or_refuses_when_the_standard_is_asked_for)
{
    static const struct range_case cases[] = {
        { "bytes=0-10", 10, true, HTTP_RANGE_SOME, 1, { 0, 10 } },
        { "bytes=8-500", 10, true, HTTP_RANGE_SOME, 1, { 8, 2 } },
        { "bytes=10-", 10, true, HTTP_RANGE_UNMET, 0, { 0, 0 } },
        { "bytes=-11", 10, true, HTTP_RANGE_SOME, 1, { 0, 10 } },
        { "bytes=5-2", 10, true, HTTP_RANGE_NONE, 0, { 0, 0 } },
    };
    check_cases(LINK_DINGTALK, cases, COUNT(cases));
}

TEST(data_ranges, pds_and_koodrive_serve_several_ranges)
{
    static const struct range_case cases[] = {
        { "bytes=0-1,4-5,9-", 10, false, HTTP_RANGE_SOME, 3, { 0, 2 } },
        { "bytes=0-99", 10, false, HTTP_RANGE_SOME, 1, { 0, 10 } },
        { "bytes=10-", 10, false, HTTP_RANGE_UNMET, 0, { 0, 0 } },
        { "bytes=x", 10, false, HTTP_RANGE_NONE, 0, { 0, 0 } },
    };
    check_cases(LINK_PDS, cases, COUNT(cases));
    check_cases(LINK_KOODRIVE, cases, COUNT(cases));
}

TEST_MAIN
