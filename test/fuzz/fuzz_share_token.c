/* Share tokens from outside: nothing is taken for one but what was signed here, in its one spelling. The corpus holds
 * genuine ones for this key. */
#include <assert.h>

#include "base/encode.h"
#include "base/hash.h"
#include "drive/share.h"
#include "drive/site.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char what[] = "share token ";
    const struct site site = { .sign_key = S("0123456789abcdef0123456789abcdef"), .domain.epoch = S("e") };
    AUTO(arena_free) struct arena *arena = arena_new();
    struct cx      cx = { .arena = arena, .site = &site, .now = { 1000 } };
    struct caller *guest = NULL;
    const str      token = { (const char *)bytes, n };
    if (share_guest(&cx, token, &guest) != OK) {
        assert(cx.why.code == FAULT_UNAUTHENTICATED && cx.why.thing == THING_SHARE);
        return 0;
    }
    const str claim = base64url_read(arena, token);
    assert(guest->is_guest && !guest->user.v && !guest->app.v && !guest->role && guest->expires.ms > cx.now.ms);
    assert(claim.n == 24 + SHA256_BYTES && str_eq(token, base64url(arena, claim)));
    char signed_bytes[sizeof what - 1 + 24];
    memcpy(signed_bytes, what, sizeof what - 1);
    memcpy(signed_bytes + sizeof what - 1, claim.p, 24);
    assert(str_eq(str_from(claim, 24), hmac_sha256(arena, site.sign_key, (str){ signed_bytes, sizeof signed_bytes })));
    return 0;
}
