#include "test.h"

#include "base/types.h"

TEST(str, compares_bytes_and_lengths)
{
    CHECK(str_eq(S("abc"), S("abc")));
    CHECK(!str_eq(S("abc"), S("abd")) && !str_eq(S("abc"), S("ab")));
    CHECK(str_eq(S(""), S0)); /* equal as bytes; "not given" is p == NULL */
    CHECK(str_eq(S("a\0b"), S("a\0b")) && !str_eq(S("a\0b"), S("a\0c")));
}

TEST(str, compares_ascii_letters_alike)
{
    CHECK(str_eq_ascii_case(S("Content-TYPE"), S("content-type")));
    CHECK(!str_eq_ascii_case(S("a"), S("ab")));
    CHECK(!str_eq_ascii_case(S("@"), S("`")) && !str_eq_ascii_case(S("["), S("{"))); /* 32 apart, no letters */
    CHECK(!str_eq_ascii_case(S("\xc3\x84"), S("\xc3\xa4")));
}

TEST(str, cuts_and_skips_within_bounds)
{
    const str s = S("hello");
    CHECK(str_eq(str_from(s, 2), S("llo")) && str_from(s, 5).n == 0 && str_from(s, 99).n == 0);
    CHECK(str_eq(str_cut(s, 2), S("he")) && str_eq(str_cut(s, 99), s));
    CHECK(str_starts(s, S("he")) && str_starts(s, S("")) && !str_starts(s, S("hello!")));
    CHECK(str_from(S0, 0).n == 0 && str_from(S0, 3).n == 0 && str_cut(S0, 3).n == 0);
}

TEST(str, borrows_a_c_string)
{
    CHECK(str_eq(str_of("abc"), S("abc")) && str_of("").p && !str_of(NULL).p);
}

TEST(str, trims_blanks_and_tabs)
{
    const struct { str in, out; } cases[] = {
        { S(" \t a b\t "), S("a b") }, { S("a"), S("a") }, { S("  "), S("") }, { S(""), S("") },
        { S("\na\n"), S("\na\n") },
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK_CASE(cases[i].in.p, str_eq(str_trim(cases[i].in), cases[i].out));
}

TEST(str, finds_bytes_and_parts)
{
    const str s = S("a,b,,c");
    CHECK(str_find(s, ',', 0) == 1 && str_find(s, ',', 2) == 3 && str_find(s, ',', 5) == s.n);
    CHECK(str_find(s, ',', 99) == s.n && str_find(S0, ',', 0) == 0);
    CHECK(str_find_str(s, S(",,"), 0) == 3 && str_find_str(s, S("x"), 0) == s.n);
    CHECK(str_find_str(s, S(""), 2) == 2 && str_find_str(s, S("a"), 1) == s.n);
}

TEST(str_int64, reads_what_fits)
{
    static const struct { const char *in; int64_t out; } cases[] = {
        { "0", 0 }, { "7", 7 }, { "-1", -1 }, { "9007199254740991", ID_MAX },
        { "9223372036854775807", INT64_MAX }, { "-9223372036854775808", INT64_MIN },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t v = 99;
        CHECK_CASE(cases[i].in, str_int64(str_of(cases[i].in), &v) && v == cases[i].out);
    }
}

TEST(str_int64, refuses_every_other_spelling)
{
    static const char *const cases[] = {
        "", "-", "+1", " 1", "1 ", "01", "00", "-0", "-01", "1e3", "1.0", "0x10", "NaN", "1\n", "--1",
        "9223372036854775808", "-9223372036854775809", "18446744073709551616",
        "99999999999999999999999999999999", "\xd9\xa1", /* ARABIC-INDIC DIGIT ONE */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t v = 99;
        CHECK_CASE(cases[i], !str_int64(str_of(cases[i]), &v) && v == 99);
    }
    int64_t v;
    CHECK(!str_int64(S0, &v) && !str_int64(S("1\0"), &v));
}

TEST_MAIN
