/* dialect/koodrive/signature.h: the app signature, HMAC-SHA256, without a server around it.
 *
 *     CanonicalRequest = METHOD, URI, query, headers, names of the headers, SHA-256 of the body
 *     StringToSign     = "HMAC-SHA256", SHA-256 of that
 *     Signature        = HMAC-SHA256 by the app's secret, lower-case hex
 *
 * Source  KooDrive API Reference, appendix "Signing a request", 2025-10; what the payload's hash is comes
 *         from the vendor's general signing guide, of the same structure */
#ifndef DIALECT_KOODRIVE_SIGNATURE_H
#define DIALECT_KOODRIVE_SIGNATURE_H

#include "base/arena.h"

/* `HMAC-SHA256 AppId=...,SignedHeaders=...,Signature=...`: one blank, no others, in this order. */
struct koodrive_signature {
    str app_id, signed_headers, signature;
};
bool koodrive_is_signature(str authorization);
/* False when it is not of that form, when a header is named twice or not in lower case, when
 * `authorization` is among them, or `x-date` or `x-user-id` is not. Slices of the header. */
bool koodrive_read_signature(str authorization, struct koodrive_signature *out);

/* What is signed. header() gives the value of a header by its lower-case name, S0 when there is none or
 * two. */
struct koodrive_signed {
    str method, path, query, body; /* path and query as sent */
    str (*header)(const void *arg, str name);
    const void *arg;
};

/* The canonical request in the arena; S0 when a signed header is absent or path or query are malformed. */
str koodrive_canonical(struct arena *arena, const struct koodrive_signed *request, str signed_headers);

/* The signature of a canonical request: 64 lower-case hex digits in the arena. */
str koodrive_sign(struct arena *arena, str secret, str canonical);

#endif
