#include "test.h"

#include "drive/share.h"
#include "drive/stage.h"

struct shared {
    struct drive       drive;
    struct node        root, folder, below, file, aside;
    struct share_link  share;
    struct share_token token;
};

static enum fault create(struct cx *cx, void *arg)
{
    struct shared *s = arg;
    return share_create(cx, &s->share);
}

static enum fault update(struct cx *cx, void *arg)
{
    struct shared *s = arg;
    return share_update(cx, &s->share);
}

static enum fault issue(struct cx *cx, void *arg)
{
    struct shared *s = arg;
    return share_token_issue(cx, s->share.code, S("pw"), "share_pwd", false, 60, &s->token);
}

static enum fault save(struct cx *cx, void *arg)
{
    (void)arg;
    return share_count(cx, SHARE_SAVE);
}

static enum fault download(struct cx *cx, void *arg)
{
    (void)arg;
    return share_count(cx, SHARE_DOWNLOAD);
}

/* ann's folder, with one below and a file in that; and a file beside it. She shares the folder. */
static void stage(struct place *p, struct shared *s)
{
    memset(s, 0, sizeof *s);
    place_open(p);
    place_act_as(p, "ann");
    place_own_drive(p, &s->drive, &s->root);
    s->folder = place_folder(p, &s->drive, &s->root, "folder");
    s->below = place_folder(p, &s->drive, &s->folder, "below");
    s->file = place_file(p, &s->drive, &s->below, "x.txt", S("x"));
    s->aside = place_file(p, &s->drive, &s->root, "aside.txt", S("aside"));
    const str files[] = { number_text(p, s->folder.id) };
    const struct share_want want = { .drive = number_text(p, s->drive.id), .files = files, .file_count = 1 };
    s->share = (struct share_link){ .creator = p->cx.caller->user, .state = SHARE_OPEN, .edition = 1, .name = S(""),
                                    .description = S(""), .take_limit = 3, .download_limit = 2 };
    share_set_password(&p->cx, &s->share, S("pw"));
    CHECK(share_resolve(&p->cx, &want, &s->share) == OK && str_eq(s->share.name, S("folder")));
    CHECK(place_change(p, create, s) == OK && place_change(p, issue, s) == OK);
}

static void become_guest(struct place *p, const struct shared *s)
{
    CHECK(share_guest(&p->cx, s->token.text, &p->cx.caller) == OK);
}

static unsigned actions_on(struct place *p, const struct shared *s, const struct node *node)
{
    unsigned actions = ~0U;
    CHECK(access_to_node(&p->cx, &s->drive, node, &actions) == OK);
    return actions;
}

enum { VISIT = ACTION_LIST | ACTION_PREVIEW | ACTION_DOWNLOAD | ACTION_COPY };

TEST(share, gives_what_is_at_and_below_it_and_nothing_else)
{
    struct place  p;
    struct shared s;
    stage(&p, &s);
    become_guest(&p, &s);
    const struct node *all[] = { &s.root, &s.folder, &s.below, &s.file, &s.aside };
    for (size_t i = 0; i < COUNT(all); i++)
        CHECK(actions_on(&p, &s, all[i]) == 0); /* outside of the share he is nobody */
    CHECK(share_enter(&p.cx, s.share.code) == OK && share_visit(&p.cx));
    for (size_t i = 0; i < COUNT(all); i++)
        CHECK(actions_on(&p, &s, all[i]) == (i >= 1 && i <= 3 ? VISIT : 0));
    unsigned actions;
    CHECK(access_to_drive(&p.cx, &s.drive, &actions) == OK && actions == 0);
    share_leave(&p.cx);
    CHECK(!share_visit(&p.cx) && p.cx.caller->is_guest && actions_on(&p, &s, &s.file) == 0);
    place_close(&p);
}

TEST(share, takes_away_what_its_visitor_could_do_himself)
{
    struct place  p;
    struct shared s;
    stage(&p, &s);
    p.cx.caller->share_token = s.token.text;
    CHECK(actions_on(&p, &s, &s.aside) == ACTION_ALL);
    CHECK(share_enter(&p.cx, s.share.code) == OK && !caller_is_admin(p.cx.caller));
    CHECK(actions_on(&p, &s, &s.aside) == 0 && actions_on(&p, &s, &s.file) == VISIT);
    CHECK(share_enter(&p.cx, s.share.code) == OK); /* from inside too */
    share_leave(&p.cx);
    CHECK(actions_on(&p, &s, &s.aside) == ACTION_ALL);
    place_close(&p);
}

