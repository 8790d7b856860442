/* contract/route.c: from method and path to a row.
 *
 * A path without {parameters} is found by bisection. Patterns are tried in an order fixed at start:
 * by number of segments, then from the left a literal segment before a parameter that takes a few
 * words, before one that takes digits, before one that takes anything. So `files/create` is never
 * read as `files/{type}`, whatever the order of the tables. */
#include "contract/inner.h"

#include <stdlib.h>

#include "base/encode.h"

enum { SEGMENTS_MAX = 12, RESTRICTED_MAX = 64, SHAPES_DEEP_MAX = 6 };

static str without_slash(str path)
{
    return path.n > 1 && path.p[path.n - 1] == '/' ? str_cut(path, path.n - 1) : path;
}

bool segment_next(str *path, str *segment)
{
    if (!path->n)
        return false;
    const size_t end = str_find(*path, '/', 1);
    *segment = (str){ path->p + 1, end - 1 };
    *path = str_from(*path, end);
    return true;
}

static bool is_parameter(str segment)
{
    return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
}

const struct field *parameter_field(const struct op *op, str name)
{
    for (const struct field *f = op->in; f && f->name; f++)
        if (f->from == PATH && str_eq(str_of(f->name), name))
            return f;
    return NULL;
}

/* The row of a segment that is a parameter and takes only some values, else NULL. */
static const struct field *restriction(const struct route *route, str segment)
{
    const struct field *f = parameter_field(route->op, (str){ segment.p + 1, segment.n - 2 });
    return f && (f->words || f->form == FORM_DIGITS) ? f : NULL;
}

/* ---- building ---- */

/* 0 literal, 1 words, 2 digits, 3 anything */
static int looseness(const struct route *route, str segment)
{
    if (!is_parameter(segment))
        return 0;
    const struct field *limit = restriction(route, segment);
    return !limit ? 3 : limit->words ? 1 : 2;
}

static int compare_str(str a, str b)
{
    const int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return order ? order : a.n < b.n ? -1 : a.n > b.n;
}

static int compare_literals(const void *left, const void *right)
{
    const struct route *a = left, *b = right;
    const int order = compare_str(a->path, b->path);
    return order ? order : compare_str(a->method, b->method);
}

static int compare_patterns(const void *left, const void *right)
{
    const struct route *a = left, *b = right;
    str pa = a->path, pb = b->path, sa, sb;
    if (a->segments != b->segments)
        return a->segments < b->segments ? -1 : 1;
    while (segment_next(&pa, &sa) && segment_next(&pb, &sb)) {
        const int la = looseness(a, sa), lb = looseness(b, sb);
        if (la != lb)
            return la - lb;
        if (la == 0 && !str_eq(sa, sb))
            return compare_str(sa, sb);
    }
    return 0;
}

static bool words_meet(const struct word *a, const struct word *b)
{
    for (; a->name; a++)
        if (word_of_name(b, str_of(a->name)))
            return true;
    return false;
}

/* Whether one segment of each could take the same value with neither more particular. */
static bool segments_clash(const struct route *a, str sa, const struct route *b, str sb)
{
    const int la = looseness(a, sa);
    if (la != looseness(b, sb))
        return false;
    if (la == 0)
        return str_eq(sa, sb);
    return la != 1 || words_meet(restriction(a, sa)->words, restriction(b, sb)->words);
}

static bool routes_clash(const struct route *a, const struct route *b)
{
    str pa = a->path, pb = b->path, sa, sb;
    if (a->segments != b->segments || !str_eq(a->method, b->method))
        return false;
    while (segment_next(&pa, &sa) && segment_next(&pb, &sb))
        if (!segments_clash(a, sa, b, sb))
            return false;
    return true;
}

static bool path_has(const char *path, str name)
{
    str rest = str_of(path), segment;
    while (segment_next(&rest, &segment))
        if (is_parameter(segment) && str_eq((str){ segment.p + 1, segment.n - 2 }, name))
            return true;
    return false;
}

