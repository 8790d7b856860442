/* dialect/koodrive/place.c: from a container and a file id, as sent, to a node. */
#include "dialect/koodrive/inner.h"

#include "drive/shared_folder.h"

#define SENT_ID(IN) { "", BODY, AT(IN, text), .min = 1, .max = 64, .tolerate = TOLERATE_NUMBER, \
                      .lenient = KOODRIVE_LENIENT_ID }

static const struct field id_rows[] = { { "", BODY, AT(struct koodrive_id, id) }, { 0 } };
static const struct field sent_id_rows[] = { SENT_ID(struct koodrive_text), { 0 } };

const struct shape koodrive_id_shape = { "Id", id_rows, sizeof(struct koodrive_id) };
const struct shape koodrive_sent_id_shape = { "SentId", sent_id_rows, sizeof(struct koodrive_text) };

str koodrive_parent(const struct list *parent_folder)
{
    const struct koodrive_text *first = parent_folder->items;
    return parent_folder->count ? first->text : S("root");
}

/* "1/5/9" names 5 as a whole segment. */
bool koodrive_path_has(str path, id number)
{
    while (path.n) {
        const size_t end = str_find(path, '/', 0);
        int64_t      segment;
        if (str_int64(str_cut(path, end), &segment) && segment == number.v)
            return true;
        path = str_from(path, end + 1);
    }
    return false;
}

static enum fault outside(struct cx *cx, str node)
{
    return fail(cx, FAULT_CONFLICT, .thing = THING_SHARED_FOLDER, .got = node,
                .because = "it is not inside the folder that x-hw-share-folder-id names");
}

static enum fault check_inside(struct cx *cx, const struct shared_folder *shared, const struct drive *drive,
                               const struct node *node, str sent)
{
    str id_path;
    if (drive->id.v != shared->drive.v)
        return outside(cx, sent);
    TRY(koodrive_id_path(cx, drive, node, &id_path));
    return koodrive_path_has(id_path, shared->folder) ? OK : outside(cx, sent);
}

/* A member's way into the owner's container is the header; administrators and teams have their own. */
static enum fault check_own(struct cx *cx, const struct drive *drive)
{
    const bool personal = drive->owner_kind == OWNER_USER;
    if (!personal || drive->owner.v == cx->caller->user.v || caller_is_admin(cx->caller))
        return OK;
    return fail(cx, FAULT_FORBIDDEN, .thing = THING_DRIVE,
                .because = "another user's container needs the header x-hw-share-folder-id");
}

static enum fault find(struct cx *cx, const struct koodrive_want *want, struct drive *drive, struct node *out)
{
    /* "0" is another vendor's alias of the root. */
    const str node = str_eq(want->node, S("0")) ? S("none") : want->node;
    const enum fault fault = node_find(cx, want->container, node, want->scope, want->actions, drive, out);
    if (fault && cx->why.thing == THING_NODE)
        cx->why.thing = want->as;
    return fault;
}

enum fault koodrive_find(struct cx *cx, const struct koodrive_want *want, struct drive *drive,
                         struct node *out)
{
    struct shared_folder shared;
    const bool named = want->share_folder.n > 0;
    if (named)
        TRY(shared_folder_find(cx, want->share_folder, &shared));
    TRY(find(cx, want, drive, out));
    if (named)
        TRY(check_inside(cx, &shared, drive, out, want->node));
    else if (!want->listing)
        TRY(check_own(cx, drive));
    if (want->folder && out->kind != NODE_FOLDER)
        return fail(cx, FAULT_NOT_FOLDER, .thing = want->as, .got = want->node);
    return OK;
}
