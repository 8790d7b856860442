/* contract/schema.c: rows as JSON Schema (2020-12, as OpenAPI 3.1 has it). */
#include "contract/inner.h"

#include <stdio.h>

/* ---- shapes and their names ---- */

const char *schemas_name(const struct schemas *schemas, const struct shape *shape, bool asked)
{
    for (const struct schema *s = schemas->first; s; s = s->next)
        if (s->shape == shape && s->asked == asked)
            return s->name;
    return NULL;
}

static bool name_taken(const struct schemas *schemas, const char *name)
{
    for (const struct schema *s = schemas->first; s; s = s->next)
        if (strcmp(s->name, name) == 0)
            return true;
    return false;
}

void schemas_add_shape(struct schemas *schemas, const struct shape *shape, bool asked)
{
    if (schemas_name(schemas, shape, asked))
        return;
    const char *name = shape->name;
    for (int n = 2; name_taken(schemas, name); n++)
        name = arena_z(schemas->arena, arena_print(schemas->arena, "%s%d", shape->name, n));
    struct schema *fresh = ARENA_NEW(schemas->arena, struct schema);
    *fresh = (struct schema){ .shape = shape, .name = name, .asked = asked };
    if (schemas->last)
        schemas->last->next = fresh;
    else
        schemas->first = fresh;
    schemas->last = fresh;
    schemas_add(schemas, shape->fields, asked);
}

/* A shape that stands for a bare value or for a map's two columns is told in place. */
static bool is_named(const struct field *field)
{
    return field->shape && *field->shape->fields[0].name && field->as != AS_MAP;
}

void schemas_add(struct schemas *schemas, const struct field *rows, bool asked)
{
    for (const struct field *f = rows; f && f->name; f++)
        if (is_named(f))
            schemas_add_shape(schemas, f->shape, asked);
        else if (f->shape)
            schemas_add(schemas, f->shape->fields, asked);
}

/* ---- what a row says ---- */

bool field_has_default(const struct field *field)
{
    int64_t min, max;
    if (field->required && !(field->tolerate & TOLERATE_MISSING))
        return false;
    if (field->words)
        return field->kind != KIND_STR && word_of_value(field->words, field->absent);
    if (field->kind == KIND_BOOL)
        return true;
    if ((field->kind != KIND_INT && field->kind != KIND_INT64) || field->form == FORM_BOOL)
        return false;
    field_bounds(field, &min, &max);
    return field->absent >= min && field->absent <= max
           && (field->absent || field->min || field->max);
}

const char *tolerance_name(const struct field *field, size_t n)
{
    static const struct {
        enum tolerance tolerance;
        const char    *name;
    } names[] = {
        { TOLERATE_MISSING, "missing" },
        { TOLERATE_NUMBER, "number for string" },
        { TOLERATE_TEXT, "string for number" },
        { TOLERATE_EMPTY, "empty for absent" },
        { TOLERATE_LARGE, "above the maximum" },
        { TOLERATE_PLACE, "in another place" },
        { TOLERATE_SINGLE, "single value for array" },
    };
    for (size_t i = 0; i < COUNT(names); i++)
        if ((field->tolerate & names[i].tolerance) && n-- == 0)
            return names[i].name;
    return NULL;
}

static void write_lenient(struct document *d, const struct field *f)
{
    static const char *const places[] = { [BODY] = "body", [QUERY] = "query", [PATH] = "path",
                                          [HEADER] = "header" };
    if (!f->tolerate)
        return;
    document_key(d, "x-polydrive-lenient");
    document_open(d, '{');
    document_key(d, "accepts");
    document_open(d, '[');
    const char *name;
    for (size_t n = 0; (name = tolerance_name(f, n)); n++)
        document_text(d, str_of(name));
    document_close(d, ']');
    if (f->tolerate & TOLERATE_PLACE)
        document_pair(d, "also in", places[f->also]);
    document_pair(d, "because", f->lenient);
    document_close(d, '}');
}

