/* A log file is CLEAN (nothing gathered) or GATHERING (bytes that follow each other from `at` are not in the file
 * yet). A write that goes on where the last one ended is gathered; whatever else is done to the file first makes
 * it CLEAN. A flush that fails is told to whoever caused it, which is the sync of the commit. */
#include "store/sqlite_log.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/types.h"

enum {
    ROOM = 256 * 1024, /* what a commit of sixty pages takes */
    PIECE = 64 * 1024, /* SQLite's own layer takes less than 128 KiB at once */
};

struct log_file {
    sqlite3_file  base; /* first */
    sqlite3_file *real; /* behind this struct */
    sqlite3_int64 at;
    int           n;
    char         *gathered; /* ROOM bytes, from the first write on */
};

static struct log_file *of(sqlite3_file *file)
{
    return (struct log_file *)(void *)file;
}

static int flush(struct log_file *log)
{
    const int n = log->n;
    int       rc = SQLITE_OK;
    log->n = 0;
    for (int done = 0; done < n && rc == SQLITE_OK; done += PIECE)
        rc = log->real->pMethods->xWrite(log->real, log->gathered + done, n - done < PIECE ? n - done : PIECE,
                                         log->at + done);
    return rc;
}

static int log_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
    struct log_file *log = of(file);
    if (log->n && (at != log->at + log->n || n > ROOM - log->n)) {
        const int rc = flush(log);
        if (rc != SQLITE_OK)
            return rc;
    }
    if (n > ROOM) /* no page is */
        return log->real->pMethods->xWrite(log->real, bytes, n, at);
    if (!log->gathered && !(log->gathered = malloc(ROOM)))
        return SQLITE_NOMEM;
    if (!log->n)
        log->at = at;
    memcpy(log->gathered + log->n, bytes, (size_t)n);
    log->n += n;
    return SQLITE_OK;
}

static int log_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at)
{
    const int rc = flush(of(file));
    return rc == SQLITE_OK ? of(file)->real->pMethods->xRead(of(file)->real, out, n, at) : rc;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    const int rc = flush(of(file));
    return rc == SQLITE_OK ? of(file)->real->pMethods->xTruncate(of(file)->real, size) : rc;
}

static int log_sync(sqlite3_file *file, int flags)
{
    const int rc = flush(of(file));
    return rc == SQLITE_OK ? of(file)->real->pMethods->xSync(of(file)->real, flags) : rc;
}

static int log_size(sqlite3_file *file, sqlite3_int64 *out)
{
    const int rc = flush(of(file));
    return rc == SQLITE_OK ? of(file)->real->pMethods->xFileSize(of(file)->real, out) : rc;
}

static int log_close(sqlite3_file *file)
{
    struct log_file *log = of(file);
    const int flushed = flush(log), closed = log->real->pMethods->xClose(log->real);
    free(log->gathered);
    return flushed == SQLITE_OK ? closed : flushed;
}

static int log_lock(sqlite3_file *file, int level) { return of(file)->real->pMethods->xLock(of(file)->real, level); }
static int log_unlock(sqlite3_file *file, int level) { return of(file)->real->pMethods->xUnlock(of(file)->real, level); }

static int log_is_reserved(sqlite3_file *file, int *out)
{
    return of(file)->real->pMethods->xCheckReservedLock(of(file)->real, out);
}

static int log_control(sqlite3_file *file, int what, void *arg)
{
    return of(file)->real->pMethods->xFileControl(of(file)->real, what, arg);
}

static int log_sector(sqlite3_file *file) { return of(file)->real->pMethods->xSectorSize(of(file)->real); }

static int log_device(sqlite3_file *file)
{
    return of(file)->real->pMethods->xDeviceCharacteristics(of(file)->real);
}

/* Version 1: a log is not mapped into memory, and the memory shared beside it belongs to the database's file. */
static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_is_reserved,
    .xFileControl = log_control,
    .xSectorSize = log_sector,
    .xDeviceCharacteristics = log_device,
};

static sqlite3_vfs layer;

static sqlite3_vfs *below(void)
{
    return layer.pAppData;
}

static int layer_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    (void)vfs;
    if (!(flags & SQLITE_OPEN_WAL))
        return below()->xOpen(below(), name, file, flags, out_flags);
    struct log_file *log = of(file);
    *log = (struct log_file){ .real = (sqlite3_file *)(void *)(log + 1) };
    const int rc = below()->xOpen(below(), name, log->real, flags, out_flags);
    log->base.pMethods = rc == SQLITE_OK ? &log_methods : NULL;
    if (rc != SQLITE_OK && log->real->pMethods)
        log->real->pMethods->xClose(log->real);
    return rc;
}

static void layer_make(void)
{
    sqlite3_vfs *system = sqlite3_vfs_find(NULL);
    if (!system)
        log_die("SQLite has no file system");
    layer = *system;
    layer.pNext = NULL;
    layer.zName = "polydrive";
    layer.pAppData = system;
    layer.szOsFile = system->szOsFile + (int)sizeof(struct log_file);
    layer.xOpen = layer_open;
    if (sqlite3_vfs_register(&layer, 0) != SQLITE_OK)
        log_die("SQLite takes no layer");
}

const char *sqlite_log_layer(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, layer_make);
    return layer.zName;
}
