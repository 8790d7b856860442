/* PUT: one part of an upload. The bytes go to their place as they come; they are a part only when
 * all of them came, are durable and are recorded. The states are in request.h. */
#include "base/encode.h"
#include "base/text.h"
#include "dialect/data/request.h"

static str number(struct transfer *t, id of)
{
    return arena_decimal(t->cx.arena, (uint64_t)of.v);
}

/* Whether the part may come: decided when its head is in, and again when it is recorded, since the
 * caller may have lost access, or the upload may have ended, while the body was on its way. */
static enum fault admit(struct transfer *t, struct cx *cx)
{
    const struct link *link = &t->link;
    TRY(link_caller(cx, link, &cx->caller));
    return upload_find(cx, number(t, link->drive), number(t, link->node), number(t, link->upload),
                       false, &t->upload);
}

/* The vendor's signature covers the Content-Type: one that was agreed must come as it was. */
static enum fault check_content_type(struct transfer *t)
{
    struct cx *cx = &t->cx;
    const str came = str_trim(http_header(t->http, "Content-Type"));
    const str agreed = t->link.part_type;
    if (!t->rules->binds_content_type || str_eq(came, agreed))
        return OK;
    if (agreed.n > 0)
        return fail(cx, FAULT_BAD_SIGNATURE, .thing = THING_LINK, .field = "Content-Type",
                    .got = came);
    if (contract_tolerate(cx, "Content-Type",
                          "none was agreed for this part, and HTTP libraries add one by themselves")
        == OK)
        return OK;
    return fail(cx, FAULT_BAD_SIGNATURE, .thing = THING_LINK, .field = "Content-Type", .got = came);
}

static enum fault check_content_md5(struct transfer *t)
{
    struct cx *cx = &t->cx;
    const str came = str_trim(http_header(t->http, "Content-MD5"));
    const str agreed = t->link.part_md5;
    if (t->rules->binds_content_md5 && agreed.n > 0 && !str_eq(came, agreed))
        return fail(cx, FAULT_BAD_SIGNATURE, .thing = THING_LINK, .field = "Content-MD5",
                    .got = came);
    if (came.n == 0)
        return OK;
    t->announced_md5 = base64_read(cx->arena, came);
    if (t->announced_md5.n != MD5_BYTES)
        return fail(cx, FAULT_INVALID, .field = "Content-MD5", .how = HOW_FORM, .got = came);
    return OK;
}

static enum fault begin(struct transfer *t)
{
    struct cx *cx = &t->cx;
    TRY(transfer_read_link(t, LINK_UPLOAD));
    if (http_header(t->http, "Content-Range").p)
        return fail(cx, FAULT_INVALID, .field = "Content-Range",
                    .because = "A part is sent whole.");
    TRY(check_content_type(t));
    TRY(check_content_md5(t));
    TRY(admit(t, cx));
    const int64_t announced = http_has_body(t->http) ? http_content_length(t->http) : 0;
    TRY(receiver_open(cx, &t->upload, t->link.part, announced, &t->receiver));
    receiver_expect_md5(t->receiver, t->announced_md5);
    return OK;
}

static bool take(void *arg, struct http_request *http, str piece)
{
    struct transfer *t = arg;
    (void)http;
    if (receiver_write(&t->cx, t->receiver, piece) != OK) {
        transfer_refuse(t);
        return false;
    }
    return true;
}

void upload_head(struct transfer *t)
{
    transfer_enter(t);
    const enum fault fault = begin(t);
    transfer_leave(t); /* the body may take long */
    if (fault != OK) {
        transfer_refuse(t);
        return;
    }
    t->state = TRANSFER_RECEIVING;
    http_stream_body(t->http, (struct http_sink){ .write = take, .arg = t });
}

static enum fault run_sync(struct contract_job *job, struct cx *cx)
{
    struct transfer *t = (struct transfer *)job;
    return receiver_sync(cx, t->receiver);
}

static enum fault run_record(struct contract_job *job, struct cx *cx)
{
    struct transfer *t = (struct transfer *)job;
    TRY(admit(t, cx));
    return receiver_commit(cx, t->receiver, &t->part);
}

static void job_done(struct contract_job *job, enum fault fault)
{
    struct transfer *t = (struct transfer *)job;
    t->fault = fault;
    http_wake(t->http);
}

/* Hands the transfer to a worker or the writer and sleeps; woken in any case. */
static void hand_over(struct transfer *t, enum transfer_state state)
{
    const struct contract_host *host = t->host;
    const bool syncing = state == TRANSFER_SYNCING;
    t->state = state;
    t->reader = t->cx.db;
    t->job = (struct contract_job){ .run = syncing ? run_sync : run_record,
                                    .done = job_done,
                                    .cx = &t->cx };
    http_sleep(t->http);
    if (!(syncing ? host->work : host->change)(host->self, &t->job))
        job_done(&t->job, fail(&t->cx, FAULT_UNAVAILABLE));
}

void upload_received(struct transfer *t)
{
    if (receiver_end(&t->cx, t->receiver) != OK)
        transfer_refuse(t);
    else
        hand_over(t, receiver_needs_sync(t->receiver) ? TRANSFER_SYNCING : TRANSFER_RECORDING);
}

static void answer_stored(struct transfer *t)
{
    struct arena *arena = t->cx.arena;
    const str md5 = hex_upper(arena, t->part.md5);
    transfer_header(t, "ETag", arena_print(arena, "\"%.*s\"", STR_ARG(md5)));
    if (t->rules->crc_header)
        transfer_header(t, t->rules->crc_header,
                        arena_print(arena, "%llu", (unsigned long long)t->part.crc64));
    transfer_answer(t, (struct http_answer){ .status = 200, .body = S("") });
}

void upload_woken(struct transfer *t)
{
    t->cx.db = t->reader;
    if (t->fault != OK) {
        /* The commit itself may fail after the run went well: then nobody noted why. */
        if (t->cx.why.code != t->fault)
            t->cx.why = (struct failure){ .code = t->fault };
        transfer_refuse(t);
    } else if (t->state == TRANSFER_SYNCING) {
        hand_over(t, TRANSFER_RECORDING);
    } else {
        answer_stored(t);
    }
}

void upload_over(struct transfer *t)
{
    receiver_free(&t->receiver);
}
