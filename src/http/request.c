/* A request's life, as libmicrohttpd's callbacks see it:
 *
 *   request_target     the request line is in: the request is made
 *   request_step       first call: the head is complete; refuse it or ask the application
 *                      calls with bytes: the body
 *                      call without bytes: the body is complete, or a sleeper was resumed
 *   request_completed  the end, in whatever state
 *
 * The library takes an answer in the first call (and then closes the connection, for the body
 * would follow unread) or in a call without bytes, and at no other time. So http_answer only makes
 * the answer, and it is queued here, at the end of a call. An answer in the middle of a body goes
 * to the socket by hand; where that is not possible the rest of the body is dropped first. */
#include <assert.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/inner.h"

enum { FIRST_ROOM = 4096, OWN_ROOM = 16 * 1024 };

void *request_target(void *cls, const char *target, struct MHD_Connection *mhd)
{
    const str            t = str_of(target ? target : "");
    struct http_request *r = malloc(sizeof *r + t.n + 1);

    if (!r)
        log_die("out of memory");
    memset(r, 0, sizeof *r);
    memcpy(r->target_text, t.p, t.n + 1);
    r->server = cls;
    r->mhd = mhd;
    r->target = (str){ r->target_text, t.n };
    r->target_at = target;
    r->path_n = str_find(r->target, '?', 0);
    r->body.length = -1;
    /* The library would now split the query and keep a record of each argument; a query of many
     * short ones exhausts its memory and leaves its loop spinning. So it sees an empty query; the
     * buffer is its own and writable, and it does the same a line later. */
    if (r->path_n < t.n)
        ((char *)(uintptr_t)target)[r->path_n + 1] = '\0';
    return r;
}

/* ---- the head ---- */

static enum MHD_Result see_field(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_n,
                                 const char *value, size_t value_n)
{
    (void)kind;
    head_check_field(cls, (str){ name, name_n }, (str){ value, value_n });
    return MHD_YES;
}

