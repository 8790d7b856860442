/* Answers are kept from the second time on, few of them, and only under their own key. */
#include "test.h"

#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "contract/kept.h"

static str key_of(struct arena *arena, int n)
{
    return sha256(arena, arena_print(arena, "%d", n));
}

static bool has(struct kept *kept, str key, str body)
{
    AUTO(text_done) struct text out = { 0 };
    return kept_find(kept, key, &out) && str_eq(text_str(&out), body);
}

TEST(kept, gives_what_was_offered_twice_and_only_that)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    AUTO(kept_free) struct kept *kept = kept_new();
    const str one = key_of(arena, 1), two = key_of(arena, 2);
    kept_offer(kept, one, S("first"));
    CHECK(!has(kept, one, S("first")));
    kept_offer(kept, one, S("first"));
    CHECK(has(kept, one, S("first")));
    CHECK(has(kept, one, S("first")));
    CHECK(!has(kept, two, S("first")));
}

TEST(kept, stays_small)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    AUTO(kept_free) struct kept *kept = kept_new();
    int still = 0;
    for (int n = 0; n < 1000; n++)
        for (int again = 0; again < 2; again++)
            kept_offer(kept, key_of(arena, n), S("body"));
    for (int n = 0; n < 1000; n++)
        still += has(kept, key_of(arena, n), S("body"));
    CHECK(still == 32);
    CHECK(has(kept, key_of(arena, 999), S("body")));
}

TEST(kept, refuses_what_is_long)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    AUTO(kept_free) struct kept *kept = kept_new();
    const str key = key_of(arena, 1), fits = { arena_make(arena, 131072), 131072 },
              longer = { arena_make(arena, 131073), 131073 };
    for (int again = 0; again < 3; again++)
        kept_offer(kept, key, longer);
    CHECK(!has(kept, key, longer));
    for (int again = 0; again < 2; again++)
        kept_offer(kept, key, fits);
    CHECK(has(kept, key, fits));
}

TEST_MAIN
