#include "test.h"

#include <inttypes.h>
#include <stdio.h>

#include "http/http.h"

enum { MAX = 4 };

struct range_case {
    const char            *header;
    uint64_t               size;
    enum http_range_result result;
    const char            *ranges; /* "first+length ..." */
};

static void run(const struct range_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct http_range ranges[MAX];
        size_t            count = 99, used = 0;
        char              text[200] = "";
        CHECK_CASE(cases[i].header, http_range_read(str_of(cases[i].header), cases[i].size, ranges, MAX,
                                                    &count) == cases[i].result);
        for (size_t r = 0; r < count; r++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%" PRIu64 "+%" PRIu64, r ? " " : "",
                                     ranges[r].first, ranges[r].length);
        CHECK_CASE(cases[i].header, strcmp(text, cases[i].ranges ? cases[i].ranges : "") == 0);
    }
}

TEST(http_range, reads_what_the_rfc_shows)
{
    static const struct range_case cases[] = {
        { "bytes=0-499",          10000, HTTP_RANGE_SOME, "0+500" },
        { "bytes=500-999",        10000, HTTP_RANGE_SOME, "500+500" },
        { "bytes=-500",           10000, HTTP_RANGE_SOME, "9500+500" },
        { "bytes=9500-",          10000, HTTP_RANGE_SOME, "9500+500" },
        { "bytes=0-0,-1",         10000, HTTP_RANGE_SOME, "0+1 9999+1" },
        { "bytes= 0-999, 4500-5499, -1000", 10000, HTTP_RANGE_SOME, "0+1000 4500+1000 9000+1000" },
        { "bytes=500-600,601-999", 10000, HTTP_RANGE_SOME, "500+101 601+399" },
        { "bytes=0-",             1,     HTTP_RANGE_SOME, "0+1" },
        { "BYTES=0-0",            1,     HTTP_RANGE_SOME, "0+1" },
        { "bytes=,, 1-2 ,,",      10,    HTTP_RANGE_SOME, "1+2" },
        { "bytes=007-008",        10,    HTTP_RANGE_SOME, "7+2" },
    };
    run(cases, COUNT(cases));
}

TEST(http_range, cuts_at_the_end)
{
    static const struct range_case cases[] = {
        { "bytes=5-100",  10, HTTP_RANGE_SOME, "5+5" },
        { "bytes=9-9",    10, HTTP_RANGE_SOME, "9+1" },
        { "bytes=-100",   10, HTTP_RANGE_SOME, "0+10" },
        { "bytes=0-9",    10, HTTP_RANGE_SOME, "0+10" },
        { "bytes=0-10",   10, HTTP_RANGE_SOME, "0+10" },
        { "bytes=20-,3-", 10, HTTP_RANGE_SOME, "3+7" },
    };
    run(cases, COUNT(cases));
}

TEST(http_range, tells_what_cannot_be_met)
{
    static const struct range_case cases[] = {
        { "bytes=10-",         10, HTTP_RANGE_UNMET, NULL },
        { "bytes=10-20",       10, HTTP_RANGE_UNMET, NULL },
        { "bytes=-0",          10, HTTP_RANGE_UNMET, NULL },
        { "bytes=10-11,12-,-0", 10, HTTP_RANGE_UNMET, NULL },
        { "bytes=0-",          0,  HTTP_RANGE_UNMET, NULL },
        { "bytes=0-0",         0,  HTTP_RANGE_UNMET, NULL },
    };
    run(cases, COUNT(cases));
}

/* A suffix of an empty representation is satisfiable, and no Content-Range can say so. */
TEST(http_range, sends_the_empty_whole_for_a_suffix_of_it)
{
    static const struct range_case cases[] = { { "bytes=-5", 0, HTTP_RANGE_NONE, NULL },
                                               { "bytes=-5,7-", 0, HTTP_RANGE_NONE, NULL } };
    run(cases, COUNT(cases));
}

