/* Unpacking ZIPs, by turns as the server takes them, and every guard at its bound. */
#include "drive/erase.h"
#include "drive/runner.h"
#include "drive/stage.h"
#include "drive/tree.h"
#include "drive/unpack.h"
#include "drive/unpacker.h"
#include "drive/zips.h"
#include "store/drives.h"
#include "store/nodes.h"
#include "store/tasks.h"
#include "store/uploads.h"

#include <stdio.h>

#include "base/hash.h"
#include "base/text.h"
#include "test.h"

/* ---- what the tests do ---- */

struct scene {
    struct place p;
    struct drive drive;
    struct node  root, target;
};

static void scene_open(struct scene *s)
{
    place_open(&s->p);
    place_act_as(&s->p, "ann");
    place_own_drive(&s->p, &s->drive, &s->root);
    s->target = place_folder(&s->p, &s->drive, &s->root, "target");
}

struct unpack_call {
    struct unpack_want want;
    id                 task;
};

static enum fault run_unpack(struct cx *cx, void *arg)
{
    struct unpack_call *call = arg;
    return unpack_start(cx, &call->want, &call->task);
}

static struct unpack_call call_of(struct scene *s, str zip)
{
    static int count;
    char       name[32];
    snprintf(name, sizeof name, "archive %d.zip", ++count);
    return (struct unpack_call){ .want = { .from = s->drive, .to = s->drive, .parent = s->target,
                                           .conflict = CONFLICT_STAMP,
                                           .node = place_file(&s->p, &s->drive, &s->root, name, zip) } };
}

static struct task task_now(struct scene *s, id number)
{
    struct task task;
    CHECK(store_task(&s->p.cx, number, &task) == OK);
    return task;
}

/* Turns to the end. Without `remembers` what is in memory is lost after each, as in a crash. */
static struct task run_turns(struct scene *s, id number, bool remembers, bool checked)
{
    struct task_memory *memory = NULL;
    bool is_over = false;
    while (!is_over) {
        (void)!task_turn(&s->p.cx, number, &memory, &is_over);
        if (!remembers)
            task_memory_forget(&memory);
        if (checked)
            CHECK(place_findings(&s->p) == 0);
    }
    task_memory_forget(&memory);
    return task_now(s, number);
}

static struct task unpack(struct scene *s, str zip)
{
    struct unpack_call call = call_of(s, zip);
    CHECK(place_change(&s->p, run_unpack, &call) == OK);
    return run_turns(s, call.task, true, false);
}

static int64_t count_below(struct scene *s, id top)
{
    int64_t count;
    CHECK(store_tree_nodes(&s->p.cx, s->drive.id, top, 300, &count) == OK);
    return count - 1;
}

static struct drive drive_now(struct scene *s)
{
    struct drive out;
    CHECK(drive_get(&s->p.cx, number_text(&s->p, s->drive.id), &out) == OK);
    return out;
}

/* What is at a path below the target; kind 0 for nothing. */
static struct node at(struct scene *s, const char *path)
{
    struct node node = s->target;
    str         rest = str_of(path);
    while (rest.n) {
        const size_t end = str_find(rest, '/', 0);
        const str    part = str_cut(rest, end);
        struct node  child;
        if (store_node_by_name(&s->p.cx, s->drive.id, node.id, part, &child) != OK)
            return (struct node){ 0 };
        node = child;
        rest = str_from(rest, end + 1);
    }
    return node;
}

static bool holds(struct scene *s, const char *path, str bytes)
{
    const struct node node = at(s, path);
    return node.kind == NODE_FILE && node.size == (int64_t)bytes.n && str_eq(node.sha256, sha256(s->p.cx.arena, bytes))
           && str_eq(node.sha1, sha1(s->p.cx.arena, bytes)) && (uint64_t)node.crc64 == crc64(0, bytes);
}

static bool failed_with(const struct task *task, const char *fault)
{
    if (task->state != TASK_FAILED || !str_eq(task->fault, str_of(fault)))
        print_error("state %d, fault %.*s, not %s\n", task->state, STR_ARG(task->fault), fault);
    return task->state == TASK_FAILED && str_eq(task->fault, str_of(fault));
}

/* It was refused, and nothing is left of it: no node, no byte, nothing in the store that does not belong there. */
static void check_refused(struct scene *s, const char *name, str zip, const char *fault)
{
    const int64_t     used = drive_now(s).used;
    const struct task task = unpack(s, zip);
    CHECK_CASE(name, failed_with(&task, fault));
    CHECK_CASE(name, count_below(s, s->target.id) == 0 && drive_now(s).used == used + (int64_t)zip.n);
    CHECK_CASE(name, !task.content.v && place_findings(&s->p) == 0);
}

#define ZIP(s, ...) \
    zip_of((s)->p.cx.arena, (const struct zip_entry[]){ __VA_ARGS__ }, COUNT(((const struct zip_entry[]){ __VA_ARGS__ })))
#define NAMED(text) { .name = S(text), .bytes = S("x") }

static str pattern(struct scene *s, size_t n)
{
    char *bytes = arena_make(s->p.cx.arena, n);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)(i * 31 + (i >> 9));
    return (str){ bytes, n };
}

/* ---- what it makes ---- */

