/* Making sure that the digests of a whole upload are known before it is completed: what the prefix lacks is
 * read back from the stored parts. On a worker: it reads the disk. */
#include <errno.h>
#include <unistd.h>

#include "base/hash.h"
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

/* The first `most` bytes of a part into take(). */
static enum fault read_part(struct cx *cx, const struct part *part, int64_t most, void (*take)(void *arg, str piece),
                            void *arg)
{
    AUTO(close_fd) int fd = -1;
    struct chunk chunk;
    str          bytes;
    int64_t      left = part->size < most ? part->size : most;
    if (store_chunk(cx, part->chunk, &chunk) != OK)
        return fail(cx, FAULT_INTERNAL, .thing = THING_PART, .because = "a part's chunk is gone");
    if (chunk.stored_here) {
        TRY(store_chunk_bytes(cx, part->chunk, &bytes));
        take(arg, str_cut(bytes, (size_t)left));
        return OK;
    }
    TRY(content_read_open(cx, cx->site->content, part->chunk, &fd));
    char *piece = arena_make(cx->arena, PIECE);
    while (left > 0) {
        const ssize_t got = read(fd, piece, left < PIECE ? (size_t)left : PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return fail(cx, FAULT_INTERNAL, .thing = THING_PART, .because = "a part cannot be read back");
        take(arg, (str){ piece, (size_t)got });
        left -= got;
    }
    return OK;
}

static void into_prefix(void *arg, str piece)
{
    struct prefix *prefix = arg;
    hasher_add(prefix->sha256, piece);
    hasher_add(prefix->sha1, piece);
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

static enum fault catch_up(struct cx *cx, struct prefix *prefix, const struct part *parts, size_t count)
{
    for (size_t i = (size_t)prefix->parts; i < count; i++) {
        TRY(read_part(cx, &parts[i], parts[i].size, into_prefix, prefix));
        prefix->chain = prefix_chain(prefix->chain, parts[i].chunk);
        prefix->bytes += parts[i].size;
        prefix->parts++;
    }
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

enum fault upload_settle(struct cx *cx, const struct upload *upload)
{
    struct list parts;
    TRY(store_parts(cx, upload->id, 0, PARTS_MAX + 1, &parts));
    const struct part *part = parts.items;
    if (parts.count < 2 || part[parts.count - 1].number != (int)parts.count)
        return OK; /* one part has its own digests; a gap is told by upload_complete */
    struct prefix *prefix = hashing_take(cx->site->hashing, upload->id, -1);
    if (prefix && !still_true(prefix, part, parts.count))
        prefix_free(&prefix);
    if (!prefix) {
        hashing_forget(cx->site->hashing, upload->id);
        prefix = hashing_take(cx->site->hashing, upload->id, 0);
    }
    const enum fault fault = catch_up(cx, prefix, part, parts.count);
    if (fault == OK)
        hashing_give(cx->site->hashing, &prefix);
    prefix_free(&prefix);
    return fault;
}
