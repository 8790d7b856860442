/* What `polydrive check --repair` counts anew. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/audit.h"
#include "store/nodes.h"
#include "store/rows.h"
#include "store/store.h"
#include "store/uploads.h"

enum { USED = 31, UNUSED = 32, RIGHT = 33 };

STMT refs_of = { "test_refs_of", "SELECT refs FROM contents WHERE id = $1" };
STMT unused_since_of = { "test_unused_since_of", "SELECT unused_since FROM contents WHERE id = $1" };

static enum fault add_node(struct cx *cx, int number, int content)
{
    const struct node node = { .id = { number }, .drive = { 7 }, .parent = { 8 }, .kind = NODE_FILE, .content = { content },
                               .name = arena_print(cx->arena, "%d", number) };
    return store_node_add(cx, &node);
}

static enum fault add_content(struct cx *cx, int number, int references)
{
    const str digest = arena_print(cx->arena, "%032d", number);
    const struct content_record content = { .id = { number }, .references = references, .sha256 = digest, .sha1 = digest,
                                            .pre_sha1 = digest };
    return store_content_add(cx, &content);
}

/* Used twice and counted once, counted and not used, and one that is right. */
static enum fault fill(struct cx *cx, void *arg)
{
    (void)arg;
    TRY(add_content(cx, USED, 1));
    TRY(add_content(cx, UNUSED, 3));
    TRY(add_content(cx, RIGHT, 1));
    TRY(add_node(cx, 11, USED));
    TRY(add_node(cx, 12, USED));
    return add_node(cx, 13, RIGHT);
}

static enum fault repair(struct cx *cx, void *arg)
{
    (void)arg;
    return store_repair_counts(cx, (instant){ 77 });
}

static int64_t number(struct cx *cx, const struct stmt *stmt, int content)
{
    int64_t out;
    CHECK(store_number(cx, stmt, ARGS(ARG(content)), -1, &out) == OK);
    return out;
}

TEST(repair, counts_references_anew_and_leaves_what_is_right)
{
    char path[64] = "/tmp/polydrive-test-XXXXXX", command[80];
    const struct store_options options = { .readers = 1, .may_create = true };
    AUTO(arena_free) struct arena *arena = arena_new();
    struct cx     cx = { .arena = arena };
    struct store *store;
    struct list   findings;
    CHECK(mkdtemp(path));
    CHECK(store_open(&cx, str_of(path), &options, &store) == OK);
    CHECK(store_change_now(store, &cx, fill, NULL) == OK);
    cx.db = store_reader(store, 0);
    CHECK(store_audit(&cx, AUDIT_REFERENCES, (instant){ 0 }, &findings) == OK && findings.count == 2);
    CHECK(store_change_now(store, &cx, repair, NULL) == OK);
    cx.db = store_reader(store, 0);
    CHECK(store_audit(&cx, AUDIT_REFERENCES, (instant){ 0 }, &findings) == OK && findings.count == 0);
    CHECK(number(&cx, &refs_of, USED) == 2 && number(&cx, &unused_since_of, USED) == 0);
    CHECK(number(&cx, &refs_of, UNUSED) == 0 && number(&cx, &unused_since_of, UNUSED) == 77);
    CHECK(number(&cx, &refs_of, RIGHT) == 1 && number(&cx, &unused_since_of, RIGHT) == 0);
    store_close(&store);
    snprintf(command, sizeof command, "rm -rf '%s'", path);
    CHECK(system(command) == 0);
}

TEST_MAIN
