/* store/sqlite.c: the SQLite driver. WAL, synchronous=FULL: an acknowledged commit survives a power cut.
 *
 * SQLite reads $1 as a *named* parameter, numbered by first appearance, so arguments are bound through the
 * names. The write-ahead log is copied into the database by a thread of its own, beside the writer; only
 * when the log has grown large all the same does the writer wait for that. */
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/log.h"
#include "store/driver.h"
#include "store/sqlite_log.h"

enum {
    BUSY_MS = 10000,
    PREPARED_ROOM = 512,    /* a power of two, more than there are statements */
    ARGS_MAX = 48,
    WAL_PAGES_COPY = 4000,  /* copy each 16 MiB: every copy syncs the database */
    WAL_PAGES_IDLE = 1000,  /* an idle writer: already from here on */
    WAL_PAGES_FULL = 50000, /* 200 MiB: the writer waits until the log begins anew */
};

/* Copies the log beside the writer, on a connection of its own; started when it is first needed. */
struct copier {
    sqlite3        *db;
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  some;
    bool            asked, closing;
};

struct prepared {
    const struct stmt *stmt;
    sqlite3_stmt      *sqlite;
    unsigned char      argument[ARGS_MAX]; /* of SQLite's parameter i + 1 */
    int                parameters;
};

struct sqlite_conn {
    struct conn     conn;
    sqlite3        *db;
    struct prepared prepared[PREPARED_ROOM];
    sqlite3_stmt   *running;
    int             wal_pages, asked_at; /* in the log; and when the copier was last asked */
    bool            in_view;
    struct copier  *copier;
};

static struct sqlite_conn *of(struct conn *conn)
{
    return (struct sqlite_conn *)(void *)conn;
}

static const char *type_word(const char *word)
{
    if (strcmp(word, "INT64") == 0)
        return "INTEGER";
    if (strcmp(word, "BYTES") == 0)
        return "BLOB";
    return strcmp(word, "CLUSTERED") == 0 ? "WITHOUT ROWID" : NULL;
}

static int after_commit(void *arg, sqlite3 *db, const char *name, int pages)
{
    struct sqlite_conn *c = arg;
    (void)db, (void)name;
    c->wal_pages = pages;
    return SQLITE_OK;
}

