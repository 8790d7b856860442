#include "base/rsa.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

static EVP_PKEY *key_of(str pem)
{
    BIO      *bio = BIO_new_mem_buf(pem.p ? pem.p : "", (int)pem.n);
    EVP_PKEY *key = bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    return key;
}

/* The algorithm is ours to say, never the signature's: an RSA key and SHA-256, or nothing. */
static bool fits(EVP_PKEY *key, EVP_MD_CTX *context, str bytes, str signature)
{
    return EVP_PKEY_is_a(key, "RSA") && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1
           && EVP_DigestVerify(context, (const unsigned char *)signature.p, signature.n, (const unsigned char *)bytes.p,
                               bytes.n) == 1;
}

bool rsa_sha256_fits(str public_key, str bytes, str signature)
{
    EVP_PKEY   *key = key_of(public_key);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool  good = key && context && bytes.n && signature.n && fits(key, context, bytes, signature);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return good;
}
