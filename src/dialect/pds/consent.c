#include "dialect/pds/consent.h"

#include "base/encode.h"
#include "base/hash.h"
#include "drive/site.h"

enum { TICKET_TTL_MS = 15 * 60 * 1000, COOKIE_BYTES = 16 };

#define COOKIE_NAME "polydrive_sign_in"

static const char style[] =
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:24rem;margin:3rem auto;padding:0 1rem}"
    "h1{font-size:1.5rem}label{display:block;margin:1rem 0}"
    "input{display:block;box-sizing:border-box;width:100%;padding:.5rem;font:inherit}"
    "button{font:inherit;padding:.5rem 1rem;margin:.5rem .5rem 0 0}"
    ".wrong{border:1px solid;border-radius:.4rem;padding:.5rem 1rem}.note{font-size:.875rem}";

/* ---- the cookie ---- */

static bool is_cookie(str value)
{
    for (size_t i = 0; i < value.n; i++)
        if (!((value.p[i] >= '0' && value.p[i] <= '9') || (value.p[i] >= 'a' && value.p[i] <= 'f')))
            return false;
    return value.n == COOKIE_BYTES * 2;
}

str consent_cookie(struct cx *cx, str header, str *set_cookie)
{
    const str name = S(COOKIE_NAME "=");
    char      raw[COOKIE_BYTES];
    *set_cookie = S0;
    while (header.n) {
        const str one = str_cut(header, str_find(header, ';', 0)), pair = str_trim(one);
        if (str_starts(pair, name) && is_cookie(str_from(pair, name.n)))
            return str_from(pair, name.n);
        header = str_from(header, one.n + 1);
    }
    random_bytes(raw, sizeof raw);
    const str value = hex_lower(cx->arena, (str){ raw, sizeof raw });
    *set_cookie = arena_print(cx->arena, COOKIE_NAME "=%.*s; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict%s",
                              STR_ARG(value), str_starts(cx->base_url, S("https:")) ? "; Secure" : "");
    return value;
}

/* ---- the ticket ---- */

/* Each text with its length before it, so that no two pages have the same bytes. */
static str ticket_mac(struct cx *cx, const struct consent *c, str end)
{
    AUTO(text_done) struct text bytes = { 0 };
    const str parts[] = { c->cookie, end, c->client_id, c->redirect_uri, c->scopes, c->state };
    for (size_t i = 0; i < COUNT(parts); i++) {
        text_int(&bytes, (int64_t)parts[i].n);
        text_char(&bytes, ':');
        text_add(&bytes, parts[i]);
    }
    const str key = hmac_sha256(cx->arena, cx->site->sign_key, S("polydrive sign-in page"));
    return hex_lower(cx->arena, hmac_sha256(cx->arena, key, text_str(&bytes)));
}

static str ticket_of(struct cx *cx, const struct consent *c)
{
    const str end = arena_print(cx->arena, "%lld", (long long)(cx->now.ms + TICKET_TTL_MS));
    return arena_print(cx->arena, "%.*s.%.*s", STR_ARG(end), STR_ARG(ticket_mac(cx, c, end)));
}

bool consent_ticket_fits(struct cx *cx, const struct consent *c, str ticket)
{
    const str end = str_cut(ticket, str_find(ticket, '.', 0));
    int64_t   end_ms;
    return bytes_equal_secretly(str_from(ticket, end.n + 1), ticket_mac(cx, c, end)) && str_int64(end, &end_ms)
           && end_ms > cx->now.ms;
}

/* ---- the policy ---- */

/* What a browser must be allowed to be sent on to after the form: the origin of an http address, else the
 * scheme alone. An address in brackets is none that a policy can name. Registered URIs hold nothing else. */
static str source_of(struct cx *cx, str uri)
{
    const str scheme = str_cut(uri, str_find(uri, ':', 0));
    const str rest = str_from(uri, scheme.n + 1);
    size_t end = 2;
    while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?')
        end++;
    const bool named = str_starts(rest, S("//")) && str_find(rest, '[', 0) >= end
                       && (str_eq_ascii_case(scheme, S("http")) || str_eq_ascii_case(scheme, S("https")));
    return named ? arena_print(cx->arena, " %.*s:%.*s", STR_ARG(scheme), STR_ARG(str_cut(rest, end)))
                 : arena_print(cx->arena, " %.*s:", STR_ARG(scheme));
}