static str some_zip(struct scene *s)
{
    const struct zip_entry entries[] = {
        { .name = S("a.txt"), .bytes = S("hello") },
        { .name = S("folder/"), .bytes = S("") },
        { .name = S("folder/empty"), .bytes = S("") },
        { .name = S("implied/deep/b.png"), .bytes = S("no picture"), .mode = 0100644 },
        { .name = S("folder/large.bin"), .bytes = pattern(s, 300000) },
        { .name = S("./folder//\xE6\x8A\xA5\xE5\x91\x8A.txt"), .bytes = S("report"), .flags = ZIP_UTF8 },
        { .name = S("inner.zip"), .bytes = zip_of_names(s->p.cx.arena, 3) },
    };
    return zip_of(s->p.cx.arena, entries, COUNT(entries));
}

static void check_some(struct scene *s)
{
    CHECK(holds(s, "a.txt", S("hello")) && holds(s, "folder/empty", S("")));
    CHECK(holds(s, "implied/deep/b.png", S("no picture")) && at(s, "implied/deep/b.png").category == CATEGORY_IMAGE);
    CHECK(holds(s, "folder/large.bin", pattern(s, 300000)));
    CHECK(holds(s, "folder/\xE6\x8A\xA5\xE5\x91\x8A.txt", S("report")));
    CHECK(at(s, "inner.zip").kind == NODE_FILE && count_below(s, s->target.id) == 9);
}

TEST(unpack, makes_folders_and_files_and_says_how_many)
{
    struct scene s;
    scene_open(&s);
    const struct task task = unpack(&s, some_zip(&s));
    CHECK(task.state == TASK_SUCCEEDED && task.total == 7 && task.done == 7 && !task.skipped && !task.failed);
    check_some(&s);
    const struct node file = at(&s, "a.txt");
    CHECK(str_eq(file.local_modified, S("2024-01-01T12:00:00.000Z")) && file.creator.v == s.p.cx.caller->user.v);
    CHECK(str_eq(file.media_type, S("text/plain")) && file.version == 1 && file.revision.v);
    CHECK(place_findings(&s.p) == 0);
    place_close(&s.p);
}

TEST(unpack, goes_on_where_it_was_when_all_memory_is_lost)
{
    struct scene s;
    scene_open(&s);
    const size_t      count = 170; /* some turns */
    struct zip_entry *entries = ARENA_MANY(s.p.cx.arena, struct zip_entry, count);
    for (size_t i = 0; i < count; i++)
        entries[i] = (struct zip_entry){ .name = arena_print(s.p.cx.arena, "d%zu/e/f%zu", i % 7, i),
                                         .bytes = arena_print(s.p.cx.arena, "%zu", i % 50) };
    struct unpack_call call = call_of(&s, zip_of(s.p.cx.arena, entries, count));
    const int64_t      used = drive_now(&s).used;
    CHECK(place_change(&s.p, run_unpack, &call) == OK);
    const struct task task = run_turns(&s, call.task, false, true);
    CHECK(task.state == TASK_SUCCEEDED && task.done == (int64_t)count);
    CHECK(count_below(&s, s.target.id) == (int64_t)count + 14);
    int64_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        CHECK(holds(&s, arena_z(s.p.cx.arena, entries[i].name), entries[i].bytes));
        bytes += (int64_t)entries[i].bytes.n;
    }
    CHECK(drive_now(&s).used == used + bytes);
    place_close(&s.p);
}

TEST(unpack, shows_nothing_before_all_is_there)
{
    struct scene s;
    bool is_over;
    struct task_memory *memory = NULL;
    scene_open(&s);
    struct unpack_call call = call_of(&s, zip_of_names(s.p.cx.arena, 240));
    CHECK(place_change(&s.p, run_unpack, &call) == OK);
    int shown_in = 0;
    for (is_over = false; !is_over;) {
        CHECK(task_turn(&s.p.cx, call.task, &memory, &is_over) == OK);
        const int64_t below = count_below(&s, s.target.id);
        CHECK(below == 0 || task_now(&s, call.task).phase != 0);
        CHECK(place_findings(&s.p) == 0);
        shown_in += below > 0;
    }
    CHECK(shown_in > 1 && count_below(&s, s.target.id) == 240); /* in hundreds: so many stand at the top */
    place_close(&s.p);
}

TEST(unpack, reads_large_entries_over_several_turns)
{
    struct scene s;
    scene_open(&s);
    const size_t n = 40 << 20;
    s.p.site.unpack.ratio = 2000;
    const str zip = zip_of_many(s.p.cx.arena, "zeros.bin", 0, n);
    struct unpack_call call = call_of(&s, zip);
    CHECK(place_change(&s.p, run_unpack, &call) == OK);
    const struct task task = run_turns(&s, call.task, true, false);
    CHECK(task.state == TASK_SUCCEEDED);
    CHECK(holds(&s, "zeros.bin", (str){ arena_make(s.p.cx.arena, n), n }));
    CHECK(place_findings(&s.p) == 0);
    place_close(&s.p);
}

TEST(unpack, of_an_empty_archive_is_done_with_nothing)
{
    struct scene s;
    scene_open(&s);
    const struct task task = unpack(&s, zip_of_names(s.p.cx.arena, 0));
    CHECK(task.state == TASK_SUCCEEDED && !task.total && count_below(&s, s.target.id) == 0);
    CHECK(place_findings(&s.p) == 0);
    place_close(&s.p);
}

