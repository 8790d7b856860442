/* test/contract/test_json.c: JSON from outside: what is read, what is refused and where. */
#include "contract/tests.h"

#include "base/text.h"
#include "contract/json.h"

static const struct json *read_depth(struct arena *a, str s, int depth, const char **because,
                                     size_t *at)
{
    /* An exact copy on the heap, so that a read past the end is seen. */
    char *copy = malloc(s.n ? s.n : 1);
    if (s.n)
        memcpy(copy, s.p, s.n);
    const str kept = arena_copy(a, s);
    const struct json *onto_heap = json_read(a, (str){ copy, s.n }, depth, because, at);
    free(copy);
    const struct json *v = json_read(a, kept, depth, because, at);
    assert_int_equal(!v, !onto_heap);
    return v;
}

static bool reads(str s)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const char *because;
    size_t      at;
    const struct json *v = read_depth(a, s, 32, &because, &at);
    CHECK(!v == !!because || !s.n);
    CHECK(at <= s.n);
    return v != NULL;
}

TEST(json, reads_what_the_grammar_allows)
{
    static const char *const good[] = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "10",
        "-1.5",
        "1e3",
        "1E+3",
        "1.25e-7",
        "\"\"",
        "[]",
        "{}",
        " [ ] ",
        "{ \"a\" : 1 , \"b\" : [ true , null ] }",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u0000\"",
        "\"\\uD83D\\uDE00\"",
        "\"\xF0\x9F\x98\x80\"",
        "\"\x7F\"",
        "{\"\":1}",
        "[[[[[[[[[[1]]]]]]]]]]",
        "\t\r\n1\n",
        "9223372036854775808",
        "[1,\"1\",1.0]",
        "{\"a\":{\"a\":1}}",
        "\"\xEF\xBB\xBF\"",
    };
    for (size_t i = 0; i < COUNT(good); i++)
        if (!reads(str_of(good[i])))
            FAIL("refused: %s", good[i]);
}

TEST(json, refuses_what_it_does_not)
{
    const struct { str text; const char *why;
    } bad[] = {
        { S("["), "" },
        { S("]"), "" },
        { S("{"), "" },
        { S("[1,]"), "" },
        { S("[,1]"), "" },
        { S("{\"a\":1,}"), "" },
        { S("{a:1}"), "" },
        { S("{'a':1}"), "" },
        { S("{\"a\"}"), "" },
        { S("{\"a\":}"), "" },
        { S("{\"a\" 1}"), "" },
        { S("[1 2]"), "" },
        { S("1 2"), "follows" },
        { S("{} {}"), "follows" },
        { S("nul"), "" },
        { S("nulll"), "follows" },
        { S("True"), "" },
        { S("NaN"), "" },
        { S("Infinity"), "" },
        { S("01"), "zero" },
        { S("-01"), "zero" },
        { S("+1"), "" },
        { S("1."), "point" },
        { S(".5"), "" },
        { S("1e"), "exponent" },
        { S("1e+"), "exponent" },
        { S("-"), "" },
        { S("0x10"), "follows" },
        { S("\"a"), "end" },
        { S("\"\\"), "end" },
        { S("\"\\x41\""), "escape" },
        { S("\"\\u12\""), "hex" },
        { S("\"\\u12G4\""), "hex" },
        { S("\"\\uD800\""), "surrogate" },
        { S("\"\\uDC00\""), "surrogate" },
        { S("\"\\uD800\\u0041\""), "surrogate" },
        { S("\"\\uD800\\uD800\""), "surrogate" },
        { S("\"\\uD83Dx\""), "surrogate" },
        { S("\"\\uD800\\u\""), "surrogate" },
        { S("\"a\nb\""), "control" },
        { S("\"\0\""), "control" },
        { S("\"\x1F\""), "control" },
        { S("\"\\\x01\""), "control" },
        { S("\"\xFF\""), "UTF-8" },
        { S("\"\xC0\x80\""), "UTF-8" },
        { S("\"\xED\xA0\x80\""), "UTF-8" },
        { S("\"\xF4\x90\x80\x80\""), "UTF-8" },
        { S("\"\xE2\x82\""), "UTF-8" },
        { S("{\"\xFF\":1}"), "UTF-8" },
        { S("\"\\\xC3\xA9\""), "escape" },
        { S("\xEF\xBB\xBF{}"), "byte order" },
        { S("\xFE\xFF"), "" },
        { S("{}\0"), "follows" },
        { S("/* a */ 1"), "" },
        { S("{\"a\":1,\"a\":2}"), "twice" },
        { S("{\"a\":1,\"\\u0061\":2}"), "twice" },
        { S("[{\"x\":{\"b\":1,\"b\":null}}]"), "twice" },
        { S("\v1"), "" },
        { S("\xC2\xA0"
            "1"),
          "" },
    };
    AUTO(arena_free) struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT(bad); i++) {
        const char *because;
        size_t      at;
        if (read_depth(a, bad[i].text, 32, &because, &at))
            FAIL("read: %.*s", STR_ARG(bad[i].text));
        assert_non_null(because);
        if (!strstr(because, bad[i].why))
            FAIL("%.*s: %s, wanted %s", STR_ARG(bad[i].text), because, bad[i].why);
    }
}

