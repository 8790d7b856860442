/* What is granted, and what of it is lent on: it never outlives the rights of whoever lent it. */
#include "drive/grant.h"
#include "drive/stage.h"

#include <stdio.h>

#include "test.h"

enum {
    VIEW = ACTION_LIST | ACTION_PREVIEW,
    READ_ALL = VIEW | ACTION_DOWNLOAD | ACTION_COPY,
    PASS_ON = READ_ALL | ACTION_GRANT,
};

struct scene {
    struct place p;
    struct drive drive;
    struct node  root, folder, below, file;
};

/* ann's folder, one below it and a file in that. */
static void scene_open(struct scene *s)
{
    place_open(&s->p);
    place_act_as(&s->p, "ann");
    place_own_drive(&s->p, &s->drive, &s->root);
    s->folder = place_folder(&s->p, &s->drive, &s->root, "folder");
    s->below = place_folder(&s->p, &s->drive, &s->folder, "below");
    s->file = place_file(&s->p, &s->drive, &s->below, "x.txt", S("x"));
}

struct granting {
    struct drive drive;
    struct node  node;
    struct grant want;
    bool         removes;
};

static enum fault run_grant(struct cx *cx, void *arg)
{
    const struct granting *g = arg;
    return g->removes ? grant_remove(cx, &g->drive, &g->node, g->want.holder, 0) : grant_put(cx, &g->drive, &g->node, &g->want);
}

static id number_of(struct scene *s, const char *login)
{
    struct caller *before = s->p.cx.caller;
    place_act_as(&s->p, login);
    const id user = s->p.cx.caller->user;
    s->p.cx.caller = before;
    return user;
}

/* `from` gives `to` these actions on a node; 0 takes all back. */
static enum fault grant(struct scene *s, const char *from, const char *to, const struct node *node, int actions)
{
    struct granting g = { .drive = s->drive, .node = *node, .removes = !actions,
                          .want = { .holder = number_of(s, to), .holder_kind = OWNER_USER, .actions = actions } };
    place_act_as(&s->p, from);
    return place_change(&s->p, run_grant, &g);
}

static unsigned has(struct scene *s, const char *login, const struct node *node)
{
    unsigned actions = ~0U;
    place_act_as(&s->p, login);
    CHECK(access_to_node(&s->p.cx, &s->drive, node, &actions) == OK);
    return actions;
}

static enum fault set_status(struct cx *cx, void *arg)
{
    const struct user *user = arg;
    return user_set_status(cx, user->id, (enum status)user->status);
}

TEST(grant, reaches_all_below_and_nothing_above)
{
    struct scene s;
    scene_open(&s);
    CHECK(grant(&s, "ann", "ben", &s.below, READ_ALL) == OK);
    CHECK(has(&s, "ben", &s.below) == READ_ALL && has(&s, "ben", &s.file) == READ_ALL);
    CHECK(has(&s, "ben", &s.folder) == 0 && has(&s, "ben", &s.root) == 0);
    CHECK(grant(&s, "ann", "ben", &s.folder, VIEW) == OK);
    CHECK(has(&s, "ben", &s.folder) == VIEW && has(&s, "ben", &s.file) == READ_ALL);
    place_close(&s.p);
}

TEST(grant, that_is_lent_holds_only_as_far_as_its_lender_has_it_now)
{
    struct scene s;
    scene_open(&s);
    CHECK(grant(&s, "ann", "ben", &s.folder, PASS_ON) == OK);
    CHECK(grant(&s, "ben", "carl", &s.below, READ_ALL) == OK);
    CHECK(has(&s, "carl", &s.file) == READ_ALL && has(&s, "carl", &s.folder) == 0);
    CHECK(grant(&s, "ann", "ben", &s.folder, VIEW | ACTION_GRANT) == OK);
    CHECK(has(&s, "carl", &s.file) == VIEW);
    CHECK(grant(&s, "ann", "ben", &s.folder, 0) == OK);
    CHECK(has(&s, "carl", &s.file) == 0);
    CHECK(grant(&s, "ann", "ben", &s.folder, PASS_ON) == OK);
    CHECK(has(&s, "carl", &s.file) == READ_ALL);
    place_close(&s.p);
}

