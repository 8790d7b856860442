#include "drive/star.h"

#include "base/encode.h"
#include "drive/access.h"
#include "drive/ancestry.h"
#include "drive/cursor.h"
#include "drive/share.h"
#include "store/nodes.h"
#include "store/stars.h"

static id starrer(const struct cx *cx)
{
    return cx->caller->user;
}

/* Who comes through a share may be nobody in particular. */
static bool has_stars(const struct cx *cx)
{
    return cx->caller && !cx->caller->is_guest && !share_visit(cx);
}

enum fault star_set(struct cx *cx, const struct node *node, bool starred, bool *changed)
{
    if (!has_stars(cx))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_NODE, .because = "nothing is starred through a share");
    return starred ? store_star_put(cx, node->drive, node->id, starrer(cx), cx->now, changed)
                   : store_star_remove(cx, node->drive, node->id, starrer(cx), changed);
}

enum fault star_any(struct cx *cx, id drive, bool *out)
{
    *out = false;
    return has_stars(cx) ? store_star_any(cx, drive, starrer(cx), out) : OK;
}

enum fault star_look(struct cx *cx, id drive, struct node *nodes, size_t count)
{
    bool any = false;
    if (count)
        TRY(star_any(cx, drive, &any));
    for (size_t i = 0; i < count && any; i++)
        TRY(store_star(cx, drive, nodes[i].id, starrer(cx), &nodes[i].starred));
    return OK;
}

/* ---- listing ---- */

/* Live, and the caller's to see. */
static enum fault is_shown(struct cx *cx, const struct drive *drive, struct ancestry *live, const struct node *node,
                           bool *shown)
{
    enum below below;
    unsigned   actions;
    TRY(ancestry_of(cx, live, node->parent, &below));
    *shown = !node->trashed.ms && below == BELOW_YES;
    if (!*shown)
        return OK;
    TRY(access_to_node(cx, drive, node, &actions));
    *shown = actions & ACTION_LIST;
    return OK;
}

static str cursor_after_star(struct cx *cx, str bound, const struct star *star)
{
    char *position = arena_make(cx->arena, 16);
    be64_put(position, (uint64_t)star->node.v);
    be64_put(position + 8, (uint64_t)star->when.ms);
    return cursor_make(cx, bound, (str){ position, 16 });
}

/* Of these as many as fit on a page. */
static enum fault read_stars(struct cx *cx, const struct drive *drive, const struct list *stars, str bound,
                             struct node_page *out)
{
    struct ancestry   *live = ancestry_new(cx, drive, drive->root, false);
    const struct star *star = stars->items;
    struct node       *nodes = ARENA_MANY(cx->arena, struct node, stars->count + 1);
    size_t             bytes = 0;
    bool               shown;
    out->nodes = (struct list){ nodes, 0 };
    for (size_t i = 0; i < stars->count; i++) {
        if (bytes >= NODES_BYTES_MAX) {
            out->next = cursor_after_star(cx, bound, &star[i - 1]);
            break;
        }
        struct node     *node = &nodes[out->nodes.count];
        const enum fault fault = store_node(cx, drive->id, star[i].node, node);
        if (fault == FAULT_NOT_FOUND)
            continue;
        TRY(fault);
        TRY(is_shown(cx, drive, live, node, &shown));
        bytes += node_bytes(node);
        node->starred = true;
        out->nodes.count += shown;
    }
    return OK;
}

enum fault star_list(struct cx *cx, const struct star_listing *l, struct drive *drive, struct node_page *out)
{
    struct list stars;
    struct star from = { 0 };
    str         position;
    TRY(drive_get(cx, l->drive_text, drive));
    const str bound = arena_print(cx->arena, "%s|%lld|%d", l->operation, (long long)drive->id.v, l->descending);
    TRY(cursor_read(cx, l->cursor_field, bound, l->cursor, &position));
    if (position.n == 16)
        from = (struct star){ { (int64_t)be64_get(position.p) }, { (int64_t)be64_get(position.p + 8) } };
    TRY(store_stars_of(cx, drive->id, starrer(cx), l->descending, &from, l->limit + 1, &stars));
    *out = (struct node_page){ 0 };
    if (stars.count > (size_t)l->limit) {
        stars.count = (size_t)l->limit;
        out->next = cursor_after_star(cx, bound, (const struct star *)stars.items + stars.count - 1);
    }
    return read_stars(cx, drive, &stars, bound, out);
}
