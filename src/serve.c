/* serve.c: the server from its start to its end. Opened in the order of open_all, closed in the other. */
#include "serve.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "admin/password.h"
#include "admin/place.h"
#include "base/clock.h"
#include "base/log.h"
#include "drive/hashing.h"
#include "drive/maintenance.h"
#include "drive/task.h"
#include "drive/user.h"
#include "front.h"
#include "listen.h"

enum { TICK_S = 30, WORK_QUEUE = 1024, SPARE_DESCRIPTORS = 256, TOKEN_MAX = 4096 };

struct server {
    struct run               *run;
    const struct serve_hooks *hooks;
    struct settings          *settings;
    struct cx                 cx; /* the main thread's */
    struct caller             caller;
    struct place              place;
    struct host               host;
    struct contract_host      lent;
    const struct dialect    **dialects;
    struct front              front;
    struct address            address;
    struct http_listen        listen;
    struct http_server       *http;
    struct work               tidy; /* maintenance, one at a time */
    atomic_bool               tidying, ending;
};

static int told(const struct server *s, enum fault fault)
{
    return fault == OK ? EXIT_DONE : command_failed(s->run, &s->cx);
}

/* ---- the process ---- */

static void block_signals(void)
{
    sigset_t set;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a write that fails */
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL); /* threads inherit it; the main thread waits for them */
}

static void prepare_process(const struct settings *settings)
{
    struct rlimit files;
    umask(077);
    mallopt(M_ARENA_MAX, 2); /* an arena a thread would hold memory that others could use */
    /* What a page takes is not given back to the kernel after each: faulting it in anew was a fifth of its cost. */
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    if (getrlimit(RLIMIT_NOFILE, &files) == 0
        && files.rlim_cur < (rlim_t)settings->connections + SPARE_DESCRIPTORS)
        log_say(LOG_WARN, "the limit of %llu open files is less than %d connections need",
                (unsigned long long)files.rlim_cur, settings->connections);
    log_setup(settings_log_form(settings), settings_log_level(settings));
    block_signals();
}

/* ---- opening ---- */

static int open_store(struct server *s)
{
    const struct store_options options = { .readers = host_readers(s->settings), .may_create = s->place.is_bare,
                                           .domain = s->settings->domain };
    const str where = place_of_store(s->settings);
    const enum fault fault = store_open(&s->cx, where, &options, &s->host.store);
    if (fault == FAULT_NOT_FOUND)
        return command_fails(s->run, EXIT_SETTINGS, "%.*s is not empty, and there is no database in %.*s",
                             STR_ARG(s->settings->data), STR_ARG(where));
    if (fault == FAULT_UNSUPPORTED)
        return command_fails(s->run, EXIT_SETTINGS, "%s", s->cx.why.because);
    if (fault != OK)
        return told(s, fault);
    s->cx.db = store_reader(s->host.store, 0);
    return s->cx.db ? EXIT_DONE : command_fails(s->run, EXIT_UNREACHABLE, "the store cannot be read");
}

struct founding {
    str domain, hash;
};

static enum fault found(struct cx *cx, void *arg)
{
    const struct founding *founding = arg;
    return site_found(cx, founding->domain, founding->hash);
}

/* A fresh store gets its domain and its superadmin, whose password is shown this once. */
static int found_site(struct server *s)
{
    const bool      quiet = s->hooks && s->hooks->quiet_start;
    const str       password = password_random(s->cx.arena);
    struct founding founding = { s->settings->domain, quiet ? S0 : password_hash(s->cx.arena, password) };
    const int code = told(s, store_change_now(s->host.store, &s->cx, found, &founding));
    if (code || quiet)
        return code;
    printf("the password of superadmin is %.*s (shown once; `polydrive user passwd superadmin` makes a new one)\n",
           STR_ARG(password));
    fflush(stdout);
    return EXIT_DONE;
}

static int open_site(struct server *s)
{
    struct host *host = &s->host;
    enum fault fault = site_open(&s->cx, s->place.key, host->store, host->content, &host->site);
    if (fault == FAULT_NOT_FOUND) {
        const int code = found_site(s);
        if (code)
            return code;
        fault = site_open(&s->cx, s->place.key, host->store, host->content, &host->site);
    }
    if (fault != OK)
        return told(s, fault);
    s->cx.site = &host->site;
    s->caller = (struct caller){ .domain = host->site.domain.id, .role = ROLE_SUPERADMIN };
    s->cx.caller = &s->caller;
    if (!s->settings->domain_was_given || str_eq(s->settings->domain, host->site.domain.name))
        return EXIT_DONE;
    return command_fails(s->run, EXIT_SETTINGS, "the data belong to the domain %.*s, not %.*s",
                         STR_ARG(host->site.domain.name), STR_ARG(s->settings->domain));
}

