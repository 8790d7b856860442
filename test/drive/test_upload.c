#include "drive/stage.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/hash.h"
#include "drive/hashing.h"
#include "drive/link.h"
#include "drive/maintenance.h"
#include "store/uploads.h"
#include "test.h"

struct begin {
    struct upload_want want;
    struct upload_made made;
};

static enum fault begin(struct cx *cx, void *arg)
{
    struct begin *b = arg;
    return upload_start(cx, &b->want, &b->made);
}

static struct begin wanted(struct place *p, const char *name, int64_t size)
{
    struct begin b = { .want = { .name = str_of(name), .size = size, .conflict = CONFLICT_REFUSE } };
    place_own_drive(p, &b.want.drive, &b.want.parent);
    return b;
}

static enum fault commit_received(struct cx *cx, void *arg)
{
    struct part part;
    return receiver_commit(cx, arg, &part);
}

static str noise(struct place *p, size_t n)
{
    char *bytes = arena_make(p->arena, n);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)(i * 2654435761u >> 13);
    return (str){ bytes, n };
}

TEST(upload, joins_parts_in_any_order_with_the_digests_of_the_whole)
{
    static const int orders[][3] = { { 1, 2, 3 }, { 3, 2, 1 }, { 2, 1, 3 }, { 1, 3, 2 } };
    struct place p;
    place_open(&p);
    place_act_as(&p, "ann");
    const str whole = noise(&p, 300000);
    const str parts[] = { str_cut(whole, 100000), str_cut(str_from(whole, 100000), 100000), str_from(whole, 200000) };
    for (size_t o = 0; o < COUNT(orders); o++) {
        struct node  node;
        struct begin b = wanted(&p, "big.bin", 300000);
        b.want.conflict = CONFLICT_STAMP;
        CHECK(place_change(&p, begin, &b) == OK);
        for (int i = 0; i < 3; i++)
            CHECK(place_receive(&p, &b.made.upload, orders[o][i], parts[orders[o][i] - 1]) == OK);
        CHECK(place_complete(&p, &b.made.upload, &node) == OK);
        CHECK(str_eq(node.sha256, sha256(p.arena, whole)) && str_eq(node.sha1, sha1(p.arena, whole)));
        CHECK((uint64_t)node.crc64 == crc64(0, whole) && node.size == 300000);
    }
    CHECK(place_findings(&p) == 0);
    place_close(&p);
}

enum { AHEAD = 70000, AHEAD_PARTS = 5 };

static str ahead_part(str whole, int number)
{
    return str_cut(str_from(whole, (size_t)(number - 1) * AHEAD), AHEAD);
}

/* Freeing the workers waits for what they were given, so what is known then does not depend on time. */
TEST(upload, hashes_parts_that_came_ahead_once_the_gap_closes)
{
    static const int orders[][AHEAD_PARTS] = {
        { 1, 2, 3, 4, 5 }, { 5, 4, 3, 2, 1 }, { 2, 4, 1, 5, 3 }, { 3, 1, 5, 2, 4 }, { 1, 3, 2, 5, 4 },
    };
    struct place p;
    place_open(&p);
    place_act_as(&p, "ann");
    const str whole = noise(&p, AHEAD_PARTS * AHEAD - 500);
    for (size_t o = 0; o < COUNT(orders); o++) {
        struct node  node;
        struct begin b = wanted(&p, "ahead.bin", (int64_t)whole.n);
        b.want.conflict = CONFLICT_STAMP;
        p.site.workers = workers_new(2, 100);
        CHECK(place_change(&p, begin, &b) == OK);
        for (int i = 0; i < AHEAD_PARTS; i++)
            CHECK(place_receive(&p, &b.made.upload, orders[o][i], ahead_part(whole, orders[o][i])) == OK);
        workers_free(&p.site.workers);
        struct prefix *prefix = hashing_follow(p.site.hashing, b.made.upload.id, -1);
        CHECK(prefix && prefix->parts == AHEAD_PARTS && prefix->bytes == (int64_t)whole.n);
        prefix_free(&prefix);
        CHECK(place_complete(&p, &b.made.upload, &node) == OK);
        CHECK(str_eq(node.sha256, sha256(p.arena, whole)) && str_eq(node.sha1, sha1(p.arena, whole)));
    }
    CHECK(place_findings(&p) == 0);
    place_close(&p);
}