str consent_policy(struct cx *cx, str redirect_uri)
{
    const str digest = base64(cx->arena, sha256(cx->arena, (str){ style, sizeof style - 1 }));
    const str target = redirect_uri.n ? source_of(cx, redirect_uri) : S("");
    return arena_print(cx->arena, "default-src 'none'; style-src 'sha256-%.*s'; base-uri 'none'; form-action 'self'%.*s; "
                                  "frame-ancestors 'none'", STR_ARG(digest), STR_ARG(target));
}

/* ---- the page ---- */

static void begin(struct text *out, const char *title)
{
    text_print(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>%s</title>\n"
                    "<meta name=\"viewport\" content=\"width=device-width\">\n<style>%s</style>\n</head>\n<body>\n<main>\n",
               title, style);
}

static void end(struct text *out)
{
    text_add(out, S("</main>\n</body>\n</html>\n"));
}

static void hidden(struct text *out, const char *name, str value)
{
    if (!value.p)
        return;
    text_print(out, "<input type=\"hidden\" name=\"%s\" value=\"", name);
    text_xml(out, value);
    text_add(out, S("\">\n"));
}

static void write_scopes(struct text *out, str scopes)
{
    if (!scopes.n) {
        text_add(out, S("<p>It may do whatever you may do.</p>\n"));
        return;
    }
    text_add(out, S("<p>It may do only this:</p>\n<ul>\n"));
    while (scopes.n) {
        const str word = str_cut(scopes, str_find(scopes, ' ', 0));
        text_add(out, S("<li><code>"));
        text_xml(out, word);
        text_add(out, S("</code></li>\n"));
        scopes = str_from(scopes, word.n + 1);
    }
    text_add(out, S("</ul>\n"));
}

static void write_head(struct cx *cx, struct text *out, const struct consent *c)
{
    begin(out, "Sign in");
    text_add(out, S("<h1>Sign in to "));
    text_xml(out, cx->site->domain.name);
    text_add(out, S("</h1>\n<p><strong>"));
    text_xml(out, c->app_name);
    text_add(out, S("</strong> asks to use your drive.</p>\n"));
    if (!c->hide_consent)
        write_scopes(out, c->scopes);
    if (c->message)
        text_print(out, "<p class=\"wrong\" role=\"alert\">%s</p>\n", c->message);
}

static void write_form(struct cx *cx, struct text *out, const struct consent *c)
{
    text_add(out, S("<form method=\"post\" action=\"authorize\">\n"));
    hidden(out, "client_id", c->client_id);
    hidden(out, "redirect_uri", c->redirect_uri);
    hidden(out, "login_type", c->login_type);
    hidden(out, "response_type", c->response_type);
    hidden(out, "scope", c->scopes);
    hidden(out, "state", c->state);
    hidden(out, "hide_consent", c->hide_consent ? S("true") : S0);
    hidden(out, "ticket", ticket_of(cx, c));
    text_add(out, S("<label>Login, phone or e-mail <input name=\"account\" autocomplete=\"username\" required "
                    "maxlength=\"256\" value=\""));
    text_xml(out, c->account);
    text_add(out, S("\"></label>\n<label>Password <input type=\"password\" name=\"password\" "
                    "autocomplete=\"current-password\" required maxlength=\"1024\"></label>\n"
                    "<button name=\"decision\" value=\"allow\">Sign in and allow</button>\n"
                    "<button name=\"decision\" value=\"deny\" formnovalidate>Cancel</button>\n</form>\n"));
    text_add(out, S("<p class=\"note\">Afterwards you are sent to "));
    text_xml(out, str_trim(source_of(cx, c->redirect_uri)));
    text_add(out, S("</p>\n"));
}

str consent_page(struct cx *cx, const struct consent *c)
{
    AUTO(text_done) struct text out = { 0 };
    write_head(cx, &out, c);
    write_form(cx, &out, c);
    end(&out);
    return arena_copy(cx->arena, text_str(&out));
}

void consent_error_page(str code, str message, struct text *out)
{
    begin(out, "This does not work");
    text_add(out, S("<h1>This does not work</h1>\n<p>"));
    text_xml(out, message);
    text_add(out, S("</p>\n<p class=\"note\"><code>"));
    text_xml(out, code);
    text_add(out, S("</code></p>\n"));
    end(out);
}
