#include "contract/boundaries.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "contract/inner.h"

enum { LONGEST = 100000, MOST_ITEMS = 2000, CASES_MAX = 4096 };

/* What one row is given instead of its sample. */
struct override {
    const struct field *field; /* NULL: none */
    str  json, text;           /* as a JSON value; as bare text (query, path, header, form) */
    bool left_out, elsewhere;  /* not given; given in `also` */
};

struct maker {
    struct arena    *arena;
    const struct op *op;
    struct boundary *cases;
    size_t           count;
};

/* ---- samples: one valid value of a row ---- */

static str quoted(struct arena *arena, str s)
{
    AUTO(text_done) struct text out = { 0 };
    text_json(&out, s);
    return arena_copy(arena, text_str(&out));
}

static str of_length(struct arena *arena, const struct field *f, int64_t length)
{
    char *p = arena_make(arena, (size_t)length + 1);
    memset(p, f->form == FORM_DIGITS ? '1' : 'a', (size_t)length);
    return (str){ p, (size_t)length };
}

static bool is_truth(const struct field *f)
{
    return (f->kind == KIND_BOOL || f->form == FORM_BOOL) && !f->words;
}

static str sample_text(struct arena *arena, const struct field *f)
{
    int64_t min, max;
    if (f->words)
        return str_of(f->words[0].name);
    if (is_truth(f))
        return S("true");
    field_bounds(f, &min, &max);
    switch (f->kind) {
    case KIND_BOOL:    return S("true");
    case KIND_INT:
    case KIND_INT64:
        return arena_print(arena, "%lld", (long long)(min > 1 ? min : max < 1 ? max : 1));
    case KIND_ID:      return S("1");
    case KIND_INSTANT:
        return f->as == AS_EPOCH_MS || f->as == AS_EPOCH_TEXT ? S("1767323045000")
                                                              : S("2026-01-02T03:04:05Z");
    case KIND_STR:
        if (f->form == FORM_TIME || f->form == FORM_TIME_S)
            return S("2026-01-02T03:04:05Z");
        if (f->form == FORM_JSON || f->form == FORM_OBJECT)
            return S("{}");
        min = min < 1 ? 1 : min;
        return of_length(arena, f, f->form == FORM_HEX ? min + min % 2 : min);
    case KIND_LIST:
        return *f->shape->fields[0].name ? S0 : sample_text(arena, &f->shape->fields[0]);
    case KIND_OBJECT:  return S0;
    }
    return S0;
}

static str object_json(struct maker *m, const struct field *rows, const struct override *o,
                       bool top);

static str items_json(struct maker *m, const struct field *f, int64_t count,
                      const struct override *o)
{
    AUTO(text_done) struct text out = { 0 };
    const struct field *rows = f->shape->fields;
    text_char(&out, '[');
    for (int64_t i = 0; i < count; i++) {
        const bool bare = !*rows[0].name;
        const str  text = bare ? sample_text(m->arena, &rows[0]) : S0;
        if (i)
            text_char(&out, ',');
        text_add(&out, !bare                          ? object_json(m, rows, i ? NULL : o, false)
                       : field_is_number(&rows[0])    ? text
                                                      : quoted(m->arena, text));
    }
    text_char(&out, ']');
    return arena_copy(m->arena, text_str(&out));
}

static str sample_json(struct maker *m, const struct field *f, const struct override *o)
{
    if (f->kind == KIND_OBJECT || (f->kind == KIND_LIST && f->as == AS_ONE))
        return object_json(m, f->shape->fields, o, false);
    if (f->kind == KIND_LIST)
        return items_json(m, f, f->min > 1 ? f->min : 1, o);
    const str  text = sample_text(m->arena, f);
    const bool bare = is_truth(f) || field_is_number(f)
                      || f->form == FORM_JSON || f->form == FORM_OBJECT;
    return bare ? text : quoted(m->arena, text);
}

/* ---- requests ---- */

static bool holds(const struct field *f, const struct field *inner, int depth)
{
    if (!f->shape || depth > 4)
        return false;
    for (const struct field *i = f->shape->fields; i->name; i++)
        if (i == inner || holds(i, inner, depth + 1))
            return true;
    return false;
}

static enum from place_of(const struct field *f, const struct override *o)
{
    return o && o->field == f && o->elsewhere ? f->also : f->from;
}

static bool is_wanted(const struct field *f, const struct override *o)
{
    if (o && o->field == f)
        return !o->left_out;
    return f->required || f->from == PATH || (o && o->field && holds(f, o->field, 0));
}

static str json_of(struct maker *m, const struct field *f, const struct override *o)
{
    return o && o->field == f && o->json.p ? o->json : sample_json(m, f, o);
}

static str text_of(struct maker *m, const struct field *f, const struct override *o)
{
    return o && o->field == f && o->text.p ? o->text : sample_text(m->arena, f);
}

