#include "test.h"

#include "base/arena.h"
#include "base/names.h"
#include "base/text.h"
#include "base/words.h"

/* a b+c: a word; a word, and one joined to it */
static str shown(struct arena *arena, const char *text)
{
    AUTO(text_done) struct text out = { 0 };
    const struct list words = words_of(arena, str_of(text));
    const struct word_found *w = words.items;
    for (size_t i = 0; i < words.count; i++)
        text_print(&out, "%s%.*s", w[i].is_joined ? "+" : i ? " " : "", STR_ARG(w[i].text));
    return arena_copy(arena, text_str(&out));
}

TEST(words, are_runs_of_letters_or_digits_and_single_characters)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        { "", "" },
        { " .-_()[]", "" },
        { "Report.PDF", "report pdf" },
        { "IMG_20230405_101112.jpg", "img 20230405 101112 jpg" },
        { "final v3", "final v+3" },
        { "mp4", "mp+4" },
        { "k\u4e2d", "k+\u4e2d" },
        { "\u4f1a\u8bae\u7eaa\u8981 2023\uff085\uff09.docx", "\u4f1a+\u8bae+\u7eaa+\u8981 2023 5 docx" },
        { "\u8fd9\u662f\uff0c\u90a3\u662f", "\u8fd9+\u662f \u90a3+\u662f" },
        { "\uff21\uff22\uff23\uff11\uff12", "abc+12" },                  /* full width */
        { "STRASSE stra\u00dfe", "strasse strasse" },
        { "\u00c9t\u00e9 E\u0301te\u0301", "\u00e9t\u00e9 \u00e9t\u00e9" }, /* composed or not */
        { "\u043e\u0442\u0447\u0451\u0442 \u03a3\u03a3\u03c2", "\u043e\u0442\u0447\u0451\u0442 \u03c3\u03c3\u03c3" },
        { "\ud55c\uad6d\uc5b4 \ubcf4\uace0\uc11c", "\ud55c\uad6d\uc5b4 \ubcf4\uace0\uc11c" },
        { "a\U0001F389b", "a+\U0001F389+b" },
        { "it's", "it s" },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        AUTO(arena_free) struct arena *arena = arena_new();
        const str got = shown(arena, cases[i].text);
        CHECK_CASE(arena_z(arena, got), str_eq(got, str_of(cases[i].words)));
    }
}

TEST(words, are_valid_utf8_whatever_the_text)
{
    for (uint32_t c = 0x80; c < 0x110000; c += c < 0x3000 ? 1 : 37) {
        AUTO(arena_free) struct arena *arena = arena_new();
        char bytes[4];
        if (c >= 0xD800 && c < 0xE000)
            continue;
        const size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        for (size_t i = n; i-- > 1; )
            bytes[i] = (char)(0x80 | ((c >> 6 * (n - 1 - i)) & 0x3F));
        bytes[0] = (char)((n == 2 ? 0xC0 : n == 3 ? 0xE0 : 0xF0) | c >> 6 * (n - 1));
        const struct list words = words_of(arena, (str){ bytes, n });
        for (size_t i = 0; i < words.count; i++)
            CHECK(utf8_valid(((const struct word_found *)words.items)[i].text));
    }
}

static bool matches(const char *text, const char *wanted)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    const struct list a = words_of(arena, str_of(text)), b = words_of(arena, str_of(wanted));
    return words_match(&a, &b);
}

TEST(words, match_anywhere_and_by_their_beginning_but_not_inside)
{
    CHECK(matches("Quarterly report 12, final v3.xlsx", "report"));
    CHECK(matches("Quarterly report 12, final v3.xlsx", "FINAL quart"));
    CHECK(matches("Quarterly report 12, final v3.xlsx", "rep"));
    CHECK(matches("Quarterly report 12, final v3.xlsx", "v3.xlsx"));
    CHECK(!matches("Quarterly report 12, final v3.xlsx", "port"));
    CHECK(!matches("Quarterly report 12, final v3.xlsx", "report missing"));
    CHECK(matches("k\u4e2d", "k") && !matches("jk", "k") && !matches("she", "k") && matches("k", "k"));
}

TEST(words, that_stand_together_are_found_together)
{
    CHECK(matches("\u5e74\u5ea6\u4f1a\u8bae\u7eaa\u8981", "\u4f1a\u8bae"));
    CHECK(!matches("\u8bae\u4f1a\u7eaa\u8981", "\u4f1a\u8bae"));
    CHECK(matches("\u8bae\u4f1a\u7eaa\u8981", "\u4f1a \u8bae"));
    CHECK(!matches("v 3", "v3") && matches("v3", "v 3") && matches("v31", "v3"));
    CHECK(!matches("\u4f1a.\u8bae", "\u4f1a\u8bae"));
    CHECK(!matches("mp3 4", "mp4"));
}

TEST(words, wanted_none_match_nothing)
{
    CHECK(!matches("anything", "") && !matches("anything", " ._-") && !matches("", "a") && !matches("", ""));
}

TEST_MAIN
