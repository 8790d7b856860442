/* contract/write.c: prints an answer by its rows.
 *
 * A listing of a hundred files is some 2,500 values, so this is the warm place of every read: plain
 * stretches of text are copied eight bytes at a time, and times printed without the C library. */
#include "contract/inner.h"
#include "contract/keys.h"
#include "contract/printed.h"

#include <assert.h>

static bool fields_write(struct text *out, const struct field *rows, const void *value, bool first);

/* ---- scalars ---- */

/* Where the next n bytes go. The common case, room enough, without a call. */
static inline char *room(struct text *out, size_t n)
{
    if (out->room - out->n < n)
        text_reserve(out, n);
    return out->p + out->n;
}

static inline void put(struct text *out, const char *p, size_t n)
{
    memcpy(room(out, n), p, n);
    out->n += n;
}

static inline void put_char(struct text *out, char c)
{
    *room(out, 1) = c;
    out->n++;
}

/* High bits where a byte of the word needs an escape: below a blank, a quote or a backslash. Bytes
 * of 0x80 and more never do; a borrow can only mark a byte above one that is marked rightly. */
static inline uint64_t needs_escape(uint64_t w)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    return ((w - ones * 0x20) | ((w ^ (ones * '"')) - ones) | ((w ^ (ones * '\\')) - ones)) & ~w;
}

static inline uint64_t copy_word(char *to, const char *from)
{
    uint64_t w;
    memcpy(&w, from, 8);
    memcpy(to, &w, 8);
    return needs_escape(w);
}

/* Copies and looks at once; false when a byte needs an escape. The last word may overlap the one
 * before, so that no tail is left to walk. */
static inline bool copy_plain(char *to, str s)
{
    uint64_t marks = 0;
    if (s.n >= 8) {
        for (size_t i = 0; i < s.n - 8; i += 8)
            marks |= copy_word(to + i, s.p + i);
        marks |= copy_word(to + s.n - 8, s.p + s.n - 8);
    } else if (s.n >= 4) {
        uint32_t low, high;
        memcpy(&low, s.p, 4);
        memcpy(&high, s.p + s.n - 4, 4);
        memcpy(to, &low, 4);
        memcpy(to + s.n - 4, &high, 4);
        marks = needs_escape((uint64_t)high << 32 | low);
    } else {
        for (size_t i = 0; i < s.n; i++) {
            to[i] = s.p[i];
            marks |= needs_escape((unsigned char)s.p[i] | UINT64_C(0x2020202020202000));
        }
    }
    return !(marks & UINT64_C(0x8080808080808080));
}

static void string_write(struct text *out, str s)
{
    char *const p = room(out, s.n + 2);
    if (!copy_plain(p + 1, s)) {
        text_json(out, s);
        return;
    }
    p[0] = p[s.n + 1] = '"';
    out->n += s.n + 2;
}

static void integer_write(struct text *out, int64_t value, bool quoted)
{
    char text[24], *const end = text + sizeof text, *p = end;
    if (quoted)
        *--p = '"';
    p = digits_before(p, value < 0 ? -(uint64_t)value : (uint64_t)value);
    if (value < 0)
        *--p = '-';
    if (quoted)
        *--p = '"';
    put(out, p, (size_t)(end - p));
}

static inline char *two_digits(char *p, unsigned value)
{
    p[0] = (char)('0' + value / 10);
    p[1] = (char)('0' + value % 10);
    return p + 2;
}

/* Years are counted from 1 March, so that a leap day is the last of its year: then the day of the
 * year gives the month by one division. 146,097 days are 400 years. */
static inline char *date_put(char *p, unsigned days)
{
    const unsigned since = days + 719468, era = since / 146097, day = since % 146097;
    const unsigned of_era = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    const unsigned of_year = day - (365 * of_era + of_era / 4 - of_era / 100);
    const unsigned month = (5 * of_year + 2) / 153;
    const unsigned year = era * 400 + of_era + (month >= 10);
    p = two_digits(two_digits(p, year / 100), year % 100);
    *p++ = '-';
    p = two_digits(p, month < 10 ? month + 3 : month - 9);
    *p++ = '-';
    return two_digits(p, of_year - (153 * month + 2) / 5 + 1);
}