TEST(unpack, overwrites_nothing_that_is_there)
{
    struct scene s;
    scene_open(&s);
    place_file(&s.p, &s.drive, &s.target, "a.txt", S("mine"));
    const struct node folder = place_folder(&s.p, &s.drive, &s.target, "folder");
    CHECK(unpack(&s, some_zip(&s)).state == TASK_SUCCEEDED);
    CHECK(holds(&s, "a.txt", S("mine")) && count_below(&s, folder.id) == 0);
    CHECK(count_below(&s, s.target.id) == 9 + 2);
    CHECK(place_findings(&s.p) == 0);
    place_close(&s.p);
}

TEST(unpack, numbers_the_second_of_a_name_and_refuses_a_file_and_a_folder_of_one)
{
    struct scene s;
    scene_open(&s);
    CHECK(unpack(&s, ZIP(&s, { .name = S("d/a.txt"), .bytes = S("1") }, { .name = S("d/a.txt"), .bytes = S("2") },
                         { .name = S("d/"), .bytes = S("") }, { .name = S("d/a.txt"), .bytes = S("3") },
                         { .name = S("d/e\xCC\x81"), .bytes = S("4") }, { .name = S("d/\xC3\xA9"), .bytes = S("5") }))
              .state == TASK_SUCCEEDED);
    CHECK(holds(&s, "d/a.txt", S("1")) && holds(&s, "d/a(1).txt", S("2")) && holds(&s, "d/a(2).txt", S("3")));
    CHECK(holds(&s, "d/\xC3\xA9", S("4")) && holds(&s, "d/\xC3\xA9(1)", S("5"))); /* one name in two spellings */
    CHECK(count_below(&s, s.target.id) == 6);
    place_close(&s.p);
    scene_open(&s);
    check_refused(&s, "a file before a folder", ZIP(&s, NAMED("n"), NAMED("n/a")), "INVALID");
    check_refused(&s, "a folder before a file", ZIP(&s, NAMED("n/a"), NAMED("n")), "INVALID");
    check_refused(&s, "a folder's entry", ZIP(&s, NAMED("n"), { .name = S("n/"), .bytes = S("") }), "INVALID");
    place_close(&s.p);
}

TEST(unpack, leaves_out_links_and_devices)
{
    struct scene s;
    scene_open(&s);
    const struct task task = unpack(&s, ZIP(&s, { .name = S("to"), .bytes = S("/etc/passwd"), .mode = 0120777 },
                                            { .name = S("to/in"), .bytes = S("x"), .mode = 0100644 },
                                            { .name = S("tty"), .bytes = S(""), .mode = 020666 },
                                            { .name = S("disk"), .bytes = S(""), .mode = 060666 },
                                            { .name = S("socket"), .bytes = S(""), .mode = 0140666 }));
    CHECK(task.state == TASK_SUCCEEDED && task.skipped == 4 && task.done == 1 && task.total == 5);
    CHECK(at(&s, "to").kind == NODE_FOLDER && holds(&s, "to/in", S("x")) && count_below(&s, s.target.id) == 2);
    CHECK(place_findings(&s.p) == 0);
    place_close(&s.p);
}

/* ---- names ---- */

TEST(unpack, refuses_names_that_lead_out_or_are_none)
{
    const struct {
        const char *name;
        str         entry;
        unsigned    flags;
    } cases[] = {
        { "absolute", S("/etc/passwd"), 0 }, { "only a root", S("/"), 0 }, { "two roots", S("//server/share"), 0 },
        { "up", S("../a"), 0 }, { "up below", S("a/../../b"), 0 }, { "up and back", S("a/../b"), 0 }, { "only up", S(".."), 0 },
        { "up at the end", S("a/.."), 0 }, { "up by backslash", S("..\\..\\a"), 0 },
        { "a root by backslash", S("\\a"), 0 }, { "a drive and a backslash", S("C:\\a"), 0 },
        { "both", S("a/b\\c"), 0 }, { "a drive", S("C:/a"), 0 }, { "a drive alone", S("c:a"), 0 },
        { "NUL", S("x.exe\0.png"), 0 }, { "NUL at the end", S("a\0"), 0 }, { "a line end", S("a\nb"), 0 },
        { "a control character", S("a\x01"), 0 }, { "DEL", S("a\x7F"), 0 }, { "not UTF-8, but said to be", S("\xFF\xFE"), ZIP_UTF8 },
        { "overlong", S("a/\xC0\xAE\xC0\xAE/b"), ZIP_UTF8 }, { "a surrogate", S("\xED\xA0\x80"), ZIP_UTF8 },
        { "no name", S(""), 0 },
    };
    struct scene s;
    scene_open(&s);
    for (size_t i = 0; i < COUNT(cases); i++)
        check_refused(&s, cases[i].name, ZIP(&s, NAMED("fine"), { .name = cases[i].entry, .bytes = S("x"),
                                                                  .flags = cases[i].flags }), "INVALID");
    place_close(&s.p);
}

/* Some programs of Windows write them so. */
TEST(unpack, takes_backslashes_alone_for_separators)
{
    struct scene s;
    scene_open(&s);
    CHECK(unpack(&s, ZIP(&s, NAMED("a\\b.txt"))).state == TASK_SUCCEEDED);
    CHECK(holds(&s, "a/b.txt", S("x")) && count_below(&s, s.target.id) == 2);
    place_close(&s.p);
}

