/* contract/document.c: JSON that people read: one value a line, two blanks a level. */
#include "contract/inner.h"

static void line(struct document *d)
{
    text_char(d->out, '\n');
    for (int i = 0; i < d->depth; i++)
        text_add(d->out, S("  "));
}

/* Before a value or a key: a value after its key stays on the key's line. */
static void next_value(struct document *d)
{
    const str  so_far = text_str(d->out);
    const char last = so_far.n ? so_far.p[so_far.n - 1] : '\0';
    if (last == '\0' || last == ' ')
        return;
    if (last != '{' && last != '[')
        text_char(d->out, ',');
    line(d);
}

void document_open(struct document *d, char bracket)
{
    next_value(d);
    text_char(d->out, bracket);
    d->depth++;
}

void document_close(struct document *d, char bracket)
{
    const char last = d->out->p[d->out->n - 1];
    d->depth--;
    if (last != '{' && last != '[')
        line(d);
    text_char(d->out, bracket);
}

void document_key(struct document *d, const char *key)
{
    next_value(d);
    text_json(d->out, str_of(key));
    text_add(d->out, S(": "));
}

void document_text(struct document *d, str value)
{
    next_value(d);
    text_json(d->out, value);
}

void document_int(struct document *d, int64_t value)
{
    next_value(d);
    text_int(d->out, value);
}

void document_raw(struct document *d, const char *word)
{
    next_value(d);
    text_add(d->out, str_of(word));
}

void document_pair(struct document *d, const char *key, const char *value)
{
    if (!value)
        return;
    document_key(d, key);
    document_text(d, str_of(value));
}

void document_pair_int(struct document *d, const char *key, int64_t value)
{
    document_key(d, key);
    document_int(d, value);
}
