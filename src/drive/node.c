/* Finding nodes and saying where they are. */
#include "drive/node.h"

#include "base/names.h"
#include "drive/access.h"
#include "drive/share.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/nodes.h"

bool node_is_root(const struct drive *drive, const struct node *node)
{
    return node->id.v == drive->root.v;
}

enum fault node_check_name(struct cx *cx, str name, const char *field)
{
    if (!name.n)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_EMPTY, .min = 1, .max = NAME_MAX_BYTES);
    if (name.n > NAME_MAX_BYTES)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_TOO_LARGE, .min = 1, .max = NAME_MAX_BYTES, .got = name);
    if (!utf8_valid(name) || str_eq(name, S(".")) || str_eq(name, S("..")))
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .got = name);
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7F || name.p[i] == '/')
            return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .got = name,
                        .because = "no '/' and no control characters");
    return OK;
}

enum fault node_where(struct cx *cx, const struct drive *drive, const struct node *node, int *scope)
{
    struct step_up step = { node->parent, node->trashed, S0 };
    id at = node->id;
    *scope = 0;
    for (int depth = 0; depth <= DEPTH_MAX + 1; depth++) {
        if (step.trashed.ms) {
            *scope = step.parent.v == drive->bin.v ? SCOPE_BIN : 0;
            return OK;
        }
        if (at.v != drive->root.v)
            at = step.parent;
        if (at.v == drive->root.v) {
            *scope = SCOPE_LIVE;
            return OK;
        }
        const enum fault fault = store_node_step_up(cx, drive->id, at, &step);
        if (fault == FAULT_NOT_FOUND)
            return OK;
        TRY(fault);
    }
    return fail(cx, FAULT_INTERNAL, .thing = THING_NODE, .because = "a node whose folders do not lead to the root");
}

static bool is_root_alias(str text)
{
    return str_eq(text, S("root")) || str_eq(text, S("0"));
}

static enum fault drive_row(struct cx *cx, str text, struct drive *out)
{
    int64_t number;
    if (!str_int64(text, &number) || number <= 0)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_DRIVE, .got = text);
    const enum fault fault = store_drive(cx, cx->site->domain.id, (id){ number }, out);
    return fault == FAULT_NOT_FOUND ? fail(cx, FAULT_NOT_FOUND, .thing = THING_DRIVE, .got = text) : fault;
}

/* A drive the caller cannot see at all is "no such drive"; one in which something is granted to him is
 * there, and its other nodes are "no such node". */
static enum fault hide(struct cx *cx, const struct drive *drive, str drive_text, str node_text)
{
    struct drive seen;
    if (!share_visit(cx) && drive_get(cx, drive_text, &seen) != OK)
        return cx->why.code;
    (void)drive;
    return fail(cx, FAULT_NOT_FOUND, .thing = THING_NODE, .got = node_text);
}

enum fault node_find(struct cx *cx, str drive_text, str node_text, enum node_scope scope, unsigned wanted,
                     struct drive *drive, struct node *out)
{
    int64_t number = 0;
    int     where;
    TRY(drive_row(cx, drive_text, drive));
    if (is_root_alias(node_text))
        number = drive->root.v;
    else if (!str_int64(node_text, &number) || number <= 0)
        return hide(cx, drive, drive_text, node_text);
    const enum fault found = store_node(cx, drive->id, (id){ number }, out);
    if (found == FAULT_NOT_FOUND)
        return hide(cx, drive, drive_text, node_text);
    TRY(found);
    const enum fault allowed = access_require(cx, drive, out, wanted);
    if (allowed == FAULT_NOT_FOUND)
        return hide(cx, drive, drive_text, node_text);
    TRY(allowed);
    TRY(node_where(cx, drive, out, &where));
    if (!where)
        return hide(cx, drive, drive_text, node_text);
    if (where & scope)
        return OK;
    return fail(cx, where == SCOPE_BIN ? FAULT_TRASHED : FAULT_NOT_TRASHED, .thing = THING_NODE, .got = node_text);
}

enum fault node_paths(struct cx *cx, const struct drive *drive, const struct node *node, str *id_path, str *name_path)
{
    struct step_up step = { node->parent, node->trashed, node->name };
    str ids = arena_print(cx->arena, "%lld", (long long)node->id.v);
    str names = node_is_root(drive, node) || share_is_top(cx, node) ? S("/") : S("");
    id  at = share_is_top(cx, node) ? drive->root : node->id;
    for (int depth = 0; at.v != drive->root.v && depth <= DEPTH_MAX + 1; depth++) {
        names = arena_print(cx->arena, "/%.*s%.*s", STR_ARG(step.name), STR_ARG(names));
        if (step.trashed.ms)
            break; /* in the bin: the path ends at what was put there */
        at = share_names(cx, at) ? drive->root : step.parent; /* what is above a share is not told */
        ids = arena_print(cx->arena, "%lld/%.*s", (long long)at.v, STR_ARG(ids));
        if (at.v != drive->root.v && store_node_step_up(cx, drive->id, at, &step) != OK)
            return fail(cx, FAULT_INTERNAL, .thing = THING_NODE, .because = "a node whose folder is gone");
    }
    *id_path = ids;
    *name_path = names;
    return OK;
}

int64_t node_bin_left_ms(const struct cx *cx, const struct node *node)
{
    const int days = cx->site->domain.bin_days;
    if (!days || !node->trashed.ms)
        return -1;
    const int64_t left = node->trashed.ms + (int64_t)days * 24 * 3600 * 1000 - cx->now.ms;
    return left > 0 ? left : 0;
}
