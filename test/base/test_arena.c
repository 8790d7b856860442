#include "test.h"

#include "base/arena.h"

TEST(arena, gives_zeroed_aligned_memory)
{
    AUTO(arena_free) struct arena *a = arena_new();
    for (size_t size = 0; size < 5000; size += 37) {
        unsigned char *p = arena_make(a, size);
        CHECK((uintptr_t)p % _Alignof(max_align_t) == 0);
        for (size_t i = 0; i < size; i++)
            CHECK(p[i] == 0);
        memset(p, 0xff, size);
    }
}

TEST(arena, keeps_what_was_made_apart)
{
    AUTO(arena_free) struct arena *a = arena_new();
    unsigned char *p[300];
    for (size_t i = 0; i < COUNT(p); i++)
        memset(p[i] = arena_make(a, i + 1), (int)(i & 255), i + 1);
    for (size_t i = 0; i < COUNT(p); i++)
        for (size_t k = 0; k <= i; k++)
            CHECK(p[i][k] == (i & 255));
}

TEST(arena, takes_large_requests)
{
    AUTO(arena_free) struct arena *a = arena_new();
    char *p = arena_make(a, 10 * 1024 * 1024);
    p[0] = p[10 * 1024 * 1024 - 1] = 1;
    CHECK(arena_used(a) == 10 * 1024 * 1024);
}

TEST(arena, is_as_new_after_reset)
{
    AUTO(arena_free) struct arena *a = arena_new();
    memset(arena_make(a, 4000), 0xff, 4000);
    memset(arena_make(a, 400000), 0xff, 400000);
    arena_reset(a);
    CHECK(arena_used(a) == 0);
    const unsigned char *p = arena_make(a, 4000);
    for (size_t i = 0; i < 4000; i++)
        CHECK(p[i] == 0);
    arena_reset(a);
    arena_reset(a);
}

TEST(arena, copies_text_with_an_end)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const str copy = arena_copy(a, S("abc"));
    CHECK(str_eq(copy, S("abc")) && copy.p[3] == 0);
    CHECK(!arena_copy(a, S0).p && arena_copy(a, S("")).p);
    CHECK(strcmp(arena_z(a, str_cut(S("abcdef"), 3)), "abc") == 0 && *arena_z(a, S0) == 0);
}

TEST(arena, prints)
{
    AUTO(arena_free) struct arena *a = arena_new();
    CHECK(str_eq(arena_print(a, "%d-%s", 42, "x"), S("42-x")));
    CHECK(arena_print(a, "%20000d", 1).n == 20000);
    CHECK(arena_print(a, "%s", "").n == 0 && arena_print(a, "%s", "").p);
}

TEST(arena, is_null_after_free)
{
    struct arena *a = arena_new();
    arena_free(&a);
    CHECK(!a);
    arena_free(&a);
}

TEST_MAIN
