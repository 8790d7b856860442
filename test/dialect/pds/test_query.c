/* The search language: what is read prints as its tree; what is not is named by its place. */
#include "contract/tests.h"

#include "base/text.h"
#include "dialect/pds/query.h"

enum { NAME = 1, SIZE, CREATED, HIDDEN, LABELS, TYPE, LONG_AGO };

static const struct word types[] = { { "file", 2 }, { "folder", 1 }, { 0 } };
static const struct query_field fields[] = {
    { "name", NAME, QUERY_TEXT, QUERY_EQ | QUERY_MATCH },
    { "description", LONG_AGO, QUERY_TEXT },
    { "size", SIZE, QUERY_LONG },
    { "created_at", CREATED, QUERY_DATE },
    { "hidden", HIDDEN, QUERY_BOOL },
    { "labels", LABELS, QUERY_ARRAY },
    { "type", TYPE, QUERY_TEXT, .words = types },
    { "old", NAME, QUERY_TEXT, .lenient = "somebody sends it" },
    { 0 }
};

/* (and a b), (or a b), (not a), field-compare-value */
static void print(struct text *out, const struct condition *c)
{
    static const char *const joins[] = { [CONDITION_AND] = "(and", [CONDITION_OR] = "(or", [CONDITION_NOT] = "(not" };
    static const char *const signs[] = { "", "=", "<", ">", "<=", ">=", "^", "~", "in" };
    if (c->kind != CONDITION_TERM) {
        text_print(out, "%s", joins[c->kind]);
        for (const struct condition *one = c->first; one; one = one->next) {
            text_char(out, ' ');
            print(out, one);
        }
        text_char(out, ')');
        return;
    }
    text_print(out, "%d%s", c->field, signs[c->compare]);
    if (c->texts.count) {
        for (size_t i = 0; i < c->texts.count; i++)
            text_print(out, "[%.*s]", STR_ARG(((const str *)c->texts.items)[i]));
    } else if (c->text.p) {
        text_json(out, c->text);
    } else {
        text_print(out, "%lld", (long long)c->number);
    }
}

static const struct {
    const char *query, *tree;
} good[] = {
    { "name = \"x\"", "1=\"x\"" },
    { "name='x'", "1=\"x\"" },
    { "  name\t=\r\n'x'  ", "1=\"x\"" },
    { "name match \"k\"", "1~\"k\"" },
    { "name match\"k\"", "1~\"k\"" },
    { "description prefix \"it's\"", "7^\"it's\"" },
    { "name = 'say \"hi\"'", "1=\"say \\\"hi\\\"\"" },
    { "name = \"a\\\"b\\\\c\\d\\'\"", "1=\"a\\\"b\\\\c\\\\d'\"" },
    { "name = \"\"", "1=\"\"" },
    { "name = 'and (not or)'", "1=\"and (not or)\"" },
    { "name = \"名字\"", "1=\"名字\"" },
    { "size>5", "2>5" },
    { "size >= -5", "2>=-5" },
    { "size<9223372036854775807", "2<9223372036854775807" },
    { "size<=-9223372036854775808", "2<=-9223372036854775808" },
    { "size =0", "2=0" },
    { "hidden = true", "4=1" },
    { "hidden=false", "4=0" },
    { "created_at >= \"2019-01-14T00:00:01\"", "3>=1547424001000" },
    { "created_at = \"1970-01-01T00:00:00\"", "3=0" },
    { "labels in \"a\"", "5in[a]" },
    { "labels in ['a']", "5in[a]" },
    { "labels in[ 'a' ,\"b\",'c']", "5in[a][b][c]" },
    { "type = 'folder'", "6=\"folder\"" },
    { "size=1 and size=2 or size=3", "(or (and 2=1 2=2) 2=3)" },
    { "size=1 or size=2 and size=3", "(or 2=1 (and 2=2 2=3))" },
    { "(size=1 or size=2) and size=3", "(and (or 2=1 2=2) 2=3)" },
    { "not size=1 and size=2", "(and (not 2=1) 2=2)" },
    { "not size=1 or size=2", "(or (not 2=1) 2=2)" },
    { "not (size=1 and size=2)", "(not (and 2=1 2=2))" },
    { "not not size=1", "(not (not 2=1))" },
    { "not(size=1)or(size=2)", "(or (not 2=1) 2=2)" },
    { "size=1 and size=2 and size=3", "(and 2=1 2=2 2=3)" },
    { "((size=1))", "2=1" },
    { "(size=1 and size=2) and (size=3 and size=4)", "(and (and 2=1 2=2) (and 2=3 2=4))" },
    { "(name=\"k\" or name match \"k\" or description prefix \"k\") and size=1",
      "(and (or 1=\"k\" 1~\"k\" 7^\"k\") 2=1)" },
};

