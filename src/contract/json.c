#include "contract/json.h"

#include <stdlib.h>

#include "base/names.h"

/* Objects with more members than this get an index: doubled keys are found, and members looked up,
 * in n log n however hostile the keys; below it a plain walk is faster. */
enum { INDEX_FROM = 12 };

/* A value takes fifty times the bytes that it may have in the text. The longest body there is, 10,000 parts with
 * the state of two digests each, has 400,000. */
enum { VALUES_MAX = 500000 };

struct reader {
    struct arena *arena;
    const char   *at, *end;
    int           depth_left, values_left;
    const char   *because;   /* set once, by the first thing that is wrong */
    const char   *wrong_at;
};

static struct json *read_value(struct reader *r);

static struct json *wrong(struct reader *r, const char *at, const char *because)
{
    if (!r->because) {
        r->because = because;
        r->wrong_at = at;
    }
    return NULL;
}

static void skip_blank(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
        r->at++;
}

static bool take(struct reader *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

/* ---- strings ---- */

static bool read_hex4(const char *p, const char *end, unsigned *out)
{
    unsigned v = 0;
    if (end - p < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        const char c = p[i];
        if (c >= '0' && c <= '9')
            v = v << 4 | (unsigned)(c - '0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            v = v << 4 | (unsigned)((c | 32) - 'a' + 10);
        else
            return false;
    }
    *out = v;
    return true;
}

static char *put_point(char *out, unsigned v)
{
    if (v < 0x80) {
        *out++ = (char)v;
        return out;
    }
    if (v < 0x800) {
        *out++ = (char)(0xC0 | v >> 6);
    } else {
        if (v < 0x10000) {
            *out++ = (char)(0xE0 | v >> 12);
        } else {
            *out++ = (char)(0xF0 | v >> 18);
            *out++ = (char)(0x80 | (v >> 12 & 63));
        }
        *out++ = (char)(0x80 | (v >> 6 & 63));
    }
    *out++ = (char)(0x80 | (v & 63));
    return out;
}

/* \uXXXX with *p behind the u. A high surrogate takes the low one that must follow with it. */
static bool read_unicode(struct reader *r, const char **p, const char *end, char **out)
{
    unsigned v, low;
    if (!read_hex4(*p, end, &v))
        return wrong(r, *p, "\\u is not followed by four hex digits");
    *p += 4;
    if (v >= 0xD800 && v <= 0xDFFF) {
        if (v > 0xDBFF || end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u'
            || !read_hex4(*p + 2, end, &low) || low < 0xDC00 || low > 0xDFFF)
            return wrong(r, *p - 6, "a surrogate escape stands without its other half");
        v = 0x10000 + ((v - 0xD800) << 10) + (low - 0xDC00);
        *p += 6;
    }
    *out = put_point(*out, v);
    return true;
}

/* Undoes the escapes of what stood between the quotes. The result is never longer. */
static bool unescape(struct reader *r, str inside, str *text)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char *const made = arena_make(r->arena, inside.n + 1);
    char       *out = made;
    const char *p = inside.p, *const end = inside.p + inside.n;
    while (p < end) {
        if (*p != '\\') {
            *out++ = *p++;
            continue;
        }
        const char  c = p[1]; /* the scan made sure that something follows a backslash */
        const char *letter = c ? strchr(letters, c) : NULL;
        p += 2;
        if (letter)
            *out++ = meant[letter - letters];
        else if (c != 'u')
            return wrong(r, p - 2, "an escape that JSON does not have");
        else if (!read_unicode(r, &p, end, &out))
            return false;
    }
    *text = (str){ made, (size_t)(out - made) };
    return true;
}

/* The opening quote is taken. Ends behind the closing one. */
static bool read_string(struct reader *r, str *text)
{
    const char *const start = r->at;
    bool escaped = false;
    unsigned char high = 0;
    for (;; r->at++) {
        if (r->at == r->end)
            return wrong(r, start - 1, "a string does not end");
        const unsigned char c = (unsigned char)*r->at;
        if (c == '"')
            break;
        if (c < 0x20)
            return wrong(r, r->at, "a control character stands bare in a string");
        high |= c;
        if (c == '\\') {
            escaped = true;
            if (++r->at == r->end)
                return wrong(r, start - 1, "a string does not end");
            if ((unsigned char)*r->at < 0x20)
                return wrong(r, r->at, "a control character stands bare in a string");
            high |= (unsigned char)*r->at;
        }
    }
    const str inside = { start, (size_t)(r->at++ - start) };
    if ((high & 0x80) && !utf8_valid(inside))
        return wrong(r, start, "a string is not valid UTF-8");
    *text = inside;
    return !escaped || unescape(r, inside, text);
}

/* ---- numbers and words ---- */

static bool take_digits(struct reader *r)
{
    const char *const start = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    return r->at > start;
}

static bool read_number(struct reader *r)
{
    const char *const start = r->at;
    take(r, '-');
    if (!take(r, '0') && !take_digits(r))
        return wrong(r, start, "not a JSON value");
    if (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        return wrong(r, start, "a number begins with a needless zero");
    if (take(r, '.') && !take_digits(r))
        return wrong(r, start, "a number ends in its point");
    if (take(r, 'e') || take(r, 'E')) {
        if (!take(r, '+'))
            take(r, '-');
        if (!take_digits(r))
            return wrong(r, start, "a number ends in its exponent");
    }
    return true;
}

static bool read_word(struct reader *r, str word)
{
    if (!str_starts((str){ r->at, (size_t)(r->end - r->at) }, word))
        return wrong(r, r->at, "not a JSON value");
    r->at += word.n;
    return true;
}

/* ---- objects ---- */

/* By length first: most keys then differ without a look at their bytes. */
static int compare_keys(str a, str b)
{
    if (a.n != b.n)
        return a.n < b.n ? -1 : 1;
    return a.n ? memcmp(a.p, b.p, a.n) : 0;
}

static int compare_members(const void *a, const void *b)
{
    return compare_keys((*(const struct json *const *)a)->key,
                        (*(const struct json *const *)b)->key);
}

static bool doubled(struct reader *r, const struct json *a, const struct json *b)
{
    return wrong(r, a->raw.p > b->raw.p ? a->raw.p : b->raw.p, "an object has the same key twice");
}

static bool keys_differ(struct reader *r, struct json *object)
{
    if (object->count <= INDEX_FROM) {
        for (const struct json *m = object->first; m; m = m->next)
            for (const struct json *n = m->next; n; n = n->next)
                if (str_eq(m->key, n->key))
                    return doubled(r, m, n);
        return true;
    }
    const struct json **sorted = ARENA_MANY(r->arena, const struct json *, object->count);
    size_t n = 0;
    for (const struct json *m = object->first; m; m = m->next)
        sorted[n++] = m;
    qsort(sorted, n, sizeof *sorted, compare_members);
    for (size_t i = 1; i < n; i++)
        if (str_eq(sorted[i - 1]->key, sorted[i]->key))
            return doubled(r, sorted[i - 1], sorted[i]);
    object->by_key = sorted;
    return true;
}

static bool read_key(struct reader *r, str *key)
{
    skip_blank(r);
    if (!take(r, '"'))
        return wrong(r, r->at, "an object's key is missing");
    if (!read_string(r, key))
        return false;
    skip_blank(r);
    if (!take(r, ':'))
        return wrong(r, r->at, "':' is missing after a key");
    return true;
}

/* Members or items up to `close`; the opening bracket is taken. */
static bool read_inside(struct reader *r, struct json *whole, char close)
{
    struct json *last = NULL;
    skip_blank(r);
    if (take(r, close))
        return true;
    do {
        str key = S0;
        if (whole->kind == JSON_OBJECT && !read_key(r, &key))
            return false;
        struct json *item = read_value(r);
        if (!item)
            return false;
        item->key = key;
        if (last)
            last->next = item;
        else
            whole->first = item;
        last = item;
        whole->count++;
        skip_blank(r);
    } while (take(r, ','));
    if (!take(r, close))
        return wrong(r, r->at, "',' or a closing bracket is missing");
    return whole->kind == JSON_ARRAY || keys_differ(r, whole);
}

static bool read_nested(struct reader *r, struct json *v, enum json_kind kind, char close)
{
    if (r->depth_left == 0)
        return wrong(r, r->at, "nested too deep");
    v->kind = kind;
    r->at++;
    r->depth_left--;
    if (!read_inside(r, v, close))
        return false;
    r->depth_left++;
    return true;
}

static bool read_by_first_byte(struct reader *r, struct json *v)
{
    switch (*r->at) {
    case '{': return read_nested(r, v, JSON_OBJECT, '}');
    case '[': return read_nested(r, v, JSON_ARRAY, ']');
    case '"':
        v->kind = JSON_STRING;
        r->at++;
        return read_string(r, &v->text);
    case 't': v->kind = JSON_TRUE; return read_word(r, S("true"));
    case 'f': v->kind = JSON_FALSE; return read_word(r, S("false"));
    case 'n': v->kind = JSON_NULL; return read_word(r, S("null"));
    default:  v->kind = JSON_NUMBER; return read_number(r);
    }
}

/* Recursion is bounded by the depth that the caller allows. */
static struct json *read_value(struct reader *r)
{
    skip_blank(r);
    if (r->at == r->end)
        return wrong(r, r->at, "the text ends too early");
    if (r->values_left-- == 0)
        return wrong(r, r->at, "more than 500000 values");
    struct json *v = ARENA_NEW(r->arena, struct json);
    const char *const start = r->at;
    if (!read_by_first_byte(r, v))
        return NULL;
    v->raw = (str){ start, (size_t)(r->at - start) };
    if (v->kind == JSON_NUMBER)
        v->text = v->raw;
    return v;
}

const struct json *json_read(struct arena *arena, str body, int depth_max, const char **because,
                             size_t *at)
{
    const char *const start = body.p ? body.p : "";
    struct reader     r = {
            .arena = arena, .at = start, .end = start + body.n, .depth_left = depth_max,
            .values_left = VALUES_MAX
    };
    *because = NULL;
    *at = 0;
    skip_blank(&r);
    if (r.at == r.end)
        return NULL;
    struct json *v = NULL;
    if (str_starts(body, S("\xEF\xBB\xBF")))
        wrong(&r, start, "a byte order mark stands before the JSON");
    else
        v = read_value(&r);
    skip_blank(&r);
    if (v && r.at < r.end)
        v = wrong(&r, r.at, "something follows the JSON value");
    *because = r.because;
    *at = r.because ? (size_t)(r.wrong_at - start) : 0;
    return v;
}

const struct json *json_member(const struct json *object, str key)
{
    if (!object || object->kind != JSON_OBJECT)
        return NULL;
    if (!object->by_key) {
        for (const struct json *m = object->first; m; m = m->next)
            if (str_eq(m->key, key))
                return m;
        return NULL;
    }
    for (size_t low = 0, high = object->count; low < high;) {
        const size_t middle = low + (high - low) / 2;
        const int    order = compare_keys(key, object->by_key[middle]->key);
        if (order == 0)
            return object->by_key[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
