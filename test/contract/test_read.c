/* test/contract/test_read.c: a request becomes a struct, or a fault that names the field. */
#include "contract/tests.h"

#include "contract/boundaries.h"
#include "contract/inner.h"
#include "contract/fake_http.h"
#include "contract/toy.h"

struct reading {
    struct arena       *arena;
    struct cx           cx;
    struct call         call;
    struct http_request http;
};

static void reading_begin(struct reading *r, const char *op, const char *target, str body,
                          bool strict)
{
    struct routes routes;
    str error;
    fake_init(&r->http, toy_op(op)->method, target, body);
    r->arena = arena_new();
    r->cx = (struct cx){ .arena = r->arena, .strict = strict };
    CHECK(routes_read(&routes, (const struct dialect *const[]){ &toy_dialect, NULL }, r->arena,
                      &error));
    const struct route *route = route_find(&routes, r->http.method, r->http.path);
    assert_non_null(route);
    assert_string_equal(route->op->name, op);
    r->call =
        (struct call){ .cx = &r->cx, .dialect = &toy_dialect, .op = route->op, .http = &r->http };
    route_values(route, r->http.path, r->arena, r->call.path_values);
}

static void reading_end(struct reading *r)
{
    arena_free(&r->arena);
}

/* Reads one MakeToy with the given members beside the required ones. */
static enum fault make(struct reading *r, const char *members, bool strict, struct toy_ask *ask)
{
    static char body[4096];
    snprintf(body, sizeof body,
             "{\"name\":\"n\",\"digits\":\"1\",\"level\":\"low\",\"drive\":\"1\"%s%s}",
             *members ? "," : "", members);
    reading_begin(r, "MakeToy", "/toy/v1/toys/0?limit=1", str_of(body), strict);
    memset(ask, 0, sizeof *ask);
    return contract_read(&r->call, ask);
}

static void check_boundary(const struct op *op, const struct boundary *b, bool strict)
{
    static struct reading r;
    char target[600];
    snprintf(target, sizeof target, "%s%s%s", b->path, b->query ? "?" : "",
             b->query ? b->query : "");
    reading_begin(&r, op->name, target, b->body, strict);
    for (size_t i = 0; i < b->header_count; i++)
        r.http.headers[r.http.header_count++] = b->headers[i];
    void *in = arena_make(r.arena, op->in_size);
    const enum fault fault = contract_read(&r.call, in);
    const bool accepted = strict ? b->accepted && !b->lenient : b->accepted;
    if (accepted != (fault == OK))
        FAIL("%s%s: %s (%.*s) %.*s", strict ? "strict " : "", b->name, fault_name(fault),
                 STR_ARG(contract_complaint(&r.cx)), STR_ARG(str_cut(b->body, 300)));
    const enum how how = strict ? b->strict_how : b->how;
    if (fault
        && (fault != FAULT_INVALID || strcmp(r.cx.why.field, b->field) != 0 || r.cx.why.how != how))
        FAIL("%s: field %s how %d, wanted %s %d: %.*s", b->name, r.cx.why.field, (int)r.cx.why.how,
             b->field, (int)how, STR_ARG(contract_complaint(&r.cx)));
    if (!strict && b->lenient && (!r.cx.lenient || strcmp(r.cx.lenient->field, b->field) != 0))
        FAIL("%s: tolerated without a note", b->name);
    if (!fault && !b->lenient && r.cx.lenient)
        FAIL("%s: noted %s without need", b->name, r.cx.lenient->field);
    reading_end(&r);
}

TEST(read, holds_every_boundary_of_every_row)
{
    size_t total = 0;
    for (const struct op *op = toy_ops; op->name; op++) {
        AUTO(arena_free) struct arena *a = arena_new();
        size_t count;
        if (!op->in)
            continue;
        const struct boundary *cases = boundaries_of(a, op, &count);
        for (size_t i = 0; i < count; i++) {
            check_boundary(op, &cases[i], false);
            check_boundary(op, &cases[i], true);
        }
        total += count;
    }
    CHECK(total > 200);
}

