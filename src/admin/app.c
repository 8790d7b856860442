/* admin/app.c: `polydrive app ...` */
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>

#include "admin/commands.h"
#include "admin/desk.h"
#include "admin/print.h"
#include "drive/user.h"

enum { RSA_BITS_MIN = 2048, PEM_MAX = 16 * 1024 };

struct app_change {
    const struct run *run;
    struct app_want   want;
    str               secret;
    struct app        app;
};

static const struct word kinds[] = { { "web", APP_WEB }, { "native", APP_NATIVE }, { "jwt", APP_JWT }, { 0 } };

#define ROW struct app
static const struct field app_rows[] = {
    { "app_key", BODY, AT(ROW, key) },
    { "name", BODY, AT(ROW, name) },
    { "kind", BODY, AT(ROW, kind), .words = kinds },
    { "redirect_uris", BODY, AT(ROW, redirects), .omit = true, .doc = "blanks between" },
    { "user_number", BODY, AT(ROW, user), .omit = true },
    { "created", BODY, AT(ROW, created) },
    { 0 }
};
#undef ROW
#define ROW struct app_change
static const struct field added_rows[] = {
    { "app_key", BODY, AT(ROW, app.key) },
    { "app_secret", BODY, AT(ROW, secret) },
    { 0 }
};
#undef ROW

/* ---- the public key ---- */

static EVP_PKEY *read_pem(str pem)
{
    BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
    EVP_PKEY *key = bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    ERR_clear_error();
    return key;
}

static int check_pem(const struct run *run, str pem)
{
    EVP_PKEY *key = read_pem(pem);
    if (!key)
        return command_fails(run, EXIT_FAILED, "--public-key: not a public key in PEM (-----BEGIN PUBLIC KEY-----)");
    const bool rsa = EVP_PKEY_is_a(key, "RSA");
    const int  bits = EVP_PKEY_get_bits(key);
    EVP_PKEY_free(key);
    if (!rsa)
        return command_fails(run, EXIT_FAILED, "--public-key: not an RSA key");
    if (bits < RSA_BITS_MIN)
        return command_fails(run, EXIT_FAILED, "--public-key: RSA of %d bits; %d at least", bits, RSA_BITS_MIN);
    return EXIT_DONE;
}

static int read_public_key(const struct run *run, str *out)
{
    if (!run->options.public_key.p)
        return EXIT_DONE;
    const char *path = arena_z(run->arena, run->options.public_key);
    FILE *file = fopen(path, "re");
    if (!file)
        return command_fails(run, EXIT_FAILED, "--public-key: cannot open %s", path);
    char        *bytes = arena_make(run->arena, PEM_MAX + 1);
    const size_t n = fread(bytes, 1, PEM_MAX, file);
    fclose(file);
    *out = (str){ bytes, n };
    return check_pem(run, *out);
}

/* ---- the commands ---- */

static enum fault add(struct cx *cx, void *arg)
{
    struct app_change *change = arg;
    return app_add(cx, &change->want, &change->app, &change->secret);
}

static int read_kind(const struct run *run, int *out)
{
    const str given = run->options.kind;
    for (const struct word *w = kinds; given.p && w->name; w++)
        if (str_eq(given, str_of(w->name)))
            *out = w->value;
    if (given.p && !*out)
        return command_fails(run, EXIT_USAGE, "--kind: web, native or jwt, not %.*s", STR_ARG(given));
    return EXIT_DONE;
}

static int check_redirects(const struct run *run)
{
    const str *uris = run->options.redirects.items;
    for (size_t i = 0; i < run->options.redirects.count; i++)
        if (!redirect_uri_sound(uris[i]))
            return command_fails(run, EXIT_USAGE, "--redirect-uri: an absolute URL without a fragment, not %.*s",
                                 STR_ARG(uris[i]));
    return EXIT_DONE;
}

static int read_want(const struct run *run, struct app_want *want)
{
    *want = (struct app_want){ .name = run->words[0], .redirects = run->options.redirects.items,
                               .redirect_count = run->options.redirects.count };
    int code = read_kind(run, &want->kind);
    if (!code)
        code = check_redirects(run);
    return code ? code : read_public_key(run, &want->public_key);
}

int app_add_command(struct run *run)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct app_change change = { .run = run };
    struct user user = { 0 };
    int code = read_want(run, &change.want);
    if (!code)
        code = desk_open(run, &desk);
    if (!code && run->options.user.p)
        code = desk_told(&desk, user_find(&desk.cx, run->options.user, &user));
    change.want.user = user.id;
    if (!code)
        code = desk_change(&desk, add, &change);
    if (code)
        return code;
    print_one(run, added_rows, &change);
    return print_end(run);
}

int app_list_command(struct run *run)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct list apps;
    int code = desk_open(run, &desk);
    if (!code)
        code = desk_told(&desk, app_list(&desk.cx, &apps));
    if (code)
        return code;
    print_list(run, app_rows, &apps, sizeof(struct app));
    return print_end(run);
}

static enum fault remove_app(struct cx *cx, void *arg)
{
    const struct app_change *change = arg;
    return app_remove(cx, change->app.id);
}

int app_remove_command(struct run *run)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct app_change change = { .run = run };
    int code = desk_open(run, &desk);
    if (!code)
        code = desk_told(&desk, app_find(&desk.cx, run->words[0], &change.app));
    if (!code)
        code = desk_change(&desk, remove_app, &change);
    if (code)
        return code;
    print_done(run, "%.*s is removed; its tokens have ended", STR_ARG(change.app.name));
    return print_end(run);
}
