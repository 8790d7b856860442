#include "drive/hashing.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/log.h"

enum { ENTRIES_MAX = 1024 };

struct hashing {
    pthread_mutex_t lock;
    int             count;
    struct entry   *newest;
};

struct entry {
    struct entry  *older;
    struct prefix *prefix;
};

struct hashing *hashing_new(void)
{
    struct hashing *hashing = calloc(1, sizeof *hashing);
    if (!hashing)
        log_die("out of memory");
    pthread_mutex_init(&hashing->lock, NULL);
    return hashing;
}

uint64_t prefix_chain(uint64_t chain, id chunk)
{
    return (chain ^ (uint64_t)chunk.v) * UINT64_C(0x9E3779B97F4A7C15) + 1;
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

static void entry_free(struct hashing *hashing, struct entry **at)
{
    struct entry *entry = *at;
    *at = entry->older;
    prefix_free(&entry->prefix);
    free(entry);
    hashing->count--;
}

void hashing_free(struct hashing **out)
{
    struct hashing *hashing = *out;
    if (!hashing)
        return;
    while (hashing->newest)
        entry_free(hashing, &hashing->newest);
    pthread_mutex_destroy(&hashing->lock);
    free(hashing);
    *out = NULL;
}

static struct entry **find(struct hashing *hashing, id upload)
{
    struct entry **at = &hashing->newest;
    while (*at && (*at)->prefix->upload.v != upload.v)
        at = &(*at)->older;
    return at;
}

static struct prefix *fresh_prefix(id upload)
{
    struct prefix *prefix = calloc(1, sizeof *prefix);
    if (!prefix)
        log_die("out of memory");
    prefix->upload = upload;
    prefix->sha256 = hasher_new(DIGEST_SHA256);
    prefix->sha1 = hasher_new(DIGEST_SHA1);
    return prefix;
}

struct prefix *hashing_take(struct hashing *hashing, id upload, int parts)
{
    struct prefix *taken = NULL;
    pthread_mutex_lock(&hashing->lock);
    struct entry **at = find(hashing, upload);
    if (*at && (parts < 0 || (*at)->prefix->parts == parts)) {
        taken = (*at)->prefix;
        (*at)->prefix = NULL;
        entry_free(hashing, at);
    }
    pthread_mutex_unlock(&hashing->lock);
    return taken || parts != 0 ? taken : fresh_prefix(upload);
}

void hashing_give(struct hashing *hashing, struct prefix **prefix)
{
    struct prefix *drop = NULL;
    if (!*prefix)
        return;
    pthread_mutex_lock(&hashing->lock);
    struct entry **at = find(hashing, (*prefix)->upload);
    if (*at && (*at)->prefix->parts >= (*prefix)->parts && !(*prefix)->is_whole) {
        drop = *prefix;
    } else {
        if (*at)
            entry_free(hashing, at);
        struct entry *entry = malloc(sizeof *entry);
        if (!entry)
            log_die("out of memory");
        *entry = (struct entry){ hashing->newest, *prefix };
        hashing->newest = entry;
        if (++hashing->count > ENTRIES_MAX) {
            struct entry **last = &hashing->newest;
            while ((*last)->older)
                last = &(*last)->older;
            entry_free(hashing, last);
        }
    }
    pthread_mutex_unlock(&hashing->lock);
    prefix_free(&drop);
    *prefix = NULL;
}

bool hashing_look(struct hashing *hashing, id upload, struct prefix *out)
{
    pthread_mutex_lock(&hashing->lock);
    struct entry *entry = *find(hashing, upload);
    if (entry) {
        *out = *entry->prefix;
        out->sha256 = out->sha1 = NULL;
    }
    pthread_mutex_unlock(&hashing->lock);
    return entry != NULL;
}

void hashing_forget(struct hashing *hashing, id upload)
{
    pthread_mutex_lock(&hashing->lock);
    struct entry **at = find(hashing, upload);
    if (*at)
        entry_free(hashing, at);
    pthread_mutex_unlock(&hashing->lock);
}
