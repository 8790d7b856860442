#include "dialect/pds/inner.h"

#include "drive/share.h"
#include "drive/site.h"

enum fault pds_drive_named(struct cx *cx, str drive_id, str share_id)
{
    if (share_id.n)
        return share_enter(cx, share_id);
    share_leave(cx);
    if (cx->caller->is_guest)
        return fail(cx, FAULT_UNAUTHENTICATED, .how = HOW_MISSING, .because = "a share's token opens its share_id only");
    if (!drive_id.p)
        return fail(cx, FAULT_INVALID, .field = "drive_id", .how = HOW_MISSING);
    return OK;
}

str pds_drive_text(struct cx *cx, str drive_id)
{
    if (!share_visit(cx))
        return drive_id;
    return arena_decimal(cx->arena, (uint64_t)share_visit(cx)->share.drive.v);
}

enum fault pds_drive(struct cx *cx, str drive_id, struct drive *drive)
{
    return share_visit(cx) ? share_drive(cx, drive) : drive_get(cx, drive_id, drive);
}

/* Another vendor's name of the root folder; and in a share of some files there is none. */
static bool is_no_file(const struct cx *cx, str file_id)
{
    return str_eq(file_id, S("0"))
           || (str_eq(file_id, S("root")) && share_visit(cx) && !share_visit(cx)->share.all_files);
}

enum fault pds_find(struct cx *cx, str drive_id, str file_id, enum node_scope scope, unsigned wanted,
                    struct drive *drive, struct node *node)
{
    if (is_no_file(cx, file_id)) {
        TRY(pds_drive(cx, drive_id, drive));
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_NODE, .got = file_id);
    }
    const enum fault fault = node_find(cx, pds_drive_text(cx, drive_id), file_id, scope, wanted, drive, node);
    if (fault == FAULT_TRASHED && share_visit(cx))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_NODE, .got = file_id);
    return fault;
}

/* The root of a share of some files. Nothing can be put there: it is no folder of the drive. */
static enum fault find_top(struct cx *cx, unsigned wanted, struct drive *drive, struct node *top)
{
    if (wanted & ~(unsigned)ACTION_LIST)
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_NODE, .because = "nothing can be put beside what is shared");
    *top = share_top(cx);
    return share_drive(cx, drive);
}

enum fault pds_find_parent(struct cx *cx, str drive_id, str parent_file_id, unsigned wanted,
                           struct drive *drive, struct node *parent)
{
    if (str_eq(parent_file_id, S("root")) && is_no_file(cx, parent_file_id))
        return find_top(cx, wanted, drive, parent);
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
    return arena_decimal(cx->arena, (uint64_t)node.v);
}

void pds_not_here(struct cx *cx, const char *what)
{
    if (!cx->unsupported)
        cx->unsupported = what;
}
