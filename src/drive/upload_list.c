/* The caller's open uploads into a folder, a page at a time. */
#include "base/encode.h"
#include "drive/cursor.h"
#include "drive/share.h"
#include "drive/upload.h"
#include "store/uploads.h"

/* Uploads that are done stay a while: they must not make one page read all of them. */
enum { LOOKED_AT_MAX = 2000 };

static bool is_mine(const struct cx *cx, const struct upload *u)
{
    const struct visit *visit = share_visit(cx);
    return u->state == UPLOAD_OPEN && u->expires.ms > cx->now.ms && u->user.v == cx->caller->user.v
           && (u->user.v || u->app.v == cx->caller->app.v) && u->share.v == (visit ? visit->share.id.v : 0);
}

enum fault upload_list(struct cx *cx, const struct upload_listing *l, struct upload_page *out)
{
    struct list    found;
    str            position;
    int64_t        end;
    struct upload *uploads = ARENA_MANY(cx->arena, struct upload, (size_t)l->limit + 1);
    const str      bound = arena_print(cx->arena, "%s|uploads|%lld|%lld", l->operation, (long long)l->drive.id.v,
                                       (long long)l->parent.id.v);
    TRY(cursor_read(cx, l->cursor_field, bound, l->cursor, &position));
    const id after = { position.n == 8 ? (int64_t)be64_get(position.p) : 0 };
    TRY(store_uploads_into_end(cx, l->drive.id, l->parent.id, after, LOOKED_AT_MAX, &end));
    TRY(store_uploads_open_into(cx, l->drive.id, l->parent.id, after, end ? end : INT64_MAX, cx->caller->user,
                                l->limit + 1, &found));
    *out = (struct upload_page){ { uploads, 0 }, S0 };
    const struct upload *u = found.items;
    id last = { end };
    bool more = end != 0;
    for (size_t i = 0; i < found.count; i++) {
        if (i == (size_t)l->limit) {
            more = true;
            last = u[i - 1].id;
            break;
        }
        if (is_mine(cx, &u[i]))
            uploads[out->uploads.count++] = u[i];
    }
    if (more) {
        char *bytes = arena_make(cx->arena, 8);
        be64_put(bytes, (uint64_t)last.v);
        out->next = cursor_make(cx, bound, (str){ bytes, 8 });
    }
    return OK;
}
