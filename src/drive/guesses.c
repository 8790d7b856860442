#include "drive/guesses.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/encode.h"
#include "base/hash.h"
#include "base/log.h"
#include "drive/site.h"

enum { SLOTS = 4096, GUESSES_MAX = 20, WINDOW_MS = 5 * 60 * 1000 };

struct slot {
    uint64_t account; /* a digest of the name */
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

/* The account's slot, or the least telling one of its run, taken over. */
static struct slot *slot_of(struct guesses *guesses, uint64_t account, int64_t now_ms)
{
    enum { RUN = 8 };
    struct slot *worst = NULL;
    for (unsigned i = 0; i < RUN; i++) {
        struct slot *slot = &guesses->slots[(account + i) % SLOTS];
        if (slot->since_ms + WINDOW_MS <= now_ms)
            slot->wrong = 0;
        if (slot->account == account)
            return slot;
        if (!worst || slot->wrong < worst->wrong)
            worst = slot;
    }
    *worst = (struct slot){ .account = account, .since_ms = now_ms };
    return worst;
}

enum verdict { ASK, RIGHT };

static bool note(const struct cx *cx, str account, enum verdict verdict)
{
    struct guesses *guesses = cx->site->guesses;
    const uint64_t  key = be64_get(sha256(cx->arena, account).p);
    pthread_mutex_lock(&guesses->lock);
    struct slot *slot = slot_of(guesses, key, cx->now.ms);
    const bool allowed = slot->wrong < GUESSES_MAX;
    if (verdict == RIGHT)
        slot->wrong = 0;
    else if (allowed && slot->wrong++ == 0) /* counted before it is checked: many at once are many */
        slot->since_ms = cx->now.ms;
    pthread_mutex_unlock(&guesses->lock);
    return allowed;
}

bool guess_allowed(const struct cx *cx, str account)
{
    return note(cx, account, ASK);
}

void guess_was_right(const struct cx *cx, str account)
{
    note(cx, account, RIGHT);
}