TEST(unpack, takes_names_as_long_as_a_drive_takes_and_no_longer)
{
    struct scene s;
    scene_open(&s);
    char name[NAME_MAX_BYTES + 2];
    memset(name, 'n', sizeof name);
    for (size_t n = NAME_MAX_BYTES - 1; n <= NAME_MAX_BYTES; n++) {
        const struct zip_entry entry = { .name = { name, n }, .bytes = S("x") };
        CHECK(unpack(&s, zip_of(s.p.cx.arena, &entry, 1)).state == TASK_SUCCEEDED);
    }
    CHECK(count_below(&s, s.target.id) == 2);
    const struct zip_entry entry = { .name = { name, NAME_MAX_BYTES + 1 }, .bytes = S("x") };
    CHECK(unpack(&s, zip_of(s.p.cx.arena, &entry, 1)).state == TASK_FAILED && count_below(&s, s.target.id) == 2);
    place_close(&s.p);
}

TEST(unpack, refuses_paths_that_are_too_long)
{
    struct scene s;
    scene_open(&s);
    char name[4097];
    for (size_t i = 0; i < sizeof name; i++)
        name[i] = i % 100 == 99 ? '/' : 'n';
    for (size_t n = 4096; n <= 4097; n++) {
        const struct zip_entry entry = { .name = { name, n }, .bytes = S("x") };
        const struct task task = unpack(&s, zip_of(s.p.cx.arena, &entry, 1));
        CHECK(n > 4096 ? failed_with(&task, "INVALID") : task.state == TASK_SUCCEEDED);
    }
    place_close(&s.p);
}

TEST(unpack, reads_names_that_say_no_charset)
{
    const struct {
        const char *name;
        str         sent, path;
    } cases[] = {
        { "ASCII", S("a b.txt"), S("a b.txt") },
        { "UTF-8", S("\xE6\x8A\xA5.txt"), S("\xE6\x8A\xA5.txt") },
        { "GBK", S("\xB1\xA8\xB8\xE6.txt"), S("\xE6\x8A\xA5\xE5\x91\x8A.txt") },
        { "GBK with a backslash's byte", S("\x81\x5C.txt"), S("\xE4\xB9\x97.txt") },
        { "CP437", S("caf\x82.txt"), S("caf\xC3\xA9.txt") },
        { "dots and blanks", S("./a/./b//c/"), S("a/b/c") },
        { "a colon further on", S("a/b: c"), S("a/b: c") },
        { "no place", S("./"), S("") },
        { "backslashes", S("a\\b c\\d"), S("a/b c/d") },
    };
    AUTO(arena_free) struct arena *arena = arena_new();
    struct cx cx = { .arena = arena };
    for (size_t i = 0; i < COUNT(cases); i++) {
        str path = S0;
        int levels;
        CHECK_CASE(cases[i].name, unpack_path(&cx, cases[i].sent, &path, &levels) == OK);
        CHECK_CASE(cases[i].name, str_eq(path, cases[i].path));
    }
}

/* ---- limits ---- */

static enum fault limit_case(struct scene *s, str zip)
{
    const struct task task = unpack(s, zip);
    if (task.state == TASK_SUCCEEDED)
        return OK;
    CHECK(count_below(s, s->target.id) == 0);
    return failed_with(&task, "TOO_LARGE") ? FAULT_TOO_LARGE : FAULT_INTERNAL;
}

/* A scene of its own for each case, since what is made stays. */
#define LIMIT_CASE(set, zip, expected)             \
    do {                                           \
        struct scene s;                            \
        scene_open(&s);                            \
        set;                                       \
        CHECK(limit_case(&s, zip) == (expected));  \
        CHECK(place_findings(&s.p) == 0);          \
        place_close(&s.p);                         \
    } while (0)

TEST(unpack, takes_as_many_entries_as_allowed)
{
    LIMIT_CASE(s.p.site.unpack.entries = 20, zip_of_names(s.p.cx.arena, 19), OK);
    LIMIT_CASE(s.p.site.unpack.entries = 20, zip_of_names(s.p.cx.arena, 20), OK);
    LIMIT_CASE(s.p.site.unpack.entries = 20, zip_of_names(s.p.cx.arena, 21), FAULT_TOO_LARGE);
}

/* The end of a ZIP counts no further than 65,535: 70,000 are then 4,464. What it says is not believed. */
TEST(unpack, refuses_more_entries_than_an_archive_says)
{
    struct scene s;
    scene_open(&s);
    check_refused(&s, "70,000", zip_of_names(s.p.cx.arena, 70000), "MISMATCH");
    place_close(&s.p);
}

TEST(unpack, takes_as_many_bytes_as_allowed)
{
    const struct zip_entry two[] = { { .name = S("a"), .bytes = S("0123456789") }, { .name = S("b"), .bytes = S("0123456789") } };
    LIMIT_CASE(s.p.site.unpack.bytes = 21, zip_of(s.p.cx.arena, two, 2), OK);
    LIMIT_CASE(s.p.site.unpack.bytes = 20, zip_of(s.p.cx.arena, two, 2), OK);
    LIMIT_CASE(s.p.site.unpack.bytes = 19, zip_of(s.p.cx.arena, two, 2), FAULT_TOO_LARGE);
}