TEST(read, fills_the_struct)
{
    static struct reading r;
    struct toy_ask ask = { 0 };
    reading_begin(
        &r, "MakeToy", "/toy/v1/toys/1?limit=7&filter=a+%2B%20b&unknown=1",
        S("{\"name\":\"\\u4e2d\\u6587\",\"digits\":\"007\",\"hex\":\"aBcD\",\"any\":[1, "
          "2.50],\"object\":{\"k\": null},"
          "\"flag\":false,\"maybe_so\":true,\"small\":-5,\"level\":\"high\",\"sort\":10,\"large\":"
          "9223372036854775807,\"open\":-9223372036854775808,"
          "\"drive\":\"9007199254740991\",\"parent\":\"root\",\"number\":42,\"at\":\"2026-01-02T03:"
          "04:05.678+01:00\","
          "\"at_s\":\"2026-01-02T03:04:05Z\",\"at_ms\":1767323045678,\"tags\":[\"a\",\"b\"],"
          "\"parts\":[{\"part_number\":1,\"part_size\":5},{\"part_number\":2,\"etag\":\"ff\",\"x\":"
          "{}}],"
          "\"maybe\":{\"part_number\":9},\"page\":{\"pageSize\":10,\"pageCursor\":\"c\"},"
          "\"unknown\":[{}],\"note\":null}"),
        true);
    fake_header(&r.http, "x-caller", "  me ");
    if (contract_read(&r.call, &ask))
        FAIL("%.*s", STR_ARG(contract_complaint(&r.cx)));
    CHECK(str_eq(ask.kind, S("1")) && str_eq(ask.caller, S("me"))
          && str_eq(ask.filter, S("a + b")));
    assert_int_equal(ask.limit, 7);
    CHECK(str_eq(ask.name, S("\xE4\xB8\xAD\xE6\x96\x87")) && str_eq(ask.digits, S("007")));
    CHECK(str_eq(ask.hex, S("aBcD")) && str_eq(ask.any, S("[1, 2.50]"))
          && str_eq(ask.object, S("{\"k\": null}")));
    CHECK(!ask.flag && ask.maybe_so == 1 && ask.small == -5 && ask.level == LEVEL_HIGH && ask.sort == SORT_NAME);
    CHECK(ask.large == INT64_MAX && ask.open == INT64_MIN);
    CHECK(ask.drive.v == ID_MAX && ask.parent.v == 0 && ask.number.v == 42);
    CHECK(ask.at.ms == 1767319445678 && ask.at_s.ms == 1767323045000
          && ask.at_ms.ms == 1767323045678);
    const struct toy_text *tags = ask.tags.items;
    CHECK(ask.tags.count == 2 && str_eq(tags[1].text, S("b")));
    const struct toy_part *parts = ask.parts.items, *maybe = ask.maybe.items;
    CHECK(ask.parts.count == 2 && parts[0].number == 1 && parts[0].size == 5 && !parts[0].etag.p);
    CHECK(parts[1].number == 2 && str_eq(parts[1].etag, S("ff")));
    CHECK(ask.maybe.count == 1 && maybe->number == 9);
    CHECK(ask.page.size == 10 && str_eq(ask.page.cursor, S("c")));
    CHECK(!ask.note.p && !r.cx.lenient);
    reading_end(&r);
}

TEST(read, leaves_absent_values_where_nothing_came)
{
    static struct reading r;
    struct toy_ask ask;
    assert_int_equal(make(&r, "\"page\":null,\"tags\":[]", false, &ask), OK);
    CHECK(ask.flag && !ask.sure && ask.maybe_so == -1 && ask.small == 3 && ask.sort == SORT_SIZE && ask.large == -1);
    CHECK(ask.parent.v == 7 && ask.at.ms == 0 && !ask.note.p && !ask.parts.items);
    CHECK(ask.tags.items && ask.tags.count == 0);
    CHECK(ask.page.size == 100 && !ask.page.cursor.p);
    reading_end(&r);
    assert_int_equal(make(&r, "\"page\":{\"pageCursor\":\"\"},\"note\":\"\"", true, &ask), OK);
    CHECK(ask.page.size == 100 && !ask.page.cursor.p);
    CHECK(ask.note.p && !ask.note.n);
    reading_end(&r);
}

