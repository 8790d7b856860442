#include <assert.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "http/inner.h"
#include "http/spread.h"

enum {
    BLOCK = 128 * 1024,         /* of a source */
    AT_ONCE_MAX = 16 * 1024,    /* fits an empty socket buffer */
    VALUE_MAX = 512,            /* longer header values go over the heap */
};

/* ---- headers ---- */

static bool is_ours(str name)
{
    static const char *const ours[] = { "content-length", "date", "connection", "transfer-encoding" };

    for (size_t i = 0; i < COUNT(ours); i++)
        if (str_eq_ascii_case(name, str_of(ours[i])))
            return true;
    return false;
}

/* A value that would end the header, and so could begin another, is not sent. */
static bool may_be_sent(const struct http_header *header)
{
    const str v = header->value;

    if (!v.n || is_ours(str_of(header->name)))
        return false;
    if (!memchr(v.p, '\r', v.n) && !memchr(v.p, '\n', v.n) && !memchr(v.p, '\0', v.n))
        return true;
    log_line(LOG_WARN, "http: a header with a line break was not sent",
             LOG_PAIRS({ "name", str_of(header->name) }));
    return false;
}

static void add_header(struct MHD_Response *response, const char *name, str value)
{
    char                       small[VALUE_MAX];
    AUTO(text_done) struct text large = { 0 };

    if (value.n < sizeof small) {
        memcpy(small, value.p, value.n);
        small[value.n] = '\0';
        MHD_add_response_header(response, name, small);
    } else {
        text_add(&large, value);
        text_char(&large, '\0');
        MHD_add_response_header(response, name, large.p);
    }
}

/* Chunked bodies end their connection: the library takes a bare LF for a line end between chunks,
 * so that a proxy before us may see the body end elsewhere, and what follows it is not trusted. */
static bool must_close(const struct http_request *r)
{
    return r->body.chunked || atomic_load(&r->conn->unread) || r->is_cut_short || atomic_load(&r->server->draining);
}

static void add_headers(struct MHD_Response *response, const struct http_answer *answer)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (may_be_sent(&answer->headers[i]))
            add_header(response, answer->headers[i].name, answer->headers[i].value);
}

/* ---- the body ---- */

static ssize_t read_source(void *cls, uint64_t at, char *out, size_t room)
{
    struct http_request *r = cls;
    const int64_t        n = r->source.read(r->source.arg, r->source_offset + at, out, room);

    return n > 0 && (uint64_t)n <= room ? (ssize_t)n : MHD_CONTENT_READER_END_WITH_ERROR;
}

