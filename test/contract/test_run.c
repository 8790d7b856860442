/* test/contract/test_run.c: a request from its head to its one answer, by a host of our own. */
#include "contract/tests.h"

#include <unistd.h>

#include "base/log.h"
#include "contract/contract.h"
#include "contract/fake_http.h"
#include "contract/toy.h"

/* Stand for connections: the contract only carries the pointers. */
static int reader, writer, worker;
#define CONN(place) ((struct conn *)(void *)&(place))

enum manner { AT_ONCE, ON_A_THREAD, REFUSED, NOT_DURABLE };

struct host {
    enum manner         manner;
    bool                strict;
    int                 opened, closed, jobs, looks;
    pthread_t           threads[4];
    int                 started;
    struct conn        *db;
    enum fault          told; /* what the last change or work gave: a fault would undo it */
};
static struct host host;

static void host_open(void *self, struct cx *cx, const struct http_request *http)
{
    (void)self, (void)http;
    host.opened++;
    cx->db = CONN(reader);
    cx->strict = host.strict;
}

static void host_close(void *self, struct cx *cx)
{
    (void)self;
    host.closed++;
    CHECK(cx->db == CONN(reader));
}

static void work(struct contract_job *job, struct conn *db)
{
    job->cx->db = db;
    const enum fault fault = host.told = job->run(job, job->cx);
    job->done(job, host.manner == NOT_DURABLE ? FAULT_UNAVAILABLE : fault);
}

static void *work_later(void *arg)
{
    usleep(2000);
    work(arg, host.db);
    return NULL;
}

static bool take(struct contract_job *job, struct conn *db)
{
    host.jobs++;
    host.db = db;
    if (host.manner == REFUSED)
        return false;
    if (host.manner != ON_A_THREAD)
        work(job, db);
    else
        pthread_create(&host.threads[host.started++], NULL, work_later, job);
    return true;
}

static bool host_change(void *self, struct contract_job *job)
{
    (void)self;
    return take(job, CONN(writer));
}

static bool host_work(void *self, struct contract_job *job)
{
    (void)self;
    return take(job, CONN(worker));
}

static void host_look(void *self, struct cx *cx)
{
    (void)self;
    CHECK(cx->db == CONN(reader));
    host.looks++;
}

static struct http_request r;

static void send(const char *method, const char *target, str body, const char *type)
{
    static const struct contract_host    functions = { NULL, host_open, host_close, host_change,
                                                       host_work, host_look };
    static const struct dialect *const dialects[] = { &toy_dialect, NULL };
    AUTO(arena_free) struct arena *a = arena_new();
    AUTO(contract_free) struct contract *contract = NULL;
    str error;
    log_setup(LOG_TEXT, LOG_ERROR);
    contract = contract_new(dialects, &functions, a, &error);
    CHECK(contract != NULL);
    const struct http_app app = contract_app(contract);
    fake_init(&r, method, target, body);
    if (type)
        fake_header(&r, "Content-Type", type);
    fake_run(&app, &r);
    for (int i = 0; i < host.started; i++)
        pthread_join(host.threads[i], NULL);
    fake_over(&app, &r);
    CHECK(host.opened == host.closed);
}

static void begin(enum manner manner)
{
    host = (struct host){ .manner = manner };
    toy_state = (struct toy_state){ 0 };
}

#define GOOD S("{\"name\":\"n\",\"digits\":\"1\",\"level\":\"low\",\"drive\":\"1\"}")
#define MAKE "/toy/v1/toys/0?limit=1"

static bool replied(const char *part)
{
    return str_find_str(fake_reply(&r), str_of(part), 0) < fake_reply(&r).n;
}

TEST(run, answers_a_read_at_once)
{
    begin(AT_ONCE);
    send("GET", "/toy/v1/toys/7?union_id=u", S0, NULL);
    CHECK(r.status == 200 && toy_state.runs == 1 && toy_state.ran_with == CONN(reader)
          && !host.jobs);
    CHECK(replied("{\"id\":\"7\",\"parent\":\"root\",\"name\":\"seven\"")
          && replied(",\"code\":0,\"msg\":\"Success.\"}"));
    CHECK(str_eq(fake_reply_header(&r, "Location"), S("/toys/7")));
    CHECK(!fake_reply_header(&r, "x-polydrive-lenient").p);
    const str name = fake_reply_header(&r, "x-toy-request-id");
    CHECK(name.n == 36 && name.p[14] == '4' && strchr("89AB", name.p[19]));
    for (size_t i = 0; i < name.n; i++)
        CHECK(strchr("0123456789ABCDEF-", name.p[i]));
}

