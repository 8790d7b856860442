#include "test.h"

#include "drive/shared_folder.h"
#include "drive/stage.h"

struct share {
    struct drive         drive;
    struct node          node, out;
    struct shared_folder folder;
    id                   user;
};

static enum fault make(struct cx *cx, void *arg)
{
    struct share *s = arg;
    return shared_folder_create(cx, &s->drive, S("Family"), 5, &s->folder);
}

static enum fault join(struct cx *cx, void *arg)
{
    struct share *s = arg;
    return shared_folder_join(cx, s->folder.id, s->user, SHARE_EDITOR);
}

static enum fault trash(struct cx *cx, void *arg)
{
    struct share *s = arg;
    return node_trash(cx, &s->drive, &s->node);
}

static enum fault restore(struct cx *cx, void *arg)
{
    struct share *s = arg;
    return node_restore(cx, &s->drive, &s->node, NULL, &s->out);
}

static enum fault find(struct place *p, struct share *s, id node, enum node_scope scope)
{
    return node_find(&p->cx, number_text(p, s->drive.id), number_text(p, node), scope, ACTION_DELETE, &s->drive, &s->node);
}

TEST(shared_folder, gives_its_members_nothing_above_it)
{
    struct place p;
    struct share s;
    struct node  root;
    place_open(&p);
    place_act_as(&p, "bob");
    s.user = p.cx.caller->user;
    place_act_as(&p, "ann");
    place_own_drive(&p, &s.drive, &root);
    CHECK(place_change(&p, make, &s) == OK && place_change(&p, join, &s) == OK);
    CHECK(find(&p, &s, s.folder.folder, SCOPE_LIVE) == OK);
    const struct node folder = s.node, x = place_file(&p, &s.drive, &folder, "x.txt", S("x"));

    place_act_as(&p, "bob");
    CHECK(find(&p, &s, root.id, SCOPE_LIVE) == FAULT_NOT_FOUND);
    CHECK(find(&p, &s, folder.id, SCOPE_LIVE) == FAULT_FORBIDDEN && place_change(&p, trash, &s) == FAULT_FORBIDDEN);
    CHECK(find(&p, &s, x.id, SCOPE_LIVE) == OK && place_change(&p, trash, &s) == OK);

    place_act_as(&p, "ann");
    CHECK(find(&p, &s, folder.id, SCOPE_LIVE) == OK && place_change(&p, trash, &s) == OK);
    place_act_as(&p, "bob");
    CHECK(find(&p, &s, x.id, SCOPE_BIN) == OK && place_change(&p, restore, &s) == FAULT_FORBIDDEN);
    CHECK(find(&p, &s, folder.id, SCOPE_BIN) == FAULT_FORBIDDEN && place_change(&p, restore, &s) == FAULT_FORBIDDEN);
    CHECK(place_findings(&p) == 0);
    place_close(&p);
}

TEST_MAIN
