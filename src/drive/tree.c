#include "drive/tree.h"

#include "store/events.h"
#include "store/nodes.h"

enum { FOLDERS_AT_ONCE = 1000, EVENTS_AT_ONCE = 1000, FOLDERS_OF_EVENTS = 10000, EVERYTHING = INT32_MAX };

static enum fault measure(struct cx *cx, id drive, id top, int limit, struct tree *out)
{
    return store_tree_folders(cx, drive, top, limit, DEPTH_MAX + 2, &out->folders, &out->height);
}

enum fault tree_measure(struct cx *cx, const struct drive *drive, const struct node *top, struct tree *out)
{
    *out = (struct tree){ .folders = 1 };
    if (top->kind != NODE_FOLDER)
        return OK;
    TRY(store_event_last(cx, drive->id, &out->event));
    return measure(cx, drive->id, top->id, EVERYTHING, out);
}

/* What happened to a folder since the tree was measured may have made it higher. *seen counts the folders looked
 * at for all events: each may be above a thousand. */
static enum fault see_event(struct cx *cx, const struct drive *drive, const struct node *top, id node, int64_t *seen,
                            int *height)
{
    struct node found;
    struct tree tree;
    int         depth = 0;
    id          at = node;
    const enum fault fault = store_node(cx, drive->id, node, &found);
    if (fault == FAULT_NOT_FOUND || (fault == OK && found.kind != NODE_FOLDER))
        return OK;
    TRY(fault);
    for (struct step_up step; at.v != top->id.v; at = step.parent, depth++) {
        const enum fault up = depth > 2 * DEPTH_MAX ? FAULT_NOT_FOUND : store_node_step_up(cx, drive->id, at, &step);
        if (up == FAULT_NOT_FOUND)
            return OK; /* not in this tree */
        TRY(up);
    }
    TRY(measure(cx, drive->id, node, FOLDERS_AT_ONCE + 1, &tree));
    *seen += tree.folders;
    if (tree.folders > FOLDERS_AT_ONCE || *seen > FOLDERS_OF_EVENTS)
        return fail(cx, FAULT_CONFLICT, .thing = THING_NODE, .because = "the folder is changing; try again");
    if (depth + tree.height > *height)
        *height = depth + tree.height;
    return OK;
}

enum fault tree_height(struct cx *cx, const struct drive *drive, const struct node *top, const struct tree *known,
                       int *height)
{
    struct tree tree;
    struct list events;
    int64_t     seen = 0;
    *height = 0;
    if (top->kind != NODE_FOLDER)
        return OK;
    TRY(measure(cx, drive->id, top->id, FOLDERS_AT_ONCE + 1, &tree));
    *height = tree.height;
    if (tree.folders <= FOLDERS_AT_ONCE)
        return OK;
    if (known && known->folders) {
        *height = known->height;
        TRY(store_events_after(cx, drive->id, known->event, EVENTS_AT_ONCE + 1, &events));
        for (size_t i = 0; i < events.count && i < EVENTS_AT_ONCE; i++)
            TRY(see_event(cx, drive, top, ((const struct event *)events.items)[i].node, &seen, height));
        if (events.count <= EVENTS_AT_ONCE)
            return OK;
    }
    return fail(cx, FAULT_CONFLICT, .thing = THING_NODE, .because = "the folder is changing; try again");
}

enum fault tree_depth(struct cx *cx, const struct drive *drive, id node, id passing, int *depth, bool *through)
{
    struct step_up step;
    id at = node;
    *through = node.v == passing.v;
    for (*depth = 0; at.v != drive->root.v; at = step.parent, ++*depth) {
        const enum fault fault = *depth > 2 * DEPTH_MAX ? FAULT_NOT_FOUND
                                                        : store_node_step_up(cx, drive->id, at, &step);
        if (fault == FAULT_NOT_FOUND)
            return fail(cx, FAULT_NOT_FOUND, .thing = THING_NODE, .because = "it stands in no folder");
        TRY(fault);
        *through |= step.parent.v == passing.v;
    }
    return OK;
}

struct collection {
    struct arena *arena;
    struct node  *nodes;
    size_t        count, room, bytes;
};

static bool collect(void *arg, void *row)
{
    struct collection *c = arg;
    c->nodes[c->count] = ((const struct node_row *)row)->node;
    node_keep(c->arena, &c->nodes[c->count]);
    c->bytes += node_bytes(&c->nodes[c->count]);
    return ++c->count < c->room && c->bytes < NODES_BYTES_MAX;
}

enum fault tree_children(struct cx *cx, id drive, id parent, int64_t created, id after, int limit, struct list *out)
{
    struct collection c = { .arena = cx->arena, .room = (size_t)limit };
    const struct node_position from = { .number = created, .node = after, .is_start = !after.v };
    c.nodes = ARENA_MANY(cx->arena, struct node, c.room);
    TRY(store_nodes_each(cx, drive, parent, ORDER_CREATED, false, &from, limit, collect, &c));
    *out = (struct list){ c.nodes, c.count };
    return OK;
}

enum fault tree_hide(struct cx *cx, struct node *node, id task)
{
    if (!node->trashed.ms)
        node->origin = node->parent;
    node->parent = task;
    node->trashed = cx->now; /* then its name is in nobody's way there */
    return store_node_place(cx, node);
}
