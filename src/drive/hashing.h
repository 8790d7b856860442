/* drive/hashing.h: the digests of uploads in progress: how far the contiguous prefix of parts is hashed.
 *
 * In memory only: what is lost (a restart, a replaced part, an entry that had to make room) is read back
 * from the stored parts. A part grows the prefix in one of three ways:
 *
 *   live      it began when the prefix reached up to it: copies of the digests run along (hashing_follow)
 *   ahead     it came while another before it was missing: once the gap has closed it is read back on a
 *             worker, hot in the page cache, while further parts come (drive/settle.c)
 *   settled   all the rest, when the upload completes (upload_settle)
 *
 * All functions are safe for all threads. */
#ifndef DRIVE_HASHING_H
#define DRIVE_HASHING_H

#include "base/cx.h"
#include "base/feed.h"

struct hashing *hashing_new(void);
void            hashing_free(struct hashing **hashing);

/* The threads that hash. */
struct crew *hashing_crew(struct hashing *hashing);

/* A prefix of an upload's parts and its running digests. A copy is its holder's own. */
struct prefix {
    id             upload;
    int            parts;  /* parts 1 to `parts` are in */
    uint64_t       chain;  /* of the parts' chunks, by prefix_chain: tells a replaced part */
    int64_t        bytes;
    struct hasher *sha256, *sha1;
    bool           is_whole; /* the digests below are those of the whole, `parts` parts long */
    char           whole_sha256[SHA256_BYTES], whole_sha1[SHA1_BYTES], pre_sha1[SHA1_BYTES];
};

/* A copy of the prefix when it is exactly `parts` long (any length for -1); NULL otherwise. An empty one
 * for parts == 0. */
struct prefix *hashing_follow(struct hashing *hashing, id upload, int parts);

/* The prefix `longer` (given) went on from one of chain `from`: it is kept when that one is still here, or
 * none. */
void hashing_grow(struct hashing *hashing, uint64_t from, struct prefix **longer);

/* Keeps a whole one (given) in place of what is here. */
void hashing_settled(struct hashing *hashing, struct prefix **whole);

/* A look at a whole one; false when there is none. Copies all but the hashers. */
bool hashing_look(struct hashing *hashing, id upload, struct prefix *out);

/* Forgets an upload that is done or gone. */
void hashing_forget(struct hashing *hashing, id upload);

/* ---- parts ahead of the prefix ---- */

struct ahead {
    id      chunk;
    int64_t size;
    int     number;
};

/* Remembers a part that is in content/ and not in the prefix; a few dozen of each upload. True when the
 * prefix can go on now and nobody sees to it. */
bool hashing_ahead(struct hashing *hashing, id upload, const struct ahead *part);
/* The same question when the prefix has grown. */
bool hashing_catches(struct hashing *hashing, id upload);

/* Catching up, on a worker: _begin, and after true _next until it gives false. One at a time for an upload
 * and a few in all: false when somebody else does, or upload_settle is about to. */
bool hashing_catch_begin(struct hashing *hashing, id upload);
/* The next part and a copy of the prefix before it (given). */
bool hashing_catch_next(struct hashing *hashing, id upload, struct ahead *part, struct prefix **prefix);

/* Waits until nobody catches up, and lets nobody begin until _end. */
void hashing_settle_begin(struct hashing *hashing, id upload);
void hashing_settle_end(struct hashing *hashing, id upload);

/* The program ends: nobody catches up any more, except for the part in hand. */
void hashing_halt(struct hashing *hashing);

/* The chain over one more chunk. */
uint64_t prefix_chain(uint64_t chain, id chunk);

/* Adds `part` to the prefix's counts; its bytes were hashed. */
void prefix_add(struct prefix *prefix, id chunk, int64_t size);

void prefix_free(struct prefix **prefix);

#endif
