#include "drive/place.h"

#include "base/clock.h"
#include "base/names.h"
#include "drive/access.h"
#include "drive/site.h"
#include "store/nodes.h"

enum { TRIES = 1000 };

static enum fault name_taken(struct cx *cx, const struct node *node, str name, bool *taken, struct node *in_the_way)
{
    const enum fault fault = store_node_by_name(cx, node->drive, node->parent, name, in_the_way);
    *taken = fault == OK && in_the_way->id.v != node->id.v;
    return fault == FAULT_NOT_FOUND ? OK : fault;
}

/* Cuts at a character's edge. */
static str cut_text(str s, size_t max)
{
    if (s.n <= max)
        return s;
    while (max && (s.p[max] & 0xC0) == 0x80)
        max--;
    return str_cut(s, max);
}

/* stem + added + extension, the stem shortened where the whole would be too long. Folders have no
 * extension to keep. */
static str renamed(struct cx *cx, const struct node *node, str name, str added)
{
    str ext = node->kind == NODE_FILE ? name_extension(name) : S("");
    str stem = ext.n ? str_cut(name, name.n - ext.n - 1) : name;
    if (ext.n > 64) {
        stem = name;
        ext = S("");
    }
    stem = cut_text(stem, NAME_MAX_BYTES - added.n - ext.n - 1);
    return ext.n ? arena_print(cx->arena, "%.*s%.*s.%.*s", STR_ARG(stem), STR_ARG(added), STR_ARG(ext))
                 : arena_print(cx->arena, "%.*s%.*s", STR_ARG(stem), STR_ARG(added));
}

static enum fault find_free(struct cx *cx, struct node *node, bool numbered)
{
    struct node in_the_way;
    char        stamp[INSTANT_TEXT];
    const str   name = node->name, when = instant_print(cx->now, INSTANT_STAMP, stamp);
    bool        taken;
    for (int i = 0; i < TRIES; i++) {
        str added = arena_print(cx->arena, "(%d)", i + 1);
        if (!numbered && i == 0)
            added = arena_print(cx->arena, "_%.*s", STR_ARG(when));
        else if (!numbered)
            added = arena_print(cx->arena, "_%.*s_%d", STR_ARG(when), i);
        node->name = renamed(cx, node, name, added);
        TRY(name_taken(cx, node, node->name, &taken, &in_the_way));
        if (!taken)
            return OK;
    }
    return fail(cx, FAULT_EXISTS, .thing = THING_NODE, .got = name);
}

enum fault place_settle(struct cx *cx, struct node *node, enum conflict conflict, bool *taken, struct node *in_the_way)
{
    bool there;
    *taken = false;
    node->duplicate = 0;
    TRY(name_taken(cx, node, node->name, &there, in_the_way));
    if (!there)
        return OK;
    switch (conflict) {
    case CONFLICT_ALLOW:
        return store_node_next_duplicate(cx, node->drive, node->parent, node->name, &node->duplicate);
    case CONFLICT_REFUSE:
        *taken = true;
        return OK;
    case CONFLICT_SAME:
        *taken = in_the_way->kind == NODE_FILE && node->sha256.n && str_eq(in_the_way->sha256, node->sha256);
        return *taken ? OK : find_free(cx, node, false);
    case CONFLICT_STAMP:
        return find_free(cx, node, false);
    case CONFLICT_NUMBER:
        return find_free(cx, node, true);
    }
    return fail(cx, FAULT_INTERNAL, .because = "an unknown way to settle a name");
}

enum fault place_check_parent(struct cx *cx, const struct drive *drive, const struct node *parent)
{
    struct step_up step;
    int levels = 1;
    if (parent->kind != NODE_FOLDER)
        return fail(cx, FAULT_NOT_FOLDER, .thing = THING_PARENT);
    for (id at = parent->id; at.v != drive->root.v; at = step.parent, levels++) {
        if (levels >= DEPTH_MAX)
            return fail(cx, FAULT_TOO_DEEP, .thing = THING_PARENT, .max = DEPTH_MAX);
        TRY(store_node_step_up(cx, drive->id, at, &step));
    }
    return OK;
}

enum fault place_require(struct cx *cx, const struct drive *drive, const struct node *folder, unsigned wanted)
{
    const enum fault fault = access_require(cx, drive, folder, wanted);
    if (fault == FAULT_NOT_FOUND)
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_NODE, .because = "no right in the folder it stands in");
    return fault;
}
