#include "drive/cursor.h"

#include "base/encode.h"
#include "base/hash.h"
#include "drive/caller.h"
#include "drive/site.h"

enum { MAC_BYTES = 16, CURSOR_MAX = 24 * 1024 /* a search carries its query: 4,096 characters */ };

/* The MAC covers what is sent and all that must be the same next time; lengths keep the pieces apart. */
static str mac_of(struct cx *cx, str binding, str position)
{
    const struct caller *caller = cx->caller;
    const str bound = arena_print(cx->arena, "%.*s|%lld|%lld|%zu|", STR_ARG(cx->site->domain.epoch),
                                  (long long)(caller ? caller->user.v : 0), (long long)(caller ? caller->app.v : 0),
                                  binding.n);
    char *all = arena_make(cx->arena, bound.n + binding.n + position.n + 1);
    memcpy(all, bound.p, bound.n);
    if (binding.n)
        memcpy(all + bound.n, binding.p, binding.n);
    if (position.n)
        memcpy(all + bound.n + binding.n, position.p, position.n);
    return str_cut(hmac_sha256(cx->arena, cx->site->cursor_key, (str){ all, bound.n + binding.n + position.n }), MAC_BYTES);
}

str cursor_make(struct cx *cx, str binding, str position)
{
    const str mac = mac_of(cx, binding, position);
    char     *whole = arena_make(cx->arena, MAC_BYTES + position.n + 1);
    memcpy(whole, mac.p, MAC_BYTES);
    memcpy(whole + MAC_BYTES, position.p, position.n);
    return base64url(cx->arena, (str){ whole, MAC_BYTES + position.n });
}

enum fault cursor_read(struct cx *cx, const char *field, str binding, str cursor, str *position)
{
    *position = S0;
    if (!cursor.n)
        return OK;
    const str whole = cursor.n <= CURSOR_MAX ? base64url_read(cx->arena, cursor) : S0;
    if (whole.n > MAC_BYTES) {
        const str rest = str_from(whole, MAC_BYTES);
        if (bytes_equal_secretly(str_cut(whole, MAC_BYTES), mac_of(cx, binding, rest))) {
            *position = rest;
            return OK;
        }
    }
    return fail(cx, FAULT_INVALID, .thing = THING_CURSOR, .how = HOW_FORM, .field = field, .got = cursor,
                .because = "it was not made for this list, or not for this caller");
}

enum fault cursor_after(struct cx *cx, const char *field, str binding, str cursor, id *after)
{
    str position;
    *after = ID_NONE;
    TRY(cursor_read(cx, field, binding, cursor, &position));
    if (position.n == 8)
        after->v = (int64_t)be64_get(position.p);
    return OK;
}

str cursor_at(struct cx *cx, str binding, id last)
{
    char bytes[8];
    be64_put(bytes, (uint64_t)last.v);
    return cursor_make(cx, binding, (str){ bytes, sizeof bytes });
}

str cursor_of_page(struct cx *cx, str binding, int limit, struct list *list, size_t size, size_t at)
{
    if (list->count <= (size_t)limit)
        return S0;
    list->count = (size_t)limit;
    const char *item = (const char *)list->items + (list->count - 1) * size;
    return cursor_at(cx, binding, *(const id *)(const void *)(item + at));
}
