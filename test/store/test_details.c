/* What a node's row packs into one value comes out as it went in, and nothing else is taken for it. */
#include "test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/audit.h"
#include "store/details.h"
#include "store/nodes.h"
#include "store/store.h"

static const struct node full = {
    .id = { 9 }, .drive = { 7 }, .parent = { 8 }, .origin = { 5 }, .content = { INT64_C(9007199254740991) },
    .revision = { 300 }, .creator = { 2 }, .editor = { 128 }, .kind = NODE_FILE, .category = CATEGORY_OTHER,
    .name = { "a", 1 }, .media_type = { "text/plain", 10 }, .file_type = { "t", 1 }, .description = { "", 0 },
    .size = INT64_MAX, .version = 127, .hidden = true, .sha1 = { "\0\xFF" "2", 3 }, .sha256 = { "\x80", 1 },
    .crc64 = -2, .tags = { "[]", 2 }, .local_modified = { "x", 1 }, .created = { -1 }, .modified = { INT64_MIN },
    .trashed = { 1700000000000 },
};

static bool same_text(str a, str b)
{
    return !a.p == !b.p && str_eq(a, b);
}

static bool same(const struct node *a, const struct node *b)
{
    return a->origin.v == b->origin.v && a->content.v == b->content.v && a->revision.v == b->revision.v
           && a->creator.v == b->creator.v && a->editor.v == b->editor.v && a->kind == b->kind
           && a->category == b->category && same_text(a->media_type, b->media_type)
           && same_text(a->file_type, b->file_type) && same_text(a->description, b->description) && a->size == b->size
           && a->version == b->version && a->hidden == b->hidden && same_text(a->sha1, b->sha1)
           && same_text(a->sha256, b->sha256) && a->crc64 == b->crc64 && same_text(a->tags, b->tags)
           && same_text(a->local_created, b->local_created) && same_text(a->local_modified, b->local_modified)
           && a->created.ms == b->created.ms && a->modified.ms == b->modified.ms && a->trashed.ms == b->trashed.ms;
}

TEST(details, come_out_as_they_went_in)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    const struct node empty = { 0 };
    struct node out = { .name = S("kept"), .id = { 4 } };
    CHECK(details_unpack(details_pack(arena, &full), &out) && same(&full, &out));
    CHECK(str_eq(out.name, S("kept")) && out.id.v == 4); /* these have columns */
    CHECK(details_unpack(details_pack(arena, &empty), &out) && same(&empty, &out));
}

/* Each on the heap and without an end, so that a read past it is seen. */
static bool takes(const char *bytes, size_t n)
{
    struct node out;
    char *copy = malloc(n ? n : 1);
    CHECK(copy);
    memcpy(copy, bytes, n);
    const bool taken = details_unpack((str){ copy, n }, &out);
    free(copy);
    return taken;
}

TEST(details, are_refused_when_cut_or_longer_or_of_another_form)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    const str packed = details_pack(arena, &full);
    char     *copy = arena_make(arena, packed.n + 1);
    memcpy(copy, packed.p, packed.n);
    CHECK(takes(copy, packed.n));
    CHECK(!takes(copy, packed.n + 1));
    for (size_t n = 0; n < packed.n; n++)
        CHECK(!takes(copy, n));
    copy[0]++;
    CHECK(!takes(copy, packed.n));
}

TEST(details, of_any_bytes_are_read_within_bounds)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    const str packed = details_pack(arena, &full);
    char     *copy = arena_make(arena, packed.n);
    for (size_t at = 1; at < packed.n; at++)
        for (int value = 0; value < 256; value += 5) {
            memcpy(copy, packed.p, packed.n);
            copy[at] = (char)value;
            (void)takes(copy, packed.n);
        }
}

static enum fault add(struct cx *cx, void *arg)
{
    return store_node_add(cx, arg);
}

static void spoil(const char *file, const char *sql)
{
    sqlite3 *db;
    CHECK(sqlite3_open(file, &db) == SQLITE_OK && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
}

static size_t findings(struct cx *cx)
{
    id     drive = ID_NONE, node = ID_NONE;
    bool   more = true;
    size_t count = 0;
    while (more) {
        struct list list;
        CHECK(store_details_audit(cx, &drive, &node, &more, &list) == OK);
        count += list.count;
    }
    return count;
}

TEST(details, that_differ_from_their_columns_are_found)
{
    char path[64] = "/tmp/polydrive-test-XXXXXX", file[80], command[80];
    const struct store_options options = { .readers = 1, .may_create = true };
    AUTO(arena_free) struct arena *arena = arena_new();
    struct cx     cx = { .arena = arena };
    struct store *store;
    struct node   node = full, out;
    CHECK(mkdtemp(path));
    snprintf(file, sizeof file, "%s/store.db", path);
    CHECK(store_open(&cx, str_of(path), &options, &store) == OK);
    CHECK(store_change_now(store, &cx, add, &node) == OK);
    cx.db = store_reader(store, 0);
    CHECK(store_node(&cx, node.drive, node.id, &out) == OK && same(&full, &out) && str_eq(out.name, full.name));
    CHECK(findings(&cx) == 0);
    spoil(file, "UPDATE nodes SET size = 1");
    CHECK(findings(&cx) == 1);
    spoil(file, "UPDATE nodes SET details = x'0102'");
    CHECK(findings(&cx) == 1);
    CHECK(store_node(&cx, node.drive, node.id, &out) == FAULT_UNAVAILABLE); /* never half of a row */
    store_close(&store);
    snprintf(command, sizeof command, "rm -rf '%s'", path);
    CHECK(system(command) == 0);
}

TEST_MAIN
