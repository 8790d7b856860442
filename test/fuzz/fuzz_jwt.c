/* Assertions from outside: one that is taken has three parts, whose first bytes are what was signed, and
 * every claim within its bounds. */
#include <assert.h>

#include "base/encode.h"
#include "base/rsa.h"
#include "dialect/pds/jwt.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void judge(struct arena *arena, str text)
{
    struct jwt  jwt;
    const char *wrong = jwt_read(arena, text, &jwt);
    if (wrong)
        return;
    assert(str_starts(text, jwt.signed_part) && text.p[jwt.signed_part.n] == '.');
    assert(str_eq(str_from(text, jwt.signed_part.n + 1), base64url(arena, jwt.signature)));
    assert(jwt.iss.n && jwt.sub.n && jwt.aud.n && jwt.jti.n && jwt.jti.n <= JWT_ID_MAX && jwt.exp.ms > 0);
    assert(jwt.sub_type == JWT_USER || jwt.sub_type == JWT_SERVICE);
    const instant now = { jwt.exp.ms - 1000 };
    if (!jwt_fresh(&jwt, now))
        assert(jwt_fresh(&jwt, (instant){ jwt.exp.ms + JWT_SKEW_MS }));
    assert(!rsa_sha256_fits(S("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"), jwt.signed_part, jwt.signature));
}

/* The first byte says how: the text itself; or its two first lines as header and claims, so that the fuzzer
 * need not find base64. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    if (!n)
        return 0;
    const str rest = { (const char *)bytes + 1, n - 1 };
    if (bytes[0] & 1) {
        judge(arena, rest);
        return 0;
    }
    const str head = str_cut(rest, str_find(rest, '\n', 0)), claims = str_from(rest, head.n + 1);
    judge(arena, arena_print(arena, "%.*s.%.*s.c2lnbmF0dXJl", STR_ARG(base64url(arena, head)),
                             STR_ARG(base64url(arena, claims))));
    return 0;
}
