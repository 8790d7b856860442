/* GET and HEAD: a file's bytes, whole or in ranges. */
#include "base/clock.h"
#include "base/encode.h"
#include "base/text.h"
#include "dialect/data/body.h"
#include "dialect/data/conditions.h"
#include "dialect/data/dressing.h"
#include "dialect/data/ranges.h"
#include "dialect/data/request.h"
#include "drive/access.h"
#include "drive/archive.h"
#include "drive/revision.h"

/* What is to be sent, found while the store is at hand. */
struct sending {
    struct node node;
    struct validators have;
    str media_type;
    uint64_t size;
    struct list extents; /* struct extent */
    str stored;          /* the whole content, where it is one small chunk */
};

/* A link is to the content its maker was shown, not to what came later under its number: it ends when
 * that revision does. */
static enum fault find_revision(struct cx *cx, id wanted, struct node *node)
{
    struct file_revision revision;
    if (!wanted.v || wanted.v == node->revision.v)
        return OK;
    TRY(revision_find(cx, node, arena_print(cx->arena, "%lld", (long long)wanted.v), &revision));
    revision_into_node(&revision, node);
    return OK;
}

static enum fault find_node(struct cx *cx, const struct link *link, struct node *node)
{
    struct drive drive;
    if (link->task.v)
        return archive_find(cx, link->task, node);
    TRY(node_find(cx, arena_decimal(cx->arena, (uint64_t)link->drive.v),
                  arena_decimal(cx->arena, (uint64_t)link->node.v), SCOPE_LIVE,
                  ACTION_DOWNLOAD, &drive, node));
    if (node->kind != NODE_FILE)
        return fail(cx, FAULT_IS_FOLDER, .thing = THING_NODE);
    return find_revision(cx, link->revision, node);
}

static enum fault find(struct transfer *t, struct sending *sending)
{
    struct cx *cx = &t->cx;
    TRY(transfer_read_link(t, LINK_DOWNLOAD));
    TRY(link_caller(cx, &t->link, &cx->caller));
    TRY(find_node(cx, &t->link, &sending->node));
    TRY(body_must_be(cx, content_extents(cx, sending->node.content, &sending->extents)));
    const struct extent *extents = sending->extents.items;
    if (sending->extents.count == 1 && extents->stored_here) {
        TRY(body_must_be(cx, content_stored_bytes(cx, extents->chunk, &sending->stored)));
        if (sending->stored.n != (size_t)extents->size)
            return fail(cx, FAULT_INTERNAL, .thing = THING_NODE);
    }
    return OK;
}

static void describe(struct transfer *t, struct sending *sending)
{
    struct arena *arena = t->cx.arena;
    const struct link *link = &t->link;
    const str digest = sending->node.sha256.n
                           ? hex_lower(arena, sending->node.sha256)
                           : arena_print(arena, "%lld", (long long)sending->node.revision.v);
    sending->size = (uint64_t)sending->node.size;
    sending->have.etag = arena_print(arena, "\"%.*s\"", STR_ARG(digest));
    sending->have.modified = sending->node.modified;
    sending->media_type =
        safe_media_type(link->media_type.n ? link->media_type : sending->node.media_type);

    transfer_header(t, "ETag", sending->have.etag);
    transfer_header(
        t, "Last-Modified",
        instant_print(sending->node.modified, INSTANT_HTTP, arena_make(arena, INSTANT_TEXT)));
    transfer_header(t, "Accept-Ranges", S("bytes"));
    transfer_header(t, "Cache-Control", S("private"));
    transfer_header(t, "Content-Disposition",
                    disposition(arena, link->file_name.n ? link->file_name : sending->node.name));
    /* A file's author is nobody we trust: even opened in a browser it must not run as one of our
     * pages. */
    transfer_header(t, "Content-Security-Policy", S("sandbox; default-src 'none'"));
    transfer_header(t, "Cross-Origin-Resource-Policy", S("cross-origin"));
}

/* The one chunk in content/ that holds all of a run, and where in it the run starts; NULL when no
 * chunk does: then it takes a source. */
static const struct extent *extent_holding(const struct sending *sending, uint64_t first,
                                           uint64_t length, uint64_t *offset)
{
    const struct extent *extent = sending->extents.items;
    for (size_t i = 0; i < sending->extents.count; i++, extent++) {
        const uint64_t size = (uint64_t)extent->size;
        if (first < size) {
            if (extent->stored_here || length > size - first)
                return NULL;
            *offset = first;
            return extent;
        }
        first -= size;
    }
    return NULL;
}

/* Sends one run of the content. */
static void send_run(struct transfer *t, struct sending *sending, int status, uint64_t first,
                     uint64_t length)
{
    struct http_answer answer = { .status = status, .size = length };
    const bool whole_at_hand = length == 0 || sending->stored.p;
    const struct extent *chunk = NULL;
    if (!whole_at_hand && !str_eq(http_method(t->http), S("HEAD")))
        chunk = extent_holding(sending, first, length, &answer.offset);
    if (chunk && body_open_chunk(&t->cx, chunk->chunk, chunk->size, &answer.file) != OK) {
        t->header_count = 0; /* those of the file are not the error's */
        transfer_refuse(t);
        return;
    }
    struct segment *run = ARENA_NEW(t->cx.arena, struct segment);
    *run = (struct segment){ .length = length, .first = first };
    struct http_source source;
    if (whole_at_hand) {
        answer.body = length ? (str){ sending->stored.p + first, (size_t)length } : S("");
    } else if (!chunk) {
        source = body_source(&t->cx, t->host, t->http, &sending->extents, run, 1);
        answer.source = &source;
    }
    transfer_answer(t, answer);
}