static bool say(struct sqlite_conn *c, const char *sql)
{
    return sqlite3_exec(c->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* ---- the copier ---- */

static void *copier_main(void *arg)
{
    struct copier *copier = arg;
    pthread_mutex_lock(&copier->lock);
    while (!copier->closing) {
        if (!copier->asked) {
            pthread_cond_wait(&copier->some, &copier->lock);
            continue;
        }
        copier->asked = false;
        pthread_mutex_unlock(&copier->lock);
        sqlite3_wal_checkpoint_v2(copier->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        pthread_mutex_lock(&copier->lock);
    }
    pthread_mutex_unlock(&copier->lock);
    return NULL;
}

static struct copier *copier_start(sqlite3 *beside)
{
    struct copier *copier = calloc(1, sizeof *copier);
    if (!copier)
        log_die("out of memory");
    pthread_mutex_init(&copier->lock, NULL);
    pthread_cond_init(&copier->some, NULL);
    if (sqlite3_open_v2(sqlite3_db_filename(beside, NULL), &copier->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK
        || sqlite3_exec(copier->db, "PRAGMA synchronous=FULL", NULL, NULL, NULL) != SQLITE_OK
        || pthread_create(&copier->thread, NULL, copier_main, copier))
        log_die("cannot start the thread that copies the log");
    return copier;
}

/* After each commit. The log is shorter than before when it has begun anew. */
static void copier_ask(struct sqlite_conn *c)
{
    if (c->wal_pages < c->asked_at)
        c->asked_at = 0;
    if (c->wal_pages - c->asked_at < WAL_PAGES_COPY)
        return;
    c->asked_at = c->wal_pages;
    if (!c->copier)
        c->copier = copier_start(c->db);
    pthread_mutex_lock(&c->copier->lock);
    c->copier->asked = true;
    pthread_cond_signal(&c->copier->some);
    pthread_mutex_unlock(&c->copier->lock);
}

static void copier_stop(struct copier *copier)
{
    if (!copier)
        return;
    pthread_mutex_lock(&copier->lock);
    copier->closing = true;
    pthread_cond_signal(&copier->some);
    pthread_mutex_unlock(&copier->lock);
    pthread_join(copier->thread, NULL);
    sqlite3_close(copier->db);
    pthread_cond_destroy(&copier->some);
    pthread_mutex_destroy(&copier->lock);
    free(copier);
}

static void sqlite_close_conn(struct conn **conn)
{
    if (!*conn)
        return;
    struct sqlite_conn *c = of(*conn);
    copier_stop(c->copier);
    for (size_t i = 0; i < PREPARED_ROOM; i++)
        sqlite3_finalize(c->prepared[i].sqlite);
    sqlite3_close(c->db);
    free(c);
    *conn = NULL;
}

/* busy_timeout first: switching to WAL needs a lock that another process may hold. */
static bool set_up(struct sqlite_conn *c, bool writer)
{
    sqlite3_busy_timeout(c->db, BUSY_MS);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)NULL);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
    if (!say(c, "PRAGMA journal_mode=WAL") || !say(c, "PRAGMA synchronous=FULL")
        || !say(c, "PRAGMA temp_store=MEMORY") || !say(c, "PRAGMA wal_autocheckpoint=0")
        || !say(c, "PRAGMA cell_size_check=ON"))
        return false;
    if (!say(c, writer ? "PRAGMA cache_size=-16000" : "PRAGMA cache_size=-4000"))
        return false;
    if (writer)
        sqlite3_wal_hook(c->db, after_commit, c);
    else
        say(c, "PRAGMA query_only=ON");
    return true;
}

/* Before the library's first use. Its count of allocated bytes is behind one lock for all threads, and nobody
 * asks for it. */
static void set_up_library(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum fault sqlite_open_conn(struct cx *cx, str where, bool writer, bool may_create, struct conn **out)
{
    const char *path = arena_print(cx->arena, "%.*s/store.db", STR_ARG(where)).p;
    struct stat there;
    if (stat(path, &there) && !may_create)
        return fail(cx, FAULT_NOT_FOUND, .because = "there is no store in this folder", .got = where);
    struct sqlite_conn *c = calloc(1, sizeof *c);
    if (!c)
        log_die("out of memory");
    c->conn.driver = &store_sqlite;
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_up_library);
    const mode_t mask = umask(077);
    const int    rc = sqlite3_open_v2(path, &c->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX
                                      | (may_create ? SQLITE_OPEN_CREATE : 0), writer ? sqlite_log_layer() : NULL);
    const bool   good = rc == SQLITE_OK && set_up(c, writer);
    umask(mask);
    *out = &c->conn;
    if (good)
        return OK;
    log_line(LOG_ERROR, "cannot open the store",
             LOG_PAIRS({ "path", str_of(path) }, { "error", str_of(sqlite3_errmsg(c->db)) }));
    sqlite_close_conn(out);
    return fail(cx, FAULT_UNAVAILABLE, .because = "the store cannot be opened", .got = where);
}

static struct prepared *prepare(struct sqlite_conn *c, const struct stmt *stmt)
{
    size_t at = ((uintptr_t)stmt >> 4) % PREPARED_ROOM;
    while (c->prepared[at].stmt && c->prepared[at].stmt != stmt)
        at = (at + 1) % PREPARED_ROOM;
    struct prepared *p = &c->prepared[at];
    if (p->stmt)
        return p;
    if (sqlite3_prepare_v3(c->db, stmt->sql, -1, SQLITE_PREPARE_PERSISTENT, &p->sqlite, NULL) != SQLITE_OK) {
        log_line(LOG_ERROR, "a statement does not compile",
                 LOG_PAIRS({ "statement", str_of(stmt->name) }, { "error", str_of(sqlite3_errmsg(c->db)) }));
        return NULL;
    }
    p->parameters = sqlite3_bind_parameter_count(p->sqlite);
    for (int i = 0; i < p->parameters && i < ARGS_MAX; i++) {
        const char *name = sqlite3_bind_parameter_name(p->sqlite, i + 1);
        p->argument[i] = (unsigned char)(name ? atoi(name + 1) - 1 : i);
    }
    p->stmt = stmt;
    return p;
}

static bool bind(sqlite3_stmt *to, int at, const struct arg *arg)
{
    if (arg->kind == KIND_INT64)
        return sqlite3_bind_int64(to, at, arg->number) == SQLITE_OK;
    if (!arg->text.p)
        return sqlite3_bind_null(to, at) == SQLITE_OK;
    if (arg->bytes)
        return sqlite3_bind_blob64(to, at, arg->text.p, arg->text.n, SQLITE_STATIC) == SQLITE_OK;
    return sqlite3_bind_text64(to, at, arg->text.p, arg->text.n, SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK;
}

static enum step step_of(int rc)
{
    switch (rc & 0xFF) {
    case SQLITE_ROW:        return STEP_ROW;
    case SQLITE_DONE:       return STEP_DONE;
    case SQLITE_CONSTRAINT: return STEP_TAKEN;
    default:                return STEP_FAILED;
    }
}

static enum step sqlite_start(struct conn *conn, const struct stmt *stmt, const struct arg *args, size_t n_args)
{
    struct sqlite_conn *c = of(conn);
    struct prepared    *p = prepare(c, stmt);
    if (!p)
        return STEP_FAILED;
    c->running = p->sqlite;
    for (int i = 0; i < p->parameters; i++)
        if (p->argument[i] >= n_args || !bind(p->sqlite, i + 1, &args[p->argument[i]]))
            return STEP_FAILED;
    return step_of(sqlite3_step(p->sqlite));
}

static enum step sqlite_next(struct conn *conn)
{
    return step_of(sqlite3_step(of(conn)->running));
}

static void sqlite_finish(struct conn *conn)
{
    struct sqlite_conn *c = of(conn);
    if (c->running)
        sqlite3_reset(c->running);
    c->running = NULL;
}

static int64_t sqlite_changed(struct conn *conn)
{
    return sqlite3_changes64(of(conn)->db);
}

static bool sqlite_number(struct conn *conn, int64_t *out)
{
    sqlite3_stmt *s = of(conn)->running;
    *out = sqlite3_column_int64(s, 0);
    return sqlite3_column_type(s, 0) != SQLITE_NULL;
}

/* SQLite gives no pointer for an empty text either. */
static str text_at(sqlite3_stmt *s, int column)
{
    const char *p = sqlite3_column_blob(s, column);
    if (p)
        return (str){ p, (size_t)sqlite3_column_bytes(s, column) };
    return sqlite3_column_type(s, column) == SQLITE_NULL ? S0 : S("");
}

/* A listing reads some thousand values a page, so this is one call and not one a value. */
static void sqlite_row(struct conn *conn, const struct column *columns, size_t n, char *out)
{
    sqlite3_stmt *s = of(conn)->running;
    for (size_t i = 0; i < n; i++) {
        void     *to = out + columns[i].at;
        const int c = (int)i;
        switch (columns[i].kind) {
        case KIND_BOOL:    *(bool *)to = sqlite3_column_int64(s, c) != 0; break;
        case KIND_INT:     *(int *)to = sqlite3_column_int(s, c); break;
        case KIND_INT64:
        case KIND_ID:
        case KIND_INSTANT: *(int64_t *)to = sqlite3_column_int64(s, c); break;
        case KIND_STR:     *(str *)to = text_at(s, c); break;
        case KIND_LIST:
        case KIND_OBJECT:  break; /* no such columns */
        }
    }
}

static const char *sqlite_error(struct conn *conn)
{
    return sqlite3_errmsg(of(conn)->db);
}

static bool sqlite_prepares(struct conn *conn, const struct stmt *stmt)
{
    return prepare(of(conn), stmt) != NULL;
}

static enum fault sqlite_script(struct conn *conn, const char *sql)
{
    if (say(of(conn), sql))
        return OK;
    log_line(LOG_ERROR, "the store refuses", LOG_PAIRS({ "error", str_of(sqlite_error(conn)) }));
    return FAULT_UNAVAILABLE;
}

static enum fault plain(struct conn *conn, const struct stmt *stmt)
{
    const enum step step = sqlite_start(conn, stmt, NO_ARGS);
    sqlite_finish(conn);
    if (step == STEP_DONE)
        return OK;
    log_line(LOG_ERROR, "a transaction failed",
             LOG_PAIRS({ "statement", str_of(stmt->name) }, { "error", str_of(sqlite_error(conn)) }));
    return FAULT_UNAVAILABLE;
}

STMT begin_sql = { "begin", "BEGIN IMMEDIATE" };
STMT commit_sql = { "commit", "COMMIT" };
STMT rollback_sql = { "rollback", "ROLLBACK" };
STMT savepoint_sql = { "savepoint", "SAVEPOINT change" };
STMT release_sql = { "release", "RELEASE change" };
STMT undo_sql = { "undo", "ROLLBACK TO change" };
STMT view_sql = { "view", "BEGIN" };
STMT seen_sql = { "seen", "PRAGMA data_version" };

static enum fault sqlite_begin(struct conn *conn) { return plain(conn, &begin_sql); }
static enum fault sqlite_savepoint(struct conn *conn) { return plain(conn, &savepoint_sql); }

static void sqlite_rollback(struct conn *conn)
{
    if (!sqlite3_get_autocommit(of(conn)->db) && plain(conn, &rollback_sql) != OK)
        log_say(LOG_ERROR, "a transaction could not be undone");
}

static void sqlite_release(struct conn *conn)
{
    if (plain(conn, &release_sql) != OK)
        log_say(LOG_ERROR, "a savepoint could not be released");
}

static enum fault sqlite_undo(struct conn *conn)
{
    return plain(conn, &undo_sql);
}

static void checkpoint(struct sqlite_conn *c, int mode)
{
    int log_pages = 0, done_pages = 0;
    sqlite3_wal_checkpoint_v2(c->db, NULL, mode, &log_pages, &done_pages);
    if (done_pages == log_pages)
        c->wal_pages = 0;
}

static enum fault sqlite_commit(struct conn *conn)
{
    struct sqlite_conn *c = of(conn);
    TRY(plain(conn, &commit_sql));
    if (c->wal_pages > WAL_PAGES_FULL)
        checkpoint(c, SQLITE_CHECKPOINT_RESTART);
    else
        copier_ask(c);
    return OK;
}

static void sqlite_idle(struct conn *conn)
{
    if (of(conn)->wal_pages > WAL_PAGES_IDLE)
        checkpoint(of(conn), SQLITE_CHECKPOINT_PASSIVE);
}

static bool sqlite_view(struct conn *conn, bool begin)
{
    struct sqlite_conn *c = of(conn);
    if (begin == c->in_view || (begin && !sqlite3_get_autocommit(c->db)))
        return false;
    (void)plain(conn, begin ? &view_sql : &commit_sql);
    c->in_view = !sqlite3_get_autocommit(c->db); /* whatever became of the statement */
    return c->in_view;
}

/* Counts, for this connection alone, the commits of all others that it has come to see. */
static int64_t sqlite_seen(struct conn *conn)
{
    int64_t seen = -1;
    if (sqlite_start(conn, &seen_sql, NO_ARGS) == STEP_ROW)
        sqlite_number(conn, &seen);
    sqlite_finish(conn);
    return seen;
}

const struct store_driver store_sqlite = {
    .name = "sqlite",
    .type_word = type_word,
    .open = sqlite_open_conn,
    .close = sqlite_close_conn,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .savepoint = sqlite_savepoint,
    .savepoint_release = sqlite_release,
    .savepoint_undo = sqlite_undo,
    .start = sqlite_start,
    .next = sqlite_next,
    .finish = sqlite_finish,
    .changed = sqlite_changed,
    .row = sqlite_row,
    .number = sqlite_number,
    .error = sqlite_error,
    .prepares = sqlite_prepares,
    .script = sqlite_script,
    .idle = sqlite_idle,
    .view = sqlite_view,
    .seen = sqlite_seen,
};
