#include "test.h"

#include "drive/access.h"
#include "drive/group.h"
#include "drive/stage.h"

/* One call of the core, to be run as a change. */
struct call {
    struct group_want want;
    struct group      made, group, child;
    struct drive      drive_want, drive;
    id                user;
    int               role;
};

static enum fault create(struct cx *cx, void *arg)
{
    struct call *c = arg;
    return group_create(cx, &c->want, &c->made);
}

static enum fault attach(struct cx *cx, void *arg)
{
    struct call *c = arg;
    return group_attach(cx, &c->group, &c->child);
}

static enum fault detach(struct cx *cx, void *arg)
{
    struct call *c = arg;
    return group_detach(cx, &c->group, &c->child);
}

static enum fault join(struct cx *cx, void *arg)
{
    struct call *c = arg;
    return group_join(cx, c->group.id, c->user, (enum share_role)c->role);
}

static enum fault leave(struct cx *cx, void *arg)
{
    struct call *c = arg;
    return group_member_remove(cx, &c->group, c->user);
}

static enum fault assign(struct cx *cx, void *arg)
{
    struct call *c = arg;
    return group_admin_assign(cx, &c->group, c->user);
}

static enum fault cancel(struct cx *cx, void *arg)
{
    struct call *c = arg;
    return group_admin_cancel(cx, &c->group, c->user);
}

static enum fault delete(struct cx *cx, void *arg)
{
    struct call *c = arg;
    return group_delete(cx, &c->group);
}

static enum fault add_drive(struct cx *cx, void *arg)
{
    struct call *c = arg;
    return drive_create(cx, &c->drive_want, &c->drive);
}

static struct group make(struct place *p, const char *title, const struct group *parent)
{
    struct call c = { .want = { .title = str_of(title), .parent = parent ? number_text(p, parent->id) : S0 } };
    CHECK(place_change(p, create, &c) == OK);
    return c.made;
}

static struct drive drive_of(struct place *p, const struct group *group, bool closed)
{
    struct call c = { .drive_want = { .name = S("Team"), .owner_kind = OWNER_GROUP, .quota = QUOTA_NONE,
                                      .owner_public = number_text(p, group->id), .is_closed = closed } };
    CHECK(place_change(p, add_drive, &c) == OK);
    return c.drive;
}

static enum fault member(struct place *p, enum fault (*how)(struct cx *, void *), const struct group *group, id user,
                         int role)
{
    struct call c = { .group = *group, .user = user, .role = role };
    return place_change(p, how, &c);
}

/* Bob's actions on the drive; the superadmin asks again afterwards. */
static unsigned bobs(struct place *p, const struct drive *drive)
{
    unsigned actions;
    place_act_as(p, "bob");
    CHECK(access_to_drive(&p->cx, drive, &actions) == OK);
    place_act_as(p, "superadmin");
    return actions;
}

static id bob_in(struct place *p)
{
    place_act_as(p, "bob");
    const id bob = p->cx.caller->user;
    place_act_as(p, "superadmin");
    return bob;
}

TEST(group, below_opens_the_drives_of_all_groups_above_and_none_beside)
{
    struct place p;
    place_open(&p);
    const id bob = bob_in(&p);
    const struct group top = make(&p, "top", NULL), mid = make(&p, "mid", &top), low = make(&p, "low", &mid),
                       beside = make(&p, "beside", &top);
    const struct drive tops = drive_of(&p, &top, false), lows = drive_of(&p, &low, false),
                       besides = drive_of(&p, &beside, false), shut = drive_of(&p, &top, true);
    CHECK(!bobs(&p, &tops) && !bobs(&p, &lows));
    /* The owner of a group is an ordinary member of those above it. */
    CHECK(member(&p, join, &low, bob, SHARE_OWNER) == OK);
    CHECK(bobs(&p, &lows) == ACTION_ALL);
    CHECK((bobs(&p, &tops) & ACTION_CREATE) && !(bobs(&p, &tops) & ACTION_MANAGE));
    CHECK(!bobs(&p, &besides) && !bobs(&p, &shut));
    CHECK(member(&p, join, &low, bob, SHARE_VIEWER) == OK);
    CHECK((bobs(&p, &tops) & ACTION_DOWNLOAD) && !(bobs(&p, &tops) & ACTION_CREATE));
    CHECK(member(&p, leave, &low, bob, 0) == OK);
    CHECK(!bobs(&p, &tops) && !bobs(&p, &lows));
    place_close(&p);
}

