/* One part on its way in: bytes go to memory while they are few, to a sink of content/ when they are more;
 * every digest is fed in the same pass.
 *
 * The digests of the whole follow along when this part is the next of the contiguous prefix: on copies, so
 * that a part that breaks off leaves the prefix as it was. */
#include <stdlib.h>

#include "base/hash.h"
#include "base/log.h"
#include "content/content.h"
#include "drive/hashing.h"
#include "drive/site.h"
#include "drive/upload.h"
#include "store/drives.h"
#include "store/store.h"
#include "store/uploads.h"

enum {
    STORED_MAX = 64 * 1024, /* up to here a chunk lives in the store and needs no sync of its own */
    PRE_BYTES = 1024,
};

struct receiver {
    const struct site *site;
    id                 upload, chunk;
    int                number;
    int64_t            room, size; /* what may still come; what came */
    char              *memory;     /* STORED_MAX bytes, until there is a sink */
    struct sink       *sink;
    bool               kept;       /* the sink's bytes are durable under `chunk` */
    struct hasher     *sha256, *sha1, *md5; /* of this part; sha1 of part 1 only */
    struct hasher     *whole_sha256, *whole_sha1; /* copies that run on, or NULL */
    struct prefix     *prefix;     /* taken out while this part comes, or NULL */
    uint64_t           crc64;
    char               pre[PRE_BYTES];
};

static enum fault check_part(struct cx *cx, const struct upload *upload, int number, int64_t announced, int64_t *room)
{
    int64_t others = 0;
    if (number < 1 || number > PARTS_MAX)
        return fail(cx, FAULT_INVALID, .thing = THING_PART, .field = "partNumber",
                    .how = number < 1 ? HOW_TOO_SMALL : HOW_TOO_LARGE, .min = 1, .max = PARTS_MAX);
    *room = PART_BYTES_MAX;
    if (upload->size >= 0) {
        TRY(store_parts_size(cx, upload->id, number, &others));
        if (upload->size - others < *room)
            *room = upload->size > others ? upload->size - others : 0;
    }
    if (announced > *room)
        return fail(cx, FAULT_INVALID, .thing = THING_PART, .field = "size", .how = HOW_TOO_LARGE, .max = *room);
    return OK;
}

enum fault receiver_open(struct cx *cx, const struct upload *upload, int number, int64_t announced,
                         struct receiver **out)
{
    int64_t room = 0;
    TRY(check_part(cx, upload, number, announced, &room));
    struct receiver *r = calloc(1, sizeof *r);
    if (!r)
        log_die("out of memory");
    *out = r;
    r->site = cx->site;
    r->upload = upload->id;
    r->number = number;
    r->room = room;
    r->sha256 = hasher_new(DIGEST_SHA256);
    r->md5 = hasher_new(DIGEST_MD5);
    if (number == 1) {
        r->sha1 = hasher_new(DIGEST_SHA1);
    } else if ((r->prefix = hashing_take(cx->site->hashing, upload->id, number - 1))) {
        r->whole_sha256 = hasher_copy(r->prefix->sha256);
        r->whole_sha1 = hasher_copy(r->prefix->sha1);
    }
    return OK;
}

static void feed(struct receiver *r, str piece)
{
    hasher_add(r->sha256, piece);
    hasher_add(r->md5, piece);
    if (r->sha1)
        hasher_add(r->sha1, piece);
    if (r->whole_sha256) {
        hasher_add(r->whole_sha256, piece);
        hasher_add(r->whole_sha1, piece);
    }
    r->crc64 = crc64(r->crc64, piece);
    if (r->size < PRE_BYTES) {
        const size_t room = (size_t)(PRE_BYTES - r->size);
        memcpy(r->pre + r->size, piece.p, piece.n < room ? piece.n : room);
    }
}

enum fault receiver_write(struct cx *cx, struct receiver *r, str piece)
{
    if ((int64_t)piece.n > r->room)
        return fail(cx, FAULT_INVALID, .thing = THING_PART, .field = "size", .how = HOW_TOO_LARGE,
                    .max = r->size + r->room);
    if (!piece.n)
        return OK;
    if (!r->sink && r->size + (int64_t)piece.n <= STORED_MAX) {
        if (!r->memory && !(r->memory = malloc(STORED_MAX)))
            log_die("out of memory");
        memcpy(r->memory + r->size, piece.p, piece.n);
    } else {
        if (!r->sink) {
            TRY(content_sink_open(cx, r->site->content, &r->sink));
            TRY(content_sink_write(cx, r->sink, (str){ r->memory, (size_t)r->size }));
            free(r->memory);
            r->memory = NULL;
        }
        TRY(content_sink_write(cx, r->sink, piece));
    }
    feed(r, piece);
    r->size += (int64_t)piece.n;
    r->room -= (int64_t)piece.n;
    return OK;
}

bool receiver_needs_sync(const struct receiver *r)
{
    return r->sink != NULL;
}

