/* contract/batch.c: calls inside a call, each with its own row, checks, savepoint and answer.
 *
 * They run in their order, a stretch at a time: READs, and the `prepare` of the WRITE behind them, on a worker;
 * WRITEs that follow each other all at once on the writer, in one transaction where they fit, each in its own
 * savepoint. So a READ sees what the WRITEs before it did, and a hundred small WRITEs cost one sync.
 *
 * A call is READY (its fields are read), then DONE (run, or refused), then PRINTED: its answer stands in the
 * outer arena and its own memory is gone. Between giving a stretch away and being woken nobody here touches it. */
#include "contract/inner.h"

#include <stdlib.h>

enum { ANSWERS_MAX = 16 * 1024 * 1024 };

enum state { READY, DONE, PRINTED };

struct sub {
    struct batch       *batch;
    struct sub_call    *asked;
    struct arena       *arena;
    struct call         call;
    struct cx           cx;
    struct contract_job job;
    void               *in, *out;
    enum state          state;
    enum fault          fault, refusal;
    bool                writes, prepared;
};

struct batch {
    struct call                *outer;
    const struct contract_host *host;
    const struct routes        *routes;
    struct contract_job         job; /* of a stretch on a worker */
    struct conn                *reader;
    struct sub                 *subs;
    size_t                      count, from, to; /* the stretch that runs */
    size_t                      left;            /* of its changes; the writer's thread counts */
    size_t                      printed;         /* bytes */
};

/* ---- beginning ---- */

static enum fault read_sub(struct sub *sub)
{
    static const struct json nothing = { .kind = JSON_OBJECT };
    struct cx          *cx = &sub->cx;
    const struct call  *outer = sub->batch->outer;
    const struct route *route = route_find(sub->batch->routes, sub->asked->method, sub->asked->path);
    if (sub->asked->refusal.code)
        return fail_noted(cx, sub->asked->refusal);
    if (!route || route->parameters || route->dialect != outer->dialect || route->op->spread || route->op->media)
        return fail(cx, FAULT_NO_ROUTE);
    const struct op *op = sub->call.op = route->op;
    sub->call.body = sub->asked->body ? sub->asked->body : &nothing;
    if (op->lenient)
        TRY(contract_tolerate(cx, "route", op->lenient));
    if (op->who != ANYONE)
        TRY(outer->dialect->identify(&sub->call));
    if (!op->run) {
        cx->unsupported = op->unsupported;
        return fail(cx, FAULT_UNSUPPORTED, .because = op->unsupported);
    }
    sub->in = arena_make(sub->arena, op->in_size);
    sub->out = arena_make(sub->arena, op->out_size);
    TRY(contract_read(&sub->call, sub->in));
    sub->writes = op_writes(op, sub->in);
    return OK;
}

static void begin_sub(struct batch *batch, struct sub *sub, struct sub_call *asked)
{
    const struct cx *outer = batch->outer->cx;
    *sub = (struct sub){ .batch = batch, .asked = asked, .arena = arena_new() };
    sub->cx = (struct cx){ .arena = sub->arena, .db = outer->db, .site = outer->site, .caller = outer->caller,
                           .now = outer->now, .strict = outer->strict, .request_id = outer->request_id,
                           .base_url = outer->base_url, .peer = outer->peer };
    sub->call = (struct call){ .cx = &sub->cx, .dialect = batch->outer->dialect };
    sub->fault = read_sub(sub);
    if (sub->fault)
        sub->state = DONE;
}

struct batch *batch_new(struct call *outer, const struct contract_host *host, const struct routes *routes,
                        const struct list *calls)
{
    struct batch    *batch = ARENA_NEW(outer->cx->arena, struct batch);
    struct sub_call *asked = calls->items;
    *batch = (struct batch){ .outer = outer, .host = host, .routes = routes, .reader = outer->cx->db };
    batch->subs = ARENA_MANY(outer->cx->arena, struct sub, calls->count + 1);
    for (; batch->count < calls->count; batch->count++)
        begin_sub(batch, &batch->subs[batch->count], &asked[batch->count]);
    return batch;
}

void batch_free(struct batch **batch)
{
    for (size_t i = 0; *batch && i < (*batch)->count; i++)
        if ((*batch)->subs[i].state != PRINTED)
            arena_free(&(*batch)->subs[i].arena);
    *batch = NULL;
}

/* ---- answers ---- */

static bool has_body(const struct op *op)
{
    for (const struct field *f = op->out; f && f->name; f++)
        if (f->from == BODY)
            return true;
    return false;
}

static void print_answer(struct sub *sub, struct reply *reply)
{
    const struct op *op = sub->call.op;
    reply->status = op->choose_status ? op->choose_status(sub->out) : 0;
    if (!reply->status)
        reply->status = op->status ? op->status : 200;
    if (reply->status == 204 || !has_body(op))
        return;
    contract_write(op->out, sub->out, NULL, NULL, &reply->body);
    if (!sub->writes && sub->batch->printed + reply->body.n > ANSWERS_MAX) {
        text_done(&reply->body);
        sub->fault = fail(&sub->cx, FAULT_TOO_LARGE, .max = ANSWERS_MAX,
                          .because = "the answers of one batch are too long together");
    }
}

/* What was tolerated inside is told outside. */
static void tell_notes(struct sub *sub)
{
    struct cx *outer = sub->batch->outer->cx;
    for (const struct note *n = sub->cx.lenient; n; n = n->next) {
        struct note *note = ARENA_NEW(outer->arena, struct note);
        *note = (struct note){ .next = (struct note *)(uintptr_t)outer->lenient, .field = n->field, .reason = n->reason };
        outer->lenient = note;
    }
    if (!outer->unsupported)
        outer->unsupported = sub->cx.unsupported;
}

