#include "dialect/page/page.h"

#include "base/encode.h"
#include "base/hash.h"

static const char style[] =
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}"
    "h1{font-size:1.5rem}code,pre{font-family:ui-monospace,monospace}"
    "pre{padding:.75rem 1rem;overflow-x:auto;border:1px solid;border-radius:.4rem}"
    "table{border-collapse:collapse}th,td{text-align:left;padding:.25rem 1.5rem .25rem 0;vertical-align:top}";

str page_policy(struct arena *arena)
{
    const str digest = base64(arena, sha256(arena, (str){ style, sizeof style - 1 }));
    return arena_print(arena, "default-src 'none'; style-src 'sha256-%.*s'; base-uri 'none'; form-action 'none'; "
                              "frame-ancestors 'none'", STR_ARG(digest));
}

static void row(const struct dialect *dialect, str base_url, struct text *out)
{
    text_add(out, S("<tr><th scope=\"row\">"));
    text_xml(out, str_of(dialect->title));
    text_add(out, S("</th><td>"));
    for (const char *const *prefix = dialect->prefixes; *prefix; prefix++) {
        text_add(out, prefix == dialect->prefixes ? S("<code>") : S("<br><code>"));
        text_xml(out, base_url);
        text_xml(out, str_of(*prefix));
        text_add(out, S("</code>"));
    }
    text_add(out, S("</td><td><a href=\"/openapi/"));
    text_xml(out, str_of(dialect->name));
    text_add(out, S(".json\">OpenAPI</a></td></tr>\n"));
}

static void commands(const struct dialect *const *dialects, struct text *out)
{
    text_add(out, S("<pre>"));
    for (const struct dialect *const *d = dialects; *d; d++)
        text_print(out, "eval \"$(polydrive env %s)\"\n", (*d)->name);
    text_add(out, S("</pre>\n"));
}

void page_write(const struct dialect *const *dialects, str base_url, str version, struct text *out)
{
    text_print(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>polydrive</title>\n"
                    "<meta name=\"viewport\" content=\"width=device-width\">\n<style>%s</style>\n</head>\n<body>\n"
                    "<h1>polydrive %.*s</h1>\n", style, STR_ARG(version));
    text_add(out, S("<p>A self-hosted drive. Apps written for these APIs use it by changing their address; all of "
                    "them see the same drives, folders and files.</p>\n<table>\n"));
    for (const struct dialect *const *d = dialects; *d; d++)
        row(*d, base_url, out);
    text_add(out, S("</table>\n<h2>Credentials</h2>\n<p>On the machine of the server, beside its data folder, these "
                    "print what a client needs (address, keys, token, user, drive) as shell variables:</p>\n"));
    commands(dialects, out);
    text_add(out, S("<p>Accounts, apps and tokens are made by <code>polydrive user</code>, <code>polydrive app</code> "
                    "and <code>polydrive token</code>; <code>polydrive help</code> lists all.</p>\n</body>\n</html>\n"));
}
