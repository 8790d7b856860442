#include "admin/desk.h"

#include <stdio.h>
#include <string.h>

#include "admin/place.h"
#include "base/clock.h"

enum { LINE_MAX_BYTES = 4096, PAGE = 500 };

/* Where somebody who has only just started a demo means that one. */
static void settle_place(struct run *run)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    if (run->settings.data_was_given || run->settings.db.p || place_is_locked(arena, run->settings.data))
        return;
    const str demo = place_of_demo(arena);
    if (!demo.p)
        return;
    run->settings.data = arena_copy(run->arena, demo);
    fprintf(stderr, "# using the demo at %.*s\n", STR_ARG(demo));
}

static int open_store(struct run *run, struct desk *desk)
{
    const str where = place_of_store(&run->settings);
    const struct store_options options = { .readers = 1, .no_writer = true };
    const enum fault fault = store_open(&desk->cx, where, &options, &desk->store);
    if (fault == FAULT_NOT_FOUND)
        return command_fails(run, EXIT_SETTINGS, "no data in %.*s: `polydrive serve --data %.*s` makes it",
                             STR_ARG(where), STR_ARG(run->settings.data));
    if (fault == FAULT_UNSUPPORTED)
        return command_fails(run, EXIT_SETTINGS, "%s", desk->cx.why.because);
    if (fault != OK)
        return command_failed(run, &desk->cx);
    desk->cx.db = store_reader(desk->store, 0);
    return desk->cx.db ? EXIT_DONE : command_fails(run, EXIT_UNREACHABLE, "the store cannot be read");
}

int desk_open(struct run *run, struct desk *desk)
{
    str key, error;
    settle_place(run);
    *desk = (struct desk){ .run = run, .is_open = true,
                           .cx = { .arena = run->arena, .now = clock_now(), .request_id = S("command") } };
    int code = open_store(run, desk);
    if (code)
        return code;
    code = place_read_key(run->arena, &run->settings, &key, &error);
    if (code)
        return command_fails(run, code, "%.*s", STR_ARG(error));
    const enum fault fault = site_open(&desk->cx, key, desk->store, NULL, &desk->site);
    if (fault != OK)
        return command_failed(run, &desk->cx);
    desk->caller = (struct caller){ .domain = desk->site.domain.id, .role = ROLE_SUPERADMIN };
    desk->cx.site = &desk->site;
    desk->cx.caller = &desk->caller;
    return EXIT_DONE;
}

int desk_open_content(struct desk *desk)
{
    const enum fault fault = content_open(&desk->cx, place_of_content(&desk->run->settings), &desk->content);
    desk->site.content = desk->content;
    return desk_told(desk, fault);
}

void desk_close(struct desk *desk)
{
    if (!desk->is_open)
        return;
    site_close(&desk->site);
    content_close(&desk->content);
    store_close(&desk->store);
    desk->is_open = false;
}

int desk_told(struct desk *desk, enum fault fault)
{
    return fault == OK ? EXIT_DONE : command_failed(desk->run, &desk->cx);
}

int desk_change(struct desk *desk, enum fault (*change)(struct cx *cx, void *arg), void *arg)
{
    return desk_told(desk, store_change_now(desk->store, &desk->cx, change, arg));
}

enum fault desk_gather(struct desk *desk, enum fault (*page)(struct cx *cx, id after, int limit, struct list *out),
                       size_t size, size_t id_at, struct list *out)
{
    struct list part = { 0 };
    id          after = ID_NONE;
    *out = (struct list){ 0 };
    do {
        TRY(page(&desk->cx, after, PAGE, &part));
        char *all = arena_make(desk->cx.arena, (out->count + part.count) * size + 1);
        if (out->count)
            memcpy(all, out->items, out->count * size);
        if (part.count) {
            memcpy(all + out->count * size, part.items, part.count * size);
            memcpy(&after, (char *)part.items + (part.count - 1) * size + id_at, sizeof after);
        }
        *out = (struct list){ all, out->count + part.count };
    } while (part.count == PAGE);
    return OK;
}

str desk_read_line(struct desk *desk)
{
    char line[LINE_MAX_BYTES];
    if (!fgets(line, sizeof line, stdin))
        return S0;
    const size_t n = strcspn(line, "\r\n");
    const str copy = n ? arena_copy(desk->cx.arena, (str){ line, n }) : S0;
    explicit_bzero(line, sizeof line);
    return copy;
}
