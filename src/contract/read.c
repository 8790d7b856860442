/* contract/read.c: fills an operation's struct from path, query, headers and body; the last to see
 * raw input.
 *
 * A query, form or header value that comes twice is refused: which of the two would count is what
 * two parsers on the way disagree about. */
#include "contract/inner.h"

#include "base/encode.h"

enum { PAIRS_MAX = 1000 };

/* name=value pairs of a query or a form, decoded. */
struct pair {
    str  name, value;
    bool broken;
};
struct pairs {
    struct pair *items;
    size_t       count;
};

struct request {
    struct call       *call;
    const struct json *body; /* NULL: no body, {} */
    struct pairs       query, form;
};

/* ---- walking rows ---- */

static void field_absent(const struct field *field, void *in)
{
    void *to = (char *)in + field->at;
    switch (field->kind) {
    case KIND_BOOL:    *(bool *)to = field->absent != 0; break;
    case KIND_INT:     *(int *)to = (int)field->absent; break;
    case KIND_INT64:   *(int64_t *)to = field->absent; break;
    case KIND_STR:     *(str *)to = S0; break;
    case KIND_ID:      *(id *)to = (id){ field->absent }; break;
    case KIND_INSTANT: *(instant *)to = (instant){ field->absent }; break;
    case KIND_LIST:    *(struct list *)to = (struct list){ 0 }; break;
    case KIND_OBJECT:
        for (const struct field *f = field->shape->fields; f->name; f++)
            field_absent(f, to);
        break;
    }
}

/* null is as good as nothing everywhere; nothing after "name=" too, as a real client sends it. */
static bool is_given(struct cx *cx, const struct field *field, struct given given)
{
    if (!given.here)
        return false;
    if (given.broken)
        return true;
    if (!given.json)
        return given.text.n > 0;
    if (given.json->kind == JSON_NULL)
        return false;
    const bool empty = given.json->kind == JSON_STRING && !given.json->text.n;
    return !(empty && (field->empty_ok || tolerated(cx, field, TOLERATE_EMPTY)));
}

static enum fault given_read(const struct finder *finder, const struct field *field,
                             struct given given, void *in)
{
    if (given.broken)
        return field_wrong(finder->cx, field, HOW_FORM, given.text,
                           "a percent sign needs two hex digits");
    if (field->kind == KIND_LIST && !given.json) {
        struct given *all = NULL;
        const size_t  n = finder->all(finder, field, &all);
        return list_read(finder->cx, field, n ? all : &given, n ? n : 1, in);
    }
    if (given.times > 1)
        return field_wrong(finder->cx, field, HOW_FORM, given.text, "given more than once");
    return value_read(finder->cx, field, given, in);
}

/* What is required is looked for in all rows before any value is judged. */
enum fault rows_read(const struct finder *finder, const struct field *rows, void *in)
{
    struct given given[FIELDS_MAX];
    size_t       n = 0;
    for (const struct field *f = rows; f->name; f++, n++) {
        field_absent(f, in);
        given[n] = finder->find(finder, f);
        given[n].here = is_given(finder->cx, f, given[n]);
        if (!given[n].here && f->required && !tolerated(finder->cx, f, TOLERATE_MISSING))
            return field_wrong(finder->cx, f, HOW_MISSING, S0, NULL);
    }
    for (size_t i = 0; i < n; i++)
        if (given[i].here)
            TRY(given_read(finder, &rows[i], given[i], in));
    return OK;
}

static struct given find_member(const struct finder *finder, const struct field *field)
{
    const struct json *value = json_member(finder->from, str_of(field->name));
    return (struct given){ .json = value, .here = value != NULL };
}

enum fault shape_read(struct cx *cx, const struct field *rows, const struct json *object, void *in)
{
    const struct finder finder = { .find = find_member, .cx = cx, .from = object };
    return rows_read(&finder, rows, in);
}

/* ---- queries and forms ---- */

static struct pair pair_read(struct arena *arena, str text)
{
    const size_t equals = str_find(text, '=', 0);
    struct pair  pair = { .name = percent_read(arena, str_cut(text, equals), true),
                          .value = percent_read(arena, str_from(text, equals + 1), true) };
    if (!pair.value.p) {
        pair.broken = true;
        pair.value = str_from(text, equals + 1);
    }
    return pair;
}

/* false: more pairs than any operation could mean. */
static bool pairs_read(struct arena *arena, str text, struct pairs *out)
{
    size_t most = 1;
    for (size_t i = 0; i < text.n; i++)
        most += text.p[i] == '&';
    if (most > PAIRS_MAX)
        return false;
    out->items = ARENA_MANY(arena, struct pair, most);
    while (text.n) {
        const size_t end = str_find(text, '&', 0);
        if (end)
            out->items[out->count++] = pair_read(arena, str_cut(text, end));
        text = str_from(text, end + 1);
    }
    return true;
}

static struct given find_pair(const struct pairs *pairs, str name)
{
    struct given given = { 0 };
    for (size_t i = 0; i < pairs->count; i++)
        if (str_eq(pairs->items[i].name, name) && given.times++ == 0) {
            given.text = pairs->items[i].value;
            given.broken = pairs->items[i].broken;
            given.here = true;
        }
    return given;
}

static size_t add_pairs(const struct pairs *pairs, str name, struct given *all)
{
    size_t n = 0;
    for (size_t i = 0; i < pairs->count; i++)
        if (str_eq(pairs->items[i].name, name))
            all[n++] = (struct given){ .text = pairs->items[i].value, .here = true };
    return n;
}

