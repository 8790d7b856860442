#include "test.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/feed.h"

enum { WHOLE = 5 * FEED_BUFFER + 12345 };

static str noise(size_t n)
{
    char    *bytes = malloc(n);
    uint32_t x = 1;
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)((x = x * 1664525u + 1013904223u) >> 24);
    return (str){ bytes, n };
}

struct digests {
    struct hasher *sha256, *sha1, *md5;
    uint64_t       crc;
};

static void digests_begin(struct digests *d)
{
    *d = (struct digests){ hasher_new(DIGEST_SHA256), hasher_new(DIGEST_SHA1), hasher_new(DIGEST_MD5), 0 };
}

/* Frees them as well. */
static bool digests_are_of(struct digests *d, str whole)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    char got[SHA256_BYTES + SHA1_BYTES + MD5_BYTES];
    hasher_end(d->sha256, (unsigned char *)got);
    hasher_end(d->sha1, (unsigned char *)got + SHA256_BYTES);
    hasher_end(d->md5, (unsigned char *)got + SHA256_BYTES + SHA1_BYTES);
    hasher_free(&d->sha256);
    hasher_free(&d->sha1);
    hasher_free(&d->md5);
    return memcmp(got, sha256(arena, whole).p, SHA256_BYTES) == 0
           && memcmp(got + SHA256_BYTES, sha1(arena, whole).p, SHA1_BYTES) == 0
           && memcmp(got + SHA256_BYTES + SHA1_BYTES, md5(arena, whole).p, MD5_BYTES) == 0
           && d->crc == crc64(0, whole);
}

/* A lane that compares what it is given with what went in. */
struct witness {
    str    whole;
    size_t seen;
    bool   differs;
};

static void witness_take(void *arg, str bytes)
{
    struct witness *w = arg;
    w->differs = w->differs || w->seen + bytes.n > w->whole.n || memcmp(w->whole.p + w->seen, bytes.p, bytes.n) != 0;
    w->seen += bytes.n;
}

static struct feed *feed_for(struct crew *crew, struct digests *d, struct witness *w)
{
    const struct lane lanes[] = { { .hashers = { d->md5 } },
                                  { .hashers = { d->sha256, d->sha1 }, .crc64 = &d->crc },
                                  { .take = witness_take, .arg = w } };
    return feed_new(crew, lanes, 3);
}

/* The whole in pieces of this size, by way of a feed of its own; true when every lane saw it. */
static bool feed_whole(struct crew *crew, str whole, size_t piece_n)
{
    struct digests d;
    struct witness w = { .whole = whole };
    digests_begin(&d);
    struct feed *feed = feed_for(crew, &d, &w);
    for (str left = whole; left.n; left = str_from(left, piece_n < left.n ? piece_n : left.n))
        feed_add(feed, str_cut(left, piece_n));
    feed_end(feed);
    feed_free(&feed);
    return !feed && digests_are_of(&d, whole) && w.seen == whole.n && !w.differs;
}

TEST(feed, gives_every_lane_every_byte_in_order)
{
    static const size_t pieces[] = { 1000, 65536, FEED_BUFFER, FEED_BUFFER + 1, WHOLE };
    static const struct { int threads, buffers; } crews[] = { { 1, 0 }, { 1, 1 }, { 1, 2 }, { 2, 3 }, { 4, 100 } };
    const str whole = noise(WHOLE);
    for (size_t c = 0; c < COUNT(crews); c++) {
        struct crew *crew = crew_new(crews[c].threads, crews[c].buffers);
        for (size_t i = 0; i < COUNT(pieces); i++)
            CHECK(feed_whole(crew, whole, pieces[i]));
        crew_free(&crew);
        CHECK(!crew);
    }
    free((char *)(uintptr_t)whole.p);
}

TEST(feed, has_more_bytes_than_buffers_under_way)
{
    const str    whole = noise((size_t)3 * FEED_DEPTH * FEED_BUFFER + 1);
    struct crew *crew = crew_new(1, 256);
    CHECK(feed_whole(crew, whole, 100000));
    crew_free(&crew);
    free((char *)(uintptr_t)whole.p);
}

TEST(feed, of_nothing_has_the_digests_of_nothing)
{
    struct crew *crew = crew_new(2, 4);
    CHECK(feed_whole(crew, S(""), 1));
    crew_free(&crew);
}

/* Gone in the middle, with and without buffers under way: the sanitizers and the next feed tell. */
TEST(feed, can_be_dropped_at_any_time)
{
    const str    whole = noise(WHOLE);
    struct crew *crew = crew_new(2, 6);
    for (int i = 0; i < 60; i++) {
        struct digests d;
        struct witness w = { .whole = whole };
        digests_begin(&d);
        struct feed *feed = feed_for(crew, &d, &w);
        feed_add(feed, str_cut(whole, (size_t)i * 20000));
        feed_free(&feed);
        CHECK(w.seen <= (size_t)i * 20000 && !w.differs);
        hasher_free(&d.sha256);
        hasher_free(&d.sha1);
        hasher_free(&d.md5);
    }
    CHECK(feed_whole(crew, whole, 50000));
    crew_free(&crew);
    free((char *)(uintptr_t)whole.p);
}

struct sender {
    struct crew *crew;
    str          whole;
    bool         good;
};

static void *sender_main(void *arg)
{
    struct sender *s = arg;
    s->good = true;
    for (int i = 0; i < 5; i++)
        s->good = feed_whole(s->crew, s->whole, 70000) && s->good;
    return NULL;
}

TEST(feed, shares_a_crew_with_others)
{
    enum { SENDERS = 6 };
    const str     whole = noise(WHOLE);
    struct crew  *crew = crew_new(2, 8);
    struct sender senders[SENDERS];
    pthread_t     threads[SENDERS];
    for (int i = 0; i < SENDERS; i++) {
        senders[i] = (struct sender){ crew, str_cut(whole, WHOLE - (size_t)i * 1000), false };
        CHECK(pthread_create(&threads[i], NULL, sender_main, &senders[i]) == 0);
    }
    for (int i = 0; i < SENDERS; i++) {
        pthread_join(threads[i], NULL);
        CHECK(senders[i].good);
    }
    crew_free(&crew);
    free((char *)(uintptr_t)whole.p);
}

TEST_MAIN