TEST(json, tells_nothing_from_something_wrong)
{
    static const char *const blank[] = { "", " ", "\r\n\t " };
    AUTO(arena_free) struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT(blank); i++) {
        const char *because = "";
        size_t      at;
        assert_null(json_read(a, str_of(blank[i]), 4, &because, &at));
        assert_null(because);
    }
    const char *because = "";
    size_t      at;
    assert_null(json_read(a, S0, 4, &because, &at));
    assert_null(because);
}

TEST(json, refuses_every_proper_prefix_of_an_object)
{
    const str whole = S("{\"a\":[1,-2.5e+7,true,false,null,\"x\\u00e9\\\\ \xC3\xA9 "
                        "\\uD83D\\uDE00\"],\"b\":{\"c\":{}}}");
    CHECK(reads(whole));
    for (size_t n = 1; n < whole.n; n++)
        if (reads(str_cut(whole, n)))
            FAIL("a prefix of %zu bytes was read", n);
}

TEST(json, counts_depth_to_its_limit)
{
    for (int depth = 31; depth <= 34; depth++) {
        AUTO(arena_free) struct arena *a = arena_new();
        AUTO(text_done) struct text t = { 0 };
        const char *because;
        size_t      at;
        for (int i = 0; i < depth; i++)
            text_add(&t, i % 2 ? S("[") : S("{\"k\":"));
        text_char(&t, '1');
        for (int i = depth; i-- > 0;)
            text_char(&t, i % 2 ? ']' : '}');
        assert_int_equal(read_depth(a, text_str(&t), 32, &because, &at) != NULL, depth <= 32);
        if (depth > 32)
            assert_non_null(strstr(because, "deep"));
    }
    AUTO(arena_free) struct arena *a = arena_new();
    AUTO(text_done) struct text t = { 0 };
    for (int i = 0; i < 100000; i++)
        text_char(&t, '[');
    CHECK(!reads(text_str(&t)));
    const char *because;
    size_t      at;
    assert_non_null(json_read(a, S("1"), 0, &because, &at));
    assert_null(json_read(a, S("[]"), 0, &because, &at));
    assert_non_null(json_read(a, S("[[],[[]],{}]"), 3, &because, &at)); /* depth comes back up */
}

/* "[0,0,...]" with so many values in all. */
static const struct json *read_values(struct arena *arena, size_t count, const char **because)
{
    const size_t items = count - 1, n = 2 * items + 1;
    char        *text = arena_make(arena, n);
    size_t       at;
    for (size_t i = 0; i < n; i++)
        text[i] = i % 2 ? '0' : ',';
    text[0] = '[';
    text[n - 1] = ']';
    return json_read(arena, (str){ text, n }, 8, because, &at);
}