TEST(run, gives_a_write_to_the_writer_and_answers_when_it_is_durable)
{
    for (enum manner manner = AT_ONCE; manner <= ON_A_THREAD; manner++) {
        begin(manner);
        send("POST", MAKE, GOOD, NULL);
        CHECK(r.status == 201 && toy_state.runs == 1 && toy_state.ran_with == CONN(writer)
              && host.jobs == 1);
        CHECK(replied("\"name\":\"seven\""));
    }
}

TEST(run, gives_a_read_to_the_writer_when_it_says_that_it_changes_something)
{
    begin(AT_ONCE);
    send("GET", "/toy/v1/toys/changing?union_id=u", S0, NULL);
    CHECK(r.status == 200 && toy_state.runs == 1 && toy_state.ran_with == CONN(writer) && host.jobs == 1);
}

TEST(run, prepares_on_a_worker_before_the_change)
{
    for (enum manner manner = AT_ONCE; manner <= ON_A_THREAD; manner++) {
        begin(manner);
        send("POST", "/toy/v1/token", S("grant_type=code"), "application/x-www-form-urlencoded");
        CHECK(r.status == 200 && toy_state.prepares == 1
              && toy_state.prepared_with == CONN(worker));
        CHECK(toy_state.runs == 1 && toy_state.ran_with == CONN(writer) && host.jobs == 2);
        CHECK(host.looks == 1); /* others had their turn: a new view */
        CHECK(str_eq(fake_reply(&r), S("{\"code\":0,\"msg\":\"Success.\"}")));
    }
}

TEST(run, prepares_only_when_the_change_asks_for_it)
{
    for (enum manner manner = AT_ONCE; manner <= ON_A_THREAD; manner++)
        for (int wants = 0; wants < 3; wants++) {
            begin(manner);
            toy_state.wants = wants;
            send("POST", "/toy/v1/windings", S("grant_type=code"), "application/x-www-form-urlencoded");
            CHECK(toy_state.prepares == (wants > 0) && toy_state.runs == (wants ? 2 : 1));
            CHECK(host.jobs == (wants ? 3 : 1) && host.looks == (wants > 0) && toy_state.ran_with == CONN(writer));
            if (wants == 2) { /* it asks once more: nobody listens */
                CHECK(r.status == 400 && replied("CONFLICT"));
                continue;
            }
            CHECK(r.status == 200 && replied("\"name\":\"seven\""));
            CHECK(!fake_reply_header(&r, "x-polydrive-lenient").p);
        }
}

TEST(run, keeps_the_change_of_a_refusal_that_stands)
{
    for (int stands = 0; stands < 2; stands++) {
        begin(AT_ONCE);
        toy_state.fault = FAULT_NOT_FOUND;
        toy_state.stands = stands;
        send("POST", MAKE, GOOD, NULL);
        CHECK(r.status == 400 && replied("NOT_FOUND") && host.told == (stands ? OK : FAULT_NOT_FOUND));
        begin(NOT_DURABLE);
        toy_state.fault = FAULT_NOT_FOUND;
        toy_state.stands = stands;
        send("POST", MAKE, GOOD, NULL);
        CHECK(r.status == 400 && replied("UNAVAILABLE"));
    }
}

TEST(run, says_unavailable_when_no_one_takes_the_change)
{
    begin(REFUSED);
    send("POST", MAKE, GOOD, NULL);
    CHECK(r.status == 400 && replied("UNAVAILABLE") && toy_state.runs == 0);
    begin(REFUSED);
    send("POST", "/toy/v1/token", S("grant_type=code"), NULL);
    CHECK(r.status == 400 && replied("UNAVAILABLE") && toy_state.prepares == 0 && host.jobs == 1);
}