TEST(read, puts_what_was_tolerated_in_place)
{
    static struct reading r;
    struct toy_ask ask;
    assert_int_equal(
        make(&r,
             "\"small\":\"\",\"tags\":\"one\",\"sort\":\"10\",\"number\":\"12\",\"sure\":\"true\"",
             false, &ask),
        OK);
    const struct toy_text *tags = ask.tags.items;
    CHECK(ask.small == 3 && ask.tags.count == 1 && str_eq(tags->text, S("one")));
    CHECK(ask.sort == SORT_NAME && ask.number.v == 12 && ask.sure);
    size_t notes = 0;
    for (const struct note *n = r.cx.lenient; n; n = n->next)
        notes++;
    assert_int_equal(notes, 5);
    reading_end(&r);
    reading_begin(&r, "MakeToy", "/toy/v1/toys/0?limit=1000",
                  S("{\"name\":\"n\",\"digits\":12,\"drive\":\"1\"}"), false);
    assert_int_equal(contract_read(&r.call, &ask), OK);
    CHECK(ask.limit == 100 && str_eq(ask.digits, S("12")) && ask.level == LEVEL_LOW);
    reading_end(&r);
    reading_begin(&r, "MakeToy", "/toy/v1/toys/0",
                  S("{\"name\":\"n\",\"digits\":\"1\",\"drive\":\"1\",\"level\":\"\"}"), false);
    assert_int_equal(contract_read(&r.call, &ask), OK);
    CHECK(ask.limit == 50 && ask.level == LEVEL_LOW);
    reading_end(&r);
}

TEST(read, says_what_is_wrong_in_words)
{
    static const struct { const char *members, *says;
    } cases[] = {
        { "\"note\":\"0123456789012345678901234567890\"", "note: at most 30 characters, got 31" },
        { "\"label\":\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\"",
          "label: at most 8 bytes, got 10" },
        { "\"label\":\"x\"", "label: at least 2 bytes, got 1" },
        { "\"small\":6", "small: at most 5, got 6" },
        { "\"small\":-99999999999999999999", "small: at least -5, got -99999999999999999999" },
        { "\"large\":9223372036854775808",
          "large: at most 9223372036854775807, got 9223372036854775808" },
        { "\"small\":1.5", "small: not of the kind asked for (an integer is asked for), got 1.5" },
        { "\"small\":[]", "small: not of the kind asked for (an integer is asked for), got []" },
        { "\"parent\":\"x\"", "parent: not of the form asked for (decimal digits only), got x" },
        { "\"parent\":\"01\"", "parent: not of the form asked for (decimal digits only), got 01" },
        { "\"sort\":30", "sort: not one of the allowed values (one of 10, 20), got 30" },
        { "\"label\":\"\"", "label: must not be empty" },
        { "\"note\":\"a\\u0000b\"", "note: not of the form asked for (text without NUL), got a" },
        { "\"tags\":[\"a\",\"b\",\"c\",\"d\"]", "tags: at most 3 items, got 4" },
        { "\"tags\":[\"a\",null]",
          "tags: not of the kind asked for (a string is asked for), got null" },
        { "\"parts\":[{\"part_size\":1}]", "part_number: required, not given" },
        { "\"page\":{\"pageSize\":0}", "pageSize: at least 1, got 0" },
        { "\"at\":\"tomorrow\"", "at: not of the form asked for (an RFC 3339 time like "
                                 "2006-01-02T15:04:05.000Z), got tomorrow" },
    };
    static struct reading r;
    struct toy_ask ask;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(make(&r, cases[i].members, false, &ask), FAULT_INVALID);
        const char *says = arena_z(r.arena, contract_complaint(&r.cx));
        if (strncmp(says, cases[i].says, strlen(cases[i].says)) != 0)
            FAIL("%s says: %s", cases[i].members, says);
        reading_end(&r);
    }
}

TEST(read, looks_for_what_is_missing_before_judging_values)
{
    static struct reading r;
    struct toy_ask ask;
    reading_begin(&r, "MakeToy", "/toy/v1/toys/0?limit=x", S("{\"name\":7,\"digits\":\"1\"}"),
                  false);
    assert_int_equal(contract_read(&r.call, &ask), FAULT_INVALID);
    assert_string_equal(r.cx.why.field, "drive");
    assert_int_equal(r.cx.why.how, HOW_MISSING);
    reading_end(&r);
}

