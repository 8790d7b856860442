/* base/hash.h: digests, MACs, random bytes, encryption at rest; all by OpenSSL except CRC-64. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/arena.h"

enum { SHA256_BYTES = 32, SHA1_BYTES = 20, MD5_BYTES = 16, KEY_BYTES = 32 };

/* One-shot digests; the result is binary and lives in the arena. */
str sha256(struct arena *arena, str bytes);
str sha1(struct arena *arena, str bytes);
str md5(struct arena *arena, str bytes);
str hmac_sha256(struct arena *arena, str key, str bytes);
str hmac_sha1(struct arena *arena, str key, str bytes);

/* A digest that is fed piece by piece. Copying gives the state at that point. */
enum digest { DIGEST_SHA256, DIGEST_SHA1, DIGEST_MD5 };
struct hasher;
struct hasher *hasher_new(enum digest digest);
struct hasher *hasher_copy(const struct hasher *hasher);
void           hasher_free(struct hasher **hasher);
void           hasher_add(struct hasher *hasher, str bytes);
/* Ends the digest into `out` (at least the digest's bytes); the hasher is then only good to free. */
void           hasher_end(struct hasher *hasher, unsigned char *out);

/* CRC-64/XZ (ECMA-182, reflected), the one OSS and PDS show. Start from 0. crc64_join gives the
 * checksum of a || b from those of a and b and the length of b. */
uint64_t crc64(uint64_t crc, str bytes);
uint64_t crc64_join(uint64_t crc_a, uint64_t crc_b, uint64_t length_b);

/* From the kernel's generator (getrandom); ends the process when there is none. */
void random_bytes(void *out, size_t n);

/* Compares in time that depends on the lengths only. */
bool bytes_equal_secretly(str a, str b);

/* AES-256-GCM with a random nonce in front. unseal gives S0 for altered bytes or a wrong key. */
str seal(struct arena *arena, str key, str plain);
str unseal(struct arena *arena, str key, str sealed);

#endif
