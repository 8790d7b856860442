#include "base/hash.h"

#include <isa-l/crc64.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/log.h"

struct hasher {
    EVP_MD_CTX *evp;
};

/* Fetched once: a fetch for each digest takes a lock and costs more than hashing a name. */
static const EVP_MD *method_of(enum digest digest)
{
    static EVP_MD *fetched[3];
    static const char *const names[] = { "SHA256", "SHA1", "MD5" };
    EVP_MD *md = __atomic_load_n(&fetched[digest], __ATOMIC_ACQUIRE);
    if (!md) {
        EVP_MD *fresh = EVP_MD_fetch(NULL, names[digest], NULL);
        if (!fresh)
            log_die("OpenSSL lacks a digest");
        if (__atomic_compare_exchange_n(&fetched[digest], &md, fresh, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE))
            md = fresh;
        else
            EVP_MD_free(fresh);
    }
    return md;
}

enum { HMAC_BLOCK = 64 }; /* of SHA-256, SHA-1 and MD5 alike */

static str digest_of(struct arena *arena, enum digest digest, str bytes)
{
    unsigned int n = 0;
    char        *out = arena_make(arena, EVP_MAX_MD_SIZE);
    if (!EVP_Digest(bytes.p ? bytes.p : "", bytes.n, (unsigned char *)out, &n, method_of(digest), NULL))
        log_die("a digest failed");
    return (str){ out, n };
}

str sha256(struct arena *arena, str bytes)
{
    return digest_of(arena, DIGEST_SHA256, bytes);
}

str sha1(struct arena *arena, str bytes)
{
    return digest_of(arena, DIGEST_SHA1, bytes);
}

str md5(struct arena *arena, str bytes)
{
    return digest_of(arena, DIGEST_MD5, bytes);
}

/* The digest of key xor pad, and the message. */
static void hmac_round(const EVP_MD *md, const unsigned char key[HMAC_BLOCK], unsigned char pad, str message,
                       unsigned char *out)
{
    unsigned char block[HMAC_BLOCK];
    EVP_MD_CTX   *evp = EVP_MD_CTX_new();
    for (int i = 0; i < HMAC_BLOCK; i++)
        block[i] = key[i] ^ pad;
    if (!evp || !EVP_DigestInit_ex2(evp, md, NULL) || !EVP_DigestUpdate(evp, block, sizeof block)
        || !EVP_DigestUpdate(evp, message.p ? message.p : "", message.n) || !EVP_DigestFinal_ex(evp, out, NULL))
        log_die("an HMAC failed");
    EVP_MD_CTX_free(evp);
    OPENSSL_cleanse(block, sizeof block);
}

/* RFC 2104 on the digests that were fetched once. OpenSSL's own HMAC() fetches by name in every call, which
 * costs several times the hashing of a link. */
static str hmac(struct arena *arena, enum digest digest, str key, str bytes)
{
    unsigned char padded[HMAC_BLOCK] = { 0 };
    const EVP_MD *md = method_of(digest);
    const size_t  n = (size_t)EVP_MD_get_size(md);
    char         *inner = arena_make(arena, n), *out = arena_make(arena, n);
    if (key.n > HMAC_BLOCK)
        key = digest_of(arena, digest, key);
    if (key.n)
        memcpy(padded, key.p, key.n);
    hmac_round(md, padded, 0x36, bytes, (unsigned char *)inner);
    hmac_round(md, padded, 0x5C, (str){ inner, n }, (unsigned char *)out);
    OPENSSL_cleanse(padded, sizeof padded);
    return (str){ out, n };
}

str hmac_sha256(struct arena *arena, str key, str bytes)
{
    return hmac(arena, DIGEST_SHA256, key, bytes);
}

str hmac_sha1(struct arena *arena, str key, str bytes)
{
    return hmac(arena, DIGEST_SHA1, key, bytes);
}

struct hasher *hasher_new(enum digest digest)
{
    struct hasher *hasher = malloc(sizeof *hasher);
    if (!hasher || !(hasher->evp = EVP_MD_CTX_new())
        || !EVP_DigestInit_ex2(hasher->evp, method_of(digest), NULL))
        log_die("out of memory");
    return hasher;
}

struct hasher *hasher_copy(const struct hasher *hasher)
{
    struct hasher *copy = malloc(sizeof *copy);
    if (!copy || !(copy->evp = EVP_MD_CTX_new()) || !EVP_MD_CTX_copy_ex(copy->evp, hasher->evp))
        log_die("out of memory");
    return copy;
}

void hasher_free(struct hasher **hasher)
{
    if (!*hasher)
        return;
    EVP_MD_CTX_free((*hasher)->evp);
    free(*hasher);
    *hasher = NULL;
}

