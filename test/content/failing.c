#include "content/failing.h"

#include <stdlib.h>

#include "base/log.h"

struct failing {
    struct content  base;
    struct content *inner;
    int             calls, fail_at;
};

struct failing_sink {
    struct sink     base;
    struct failing *owner;
    struct sink    *inner;
};

static enum fault failing_turn(struct cx *cx, struct failing *f)
{
    return ++f->calls == f->fail_at ? fail(cx, FAULT_UNAVAILABLE, .because = "made to fail") : OK;
}

static void failing_close(struct content *content)
{
    struct failing *f = (struct failing *)content;
    content_close(&f->inner);
    free(f);
}

static void failing_sink_drop(struct sink *base)
{
    struct failing_sink *s = (struct failing_sink *)base;
    content_sink_drop(&s->inner);
    free(s);
}

static enum fault failing_sink_write(struct cx *cx, struct sink *base, str piece)
{
    struct failing_sink *s = (struct failing_sink *)base;
    TRY(failing_turn(cx, s->owner));
    return content_sink_write(cx, s->inner, piece);
}

static enum fault failing_sink_keep(struct cx *cx, struct sink *base, id chunk)
{
    struct failing_sink *s = (struct failing_sink *)base;
    enum fault           fault = failing_turn(cx, s->owner);
    if (fault == OK)
        fault = content_sink_keep(cx, &s->inner, chunk);
    failing_sink_drop(base);
    return fault;
}

static enum fault failing_read_open(struct cx *cx, struct content *content, id chunk, int *fd)
{
    struct failing *f = (struct failing *)content;
    TRY(failing_turn(cx, f));
    return content_read_open(cx, f->inner, chunk, fd);
}

static enum fault failing_remove(struct cx *cx, struct content *content, id chunk)
{
    struct failing *f = (struct failing *)content;
    TRY(failing_turn(cx, f));
    return content_remove(cx, f->inner, chunk);
}

static enum fault failing_each(struct cx *cx, struct content *content,
                               enum fault (*see)(struct cx *, void *, id, int64_t, instant), void *arg)
{
    struct failing *f = (struct failing *)content;
    TRY(failing_turn(cx, f));
    return content_each(cx, f->inner, see, arg);
}

static enum fault failing_sink_open(struct cx *cx, struct content *content, struct sink **out);

static const struct content_driver failing = {
    .name = "failing",
    .close = failing_close,
    .sink_open = failing_sink_open,
    .sink_write = failing_sink_write,
    .sink_keep = failing_sink_keep,
    .sink_drop = failing_sink_drop,
    .read_open = failing_read_open,
    .remove = failing_remove,
    .each = failing_each,
};

static enum fault failing_sink_open(struct cx *cx, struct content *content, struct sink **out)
{
    struct failing *f = (struct failing *)content;
    struct sink    *inner;
    TRY(failing_turn(cx, f));
    TRY(content_sink_open(cx, f->inner, &inner));
    struct failing_sink *s = malloc(sizeof *s);
    if (!s)
        log_die("out of memory");
    *s = (struct failing_sink){ { &failing, NULL }, f, inner };
    *out = &s->base;
    return OK;
}

struct content *failing_new(struct content *inner, int fail_at)
{
    struct failing *f = malloc(sizeof *f);
    if (!f)
        log_die("out of memory");
    *f = (struct failing){ { &failing, 0 }, inner, 0, fail_at };
    return &f->base;
}
