/* dialect/pds/acs.h: the vendor's AccessKey signatures, as pure functions over a request's texts.
 *
 * v1 ("acs", HMAC-SHA1) is what PDS documents and its SDKs send; ACS4-HMAC-SHA256 what its SDKs send when
 * they are told to; ACS3-HMAC-SHA256 what the generic tooling of the vendor sends. All sign what arrived:
 * nothing here decides whether it is fresh.
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

/* The headers that v1 and ACS4 sign, one a line; and the path with its query, decoded and sorted. */
str acs_v1_headers(struct arena *arena, const struct acs_request *request);
str acs_v1_resource(struct arena *arena, const struct acs_request *request, enum acs_empty empty);

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

/* The parts of "ACS4-HMAC-SHA256 Credential=KEY/DATE/REGION/pds/aliyun_v4_request,SignedHeaders=..,
 * Signature=..", without the scheme. */
struct acs4 {
    str key, date, region; /* date: yyyymmdd */
    str signed_headers, signature;
};

/* false as for acs3_read, or where the credential has not these five parts. */
bool acs4_read(str parameters, struct acs4 *out);

/* One client of the vendor passes every key that it derives through a lossy UTF-8 decoding. */
enum acs4_keys { ACS4_KEYS_AS_THEY_ARE, ACS4_KEYS_DECODED };

str acs4_text(struct arena *arena, const struct acs_request *request, str signed_headers);
str acs4_signature(struct arena *arena, const struct acs_request *request, const struct acs4 *given, str secret,
                   enum acs4_keys keys);

#endif
