#include "drive/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "content/content.h"
#include "drive/site.h"
#include "store/uploads.h"

struct piece {
    struct extent extent;
    int64_t       begins;
};

struct reader {
    struct piece *pieces;
    size_t        count;
    int64_t       size;
    size_t        at;    /* the piece that is open */
    int           fd;    /* of a chunk in content/, or -1 */
    char         *bytes; /* of a chunk in the store, or NULL */
};

static void close_piece(struct reader *r)
{
    if (r->fd >= 0)
        close(r->fd);
    r->fd = -1;
    free(r->bytes);
    r->bytes = NULL;
}

void reader_free(struct reader **reader)
{
    struct reader *r = *reader;
    if (!r)
        return;
    close_piece(r);
    free(r->pieces);
    free(r);
    *reader = NULL;
}

int64_t reader_size(const struct reader *r)
{
    return r->size;
}

enum fault reader_open(struct cx *cx, id content, struct reader **out)
{
    struct content_record record;
    struct list           extents;
    const enum fault found = store_content(cx, content, &record);
    if (found == FAULT_NOT_FOUND)
        return fail(cx, FAULT_INTERNAL, .because = "a content is gone");
    TRY(found);
    TRY(store_content_extents(cx, content, &extents));
    struct reader *r = calloc(1, sizeof *r);
    if (!r || !(r->pieces = calloc(extents.count + 1, sizeof *r->pieces)))
        log_die("out of memory");
    r->fd = -1;
    r->count = extents.count;
    for (size_t i = 0; i < extents.count; i++) {
        r->pieces[i] = (struct piece){ ((const struct extent *)extents.items)[i], r->size };
        r->size += r->pieces[i].extent.size;
    }
    *out = r;
    return r->size == record.size ? OK : fail(cx, FAULT_INTERNAL, .because = "content is not as long as its chunks");
}

struct reader *reader_of(str bytes)
{
    struct reader *r = calloc(1, sizeof *r);
    if (!r || !(r->pieces = calloc(1, sizeof *r->pieces)) || !(r->bytes = malloc(bytes.n + 1)))
        log_die("out of memory");
    if (bytes.n)
        memcpy(r->bytes, bytes.p, bytes.n);
    r->pieces->extent.size = r->size = (int64_t)bytes.n;
    r->count = 1;
    r->fd = -1;
    return r;
}

/* The piece that holds the byte; there is one. */
static size_t piece_of(const struct reader *r, int64_t at)
{
    size_t low = 0, high = r->count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (r->pieces[middle].begins <= at)
            low = middle;
        else
            high = middle;
    }
    while (!r->pieces[low].extent.size)
        low--; /* of those that begin at one place the one with bytes */
    return low;
}

static enum fault open_piece(struct cx *cx, struct reader *r, size_t at)
{
    const struct extent *extent = &r->pieces[at].extent;
    str bytes;
    if (at == r->at && (r->fd >= 0 || r->bytes))
        return OK;
    close_piece(r);
    r->at = at;
    if (!extent->stored_here)
        return content_read_open(cx, cx->site->content, extent->chunk, &r->fd);
    TRY(store_chunk_bytes(cx, extent->chunk, &bytes));
    if ((int64_t)bytes.n != extent->size)
        return fail(cx, FAULT_INTERNAL, .because = "a chunk has another size");
    if (!(r->bytes = malloc(bytes.n)))
        log_die("out of memory");
    memcpy(r->bytes, bytes.p, bytes.n);
    return OK;
}

static enum fault read_piece(struct cx *cx, struct reader *r, int64_t from, char *to, size_t n)
{
    if (r->bytes) {
        memcpy(to, r->bytes + from, n);
        return OK;
    }
    while (n) {
        const ssize_t got = pread(r->fd, to, n, from);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return fail(cx, FAULT_INTERNAL, .because = "content cannot be read");
        to += got;
        from += got;
        n -= (size_t)got;
    }
    return OK;
}

enum fault reader_read(struct cx *cx, struct reader *r, int64_t at, char *to, size_t most, size_t *got)
{
    for (*got = 0; *got < most && at < r->size;) {
        const size_t        number = piece_of(r, at);
        const struct piece *piece = &r->pieces[number];
        const int64_t       from = at - piece->begins, left = piece->extent.size - from;
        const size_t        n = (int64_t)(most - *got) < left ? most - *got : (size_t)left;
        TRY(open_piece(cx, r, number));
        TRY(read_piece(cx, r, from, to + *got, n));
        *got += n;
        at += (int64_t)n;
    }
    return OK;
}
