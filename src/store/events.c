#include "store/events.h"

#include "store/rows.h"

#define ROW struct event
#define EVENT_COLUMNS "id, drive_id, node_id, parent_id, user_id, what, at"
static const struct column event_columns[] = {
    { AT(ROW, id) }, { AT(ROW, drive) }, { AT(ROW, node) }, { AT(ROW, parent) }, { AT(ROW, user) }, { AT(ROW, what) },
    { AT(ROW, at) },
};
#undef ROW

#define LAST_EVENT "(SELECT id FROM events WHERE drive_id = $1 ORDER BY id DESC LIMIT 1)"

STMT event_insert = { "event_insert",
    "INSERT INTO events (drive_id, id, node_id, parent_id, user_id, app_id, what, at)"
    " VALUES ($1, COALESCE(" LAST_EVENT ", 0) + 1, $2, $3, $4, $5, $6, $7)" };
STMT events_after = { "events_after",
    "SELECT " EVENT_COLUMNS " FROM events WHERE drive_id = $1 AND id > $2 ORDER BY id LIMIT $3" };
STMT event_last = { "event_last", "SELECT COALESCE(" LAST_EVENT ", 0)" };

enum fault store_event_add(struct cx *cx, const struct event *e, id app)
{
    return store_exec(cx, &event_insert, ARGS(ARG(e->drive), ARG(e->node), ARG(e->parent), ARG(e->user), ARG(app),
        ARG(e->what), ARG(e->at)), NULL);
}

enum fault store_events_after(struct cx *cx, id drive, int64_t after, int limit, struct list *out)
{
    return store_many(cx, &events_after, ARGS(ARG(drive), ARG(after), ARG(limit)), COLUMNS(event_columns),
                      sizeof(struct event), out);
}

enum fault store_event_last(struct cx *cx, id drive, int64_t *out)
{
    return store_number(cx, &event_last, ARGS(ARG(drive)), 0, out);
}
