#include "contract/toy.h"

struct toy_state toy_state;

static const struct word kinds[] = { { "0", 0 }, { "1", 1 }, { 0 } };
static const struct word levels[] = { { "low", LEVEL_LOW }, { "high", LEVEL_HIGH }, { 0 } };
static const struct word sorts[] = { { "10", SORT_NAME }, { "20", SORT_SIZE }, { 0 } };
static const struct word roots[] = { { "root", 0 }, { 0 } };

#define IN struct toy_part
static const struct field part_rows[] = {
    { "part_number", BODY, AT(IN, number), .required = true, .min = 1, .max = 10000 },
    { "part_size",   BODY, AT(IN, size),   .min = 0, .max = 5368709120 },
    { "etag",        BODY, AT(IN, etag),   .max = 64, .form = FORM_HEX },
    { 0 }
};
#undef IN
static const struct shape part = { "Part", part_rows, sizeof(struct toy_part) };

#define IN struct toy_page
static const struct field page_rows[] = {
    { "pageSize", BODY, AT(IN, size), .min = 1, .max = 100, .absent = 100,
      .tolerate = TOLERATE_TEXT, .lenient = "the page's example sends a string" },
    { "pageCursor", BODY, AT(IN, cursor), .max = 512, .empty_ok = true },
    { 0 }
};
#undef IN
static const struct shape page = { "Page", page_rows, sizeof(struct toy_page) };

#define IN struct toy_turn
static const struct field turn_rows[] = {
    { "turns", BODY, AT(IN, turns), .required = true, .min = 1, .max = 9,
      .tolerate = TOLERATE_EMPTY, .lenient = "nothing is sent as an empty string" },
    { "way", BODY, AT(IN, way), .required = true, .min = 1, .max = 9, .empty_ok = true },
    { 0 }
};
#undef IN
static const struct shape turn = { "Turn", turn_rows, sizeof(struct toy_turn) };

#define IN struct toy_text
static const struct field text_rows[] = {
    { "", BODY, AT(IN, text), .min = 1, .max = 20 },
    { 0 }
};
#undef IN
static const struct shape text = { "Text", text_rows, sizeof(struct toy_text) };

#define IN struct toy_ask
static const struct field toy_in[] = {
    { "kind", PATH, AT(IN, kind), .required = true, .words = kinds },
    { "X-Caller", HEADER, AT(IN, caller), .max = 64 },
    { "filter", QUERY, AT(IN, filter), .max = 16 },
    { "limit", QUERY, AT(IN, limit), .required = true, .min = 1, .max = 100, .absent = 50,
      .tolerate = TOLERATE_MISSING | TOLERATE_LARGE, .lenient = "an old client leaves it out" },
    { "name", BODY, AT(IN, name), .required = true, .min = 1, .max = 12, .doc = "a | name" },
    { "label", BODY, AT(IN, label), .min = 2, .max = 8, .bytes = true },
    { "note", BODY, AT(IN, note), .max = 30 },
    { "digits", BODY, AT(IN, digits), .required = true, .min = 1, .max = 20, .form = FORM_DIGITS,
      .tolerate = TOLERATE_NUMBER, .lenient = "a script sends a number" },
    { "hex", BODY, AT(IN, hex), .min = 4, .max = 10, .form = FORM_HEX },
    { "moment_s", BODY, AT(IN, moment_s), .form = FORM_TIME_S },
    { "moment", BODY, AT(IN, moment), .form = FORM_TIME },
    { "file_name", BODY, AT(IN, file_name), .max = 40, .form = FORM_NAME },
    { "any", BODY, AT(IN, any), .max = 100, .form = FORM_JSON },
    { "object", BODY, AT(IN, object), .max = 100, .form = FORM_OBJECT },
    { "flag", BODY, AT(IN, flag), .absent = true },
    { "sure", BODY, AT(IN, sure), .tolerate = TOLERATE_TEXT, .lenient = "seen in the field" },
    { "maybe_so", BODY, AT(IN, maybe_so), .form = FORM_BOOL, .absent = -1 },
    { "small", BODY, AT(IN, small), .min = -5, .max = 5, .absent = 3,
      .tolerate = TOLERATE_TEXT | TOLERATE_EMPTY, .lenient = "the page's example" },
    { "level", BODY, AT(IN, level), .required = true, .words = levels, .absent = LEVEL_LOW,
      .tolerate = TOLERATE_MISSING | TOLERATE_EMPTY, .lenient = "the vendor's own tests" },
    { "sort", BODY, AT(IN, sort), .words = sorts, .raw_words = true, .absent = SORT_SIZE,
      .tolerate = TOLERATE_TEXT, .lenient = "the page's example" },
    { "large", BODY, AT(IN, large), .min = -1, .max = INT64_MAX, .absent = -1 },
    { "open", BODY, AT(IN, open) },
    { "drive", BODY, AT(IN, drive), .required = true },
    { "parent", BODY, AT(IN, parent), .words = roots, .absent = 7 },
    { "number", BODY, AT(IN, number), .as = AS_NUMBER, .tolerate = TOLERATE_TEXT,
      .lenient = "JavaScript cannot hold it" },
    { "at", BODY, AT(IN, at), .form = FORM_TIME },
    { "at_s", BODY, AT(IN, at_s), .form = FORM_TIME_S },
    { "at_ms", BODY, AT(IN, at_ms), .as = AS_EPOCH_MS },
    { "tags", BODY, AT(IN, tags), .max = 3, .shape = &text, .tolerate = TOLERATE_SINGLE,
      .lenient = "the page's example" },
    { "parts", BODY, AT(IN, parts), .min = 1, .max = 20, .shape = &part },
    { "maybe", BODY, AT(IN, maybe), .shape = &part, .as = AS_ONE },
    { "turn", BODY, AT(IN, turn), .shape = &turn, .as = AS_ONE },
    { "page", BODY, WITHIN(IN, page), .shape = &page },
    { 0 }
};
#undef IN

