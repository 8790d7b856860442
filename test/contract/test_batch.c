/* Calls inside a call: where each of them runs, in which order, and what of it is told outside. */
#include "contract/tests.h"

#include "base/log.h"
#include "contract/contract.h"
#include "contract/fake_http.h"

/* ---- a dialect of few rows ---- */

/* Stand for connections: the contract only carries the pointers. */
static int reader, writer, worker;
#define CONN(place) ((struct conn *)(void *)&(place))

enum { STEPS_MAX = 300, CALLS_MAX = 120 };

/* What was done, in its order: "r1" read by a worker, "p2" prepared there, "w3" changed by the writer; a group of
 * changes given at once begins with "(" and ends with ")". */
static struct {
    char        steps[STEPS_MAX * 8];
    int         identified, jobs;
    bool        strict, refuses_work, refuses_change, not_durable;
    const char *denied; /* the call whose caller is not let in */
} now;

static void note(const char *what, str name)
{
    const size_t n = strlen(now.steps);
    snprintf(now.steps + n, sizeof now.steps - n, "%s%.*s ", what, STR_ARG(name));
}

struct ask {
    str name, fault;
};
#define IN struct ask
static const struct field ask_in[] = {
    { "name", BODY, AT(IN, name), .required = true, .min = 1, .max = 40 },
    { "fault", BODY, AT(IN, fault), .max = 20, .tolerate = TOLERATE_NUMBER, .lenient = "seen" },
    { 0 }
};
#undef IN

struct told {
    str name;
};
static const struct field told_out[] = { { "name", BODY, AT(struct told, name) }, { 0 } };

static enum fault run(struct cx *cx, const void *in, void *out)
{
    const struct ask *ask = in;
    note(cx->db == CONN(writer) ? "w" : cx->db == CONN(worker) ? "r" : "?", ask->name);
    if (str_eq(ask->fault, S("run")))
        return fail(cx, FAULT_CONFLICT);
    if (str_eq(ask->fault, S("stands"))) {
        cx->refusal_stands = true;
        return fail(cx, FAULT_EXISTS);
    }
    if (out)
        ((struct told *)out)->name = ask->name;
    return OK;
}

static enum fault prepare(struct cx *cx, void *in, void *out)
{
    const struct ask *ask = in;
    (void)out;
    note(cx->db == CONN(worker) ? "p" : "?", ask->name);
    return str_eq(ask->fault, S("prepare")) ? fail(cx, FAULT_NOT_FOUND) : OK;
}

static enum fault run_large(struct cx *cx, const void *in, void *out)
{
    char *text = arena_make(cx->arena, 3 << 20);
    (void)in;
    memset(text, 'x', 3 << 20);
    ((struct told *)out)->name = (str){ text, 3 << 20 };
    return OK;
}

/* The outer call: its list of { path, body } as it came. */
struct sub_asked {
    str path, body;
    bool refused;
};
struct batch_ask {
    struct list calls, made;
};
#define IN struct sub_asked
static const struct field sub_rows[] = {
    { "path", BODY, AT(IN, path), .required = true, .min = 1, .max = 60 },
    { "body", BODY, AT(IN, body), .form = FORM_OBJECT },
    { "refused", BODY, AT(IN, refused) },
    { 0 }
};
#undef IN
static const struct shape sub_shape = { "Sub", sub_rows, sizeof(struct sub_asked) };
static const struct field batch_in[] = {
    { "calls", BODY, AT(struct batch_ask, calls), .required = true, .max = CALLS_MAX, .shape = &sub_shape }, { 0 }
};

struct answer_told {
    str answer;
    int status;
};
static const struct field answer_rows[] = {
    { "status", BODY, AT(struct answer_told, status) },
    { "answer", BODY, AT(struct answer_told, answer), .as = AS_JSON, .omit = true },
    { 0 }
};
static const struct shape answer_shape = { "Answer", answer_rows, sizeof(struct answer_told) };
struct batch_told {
    struct list answers;
};
static const struct field batch_out[] = { { "answers", BODY, AT(struct batch_told, answers), .shape = &answer_shape }, { 0 } };

