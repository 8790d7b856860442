/* Answers: an answer of ours becomes a response of the library. */
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "http/inner.h"

enum { SOURCE_BLOCK = 128 * 1024 };

struct source_state {
    struct http_source source;
    uint64_t           offset;
};

static ssize_t source_read(void *arg, uint64_t at, char *out, size_t room)
{
    struct source_state *s = arg;
    const int64_t got = s->source.read(s->source.arg, s->offset + at, out, room);
    return got > 0 ? (ssize_t)got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void source_close(void *arg)
{
    struct source_state *s = arg;
    if (s->source.close)
        s->source.close(s->source.arg);
    free(s);
}

static struct MHD_Response *from_source(const struct http_answer *a)
{
    struct source_state *s = malloc(sizeof *s);
    if (!s)
        log_die("out of memory");
    *s = (struct source_state){ *a->source, a->offset };
    return MHD_create_response_from_callback(a->size, SOURCE_BLOCK, source_read, s, source_close);
}

static struct MHD_Response *from_file(const struct http_answer *a)
{
    if (a->size)
        return MHD_create_response_from_fd_at_offset64(a->size, a->file, a->offset);
    close(a->file);
    return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
}

static struct MHD_Response *response_of(const struct http_answer *a)
{
    if (a->file > 0)
        return from_file(a);
    if (a->source)
        return from_source(a);
    return MHD_create_response_from_buffer(a->body.n, (void *)(uintptr_t)a->body.p, MHD_RESPMEM_PERSISTENT);
}

/* A value with a line break would be a second header: it is not sent. */
static void add_header(struct MHD_Response *response, const struct http_header *header)
{
    char   small[512], *value = small;
    for (size_t i = 0; i < header->value.n; i++)
        if ((unsigned char)header->value.p[i] < 0x20 || header->value.p[i] == 0x7F)
            return;
    if (header->value.n >= sizeof small && !(value = malloc(header->value.n + 1)))
        log_die("out of memory");
    if (header->value.n)
        memcpy(value, header->value.p, header->value.n);
    value[header->value.n] = '\0';
    MHD_add_response_header(response, header->name, value);
    if (value != small)
        free(value);
}

void http_answer(struct http_request *r, const struct http_answer *answer)
{
    if (r->response || r->queued)
        return;
    r->response = response_of(answer);
    if (!r->response)
        log_die("out of memory");
    r->status = answer->status;
    r->stage = ANSWERED;
    for (size_t i = 0; i < answer->header_count; i++)
        add_header(r->response, &answer->headers[i]);
}