static void time_write(struct text *out, instant t, bool with_ms)
{
    const int64_t  last = INT64_C(253402300799999);
    const uint64_t ms = (uint64_t)(t.ms < 0 ? 0 : t.ms > last ? last : t.ms);
    const unsigned of_day = (unsigned)(ms % 86400000), seconds = of_day / 1000;
    char *const start = room(out, 32), *p = start;
    *p++ = '"';
    p = date_put(p, (unsigned)(ms / 86400000));
    *p++ = 'T';
    p = two_digits(p, seconds / 3600);
    *p++ = ':';
    p = two_digits(p, seconds / 60 % 60);
    *p++ = ':';
    p = two_digits(p, seconds % 60);
    if (with_ms) {
        *p++ = '.';
        *p++ = (char)('0' + of_day % 1000 / 100);
        p = two_digits(p, of_day % 100);
    }
    *p++ = 'Z';
    *p++ = '"';
    out->n += (size_t)(p - start);
}

static void instant_write(struct text *out, const struct field *field, instant t)
{
    if (field->as == AS_EPOCH_MS)
        integer_write(out, t.ms, false);
    else if (!t.ms)
        put(out, "\"\"", 2);
    else if (field->as == AS_EPOCH_TEXT)
        integer_write(out, t.ms, true);
    else
        time_write(out, t, field->as != AS_SECONDS && field->form != FORM_TIME_S);
}

/* The word for a value, where the row has words; an id may have none. */
static bool word_write(struct text *out, const struct field *field, int64_t value)
{
    const struct word *word = word_of_value(field->words, value);
    /* A value of ours that the page has no word for is a mistake of ours. */
    assert(word || !field->words || field->kind == KIND_ID);
    if (!word)
        return false;
    if (field->raw_words)
        put(out, word->name, strlen(word->name));
    else
        string_write(out, str_of(word->name));
    return true;
}

static void id_write(struct text *out, const struct field *field, id value)
{
    if (field->words && word_write(out, field, value.v))
        return;
    if (field->as == AS_NUMBER)
        integer_write(out, value.v, false);
    else if (value.v)
        integer_write(out, value.v, true);
    else
        put(out, "\"\"", 2);
}

static void number_write(struct text *out, const struct field *field, int64_t value)
{
    if (!field->words || !word_write(out, field, value))
        integer_write(out, value, field->as == AS_TEXT);
}

static void bool_write(struct text *out, const struct field *field, bool value)
{
    if (field->words && word_write(out, field, value))
        return;
    put(out, value ? "true" : "false", value ? 4 : 5);
}

static void text_write(struct text *out, const struct field *field, str s)
{
    if (field->as != AS_JSON)
        string_write(out, s);
    else if (s.n)
        put(out, s.p, s.n);
    else
        put(out, "null", 4);
}

/* ---- lists and objects ---- */

static void item_write(struct text *out, const struct shape *shape, const void *item);

static void list_write(struct text *out, const struct field *field, const struct list *list)
{
    put_char(out, '[');
    for (size_t i = 0; i < list->count; i++) {
        const size_t before = out->n;
        if (i)
            put_char(out, ',');
        item_write(out, field->shape, (const char *)list->items + i * field->shape->size);
        if (i == 0) /* the others will be about as long: grow once */
            text_reserve(out, (out->n - before + 16) * list->count);
    }
    put_char(out, ']');
}

static void one_write(struct text *out, const struct field *field, const struct list *list)
{
    if (list->count)
        item_write(out, field->shape, list->items);
    else
        put(out, "null", 4);
}

static void value_write(struct text *out, const struct field *field, const void *member);

static void map_write(struct text *out, const struct field *field, const struct list *list)
{
    const struct field *rows = field->shape->fields;
    put_char(out, '{');
    for (size_t i = 0; i < list->count; i++) {
        const char *item = (const char *)list->items + i * field->shape->size;
        if (i)
            put_char(out, ',');
        string_write(out, *(const str *)(const void *)(item + rows[0].at));
        put_char(out, ':');
        value_write(out, &rows[1], item + rows[1].at);
    }
    put_char(out, '}');
}

