#include "contract/kept.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/log.h"

/* A shelf is chosen by the key's first byte, so that threads seldom meet at one. */
enum { SHELVES = 16, PLACES = 2, BODY_MAX = 128 * 1024 };

struct place {
    unsigned char key[SHA256_BYTES];
    struct text   body; /* empty: offered once */
    uint64_t      used; /* the shelf's count then; 0: a free place */
};

struct shelf {
    pthread_mutex_t lock;
    uint64_t        count;
    struct place    places[PLACES];
};

struct kept {
    struct shelf shelves[SHELVES];
};

struct kept *kept_new(void)
{
    struct kept *kept = calloc(1, sizeof *kept);
    if (!kept)
        log_die("out of memory");
    for (size_t i = 0; i < SHELVES; i++)
        pthread_mutex_init(&kept->shelves[i].lock, NULL);
    return kept;
}

void kept_free(struct kept **kept)
{
    if (!*kept)
        return;
    for (size_t i = 0; i < SHELVES; i++) {
        struct shelf *shelf = &(*kept)->shelves[i];
        for (size_t j = 0; j < PLACES; j++)
            text_done(&shelf->places[j].body);
        pthread_mutex_destroy(&shelf->lock);
    }
    free(*kept);
    *kept = NULL;
}

static struct shelf *shelf_of(struct kept *kept, str key)
{
    return &kept->shelves[(unsigned char)key.p[0] % SHELVES];
}

/* The key's place; else, with *found false, the one that was used longest ago. */
static struct place *place_of(struct shelf *shelf, str key, bool *found)
{
    struct place *oldest = &shelf->places[0];
    for (struct place *p = shelf->places; p < shelf->places + PLACES; p++) {
        *found = p->used && memcmp(p->key, key.p, sizeof p->key) == 0;
        if (*found)
            return p;
        if (p->used < oldest->used)
            oldest = p;
    }
    return oldest;
}

bool kept_find(struct kept *kept, str key, struct text *out)
{
    struct shelf *shelf = shelf_of(kept, key);
    bool          found;
    pthread_mutex_lock(&shelf->lock);
    struct place *place = place_of(shelf, key, &found);
    found = found && place->body.n;
    if (found) {
        place->used = ++shelf->count;
        text_add(out, text_str(&place->body));
    }
    pthread_mutex_unlock(&shelf->lock);
    return found;
}

void kept_offer(struct kept *kept, str key, str body)
{
    struct shelf *shelf = shelf_of(kept, key);
    bool          found;
    if (!body.n || body.n > BODY_MAX)
        return;
    pthread_mutex_lock(&shelf->lock);
    struct place *place = place_of(shelf, key, &found);
    place->used = ++shelf->count;
    if (!found) {
        memcpy(place->key, key.p, sizeof place->key);
        text_done(&place->body);
    } else if (!place->body.n) {
        text_add(&place->body, body);
    }
    pthread_mutex_unlock(&shelf->lock);
}
