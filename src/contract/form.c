/* contract/form.c: the forms of strings, the words of enumerations, the bounds of rows. */
#include "contract/inner.h"

#include <limits.h>

#include "base/clock.h"

const char unit_characters[] = "characters", unit_bytes[] = "bytes", unit_items[] = "items";

static bool all_digits(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

static bool all_hex(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        const char c = s.p[i];
        if (!((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f')))
            return false;
    }
    return s.n % 2 == 0;
}

static bool is_name(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '/' || (unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
            return false;
    return s.n > 0 && !str_eq(s, S(".")) && !str_eq(s, S(".."));
}

bool form_fits(enum form form, str text)
{
    instant ignored;
    switch (form) {
    case FORM_ANY:    return true;
    case FORM_DIGITS: return all_digits(text);
    case FORM_HEX:    return all_hex(text);
    case FORM_TIME_S: return instant_read(text, INSTANT_S, &ignored);
    case FORM_TIME:   return instant_read(text, INSTANT_MS, &ignored);
    case FORM_NAME:   return is_name(text);
    case FORM_JSON:
    case FORM_OBJECT:
    case FORM_BOOL:   return true;
    }
    return false;
}

const char *form_sentence(enum form form)
{
    switch (form) {
    case FORM_ANY:    return NULL;
    case FORM_DIGITS: return "decimal digits only";
    case FORM_HEX:    return "an even number of hex digits";
    case FORM_TIME_S: return "a time like 2006-01-02T15:04:05Z";
    case FORM_TIME:   return "an RFC 3339 time like 2006-01-02T15:04:05.000Z";
    case FORM_NAME:   return "a name without '/' and control characters, not '.' or '..'";
    case FORM_JSON:   return "a JSON value";
    case FORM_OBJECT: return "a JSON object";
    case FORM_BOOL:   return "true or false";
    }
    return NULL;
}

const struct word *word_of_value(const struct word *words, int64_t value)
{
    for (; words && words->name; words++)
        if (words->value == value)
            return words;
    return NULL;
}

const struct word *word_of_name(const struct word *words, str name)
{
    for (; words && words->name; words++)
        if (strlen(words->name) == name.n && memcmp(words->name, name.p, name.n) == 0)
            return words;
    return NULL;
}

const char *words_sentence(struct arena *arena, const struct word *words)
{
    str sentence = arena_print(arena, "one of %s", words->name);
    while ((++words)->name)
        sentence = arena_print(arena, "%.*s, %s", STR_ARG(sentence), words->name);
    return arena_z(arena, sentence);
}

bool field_is_number(const struct field *field)
{
    switch (field->kind) {
    case KIND_INT:
    case KIND_INT64:   return field->words ? field->raw_words : field->as != AS_TEXT && field->form != FORM_BOOL;
    case KIND_ID:      return field->as == AS_NUMBER;
    case KIND_INSTANT: return field->as == AS_EPOCH_MS;
    case KIND_BOOL:
    case KIND_STR:
    case KIND_LIST:
    case KIND_OBJECT:  return false;
    }
    return false;
}

void field_bounds(const struct field *field, int64_t *min, int64_t *max)
{
    const bool none = !field->min && !field->max;
    *min = none ? INT64_MIN : field->min;
    *max = none || field->max < field->min ? INT64_MAX : field->max;
    if (field->kind == KIND_INT) {
        *min = *min < INT_MIN ? INT_MIN : *min;
        *max = *max > INT_MAX ? INT_MAX : *max;
    } else if (field->kind == KIND_ID || field->kind == KIND_INSTANT) {
        *min = field->kind == KIND_ID;
        *max = field->kind == KIND_ID ? ID_MAX : INT64_C(253402300799999); /* end of year 9999 */
    }
}
