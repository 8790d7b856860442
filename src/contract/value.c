/* contract/value.c: one value that came, put into one member, by what its row says.
 *
 * Inside JSON a number and a string of digits are different kinds, and the row's tolerances decide
 * whether one may stand for the other. Outside (query, path, header, form) all is text. */
#include "contract/inner.h"

#include "base/clock.h"
#include "base/names.h"

static void *member(const struct field *field, void *in)
{
    return (char *)in + field->at;
}

/* As it came, kind and all. */
static str raw_of(struct given given)
{
    return given.json ? given.json->raw : given.text;
}

static str text_of(struct given given)
{
    return given.json && (given.json->kind == JSON_STRING || given.json->kind == JSON_NUMBER)
               ? given.json->text
               : raw_of(given);
}

/* Without fraction, exponent or needless zero, whatever its size. */
static bool is_integer(str s)
{
    if (s.n && *s.p == '-')
        s = str_from(s, 1);
    return form_fits(FORM_DIGITS, s) && (s.n == 1 || *s.p != '0');
}

/* ---- kinds ---- */

static bool kind_fits(struct cx *cx, const struct field *field, struct given given)
{
    if (!given.json)
        return true;
    const enum json_kind kind = given.json->kind;
    const bool whole = is_integer(given.json->text);
    if (field_is_number(field))
        return (kind == JSON_NUMBER && whole)
               || (kind == JSON_STRING && whole && tolerated(cx, field, TOLERATE_TEXT));
    return kind == JSON_STRING
           || (kind == JSON_NUMBER && whole && tolerated(cx, field, TOLERATE_NUMBER));
}

static void put_integer(const struct field *field, int64_t value, void *in)
{
    void *to = member(field, in);
    switch (field->kind) {
    case KIND_BOOL:    *(bool *)to = value != 0; break;
    case KIND_INT:     *(int *)to = (int)value; break;
    case KIND_INT64:   *(int64_t *)to = value; break;
    case KIND_ID:      ((id *)to)->v = value; break;
    case KIND_INSTANT: ((instant *)to)->ms = value; break;
    case KIND_STR:
    case KIND_LIST:
    case KIND_OBJECT:  break;
    }
}

static enum fault integer_read(struct cx *cx, const struct field *field, struct given given,
                               void *in)
{
    const str  text = text_of(given);
    const bool negative = text.n && *text.p == '-';
    int64_t    min, max, value;
    if (!is_integer(text))
        return field_wrong(cx, field, HOW_KIND, raw_of(given), "an integer is asked for");
    field_bounds(field, &min, &max);
    const bool fits = str_int64(text, &value) || (value = 0, str_eq(text, S("-0")));
    if (fits ? value < min : negative)
        return field_wrong(cx, field, HOW_TOO_SMALL, text, NULL);
    if (fits ? value > max : !negative) {
        if (!tolerated(cx, field, TOLERATE_LARGE))
            return field_wrong(cx, field, HOW_TOO_LARGE, text, NULL);
        value = max;
    }
    put_integer(field, value, in);
    return OK;
}

static enum fault bool_read(struct cx *cx, const struct field *field, struct given given, void *in)
{
    const str  raw = raw_of(given), text = text_of(given);
    const bool said = str_eq(text, S("true")) || str_eq(text, S("false"));
    const bool quoted = given.json && given.json->kind == JSON_STRING;
    if (!said || (quoted && !tolerated(cx, field, TOLERATE_TEXT)))
        return field_wrong(cx, field, HOW_KIND, raw, "true or false is asked for");
    put_integer(field, str_eq(text, S("true")), in);
    return OK;
}

static enum fault id_read(struct cx *cx, const struct field *field, struct given given, void *in)
{
    const str text = text_of(given);
    const bool number = given.json && given.json->kind == JSON_NUMBER;
    if (!text.n)
        return field_wrong(cx, field, HOW_EMPTY, text, NULL);
    if (!number && (!form_fits(FORM_DIGITS, text) || !is_integer(text)))
        return field_wrong(cx, field, HOW_FORM, text, form_sentence(FORM_DIGITS));
    return integer_read(cx, field, given, in);
}

static enum fault instant_field_read(struct cx *cx, const struct field *field, struct given given,
                                     void *in)
{
    const str  text = text_of(given);
    const bool seconds = field->form == FORM_TIME_S || field->as == AS_SECONDS;
    instant    t;
    if (!text.n)
        return field_wrong(cx, field, HOW_EMPTY, text, NULL);
    if (field->as == AS_EPOCH_MS || field->as == AS_EPOCH_TEXT)
        return integer_read(cx, field, given, in);
    if (!instant_read(text, seconds ? INSTANT_S : INSTANT_MS, &t))
        return field_wrong(cx, field, HOW_FORM, text,
                           form_sentence(seconds ? FORM_TIME_S : FORM_TIME));
    put_integer(field, t.ms, in);
    return OK;
}

/* ---- text ---- */

static enum fault length_wrong(struct cx *cx, const struct field *field, enum how how, str got,
                               size_t length, const char *unit)
{
    const enum fault fault = field_wrong(cx, field, length ? how : HOW_EMPTY, got, unit);
    cx->why.other = (int64_t)length;
    return fault;
}

static enum fault length_check(struct cx *cx, const struct field *field, str text)
{
    const size_t length = field->bytes ? text.n : utf8_count(text);
    const char  *unit = field->bytes ? unit_bytes : unit_characters;
    int64_t      min, max;
    field_bounds(field, &min, &max);
    if ((int64_t)length < min)
        return length_wrong(cx, field, HOW_TOO_SMALL, text, length, unit);
    if ((int64_t)length > max)
        return length_wrong(cx, field, HOW_TOO_LARGE, text, length, unit);
    return OK;
}

