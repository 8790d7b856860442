/* An item that is made of the same is copied, and of anything else printed. */
#include "test.h"

#include "contract/contract.h"
#include "contract/printed.h"

struct item {
    str            name;
    struct printed printed;
};
static const struct field rows[] = { { "name", BODY, AT(struct item, name) }, { 0 } };
static const struct shape shape = { "Item", rows, sizeof(struct item), offsetof(struct item, printed) };
static const struct shape other = { "Other", rows, sizeof(struct item), offsetof(struct item, printed) };

struct page {
    struct list items;
};
static const struct field page_rows[] = { { "items", BODY, AT(struct page, items), .shape = &shape }, { 0 } };

static str page_of(struct arena *arena, struct item *item)
{
    AUTO(text_done) struct text out = { 0 };
    const struct page page = { { item, 1 } };
    contract_write(page_rows, &page, NULL, NULL, &out);
    return arena_copy(arena, text_str(&out));
}

TEST(printed, is_copied_when_it_is_made_of_the_same)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct item item = { .name = S("a") };
    CHECK(!printed_find(arena, &shape, S("made of a"), &item.printed));
    CHECK(str_eq(page_of(arena, &item), S("{\"items\":[{\"name\":\"a\"}]}")));
    /* only the text that was kept can say "a" now */
    struct item again = { .name = S("never printed") };
    CHECK(printed_find(arena, &shape, S("made of a"), &again.printed));
    CHECK(str_eq(page_of(arena, &again), S("{\"items\":[{\"name\":\"a\"}]}")));
}

TEST(printed, is_of_one_shape_and_of_just_these_bytes)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct item item = { .name = S("b") };
    CHECK(!printed_find(arena, &shape, S("made of b"), &item.printed));
    (void)page_of(arena, &item);
    CHECK(!printed_find(arena, &other, S("made of b"), &item.printed));
    CHECK(!printed_find(arena, &shape, S("made of c"), &item.printed));
    CHECK(!printed_find(arena, &shape, S("made of "), &item.printed));
    CHECK(printed_find(arena, &shape, S("made of b"), &item.printed));
}

TEST(printed, is_printed_anew_when_it_says_nothing_of_what_it_is_made)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct item item = { .name = S("d") };
    CHECK(str_eq(page_of(arena, &item), S("{\"items\":[{\"name\":\"d\"}]}")));
    item.name = S("e");
    CHECK(str_eq(page_of(arena, &item), S("{\"items\":[{\"name\":\"e\"}]}")));
}

TEST(printed, gives_what_is_its_own_while_far_more_than_fits_goes_by)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 5000; i++) {
            const str   name = arena_print(arena, "%d", i);
            struct item item = { .name = name };
            (void)printed_find(arena, &shape, name, &item.printed);
            CHECK(str_eq(page_of(arena, &item), arena_print(arena, "{\"items\":[{\"name\":\"%d\"}]}", i)));
        }
    char       *large = arena_make(arena, 5000);
    struct item item = { .name = S("f") };
    CHECK(!printed_find(arena, &shape, (str){ large, 5000 }, &item.printed)); /* too large to keep */
    (void)page_of(arena, &item);
    CHECK(!printed_find(arena, &shape, (str){ large, 5000 }, &item.printed));
}

TEST_MAIN