static size_t head_size(const struct http_request *r)
{
    const union MHD_ConnectionInfo *size =
        MHD_get_connection_info(r->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return size ? size->header_size : 0;
}

static bool read_head(const struct http_request *r, struct head_body *body)
{
    struct head_check check;

    head_check_line(&check, (str){ r->method.p, head_size(r) }, r->method,
                    (str){ r->target_at, r->target.n }, r->target, r->version);
    MHD_get_connection_values_n(r->mhd, MHD_HEADER_KIND, see_field, &check);
    return head_check_end(&check, body);
}

static void tell_head(struct http_request *r)
{
    const struct http_app *app = &r->server->app;

    r->told = true;
    atomic_fetch_add(&r->server->in_flight, 1);
    app->head(app->self, r);
    if (r->is_too_large && !r->answered)
        app->too_large(app->self, r);
    if (!r->answered && (r->stage == STAGE_HEAD || r->is_too_large)) {
        log_say(LOG_ERROR, "http: the application did nothing with a head");
        answer_plain(r, MHD_HTTP_INTERNAL_SERVER_ERROR);
    }
}

static enum MHD_Result first_call(struct http_request *r, const char *method, const char *version)
{
    const union MHD_ConnectionInfo *conn =
        MHD_get_connection_info(r->mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    r->method = str_of(method);
    r->version = str_of(version);
    r->conn = conn->socket_context;
    r->stage = STAGE_HEAD;
    atomic_fetch_add(&r->conn->turn, 1);
    if (head_size(r) > r->server->limits.head_bytes)
        answer_plain(r, MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE);
    else if (!read_head(r, &r->body))
        answer_plain(r, MHD_HTTP_BAD_REQUEST);
    else
        tell_head(r);
    const bool unread = http_has_body(r) || !r->told;
    atomic_store(&r->conn->unread, unread);
    if (r->answered && unread)
        return answer_queue(r);
    return MHD_YES;
}

/* ---- the body ---- */

/* What a request may always have is little; beyond that all share what there is, for who sends a body need not
 * be anybody, nor ever end it. */
static bool claim(struct http_request *r, size_t room)
{
    const size_t had = r->claimed, wants = room > OWN_ROOM ? room - OWN_ROOM : 0;
    if (wants <= had)
        return true;
    if (atomic_fetch_add(&r->server->bodies, wants - had) + (wants - had) > r->server->limits.bodies_bytes) {
        atomic_fetch_sub(&r->server->bodies, wants - had);
        return false;
    }
    if (!r->claimed)
        atomic_store(&r->conn->claimed_since, clock_monotonic_ms());
    r->claimed = wants;
    return true;
}

/* false: there is no room for it now. */
static bool gather(struct http_request *r, str piece)
{
    size_t room = r->gathered_room;

    if (r->gathered_n + piece.n > room) {
        room = room ? room * 2 : FIRST_ROOM;
        while (room < r->gathered_n + piece.n)
            room *= 2;
        if (room > r->limit)
            room = r->limit;
        if (!claim(r, room))
            return false;
        r->gathered = realloc(r->gathered, room);
        if (!r->gathered)
            log_die("out of memory");
        r->gathered_room = room;
    }
    memcpy(r->gathered + r->gathered_n, piece.p, piece.n);
    r->gathered_n += piece.n;
    return true;
}

static enum MHD_Result body_piece(struct http_request *r, str piece)
{
    const struct http_app *app = &r->server->app;

    if (r->answered) /* what comes after an answer is dropped */
        return MHD_YES;
    if (r->stage == STAGE_STREAM) {
        if (r->sink.write(r->sink.arg, r, piece) && !r->answered)
            return MHD_YES;
    } else if (piece.n > r->limit - r->gathered_n) {
        app->too_large(app->self, r);
    } else if (gather(r, piece)) {
        return MHD_YES;
    } else {
        answer_plain(r, MHD_HTTP_SERVICE_UNAVAILABLE);
    }
    if (!r->answered) {
        log_say(LOG_ERROR, "http: the application refused a body without an answer");
        answer_plain(r, MHD_HTTP_INTERNAL_SERVER_ERROR);
    }
    return r->sent_at_once ? MHD_NO : MHD_YES;
}

/* ---- sleeping ---- */

void http_sleep(struct http_request *r)
{
    enum sleep_state awake = SLEEP_AWAKE;

    assert(r->stage == STAGE_READY && !r->answered);
    /* Fails when the wake was there first; app.woken follows all the same. */
    atomic_compare_exchange_strong(&r->sleep, &awake, SLEEP_SLEEPING);
}

/* After the exchange the request may be answered and gone at any moment, unless it is suspended;
 * then it stays until it is resumed. The server stays while `waking` counts us. */
void http_wake(struct http_request *r)
{
    struct http_server    *server = r->server;
    struct MHD_Connection *mhd = r->mhd;

    atomic_fetch_add(&server->waking, 1);
    if (atomic_exchange(&r->sleep, SLEEP_WOKEN) == SLEEP_SUSPENDED)
        MHD_resume_connection(mhd);
    atomic_fetch_sub(&server->waking, 1);
}

static void await_wake(const struct http_request *r)
{
    const struct timespec pause = { .tv_nsec = 1000000 };

    while (atomic_load(&r->sleep) != SLEEP_WOKEN)
        nanosleep(&pause, NULL);
}

/* true: the connection is suspended. false: the wake has come meanwhile. The library does not
 * survive being stopped with suspended connections, so once http_server_stop has closed that door
 * the loop thread itself waits. */
static bool park(struct http_request *r)
{
    struct http_server *server = r->server;
    enum sleep_state    sleeping = SLEEP_SLEEPING;

    if (atomic_load(&r->sleep) == SLEEP_WOKEN)
        return false;
    atomic_fetch_add(&server->asleep, 1);
    if (atomic_load(&server->closed)) {
        atomic_fetch_sub(&server->asleep, 1);
        await_wake(r);
        return false;
    }
    r->is_parked = true;
    MHD_suspend_connection(r->mhd);
    if (!atomic_compare_exchange_strong(&r->sleep, &sleeping, SLEEP_SUSPENDED))
        MHD_resume_connection(r->mhd);
    return true;
}

static void unpark(struct http_request *r)
{
    if (r->is_parked) {
        r->is_parked = false;
        atomic_fetch_sub(&r->server->asleep, 1);
    }
}

/* The body is complete and sleepers are back: what the application does now leads to an answer. */
static enum MHD_Result last_call(struct http_request *r)
{
    const struct http_app *app = &r->server->app;

    atomic_store(&r->conn->unread, false);
    atomic_store(&r->conn->claimed_since, 0);
    if (r->is_parked) {
        unpark(r);
    } else if (!r->answered && r->stage != STAGE_READY) {
        r->stage = STAGE_READY;
        app->ready(app->self, r);
    }
    while (!r->answered && atomic_load(&r->sleep) != SLEEP_AWAKE) {
        if (atomic_load(&r->sleep) != SLEEP_WOKEN && park(r))
            return MHD_YES;
        atomic_store(&r->sleep, SLEEP_AWAKE);
        app->woken(app->self, r);
    }
    if (!r->answered) {
        log_say(LOG_ERROR, "http: the application neither answered nor slept");
        answer_plain(r, MHD_HTTP_INTERNAL_SERVER_ERROR);
    }
    return answer_queue(r);
}

enum MHD_Result request_step(void *cls, struct MHD_Connection *mhd, const char *url,
                             const char *method, const char *version, const char *upload,
                             size_t *upload_n, void **context)
{
    struct http_request *r = *context;

    (void)cls, (void)mhd, (void)url;
    if (r->stage == STAGE_NEW)
        return first_call(r, method, version);
    if (*upload_n) {
        const str piece = { upload, *upload_n };
        *upload_n = 0;
        return body_piece(r, piece);
    }
    return last_call(r);
}

void request_completed(void *cls, struct MHD_Connection *mhd, void **context,
                       enum MHD_RequestTerminationCode code)
{
    struct http_server    *server = cls;
    const struct http_app *app = &server->app;
    struct http_request   *r = *context;

    (void)mhd;
    if (!r)
        return;
    *context = NULL;
    unpark(r);
    answer_done(r);
    if (r->conn) {
        atomic_store(&r->conn->claimed_since, 0);
        atomic_fetch_add(&r->conn->turn, 1);
    }
    if (r->answered && code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        atomic_fetch_add(&server->answered, 1);
    if (r->told) {
        app->over(app->self, r);
        atomic_fetch_sub(&server->in_flight, 1);
    }
    atomic_fetch_sub(&server->bodies, r->claimed);
    free(r->gathered);
    free(r);
}

/* ---- what the application reads and chooses ---- */

str http_method(const struct http_request *r)
{
    return r->method;
}

str http_path(const struct http_request *r)
{
    return str_cut(r->target, r->path_n);
}

str http_query(const struct http_request *r)
{
    return r->path_n < r->target.n ? str_from(r->target, r->path_n + 1) : S0;
}

str http_peer(const struct http_request *r)
{
    return str_of(r->conn->peer);
}

bool http_is_tls(const struct http_request *r)
{
    return r->server->is_tls;
}

str http_header(const struct http_request *r, const char *name)
{
    const char *value = NULL;
    size_t      n = 0;

    if (MHD_lookup_connection_value_n(r->mhd, MHD_HEADER_KIND, name, strlen(name), &value, &n) == MHD_NO)
        return S0;
    return str_trim((str){ value ? value : "", n });
}

struct counting {
    str name;
    int count;
};

static enum MHD_Result count_name(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_n,
                                  const char *value, size_t value_n)
{
    struct counting *c = cls;

    (void)kind, (void)value, (void)value_n;
    c->count += str_eq_ascii_case(c->name, (str){ name, name_n });
    return MHD_YES;
}

int http_header_count(const struct http_request *r, const char *name)
{
    struct counting c = { .name = str_of(name) };

    MHD_get_connection_values_n(r->mhd, MHD_HEADER_KIND, count_name, &c);
    return c.count;
}

struct seeing {
    void (*see)(void *arg, str name, str value);
    void *arg;
};

static enum MHD_Result see_each(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_n,
                                const char *value, size_t value_n)
{
    const struct seeing *s = cls;

    (void)kind;
    s->see(s->arg, (str){ name, name_n }, str_trim((str){ value, value_n }));
    return MHD_YES;
}

void http_headers(const struct http_request *r, void (*see)(void *arg, str name, str value), void *arg)
{
    struct seeing s = { .see = see, .arg = arg };

    MHD_get_connection_values_n(r->mhd, MHD_HEADER_KIND, see_each, &s);
}

int64_t http_content_length(const struct http_request *r)
{
    return r->body.length;
}

bool http_has_body(const struct http_request *r)
{
    return r->body.chunked || r->body.length > 0;
}

str http_body(const struct http_request *r)
{
    return (str){ r->gathered ? r->gathered : "", r->gathered_n };
}

void http_set_user(struct http_request *r, void *user)
{
    r->user = user;
}

void *http_user(const struct http_request *r)
{
    return r->user;
}

void http_take_body(struct http_request *r, size_t limit)
{
    assert(r->stage == STAGE_HEAD && !r->answered);
    r->stage = STAGE_TAKE;
    r->limit = limit;
    r->is_too_large = r->body.length > 0 && (uint64_t)r->body.length > limit;
}

void http_stream_body(struct http_request *r, struct http_sink sink)
{
    assert(r->stage == STAGE_HEAD && !r->answered);
    r->stage = STAGE_STREAM;
    r->sink = sink;
}
