#include "test.h"

#include "admin/suggest.h"

TEST(word_distance, counts_letters_put_in_taken_out_changed_and_swapped)
{
    static const struct {
        const char *a, *b;
        int         distance;
    } cases[] = {
        { "", "", 0 }, { "", "abc", 3 }, { "abc", "", 3 }, { "serve", "serve", 0 }, { "serv", "serve", 1 },
        { "servee", "serve", 1 }, { "sorve", "serve", 1 }, { "sreve", "serve", 1 }, { "listen", "silent", 4 },
        { "public_url", "pubic_url", 1 }, { "abc", "xyz", 3 },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CHECK_CASE(cases[i].a, word_distance(str_of(cases[i].a), str_of(cases[i].b)) == cases[i].distance);
        CHECK_CASE(cases[i].a, word_distance(str_of(cases[i].b), str_of(cases[i].a)) == cases[i].distance);
    }
}

TEST(word_distance, takes_long_words_for_far_away)
{
    char long_word[200];
    memset(long_word, 'x', sizeof long_word);
    CHECK(word_distance((str){ long_word, sizeof long_word }, S("x")) == 63);
    CHECK(word_distance((str){ long_word, 63 }, (str){ long_word, 63 }) == 0);
}

static str nearest(const char *typed)
{
    static const char *const words[] = { "serve", "demo", "env", "user", "drive", "db" };
    struct suggestion s = { .typed = str_of(typed) };
    for (size_t i = 0; i < COUNT(words); i++)
        suggest(&s, str_of(words[i]));
    return suggested(&s);
}

TEST(suggestion, is_made_only_for_what_is_near)
{
    CHECK(str_eq(nearest("serv"), S("serve")));
    CHECK(str_eq(nearest("drvie"), S("drive")));
    CHECK(str_eq(nearest("dmeo"), S("demo")));
    CHECK(!nearest("backup").p);
    CHECK(!nearest("xy").p);
}

TEST_MAIN
