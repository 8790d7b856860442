/* admin/env.c: `polydrive env`: what a client needs to reach the running server, and only that, on stdout.
 *
 * It makes what is missing: the app named `env`, used again by every later call, a token of the user, and
 * a drive for a user who has none. */
#include <stdio.h>

#include "admin/commands.h"
#include "admin/desk.h"
#include "admin/place.h"
#include "admin/print.h"
#include "base/text.h"
#include "drive/drive.h"
#include "drive/user.h"

enum { USER_TOKEN_TTL_S = 24 * 3600, APP_TOKEN_TTL_S = 7200 };

struct handout {
    const struct vendor *vendor;
    str         endpoint, app_secret, user_token, app_token, drive, domain;
    struct user user;
    struct app  app;
    bool        made_drive;
};

static bool wants(const struct handout *h, enum meaning meaning)
{
    for (const struct variable *v = h->vendor->variables; v->name; v++)
        if (v->meaning == meaning)
            return true;
    return false;
}

static enum fault find_app(struct cx *cx, struct handout *h)
{
    const enum fault fault = app_find(cx, S("env"), &h->app);
    if (fault == FAULT_NOT_FOUND)
        return app_add(cx, &(struct app_want){ .name = S("env") }, &h->app, &h->app_secret);
    TRY(fault);
    return app_secret(cx, &h->app, &h->app_secret);
}

static enum fault find_drive(struct cx *cx, struct handout *h)
{
    struct drive drive;
    const struct drive want = { .name = h->user.name, .owner_kind = OWNER_USER, .owner_public = h->user.public_id,
                                .status = STATUS_ENABLED, .quota = QUOTA_NONE, .is_default = true };
    if (!h->user.default_drive.v) {
        TRY(drive_create(cx, &want, &drive));
        h->user.default_drive = drive.id;
        h->made_drive = true;
    }
    h->drive = arena_print(cx->arena, "%lld", (long long)h->user.default_drive.v);
    return OK;
}

static enum fault prepare(struct cx *cx, void *arg)
{
    struct handout *h = arg;
    const struct token_want token = { .user = h->user.id, .kind = TOKEN_ACCESS, .ttl_s = USER_TOKEN_TTL_S };
    TRY(find_app(cx, h));
    if (wants(h, MEANS_DRIVE))
        TRY(find_drive(cx, h));
    if (wants(h, MEANS_APP_TOKEN))
        TRY(token_of_app(cx, h->app.id, APP_TOKEN_TTL_S, &h->app_token));
    return wants(h, MEANS_USER_TOKEN) ? token_issue(cx, &token, &h->user_token) : OK;
}

static str value_of(const struct handout *h, enum meaning meaning)
{
    switch (meaning) {
    case MEANS_ENDPOINT:   return h->endpoint;
    case MEANS_USER_TOKEN: return h->user_token;
    case MEANS_APP_TOKEN:  return h->app_token;
    case MEANS_APP_KEY:    return h->app.key;
    case MEANS_APP_SECRET: return h->app_secret;
    case MEANS_USER:       return h->user.public_id;
    case MEANS_DRIVE:      return h->drive;
    case MEANS_DOMAIN:     return h->domain;
    }
    return S0;
}

/* A value as one word of the shell, whatever is in it. */
static void put_shell(str value)
{
    putchar('\'');
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] == '\'')
            fputs("'\\''", stdout);
        else
            putchar(value.p[i]);
    }
    putchar('\'');
}

static void print_shell(const struct handout *h)
{
    for (const struct variable *v = h->vendor->variables; v->name; v++) {
        printf("export %s=", v->name);
        put_shell(value_of(h, v->meaning));
        putchar('\n');
    }
}

static void print_json(const struct handout *h)
{
    AUTO(text_done) struct text text = { 0 };
    for (const struct variable *v = h->vendor->variables; v->name; v++) {
        text_add(&text, text.n ? S(", ") : S("{"));
        text_json(&text, str_of(v->name));
        text_add(&text, S(": "));
        text_json(&text, value_of(h, v->meaning));
    }
    text_add(&text, S("}\n"));
    fwrite(text.p, 1, text.n, stdout);
}

static int find_vendor(const struct run *run, const struct vendor **out)
{
    AUTO(text_done) struct text names = { 0 };
    for (const struct vendor *v = run->lent->vendors; v->dialect; v++) {
        *out = v;
        if (str_eq(run->words[0], str_of(v->dialect->name)))
            return EXIT_DONE;
        text_print(&names, "%s%s", names.n ? ", " : "", v->dialect->name);
    }
    return command_fails(run, EXIT_USAGE, "there is no %.*s here, only %.*s", STR_ARG(run->words[0]),
                         STR_ARG(text_str(&names)));
}

static int find_server(struct desk *desk, struct handout *h)
{
    const str data = desk->run->settings.data;
    h->endpoint = place_running(desk->cx.arena, data);
    if (h->endpoint.p)
        return EXIT_DONE;
    return command_fails(desk->run, EXIT_FAILED, "no server runs on %.*s; start one: polydrive serve --data %.*s",
                         STR_ARG(data), STR_ARG(data));
}

static void explain(const struct run *run, const struct handout *h)
{
    fprintf(stderr, "# %s at %.*s, as the user %.*s\n", h->vendor->dialect->title, STR_ARG(h->endpoint),
            STR_ARG(h->user.login));
    if (h->made_drive)
        fprintf(stderr, "# %.*s had no drive: made %.*s\n", STR_ARG(h->user.login), STR_ARG(h->drive));
    if (!run->options.json && str_eq(run->options.format, S("sh")))
        fprintf(stderr, "# tokens last %d hours; for the shell: eval \"$(polydrive env %s ...)\"\n",
                wants(h, MEANS_USER_TOKEN) ? USER_TOKEN_TTL_S / 3600 : APP_TOKEN_TTL_S / 3600, h->vendor->dialect->name);
}

int env_command(struct run *run)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct handout h = { 0 };
    if (!run->options.format.p)
        run->options.format = run->options.json ? S("json") : S("sh");
    const bool json = str_eq(run->options.format, S("json"));
    if (!json && !str_eq(run->options.format, S("sh")))
        return command_fails(run, EXIT_USAGE, "--format: sh or json, not %.*s", STR_ARG(run->options.format));
    int code = find_vendor(run, &h.vendor);
    if (!code)
        code = desk_open(run, &desk);
    if (!code)
        code = find_server(&desk, &h);
    const str user = run->options.user.p ? run->options.user : S("superadmin");
    if (!code)
        code = desk_told(&desk, user_find(&desk.cx, user, &h.user));
    if (!code)
        code = desk_change(&desk, prepare, &h);
    if (code)
        return code;
    h.domain = desk.site.domain.name;
    if (json)
        print_json(&h);
    else
        print_shell(&h);
    code = print_end(run);
    explain(run, &h);
    return code;
}