TEST(upload, hashes_again_when_a_hashed_part_is_replaced)
{
    struct place p;
    place_open(&p);
    place_act_as(&p, "ann");
    const str whole = noise(&p, AHEAD_PARTS * AHEAD), wrong = str_cut(whole, AHEAD);
    for (int replaced = 1; replaced <= AHEAD_PARTS; replaced++) {
        struct node  node;
        struct begin b = wanted(&p, "replaced.bin", (int64_t)whole.n);
        b.want.conflict = CONFLICT_STAMP;
        p.site.workers = workers_new(2, 100);
        CHECK(place_change(&p, begin, &b) == OK);
        for (int i = AHEAD_PARTS; i >= 1; i--)
            CHECK(place_receive(&p, &b.made.upload, i, i == replaced && i > 1 ? wrong : ahead_part(whole, i)) == OK);
        CHECK(place_receive(&p, &b.made.upload, replaced, ahead_part(whole, replaced)) == OK);
        workers_free(&p.site.workers);
        CHECK(place_complete(&p, &b.made.upload, &node) == OK);
        CHECK(str_eq(node.sha256, sha256(p.arena, whole)) && str_eq(node.sha1, sha1(p.arena, whole)));
    }
    CHECK(place_findings(&p) == 0);
    place_close(&p);
}

TEST(upload, stops_hashing_ahead_when_the_program_ends)
{
    struct place p;
    struct node  node;
    place_open(&p);
    place_act_as(&p, "ann");
    const str whole = noise(&p, 2 * AHEAD);
    struct begin b = wanted(&p, "ahead.bin", (int64_t)whole.n);
    p.site.workers = workers_new(1, 100);
    hashing_halt(p.site.hashing);
    CHECK(place_change(&p, begin, &b) == OK);
    CHECK(place_receive(&p, &b.made.upload, 2, ahead_part(whole, 2)) == OK);
    CHECK(place_receive(&p, &b.made.upload, 1, ahead_part(whole, 1)) == OK);
    workers_free(&p.site.workers);
    struct prefix *prefix = hashing_follow(p.site.hashing, b.made.upload.id, 1);
    CHECK(prefix);
    prefix_free(&prefix);
    CHECK(place_complete(&p, &b.made.upload, &node) == OK && str_eq(node.sha256, sha256(p.arena, whole)));
    place_close(&p);
}

TEST(upload, refuses_a_part_that_has_not_the_md5_it_should_have)
{
    static const size_t sizes[] = { 0, 1, 64 * 1024, 64 * 1024 + 1, 700000 };
    struct place p;
    place_open(&p);
    place_act_as(&p, "ann");
    struct begin b = wanted(&p, "md5.bin", 700000);
    CHECK(place_change(&p, begin, &b) == OK);
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (int wrong = 0; wrong < 2; wrong++) {
            AUTO(receiver_free) struct receiver *r = NULL;
            const str bytes = noise(&p, sizes[i]);
            CHECK(receiver_open(&p.cx, &b.made.upload, 1, (int64_t)bytes.n, &r) == OK);
            receiver_expect_md5(r, md5(p.arena, wrong ? S("other") : bytes));
            CHECK(receiver_write(&p.cx, r, bytes) == OK);
            enum fault fault = receiver_end(&p.cx, r);
            if (fault == OK && receiver_needs_sync(r))
                fault = receiver_sync(&p.cx, r);
            CHECK(fault == (wrong ? FAULT_MISMATCH : OK));
        }
    place_close(&p);
}

/* Standard error goes to a file of its own until caught() reads it. */
static int catch_log(FILE *into)
{
    const int before = dup(STDERR_FILENO);
    CHECK(dup2(fileno(into), STDERR_FILENO) >= 0);
    return before;
}

static str caught(struct place *p, FILE *from, int before)
{
    char *text = arena_make(p->arena, 4096);
    CHECK(dup2(before, STDERR_FILENO) >= 0 && close(before) == 0);
    rewind(from);
    return (str){ text, fread(text, 1, 4096, from) };
}

