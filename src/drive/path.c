#include "drive/path.h"

#include "drive/access.h"
#include "store/nodes.h"

/* The next name, taken off the path. */
static str next_name(str *path)
{
    const size_t end = str_find(*path, '/', 0);
    const str    name = str_cut(*path, end);
    *path = str_from(*path, end + 1);
    return name;
}

/* The number at the end of the names, none when there is no such entry. Whether the caller may see it is not
 * asked here. */
static enum fault walk_down(struct cx *cx, const struct drive *drive, str path, const char *field, id *out)
{
    struct node node;
    *out = drive->root;
    for (int depth = 0; path.n && out->v; depth++) {
        const str name = next_name(&path);
        TRY(node_check_name(cx, name, field));
        const enum fault fault = depth == DEPTH_MAX ? FAULT_NOT_FOUND
                                                    : store_node_by_name(cx, drive->id, *out, name, &node);
        if (fault != OK && fault != FAULT_NOT_FOUND)
            return fault;
        *out = fault == OK ? node.id : ID_NONE;
    }
    return OK;
}

enum fault node_find_by_path(struct cx *cx, str drive_text, str path, const char *field, unsigned wanted,
                             struct drive *drive, struct node *out)
{
    id found;
    TRY(drive_get(cx, drive_text, drive));
    TRY(walk_down(cx, drive, str_starts(path, S("/")) ? str_from(path, 1) : path, field, &found));
    if (!found.v)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_NODE, .got = path);
    const str number = arena_print(cx->arena, "%lld", (long long)found.v);
    const enum fault fault = node_find(cx, drive_text, number, SCOPE_LIVE, wanted, drive, out);
    if (fault == FAULT_NOT_FOUND && cx->why.thing == THING_NODE)
        cx->why.got = path; /* not the number, which was not asked for */
    return fault;
}

enum fault node_child(struct cx *cx, const struct drive *drive, const struct node *folder, str name, bool *found,
                      struct node *out)
{
    const enum fault fault = store_node_by_name(cx, drive->id, folder->id, name, out);
    *found = fault == OK;
    return fault == FAULT_NOT_FOUND ? OK : fault;
}