TEST(read, refuses_bodies_that_are_no_object)
{
    const struct { str body; const char *because;
    } cases[] = {
        { S("[]"), "object" },
        { S("\"x\""), "object" },
        { S("1"), "object" },
        { S("null"), "object" },
        { S("{"), "" },
        { S("{\"a\":1,\"a\":1}"), "twice" },
        { S("{\"\xFF\":1}"), "UTF-8" },
        { S("{} x"), "follows" },
    };
    static struct reading r;
    struct toy_ask ask;
    for (size_t i = 0; i < COUNT(cases); i++) {
        reading_begin(&r, "MakeToy", "/toy/v1/toys/0?limit=1", cases[i].body, false);
        assert_int_equal(contract_read(&r.call, &ask), FAULT_BAD_BODY);
        assert_non_null(strstr(r.cx.why.because, cases[i].because));
        reading_end(&r);
    }
}

TEST(read, takes_no_body_for_an_empty_object)
{
    const str bodies[] = { S0, S(""), S(" \n"), S("{}") };
    static struct reading r;
    struct toy_ask ask;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        reading_begin(&r, "MakeToy", "/toy/v1/toys/0?limit=1", bodies[i], false);
        assert_int_equal(contract_read(&r.call, &ask), FAULT_INVALID);
        CHECK(r.cx.why.how == HOW_MISSING && !strcmp(r.cx.why.field, "name"));
        reading_end(&r);
    }
    /* A form where JSON is read counts as no body, whatever it holds. */
    reading_begin(&r, "MakeToy", "/toy/v1/toys/0?limit=1", S("{\"name\":\"n\""), false);
    fake_header(&r.http, "Content-Type", "Application/x-www-form-urlencoded; charset=utf-8");
    assert_int_equal(contract_read(&r.call, &ask), FAULT_INVALID);
    assert_int_equal(r.cx.why.how, HOW_MISSING);
    reading_end(&r);
}

struct one {
    str name, other;
};

TEST(read, reads_forms)
{
    const struct {
        str         body;
        const char *type;
        enum fault  fault;
        const char *field;
        enum how    how;
    } cases[] = {
        { S("grant_type=a+b%21&scope=&x=1"), "application/x-www-form-urlencoded", OK, NULL, 0 },
        { S("grant_type=a"), NULL, OK, NULL, 0 },
        { S("scope=a"), NULL, FAULT_INVALID, "grant_type", HOW_MISSING },
        { S("grant_type="), NULL, FAULT_INVALID, "grant_type", HOW_MISSING },
        { S("grant_type=a&grant_type=b"), NULL, FAULT_INVALID, "grant_type", HOW_FORM },
        { S("grant_type=a&grant_type=a"), NULL, FAULT_INVALID, "grant_type", HOW_FORM },
        { S("grant_type=%zz"), NULL, FAULT_INVALID, "grant_type", HOW_FORM },
        { S("grant_type=%ff"), NULL, FAULT_INVALID, "grant_type", HOW_FORM },
        { S("grant_type=a%00"), NULL, FAULT_INVALID, "grant_type", HOW_FORM },
        { S("&&grant_type=a&%zz=1&=&=x&x"), NULL, OK, NULL, 0 },
        { S("{\"grant_type\":\"a\"}"), "application/json", FAULT_INVALID, "grant_type",
          HOW_MISSING },
        { S0, NULL, FAULT_INVALID, "grant_type", HOW_MISSING },
    };
    static struct reading r;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct one ask = { 0 };
        reading_begin(&r, "Token", "/toy/v1/token", cases[i].body, false);
        if (cases[i].type)
            fake_header(&r.http, "content-type", cases[i].type);
        const enum fault fault = contract_read(&r.call, &ask);
        if (fault != cases[i].fault)
            FAIL("form %zu: %s", i, fault_name(fault));
        if (fault)
            CHECK(r.cx.why.how == cases[i].how && !strcmp(r.cx.why.field, cases[i].field));
        else if (i == 0)
            CHECK(str_eq(ask.name, S("a b!")) && !ask.other.p);
        reading_end(&r);
    }
}

