#include "drive/update.h"

#include "drive/access.h"
#include "drive/event.h"
#include "drive/place.h"
#include "drive/star.h"
#include "store/nodes.h"

static bool says_more_than_star(const struct node_change *c)
{
    return c->name.p || c->description.p || c->local_modified.p || c->tags.p || c->hidden >= 0;
}

unsigned node_change_needs(const struct node_change *change)
{
    return says_more_than_star(change) ? ACTION_EDIT : ACTION_LIST;
}

/* Who was given one file is not told what else stands beside it. */
static id shown_in_the_way(struct cx *cx, const struct drive *drive, const struct node *in_the_way)
{
    unsigned actions;
    return access_to_node(cx, drive, in_the_way, &actions) == OK && actions & ACTION_LIST ? in_the_way->id : ID_NONE;
}

static enum fault rename_node(struct cx *cx, const struct drive *drive, const struct node_change *change,
                              struct node *out)
{
    struct node in_the_way;
    bool        taken;
    TRY(node_check_name(cx, change->name, "name"));
    out->name = change->name;
    TRY(place_settle(cx, out, change->conflict, &taken, &in_the_way));
    if (taken)
        return fail(cx, FAULT_EXISTS, .thing = THING_NODE, .field = "name", .got = change->name,
                    .other = shown_in_the_way(cx, drive, &in_the_way).v);
    if (out->kind == NODE_FILE)
        out->category = category_of(out->name, out->media_type);
    const enum fault fault = store_node_place(cx, out);
    if (fault == FAULT_EXISTS)
        return fail(cx, FAULT_EXISTS, .thing = THING_NODE, .field = "name", .got = out->name);
    TRY(fault);
    return event_add(cx, out->drive, out->id, EVENT_RENAME);
}

/* Sets the text where it is given and another one; "" and none are alike. */
static bool set_text(str *to, str given)
{
    if (!given.p || str_eq(*to, given))
        return false;
    *to = given;
    return true;
}

static bool describe(struct node *out, const struct node_change *change)
{
    bool changed = set_text(&out->description, change->description);
    changed |= set_text(&out->local_modified, change->local_modified);
    changed |= set_text(&out->tags, change->tags);
    if (change->hidden >= 0 && out->hidden != (change->hidden != 0)) {
        out->hidden = change->hidden != 0;
        changed = true;
    }
    return changed;
}

enum fault node_update(struct cx *cx, const struct drive *drive, const struct node *node,
                       const struct node_change *change, struct node *out)
{
    bool starred = false;
    if (node_is_root(drive, node))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_NODE, .because = "the root folder stays as it is");
    *out = *node;
    const bool described = describe(out, change), renamed = change->name.p && !str_eq(change->name, node->name);
    if (described || renamed) {
        out->modified = cx->now;
        out->editor = cx->caller->user;
    }
    if (renamed)
        TRY(rename_node(cx, drive, change, out));
    if (described || renamed)
        TRY(store_node_describe(cx, out));
    if (change->starred >= 0)
        TRY(star_set(cx, node, change->starred, &starred));
    if (described || starred)
        TRY(event_add(cx, out->drive, out->id, EVENT_UPDATE));
    return star_look(cx, drive->id, out, 1);
}
