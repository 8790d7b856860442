/* test/contract/test_write.c: a struct becomes JSON by its rows. */
#include "contract/tests.h"

#include "base/clock.h"
#include "contract/inner.h"
#include "contract/toy.h"

static void check_writes(const struct toy_answer *answer, const char *want)
{
    AUTO(text_done) struct text out = { 0 };
    AUTO(arena_free) struct arena *a = arena_new();
    const char *because;
    size_t      at;
    contract_write(toy_answer_out, answer, NULL, NULL, &out);
    if (!str_eq(text_str(&out), str_of(want)))
        FAIL("wrote  %.*s\nwanted %s", STR_ARG(text_str(&out)), want);
    CHECK(json_read(a, text_str(&out), 8, &because, &at) != NULL);
}

TEST(write, prints_none_of_everything)
{
    const struct toy_answer answer = {
        .level = LEVEL_LOW, .sort = SORT_NAME, .hidden = -1, .page.size = 1
    };
    check_writes(&answer, "{\"id\":\"\",\"parent\":\"root\",\"name\":\"\",\"raw\":null,\"flag\":"
                          "false,\"level\":\"low\",\"sort\":10,"
                          "\"size\":0,\"long\":\"0\",\"made\":\"\",\"made_ms\":0,\"made_text\":"
                          "\"\",\"tags\":[],\"one\":null,"
                          "\"page\":{\"pageSize\":1,\"pageCursor\":\"\"}}");
}

TEST(write, prints_all_of_everything)
{
    struct toy_text tags[] = { { S("a\"b") }, { S("") } };
    struct toy_part parts[] = { { 1, 5, S("ff") }, { 2, INT64_MIN, S0 } };
    struct toy_part keyed[] = { { 3, 1, S("k1") } };
    const struct toy_answer answer = {
        .id = { ID_MAX },
        .parent = { 12 },
        .name = S("\xE4\xB8\xAD\n\\\x01"),
        .note = S(""),
        .raw = S("{\"x\":[1]}"),
        .flag = true,
        .level = LEVEL_HIGH,
        .sort = SORT_SIZE,
        .hidden = 0,
        .size = INT64_MAX,
        .long_number = -7,
        .made = { 1767323045678 },
        .made_s = { 1767323045678 },
        .made_ms = { 1767323045678 },
        .made_text = { 1767323045678 },
        .tags = { tags, 2 },
        .parts = { parts, 2 },
        .one = { parts, 1 },
        .map = { keyed, 0 },
        .page = { 9, S("c") },
        .location = S("/x"),
    };
    check_writes(
        &answer,
        "{\"id\":\"9007199254740991\",\"parent\":\"12\",\"name\":\"\xE4\xB8\xAD\\n\\\\\\u0001\","
        "\"note\":\"\","
        "\"raw\":{\"x\":[1]},\"flag\":true,\"level\":\"high\",\"sort\":20,\"hidden\":0,\"size\":"
        "9223372036854775807,"
        "\"long\":\"-7\",\"made\":\"2026-01-02T03:04:05.678Z\",\"made_s\":\"2026-01-02T03:04:05Z\","
        "\"made_ms\":1767323045678,\"made_text\":\"1767323045678\",\"tags\":[\"a\\\"b\",\"\"],"
        "\"parts\":[{\"part_number\":1,\"part_size\":5,\"etag\":\"ff\"},"
        "{\"part_number\":2,\"part_size\":-9223372036854775808,\"etag\":\"\"}],"
        "\"one\":{\"part_number\":1,\"part_size\":5,\"etag\":\"ff\"},\"map\":{},"
        "\"page\":{\"pageSize\":9,\"pageCursor\":\"c\"}}");
}

struct pair {
    str name, value;
};
struct mapped {
    struct list map;
    struct inner_object {
        str maybe;
    } inner;
    int  after;
};
static const struct field pair_rows[] = {
    { "k", BODY, AT(struct pair, name) }, { "v", BODY, AT(struct pair, value) }, { 0 } };
static const struct shape pair_shape = { "Pair", pair_rows, sizeof(struct pair) };
static const struct field inner_rows[] = {
    { "maybe", BODY, AT(struct inner_object, maybe), .omit = true }, { 0 } };
