/* A reader by recursive descent, one token ahead. `at` is the token in hand; its text and place are kept,
 * so that a complaint names the character at which the query stops making sense. */
#include "dialect/pds/query.h"

#include "base/clock.h"
#include "base/names.h"
#include "contract/contract.h"

enum token { END, WORD, NUMBER, TEXT, SIGN };

struct reader {
    struct cx                *cx;
    const struct query_field *fields;
    str                       all, rest; /* the query, and what follows the token */
    enum token                token;
    str                       text;  /* the token; of a TEXT what stands between its quotes, unescaped */
    size_t                    at;    /* where the token begins: byte of `all` */
    int                       depth;
};

/* ---- complaints ---- */

static enum fault wrong_at(struct reader *r, size_t at, const char *what)
{
    const size_t character = utf8_count(str_cut(r->all, at)) + 1;
    return fail(r->cx, FAULT_INVALID, .field = "query", .how = HOW_FORM,
                .because = arena_print(r->cx->arena, "at character %zu: %s", character, what).p);
}

static enum fault wrong(struct reader *r, const char *what)
{
    return wrong_at(r, r->at, what);
}

/* ---- tokens ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t word_length(str s)
{
    size_t n = 0;
    while (n < s.n && (is_letter(s.p[n]) || is_digit(s.p[n])))
        n++;
    return n;
}

/* Digits with a sign and a fraction; whether the field takes a fraction is not said here. */
static size_t number_length(str s)
{
    size_t n = s.p[0] == '-';
    while (n < s.n && (is_digit(s.p[n]) || s.p[n] == '.'))
        n++;
    return n;
}

static size_t sign_length(str s)
{
    return s.n > 1 && (s.p[0] == '<' || s.p[0] == '>') && s.p[1] == '=' ? 2 : 1;
}

/* The text between quotes, with `\` taken off in front of a quote or another `\`. */
static enum fault read_quoted(struct reader *r)
{
    const char quote = r->rest.p[0];
    char      *out = arena_make(r->cx->arena, r->rest.n);
    size_t     n = 0, i = 1;
    for (; i < r->rest.n && r->rest.p[i] != quote; i++) {
        const char after = i + 1 < r->rest.n ? r->rest.p[i + 1] : '\0';
        if (r->rest.p[i] == '\\' && (after == '"' || after == '\'' || after == '\\'))
            i++;
        out[n++] = r->rest.p[i];
    }
    if (i >= r->rest.n)
        return wrong(r, "this quote has no end");
    r->token = TEXT;
    r->text = (str){ out, n };
    r->rest = str_from(r->rest, i + 1);
    return OK;
}

static enum fault advance(struct reader *r)
{
    while (r->rest.n && is_blank(r->rest.p[0]))
        r->rest = str_from(r->rest, 1);
    r->at = r->all.n - r->rest.n;
    if (!r->rest.n) {
        r->token = END;
        r->text = S("");
        return OK;
    }
    const char c = r->rest.p[0];
    if (c == '"' || c == '\'')
        return read_quoted(r);
    const bool   is_number = is_digit(c) || (c == '-' && r->rest.n > 1 && is_digit(r->rest.p[1]));
    const size_t n = is_letter(c) ? word_length(r->rest) : is_number ? number_length(r->rest) : sign_length(r->rest);
    r->token = is_letter(c) ? WORD : is_number ? NUMBER : SIGN;
    r->text = str_cut(r->rest, n);
    r->rest = str_from(r->rest, n);
    return OK;
}

static bool stands(const struct reader *r, enum token token, str text)
{
    return r->token == token && str_eq(r->text, text);
}

/* ---- terms ---- */

static enum fault find_field(struct reader *r, const struct query_field **out)
{
    if (r->token != WORD)
        return wrong(r, r->token == END ? "a field is asked for, and the query ends" : "a field is asked for");
    for (const struct query_field *f = r->fields; f->name; f++)
        if (str_eq(r->text, str_of(f->name))) {
            *out = f;
            return f->lenient && !f->lenient_compares ? contract_tolerate(r->cx, "query", f->lenient) : OK;
        }
    return wrong(r, arena_print(r->cx->arena, "there is no field %.*s", (int)(r->text.n < 64 ? r->text.n : 64),
                                r->text.p).p);
}

