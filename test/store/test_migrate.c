/* A store written by an older schema keeps what is in it. */
#include "test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "store/driver.h"
#include "store/nodes.h"
#include "store/store.h"

static const char bookkeeping[] =
    "CREATE TABLE schema_version (version INTEGER NOT NULL); INSERT INTO schema_version VALUES (1);"
    "CREATE TABLE counters (name TEXT PRIMARY KEY, next INTEGER NOT NULL); INSERT INTO counters VALUES ('id', 100);";

static const char a_drive[] =
    "INSERT INTO nodes (drive_id, id, parent_id, origin, content_id, revision, creator, editor, kind, category, duplicate,"
    " name, name_key, sort_key, media_type, size, version, hidden, sha1, crc64, created, modified, trashed) VALUES"
    " (7, 8, 0, 0, 0, 0, 2, 2, 1, 0, 0, 'root', x'72', x'72', NULL, 0, 1, 0, NULL, 0, 5, 5, 0),"
    " (7, 10, 8, 0, 3, 4, 2, 2, 2, 1, 0, 'b.txt', x'622E747874', x'62', 'text/plain', 42, 1, 0, x'00FF', -1, 5, 6, 0),"
    " (7, 9, 8, 0, 0, 0, 2, 2, 1, 0, 0, 'a', x'61', x'61', NULL, 0, 1, 0, NULL, 0, 5, 5, 0);";

static void run(sqlite3 *db, const char *sql)
{
    AUTO(text_done) struct text out = { 0 };
    for (; *sql; sql++) {
        if (*sql != '@') {
            text_char(&out, *sql);
            continue;
        }
        char   word[16] = "";
        size_t n = 0;
        while (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", sql[1]) && sql[1])
            word[n++] = *++sql;
        text_add(&out, str_of(store_sqlite.type_word(word)));
    }
    text_char(&out, '\0');
    CHECK(sqlite3_exec(db, out.p, NULL, NULL, NULL) == SQLITE_OK);
}

static void write_version(const char *path, int version)
{
    sqlite3 *db;
    CHECK(sqlite3_open(path, &db) == SQLITE_OK);
    for (int i = 0; i < migration_count; i++)
        if (migrations[i].version <= version)
            run(db, migrations[i].sql);
    run(db, bookkeeping);
    run(db, a_drive);
    sqlite3_close(db);
}

static bool count_row(void *arg, void *row)
{
    int *count = arg;
    const struct node_row *r = row;
    CHECK(r->node.drive.v == 7 && r->node.parent.v == 8 && r->node.id.v == 9 + *count);
    ++*count;
    return true;
}

TEST(migration, keeps_the_nodes_of_version_1)
{
    char path[64] = "/tmp/polydrive-test-XXXXXX", file[80], command[80];
    const struct store_options options = { .readers = 1, .may_create = true };
    AUTO(arena_free) struct arena *arena = arena_new();
    struct cx     cx = { .arena = arena };
    struct store *store;
    struct node   node;
    int           count = 0;
    CHECK(mkdtemp(path));
    snprintf(file, sizeof file, "%s/store.db", path);
    write_version(file, 1);
    CHECK(store_open(&cx, str_of(path), &options, &store) == OK);
    cx.db = store_reader(store, 0);
    CHECK(store_node(&cx, (id){ 7 }, (id){ 10 }, &node) == OK);
    CHECK(str_eq(node.name, S("b.txt")) && node.size == 42 && node.sha1.n == 2 && node.crc64 == -1 && !node.tags.p);
    CHECK(store_node(&cx, (id){ 6 }, (id){ 10 }, &node) == FAULT_NOT_FOUND);
    CHECK(store_node_by_name(&cx, (id){ 7 }, (id){ 8 }, S("a"), &node) == OK && node.id.v == 9);
    const struct node_position start = { .is_start = true };
    CHECK(store_nodes_each(&cx, (id){ 7 }, (id){ 8 }, ORDER_NAME, false, &start, 10, count_row, &count) == OK);
    CHECK(count == 2);
    store_close(&store);
    snprintf(command, sizeof command, "rm -rf '%s'", path);
    CHECK(system(command) == 0);
}

TEST_MAIN
