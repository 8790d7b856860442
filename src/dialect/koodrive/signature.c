#include "dialect/koodrive/signature.h"

#include <stdlib.h>

#include "base/encode.h"
#include "base/hash.h"
#include "base/text.h"

enum { SIGNED_HEADERS_MAX = 32, PARAMETERS_MAX = 256 };

static const char scheme[] = "HMAC-SHA256 ";

bool koodrive_is_signature(str authorization)
{
    return str_starts(authorization, str_of(scheme));
}

/* Cuts `name=value` and the comma after it off; false when the next field is another. */
static bool field_next(str *text, str name, str *value)
{
    if (!str_starts(*text, name))
        return false;
    *text = str_from(*text, name.n);
    const size_t end = str_find(*text, ',', 0);
    *value = str_cut(*text, end);
    *text = str_from(*text, end + 1);
    return value->n > 0;
}

static bool name_next(str *names, str *name)
{
    if (!names->n)
        return false;
    const size_t end = str_find(*names, ';', 0);
    *name = str_cut(*names, end);
    *names = str_from(*names, end + 1);
    return true;
}

static bool is_lower(str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] <= ' ' || name.p[i] > '~' || (name.p[i] >= 'A' && name.p[i] <= 'Z'))
            return false;
    return name.n > 0;
}

static bool is_named(str names, str wanted)
{
    str  name;
    bool found = false;
    while (name_next(&names, &name))
        found = found || str_eq(name, wanted);
    return found;
}

static bool names_sound(str names)
{
    const str all = names;
    str       name;
    size_t    count = 0;
    if (names.p[names.n - 1] == ';')
        return false;
    while (name_next(&names, &name))
        if (!is_lower(name) || is_named(names, name) || ++count > SIGNED_HEADERS_MAX)
            return false;
    return is_named(all, S("x-date")) && is_named(all, S("x-user-id")) && !is_named(all, S("authorization"));
}

bool koodrive_read_signature(str authorization, struct koodrive_signature *out)
{
    str text = str_from(authorization, sizeof scheme - 1);
    return koodrive_is_signature(authorization) && field_next(&text, S("AppId="), &out->app_id)
           && field_next(&text, S("SignedHeaders="), &out->signed_headers)
           && field_next(&text, S("Signature="), &out->signature) && !text.n && out->signature.n == 64
           && names_sound(out->signed_headers);
}

/* ---- the canonical request ---- */

/* Each segment decoded and encoded again, "/" at the end: only what is signed must end so. */
static bool add_uri(struct arena *arena, struct text *out, str path)
{
    size_t at = 0;
    while (at < path.n) {
        const size_t end = str_find(path, '/', at);
        const str    sent = { path.p + at, end - at }, segment = percent_read(arena, sent, false);
        if (!segment.p)
            return false;
        text_percent(out, segment, "");
        text_char(out, '/');
        at = end + 1;
    }
    return true;
}

struct parameter {
    str name, value; /* decoded, then encoded their way */
};

static int compare_parts(str a, str b)
{
    const int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return order ? order : a.n < b.n ? -1 : a.n > b.n;
}

static int compare_parameters(const void *left, const void *right)
{
    const struct parameter *a = left, *b = right;
    const int order = compare_parts(a->name, b->name);
    return order ? order : compare_parts(a->value, b->value);
}

/* '+' is a blank, as the operation reads it: two readings of one query must agree. S0 for bad escapes. */
static str encoded(struct arena *arena, str sent)
{
    AUTO(text_done) struct text out = { 0 };
    const str decoded = percent_read(arena, sent, true);
    if (!decoded.p)
        return S0;
    text_percent(&out, decoded, "");
    return arena_copy(arena, text_str(&out));
}

static bool add_query(struct arena *arena, struct text *out, str query)
{
    struct parameter *all = ARENA_MANY(arena, struct parameter, PARAMETERS_MAX);
    size_t            n = 0;
    while (query.n) {
        const size_t end = str_find(query, '&', 0);
        const str    pair = str_cut(query, end);
        const size_t equals = str_find(pair, '=', 0);
        query = str_from(query, end + 1);
        if (!pair.n)
            continue;
        if (n == PARAMETERS_MAX)
            return false;
        all[n] = (struct parameter){ encoded(arena, str_cut(pair, equals)),
                                     encoded(arena, str_from(pair, equals + 1)) };
        if (!all[n].name.p || !all[n].value.p)
            return false;
        n++;
    }
    qsort(all, n, sizeof *all, compare_parameters);
    for (size_t i = 0; i < n; i++)
        text_print(out, "%s%.*s=%.*s", i ? "&" : "", STR_ARG(all[i].name), STR_ARG(all[i].value));
    return true;
}

static bool add_headers(struct text *out, const struct koodrive_signed *request, str names)
{
    str name;
    while (name_next(&names, &name)) {
        const str value = request->header(request->arg, name);
        if (!value.p)
            return false;
        text_add(out, name);
        text_char(out, ':');
        text_add(out, str_trim(value));
        text_char(out, '\n');
    }
    return true;
}

str koodrive_canonical(struct arena *arena, const struct koodrive_signed *request, str signed_headers)
{
    AUTO(text_done) struct text out = { 0 };
    text_add(&out, request->method);
    text_char(&out, '\n');
    if (!add_uri(arena, &out, request->path))
        return S0;
    text_char(&out, '\n');
    if (!add_query(arena, &out, request->query))
        return S0;
    text_char(&out, '\n');
    if (!add_headers(&out, request, signed_headers))
        return S0;
    text_char(&out, '\n');
    text_add(&out, signed_headers);
    text_char(&out, '\n');
    text_add(&out, hex_lower(arena, sha256(arena, request->body)));
    return arena_copy(arena, text_str(&out));
}

str koodrive_sign(struct arena *arena, str secret, str canonical)
{
    const str hashed = hex_lower(arena, sha256(arena, canonical));
    const str to_sign = arena_print(arena, "HMAC-SHA256\n%.*s", STR_ARG(hashed));
    return hex_lower(arena, hmac_sha256(arena, secret, to_sign));
}