TEST(group, members_above_are_not_members_below)
{
    struct place p;
    place_open(&p);
    const id bob = bob_in(&p);
    const struct group top = make(&p, "top", NULL), low = make(&p, "low", &top);
    const struct drive lows = drive_of(&p, &low, false);
    CHECK(member(&p, join, &top, bob, SHARE_MANAGER) == OK);
    CHECK(!bobs(&p, &lows));
    place_close(&p);
}

TEST(group, administrators_reach_down_and_not_up)
{
    struct place p;
    place_open(&p);
    const id bob = bob_in(&p);
    const struct group top = make(&p, "top", NULL), mid = make(&p, "mid", &top), low = make(&p, "low", &mid);
    const struct drive tops = drive_of(&p, &top, false), lows = drive_of(&p, &low, true);
    CHECK(member(&p, assign, &mid, bob, 0) == OK);
    CHECK(member(&p, assign, &mid, bob, 0) == FAULT_EXISTS);
    CHECK(bobs(&p, &lows) == ACTION_ALL && !bobs(&p, &tops));
    CHECK(member(&p, cancel, &mid, bob, 0) == OK);
    CHECK(member(&p, cancel, &mid, bob, 0) == FAULT_NOT_FOUND);
    CHECK(!bobs(&p, &lows));
    place_close(&p);
}

TEST(group, never_stands_below_itself)
{
    struct place p;
    place_open(&p);
    struct call c = { .group = make(&p, "a", NULL), .child = make(&p, "b", NULL) };
    CHECK(place_change(&p, attach, &c) == OK);
    CHECK(place_change(&p, attach, &(struct call){ .group = c.group, .child = c.group }) == FAULT_INVALID);
    CHECK(place_change(&p, attach, &(struct call){ .group = c.child, .child = c.group }) == FAULT_INVALID);
    CHECK(group_get(&p.cx, c.child.id, &c.child) == OK && c.child.parent.v == c.group.id.v);
    CHECK(place_change(&p, attach, &c) == FAULT_EXISTS);
    CHECK(place_change(&p, detach, &c) == OK);
    CHECK(group_get(&p.cx, c.child.id, &c.child) == OK && !c.child.parent.v);
    CHECK(place_change(&p, detach, &c) == FAULT_NOT_FOUND);
    place_close(&p);
}

TEST(group, stands_at_most_so_many_levels_deep_from_either_end)
{
    struct place p;
    place_open(&p);
    struct group top = make(&p, "level 1", NULL), last = top;
    for (int i = 2; i <= GROUP_LEVELS_MAX; i++)
        last = make(&p, arena_z(p.arena, arena_print(p.arena, "level %d", i)), &last);
    struct call deeper = { .want = { .title = S("deeper"), .parent = number_text(&p, last.id) } };
    CHECK(place_change(&p, create, &deeper) == FAULT_INVALID);
    struct call above = { .group = make(&p, "above", NULL), .child = top };
    CHECK(place_change(&p, attach, &above) == FAULT_INVALID);
    place_close(&p);
}

TEST(group, goes_only_when_nothing_depends_on_it)
{
    struct place p;
    place_open(&p);
    const id bob = bob_in(&p);
    const struct group top = make(&p, "top", NULL), low = make(&p, "low", &top), own = make(&p, "own", NULL);
    drive_of(&p, &own, false);
    CHECK(member(&p, join, &low, bob, SHARE_EDITOR) == OK);
    CHECK(member(&p, delete, &top, bob, 0) == FAULT_CONFLICT);
    CHECK(member(&p, delete, &low, bob, 0) == FAULT_CONFLICT);
    CHECK(member(&p, delete, &own, bob, 0) == FAULT_CONFLICT);
    CHECK(member(&p, leave, &low, bob, 0) == OK && member(&p, assign, &low, bob, 0) == OK);
    CHECK(member(&p, delete, &low, bob, 0) == OK && member(&p, delete, &top, bob, 0) == OK);
    place_close(&p);
}

TEST(group, has_a_title_that_commands_need_not_be_able_to_type)
{
    struct place p;
    struct group found;
    place_open(&p);
    bob_in(&p);
    const struct group digits = make(&p, "2024", NULL), user = make(&p, "bob", NULL), plain = make(&p, "plain", NULL);
    CHECK(str_eq(digits.title, S("2024")) && group_find(&p.cx, digits.name, &found) == OK && found.id.v == digits.id.v);
    CHECK(str_eq(user.title, S("bob")) && !str_eq(user.name, S("bob")));
    CHECK(str_eq(plain.name, S("plain")));
    struct call again = { .want = { .title = S("2024") } };
    CHECK(place_change(&p, create, &again) == FAULT_EXISTS);
    place_close(&p);
}

TEST_MAIN