static enum fault text_check(struct cx *cx, const struct field *field, str text)
{
    if (text.n && memchr(text.p, 0, text.n))
        return field_wrong(cx, field, HOW_FORM, text, "text without NUL");
    TRY(length_check(cx, field, text));
    if (!text.n && field->form != FORM_ANY)
        return field_wrong(cx, field, HOW_EMPTY, text, NULL);
    if (!form_fits(field->form, text))
        return field_wrong(cx, field, HOW_FORM, text, form_sentence(field->form));
    return OK;
}

/* The raw JSON of a value. Outside of JSON the text must first be seen to be some. */
static enum fault json_field_read(struct cx *cx, const struct field *field, struct given given,
                                  void *in)
{
    const char *because;
    size_t      at;
    const struct json *json = given.json;
    if (!json && !(json = json_read(cx->arena, given.text, CONTRACT_DEPTH_MAX, &because, &at)))
        return field_wrong(cx, field, HOW_FORM, given.text, form_sentence(field->form));
    if (field->form == FORM_OBJECT && json->kind != JSON_OBJECT)
        return field_wrong(cx, field, HOW_KIND, json->raw, "an object is asked for");
    TRY(length_check(cx, field, json->raw));
    *(str *)member(field, in) = json->raw;
    return OK;
}

static enum fault word_read(struct cx *cx, const struct field *field, struct given given, void *in)
{
    const str text = text_of(given);
    const struct word *word = word_of_name(field->words, text);
    if (!word && field->kind == KIND_ID)
        return id_read(cx, field, given, in);
    if (!word)
        return field_wrong(cx, field, text.n ? HOW_WORD : HOW_EMPTY, text,
                           words_sentence(cx->arena, field->words));
    if (field->kind == KIND_STR)
        *(str *)member(field, in) = text;
    else
        put_integer(field, word->value, in);
    return OK;
}

static enum fault scalar_read(struct cx *cx, const struct field *field, struct given given,
                              void *in)
{
    if (!given.json && !utf8_valid(given.text))
        return field_wrong(cx, field, HOW_FORM, given.text, "valid UTF-8");
    if (field->kind == KIND_STR && (field->form == FORM_JSON || field->form == FORM_OBJECT))
        return json_field_read(cx, field, given, in);
    if ((field->kind == KIND_BOOL || field->form == FORM_BOOL) && !field->words)
        return bool_read(cx, field, given, in);
    if (!kind_fits(cx, field, given))
        return field_wrong(cx, field, HOW_KIND, raw_of(given),
                           field_is_number(field) ? "an integer is asked for"
                                                  : "a string is asked for");
    if (field->words)
        return word_read(cx, field, given, in);
    if (field->kind == KIND_ID)
        return id_read(cx, field, given, in);
    if (field->kind == KIND_INSTANT)
        return instant_field_read(cx, field, given, in);
    if (field->kind != KIND_STR)
        return integer_read(cx, field, given, in);
    TRY(text_check(cx, field, text_of(given)));
    *(str *)member(field, in) = text_of(given);
    return OK;
}

/* ---- lists and objects ---- */

static enum fault item_read(struct cx *cx, const struct field *field, struct given given,
                            void *item)
{
    const struct field *rows = field->shape->fields;
    if (!*rows[0].name) { /* the item is the value itself; messages name the list */
        struct field one = rows[0];
        one.name = field->name;
        return value_read(cx, &one, given, item);
    }
    if (!given.json || given.json->kind != JSON_OBJECT)
        return field_wrong(cx, field, HOW_KIND, raw_of(given), "an object is asked for");
    return shape_read(cx, rows, given.json, item);
}

enum fault list_read(struct cx *cx, const struct field *field, const struct given *items,
                     size_t count, void *in)
{
    struct list *list = member(field, in);
    const size_t size = field->shape->size;
    int64_t      min, max;
    field_bounds(field, &min, &max);
    if ((int64_t)count < min || (int64_t)count > max)
        return length_wrong(cx, field, (int64_t)count < min ? HOW_TOO_SMALL : HOW_TOO_LARGE, S0,
                            count, unit_items);
    *list = (struct list){ arena_make(cx->arena, size * (count ? count : 1)), count };
    for (size_t i = 0; i < count; i++)
        TRY(item_read(cx, field, items[i], (char *)list->items + i * size));
    return OK;
}

static enum fault array_read(struct cx *cx, const struct field *field, struct given given, void *in)
{
    if (field->as == AS_ONE || !given.json || given.json->kind != JSON_ARRAY) {
        if (field->as != AS_ONE && given.json && !tolerated(cx, field, TOLERATE_SINGLE))
            return field_wrong(cx, field, HOW_KIND, raw_of(given), "an array is asked for");
        return list_read(cx, field, &given, 1, in);
    }
    struct given *items = ARENA_MANY(cx->arena, struct given, given.json->count);
    size_t        n = 0;
    for (const struct json *item = given.json->first; item; item = item->next)
        items[n++] = (struct given){ .json = item, .here = true };
    return list_read(cx, field, items, n, in);
}

enum fault value_read(struct cx *cx, const struct field *field, struct given given, void *in)
{
    if (field->kind == KIND_LIST)
        return array_read(cx, field, given, in);
    if (field->kind != KIND_OBJECT)
        return scalar_read(cx, field, given, in);
    if (!given.json || given.json->kind != JSON_OBJECT)
        return field_wrong(cx, field, HOW_KIND, raw_of(given), "an object is asked for");
    return shape_read(cx, field->shape->fields, given.json, member(field, in));
}