TEST(unpack, takes_what_is_packed_as_tightly_as_allowed)
{
    enum { N = 100000 };
    const int64_t ratio = 10;
    int64_t packed;
    {
        AUTO(arena_free) struct arena *arena = arena_new();
        packed = (int64_t)zip_of_many(arena, "zeros", 0, N).n;
    }
    for (int more = -1; more <= 1; more++)
        LIMIT_CASE((s.p.site.unpack.ratio = ratio, s.p.site.unpack.spare = N - ratio * packed + more),
                   zip_of_many(s.p.cx.arena, "zeros", 0, N), more < 0 ? FAULT_TOO_LARGE : OK);
}

TEST(unpack, refuses_ten_mebibytes_that_unpack_to_ten_gibibytes)
{
    struct scene s;
    scene_open(&s);
    enum { EACH = 1 << 20, COUNT_OF = 10 };
    const int64_t whole = INT64_C(1) << 30;
    struct zip_entry *entries = ARENA_MANY(s.p.cx.arena, struct zip_entry, COUNT_OF);
    for (size_t i = 0; i < COUNT_OF; i++) /* 10 MiB in all, and each says to be 1 GiB */
        entries[i] = (struct zip_entry){ .name = arena_print(s.p.cx.arena, "%zu", i), .bytes = pattern(&s, EACH),
                                         .method = 8, .size = whole };
    check_refused(&s, "10 GiB", zip_of(s.p.cx.arena, entries, COUNT_OF), "TOO_LARGE");
    place_close(&s.p);
}

TEST(unpack, believes_no_entry_that_is_longer_than_it_says)
{
    struct scene s;
    scene_open(&s);
    enum { N = 3000000 };
    for (int64_t says = N - 1; says > 0; says /= 50) {
        const str zip = zip_of_many(s.p.cx.arena, "zeros", 0, N);
        char     *bytes = (char *)(uintptr_t)zip.p;
        size_t    changed = 0;
        for (size_t i = 0; i + 4 <= zip.n; i++)
            if ((unsigned char)bytes[i] == (N & 0xFF) && (unsigned char)bytes[i + 1] == (N >> 8 & 0xFF)
                && (unsigned char)bytes[i + 2] == (N >> 16) && !bytes[i + 3]) {
                for (int k = 0; k < 4; k++)
                    bytes[i + (size_t)k] = (char)(says >> 8 * k);
                changed++;
            }
        CHECK(changed >= 2);
        check_refused(&s, "longer than it says", zip, "MISMATCH");
    }
    place_close(&s.p);
}

TEST(unpack, goes_as_deep_as_a_drive_does)
{
    for (int more = -1; more <= 1; more++) {
        struct scene s;
        AUTO(text_done) struct text name = { 0 };
        scene_open(&s); /* the root and the target are two levels, the file the last */
        for (int i = 0; i < DEPTH_MAX - 2 + more; i++)
            text_add(&name, S("d/"));
        text_add(&name, S("f"));
        const struct zip_entry entry = { .name = text_str(&name), .bytes = S("x") };
        const struct task task = unpack(&s, zip_of(s.p.cx.arena, &entry, 1));
        if (more > 0)
            CHECK(failed_with(&task, "TOO_DEEP") && count_below(&s, s.target.id) == 0);
        else
            CHECK(task.state == TASK_SUCCEEDED && count_below(&s, s.target.id) == DEPTH_MAX - 1 + more);
        CHECK(place_findings(&s.p) == 0);
        place_close(&s.p);
    }
}

struct quota_call {
    id      drive;
    int64_t quota;
};

static enum fault set_quota(struct cx *cx, void *arg)
{
    const struct quota_call *call = arg;
    return store_drive_set_quota(cx, call->drive, call->quota, cx->now);
}

TEST(unpack, fits_into_the_quota_or_makes_nothing)
{
    for (int less = 0; less <= 1; less++) {
        struct scene s;
        scene_open(&s);
        struct unpack_call call = call_of(&s, some_zip(&s));
        const int64_t      inner = (int64_t)zip_of_names(s.p.cx.arena, 3).n, used = drive_now(&s).used;
        struct quota_call  quota = { s.drive.id, used + 300000 + 5 + 10 + 6 + inner - less };
        CHECK(place_change(&s.p, set_quota, &quota) == OK && place_change(&s.p, run_unpack, &call) == OK);
        const struct task task = run_turns(&s, call.task, true, true);
        CHECK(less ? failed_with(&task, "QUOTA") : task.state == TASK_SUCCEEDED);
        CHECK(drive_now(&s).used == (less ? used : quota.quota));
        place_close(&s.p);
    }
}

