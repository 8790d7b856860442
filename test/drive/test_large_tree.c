/* Moving trees that are too large to be measured on the writer, at the bounds of what is. */
#include "drive/event.h"
#include "drive/move.h"
#include "drive/stage.h"
#include "drive/task.h"
#include "drive/tree.h"
#include "store/nodes.h"
#include "store/tasks.h"

#include "test.h"

enum { MEASURED_AT_ONCE = 1000, EVENTS_AT_ONCE = 1000 };

struct scene {
    struct place p;
    struct drive drive;
    struct node  root, top, inner; /* inner: one of the folders in top */
};

struct planting {
    struct scene *s;
    int           folders;
};

static enum fault make(struct cx *cx, const struct drive *drive, const struct node *parent, str name, struct node *out)
{
    struct made made;
    const struct folder_want want = { .drive = *drive, .parent = *parent, .name = name, .conflict = CONFLICT_REFUSE };
    TRY(folder_create(cx, &want, &made));
    *out = made.node;
    return OK;
}

static enum fault plant(struct cx *cx, void *arg)
{
    const struct planting *p = arg;
    TRY(make(cx, &p->s->drive, &p->s->root, S("top"), &p->s->top));
    for (int i = 1; i < p->folders; i++)
        TRY(make(cx, &p->s->drive, &p->s->top, arena_print(cx->arena, "f%d", i), &p->s->inner));
    return OK;
}

/* A folder of folders: so many with itself, of height 1. */
static void scene_open(struct scene *s, int folders)
{
    struct planting planting = { s, folders };
    place_open(&s->p);
    place_act_as(&s->p, "ann");
    place_own_drive(&s->p, &s->drive, &s->root);
    CHECK(place_change(&s->p, plant, &planting) == OK);
}

static struct node chain(struct scene *s, int levels)
{
    struct node last = s->root;
    for (int i = 0; i < levels; i++)
        last = place_folder(&s->p, &s->drive, &last, "x");
    return last;
}

struct move_call {
    struct move_want want;
    struct moved     out;
};

static enum fault run_move(struct cx *cx, void *arg)
{
    struct move_call *call = arg;
    return node_move(cx, &call->want, &call->out);
}

static enum fault move(struct scene *s, const struct node *parent, const struct tree *known)
{
    struct move_call call = { .want = { .from = s->drive, .node = s->top, .to = s->drive, .parent = *parent, .known = known,
                                        .conflict = CONFLICT_ALLOW } };
    return place_change(&s->p, run_move, &call);
}

static struct tree measured(struct scene *s)
{
    struct tree tree;
    CHECK(tree_measure(&s->p.cx, &s->drive, &s->top, &tree) == OK);
    return tree;
}

static enum fault tell(struct cx *cx, void *arg)
{
    const struct planting *p = arg;
    for (int i = 0; i < p->folders; i++)
        TRY(event_add(cx, p->s->drive.id, p->s->inner.id, EVENT_UPDATE));
    return OK;
}

TEST(node_move, measures_a_thousand_folders_itself_and_wants_the_measure_of_more)
{
    for (int folders = MEASURED_AT_ONCE; folders <= MEASURED_AT_ONCE + 1; folders++) {
        struct scene s;
        scene_open(&s, folders);
        const struct node target = place_folder(&s.p, &s.drive, &s.root, "target");
        const struct tree known = measured(&s);
        CHECK(known.folders == folders && known.height == 1);
        CHECK(move(&s, &target, NULL) == (folders > MEASURED_AT_ONCE ? FAULT_CONFLICT : OK));
        if (folders > MEASURED_AT_ONCE)
            CHECK(move(&s, &target, &known) == OK);
        struct node now;
        CHECK(store_node(&s.p.cx, s.drive.id, s.top.id, &now) == OK && now.parent.v == target.id.v);
        CHECK(place_findings(&s.p) == 0);
        place_close(&s.p);
    }
}

TEST(node_move, of_a_large_tree_keeps_to_the_depth_limit)
{
    struct scene s;
    scene_open(&s, MEASURED_AT_ONCE + 1);
    const struct node low = chain(&s, DEPTH_MAX - 1);
    const struct tree known = measured(&s);
    CHECK(move(&s, &low, &known) == FAULT_TOO_DEEP);
    struct node parent;
    CHECK(store_node(&s.p.cx, s.drive.id, low.parent, &parent) == OK);
    CHECK(move(&s, &parent, &known) == OK);
    CHECK(place_findings(&s.p) == 0);
    place_close(&s.p);
}

TEST(node_move, sees_what_made_a_large_tree_higher_since_it_was_measured)
{
    struct scene s;
    scene_open(&s, MEASURED_AT_ONCE + 1);
    const struct node low = chain(&s, DEPTH_MAX - 2);
    const struct tree known = measured(&s);
    place_folder(&s.p, &s.drive, &s.inner, "higher by one");
    CHECK(known.height == 1 && move(&s, &low, &known) == FAULT_TOO_DEEP);
    const struct tree again = measured(&s);
    CHECK(again.height == 2 && again.folders == MEASURED_AT_ONCE + 2);
    CHECK(move(&s, &low, &again) == FAULT_TOO_DEEP);
    place_close(&s.p);
}

TEST(node_move, looks_at_a_thousand_events_since_then_and_at_no_more)
{
    struct scene s;
    scene_open(&s, MEASURED_AT_ONCE + 1);
    const struct node target = place_folder(&s.p, &s.drive, &s.root, "target");
    const struct tree known = measured(&s);
    struct planting   some = { &s, EVENTS_AT_ONCE }, one = { &s, 1 };
    CHECK(place_change(&s.p, tell, &some) == OK && place_change(&s.p, tell, &one) == OK);
    CHECK(move(&s, &target, &known) == FAULT_CONFLICT);
    const struct tree again = measured(&s);
    CHECK(place_change(&s.p, tell, &some) == OK);
    CHECK(move(&s, &target, &again) == OK);
    place_close(&s.p);
}

static enum fault crowd(struct cx *cx, void *arg)
{
    const struct planting *p = arg;
    struct node made;
    for (int i = 0; i < p->folders; i++)
        TRY(make(cx, &p->s->drive, &p->s->inner, arena_print(cx->arena, "%d", i), &made));
    return OK;
}

/* A few events may each be above many folders. */
TEST(node_move, looks_at_ten_thousand_folders_of_events_and_at_no_more)
{
    struct scene s;
    scene_open(&s, MEASURED_AT_ONCE + 1);
    const struct node target = place_folder(&s.p, &s.drive, &s.root, "target");
    struct planting   folders = { &s, 499 }, few = { &s, 20 }, one = { &s, 1 };
    CHECK(place_change(&s.p, crowd, &folders) == OK);
    struct tree known = measured(&s);
    CHECK(place_change(&s.p, tell, &few) == OK && place_change(&s.p, tell, &one) == OK);
    CHECK(move(&s, &target, &known) == FAULT_CONFLICT);
    known = measured(&s);
    CHECK(place_change(&s.p, tell, &few) == OK);
    CHECK(move(&s, &target, &known) == OK);
    place_close(&s.p);
}

TEST(node_move, never_puts_a_large_tree_into_itself)
{
    struct scene s;
    scene_open(&s, MEASURED_AT_ONCE + 1);
    const struct tree known = measured(&s);
    CHECK(move(&s, &s.inner, &known) == FAULT_INVALID && move(&s, &s.top, &known) == FAULT_INVALID);
    place_close(&s.p);
}

TEST_MAIN