/* What a row's fields get wrong, or NULL: mistakes of ours that no request should have to find. */
static const char *fields_mistake(const struct op *op, const struct field *rows, int depth)
{
    for (const struct field *f = rows; f && f->name; f++) {
        if (f - rows == FIELDS_MAX)
            return "has a table of too many rows";
        if (f->tolerate && !f->lenient)
            return "tolerates without evidence";
        if ((f->kind == KIND_LIST || f->kind == KIND_OBJECT) && !f->shape)
            return "has a list or an object without a shape";
        if ((f->tolerate & TOLERATE_PLACE) && !f->also)
            return "tolerates another place but names none";
        if (depth == 0 && f->from == PATH && !path_has(op->path, str_of(f->name)))
            return "reads a parameter that its path does not have";
        if (!f->shape || depth == SHAPES_DEEP_MAX) /* a shape may hold its like */
            continue;
        const char *inside = fields_mistake(op, f->shape->fields, depth + 1);
        if (inside)
            return inside;
    }
    return NULL;
}

static const char *row_mistake(const struct route *route)
{
    const struct op *op = route->op;
    if (!op->method || !op->path || op->path[0] != '/')
        return "has no method, or a path that does not begin with '/'";
    if (route->parameters > CONTRACT_PARAMETERS_MAX || route->segments > SEGMENTS_MAX)
        return "has a path of too many parts";
    if (op->who != ANYONE && !route->dialect->identify)
        return "is not for anyone, but its dialect identifies nobody";
    if (!op->run && !op->unsupported)
        return "has neither a function nor a word on why it is not supported";
    const char *mistake = fields_mistake(op, op->in, 0);
    return mistake ? mistake : fields_mistake(op, op->out, 0);
}

static struct route route_of(const struct dialect *dialect, const struct op *op)
{
    struct route route = { .dialect = dialect, .op = op, .method = str_of(op->method),
                           .path = without_slash(str_of(op->path)) };
    str path = route.path, segment;
    while (segment_next(&path, &segment)) {
        route.segments++;
        route.parameters += is_parameter(segment);
    }
    return route;
}

void ops_each(const struct dialect *dialect, void (*see)(void *arg, const struct op *op), void *arg)
{
    for (const struct op *const *table = dialect->tables; *table; table++)
        for (const struct op *op = *table; op->name; op++)
            see(arg, op);
}

static void count_op(void *arg, const struct op *op)
{
    (void)op;
    ++*(size_t *)arg;
}

struct gathering {
    const struct dialect *dialect;
    struct route         *literals, *patterns;
    size_t                literal_count, pattern_count;
    struct arena         *arena;
    str                   error;
};

static const struct route *claimed_by(const struct route *routes, size_t count,
                                      const struct route *route)
{
    for (size_t i = 0; i < count; i++)
        if (routes_clash(&routes[i], route))
            return &routes[i];
    return NULL;
}

static void gather(void *arg, const struct op *op)
{
    struct gathering *g = arg;
    struct route      route = route_of(g->dialect, op);
    const char       *mistake = row_mistake(&route);
    if (mistake && !g->error.n)
        g->error = arena_print(g->arena, "%s %s %s", g->dialect->name, op->name, mistake);
    const struct route *other = route.parameters
                                    ? claimed_by(g->patterns, g->pattern_count, &route)
                                    : claimed_by(g->literals, g->literal_count, &route);
    if (other && !g->error.n)
        g->error = arena_print(g->arena, "%s %s and %s %s both claim %s %s", other->dialect->name,
                               other->op->name, g->dialect->name, op->name, op->method, op->path);
    if (route.parameters)
        g->patterns[g->pattern_count++] = route;
    else
        g->literals[g->literal_count++] = route;
}