static str object_json(struct maker *m, const struct field *rows, const struct override *o,
                       bool top)
{
    AUTO(text_done) struct text out = { 0 };
    text_char(&out, '{');
    for (const struct field *f = rows; f->name; f++)
        if (is_wanted(f, o) && (!top || place_of(f, o) == BODY)) {
            text_add(&out, out.n > 1 ? S(",") : S0);
            text_json(&out, str_of(f->name));
            text_char(&out, ':');
            text_add(&out, json_of(m, f, o));
        }
    text_char(&out, '}');
    return arena_copy(m->arena, text_str(&out));
}

static str pairs_text(struct maker *m, enum from from, const struct override *o)
{
    AUTO(text_done) struct text out = { 0 };
    for (const struct field *f = m->op->in; f && f->name; f++)
        if (is_wanted(f, o) && place_of(f, o) == from) {
            text_add(&out, out.n ? S("&") : S0);
            text_percent(&out, str_of(f->name), "");
            text_char(&out, '=');
            text_percent(&out, text_of(m, f, o), "");
        }
    return arena_copy(m->arena, text_str(&out));
}

static const char *path_text(struct maker *m, const struct override *o)
{
    AUTO(text_done) struct text out = { 0 };
    str path = str_of(m->op->path), segment;
    while (segment_next(&path, &segment)) {
        const struct field *f = segment.n > 2 && *segment.p == '{'
                                    ? parameter_field(m->op, (str){ segment.p + 1, segment.n - 2 })
                                    : NULL;
        text_char(&out, '/');
        if (f)
            text_percent(&out, text_of(m, f, o), "");
        else
            text_add(&out, segment.n && *segment.p == '{' ? S("x") : segment);
    }
    return arena_z(m->arena, text_str(&out));
}

static struct boundary *add(struct maker *m, const char *what, const struct override *o)
{
    if (m->count == CASES_MAX)
        abort();
    struct boundary *b = &m->cases[m->count++];
    const char *field = o && o->field ? o->field->name : "request";
    const str query = pairs_text(m, QUERY, o);
    b->name = arena_z(m->arena, arena_print(m->arena, "%s: %s", field, what));
    b->field = o ? field : NULL;
    b->accepted = true;
    b->path = path_text(m, o);
    b->query = query.n ? arena_z(m->arena, query) : NULL;
    b->body = m->op->form_body ? pairs_text(m, BODY, o)
              : m->op->in      ? object_json(m, m->op->in, o, true)
                               : S0;
    for (const struct field *f = m->op->in; f && f->name; f++)
        if (is_wanted(f, o) && place_of(f, o) == HEADER)
            b->headers[b->header_count++] = (struct http_header){ f->name, text_of(m, f, o) };
    return b;
}

/* ---- cases ---- */

static void accepted(struct maker *m, const struct field *f, const char *what, str value,
                     bool string)
{
    add(m, what,
        &(struct override){ f, string ? quoted(m->arena, value) : value, value, false, false });
}

static void refused(struct maker *m, const struct field *f, const char *what, str json, str text,
                    enum how how, unsigned tolerance)
{
    struct boundary *b = add(m, what, &(struct override){ f, json, text, false, false });
    b->how = how;
    b->lenient = (f->tolerate & tolerance) != 0;
    b->accepted = b->lenient;
}

static void left_out(struct maker *m, const struct field *f)
{
    static const char *const whats[] = { "left out", "null" };
    for (int i = 0; i < 2; i++) {
        if (i == 1 && (f->from != BODY || m->op->form_body))
            break;
        struct boundary *b = add(m, whats[i],
                                 i ? &(struct override){ f, S("null"), S0, false, false }
                                   : &(struct override){ f, S0, S0, true, false });
        b->how = HOW_MISSING;
        b->lenient = f->required && (f->tolerate & TOLERATE_MISSING);
        b->accepted = !f->required || b->lenient;
    }
    if (f->tolerate & TOLERATE_PLACE) {
        struct boundary *b =
            add(m, "in its other place", &(struct override){ f, S0, S0, false, true });
        b->how = HOW_MISSING;
        b->lenient = f->required;
    }
}

