#include "drive/link.h"

#include "base/encode.h"
#include "base/hash.h"
#include "base/text.h"
#include "drive/share.h"
#include "drive/site.h"
#include "store/people.h"

static const char upload_path[] = "/data/upload";
static const char download_path[] = "/data/download";

/* Every parameter, in the order in which it stands and is signed. Those that are none are left out. */
struct parameter {
    const char *name;
    size_t      at;
    enum kind   kind;
};
static const struct parameter parameters[] = {
    { "dialect", AT(struct link, dialect) },   { "drive", AT(struct link, drive) },
    { "file", AT(struct link, node) },         { "upload", AT(struct link, upload) },
    { "part", AT(struct link, part) },         { "revision", AT(struct link, revision) },
    { "user", AT(struct link, user) },         { "app", AT(struct link, app) },
    { "share", AT(struct link, share) },       { "edition", AT(struct link, edition) },
    { "expires", AT(struct link, expires) },   { "name", AT(struct link, file_name) },
    { "type", AT(struct link, media_type) },   { "part_type", AT(struct link, part_type) },
    { "part_md5", AT(struct link, part_md5) }, { "task", AT(struct link, task) },
};

static void add_name(struct text *out, const char *name)
{
    text_char(out, '&');
    text_add(out, str_of(name));
    text_char(out, '=');
}

static void add_parameter(struct text *out, const struct parameter *p, const struct link *link)
{
    const char *member = (const char *)link + p->at;
    int64_t     number = 0;
    if (p->kind == KIND_STR) {
        const str s = *(const str *)(const void *)member;
        if (!s.n)
            return;
        add_name(out, p->name);
        text_percent(out, s, "");
        return;
    }
    number = p->kind == KIND_INT ? *(const int *)(const void *)member : *(const int64_t *)(const void *)member;
    if (!number)
        return;
    add_name(out, p->name);
    text_int(out, number);
}

/* Path and parameters as they are signed and sent; the first '&' becomes '?'. */
static void unsigned_target(const struct link *link, struct text *out)
{
    text_add(out, str_of(link->kind == LINK_UPLOAD ? upload_path : download_path));
    const size_t mark = out->n;
    for (size_t i = 0; i < COUNT(parameters); i++)
        add_parameter(out, &parameters[i], link);
    if (out->n > mark)
        out->p[mark] = '?';
}

static str signature_of(struct cx *cx, str target)
{
    return hex_lower(cx->arena, hmac_sha256(cx->arena, cx->site->sign_key, target));
}

str link_url(struct cx *cx, const struct link *want)
{
    AUTO(text_done) struct text target = { 0 };
    struct link link = *want;
    link.user = cx->caller->user;
    link.app = cx->caller->app;
    if (share_visit(cx)) {
        link.share = share_visit(cx)->share.id;
        link.edition = share_visit(cx)->share.edition;
    }
    unsigned_target(&link, &target);
    const str signature = signature_of(cx, text_str(&target));
    return arena_print(cx->arena, "%.*s%.*s&signature=%.*s", STR_ARG(cx->base_url), STR_ARG(text_str(&target)),
                       STR_ARG(signature));
}

static bool set_parameter(struct cx *cx, struct link *link, const struct parameter *p, str value)
{
    char   *member = (char *)link + p->at;
    int64_t number;
    if (p->kind == KIND_STR) {
        *(str *)(void *)member = percent_read(cx->arena, value, false);
        return ((str *)(void *)member)->p != NULL;
    }
    if (!str_int64(value, &number) || number <= 0)
        return false;
    if (p->kind == KIND_INT) {
        if (number > INT32_MAX)
            return false;
        *(int *)(void *)member = (int)number;
    } else {
        *(int64_t *)(void *)member = number;
    }
    return true;
}

static const struct parameter *parameter_named(str name)
{
    for (size_t i = 0; i < COUNT(parameters); i++)
        if (str_eq(name, str_of(parameters[i].name)))
            return &parameters[i];
    return NULL;
}

static bool read_parameters(struct cx *cx, str query, struct link *out)
{
    while (query.n) {
        const size_t end = str_find(query, '&', 0), eq = str_find(query, '=', 0);
        if (eq >= end)
            return false;
        const struct parameter *p = parameter_named(str_cut(query, eq));
        if (!p || !set_parameter(cx, out, p, str_from(str_cut(query, end), eq + 1)))
            return false;
        query = str_from(query, end + 1);
    }
    return true;
}

/* The signature is checked over the bytes as they came, before anything of them is believed; then the link
 * is written anew and must come out the same: one spelling, one order, nothing twice. */
enum fault link_read(struct cx *cx, str path, str query, struct link *out)
{
    AUTO(text_done) struct text again = { 0 };
    const str    mark = S("&signature=");
    const size_t at = str_find_str(query, mark, 0);
    *out = (struct link){ 0 };
    if (str_eq(path, str_of(upload_path)))
        out->kind = LINK_UPLOAD;
    else if (str_eq(path, str_of(download_path)))
        out->kind = LINK_DOWNLOAD;
    if (!out->kind || at >= query.n || query.n > 16 * 1024)
        return fail(cx, FAULT_INVALID, .thing = THING_LINK);
    const str target = arena_print(cx->arena, "%.*s?%.*s", STR_ARG(path), (int)at, query.p);
    const str given = str_from(query, at + mark.n);
    if (!bytes_equal_secretly(given, signature_of(cx, target)) || !read_parameters(cx, str_cut(query, at), out))
        return fail(cx, FAULT_INVALID, .thing = THING_LINK);
    unsigned_target(out, &again);
    if (!str_eq(text_str(&again), target) || !out->expires.ms)
        return fail(cx, FAULT_INVALID, .thing = THING_LINK);
    if (out->expires.ms <= cx->now.ms)
        return fail(cx, FAULT_UNAUTHENTICATED, .thing = THING_LINK, .how = HOW_EXPIRED);
    return OK;
}

/* By himself, not as the visitor of a share. */
static enum fault asker(struct cx *cx, const struct link *link, struct caller **out)
{
    struct app app;
    if (link->app.v) {
        const enum fault fault = store_app(cx, link->app, &app);
        if (fault == FAULT_NOT_FOUND)
            return fail(cx, FAULT_UNAUTHENTICATED, .thing = THING_APP);
        TRY(fault);
        if (!link->user.v)
            return caller_of_app(cx, &app, out);
    }
    return caller_of_user(cx, link->user, link->app, out);
}

enum fault link_caller(struct cx *cx, const struct link *link, struct caller **out)
{
    struct caller *outside = NULL;
    if (!link->share.v)
        return asker(cx, link, out);
    if (link->user.v || link->app.v)
        TRY(asker(cx, link, &outside));
    return share_visitor(cx, link->share, link->edition, outside, out);
}