TEST(pds_query, is_read_by_its_precedence)
{
    for (size_t i = 0; i < COUNT(good); i++) {
        AUTO(arena_free) struct arena *arena = arena_new();
        AUTO(text_done) struct text tree = { 0 };
        struct cx cx = { .arena = arena };
        const struct condition *condition;
        CHECK_CASE(good[i].query, query_read(&cx, fields, str_of(good[i].query), &condition) == OK);
        print(&tree, condition);
        if (!str_eq(text_str(&tree), str_of(good[i].tree)))
            FAIL("%s: %.*s, not %s", good[i].query, STR_ARG(text_str(&tree)), good[i].tree);
    }
}

static const struct {
    const char *query, *complaint; /* the beginning of what is said */
} bad[] = {
    { "name", "at character 5: name can be compared by = match" },
    { "name =", "at character 7: a text" },
    { "name = x", "at character 8: a text" },
    { "name = 5", "at character 8: a text" },
    { "名 = 'x'", "at character 1: a field" },
    { "name = '名字' size", "at character 13: and, or" },
    { "name = 'x", "at character 8: this quote" },
    { "name = 'x\\'", "at character 8: this quote" },
    { "name prefix 'x'", "at character 6: name can be compared by = match" },
    { "name > 'x'", "at character 6: name" },
    { "name == 'x'", "at character 7: a text" },
    { "name != 'x'", "at character 6: name" },
    { "description match 'x'", "at character 13: description can be compared by = prefix" },
    { "size = '5'", "at character 8: a whole number" },
    { "size = 5.5", "at character 8: a whole number" },
    { "size = 05", "at character 8: a whole number" },
    { "size = 9223372036854775808", "at character 8: a whole number" },
    { "size = -", "at character 8: a whole number" },
    { "size = +5", "at character 8: a whole number" },
    { "size > = 5", "at character 8: a whole number" },
    { "size match 5", "at character 6: size" },
    { "hidden = 1", "at character 10: true or false" },
    { "hidden = 'true'", "at character 10: true or false" },
    { "hidden > true", "at character 8: hidden" },
    { "created_at > 2019", "at character 14: a date" },
    { "created_at > \"2019-01-14\"", "at character 14: a date" },
    { "created_at > \"2019-02-30T00:00:00\"", "at character 14: a date" },
    { "created_at > \"2019-01-14T00:00:00Z\"", "at character 14: a date" },
    { "labels = 'a'", "at character 8: labels can be compared by in" },
    { "labels in []", "at character 12: a text" },
    { "labels in ['a',]", "at character 16: a text" },
    { "labels in ['a' 'b']", "at character 16: a comma" },
    { "labels in ['a'", "at character 15: a comma" },
    { "labels in 5", "at character 11: a text" },
    { "type = 'link'", "at character 8: type is one of file, folder" },
    { "type prefix 'f'", "at character 6: type" },
    { "color = 'x'", "at character 1: there is no field color" },
    { "size=1 AND size=2", "at character 8: and, or" },
    { "size=1 and", "at character 11: a field is asked for, and the query ends" },
    { "and size=1", "at character 1: there is no field and" },
    { "size=1 size=2", "at character 8: and, or" },
    { "(size=1", "at character 1: this parenthesis" },
    { "(size=1 'x'", "at character 9: and, or or )" },
    { "size=1)", "at character 7: and, or" },
    { "()", "at character 2: a field" },
    { "not", "at character 4: a field" },
    { ";", "at character 1: a field" },
    { "\"name\" = 'x'", "at character 1: a field" },
};