/* A limit on the size of files is a disk that takes no more: noticed on the way, and only by the last bytes. */
TEST(upload, is_refused_when_the_disk_takes_no_more)
{
    static const struct { size_t size; rlim_t limit; } cases[] = { { 8 << 20, 1 << 20 }, { 200000, 100000 } };
    struct rlimit before;
    struct place  p;
    place_open(&p);
    place_act_as(&p, "ann");
    signal(SIGXFSZ, SIG_IGN);
    CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0);
    p.cx.request_id = S("41AB");
    for (size_t i = 0; i < COUNT(cases); i++) {
        const str    bytes = noise(&p, cases[i].size);
        struct node  node;
        struct begin b = wanted(&p, "full.bin", (int64_t)bytes.n);
        b.want.conflict = CONFLICT_STAMP;
        CHECK(place_change(&p, begin, &b) == OK);
        CHECK(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ cases[i].limit, before.rlim_max }) == 0);
        FILE     *log = tmpfile();
        const int error = catch_log(log);
        CHECK(place_receive(&p, &b.made.upload, 1, bytes) == FAULT_UNAVAILABLE);
        const str said = caught(&p, log, error);
        CHECK(str_find_str(said, S("request=\"41AB\""), 0) < said.n); /* the one that is told of it */
        fclose(log);
        CHECK(p.cx.why.because && strcmp(p.cx.why.because, "cannot write a temporary file") == 0);
        CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
        CHECK(place_receive(&p, &b.made.upload, 1, bytes) == OK);
        CHECK(place_complete(&p, &b.made.upload, &node) == OK && str_eq(node.sha256, sha256(p.arena, bytes)));
    }
    CHECK(place_findings(&p) == 0);
    place_close(&p);
}

TEST(upload, takes_a_replaced_part_and_reads_back_what_a_restart_lost)
{
    struct place p;
    struct node  node;
    place_open(&p);
    place_act_as(&p, "ann");
    const str whole = noise(&p, 200000);
    struct begin b = wanted(&p, "a.bin", 200000);
    CHECK(place_change(&p, begin, &b) == OK);
    CHECK(place_receive(&p, &b.made.upload, 1, S("not yet")) == OK);
    CHECK(place_receive(&p, &b.made.upload, 2, str_from(whole, 100000)) == OK);
    CHECK(place_receive(&p, &b.made.upload, 1, str_cut(whole, 100000)) == OK);
    hashing_forget(p.site.hashing, b.made.upload.id);
    CHECK(place_complete(&p, &b.made.upload, &node) == OK);
    CHECK(str_eq(node.sha256, sha256(p.arena, whole)));
    CHECK(place_complete(&p, &b.made.upload, &node) == FAULT_NOT_FOUND);
    CHECK(place_findings(&p) == 0);
    place_close(&p);
}

TEST(upload, refuses_gaps_and_more_than_was_announced)
{
    struct place p;
    struct node  node;
    place_open(&p);
    place_act_as(&p, "ann");
    struct begin b = wanted(&p, "a.bin", 10);
    CHECK(place_change(&p, begin, &b) == OK);
    CHECK(place_complete(&p, &b.made.upload, &node) == FAULT_INCOMPLETE);
    CHECK(place_receive(&p, &b.made.upload, 1, S("12345678901")) == FAULT_INVALID);
    CHECK(place_receive(&p, &b.made.upload, 0, S("1")) == FAULT_INVALID);
    CHECK(place_receive(&p, &b.made.upload, PARTS_MAX + 1, S("1")) == FAULT_INVALID);
    CHECK(place_receive(&p, &b.made.upload, 2, S("12345")) == OK);
    CHECK(place_complete(&p, &b.made.upload, &node) == FAULT_INCOMPLETE);
    CHECK(place_receive(&p, &b.made.upload, 1, S("123456")) == FAULT_INVALID);
    CHECK(place_receive(&p, &b.made.upload, 1, S("1234")) == OK);
    CHECK(place_complete(&p, &b.made.upload, &node) == FAULT_INCOMPLETE);
    place_close(&p);
}

TEST(upload, is_instant_only_for_content_the_caller_can_read)
{
    struct place p;
    place_open(&p);
    place_act_as(&p, "ann");
    struct begin own = wanted(&p, "first.txt", 5);
    place_file(&p, &own.want.drive, &own.want.parent, "secret.txt", S("hello"));
    const str digest = sha1(p.arena, S("hello"));
    own.want.sha1 = digest;
    CHECK(place_change(&p, begin, &own) == OK && own.made.instant && own.made.node.size == 5);

    place_act_as(&p, "bob");
    struct begin other = wanted(&p, "mine.txt", 5);
    other.want.sha1 = digest;
    CHECK(place_change(&p, begin, &other) == OK && !other.made.instant);
    other = wanted(&p, "mine2.txt", 5);
    other.want.sha256 = sha256(p.arena, S("hello"));
    CHECK(place_change(&p, begin, &other) == OK && !other.made.instant);
    other = wanted(&p, "mine3.txt", 5);
    other.want.pre_sha1 = digest;
    CHECK(place_change(&p, begin, &other) == OK);
    place_act_as(&p, "ann");
    own = wanted(&p, "again.txt", 5);
    own.want.pre_sha1 = digest;
    CHECK(place_change(&p, begin, &own) == FAULT_MAYBE_HERE);
    place_close(&p);
}

