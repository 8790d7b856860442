/* Copying, moving and deleting trees, by turns as the server takes them. */
#include "drive/copy.h"
#include "drive/erase.h"
#include "drive/maintenance.h"
#include "drive/move.h"
#include "drive/share.h"
#include "drive/stage.h"
#include "drive/task.h"
#include "drive/tree.h"
#include "store/nodes.h"
#include "store/tasks.h"

#include <stdio.h>

#include "test.h"

/* ---- what the tests do ---- */

struct copy_call {
    struct copy_want want;
    struct copied    out;
};

static enum fault run_copy(struct cx *cx, void *arg)
{
    struct copy_call *call = arg;
    return node_copy(cx, &call->want, &call->out);
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

struct delete_call {
    struct drive drive;
    struct node  node;
    id           task;
};

static enum fault run_delete(struct cx *cx, void *arg)
{
    struct delete_call *call = arg;
    return node_delete(cx, &call->drive, &call->node, &call->task);
}

static enum fault run_trash(struct cx *cx, void *arg)
{
    struct delete_call *call = arg;
    return node_trash(cx, &call->drive, &call->node);
}

static enum fault run_clear(struct cx *cx, void *arg)
{
    struct delete_call *call = arg;
    return bin_clear(cx, &call->drive, cx->now, TASK_SLICE, true, &call->task);
}

static struct task task_now(struct place *p, id number)
{
    struct task task;
    CHECK(store_task(&p->cx, number, &task) == OK);
    return task;
}

/* Turns until nothing runs; with check silent after each. */
static void run_tasks(struct place *p)
{
    id last = ID_NONE, ran;
    do {
        CHECK(tasks_turn(&p->cx, last, &ran) == OK);
        CHECK(place_findings(p) == 0);
        last = ran;
    } while (ran.v);
}

static int look(struct place *p, const struct drive *drive, id node)
{
    struct drive again;
    struct node  out;
    return (int)node_find(&p->cx, number_text(p, drive->id), number_text(p, node), SCOPE_LIVE, ACTION_LIST, &again, &out);
}

static struct drive drive_now(struct place *p, const struct drive *drive)
{
    struct drive out;
    CHECK(drive_get(&p->cx, number_text(p, drive->id), &out) == OK);
    return out;
}

static int64_t count_tree(struct place *p, const struct drive *drive, id top)
{
    int64_t count;
    CHECK(store_tree_nodes(&p->cx, drive->id, top, 300, &count) == OK);
    return count;
}

struct planting {
    struct drive drive;
    struct node  parent, seeds[10], top;
    const char  *name;
    int          folders, files;
};

static enum fault plant_folder(struct cx *cx, const struct planting *p, const struct node *parent, str name, struct node *out)
{
    struct made made;
    const struct folder_want want = { .drive = p->drive, .parent = *parent, .name = name, .conflict = CONFLICT_REFUSE };
    TRY(folder_create(cx, &want, &made));
    *out = made.node;
    return OK;
}

static enum fault plant_all(struct cx *cx, void *arg)
{
    struct planting *p = arg;
    struct node      folder;
    struct copied    file;
    TRY(plant_folder(cx, p, &p->parent, str_of(p->name), &p->top));
    for (int i = 0; i < p->folders; i++) {
        TRY(plant_folder(cx, p, &p->top, arena_print(cx->arena, "folder %d", i), &folder));
        for (int k = 0; k < p->files; k++) {
            const struct copy_want want = { .from = p->drive, .node = p->seeds[k % 10], .to = p->drive, .parent = folder,
                                            .name = arena_print(cx->arena, "file %d.txt", k), .conflict = CONFLICT_ALLOW };
            TRY(node_copy(cx, &want, &file));
        }
    }
    return OK;
}

/* `folders` folders of `files` files each, of 1 to 10 bytes, below a new folder; all in one change. */
static struct node plant(struct place *p, const struct drive *drive, const struct node *parent, const char *name,
                         int folders, int files)
{
    struct planting planting = { .drive = *drive, .parent = *parent, .name = name, .folders = folders, .files = files };
    struct delete_call away = { .drive = *drive };
    for (int i = 0; i < 10; i++)
        planting.seeds[i] = place_file(p, drive, parent, "seed", str_cut(S("0123456789"), (size_t)i + 1));
    CHECK(place_change(p, plant_all, &planting) == OK);
    for (int i = 0; i < 10; i++) {
        away.node = planting.seeds[i];
        CHECK(place_change(p, run_delete, &away) == OK);
    }
    return planting.top;
}

struct making {
    int64_t      quota;
    str          owner;
    struct drive out;
};

static enum fault make_drive(struct cx *cx, void *arg)
{
    struct making *making = arg;
    struct caller  chief = { .domain = cx->site->domain.id, .role = ROLE_SUPERADMIN }, *before = cx->caller;
    const struct drive want = { .name = S("second"), .owner_kind = OWNER_USER, .status = STATUS_ENABLED,
                                .owner_public = making->owner, .quota = making->quota };
    cx->caller = &chief;
    const enum fault fault = drive_create(cx, &want, &making->out);
    cx->caller = before;
    return fault;
}

static struct drive second_drive(struct place *p, int64_t quota, struct node *root)
{
    struct making making = { .quota = quota, .owner = p->cx.caller->public_id };
    struct drive  drive;
    CHECK(place_change(p, make_drive, &making) == OK);
    CHECK(node_find(&p->cx, number_text(p, making.out.id), S("root"), SCOPE_LIVE, ACTION_ALL, &drive, root) == OK);
    return drive;
}

struct scene {
    struct place p;
    struct drive drive, other;
    struct node  root, other_root;
};

static void scene_open(struct scene *s, int64_t other_quota)
{
    place_open(&s->p);
    place_act_as(&s->p, "ann");
    place_own_drive(&s->p, &s->drive, &s->root);
    s->other = second_drive(&s->p, other_quota, &s->other_root);
}

static struct node node_now(struct scene *s, const struct drive *drive, id node)
{
    struct node out;
    CHECK(store_node(&s->p.cx, drive->id, node, &out) == OK);
    return out;
}

/* ---- copying ---- */

TEST(node_copy, gives_a_file_of_the_same_content_and_counts_it)
{
    struct scene s;
    scene_open(&s, QUOTA_NONE);
    const struct node file = place_file(&s.p, &s.drive, &s.root, "a.txt", S("hello"));
    struct copy_call call = { .want = { .from = s.drive, .node = file, .to = s.other, .parent = s.other_root,
                                        .name = S("b.png"), .conflict = CONFLICT_ALLOW } };
    CHECK(place_change(&s.p, run_copy, &call) == OK && !call.out.task.v && !call.out.exists);
    CHECK(call.out.node.id.v != file.id.v && call.out.node.content.v == file.content.v);
    CHECK(call.out.node.category == CATEGORY_IMAGE);
    CHECK(drive_now(&s.p, &s.other).used == 5 && drive_now(&s.p, &s.drive).used == 5);
    CHECK(look(&s.p, &s.other, call.out.node.id) == OK);
    CHECK(place_findings(&s.p) == 0);
    place_close(&s.p);
}

TEST(node_copy, builds_a_tree_out_of_sight_and_shows_it_whole)
{
    struct scene s;
    scene_open(&s, QUOTA_NONE);
    const struct node top = plant(&s.p, &s.drive, &s.root, "top", 12, 20);
    struct copy_call call = { .want = { .from = s.drive, .node = top, .to = s.drive, .parent = s.root,
                                        .conflict = CONFLICT_STAMP } };
    CHECK(place_change(&s.p, run_copy, &call) == OK && call.out.task.v);
    CHECK(task_now(&s.p, call.out.task).state == TASK_RUNNING);
    CHECK(look(&s.p, &s.drive, call.out.node.id) == FAULT_NOT_FOUND);
    CHECK(place_findings(&s.p) == 0);
    run_tasks(&s.p);
    const struct task task = task_now(&s.p, call.out.task);
    CHECK(task.state == TASK_SUCCEEDED && task.done == 253 && task.total == 253);
    CHECK(look(&s.p, &s.drive, call.out.node.id) == OK);
    CHECK(count_tree(&s.p, &s.drive, call.out.node.id) == 253);
    CHECK(!str_eq(node_now(&s, &s.drive, call.out.node.id).name, S("top")));
    CHECK(drive_now(&s.p, &s.drive).used == 2 * 12 * 2 * 55);
    place_close(&s.p);
}

TEST(node_copy, of_a_folder_into_itself_ends)
{
    struct scene s;
    scene_open(&s, QUOTA_NONE);
    const struct node top = plant(&s.p, &s.drive, &s.root, "top", 3, 60);
    struct list children;
    CHECK(tree_children(&s.p.cx, s.drive.id, top.id, 0, ID_NONE, 10, &children) == OK && children.count == 3);
    struct copy_call call = { .want = { .from = s.drive, .node = top, .to = s.drive,
                                        .parent = *(const struct node *)children.items, .conflict = CONFLICT_ALLOW } };
    CHECK(place_change(&s.p, run_copy, &call) == OK);
    run_tasks(&s.p);
    CHECK(task_now(&s.p, call.out.task).state == TASK_SUCCEEDED);
    CHECK(count_tree(&s.p, &s.drive, call.out.node.id) == 184);
    CHECK(count_tree(&s.p, &s.drive, top.id) == 2 * 184);
    place_close(&s.p);
}

TEST(node_copy, that_finds_no_room_midway_leaves_nothing)
{
    struct scene s;
    scene_open(&s, 700);
    const struct node top = plant(&s.p, &s.drive, &s.root, "top", 8, 40);
    struct copy_call call = { .want = { .from = s.drive, .node = top, .to = s.other, .parent = s.other_root,
                                        .conflict = CONFLICT_ALLOW } };
    CHECK(place_change(&s.p, run_copy, &call) == OK);
    run_tasks(&s.p);
    const struct task task = task_now(&s.p, call.out.task);
    CHECK(task.state == TASK_FAILED && str_eq(task.fault, S("QUOTA")) && task.thing == THING_DRIVE);
    CHECK(drive_now(&s.p, &s.other).used == 0);
    CHECK(count_tree(&s.p, &s.other, s.other_root.id) == 1);
    place_close(&s.p);
}

TEST(node_copy, ends_when_its_source_or_its_target_goes_away)
{
    for (int which = 0; which < 2; which++) {
        struct scene s;
        scene_open(&s, QUOTA_NONE);
        const struct node top = plant(&s.p, &s.drive, &s.root, "top", 6, 40);
        const struct node target = place_folder(&s.p, &s.other, &s.other_root, "target");
        struct copy_call call = { .want = { .from = s.drive, .node = top, .to = s.other, .parent = target,
                                            .conflict = CONFLICT_ALLOW } };
        CHECK(place_change(&s.p, run_copy, &call) == OK);
        struct delete_call away = { .drive = which ? s.other : s.drive, .node = which ? target : top };
        CHECK(place_change(&s.p, run_trash, &away) == OK);
        run_tasks(&s.p);
        const struct task task = task_now(&s.p, call.out.task);
        CHECK(task.state == TASK_FAILED && str_eq(task.fault, S("TRASHED")));
        CHECK(drive_now(&s.p, &s.other).used == 0);
        place_close(&s.p);
    }
}

static enum fault run_share(struct cx *cx, void *arg)
{
    struct share_link *share = arg;
    return share->id.v ? share_update(cx, share) : share_create(cx, share);
}

/* The acting user's share of a folder, in which one may put something. */
static struct share_link share_writable(struct scene *s, const struct node *folder)
{
    const str files[] = { number_text(&s->p, folder->id) };
    const struct share_want want = { .drive = number_text(&s->p, s->drive.id), .files = files, .file_count = 1,
                                     .writable = files, .writable_count = 1 };
    struct share_link share = { .creator = s->p.cx.caller->user, .state = SHARE_OPEN, .edition = 1, .name = S(""),
                                .description = S(""), .creatable = true };
    CHECK(share_resolve(&s->p.cx, &want, &share) == OK);
    CHECK(place_change(&s->p, run_share, &share) == OK);
    return share;
}

TEST(node_copy, into_a_share_goes_on_while_that_is_writable)
{
    for (int closed = 0; closed < 2; closed++) {
        struct scene s;
        struct drive bens;
        struct node  root;
        scene_open(&s, QUOTA_NONE);
        const struct node target = place_folder(&s.p, &s.drive, &s.root, "target");
        struct share_link share = share_writable(&s, &target);
        place_act_as(&s.p, "ben");
        place_own_drive(&s.p, &bens, &root);
        const struct node top = plant(&s.p, &bens, &root, "top", 6, 40);
        struct copy_call call = { .want = { .from = bens, .node = top, .to = s.drive, .parent = target,
                                            .conflict = CONFLICT_ALLOW, .to_share = share.id } };
        CHECK(place_change(&s.p, run_copy, &call) == OK && call.out.task.v);
        place_act_as(&s.p, "ann");
        share.creatable = !closed;
        CHECK(place_change(&s.p, run_share, &share) == OK);
        run_tasks(&s.p);
        const struct task task = task_now(&s.p, call.out.task);
        CHECK(task.state == (closed ? TASK_FAILED : TASK_SUCCEEDED));
        CHECK(!closed || str_eq(task.fault, S("FORBIDDEN")));
        CHECK(drive_now(&s.p, &s.drive).used == (closed ? 0 : 6 * 4 * 55));
        CHECK(count_tree(&s.p, &s.drive, target.id) == (closed ? 1 : 248));
        place_close(&s.p);
    }
}

TEST(node_copy, refused_for_a_taken_name_tells_what_is_there)
{
    struct scene s;
    scene_open(&s, QUOTA_NONE);
    const struct node one = place_folder(&s.p, &s.drive, &s.root, "one");
    struct copy_call call = { .want = { .from = s.drive, .node = one, .to = s.drive, .parent = s.root,
                                        .conflict = CONFLICT_REFUSE } };
    CHECK(place_change(&s.p, run_copy, &call) == OK && call.out.exists && call.out.node.id.v == one.id.v);
    CHECK(count_tree(&s.p, &s.drive, s.root.id) == 2);
    place_close(&s.p);
}

/* ---- moving ---- */

TEST(node_move, in_a_drive_is_one_row_and_never_a_cycle)
{
    struct scene s;
    scene_open(&s, QUOTA_NONE);
    const struct node a = place_folder(&s.p, &s.drive, &s.root, "a"), b = place_folder(&s.p, &s.drive, &a, "b");
    const struct node c = place_folder(&s.p, &s.drive, &s.root, "c");
    struct move_call call = { .want = { .from = s.drive, .node = a, .to = s.drive, .parent = b,
                                        .conflict = CONFLICT_ALLOW } };
    CHECK(place_change(&s.p, run_move, &call) == FAULT_INVALID && s.p.cx.why.thing == THING_PARENT);
    call.want.parent = a;
    CHECK(place_change(&s.p, run_move, &call) == FAULT_INVALID);
    call.want.parent = c;
    CHECK(place_change(&s.p, run_move, &call) == OK && call.out.node.parent.v == c.id.v && !call.out.task.v);
    call.want.node = c;
    call.want.parent = b; /* b is below c now, though nothing of b was moved */
    CHECK(place_change(&s.p, run_move, &call) == FAULT_INVALID);
    call.want.node = s.root;
    CHECK(place_change(&s.p, run_move, &call) == FAULT_FORBIDDEN);
    CHECK(place_findings(&s.p) == 0);
    place_close(&s.p);
}

/* A chain of folders, `levels` of them; gives the first and the last. */
static struct node chain(struct scene *s, const char *name, int levels, struct node *last)
{
    const struct node first = place_folder(&s->p, &s->drive, &s->root, name);
    *last = first;
    for (int i = 1; i < levels; i++)
        *last = place_folder(&s->p, &s->drive, last, "x");
    return first;
}

TEST(node_move, keeps_to_the_depth_limit)
{
    struct scene s;
    struct node  low, end;
    scene_open(&s, QUOTA_NONE);
    const struct node tall = chain(&s, "tall", 60, &end);
    chain(&s, "deep", 68, &low);
    struct move_call call = { .want = { .from = s.drive, .node = tall, .to = s.drive, .parent = low,
                                        .conflict = CONFLICT_ALLOW } };
    CHECK(place_change(&s.p, run_move, &call) == OK); /* 68 + 60 = DEPTH_MAX */
    CHECK(look(&s.p, &s.drive, end.id) == OK);
    call.want.node = call.out.node;
    call.want.parent = s.root;
    CHECK(place_change(&s.p, run_move, &call) == OK);
    call.want.node = call.out.node;
    call.want.parent = place_folder(&s.p, &s.drive, &low, "one more");
    CHECK(place_change(&s.p, run_move, &call) == FAULT_TOO_DEEP);
    struct copy_call copy = { .want = { .from = s.drive, .node = tall, .to = s.drive, .parent = call.want.parent,
                                        .conflict = CONFLICT_ALLOW } };
    CHECK(place_change(&s.p, run_copy, &copy) == FAULT_TOO_DEEP);
    CHECK(place_findings(&s.p) == 0);
    place_close(&s.p);
}

TEST(node_move, to_another_drive_takes_numbers_and_leaves_nothing)
{
    struct scene s;
    scene_open(&s, QUOTA_NONE);
    const struct node top = plant(&s.p, &s.drive, &s.root, "top", 12, 20);
    const int64_t     used = drive_now(&s.p, &s.drive).used;
    struct move_call call = { .want = { .from = s.drive, .node = top, .to = s.other, .parent = s.other_root,
                                        .name = S("new name"), .conflict = CONFLICT_ALLOW } };
    CHECK(place_change(&s.p, run_move, &call) == OK && call.out.task.v && call.out.node.id.v == top.id.v);
    CHECK(look(&s.p, &s.drive, top.id) == FAULT_NOT_FOUND); /* in neither drive while it is on its way */
    CHECK(look(&s.p, &s.other, top.id) == FAULT_NOT_FOUND);
    CHECK(place_findings(&s.p) == 0);
    run_tasks(&s.p);
    CHECK(task_now(&s.p, call.out.task).state == TASK_SUCCEEDED);
    CHECK(look(&s.p, &s.other, top.id) == OK && look(&s.p, &s.drive, top.id) == FAULT_NOT_FOUND);
    CHECK(count_tree(&s.p, &s.other, top.id) == 253 && count_tree(&s.p, &s.drive, s.root.id) == 1);
    CHECK(drive_now(&s.p, &s.other).used == used && drive_now(&s.p, &s.drive).used == 0);
    CHECK(drive_now(&s.p, &s.other).reserved == 0);
    CHECK(str_eq(node_now(&s, &s.other, top.id).name, S("new name")));
    place_close(&s.p);
}

TEST(node_move, to_a_drive_without_room_puts_all_back)
{
    struct scene s;
    scene_open(&s, 700);
    const struct node top = plant(&s.p, &s.drive, &s.root, "top", 8, 40);
    const int64_t     used = drive_now(&s.p, &s.drive).used;
    struct move_call call = { .want = { .from = s.drive, .node = top, .to = s.other, .parent = s.other_root,
                                        .conflict = CONFLICT_ALLOW } };
    CHECK(place_change(&s.p, run_move, &call) == OK && call.out.task.v);
    run_tasks(&s.p);
    const struct task task = task_now(&s.p, call.out.task);
    CHECK(task.state == TASK_FAILED && str_eq(task.fault, S("QUOTA")));
    CHECK(look(&s.p, &s.drive, top.id) == OK && count_tree(&s.p, &s.drive, top.id) == 329);
    CHECK(drive_now(&s.p, &s.drive).used == used && drive_now(&s.p, &s.other).used == 0);
    place_close(&s.p);
}

TEST(node_move, to_a_target_that_goes_away_lands_in_the_root)
{
    struct scene s;
    scene_open(&s, QUOTA_NONE);
    const struct node top = plant(&s.p, &s.drive, &s.root, "top", 6, 40);
    const struct node target = place_folder(&s.p, &s.other, &s.other_root, "target");
    struct move_call call = { .want = { .from = s.drive, .node = top, .to = s.other, .parent = target,
                                        .conflict = CONFLICT_ALLOW } };
    CHECK(place_change(&s.p, run_move, &call) == OK && call.out.task.v);
    struct delete_call away = { .drive = s.other, .node = target };
    CHECK(place_change(&s.p, run_delete, &away) == OK);
    run_tasks(&s.p);
    CHECK(node_now(&s, &s.other, top.id).parent.v == s.other_root.id.v);
    CHECK(count_tree(&s.p, &s.other, top.id) == 247);
    place_close(&s.p);
}

/* ---- deleting ---- */

TEST(node_delete, of_a_large_tree_is_instant_and_gives_all_back)
{
    struct scene s;
    scene_open(&s, QUOTA_NONE);
    const struct node top = plant(&s.p, &s.drive, &s.root, "top", 12, 20);
    struct delete_call call = { .drive = s.drive, .node = top };
    CHECK(place_change(&s.p, run_delete, &call) == OK && call.task.v);
    CHECK(look(&s.p, &s.drive, top.id) == FAULT_NOT_FOUND);
    run_tasks(&s.p);
    const struct task task = task_now(&s.p, call.task);
    CHECK(task.state == TASK_SUCCEEDED && task.done == 253 && task.total == 253);
    CHECK(drive_now(&s.p, &s.drive).used == 0 && count_tree(&s.p, &s.drive, s.root.id) == 1);
    place_close(&s.p);
}

TEST(node_delete, of_a_small_one_is_done_at_once)
{
    struct scene s;
    scene_open(&s, QUOTA_NONE);
    struct delete_call call = { .drive = s.drive, .node = plant(&s.p, &s.drive, &s.root, "top", 2, 3) };
    CHECK(place_change(&s.p, run_delete, &call) == OK && !call.task.v);
    CHECK(drive_now(&s.p, &s.drive).used == 0 && count_tree(&s.p, &s.drive, s.root.id) == 1);
    CHECK(place_findings(&s.p) == 0);
    call.node = s.root;
    CHECK(place_change(&s.p, run_delete, &call) == FAULT_FORBIDDEN);
    place_close(&s.p);
}

struct upload_call {
    struct upload_want want;
    struct upload_made made;
};

static enum fault start_upload(struct cx *cx, void *arg)
{
    struct upload_call *call = arg;
    return upload_start(cx, &call->want, &call->made);
}

TEST(node_delete, ends_the_uploads_into_what_it_deletes)
{
    struct scene s;
    scene_open(&s, QUOTA_NONE);
    const struct node  top = place_folder(&s.p, &s.drive, &s.root, "top"), low = place_folder(&s.p, &s.drive, &top, "low");
    struct upload_call upload = { .want = { .drive = s.drive, .parent = low, .name = S("on its way"), .size = 1000,
                                            .conflict = CONFLICT_ALLOW } };
    CHECK(place_change(&s.p, start_upload, &upload) == OK);
    CHECK(place_receive(&s.p, &upload.made.upload, 1, S("0123456789")) == OK);
    CHECK(drive_now(&s.p, &s.drive).reserved == 1000);
    struct delete_call call = { .drive = s.drive, .node = top };
    CHECK(place_change(&s.p, run_delete, &call) == OK);
    CHECK(drive_now(&s.p, &s.drive).reserved == 0);
    CHECK(place_findings(&s.p) == 0);
    place_close(&s.p);
}

TEST(bin_clear, empties_what_was_there_and_not_what_came_later)
{
    struct scene s;
    scene_open(&s, QUOTA_NONE);
    struct delete_call call = { .drive = s.drive };
    for (int i = 0; i < 3; i++) {
        char name[32];
        snprintf(name, sizeof name, "tree %d", i);
        call.node = plant(&s.p, &s.drive, &s.root, name, 3, 30);
        CHECK(place_change(&s.p, run_trash, &call) == OK);
    }
    CHECK(place_change(&s.p, run_clear, &call) == OK && task_now(&s.p, call.task).state == TASK_RUNNING);
    const id task = call.task;
    s.p.cx.now.ms++;
    call.node = place_folder(&s.p, &s.drive, &s.root, "later");
    CHECK(place_change(&s.p, run_trash, &call) == OK);
    run_tasks(&s.p);
    CHECK(task_now(&s.p, task).state == TASK_SUCCEEDED && task_now(&s.p, task).done == 3 * 94);
    CHECK(drive_now(&s.p, &s.drive).used == 0);
    struct list left;
    CHECK(tree_children(&s.p.cx, s.drive.id, s.drive.bin, 0, ID_NONE, 10, &left) == OK && left.count == 1);
    place_close(&s.p);
}

static enum fault maintain(struct cx *cx, void *arg)
{
    struct list gone;
    bool        more;
    (void)arg;
    return maintenance_run(cx, &gone, &more);
}

TEST(maintenance, lets_go_what_the_bin_kept_long_enough_and_tasks_of_long_ago)
{
    struct scene s;
    scene_open(&s, QUOTA_NONE);
    struct delete_call call = { .drive = s.drive, .node = plant(&s.p, &s.drive, &s.root, "old", 4, 40) };
    CHECK(place_change(&s.p, run_trash, &call) == OK);
    const instant trashed = s.p.cx.now;
    s.p.cx.now.ms += INT64_C(30) * 24 * 3600 * 1000; /* as long as the bin keeps, to the millisecond */
    call.node = place_folder(&s.p, &s.drive, &s.root, "new");
    CHECK(place_change(&s.p, run_trash, &call) == OK);
    CHECK(place_change(&s.p, maintain, NULL) == OK);
    run_tasks(&s.p);
    CHECK(drive_now(&s.p, &s.drive).used > 0);
    s.p.cx.now.ms = trashed.ms + INT64_C(30) * 24 * 3600 * 1000 + 1;
    CHECK(place_change(&s.p, maintain, NULL) == OK);
    CHECK(place_change(&s.p, maintain, NULL) == OK); /* a second round finds one at work */
    struct list running;
    CHECK(store_tasks_running(&s.p.cx, ID_NONE, 10, &running) == OK && running.count == 1);
    const id task = *(const id *)running.items;
    run_tasks(&s.p);
    CHECK(drive_now(&s.p, &s.drive).used == 0);
    struct list left;
    CHECK(tree_children(&s.p.cx, s.drive.id, s.drive.bin, 0, ID_NONE, 10, &left) == OK && left.count == 1);
    s.p.cx.now.ms += TASK_KEPT_MS;
    CHECK(place_change(&s.p, maintain, NULL) == OK);
    CHECK(task_now(&s.p, task).state == TASK_SUCCEEDED);
    s.p.cx.now.ms += INT64_C(3600) * 1000;
    CHECK(place_change(&s.p, maintain, NULL) == OK);
    struct task gone;
    CHECK(store_task(&s.p.cx, task, &gone) == FAULT_NOT_FOUND);
    place_close(&s.p);
}

TEST(tasks, take_turns)
{
    struct scene s;
    scene_open(&s, QUOTA_NONE);
    struct delete_call call[2] = { { .drive = s.drive }, { .drive = s.drive } };
    for (int i = 0; i < 2; i++) {
        call[i].node = plant(&s.p, &s.drive, &s.root, i ? "one" : "two", 8, 40);
        CHECK(place_change(&s.p, run_delete, &call[i]) == OK && call[i].task.v);
    }
    id ran;
    CHECK(tasks_turn(&s.p.cx, ID_NONE, &ran) == OK && ran.v == call[0].task.v);
    CHECK(tasks_turn(&s.p.cx, ran, &ran) == OK && ran.v == call[1].task.v);
    CHECK(tasks_turn(&s.p.cx, ran, &ran) == OK && ran.v == call[0].task.v);
    run_tasks(&s.p);
    place_close(&s.p);
}

TEST(tasks, are_seen_by_who_asked_and_by_administrators_only)
{
    struct scene s;
    struct task  task;
    scene_open(&s, QUOTA_NONE);
    struct delete_call call = { .drive = s.drive, .node = plant(&s.p, &s.drive, &s.root, "one", 8, 40) };
    CHECK(place_change(&s.p, run_delete, &call) == OK && call.task.v);
    const str text = number_text(&s.p, call.task);
    CHECK(task_find(&s.p.cx, text, &task) == OK);
    place_act_as(&s.p, "bob");
    CHECK(task_find(&s.p.cx, text, &task) == FAULT_NOT_FOUND && s.p.cx.why.thing == THING_TASK);
    place_act_as(&s.p, "superadmin");
    CHECK(task_find(&s.p.cx, text, &task) == OK);
    CHECK(task_find(&s.p.cx, S("no number"), &task) == FAULT_NOT_FOUND);
    place_close(&s.p);
}

TEST_MAIN