static int open_data(struct server *s)
{
    str error;
    int code = place_take(s->cx.arena, s->settings, &s->place, &error);
    if (code)
        return command_fails(s->run, code, "%.*s", STR_ARG(error));
    code = open_store(s);
    if (!code)
        code = told(s, content_open(&s->cx, place_of_content(s->settings), &s->host.content));
    if (!code)
        content_leave_free(s->host.content, s->settings->disk_floor);
    return code ? code : open_site(s);
}

static int read_metrics_token(struct server *s)
{
    const str path = s->settings->metrics_token_file;
    s->front.metrics_token = s->settings->metrics_token;
    if (!path.p)
        return EXIT_DONE;
    char  bytes[TOKEN_MAX];
    FILE *file = fopen(arena_z(s->cx.arena, path), "re");
    const size_t n = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file)
        fclose(file);
    const str token = str_trim((str){ bytes, n ? strcspn(arena_z(s->cx.arena, (str){ bytes, n }), "\r\n") : 0 });
    if (!token.n)
        return command_fails(s->run, EXIT_SETTINGS, "metrics_token_file: no token in %.*s", STR_ARG(path));
    s->front.metrics_token = arena_copy(s->cx.arena, token);
    return EXIT_DONE;
}

static struct conn *worker_reader(void *self, int thread)
{
    return host_worker_reader(self, thread);
}

static int open_doors(struct server *s)
{
    const struct vendor *vendors = s->run->lent->vendors;
    size_t count = 0;
    str    error = S0;
    while (vendors[count].dialect)
        count++;
    s->dialects = ARENA_MANY(s->cx.arena, const struct dialect *, count + 1);
    for (size_t i = 0; i < count; i++)
        s->dialects[i] = vendors[i].dialect;
    s->host.workers = s->host.site.workers = workers_new(s->settings->workers, WORK_QUEUE);
    s->lent = host_lend(&s->host);
    s->host.site.tasks = tasks_new(&s->host.site, s->host.workers, s->settings->workers / 2, worker_reader, &s->host);
    s->front.host = &s->host;
    s->front.dialects = s->dialects;
    s->front.started = s->cx.now;
    s->front.contract = contract_new(s->dialects, &s->lent, s->cx.arena, &error);
    if (!s->front.contract)
        return command_fails(s->run, EXIT_FAILED, "%.*s", STR_ARG(error));
    s->front.data = data_door_new(&s->lent);
    return read_metrics_token(s);
}

static int start_listening(struct server *s)
{
    const struct http_app app = front_app(&s->front);
    struct http_limits    limits = http_default_limits;
    const bool  tls = s->listen.tls_cert_pem != NULL;
    const char *error = NULL;

    limits.threads = host_loops(s->settings);
    limits.connections = (unsigned)s->settings->connections;
    limits.connections_per_peer = (unsigned)s->settings->connections_per_peer;
    limits.grace_s = (unsigned)s->settings->grace;
    s->host.own_url = address_url(s->cx.arena, &s->address, s->address.port, tls);
    enum fault fault = http_server_start(&s->listen, &limits, &app, &s->http, &error);
    if (fault != OK && s->hooks && s->hooks->any_port && !s->settings->listen_was_given) {
        s->listen.port = 0;
        fault = http_server_start(&s->listen, &limits, &app, &s->http, &error);
    }
    if (fault != OK)
        return command_fails(s->run, EXIT_FAILED, "cannot listen on %.*s: %s", STR_ARG(s->settings->listen),
                             error ? error : fault_text(fault));
    if (!s->listen.port)
        s->host.own_url = address_url(s->cx.arena, &s->address, http_server_port(s->http), tls);
    s->front.server = s->http;
    return EXIT_DONE;
}

/* Tells everybody that connections are accepted now. */
static int announce(struct server *s)
{
    const str reached = s->settings->public_url.p ? s->settings->public_url : s->host.own_url;
    if (!place_announce(s->cx.arena, s->settings, reached))
        return command_fails(s->run, EXIT_FAILED, "cannot write run.json: %s", strerror(errno));
    if (s->hooks && s->hooks->listening) {
        s->hooks->listening(s->hooks->self, arena_z(s->cx.arena, reached));
    } else {
        struct address at = s->address;
        at.is_any = false; /* the line says what was bound */
        const str url = address_url(s->cx.arena, &at, http_server_port(s->http), s->listen.tls_cert_pem != NULL);
        printf("listening on %.*s\n", STR_ARG(url));
    }
    fflush(stdout);
    log_line(LOG_INFO, "polydrive " POLYDRIVE_VERSION " serves",
             LOG_PAIRS({ "data", s->settings->data }, { "domain", s->host.site.domain.name }, { "url", reached }));
    notify_manager("READY=1");
    return EXIT_DONE;
}