static ssize_t read_nothing(void *cls, uint64_t at, char *out, size_t room)
{
    (void)cls, (void)at, (void)out, (void)room;
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

/* A file is a source too: its descriptor is r->file, its bytes are where they are in the body. */
static int64_t read_file(void *arg, uint64_t at, char *out, size_t room)
{
    const struct http_request *r = arg;
    ssize_t                    n;
    do
        n = pread(r->file, out, room, (off_t)at);
    while (n < 0 && errno == EINTR);
    return n;
}

static int file_at(void *arg, uint64_t at, uint64_t *offset, uint64_t *length)
{
    const struct http_request *r = arg;
    *offset = at;
    *length = UINT64_MAX; /* no more is asked for than was said to be there */
    return r->file;
}

static void close_file(void *arg)
{
    const struct http_request *r = arg;
    close(r->file);
}

/* Otherwise its reader would wait for what never comes. */
static bool file_is_long_enough(int file, uint64_t offset, uint64_t size)
{
    struct stat s;

    return fstat(file, &s) == 0
           && (!S_ISREG(s.st_mode)
               || (size <= (uint64_t)s.st_size && offset <= (uint64_t)s.st_size - size));
}

static struct MHD_Response *empty_response(void)
{
    return MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
}

/* 304 has no body; its Content-Length, where it is told, is that of the body that 200 would have. */
static struct MHD_Response *bodiless_response(const struct http_request *r, const struct http_answer *answer)
{
    const uint64_t size = r->source_open || answer->size ? answer->size : answer->body.n;

    if (answer->status != MHD_HTTP_NOT_MODIFIED || !size)
        return empty_response();
    return MHD_create_response_from_callback(size, 1, read_nothing, NULL, NULL);
}

/* What is small is as well copied. */
static bool is_spread(const struct http_request *r, const struct http_answer *answer)
{
    return r->server->spreads && r->source.file_at && answer->size > BLOCK;
}

static struct MHD_Response *source_response(struct http_request *r, const struct http_answer *answer)
{
    struct MHD_Response *response = NULL;
    int                  fd = -1;

    if (r->file > 0 && !file_is_long_enough(r->file, answer->offset, answer->size))
        return NULL;
    if (is_spread(r, answer))
        fd = spread_begin(r, answer->size);
    if (fd < 0)
        return MHD_create_response_from_callback(answer->size, answer->size < BLOCK ? answer->size : BLOCK,
                                                 read_source, r, NULL);
    response = MHD_create_response_from_fd_at_offset64(answer->size, fd, 0);
    if (!response)
        close(fd);
    return response;
}

/* NULL: it cannot be made. */
static struct MHD_Response *make_response(struct http_request *r, const struct http_answer *answer)
{
    const int status = answer->status;

    if (status == MHD_HTTP_NO_CONTENT || status == MHD_HTTP_NOT_MODIFIED || status < 200)
        return bodiless_response(r, answer);
    if (r->source_open && answer->size)
        return source_response(r, answer);
    if (r->source_open || !answer->body.n)
        return empty_response();
    return MHD_create_response_from_buffer(answer->body.n, (void *)(uintptr_t)answer->body.p,
                                           MHD_RESPMEM_PERSISTENT);
}

/* ---- an answer in the middle of a body ---- */

static void print_answer(const struct http_request *r, const struct http_answer *answer, struct text *out)
{
    const bool has_body = answer->status != MHD_HTTP_NO_CONTENT && answer->status != MHD_HTTP_NOT_MODIFIED;
    char       date[INSTANT_TEXT];

    text_print(out, "HTTP/1.1 %d %s\r\nDate: ", answer->status,
               MHD_get_reason_phrase_for((unsigned)answer->status));
    text_add(out, instant_print(clock_now(), INSTANT_HTTP, date));
    text_add(out, S("\r\nConnection: close\r\n"));
    for (size_t i = 0; i < answer->header_count; i++)
        if (may_be_sent(&answer->headers[i]))
            text_print(out, "%s: %.*s\r\n", answer->headers[i].name, STR_ARG(answer->headers[i].value));
    if (has_body)
        text_print(out, "Content-Length: %zu\r\n", answer->body.n);
    text_add(out, S("\r\n"));
    if (has_body && !str_eq(r->method, S("HEAD")))
        text_add(out, answer->body);
}

/* The library takes no answer while a body comes in. Nothing of ours is on its way to the socket
 * then, so the answer is written there, whole, and the connection closed. Over TLS, or for a long
 * answer, false: the rest of the body is read and dropped, and the answer comes after it. */
static bool send_at_once(struct http_request *r, const struct http_answer *answer)
{
    AUTO(text_done) struct text out = { 0 };

    if (r->server->is_tls || answer->source || answer->file > 0 || answer->body.n > AT_ONCE_MAX / 2)
        return false;
    print_answer(r, answer, &out);
    if (out.n > AT_ONCE_MAX)
        return false;
    r->sent_at_once = send(r->conn->fd, out.p, out.n, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)out.n;
    return r->sent_at_once;
}

/* ---- the whole ---- */

static bool is_in_body(const struct http_request *r)
{
    return (r->stage == STAGE_TAKE && !r->is_too_large) || r->stage == STAGE_STREAM;
}

void http_answer(struct http_request *r, const struct http_answer *answer)
{
    assert(!r->answered);
    r->answered = true;
    r->source_open = answer->source || answer->file > 0;
    r->source_offset = answer->offset;
    if (answer->source) {
        r->source = *answer->source;
    } else if (answer->file > 0) {
        r->file = answer->file;
        r->source = (struct http_source){ .read = read_file, .file_at = file_at, .close = close_file, .arg = r };
    }
    r->is_cut_short = is_in_body(r);
    if (r->is_cut_short && send_at_once(r, answer))
        return;
    r->status = (unsigned)answer->status;
    r->response = make_response(r, answer);
    if (r->response) {
        add_headers(r->response, answer);
    } else {
        log_say(LOG_ERROR, "http: an answer of %llu bytes could not be made",
                (unsigned long long)answer->size);
        r->status = MHD_HTTP_INTERNAL_SERVER_ERROR;
        r->response = empty_response();
    }
    if (!r->response)
        log_die("out of memory");
}

void answer_plain(struct http_request *r, int status)
{
    static const struct http_header type = { "Content-Type", { "text/plain", 10 } };

    http_answer(r, &(struct http_answer){ .status = status, .headers = &type, .header_count = 1,
                                          .body = str_of(MHD_get_reason_phrase_for((unsigned)status)) });
}

enum MHD_Result answer_queue(struct http_request *r)
{
    if (must_close(r))
        MHD_add_response_header(r->response, MHD_HTTP_HEADER_CONNECTION, "close");
    const enum MHD_Result queued = MHD_queue_response(r->mhd, r->status, r->response);
    MHD_destroy_response(r->response);
    r->response = NULL;
    return queued;
}

void answer_done(struct http_request *r)
{
    if (r->response)
        MHD_destroy_response(r->response);
    r->response = NULL;
    spread_end(r);
    if (r->source_open && r->source.close)
        r->source.close(r->source.arg);
    r->source_open = false;
}
