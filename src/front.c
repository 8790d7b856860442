#include "front.h"

#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "admin/version.h"
#include "base/hash.h"
#include "base/log.h"
#include "dialect/page/page.h"

/* ---- answers of our own ---- */

/* Lives from head to over, as the answer's body is borrowed until then. */
struct own {
    struct arena      *arena;
    struct text        body;
    int                status;
    struct http_header headers[8];
    size_t             header_count;
};

static void header(struct own *own, const char *name, str value)
{
    own->headers[own->header_count++] = (struct http_header){ name, value };
}

static void say(struct own *own, int status, const char *sentence)
{
    own->status = status;
    header(own, "Content-Type", S("text/plain; charset=utf-8"));
    text_print(&own->body, "%s\n", sentence);
}

int64_t front_free_bytes(const struct front *front)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct statvfs disk;
    int64_t bytes = content_free_bytes(front->host->content);
    if (statvfs(arena_z(arena, front->host->settings->data), &disk))
        return bytes;
    const int64_t here = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
    return bytes < 0 || here < bytes ? here : bytes;
}

static void healthz(struct front *front, struct own *own, const struct http_request *r)
{
    (void)r;
    if (store_broken(front->host->store))
        say(own, 503, "the store is broken: a sync failed; restart the server");
    else if (content_broken(front->host->content))
        say(own, 503, "the content store is broken: a sync failed; restart the server");
    else
        say(own, 200, "ok");
}

static void readyz(struct front *front, struct own *own, const struct http_request *r)
{
    const struct settings *settings = front->host->settings;
    const int64_t free_bytes = front_free_bytes(front);
    if (store_broken(front->host->store) || content_broken(front->host->content))
        healthz(front, own, r);
    else if (access(arena_z(own->arena, settings->data), W_OK)) /* EROFS after a remount, too */
        say(own, 503, "the data folder cannot be written");
    else if (free_bytes >= 0 && free_bytes < settings->disk_floor)
        say(own, 503, "less disk is free than --disk-floor");
    else
        say(own, 200, "ready");
}

/* A request that a proxy passed on comes from loopback too, and is not the operator's. */
static bool is_local(const struct http_request *r)
{
    const str peer = http_peer(r);
    const bool loopback = str_starts(peer, S("127.")) || str_eq(peer, S("::1")) || str_starts(peer, S("::ffff:127."));
    return loopback && !http_header(r, "X-Forwarded-For").p && !http_header(r, "Forwarded").p;
}

static bool knows_token(const struct front *front, const struct http_request *r)
{
    const str given = http_header(r, "Authorization");
    return front->metrics_token.n && str_starts(given, S("Bearer "))
           && bytes_equal_secretly(str_from(given, 7), front->metrics_token);
}

static void metrics(struct front *front, struct own *own, const struct http_request *r)
{
    if (!is_local(r) && !knows_token(front, r)) {
        say(own, 403, "metrics are for loopback, or for who knows --metrics-token");
        return;
    }
    own->status = 200;
    header(own, "Content-Type", S("text/plain; version=0.0.4; charset=utf-8"));
    metrics_write(front, &own->body);
}

static void page(struct front *front, struct own *own, const struct http_request *r)
{
    own->status = 200;
    header(own, "Content-Type", S("text/html; charset=utf-8"));
    header(own, "Content-Security-Policy", page_policy(own->arena));
    header(own, "X-Frame-Options", S("DENY"));
    header(own, "Referrer-Policy", S("no-referrer"));
    page_write(front->dialects, host_base_url(front->host, own->arena, r), str_of(POLYDRIVE_VERSION), &own->body);
}

static void openapi(struct front *front, struct own *own, const struct http_request *r)
{
    str name = str_from(http_path(r), sizeof "/openapi/" - 1);
    for (const struct dialect *const *d = front->dialects; *d; d++) {
        if (!str_eq(name, arena_print(own->arena, "%s.json", (*d)->name)))
            continue;
        own->status = 200;
        header(own, "Content-Type", S("application/json"));
        header(own, "Access-Control-Allow-Origin", S("*"));
        contract_openapi(*d, host_base_url(front->host, own->arena, r), &own->body);
        return;
    }
    say(own, 404, "no such document; GET / lists them");
}

static const struct place {
    const char *path; /* ends with '/': what is below it */
    void (*answer)(struct front *front, struct own *own, const struct http_request *r);
} places[] = {
    { "/", page }, { "/healthz", healthz }, { "/readyz", readyz }, { "/metrics", metrics }, { "/openapi/", openapi },
};

static const struct place *find_place(str path)
{
    for (size_t i = 0; i < COUNT(places); i++) {
        const str  mine = str_of(places[i].path);
        const bool below = mine.n > 1 && mine.p[mine.n - 1] == '/';
        if (below ? str_starts(path, mine) : str_eq(path, mine))
            return &places[i];
    }
    return NULL;
}

static void fill(struct front *front, struct own *own, const struct http_request *r)
{
    const struct place *place = find_place(http_path(r));
    const str method = http_method(r);
    header(own, "X-Content-Type-Options", S("nosniff"));
    header(own, "Cache-Control", S("no-store"));
    if (!place) {
        say(own, 404, "there is nothing at this path; GET / says what is here");
    } else if (!str_eq(method, S("GET")) && !str_eq(method, S("HEAD"))) {
        header(own, "Allow", S("GET, HEAD"));
        say(own, 405, "only GET and HEAD");
    } else {
        place->answer(front, own, r);
    }
}

static void answer(struct front *front, struct http_request *r)
{
    struct own *own = http_user(r);
    fill(front, own, r);
    const struct http_answer out = { .status = own->status, .headers = own->headers,
                                     .header_count = own->header_count, .body = text_str(&own->body) };
    http_answer(r, &out);
}

/* ---- whose request it is ---- */

static const struct http_app *owner(const struct front *front, const struct http_request *r)
{
    const str path = http_path(r);
    if (data_door_owns(path))
        return &front->data_app;
    return contract_owns(front->contract, path) ? &front->contract_app : NULL;
}

static void on_head(void *self, struct http_request *r)
{
    struct front *front = self;
    const struct http_app *app = owner(front, r);
    if (app) {
        app->head(app->self, r);
        return;
    }
    struct own *own = calloc(1, sizeof *own);
    if (!own)
        log_die("out of memory");
    own->arena = arena_new();
    http_set_user(r, own);
    http_take_body(r, 0);
}

static void on_ready(void *self, struct http_request *r)
{
    struct front *front = self;
    const struct http_app *app = owner(front, r);
    if (app)
        app->ready(app->self, r);
    else
        answer(front, r);
}

static void on_woken(void *self, struct http_request *r)
{
    const struct http_app *app = owner(self, r);
    if (app)
        app->woken(app->self, r);
}

/* We read no body: the answer is the same, and the connection closes. */
static void on_too_large(void *self, struct http_request *r)
{
    struct front *front = self;
    const struct http_app *app = owner(front, r);
    if (app)
        app->too_large(app->self, r);
    else
        answer(front, r);
}

static void on_over(void *self, struct http_request *r)
{
    const struct http_app *app = owner(self, r);
    if (app) {
        app->over(app->self, r);
        return;
    }
    struct own *own = http_user(r);
    if (!own)
        return;
    text_done(&own->body);
    arena_free(&own->arena);
    free(own);
}

struct http_app front_app(struct front *front)
{
    front->contract_app = contract_app(front->contract);
    front->data_app = data_door_app(front->data);
    return (struct http_app){ .self = front, .head = on_head, .ready = on_ready, .woken = on_woken,
                              .too_large = on_too_large, .over = on_over };
}
