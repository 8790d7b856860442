#include "dialect/data/body.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "content/content.h"
#include "drive/site.h"
#include "drive/upload.h"

struct body {
    const struct cx *cx; /* the request's; only site is used after its head */
    const struct contract_host *host;
    struct http_request *http;
    const struct extent *extents;
    uint64_t *starts; /* of each extent in the content */
    size_t extent_count;
    const struct segment *segments;
    size_t segment_count, segment; /* the one read last */
    size_t open;                   /* the extent at hand; extent_count: none */
    int fd;                        /* of a chunk in content/, or -1 */
    struct arena *arena;           /* of the chunk at hand */
    str stored;                    /* the bytes of a chunk in the store */
};

enum fault body_must_be(struct cx *cx, enum fault fault)
{
    return fault == FAULT_NOT_FOUND
               ? fail(cx, FAULT_INTERNAL, .thing = THING_NODE, .because = "content is missing")
               : fault;
}

enum fault body_open_chunk(struct cx *cx, id chunk, int64_t size, int *fd)
{
    struct stat is;
    TRY(body_must_be(cx, content_read_open(cx, cx->site->content, chunk, fd)));
    if (fstat(*fd, &is) == 0 && (!S_ISREG(is.st_mode) || is.st_size == size))
        return OK;
    close(*fd);
    *fd = -1;
    return fail(cx, FAULT_INTERNAL, .thing = THING_NODE,
                .because = "a chunk is not of its recorded size",
                .got = arena_print(cx->arena, "%lld", (long long)chunk.v));
}

static void shut(struct body *body)
{
    if (body->fd >= 0)
        close(body->fd);
    body->fd = -1;
    body->stored = S0;
    body->open = body->extent_count;
    arena_reset(body->arena);
}

/* Brings extent `which` to hand, in a context of its own: the request's went back with its head. */
static bool reach(struct body *body, size_t which)
{
    if (body->open == which)
        return true;
    shut(body);
    const struct extent *extent = &body->extents[which];
    struct cx cx = { .arena = body->arena,
                     .site = body->cx->site,
                     .request_id = body->cx->request_id };
    enum fault fault;
    if (extent->stored_here) {
        body->host->open(body->host->self, &cx, body->http);
        fault = content_stored_bytes(&cx, extent->chunk, &body->stored);
        body->host->close(body->host->self, &cx);
        if (fault == OK && body->stored.n != (size_t)extent->size)
            fault = FAULT_INTERNAL;
    } else {
        fault = body_open_chunk(&cx, extent->chunk, extent->size, &body->fd);
    }
    if (fault != OK) {
        log_line(
            LOG_ERROR, "a download breaks off: a chunk cannot be read",
            LOG_PAIRS({ "request", body->cx->request_id }, { "fault", str_of(fault_name(fault)) }));
        shut(body);
        return false;
    }
    body->open = which;
    return true;
}

/* The extent that holds byte `at`: the last that starts at or before it (empty ones are skipped,
 * since the next one starts at the same byte). */
static size_t extent_of(const struct body *body, uint64_t at)
{
    size_t low = 0, high = body->extent_count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (body->starts[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static int64_t read_content(struct body *body, uint64_t at, char *out, uint64_t room)
{
    if (body->extent_count == 0)
        return -1;
    const size_t which = extent_of(body, at);
    const uint64_t inside = at - body->starts[which];
    const uint64_t size = (uint64_t)body->extents[which].size;
    if (inside >= size || !reach(body, which))
        return -1;
    const size_t n = (size_t)(room < size - inside ? room : size - inside);
    if (body->stored.p) {
        memcpy(out, body->stored.p + inside, n);
        return (int64_t)n;
    }
    ssize_t got;
    do
        got = pread(body->fd, out, n, (off_t)inside);
    while (got < 0 && errno == EINTR);
    if (got > 0)
        return got;
    log_line(LOG_ERROR,
             "a download breaks off: a chunk is shorter than recorded, or the disk failed",
             LOG_PAIRS({ "request", body->cx->request_id }));
    return -1;
}

/* Segments are read in order, so the one wanted is the last one or the next. */
static const struct segment *segment_of(struct body *body, uint64_t at)
{
    if (body->segment >= body->segment_count || at < body->segments[body->segment].at)
        body->segment = 0;
    while (body->segment < body->segment_count
           && at - body->segments[body->segment].at >= body->segments[body->segment].length)
        body->segment++;
    return body->segment < body->segment_count ? &body->segments[body->segment] : NULL;
}

static int64_t read_body(void *arg, uint64_t at, char *out, size_t room)
{
    struct body *body = arg;
    size_t done = 0;
    while (done < room) {
        const struct segment *segment = segment_of(body, at + done);
        if (!segment)
            break;
        const uint64_t inside = at + done - segment->at;
        const uint64_t left = segment->length - inside;
        const size_t n = (size_t)(left < room - done ? left : room - done);
        int64_t got = (int64_t)n;
        if (segment->text.p)
            memcpy(out + done, segment->text.p + inside, n);
        else
            got = read_content(body, segment->first + inside, out + done, n);
        if (got < 0)
            return -1;
        done += (size_t)got;
    }
    return (int64_t)done;
}

static int file_at(void *arg, uint64_t at, uint64_t *offset, uint64_t *length)
{
    struct body *body = arg;
    const struct segment *segment = segment_of(body, at);
    if (!segment || body->extent_count == 0)
        return -1;
    if (segment->text.p)
        return 0;
    const uint64_t first = segment->first + (at - segment->at);
    const size_t which = extent_of(body, first);
    const uint64_t size = (uint64_t)body->extents[which].size;
    *offset = first - body->starts[which];
    if (*offset >= size || !reach(body, which))
        return -1;
    const uint64_t there = size - *offset, wanted = segment->length - (at - segment->at);
    *length = there < wanted ? there : wanted;
    return body->stored.p ? 0 : body->fd;
}

/* May come after the request is over: touches only what is its own. */
static void close_body(void *arg)
{
    struct body *body = arg;
    shut(body);
    arena_free(&body->arena);
    free(body);
}

struct http_source body_source(struct cx *cx, const struct contract_host *host,
                               struct http_request *http, const struct list *extents,
                               const struct segment *segments, size_t count)
{
    struct body *body = malloc(sizeof *body);
    if (!body)
        log_die("out of memory");
    *body = (struct body){
        .cx = cx,
        .host = host,
        .http = http,
        .extents = extents->items,
        .extent_count = extents->count,
        .starts = ARENA_MANY(cx->arena, uint64_t, extents->count + 1),
        .segments = segments,
        .segment_count = count,
        .open = extents->count,
        .fd = -1,
        .arena = arena_new(),
    };
    for (size_t i = 0; i < extents->count; i++)
        body->starts[i + 1] = body->starts[i] + (uint64_t)body->extents[i].size;
    return (struct http_source){ .read = read_body, .file_at = file_at, .close = close_body, .arg = body };
}