TEST(grant, of_the_drives_own_people_stays_when_they_have_no_more)
{
    struct scene s;
    scene_open(&s);
    CHECK(grant(&s, "ann", "ben", &s.folder, READ_ALL) == OK);
    CHECK(grant(&s, "ann", "carl", &s.folder, PASS_ON) == OK);
    CHECK(grant(&s, "ann", "carl", &s.folder, 0) == OK);
    CHECK(has(&s, "ben", &s.file) == READ_ALL);
    place_close(&s.p);
}

TEST(grant, lent_to_each_other_is_nothing)
{
    struct scene s;
    scene_open(&s);
    CHECK(grant(&s, "ann", "ben", &s.folder, PASS_ON) == OK);
    CHECK(grant(&s, "ann", "carl", &s.below, PASS_ON) == OK);
    CHECK(grant(&s, "ben", "carl", &s.file, PASS_ON) == OK && grant(&s, "carl", "ben", &s.file, PASS_ON) == OK);
    CHECK(has(&s, "ben", &s.file) == PASS_ON && has(&s, "carl", &s.file) == PASS_ON);
    CHECK(grant(&s, "ann", "carl", &s.below, 0) == OK);
    CHECK(has(&s, "carl", &s.file) == PASS_ON); /* ben still has it */
    CHECK(grant(&s, "ann", "ben", &s.folder, 0) == OK);
    CHECK(has(&s, "ben", &s.file) == 0 && has(&s, "carl", &s.file) == 0);
    place_close(&s.p);
}

TEST(grant, is_added_up_from_several_lenders)
{
    struct scene s;
    scene_open(&s);
    CHECK(grant(&s, "ann", "ben", &s.folder, VIEW | ACTION_GRANT) == OK);
    CHECK(grant(&s, "ann", "carl", &s.below, ACTION_LIST | ACTION_DOWNLOAD | ACTION_GRANT) == OK);
    CHECK(grant(&s, "ben", "dora", &s.folder, VIEW) == OK);
    CHECK(grant(&s, "carl", "dora", &s.below, ACTION_DOWNLOAD) == OK);
    CHECK(has(&s, "dora", &s.file) == (VIEW | ACTION_DOWNLOAD) && has(&s, "dora", &s.folder) == VIEW);
    CHECK(grant(&s, "ann", "ben", &s.folder, 0) == OK);
    CHECK(has(&s, "dora", &s.file) == (ACTION_LIST | ACTION_DOWNLOAD) && has(&s, "dora", &s.folder) == 0);
    place_close(&s.p);
}

TEST(grant, is_not_lent_by_who_is_disabled)
{
    struct scene s;
    scene_open(&s);
    CHECK(grant(&s, "ann", "ben", &s.folder, PASS_ON) == OK && grant(&s, "ben", "carl", &s.folder, READ_ALL) == OK);
    struct user ben = { .id = number_of(&s, "ben"), .status = STATUS_DISABLED };
    CHECK(place_change(&s.p, set_status, &ben) == OK);
    CHECK(has(&s, "carl", &s.file) == 0);
    ben.status = STATUS_ENABLED;
    CHECK(place_change(&s.p, set_status, &ben) == OK);
    CHECK(has(&s, "carl", &s.file) == READ_ALL);
    place_close(&s.p);
}

TEST(grant, is_never_more_than_its_giver_has_and_only_by_who_may_give)
{
    struct scene s;
    scene_open(&s);
    CHECK(grant(&s, "ann", "ben", &s.folder, VIEW | ACTION_GRANT) == OK);
    CHECK(grant(&s, "ben", "carl", &s.folder, READ_ALL) == FAULT_FORBIDDEN);
    CHECK(grant(&s, "ben", "carl", &s.folder, VIEW) == OK);
    CHECK(grant(&s, "carl", "dora", &s.folder, ACTION_LIST) == FAULT_FORBIDDEN);
    CHECK(grant(&s, "ben", "carl", &s.root, ACTION_LIST) == FAULT_NOT_FOUND);
    CHECK(grant(&s, "ann", "dora", &s.folder, READ_ALL) == OK);
    CHECK(grant(&s, "ben", "dora", &s.folder, 0) == FAULT_FORBIDDEN); /* somebody else gave it */
    CHECK(grant(&s, "ben", "carl", &s.folder, 0) == OK && has(&s, "carl", &s.folder) == 0);
    place_close(&s.p);
}

