#include "test.h"

#include <stdio.h>

#include "drive/guesses.h"
#include "drive/site.h"

static struct arena *arena;
static struct site   site;
static struct cx     cx;

static void begin(void)
{
    arena = arena_new();
    site = (struct site){ .guesses = guesses_new() };
    cx = (struct cx){ .arena = arena, .site = &site, .now = { 1000000 } };
}

static void end(void)
{
    guesses_free(&site.guesses);
    arena_free(&arena);
}

/* How many of `n` guesses are checked. */
static int guess(const char *peer, const char *account, int n)
{
    int checked = 0;
    cx.peer = str_of(peer);
    for (int i = 0; i < n; i++)
        checked += guess_allowed(&cx, str_of(account));
    return checked;
}

TEST(guesses, an_account_has_20_in_5_minutes)
{
    begin();
    CHECK(guess(NULL, "ann", 100) == 20 && guess(NULL, "ben", 100) == 20);
    cx.now.ms += 5 * 60 * 1000 - 1;
    CHECK(guess(NULL, "ann", 1) == 0);
    cx.now.ms += 1;
    CHECK(guess(NULL, "ann", 100) == 20);
    end();
}

TEST(guesses, an_address_has_20_whatever_the_names)
{
    char name[32];
    int  checked = 0;
    begin();
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "name %d", i);
        checked += guess("192.0.2.1", name, 1);
    }
    CHECK(checked == 20);
    CHECK(guess("192.0.2.2", "name 1", 100) == 20 - 1);
    CHECK(guess("::ffff:192.0.2.1", "ann", 1) == 0); /* the same address, spelled as IPv6 */
    end();
}

TEST(guesses, a_64_is_one_address)
{
    char peer[64];
    int  checked = 0;
    begin();
    for (int i = 0; i < 1000; i++) {
        snprintf(peer, sizeof peer, "2001:db8:1:2::%x", i);
        checked += guess(peer, "ann", 1);
    }
    CHECK(checked == 20);
    end();
}

TEST(guesses, many_networks_do_not_help_against_one_account)
{
    char peer[64];
    int  checked = 0;
    begin();
    for (int i = 0; i < 1000; i++) { /* a /48 has 65,536 of them */
        snprintf(peer, sizeof peer, "2001:db8:1:%x::1", i);
        checked += guess(peer, "ann", 1);
    }
    CHECK(checked == 20);
    CHECK(guess("192.0.2.1", "ben", 20) == 20 && guess("192.0.2.1", "ann", 1) == 0);
    end();
}

TEST(guesses, the_owner_is_not_locked_out)
{
    begin();
    CHECK(guess("192.0.2.1", "ann", 100) == 20);
    CHECK(guess("198.51.100.7", "ann", 1) == 1);
    guess_was_right(&cx, S("ann"));
    CHECK(guess("198.51.100.7", "ann", 1) == 1); /* it was right, so the address has none wrong */
    CHECK(guess("198.51.100.7", "ann", 1) == 0);
    end();
}

TEST(guesses, a_right_one_between_wrong_ones_buys_no_more)
{
    int checked = 0;
    begin();
    for (int i = 0; i < 100; i++) {
        checked += guess("192.0.2.1", "victim", 1);
        if (guess("192.0.2.1", "own", 1))
            guess_was_right(&cx, S("own"));
    }
    CHECK(checked == 20);
    end();
}

TEST(guesses, a_flood_of_names_does_not_make_one_forgotten)
{
    char name[32], peer[32];
    begin();
    CHECK(guess(NULL, "ann", 20) == 20);
    for (int i = 0; i < 100000; i++) {
        snprintf(name, sizeof name, "name %d", i);
        snprintf(peer, sizeof peer, "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
        guess(peer, name, 1);
        if (i % 1000 == 0)
            arena_reset(arena);
    }
    CHECK(guess(NULL, "ann", 1) == 0);
    end();
}

TEST_MAIN
