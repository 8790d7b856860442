/* base/feed.h: bytes hashed and written beside the thread on which they come.
 *
 * A crew is a few threads that serve lanes. A feed is one run of bytes on its way into some lanes; a lane is
 * what sees every byte in order, digests or a function, and lanes of one feed run beside each other. The
 * bytes are gathered in buffers of FEED_BUFFER, so that a lane that writes does so in large pieces.
 *
 * Memory is bounded: a feed has at most FEED_DEPTH buffers under way, all feeds together what the crew was
 * given. Whoever feeds faster than the crew works lends a hand until there is room, and where there is no
 * memory left the feed has no buffers and serves its lanes on its caller's thread.
 *
 * A crew is safe for all threads; a feed is used by one thread at a time. */
#ifndef BASE_FEED_H
#define BASE_FEED_H

#include "base/hash.h"

enum { FEED_BUFFER = 256 * 1024, FEED_DEPTH = 8, FEED_LANES = 4, LANE_HASHERS = 2 };

struct crew;
struct feed;

/* The threads start when there is something to do. Memory: buffers_max * FEED_BUFFER bytes at most. */
struct crew *crew_new(int threads, int buffers_max);
/* Closer; no feed may be left. */
void crew_free(struct crew **crew);

/* What one lane does. Borrowed until feed_end or feed_free has returned. */
struct lane {
    struct hasher *hashers[LANE_HASHERS]; /* or NULL */
    uint64_t      *crc64;                 /* runs on from what it holds; or NULL */
    void (*take)(void *arg, str bytes);   /* on any thread, one call at a time; or NULL */
    void *arg;
};

struct feed *feed_new(struct crew *crew, const struct lane *lanes, int count);

/* Copies the bytes, as a rule. */
void feed_add(struct feed *feed, str bytes);

/* The end of the run: until every lane has seen every byte. */
void feed_end(struct feed *feed);

/* Closer: waits for lanes that are at work; what they have not seen yet they never will. */
void feed_free(struct feed **feed);

#endif