static void object_write(struct text *out, const struct field *rows, const void *value)
{
    put_char(out, '{');
    fields_write(out, rows, value, true);
    put_char(out, '}');
}

static void known_write(struct text *out, const struct shape *shape, const void *item)
{
    const struct printed *printed = (const void *)((const char *)item + shape->printed);
    const size_t before = out->n;
    if (printed->text.p) {
        put(out, printed->text.p, printed->text.n);
        return;
    }
    object_write(out, shape->fields, item);
    if (printed->of.p)
        printed_keep(shape, printed->of, (str){ out->p + before, out->n - before });
}

static void item_write(struct text *out, const struct shape *shape, const void *item)
{
    const struct field *rows = shape->fields;
    if (shape->printed)
        known_write(out, shape, item);
    else if (*rows[0].name)
        object_write(out, rows, item);
    else
        value_write(out, &rows[0], (const char *)item + rows[0].at);
}

static void any_list_write(struct text *out, const struct field *field, const struct list *list)
{
    if (field->as == AS_ONE)
        one_write(out, field, list);
    else if (field->as == AS_MAP)
        map_write(out, field, list);
    else
        list_write(out, field, list);
}

static void value_write(struct text *out, const struct field *field, const void *member)
{
    switch (field->kind) {
    case KIND_BOOL:    bool_write(out, field, *(const bool *)member); break;
    case KIND_INT:     number_write(out, field, *(const int *)member); break;
    case KIND_INT64:   number_write(out, field, *(const int64_t *)member); break;
    case KIND_STR:     text_write(out, field, *(const str *)member); break;
    case KIND_ID:      id_write(out, field, *(const id *)member); break;
    case KIND_INSTANT: instant_write(out, field, *(const instant *)member); break;
    case KIND_LIST:    any_list_write(out, field, member); break;
    case KIND_OBJECT:  object_write(out, field->shape->fields, member); break;
    }
}

/* ---- rows ---- */

static bool is_absent(const struct field *field, const void *member)
{
    switch (field->kind) {
    case KIND_BOOL:  return *(const bool *)member == (field->absent != 0);
    case KIND_INT:   return *(const int *)member == field->absent;
    case KIND_INT64: return *(const int64_t *)member == field->absent;
    default:         return false;
    }
}

static inline bool is_none(const struct key *key, const void *member)
{
    uint64_t bits;
    if (key->omit != OMIT_ZERO)
        return key->omit == OMIT_ABSENT && is_absent(key->field, member);
    memcpy(&bits, member, sizeof bits);
    return !bits;
}

/* The whole room of a key is copied, in two moves; what follows it is overwritten. */
static inline void key_write(struct text *out, const struct key *key, bool first)
{
    if (key->n) {
        memcpy(room(out, KEY_ROOM), key->text + first, KEY_ROOM);
        out->n += key->n - first;
        return;
    }
    if (!first)
        put_char(out, ',');
    string_write(out, str_of(key->field->name));
    put_char(out, ':');
}

/* True when nothing has been printed yet. */
static bool fields_write(struct text *out, const struct field *rows, const void *value, bool first)
{
    const struct keys *keys = keys_of(rows);
    for (const struct key *key = keys->items, *end = key + keys->count; key < end; key++) {
        const void  *member = (const char *)value + key->at;
        const size_t before = out->n;
        if (is_none(key, member))
            continue;
        key_write(out, key, first);
        value_write(out, key->field, member);
        if (key->kind == KIND_OBJECT && key->field->omit && out->p[out->n - 2] == '{') {
            out->n = before; /* {} : the object had nothing to say */
            continue;
        }
        first = false;
    }
    return first;
}

void contract_write(const struct field *fields, const void *value, const struct field *envelope,
                    const void *envelope_value, struct text *out)
{
    text_reserve(out, 1024);
    if (fields && fields->name && !*fields->name) {
        value_write(out, fields, (const char *)value + fields->at);
        return;
    }
    put_char(out, '{');
    const bool first = fields_write(out, fields, value, true);
    fields_write(out, envelope, envelope_value, first);
    put_char(out, '}');
}
