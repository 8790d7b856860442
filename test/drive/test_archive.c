/* What may be packed at once: entries and bytes, at their bounds. */
#include "content/driver.h"
#include "drive/archive.h"
#include "drive/copy.h"
#include "drive/runner.h"
#include "drive/stage.h"
#include "drive/task.h"
#include "store/nodes.h"
#include "store/store.h"
#include "store/tasks.h"

#include "test.h"

struct packing {
    struct drive drive;
    id           nodes[ARCHIVE_TOPS_MAX];
    size_t       count;
    id           task;
};

static enum fault start(struct cx *cx, void *arg)
{
    struct packing *p = arg;
    return archive_start(cx, &p->drive, p->nodes, p->count, S("all"), ID_NONE, &p->task);
}

struct planting {
    struct drive drive;
    struct node  root, seed, folder;
    const char  *name;
    int          files;
};

static enum fault plant(struct cx *cx, void *arg)
{
    struct planting *p = arg;
    struct made      made;
    struct copied    copied;
    const struct folder_want want = { .drive = p->drive, .parent = p->root, .name = str_of(p->name), .conflict = CONFLICT_REFUSE };
    TRY(folder_create(cx, &want, &made));
    p->folder = made.node;
    for (int i = 0; i < p->files; i++) {
        const struct copy_want copy = { .from = p->drive, .node = p->seed, .to = p->drive, .parent = made.node,
                                        .name = arena_print(cx->arena, "%d", i), .conflict = CONFLICT_ALLOW };
        TRY(node_copy(cx, &copy, &copied));
    }
    return OK;
}

static struct task run(struct place *p, struct packing *packing)
{
    struct task task = { 0 };
    struct task_memory *memory = NULL;
    bool        is_over = false;
    CHECK(place_change(p, start, packing) == OK);
    while (!is_over)
        CHECK(task_turn(&p->cx, packing->task, &memory, &is_over) == OK);
    CHECK(!memory && store_task(&p->cx, packing->task, &task) == OK);
    return task;
}

/* One folder of 99 empty files, a thousand times over: a hundred thousand entries; and one file more. */
TEST(archive, takes_a_hundred_thousand_entries_and_not_one_more)
{
    struct place   p;
    struct packing packing = { .count = ARCHIVE_TOPS_MAX };
    struct planting planting = { .name = "packed", .files = ARCHIVE_ENTRIES_MAX / ARCHIVE_TOPS_MAX - 1 };
    place_open(&p);
    place_act_as(&p, "ann");
    place_own_drive(&p, &planting.drive, &planting.root);
    planting.seed = place_file(&p, &planting.drive, &planting.root, "seed", S(""));
    CHECK(place_change(&p, plant, &planting) == OK);
    packing.drive = planting.drive;
    for (size_t i = 0; i < packing.count; i++)
        packing.nodes[i] = planting.folder.id;
    const struct task full = run(&p, &packing);
    CHECK(full.state == TASK_SUCCEEDED && full.done == ARCHIVE_ENTRIES_MAX && full.skipped == 0 && full.content.v);
    planting.name = "one more";
    planting.files++;
    CHECK(place_change(&p, plant, &planting) == OK);
    packing.nodes[ARCHIVE_TOPS_MAX - 1] = planting.folder.id;
    const struct task more = run(&p, &packing);
    CHECK(more.state == TASK_FAILED && str_eq(more.fault, S("TOO_LARGE")) && more.thing == THING_TASK && !more.content.v);
    place_close(&p);
}

static enum fault add_row(struct cx *cx, void *arg)
{
    struct node *node = arg;
    TRY(store_next_id(cx, &node->id));
    return store_node_add(cx, node);
}

/* A row that says it has so many bytes: that is looked at before any of them is read. */
TEST(archive, takes_64_gibibytes_and_not_one_more)
{
    for (int over = 0; over < 2; over++) {
        struct place   p;
        struct packing packing = { .count = 1 };
        struct node    root;
        place_open(&p);
        place_act_as(&p, "ann");
        place_own_drive(&p, &packing.drive, &root);
        struct node large = place_file(&p, &packing.drive, &root, "seed", S("x"));
        large.name = S("large");
        large.size = ARCHIVE_BYTES_MAX + over;
        CHECK(place_change(&p, add_row, &large) == OK);
        packing.nodes[0] = large.id;
        const struct task task = run(&p, &packing);
        CHECK(task.state == TASK_FAILED);
        CHECK(str_eq(task.fault, S("TOO_LARGE")) == (over == 1));
        place_close(&p);
    }
}

/* ---- room ---- */

static int64_t thousand(struct content *content)
{
    (void)content;
    return 1000;
}

static enum fault purge(struct cx *cx, void *arg)
{
    int budget = 100;
    (void)arg;
    return archives_purge(cx, &budget);
}

/* No quota counts them: a disk with a thousand bytes free takes less than a thousand of them. */
TEST(archive, leaves_as_much_room_as_all_of_them_take)
{
    struct place   p;
    struct packing packing = { .count = 1 };
    struct node    root;
    char           bytes[300];
    place_open(&p);
    place_act_as(&p, "ann");
    place_own_drive(&p, &packing.drive, &root);
    struct content_driver small = *p.content->driver;
    small.free_bytes = thousand;
    p.content->driver = &small;
    int made = 0;
    for (struct task task = { .state = TASK_SUCCEEDED }; task.state == TASK_SUCCEEDED; made++) {
        memset(bytes, 'a' + made, sizeof bytes); /* or they were one content */
        packing.nodes[0] = place_file(&p, &packing.drive, &root, "some", (str){ bytes, sizeof bytes }).id;
        task = run(&p, &packing);
        CHECK(made < 4 && (task.state == TASK_SUCCEEDED || str_eq(task.fault, S("QUOTA"))));
    }
    CHECK(made == 3); /* each takes more than its 300 bytes, and the third found no room */
    CHECK(run(&p, &packing).state == TASK_FAILED);
    p.cx.now.ms += ARCHIVE_KEPT_MS + 1;
    CHECK(place_change(&p, purge, NULL) == OK);
    CHECK(run(&p, &packing).state == TASK_SUCCEEDED);
    place_close(&p);
}

TEST_MAIN