TEST(share, opens_to_its_own_token_only)
{
    struct place  p;
    struct shared s;
    stage(&p, &s);
    struct caller *ann = p.cx.caller;
    CHECK(share_enter(&p.cx, s.share.code) == FAULT_UNAUTHENTICATED && p.cx.why.thing == THING_SHARE);
    char altered[128];
    for (size_t i = 0; i < s.token.text.n; i++) {
        memcpy(altered, s.token.text.p, s.token.text.n);
        altered[i] = altered[i] == 'A' ? 'B' : 'A';
        ann->share_token = (str){ altered, s.token.text.n };
        CHECK(share_enter(&p.cx, s.share.code) == FAULT_UNAUTHENTICATED && p.cx.caller == ann);
    }
    ann->share_token = s.token.text;
    p.cx.now.ms += 59999;
    CHECK(share_enter(&p.cx, s.share.code) == OK);
    p.cx.now.ms += 1; /* its 60 seconds are over */
    CHECK(share_enter(&p.cx, s.share.code) == FAULT_UNAUTHENTICATED && p.cx.why.how == HOW_EXPIRED);
    place_close(&p);
}

TEST(share, ends_at_its_time_to_the_millisecond)
{
    struct place  p;
    struct shared s;
    stage(&p, &s);
    p.cx.caller->share_token = s.token.text;
    s.share.expires = (instant){ p.cx.now.ms + 10 };
    CHECK(place_change(&p, update, &s) == OK);
    p.cx.now.ms += 9;
    CHECK(share_enter(&p.cx, s.share.code) == OK);
    p.cx.now.ms += 1;
    CHECK(share_enter(&p.cx, s.share.code) == FAULT_FORBIDDEN && p.cx.why.how == HOW_EXPIRED);
    CHECK(place_change(&p, issue, &s) == FAULT_FORBIDDEN);
    place_close(&p);
}

TEST(share, counts_what_is_taken_against_each_limit_and_both)
{
    struct place  p;
    struct shared s;
    stage(&p, &s);
    become_guest(&p, &s);
    CHECK(share_enter(&p.cx, s.share.code) == OK);
    CHECK(place_change(&p, download, NULL) == OK && place_change(&p, download, NULL) == OK);
    CHECK(place_change(&p, download, NULL) == FAULT_FORBIDDEN && p.cx.why.how == HOW_TOO_LARGE);
    CHECK(place_change(&p, save, NULL) == OK);
    CHECK(place_change(&p, save, NULL) == FAULT_FORBIDDEN); /* three taken in all */
    struct share_link now;
    CHECK(store_share(&p.cx, s.share.id, &now) == OK && now.downloads == 2 && now.saves == 1 && now.accesses == 1);
    place_close(&p);
}

TEST(share, holds_for_work_that_goes_on_only_while_it_is_open)
{
    struct place  p;
    struct shared s;
    stage(&p, &s);
    place_act_as(&p, "bob");
    CHECK(share_require(&p.cx, s.share.id, &s.drive, &s.folder, ACTION_COPY) == OK && !share_visit(&p.cx));
    CHECK(share_require(&p.cx, s.share.id, &s.drive, &s.aside, ACTION_COPY) == FAULT_NOT_FOUND);
    CHECK(share_require(&p.cx, s.share.id, &s.drive, &s.folder, ACTION_DELETE) == FAULT_FORBIDDEN);
    s.share.no_save = true;
    CHECK(place_change(&p, update, &s) == OK);
    CHECK(share_require(&p.cx, s.share.id, &s.drive, &s.folder, ACTION_COPY) == FAULT_FORBIDDEN);
    s.share.no_save = false;
    s.share.state = SHARE_CANCELLED;
    CHECK(place_change(&p, update, &s) == OK);
    CHECK(share_require(&p.cx, s.share.id, &s.drive, &s.folder, ACTION_COPY) == FAULT_FORBIDDEN);
    CHECK(p.cx.why.how == HOW_ENDED && place_change(&p, update, &s) == FAULT_FORBIDDEN); /* for good */
    CHECK(place_findings(&p) == 0);
    place_close(&p);
}

TEST(share, hides_its_password_in_the_store)
{
    struct place      p;
    struct shared     s;
    struct share_link row;
    str               password;
    stage(&p, &s);
    CHECK(store_share(&p.cx, s.share.id, &row) == OK && row.sealed_password.n > 2);
    CHECK(str_find_str(row.sealed_password, S("pw"), 0) == row.sealed_password.n);
    CHECK(share_password(&p.cx, &row, &password) == OK && str_eq(password, S("pw")));
    share_set_password(&p.cx, &row, S("pw"));
    CHECK(row.edition == 1);
    share_set_password(&p.cx, &row, S(""));
    CHECK(row.edition == 2 && !row.sealed_password.n);
    place_close(&p);
}

TEST_MAIN
