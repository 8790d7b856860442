/* base/encode.h: bytes as text and back. Readers are strict: one spelling for each value. */
#ifndef BASE_ENCODE_H
#define BASE_ENCODE_H

#include "base/arena.h"

/* Results live in the arena. Reading: S0 when malformed (an empty input gives an empty result). */
str hex_lower(struct arena *arena, str bytes);
str hex_upper(struct arena *arena, str bytes);
str hex_read(struct arena *arena, str text); /* either case */

str base64(struct arena *arena, str bytes);          /* with padding */
str base64url(struct arena *arena, str bytes);       /* without padding */
str base64_read(struct arena *arena, str text);
str base64url_read(struct arena *arena, str text);

/* Undoes %XX; `plus_is_blank` for form bodies and queries. S0 when a % is not followed by two digits. */
str percent_read(struct arena *arena, str text, bool plus_is_blank);

/* Big-endian 64 bits into 8 bytes and back, for keys that must sort as numbers do. */
void     be64_put(char out[8], uint64_t value);
uint64_t be64_get(const char in[8]);

#endif
