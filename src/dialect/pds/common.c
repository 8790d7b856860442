#include "dialect/pds/inner.h"

#include "drive/site.h"

enum fault pds_drive_named(struct cx *cx, str drive_id, str share_id)
{
    if (share_id.n)
        return fail(cx, FAULT_UNSUPPORTED, .field = "share_id", .because = "share links");
    if (!drive_id.p)
        return fail(cx, FAULT_INVALID, .field = "drive_id", .how = HOW_MISSING);
    return OK;
}

enum fault pds_find(struct cx *cx, str drive_id, str file_id, enum node_scope scope, unsigned wanted,
                    struct drive *drive, struct node *node)
{
    /* Another vendor's name of the root folder. */
    if (str_eq(file_id, S("0"))) {
        TRY(drive_get(cx, drive_id, drive));
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_NODE, .got = file_id);
    }
    return node_find(cx, drive_id, file_id, scope, wanted, drive, node);
}

enum fault pds_find_parent(struct cx *cx, str drive_id, str parent_file_id, unsigned wanted,
                           struct drive *drive, struct node *parent)
{
    const enum fault fault = pds_find(cx, drive_id, parent_file_id, SCOPE_LIVE, wanted, drive, parent);
    if (fault == FAULT_NOT_FOUND && cx->why.thing == THING_NODE)
        cx->why.thing = THING_PARENT;
    TRY(fault);
    if (parent->kind != NODE_FOLDER)
        return fail(cx, FAULT_NOT_FOLDER, .thing = THING_PARENT, .field = "parent_file_id",
                    .got = parent_file_id);
    return OK;
}

str pds_domain_id(const struct cx *cx)
{
    return cx->site->domain.name;
}

str pds_file_id(struct cx *cx, const struct drive *drive, id node)
{
    if (node.v == drive->root.v)
        return S("root");
    return arena_print(cx->arena, "%lld", (long long)node.v);
}

void pds_not_here(struct cx *cx, const char *what)
{
    if (!cx->unsupported)
        cx->unsupported = what;
}