static void print_sub(struct sub *sub)
{
    struct reply        reply = { 0 };
    struct arena *const arena = sub->batch->outer->cx->arena;
    if (!sub->fault)
        print_answer(sub, &reply);
    if (sub->fault) {
        if (sub->cx.why.code != sub->fault)
            sub->fault = fail(&sub->cx, sub->fault);
        sub->call.dialect->refuse(&sub->call, &reply);
    }
    sub->batch->printed += reply.body.n;
    sub->asked->status = reply.status ? reply.status : 500;
    sub->asked->answer = reply.body.n ? arena_copy(arena, text_str(&reply.body)) : S0;
    tell_notes(sub);
    text_done(&reply.body);
    arena_free(&sub->arena);
    sub->state = PRINTED;
}

/* ---- stretches ---- */

/* Must go to a worker before it can go on. */
static bool wants_worker(const struct sub *sub)
{
    return !sub->writes || (sub->call.op->prepare && !sub->prepared);
}

static enum fault work_sub(struct sub *sub, struct conn *db)
{
    const struct op *op = sub->call.op;
    struct conn     *before = sub->cx.db;
    enum fault       fault = OK;
    sub->cx.db = db;
    if (op->prepare)
        fault = op->prepare(&sub->cx, sub->in, sub->out);
    if (!fault && !sub->writes)
        fault = op->run(&sub->cx, sub->in, sub->out);
    sub->cx.db = before;
    return fault;
}

static struct batch *batch_of(struct contract_job *job)
{
    return (struct batch *)(void *)((char *)job - offsetof(struct batch, job));
}

static enum fault run_work(struct contract_job *job, struct cx *cx)
{
    struct batch *batch = batch_of(job);
    for (size_t i = batch->from; i < batch->to; i++) {
        struct sub *sub = &batch->subs[i];
        if (sub->state != READY)
            continue;
        sub->fault = work_sub(sub, cx->db);
        sub->prepared = true;
        if (sub->fault || !sub->writes)
            sub->state = DONE;
    }
    return OK;
}

static void work_done(struct contract_job *job, enum fault fault)
{
    (void)fault; /* each call has its own */
    http_wake(batch_of(job)->outer->http);
}

static struct sub *sub_of(struct contract_job *job)
{
    return (struct sub *)(void *)((char *)job - offsetof(struct sub, job));
}

/* A refusal that stands is no fault to the store, which would undo the change. */
static enum fault run_change(struct contract_job *job, struct cx *cx)
{
    struct sub      *sub = sub_of(job);
    const enum fault fault = sub->call.op->run(cx, sub->in, sub->out);
    if (!fault || !cx->refusal_stands)
        return fault;
    sub->refusal = fault;
    return OK;
}

/* On the writer's thread, one after the other; the last that it does here. */
static void change_done(struct contract_job *job, enum fault fault)
{
    struct sub   *sub = sub_of(job);
    struct batch *batch = sub->batch;
    sub->fault = fault ? fault : sub->refusal;
    sub->state = DONE;
    if (--batch->left == 0)
        http_wake(batch->outer->http);
}

/* Nobody took the stretch: those of it that wait are refused, and the rest goes on. */
static void not_taken(struct batch *batch)
{
    for (size_t i = batch->from; i < batch->to; i++)
        if (batch->subs[i].state == READY) {
            batch->subs[i].fault = fail(&batch->subs[i].cx, FAULT_UNAVAILABLE,
                                        .because = "too much is waiting already");
            batch->subs[i].state = DONE;
        }
    http_wake(batch->outer->http);
}

static void give_work(struct batch *batch)
{
    struct sub *const subs = batch->subs;
    bool prepares = false;
    for (batch->to = batch->from; batch->to < batch->count && !prepares; batch->to++) {
        if (subs[batch->to].state == READY && !wants_worker(&subs[batch->to]))
            break;
        prepares = subs[batch->to].state == READY && subs[batch->to].writes;
    }
    batch->job = (struct contract_job){ .run = run_work, .done = work_done, .cx = batch->outer->cx };
    http_sleep(batch->outer->http);
    if (!batch->host->work || !batch->host->work(batch->host->self, &batch->job))
        not_taken(batch);
}

static void give_changes(struct batch *batch)
{
    struct contract_job *first = NULL, **last = &first;
    batch->left = 0;
    for (batch->to = batch->from; batch->to < batch->count; batch->to++) {
        struct sub *sub = &batch->subs[batch->to];
        if (sub->state != READY)
            continue;
        if (wants_worker(sub))
            break;
        sub->job = (struct contract_job){ .run = run_change, .done = change_done, .cx = &sub->cx };
        *last = &sub->job;
        last = &sub->job.next;
        batch->left++;
    }
    http_sleep(batch->outer->http);
    if (!batch->host->change || !batch->host->change(batch->host->self, first))
        not_taken(batch);
}

bool batch_step(struct batch *batch)
{
    batch->outer->cx->db = batch->reader;
    for (; batch->from < batch->count && batch->subs[batch->from].state != READY; batch->from++)
        if (batch->subs[batch->from].state == DONE)
            print_sub(&batch->subs[batch->from]);
    if (batch->from == batch->count)
        return true;
    if (wants_worker(&batch->subs[batch->from]))
        give_work(batch);
    else
        give_changes(batch);
    return false;
}
