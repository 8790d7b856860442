#include "dialect/pds/inner.h"

#include "drive/site.h"

enum fault pds_drive_named(struct cx *cx, str drive_id, str share_id)
{
    if (share_id.n) {
        pds_not_here(cx, "share_id");
        return fail(cx, FAULT_UNSUPPORTED, .because = "share links (share_id)");
    }
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

enum fault pds_check_name(struct cx *cx, const char *field, str name)
{
    if (str_find(name, '\\', 0) < name.n)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .got = name,
                    .because = "a name without '/' and '\\'");
    return OK;
}

enum fault pds_check_header_text(struct cx *cx, const char *field, str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < 0x20 || (unsigned char)text.p[i] > 0x7e)
            return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .got = text,
                        .because = "printable ASCII");
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
