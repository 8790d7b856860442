/* dialect/dingtalk/dialect.c: the dialect as the contract knows it, and the headers of every answer.
 *
 * Source: DingTalk open platform, drive 1.0 and oauth2 1.0, pages of August 2026; headers as the real
 * service was seen to send them. */
#include "dialect/dingtalk/dingtalk.h"

#include "dialect/dingtalk/parts.h"

static const char cors_methods[] = "POST, GET, OPTIONS, PUT, DELETE";
static const char cors_headers[] = "X-Requested-With, X-Sequence, _aop_secret, _aop_signature, "
                                   "x-acs-dingtalk-access-token";

/* The digits of an id, hex and without hyphens; S0 when it holds anything else or not 32 of them. */
static str hex_digits(struct arena *arena, str request_id)
{
    char   digits[32];
    size_t n = 0;
    for (size_t i = 0; i < request_id.n; i++) {
        const char c = request_id.p[i];
        if (c == '-')
            continue;
        const bool is_digit = c >= '0' && c <= '9', is_letter = (c | 32) >= 'a' && (c | 32) <= 'f';
        if (n == sizeof digits || !(is_digit || is_letter))
            return S0;
        digits[n++] = is_letter ? (char)(c | 32) : c;
    }
    return n == sizeof digits ? arena_copy(arena, (str){ digits, n }) : S0;
}

str dingtalk_request_id(struct cx *cx)
{
    const str digits = hex_digits(cx->arena, cx->request_id);
    if (!digits.n)
        return cx->request_id;
    char  *uuid = arena_make(cx->arena, 36);
    size_t n = 0;
    for (size_t i = 0; i < digits.n; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            uuid[n++] = '-';
        const char c = digits.p[i];
        uuid[n++] = c >= 'a' ? (char)(c - 'a' + 'A') : c;
    }
    return (str){ uuid, n };
}

/* 204 is a preflight, to which the contract has given two of these headers already. */
void dingtalk_dress(struct call *call, struct reply *reply)
{
    struct cx *cx = call->cx;
    const str  digits = hex_digits(cx->arena, cx->request_id);
    if (reply->status != 204) {
        reply_header(reply, "Content-Type", S("application/json;charset=utf-8"));
        reply_header(reply, "Access-Control-Allow-Methods", str_of(cors_methods));
        reply_header(reply, "Access-Control-Allow-Headers", str_of(cors_headers));
    }
    reply_header(reply, "x-acs-request-id", dingtalk_request_id(cx));
    reply_header(reply, "x-acs-trace-id", digits.n ? digits : cx->request_id);
    reply_header(reply, "Access-Control-Allow-Origin", S("*"));
    reply_header(reply, "Access-Control-Max-Age", S("172800"));
}

static const char *const prefixes[] = { "/v1.0/", "/v2.0/", "/gettoken", "/topapi/", NULL };

static const struct op *const tables[] = { dingtalk_token_ops, dingtalk_space_ops, dingtalk_file_ops,
                                           dingtalk_unsupported_ops, NULL };

const struct dialect dingtalk_dialect = {
    .name = "dingtalk",
    .title = "DingTalk Drive",
    .version = "1.0",
    .prefixes = prefixes,
    .tables = tables,
    .identify = dingtalk_identify,
    .refuse = dingtalk_refuse,
    .dress = dingtalk_dress,
    .error_shape = &dingtalk_error,
    .cors_methods = cors_methods,
    .cors_headers = cors_headers,
    .json_always = true, /* a Go client parses every 200 as JSON */
};