TEST(run, never_says_yes_to_what_is_not_durable)
{
    begin(NOT_DURABLE);
    send("POST", MAKE, GOOD, NULL);
    CHECK(r.status == 400 && toy_state.runs == 1 && replied("UNAVAILABLE") && !replied("seven"));
}

TEST(run, lets_the_dialect_tell_faults)
{
    for (int write = 0; write < 2; write++) {
        begin(AT_ONCE);
        toy_state.fault = FAULT_EXISTS;
        send(write ? "POST" : "GET", write ? MAKE : "/toy/v1/toys/7?union_id=u", write ? GOOD : S0,
             NULL);
        CHECK(r.status == 400 && replied("\"code\":\"EXISTS\""));
        CHECK(fake_reply_header(&r, "x-toy-request-id").n == 36);
    }
}

TEST(run, asks_who_it_is_before_it_reads)
{
    begin(AT_ONCE);
    toy_state.identify = FAULT_UNAUTHENTICATED;
    send("POST", MAKE, S("{"), NULL);
    CHECK(replied("UNAUTHENTICATED") && toy_state.runs == 0);
    begin(AT_ONCE);
    toy_state.identify = FAULT_UNAUTHENTICATED;
    send("POST", "/toy/v1/token", S("grant_type=code"), NULL); /* for anyone */
    CHECK(r.status == 200);
    begin(AT_ONCE);
    send("POST", MAKE, S("{"), NULL);
    CHECK(replied("BAD_BODY") && toy_state.runs == 0);
}

TEST(run, tells_what_it_tolerated)
{
    begin(AT_ONCE);
    send("POST", "/toy/v1/toys/0", S("{\"name\":\"n\",\"digits\":12,\"drive\":\"1\"}"), NULL);
    CHECK(r.status == 201);
    CHECK(str_eq(fake_reply_header(&r, "x-polydrive-lenient"),
                 S("limit: an old client leaves it out; level: the vendor's own tests; digits: a "
                   "script sends a number")));
    begin(AT_ONCE);
    host.strict = true;
    send("POST", "/toy/v1/toys/0", S("{\"name\":\"n\",\"digits\":12,\"drive\":\"1\"}"), NULL);
    CHECK(r.status == 400 && replied("limit: required")
          && !fake_reply_header(&r, "x-polydrive-lenient").p);
}

TEST(run, has_a_lenient_row_only_without_strict)
{
    begin(AT_ONCE);
    send("GET", "/toy/v1/odd", S0, NULL);
    CHECK(
        r.status == 200
        && str_eq(fake_reply_header(&r, "x-polydrive-lenient"), S("route: the example says GET")));
    begin(AT_ONCE);
    host.strict = true;
    send("GET", "/toy/v1/odd", S0, NULL);
    CHECK(r.status == 404 && replied("NO_ROUTE") && toy_state.runs == 0);
}

TEST(run, says_what_is_not_supported)
{
    begin(AT_ONCE);
    send("POST", "/toy/v1/toys/search", S("{}"), NULL);
    CHECK(r.status == 400 && replied("UNSUPPORTED"));
    CHECK(str_eq(fake_reply_header(&r, "x-polydrive-unsupported"), S("there is no search here")));
    begin(AT_ONCE);
    toy_state.identify = FAULT_UNAUTHENTICATED;
    send("POST", "/toy/v1/toys/search", S("{}"), NULL);
    CHECK(replied("UNAUTHENTICATED"));
}

TEST(run, answers_unknown_paths_in_the_dialects_words)
{
    static const struct { const char *method, *path;
    } cases[] = {
        { "GET", "/toy/none" }, { "PUT", "/toy/v1/toys/7" },   { "POST", "/toy/v1/toys/2" },
        { "GET", "/toy" },      { "GET", "/toy/v1/toys/%zz" },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        begin(AT_ONCE);
        send(cases[i].method, cases[i].path, S("{}"), NULL);
        CHECK_CASE(cases[i].path, r.status == 404 && replied("NO_ROUTE") && !r.taken);
    }
    begin(AT_ONCE);
    send("GET", "/elsewhere", S0, NULL);
    CHECK(r.status == 404 && !replied("NO_ROUTE"));
}

