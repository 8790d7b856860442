#include "drive/ancestry.h"

#include "store/nodes.h"

enum { SLOTS = 1024, FULL = 768 };

struct ancestry {
    id    drive, root, top;
    bool  through_bin;
    int   known;
    struct {
        id         folder; /* none: free */
        enum below below;
    } slots[SLOTS];
};

struct ancestry *ancestry_new(struct cx *cx, const struct drive *drive, id top, bool through_bin)
{
    struct ancestry *a = ARENA_NEW(cx->arena, struct ancestry);
    a->drive = drive->id;
    a->root = drive->root;
    a->top = top;
    a->through_bin = through_bin;
    return a;
}

/* Its slot, or the free one where it would go. There is always a free one. */
static size_t slot_of(const struct ancestry *a, id folder)
{
    size_t at = (size_t)(((uint64_t)folder.v * UINT64_C(0x9E3779B97F4A7C15)) >> 32) % SLOTS;
    while (a->slots[at].folder.v && a->slots[at].folder.v != folder.v)
        at = (at + 1) % SLOTS;
    return at;
}

static void remember(struct ancestry *a, id folder, enum below below)
{
    const size_t at = slot_of(a, folder);
    if (a->known >= FULL || a->slots[at].folder.v)
        return;
    a->slots[at].folder = folder;
    a->slots[at].below = below;
    a->known++;
}

/* What is known of a folder without a walk. */
static bool is_settled(const struct ancestry *a, id folder, enum below *out)
{
    const size_t at = slot_of(a, folder);
    if (folder.v == a->top.v)
        *out = BELOW_YES;
    else if (folder.v == a->root.v)
        *out = BELOW_NO;
    else if (a->slots[at].folder.v)
        *out = a->slots[at].below;
    else
        return false;
    return true;
}

/* One step up. Settled when there is none to take. */
static enum fault step(struct cx *cx, const struct ancestry *a, id *at, bool *settled, enum below *out)
{
    struct step_up up;
    struct node    node;
    enum fault     fault = store_node_step_up(cx, a->drive, *at, &up);
    if (fault == OK && up.trashed.ms && a->through_bin) {
        fault = store_node(cx, a->drive, *at, &node);
        up.parent = node.origin;
    }
    *settled = fault == FAULT_NOT_FOUND || (up.trashed.ms && !a->through_bin);
    if (*settled)
        *out = fault == FAULT_NOT_FOUND ? BELOW_UNKNOWN : BELOW_NO;
    else
        *at = up.parent;
    return fault == FAULT_NOT_FOUND ? OK : fault;
}

enum fault ancestry_of(struct cx *cx, struct ancestry *a, id folder, enum below *out)
{
    id     path[DEPTH_MAX + 2];
    size_t depth = 0;
    id     at = folder;
    bool   settled = is_settled(a, at, out);
    while (!settled && depth < COUNT(path)) {
        path[depth++] = at;
        TRY(step(cx, a, &at, &settled, out));
        if (!settled)
            settled = is_settled(a, at, out);
    }
    if (!settled)
        *out = BELOW_UNKNOWN;
    while (depth)
        remember(a, path[--depth], *out);
    return OK;
}
