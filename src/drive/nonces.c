/* A table of digests with short runs: in a full run the oldest makes room, so memory is bounded. */
#include "drive/nonces.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/encode.h"
#include "base/hash.h"
#include "base/log.h"
#include "drive/site.h"

enum { SLOTS = 1 << 16 };

struct slot {
    uint64_t key;
    int64_t  until_ms;
};

struct nonces {
    pthread_mutex_t lock;
    struct slot    *slots; /* made at first use: most servers never see a nonce */
};

struct nonces *nonces_new(void)
{
    struct nonces *nonces = calloc(1, sizeof *nonces);
    if (!nonces)
        log_die("out of memory");
    pthread_mutex_init(&nonces->lock, NULL);
    return nonces;
}

void nonces_free(struct nonces **nonces)
{
    if (!*nonces)
        return;
    pthread_mutex_destroy(&(*nonces)->lock);
    free((*nonces)->slots);
    free(*nonces);
    *nonces = NULL;
}

/* Looks at a short run of slots; a full run gives up its oldest entry. */
static bool put(struct nonces *nonces, uint64_t key, int64_t now_ms, int64_t until_ms)
{
    enum { RUN = 16 };
    struct slot *oldest = NULL;
    for (unsigned i = 0; i < RUN; i++) {
        struct slot *slot = &nonces->slots[(key + i) % SLOTS];
        if (slot->key == key && slot->until_ms > now_ms)
            return false;
        if (!oldest || slot->until_ms < oldest->until_ms)
            oldest = slot;
    }
    *oldest = (struct slot){ key, until_ms };
    return true;
}

bool nonce_fresh(const struct cx *cx, str nonce, int64_t ttl_ms)
{
    struct nonces *nonces = cx->site->nonces;
    const uint64_t key = be64_get(sha256(cx->arena, nonce).p);
    pthread_mutex_lock(&nonces->lock);
    if (!nonces->slots && !(nonces->slots = calloc(SLOTS, sizeof *nonces->slots)))
        log_die("out of memory");
    const bool fresh = put(nonces, key, cx->now.ms, cx->now.ms + ttl_ms);
    pthread_mutex_unlock(&nonces->lock);
    return fresh;
}
