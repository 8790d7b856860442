/* Answers of the door: headers that all carry, the vendors' error XML. */
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "dialect/data/request.h"

void transfer_header(struct transfer *t, const char *name, str value)
{
    if (t->header_count < DATA_HEADERS_MAX)
        t->headers[t->header_count++] = (struct http_header){ name, value };
}

/* Browser SDKs use these URLs from pages of any origin; the URL itself is the credential, no
 * cookie is looked at, so any origin may. What they must be able to read is named. Source: PDS
 * JavaScript SDK. */
static void dress(struct transfer *t)
{
    transfer_header(t, t->rules->request_id_header, t->cx.request_id);
    transfer_header(t, "Access-Control-Allow-Origin", S("*"));
    transfer_header(t, "Access-Control-Expose-Headers",
                    S("ETag, x-ca-request-id, x-oss-request-id, x-request-id, "
                      "x-oss-hash-crc64ecma, Content-Range, "
                      "Content-Length, Content-Disposition, Accept-Ranges, Last-Modified"));
    transfer_header(t, "X-Content-Type-Options", S("nosniff"));
    const struct note *lenient =
        t->cx.lenient; /* the door has one tolerance, so at most one note */
    if (lenient)
        transfer_header(t, "x-polydrive-lenient",
                        arena_print(t->cx.arena, "%s: %s", lenient->field, lenient->reason));
}

/* One line a request. Never the query: whoever has a signed URL has the file. */
static void request_log(const struct transfer *t, int status)
{
    struct arena *arena = t->cx.arena;
    const int64_t ms = clock_monotonic_ms() - t->started_ms;
    log_line(LOG_INFO, "request",
             LOG_PAIRS({ "method", http_method(t->http) }, { "path", http_path(t->http) },
                       { "status", arena_print(arena, "%d", status) },
                       { "op", arena_print(arena, "data/%s", t->rules->name) },
                       { "ms", arena_print(arena, "%lld", (long long)ms) },
                       { "request", t->cx.request_id },
                       /* a pair without a name ends the line */
                       { t->cx.why.code ? "fault" : NULL, str_of(fault_name(t->cx.why.code)) }));
}

void transfer_answer(struct transfer *t, struct http_answer answer)
{
    dress(t);
    request_log(t, answer.status);
    answer.headers = t->headers;
    answer.header_count = t->header_count;
    t->state = TRANSFER_ANSWERED;
    http_answer(t->http, &answer);
}

static bool printable(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 0x20 || s.p[i] > 0x7e)
            return false;
    return true;
}

static str error_xml(struct transfer *t, const struct data_error *error)
{
    AUTO(text_done) struct text out = { 0 };
    const str host = http_header(t->http, "Host");
    text_print(
        &out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n  <Code>%s</Code>\n  <Message>",
        error->code);
    text_xml(&out, str_of(error->message));
    text_add(&out, S("</Message>\n  <RequestId>"));
    text_xml(&out, t->cx.request_id);
    text_add(&out, S("</RequestId>\n  <HostId>"));
    text_xml(&out, printable(host) ? host : S(""));
    text_add(&out, S("</HostId>\n</Error>\n"));
    return arena_copy(t->cx.arena, text_str(&out));
}

void transfer_refuse(struct transfer *t)
{
    const struct data_error error = data_error_of(t->rules, &t->cx.why);
    transfer_header(t, "Content-Type", S("application/xml"));
    transfer_answer(t,
                    (struct http_answer){ .status = error.status, .body = error_xml(t, &error) });
}