static void send_whole(struct transfer *t, struct sending *sending)
{
    transfer_header(t, "Content-Type", sending->media_type);
    if (t->rules->crc_header)
        transfer_header(t, t->rules->crc_header,
                        arena_print(t->cx.arena, "%llu", (unsigned long long)sending->node.crc64));
    send_run(t, sending, 200, 0, sending->size);
}

static str content_range(struct transfer *t, const struct http_range *range, uint64_t size)
{
    return arena_print(t->cx.arena, "bytes %llu-%llu/%llu", (unsigned long long)range->first,
                       (unsigned long long)(range->first + range->length - 1),
                       (unsigned long long)size);
}

/* Appends a segment after the last one. */
static void segment_add(struct segment *segments, size_t *count, struct segment segment)
{
    if (*count > 0)
        segment.at = segments[*count - 1].at + segments[*count - 1].length;
    segments[(*count)++] = segment;
}

/* Several ranges: multipart/byteranges (RFC 9110, 14.6). */
static void send_ranges(struct transfer *t, struct sending *sending,
                        const struct http_range *ranges, size_t range_count)
{
    struct cx *cx = &t->cx;
    struct segment *segments = ARENA_MANY(cx->arena, struct segment, 2 * range_count + 1);
    size_t count = 0;
    char random[12];
    random_bytes(random, sizeof random);
    const str boundary = hex_lower(cx->arena, (str){ random, sizeof random });
    for (size_t i = 0; i < range_count; i++) {
        const str where = content_range(t, &ranges[i], sending->size);
        const str head = arena_print(
            cx->arena, "%s--%.*s\r\nContent-Type: %.*s\r\nContent-Range: %.*s\r\n\r\n",
            i ? "\r\n" : "", STR_ARG(boundary), STR_ARG(sending->media_type), STR_ARG(where));
        segment_add(segments, &count, (struct segment){ .length = head.n, .text = head });
        segment_add(segments, &count,
                    (struct segment){ .length = ranges[i].length, .first = ranges[i].first });
    }
    const str end = arena_print(cx->arena, "\r\n--%.*s--\r\n", STR_ARG(boundary));
    segment_add(segments, &count, (struct segment){ .length = end.n, .text = end });

    transfer_header(
        t, "Content-Type",
        arena_print(cx->arena, "multipart/byteranges; boundary=%.*s", STR_ARG(boundary)));
    const struct http_source source =
        body_source(cx, t->host, t->http, &sending->extents, segments, count);
    transfer_answer(t, (struct http_answer){ .status = 206,
                                             .source = &source,
                                             .size = segments[count - 1].at + end.n });
}

static void refuse_range(struct transfer *t, const struct sending *sending)
{
    t->header_count = 0;
    transfer_header(t, "Accept-Ranges", S("bytes"));
    transfer_header(t, "Content-Range",
                    arena_print(t->cx.arena, "bytes */%llu", (unsigned long long)sending->size));
    (void)fail(&t->cx, FAULT_INVALID, .field = "Range", .how = HOW_TOO_LARGE);
    transfer_refuse(t);
}

/* The Range header where it counts: of a GET, alone, and not overruled by If-Range. */
static str range_asked(const struct transfer *t, const struct sending *sending)
{
    const struct http_request *http = t->http;
    const str if_range = http_header(http, "If-Range");
    if (!str_eq(http_method(http), S("GET")) || http_header_count(http, "Range") != 1)
        return S0;
    return if_range.p && !if_range_holds(if_range, &sending->have) ? S0
                                                                   : http_header(http, "Range");
}

static void send_content(struct transfer *t, struct sending *sending)
{
    struct http_range ranges[DATA_RANGES_MAX];
    size_t count = 0;
    const str asked = range_asked(t, sending);
    const bool standard =
        str_eq_ascii_case(http_header(t->http, "x-oss-range-behavior"), S("standard"));
    switch (asked.p ? data_ranges(t->rules, asked, standard, sending->size, ranges, &count)
                    : HTTP_RANGE_NONE) {
    case HTTP_RANGE_NONE: send_whole(t, sending); return;
    case HTTP_RANGE_UNMET: refuse_range(t, sending); return;
    case HTTP_RANGE_SOME: break;
    }
    if (count > 1) {
        send_ranges(t, sending, ranges, count);
        return;
    }
    transfer_header(t, "Content-Type", sending->media_type);
    transfer_header(t, "Content-Range", content_range(t, &ranges[0], sending->size));
    send_run(t, sending, 206, ranges[0].first, ranges[0].length);
}

static void send_by_conditions(struct transfer *t, struct sending *sending)
{
    const struct http_request *http = t->http;
    const struct preconditions asked = {
        .if_match = http_header(http, "If-Match"),
        .if_none_match = http_header(http, "If-None-Match"),
        .if_modified_since = http_header(http, "If-Modified-Since"),
        .if_unmodified_since = http_header(http, "If-Unmodified-Since"),
    };
    switch (preconditions_judge(&asked, &sending->have)) {
    case VERDICT_SEND: send_content(t, sending); return;
    case VERDICT_NOT_MODIFIED: transfer_answer(t, (struct http_answer){ .status = 304 }); return;
    case VERDICT_FAILED:
        t->header_count = 0;
        (void)fail(&t->cx, FAULT_CONFLICT, .thing = THING_NODE, .field = "If-Match");
        transfer_refuse(t);
        return;
    }
}

void download_answer(struct transfer *t)
{
    struct sending sending = { 0 };
    transfer_enter(t);
    const enum fault fault = find(t, &sending);
    transfer_leave(t);
    if (fault != OK) {
        transfer_refuse(t);
        return;
    }
    describe(t, &sending);
    send_by_conditions(t, &sending);
}
