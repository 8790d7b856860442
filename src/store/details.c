#include "store/details.h"

#include <stddef.h>
#include <string.h>

#include "base/encode.h"

enum { FORM = 1, HIDDEN = 0x80, HEAD = 4 + 8, VARINT_MAX = 10 };

/* The order is the form: whoever adds a member makes a new form, and still reads this one. */
static const size_t numbers[] = {
    offsetof(struct node, size),     offsetof(struct node, created), offsetof(struct node, modified),
    offsetof(struct node, trashed),  offsetof(struct node, content), offsetof(struct node, revision),
    offsetof(struct node, version),  offsetof(struct node, creator), offsetof(struct node, editor),
    offsetof(struct node, origin),
};
static const size_t texts[] = {
    offsetof(struct node, media_type),  offsetof(struct node, sha1),          offsetof(struct node, sha256),
    offsetof(struct node, file_type),   offsetof(struct node, description),   offsetof(struct node, tags),
    offsetof(struct node, local_created), offsetof(struct node, local_modified),
};
_Static_assert(COUNT(texts) <= 8, "one byte tells which texts there are");
_Static_assert(sizeof(id) == 8 && sizeof(instant) == 8, "ids and times are numbers of 64 bits");

/* ---- packing ---- */

/* Seven bits a byte, the lowest first; a sign in the lowest bit keeps small negatives small. */
static char *number_put(char *to, int64_t value)
{
    uint64_t left = (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
    for (; left >= 0x80; left >>= 7)
        *to++ = (char)(left | 0x80);
    *to++ = (char)left;
    return to;
}

static const str *text_in(const struct node *node, size_t i)
{
    return (const str *)(const void *)((const char *)node + texts[i]);
}

str details_pack(struct arena *arena, const struct node *node)
{
    size_t room = HEAD + COUNT(numbers) * VARINT_MAX;
    for (size_t i = 0; i < COUNT(texts); i++)
        room += VARINT_MAX + text_in(node, i)->n;
    char    *const start = arena_make(arena, room), *p = start;
    unsigned which = 0;
    for (size_t i = 0; i < COUNT(texts); i++)
        which |= text_in(node, i)->p ? 1u << i : 0;
    *p++ = FORM;
    *p++ = (char)node->kind;
    *p++ = (char)(node->category | (node->hidden ? HIDDEN : 0));
    *p++ = (char)which;
    be64_put(p, (uint64_t)node->crc64);
    p += 8;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        int64_t value;
        memcpy(&value, (const char *)node + numbers[i], sizeof value);
        p = number_put(p, value);
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        const str *text = text_in(node, i);
        if (!text->p)
            continue;
        p = number_put(p, (int64_t)text->n);
        memcpy(p, text->p, text->n);
        p += text->n;
    }
    return (str){ start, (size_t)(p - start) };
}

/* ---- reading ---- */

/* NULL: it ends too early, or never. */
static inline const unsigned char *number_get(const unsigned char *p, const unsigned char *end, int64_t *out)
{
    uint64_t value = 0;
    for (unsigned shift = 0; p < end && shift < 64; shift += 7) {
        value |= (uint64_t)(*p & 0x7F) << shift;
        if (!(*p++ & 0x80)) {
            *out = (int64_t)(value >> 1 ^ (0 - (value & 1)));
            return p;
        }
    }
    return NULL;
}

static const unsigned char *text_get(const unsigned char *p, const unsigned char *end, bool there, str *out)
{
    int64_t n = 0;
    *out = S0;
    if (!there)
        return p;
    p = number_get(p, end, &n);
    if (!p || n < 0 || n > end - p)
        return NULL;
    *out = (str){ (const char *)p, (size_t)n };
    return p + n;
}

bool details_unpack(str details, struct node *node)
{
    const unsigned char *p = (const unsigned char *)details.p, *const end = p + details.n;
    if (details.n < HEAD || p[0] != FORM)
        return false;
    node->kind = p[1];
    node->category = p[2] & ~HIDDEN;
    node->hidden = p[2] & HIDDEN;
    const unsigned which = p[3];
    node->crc64 = (int64_t)be64_get(details.p + 4);
    p += HEAD;
    for (size_t i = 0; i < COUNT(numbers) && p; i++) {
        int64_t value = 0;
        p = number_get(p, end, &value);
        memcpy((char *)node + numbers[i], &value, sizeof value);
    }
    for (size_t i = 0; i < COUNT(texts) && p; i++)
        p = text_get(p, end, which >> i & 1, (str *)(void *)((char *)node + texts[i]));
    return p == end;
}
