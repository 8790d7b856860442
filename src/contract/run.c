/* contract/run.c: one request through the contract, as the http_app sees it.
 *
 *     STARTED ──► PREPARING ──► CHANGING ──► answered
 *        │            └────────────▲  │          ▲
 *        └─ a READ, or any fault ──┼──┴──────────┘
 *        └─ a WRITE ───────────────┘
 *
 * CHANGING, or the READ, goes back to PREPARING, once, where the row says prepare_if_asked and `run` has asked.
 *
 * PREPARING (only rows with `prepare`) and CHANGING (only WRITEs) are asleep: the request belongs
 * to the host's thread from the moment the job is given until its `done`, and nobody here touches it.
 * The loop thread's reader is put back into cx->db when it wakes. Whatever happens, exactly one
 * answer is queued, and `over` frees the arena in which all of it lives. */
#include "contract/inner.h"
#include "contract/kept.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"

enum step { STARTED, PREPARING, CHANGING };

struct contract {
    const struct dialect *const *dialects;
    const struct contract_host  *host;
    struct arena                *arena; /* of the routes */
    struct routes                routes;
    struct kept                 *kept;
};

struct run {
    struct contract    *contract;
    struct call         call;
    struct cx           cx;
    struct reply        reply;
    struct contract_job job;
    struct conn        *reader; /* cx->db of the loop thread, while somebody else runs the job */
    void               *in, *out;
    const struct note  *lenient_before; /* of `run` */
    str                 kept_as; /* the key of an answer that may be kept, or S0 */
    struct batch       *batch;          /* of a row that spreads */
    int64_t             started_ms;
    enum step           step;
    enum fault          fault, refusal;
};

void reply_header(struct reply *reply, const char *name, str value)
{
    if (reply->header_count == CONTRACT_HEADERS_MAX)
        log_die("an answer has more headers than fit"); /* no request decides how many there are */
    reply->headers[reply->header_count++] = (struct http_header){ name, value };
}

/* ---- the beginning and the end ---- */

/* An upper-case UUID of version 4, the form that one vendor's clients expect and all accept. */
static str request_id_new(struct arena *arena)
{
    static const char hex[] = "0123456789ABCDEF";
    unsigned char     bytes[16];
    char *const out = arena_make(arena, 37);
    char       *p = out;
    random_bytes(bytes, sizeof bytes);
    bytes[6] = (bytes[6] & 0x0F) | 0x40;
    bytes[8] = (bytes[8] & 0x3F) | 0x80;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *p++ = '-';
        *p++ = hex[bytes[i] >> 4];
        *p++ = hex[bytes[i] & 15];
    }
    return (str){ out, 36 };
}

static struct run *run_begin(struct contract *contract, struct http_request *http)
{
    struct arena       *arena = arena_new();
    struct run         *run = ARENA_NEW(arena, struct run);
    const struct route *route = route_find(&contract->routes, http_method(http), http_path(http));
    run->contract = contract;
    run->started_ms = clock_monotonic_ms();
    run->cx.arena = arena;
    run->cx.request_id = request_id_new(arena);
    run->call.cx = &run->cx;
    run->call.http = http;
    run->call.op = route ? route->op : NULL;
    run->call.dialect = route ? route->dialect : dialect_of(contract->dialects, http_path(http));
    if (route)
        route_values(route, http_path(http), arena, run->call.path_values);
    contract->host->open(contract->host->self, &run->cx, http);
    http_set_user(http, run);
    return run;
}

static void over(void *self, struct http_request *http)
{
    struct contract *contract = self;
    struct run      *run = http_user(http);
    if (!run)
        return;
    struct arena *arena = run->cx.arena;
    http_set_user(http, NULL);
    batch_free(&run->batch);
    text_done(&run->reply.body);
    contract->host->close(contract->host->self, &run->cx);
    arena_free(&arena);
}

/* ---- answering ---- */

/* FIELD: reason; FIELD: reason, in the order in which they were needed. */
static str lenient_list(const struct cx *cx)
{
    str list = S0;
    for (const struct note *n = cx->lenient; n; n = n->next)
        list = arena_print(cx->arena, "%s: %s%s%.*s", n->field, n->reason, list.p ? "; " : "",
                           STR_ARG(list));
    return list;
}