struct limit {
    id      drive;
    int64_t bytes;
};

static enum fault set_quota(struct cx *cx, void *arg)
{
    const struct limit *l = arg;
    return drive_set_quota(cx, l->drive, l->bytes);
}

TEST(quota, counts_reserved_bytes_and_gives_them_back)
{
    struct place p;
    place_open(&p);
    place_act_as(&p, "ann");
    struct begin a = wanted(&p, "a", 60), b = wanted(&p, "b", 60);
    struct limit l = { a.want.drive.id, 100 };
    CHECK(place_change(&p, set_quota, &l) == OK);
    CHECK(place_change(&p, begin, &a) == OK);
    CHECK(place_change(&p, begin, &b) == FAULT_QUOTA);
    CHECK(place_receive(&p, &a.made.upload, 1, noise(&p, 60)) == OK);
    struct node node;
    CHECK(place_complete(&p, &a.made.upload, &node) == OK);
    b = wanted(&p, "b", 40);
    CHECK(place_change(&p, begin, &b) == OK);
    CHECK(place_findings(&p) == 0);
    place_close(&p);
}

TEST(quota, is_not_passed_by_an_upload_of_unknown_size)
{
    struct place p;
    place_open(&p);
    place_act_as(&p, "ann");
    struct begin a = wanted(&p, "a", -1);
    struct limit l = { a.want.drive.id, 100 };
    CHECK(place_change(&p, set_quota, &l) == OK);
    CHECK(place_change(&p, begin, &a) == OK);
    CHECK(place_receive(&p, &a.made.upload, 1, noise(&p, 60)) == OK);
    CHECK(place_receive(&p, &a.made.upload, 2, noise(&p, 60)) == FAULT_QUOTA);
    CHECK(place_receive(&p, &a.made.upload, 1, noise(&p, 90)) == OK);
    struct node node;
    CHECK(place_complete(&p, &a.made.upload, &node) == OK && node.size == 90);
    CHECK(place_findings(&p) == 0);
    place_close(&p);
}

TEST(upload, refuses_parts_that_are_too_much_only_together)
{
    struct place p;
    place_open(&p);
    place_act_as(&p, "ann");
    struct begin b = wanted(&p, "a", 600);
    CHECK(place_change(&p, begin, &b) == OK);
    struct receiver *one = NULL, *two = NULL;
    CHECK(receiver_open(&p.cx, &b.made.upload, 1, 600, &one) == OK);
    CHECK(receiver_open(&p.cx, &b.made.upload, 2, 600, &two) == OK);
    CHECK(receiver_write(&p.cx, one, noise(&p, 600)) == OK && receiver_write(&p.cx, two, noise(&p, 600)) == OK);
    CHECK(place_change(&p, commit_received, one) == OK);
    CHECK(place_change(&p, commit_received, two) == FAULT_INVALID);
    receiver_free(&one);
    receiver_free(&two);
    place_close(&p);
}

struct bin_call {
    struct drive drive;
    struct node  node, out;
};

static enum fault trash_it(struct cx *cx, void *arg)
{
    struct bin_call *call = arg;
    return node_trash(cx, &call->drive, &call->node);
}

TEST(upload, does_not_complete_a_revision_of_a_file_in_the_bin)
{
    struct place p;
    struct node  node;
    place_open(&p);
    place_act_as(&p, "ann");
    struct begin b = wanted(&p, "a", 3);
    const struct node file = place_file(&p, &b.want.drive, &b.want.parent, "a", S("old"));
    b.want.overwrite = file.id;
    CHECK(place_change(&p, begin, &b) == OK);
    CHECK(place_receive(&p, &b.made.upload, 1, S("new")) == OK);
    struct bin_call call = { .drive = b.want.drive, .node = file };
    CHECK(place_change(&p, trash_it, &call) == OK);
    CHECK(place_complete(&p, &b.made.upload, &node) == FAULT_TRASHED);
    place_close(&p);
}

static enum fault maintain(struct cx *cx, void *arg)
{
    bool more;
    return maintenance_run(cx, arg, &more);
}

