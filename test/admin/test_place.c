#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/place.h"
#include "base/hash.h"

struct ground {
    struct arena   *arena;
    struct settings settings;
    str             error;
    struct place    place;
};

static struct ground ground_new(void)
{
    struct ground g = { .arena = arena_new(), .place.lock = -1 };
    g.settings.data = place_make_demo(g.arena);
    CHECK(g.settings.data.p);
    return g;
}

static void ground_done(struct ground *g)
{
    place_release(&g->place);
    place_remove_tree(arena_z(g->arena, g->settings.data));
    arena_free(&g->arena);
}

static int take(struct ground *g)
{
    return place_take(g->arena, &g->settings, &g->place, &g->error);
}

static const char *path(struct ground *g, const char *name)
{
    return arena_print(g->arena, "%.*s/%s", STR_ARG(g->settings.data), name).p;
}

static void put_file(struct ground *g, const char *name, const char *bytes, size_t n)
{
    const int file = open(path(g, name), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(file >= 0 && write(file, bytes, n) == (ssize_t)n && close(file) == 0);
}

TEST(place, makes_a_key_in_an_empty_folder_and_keeps_it)
{
    AUTO(ground_done) struct ground g = ground_new();
    struct stat key;
    CHECK(take(&g) == EXIT_DONE && g.place.is_bare && g.place.key.n == KEY_BYTES);
    CHECK(stat(path(&g, "key"), &key) == 0 && (key.st_mode & 0777) == 0600);
    const str first = g.place.key;
    place_release(&g.place);
    CHECK(take(&g) == EXIT_DONE && str_eq(g.place.key, first));
    str again;
    CHECK(place_read_key(g.arena, &g.settings, &again, &g.error) == EXIT_DONE && str_eq(again, first));
}

TEST(place, refuses_data_without_their_key)
{
    AUTO(ground_done) struct ground g = ground_new();
    put_file(&g, "store.db", "x", 1);
    CHECK(take(&g) == EXIT_SETTINGS && g.place.lock < 0);
    CHECK(access(path(&g, "key"), F_OK) != 0);
}

TEST(place, refuses_a_key_that_is_short_long_or_zero)
{
    static const char zeros[KEY_BYTES], ones[KEY_BYTES + 1] = { 1 };
    static const struct {
        const char *name, *bytes;
        size_t      n;
    } cases[] = { { "empty", "", 0 }, { "short", ones, KEY_BYTES - 1 }, { "long", ones, KEY_BYTES + 1 },
                  { "zero", zeros, KEY_BYTES } };
    for (size_t i = 0; i < COUNT(cases); i++) {
        AUTO(ground_done) struct ground g = ground_new();
        put_file(&g, "key", cases[i].bytes, cases[i].n);
        CHECK_CASE(cases[i].name, take(&g) == EXIT_SETTINGS);
    }
}

TEST(place, refuses_a_key_that_everybody_may_read)
{
    AUTO(ground_done) struct ground g = ground_new();
    CHECK(take(&g) == EXIT_DONE);
    place_release(&g.place);
    CHECK(chmod(path(&g, "key"), 0644) == 0);
    CHECK(take(&g) == EXIT_SETTINGS);
}

TEST(place, never_makes_a_key_file_that_was_named)
{
    AUTO(ground_done) struct ground g = ground_new();
    g.settings.key_file = str_of(path(&g, "elsewhere"));
    CHECK(take(&g) == EXIT_SETTINGS);
    CHECK(access(path(&g, "elsewhere"), F_OK) != 0 && access(path(&g, "key"), F_OK) != 0);
}

TEST(place, is_held_by_one_at_a_time)
{
    AUTO(ground_done) struct ground g = ground_new();
    struct place second = { .lock = -1 };
    CHECK(!place_is_locked(g.arena, g.settings.data));
    CHECK(take(&g) == EXIT_DONE && place_is_locked(g.arena, g.settings.data));
    CHECK(place_take(g.arena, &g.settings, &second, &g.error) == EXIT_LOCKED && second.lock < 0);
    place_release(&g.place);
    CHECK(!place_is_locked(g.arena, g.settings.data));
    CHECK(place_take(g.arena, &g.settings, &second, &g.error) == EXIT_DONE);
    place_release(&second);
}

TEST(place, tells_the_address_only_while_it_is_held)
{
    AUTO(ground_done) struct ground g = ground_new();
    CHECK(take(&g) == EXIT_DONE);
    CHECK(!place_running(g.arena, g.settings.data).p);
    CHECK(place_announce(g.arena, &g.settings, S("http://127.0.0.1:1")));
    CHECK(str_eq(place_running(g.arena, g.settings.data), S("http://127.0.0.1:1")));
    place_release(&g.place);
    CHECK(!place_running(g.arena, g.settings.data).p); /* what a killed server leaves behind */
}

TEST(place, refuses_a_folder_that_everybody_may_look_into)
{
    AUTO(ground_done) struct ground g = ground_new();
    CHECK(take(&g) == EXIT_DONE);
    place_release(&g.place);
    put_file(&g, "store.db", "x", 1);
    CHECK(chmod(arena_z(g.arena, g.settings.data), 0755) == 0);
    CHECK(take(&g) == EXIT_SETTINGS);
}

TEST(place, closes_an_empty_folder_to_others)
{
    AUTO(ground_done) struct ground g = ground_new();
    struct stat folder;
    CHECK(chmod(arena_z(g.arena, g.settings.data), 0755) == 0);
    CHECK(take(&g) == EXIT_DONE);
    CHECK(stat(arena_z(g.arena, g.settings.data), &folder) == 0 && (folder.st_mode & 0777) == 0700);
}

TEST(place, refuses_stores_that_this_version_cannot_open)
{
    AUTO(ground_done) struct ground g = ground_new();
    g.settings.db = S("postgres://db.test/polydrive");
    CHECK(take(&g) == EXIT_SETTINGS);
    g.settings.db = S0;
    g.settings.content = S("s3://bucket.test/x");
    CHECK(take(&g) == EXIT_SETTINGS);
}

TEST_MAIN
