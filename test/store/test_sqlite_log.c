/* The layer that gathers writes of SQLite's log: what another connection sees, and what a copy of the files
 * would hold had the program ended at once. */
#include "test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/types.h"
#include "store/sqlite_log.h"

static char folder[] = "/tmp/polydrive-log-XXXXXX";

static sqlite3 *open_at(const char *name, const char *layer)
{
    char     path[64];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    CHECK(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, layer) == SQLITE_OK);
    return db;
}

static void say(sqlite3 *db, const char *sql)
{
    CHECK_CASE(sql, sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
}

static int64_t number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *s = NULL;
    CHECK_CASE(sql, sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK);
    CHECK_CASE(sql, sqlite3_step(s) == SQLITE_ROW);
    const int64_t value = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return value;
}

static bool is_sound(sqlite3 *db)
{
    sqlite3_stmt *s = NULL;
    CHECK(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &s, NULL) == SQLITE_OK);
    const bool sound = sqlite3_step(s) == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(s, 0), "ok") == 0;
    sqlite3_finalize(s);
    return sound;
}

/* What is in the files now, without the connections that are open. */
static sqlite3 *copy_of(const char *name)
{
    char command[256];
    snprintf(command, sizeof command, "cd %s && rm -f copy* && cp %s copy && cp %s-wal copy-wal", folder, name, name);
    CHECK(system(command) == 0);
    return open_at("copy", NULL);
}

static void begin(void)
{
    snprintf(folder, sizeof folder, "/tmp/polydrive-log-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
}

static void end(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    CHECK(system(command) == 0);
}

static const char fill[] = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                           " INSERT INTO t (bytes) SELECT randomblob(1000) FROM n";

static sqlite3 *writer_at(const char *name)
{
    sqlite3 *db = open_at(name, sqlite_log_layer());
    say(db, "PRAGMA journal_mode=WAL");
    say(db, "PRAGMA synchronous=FULL");
    say(db, "PRAGMA wal_autocheckpoint=0");
    say(db, "PRAGMA cache_size=20"); /* pages go to the log, and are read back from it, before the commit */
    say(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, bytes BLOB)");
    say(db, "CREATE INDEX t_bytes ON t (bytes)");
    return db;
}

TEST(sqlite_log, has_each_commit_in_the_file_when_it_is_acknowledged)
{
    begin();
    sqlite3 *writer = writer_at("a"), *reader = open_at("a", NULL);
    for (int i = 1; i <= 3; i++) {
        say(writer, i == 1 ? fill : "INSERT INTO t (bytes) VALUES (randomblob(10))");
        CHECK(number(reader, "SELECT count(*) FROM t") == 1999 + i);
        sqlite3 *copy = copy_of("a");
        CHECK(number(copy, "SELECT count(*) FROM t") == 1999 + i && is_sound(copy));
        sqlite3_close(copy);
    }
    sqlite3_close(writer);
    CHECK(is_sound(reader));
    sqlite3_close(reader);
    end();
}

TEST(sqlite_log, shows_nothing_of_what_is_undone)
{
    begin();
    sqlite3 *writer = writer_at("a"), *reader = open_at("a", NULL);
    say(writer, fill);
    say(writer, "BEGIN");
    say(writer, "UPDATE t SET bytes = randomblob(900)"); /* most pages twice */
    say(writer, "SAVEPOINT s");
    say(writer, "DELETE FROM t WHERE id % 2 = 0");
    CHECK(number(reader, "SELECT count(*) FROM t WHERE length(bytes) = 1000") == 2000);
    say(writer, "ROLLBACK TO s");
    CHECK(number(writer, "SELECT count(*) FROM t WHERE length(bytes) = 900") == 2000);
    say(writer, "ROLLBACK");
    CHECK(number(writer, "SELECT count(*) FROM t WHERE length(bytes) = 1000") == 2000);
    CHECK(is_sound(writer) && is_sound(reader));
    sqlite3_close(reader);
    sqlite3_close(writer);
    end();
}

TEST(sqlite_log, begins_anew_after_a_checkpoint)
{
    begin();
    sqlite3 *writer = writer_at("a");
    for (int i = 0; i < 3; i++) {
        say(writer, fill);
        say(writer, i == 1 ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(RESTART)");
        say(writer, "DELETE FROM t WHERE id % 3 = 0");
    }
    sqlite3 *copy = copy_of("a");
    CHECK(number(copy, "SELECT count(*) FROM t") == number(writer, "SELECT count(*) FROM t") && is_sound(copy));
    sqlite3_close(copy);
    sqlite3_close(writer);
    end();
}

TEST_MAIN
