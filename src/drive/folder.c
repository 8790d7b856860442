/* Making folders, and the bin. */
#include "drive/access.h"
#include "drive/event.h"
#include "drive/place.h"
#include "drive/site.h"
#include "drive/tree.h"
#include "store/drives.h"
#include "store/nodes.h"
#include "store/store.h"

enum fault folder_create(struct cx *cx, const struct folder_want *want, struct made *out)
{
    TRY(node_check_name(cx, want->name, "name"));
    TRY(place_check_parent(cx, &want->drive, &want->parent));
    struct node node = {
        .drive = want->drive.id, .parent = want->parent.id, .kind = NODE_FOLDER, .name = want->name,
        .description = want->description, .tags = want->tags, .local_created = want->local_created,
        .local_modified = want->local_modified, .media_type = want->media_type, .hidden = want->hidden,
        .creator = cx->caller->user, .editor = cx->caller->user,
        .created = want->created.ms ? want->created : cx->now,
        .modified = want->modified.ms ? want->modified : cx->now,
    };
    TRY(place_settle(cx, &node, want->conflict, &out->exists, &out->node));
    if (out->exists)
        return OK;
    TRY(store_next_id(cx, &node.id));
    const enum fault fault = store_node_add(cx, &node);
    if (fault == FAULT_EXISTS)
        return fail(cx, FAULT_EXISTS, .thing = THING_NODE, .field = "name", .got = want->name);
    TRY(fault);
    out->node = node;
    return event_add(cx, node.drive, node.id, EVENT_CREATE);
}

enum fault node_trash(struct cx *cx, const struct drive *drive, const struct node *node)
{
    struct node moved = *node;
    if (node_is_root(drive, node))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_NODE, .because = "the root folder stays");
    if (node->trashed.ms)
        return fail(cx, FAULT_TRASHED, .thing = THING_NODE);
    TRY(access_require(cx, drive, node, ACTION_DELETE));
    moved.origin = node->parent;
    moved.parent = drive->bin;
    moved.trashed = cx->now;
    TRY(store_node_place(cx, &moved));
    return event_add_from(cx, drive->id, node->id, EVENT_TRASH, node->parent);
}

/* A folder of this name in `parent`, live: the one there is, or a new one. */
static enum fault folder_again(struct cx *cx, const struct drive *drive, const struct node *parent, str name,
                               struct node *out)
{
    struct made made;
    const enum fault fault = store_node_by_name(cx, drive->id, parent->id, name, out);
    if (fault == OK && out->kind == NODE_FILE)
        *out = *parent; /* a file took the name: what comes back stands one folder higher */
    if (fault == OK)
        return OK;
    if (fault != FAULT_NOT_FOUND)
        return fault;
    const struct folder_want want = { .drive = *drive, .parent = *parent, .name = name, .conflict = CONFLICT_STAMP };
    TRY(folder_create(cx, &want, &made));
    *out = made.node;
    return OK;
}

/* The live folder that stands for `folder`: itself; or, where it or one above it is in the bin, folders of
 * the same names made anew; or the root when it is gone for good. */
static enum fault live_from(struct cx *cx, const struct drive *drive, id folder, int depth, struct node *out)
{
    struct node was, above;
    const enum fault fault = folder.v == drive->root.v || depth > DEPTH_MAX
                                 ? FAULT_NOT_FOUND : store_node(cx, drive->id, folder, &was);
    if (fault == FAULT_NOT_FOUND)
        return store_node(cx, drive->id, drive->root, out);
    TRY(fault);
    TRY(live_from(cx, drive, was.trashed.ms ? was.origin : was.parent, depth + 1, &above));
    if (!was.trashed.ms && above.id.v == was.parent.v) {
        *out = was;
        return OK;
    }
    return folder_again(cx, drive, &above, was.name, out);
}

enum fault place_live(struct cx *cx, const struct drive *drive, id folder, struct node *out)
{
    return live_from(cx, drive, folder, 0, out);
}

/* The folders of what was put into the bin may stand deeper by now. */
static enum fault check_depth(struct cx *cx, const struct drive *drive, const struct node *node, const struct node *parent,
                              const struct tree *known)
{
    int  depth, height;
    bool through;
    TRY(tree_depth(cx, drive, parent->id, node->id, &depth, &through));
    TRY(tree_height(cx, drive, node, known, &height));
    if (depth + 1 + height > DEPTH_MAX)
        return fail(cx, FAULT_TOO_DEEP, .thing = THING_PARENT, .max = DEPTH_MAX);
    return OK;
}

enum fault node_restore(struct cx *cx, const struct drive *drive, const struct node *node, const struct tree *known,
                        struct node *out)
{
    struct node parent, in_the_way;
    bool        taken;
    if (!node->trashed.ms)
        return fail(cx, FAULT_NOT_TRASHED, .thing = THING_NODE);
    TRY(place_live(cx, drive, node->origin, &parent));
    TRY(place_require(cx, drive, &parent, ACTION_CREATE));
    TRY(check_depth(cx, drive, node, &parent, known));
    *out = *node;
    out->parent = parent.id;
    out->origin = ID_NONE;
    out->trashed = (instant){ 0 };
    TRY(place_settle(cx, out, CONFLICT_STAMP, &taken, &in_the_way));
    TRY(store_node_place(cx, out));
    return event_add(cx, drive->id, node->id, EVENT_RESTORE);
}
