#include "test.h"

#include "base/clock.h"

static const instant example = { INT64_C(1566283887292) };

TEST(instant, prints_every_form)
{
    const struct { enum instant_form form; str text; } cases[] = {
        { INSTANT_MS, S("2019-08-20T06:51:27.292Z") }, { INSTANT_S, S("2019-08-20T06:51:27Z") },
        { INSTANT_COMPACT, S("20190820T065127Z") },    { INSTANT_STAMP, S("20190820_065127") },
        { INSTANT_HTTP, S("Tue, 20 Aug 2019 06:51:27 GMT") }, { INSTANT_SPACE, S("2019-08-20 06:51:27") },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char    out[INSTANT_TEXT];
        instant back;
        CHECK_CASE(cases[i].text.p, str_eq(instant_print(example, cases[i].form, out), cases[i].text));
        CHECK_CASE(cases[i].text.p, instant_read(cases[i].text, cases[i].form, &back));
        CHECK_CASE(cases[i].text.p, back.ms == (cases[i].form == INSTANT_MS ? example.ms : example.ms - 292));
    }
}

TEST(instant, prints_the_ends_of_time)
{
    char out[INSTANT_TEXT];
    CHECK(str_eq(instant_print((instant){ -1 }, INSTANT_MS, out), S("1969-12-31T23:59:59.999Z")));
    CHECK(str_eq(instant_print((instant){ 0 }, INSTANT_MS, out), S("1970-01-01T00:00:00.000Z")));
    CHECK(str_eq(instant_print((instant){ ID_MAX }, INSTANT_S, out), S("287396-10-12T08:59:00Z")));
}

TEST(instant, reads_rfc_3339)
{
    static const struct { const char *text; int64_t ms; } cases[] = {
        { "1970-01-01T00:00:00Z", 0 },
        { "2019-08-20T06:51:27Z", 1566283887000 },
        { "2019-08-20T06:51:27.2Z", 1566283887200 },
        { "2019-08-20T06:51:27.29Z", 1566283887290 },
        { "2019-08-20T06:51:27.292999999Z", 1566283887292 },
        { "2019-08-20t06:51:27z", 1566283887000 },
        { "2019-08-20T14:51:27+08:00", 1566283887000 },
        { "2019-08-20T14:51:27.292+08:00", 1566283887292 },
        { "2019-08-19T18:21:27-12:30", 1566283887000 },
        { "2019-08-20T06:51:27+00:00", 1566283887000 },
        { "2019-08-20T06:51:27-00:00", 1566283887000 },
        { "2000-02-29T00:00:00Z", 951782400000 },
        { "2020-02-29T23:59:59.999Z", 1583020799999 },
        { "9999-12-31T23:59:59.999Z", 253402300799999 },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        instant t = { -7 };
        CHECK_CASE(cases[i].text, instant_read(str_of(cases[i].text), INSTANT_MS, &t) && t.ms == cases[i].ms);
    }
}

TEST(instant, refuses_what_is_no_time)
{
    static const struct { enum instant_form form; const char *text; } cases[] = {
        { INSTANT_MS, "" }, { INSTANT_MS, "2019" }, { INSTANT_MS, "2019-08-20" }, { INSTANT_MS, "now" },
        { INSTANT_MS, "2019-02-29T00:00:00Z" }, { INSTANT_MS, "1900-02-29T00:00:00Z" },
        { INSTANT_MS, "2100-02-29T00:00:00Z" }, { INSTANT_MS, "2019-04-31T00:00:00Z" },
        { INSTANT_MS, "2019-00-20T00:00:00Z" }, { INSTANT_MS, "2019-13-20T00:00:00Z" },
        { INSTANT_MS, "2019-08-00T00:00:00Z" }, { INSTANT_MS, "2019-08-32T00:00:00Z" },
        { INSTANT_MS, "2019-08-20T24:00:00Z" }, { INSTANT_MS, "2019-08-20T00:60:00Z" },
        { INSTANT_MS, "2019-08-20T00:00:60Z" }, { INSTANT_MS, "1969-12-31T23:59:59Z" },
        { INSTANT_MS, "2019-08-20T06:51:27" }, { INSTANT_MS, "2019-08-20T06:51:27.Z" },
        { INSTANT_MS, "2019-08-20T06:51:27.1234567890Z" }, { INSTANT_MS, "2019-08-20T06:51:27ZZ" },
        { INSTANT_MS, "2019-08-20T06:51:27Z " }, { INSTANT_MS, " 2019-08-20T06:51:27Z" },
        { INSTANT_MS, "2019-08-20 06:51:27Z" }, { INSTANT_MS, "2019-08-20T06:51:27+0800" },
        { INSTANT_MS, "2019-08-20T06:51:27+24:00" }, { INSTANT_MS, "2019-08-20T06:51:27+08:60" },
        { INSTANT_MS, "2019-08-20T06:51:27+08" }, { INSTANT_MS, "2019-08-20T06:51:27,5Z" },
        { INSTANT_MS, "2019-8-20T06:51:27Z" }, { INSTANT_MS, "+2019-08-20T06:51:27Z" },
        { INSTANT_S, "2019-08-20T06:51:27.292Z" }, { INSTANT_S, "2019-08-20T06:51:27+08:00" },
        { INSTANT_S, "2019-08-20T06:51:27z" },
        { INSTANT_COMPACT, "2019-08-20T06:51:27Z" }, { INSTANT_COMPACT, "20190820T065127" },
        { INSTANT_COMPACT, "20190229T065127Z" }, { INSTANT_COMPACT, "20190820T065127Z0" },
        { INSTANT_STAMP, "20190820-065127" }, { INSTANT_SPACE, "2019-08-20T06:51:27" },
        { INSTANT_HTTP, "Mon, 20 Aug 2019 06:51:27 GMT" }, { INSTANT_HTTP, "Tue, 20 aug 2019 06:51:27 GMT" },
        { INSTANT_HTTP, "Tue, 20 Aug 2019 06:51:27 UTC" }, { INSTANT_HTTP, "Tue, 31 Feb 2019 06:51:27 GMT" },
        { INSTANT_HTTP, "Tuesday, 20-Aug-19 06:51:27 GMT" }, { INSTANT_HTTP, "Tue Aug 20 06:51:27 2019" },
        { INSTANT_HTTP, "" },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        instant t = { -7 };
        CHECK_CASE(cases[i].text, !instant_read(str_of(cases[i].text), cases[i].form, &t) && t.ms == -7);
    }
}

TEST(instant, reads_back_every_day_it_prints)
{
    char out[INSTANT_TEXT];
    for (int64_t day = 0; day < 366 * 150; day++) {
        const instant t = { (day * 86400 + day % 86400) * 1000 };
        for (int form = INSTANT_MS; form <= INSTANT_SPACE; form++) {
            instant back;
            CHECK_CASE(out, instant_read(instant_print(t, form, out), form, &back) && back.ms == t.ms);
        }
    }
}

TEST(clock, stands_still_when_frozen)
{
    clock_set(example);
    CHECK(clock_now().ms == example.ms);
    clock_set((instant){ 0 });
    CHECK(clock_now().ms > INT64_C(1700000000000));
}

TEST(clock, goes_forward)
{
    const int64_t before = clock_monotonic_ms();
    CHECK(before > 0 && clock_monotonic_ms() >= before);
}

TEST_MAIN
