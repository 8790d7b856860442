/* test/contract/test_openapi.c: the document holds what the rows say. */
#include "contract/tests.h"

#include "contract/inner.h"
#include "contract/toy.h"

static const struct json *read_document(struct arena *a, struct text *out)
{
    const char *because;
    size_t      at;
    contract_openapi(&toy_dialect, S("http://localhost:8484"), out);
    const struct json *document = json_read(a, text_str(out), 64, &because, &at);
    if (!document)
        FAIL("not JSON: %s at %zu", because, at);
    return document;
}

/* The value at keys joined by '|'; numbers pick items. */
static const struct json *walk(const struct json *v, const char *keys)
{
    str rest = str_of(keys);
    while (v && rest.n) {
        const size_t end = str_find(rest, '|', 0);
        const str    key = str_cut(rest, end);
        int64_t      n;
        if (v->kind == JSON_ARRAY && str_int64(key, &n)) {
            v = v->first;
            while (v && n-- > 0)
                v = v->next;
        } else {
            v = json_member(v, key);
        }
        rest = str_from(rest, end + 1);
    }
    return v;
}

static void check_raw(const struct json *document, const char *keys, const char *want)
{
    const struct json *v = walk(document, keys);
    if (!v || !str_eq(v->raw, str_of(want)))
        FAIL("%s is %.*s, not %s", keys, v ? (int)v->raw.n : 7, v ? v->raw.p : "nothing", want);
}

#define MAKE "paths|/toy/v1/toys/{kind}|post"
#define BODY_OF MAKE "|requestBody|content|application/json|schema|properties|"

TEST(openapi, says_what_the_rows_say)
{
    static const struct { const char *keys, *want;
    } cases[] = {
        { "openapi", "\"3.1.0\"" },
        { "servers|0|url", "\"http://localhost:8484\"" },
        { MAKE "|operationId", "\"MakeToy\"" },
        { MAKE "|parameters|0|name", "\"kind\"" },
        { MAKE "|parameters|0|in", "\"path\"" },
        { MAKE "|parameters|0|schema|enum|1", "\"1\"" },
        { MAKE "|parameters|3|name", "\"limit\"" },
        { MAKE "|parameters|3|schema|maximum", "100" },
        { MAKE "|parameters|3|schema|default", "50" },
        { MAKE "|parameters|3|schema|x-polydrive-lenient|accepts|0", "\"missing\"" },
        { MAKE "|parameters|3|schema|x-polydrive-lenient|because",
          "\"an old client leaves it out\"" },
        { MAKE "|requestBody|required", "true" },
        { MAKE "|requestBody|content|application/json|schema|required|0", "\"name\"" },
        { BODY_OF "name|maxLength", "12" },
        { BODY_OF "name|description", "\"a | name\"" },
        { BODY_OF "label|minLength", "1" },
        { BODY_OF "label|x-polydrive-max-bytes", "8" },
        { BODY_OF "digits|pattern", "\"^[0-9]+$\"" },
        { BODY_OF "moment|format", "\"date-time\"" },
        { BODY_OF "flag|default", "true" },
        { BODY_OF "maybe_so|type", "\"boolean\"" },
        { BODY_OF "small|minimum", "-5" },
        { BODY_OF "small|default", "3" },
        { BODY_OF "level|enum|0", "\"low\"" },
        { BODY_OF "level|default", "\"low\"" },
        { BODY_OF "sort|enum|0", "10" },
        { BODY_OF "sort|type", "\"integer\"" },
        { BODY_OF "large|default", "-1" },
        { BODY_OF "number|format", "\"int64\"" },
        { BODY_OF "tags|maxItems", "3" },
        { BODY_OF "tags|items|maxLength", "20" },
        { BODY_OF "parts|items|$ref", "\"#/components/schemas/Part\"" },
        { BODY_OF "object|type", "\"object\"" },
        { "components|schemas|Part|required|0", "\"part_number\"" },
        { "components|schemas|Page|properties|pageSize|default", "100" },
        { MAKE "|responses|201|headers|Location|schema|type", "\"string\"" },
        { MAKE "|responses|201|content|application/json|schema|properties|code|type",
          "\"integer\"" },
        { MAKE "|responses|default|content|application/json|schema|$ref",
          "\"#/components/schemas/Error\"" },
        { "paths|/toy/v1/toys/{kind}|get|operationId", "\"GetToy\"" },
        { "paths|/toy/v1/toys/{kind}|get|parameters|0|name", "\"kind\"" },
        { "paths|/toy/v1/toys/{kind}|get|responses|202|description", "\"Done\"" },
        { "paths|/toy/v1/toys/{kind}|delete|responses|204|description", "\"Done, no body\"" },
        { "paths|/toy/v1/token|post|requestBody|content|application/"
          "x-www-form-urlencoded|schema|type",
          "\"object\"" },
        { "paths|/toy/v1/token|post|security", "[]" },
        { "paths|/toy/v1/toys/search|post|x-polydrive-unsupported", "\"there is no search here\"" },
        { "paths|/toy/v1/odd|get|x-polydrive-lenient", "\"the example says GET\"" },
    };
    AUTO(arena_free) struct arena *a = arena_new();
    AUTO(text_done) struct text out = { 0 };
    const struct json *document = read_document(a, &out);
    for (size_t i = 0; i < COUNT(cases); i++)
        check_raw(document, cases[i].keys, cases[i].want);
    CHECK(!walk(document, BODY_OF "open|default"));
    CHECK(!walk(document, BODY_OF "open|minimum"));
    CHECK(!walk(document, BODY_OF "drive|default"));
    CHECK(
        !walk(document, MAKE "|responses|201|content|application/json|schema|properties|Location"));
    CHECK(!walk(document, "paths|/toy/v1/toys/search|post|responses|200"));
}

static void check_row(void *arg, const struct op *op)
{
    AUTO(text_done) struct text name = { 0 };
    const struct text *out = arg;
    for (const struct field *f = op->in; f && f->name; f++) {
        name.n = 0;
        text_json(&name, str_of(f->name));
        if (str_find_str(text_str(out), text_str(&name), 0) == out->n)
            FAIL("%s has no %s", op->name, f->name);
    }
}

TEST(openapi, holds_every_row)
{
    AUTO(arena_free) struct arena *a = arena_new();
    AUTO(text_done) struct text out = { 0 };
    read_document(a, &out);
    ops_each(&toy_dialect, check_row, &out);
}

TEST_MAIN
