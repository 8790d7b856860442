/* contract/openapi.c: the rows as an OpenAPI 3.1 document.
 *
 * Paths of one shape are one path item there, whatever their parameters are called, so the first
 * row's names serve for all. A name of an operation that two rows share gets a number. */
#include "contract/inner.h"

struct listing {
    const struct dialect *dialect;
    struct arena         *arena;
    const struct op     **ops;
    size_t                count;
    struct schemas        schemas;
};

static void count_op(void *arg, const struct op *op)
{
    (void)op;
    ((struct listing *)arg)->count++;
}

static void list_op(void *arg, const struct op *op)
{
    struct listing *l = arg;
    l->ops[l->count++] = op;
    schemas_add(&l->schemas, op->in, true);
    schemas_add(&l->schemas, op->out, false);
}

static bool is_parameter(str segment)
{
    return segment.n > 2 && *segment.p == '{';
}

static bool same_shape(const struct op *a, const struct op *b)
{
    str pa = str_of(a->path), pb = str_of(b->path), sa, sb;
    while (segment_next(&pa, &sa))
        if (!segment_next(&pb, &sb) || is_parameter(sa) != is_parameter(sb)
            || (!is_parameter(sa) && !str_eq(sa, sb)))
            return false;
    return pb.n == 0;
}

/* The name that the group's path gives to the parameter that `op` calls `name`. */
static str group_name(const struct op *group, const struct op *op, str name)
{
    str pa = str_of(group->path), pb = str_of(op->path), sa, sb;
    while (segment_next(&pa, &sa) && segment_next(&pb, &sb))
        if (is_parameter(sb) && str_eq((str){ sb.p + 1, sb.n - 2 }, name))
            return (str){ sa.p + 1, sa.n - 2 };
    return name;
}

static void write_operation_id(struct document *d, const struct listing *l, size_t at)
{
    size_t earlier = 0;
    for (size_t i = 0; i < at; i++)
        earlier += strcmp(l->ops[i]->name, l->ops[at]->name) == 0;
    document_key(d, "operationId");
    if (earlier)
        document_text(d, arena_print(l->arena, "%s_%zu", l->ops[at]->name, earlier + 1));
    else
        document_text(d, str_of(l->ops[at]->name));
}

static void write_parameter(struct document *d, const struct listing *l, const struct field *f,
                            str name)
{
    static const char *const places[] = { [QUERY] = "query", [PATH] = "path", [HEADER] = "header" };
    document_open(d, '{');
    document_key(d, "name");
    document_text(d, name);
    document_pair(d, "in", places[f->from]);
    document_key(d, "required");
    document_raw(d, f->required || f->from == PATH ? "true" : "false");
    document_pair(d, "description", f->doc);
    document_key(d, "schema");
    schema_field(d, &l->schemas, f, true);
    document_close(d, '}');
}

/* Every {parameter} of a path must be told, also one that no row reads. */
static void write_path_parameters(struct document *d, const struct listing *l, const struct op *op,
                                  const struct op *group)
{
    str path = str_of(op->path), segment;
    while (segment_next(&path, &segment)) {
        if (!is_parameter(segment))
            continue;
        const str           name = { segment.p + 1, segment.n - 2 };
        const struct field *row = parameter_field(op, name);
        const struct field  unread = { "", PATH, 0, KIND_STR, .required = true };
        write_parameter(d, l, row ? row : &unread, group_name(group, op, name));
    }
}

static void write_parameters(struct document *d, const struct listing *l, const struct op *op,
                             const struct op *group)
{
    bool any = str_find(str_of(op->path), '{', 0) < strlen(op->path);
    for (const struct field *f = op->in; f && f->name; f++)
        any = any || f->from == QUERY || f->from == HEADER;
    if (!any)
        return;
    document_key(d, "parameters");
    document_open(d, '[');
    write_path_parameters(d, l, op, group);
    for (const struct field *f = op->in; f && f->name; f++)
        if (f->from == QUERY || f->from == HEADER)
            write_parameter(d, l, f, str_of(f->name));
    document_close(d, ']');
}

