/* contract/reference.c: the rows as a page for people, one table an operation. */
#include "contract/inner.h"

/* A cell's own bars and line ends would end the cell. */
static void cell(struct text *out, str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '|')
            text_char(out, '\\');
        text_char(out, s.p[i] == '\n' ? ' ' : s.p[i]);
    }
}

static const char *kind_name(const struct field *f)
{
    switch (f->kind) {
    case KIND_BOOL:    return "boolean";
    case KIND_INT:     return f->form == FORM_BOOL ? "boolean" : field_is_number(f) ? "integer" : "string";
    case KIND_INT64:   return field_is_number(f) ? "integer, 64 bits" : "string";
    case KIND_STR:     return f->as == AS_JSON || f->form == FORM_JSON ? "any"
                              : f->form == FORM_OBJECT                 ? "object"
                                                                       : "string";
    case KIND_ID:      return field_is_number(f) ? "id, a number" : "id";
    case KIND_INSTANT: return f->as == AS_EPOCH_MS ? "time, milliseconds" : "time";
    case KIND_LIST:    return f->as == AS_ONE || f->as == AS_MAP ? "object" : "list";
    case KIND_OBJECT:  return "object";
    }
    return "";
}

static void write_bounds(struct text *out, const struct field *f)
{
    int64_t min, max;
    if (!f->min && !f->max)
        return;
    field_bounds(f, &min, &max);
    text_add(out, S(" "));
    if (min != INT64_MIN)
        text_print(out, "%lld", (long long)min);
    text_add(out, S(".."));
    if (max != INT64_MAX)
        text_print(out, "%lld", (long long)max);
    if (f->kind == KIND_STR)
        text_add(out, f->bytes ? S(" bytes") : S(" characters"));
    else if (f->kind == KIND_LIST)
        text_add(out, S(" items"));
    text_char(out, ';');
}

static void write_says(struct text *out, const struct field *f)
{
    const char *name;
    write_bounds(out, f);
    for (const struct word *w = f->words; w && w->name; w++)
        text_print(out, "%s`%s`%s", w == f->words ? " " : ", ", w->name, w[1].name ? "" : ";");
    if (field_has_default(f) && f->words)
        text_print(out, " default `%s`;", word_of_value(f->words, f->absent)->name);
    else if (field_has_default(f) && f->kind != KIND_BOOL)
        text_print(out, " default %lld;", (long long)f->absent);
    if (f->form != FORM_ANY && f->form != FORM_BOOL)
        text_print(out, " %s;", form_sentence(f->form));
    if (f->doc) {
        text_char(out, ' ');
        cell(out, str_of(f->doc));
        text_char(out, ';');
    }
    for (size_t n = 0; (name = tolerance_name(f, n)); n++)
        text_print(out, "%s%s", n ? ", " : " *lenient:* ", name);
    if (f->tolerate) {
        text_add(out, S(" ("));
        cell(out, str_of(f->lenient));
        text_add(out, S(");"));
    }
    if (out->p[out->n - 1] == ';')
        out->n--;
}

static void write_rows(struct text *out, const struct field *rows, bool asked, int depth)
{
    static const char *const places[] = { [BODY] = "body", [QUERY] = "query", [PATH] = "path",
                                          [HEADER] = "header" };
    for (const struct field *f = rows; f && f->name; f++) {
        text_add(out, S("| "));
        for (int i = 0; i < depth; i++)
            text_add(out, S("&nbsp;&nbsp;"));
        text_print(out, "`%s` | ", *f->name ? f->name : "(item)");
        text_print(out, "%s | %s | ", places[f->from], kind_name(f));
        text_add(out, asked ? (f->required ? S("yes") : S(""))
                            : (f->omit ? S("sometimes") : S("always")));
        text_add(out, S(" |"));
        write_says(out, f);
        text_add(out, S(" |\n"));
        if (f->shape && depth < 6) /* a folder may hold folders */
            write_rows(out, f->shape->fields, asked, depth + 1);
    }
}

static void write_table(struct text *out, const struct field *rows, bool asked)
{
    if (!rows || !rows->name)
        return;
    text_print(out, "%s\n\n| field | in | kind | %s | says |\n|---|---|---|---|---|\n",
               asked ? "Asked:" : "Answered:", asked ? "required" : "sent");
    write_rows(out, rows, asked, 0);
    text_char(out, '\n');
}

struct reference {
    struct text          *out;
    const struct dialect *dialect;
};

static void write_op(void *arg, const struct op *op)
{
    static const char *const who[] = { [ANYONE] = "anyone", [USER] = "every user",
                                       [ADMIN] = "administrators", [VISITOR] = "anyone" };
    struct text *out = ((struct reference *)arg)->out;
    text_print(out, "## %s\n\n`%s %s`", op->name, op->method, op->path);
    if (op->run) {
        text_print(out, " answers %d", op->status ? op->status : 200);
        if (op->status_also)
            text_print(out, " or %d", op->status_also);
    }
    text_print(out, "; for %s. Source: %s.\n\n", who[op->who], op->source);
    if (op->unsupported)
        text_print(out, "Not implemented here: %s.\n\n", op->unsupported);
    if (op->lenient)
        text_print(out, "Beyond the vendor's page, refused under `--strict`: %s.\n\n", op->lenient);
    write_table(out, op->in, true);
    write_table(out, op->out, false);
}

void contract_reference(const struct dialect *dialect, struct text *out)
{
    struct reference reference = { out, dialect };
    text_print(out, "# %s, %s\n\n", dialect->title, dialect->version);
    text_add(
        out,
        S("Made from the rows that route, check and print; `lenient` is what is accepted beyond\n"
          "the vendor's page, told in the answer's `x-polydrive-lenient`, refused under "
          "`--strict`.\n\n"));
    if (dialect->envelope) {
        text_add(out, S("Every successful answer also carries:\n\n"));
        write_table(out, dialect->envelope, false);
    }
    ops_each(dialect, write_op, &reference);
    if (dialect->error_shape) {
        text_add(out, S("## Errors\n\n"));
        write_table(out, dialect->error_shape->fields, false);
    }
}
