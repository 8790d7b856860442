/* What stands in Authorization and Cookie, in scopes and in redirect URIs: nothing is taken but what has the
 * form, and what is taken is a part of what came. */
#include <assert.h>

#include "dialect/pds/acs.h"
#include "dialect/pds/consent.h"
#include "dialect/pds/scope.h"
#include "drive/app.h"
#include "drive/site.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void signatures(struct arena *arena, str text)
{
    const struct acs_header  headers[] = { { S("x-acs-date"), text }, { S("accept"), text } };
    const struct acs_request request = { .method = S("POST"), .path = S("/v2/drive/get"), .query = text, .body = text,
                                         .headers = headers, .header_count = COUNT(headers) };
    struct acs3 three;
    struct acs4 four;
    if (acs3_read(text, &three))
        assert(three.key.n && three.signature.n && acs3_signature(arena, &request, three.signed_headers, text).n == 64);
    if (!acs4_read(text, &four))
        return;
    assert(four.key.n && four.date.n == 8 && four.region.n && four.signature.n);
    assert(acs4_signature(arena, &request, &four, text, ACS4_KEYS_AS_THEY_ARE).n == 64);
    assert(acs4_signature(arena, &request, &four, text, ACS4_KEYS_DECODED).n == 64);
}

static void scopes(struct arena *arena, str text)
{
    str               out, unknown = S0;
    const struct list texts = { &text, 1 };
    if (!pds_scope_read(arena, &texts, &out, &unknown)) {
        assert(unknown.n && unknown.p >= text.p && unknown.p + unknown.n <= text.p + text.n);
        return;
    }
    if (out.n)
        assert(!pds_scope_covers(out, "NOPE.GET") && out.n <= text.n);
}

static void redirects(str text)
{
    const struct app app = { .redirects = text };
    if (!redirect_uri_sound(text))
        return;
    assert(app_redirects_to(&app, text) && !app_redirects_to(&app, str_from(text, 1)));
    for (size_t i = 0; i < text.n; i++)
        assert(text.p[i] > ' ' && text.p[i] < 0x7f && !strchr("\"<>\\^`{|}#", text.p[i]));
}

static void pages(struct arena *arena, str text)
{
    const struct site site = { .sign_key = S("0123456789abcdef0123456789abcdef"), .domain.name = S("main") };
    struct cx cx = { .arena = arena, .site = &site, .base_url = S("http://x"), .now = { 1000 } };
    str       set_cookie;
    struct consent page = { .app_name = text, .client_id = text, .redirect_uri = S("https://a.example/"), .scopes = text,
                            .state = text, .account = text, .cookie = consent_cookie(&cx, text, &set_cookie) };
    assert(page.cookie.n == 32 && (set_cookie.p != NULL) == (page.cookie.p < text.p || page.cookie.p > text.p + text.n));
    assert(!consent_ticket_fits(&cx, &page, text));
    const str html = consent_page(&cx, &page);
    assert(str_find_str(html, S("<script"), 0) == html.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    const str text = arena_copy(arena, (str){ (const char *)bytes, n });
    if (!n || n > 8192)
        return 0;
    signatures(arena, text);
    scopes(arena, text);
    redirects(text);
    pages(arena, text);
    return 0;
}