static void integers(struct maker *m, const struct field *f, bool bare)
{
    int64_t min, max;
    char    text[32];
    const bool string = !field_is_number(f);
    field_bounds(f, &min, &max);
    accepted(m, f, "at its minimum", arena_print(m->arena, "%lld", (long long)min), string);
    accepted(m, f, "at its maximum", arena_print(m->arena, "%lld", (long long)max), string);
    const bool id_text = f->kind == KIND_ID && (string || bare);
    if (min > INT64_MIN) {
        const str below =
            (str){ text, (size_t)snprintf(text, sizeof text, "%lld", (long long)min - 1) };
        refused(m, f, "one below its minimum",
                string ? quoted(m->arena, below) : arena_copy(m->arena, below),
                arena_copy(m->arena, below), id_text && *text == '-' ? HOW_FORM : HOW_TOO_SMALL, 0);
    }
    const str above = max < INT64_MAX ? arena_print(m->arena, "%lld", (long long)max + 1)
                                      : S("9223372036854775808");
    refused(m, f, "one past its maximum", string ? quoted(m->arena, above) : above, above,
            HOW_TOO_LARGE, TOLERATE_LARGE);
    const str huge = S("100000000000000000000000000000000000000");
    refused(m, f, "huge", string ? quoted(m->arena, huge) : huge, huge, HOW_TOO_LARGE,
            TOLERATE_LARGE);
    if (!string) {
        refused(m, f, "with a fraction", S("1.0"), S("1.0"), id_text ? HOW_FORM : HOW_KIND, 0);
        refused(m, f, "with an exponent", S("1e3"), S("1e3"), id_text ? HOW_FORM : HOW_KIND, 0);
    }
}

static void lengths(struct maker *m, const struct field *f)
{
    int64_t min, max;
    field_bounds(f, &min, &max);
    const bool even = f->form == FORM_HEX;
    if (f->form == FORM_TIME || f->form == FORM_TIME_S || f->form == FORM_JSON
        || f->form == FORM_OBJECT)
        return;
    if (max <= LONGEST) {
        const str longest = of_length(m->arena, f, even ? max - max % 2 : max);
        const str past = of_length(m->arena, f, max + 1);
        accepted(m, f, "at its maximum", longest, true);
        refused(m, f, "one past its maximum", quoted(m->arena, past), past, HOW_TOO_LARGE, 0);
    }
    if (min > 1) {
        const str below = of_length(m->arena, f, min - 1);
        accepted(m, f, "at its minimum", of_length(m->arena, f, even ? min + min % 2 : min), true);
        refused(m, f, "one below its minimum", quoted(m->arena, below), below, HOW_TOO_SMALL, 0);
    }
}

static void forms(struct maker *m, const struct field *f)
{
    static const char wrong[] = { [FORM_DIGITS] = 'x', [FORM_HEX] = 'g', [FORM_NAME] = '/' };
    if (f->form == FORM_TIME || f->form == FORM_TIME_S || f->kind == KIND_INSTANT) {
        const str no_such_day = S("2026-02-30T00:00:00Z");
        if (f->as != AS_EPOCH_MS && f->as != AS_EPOCH_TEXT)
            refused(m, f, "a day that is not", quoted(m->arena, no_such_day), no_such_day, HOW_FORM,
                    0);
    } else if (f->form == FORM_DIGITS || f->form == FORM_HEX || f->form == FORM_NAME) {
        const str sample = arena_copy(m->arena, sample_text(m->arena, f));
        memset((char *)(size_t)sample.p, wrong[f->form], 1);
        refused(m, f, "not of its form", quoted(m->arena, sample), sample, HOW_FORM, 0);
    } else if (f->form == FORM_OBJECT) {
        refused(m, f, "not an object", S("[]"), S("[]"), HOW_KIND, 0);
    }
}

/* Only JSON has kinds. */
static void kinds(struct maker *m, const struct field *f)
{
    const str sample = sample_text(m->arena, f);
    const bool any = f->form == FORM_JSON || f->form == FORM_OBJECT;
    int64_t ignored;
    if (any)
        return;
    refused(m, f, "an object", S("{\"x\":[]}"), S0, HOW_KIND, 0);
    if (is_truth(f)) {
        refused(m, f, "a number", S("1"), S0, HOW_KIND, 0);
        refused(m, f, "a string", S("\"true\""), S0, HOW_KIND, TOLERATE_TEXT);
    } else if (field_is_number(f)) {
        refused(m, f, "a string", quoted(m->arena, sample), S0, HOW_KIND, TOLERATE_TEXT);
        refused(m, f, "words", S("\"words\""), S0, HOW_KIND, 0);
        refused(m, f, "true", S("true"), S0, HOW_KIND, 0);
    } else {
        refused(m, f, "true", S("true"), S0, HOW_KIND, 0);
        if (str_int64(sample, &ignored))
            refused(m, f, "a number", sample, S0, HOW_KIND, TOLERATE_NUMBER);
        else if (!f->tolerate)
            refused(m, f, "a number", S("1"), S0, HOW_KIND, 0);
    }
}

