#include "store/stars.h"

#include "store/rows.h"

#define ROW struct star
static const struct column star_columns[] = { { AT(ROW, node) }, { AT(ROW, when) } };
#undef ROW

STMT star_put = { "star_put",
    "INSERT INTO stars (drive_id, node_id, user_id, starred) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING" };
STMT star_remove = { "star_remove", "DELETE FROM stars WHERE drive_id = $1 AND node_id = $2 AND user_id = $3" };
STMT star_one = { "star_one", "SELECT 1 FROM stars WHERE drive_id = $1 AND node_id = $2 AND user_id = $3" };
STMT star_any = { "star_any", "SELECT 1 FROM stars WHERE drive_id = $1 AND user_id = $2 LIMIT 1" };
STMT stars_up = { "stars_up",
    "SELECT node_id, starred FROM stars WHERE drive_id = $1 AND user_id = $2 AND (starred, node_id) > ($3, $4)"
    " ORDER BY starred, node_id LIMIT $5" };
STMT stars_down = { "stars_down",
    "SELECT node_id, starred FROM stars WHERE drive_id = $1 AND user_id = $2 AND (starred, node_id) < ($3, $4)"
    " ORDER BY starred DESC, node_id DESC LIMIT $5" };
STMT stars_of_node_remove = { "stars_of_node_remove", "DELETE FROM stars WHERE drive_id = $1 AND node_id = $2" };

enum fault store_star_put(struct cx *cx, id drive, id node, id user, instant when, bool *changed)
{
    int64_t count = 0;
    TRY(store_exec(cx, &star_put, ARGS(ARG(drive), ARG(node), ARG(user), ARG(when)), &count));
    *changed = count > 0;
    return OK;
}

enum fault store_star_remove(struct cx *cx, id drive, id node, id user, bool *changed)
{
    int64_t count = 0;
    TRY(store_exec(cx, &star_remove, ARGS(ARG(drive), ARG(node), ARG(user)), &count));
    *changed = count > 0;
    return OK;
}

enum fault store_star(struct cx *cx, id drive, id node, id user, bool *out)
{
    int64_t one;
    TRY(store_number(cx, &star_one, ARGS(ARG(drive), ARG(node), ARG(user)), 0, &one));
    *out = one != 0;
    return OK;
}

enum fault store_star_any(struct cx *cx, id drive, id user, bool *out)
{
    int64_t one;
    TRY(store_number(cx, &star_any, ARGS(ARG(drive), ARG(user)), 0, &one));
    *out = one != 0;
    return OK;
}

enum fault store_stars_of(struct cx *cx, id drive, id user, bool descending, const struct star *from, int limit,
                          struct list *out)
{
    const int64_t when = from->node.v ? from->when.ms : descending ? INT64_MAX : 0;
    return store_many(cx, descending ? &stars_down : &stars_up,
                      ARGS(ARG(drive), ARG(user), ARG(when), ARG(from->node), ARG(limit)), COLUMNS(star_columns),
                      sizeof(struct star), out);
}

enum fault store_stars_of_node_remove(struct cx *cx, id drive, id node)
{
    return store_exec(cx, &stars_of_node_remove, ARGS(ARG(drive), ARG(node)), NULL);
}