void hasher_add(struct hasher *hasher, str bytes)
{
    if (bytes.n && !EVP_DigestUpdate(hasher->evp, bytes.p, bytes.n))
        log_die("a digest failed");
}

void hasher_end(struct hasher *hasher, unsigned char *out)
{
    unsigned int n = 0;
    if (!EVP_DigestFinal_ex(hasher->evp, out, &n))
        log_die("a digest failed");
}

uint64_t crc64(uint64_t crc, str bytes)
{
    return bytes.n ? crc64_ecma_refl(crc, (const unsigned char *)bytes.p, bytes.n) : crc;
}

/* Polynomials over GF(2), bits reflected: the coefficient of x^0 is the highest bit. */
static const uint64_t CRC64_ONE = UINT64_C(1) << 63, CRC64_POLYNOMIAL = UINT64_C(0xC96C5795D7870F42);

static uint64_t times(uint64_t a, uint64_t b)
{
    uint64_t product = 0;
    for (uint64_t bit = CRC64_ONE; a; bit >>= 1) {
        if (a & bit) {
            product ^= b;
            a ^= bit;
        }
        b = b & 1 ? b >> 1 ^ CRC64_POLYNOMIAL : b >> 1;
    }
    return product;
}

/* The bytes of b move the remainder of a up by x^(8 * length_b). That power is made by squaring, a few
 * dozen products whatever the length: this runs on the store's writer, once for each part. */
uint64_t crc64_join(uint64_t crc_a, uint64_t crc_b, uint64_t length_b)
{
    uint64_t shift = CRC64_ONE, power = CRC64_ONE >> 8;
    if (!crc_a) /* often: the first of a whole */
        return crc_b;
    for (; length_b; length_b >>= 1, power = times(power, power))
        if (length_b & 1)
            shift = times(power, shift);
    return times(shift, crc_a) ^ crc_b;
}

void random_bytes(void *out, size_t n)
{
    for (size_t at = 0; at < n;) {
        const ssize_t got = getrandom((char *)out + at, n - at, 0);
        if (got < 0)
            log_die("the kernel gives no random bytes");
        at += (size_t)got;
    }
}

bool bytes_equal_secretly(str a, str b)
{
    return a.n == b.n && (a.n == 0 || CRYPTO_memcmp(a.p, b.p, a.n) == 0);
}

enum { NONCE_BYTES = 12, TAG_BYTES = 16 };

str seal(struct arena *arena, str key, str plain)
{
    const size_t    total = NONCE_BYTES + plain.n + TAG_BYTES;
    unsigned char  *out = arena_make(arena, total);
    int             n = 0, last = 0;
    EVP_CIPHER_CTX *evp = EVP_CIPHER_CTX_new();
    random_bytes(out, NONCE_BYTES);
    if (key.n != KEY_BYTES || !evp
        || !EVP_EncryptInit_ex(evp, EVP_aes_256_gcm(), NULL, (const unsigned char *)key.p, out)
        || !EVP_EncryptUpdate(evp, out + NONCE_BYTES, &n, (const unsigned char *)plain.p, (int)plain.n)
        || !EVP_EncryptFinal_ex(evp, out + NONCE_BYTES + n, &last)
        || !EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, out + NONCE_BYTES + plain.n))
        log_die("encryption failed");
    EVP_CIPHER_CTX_free(evp);
    return (str){ (char *)out, total };
}

str unseal(struct arena *arena, str key, str sealed)
{
    if (key.n != KEY_BYTES || sealed.n < NONCE_BYTES + TAG_BYTES)
        return S0;
    const size_t         plain = sealed.n - NONCE_BYTES - TAG_BYTES;
    const unsigned char *in = (const unsigned char *)sealed.p;
    unsigned char       *out = arena_make(arena, plain + 1);
    unsigned char        tag[TAG_BYTES];
    int                  n = 0, last = 0;
    EVP_CIPHER_CTX      *evp = EVP_CIPHER_CTX_new();
    memcpy(tag, in + NONCE_BYTES + plain, TAG_BYTES);
    if (!evp)
        log_die("out of memory");
    const bool good = EVP_DecryptInit_ex(evp, EVP_aes_256_gcm(), NULL, (const unsigned char *)key.p, in)
                      && EVP_DecryptUpdate(evp, out, &n, in + NONCE_BYTES, (int)plain)
                      && EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, tag)
                      && EVP_DecryptFinal_ex(evp, out + n, &last);
    EVP_CIPHER_CTX_free(evp);
    return good ? (str){ (char *)out, plain } : S0;
}