TEST(http_range, ignores_what_is_malformed)
{
    static const char *const headers[] = {
        "",           "bytes",      "bytes=",     "bytes=,",     "bytes=-",      "bytes=--5",   "bytes=1",
        "bytes=5-4",  "bytes=a-b",  "bytes=1-b",  "bytes=1 - 2", "bytes=1-2 3",  "bytes=+1-2",  "bytes=0x1-2",
        "items=0-5",  "bytes:0-5",  "bytes =0-5", "bytes=0-5;q", "bytes=0-1,z",  "bytes=-1-2",  "bytes=1-2-3",
        "bytes=1.0-2", "bytes=1e3-", " bytes=0-1", "byte=0-1",   "bytess=0-1",
    };
    for (size_t i = 0; i < COUNT(headers); i++)
        run(&(struct range_case){ headers[i], 100, HTTP_RANGE_NONE, NULL }, 1);
    struct http_range range;
    size_t            count;
    CHECK(http_range_read(S0, 100, &range, 1, &count) == HTTP_RANGE_NONE && count == 0);
    CHECK(http_range_read(S("bytes=0-\0" "5"), 100, &range, 1, &count) == HTTP_RANGE_NONE);
}

TEST(http_range, refuses_overflow)
{
    static const struct range_case cases[] = {
        { "bytes=0-18446744073709551615",                      10, HTTP_RANGE_SOME,  "0+10" },
        { "bytes=0-18446744073709551616",                      10, HTTP_RANGE_SOME,  "0+10" },
        { "bytes=0-99999999999999999999999999999999999999999", 10, HTTP_RANGE_SOME,  "0+10" },
        { "bytes=18446744073709551615-",                       10, HTTP_RANGE_UNMET, NULL },
        { "bytes=18446744073709551616-",                       10, HTTP_RANGE_UNMET, NULL },
        { "bytes=18446744073709551617-18446744073709551618",   10, HTTP_RANGE_UNMET, NULL },
        { "bytes=-18446744073709551616",                       10, HTTP_RANGE_SOME,  "0+10" },
        { "bytes=-9223372036854775809",                        10, HTTP_RANGE_SOME,  "0+10" },
        { "bytes=0-", UINT64_MAX, HTTP_RANGE_SOME, "0+18446744073709551615" },
        { "bytes=1-18446744073709551615", UINT64_MAX, HTTP_RANGE_SOME, "1+18446744073709551614" },
        { "bytes=0-18446744073709551614,0-0", UINT64_MAX, HTTP_RANGE_NONE, NULL },
        { "bytes=0-18446744073709551613,1-",  UINT64_MAX, HTTP_RANGE_NONE, NULL },
    };
    run(cases, COUNT(cases));
}

TEST(http_range, refuses_more_ranges_than_allowed)
{
    struct http_range ranges[MAX];
    size_t            count;
    CHECK(http_range_read(S("bytes=0-0,1-1,2-2,3-3"), 10, ranges, MAX, &count) == HTTP_RANGE_SOME && count == 4);
    CHECK(http_range_read(S("bytes=0-0,1-1,2-2,3-3,4-4"), 10, ranges, MAX, &count) == HTTP_RANGE_NONE);
    CHECK(http_range_read(S("bytes=0-0,50-50"), 10, ranges, 1, &count) == HTTP_RANGE_NONE);
}

TEST(http_range, refuses_ranges_that_send_more_than_the_whole)
{
    struct http_range ranges[MAX];
    size_t            count;
    CHECK(http_range_read(S("bytes=0-9,0-0"), 10, ranges, MAX, &count) == HTTP_RANGE_NONE);
    CHECK(http_range_read(S("bytes=0-,0-,0-"), 10, ranges, MAX, &count) == HTTP_RANGE_NONE);
    CHECK(http_range_read(S("bytes=0-4,0-4"), 10, ranges, MAX, &count) == HTTP_RANGE_SOME && count == 2);
}

TEST(http_range, reads_a_very_long_list_without_harm)
{
    char              header[20000] = "bytes=";
    struct http_range range;
    size_t            count;
    for (size_t n = strlen(header); n + 5 < sizeof header; n += 4)
        memcpy(header + n, "0-0,", 5);
    CHECK(http_range_read(str_of(header), 1 << 30, &range, 1, &count) == HTTP_RANGE_NONE);
}

TEST_MAIN