static int open_all(struct server *s)
{
    str error;
    if (!listen_read(s->cx.arena, s->settings, &s->address, &s->listen, &error))
        return command_fails(s->run, EXIT_SETTINGS, "%.*s", STR_ARG(error));
    int code = open_data(s);
    if (!code)
        code = open_doors(s);
    if (!code && s->hooks && s->hooks->seed)
        code = told(s, s->hooks->seed(s->hooks->self, &s->cx));
    if (!code)
        code = start_listening(s);
    return code ? code : announce(s);
}

/* Requests end first, then what they wait for. */
static void close_all(struct server *s)
{
    atomic_store(&s->ending, true);
    s->front.server = NULL;
    http_server_stop(&s->http);
    if (s->host.site.hashing)
        hashing_halt(s->host.site.hashing);
    tasks_stop(s->host.site.tasks);
    workers_free(&s->host.workers);
    tasks_free(&s->host.site.tasks);
    store_close(&s->host.store);
    data_door_free(&s->front.data);
    contract_free(&s->front.contract);
    site_close(&s->host.site);
    content_close(&s->host.content);
    if (s->place.lock >= 0)
        place_forget(s->cx.arena, s->settings);
    place_release(&s->place);
}

/* ---- while it runs ---- */

struct round {
    struct list gone;
    bool        more;
};

static enum fault purge(struct cx *cx, void *arg)
{
    struct round *round = arg;
    return maintenance_run(cx, &round->gone, &round->more);
}

/* Rows first, in a change of their own; the files they named after that is durable. */
static bool tidy_more(struct server *s, int thread)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct round  round = { .more = false };
    struct caller caller = s->caller;
    struct cx cx = { .arena = arena, .db = host_worker_reader(&s->host, thread), .site = &s->host.site,
                     .caller = &caller, .now = clock_now(), .request_id = S("maintenance") };
    const enum fault fault = store_change_now(s->host.store, &cx, purge, &round);
    if (fault == OK)
        maintenance_sweep(&cx, &round.gone);
    else
        log_line(LOG_WARN, "maintenance did not get through",
                 LOG_PAIRS({ "fault", str_of(fault_name(fault)) }, { "because", str_of(cx.why.because) }));
    return fault == OK && round.more && !atomic_load(&s->ending);
}

static void tidy_up(struct work *work, int thread)
{
    struct server *s = (struct server *)(void *)((char *)work - offsetof(struct server, tidy));
    while (tidy_more(s, thread))
        ;
    atomic_store(&s->tidying, false);
}

static void tick(struct server *s)
{
    tasks_wake(s->host.site.tasks);
    if (atomic_exchange(&s->tidying, true))
        return; /* the last one still runs */
    s->tidy.run = tidy_up;
    if (!workers_do(s->host.workers, &s->tidy))
        atomic_store(&s->tidying, false);
}

static void reload(struct server *s)
{
    struct settings fresh;
    struct timespec now;
    str  error;
    char state[80];
    clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%lld",
             (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
    notify_manager(state);
    AUTO(arena_free) struct arena *arena = arena_new();
    if (settings_read(arena, s->run->given, &fresh, &error)) {
        log_setup(settings_log_form(&fresh), settings_log_level(&fresh));
        log_say(LOG_INFO, "read the log's settings again");
    } else {
        log_line(LOG_ERROR, "the settings stay as they were", LOG_PAIRS({ "error", error }));
    }
    notify_manager("READY=1");
}

static void wait_for_end(struct server *s)
{
    sigset_t set;
    int64_t  next = clock_monotonic_ms() + TICK_S * 1000;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    for (;;) {
        const int64_t left = next - clock_monotonic_ms();
        if (left <= 0) {
            tick(s);
            next += TICK_S * 1000;
            continue;
        }
        const struct timespec wait = { .tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000 };
        const int got = sigtimedwait(&set, NULL, &wait);
        if (got == SIGHUP)
            reload(s);
        else if (got > 0)
            return;
    }
}

int serve_run(struct run *run, const struct serve_hooks *hooks)
{
    struct server s = { .run = run, .hooks = hooks, .settings = &run->settings, .place.lock = -1,
                        .host.settings = &run->settings,
                        .cx = { .arena = run->arena, .now = clock_now(), .request_id = S("start") } };
    prepare_process(s.settings);
    const int code = open_all(&s);
    if (code == EXIT_DONE) {
        tasks_wake(s.host.site.tasks); /* what the last run left */
        wait_for_end(&s);
        notify_manager("STOPPING=1");
        log_say(LOG_INFO, "stopping");
    }
    close_all(&s);
    return code;
}
