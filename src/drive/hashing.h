/* drive/hashing.h: the digests of uploads in progress: how far the contiguous prefix of parts is hashed.
 *
 * In memory only: what is lost (a restart, a part ahead of the prefix, a replaced part, an entry that had
 * to make room) is read back from the stored parts. */
#ifndef DRIVE_HASHING_H
#define DRIVE_HASHING_H

#include "base/cx.h"
#include "base/hash.h"

struct hashing *hashing_new(void);
void            hashing_free(struct hashing **hashing);

/* A prefix of an upload's parts and its running digests. Whoever takes it out owns it. */
struct prefix {
    id             upload;
    int            parts;  /* parts 1 to `parts` are in */
    uint64_t       chain;      /* of the parts' chunks, by prefix_chain: tells a replaced part */
    int64_t        bytes;
    struct hasher *sha256, *sha1;
    bool           is_whole; /* the digests below are those of the whole, `parts` parts long */
    char           whole_sha256[SHA256_BYTES], whole_sha1[SHA1_BYTES], pre_sha1[SHA1_BYTES];
};

/* Takes the prefix of an upload out when it is exactly `parts` long (any length for -1); NULL otherwise.
 * A new empty one for parts == 0. */
struct prefix *hashing_take(struct hashing *hashing, id upload, int parts);

/* Gives a prefix back (longer, or as it was); the longer of two stays. */
void hashing_give(struct hashing *hashing, struct prefix **prefix);

/* A look without taking; false when there is none. Copies all but the hashers. */
bool hashing_look(struct hashing *hashing, id upload, struct prefix *out);

/* Forgets an upload that is done or gone. */
void hashing_forget(struct hashing *hashing, id upload);

/* The chain over one more chunk. */
uint64_t prefix_chain(uint64_t chain, id chunk);

void prefix_free(struct prefix **prefix);

#endif
