#include "drive/choice.h"

#include <stdlib.h>

#include "base/encode.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "drive/site.h"
#include "drive/unpacker.h"

struct chosen {
    str  path;
    bool is_seen;
};

struct choice {
    char          *text;  /* what the paths are slices of */
    struct chosen *paths; /* sorted, each once */
    size_t         count;
    bool           has_password;
};

enum fault choice_write(struct cx *cx, const struct list *paths, str password, str *out)
{
    const str sealed = password.n ? hex_lower(cx->arena, seal(cx->arena, cx->site->seal_key, password)) : S("");
    AUTO(text_done) struct text text = { 0 };
    int levels;
    text_add(&text, sealed);
    for (size_t i = 0; i < paths->count; i++) {
        const str sent = ((const str *)paths->items)[i];
        str       path = S0;
        if (unpack_path(cx, sent, &path, &levels) != OK || !path.n)
            return fail(cx, FAULT_INVALID, .field = "paths", .how = HOW_FORM, .got = sent);
        text_char(&text, '\n');
        text_add(&text, path);
    }
    *out = arena_copy(cx->arena, text_str(&text));
    return OK;
}

static int by_path(const void *a, const void *b)
{
    const str    x = ((const struct chosen *)a)->path, y = ((const struct chosen *)b)->path;
    const size_t n = x.n < y.n ? x.n : y.n;
    const int    order = n ? memcmp(x.p, y.p, n) : 0;
    return order ? order : (x.n > y.n) - (x.n < y.n);
}

/* Sorted, and without repetitions. */
static void settle(struct choice *c)
{
    size_t kept = 0;
    if (c->count)
        qsort(c->paths, c->count, sizeof *c->paths, by_path);
    for (size_t i = 0; i < c->count; i++)
        if (!i || by_path(&c->paths[i], &c->paths[kept - 1]) != 0)
            c->paths[kept++] = c->paths[i];
    c->count = kept;
}

enum fault choice_open(struct cx *cx, str text, struct choice **out, str *password)
{
    const size_t   head = str_find(text, '\n', 0);
    struct choice *c = calloc(1, sizeof *c);
    size_t         lines = 0;
    *password = S0;
    *out = c;
    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    if (!c || !(c->text = malloc(text.n + 1)) || !(c->paths = calloc(lines + 1, sizeof *c->paths)))
        log_die("out of memory");
    if (text.n)
        memcpy(c->text, text.p, text.n);
    for (size_t at = head + 1; at <= text.n && c->count < lines;) {
        const size_t end = str_find((str){ c->text, text.n }, '\n', at);
        c->paths[c->count++].path = (str){ c->text + at, end - at };
        at = end + 1;
    }
    settle(c);
    if (head)
        *password = unseal(cx->arena, cx->site->seal_key, hex_read(cx->arena, str_cut(text, head)));
    if (head && !password->p)
        return fail(cx, FAULT_INTERNAL, .because = "a password was kept under another key");
    c->has_password = head > 0;
    return OK;
}

void choice_free(struct choice **choice)
{
    struct choice *c = *choice;
    if (!c)
        return;
    free(c->text);
    free(c->paths);
    free(c);
    *choice = NULL;
}

static bool find(struct choice *c, str path)
{
    const struct chosen wanted = { .path = path };
    struct chosen *found = bsearch(&wanted, c->paths, c->count, sizeof *c->paths, by_path);
    if (found)
        found->is_seen = true;
    return found != NULL;
}

bool choice_takes(struct choice *c, str path)
{
    if (!c->count)
        return true;
    bool any = find(c, path);
    for (size_t at = str_find(path, '/', 0); at < path.n; at = str_find(path, '/', at + 1))
        any |= find(c, str_cut(path, at));
    return any;
}

bool choice_is_met(const struct choice *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (!c->paths[i].is_seen)
            return false;
    return true;
}

bool choice_has_password(const struct choice *c)
{
    return c->has_password;
}
