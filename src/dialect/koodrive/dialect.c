/* dialect/koodrive/dialect.c: Huawei Cloud KooDrive: where it listens and what every answer carries. */
#include "dialect/koodrive/koodrive.h"

#include "dialect/koodrive/inner.h"

static const char *const prefixes[] = { "/koodrive/", NULL };

static const struct op *const tables[] = {
    koodrive_session_ops, koodrive_share_folder_ops, koodrive_list_ops, koodrive_file_ops,
    koodrive_upload_ops, koodrive_job_ops, koodrive_job_detail_ops, koodrive_unsupported_ops, NULL
};

/* Tables say String for `code`, nearly every example prints the number 0. `msg` has six spellings on
 * their pages, so no client can test it. */
struct envelope {
    int code;
    str msg;
};
static const struct field envelope_rows[] = {
    { "code", BODY, AT(struct envelope, code) },
    { "msg",  BODY, AT(struct envelope, msg) },
    { 0 }
};
static const struct envelope success = { 0, { "Success.", 8 } };

/* Letters, digits and underscore, 58 bytes; anything else is ignored. */
static bool is_trace_id(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        const char c = s.p[i];
        if (!((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_'))
            return false;
    }
    return s.n == 58;
}

static void dress(struct call *call, struct reply *reply)
{
    const str trace = http_header(call->http, "X-Traceid");
    reply_header(reply, "Content-Type", S("application/json; charset=utf-8"));
    reply_header(reply, "x-request-id", call->cx->request_id);
    if (is_trace_id(trace))
        reply_header(reply, "X-Traceid", trace);
}

const struct dialect koodrive_dialect = {
    .name = "koodrive",
    .title = "Huawei Cloud KooDrive",
    .version = "v1",
    .prefixes = prefixes,
    .tables = tables,
    .identify = koodrive_identify,
    .refuse = koodrive_refuse,
    .dress = dress,
    .envelope = envelope_rows,
    .envelope_value = &success,
    .error_shape = &koodrive_error_shape,
};