static void write_word(struct document *d, const struct field *f, const struct word *word)
{
    if (f->raw_words)
        document_raw(d, word->name);
    else
        document_text(d, str_of(word->name));
}

/* A number that this page spells as a string. */
static void document_number_text(struct document *d, int64_t value)
{
    char digits[24];
    const int n = snprintf(digits, sizeof digits, "%lld", (long long)value);
    document_text(d, (str){ digits, (size_t)n });
}

static void write_default(struct document *d, const struct field *f)
{
    if (!field_has_default(f))
        return;
    document_key(d, "default");
    if (f->words)
        write_word(d, f, word_of_value(f->words, f->absent));
    else if (f->kind == KIND_BOOL)
        document_raw(d, f->absent ? "true" : "false");
    else if (field_is_number(f))
        document_int(d, f->absent);
    else
        document_number_text(d, f->absent);
}

/* ---- kinds ---- */

static void write_bounds(struct document *d, const struct field *f, const char *min_key,
                         const char *max_key)
{
    int64_t min, max;
    field_bounds(f, &min, &max);
    if (f->min || f->max) {
        if (min != INT64_MIN && (min || f->kind == KIND_INT || f->kind == KIND_INT64))
            document_pair_int(d, min_key, min);
        if (max != INT64_MAX)
            document_pair_int(d, max_key, max);
    }
}

static void write_words(struct document *d, const struct field *f)
{
    document_pair(d, "type", f->raw_words ? "integer" : "string");
    document_key(d, "enum");
    document_open(d, '[');
    for (const struct word *w = f->words; w->name; w++)
        write_word(d, f, w);
    document_close(d, ']');
}

static void write_number(struct document *d, const struct field *f)
{
    const bool number = field_is_number(f);
    document_pair(d, "type", number ? "integer" : "string");
    if (number)
        document_pair(d, "format", f->kind == KIND_INT ? "int32" : "int64");
    else
        document_pair(d, "pattern", f->kind == KIND_ID ? "^[0-9]*$" : "^-?[0-9]+$");
    if (number && f->kind != KIND_ID)
        write_bounds(d, f, "minimum", "maximum");
}

static void write_string(struct document *d, const struct field *f)
{
    if (f->form == FORM_JSON || f->as == AS_JSON)
        return; /* any value */
    if (f->form == FORM_OBJECT) {
        document_pair(d, "type", "object");
        return;
    }
    document_pair(d, "type", "string");
    if (!f->bytes) {
        write_bounds(d, f, "minLength", "maxLength");
    } else {
        if (f->min > 0)
            document_pair_int(d, "minLength", 1);
        write_bounds(d, f, "x-polydrive-min-bytes", "x-polydrive-max-bytes");
    }
    if (f->form == FORM_TIME || f->form == FORM_TIME_S)
        document_pair(d, "format", "date-time");
    else if (f->form != FORM_ANY)
        document_pair(d, "pattern", f->form == FORM_DIGITS ? "^[0-9]+$"
                                    : f->form == FORM_HEX  ? "^([0-9A-Fa-f]{2})+$"
                                                           : "^[^/]+$");
}

static void write_instant(struct document *d, const struct field *f, bool asked)
{
    if (f->as == AS_EPOCH_MS || f->as == AS_EPOCH_TEXT) {
        document_pair(d, "type", f->as == AS_EPOCH_MS ? "integer" : "string");
        document_pair(d, "format", f->as == AS_EPOCH_MS ? "int64" : NULL);
        return;
    }
    document_pair(d, "type", "string");
    if (asked || f->omit) /* a time of an answer that may be none is "" */
        document_pair(d, "format", "date-time");
}

static void write_reference(struct document *d, const struct schemas *schemas,
                            const struct shape *shape, bool asked)
{
    document_key(d, "$ref");
    document_text(d, arena_print(schemas->arena, "#/components/schemas/%s",
                                 schemas_name(schemas, shape, asked)));
}

