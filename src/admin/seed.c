#include "admin/seed.h"

#include "base/encode.h"
#include "drive/drive.h"
#include "drive/shared_folder.h"
#include "drive/upload.h"
#include "drive/group.h"
#include "drive/user.h"

enum whose { ANN, BOB, TEAM, SHARED, PLACES };

/* Where things go: a drive, as whom, and the folder on top. */
struct ground {
    struct drive  drive;
    struct node   top;
    struct caller caller;
};

static const struct seed {
    enum whose  whose;
    const char *folder; /* NULL: the top */
    const char *name;
    const char *text;   /* NULL: an image, `picture` */
} seeds[] = {
    { ANN, NULL, "Welcome.md",
      "# Welcome\n\nEvery API that is spoken here shows this drive, each under its own word for it.\n"
      "What you change by one API is there in the others in the same moment.\n" },
    { ANN, "Documents", "Budget 2026.csv",
      "quarter,planned,spent\nQ1,12000,11480\nQ2,12500,12910\nQ3,13000,12775\nQ4,14000,\n" },
    { ANN, "Documents", "会议纪要.md", "# 会议纪要\n\n- 周一：设计评审\n- 周三：发布 1.0\n- 周五：回顾\n" },
    { ANN, "Documents", "page.html",
      "<!doctype html>\n<title>A page</title>\n<p>Files are sent as downloads, so this never runs in the drive's name.\n" },
    { ANN, "Pictures", "square.png", NULL },
    { BOB, NULL, "notes.txt", "Ask Ann about the budget.\n" },
    { BOB, "Music", "playlist.m3u", "#EXTM3U\n#EXTINF:215,Track 1\ntrack1.mp3\n#EXTINF:187,Track 2\ntrack2.mp3\n" },
    { TEAM, "Brand", "colours.css", ":root { --ink: #1b1f24; --paper: #fbfaf7; --accent: #b4451f; }\n" },
    { TEAM, "Brand", "logo.svg",
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><circle cx=\"16\" cy=\"16\" r=\"14\" "
      "fill=\"#b4451f\"/></svg>\n" },
    { SHARED, NULL, "Packing list.txt", "tent\nrope\nlamp\ncoffee\n" },
};

/* A square of 8 by 8 pixels in one colour. */
static const char picture[] =
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mPY4iqPFTEMLQkAf51GAb4LrAkAAAAASUVORK5CYII=";

static enum fault add_file(struct cx *cx, const struct ground *ground, const struct node *parent, const char *name,
                           str bytes)
{
    const struct upload_want   want = { .drive = ground->drive, .parent = *parent, .name = str_of(name),
                                        .conflict = CONFLICT_REFUSE, .size = (int64_t)bytes.n };
    const struct upload_expect expect = { .sha256 = S0 };
    AUTO(receiver_free) struct receiver *receiver = NULL;
    struct upload_made made;
    struct part        part;
    struct node        node;
    TRY(upload_start(cx, &want, &made));
    TRY(receiver_open(cx, &made.upload, 1, (int64_t)bytes.n, &receiver));
    TRY(receiver_write(cx, receiver, bytes));
    TRY(receiver_commit(cx, receiver, &part)); /* small enough to lie in the store: no sync of its own */
    TRY(upload_settle(cx, &made.upload));
    return upload_complete(cx, &made.upload, &expect, &node);
}

/* The folder of the name at the top, made when it is not there. */
static enum fault find_folder(struct cx *cx, const struct ground *ground, const char *name, struct node *out)
{
    const struct folder_want want = { .drive = ground->drive, .parent = ground->top, .name = str_of(name),
                                      .conflict = CONFLICT_REFUSE };
    struct made made;
    if (!name) {
        *out = ground->top;
        return OK;
    }
    TRY(folder_create(cx, &want, &made));
    *out = made.node;
    return OK;
}

static enum fault add_files(struct cx *cx, struct ground *grounds)
{
    const str png = base64_read(cx->arena, str_of(picture));
    for (size_t i = 0; i < COUNT(seeds); i++) {
        struct ground *ground = &grounds[seeds[i].whose];
        struct node    parent;
        cx->caller = &ground->caller;
        TRY(find_folder(cx, ground, seeds[i].folder, &parent));
        TRY(add_file(cx, ground, &parent, seeds[i].name, seeds[i].text ? str_of(seeds[i].text) : png));
    }
    return OK;
}

static struct caller caller_for(const struct user *user)
{
    return (struct caller){ .domain = user->domain, .user = user->id, .public_id = user->public_id,
                            .name = user->name, .role = user->role };
}

static enum fault open_ground(struct cx *cx, id drive, const struct user *user, struct ground *out)
{
    const str number = arena_print(cx->arena, "%lld", (long long)drive.v);
    out->caller = caller_for(user);
    cx->caller = &out->caller;
    return node_find(cx, number, S("root"), SCOPE_LIVE, 0, &out->drive, &out->top);
}

static enum fault add_team(struct cx *cx, const struct user *ann, const struct user *bob, struct drive *out)
{
    struct group group;
    TRY(group_add(cx, S("design"), S("who draws things"), GROUP_TEAM, &group));
    TRY(group_join(cx, group.id, ann->id, SHARE_OWNER));
    TRY(group_join(cx, group.id, bob->id, SHARE_EDITOR));
    const struct drive want = { .name = S("Design"), .owner_kind = OWNER_GROUP, .status = STATUS_ENABLED,
                                .owner_public = arena_print(cx->arena, "%lld", (long long)group.id.v),
                                .quota = QUOTA_NONE };
    return drive_create(cx, &want, out);
}

/* Ann gives a folder of her drive to Bob. */
static enum fault add_shared_folder(struct cx *cx, const struct user *bob, struct ground *ann, struct ground *out)
{
    enum { MEMBERS_MAX = 10 };
    struct shared_folder shared;
    cx->caller = &ann->caller;
    TRY(shared_folder_create(cx, &ann->drive, S("Holiday"), MEMBERS_MAX, &shared));
    TRY(shared_folder_join(cx, shared.id, bob->id, SHARE_EDITOR));
    const str drive = arena_print(cx->arena, "%lld", (long long)shared.drive.v);
    const str folder = arena_print(cx->arena, "%lld", (long long)shared.folder.v);
    out->caller = ann->caller;
    return node_find(cx, drive, folder, SCOPE_LIVE, 0, &out->drive, &out->top);
}

static enum fault add_all(struct cx *cx)
{
    const struct user_want ann_want = { .login = S(SEED_ANN), .name = S("Ann"), .with_drive = true };
    const struct user_want bob_want = { .login = S(SEED_BOB), .name = S("Bob"), .with_drive = true };
    struct ground *grounds = ARENA_MANY(cx->arena, struct ground, PLACES);
    struct user   ann, bob;
    struct drive  team;
    TRY(user_add(cx, &ann_want, &ann));
    TRY(user_add(cx, &bob_want, &bob));
    TRY(add_team(cx, &ann, &bob, &team));
    TRY(open_ground(cx, ann.default_drive, &ann, &grounds[ANN]));
    TRY(open_ground(cx, bob.default_drive, &bob, &grounds[BOB]));
    TRY(open_ground(cx, team.id, &ann, &grounds[TEAM]));
    TRY(add_shared_folder(cx, &bob, &grounds[ANN], &grounds[SHARED]));
    return add_files(cx, grounds);
}

enum fault seed_demo(struct cx *cx)
{
    struct caller *before = cx->caller;
    const enum fault fault = add_all(cx);
    cx->caller = before;
    return fault;
}