enum fault receiver_sync(struct cx *cx, struct receiver *r)
{
    TRY(store_next_id(cx, &r->chunk));
    TRY(content_sink_keep(cx, &r->sink, r->chunk));
    r->kept = true;
    return OK;
}

static str end_of(struct cx *cx, struct hasher **hasher, size_t n)
{
    unsigned char *out = arena_make(cx->arena, n);
    hasher_end(*hasher, out);
    hasher_free(hasher);
    return (str){ (char *)out, n };
}

/* The prefix grows by this part; of part 1 it is made from the part's own digests. */
static void grow_prefix(struct receiver *r)
{
    if (r->number == 1) {
        r->prefix = hashing_take(r->site->hashing, r->upload, 0);
        hasher_free(&r->prefix->sha256);
        hasher_free(&r->prefix->sha1);
        r->prefix->sha256 = hasher_copy(r->sha256);
        r->prefix->sha1 = hasher_copy(r->sha1);
        r->prefix->bytes = 0;
        r->prefix->chain = 0;
    } else if (r->prefix) {
        hasher_free(&r->prefix->sha256);
        hasher_free(&r->prefix->sha1);
        r->prefix->sha256 = r->whole_sha256;
        r->prefix->sha1 = r->whole_sha1;
        r->whole_sha256 = r->whole_sha1 = NULL;
    } else {
        return;
    }
    r->prefix->is_whole = false;
    r->prefix->parts = r->number;
    r->prefix->bytes += r->size;
    r->prefix->chain = prefix_chain(r->prefix->chain, r->chunk);
    hashing_give(r->site->hashing, &r->prefix);
}

/* Parts that came at the same time were each small enough when they began; together they may not be. */
static enum fault check_room(struct cx *cx, const struct receiver *r, const struct upload *upload)
{
    int64_t others = 0;
    if (upload->size < 0)
        return OK;
    TRY(store_parts_size(cx, r->upload, r->number, &others));
    if (r->size <= upload->size - others)
        return OK;
    return fail(cx, FAULT_INVALID, .thing = THING_PART, .field = "size", .how = HOW_TOO_LARGE,
                .max = upload->size > others ? upload->size - others : 0);
}

/* An upload of unknown size counts as reserved as it grows, so that it cannot pass the quota before its end. */
static enum fault reserve(struct cx *cx, const struct upload *upload, int64_t grown)
{
    bool fits;
    if (upload->size >= 0)
        return OK;
    TRY(store_drive_charge(cx, upload->drive, 0, grown, &fits));
    if (!fits)
        return fail(cx, FAULT_QUOTA, .thing = THING_DRIVE, .field = "size");
    return store_upload_reserve(cx, upload->id, grown);
}

enum fault receiver_commit(struct cx *cx, struct receiver *r, struct part *out)
{
    struct upload upload;
    struct part   old;
    const enum fault found = store_upload(cx, r->upload, &upload);
    if (found == FAULT_NOT_FOUND || (found == OK && upload.state != UPLOAD_OPEN))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_UPLOAD);
    TRY(found);
    TRY(check_room(cx, r, &upload));
    if (!r->kept)
        TRY(store_next_id(cx, &r->chunk));
    grow_prefix(r);
    const size_t pre = r->size < PRE_BYTES ? (size_t)r->size : PRE_BYTES;
    *out = (struct part){ .number = r->number, .chunk = r->chunk, .size = r->size, .crc64 = (int64_t)r->crc64,
                          .received = cx->now };
    out->sha256 = end_of(cx, &r->sha256, SHA256_BYTES);
    out->md5 = end_of(cx, &r->md5, MD5_BYTES);
    out->sha1 = r->sha1 ? end_of(cx, &r->sha1, SHA1_BYTES) : S("");
    out->pre_sha1 = r->number == 1 ? sha1(cx->arena, (str){ r->pre, pre }) : S("");

    const struct chunk chunk = { .id = r->chunk, .size = r->size, .sha256 = out->sha256, .stored_here = !r->kept };
    TRY(store_chunk_add(cx, &chunk, r->kept ? S0 : (str){ r->memory ? r->memory : "", (size_t)r->size }));
    const enum fault replaced = store_part(cx, r->upload, r->number, &old);
    if (replaced == OK)
        TRY(store_chunk_unused(cx, old.chunk, cx->now));
    else if (replaced != FAULT_NOT_FOUND)
        return replaced;
    TRY(reserve(cx, &upload, out->size - (replaced == OK ? old.size : 0)));
    return store_part_put(cx, r->upload, out);
}

void receiver_free(struct receiver **out)
{
    struct receiver *r = *out;
    if (!r)
        return;
    content_sink_drop(&r->sink);
    hasher_free(&r->sha256);
    hasher_free(&r->sha1);
    hasher_free(&r->md5);
    hasher_free(&r->whole_sha256);
    hasher_free(&r->whole_sha1);
    hashing_give(r->site->hashing, &r->prefix);
    free(r->memory);
    free(r);
    *out = NULL;
}