static enum fault spread(struct cx *cx, void *in, struct list *calls)
{
    struct batch_ask       *batch = in;
    const struct sub_asked *asked = batch->calls.items;
    struct sub_call        *made = ARENA_MANY(cx->arena, struct sub_call, batch->calls.count + 1);
    const char *because;
    size_t      at;
    for (size_t i = 0; i < batch->calls.count; i++) {
        made[i] = (struct sub_call){ .method = S("POST"), .path = asked[i].path };
        if (asked[i].body.n)
            made[i].body = json_read(cx->arena, asked[i].body, CONTRACT_DEPTH_MAX, &because, &at);
        if (asked[i].refused)
            made[i].refusal = (struct failure){ .code = FAULT_FORBIDDEN };
    }
    *calls = batch->made = (struct list){ made, batch->calls.count };
    return OK;
}

static enum fault put_together(struct cx *cx, const void *in, void *out)
{
    const struct batch_ask *batch = in;
    const struct sub_call  *made = batch->made.items;
    struct answer_told     *items = ARENA_MANY(cx->arena, struct answer_told, batch->made.count + 1);
    for (size_t i = 0; i < batch->made.count; i++)
        items[i] = (struct answer_told){ made[i].answer.n > 1000 ? S("\"long\"") : made[i].answer, made[i].status };
    ((struct batch_told *)out)->answers = (struct list){ items, batch->made.count };
    return OK;
}

#define ROW(name, path, effect) name, "POST", path, "Bats, 2026-01-01", USER, effect, ask_in, sizeof(struct ask)
static const struct op ops[] = {
    { ROW("Look", "/bat/look", READ), told_out, sizeof(struct told), run },
    { ROW("Change", "/bat/change", WRITE), told_out, sizeof(struct told), run, .status = 201 },
    { ROW("Drop", "/bat/drop", WRITE), NULL, 0, run, .status = 204 },
    { ROW("Slow", "/bat/slow", WRITE), told_out, sizeof(struct told), run, .prepare = prepare },
    { ROW("Large", "/bat/large", READ), told_out, sizeof(struct told), run_large },
    { ROW("Later", "/bat/later", READ), NULL, 0, NULL, .unsupported = "not yet" },
    { "Batch", "POST", "/bat/batch", "Bats, 2026-01-01", USER, READ, batch_in, sizeof(struct batch_ask), batch_out,
      sizeof(struct batch_told), put_together, .spread = spread },
    { 0 }
};

static enum fault identify(struct call *call)
{
    now.identified++;
    return now.denied && call->op && strcmp(call->op->name, now.denied) == 0 ? fail(call->cx, FAULT_UNAUTHENTICATED) : OK;
}

static void refuse(struct call *call, struct reply *reply)
{
    reply->status = call->cx->why.code == FAULT_NO_ROUTE ? 404 : 400;
    text_print(&reply->body, "{\"code\":\"%s\"}", fault_name(call->cx->why.code));
}

static void dress(struct call *call, struct reply *reply)
{
    (void)call;
    reply_header(reply, "Content-Type", S("application/json"));
}

static const struct shape error_shape = { "Error", told_out, sizeof(struct told) };
static const struct dialect bats = {
    .name = "bat", .title = "Bats", .version = "1.0", .prefixes = (const char *const[]){ "/bat", NULL },
    .tables = (const struct op *const[]){ ops, NULL }, .identify = identify, .refuse = refuse, .dress = dress,
    .error_shape = &error_shape,
};

/* ---- a host that notes what it is given ---- */

static void host_open(void *self, struct cx *cx, const struct http_request *http)
{
    (void)self, (void)http;
    cx->db = CONN(reader);
    cx->strict = now.strict;
}

static void host_close(void *self, struct cx *cx)
{
    (void)self;
    CHECK(cx->db == CONN(reader));
}

static bool host_change(void *self, struct contract_job *job)
{
    (void)self;
    now.jobs++;
    if (now.refuses_change)
        return false;
    note("(", S(""));
    for (struct contract_job *next; job; job = next) {
        next = job->next; /* it is gone when it is done */
        job->cx->db = CONN(writer);
        const enum fault fault = job->run(job, job->cx);
        job->done(job, now.not_durable ? FAULT_UNAVAILABLE : fault);
    }
    note(")", S(""));
    return true;
}

static bool host_work(void *self, struct contract_job *job)
{
    (void)self;
    now.jobs++;
    if (now.refuses_work)
        return false;
    job->cx->db = CONN(worker);
    job->done(job, job->run(job, job->cx));
    return true;
}

static void host_look(void *self, struct cx *cx)
{
    (void)self, (void)cx;
}

static struct http_request r;