TEST(pds_query, is_refused_where_it_stops_making_sense)
{
    for (size_t i = 0; i < COUNT(bad); i++) {
        AUTO(arena_free) struct arena *arena = arena_new();
        struct cx cx = { .arena = arena };
        const struct condition *condition;
        CHECK_CASE(bad[i].query, query_read(&cx, fields, str_of(bad[i].query), &condition) == FAULT_INVALID);
        CHECK_CASE(bad[i].query, strcmp(cx.why.field, "query") == 0);
        if (!str_starts(str_of(cx.why.because), str_of(bad[i].complaint)))
            FAIL("%s: %s, not %s", bad[i].query, cx.why.because, bad[i].complaint);
    }
}

TEST(pds_query, may_be_empty_and_asks_for_all_then)
{
    static const char *const blank[] = { "", " ", "\t\r\n" };
    for (size_t i = 0; i < COUNT(blank); i++) {
        AUTO(arena_free) struct arena *arena = arena_new();
        struct cx cx = { .arena = arena };
        const struct condition *condition = (const struct condition *)&cx;
        CHECK(query_read(&cx, fields, str_of(blank[i]), &condition) == OK && !condition);
        CHECK(query_read(&cx, fields, S0, &condition) == OK && !condition);
    }
}

static enum fault read_nested(int depth, const char *open, const char *close)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    AUTO(text_done) struct text query = { 0 };
    struct cx cx = { .arena = arena };
    const struct condition *condition;
    for (int i = 0; i < depth; i++)
        text_add(&query, str_of(open));
    text_add(&query, S("size=1"));
    for (int i = 0; i < depth; i++)
        text_add(&query, str_of(close));
    return query_read(&cx, fields, text_str(&query), &condition);
}

TEST(pds_query, nests_to_a_bound)
{
    CHECK(read_nested(QUERY_DEPTH_MAX, "(", ")") == OK);
    CHECK(read_nested(QUERY_DEPTH_MAX + 1, "(", ")") == FAULT_INVALID);
    CHECK(read_nested(QUERY_DEPTH_MAX, "not ", "") == OK);
    CHECK(read_nested(QUERY_DEPTH_MAX + 1, "not ", "") == FAULT_INVALID);
    CHECK(read_nested(500, "size=2 and ", "") == OK); /* broad is not deep */
}

TEST(pds_query, tells_of_a_field_beyond_the_page)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct cx cx = { .arena = arena };
    const struct condition *condition;
    CHECK(query_read(&cx, fields, S("old = 'x'"), &condition) == OK && cx.lenient);
    cx = (struct cx){ .arena = arena, .strict = true };
    CHECK(query_read(&cx, fields, S("old = 'x'"), &condition) == FAULT_INVALID);
}

TEST(condition, takes_a_date_for_its_second_when_equal)
{
    const struct condition at = { .kind = CONDITION_TERM, .compare = COMPARE_EQ, .number = 5000, .is_second = true };
    CHECK(condition_number(&at, 5000) && condition_number(&at, 5999));
    CHECK(!condition_number(&at, 4999) && !condition_number(&at, 6000));
    struct condition after = at;
    after.compare = COMPARE_GT;
    CHECK(!condition_number(&after, 5000) && condition_number(&after, 5001));
}

TEST_MAIN
