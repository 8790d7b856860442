/* The application of live.h. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "base/workers.h"
#include "live.h"

struct live live;

static struct workers *wakers;

struct own {
    struct work          work; /* first */
    struct http_request *request;
    struct text          body;
    uint64_t             seen;
    int                  naps, ms, files[2];
    bool                 is_short;
};

struct http_limits live_limits(void)
{
    struct http_limits limits = http_default_limits;
    limits.head_timeout_s = 1;
    limits.idle_timeout_s = 20;
    limits.grace_s = 5;
    limits.head_bytes = 16 * 1024;
    return limits;
}

char live_byte(uint64_t at)
{
    return (char)('a' + at % 25);
}

static struct own *own_of(struct http_request *r)
{
    struct own *own = http_user(r);
    if (!own) {
        own = calloc(1, sizeof *own);
        own->request = r;
        http_set_user(r, own);
    }
    return own;
}

static bool is(const struct http_request *r, const char *path)
{
    return str_eq(http_path(r), str_of(path));
}

static void say(struct http_request *r, int status, str body)
{
    struct own *own = own_of(r);
    text_add(&own->body, body);
    http_answer(r, &(struct http_answer){ .status = status, .body = text_str(&own->body) });
}

/* ---- asleep ---- */

static void wake(struct work *work, int thread)
{
    struct own *own = (struct own *)work;
    (void)thread;
    nanosleep(&(struct timespec){ own->ms / 1000, (own->ms % 1000) * 1000000L }, NULL);
    atomic_fetch_sub(&live.sleeping, 1);
    http_wake(own->request);
}

static void nap(struct http_request *r)
{
    struct own *own = own_of(r);
    own->naps++;
    own->work.run = wake;
    atomic_fetch_add(&live.sleeping, 1);
    http_sleep(r);
    if (!workers_do(wakers, &own->work))
        abort();
}

static void nap_late(struct http_request *r)
{
    own_of(r)->naps++;
    http_wake(r);
    http_sleep(r);
}

/* ---- bytes ---- */

static int64_t read_bytes(void *arg, uint64_t at, char *out, size_t room)
{
    const struct own *own = arg;
    if (own->ms && at >= 1000) /* /break */
        return -1;
    atomic_fetch_add(&live.reads, 1);
    const size_t n = room < 1000 ? room : 1000;
    for (size_t i = 0; i < n; i++)
        out[i] = live_byte(at + i);
    return (int64_t)n;
}

/* /spread: FILE's bytes in files and between them, PIECE_SIZE each: two files, then bytes in no file. */
static int spread_at(void *arg, uint64_t at, uint64_t *offset, uint64_t *length)
{
    const struct own *own = arg;
    const uint64_t    piece = at / PIECE_SIZE;
    if (own->ms && at >= FILE_SIZE / 2) /* /spread-break */
        return -1;
    *offset = own->is_short ? FILE_SIZE : at;
    *length = PIECE_SIZE - at % PIECE_SIZE;
    atomic_fetch_add(&live.runs, 1);
    return piece % 3 == 2 ? 0 : own->files[piece % 3];
}

static void close_bytes(void *arg)
{
    struct own *own = arg;
    if (!own->request || http_user(own->request) != own) /* before over */
        abort();
    for (size_t i = 0; i < COUNT(own->files); i++)
        if (own->files[i])
            close(own->files[i]);
    atomic_fetch_add(&live.closed, 1);
}

static int            file_made;
static pthread_once_t file_once = PTHREAD_ONCE_INIT;

static void file_make(void)
{
    const int fd = memfd_create("file", MFD_CLOEXEC);
    char     *bytes = malloc(FILE_SIZE);
    for (uint64_t i = 0; i < FILE_SIZE; i++)
        bytes[i] = live_byte(i);
    if (write(fd, bytes, FILE_SIZE) != FILE_SIZE)
        abort();
    free(bytes);
    file_made = fd;
}

static int file_open(void)
{
    pthread_once(&file_once, file_make);
    return dup(file_made);
}

static void send_spread(struct http_request *r)
{
    struct own *own = own_of(r);
    const struct http_source source = { .read = read_bytes, .file_at = spread_at, .close = close_bytes, .arg = own };
    unsigned long long offset = 0, size = FILE_SIZE;
    if (http_query(r).p)
        sscanf(http_query(r).p, "%llu-%llu", &offset, &size);
    own->ms = is(r, "/spread-break");
    own->is_short = is(r, "/spread-short");
    for (size_t i = 0; i < COUNT(own->files); i++)
        own->files[i] = file_open();
    atomic_fetch_add(&live.opened, 1);
    http_answer(r, &(struct http_answer){ .status = 200, .source = &source, .offset = offset, .size = size });
}

/* /cut: a file that is cut short while it is sent. */
static void send_cut(struct http_request *r)
{
    unsigned long long there = 0;
    const int file = memfd_create("cut", MFD_CLOEXEC);
    sscanf(http_query(r).p, "%llu", &there);
    if (file < 0 || ftruncate(file, FILE_SIZE))
        abort();
    http_answer(r, &(struct http_answer){ .status = 200, .file = file, .size = FILE_SIZE });
    if (ftruncate(file, (off_t)there))
        abort();
}