static void send(const char *body)
{
    static const struct contract_host    functions = { NULL, host_open, host_close, host_change, host_work, host_look };
    static const struct dialect *const dialects[] = { &bats, NULL };
    AUTO(arena_free) struct arena *a = arena_new();
    AUTO(contract_free) struct contract *contract = NULL;
    str error;
    log_setup(LOG_TEXT, LOG_ERROR);
    contract = contract_new(dialects, &functions, a, &error);
    CHECK(contract != NULL);
    const struct http_app app = contract_app(contract);
    fake_init(&r, "POST", "/bat/batch", str_of(body));
    fake_run(&app, &r);
    fake_over(&app, &r);
}

static void begin(void)
{
    memset(&now, 0, sizeof now);
}

static bool did(const char *steps)
{
    if (strcmp(now.steps, steps) == 0)
        return true;
    print_error("did: %s\n", now.steps);
    return false;
}

static bool replied(const char *whole)
{
    const bool same = str_eq(fake_reply(&r), str_of(whole));
    if (!same)
        print_error("replied: %.*s\n", STR_ARG(fake_reply(&r)));
    return same;
}

#define CALL(path, name) "{\"path\":\"/bat/" path "\",\"body\":{\"name\":\"" name "\"}}"
#define FAILING(path, name, fault) "{\"path\":\"/bat/" path "\",\"body\":{\"name\":\"" name "\",\"fault\":\"" fault "\"}}"
#define CALLS(calls) "{\"calls\":[" calls "]}"

/* ---- where and in which order ---- */

TEST(batch, runs_reads_on_a_worker_and_changes_that_follow_each_other_in_one_transaction)
{
    begin();
    send(CALLS(CALL("look", "1") "," CALL("look", "2") "," CALL("change", "3") "," CALL("drop", "4") "," CALL("change", "5") ","
               CALL("look", "6")));
    CHECK(r.status == 200 && did("r1 r2 ( w3 w4 w5 ) r6 ") && now.jobs == 3);
    CHECK(replied("{\"answers\":[{\"status\":200,\"answer\":{\"name\":\"1\"}},{\"status\":200,\"answer\":{\"name\":\"2\"}},"
                  "{\"status\":201,\"answer\":{\"name\":\"3\"}},{\"status\":204},{\"status\":201,\"answer\":{\"name\":\"5\"}},"
                  "{\"status\":200,\"answer\":{\"name\":\"6\"}}]}"));
}

TEST(batch, prepares_a_change_only_when_those_before_it_are_done)
{
    begin();
    send(CALLS(CALL("change", "1") "," CALL("slow", "2") "," CALL("look", "3") "," CALL("slow", "4") "," CALL("slow", "5")));
    CHECK(did("( w1 ) p2 ( w2 ) r3 p4 ( w4 ) p5 ( w5 ) "));
    begin();
    send(CALLS(CALL("slow", "1") "," CALL("change", "2") "," CALL("change", "3")));
    CHECK(did("p1 ( w1 w2 w3 ) ") && now.jobs == 2);
}

TEST(batch, of_nothing_is_an_empty_list)
{
    begin();
    send("{\"calls\":[]}");
    CHECK(r.status == 200 && replied("{\"answers\":[]}") && did("") && !now.jobs);
}

TEST(batch, runs_a_hundred_changes_in_one_job)
{
    char body[CALLS_MAX * 64] = "{\"calls\":[";
    begin();
    for (int i = 0; i < 100; i++)
        strcat(body, i ? "," CALL("change", "x") : CALL("change", "x"));
    strcat(body, "]}");
    send(body);
    CHECK(r.status == 200 && now.jobs == 1 && now.identified == 101);
}

/* ---- faults ---- */

TEST(batch, goes_on_after_a_call_that_fails_wherever_that_is)
{
    begin();
    send(CALLS(FAILING("look", "1", "run") "," FAILING("slow", "2", "prepare") "," FAILING("change", "3", "run") ","
               "{\"path\":\"/bat/change\",\"body\":{}}," "{\"path\":\"/bat/none\"}," CALL("later", "6") ","
               "{\"path\":\"/bat/change\",\"refused\":true}," CALL("change", "8")));
    CHECK(r.status == 200 && did("r1 p2 ( w3 w8 ) "));
    CHECK(replied("{\"answers\":[{\"status\":400,\"answer\":{\"code\":\"CONFLICT\"}},{\"status\":400,\"answer\":{\"code\":\"NOT_FOUND\"}},"
                  "{\"status\":400,\"answer\":{\"code\":\"CONFLICT\"}},{\"status\":400,\"answer\":{\"code\":\"INVALID\"}},"
                  "{\"status\":404,\"answer\":{\"code\":\"NO_ROUTE\"}},{\"status\":400,\"answer\":{\"code\":\"UNSUPPORTED\"}},"
                  "{\"status\":400,\"answer\":{\"code\":\"FORBIDDEN\"}},{\"status\":201,\"answer\":{\"name\":\"8\"}}]}"));
}