#define OUT struct toy_answer
const struct field toy_answer_out[] = {
    { "id",        BODY,   AT(OUT, id) },
    { "parent",    BODY,   AT(OUT, parent),      .words = roots },
    { "name",      BODY,   AT(OUT, name) },
    { "note",      BODY,   AT(OUT, note),        .omit = true },
    { "raw",       BODY,   AT(OUT, raw),         .as = AS_JSON },
    { "flag",      BODY,   AT(OUT, flag) },
    { "level",     BODY,   AT(OUT, level),       .words = levels },
    { "sort",      BODY,   AT(OUT, sort),        .words = sorts, .raw_words = true },
    { "hidden",    BODY,   AT(OUT, hidden),      .absent = -1, .omit = true },
    { "size",      BODY,   AT(OUT, size) },
    { "long",      BODY,   AT(OUT, long_number), .as = AS_TEXT },
    { "made",      BODY,   AT(OUT, made) },
    { "made_s",    BODY,   AT(OUT, made_s),      .as = AS_SECONDS, .omit = true },
    { "made_ms",   BODY,   AT(OUT, made_ms),     .as = AS_EPOCH_MS },
    { "made_text", BODY,   AT(OUT, made_text),   .as = AS_EPOCH_TEXT },
    { "tags",      BODY,   AT(OUT, tags),        .shape = &text },
    { "parts",     BODY,   AT(OUT, parts),       .shape = &part, .omit = true },
    { "one",       BODY,   AT(OUT, one),         .shape = &part, .as = AS_ONE },
    { "map",       BODY,   AT(OUT, map),         .shape = &part, .as = AS_MAP, .omit = true },
    { "page",      BODY,   WITHIN(OUT, page),    .shape = &page },
    { "Location",  HEADER, AT(OUT, location) },
    { 0 }
};
#undef OUT

static enum fault toy_run(struct cx *cx, const void *in, void *out)
{
    struct toy_answer *answer = out;
    (void)in;
    toy_state.runs++;
    toy_state.ran_with = cx->db;
    if (toy_state.wants-- > 0) {
        cx->wants_prepare = true;
        TRY(contract_tolerate(cx, "wanting", "it was not ready"));
        return fail(cx, FAULT_CONFLICT);
    }
    cx->refusal_stands = toy_state.stands;
    if (toy_state.fault)
        return fail(cx, toy_state.fault, .thing = THING_NODE, .got = S("seven"));
    if (out) {
        answer->id = (id){ 7 };
        answer->level = LEVEL_HIGH;
        answer->sort = SORT_NAME;
        answer->name = S("seven");
        answer->location = S("/toys/7");
    }
    return OK;
}

static enum fault toy_prepare(struct cx *cx, void *in, void *out)
{
    (void)in, (void)out;
    toy_state.prepares++;
    toy_state.prepared_with = cx->db;
    return OK;
}

