#include "drive/event.h"

#include "drive/caller.h"
#include "store/drives.h"
#include "store/store.h"

enum fault event_add(struct cx *cx, id drive, id node, enum event_kind what)
{
    struct event event = { .drive = drive, .node = node, .what = what, .at = cx->now,
                           .user = cx->caller ? cx->caller->user : ID_NONE };
    TRY(store_next_id(cx, &event.id));
    return store_event_add(cx, &event, cx->caller ? cx->caller->app : ID_NONE);
}
