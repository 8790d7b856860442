#include "content/content.h"

#include "content/driver.h"

/* A place is named like "s3://..." or is a folder. */
enum fault content_open(struct cx *cx, str where, struct content **out)
{
    *out = NULL;
    if (str_find_str(where, S("://"), 0) < where.n)
        return fail(cx, FAULT_UNSUPPORTED, .field = "content", .got = where,
                    .because = "content is kept in a folder; no other kind of place is known");
    return content_files.open(cx, where, out);
}

void content_close(struct content **content)
{
    if (*content)
        (*content)->driver->close(*content);
    *content = NULL;
}

int64_t content_free_bytes(struct content *content)
{
    return content->driver->free_bytes ? content->driver->free_bytes(content) : -1;
}

void content_leave_free(struct content *content, int64_t bytes)
{
    content->leave_free = bytes;
}

bool content_has_room(struct content *content)
{
    const int64_t room = content->leave_free ? content_free_bytes(content) : -1;
    return room < 0 || room >= content->leave_free;
}

bool content_broken(const struct content *content)
{
    return content->driver->broken && content->driver->broken(content);
}

enum fault content_sink_open(struct cx *cx, struct content *content, struct sink **out)
{
    *out = NULL;
    TRY(content->driver->sink_open(cx, content, out));
    (*out)->content = content;
    return OK;
}

enum fault content_sink_write(struct cx *cx, struct sink *sink, str piece)
{
    if (!content_has_room(sink->content))
        return fail(cx, FAULT_UNAVAILABLE, .because = "the disk is nearly full");
    return sink->driver->sink_write(cx, sink, piece);
}

enum fault content_sink_keep(struct cx *cx, struct sink **sink, id chunk)
{
    struct sink *closing = *sink;
    *sink = NULL;
    return closing->driver->sink_keep(cx, closing, chunk);
}

void content_sink_drop(struct sink **sink)
{
    if (*sink)
        (*sink)->driver->sink_drop(*sink);
    *sink = NULL;
}

enum fault content_read_open(struct cx *cx, struct content *content, id chunk, int *fd)
{
    *fd = -1;
    return content->driver->read_open(cx, content, chunk, fd);
}

enum fault content_remove(struct cx *cx, struct content *content, id chunk)
{
    return content->driver->remove(cx, content, chunk);
}

enum fault content_each(struct cx *cx, struct content *content,
                        enum fault (*see)(struct cx *cx, void *arg, id chunk, int64_t size,
                                          instant changed),
                        void *arg)
{
    return content->driver->each(cx, content, see, arg);
}
