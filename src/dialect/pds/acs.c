#include "dialect/pds/acs.h"

#include <stdlib.h>

#include "base/encode.h"
#include "base/hash.h"
#include "base/text.h"

/* name and value, with the place it came at, so that sorting keeps the order of equal names. */
struct pair {
    str    name, value;
    size_t place;
};

static int compare(str a, str b)
{
    const int order = memcmp(a.p ? a.p : "", b.p ? b.p : "", a.n < b.n ? a.n : b.n);
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

static int by_name(const void *a, const void *b)
{
    const struct pair *one = a, *other = b;
    const int order = compare(one->name, other->name);
    return order ? order : (one->place > other->place) - (one->place < other->place);
}

str acs_header(const struct acs_request *request, str name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (str_eq(request->headers[i].name, name))
            return request->headers[i].value;
    return S0;
}

size_t acs_header_count(const struct acs_request *request, str name)
{
    size_t n = 0;
    for (size_t i = 0; i < request->header_count; i++)
        n += str_eq(request->headers[i].name, name);
    return n;
}

/* What is escaped badly counts as it stands: the signature then decides. */
static str decoded(struct arena *arena, str text)
{
    const str out = percent_read(arena, text, true);
    return out.p ? out : text;
}

/* The query's pairs, decoded, by name. */
static size_t query_pairs(struct arena *arena, str query, struct pair **out)
{
    size_t most = 1, n = 0;
    for (size_t i = 0; i < query.n; i++)
        most += query.p[i] == '&';
    *out = ARENA_MANY(arena, struct pair, most);
    while (query.n) {
        const str    one = str_cut(query, str_find(query, '&', 0));
        const size_t equals = str_find(one, '=', 0);
        if (one.n) {
            (*out)[n] = (struct pair){ decoded(arena, str_cut(one, equals)),
                                       decoded(arena, str_from(one, equals + 1)), n };
            n++;
        }
        query = str_from(query, one.n + 1);
    }
    qsort(*out, n, sizeof **out, by_name);
    return n;
}

/* ---- v1 ---- */

static void add_line(struct text *out, str line)
{
    text_add(out, line);
    text_char(out, '\n');
}

static void add_acs_headers(struct arena *arena, const struct acs_request *request, struct text *out)
{
    struct pair *pairs = ARENA_MANY(arena, struct pair, request->header_count + 1);
    size_t       n = 0;
    for (size_t i = 0; i < request->header_count; i++)
        if (str_starts(request->headers[i].name, S("x-acs-"))) {
            pairs[n] = (struct pair){ request->headers[i].name, str_trim(request->headers[i].value), n };
            n++;
        }
    qsort(pairs, n, sizeof *pairs, by_name);
    for (size_t i = 0; i < n; i++) {
        text_add(out, pairs[i].name);
        text_char(out, ':');
        add_line(out, pairs[i].value);
    }
}

/* Names and values stand decoded. */
static void add_resource(struct arena *arena, const struct acs_request *request, enum acs_empty empty,
                         struct text *out)
{
    struct pair *pairs;
    const size_t n = query_pairs(arena, request->query, &pairs);
    text_add(out, request->path);
    for (size_t i = 0; i < n; i++) {
        text_char(out, i ? '&' : '?');
        text_add(out, pairs[i].name);
        if (pairs[i].value.n || empty == ACS_EMPTY_KEEPS_EQUALS)
            text_char(out, '=');
        text_add(out, pairs[i].value);
    }
}

str acs_v1_headers(struct arena *arena, const struct acs_request *request)
{
    AUTO(text_done) struct text out = { 0 };
    add_line(&out, acs_header(request, S("accept")));
    add_line(&out, acs_header(request, S("content-md5")));
    add_line(&out, acs_header(request, S("content-type")));
    add_line(&out, acs_header(request, S("date")));
    add_acs_headers(arena, request, &out);
    return arena_copy(arena, text_str(&out));
}

str acs_v1_resource(struct arena *arena, const struct acs_request *request, enum acs_empty empty)
{
    AUTO(text_done) struct text out = { 0 };
    add_resource(arena, request, empty, &out);
    return arena_copy(arena, text_str(&out));
}

str acs_v1_text(struct arena *arena, const struct acs_request *request, enum acs_empty empty)
{
    AUTO(text_done) struct text out = { 0 };
    add_line(&out, request->method);
    text_add(&out, acs_v1_headers(arena, request));
    text_add(&out, acs_v1_resource(arena, request, empty));
    return arena_copy(arena, text_str(&out));
}

static bool v1_fits(struct arena *arena, const struct acs_request *request, enum acs_empty empty, str secret,
                    str signature)
{
    const str mac = hmac_sha1(arena, secret, acs_v1_text(arena, request, empty));
    return bytes_equal_secretly(signature, base64(arena, mac));
}

bool acs_v1_fits(struct arena *arena, const struct acs_request *request, str secret, str signature)
{
    return v1_fits(arena, request, ACS_EMPTY_IS_BARE, secret, signature)
           || v1_fits(arena, request, ACS_EMPTY_KEEPS_EQUALS, secret, signature);
}

/* ---- ACS3 ---- */

static bool take(str part, str name, str *value)
{
    if (!str_starts(part, name))
        return false;
    if (value->p)
        return false;
    *value = str_from(part, name.n);
    return value->n > 0;
}

bool acs3_read(str parameters, struct acs3 *out)
{
    *out = (struct acs3){ 0 };
    while (parameters.n) {
        const str raw = str_cut(parameters, str_find(parameters, ',', 0));
        const str part = str_trim(raw);
        if (!take(part, S("Credential="), &out->key) && !take(part, S("SignedHeaders="), &out->signed_headers)
            && !take(part, S("Signature="), &out->signature))
            return false;
        parameters = str_from(parameters, raw.n + 1);
    }
    return out->key.n && out->signed_headers.n && out->signature.n;
}

bool acs3_next_name(str *signed_headers, str *name)
{
    if (!signed_headers->n)
        return false;
    *name = str_cut(*signed_headers, str_find(*signed_headers, ';', 0));
    *signed_headers = str_from(*signed_headers, name->n + 1);
    return true;
}

static void add_query(struct arena *arena, str query, struct text *out)
{
    struct pair *pairs;
    const size_t n = query_pairs(arena, query, &pairs);
    for (size_t i = 0; i < n; i++) {
        if (i)
            text_char(out, '&');
        text_percent(out, pairs[i].name, "");
        text_char(out, '=');
        text_percent(out, pairs[i].value, "");
    }
}

str acs3_text(struct arena *arena, const struct acs_request *request, str signed_headers)
{
    AUTO(text_done) struct text out = { 0 };
    str names = signed_headers, name;
    add_line(&out, request->method);
    add_line(&out, request->path.n ? request->path : S("/"));
    add_query(arena, request->query, &out);
    text_char(&out, '\n');
    while (acs3_next_name(&names, &name)) {
        text_add(&out, name);
        text_char(&out, ':');
        add_line(&out, str_trim(acs_header(request, name)));
    }
    text_char(&out, '\n');
    add_line(&out, signed_headers);
    text_add(&out, hex_lower(arena, sha256(arena, request->body)));
    return arena_copy(arena, text_str(&out));
}

str acs3_signature(struct arena *arena, const struct acs_request *request, str signed_headers, str secret)
{
    const str digest = hex_lower(arena, sha256(arena, acs3_text(arena, request, signed_headers)));
    const str text = arena_print(arena, "ACS3-HMAC-SHA256\n%.*s", STR_ARG(digest));
    return hex_lower(arena, hmac_sha256(arena, secret, text));
}
