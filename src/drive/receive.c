/* One part on its way in: bytes go to memory while they are few, to a sink of content/ when they are more.
 *
 * Few bytes are hashed at the end. More are hashed and written while they come, by the crew (base/feed.h): MD5
 * beside SHA-256, since either alone is slower than the network, and writing beside both. The digests of the
 * whole follow along when this part is the next of the contiguous prefix: on copies, so that a part that
 * breaks off leaves the prefix as it was. */
#include <stdatomic.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/log.h"
#include "content/content.h"
#include "drive/blob.h"
#include "drive/hashing.h"
#include "drive/settle.h"
#include "drive/site.h"
#include "drive/upload.h"
#include "store/drives.h"
#include "store/store.h"
#include "store/uploads.h"

enum {
    STORED_MAX = 64 * 1024, /* up to here a chunk lives in the store and needs no sync of its own */
    PRE_BYTES = 1024,
    REQUEST_ID_MAX = 40, /* what is longer is cut in the log */
};

struct receiver {
    const struct site *site;
    id                 upload, chunk;
    int                number;
    int64_t            room, size;  /* what may still come; what came */
    bool               is_all;      /* the part is as long as the whole upload: no other goes on from it */
    char              *memory;      /* until there is a sink */
    size_t             memory_room;
    struct sink       *sink;
    bool               kept;        /* the sink's bytes are durable under `chunk` */
    bool               ended;       /* the digests below are known */
    str                want_md5;    /* binary; S0: any */

    /* with a sink */
    struct feed       *feed;
    struct cx          writing;     /* of the lane that writes: it has its own failure */
    char               request_id[REQUEST_ID_MAX]; /* of `writing`: a copy, for the caller's goes with its arena */
    _Atomic enum fault wrote;       /* not OK: the sink is spoilt, and writing.why says how */
    struct hasher     *sha256, *md5, *sha1; /* sha1: of part 1 only */
    struct prefix     *whole;       /* runs on over this part, or NULL */
    uint64_t           from;        /* the chain that `whole` went on from */

    uint64_t           crc64;
    unsigned char      digest_sha256[SHA256_BYTES], digest_sha1[SHA1_BYTES], digest_md5[MD5_BYTES];
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
    if (!content_has_room(cx->site->content)) /* the few bytes that go into the store take of the disk, too */
        return fail(cx, FAULT_UNAVAILABLE, .because = "the disk is nearly full");
    TRY(check_part(cx, upload, number, announced, &room));
    struct receiver *r = calloc(1, sizeof *r);
    if (!r)
        log_die("out of memory");
    *out = r;
    r->site = cx->site;
    r->upload = upload->id;
    r->number = number;
    r->room = room;
    r->is_all = number == 1 && announced >= 0 && announced == upload->size;
    r->memory_room = announced > 0 && announced < STORED_MAX ? (size_t)announced : STORED_MAX;
    return OK;
}

struct receiver *receiver_new_whole(struct cx *cx, int64_t size)
{
    struct receiver *r = calloc(1, sizeof *r);
    if (!r)
        log_die("out of memory");
    r->site = cx->site;
    r->number = 1;
    r->room = size;
    r->is_all = true;
    r->memory_room = size > 0 && size < STORED_MAX ? (size_t)size : STORED_MAX;
    return r;
}

void receiver_expect_md5(struct receiver *r, str md5)
{
    r->want_md5 = md5;
}

/* ---- many bytes ---- */

/* A lane: on the crew's threads. */
static void into_sink(void *arg, str bytes)
{
    struct receiver *r = arg;
    if (atomic_load(&r->wrote) == OK)
        atomic_store(&r->wrote, content_sink_write(&r->writing, r->sink, bytes));
}

static enum fault check_wrote(struct cx *cx, const struct receiver *r)
{
    const enum fault wrote = atomic_load(&r->wrote);
    if (wrote != OK)
        cx->why = r->writing.why;
    return wrote;
}

static void start_lanes(struct receiver *r)
{
    struct lane lanes[FEED_LANES] = { { .hashers = { r->md5 = hasher_new(DIGEST_MD5) } },
                                      { .hashers = { r->sha256 = hasher_new(DIGEST_SHA256) }, .crc64 = &r->crc64 },
                                      { .take = into_sink, .arg = r } };
    int         count = 3;
    if (r->number == 1) {
        lanes[1].hashers[1] = r->sha1 = hasher_new(DIGEST_SHA1);
    } else if ((r->whole = hashing_follow(r->site->hashing, r->upload, r->number - 1))) {
        r->from = r->whole->chain;
        lanes[count++] = (struct lane){ .hashers = { r->whole->sha256, r->whole->sha1 } };
    }
    r->feed = feed_new(hashing_crew(r->site->hashing), lanes, count);
}