static const struct shape inner_shape = { "Inner", inner_rows, sizeof(struct inner_object) };
static const struct field mapped_out[] = {
    { "map", BODY, AT(struct mapped, map), .shape = &pair_shape, .as = AS_MAP, .omit = true },
    { "inner", BODY, WITHIN(struct mapped, inner), .shape = &inner_shape, .omit = true },
    { "after", BODY, AT(struct mapped, after) },
    { 0 }
};

TEST(write, prints_a_list_as_a_map_and_leaves_empty_objects_out)
{
    struct pair pairs[] = { { S("a"), S("1") }, { S("b\""), S0 } };
    const struct mapped cases[] = { { .after = 1 }, { { pairs, 2 }, { S("x{") }, 2 } };
    const char *const wants[] = { "{\"after\":1}",
        "{\"map\":{\"a\":\"1\",\"b\\\"\":\"\"},\"inner\":{\"maybe\":\"x{\"},\"after\":2}" };
    for (size_t i = 0; i < 2; i++) {
        AUTO(text_done) struct text out = { 0 };
        contract_write(mapped_out, &cases[i], NULL, NULL, &out);
        CHECK_CASE(wants[i], str_eq(text_str(&out), str_of(wants[i])));
    }
}

TEST(write, puts_the_envelope_behind_the_rows)
{
    const struct mapped some = { .after = 1 };
    AUTO(text_done) struct text both = { 0 }, alone = { 0 }, nothing = { 0 };
    contract_write(mapped_out, &some, toy_dialect.envelope, toy_dialect.envelope_value, &both);
    CHECK(str_eq(text_str(&both), S("{\"after\":1,\"code\":0,\"msg\":\"Success.\"}")));
    contract_write(NULL, NULL, toy_dialect.envelope, toy_dialect.envelope_value, &alone);
    CHECK(str_eq(text_str(&alone), S("{\"code\":0,\"msg\":\"Success.\"}")));
    contract_write(NULL, NULL, NULL, NULL, &nothing);
    CHECK(str_eq(text_str(&nothing), S("{}")));
}

struct only_time {
    instant t;
};
static const struct field time_out[] = { { "t", BODY, AT(struct only_time, t) }, { 0 } };

TEST(write, prints_times_as_the_clock_does)
{
    int64_t ms = 1;
    for (int i = 0; i < 20000; i++) {
        AUTO(text_done) struct text out = { 0 };
        char        text[INSTANT_TEXT];
        const struct only_time value = { { ms } };
        const str want = instant_print(value.t, INSTANT_MS, text);
        contract_write(time_out, &value, NULL, NULL, &out);
        CHECK_CASE(text, str_eq((str){ out.p + 6, out.n - 8 }, want));
        ms = (int64_t)(((uint64_t)ms * 6364136223846793005u + 1442695040888963407u) >> 1);
        ms = i % 3 ? ms % INT64_C(253402300800000)
                   : ms % INT64_C(4102444800000) / 86400000 * 86400000 - i % 2;
        ms = ms < 1 ? 1 : ms;
    }
}

TEST(write, escapes_wherever_in_a_string_the_byte_stands)
{
    for (int length = 0; length < 40; length++)
        for (int at = -1; at < length; at++)
            for (int c = 0; c < 256; c += c < 0x23 || (c > 0x58 && c < 0x60) ? 1 : 13) {
                AUTO(text_done) struct text out = { 0 }, want = { 0 };
                char bytes[40];
                memset(bytes, 'x', sizeof bytes);
                if (at >= 0)
                    bytes[at] = (char)c;
                const struct pair value = { { bytes, (size_t)length }, S0 };
                const struct field rows[] = { { "k", BODY, AT(struct pair, name) }, { 0 } };
                contract_write(rows, &value, NULL, NULL, &out);
                text_add(&want, S("{\"k\":"));
                text_json(&want, value.name);
                text_char(&want, '}');
                CHECK(str_eq(text_str(&out), text_str(&want)));
            }
}

TEST_MAIN