/* The bare schema of a list's item, or of a nested object. */
static void write_item(struct document *d, const struct schemas *schemas, const struct shape *shape,
                       bool asked)
{
    if (!*shape->fields[0].name) {
        schema_field(d, schemas, &shape->fields[0], asked);
        return;
    }
    document_open(d, '{');
    write_reference(d, schemas, shape, asked);
    document_close(d, '}');
}

static void write_list(struct document *d, const struct schemas *schemas, const struct field *f,
                       bool asked)
{
    if (f->as == AS_MAP) {
        document_pair(d, "type", "object");
        document_key(d, "additionalProperties");
        schema_field(d, schemas, &f->shape->fields[1], asked);
    } else if (f->as == AS_ONE && (asked || f->omit)) {
        write_reference(d, schemas, f->shape, asked);
    } else if (f->as == AS_ONE) {
        document_key(d, "anyOf");
        document_open(d, '[');
        write_item(d, schemas, f->shape, asked);
        document_open(d, '{');
        document_pair(d, "type", "null");
        document_close(d, '}');
        document_close(d, ']');
    } else {
        document_pair(d, "type", "array");
        document_key(d, "items");
        write_item(d, schemas, f->shape, asked);
        write_bounds(d, f, "minItems", "maxItems");
    }
}

static void write_kind(struct document *d, const struct schemas *schemas, const struct field *f,
                       bool asked)
{
    switch (f->kind) {
    case KIND_BOOL:    document_pair(d, "type", "boolean"); break;
    case KIND_INT:
        if (f->form == FORM_BOOL) {
            document_pair(d, "type", "boolean");
            break;
        }
        write_number(d, f);
        break;
    case KIND_INT64:
    case KIND_ID:      write_number(d, f); break;
    case KIND_STR:     write_string(d, f); break;
    case KIND_INSTANT: write_instant(d, f, asked); break;
    case KIND_LIST:    write_list(d, schemas, f, asked); break;
    case KIND_OBJECT:  write_reference(d, schemas, f->shape, asked); break;
    }
}

void schema_field(struct document *d, const struct schemas *schemas, const struct field *f,
                  bool asked)
{
    document_open(d, '{');
    if (f->words && f->kind != KIND_ID)
        write_words(d, f);
    else
        write_kind(d, schemas, f, asked);
    if (asked)
        write_default(d, f);
    document_pair(d, "description", f->doc);
    if (asked)
        write_lenient(d, f);
    document_close(d, '}');
}

static bool is_required(const struct field *f, bool asked)
{
    return f->from == BODY && (asked ? f->required : !f->omit);
}

static bool any_required(const struct field *rows, bool asked)
{
    for (const struct field *f = rows; f && f->name; f++)
        if (is_required(f, asked))
            return true;
    return false;
}

static void write_required(struct document *d, const struct field *rows, bool asked)
{
    for (const struct field *f = rows; f && f->name; f++)
        if (is_required(f, asked))
            document_text(d, str_of(f->name));
}

static void write_properties(struct document *d, const struct schemas *schemas,
                             const struct field *rows, bool asked)
{
    for (const struct field *f = rows; f && f->name; f++)
        if (f->from == BODY) {
            document_key(d, f->name);
            schema_field(d, schemas, f, asked);
        }
}

void schema_object(struct document *d, const struct schemas *schemas, const struct field *rows,
                   const struct field *more, bool asked)
{
    if (rows && rows->name && !*rows->name) { /* the answer is this value */
        schema_field(d, schemas, rows, asked);
        return;
    }
    document_open(d, '{');
    document_pair(d, "type", "object");
    if (any_required(rows, asked) || any_required(more, asked)) {
        document_key(d, "required");
        document_open(d, '[');
        write_required(d, rows, asked);
        write_required(d, more, asked);
        document_close(d, ']');
    }
    document_key(d, "properties");
    document_open(d, '{');
    write_properties(d, schemas, rows, asked);
    write_properties(d, schemas, more, asked);
    document_close(d, '}');
    document_close(d, '}');
}
