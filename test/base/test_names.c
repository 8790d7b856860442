#include "test.h"

#include "base/names.h"

TEST(utf8, is_valid_or_not)
{
    const struct { const char *what; str s; bool valid; } cases[] = {
        { "empty", S(""), true },
        { "ascii", S("abc"), true },
        { "a NUL is a character", S("a\0b"), true },
        { "two bytes, first and last", S("\xc2\x80\xdf\xbf"), true },
        { "three bytes, first and last", S("\xe0\xa0\x80\xef\xbf\xbf"), true },
        { "around the surrogates", S("\xed\x9f\xbf\xee\x80\x80"), true },
        { "four bytes, first and last", S("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"), true },
        { "a noncharacter", S("\xef\xbf\xbe"), true },
        { "overlong slash, 2", S("\xc0\xaf"), false },
        { "overlong, c1", S("\xc1\xbf"), false },
        { "overlong slash, 3", S("\xe0\x80\xaf"), false },
        { "overlong, largest of 3", S("\xe0\x9f\xbf"), false },
        { "overlong slash, 4", S("\xf0\x80\x80\xaf"), false },
        { "overlong, largest of 4", S("\xf0\x8f\xbf\xbf"), false },
        { "overlong NUL", S("\xc0\x80"), false },
        { "high surrogate", S("\xed\xa0\x80"), false },
        { "low surrogate", S("\xed\xbf\xbf"), false },
        { "a pair of surrogates", S("\xed\xa0\xbd\xed\xb8\x80"), false },
        { "past U+10FFFF", S("\xf4\x90\x80\x80"), false },
        { "f5", S("\xf5\x80\x80\x80"), false },
        { "five bytes", S("\xf8\x88\x80\x80\x80"), false },
        { "fe", S("\xfe"), false },
        { "ff", S("\xff"), false },
        { "lone continuation", S("\x80"), false },
        { "truncated 2", S("a\xc3"), false },
        { "truncated 3", S("\xe4\xb8"), false },
        { "truncated 4", S("\xf0\x9f\x98"), false },
        { "truncated before ascii", S("\xe4\xb8z"), false },
        { "one continuation too many", S("\xc3\xa4\x80"), false },
        { "latin-1", S("caf\xe9 au lait"), false },
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK_CASE(cases[i].what, utf8_valid(cases[i].s) == cases[i].valid);
    CHECK(utf8_valid(S0));
}

TEST(utf8, does_not_read_past_the_end)
{
    const str s = S("\xe4\xb8\xad");
    CHECK(!utf8_valid(str_cut(s, 1)) && !utf8_valid(str_cut(s, 2)) && utf8_valid(s));
}

TEST(utf8, counts_characters)
{
    CHECK(utf8_count(S("")) == 0 && utf8_count(S("abc")) == 3 && utf8_count(S0) == 0);
    CHECK(utf8_count(S("\xe4\xb8\xad\xe6\x96\x87")) == 2 && utf8_count(S("\xf0\x9f\x98\x80x")) == 2);
}

TEST(name_nfc, makes_names_alike)
{
    AUTO(arena_free) struct arena *a = arena_new();
    CHECK(str_eq(name_nfc(a, S("e\xcc\x81")), S("\xc3\xa9")));
    CHECK(str_eq(name_nfc(a, S("\xc3\xa9")), S("\xc3\xa9")));
    CHECK(str_eq(name_nfc(a, S("plain.txt")), S("plain.txt")));
    CHECK(str_eq(name_nfc(a, S("\xe2\x84\xaa")), S("K"))); /* KELVIN SIGN */
    CHECK(str_eq(name_nfc(a, S("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab")), S("\xed\x95\x9c"))); /* Hangul */
    CHECK(!str_eq(name_nfc(a, S("a")), name_nfc(a, S("A"))));
    CHECK(!str_eq(name_nfc(a, S("\xef\xac\x81")), S("fi"))); /* ligatures are their own */
    CHECK(name_nfc(a, S("")).n == 0);
}

/* These grow the most under NFC: three times the length in UTF-8. */
TEST(name_nfc, has_room_for_what_grows)
{
    AUTO(arena_free) struct arena *a = arena_new();
    char many[1023];
    for (size_t i = 0; i + 3 <= sizeof many; i += 3)
        memcpy(many + i, "\xef\xac\xac", 3); /* U+FB2C becomes three characters */
    CHECK(str_eq(name_nfc(a, S("\xef\xac\xac")), S("\xd7\xa9\xd6\xbc\xd7\x81")));
    CHECK(name_nfc(a, (str){ many, sizeof many }).n == 2 * sizeof many);
}

TEST(name_folded, finds_without_regard_to_case)
{
    AUTO(arena_free) struct arena *a = arena_new();
    CHECK(str_eq(name_folded(a, S("ReadMe.TXT")), S("readme.txt")));
    CHECK(str_eq(name_folded(a, S("STRASSE")), name_folded(a, S("stra\xc3\x9f""e"))));
    CHECK(str_eq(name_folded(a, S("\xce\xa3")), name_folded(a, S("\xcf\x82")))); /* sigmas */
    CHECK(str_eq(name_folded(a, S("E\xcc\x81")), name_folded(a, S("\xc3\xa9"))));
    CHECK(name_contains(a, S("Annual Report 2024.PDF"), S("report")));
    CHECK(name_contains(a, S("\xc3\x89tude"), name_folded(a, S("e\xcc\x81T"))));
    CHECK(!name_contains(a, S("abc"), S("d")) && name_contains(a, S("abc"), S("")));
}

static bool before(struct arena *a, const char *x, const char *y)
{
    const str kx = name_sort_key(a, str_of(x)), ky = name_sort_key(a, str_of(y));
    const int order = memcmp(kx.p, ky.p, kx.n < ky.n ? kx.n : ky.n);
    return order < 0 || (order == 0 && kx.n < ky.n);
}

TEST(name_sort_key, orders_as_people_expect)
{
    static const char *const rows[][6] = {
        { "file1", "file2", "file10", "file100", NULL },
        { "a", "B", "c", "D", NULL },
        { "a", "a b", "ab", NULL },
        { "2", "10", "010a", "a", NULL },
        /* ai 爱, bei 北, shang 上, zhong 中: by pinyin, not by code point or strokes */
        { "\xe7\x88\xb1", "\xe5\x8c\x97", "\xe4\xb8\x8a", "\xe4\xb8\xad", NULL },
        { "\xe6\x96\x87\xe4\xbb\xb6""2", "\xe6\x96\x87\xe4\xbb\xb6""10", NULL },
    };
    AUTO(arena_free) struct arena *a = arena_new();
    for (size_t r = 0; r < COUNT(rows); r++)
        for (size_t i = 0; rows[r][i + 1]; i++)
            CHECK_CASE(rows[r][i], before(a, rows[r][i], rows[r][i + 1])
                                       && !before(a, rows[r][i + 1], rows[r][i]));
}

TEST(name_sort_key, is_bounded_and_the_same_for_the_same_beginning)
{
    AUTO(arena_free) struct arena *a = arena_new();
    char name[1024];
    memset(name, 'x', sizeof name);
    const str key = name_sort_key(a, (str){ name, sizeof name });
    CHECK(key.n == SORT_KEY_MAX);
    name[1023] = 'y';
    CHECK(str_eq(key, name_sort_key(a, (str){ name, sizeof name })));
    name[0] = 'y';
    CHECK(memcmp(key.p, name_sort_key(a, (str){ name, sizeof name }).p, key.n) < 0);
    CHECK(name_sort_key(a, S("")).p);
}

/* Every length around the place where a key is cut. */
TEST(name_sort_key, keeps_order_at_every_length)
{
    AUTO(arena_free) struct arena *a = arena_new();
    char name[400];
    memset(name, 'a', sizeof name);
    for (size_t n = 1; n < sizeof name; n++) {
        const str shorter = name_sort_key(a, (str){ name, n }), longer = name_sort_key(a, (str){ name, n + 1 });
        CHECK(longer.n <= SORT_KEY_MAX);
        const int order = memcmp(shorter.p, longer.p, shorter.n < longer.n ? shorter.n : longer.n);
        CHECK(order < 0 || (order == 0 && shorter.n <= longer.n));
    }
}

TEST(name_extension, is_what_follows_the_last_dot)
{
    const struct { str name, extension; } cases[] = {
        { S("a.txt"), S("txt") }, { S("a.tar.gz"), S("gz") }, { S("a"), S("") }, { S(".profile"), S("") },
        { S("a."), S("") }, { S(""), S("") }, { S("."), S("") }, { S("..x"), S("x") }, { S("A.TXT"), S("TXT") },
        { S("\xe4\xb8\xad.\xe6\x96\x87"), S("\xe6\x96\x87") },
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK_CASE(cases[i].name.p, str_eq(name_extension(cases[i].name), cases[i].extension));
    CHECK(name_extension(S0).n == 0);
}

TEST_MAIN
