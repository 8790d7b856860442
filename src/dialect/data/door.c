/* The door's side of struct http_app: a transfer is made with a request's head and goes with
 * `over`. */
#include "dialect/data/data.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/log.h"
#include "dialect/data/request.h"

struct data_door {
    const struct contract_host *host;
};

struct data_door *data_door_new(const struct contract_host *host)
{
    struct data_door *door = calloc(1, sizeof *door);
    if (!door)
        log_die("out of memory");
    door->host = host;
    return door;
}

void data_door_free(struct data_door **door)
{
    free(*door);
    *door = NULL;
}

bool data_door_owns(str path)
{
    return str_starts(path, S("/data/"));
}

void transfer_enter(struct transfer *t)
{
    t->host->open(t->host->self, &t->cx, t->http);
}

void transfer_leave(struct transfer *t)
{
    t->host->close(t->host->self, &t->cx);
    t->cx.db = NULL;
}

/* Whose error form an altered URL gets: what it claims, unproven, decides nothing but that. */
static int claimed_dialect(str query)
{
    const str name = S("dialect=");
    int64_t number;
    if (!str_starts(query, name)
        || !str_int64(str_from(str_cut(query, str_find(query, '&', 0)), name.n), &number))
        return 0;
    return number >= LINK_PDS && number <= LINK_KOODRIVE ? (int)number : 0;
}

enum fault transfer_read_link(struct transfer *t, enum link_kind kind)
{
    struct cx *cx = &t->cx;
    const str query = http_query(t->http);
    const enum fault fault = link_read(cx, http_path(t->http), query, &t->link);
    t->rules = data_rules_of(fault == FAULT_INVALID ? claimed_dialect(query) : t->link.dialect);
    if (fault == FAULT_UNAUTHENTICATED)
        return fail(cx, FAULT_BAD_SIGNATURE, .thing = THING_LINK, .how = HOW_EXPIRED);
    if (fault == FAULT_INVALID || (fault == OK && t->link.kind != kind))
        return fail(cx, FAULT_BAD_SIGNATURE, .thing = THING_LINK);
    return fault;
}

static bool method_is(const struct transfer *t, const char *method)
{
    return str_eq(http_method(t->http), str_of(method));
}

static struct transfer *transfer_new(const struct data_door *door, struct http_request *http)
{
    struct arena *arena = arena_new();
    struct transfer *t = ARENA_NEW(arena, struct transfer);
    char random[12];
    random_bytes(random, sizeof random);
    t->host = door->host;
    t->http = http;
    t->started_ms = clock_monotonic_ms();
    t->rules = data_rules_of(0);
    t->cx.arena = arena;
    t->cx.request_id = hex_upper(arena, (str){ random, sizeof random });
    return t;
}

static void head(void *self, struct http_request *http)
{
    struct transfer *t = transfer_new(self, http);
    http_set_user(http, t);
    if (method_is(t, "PUT"))
        upload_head(t);
    else
        http_take_body(http, 0);
}

/* A browser asks before it sends a PUT from another origin. No link is looked at: the answer is the
 * same for all. */
static void answer_preflight(struct transfer *t)
{
    transfer_header(t, "Access-Control-Allow-Methods", S("GET, HEAD, PUT, OPTIONS"));
    transfer_header(t, "Access-Control-Allow-Headers",
                    S("Authorization, x-share-token, pds-js-sdk, Content-Type, Content-MD5, Range, "
                      "If-Range, If-Match, If-None-Match, If-Modified-Since, "
                      "If-Unmodified-Since, x-oss-date, x-oss-range-behavior"));
    transfer_header(t, "Access-Control-Max-Age", S("86400"));
    transfer_answer(t, (struct http_answer){ .status = 204 });
}

static void answer(struct transfer *t)
{
    if (method_is(t, "GET") || method_is(t, "HEAD")) {
        download_answer(t);
    } else if (method_is(t, "OPTIONS")) {
        answer_preflight(t);
    } else {
        transfer_header(t, "Allow", S("GET, HEAD, PUT, OPTIONS"));
        (void)fail(&t->cx, FAULT_NO_ROUTE);
        transfer_refuse(t);
    }
}

static void ready(void *self, struct http_request *http)
{
    struct transfer *t = http_user(http);
    (void)self;
    if (t->state == TRANSFER_RECEIVING)
        upload_received(t);
    else
        answer(t);
}

static void woken(void *self, struct http_request *http)
{
    (void)self;
    upload_woken(http_user(http));
}

/* Only an upload has a body. */
static void too_large(void *self, struct http_request *http)
{
    struct transfer *t = http_user(http);
    (void)self;
    (void)fail(&t->cx,
               method_is(t, "GET") || method_is(t, "HEAD") ? FAULT_BAD_BODY : FAULT_NO_ROUTE);
    transfer_refuse(t);
}

static void over(void *self, struct http_request *http)
{
    struct transfer *t = http_user(http);
    (void)self;
    if (!t)
        return;
    if (t->state == TRANSFER_RECEIVING)
        log_line(LOG_INFO, "an upload broke off",
                 LOG_PAIRS({ "path", http_path(http) }, { "request", t->cx.request_id }));
    upload_over(t);
    if (t->cx.db)
        transfer_leave(t);
    http_set_user(http, NULL);
    struct arena *arena = t->cx.arena;
    arena_free(&arena);
}

struct http_app data_door_app(struct data_door *door)
{
    return (struct http_app){ .self = door,
                              .head = head,
                              .ready = ready,
                              .woken = woken,
                              .too_large = too_large,
                              .over = over };
}
