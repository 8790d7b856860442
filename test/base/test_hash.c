#include "test.h"

#include <stdlib.h>

#include "base/encode.h"
#include "base/hash.h"

static str repeat(struct arena *a, char c, size_t n)
{
    char *p = arena_make(a, n + 1);
    memset(p, c, n);
    return (str){ p, n };
}

/* FIPS 180-4 examples and RFC 1321 section A.5. */
TEST(digest, gives_the_published_values)
{
    const struct { str in; const char *sha256, *sha1, *md5; } cases[] = {
        { S(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "da39a3ee5e6b4b0d3255bfef95601890afd80709", "d41d8cd98f00b204e9800998ecf8427e" },
        { S("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
          "a9993e364706816aba3e25717850c26c9cd0d89d", "900150983cd24fb0d6963f7d28e17f72" },
        { S("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
          "84983e441c3bd26ebaae4aa1f95129e5e54670f1", "8215ef0796a20bcaaae116d3876c664a" },
    };
    AUTO(arena_free) struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT(cases); i++) {
        CHECK_CASE(cases[i].in.p, str_eq(hex_lower(a, sha256(a, cases[i].in)), str_of(cases[i].sha256)));
        CHECK_CASE(cases[i].in.p, str_eq(hex_lower(a, sha1(a, cases[i].in)), str_of(cases[i].sha1)));
        CHECK_CASE(cases[i].in.p, str_eq(hex_lower(a, md5(a, cases[i].in)), str_of(cases[i].md5)));
    }
    CHECK(str_eq(sha256(a, S0), sha256(a, S(""))));
    CHECK(str_eq(hex_lower(a, sha256(a, repeat(a, 'a', 1000000))),
                 S("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")));
}

/* RFC 4231 sections 4.2 to 4.8, without the truncated one; RFC 2202 for SHA-1. */
TEST(hmac, gives_the_published_values)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const str long_key = repeat(a, (char)0xaa, 131);
    const str counted = hex_read(a, S("0102030405060708090a0b0c0d0e0f10111213141516171819"));
    const struct { str key, bytes; const char *sha256; } cases[] = {
        { repeat(a, 0x0b, 20), S("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
        { S("Jefe"), S("what do ya want for nothing?"),
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
        { repeat(a, (char)0xaa, 20), repeat(a, (char)0xdd, 50),
          "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
        { counted, repeat(a, (char)0xcd, 50), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
        { long_key, S("Test Using Larger Than Block-Size Key - Hash Key First"),
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
        { long_key, S("This is a test using a larger than block-size key and a larger than block-size data. "
                      "The key needs to be hashed before being used by the HMAC algorithm."),
          "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2" },
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK_CASE(cases[i].sha256,
                   str_eq(hex_lower(a, hmac_sha256(a, cases[i].key, cases[i].bytes)), str_of(cases[i].sha256)));
    CHECK(str_eq(hex_lower(a, hmac_sha1(a, S("Jefe"), S("what do ya want for nothing?"))),
                 S("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")));
    CHECK(hmac_sha256(a, S0, S0).n == SHA256_BYTES);
}

TEST(hasher, agrees_with_the_digest_of_the_whole)
{
    static const enum digest kinds[] = { DIGEST_SHA256, DIGEST_SHA1, DIGEST_MD5 };
    AUTO(arena_free) struct arena *a = arena_new();
    char bytes[1000];
    random_bytes(bytes, sizeof bytes);
    for (size_t k = 0; k < COUNT(kinds); k++) {
        const str whole = { bytes, sizeof bytes };
        const str want = k == 0 ? sha256(a, whole) : k == 1 ? sha1(a, whole) : md5(a, whole);
        for (size_t at = 0; at <= sizeof bytes; at += 61) {
            unsigned char out[SHA256_BYTES];
            AUTO(hasher_free) struct hasher *h = hasher_new(kinds[k]);
            hasher_add(h, str_cut(whole, at));
            AUTO(hasher_free) struct hasher *copy = hasher_copy(h);
            hasher_add(h, S("another way")); /* does not touch the copy */
            hasher_add(copy, str_from(whole, at));
            hasher_end(copy, out);
            CHECK(memcmp(out, want.p, want.n) == 0);
        }
    }
}

/* The check value of CRC-64/XZ, and one computed by the definition, bit by bit. */
static uint64_t crc64_slowly(str s)
{
    uint64_t crc = ~UINT64_C(0);
    for (size_t i = 0; i < s.n; i++) {
        crc ^= (unsigned char)s.p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ UINT64_C(0xC96C5795D7870F42) : crc >> 1;
    }
    return ~crc;
}

TEST(crc64, gives_the_published_value)
{
    CHECK(crc64(0, S("123456789")) == UINT64_C(0x995DC9BBDF1939FA));
    CHECK(crc64(0, S("")) == 0 && crc64(0, S0) == 0);
}

TEST(crc64, agrees_with_its_definition_at_all_lengths)
{
    char bytes[600];
    random_bytes(bytes, sizeof bytes);
    for (size_t n = 0; n <= sizeof bytes; n++)
        CHECK(crc64(0, (str){ bytes, n }) == crc64_slowly((str){ bytes, n }));
}

TEST(crc64, goes_on_where_it_stopped)
{
    CHECK(crc64(crc64(0, S("12345")), S("6789")) == crc64(0, S("123456789")));
}

TEST(crc64_join, gives_the_checksum_of_the_whole_for_any_split)
{
    enum { N = 70000 };
    AUTO(arena_free) struct arena *a = arena_new();
    char *bytes = arena_make(a, N);
    random_bytes(bytes, N);
    const str      whole = { bytes, N };
    const uint64_t want = crc64(0, whole);
    for (int i = 0; i < 300; i++) {
        uint32_t at;
        random_bytes(&at, sizeof at);
        at = i < 20 ? (uint32_t)i : i < 40 ? N - (uint32_t)(i - 20) : at % (N + 1);
        const str first = str_cut(whole, at), second = str_from(whole, at);
        CHECK(crc64_join(crc64(0, first), crc64(0, second), second.n) == want);
    }
}

TEST(crc64_join, joins_many_parts_in_any_grouping)
{
    const str a = S("one"), b = S("twotwo"), c = S("three three three");
    const uint64_t ca = crc64(0, a), cb = crc64(0, b), cc = crc64(0, c);
    const uint64_t want = crc64(crc64(ca, b), c);
    CHECK(crc64_join(crc64_join(ca, cb, b.n), cc, c.n) == want);
    CHECK(crc64_join(ca, crc64_join(cb, cc, c.n), b.n + c.n) == want);
    CHECK(crc64_join(want, 0, 0) == want && crc64_join(0, want, a.n + b.n + c.n) == want);
}

/* Parts of a terabyte: zeros doubled again and again, 2^40 in all. */
TEST(crc64_join, knows_lengths_past_32_bits)
{
    char     zero = 0;
    uint64_t crc = crc64(0, (str){ &zero, 1 }), tail = crc64(0, S("tail"));
    for (int i = 0; i < 40; i++)
        crc = crc64_join(crc, crc, UINT64_C(1) << i);
    const uint64_t half = crc64_join(crc, tail, 4);
    CHECK(half == crc64(crc, S("tail")));
    CHECK(crc64_join(tail, crc, UINT64_C(1) << 40) != crc64_join(tail, crc, 0) && crc != 0);
}

TEST(random_bytes, differ)
{
    char a[32], b[32], zero[32] = { 0 };
    random_bytes(a, sizeof a);
    random_bytes(b, sizeof b);
    CHECK(memcmp(a, b, sizeof a) && memcmp(a, zero, sizeof a));
    random_bytes(a, 0);
}

TEST(bytes_equal_secretly, compares)
{
    CHECK(bytes_equal_secretly(S("abc"), S("abc")) && !bytes_equal_secretly(S("abc"), S("abd")));
    CHECK(!bytes_equal_secretly(S("abc"), S("ab")) && bytes_equal_secretly(S(""), S0));
}

TEST(seal, is_undone_by_unseal)
{
    const str plains[] = { S(""), S("x"), S("a secret of sixteen and more bytes") };
    AUTO(arena_free) struct arena *a = arena_new();
    const str key = repeat(a, 'k', KEY_BYTES);
    for (size_t i = 0; i < COUNT(plains); i++) {
        const str sealed = seal(a, key, plains[i]);
        CHECK(unseal(a, key, sealed).p && str_eq(unseal(a, key, sealed), plains[i]));
        CHECK(!str_eq(sealed, seal(a, key, plains[i]))); /* a nonce of its own */
    }
    CHECK(unseal(a, key, seal(a, key, S0)).p);
}

TEST(unseal, refuses_every_altered_bit_and_length)
{
    AUTO(arena_free) struct arena *a = arena_new();
    const str key = repeat(a, 'k', KEY_BYTES), sealed = seal(a, key, S("secret"));
    for (size_t i = 0; i < sealed.n * 8; i++) {
        const str altered = arena_copy(a, sealed);
        ((char *)altered.p)[i / 8] ^= (char)(1 << i % 8);
        CHECK(!unseal(a, key, altered).p);
    }
    for (size_t n = 0; n < sealed.n; n++)
        CHECK(!unseal(a, key, str_cut(sealed, n)).p);
    CHECK(!unseal(a, repeat(a, 'j', KEY_BYTES), sealed).p);
    CHECK(!unseal(a, S("short"), sealed).p && !unseal(a, S0, sealed).p && !unseal(a, key, S0).p);
}

TEST_MAIN