TEST(batch, keeps_the_change_of_a_refusal_that_stands)
{
    begin();
    send(CALLS(FAILING("change", "1", "stands") "," CALL("change", "2")));
    CHECK(did("( w1 w2 ) ") && replied("{\"answers\":[{\"status\":400,\"answer\":{\"code\":\"EXISTS\"}},"
                                       "{\"status\":201,\"answer\":{\"name\":\"2\"}}]}"));
}

TEST(batch, never_says_yes_to_what_is_not_durable)
{
    begin();
    now.not_durable = true;
    send(CALLS(CALL("change", "1") "," CALL("look", "2") "," CALL("drop", "3")));
    CHECK(replied("{\"answers\":[{\"status\":400,\"answer\":{\"code\":\"UNAVAILABLE\"}},{\"status\":200,\"answer\":{\"name\":\"2\"}},"
                  "{\"status\":400,\"answer\":{\"code\":\"UNAVAILABLE\"}}]}"));
}

TEST(batch, refuses_the_stretch_that_nobody_takes_and_goes_on)
{
    begin();
    now.refuses_change = true;
    send(CALLS(CALL("change", "1") "," CALL("drop", "2") "," CALL("look", "3")));
    CHECK(did("r3 ") && replied("{\"answers\":[{\"status\":400,\"answer\":{\"code\":\"UNAVAILABLE\"}},"
        "{\"status\":400,\"answer\":{\"code\":\"UNAVAILABLE\"}},{\"status\":200,\"answer\":{\"name\":\"3\"}}]}"));
    begin();
    now.refuses_work = true;
    send(CALLS(CALL("look", "1") "," CALL("change", "2") "," CALL("slow", "3")));
    CHECK(did("( w2 ) ") && replied("{\"answers\":[{\"status\":400,\"answer\":{\"code\":\"UNAVAILABLE\"}},"
        "{\"status\":201,\"answer\":{\"name\":\"2\"}},{\"status\":400,\"answer\":{\"code\":\"UNAVAILABLE\"}}]}"));
}

TEST(batch, asks_of_each_call_who_it_is)
{
    begin();
    now.denied = "Change";
    send(CALLS(CALL("look", "1") "," CALL("change", "2")));
    CHECK(now.identified == 3 && did("r1 "));
    CHECK(replied("{\"answers\":[{\"status\":200,\"answer\":{\"name\":\"1\"}},{\"status\":400,\"answer\":{\"code\":\"UNAUTHENTICATED\"}}]}"));
}

TEST(batch, takes_no_batch_inside_a_batch)
{
    begin();
    send(CALLS("{\"path\":\"/bat/batch\",\"body\":{\"calls\":[]}}"));
    CHECK(replied("{\"answers\":[{\"status\":404,\"answer\":{\"code\":\"NO_ROUTE\"}}]}"));
}

/* ---- what is told outside ---- */

TEST(batch, tells_outside_what_was_tolerated_and_not_supported_inside)
{
    for (int strict = 0; strict < 2; strict++) {
        begin();
        now.strict = strict;
        send(CALLS("{\"path\":\"/bat/look\",\"body\":{\"name\":\"1\",\"fault\":5}}," CALL("later", "2")));
        CHECK(r.status == 200 && did(strict ? "" : "r1 "));
        CHECK((fake_reply_header(&r, "x-polydrive-lenient").n > 0) == !strict);
        CHECK(str_eq(fake_reply_header(&r, "x-polydrive-unsupported"), S("not yet")));
    }
}

/* Sixteen megabytes of answers, of which each here has three. */
TEST(batch, refuses_the_read_whose_answer_makes_them_too_long_together)
{
#define LONG "{\"status\":200,\"answer\":\"long\"}"
    begin();
    send(CALLS(CALL("large", "1") "," CALL("large", "2") "," CALL("large", "3") "," CALL("large", "4") "," CALL("large", "5") ","
               CALL("large", "6") "," CALL("look", "7")));
    CHECK(replied("{\"answers\":[" LONG "," LONG "," LONG "," LONG "," LONG ","
                  "{\"status\":400,\"answer\":{\"code\":\"TOO_LARGE\"}},{\"status\":200,\"answer\":{\"name\":\"7\"}}]}"));
}

TEST_MAIN