TEST(unpack, undoes_what_it_made_when_the_room_goes_meanwhile)
{
    struct scene s;
    struct task_memory *memory = NULL;
    bool is_over;
    scene_open(&s);
    const size_t      count = 120;
    struct zip_entry *entries = ARENA_MANY(s.p.cx.arena, struct zip_entry, count);
    for (size_t i = 0; i < count; i++)
        entries[i] = (struct zip_entry){ .name = arena_print(s.p.cx.arena, "d%zu/f%zu", i % 7, i), .bytes = S("0123456789") };
    struct unpack_call call = call_of(&s, zip_of(s.p.cx.arena, entries, count));
    const int64_t      used = drive_now(&s).used;
    CHECK(place_change(&s.p, run_unpack, &call) == OK);
    while (task_now(&s, call.task).done < 60)
        CHECK(task_turn(&s.p.cx, call.task, &memory, &is_over) == OK && !is_over);
    CHECK(drive_now(&s).used > used);
    struct quota_call quota = { s.drive.id, used };
    CHECK(place_change(&s.p, set_quota, &quota) == OK);
    task_memory_forget(&memory);
    const struct task task = run_turns(&s, call.task, true, true);
    CHECK(failed_with(&task, "QUOTA") && task.failed > 0 && !task.done);
    CHECK(drive_now(&s).used == used && count_below(&s, s.target.id) == 0);
    place_close(&s.p);
}

/* ---- damage ---- */

TEST(unpack, refuses_an_archive_that_ends_anywhere)
{
    struct scene s;
    scene_open(&s);
    const str zip = ZIP(&s, { .name = S("a.txt"), .bytes = S("hello") }, { .name = S("b/c"), .bytes = S("world") });
    for (size_t n = 0; n < zip.n; n++) {
        const struct task task = unpack(&s, str_cut(zip, n));
        CHECK(failed_with(&task, "MISMATCH") && count_below(&s, s.target.id) == 0);
    }
    CHECK(place_findings(&s.p) == 0);
    CHECK(unpack(&s, zip).state == TASK_SUCCEEDED);
    place_close(&s.p);
}

TEST(unpack, ends_whatever_byte_is_changed)
{
    struct scene s;
    scene_open(&s);
    const str zip = ZIP(&s, { .name = S("a.txt"), .bytes = S("hello") }, { .name = S("b/c"), .bytes = S("world") });
    for (size_t i = 0; i < zip.n; i++)
        for (int bit = 0; bit < 8; bit += 3) {
            char *bytes = (char *)(uintptr_t)arena_copy(s.p.cx.arena, zip).p;
            bytes[i] = (char)(bytes[i] ^ 1 << bit);
            (void)unpack(&s, (str){ bytes, zip.n });
        }
    CHECK(place_findings(&s.p) == 0);
    place_close(&s.p);
}

TEST(unpack, refuses_archives_that_contradict_themselves)
{
    struct scene s;
    scene_open(&s);
    check_refused(&s, "a wrong sum", ZIP(&s, NAMED("a"), { .name = S("b"), .bytes = S("x"), .wrong_sum = true }), "MISMATCH");
    check_refused(&s, "shorter than it says", ZIP(&s, { .name = S("b"), .bytes = S("x"), .size = 2 }), "MISMATCH");
    check_refused(&s, "two names", ZIP(&s, { .name = S("b"), .other_name = S("c"), .bytes = S("x") }), "MISMATCH");
    check_refused(&s, "two methods", ZIP(&s, { .name = S("b"), .bytes = S("x"), .other_method = 8 }), "MISMATCH");
    check_refused(&s, "entries over each other",
                  ZIP(&s, NAMED("a"), { .name = S("a"), .bytes = S(""), .same_as = 1 }), "MISMATCH");
    check_refused(&s, "no deflated bytes", ZIP(&s, { .name = S("b"), .bytes = S("\xFF\xFF\xFF"), .method = 8 }), "MISMATCH");
    check_refused(&s, "nothing", S(""), "MISMATCH");
    check_refused(&s, "no ZIP", S("this is a text that is longer than the end of a ZIP"), "MISMATCH");
    check_refused(&s, "a tar", arena_print(s.p.cx.arena, "%-256s ustar  %-1000s", "a.txt", ""), "MISMATCH");
    const unsigned methods[] = { 1, 6, 9, 12, 14, 93, 95, 98 };
    for (size_t i = 0; i < COUNT(methods); i++)
        check_refused(&s, "another method", ZIP(&s, { .name = S("b"), .bytes = S("x"), .method = methods[i] }), "UNSUPPORTED");
    place_close(&s.p);
}

/* ---- passwords ---- */

TEST(unpack, opens_what_is_encrypted_by_its_password_only)
{
    struct scene s;
    scene_open(&s);
    const str zip = ZIP(&s, { .name = S("plain"), .bytes = S("plain") },
                        { .name = S("secret"), .bytes = S("the secret text"), .password = S("open sesame") });
    check_refused(&s, "no password", zip, "INVALID");
    struct unpack_call call = call_of(&s, zip);
    const int64_t      used = drive_now(&s).used;
    call.want.password = S("open barley");
    CHECK(place_change(&s.p, run_unpack, &call) == OK);
    struct task task = run_turns(&s, call.task, true, true);
    CHECK(failed_with(&task, "INVALID") && count_below(&s, s.target.id) == 0 && drive_now(&s).used == used);
    CHECK(task.more.n && !memmem(task.more.p, task.more.n, "barley", 6)); /* not kept as it is */
    call.want.password = S("open sesame");
    CHECK(place_change(&s.p, run_unpack, &call) == OK);
    task = run_turns(&s, call.task, false, true);
    CHECK(task.state == TASK_SUCCEEDED && holds(&s, "secret", S("the secret text")) && holds(&s, "plain", S("plain")));
    place_close(&s.p);
}

/* ---- some of it, and a look ---- */