static void send_bytes(struct http_request *r, bool from_file)
{
    struct own        *own = own_of(r);
    unsigned long long offset = 0, size = 10;
    const struct http_source source = { .read = read_bytes, .close = close_bytes, .arg = own };
    struct http_answer answer = { .status = 200 };
    if (http_query(r).p)
        sscanf(http_query(r).p, "%llu-%llu", &offset, &size);
    answer.offset = offset;
    answer.size = size;
    own->ms = is(r, "/break");
    if (from_file) {
        answer.file = file_open();
    } else {
        answer.source = &source;
        atomic_fetch_add(&live.opened, 1);
    }
    http_answer(r, &answer);
}

/* ---- small answers ---- */

static void see(void *arg, str name, str value)
{
    text_print(arg, "%.*s=%.*s;", STR_ARG(name), STR_ARG(value));
}

static void say_facts(struct http_request *r)
{
    AUTO(text_done) struct text out = { 0 };
    if (is(r, "/headers"))
        http_headers(r, see, &out);
    else
        text_print(&out, "%.*s|%.*s|%.*s", STR_ARG(http_path(r)), STR_ARG(http_query(r)), STR_ARG(http_peer(r)));
    say(r, 200, text_str(&out));
}

static void say_breaks(struct http_request *r)
{
    static char long_value[2000];
    memset(long_value, 'v', sizeof long_value);
    const struct http_header headers[] = {
        { "X-Good", S("good") },       { "X-Break", S("a\r\nX-Evil: b") }, { "X-Nul", S("a\0b") },
        { "X-Feed", S("a\nb") },       { "X-Long", { long_value, sizeof long_value } },
        { "Content-Length", S("1") },  { "connection", S("upgrade") },     { "X-Empty", S("") },
    };
    http_answer(r, &(struct http_answer){ .status = 200, .headers = headers, .header_count = COUNT(headers),
                                          .body = S("hello") });
}

static void answer(struct http_request *r)
{
    if (is(r, "/echo"))
        say(r, 200, http_body(r));
    else if (is(r, "/target") || is(r, "/headers"))
        say_facts(r);
    else if (is(r, "/file") || is(r, "/short"))
        send_bytes(r, true);
    else if (is(r, "/cut"))
        send_cut(r);
    else if (is(r, "/spread") || is(r, "/spread-break") || is(r, "/spread-short"))
        send_spread(r);
    else if (is(r, "/source") || is(r, "/break"))
        send_bytes(r, false);
    else if (is(r, "/status"))
        say(r, atoi(http_query(r).p), S("x"));
    else if (is(r, "/breaks"))
        say_breaks(r);
    else if (!is(r, "/nothing"))
        say(r, 200, S("hello"));
}

/* ---- the application ---- */

static bool swallow(void *arg, struct http_request *r, str piece)
{
    struct own *own = arg;
    own->seen += piece.n;
    if (own->seen <= FULL_AT || is(r, "/sink"))
        return true;
    if (is(r, "/mute"))
        for (int i = 0; i < 20000; i++)
            text_add(&own->body, S("0123456789"));
    say(r, 507, S("full"));
    return false;
}

static void on_head(void *self, struct http_request *r)
{
    (void)self;
    atomic_fetch_add(&live.heads, 1);
    if (is(r, "/refused"))
        say(r, 403, S("refused"));
    else if (is(r, "/sink") || is(r, "/full") || is(r, "/mute"))
        http_stream_body(r, (struct http_sink){ .write = swallow, .arg = own_of(r) });
    else if (!is(r, "/nothing") || http_query(r).p)
        http_take_body(r, ECHO_MAX);
}

static void on_ready(void *self, struct http_request *r)
{
    struct own *own = own_of(r);
    (void)self;
    if (is(r, "/sleep") || is(r, "/twice")) {
        own->ms = http_query(r).p ? atoi(http_query(r).p) : 0;
        nap(r);
    } else if (is(r, "/early")) {
        nap_late(r);
    } else if (is(r, "/sink") || is(r, "/full") || is(r, "/mute")) {
        AUTO(text_done) struct text out = { 0 };
        text_int(&out, (int64_t)own->seen);
        say(r, 200, text_str(&out));
    } else {
        answer(r);
    }
}

static void on_woken(void *self, struct http_request *r)
{
    (void)self;
    if (is(r, "/twice") && own_of(r)->naps < 2)
        nap(r);
    else
        answer(r);
}

static void on_too_large(void *self, struct http_request *r)
{
    (void)self;
    atomic_fetch_add(&live.too_large, 1);
    say(r, 413, S("too large"));
}

static void on_over(void *self, struct http_request *r)
{
    struct own *own = http_user(r);
    (void)self;
    http_set_user(r, NULL);
    atomic_fetch_add(&live.overs, 1);
    if (own)
        text_done(&own->body);
    free(own);
}

void live_start(const struct http_limits *limits)
{
    const struct http_app    app = { NULL, on_head, on_ready, on_woken, on_too_large, on_over };
    const struct http_listen at = { .address = "127.0.0.1" };
    const char              *error;
    memset(&live, 0, sizeof live);
    log_setup(LOG_TEXT, LOG_ERROR + 1);
    wakers = workers_new(4, 100000);
    if (http_server_start(&at, limits, &app, &live.server, &error) != OK)
        log_die(error);
    live.port = http_server_port(live.server);
}

void live_stop(void)
{
    http_server_stop(&live.server);
    workers_free(&wakers);
    if (live.server || live.heads != live.overs || live.opened != live.closed)
        abort();
}
