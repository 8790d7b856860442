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

static struct feed *feed_for(struct crew *crew, struct digests *d)
{
    const struct lane lanes[] = { { { d->md5 }, NULL }, { { d->sha256, d->sha1 }, &d->crc } };
    return feed_new(crew, lanes, 2);
}

/* In pieces of this size; true when the bytes handed out for writing were the whole, in order. */
static bool feed_all(struct feed *feed, str whole, size_t piece_n)
{
    size_t written = 0;
    bool   same = true;
    for (str left = whole; left.n;) {
        str full, piece = str_cut(left, piece_n);
        left = str_from(left, piece.n);
        while (piece.n) {
            piece = feed_take(feed, piece, &full);
            if (!full.n)
                continue;
            same = same && memcmp(full.p, whole.p + written, full.n) == 0;
            written += full.n;
            feed_push(feed);
        }
    }
    const str rest = feed_rest(feed);
    if (rest.n) {
        same = same && memcmp(rest.p, whole.p + written, rest.n) == 0;
        written += rest.n;
        feed_push(feed);
    }
    feed_wait(feed);
    return same && written == whole.n;
}

TEST(feed, gives_every_lane_every_byte_in_order)
{
    static const size_t pieces[] = { 1000, 65536, FEED_BUFFER, FEED_BUFFER + 1, WHOLE };
    static const struct { int threads, buffers; } crews[] = { { 1, 0 }, { 1, 1 }, { 1, 2 }, { 2, 3 }, { 4, 100 } };
    const str whole = noise(WHOLE);
    for (size_t c = 0; c < COUNT(crews); c++) {
        struct crew *crew = crew_new(crews[c].threads, crews[c].buffers);
        for (size_t i = 0; i < COUNT(pieces); i++) {
            struct digests d;
            digests_begin(&d);
            struct feed *feed = feed_for(crew, &d);
            CHECK(feed_all(feed, whole, pieces[i]));
            feed_free(&feed);
            CHECK(!feed && digests_are_of(&d, whole));
        }
        crew_free(&crew);
        CHECK(!crew);
    }
    free((char *)(uintptr_t)whole.p);
}

TEST(feed, has_more_bytes_than_buffers_under_way)
{
    const str    whole = noise((size_t)3 * FEED_DEPTH * FEED_BUFFER + 1);
    struct crew *crew = crew_new(1, 256);
    struct digests d;
    digests_begin(&d);
    struct feed *feed = feed_for(crew, &d);
    CHECK(feed_all(feed, whole, 100000));
    feed_free(&feed);
    CHECK(digests_are_of(&d, whole));
    crew_free(&crew);
    free((char *)(uintptr_t)whole.p);
}

TEST(feed, of_nothing_has_the_digests_of_nothing)
{
    struct crew   *crew = crew_new(2, 4);
    struct digests d;
    digests_begin(&d);
    struct feed *feed = feed_for(crew, &d);
    CHECK(feed_all(feed, S(""), 1));
    feed_free(&feed);
    CHECK(digests_are_of(&d, S("")));
    crew_free(&crew);
}

/* Gone in the middle, with and without buffers under way: the sanitizers and the next feed tell. */
TEST(feed, can_be_dropped_at_any_time)
{
    const str    whole = noise(WHOLE);
    struct crew *crew = crew_new(2, 6);
    for (int i = 0; i < 60; i++) {
        struct digests d;
        str            full;
        digests_begin(&d);
        struct feed *feed = feed_for(crew, &d);
        for (str piece = str_cut(whole, (size_t)i * 20000); piece.n;) {
            piece = feed_take(feed, piece, &full);
            if (full.n)
                feed_push(feed);
        }
        feed_free(&feed);
        hasher_free(&d.sha256);
        hasher_free(&d.sha1);
        hasher_free(&d.md5);
    }
    struct digests d;
    digests_begin(&d);
    struct feed *feed = feed_for(crew, &d);
    CHECK(feed_all(feed, whole, 50000));
    feed_free(&feed);
    CHECK(digests_are_of(&d, whole));
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
    for (int i = 0; i < 5; i++) {
        struct digests d;
        digests_begin(&d);
        struct feed *feed = feed_for(s->crew, &d);
        s->good = feed_all(feed, s->whole, 70000) && s->good;
        feed_free(&feed);
        s->good = digests_are_of(&d, s->whole) && s->good;
    }
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
