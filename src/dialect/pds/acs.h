/* dialect/pds/acs.h: the vendor's AccessKey signatures, as pure functions over a request's texts.
 *
 * v1 ("acs", HMAC-SHA1) is what PDS documents and its SDKs send; ACS3-HMAC-SHA256 is what the generic
 * tooling of the vendor sends. Both sign what arrived: nothing here decides whether it is fresh.
 *
 * Source  PDS Developer Guide, "request signing"; OpenAPI "V3 request body and signature mechanism" */
#ifndef DIALECT_PDS_ACS_H
#define DIALECT_PDS_ACS_H

#include "base/arena.h"

struct acs_header {
    str name, value; /* name in lower case */
};

struct acs_request {
    str method, path, query, body; /* path and query as sent */
    const struct acs_header *headers;
    size_t                   header_count;
};

/* The header's value, S0 when absent; how often it came. Names in lower case. */
str    acs_header(const struct acs_request *request, str name);
size_t acs_header_count(const struct acs_request *request, str name);

/* How a query parameter with an empty value is signed: its name alone, as PDS and its SDKs do, or with
 * the '=' behind it, as the vendor's generic client does. */
enum acs_empty { ACS_EMPTY_IS_BARE, ACS_EMPTY_KEEPS_EQUALS };

/* What v1 signs, in the arena; and whether this is its signature (base64), in either form. */
str  acs_v1_text(struct arena *arena, const struct acs_request *request, enum acs_empty empty);
bool acs_v1_fits(struct arena *arena, const struct acs_request *request, str secret, str signature);

/* The parts of "ACS3-HMAC-SHA256 Credential=..,SignedHeaders=..,Signature=..", without the scheme. */
struct acs3 {
    str key, signed_headers, signature; /* signature: hex */
};

/* false when one is missing, doubled or empty, or something else stands there. */
bool acs3_read(str parameters, struct acs3 *out);

/* Takes the next name off "a;b;c". false at the end. */
bool acs3_next_name(str *signed_headers, str *name);

/* The canonical request and its signature in lower-case hex. In the arena. */
str acs3_text(struct arena *arena, const struct acs_request *request, str signed_headers);
str acs3_signature(struct arena *arena, const struct acs_request *request, str signed_headers, str secret);

#endif