TEST(json, counts_values_to_its_limit)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    const char *because;
    const struct json *most = read_values(arena, 500000, &because);
    CHECK(most && most->count == 499999 && !because);
    CHECK(!read_values(arena, 500001, &because) && strstr(because, "500000 values"));
}

TEST(json, keeps_numbers_as_they_came)
{
    AUTO(arena_free) struct arena *a = arena_new();
    AUTO(text_done) struct text huge = { 0 };
    const char *because;
    size_t      at;
    text_char(&huge, '1');
    for (int i = 0; i < 1000; i++)
        text_char(&huge, '0');
    const struct json *v = json_read(a, text_str(&huge), 1, &because, &at);
    CHECK(v && v->kind == JSON_NUMBER && str_eq(v->text, text_str(&huge)));
    v = json_read(a, S(" [9223372036854775808, -0 , 1.50e+03]"), 1, &because, &at);
    assert_int_equal(v->count, 3);
    CHECK(str_eq(v->first->text, S("9223372036854775808")));
    CHECK(str_eq(v->first->next->text, S("-0")));
    CHECK(str_eq(v->first->next->next->text, S("1.50e+03")));
}

TEST(json, undoes_escapes_and_keeps_the_raw_bytes)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const char *because;
    size_t      at;
    const struct json             *v =
        json_read(a, S("{\"k\\u0065y\": \"a\\u0000b\\n\\u00E9\\u20AC\\uD83D\\uDE00\\/\" }"), 2,
                  &because, &at);
    const struct json *m = json_member(v, S("key"));
    assert_non_null(m);
    CHECK(str_eq(m->text, S("a\0b\n\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80/")));
    CHECK(str_eq(m->raw, S("\"a\\u0000b\\n\\u00E9\\u20AC\\uD83D\\uDE00\\/\"")));
    assert_null(json_member(v, S("ke")));
    assert_null(json_member(v, S("")));
    assert_null(json_member(NULL, S("key")));
    assert_null(json_member(m, S("key")));
}

TEST(json, finds_members_and_doubles_among_many)
{
    for (int n = 5; n <= 30000; n = n < 40 ? n + 1 : n * 5) {
        AUTO(arena_free) struct arena *a = arena_new();
        AUTO(text_done) struct text t = { 0 };
        const char *because;
        size_t      at;
        text_char(&t, '{');
        for (int i = 0; i < n; i++)
            text_print(&t, "%s\"k%d\":%d", i ? "," : "", i, i);
        const size_t before = t.n;
        text_char(&t, '}');
        const struct json *v = json_read(a, text_str(&t), 1, &because, &at);
        CHECK(v && v->count == (size_t)n);
        for (int i = 0; i < n; i += n / 5) {
            char key[16];
            const int length = snprintf(key, sizeof key, "k%d", i);
            const struct json *m = json_member(v, (str){ key, (size_t)length });
            CHECK(m && atoi(m->text.p) == i);
        }
        assert_null(json_member(v, S("k")));
        t.n = before;
        text_print(&t, ",\"k%d\":\"again\"}", n / 2);
        assert_null(json_read(a, text_str(&t), 1, &because, &at));
        assert_non_null(strstr(because, "twice"));
        CHECK(str_starts(str_from(text_str(&t), at), S("\"again\"")));
    }
}

TEST(json, tells_where)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const char *because;
    size_t      at;
    assert_null(json_read(a, S("{\"a\": nope}"), 2, &because, &at));
    assert_int_equal(at, 6);
    assert_null(json_read(a, S("[1,2"), 2, &because, &at));
    assert_int_equal(at, 4);
    assert_null(json_read(a, S("[]x"), 2, &because, &at));
    assert_int_equal(at, 2);
}

TEST_MAIN
