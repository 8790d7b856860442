/* dialect/pds/jwt.h: an app's signed assertion (JWT, RS256), as pure functions over its text.
 *
 * Source  PDS Developer Guide, "JWT applications"; RFC 7515, RFC 7519 */
#ifndef DIALECT_PDS_JWT_H
#define DIALECT_PDS_JWT_H

#include "base/arena.h"

enum jwt_subject { JWT_USER = 1, JWT_SERVICE };

struct jwt {
    str     signed_part, signature; /* header.claims as it came; binary */
    str     iss, sub, aud, jti;
    int     sub_type;               /* enum jwt_subject */
    instant exp, nbf, iat;          /* nbf, iat: none where they did not come */
    bool    auto_create;
};

enum { JWT_TEXT_MAX = 16 * 1024, JWT_SUBJECT_MAX = 64, JWT_ID_MAX = 128, JWT_SKEW_MS = 5 * 60 * 1000 };

/* How long before its end an assertion may be shown: who remembers what was used must know an end. The
 * vendor states none; its clients take 5 minutes at most. */
enum { JWT_LIFE_MAX_MS = 60 * 60 * 1000 };

/* Reads a compact JWS: RS256 alone, every claim of the vendor's table, nothing about whether it is genuine.
 * NULL when it is one; else a static sentence that says what is wrong. */
const char *jwt_read(struct arena *arena, str text, struct jwt *out);

/* Whether it is of its time, 5 minutes of skew either way. NULL, or what is wrong. */
const char *jwt_fresh(const struct jwt *jwt, instant now);

#endif