bool routes_read(struct routes *routes, const struct dialect *const *dialects, struct arena *arena,
                 str *error)
{
    size_t total = 0;
    for (const struct dialect *const *d = dialects; *d; d++)
        ops_each(*d, count_op, &total);
    struct gathering g = { .arena = arena, .literals = ARENA_MANY(arena, struct route, total),
                           .patterns = ARENA_MANY(arena, struct route, total) };
    for (const struct dialect *const *d = dialects; *d; d++) {
        g.dialect = *d;
        ops_each(*d, gather, &g);
    }
    qsort(g.literals, g.literal_count, sizeof *g.literals, compare_literals);
    qsort(g.patterns, g.pattern_count, sizeof *g.patterns, compare_patterns);
    *routes = (struct routes){ g.literals, g.patterns, g.literal_count, g.pattern_count };
    *error = g.error;
    return !g.error.n;
}

/* ---- finding ---- */

static int hex_value(char c)
{
    return c >= '0' && c <= '9'                 ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                : -1;
}

static bool escapes_whole(str segment)
{
    for (size_t i = 0; i < segment.n; i++)
        if (segment.p[i] == '%'
            && (i + 2 >= segment.n || hex_value(segment.p[i + 1]) < 0
                || hex_value(segment.p[i + 2]) < 0))
            return false;
    return true;
}

/* A restricted value is short; one that does not fit here fits no restriction. */
static bool restriction_fits(const struct field *limit, str segment)
{
    char   out[RESTRICTED_MAX];
    size_t n = 0;
    for (size_t i = 0; i < segment.n; i++, n++) {
        if (n == sizeof out)
            return false;
        out[n] = segment.p[i];
        if (segment.p[i] == '%') {
            out[n] = (char)(hex_value(segment.p[i + 1]) << 4 | hex_value(segment.p[i + 2]));
            i += 2;
        }
    }
    const str value = { out, n };
    return (limit->words && word_of_name(limit->words, value))
           || (limit->form == FORM_DIGITS && form_fits(FORM_DIGITS, value));
}

static bool segment_fits(const struct route *route, str pattern, str segment)
{
    if (!is_parameter(pattern))
        return str_eq(pattern, segment);
    if (!segment.n || !escapes_whole(segment))
        return false;
    const struct field *limit = restriction(route, pattern);
    return !limit || restriction_fits(limit, segment);
}

static bool pattern_fits(const struct route *route, str method, str path)
{
    str pattern = route->path, want, got;
    const size_t fixed = str_find(pattern, '{', 0);
    if (path.n < fixed || memcmp(path.p, pattern.p, fixed) != 0 || !str_eq(method, route->method))
        return false;
    while (segment_next(&pattern, &want))
        if (!segment_next(&path, &got) || !segment_fits(route, want, got))
            return false;
    return path.n == 0;
}

static const struct route *find(const struct routes *routes, str method, str path)
{
    const struct route key = { .method = method, .path = path };
    const struct route *literal = bsearch(&key, routes->literals, routes->literal_count,
                                          sizeof *routes->literals, compare_literals);
    if (literal)
        return literal;
    for (size_t i = 0; i < routes->pattern_count; i++)
        if (pattern_fits(&routes->patterns[i], method, path))
            return &routes->patterns[i];
    return NULL;
}

const struct route *route_find(const struct routes *routes, str method, str path)
{
    if (!path.n || path.p[0] != '/')
        return NULL;
    path = without_slash(path);
    const struct route *route = find(routes, method, path);
    if (!route && str_eq(method, S("HEAD")))
        route = find(routes, S("GET"), path);
    return route;
}

void route_values(const struct route *route, str path, struct arena *arena,
                  str values[CONTRACT_PARAMETERS_MAX])
{
    str    pattern = route->path, want, got;
    size_t n = 0;
    path = without_slash(path);
    while (segment_next(&pattern, &want) && segment_next(&path, &got))
        if (is_parameter(want) && n < CONTRACT_PARAMETERS_MAX)
            values[n++] = percent_read(arena, got, false);
}

const struct dialect *dialect_of(const struct dialect *const *dialects, str path)
{
    for (; *dialects; dialects++)
        for (const char *const *prefix = (*dialects)->prefixes; prefix && *prefix; prefix++) {
            const str head = str_of(*prefix);
            if (str_starts(path, head)
                && (path.n == head.n || (head.n && head.p[head.n - 1] == '/')
                    || path.p[head.n] == '/'))
                return *dialects;
        }
    return NULL;
}
