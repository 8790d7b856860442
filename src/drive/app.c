#include "drive/app.h"

#include "base/encode.h"
#include "base/hash.h"
#include "base/text.h"
#include "drive/site.h"
#include "store/people.h"
#include "store/store.h"

static str random_hex(struct arena *arena, size_t bytes)
{
    char raw[64];
    random_bytes(raw, bytes);
    return hex_lower(arena, (str){ raw, bytes });
}

static enum fault join_redirects(struct cx *cx, const struct app_want *want, str *out)
{
    AUTO(text_done) struct text joined = { 0 };
    if (want->redirect_count > APP_REDIRECTS_MAX)
        return fail(cx, FAULT_INVALID, .field = "redirect-uri", .how = HOW_TOO_LARGE, .max = APP_REDIRECTS_MAX,
                    .because = "too many redirect URIs");
    for (size_t i = 0; i < want->redirect_count; i++) {
        if (!redirect_uri_sound(want->redirects[i]))
            return fail(cx, FAULT_INVALID, .field = "redirect-uri", .how = HOW_FORM, .got = want->redirects[i],
                        .because = "an absolute URI without a fragment, such as https://app.example/callback");
        if (i)
            text_char(&joined, ' ');
        text_add(&joined, want->redirects[i]);
    }
    *out = want->redirect_count ? arena_copy(cx->arena, text_str(&joined)) : S0;
    return OK;
}

static int kind_of(const struct app_want *want)
{
    if (want->kind)
        return want->kind;
    return want->public_key.n && !want->redirect_count ? APP_JWT : APP_WEB;
}

enum fault app_add(struct cx *cx, const struct app_want *want, struct app *out, str *secret)
{
    str redirects;
    if (!want->name.n || want->name.n > 64)
        return fail(cx, FAULT_INVALID, .field = "name", .how = want->name.n ? HOW_TOO_LARGE : HOW_EMPTY, .min = 1,
                    .max = 64, .got = want->name);
    TRY(join_redirects(cx, want, &redirects));
    if (kind_of(want) == APP_JWT && !want->public_key.n)
        return fail(cx, FAULT_INVALID, .field = "public-key", .how = HOW_MISSING,
                    .because = "an app of kind jwt is known by its public key");
    *secret = random_hex(cx->arena, 24);
    TRY(store_next_id(cx, &out->id));
    *out = (struct app){ .id = out->id, .domain = cx->site->domain.id, .user = want->user, .kind = kind_of(want),
                         .name = arena_copy(cx->arena, want->name), .key = random_hex(cx->arena, 12),
                         .public_key = want->public_key.n ? want->public_key : S0, .redirects = redirects,
                         .sealed_secret = seal(cx->arena, cx->site->seal_key, *secret), .created = cx->now };
    const enum fault fault = store_app_add(cx, out);
    return fault == FAULT_EXISTS ? fail(cx, FAULT_EXISTS, .thing = THING_APP, .got = want->name) : fault;
}

enum fault app_get(struct cx *cx, id app, struct app *out)
{
    const enum fault fault = store_app(cx, app, out);
    return fault == FAULT_NOT_FOUND ? fail(cx, FAULT_NOT_FOUND, .thing = THING_APP) : fault;
}

enum fault app_find(struct cx *cx, str name_or_key, struct app *out)
{
    enum fault fault = store_app_by_name(cx, cx->site->domain.id, name_or_key, out);
    if (fault == FAULT_NOT_FOUND)
        fault = store_app_by_key(cx, name_or_key, out);
    return fault == FAULT_NOT_FOUND ? fail(cx, FAULT_NOT_FOUND, .thing = THING_APP, .got = name_or_key) : fault;
}

enum fault app_secret(struct cx *cx, const struct app *app, str *secret)
{
    *secret = unseal(cx->arena, cx->site->seal_key, app->sealed_secret);
    return secret->p ? OK : fail(cx, FAULT_INTERNAL, .thing = THING_APP,
                                 .because = "an app's secret cannot be read with this key");
}

/* The secret has a fixed length; that is all the comparison's time tells. */
enum fault app_knows_secret(struct cx *cx, const struct app *app, str given, bool *right)
{
    str secret;
    TRY(app_secret(cx, app, &secret));
    *right = secret.n && bytes_equal_secretly(secret, given);
    return OK;
}

enum fault app_list(struct cx *cx, struct list *out)
{
    return store_apps(cx, cx->site->domain.id, out);
}

enum fault app_remove(struct cx *cx, id app)
{
    TRY(store_tokens_remove_of_app(cx, app));
    return store_app_remove(cx, app);
}

/* ---- where a browser may be sent back to ---- */

static bool is_letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What RFC 3986 allows anywhere in a URI, but for the fragment's '#'. */
static bool all_of_a_uri(str uri)
{
    for (size_t i = 0; i < uri.n; i++)
        if (!is_letter(uri.p[i]) && !is_digit(uri.p[i]) && (!uri.p[i] || !strchr("-._~:/?[]@!$&'()*+,;=%", uri.p[i])))
            return false;
    return true;
}

/* The scheme without its colon; S0 where none leads. */
static str scheme_of(str uri)
{
    const str scheme = str_cut(uri, str_find(uri, ':', 0));
    if (scheme.n == uri.n || !scheme.n || !is_letter(scheme.p[0]))
        return S0;
    for (size_t i = 0; i < scheme.n; i++)
        if (!is_letter(scheme.p[i]) && !is_digit(scheme.p[i]) && !strchr("+-.", scheme.p[i]))
            return S0;
    return scheme;
}

/* A name, an address or a bracketed one, with or without a port, and nobody's name before it: what a browser
 * and we read alike. */
static bool host_sound(str rest)
{
    if (!str_starts(rest, S("//")))
        return false;
    size_t end = 2;
    while (end < rest.n && !strchr("/?", rest.p[end]))
        end++;
    const str host = str_cut(str_from(rest, 2), end - 2);
    for (size_t i = 0; i < host.n; i++)
        if (!is_letter(host.p[i]) && !is_digit(host.p[i]) && !strchr("-.:[]", host.p[i]))
            return false;
    return host.n && host.p[0] != ':';
}

bool redirect_uri_sound(str uri)
{
    static const char *const never[] = { "javascript", "data", "vbscript", "file", "blob", "about", "filesystem",
                                         "view-source" };
    const str scheme = scheme_of(uri);
    if (!scheme.n || uri.n > REDIRECT_URI_MAX || !all_of_a_uri(uri))
        return false;
    for (size_t i = 0; i < COUNT(never); i++)
        if (str_eq_ascii_case(scheme, str_of(never[i])))
            return false;
    const str rest = str_from(uri, scheme.n + 1);
    if (str_eq_ascii_case(scheme, S("http")) || str_eq_ascii_case(scheme, S("https")))
        return host_sound(rest);
    return rest.n > 0;
}

bool app_redirects_to(const struct app *app, str uri)
{
    str rest = app->redirects;
    while (rest.n) {
        const str one = str_cut(rest, str_find(rest, ' ', 0));
        if (str_eq(one, uri))
            return true;
        rest = str_from(rest, one.n + 1);
    }
    return false;
}