static struct list paths_of(struct scene *s, const char *const *paths)
{
    str   *items = ARENA_MANY(s->p.cx.arena, str, 10);
    size_t n = 0;
    for (; paths[n]; n++)
        items[n] = str_of(paths[n]);
    return (struct list){ items, n };
}

static bool lists(struct scene *s, const struct task *task, const char *const *expected)
{
    struct list found;
    CHECK(unpack_list(&s->p.cx, task, &found) == OK);
    for (size_t i = 0; i < found.count; i++)
        if (!expected[i] || !str_eq(((const str *)found.items)[i], str_of(expected[i])))
            return false;
    return !expected[found.count];
}

TEST(unpack, takes_what_is_chosen)
{
    struct scene s;
    scene_open(&s);
    struct unpack_call call = call_of(&s, some_zip(&s));
    call.want.paths = paths_of(&s, (const char *const[]){ "implied", "folder/empty", "folder/empty", NULL });
    CHECK(place_change(&s.p, run_unpack, &call) == OK);
    const struct task task = run_turns(&s, call.task, false, true);
    CHECK(task.state == TASK_SUCCEEDED && task.total == 2);
    CHECK(holds(&s, "folder/empty", S("")) && holds(&s, "implied/deep/b.png", S("no picture")));
    CHECK(count_below(&s, s.target.id) == 5);
    CHECK(lists(&s, &task, (const char *const[]){ "folder/empty", "implied/deep/b.png", NULL }));
    place_close(&s.p);
}

TEST(unpack, refuses_a_choice_that_is_not_there)
{
    struct scene s;
    scene_open(&s);
    struct unpack_call call = call_of(&s, some_zip(&s));
    call.want.paths = paths_of(&s, (const char *const[]){ "a.txt", "a.tx", NULL });
    CHECK(place_change(&s.p, run_unpack, &call) == OK);
    const struct task task = run_turns(&s, call.task, true, true);
    CHECK(failed_with(&task, "NOT_FOUND") && count_below(&s, s.target.id) == 0);
    static const char *const none[] = { "", "/", "../a", "a\nb", "." };
    for (size_t i = 0; i < COUNT(none); i++) {
        call.want.paths = paths_of(&s, (const char *const[]){ none[i], NULL });
        CHECK_CASE(none[i], place_change(&s.p, run_unpack, &call) == FAULT_INVALID);
    }
    place_close(&s.p);
}

static enum fault purge(struct cx *cx, void *arg)
{
    return tasks_purge(cx, arg);
}

TEST(unpack, shows_what_was_in_it_for_a_day_to_who_may_read_it)
{
    struct scene s;
    struct list  found;
    int          budget = 100;
    scene_open(&s);
    struct unpack_call call = call_of(&s, some_zip(&s));
    CHECK(place_change(&s.p, run_unpack, &call) == OK);
    const struct task task = run_turns(&s, call.task, true, false);
    place_act_as(&s.p, "bob");
    CHECK(unpack_list(&s.p.cx, &task, &found) == OK && !found.items);
    place_act_as(&s.p, "ann");
    CHECK(unpack_list(&s.p.cx, &task, &found) == OK && found.count == 7);
    s.p.cx.now.ms = task.finished.ms + INT64_C(24) * 3600 * 1000;
    CHECK(place_change(&s.p, purge, &budget) == OK && task_now(&s, call.task).content.v);
    s.p.cx.now.ms++;
    CHECK(place_change(&s.p, purge, &budget) == OK && !task_now(&s, call.task).content.v);
    const struct task later = task_now(&s, call.task);
    CHECK(unpack_list(&s.p.cx, &later, &found) == OK && !found.items);
    CHECK(place_findings(&s.p) == 0);
    place_close(&s.p);
}

TEST(unpack, only_looks_when_asked_to)
{
    struct scene s;
    scene_open(&s);
    for (int listed = 6; listed <= 8; listed++) {
        struct unpack_call call = call_of(&s, some_zip(&s));
        s.p.site.unpack.listed = listed;
        call.want = (struct unpack_want){ .from = s.drive, .node = call.want.node, .only_look = true };
        CHECK(place_change(&s.p, run_unpack, &call) == OK);
        const struct task task = run_turns(&s, call.task, false, true);
        CHECK(count_below(&s, s.target.id) == 0);
        if (listed < 7) {
            CHECK(failed_with(&task, "TOO_LARGE"));
            continue;
        }
        CHECK(task.state == TASK_SUCCEEDED && task.done == 7);
        CHECK(lists(&s, &task, (const char *const[]){ "a.txt", "folder/", "folder/empty", "implied/deep/b.png",
                    "folder/large.bin", "folder/\xE6\x8A\xA5\xE5\x91\x8A.txt", "inner.zip", NULL }));
    }
    place_close(&s.p);
}

static enum fault see_object(struct cx *cx, void *arg, id chunk, int64_t size, instant changed)
{
    struct chunk row;
    (void)size;
    (void)changed;
    *(int *)arg += !chunk.v || store_chunk(cx, chunk, &row) != OK;
    return OK;
}