/* One hand after the other: with whoever asks there are sixteen people to one decision. */
TEST(grant, goes_through_fifteen_hands_and_no_more)
{
    enum { PEOPLE = 17 };
    struct scene s;
    char         names[PEOPLE + 1][8];
    scene_open(&s);
    for (int i = 1; i <= PEOPLE; i++) {
        snprintf(names[i], sizeof names[i], "p%d", i);
        const enum fault fault = grant(&s, i == 1 ? "ann" : names[i - 1], names[i], &s.folder, PASS_ON);
        CHECK_CASE(names[i], fault == OK);
    }
    for (int i = 1; i <= PEOPLE; i++)
        CHECK_CASE(names[i], has(&s, names[i], &s.file) == (i <= 16 ? PASS_ON : 0));
    CHECK(grant(&s, names[17], "too far", &s.folder, VIEW) == FAULT_NOT_FOUND); /* he has nothing, and sees nothing */
    CHECK(grant(&s, "ann", names[1], &s.folder, 0) == OK);
    for (int i = 1; i <= PEOPLE; i++)
        CHECK_CASE(names[i], has(&s, names[i], &s.file) == 0);
    place_close(&s.p);
}

TEST(grant, ends_at_its_time_also_for_what_was_lent)
{
    struct scene s;
    scene_open(&s);
    const instant end = { s.p.cx.now.ms + 1000 };
    struct granting g = { .drive = s.drive, .node = s.folder,
                          .want = { .holder = number_of(&s, "ben"), .holder_kind = OWNER_USER, .actions = PASS_ON, .expires = end } };
    CHECK(place_change(&s.p, run_grant, &g) == OK);
    CHECK(grant(&s, "ben", "carl", &s.folder, READ_ALL) == OK);
    s.p.cx.now.ms = end.ms - 1;
    CHECK(has(&s, "ben", &s.file) == PASS_ON && has(&s, "carl", &s.file) == READ_ALL);
    s.p.cx.now.ms = end.ms;
    CHECK(has(&s, "ben", &s.file) == 0 && has(&s, "carl", &s.file) == 0);
    place_close(&s.p);
}

struct crowd {
    struct scene *s;
    struct node   folder;
    int           count;
};

/* As if so many had been given something, each another one. */
static enum fault put_many(struct cx *cx, void *arg)
{
    const struct crowd *crowd = arg;
    for (int i = 0; i < crowd->count; i++) {
        const struct grant grant = { .drive = crowd->s->drive.id, .node = crowd->folder.id, .holder = { 1000000 + i },
                                     .holder_kind = OWNER_USER, .actions = VIEW, .created = cx->now };
        TRY(store_grant_put(cx, &grant));
    }
    return OK;
}

TEST(grant, lists_ten_thousand_above_a_node_and_not_one_more)
{
    struct scene s;
    struct list  found;
    scene_open(&s);
    struct crowd crowd = { .s = &s, .folder = s.root, .count = GRANTS_A_NODE_MAX };
    for (int i = 0; i < GRANTS_LISTED_MAX / GRANTS_A_NODE_MAX; i++) {
        crowd.folder = place_folder(&s.p, &s.drive, &crowd.folder, "x");
        CHECK(place_change(&s.p, put_many, &crowd) == OK);
    }
    struct node low = place_folder(&s.p, &s.drive, &crowd.folder, "low");
    CHECK(grant_list_above(&s.p.cx, &s.drive, &low, &found) == OK && found.count == GRANTS_LISTED_MAX);
    crowd.folder = low;
    crowd.count = 1;
    CHECK(place_change(&s.p, put_many, &crowd) == OK);
    low = place_folder(&s.p, &s.drive, &low, "lower");
    CHECK(grant_list_above(&s.p.cx, &s.drive, &low, &found) == FAULT_INVALID);
    place_close(&s.p);
}

TEST_MAIN