TEST(read, finds_a_value_in_its_other_place)
{
    const struct { const char *query; str body; bool strict, fine; const char *got; } cases[] = {
        { "?union_id=u", S0, false, true, "u" },
        { "?union_id=u", S("{\"union_id\":\"b\"}"), true, true, "u" },
        { "", S("{\"union_id\":\"b\"}"), false, true, "b" },
        { "?union_id=", S("{\"union_id\":\"b\"}"), false, true, "b" },
        { "", S("{\"union_id\":\"b\"}"), true, false, NULL },
        { "", S("{\"union_id\":null}"), false, false, NULL },
        { "?union_id=a&union_id=b", S0, false, false, NULL },
        { "?union_id=%4", S0, false, false, NULL },
    };
    static struct reading r;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct one ask = { 0 };
        char target[64];
        snprintf(target, sizeof target, "/toy/v1/toys/7%s", cases[i].query);
        reading_begin(&r, "GetToy", target, cases[i].body, cases[i].strict);
        const enum fault fault = contract_read(&r.call, &ask);
        if ((fault == OK) != cases[i].fine
            || (cases[i].got && !str_eq(ask.other, str_of(cases[i].got))))
            FAIL("place %zu: %s %.*s", i, fault_name(fault), STR_ARG(ask.other));
        assert_int_equal(r.cx.lenient != NULL, cases[i].got && *cases[i].got == 'b');
        reading_end(&r);
    }
}

TEST(read, makes_what_came_printable)
{
    static struct reading r;
    struct one ask = { 0 };
    reading_begin(&r, "GetToy", "/toy/v1/toys/%ff%20x?union_id=1", S0, false);
    assert_int_equal(contract_read(&r.call, &ask), FAULT_INVALID);
    CHECK(str_eq(r.cx.why.got, S("%FF x")));
    reading_end(&r);
    char target[400] = "/toy/v1/toys/1?union_id=";
    for (int i = 0; i < 100; i++)
        strcat(target, "\xE4\xB8\xAD");
    reading_begin(&r, "GetToy", target, S0, false);
    assert_int_equal(contract_read(&r.call, &ask), FAULT_INVALID);
    CHECK(r.cx.why.got.n == 198 && r.cx.why.other == 100); /* cut between two characters */
    reading_end(&r);
}

TEST(read, refuses_a_header_given_twice)
{
    static struct reading r;
    struct toy_ask ask;
    reading_begin(&r, "MakeToy", "/toy/v1/toys/0?limit=1",
                  S("{\"name\":\"n\",\"digits\":\"1\",\"level\":\"low\",\"drive\":\"1\"}"), false);
    fake_header(&r.http, "X-Caller", "a");
    fake_header(&r.http, "x-caller", "b");
    assert_int_equal(contract_read(&r.call, &ask), FAULT_INVALID);
    assert_string_equal(r.cx.why.field, "X-Caller");
    reading_end(&r);
}

TEST(read, refuses_queries_of_a_thousand_parameters)
{
    static struct reading r;
    static char target[8192];
    struct one ask = { 0 };
    strcpy(target, "/toy/v1/toys/7?union_id=u");
    for (int i = 0; i < 1100; i++)
        strcat(target, "&a=b");
    reading_begin(&r, "GetToy", target, S0, false);
    assert_int_equal(contract_read(&r.call, &ask), FAULT_INVALID);
    reading_end(&r);
}

TEST(read, reads_a_body_given_instead_of_http)
{
    static struct reading r;
    struct toy_ask ask;
    const char *because;
    size_t at;
    reading_begin(&r, "MakeToy", "/toy/v1/toys/0", S0, false);
    r.call.http = NULL;
    r.call.body =
        json_read(r.arena, S("{\"name\":\"n\",\"digits\":\"1\",\"level\":\"low\",\"drive\":\"5\"}"),
                  9, &because, &at);
    assert_int_equal(contract_read(&r.call, &ask), OK);
    assert_int_equal(ask.drive.v, 5);
    reading_end(&r);
}

TEST_MAIN