static enum fault start_streaming(struct cx *cx, struct receiver *r)
{
    TRY(content_sink_open(cx, r->site->content, &r->sink));
    const str request = str_cut(cx->request_id, sizeof r->request_id);
    if (request.n)
        memcpy(r->request_id, request.p, request.n);
    r->writing = (struct cx){ .site = r->site, .now = cx->now, .request_id = { r->request_id, request.n } };
    start_lanes(r);
    feed_add(r->feed, (str){ r->memory, (size_t)r->size });
    free(r->memory);
    r->memory = NULL;
    return OK;
}

/* ---- taking bytes ---- */

static void keep_in_memory(struct receiver *r, str piece)
{
    const size_t size = (size_t)r->size, room = r->memory_room;
    if (size + piece.n > room) /* more than was announced */
        r->memory_room = STORED_MAX;
    if ((!r->memory || r->memory_room != room) && !(r->memory = realloc(r->memory, r->memory_room)))
        log_die("out of memory");
    memcpy(r->memory + size, piece.p, piece.n);
}

enum fault receiver_write(struct cx *cx, struct receiver *r, str piece)
{
    if ((int64_t)piece.n > r->room)
        return fail(cx, FAULT_INVALID, .thing = THING_PART, .field = "size", .how = HOW_TOO_LARGE,
                    .max = r->size + r->room);
    if (!piece.n)
        return OK;
    if (r->size < PRE_BYTES) {
        const size_t room = (size_t)(PRE_BYTES - r->size);
        memcpy(r->pre + r->size, piece.p, piece.n < room ? piece.n : room);
    }
    if (!r->sink && r->size + (int64_t)piece.n > STORED_MAX)
        TRY(start_streaming(cx, r));
    if (r->sink) {
        feed_add(r->feed, piece);
        TRY(check_wrote(cx, r));
    } else {
        keep_in_memory(r, piece);
    }
    r->size += (int64_t)piece.n;
    r->room -= (int64_t)piece.n;
    return OK;
}

/* ---- the end of the bytes ---- */

static enum fault check_md5(struct cx *cx, const struct receiver *r)
{
    if (!r->want_md5.n || str_eq(r->want_md5, (str){ (const char *)r->digest_md5, MD5_BYTES }))
        return OK;
    return fail(cx, FAULT_MISMATCH, .thing = THING_PART, .field = "Content-MD5");
}

static void hash_memory(struct cx *cx, struct receiver *r)
{
    const str bytes = { r->memory ? r->memory : "", (size_t)r->size };
    memcpy(r->digest_sha256, sha256(cx->arena, bytes).p, SHA256_BYTES);
    memcpy(r->digest_md5, md5(cx->arena, bytes).p, MD5_BYTES);
    if (r->number == 1)
        memcpy(r->digest_sha1, sha1(cx->arena, bytes).p, SHA1_BYTES);
    r->crc64 = crc64(0, bytes);
}

bool receiver_needs_sync(const struct receiver *r)
{
    return r->sink != NULL;
}

enum fault receiver_end(struct cx *cx, struct receiver *r)
{
    if (r->sink || r->ended)
        return OK;
    hash_memory(cx, r);
    r->ended = true;
    return check_md5(cx, r);
}

/* Of part 1 the prefix is the part itself. */
static void end_lanes(struct receiver *r)
{
    feed_end(r->feed);
    feed_free(&r->feed);
    if (r->number == 1 && !r->is_all) {
        r->whole = hashing_follow(r->site->hashing, r->upload, 0);
        hasher_free(&r->whole->sha256);
        hasher_free(&r->whole->sha1);
        r->whole->sha256 = hasher_copy(r->sha256);
        r->whole->sha1 = hasher_copy(r->sha1);
    }
    hasher_end(r->sha256, r->digest_sha256);
    hasher_end(r->md5, r->digest_md5);
    if (r->sha1)
        hasher_end(r->sha1, r->digest_sha1);
    r->ended = true;
}

