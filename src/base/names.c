#include "base/names.h"

#include <pthread.h>
#include <unicode/ucasemap.h>
#include <unicode/ucol.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/log.h"

/* Bytes of the well-formed sequence at the front of s, or 0. */
static size_t utf8_step(str s, uint32_t *point)
{
    const unsigned char *p = (const unsigned char *)s.p;
    if (p[0] < 0x80) {
        *point = p[0];
        return 1;
    }
    const size_t n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || s.n < n)
        return 0;
    uint32_t v = p[0] & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        v = v << 6 | (p[i] & 0x3Fu);
    }
    if ((n == 3 && (v < 0x800 || (v >= 0xD800 && v <= 0xDFFF))) || (n == 4 && (v < 0x10000 || v > 0x10FFFF)))
        return 0;
    *point = v;
    return n;
}

bool utf8_valid(str s)
{
    for (uint32_t point; s.n;) {
        const size_t n = utf8_step(s, &point);
        if (!n)
            return false;
        s = str_from(s, n);
    }
    return true;
}

size_t utf8_count(str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++)
        count += (s.p[i] & 0xC0) != 0x80;
    return count;
}

static bool is_ascii(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] & 0x80)
            return false;
    return true;
}

static UChar *to_utf16(struct arena *arena, str s, int32_t *n)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar     *wide = ARENA_MANY(arena, UChar, s.n + 1);
    u_strFromUTF8(wide, (int32_t)s.n + 1, n, s.p ? s.p : "", (int32_t)s.n, &status);
    if (U_FAILURE(status))
        *n = 0;
    return wide;
}

static str to_utf8(struct arena *arena, const UChar *wide, int32_t n)
{
    UErrorCode   status = U_ZERO_ERROR;
    const size_t room = (size_t)n * 3 + 1;
    char        *out = arena_make(arena, room);
    int32_t      made = 0;
    u_strToUTF8(out, (int32_t)room, &made, wide, n, &status);
    return U_FAILURE(status) ? (str){ out, 0 } : (str){ out, (size_t)made };
}

str name_nfc(struct arena *arena, str name)
{
    UErrorCode         status = U_ZERO_ERROR;
    int32_t            n;
    if (is_ascii(name))
        return arena_copy(arena, name);
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    const UChar        *wide = to_utf16(arena, name, &n);
    if (U_FAILURE(status))
        log_die("ICU has no NFC data");
    if (unorm2_quickCheck(nfc, wide, n, &status) == UNORM_YES)
        return arena_copy(arena, name);
    const int32_t room = n * 3 + 8;
    UChar        *out = ARENA_MANY(arena, UChar, (size_t)room);
    status = U_ZERO_ERROR;
    const int32_t made = unorm2_normalize(nfc, wide, n, out, room, &status);
    return U_FAILURE(status) ? arena_copy(arena, name) : to_utf8(arena, out, made);
}

str name_folded(struct arena *arena, str name)
{
    if (is_ascii(name)) {
        str copy = arena_copy(arena, name);
        for (size_t i = 0; i < copy.n; i++)
            if (copy.p[i] >= 'A' && copy.p[i] <= 'Z')
                ((char *)copy.p)[i] = (char)(copy.p[i] + 32);
        return copy;
    }
    int32_t       n;
    UErrorCode    status = U_ZERO_ERROR;
    const UChar  *wide = to_utf16(arena, name_nfc(arena, name), &n);
    const int32_t room = n * 3 + 8;
    UChar        *out = ARENA_MANY(arena, UChar, (size_t)room);
    const int32_t made = u_strFoldCase(out, room, wide, n, U_FOLD_CASE_DEFAULT, &status);
    return U_FAILURE(status) ? arena_copy(arena, name) : to_utf8(arena, out, made);
}

static UCollator     *collator;
static pthread_once_t collator_once = PTHREAD_ONCE_INIT;

static void collator_open(void)
{
    UErrorCode status = U_ZERO_ERROR;
    collator = ucol_open("zh-u-co-pinyin-kn-true", &status);
    if (U_FAILURE(status))
        log_die("ICU has no collation data");
}

/* A frozen collator may be used by all threads; sort keys are made without a lock. */
str name_sort_key(struct arena *arena, str name)
{
    int32_t n;
    pthread_once(&collator_once, collator_open);
    const UChar *wide = to_utf16(arena, name, &n);
    uint8_t     *key = arena_make(arena, SORT_KEY_MAX + 1);
    int32_t      made = ucol_getSortKey(collator, wide, n, key, SORT_KEY_MAX);
    if (made > SORT_KEY_MAX) {
        const int32_t room = made + 1;
        uint8_t      *whole = arena_make(arena, (size_t)room);
        ucol_getSortKey(collator, wide, n, whole, room);
        memcpy(key, whole, SORT_KEY_MAX);
        made = SORT_KEY_MAX;
    } else if (made > 0) {
        made--; /* the NUL that ends every key */
    }
    return (str){ (char *)key, (size_t)made };
}

str name_extension(str name)
{
    for (size_t i = name.n; i-- > 1;)
        if (name.p[i] == '.')
            return str_from(name, i + 1);
    return str_from(name, name.n);
}

bool name_contains(struct arena *arena, str name, str folded_needle)
{
    const str folded = name_folded(arena, name);
    return folded_needle.n == 0 || memmem(folded.p, folded.n, folded_needle.p, folded_needle.n);
}
