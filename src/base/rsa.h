/* base/rsa.h: RSA signatures of others, checked by their public key. */
#ifndef BASE_RSA_H
#define BASE_RSA_H

#include "base/types.h"

/* Whether `signature` is the RSASSA-PKCS1-v1_5 signature with SHA-256 (RS256) of `bytes` by the private
 * half of this key (PEM, "BEGIN PUBLIC KEY"). false for what is no RSA key, too. Slow enough for a worker. */
bool rsa_sha256_fits(str public_key, str bytes, str signature);

#endif