static void request_log(const struct run *run, str lenient)
{
    const struct call    *call = &run->call;
    const struct failure *why = &run->cx.why;
    struct arena         *arena = run->cx.arena;
    struct log_pair       pairs[12] = { { "method", http_method(call->http) },
                                        { "path", http_path(call->http) } };
    size_t n = 2;
    pairs[n++] = (struct log_pair){ "status", arena_print(arena, "%d", run->reply.status) };
    if (call->op)
        pairs[n++] = (struct log_pair){ "op", arena_print(arena, "%s/%s", call->dialect->name,
                                                          call->op->name) };
    pairs[n++] = (struct log_pair){ "ms", arena_print(arena, "%lld",
                                        (long long)(clock_monotonic_ms() - run->started_ms)) };
    pairs[n++] = (struct log_pair){ "request", run->cx.request_id };
    if (run->fault)
        pairs[n++] = (struct log_pair){ "fault", str_of(fault_name(run->fault)) };
    if (run->fault && why->field)
        pairs[n++] = (struct log_pair){ "field", str_of(why->field) };
    if (lenient.p)
        pairs[n++] = (struct log_pair){ "lenient", lenient };
    log_line(LOG_INFO, "request", pairs);
}

static void answer(struct run *run)
{
    struct reply *reply = &run->reply;
    const str     lenient = lenient_list(&run->cx);
    if (run->call.dialect && run->call.dialect->dress)
        run->call.dialect->dress(&run->call, reply);
    if (lenient.p)
        reply_header(reply, "x-polydrive-lenient", lenient);
    if (run->cx.unsupported)
        reply_header(reply, "x-polydrive-unsupported", str_of(run->cx.unsupported));
    request_log(run, lenient);
    http_answer(run->call.http, &(struct http_answer){ .status = reply->status,
                                                       .headers = reply->headers,
                                                       .header_count = reply->header_count,
                                                       .body = text_str(&reply->body) });
}

/* A path of no dialect: main.c serves those elsewhere, so only its own mistake comes here. */
static void refuse_plainly(struct reply *reply)
{
    reply->status = 404;
    reply_header(reply, "Content-Type", S("text/plain; charset=utf-8"));
    text_add(&reply->body, S("nothing is served here\n"));
}

static void refuse(struct run *run)
{
    /* A fault that came without fail(), or after it: the commit's, say, once the change had run. */
    if (run->cx.why.code != run->fault)
        run->fault = fail(&run->cx, run->fault);
    if (!run->call.dialect)
        refuse_plainly(&run->reply);
    else
        run->call.dialect->refuse(&run->call, &run->reply);
    if (!run->reply.status)
        run->reply.status = 500;
    answer(run);
}

static void print_text(struct run *run)
{
    const struct field *f = run->call.op->out;
    while (f->name && f->from != BODY)
        f++;
    if (f->name)
        text_add(&run->reply.body, *(const str *)(const void *)((const char *)run->out + f->at));
}

/* Prints what the out rows say: headers, and a body unless the status has none. */
static void print_out(struct run *run)
{
    const struct op      *op = run->call.op;
    const struct dialect *dialect = run->call.dialect;
    struct reply         *reply = &run->reply;
    bool body = dialect->json_always || dialect->envelope;
    for (const struct field *f = op->out; f && f->name; f++) {
        const str *value = (const str *)(const void *)((const char *)run->out + f->at);
        if (f->from == BODY)
            body = true;
        else if (f->from == HEADER && f->kind == KIND_STR && value->p)
            reply_header(reply, f->name, *value);
    }
    if (op->media)
        print_text(run);
    else if (body && reply->status != 204 && reply->status != 304)
        contract_write(op->out, run->out, dialect->envelope, dialect->envelope_value, &reply->body);
}

static void succeed(struct run *run)
{
    const struct op *op = run->call.op;
    int status = op->choose_status ? op->choose_status(run->out) : 0;
    if (!status)
        status = op->status ? op->status : 200;
    run->reply.status = status;
    print_out(run);
    if (run->kept_as.p && status == 200 && !run->cx.lenient && !run->cx.unsupported)
        kept_offer(run->contract->kept, run->kept_as, text_str(&run->reply.body));
    answer(run);
}

/* ---- answers kept ---- */

