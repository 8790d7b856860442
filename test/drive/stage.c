#include "drive/stage.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "drive/check.h"
#include "test.h"

static enum fault found_site(struct cx *cx, void *arg)
{
    (void)arg;
    return site_found(cx, S("main"), S0);
}

void place_open(struct place *p)
{
    static const char key[KEY_BYTES] = "a key of 32 bytes, for the tests";
    const struct store_options options = { .readers = 4, .may_create = true };
    memset(p, 0, sizeof *p);
    strcpy(p->path, "/tmp/polydrive-test-XXXXXX");
    CHECK(mkdtemp(p->path));
    p->arena = arena_new();
    p->cx = (struct cx){ .arena = p->arena, .now = { INT64_C(1780000000000) }, .base_url = S("http://test") };
    CHECK(store_open(&p->cx, str_of(p->path), &options, &p->store) == OK);
    CHECK(content_open(&p->cx, arena_print(p->arena, "%s/content", p->path), &p->content) == OK);
    p->cx.db = store_reader(p->store, 0);
    CHECK(p->cx.db && place_change(p, found_site, NULL) == OK);
    CHECK(site_open(&p->cx, (str){ key, sizeof key }, p->store, p->content, &p->site) == OK);
    p->cx.site = &p->site;
    place_act_as(p, "superadmin");
}

void place_close(struct place *p)
{
    char command[128];
    site_close(&p->site);
    store_close(&p->store);
    content_close(&p->content);
    arena_free(&p->arena);
    snprintf(command, sizeof command, "rm -rf '%s'", p->path);
    CHECK(system(command) == 0);
}

enum fault place_change(struct place *p, enum fault (*run)(struct cx *cx, void *arg), void *arg)
{
    return store_change_now(p->store, &p->cx, run, arg);
}

static enum fault add_person(struct cx *cx, void *arg)
{
    struct user user;
    const struct user_want want = { .login = *(const str *)arg, .with_drive = true };
    return user_add(cx, &want, &user);
}

void place_act_as(struct place *p, const char *login)
{
    struct user user;
    str         name = str_of(login);
    struct caller *caller = ARENA_NEW(p->arena, struct caller);
    if (user_find(&p->cx, name, &user) != OK)
        CHECK(place_change(p, add_person, &name) == OK);
    CHECK(user_find(&p->cx, name, &user) == OK);
    *caller = (struct caller){ .domain = user.domain, .user = user.id, .public_id = user.public_id, .name = user.name,
                               .role = user.role };
    p->cx.caller = caller;
}

str number_text(struct place *p, id number)
{
    return arena_print(p->arena, "%lld", (long long)number.v);
}

void place_own_drive(struct place *p, struct drive *drive, struct node *root)
{
    struct list drives;
    CHECK(drive_list_personal(&p->cx, &drives) == OK && drives.count > 0);
    const struct drive *first = drives.items;
    CHECK(node_find(&p->cx, number_text(p, first->id), S("root"), SCOPE_LIVE, ACTION_ALL, drive, root) == OK);
}

struct folder_call {
    struct folder_want want;
    struct made        made;
};

static enum fault make_folder(struct cx *cx, void *arg)
{
    struct folder_call *call = arg;
    return folder_create(cx, &call->want, &call->made);
}

struct node place_folder(struct place *p, const struct drive *drive, const struct node *parent, const char *name)
{
    struct folder_call call = { .want = { .drive = *drive, .parent = *parent, .name = str_of(name),
                                          .conflict = CONFLICT_REFUSE } };
    CHECK(place_change(p, make_folder, &call) == OK && !call.made.exists);
    return call.made.node;
}

struct upload_call {
    struct upload_want want;
    struct upload_made made;
};

static enum fault start(struct cx *cx, void *arg)
{
    struct upload_call *call = arg;
    return upload_start(cx, &call->want, &call->made);
}

static enum fault commit_part(struct cx *cx, void *arg)
{
    struct part part;
    return receiver_commit(cx, arg, &part);
}

enum fault place_receive(struct place *p, const struct upload *upload, int number, str bytes)
{
    AUTO(receiver_free) struct receiver *r = NULL;
    TRY(receiver_open(&p->cx, upload, number, (int64_t)bytes.n, &r));
    for (size_t at = 0; at < bytes.n; at += 10000)
        TRY(receiver_write(&p->cx, r, str_cut(str_from(bytes, at), 10000)));
    if (receiver_needs_sync(r))
        TRY(receiver_sync(&p->cx, r));
    return place_change(p, commit_part, r);
}

struct complete_call {
    const struct upload *upload;
    struct node         *out;
};

static enum fault complete(struct cx *cx, void *arg)
{
    const struct complete_call *call = arg;
    return upload_complete(cx, call->upload, &(struct upload_expect){ 0 }, call->out);
}

enum fault place_complete(struct place *p, const struct upload *upload, struct node *out)
{
    struct complete_call call = { upload, out };
    TRY(upload_settle(&p->cx, upload));
    return place_change(p, complete, &call);
}

struct node place_file(struct place *p, const struct drive *drive, const struct node *parent, const char *name, str bytes)
{
    struct node node;
    struct upload_call call = { .want = { .drive = *drive, .parent = *parent, .name = str_of(name),
                                          .size = (int64_t)bytes.n, .conflict = CONFLICT_ALLOW } };
    CHECK(place_change(p, start, &call) == OK && !call.made.instant && !call.made.exists);
    CHECK(place_receive(p, &call.made.upload, 1, bytes) == OK);
    CHECK(place_complete(p, &call.made.upload, &node) == OK);
    return node;
}

static void count_finding(void *arg, const char *invariant, str sentence)
{
    print_message("%s: %.*s\n", invariant, STR_ARG(sentence));
    ++*(int *)arg;
}

int place_findings(struct place *p)
{
    int count = 0;
    CHECK(check_run(&p->cx, &(struct check_options){ .content = true }, count_finding, &count) == OK);
    return count;
}
