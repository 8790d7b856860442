/* contract/json.h: reads JSON from outside. Strict RFC 8259 with limits: no duplicate keys, no
 * invalid UTF-8, no lone surrogates, bounded depth; numbers stay the text that came, so that an
 * integer past 2^63 can be named in a message and never becomes a double. */
#ifndef CONTRACT_JSON_H
#define CONTRACT_JSON_H

#include "base/arena.h"

enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
    enum json_kind     kind;
    str                text;  /* STRING: unescaped; NUMBER: as it came */
    str                raw;   /* the value's bytes as they came */
    str                key;   /* as a member of an object: unescaped */
    const struct json *first, *next; /* ARRAY, OBJECT: items in order */
    size_t             count;
    const struct json *const *by_key; /* OBJECT with many members: sorted, for json_member; else NULL */
};

/* Reads the whole of `body`. NULL when it is not JSON; `*because` then says why in a static sentence
 * and `*at` where (byte offset). An empty or blank body gives NULL with because == NULL. */
const struct json *json_read(struct arena *arena, str body, int depth_max, const char **because, size_t *at);

/* The member with this key, or NULL. */
const struct json *json_member(const struct json *object, str key);

#endif