static const struct {
    const char  *text;
    enum token   token;
    enum compare compare;
} operators[] = {
    { "=", SIGN, COMPARE_EQ },          { "<", SIGN, COMPARE_LT },       { ">", SIGN, COMPARE_GT },
    { "<=", SIGN, COMPARE_LE },         { ">=", SIGN, COMPARE_GE },      { "prefix", WORD, COMPARE_PREFIX },
    { "match", WORD, COMPARE_MATCH },   { "in", WORD, COMPARE_IN },
};

static unsigned compares_of(const struct query_field *field)
{
    if (field->compares)
        return field->compares;
    switch (field->type) {
    case QUERY_LONG:
    case QUERY_DATE:  return QUERY_ORDER;
    case QUERY_TEXT:  return field->words ? QUERY_EQ : QUERY_EQ | QUERY_PREFIX;
    case QUERY_BOOL:  return QUERY_EQ;
    case QUERY_ARRAY: return QUERY_IN;
    }
    return 0;
}

/* "= < >": what the field can be compared by. */
static const char *compares_sentence(struct arena *arena, const struct query_field *field)
{
    str list = S("");
    for (size_t i = 0; i < COUNT(operators); i++)
        if (compares_of(field) & 1u << operators[i].compare)
            list = arena_print(arena, "%.*s %s", STR_ARG(list), operators[i].text);
    return arena_print(arena, "%s can be compared by%.*s", field->name, STR_ARG(list)).p;
}

static enum fault read_operator(struct reader *r, const struct query_field *field, enum compare *out)
{
    for (size_t i = 0; i < COUNT(operators); i++)
        if (stands(r, operators[i].token, str_of(operators[i].text)) && compares_of(field) & 1u << operators[i].compare) {
            const enum compare compare = operators[i].compare;
            *out = compare == COMPARE_EQ && field->equal_is ? field->equal_is : compare;
            return field->lenient_compares & 1u << compare ? contract_tolerate(r->cx, "query", field->lenient) : OK;
        }
    return wrong(r, compares_sentence(r->cx->arena, field));
}

static enum fault read_word_value(struct reader *r, const struct query_field *field, struct condition *term)
{
    str list = S("");
    for (const struct word *w = field->words; w->name; w++) {
        if (str_eq(r->text, str_of(w->name))) {
            term->number = w->value;
            return OK;
        }
        list = arena_print(r->cx->arena, "%.*s%s%s", STR_ARG(list), list.n ? ", " : "", w->name);
    }
    return wrong(r, arena_print(r->cx->arena, "%s is one of %.*s", field->name, STR_ARG(list)).p);
}

static enum fault read_date(struct reader *r, struct condition *term)
{
    instant   when;
    const str zoned = arena_print(r->cx->arena, "%.*sZ", STR_ARG(r->text));
    if (!instant_read(zoned, INSTANT_S, &when))
        return wrong(r, "a date is \"2006-01-02T15:04:05\", in UTC");
    term->number = when.ms;
    term->is_second = true;
    return OK;
}

static enum fault read_text_list(struct reader *r, struct condition *term)
{
    str   *items = ARENA_MANY(r->cx->arena, str, r->rest.n / 2 + 1); /* a text has two quotes at least */
    size_t n = 0;
    TRY(advance(r));
    for (;;) {
        if (r->token != TEXT)
            return wrong(r, "a text in quotes is asked for");
        items[n++] = r->text;
        TRY(advance(r));
        if (stands(r, SIGN, S("]")))
            break;
        if (!stands(r, SIGN, S(",")))
            return wrong(r, "a comma or ] is asked for");
        TRY(advance(r));
    }
    term->texts = (struct list){ items, n };
    return OK;
}

static enum fault read_array(struct reader *r, struct condition *term)
{
    if (stands(r, SIGN, S("[")))
        return read_text_list(r, term);
    if (r->token != TEXT)
        return wrong(r, "a text in quotes, or several in brackets, is asked for");
    str *item = ARENA_NEW(r->cx->arena, str);
    *item = r->text;
    term->texts = (struct list){ item, 1 };
    return OK;
}