/* Everything the answer is made of, in one digest; S0 where it must be made anew. */
static str key_of(struct run *run)
{
    struct cx       *cx = &run->cx;
    const struct op *op = run->call.op;
    str              on = S0;
    if (!op->depends || cx->lenient || cx->unsupported || http_query(run->call.http).n)
        return S0;
    const enum fault fault = op->depends(cx, run->in, &on);
    if (fault)
        cx->why = (struct failure){ .code = OK };
    if (fault || !on.p || cx->lenient || cx->unsupported) {
        cx->lenient = NULL;
        return S0;
    }
    return sha256(cx->arena, arena_print(cx->arena, "%s %d %.*s %zu %.*s %.*s", run->call.dialect->name, cx->strict,
                                         STR_ARG(http_path(run->call.http)), on.n, STR_ARG(on),
                                         STR_ARG(http_body(run->call.http))));
}

static bool answer_kept(struct run *run)
{
    run->kept_as = key_of(run);
    if (!run->kept_as.p || !kept_find(run->contract->kept, run->kept_as, &run->reply.body))
        return false;
    run->reply.status = 200;
    answer(run);
    return true;
}

static void finish(struct run *run, enum fault fault)
{
    run->fault = fault;
    if (fault)
        refuse(run);
    else
        succeed(run);
}

/* ---- running ---- */

static struct run *run_of(struct contract_job *job)
{
    return (struct run *)(void *)((char *)job - offsetof(struct run, job));
}

/* A refusal that stands is no fault to the store, which would undo the change. */
static enum fault job_run(struct contract_job *job, struct cx *cx)
{
    struct run       *run = run_of(job);
    const struct op  *op = run->call.op;
    if (run->step == PREPARING)
        return op->prepare(cx, run->in, run->out);
    const enum fault fault = op->run(cx, run->in, run->out);
    if (!fault || !cx->refusal_stands)
        return fault;
    run->refusal = fault;
    return OK;
}

/* The last that the job's thread does here: once woken, the loop thread may free it all. */
static void job_done(struct contract_job *job, enum fault fault)
{
    struct run *run = run_of(job);
    run->fault = fault ? fault : run->refusal;
    http_wake(run->call.http);
}

/* Asleep first: the job may be done before the function that takes it returns. */
static void hand_over(struct run *run, bool (*give)(void *self, struct contract_job *job),
                      enum step   step)
{
    struct http_request *http = run->call.http;
    run->step = step;
    run->reader = run->cx.db;
    run->job = (struct contract_job){ .run = job_run, .done = job_done, .cx = &run->cx };
    http_sleep(http);
    if (give && give(run->contract->host->self, &run->job))
        return;
    run->fault = fail(&run->cx, FAULT_UNAVAILABLE, .because = "too much is waiting already");
    http_wake(http);
}

bool op_writes(const struct op *op, const void *in)
{
    return op->effect == WRITE || (op->writes && op->writes(in));
}

/* As if `run` had never been. */
static void start_over(struct run *run)
{
    struct cx *cx = &run->cx;
    cx->may_prepare = cx->wants_prepare = false;
    cx->why = (struct failure){ .code = OK };
    cx->lenient = run->lenient_before;
    run->fault = OK;
    if (run->call.op->out_size)
        memset(run->out, 0, run->call.op->out_size);
    hand_over(run, run->contract->host->work, PREPARING);
}

static void perform(struct run *run)
{
    const struct op *op = run->call.op;
    run->cx.may_prepare = op->prepare && op->prepare_if_asked && run->step == STARTED;
    run->lenient_before = run->cx.lenient;
    if (op_writes(op, run->in)) {
        hand_over(run, run->contract->host->change, CHANGING);
        return;
    }
    if (answer_kept(run))
        return;
    run->fault = op->run(&run->cx, run->in, run->out);
    if (run->fault && run->cx.wants_prepare && run->cx.may_prepare)
        start_over(run);
    else
        finish(run, run->fault);
}

/* After a sleep, in which others had their turn. */
static void perform_again(struct run *run)
{
    run->contract->host->look(run->contract->host->self, &run->cx);
    perform(run);
}

static void step_batch(struct run *run)
{
    if (batch_step(run->batch))
        finish(run, run->call.op->run(&run->cx, run->in, run->out));
}

static void spread(struct run *run)
{
    struct list      calls = { 0 };
    const enum fault fault = run->call.op->spread(&run->cx, run->in, &calls);
    if (fault) {
        finish(run, fault);
        return;
    }
    run->batch = batch_new(&run->call, run->contract->host, &run->contract->routes, &calls);
    step_batch(run);
}

