#include "host.h"

#include <arpa/inet.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "dialect/data/data.h"

enum { LOOPS_MAX = 8, SPARE_READERS = 2 };

static _Thread_local int loop_reader = -1; /* this loop thread's number */

int host_loops(const struct settings *settings)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (settings->loops)
        return settings->loops;
    return cores < 1 ? 1 : cores > LOOPS_MAX ? LOOPS_MAX : (int)cores;
}

static int loop_readers(const struct settings *settings)
{
    return host_loops(settings) + SPARE_READERS; /* the main thread has the one of number 0 */
}

int host_readers(const struct settings *settings)
{
    return loop_readers(settings) + settings->workers;
}

static struct conn *this_threads_reader(struct host *host)
{
    if (loop_reader < 0) {
        loop_reader = atomic_fetch_add(&host->loops_seen, 1) + 1;
        if (loop_reader >= host->loop_readers)
            log_die("more event loops than connections to the store");
    }
    return store_reader(host->store, loop_reader);
}

struct conn *host_worker_reader(struct host *host, int thread)
{
    return store_reader(host->store, host->loop_readers + thread);
}

/* ---- links ---- */

bool host_name_sound(str host)
{
    size_t at = 0;
    if (host.n && host.p[0] == '[') {
        for (at = 1; at < host.n && (strchr("0123456789abcdefABCDEF:.", host.p[at]) && host.p[at]);)
            at++;
        if (at < 3 || at == host.n || host.p[at++] != ']')
            return false;
    } else {
        while (at < host.n && ((host.p[at] >= '0' && host.p[at] <= '9') || (host.p[at] >= 'a' && host.p[at] <= 'z')
                               || (host.p[at] >= 'A' && host.p[at] <= 'Z') || host.p[at] == '.' || host.p[at] == '-'))
            at++;
    }
    if (!at || host.n > 255)
        return false;
    if (at == host.n)
        return true;
    int64_t port;
    return host.p[at] == ':' && str_int64(str_from(host, at + 1), &port) && port >= 1 && port <= 65535;
}

str host_base_url(const struct host *host, struct arena *arena, const struct http_request *http)
{
    const struct settings *settings = host->settings;
    if (settings->public_url.p) {
        str url = settings->public_url;
        while (url.n && url.p[url.n - 1] == '/')
            url.n--;
        return url;
    }
    const str name = http ? http_header(http, "Host") : S0;
    if (!host_name_sound(name))
        return host->own_url;
    const bool tls = http_is_tls(http)
                     || (settings->behind_proxy && str_eq_ascii_case(http_header(http, "X-Forwarded-Proto"), S("https")));
    return arena_print(arena, "%s://%.*s", tls ? "https" : "http", STR_ARG(name));
}

/* ---- who is at the other end ---- */

/* The last address of the last X-Forwarded-For: what the proxy itself wrote there. Those before it are
 * whatever the client sent. */
static void see_forwarded(void *arg, str name, str value)
{
    str *last = arg;
    if (!str_eq_ascii_case(name, S("X-Forwarded-For")))
        return;
    for (;;) {
        const str one = str_cut(value, str_find(value, ',', 0));
        *last = str_trim(one);
        if (one.n == value.n)
            break;
        value = str_from(value, one.n + 1);
    }
}

static bool is_address(struct arena *arena, str text)
{
    char        bytes[16];
    const char *z = arena_z(arena, text.n ? text : S(""));
    return inet_pton(AF_INET, z, bytes) == 1 || inet_pton(AF_INET6, z, bytes) == 1;
}

str host_peer(const struct settings *settings, struct arena *arena, const struct http_request *http)
{
    str forwarded = S0;
    if (settings->behind_proxy)
        http_headers(http, see_forwarded, &forwarded);
    return arena_copy(arena, is_address(arena, forwarded) ? forwarded : http_peer(http));
}

/* ---- contexts ---- */

/* The reads of one operation see one state of the store, and pay for one lock. The view ends before anybody
 * sleeps or sends, and at the latest with the request: a view that stays open keeps the log from being reset. */
static void look_context(void *self, struct cx *cx)
{
    (void)self;
    store_view_end(cx->db);
    store_view_begin(cx->db);
}

static void open_context(void *self, struct cx *cx, const struct http_request *http)
{
    struct host *host = self;
    cx->db = this_threads_reader(host);
    look_context(host, cx);
    cx->site = &host->site;
    cx->now = clock_now();
    cx->strict = host->settings->strict;
    cx->base_url = host_base_url(host, cx->arena, http);
    cx->peer = host_peer(host->settings, cx->arena, http);
}

/* The connection is the thread's, the rest lies in the arena: only the view is given back. */
static void close_context(void *self, struct cx *cx)
{
    (void)self;
    if (cx->db)
        store_view_end(cx->db);
    cx->db = NULL;
}

/* ---- changes: contract's job as the store's change; both lie in the request's arena ---- */

static enum fault run_change(struct change *change, struct cx *cx)
{
    struct contract_job *job = change->owner;
    return job->run(job, cx);
}

static void change_done(struct change *change, enum fault fault)
{
    struct contract_job *job = change->owner;
    job->done(job, fault); /* the arena may be gone when this returns */
}

static struct change *change_of(struct contract_job *job)
{
    struct change *change = ARENA_NEW(job->cx->arena, struct change);
    if (job->cx->db)
        store_view_end(job->cx->db);
    *change = (struct change){ .run = run_change, .done = change_done, .cx = job->cx, .owner = job };
    return change;
}

/* All are made before the first is given away: each may be over, and its arena gone, from then on. */
static bool submit_change(void *self, struct contract_job *job)
{
    struct host   *host = self;
    struct change *first = NULL, **last = &first;
    for (; job; job = job->next) {
        *last = change_of(job);
        last = &(*last)->next;
    }
    return store_submit(host->store, first);
}

/* ---- slow work ---- */

struct errand {
    struct work          work; /* first: workers know no more than this */
    struct host         *host;
    struct contract_job *job;
};

static void run_errand(struct work *work, int thread)
{
    struct errand       *errand = (struct errand *)(void *)work;
    struct contract_job *job = errand->job;
    struct cx           *cx = job->cx;
    struct conn         *before = cx->db;
    cx->db = host_worker_reader(errand->host, thread);
    const enum fault fault = job->run(job, cx);
    cx->db = before;
    job->done(job, fault);
}

static bool submit_work(void *self, struct contract_job *job)
{
    struct host   *host = self;
    struct errand *errand = ARENA_NEW(job->cx->arena, struct errand);
    if (job->cx->db)
        store_view_end(job->cx->db);
    *errand = (struct errand){ .work.run = run_errand, .host = host, .job = job };
    return workers_do(host->workers, &errand->work);
}

struct contract_host host_lend(struct host *host)
{
    host->loop_readers = loop_readers(host->settings);
    return (struct contract_host){ .self = host, .open = open_context, .close = close_context, .look = look_context,
                                   .change = submit_change, .work = submit_work };
}
