/* base/feed.h: digests computed beside the thread on which the bytes come.
 *
 * A crew is a few threads that do nothing but hash. A feed is one run of bytes on its way into some lanes;
 * a lane is a set of digests that see every byte in order, and lanes of one feed run beside each other.
 * The bytes are gathered in buffers of FEED_BUFFER, so that whoever also writes them does so in large
 * pieces.
 *
 * Memory is bounded: a feed has at most FEED_DEPTH buffers under way, all feeds together what the crew was
 * given. Whoever feeds faster than the crew hashes lends a hand until there is room, and where there is no
 * memory left the feed has no buffers and hashes on its caller's thread.
 *
 * A crew is safe for all threads; a feed is used by one thread at a time. */
#ifndef BASE_FEED_H
#define BASE_FEED_H

#include "base/hash.h"

enum { FEED_BUFFER = 256 * 1024, FEED_DEPTH = 8, FEED_LANES = 4, LANE_HASHERS = 2 };

struct crew;
struct feed;

/* The threads start when there is something to hash. Memory: buffers_max * FEED_BUFFER bytes at most. */
struct crew *crew_new(int threads, int buffers_max);
/* Closer; no feed may be left. */
void crew_free(struct crew **crew);

/* What one lane computes. Borrowed until feed_wait or feed_free has returned. */
struct lane {
    struct hasher *hashers[LANE_HASHERS]; /* or NULL */
    uint64_t      *crc64;                 /* runs on from what it holds; or NULL */
};

struct feed *feed_new(struct crew *crew, const struct lane *lanes, int count);

/* Takes bytes from the front of `piece` and gives what is left of it. *full is empty, or bytes that are
 * complete: they are good until feed_push, which must be the next call. */
str feed_take(struct feed *feed, str piece, str *full);

/* The bytes that filled no buffer, in the same way; empty when there are none. At the end of the run. */
str feed_rest(struct feed *feed);

/* Hands the bytes that were given by feed_take or feed_rest to the lanes. */
void feed_push(struct feed *feed);

/* Until every digest has seen every byte that was pushed. */
void feed_wait(struct feed *feed);

/* Closer: waits for lanes that are at work; what they have not seen yet they never will. */
void feed_free(struct feed **feed);

#endif
