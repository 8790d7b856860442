/* Making sure that the digests of a whole upload are known before it is completed: what the prefix lacks is
 * read back from the stored parts. On a worker: it reads the disk. Parts that came ahead of the prefix are
 * read back while others still come, so that little is left for the end. */
#include "drive/settle.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "content/content.h"
#include "drive/hashing.h"
#include "drive/site.h"
#include "drive/upload.h"
#include "store/store.h"
#include "store/uploads.h"

enum { PIECE = 256 * 1024, PRE_BYTES = 1024 };

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* The first `most` bytes of a chunk in content/ into take(). */
static enum fault read_chunk(struct cx *cx, id chunk, int64_t most, void (*take)(void *arg, str piece), void *arg)
{
    AUTO(close_fd) int fd = -1;
    TRY(content_read_open(cx, cx->site->content, chunk, &fd));
    char *piece = arena_make(cx->arena, PIECE);
    while (most > 0) {
        const ssize_t got = read(fd, piece, most < PIECE ? (size_t)most : PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return fail(cx, FAULT_INTERNAL, .thing = THING_PART, .because = "a part cannot be read back");
        take(arg, (str){ piece, (size_t)got });
        most -= got;
    }
    return OK;
}

/* The first `most` bytes of a part into take(). */
static enum fault read_part(struct cx *cx, const struct part *part, int64_t most, void (*take)(void *arg, str piece),
                            void *arg)
{
    struct chunk chunk;
    str          bytes;
    const int64_t n = part->size < most ? part->size : most;
    if (store_chunk(cx, part->chunk, &chunk) != OK)
        return fail(cx, FAULT_INTERNAL, .thing = THING_PART, .because = "a part's chunk is gone");
    if (!chunk.stored_here)
        return read_chunk(cx, part->chunk, n, take, arg);
    TRY(store_chunk_bytes(cx, part->chunk, &bytes));
    take(arg, str_cut(bytes, (size_t)n));
    return OK;
}

/* The two digests beside each other. */
static struct feed *feed_of(struct cx *cx, const struct prefix *prefix)
{
    const struct lane lanes[] = { { .hashers = { prefix->sha256 } }, { .hashers = { prefix->sha1 } } };
    return feed_new(hashing_crew(cx->site->hashing), lanes, (int)COUNT(lanes));
}

static void into_feed(void *arg, str piece)
{
    feed_add(arg, piece);
}

struct head {
    char   bytes[PRE_BYTES];
    size_t n;
};

static void into_head(void *arg, str piece)
{
    struct head *head = arg;
    const size_t room = PRE_BYTES - head->n, n = piece.n < room ? piece.n : room;
    memcpy(head->bytes + head->n, piece.p, n);
    head->n += n;
}

static enum fault pre_digest(struct cx *cx, const struct part *parts, size_t count, char out[SHA1_BYTES])
{
    struct head head = { .n = 0 };
    for (size_t i = 0; i < count && head.n < PRE_BYTES; i++)
        TRY(read_part(cx, &parts[i], (int64_t)(PRE_BYTES - head.n), into_head, &head));
    memcpy(out, sha1(cx->arena, (str){ head.bytes, head.n }).p, SHA1_BYTES);
    return OK;
}

/* A prefix is good while the parts it was made of are the ones stored now. */
static bool still_true(const struct prefix *prefix, const struct part *parts, size_t count)
{
    uint64_t chain = 0;
    if (prefix->parts > (int)count)
        return false;
    for (int i = 0; i < prefix->parts; i++)
        chain = prefix_chain(chain, parts[i].chunk);
    return chain == prefix->chain;
}

/* The prefix is all there is: its digests are those of the whole. */
static enum fault end_prefix(struct cx *cx, struct prefix *prefix, const struct part *parts, size_t count)
{
    AUTO(hasher_free) struct hasher *sha256_end = hasher_copy(prefix->sha256);
    AUTO(hasher_free) struct hasher *sha1_end = hasher_copy(prefix->sha1);
    hasher_end(sha256_end, (unsigned char *)prefix->whole_sha256);
    hasher_end(sha1_end, (unsigned char *)prefix->whole_sha1);
    if (parts[0].size >= PRE_BYTES)
        memcpy(prefix->pre_sha1, parts[0].pre_sha1.p, SHA1_BYTES);
    else
        TRY(pre_digest(cx, parts, count, prefix->pre_sha1));
    prefix->is_whole = true;
    return OK;
}

static enum fault catch_up(struct cx *cx, struct prefix *prefix, const struct part *parts, size_t count)
{
    AUTO(feed_free) struct feed *feed = feed_of(cx, prefix);
    for (size_t i = (size_t)prefix->parts; i < count; i++) {
        TRY(read_part(cx, &parts[i], parts[i].size, into_feed, feed));
        prefix_add(prefix, parts[i].chunk, parts[i].size);
    }
    feed_end(feed);
    return end_prefix(cx, prefix, parts, count);
}

static enum fault settle(struct cx *cx, id upload)
{
    struct list parts;
    struct hashing *hashing = cx->site->hashing;
    TRY(store_parts(cx, upload, 0, PARTS_MAX + 1, &parts));
    const struct part *part = parts.items;
    if (parts.count < 2 || part[parts.count - 1].number != (int)parts.count)
        return OK; /* one part has its own digests; a gap is told by upload_complete */
    AUTO(prefix_free) struct prefix *prefix = hashing_follow(hashing, upload, -1);
    if (prefix && !still_true(prefix, part, parts.count))
        prefix_free(&prefix);
    if (!prefix)
        prefix = hashing_follow(hashing, upload, 0);
    TRY(catch_up(cx, prefix, part, parts.count));
    hashing_settled(hashing, &prefix);
    return OK;
}

enum fault upload_settle(struct cx *cx, const struct upload *upload)
{
    hashing_settle_begin(cx->site->hashing, upload->id);
    const enum fault fault = settle(cx, upload->id);
    hashing_settle_end(cx->site->hashing, upload->id);
    return fault;
}

/* ---- ahead of the end ---- */

struct errand {
    struct work        work; /* first */
    const struct site *site;
    id                 upload;
};

/* One part into the prefix. A fault is nobody's: upload_settle comes to the part again. */
static bool hash_ahead(const struct site *site, const struct ahead *part, struct prefix **prefix)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct cx cx = { .arena = arena, .site = site, .now = clock_now(), .request_id = S("hashing ahead") };
    AUTO(feed_free) struct feed *feed = feed_of(&cx, *prefix);
    const uint64_t from = (*prefix)->chain;
    if (read_chunk(&cx, part->chunk, part->size, into_feed, feed) != OK)
        return false;
    feed_end(feed);
    prefix_add(*prefix, part->chunk, part->size);
    hashing_grow(site->hashing, from, prefix);
    return true;
}

static void errand_run(struct work *work, int thread)
{
    struct errand *errand = (struct errand *)(void *)work;
    struct hashing *hashing = errand->site->hashing;
    struct ahead    part;
    (void)thread;
    if (hashing_catch_begin(hashing, errand->upload)) {
        AUTO(prefix_free) struct prefix *prefix = NULL;
        while (hashing_catch_next(hashing, errand->upload, &part, &prefix))
            if (!hash_ahead(errand->site, &part, &prefix))
                prefix_free(&prefix);
    }
    free(errand);
}

void settle_ahead(const struct site *site, id upload)
{
    if (!site->workers)
        return;
    struct errand *errand = malloc(sizeof *errand);
    if (!errand)
        log_die("out of memory");
    *errand = (struct errand){ .work.run = errand_run, .site = site, .upload = upload };
    if (!workers_do(site->workers, &errand->work))
        free(errand); /* they have more urgent things to do */
}
