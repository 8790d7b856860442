#include "drive/event.h"

#include "drive/caller.h"
#include "store/events.h"
#include "store/store.h"

enum fault event_add(struct cx *cx, id drive, id node, enum event_kind what)
{
    return event_add_from(cx, drive, node, what, ID_NONE);
}

str event_seen(struct cx *cx)
{
    return store_seen(cx);
}

enum fault event_count(struct cx *cx, id drive, int64_t *out)
{
    return store_event_last(cx, drive, out);
}

enum fault event_add_from(struct cx *cx, id drive, id node, enum event_kind what, id from)
{
    const struct event event = { .drive = drive, .node = node, .parent = from, .what = what, .at = cx->now,
                                 .user = cx->caller ? cx->caller->user : ID_NONE };
    return store_event_add(cx, &event, cx->caller ? cx->caller->app : ID_NONE);
}