/* Read and synced, and then the next entry does not open. */
TEST(unpack, leaves_no_bytes_behind_that_nobody_refers_to)
{
    struct scene s;
    int orphans = 0;
    scene_open(&s);
    const str zip = ZIP(&s, { .name = S("large"), .bytes = pattern(&s, 200000) },
                        { .name = S("secret"), .bytes = S("the secret text"), .password = S("open sesame") });
    struct unpack_call call = call_of(&s, zip);
    call.want.password = S("open barley");
    CHECK(place_change(&s.p, run_unpack, &call) == OK);
    const struct task task = run_turns(&s, call.task, true, true);
    CHECK(failed_with(&task, "INVALID"));
    CHECK(content_each(&s.p.cx, s.p.content, see_object, &orphans) == OK && orphans == 0);
    call.want.password = S("open sesame");
    CHECK(place_change(&s.p, run_unpack, &call) == OK);
    CHECK(run_turns(&s, call.task, true, true).state == TASK_SUCCEEDED && holds(&s, "large", pattern(&s, 200000)));
    CHECK(content_each(&s.p.cx, s.p.content, see_object, &orphans) == OK && orphans == 0);
    place_close(&s.p);
}

/* ---- many at once ---- */

TEST(unpack, holds_a_few_archives_in_memory_and_ends_them_all)
{
    enum { MANY = 7, AT_ONCE = 4 };
    struct scene s;
    struct task_memory *memory[MANY] = { NULL };
    struct unpack_call  call[MANY];
    bool is_over[MANY] = { false };
    int  most = 0, waited = 0;
    scene_open(&s);
    for (int i = 0; i < MANY; i++) {
        call[i] = call_of(&s, zip_of_names(s.p.cx.arena, 90));
        CHECK(place_change(&s.p, run_unpack, &call[i]) == OK);
    }
    for (int round = 0, over = 0; over < MANY; round++) {
        int held = 0;
        CHECK(round < 100);
        for (int i = over = 0; i < MANY; i++) {
            if (!is_over[i])
                CHECK(task_turn(&s.p.cx, call[i].task, &memory[i], &is_over[i]) == OK);
            held += memory[i] != NULL;
            over += is_over[i];
            waited += !is_over[i] && !memory[i];
        }
        most = held > most ? held : most;
    }
    CHECK(most == AT_ONCE && waited > 0);
    CHECK(count_below(&s, s.target.id) == MANY * 90);
    CHECK(place_findings(&s.p) == 0);
    place_close(&s.p);
}

/* ---- what happens meanwhile ---- */

struct delete_call {
    struct drive drive;
    struct node  node;
    id           task;
};

static enum fault run_trash(struct cx *cx, void *arg)
{
    struct delete_call *call = arg;
    return node_trash(cx, &call->drive, &call->node);
}

TEST(unpack, ends_with_its_source_or_its_target)
{
    for (int which = 0; which < 2; which++) {
        struct scene s;
        struct task_memory *memory = NULL;
        bool is_over;
        scene_open(&s);
        struct unpack_call call = call_of(&s, zip_of_names(s.p.cx.arena, 90));
        const int64_t      used = drive_now(&s).used;
        CHECK(place_change(&s.p, run_unpack, &call) == OK);
        while (task_now(&s, call.task).done < 20)
            CHECK(task_turn(&s.p.cx, call.task, &memory, &is_over) == OK && !is_over);
        task_memory_forget(&memory);
        struct delete_call away = { .drive = s.drive, .node = which ? s.target : call.want.node };
        CHECK(place_change(&s.p, run_trash, &away) == OK);
        const struct task task = run_turns(&s, call.task, true, true);
        CHECK(failed_with(&task, "TRASHED") && drive_now(&s).used == used && count_below(&s, s.target.id) == 0);
        place_close(&s.p);
    }
}

TEST(unpack, once_begun_to_show_itself_follows_its_target)
{
    struct scene s;
    struct task_memory *memory = NULL;
    bool is_over;
    scene_open(&s);
    struct unpack_call call = call_of(&s, zip_of_names(s.p.cx.arena, 150));
    CHECK(place_change(&s.p, run_unpack, &call) == OK);
    while (!count_below(&s, s.target.id))
        CHECK(task_turn(&s.p.cx, call.task, &memory, &is_over) == OK && !is_over);
    const int64_t shown = count_below(&s, s.target.id);
    CHECK(shown < 150);
    struct delete_call away = { .drive = s.drive, .node = s.target };
    CHECK(place_change(&s.p, run_trash, &away) == OK);
    task_memory_forget(&memory);
    const struct task task = run_turns(&s, call.task, true, true);
    CHECK(task.state == TASK_SUCCEEDED && task.done == 150);
    struct node again; /* as what is restored finds its folder made anew */
    CHECK(store_node_by_name(&s.p.cx, s.drive.id, s.root.id, S("target"), &again) == OK && again.id.v != s.target.id.v);
    CHECK(count_below(&s, again.id) == 150 - shown);
    place_close(&s.p);
}

TEST(unpack, reads_the_archive_that_was_asked_for)
{
    struct scene s;
    scene_open(&s);
    struct unpack_call call = call_of(&s, some_zip(&s));
    CHECK(place_change(&s.p, run_unpack, &call) == OK);
    const struct task begun = task_now(&s, call.task);
    CHECK(begun.content.v == call.want.node.content.v);
    CHECK(run_turns(&s, call.task, true, false).state == TASK_SUCCEEDED);
    check_some(&s);
    call.want.node = s.target;
    CHECK(place_change(&s.p, run_unpack, &call) == FAULT_IS_FOLDER);
    place_close(&s.p);
}

TEST_MAIN
