#include "admin/print.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/names.h"

enum { COLUMNS_MAX = 16 };

static const char *word_for(const struct word *words, int64_t value)
{
    for (; words && words->name; words++)
        if (words->value == value)
            return words->name;
    return NULL;
}

/* What comes from users may hold anything that a terminal obeys. */
static str harmless(struct arena *arena, str text)
{
    char  *out = arena_make(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        out[n++] = (unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7F ? '?' : text.p[i];
    return (str){ out, n };
}

static str integer_text(struct arena *arena, const struct field *row, int64_t value)
{
    const char *word = word_for(row->words, value);
    if (word)
        return str_of(word);
    return row->omit && value == row->absent ? S0 : arena_print(arena, "%lld", (long long)value);
}

/* A member as people read it; S0 for none. */
static str member_text(struct arena *arena, const struct field *row, const void *value)
{
    const char *at = (const char *)value + row->at;
    char        when[INSTANT_TEXT];

    switch (row->kind) {
    case KIND_BOOL:    return *(const bool *)at ? S("yes") : S("no");
    case KIND_INT:     return integer_text(arena, row, *(const int *)(const void *)at);
    case KIND_INT64:   return integer_text(arena, row, *(const int64_t *)(const void *)at);
    case KIND_STR:     return harmless(arena, *(const str *)(const void *)at);
    case KIND_ID:
        return ((const id *)(const void *)at)->v
            ? arena_print(arena, "%lld", (long long)((const id *)(const void *)at)->v) : S0;
    case KIND_INSTANT:
        return ((const instant *)(const void *)at)->ms
            ? arena_copy(arena, instant_print(*(const instant *)(const void *)at, INSTANT_S, when)) : S0;
    case KIND_LIST: case KIND_OBJECT: break;
    }
    return S0;
}

static void put_json(const struct field *rows, const void *value)
{
    AUTO(text_done) struct text text = { 0 };
    contract_write(rows, value, NULL, NULL, &text);
    fwrite(text.p, 1, text.n, stdout);
}

void print_one(const struct run *run, const struct field *rows, const void *value)
{
    if (run->options.json) {
        put_json(rows, value);
        putchar('\n');
        return;
    }
    for (; rows->name; rows++) {
        const str text = member_text(run->arena, rows, value);
        if (text.n)
            printf("%s: %.*s\n", rows->name, STR_ARG(text));
    }
}

static void put_padded(str text, size_t width, bool last)
{
    fwrite(text.p, 1, text.n, stdout);
    for (size_t n = utf8_valid(text) ? utf8_count(text) : text.n; !last && n < width + 2; n++)
        putchar(' ');
}

static void print_table(const struct run *run, const struct field *rows, const struct list *list, size_t size)
{
    size_t columns = 0, width[COLUMNS_MAX];
    for (; rows[columns].name && columns < COLUMNS_MAX; columns++)
        width[columns] = strlen(rows[columns].name);
    str *cells = ARENA_MANY(run->arena, str, (list->count + 1) * COLUMNS_MAX);
    for (size_t i = 0; i < list->count; i++) {
        for (size_t c = 0; c < columns; c++) {
            const str    cell = member_text(run->arena, &rows[c], (const char *)list->items + i * size);
            const size_t n = utf8_valid(cell) ? utf8_count(cell) : cell.n;
            cells[i * COLUMNS_MAX + c] = cell.n ? cell : S("-");
            width[c] = n > width[c] ? n : width[c];
        }
    }
    for (size_t c = 0; c < columns; c++)
        put_padded(str_of(rows[c].name), width[c], c + 1 == columns);
    putchar('\n');
    for (size_t i = 0; i < list->count; i++) {
        for (size_t c = 0; c < columns; c++)
            put_padded(cells[i * COLUMNS_MAX + c], width[c], c + 1 == columns);
        putchar('\n');
    }
}

void print_list(const struct run *run, const struct field *rows, const struct list *list, size_t item_size)
{
    if (!run->options.json) {
        print_table(run, rows, list, item_size);
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        fputs(i ? ",\n " : "[", stdout);
        put_json(rows, (const char *)list->items + i * item_size);
    }
    fputs(list->count ? "]\n" : "[]\n", stdout);
}

void print_done(const struct run *run, const char *format, ...)
{
    va_list args;
    if (run->options.json) {
        puts("{}");
        return;
    }
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

int print_end(const struct run *run)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_DONE;
    return command_fails(run, EXIT_FAILED, "cannot write the answer: %s", strerror(errno));
}