static void write_content(struct document *d, const char *type)
{
    document_key(d, "content");
    document_open(d, '{');
    document_key(d, type);
    document_open(d, '{');
    document_key(d, "schema");
}

static void close_content(struct document *d)
{
    document_close(d, '}');
    document_close(d, '}');
}

static void write_request_body(struct document *d, const struct listing *l, const struct op *op)
{
    bool any = false, required = false;
    for (const struct field *f = op->in; f && f->name; f++) {
        any = any || f->from == BODY;
        required = required || (f->from == BODY && f->required);
    }
    if (!any)
        return;
    document_key(d, "requestBody");
    document_open(d, '{');
    document_key(d, "required");
    document_raw(d, required ? "true" : "false");
    write_content(d, op->form_body ? "application/x-www-form-urlencoded" : "application/json");
    schema_object(d, &l->schemas, op->in, NULL, true);
    close_content(d);
    document_close(d, '}');
}

static void write_headers(struct document *d, const struct listing *l, const struct op *op)
{
    bool any = false;
    for (const struct field *f = op->out; f && f->name; f++) {
        if (f->from != HEADER)
            continue;
        if (!any) {
            document_key(d, "headers");
            document_open(d, '{');
        }
        any = true;
        document_key(d, f->name);
        document_open(d, '{');
        document_pair(d, "description", f->doc);
        document_key(d, "schema");
        schema_field(d, &l->schemas, f, false);
        document_close(d, '}');
    }
    if (any)
        document_close(d, '}');
}

static void write_text_schema(struct document *d)
{
    document_open(d, '{');
    document_pair(d, "type", "string");
    document_close(d, '}');
}

static void write_success(struct document *d, const struct listing *l, const struct op *op,
                          int status)
{
    const struct field *envelope = l->dialect->envelope;
    bool body = envelope || l->dialect->json_always;
    for (const struct field *f = op->out; f && f->name; f++)
        body = body || f->from == BODY;
    document_key(d, arena_z(l->arena, arena_print(l->arena, "%d", status)));
    document_open(d, '{');
    document_pair(d, "description",
                  status >= 300           ? "Elsewhere"
                  : body && status != 204 ? "Done"
                                          : "Done, no body");
    write_headers(d, l, op);
    if (body && status != 204) {
        write_content(d, op->media ? op->media : "application/json");
        if (op->media)
            write_text_schema(d);
        else
            schema_object(d, &l->schemas, op->out, envelope, false);
        close_content(d);
    }
    document_close(d, '}');
}

static void write_responses(struct document *d, const struct listing *l, const struct op *op)
{
    document_key(d, "responses");
    document_open(d, '{');
    if (!op->unsupported || op->run) {
        write_success(d, l, op, op->status ? op->status : 200);
        if (op->status_also)
            write_success(d, l, op, op->status_also);
    }
    document_key(d, "default");
    document_open(d, '{');
    document_pair(d, "description",
                  op->unsupported ? "Known, and not implemented here" : "A fault");
    if (l->dialect->error_shape) {
        write_content(d, "application/json");
        document_open(d, '{');
        document_key(d, "$ref");
        document_text(d, arena_print(l->arena, "#/components/schemas/%s",
                                     schemas_name(&l->schemas, l->dialect->error_shape, false)));
        document_close(d, '}');
        close_content(d);
    }
    document_close(d, '}');
    document_close(d, '}');
}

static void write_operation(struct document *d, const struct listing *l, size_t at,
                            const struct op *group)
{
    static const char *const who[] = { [ANYONE] = "Needs no credential.",
                                       [USER] = "For every user.",
                                       [ADMIN] = "For administrators.",
                                       [VISITOR] = "Needs no credential; heeds one that comes." };
    const struct op *op = l->ops[at];
    char method[16] = "";
    for (size_t i = 0; op->method[i] && i < sizeof method - 1; i++)
        method[i] = (char)(op->method[i] | 32);
    document_key(d, method);
    document_open(d, '{');
    write_operation_id(d, l, at);
    document_pair(d, "summary", op->name);
    document_key(d, "description");
    document_text(d, arena_print(l->arena, "%s Source: %s.", who[op->who], op->source));
    if (op->who == ANYONE || op->who == VISITOR) {
        document_key(d, "security");
        document_open(d, '[');
        document_close(d, ']');
    }
    document_pair(d, "x-polydrive-unsupported", op->unsupported);
    document_pair(d, "x-polydrive-partial", op->partial);
    document_pair(d, "x-polydrive-proof", op->proof);
    document_pair(d, "x-polydrive-scope", op->scope);
    document_pair(d, "x-polydrive-lenient", op->lenient);
    write_parameters(d, l, op, group);
    write_request_body(d, l, op);
    write_responses(d, l, op);
    document_close(d, '}');
}