TEST(run, answers_preflights)
{
    begin(AT_ONCE);
    send("OPTIONS", "/toy/v1/toys/7", S0, NULL);
    CHECK(r.status == 204 && fake_reply(&r).n == 0);
    CHECK(str_eq(fake_reply_header(&r, "Access-Control-Allow-Methods"), S("GET, POST, DELETE")));
    CHECK(str_eq(fake_reply_header(&r, "Access-Control-Allow-Headers"), S("Authorization")));
    begin(AT_ONCE);
    send("OPTIONS", "/elsewhere", S0, NULL);
    CHECK(r.status == 404);
}

TEST(run, answers_head_as_get)
{
    begin(AT_ONCE);
    send("HEAD", "/toy/v1/toys/7?union_id=u", S0, NULL);
    CHECK(r.status == 200 && toy_state.runs == 1);
}

TEST(run, refuses_long_bodies_early_when_the_length_is_told)
{
    static char long_body[20001];
    memset(long_body, ' ', sizeof long_body);
    for (int chunked = 0; chunked < 2; chunked++) {
        begin(AT_ONCE);
        static const struct contract_host    functions = { NULL, host_open, host_close, host_change,
                                                           host_work, host_look };
        static const struct dialect *const dialects[] = { &toy_dialect, NULL };
        AUTO(arena_free) struct arena *a = arena_new();
        AUTO(contract_free) struct contract *contract = NULL;
        str error;
        contract = contract_new(dialects, &functions, a, &error);
        const struct http_app app = contract_app(contract);
        fake_init(&r, "POST", MAKE, (str){ long_body, sizeof long_body });
        r.chunked = chunked;
        fake_run(&app, &r);
        CHECK(replied("TOO_LARGE") && replied("at most 20000 bytes") && r.taken == (chunked == 1));
        fake_over(&app, &r);
    }
    begin(AT_ONCE);
    send("POST", MAKE, (str){ long_body, sizeof long_body - 1 }, NULL);
    CHECK(replied("name: required"));
}

TEST(run, chooses_among_statuses_and_sends_no_body_with_204)
{
    begin(AT_ONCE);
    toy_state.status = 202;
    send("GET", "/toy/v1/toys/7?union_id=u", S0, NULL);
    CHECK(r.status == 202 && replied("seven"));
    begin(AT_ONCE);
    toy_state.status = 204;
    send("GET", "/toy/v1/toys/7?union_id=u", S0, NULL);
    CHECK(r.status == 204 && fake_reply(&r).n == 0);
    begin(AT_ONCE);
    send("DELETE", "/toy/v1/toys/7?union_id=u", S0, NULL);
    CHECK(r.status == 204 && fake_reply(&r).n == 0 && toy_state.ran_with == CONN(writer));
}

TEST(run, forgets_a_request_whose_peer_left_before_its_body_came)
{
    static const struct contract_host    functions = { NULL, host_open, host_close, host_change,
                                                       host_work, host_look };
    static const struct dialect *const dialects[] = { &toy_dialect, NULL };
    AUTO(arena_free) struct arena *a = arena_new();
    AUTO(contract_free) struct contract *contract = NULL;
    str error;
    begin(AT_ONCE);
    contract = contract_new(dialects, &functions, a, &error);
    const struct http_app app = contract_app(contract);
    fake_init(&r, "POST", MAKE, GOOD);
    app.head(app.self, &r);
    CHECK(r.taken && !host.opened);
    fake_over(&app, &r);
    CHECK(!host.closed);
    CHECK(contract_owns(contract, S("/toy/x")) && !contract_owns(contract, S("/toys")));
}

TEST(run, does_not_start_with_two_rows_for_one_route)
{
    static const struct contract_host  functions = { NULL, host_open, host_close, host_change,
                                                     host_work, host_look };
    static const struct dialect *const dialects[] = { &toy_dialect, &toy_dialect, NULL };
    AUTO(arena_free) struct arena *a = arena_new();
    str error = S0;
    CHECK(!contract_new(dialects, &functions, a, &error));
    CHECK(str_find_str(error, S("both claim"), 0) < error.n);
}

TEST_MAIN