static void woken(void *self, struct http_request *http)
{
    struct run *run = http_user(http);
    (void)self;
    if (run->batch) {
        step_batch(run);
        return;
    }
    run->cx.db = run->reader;
    if (run->fault && run->cx.wants_prepare && run->cx.may_prepare)
        start_over(run);
    else if (run->fault || run->step == CHANGING)
        finish(run, run->fault);
    else
        perform_again(run);
}

/* A row that is itself beyond the vendor's page. */
static enum fault route_tolerate(struct run *run)
{
    const struct op *op = run->call.op;
    if (!op->lenient)
        return OK;
    if (!run->cx.strict)
        return contract_tolerate(&run->cx, "route", op->lenient);
    run->call.op = NULL;
    return fail(&run->cx, FAULT_NO_ROUTE);
}

static enum fault fill_in(struct run *run)
{
    struct cx *cx = &run->cx;
    TRY(route_tolerate(run));
    const struct op *op = run->call.op;
    if (op->who != ANYONE)
        TRY(run->call.dialect->identify(&run->call));
    if (!op->run) {
        cx->unsupported = op->unsupported;
        return fail(cx, FAULT_UNSUPPORTED, .because = op->unsupported);
    }
    run->in = arena_make(cx->arena, op->in_size);
    run->out = arena_make(cx->arena, op->out_size);
    return contract_read(&run->call, run->in);
}

static void ready(void *self, struct http_request *http)
{
    struct run      *run = run_begin(self, http);
    const enum fault fault = run->call.op ? fill_in(run) : fail(&run->cx, FAULT_NO_ROUTE);
    if (fault)
        finish(run, fault);
    else if (run->call.op->spread)
        spread(run);
    else if (run->call.op->prepare && !run->call.op->prepare_if_asked)
        hand_over(run, run->contract->host->work, PREPARING);
    else
        perform(run);
}

/* ---- heads ---- */

static size_t body_limit(const struct op *op)
{
    return op->body_max ? op->body_max : CONTRACT_BODY_MAX;
}

static void too_large(void *self, struct http_request *http)
{
    struct run *run = run_begin(self, http);
    finish(run,
           fail(&run->cx, FAULT_TOO_LARGE,
                .max = (int64_t)(run->call.op ? body_limit(run->call.op) : CONTRACT_BODY_MAX)));
}

static void preflight(struct run *run)
{
    const struct dialect *dialect = run->call.dialect;
    run->reply.status = 204;
    reply_header(&run->reply, "Access-Control-Allow-Methods", str_of(dialect->cors_methods));
    reply_header(&run->reply, "Access-Control-Allow-Headers", str_of(dialect->cors_headers));
    answer(run);
}

static void answer_no_route(struct contract *contract, struct http_request *http)
{
    struct run           *run = run_begin(contract, http);
    const struct dialect *dialect = run->call.dialect;
    if (dialect && dialect->cors_methods && str_eq(http_method(http), S("OPTIONS")))
        preflight(run);
    else
        finish(run, fail(&run->cx, FAULT_NO_ROUTE));
}

/* What the head alone decides is answered before a byte of the body is asked for. */
static void head(void *self, struct http_request *http)
{
    struct contract    *contract = self;
    const struct route *route = route_find(&contract->routes, http_method(http), http_path(http));
    if (!route) {
        answer_no_route(contract, http);
        return;
    }
    const size_t limit = body_limit(route->op);
    if (http_content_length(http) > (int64_t)limit)
        too_large(contract, http);
    else
        http_take_body(http, limit);
}

/* ---- the contract ---- */

struct contract *contract_new(const struct dialect *const *dialects,
                              const struct contract_host *host, struct arena *arena, str *error)
{
    struct contract *contract = calloc(1, sizeof *contract);
    if (!contract)
        log_die("out of memory");
    contract->dialects = dialects;
    contract->host = host;
    contract->arena = arena_new();
    contract->kept = kept_new();
    if (!routes_read(&contract->routes, dialects, contract->arena, error)) {
        *error = arena_copy(arena, *error);
        contract_free(&contract);
    }
    return contract;
}

void contract_free(struct contract **contract)
{
    if (!*contract)
        return;
    arena_free(&(*contract)->arena);
    kept_free(&(*contract)->kept);
    free(*contract);
    *contract = NULL;
}

struct http_app contract_app(struct contract *contract)
{
    return (struct http_app){ .self = contract, .head = head, .ready = ready, .woken = woken,
                              .too_large = too_large, .over = over };
}

bool contract_owns(const struct contract *contract, str path)
{
    return dialect_of(contract->dialects, path) != NULL;
}
