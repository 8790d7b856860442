#include "drive/guesses.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/encode.h"
#include "base/hash.h"
#include "base/log.h"
#include "drive/site.h"

enum { SLOTS = 4096, GUESSES_MAX = 20, WINDOW_MS = 5 * 60 * 1000 };

struct slot {
    uint64_t key; /* a digest of the account or the network */
    int64_t  since_ms;
    int      wrong;
};

struct guesses {
    pthread_mutex_t lock;
    struct slot     slots[SLOTS];
};

struct guesses *guesses_new(void)
{
    struct guesses *guesses = calloc(1, sizeof *guesses);
    if (!guesses)
        log_die("out of memory");
    pthread_mutex_init(&guesses->lock, NULL);
    return guesses;
}

void guesses_free(struct guesses **guesses)
{
    if (!*guesses)
        return;
    pthread_mutex_destroy(&(*guesses)->lock);
    free(*guesses);
    *guesses = NULL;
}

/* The slot of a key, or the least telling one of its run, taken over. */
static struct slot *slot_of(struct guesses *guesses, uint64_t key, int64_t now_ms)
{
    enum { RUN = 8 };
    struct slot *worst = NULL;
    for (unsigned i = 0; i < RUN; i++) {
        struct slot *slot = &guesses->slots[(key + i) % SLOTS];
        if (slot->since_ms + WINDOW_MS <= now_ms)
            slot->wrong = 0;
        if (slot->key == key)
            return slot;
        if (!worst || slot->wrong < worst->wrong)
            worst = slot;
    }
    *worst = (struct slot){ .key = key, .since_ms = now_ms };
    return worst;
}

/* ---- who guesses at what ---- */

/* Hashed apart, so that an account's name with a NUL in it stands for no other's. */
static uint64_t key_of(const struct cx *cx, const char *kind, str text)
{
    const str digest = sha256(cx->arena, text.p ? text : S(""));
    return be64_get(hmac_sha256(cx->arena, str_of(kind), digest).p);
}

/* The networks of an address, in hex: the one that is counted, and the wider one that must be innocent.
 * An address of no known form stands for itself. */
static void networks_of(const struct cx *cx, str *narrow, str *wide)
{
    static const char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (char)0xFF, (char)0xFF };
    char *address = arena_make(cx->arena, 16);
    const char *text = arena_z(cx->arena, cx->peer);
    *narrow = *wide = cx->peer;
    if (inet_pton(AF_INET, text, address) == 1) {
        *narrow = *wide = hex_lower(cx->arena, (str){ address, 4 });
    } else if (inet_pton(AF_INET6, text, address) == 1) {
        const bool is_v4 = memcmp(address, mapped, sizeof mapped) == 0;
        *narrow = hex_lower(cx->arena, is_v4 ? (str){ address + 12, 4 } : (str){ address, 8 });
        *wide = is_v4 ? *narrow : hex_lower(cx->arena, (str){ address, 6 });
    }
}

struct guess {
    uint64_t account, narrow, wide;
    bool     from_afar; /* there is a network to be counted */
};

static struct guess guess_of(const struct cx *cx, str account)
{
    struct guess guess = { .account = key_of(cx, "account", account), .from_afar = cx->peer.n > 0 };
    str narrow = S0, wide = S0;
    if (guess.from_afar)
        networks_of(cx, &narrow, &wide);
    guess.narrow = key_of(cx, "network", narrow);
    guess.wide = key_of(cx, "networks", wide);
    return guess;
}

/* ---- counting ---- */

static void add(struct guesses *guesses, uint64_t key, int by, int64_t now_ms)
{
    struct slot *slot = slot_of(guesses, key, now_ms);
    if (slot->wrong == 0)
        slot->since_ms = now_ms;
    slot->wrong = slot->wrong + by < 0 ? 0 : slot->wrong + by;
}

static void add_all(struct guesses *guesses, const struct guess *guess, int by, int64_t now_ms)
{
    add(guesses, guess->account, by, now_ms);
    if (!guess->from_afar)
        return;
    add(guesses, guess->narrow, by, now_ms);
    add(guesses, guess->wide, by, now_ms);
}

static bool may_guess(struct guesses *guesses, const struct guess *guess, int64_t now_ms)
{
    const bool account = slot_of(guesses, guess->account, now_ms)->wrong < GUESSES_MAX;
    if (!guess->from_afar)
        return account;
    if (slot_of(guesses, guess->narrow, now_ms)->wrong >= GUESSES_MAX)
        return false;
    return account || slot_of(guesses, guess->wide, now_ms)->wrong == 0;
}

bool guess_allowed(const struct cx *cx, str account)
{
    struct guesses    *guesses = cx->site->guesses;
    const struct guess guess = guess_of(cx, account);
    pthread_mutex_lock(&guesses->lock);
    const bool allowed = may_guess(guesses, &guess, cx->now.ms);
    if (allowed) /* counted before it is checked: many at once are many */
        add_all(guesses, &guess, 1, cx->now.ms);
    pthread_mutex_unlock(&guesses->lock);
    return allowed;
}

/* Takes back the one that was counted, and no more: a right password between wrong ones buys no new guesses. */
void guess_was_right(const struct cx *cx, str account)
{
    struct guesses    *guesses = cx->site->guesses;
    const struct guess guess = guess_of(cx, account);
    pthread_mutex_lock(&guesses->lock);
    add_all(guesses, &guess, -1, cx->now.ms);
    pthread_mutex_unlock(&guesses->lock);
}
