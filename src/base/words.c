#include "base/words.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "base/arena.h"
#include "base/log.h"

enum class { SEPARATOR, LETTER, DIGIT, ALONE, MARK };

static enum class class_of_ascii(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return DIGIT;
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? LETTER : SEPARATOR;
}

static bool is_written_without_blanks(UChar32 c)
{
    UErrorCode status = U_ZERO_ERROR;
    switch ((int)uscript_getScript(c, &status)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_BOPOMOFO:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
    case USCRIPT_TIBETAN:
    case USCRIPT_YI:
        return true;
    default:
        return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC);
    }
}

static enum class class_of(UChar32 c)
{
    const uint32_t category = U_GET_GC_MASK(c);
    if (category & U_GC_M_MASK)
        return MARK;
    if (category & U_GC_ND_MASK)
        return DIGIT;
    if (category & (U_GC_L_MASK | U_GC_N_MASK))
        return is_written_without_blanks(c) ? ALONE : LETTER;
    return category & (U_GC_SO_MASK | U_GC_SC_MASK) ? ALONE : SEPARATOR;
}

/* ---- cutting ---- */

struct cutter {
    struct word_found *items;
    size_t             count;
    char              *out;      /* the folded words, one behind the other */
    size_t             at;       /* bytes in `out` */
    enum class         before;   /* of the character before; SEPARATOR at the front */
};

/* A mark goes on with the word it stands on; on nothing it is a word of its own. */
static void cut(struct cutter *w, enum class class, const char *bytes, size_t n)
{
    const bool goes_on = w->count && w->before != SEPARATOR
                         && (class == MARK || (class == w->before && class != ALONE));
    if (class == SEPARATOR) {
        w->before = SEPARATOR;
        return;
    }
    if (!goes_on) {
        w->items[w->count] = (struct word_found){ { w->out + w->at, 0 }, w->count && w->before != SEPARATOR };
        w->count++;
        w->before = class == MARK ? ALONE : class;
    }
    memcpy(w->out + w->at, bytes, n);
    w->items[w->count - 1].text.n += n;
    w->at += n;
}

static struct list words_of_ascii(struct arena *arena, str text)
{
    struct cutter w = { .items = ARENA_MANY(arena, struct word_found, text.n + 1), .out = arena_make(arena, text.n + 1) };
    for (size_t i = 0; i < text.n; i++) {
        const char c = text.p[i], folded = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        cut(&w, class_of_ascii((unsigned char)c), &folded, 1);
    }
    return (struct list){ w.items, w.count };
}

static UChar *folded_utf16(struct arena *arena, str text, int32_t *n)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&status);
    UChar  *wide = ARENA_MANY(arena, UChar, text.n + 1);
    int32_t wide_n = 0;
    if (U_FAILURE(status))
        log_die("ICU has no NFKC data");
    u_strFromUTF8(wide, (int32_t)text.n + 1, &wide_n, text.p, (int32_t)text.n, &status);
    *n = unorm2_normalize(fold, wide, wide_n, NULL, 0, &status);
    status = U_ZERO_ERROR; /* the length alone was asked for: "overflow" */
    UChar *out = ARENA_MANY(arena, UChar, (size_t)*n + 1);
    *n = unorm2_normalize(fold, wide, wide_n, out, *n + 1, &status);
    if (U_FAILURE(status))
        *n = 0;
    return out;
}

static struct list words_of_unicode(struct arena *arena, str text)
{
    int32_t      n;
    const UChar *wide = folded_utf16(arena, text, &n);
    struct cutter w = { .items = ARENA_MANY(arena, struct word_found, (size_t)n + 1),
                        .out = arena_make(arena, (size_t)n * 3 + 1) };
    for (int32_t i = 0; i < n;) {
        UChar32 c;
        char    bytes[U8_MAX_LENGTH];
        int32_t length = 0;
        U16_NEXT(wide, i, n, c);
        U8_APPEND_UNSAFE(bytes, length, c);
        cut(&w, class_of(c), bytes, (size_t)length);
    }
    return (struct list){ w.items, w.count };
}

struct list words_of(struct arena *arena, str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] & 0x80)
            return words_of_unicode(arena, text);
    return words_of_ascii(arena, text);
}

/* ---- matching ---- */

/* The words [from, to) stand together at `at`, the last perhaps only begun. */
static bool stands_at(const struct list *text, size_t at, const struct word_found *piece, size_t n)
{
    const struct word_found *words = text->items;
    if (at + n > text->count)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (i && !words[at + i].is_joined)
            return false;
        if (i + 1 < n ? !str_eq(words[at + i].text, piece[i].text) : !str_starts(words[at + i].text, piece[i].text))
            return false;
    }
    return true;
}

bool words_match(const struct list *text, const struct list *wanted)
{
    const struct word_found *words = wanted->items;
    for (size_t from = 0, to; from < wanted->count; from = to) {
        size_t at = 0;
        for (to = from + 1; to < wanted->count && words[to].is_joined; to++)
            ;
        while (at < text->count && !stands_at(text, at, words + from, to - from))
            at++;
        if (at == text->count)
            return false;
    }
    return wanted->count > 0;
}