static void write_paths(struct document *d, const struct listing *l)
{
    document_key(d, "paths");
    document_open(d, '{');
    for (size_t i = 0; i < l->count; i++) {
        bool told = false;
        for (size_t k = 0; k < i && !told; k++)
            told = same_shape(l->ops[k], l->ops[i]);
        if (told)
            continue;
        document_key(d, l->ops[i]->path);
        document_open(d, '{');
        for (size_t k = i; k < l->count; k++)
            if (same_shape(l->ops[i], l->ops[k]))
                write_operation(d, l, k, l->ops[i]);
        document_close(d, '}');
    }
    document_close(d, '}');
}

static void write_credential(struct document *d, const struct dialect *dialect)
{
    document_key(d, "securitySchemes");
    document_open(d, '{');
    document_key(d, "credential");
    document_open(d, '{');
    document_pair(d, "type", dialect->credential_header ? "apiKey" : "http");
    document_pair(d, "in", dialect->credential_header ? "header" : NULL);
    document_pair(d, "name", dialect->credential_header);
    document_pair(d, "scheme", dialect->credential_header ? NULL : "bearer");
    document_pair(d, "description", dialect->credential_doc ? dialect->credential_doc
                                                            : "An access token of this server.");
    document_close(d, '}');
    document_close(d, '}');
}

static void write_components(struct document *d, const struct listing *l)
{
    document_key(d, "components");
    document_open(d, '{');
    write_credential(d, l->dialect);
    document_key(d, "schemas");
    document_open(d, '{');
    for (const struct schema *s = l->schemas.first; s; s = s->next) {
        document_key(d, s->name);
        schema_object(d, &l->schemas, s->shape->fields, NULL, s->asked);
    }
    document_close(d, '}');
    document_close(d, '}');
}

static void write_head(struct document *d, const struct dialect *dialect, str server_url)
{
    document_pair(d, "openapi", "3.1.0");
    document_key(d, "info");
    document_open(d, '{');
    document_pair(d, "title", dialect->title);
    document_pair(d, "version", dialect->version);
    document_pair(
        d, "description",
        "Made from the same rows that route and check requests. What is accepted beyond the "
        "vendor's page is marked x-polydrive-lenient, told in the answer's header of that "
        "name, and refused under --strict.");
    document_close(d, '}');
    document_key(d, "servers");
    document_open(d, '[');
    document_open(d, '{');
    document_key(d, "url");
    document_text(d, server_url.n ? server_url : S("/"));
    document_close(d, '}');
    document_close(d, ']');
    document_key(d, "security");
    document_open(d, '[');
    document_open(d, '{');
    document_key(d, "credential");
    document_open(d, '[');
    document_close(d, ']');
    document_close(d, '}');
    document_close(d, ']');
}

void contract_openapi(const struct dialect *dialect, str server_url, struct text *out)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct listing  l = { .dialect = dialect, .arena = arena, .schemas = { .arena = arena } };
    struct document d = { .out = out };
    ops_each(dialect, count_op, &l);
    l.ops = ARENA_MANY(arena, const struct op *, l.count);
    l.count = 0;
    if (dialect->error_shape)
        schemas_add_shape(&l.schemas, dialect->error_shape, false);
    schemas_add(&l.schemas, dialect->envelope, false);
    ops_each(dialect, list_op, &l);
    document_open(&d, '{');
    write_head(&d, dialect, server_url);
    write_paths(&d, &l);
    write_components(&d, &l);
    document_close(&d, '}');
    text_char(out, '\n');
}