static enum fault read_value(struct reader *r, const struct query_field *field, struct condition *term)
{
    switch (field->type) {
    case QUERY_LONG:
        if (r->token == NUMBER && str_int64(r->text, &term->number))
            return OK;
        return wrong(r, "a whole number of 64 bits is asked for");
    case QUERY_BOOL:
        term->number = stands(r, WORD, S("true"));
        return term->number || stands(r, WORD, S("false")) ? OK : wrong(r, "true or false is asked for");
    case QUERY_TEXT:
        if (r->token != TEXT)
            return wrong(r, "a text in quotes is asked for");
        term->text = r->text;
        return field->words ? read_word_value(r, field, term) : OK;
    case QUERY_DATE:
        return r->token == TEXT ? read_date(r, term) : wrong(r, "a date in quotes is asked for");
    case QUERY_ARRAY:
        return read_array(r, term);
    }
    return wrong(r, "a value is asked for");
}

static enum fault read_term(struct reader *r, struct condition *term)
{
    const struct query_field *field = NULL;
    TRY(find_field(r, &field));
    TRY(advance(r));
    term->kind = CONDITION_TERM;
    term->field = field->field;
    TRY(read_operator(r, field, &term->compare));
    TRY(advance(r));
    TRY(read_value(r, field, term));
    return advance(r);
}

/* ---- expressions ---- */

static enum fault read_or(struct reader *r, const struct condition **out);

static enum fault deeper(struct reader *r)
{
    if (++r->depth <= QUERY_DEPTH_MAX)
        return OK;
    return wrong(r, arena_print(r->cx->arena, "more than %d levels", QUERY_DEPTH_MAX).p);
}

static enum fault read_inside(struct reader *r, const struct condition **out)
{
    const size_t open = r->at;
    TRY(deeper(r));
    TRY(advance(r));
    TRY(read_or(r, out));
    if (!stands(r, SIGN, S(")")))
        return r->token == END ? wrong_at(r, open, "this parenthesis has no end") : wrong(r, "and, or or ) is asked for");
    r->depth--;
    return advance(r);
}

static enum fault read_one(struct reader *r, const struct condition **out)
{
    if (stands(r, SIGN, S("(")))
        return read_inside(r, out);
    struct condition *made = ARENA_NEW(r->cx->arena, struct condition);
    *out = made;
    if (!stands(r, WORD, S("not")))
        return read_term(r, made);
    made->kind = CONDITION_NOT;
    TRY(deeper(r));
    TRY(advance(r));
    TRY(read_one(r, &made->first));
    r->depth--;
    return OK;
}

/* One or more with the same word between them. A group in parentheses that is one of several is copied:
 * `next` belongs to this list. */
static enum fault read_several(struct reader *r, enum condition_kind kind, str between,
                               enum fault (*read)(struct reader *r, const struct condition **out),
                               const struct condition **out)
{
    struct condition *all = ARENA_NEW(r->cx->arena, struct condition), *last = NULL;
    all->kind = kind;
    for (;;) {
        struct condition       *copy = ARENA_NEW(r->cx->arena, struct condition);
        const struct condition *one;
        TRY(read(r, &one));
        *copy = *one;
        *(last ? &last->next : &all->first) = copy;
        last = copy;
        if (!stands(r, WORD, between))
            break;
        TRY(advance(r));
    }
    *out = all->first == last ? last : all;
    return OK;
}

static enum fault read_and(struct reader *r, const struct condition **out)
{
    return read_several(r, CONDITION_AND, S("and"), read_one, out);
}

static enum fault read_or(struct reader *r, const struct condition **out)
{
    return read_several(r, CONDITION_OR, S("or"), read_and, out);
}

enum fault query_read(struct cx *cx, const struct query_field *fields, str query, const struct condition **out)
{
    struct reader r = { .cx = cx, .fields = fields, .all = query, .rest = query };
    *out = NULL;
    TRY(advance(&r));
    if (r.token == END)
        return OK;
    TRY(read_or(&r, out));
    return r.token == END ? OK : wrong(&r, "and, or, or the end is asked for");
}
