#include "drive/hashing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"

enum {
    ENTRIES_MAX = 1024,
    AHEAD_MAX = 64,    /* of one upload */
    CATCHERS_MAX = 2,  /* at once: the workers have other things to do */
    THREADS_MAX = 8,
    BUFFERS_MAX = 256, /* 64 MiB in all */
};

struct entry {
    struct entry  *older;
    id             upload;
    struct prefix *prefix; /* or NULL */
    struct ahead  *ahead;  /* AHEAD_MAX of them, or NULL */
    int            ahead_count, settling;
    bool           catching;
};

struct hashing {
    struct crew    *crew;
    pthread_mutex_t lock;
    pthread_cond_t  caught; /* somebody has stopped catching up */
    int             count, catchers;
    struct entry   *newest;
    atomic_bool     halted;
};

struct hashing *hashing_new(void)
{
    const long      cores = sysconf(_SC_NPROCESSORS_ONLN);
    struct hashing *hashing = calloc(1, sizeof *hashing);
    if (!hashing)
        log_die("out of memory");
    pthread_mutex_init(&hashing->lock, NULL);
    pthread_cond_init(&hashing->caught, NULL);
    hashing->crew = crew_new(cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (int)cores, BUFFERS_MAX);
    return hashing;
}

struct crew *hashing_crew(struct hashing *hashing)
{
    return hashing->crew;
}

/* ---- prefixes ---- */

uint64_t prefix_chain(uint64_t chain, id chunk)
{
    return (chain ^ (uint64_t)chunk.v) * UINT64_C(0x9E3779B97F4A7C15) + 1;
}

void prefix_add(struct prefix *prefix, id chunk, int64_t size)
{
    prefix->parts++;
    prefix->bytes += size;
    prefix->chain = prefix_chain(prefix->chain, chunk);
    prefix->is_whole = false;
}

void prefix_free(struct prefix **prefix)
{
    if (!*prefix)
        return;
    hasher_free(&(*prefix)->sha256);
    hasher_free(&(*prefix)->sha1);
    free(*prefix);
    *prefix = NULL;
}

static struct prefix *prefix_new(void)
{
    struct prefix *prefix = calloc(1, sizeof *prefix);
    if (!prefix)
        log_die("out of memory");
    return prefix;
}

static struct prefix *prefix_empty(id upload)
{
    struct prefix *prefix = prefix_new();
    prefix->upload = upload;
    prefix->sha256 = hasher_new(DIGEST_SHA256);
    prefix->sha1 = hasher_new(DIGEST_SHA1);
    return prefix;
}

static struct prefix *prefix_copy(const struct prefix *of)
{
    struct prefix *prefix = prefix_new();
    *prefix = *of;
    prefix->sha256 = hasher_copy(of->sha256);
    prefix->sha1 = hasher_copy(of->sha1);
    return prefix;
}

/* ---- entries; all with the lock held ---- */

static struct entry **find(struct hashing *hashing, id upload)
{
    struct entry **at = &hashing->newest;
    while (*at && (*at)->upload.v != upload.v)
        at = &(*at)->older;
    return at;
}

/* Whoever catches up finds that it has gone. */
static void entry_free(struct hashing *hashing, struct entry **at)
{
    struct entry *entry = *at;
    *at = entry->older;
    prefix_free(&entry->prefix);
    free(entry->ahead);
    free(entry);
    hashing->count--;
    pthread_cond_broadcast(&hashing->caught);
}

static struct entry *entry_of(struct hashing *hashing, id upload)
{
    struct entry *entry = *find(hashing, upload), **last = &hashing->newest;
    if (entry)
        return entry;
    if (!(entry = calloc(1, sizeof *entry)))
        log_die("out of memory");
    entry->upload = upload;
    entry->older = hashing->newest;
    hashing->newest = entry;
    if (++hashing->count > ENTRIES_MAX) {
        while ((*last)->older)
            last = &(*last)->older;
        entry_free(hashing, last);
    }
    return entry;
}

void hashing_free(struct hashing **out)
{
    struct hashing *hashing = *out;
    if (!hashing)
        return;
    while (hashing->newest)
        entry_free(hashing, &hashing->newest);
    crew_free(&hashing->crew);
    pthread_mutex_destroy(&hashing->lock);
    pthread_cond_destroy(&hashing->caught);
    free(hashing);
    *out = NULL;
}

/* ---- what is known ---- */

struct prefix *hashing_follow(struct hashing *hashing, id upload, int parts)
{
    struct prefix *copy = NULL;
    if (parts == 0)
        return prefix_empty(upload);
    pthread_mutex_lock(&hashing->lock);
    const struct entry *entry = *find(hashing, upload);
    if (entry && entry->prefix && (parts < 0 || entry->prefix->parts == parts))
        copy = prefix_copy(entry->prefix);
    pthread_mutex_unlock(&hashing->lock);
    return copy;
}

static void keep(struct entry *entry, struct prefix **prefix)
{
    prefix_free(&entry->prefix);
    entry->prefix = *prefix;
    *prefix = NULL;
}