/* A list outside of JSON is its name repeated; not found here means that it came as one value. */
static size_t all_pairs(const struct finder *finder, const struct field *field, struct given **all)
{
    const struct request *request = finder->from;
    const bool query = field->from == QUERY || (field->from == BODY && field->also == QUERY);
    const struct pairs *pairs = query ? &request->query : &request->form;
    *all = ARENA_MANY(finder->cx->arena, struct given, pairs->count);
    return add_pairs(pairs, str_of(field->name), *all);
}

/* ---- the four places ---- */

static struct given find_path(const struct call *call, const char *name)
{
    str    path = str_of(call->op->path), segment;
    size_t n = 0;
    while (segment_next(&path, &segment) && n < CONTRACT_PARAMETERS_MAX)
        if (segment.n > 2 && *segment.p == '{') {
            if (str_eq((str){ segment.p + 1, segment.n - 2 }, str_of(name)))
                return (struct given){ .text = call->path_values[n], .here = true };
            n++;
        }
    return (struct given){ 0 };
}

static struct given find_header(const struct call *call, const char *name)
{
    const str value = call->http ? http_header(call->http, name) : S0;
    if (!value.p)
        return (struct given){ 0 };
    return (struct given){ .text = str_trim(value), .here = true,
                           .times = (size_t)http_header_count(call->http, name) };
}

static struct given find_in(const struct request *request, enum from from,
                            const struct field *field)
{
    switch (from) {
    case QUERY:  return find_pair(&request->query, str_of(field->name));
    case PATH:   return find_path(request->call, field->name);
    case HEADER: return find_header(request->call, field->name);
    case BODY:   break;
    }
    if (request->call->op->form_body && !request->body)
        return find_pair(&request->form, str_of(field->name));
    const struct json *value = json_member(request->body, str_of(field->name));
    return (struct given){ .json = value, .here = value != NULL };
}

static struct given find_in_request(const struct finder *finder, const struct field *field)
{
    const struct request *request = finder->from;
    struct given given = find_in(request, field->from, field);
    const bool   none = !given.here || (given.json ? given.json->kind == JSON_NULL : !given.text.n);
    if (!none || given.broken || !(field->tolerate & TOLERATE_PLACE))
        return given;
    const struct given other = find_in(request, field->also, field);
    const bool here = other.here && (other.json ? other.json->kind != JSON_NULL : other.text.n > 0);
    return here && tolerated(finder->cx, field, TOLERATE_PLACE) ? other : given;
}

/* ---- bodies ---- */

static bool has_type(const struct call *call, str type)
{
    const str given = str_trim(http_header(call->http, "Content-Type"));
    return given.n >= type.n && str_eq_ascii_case(str_cut(given, type.n), type)
           && (given.n == type.n || given.p[type.n] == ';' || given.p[type.n] == ' ');
}

static enum fault json_body_read(struct request *request, str body)
{
    struct cx  *cx = request->call->cx;
    const char *because;
    size_t      at;
    request->body = json_read(cx->arena, body, CONTRACT_DEPTH_MAX, &because, &at);
    if (because)
        return fail(cx, FAULT_BAD_BODY, .because = because,
                    .got = arena_print(cx->arena, "at byte %zu", at));
    if (request->body && request->body->kind != JSON_OBJECT)
        return fail(cx, FAULT_BAD_BODY, .because = "the body is not a JSON object");
    return OK;
}

/* A body of the other kind than the operation reads counts as none, as the vendors do. */
static enum fault body_read(struct request *request)
{
    const struct call *call = request->call;
    const bool form = call->op->form_body;
    request->body = call->body;
    if (call->body || !call->http)
        return OK;
    if (has_type(call, form ? S("application/json") : S("application/x-www-form-urlencoded")))
        return OK;
    const str body = http_body(call->http);
    if (!form)
        return json_body_read(request, body);
    if (!pairs_read(call->cx->arena, body, &request->form))
        return fail(call->cx, FAULT_BAD_BODY, .because = "the form has too many fields");
    return OK;
}

static bool reads_from(const struct field *rows, enum from from)
{
    for (const struct field *f = rows; f->name; f++)
        if (f->from == from)
            return true;
    return false;
}

static bool tolerates_from(const struct field *rows, enum from from)
{
    for (const struct field *f = rows; f->name; f++)
        if ((f->tolerate & TOLERATE_PLACE) && f->also == from)
            return true;
    return false;
}

/* Where no field has its place in the body, what stands there is nobody's business; a field may have been put
 * there all the same. */
static void stray_body_read(struct request *request)
{
    struct cx *cx = request->call->cx;
    if (body_read(request) == OK)
        return;
    cx->why = (struct failure){ .code = OK };
    request->body = NULL;
}

enum fault contract_read(struct call *call, void *in)
{
    const struct field *rows = call->op->in;
    struct request      request = { .call = call };
    if (!rows)
        return OK;
    if (reads_from(rows, BODY))
        TRY(body_read(&request));
    else if (tolerates_from(rows, BODY))
        stray_body_read(&request);
    if (call->http && (reads_from(rows, QUERY) || tolerates_from(rows, QUERY))
        && !pairs_read(call->cx->arena, http_query(call->http), &request.query))
        return fail(call->cx, FAULT_INVALID, .field = "query", .how = HOW_FORM,
                    .because = "too many parameters");
    const struct finder finder = { .find = find_in_request, .all = all_pairs, .cx = call->cx,
                                   .from = &request };
    return rows_read(&finder, rows, in);
}
