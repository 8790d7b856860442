#include "store/details.h"

#include <endian.h>
#include <stddef.h>
#include <string.h>

#include "base/encode.h"

/* Form 1: its number, kind, category and whether hidden, which texts there are, CRC-64, the widths of the numbers,
 * the numbers, the texts with their lengths. Two bits tell that a number has 1, 2, 4 or 8 bytes, the lowest first:
 * so each is read in one load. */
enum { FORM = 1, HIDDEN = 0x80, WIDTHS = 3, HEAD = 4 + 8 + WIDTHS, LENGTH_MAX = 10 };

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
_Static_assert(COUNT(numbers) <= WIDTHS * 4, "two bits tell the width of a number");

/* ---- packing ---- */

/* A sign in the lowest bit keeps small negatives small. */
static uint64_t unsigned_of(int64_t value)
{
    return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static int64_t signed_of(uint64_t value)
{
    return (int64_t)(value >> 1 ^ (0 - (value & 1)));
}

static unsigned width_of(uint64_t value)
{
    return value <= UINT8_MAX ? 0 : value <= UINT16_MAX ? 1 : value <= UINT32_MAX ? 2 : 3;
}

static char *number_put(char *to, uint64_t value, unsigned width)
{
    const uint64_t bytes = htole64(value);
    memcpy(to, &bytes, sizeof bytes);
    return to + (1u << width);
}

/* Seven bits a byte, the lowest first. */
static char *length_put(char *to, size_t length)
{
    for (; length >= 0x80; length >>= 7)
        *to++ = (char)(length | 0x80);
    *to++ = (char)length;
    return to;
}

static char *numbers_put(char *p, const struct node *node)
{
    uint32_t widths = 0;
    char    *to = p + WIDTHS;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        int64_t value;
        memcpy(&value, (const char *)node + numbers[i], sizeof value);
        const unsigned width = width_of(unsigned_of(value));
        to = number_put(to, unsigned_of(value), width);
        widths |= width << 2 * i;
    }
    for (size_t i = 0; i < WIDTHS; i++)
        p[i] = (char)(widths >> 8 * i);
    return to;
}

static const str *text_in(const struct node *node, size_t i)
{
    return (const str *)(const void *)((const char *)node + texts[i]);
}

str details_pack(struct arena *arena, const struct node *node)
{
    size_t room = HEAD + COUNT(numbers) * 8;
    for (size_t i = 0; i < COUNT(texts); i++)
        room += LENGTH_MAX + text_in(node, i)->n;
    char    *const start = arena_make(arena, room), *p = start;
    unsigned which = 0;
    for (size_t i = 0; i < COUNT(texts); i++)
        which |= text_in(node, i)->p ? 1u << i : 0;
    *p++ = FORM;
    *p++ = (char)node->kind;
    *p++ = (char)(node->category | (node->hidden ? HIDDEN : 0));
    *p++ = (char)which;
    be64_put(p, (uint64_t)node->crc64);
    p = numbers_put(p + 8, node);
    for (size_t i = 0; i < COUNT(texts); i++) {
        const str *text = text_in(node, i);
        if (!text->p)
            continue;
        p = length_put(p, text->n);
        memcpy(p, text->p, text->n);
        p += text->n;
    }
    return (str){ start, (size_t)(p - start) };
}

/* ---- reading ---- */

/* Both NULL when it ends too early, or never. */
static inline const unsigned char *number_get(const unsigned char *p, const unsigned char *end, unsigned width,
                                              int64_t *out)
{
    const size_t n = (size_t)1 << width;
    uint64_t     bytes = 0;
    if (n > (size_t)(end - p))
        return NULL;
    if (end - p >= 8)
        memcpy(&bytes, p, 8);
    else
        memcpy(&bytes, p, n);
    *out = signed_of(le64toh(bytes) & UINT64_MAX >> (64 - 8 * n));
    return p + n;
}

static inline const unsigned char *length_get(const unsigned char *p, const unsigned char *end, size_t *out)
{
    *out = 0;
    for (unsigned shift = 0; p < end && shift < 32; shift += 7) {
        *out |= (size_t)(*p & 0x7F) << shift;
        if (!(*p++ & 0x80))
            return p;
    }
    return NULL;
}

static inline const unsigned char *text_get(const unsigned char *p, const unsigned char *end, str *out)
{
    size_t n;
    p = length_get(p, end, &n);
    if (!p || n > (size_t)(end - p))
        return NULL;
    *out = (str){ (const char *)p, n };
    return p + n;
}

static inline str *text_of(struct node *node, size_t at)
{
    return (str *)(void *)((char *)node + at);
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
    uint32_t widths = p[12] | (uint32_t)p[13] << 8 | (uint32_t)p[14] << 16;
    p += HEAD;
    for (size_t i = 0; i < COUNT(numbers) && p; i++, widths >>= 2) {
        int64_t value = 0;
        p = number_get(p, end, widths & 3, &value);
        memcpy((char *)node + numbers[i], &value, sizeof value);
    }
    for (size_t i = 0; i < COUNT(texts); i++)
        *text_of(node, texts[i]) = S0;
    for (unsigned left = which; left && p; left &= left - 1)
        p = text_get(p, end, text_of(node, texts[__builtin_ctz(left)]));
    return p == end;
}