TEST(maintenance, purges_an_upload_past_its_end_and_its_bytes)
{
    struct place p;
    struct list  gone;
    place_open(&p);
    place_act_as(&p, "ann");
    struct begin b = wanted(&p, "a", 100000);
    CHECK(place_change(&p, begin, &b) == OK);
    CHECK(place_receive(&p, &b.made.upload, 1, noise(&p, 100000)) == OK);
    p.cx.now.ms += p.site.upload_ttl_ms + 1;
    CHECK(place_change(&p, maintain, &gone) == OK);
    p.cx.now.ms += p.site.grace_ms + 1;
    CHECK(place_change(&p, maintain, &gone) == OK && gone.count == 1);
    maintenance_sweep(&p.cx, &gone);
    struct drive drive;
    struct node  root;
    place_own_drive(&p, &drive, &root);
    CHECK(drive.reserved == 0 && drive.used == 0);
    CHECK(place_findings(&p) == 0);
    place_close(&p);
}

static enum fault find(struct place *p, const struct begin *b)
{
    struct upload out;
    return upload_find(&p->cx, number_text(p, b->want.drive.id), number_text(p, b->made.upload.node),
                       number_text(p, b->made.upload.id), false, &out);
}

/* An upload lasts ten days, to the millisecond; what it holds is purged right behind that. */
TEST(maintenance, keeps_the_parts_of_an_upload_for_ten_days)
{
    struct place p;
    struct list  gone, uploads;
    struct drive drive;
    struct node  root, node;
    place_open(&p);
    place_act_as(&p, "ann");
    struct begin one = wanted(&p, "one", 100000), two = wanted(&p, "two", 100000);
    CHECK(place_change(&p, begin, &one) == OK && place_receive(&p, &one.made.upload, 1, noise(&p, 100000)) == OK);
    CHECK(place_change(&p, begin, &two) == OK && place_receive(&p, &two.made.upload, 1, noise(&p, 100000)) == OK);
    const instant end = { p.cx.now.ms + INT64_C(10) * 24 * 3600 * 1000 };
    p.cx.now.ms = end.ms - 1;
    CHECK(place_change(&p, maintain, &gone) == OK && find(&p, &one) == OK);
    CHECK(place_complete(&p, &one.made.upload, &node) == OK && node.size == 100000);
    p.cx.now = end;
    CHECK(place_change(&p, maintain, &gone) == OK);
    CHECK(find(&p, &two) == FAULT_NOT_FOUND && p.cx.why.thing == THING_UPLOAD);
    place_own_drive(&p, &drive, &root);
    CHECK(drive.reserved == 100000); /* it is no more, though its bytes are still to be let go */
    p.cx.now.ms = end.ms + 1;
    CHECK(place_change(&p, maintain, &gone) == OK);
    place_own_drive(&p, &drive, &root);
    CHECK(drive.reserved == 0 && drive.used == 100000);
    CHECK(store_uploads_expired(&p.cx, (instant){ INT64_MAX }, 10, &uploads) == OK && uploads.count == 0);
    CHECK(place_findings(&p) == 0);
    place_close(&p);
}

TEST(link, is_refused_when_any_byte_of_it_differs)
{
    struct place p;
    struct link  out;
    place_open(&p);
    place_act_as(&p, "ann");
    const struct link link = { .kind = LINK_DOWNLOAD, .dialect = LINK_PDS, .drive = { 5 }, .node = { 7 },
                               .file_name = S("a b&c=\"d.txt"), .expires = { p.cx.now.ms + 1000 } };
    const str url = str_from(link_url(&p.cx, &link), 11);
    const size_t mark = str_find(url, '?', 0);
    CHECK(link_read(&p.cx, str_cut(url, mark), str_from(url, mark + 1), &out) == OK);
    CHECK(out.node.v == 7 && str_eq(out.file_name, link.file_name) && out.user.v == p.cx.caller->user.v);
    for (size_t i = 0; i < url.n; i++) {
        str altered = arena_copy(p.arena, url);
        if (i == mark)
            continue; /* the '?' is in neither half */
        ((char *)altered.p)[i] ^= 1;
        CHECK(link_read(&p.cx, str_cut(altered, mark), str_from(altered, mark + 1), &out) == FAULT_INVALID);
    }
    for (size_t n = mark + 1; n < url.n; n++)
        CHECK(link_read(&p.cx, str_cut(url, mark), str_from(str_cut(url, n), mark + 1), &out) == FAULT_INVALID);
    CHECK(link_read(&p.cx, S("/data/upload"), str_from(url, mark + 1), &out) == FAULT_INVALID);
    p.cx.now.ms += 1000;
    CHECK(link_read(&p.cx, str_cut(url, mark), str_from(url, mark + 1), &out) == FAULT_UNAUTHENTICATED);
    CHECK(p.cx.why.how == HOW_EXPIRED);
    place_close(&p);
}

TEST_MAIN