static void empties(struct maker *m, const struct field *f)
{
    const bool number = field_is_number(f) || is_truth(f);
    const bool fine = f->kind == KIND_STR && !f->words && f->min < 1 && f->form == FORM_ANY;
    if (f->form == FORM_JSON || f->form == FORM_OBJECT)
        return;
    if (f->empty_ok || (f->tolerate & TOLERATE_EMPTY)) {
        struct boundary *b = add(m, "empty", &(struct override){ f, S("\"\""), S0, false, false });
        b->how = number ? HOW_KIND : HOW_EMPTY;
        b->lenient = !f->empty_ok && !(f->required && !(f->tolerate & TOLERATE_MISSING));
        b->accepted = !f->required || (f->tolerate & TOLERATE_MISSING);
        b->strict_how = f->empty_ok ? HOW_MISSING : b->how;
        if (!b->accepted)
            b->how = HOW_MISSING;
    } else if (fine) {
        accepted(m, f, "empty", S(""), true);
    } else {
        refused(m, f, "empty", S("\"\""), S0,
                number
                        || (f->kind != KIND_STR && f->kind != KIND_ID && f->kind != KIND_INSTANT
                            && !f->words)
                    ? HOW_KIND
                    : HOW_EMPTY,
                0);
    }
}

static void words(struct maker *m, const struct field *f)
{
    for (const struct word *w = f->words; w->name; w++)
        accepted(m, f, arena_z(m->arena, arena_print(m->arena, "the word %s", w->name)),
                 str_of(w->name), !f->raw_words);
    if (f->kind == KIND_ID)
        return;
    const str no_such = f->raw_words ? S("987654") : S("no-such-word");
    refused(m, f, "no such word", f->raw_words ? no_such : quoted(m->arena, no_such), no_such,
            HOW_WORD, 0);
}

static void rows_cases(struct maker *m, const struct field *rows, bool top);

static void list_cases(struct maker *m, const struct field *f)
{
    int64_t min, max;
    field_bounds(f, &min, &max);
    if (f->as == AS_ONE) {
        refused(m, f, "not an object", S("[]"), S0, HOW_KIND, 0);
    } else if (*f->shape->fields[0].name) {
        refused(m, f, "items that are no objects", S("[1]"), S0, HOW_KIND, 0);
    } else {
        const str one = items_json(m, f, 1, NULL);
        refused(m, f, "a single value", str_cut(str_from(one, 1), one.n - 2), S0, HOW_KIND,
                TOLERATE_SINGLE);
    }
    if (f->as != AS_ONE && min > 0)
        refused(m, f, "no items", S("[]"), S0, HOW_EMPTY, 0);
    if (f->as != AS_ONE && max <= MOST_ITEMS) {
        add(m, "most items",
            &(struct override){ f, items_json(m, f, max, NULL), S0, false, false });
        refused(m, f, "an item too many", items_json(m, f, max + 1, NULL), S0, HOW_TOO_LARGE, 0);
    }
    if (*f->shape->fields[0].name)
        rows_cases(m, f->shape->fields, false);
}

static void scalar_cases(struct maker *m, const struct field *f, bool json)
{
    if (f->words)
        words(m, f);
    else if ((f->kind == KIND_INT || f->kind == KIND_INT64 || f->kind == KIND_ID) && !is_truth(f))
        integers(m, f, !json);
    else if (f->kind == KIND_STR)
        lengths(m, f);
    if (f->kind == KIND_STR || f->kind == KIND_INSTANT)
        forms(m, f);
    if (json) {
        kinds(m, f);
        empties(m, f);
    } else if ((f->kind == KIND_INT || f->kind == KIND_INT64 || f->kind == KIND_BOOL)
               && !f->words) {
        refused(m, f, "no number", S0, S("x1"), HOW_KIND, 0);
    }
}

static void rows_cases(struct maker *m, const struct field *rows, bool top)
{
    for (const struct field *f = rows; f && f->name; f++) {
        const bool json = !top || (f->from == BODY && !m->op->form_body);
        if (f->from == PATH && (f->words || f->form == FORM_DIGITS))
            continue; /* another value is another route */
        if (f->from != PATH)
            left_out(m, f);
        if (f->kind == KIND_LIST && json)
            list_cases(m, f);
        else if (f->kind == KIND_OBJECT) {
            refused(m, f, "an array", S("[]"), S0, HOW_KIND, 0);
            rows_cases(m, f->shape->fields, false);
        } else if (f->kind != KIND_LIST)
            scalar_cases(m, f, json);
    }
}

const struct boundary *boundaries_of(struct arena *arena, const struct op *op, size_t *count)
{
    struct maker m = { .arena = arena,
                       .op = op,
                       .cases = ARENA_MANY(arena, struct boundary, CASES_MAX) };
    add(&m, "plain", NULL);
    rows_cases(&m, op->in, true);
    for (size_t i = 0; i < m.count; i++)
        if (!m.cases[i].strict_how)
            m.cases[i].strict_how = m.cases[i].how;
    *count = m.count;
    return m.cases;
}