struct toy_one {
    str name, other;
};

static bool toy_writes(const void *in)
{
    return str_eq(((const struct toy_one *)in)->name, S("changing"));
}

static int toy_status(const void *out)
{
    (void)out;
    return toy_state.status;
}

#define IN struct toy_one
static const struct field form_in[] = {
    { "grant_type", BODY, AT(IN, name),  .required = true, .min = 1, .max = 30 },
    { "scope",      BODY, AT(IN, other), .max = 30 },
    { 0 }
};
static const struct field get_in[] = {
    { "id",       PATH,  AT(IN, name),  .required = true, .min = 1, .max = 30 },
    { "union_id", QUERY, AT(IN, other), .required = true, .min = 1, .max = 20, .also = BODY,
      .tolerate = TOLERATE_PLACE, .lenient = "some clients put it in the body" },
    { 0 }
};
#undef IN

#define ANSWER toy_answer_out, sizeof(struct toy_answer), toy_run
const struct op toy_ops[] = {
    { "MakeToy", "POST", "/toy/v1/toys/{kind}", "Toys, 2026-01-01", USER, WRITE, toy_in,
      sizeof(struct toy_ask), ANSWER, .status = 201, .body_max = 20000 },
    { "GetToy", "GET", "/toy/v1/toys/{id}", "Toys, 2026-01-01", USER, READ, get_in,
      sizeof(struct toy_one), ANSWER, .choose_status = toy_status, .status_also = 202, .writes = toy_writes },
    { "DropToy", "DELETE", "/toy/v1/toys/{id}", "Toys, 2026-01-01", ADMIN, WRITE, get_in,
      sizeof(struct toy_one), NULL, 0, toy_run, .status = 204 },
    { "Token", "POST", "/toy/v1/token", "Toys, 2026-01-01", ANYONE, WRITE, form_in,
      sizeof(struct toy_one), NULL, 0, toy_run, .prepare = toy_prepare, .form_body = true },
    { "WindUp", "POST", "/toy/v1/windings", "Toys, 2026-01-01", ANYONE, WRITE, form_in,
      sizeof(struct toy_one), ANSWER, .prepare = toy_prepare, .prepare_if_asked = true, .form_body = true },
    { "Search", "POST", "/toy/v1/toys/search", "Toys, 2026-01-01", USER, READ, NULL, 0, NULL, 0,
      NULL, .unsupported = "there is no search here" },
    { "OddGet", "GET", "/toy/v1/odd", "Toys, 2026-01-01", ANYONE, READ, NULL, 0, NULL, 0, toy_run,
      .lenient = "the example says GET" },
    { 0 }
};

struct toy_envelope {
    int code;
    str msg;
};
static const struct field envelope[] = {
    { "code", BODY, AT(struct toy_envelope, code) },
    { "msg",  BODY, AT(struct toy_envelope, msg) },
    { 0 }
};
static const struct toy_envelope success = { 0, { "Success.", 8 } };
static const struct shape error_shape = { "Error", envelope, sizeof(struct toy_envelope) };

static enum fault identify(struct call *call)
{
    if (toy_state.identify)
        return fail(call->cx, toy_state.identify);
    return OK;
}

static void refuse(struct call *call, struct reply *reply)
{
    reply->status = call->cx->why.code == FAULT_NO_ROUTE ? 404 : 400;
    text_print(&reply->body, "{\"code\":\"%s\",\"msg\":", fault_name(call->cx->why.code));
    text_json(&reply->body, contract_complaint(call->cx));
    text_char(&reply->body, '}');
}

static void dress(struct call *call, struct reply *reply)
{
    reply_header(reply, "x-toy-request-id", call->cx->request_id);
    if (reply->body.n)
        reply_header(reply, "Content-Type", S("application/json"));
}

const struct dialect toy_dialect = {
    .name = "toy", .title = "Toys", .version = "1.0",
    .prefixes = (const char *const[]){ "/toy", NULL },
    .tables = (const struct op *const[]){ toy_ops, NULL },
    .identify = identify, .refuse = refuse, .dress = dress,
    .envelope = envelope, .envelope_value = &success, .error_shape = &error_shape,
    .cors_methods = "GET, POST, DELETE", .cors_headers = "Authorization",
};

const struct op *toy_op(const char *name)
{
    for (const struct op *op = toy_ops; op->name; op++)
        if (strcmp(op->name, name) == 0)
            return op;
    return NULL;
}