void hashing_grow(struct hashing *hashing, uint64_t from, struct prefix **longer)
{
    pthread_mutex_lock(&hashing->lock);
    struct entry *entry = entry_of(hashing, (*longer)->upload);
    /* A first part that came again makes all that went on from the old one worthless. */
    if (!entry->prefix || entry->prefix->chain == from || (*longer)->parts == 1)
        keep(entry, longer);
    pthread_mutex_unlock(&hashing->lock);
    prefix_free(longer);
}

void hashing_settled(struct hashing *hashing, struct prefix **whole)
{
    pthread_mutex_lock(&hashing->lock);
    keep(entry_of(hashing, (*whole)->upload), whole);
    pthread_mutex_unlock(&hashing->lock);
}

bool hashing_look(struct hashing *hashing, id upload, struct prefix *out)
{
    pthread_mutex_lock(&hashing->lock);
    const struct entry *entry = *find(hashing, upload);
    const bool found = entry && entry->prefix && entry->prefix->is_whole;
    if (found) {
        *out = *entry->prefix;
        out->sha256 = out->sha1 = NULL;
    }
    pthread_mutex_unlock(&hashing->lock);
    return found;
}

void hashing_forget(struct hashing *hashing, id upload)
{
    pthread_mutex_lock(&hashing->lock);
    struct entry **at = find(hashing, upload);
    if (*at)
        entry_free(hashing, at);
    pthread_mutex_unlock(&hashing->lock);
}

/* ---- parts ahead of the prefix ---- */

static struct ahead *next_ahead(const struct entry *entry)
{
    for (int i = 0; entry && entry->prefix && i < entry->ahead_count; i++)
        if (entry->ahead[i].number == entry->prefix->parts + 1)
            return &entry->ahead[i];
    return NULL;
}

static void remember(struct entry *entry, const struct ahead *part)
{
    int at = 0;
    if (!entry->ahead && !(entry->ahead = calloc(AHEAD_MAX, sizeof *entry->ahead)))
        log_die("out of memory");
    while (at < entry->ahead_count && entry->ahead[at].number != part->number)
        at++;
    if (at == AHEAD_MAX)
        return;
    entry->ahead_count += at == entry->ahead_count;
    entry->ahead[at] = *part;
}

bool hashing_ahead(struct hashing *hashing, id upload, const struct ahead *part)
{
    pthread_mutex_lock(&hashing->lock);
    struct entry *entry = entry_of(hashing, upload);
    if (!entry->prefix || part->number > entry->prefix->parts)
        remember(entry, part);
    const bool wanted = !entry->catching && !entry->settling && next_ahead(entry);
    pthread_mutex_unlock(&hashing->lock);
    return wanted;
}

bool hashing_catches(struct hashing *hashing, id upload)
{
    pthread_mutex_lock(&hashing->lock);
    const struct entry *entry = *find(hashing, upload);
    const bool wanted = entry && !entry->catching && !entry->settling && next_ahead(entry);
    pthread_mutex_unlock(&hashing->lock);
    return wanted;
}

bool hashing_catch_begin(struct hashing *hashing, id upload)
{
    pthread_mutex_lock(&hashing->lock);
    struct entry *entry = *find(hashing, upload);
    const bool mine = entry && !entry->catching && !entry->settling && next_ahead(entry)
                      && hashing->catchers < CATCHERS_MAX;
    if (mine) {
        entry->catching = true;
        hashing->catchers++;
    }
    pthread_mutex_unlock(&hashing->lock);
    return mine;
}

bool hashing_catch_next(struct hashing *hashing, id upload, struct ahead *part, struct prefix **prefix)
{
    pthread_mutex_lock(&hashing->lock);
    struct entry *entry = *find(hashing, upload);
    struct ahead *next = next_ahead(entry);
    const bool    more = next && !entry->settling && !atomic_load(&hashing->halted);
    if (more) {
        *part = *next;
        *next = entry->ahead[--entry->ahead_count];
        *prefix = prefix_copy(entry->prefix);
    } else {
        if (entry)
            entry->catching = false;
        hashing->catchers--;
        pthread_cond_broadcast(&hashing->caught);
    }
    pthread_mutex_unlock(&hashing->lock);
    return more;
}

void hashing_settle_begin(struct hashing *hashing, id upload)
{
    pthread_mutex_lock(&hashing->lock);
    struct entry *entry = *find(hashing, upload);
    if (entry)
        entry->settling++;
    while ((entry = *find(hashing, upload)) && entry->catching)
        pthread_cond_wait(&hashing->caught, &hashing->lock);
    pthread_mutex_unlock(&hashing->lock);
}

void hashing_settle_end(struct hashing *hashing, id upload)
{
    pthread_mutex_lock(&hashing->lock);
    struct entry *entry = *find(hashing, upload);
    if (entry && entry->settling)
        entry->settling--;
    pthread_mutex_unlock(&hashing->lock);
}

void hashing_halt(struct hashing *hashing)
{
    atomic_store(&hashing->halted, true);
}