enum fault receiver_sync(struct cx *cx, struct receiver *r)
{
    end_lanes(r);
    TRY(check_wrote(cx, r));
    TRY(check_md5(cx, r));
    TRY(store_next_id(cx, &r->chunk));
    TRY(content_sink_keep(cx, &r->sink, r->chunk));
    r->kept = true;
    return OK;
}

/* ---- recording ---- */

/* What the next parts go on from. Whether the change gets through is not known yet: if not, the chunk is
 * not the upload's, and upload_settle sees that by the chain. Few bytes are read back when it comes to it. */
static void grow_prefix(struct receiver *r)
{
    struct hashing    *hashing = r->site->hashing;
    const struct ahead part = { .chunk = r->chunk, .size = r->size, .number = r->number };
    bool               wanted = false;
    if (r->whole) {
        prefix_add(r->whole, r->chunk, r->size);
        hashing_grow(hashing, r->from, &r->whole);
        wanted = hashing_catches(hashing, r->upload);
    } else if (r->kept && !r->is_all) {
        wanted = hashing_ahead(hashing, r->upload, &part);
    }
    if (wanted)
        settle_ahead(r->site, r->upload);
}

static str digest(struct cx *cx, const unsigned char *bytes, size_t n)
{
    return arena_copy(cx->arena, (str){ (const char *)bytes, n });
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

static enum fault add_chunk(struct cx *cx, const struct receiver *r, const struct part *part)
{
    const struct chunk chunk = { .id = r->chunk, .size = r->size, .sha256 = part->sha256, .stored_here = !r->kept };
    return store_chunk_add(cx, &chunk, r->kept ? S0 : (str){ r->memory ? r->memory : "", (size_t)r->size });
}

static struct part part_of(struct cx *cx, const struct receiver *r)
{
    const size_t pre = r->size < PRE_BYTES ? (size_t)r->size : PRE_BYTES;
    return (struct part){
        .number = r->number, .chunk = r->chunk, .size = r->size, .crc64 = (int64_t)r->crc64, .received = cx->now,
        .sha256 = digest(cx, r->digest_sha256, SHA256_BYTES), .md5 = digest(cx, r->digest_md5, MD5_BYTES),
        .sha1 = r->number == 1 ? digest(cx, r->digest_sha1, SHA1_BYTES) : S(""),
        .pre_sha1 = r->number == 1 ? sha1(cx->arena, (str){ r->pre, pre }) : S(""),
    };
}

enum fault receiver_commit_whole(struct cx *cx, struct receiver *r, struct content_record *out)
{
    TRY(receiver_end(cx, r));
    if (!r->chunk.v)
        TRY(store_next_id(cx, &r->chunk));
    const struct part part = part_of(cx, r);
    const struct list parts = { (void *)(uintptr_t)&part, 1 };
    *out = (struct content_record){ .size = part.size, .crc64 = part.crc64, .sha256 = part.sha256, .sha1 = part.sha1,
                                    .pre_sha1 = part.pre_sha1 };
    TRY(add_chunk(cx, r, &part));
    return blob_from_parts(cx, out, &parts, &out->id);
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
    TRY(receiver_end(cx, r));
    if (!r->kept)
        TRY(store_next_id(cx, &r->chunk));
    grow_prefix(r);
    *out = part_of(cx, r);
    TRY(add_chunk(cx, r, out));
    const enum fault replaced = store_part(cx, r->upload, r->number, &old);
    if (replaced == OK)
        TRY(store_chunk_unused(cx, old.chunk, cx->now));
    else if (replaced != FAULT_NOT_FOUND)
        return replaced;
    TRY(reserve(cx, &upload, out->size - (replaced == OK ? old.size : 0)));
    return store_part_put(cx, r->upload, out);
}

void receiver_take_back(struct cx *cx, struct receiver *r)
{
    struct chunk chunk;
    if (!r || !r->kept || store_chunk(cx, r->chunk, &chunk) != FAULT_NOT_FOUND)
        return;
    if (content_remove(cx, r->site->content, r->chunk) != OK)
        log_say(LOG_WARN, "chunk %lld is of no use and cannot be removed", (long long)r->chunk.v);
    r->kept = false;
}

void receiver_free(struct receiver **out)
{
    struct receiver *r = *out;
    if (!r)
        return;
    feed_free(&r->feed); /* before what its lanes feed */
    content_sink_drop(&r->sink);
    hasher_free(&r->sha256);
    hasher_free(&r->sha1);
    hasher_free(&r->md5);
    prefix_free(&r->whole);
    free(r->memory);
    free(r);
    *out = NULL;
}
