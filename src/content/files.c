/* content/files.c: chunks as files of one folder.
 *
 *     WHERE/content/3f/16191   the chunk 16191; 3f are its low eight bits
 *     WHERE/tmp/8264117...     a chunk being written, under a random number
 *
 * A sink is OPEN (a file in tmp/), SPOILT (a write failed; its bytes have a gap) or gone: kept under
 * its final name, or dropped. A file under its final name is whole and on disk: it was synced before
 * it got the name, and the folder is synced after. All 256 folders are there, and synced, from the
 * start: a folder made on the way would need a sync of its own parent in front of the answer.
 *
 * The store is BROKEN from the first failed sync on. The kernel forgets what it could not write, and
 * the next sync says success, so asking again would be lying. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "content/driver.h"

enum {
    FOLDERS = 256,
    NAME_ROOM = 32,
    WRITEBACK_BYTES = 4 * 1024 * 1024, /* so that keep finds little left to write */
    LEFTOVER_MS = 24 * 60 * 60 * 1000,
    DIR_FLAGS = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW,
};

struct files {
    struct content base;
    int            root, chunks, tmp; /* WHERE, WHERE/content, WHERE/tmp */
    _Atomic bool   broken;
};

struct file_sink {
    struct sink   base;
    struct files *files;
    int           fd;
    bool          spoilt;
    int64_t       written, sent; /* sent: up to here writeback was started */
    char          name[NAME_ROOM];
};

static void fd_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void dir_close(DIR **dir)
{
    if (*dir)
        closedir(*dir);
    *dir = NULL;
}

static void folder_name(int folder, char out[NAME_ROOM])
{
    snprintf(out, NAME_ROOM, "%02x", (unsigned)folder & 255u);
}

static void chunk_name(id chunk, char out[NAME_ROOM])
{
    snprintf(out, NAME_ROOM, "%02x/%" PRId64, (unsigned)chunk.v & 255u, chunk.v);
}

/* The fault for errno after a call on the disk. A full disk is told by /readyz and by every answer,
 * so only what is stranger goes to the log. `because` is a static sentence. */
static enum fault disk_fault(struct cx *cx, const char *because)
{
    const int error = errno;
    if (error == ENOSPC || error == EDQUOT)
        return fail(cx, FAULT_UNAVAILABLE, .because = "the disk is full");
    log_line(LOG_ERROR, because, LOG_PAIRS({ "error", str_of(strerrordesc_np(error)) },
                                           { "request", cx->request_id }));
    return fail(cx, FAULT_UNAVAILABLE, .because = because);
}

/* After a failed sync. */
static enum fault broken_fault(struct cx *cx, struct files *files)
{
    const int error = errno;
    if (!atomic_exchange(&files->broken, true))
        log_line(LOG_ERROR, "a sync of the content folder failed: nothing more is kept until restart",
                 LOG_PAIRS({ "error", str_of(strerrordesc_np(error)) }));
    return fail(cx, FAULT_UNAVAILABLE, .because = "the disk failed");
}

static enum fault refuse_if_broken(struct cx *cx, const struct files *files)
{
    if (atomic_load(&files->broken))
        return fail(cx, FAULT_UNAVAILABLE, .because = "the disk failed; the server must be restarted");
    return OK;
}

/* Opens the folder `name` in `parent`, made if absent. */
static enum fault folder_open(struct cx *cx, int parent, const char *name, int *out)
{
    if (mkdirat(parent, name, 0700) < 0 && errno != EEXIST)
        return disk_fault(cx, "cannot make a folder for content");
    *out = openat(parent, name, DIR_FLAGS);
    return *out < 0 ? disk_fault(cx, "cannot open a folder for content") : OK;
}

/* The folder named by the operator: here a symbolic link is theirs to use. Its entry in the folder
 * above is synced too, for a folder that was just made. */
static enum fault root_open(struct cx *cx, str where, int *root)
{
    const char *path = arena_z(cx->arena, where);
    if (mkdir(path, 0700) < 0 && errno != EEXIST)
        return disk_fault(cx, "cannot make the content folder");
    *root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*root < 0)
        return disk_fault(cx, "cannot open the content folder");
    AUTO(fd_close) int above = openat(*root, "..", DIR_FLAGS);
    /* Not allowed to look into the folder above: then it was not us who made this one in it. */
    if (above >= 0 && fsync(above) < 0 && errno != EINVAL)
        return disk_fault(cx, "cannot sync the folder above the content folder");
    return OK;
}

static enum fault folders_make(struct cx *cx, struct files *files)
{
    char name[NAME_ROOM];
    TRY(folder_open(cx, files->root, "tmp", &files->tmp));
    TRY(folder_open(cx, files->root, "content", &files->chunks));
    for (int i = 0; i < FOLDERS; i++) {
        folder_name(i, name);
        if (mkdirat(files->chunks, name, 0700) < 0 && errno != EEXIST)
            return disk_fault(cx, "cannot make a folder for content");
    }
    /* Always, also when all were there: who made them may have died before this line. */
    if (fsync(files->chunks) < 0 || fsync(files->root) < 0)
        return disk_fault(cx, "cannot sync the content folder");
    return OK;
}

/* Calls see() for each plain file of the folder `name`, with its name and state. */
static enum fault folder_each(struct cx *cx, int parent, const char *name,
                              enum fault (*see)(struct cx *, void *, const char *, const struct stat *),
                              void *arg)
{
    const int fd = openat(parent, name, DIR_FLAGS);
    AUTO(dir_close) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        const enum fault fault = disk_fault(cx, "cannot read a folder of content");
        if (fd >= 0)
            close(fd);
        return fault;
    }
    for (const struct dirent *entry; errno = 0, (entry = readdir(dir));) {
        struct stat at;
        if (entry->d_name[0] == '.' || fstatat(fd, entry->d_name, &at, AT_SYMLINK_NOFOLLOW) < 0)
            continue; /* gone meanwhile */
        if (S_ISREG(at.st_mode))
            TRY(see(cx, arg, entry->d_name, &at));
    }
    return errno ? disk_fault(cx, "cannot read a folder of content") : OK;
}

static instant changed_at(const struct stat *at)
{
    return (instant){ (int64_t)at->st_mtim.tv_sec * 1000 + at->st_mtim.tv_nsec / 1000000 };
}

static enum fault leftover_see(struct cx *cx, void *arg, const char *name, const struct stat *at)
{
    const struct files *files = arg;
    (void)cx;
    if (clock_now().ms - changed_at(at).ms > LEFTOVER_MS)
        unlinkat(files->tmp, name, 0); /* if not now, then at the next start */
    return OK;
}

static void files_close(struct content *content)
{
    struct files *files = (struct files *)content;
    fd_close(&files->tmp);
    fd_close(&files->chunks);
    fd_close(&files->root);
    free(files);
}

static enum fault files_open(struct cx *cx, str where, struct content **out)
{
    struct files *files = malloc(sizeof *files);
    if (!files)
        log_die("out of memory");
    *files = (struct files){ .base.driver = &content_files, .root = -1, .chunks = -1, .tmp = -1 };
    enum fault fault = root_open(cx, where, &files->root);
    if (fault == OK)
        fault = folders_make(cx, files);
    if (fault == OK)
        fault = folder_each(cx, files->root, "tmp", leftover_see, files);
    if (fault != OK)
        files_close(&files->base);
    else
        *out = &files->base;
    return fault;
}

static int64_t files_free_bytes(struct content *content)
{
    struct statvfs at;
    if (fstatvfs(((struct files *)content)->chunks, &at) < 0)
        return -1;
    return (int64_t)at.f_bavail * (int64_t)at.f_frsize;
}

static bool files_broken(const struct content *content)
{
    return atomic_load(&((const struct files *)content)->broken);
}

static enum fault files_sink_open(struct cx *cx, struct content *content, struct sink **out)
{
    struct files     *files = (struct files *)content;
    struct file_sink *sink;
    uint64_t          number;

    TRY(refuse_if_broken(cx, files));
    if (!(sink = malloc(sizeof *sink)))
        log_die("out of memory");
    *sink = (struct file_sink){ .base.driver = &content_files, .files = files, .fd = -1 };
    do {
        random_bytes(&number, sizeof number);
        snprintf(sink->name, sizeof sink->name, "%" PRIu64, number);
        sink->fd = openat(files->tmp, sink->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    } while (sink->fd < 0 && (errno == EEXIST || errno == EINTR));
    if (sink->fd < 0) {
        const enum fault fault = disk_fault(cx, "cannot make a temporary file");
        free(sink);
        return fault;
    }
    *out = &sink->base;
    return OK;
}

/* Starts writing what came since the last time, so that dirty pages do not pile up until keep. What
 * goes wrong here is told again by the sync. */
static void writeback_start(struct file_sink *sink)
{
    if (sink->written - sink->sent < WRITEBACK_BYTES)
        return;
    (void)sync_file_range(sink->fd, sink->sent, sink->written - sink->sent, SYNC_FILE_RANGE_WRITE);
    sink->sent = sink->written;
}

static enum fault files_sink_write(struct cx *cx, struct sink *base, str piece)
{
    struct file_sink *sink = (struct file_sink *)base;
    while (piece.n) {
        const ssize_t wrote = write(sink->fd, piece.p, piece.n);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0) {
            sink->spoilt = true;
            return disk_fault(cx, "cannot write a temporary file");
        }
        sink->written += wrote;
        piece = str_from(piece, (size_t)wrote);
        writeback_start(sink);
    }
    return OK;
}

/* tmp/NAME becomes the chunk; never overwrites. Some file systems know no RENAME_NOREPLACE (NFS, some
 * FUSE): a hard link refuses an existing name everywhere. */
static int name_finally(const struct file_sink *sink, const char *name)
{
    const int tmp = sink->files->tmp, chunks = sink->files->chunks;
    if (renameat2(tmp, sink->name, chunks, name, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
        return -1;
    if (linkat(tmp, sink->name, chunks, name, 0) < 0)
        return -1;
    unlinkat(tmp, sink->name, 0); /* if it stays, a later start removes it */
    return 0;
}

/* The order is the promise: bytes on disk, then the name, then the name on disk. */
static enum fault sink_make_durable(struct cx *cx, struct file_sink *sink, id chunk)
{
    char folder[NAME_ROOM], name[NAME_ROOM];
    folder_name((int)(chunk.v & 255), folder);
    chunk_name(chunk, name);

    TRY(refuse_if_broken(cx, sink->files));
    if (sink->spoilt)
        return fail(cx, FAULT_UNAVAILABLE, .because = "a write failed before");
    AUTO(fd_close) int dir = openat(sink->files->chunks, folder, DIR_FLAGS);
    if (dir < 0)
        return disk_fault(cx, "cannot open a folder for content");
    if (fdatasync(sink->fd) < 0)
        /* No room is found out this late on network disks. It harms this file only, which goes. */
        return errno == ENOSPC || errno == EDQUOT ? disk_fault(cx, "") : broken_fault(cx, sink->files);
    if (name_finally(sink, name) < 0)
        return errno == EEXIST ? fail(cx, FAULT_INTERNAL, .other = chunk.v, .got = str_of(name),
                                      .because = "a chunk's number is taken already")
                               : disk_fault(cx, "cannot name a chunk");
    if (fsync(dir) < 0) {
        const enum fault fault = broken_fault(cx, sink->files);
        unlinkat(sink->files->chunks, name, 0); /* nobody was told of it */
        return fault;
    }
    sink->name[0] = 0; /* nothing left in tmp/ */
    return OK;
}

static void files_sink_drop(struct sink *base)
{
    struct file_sink *sink = (struct file_sink *)base;
    fd_close(&sink->fd);
    if (sink->name[0])
        unlinkat(sink->files->tmp, sink->name, 0);
    free(sink);
}

static enum fault files_sink_keep(struct cx *cx, struct sink *base, id chunk)
{
    const enum fault fault = sink_make_durable(cx, (struct file_sink *)base, chunk);
    files_sink_drop(base);
    return fault;
}

static enum fault files_read_open(struct cx *cx, struct content *content, id chunk, int *fd)
{
    char name[NAME_ROOM];
    chunk_name(chunk, name);
    do
        *fd = openat(((struct files *)content)->chunks, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    while (*fd < 0 && errno == EINTR);
    if (*fd >= 0)
        return OK;
    if (errno != ENOENT)
        return disk_fault(cx, "cannot open a chunk");
    log_line(LOG_ERROR, "a chunk is not in the content folder",
             LOG_PAIRS({ "chunk", str_of(name) }, { "request", cx->request_id }));
    return fail(cx, FAULT_NOT_FOUND, .other = chunk.v, .because = "stored content is missing");
}

/* No sync: a file that comes back after a power cut has no row, and check finds it. */
static enum fault files_remove(struct cx *cx, struct content *content, id chunk)
{
    char name[NAME_ROOM];
    chunk_name(chunk, name);
    if (unlinkat(((struct files *)content)->chunks, name, 0) < 0 && errno != ENOENT)
        return disk_fault(cx, "cannot remove a chunk");
    return OK;
}

/* What content_each passes through folder_each. */
struct walk {
    enum fault (*see)(struct cx *, void *, id, int64_t, instant);
    void *arg;
    int   folder; /* -1: tmp/ */
};

static enum fault walk_see(struct cx *cx, void *arg, const char *name, const struct stat *at)
{
    const struct walk *walk = arg;
    id                 chunk = ID_NONE;
    if (walk->folder >= 0
        && (!str_int64(str_of(name), &chunk.v) || chunk.v < 1 || (chunk.v & 255) != walk->folder)) {
        log_line(LOG_WARN, "a file in the content folder is not ours", LOG_PAIRS({ "name", str_of(name) }));
        return OK;
    }
    return walk->see(cx, walk->arg, chunk, at->st_size, changed_at(at));
}

static enum fault files_each(struct cx *cx, struct content *content,
                             enum fault (*see)(struct cx *, void *, id, int64_t, instant), void *arg)
{
    const struct files *files = (const struct files *)content;
    struct walk         walk = { see, arg, -1 };
    char                name[NAME_ROOM];

    TRY(folder_each(cx, files->root, "tmp", walk_see, &walk));
    for (walk.folder = 0; walk.folder < FOLDERS; walk.folder++) {
        folder_name(walk.folder, name);
        TRY(folder_each(cx, files->chunks, name, walk_see, &walk));
    }
    return OK;
}

const struct content_driver content_files = {
    .name = "files",
    .open = files_open,
    .close = files_close,
    .sink_open = files_sink_open,
    .sink_write = files_sink_write,
    .sink_keep = files_sink_keep,
    .sink_drop = files_sink_drop,
    .read_open = files_read_open,
    .remove = files_remove,
    .each = files_each,
    .free_bytes = files_free_bytes,
    .broken = files_broken,
};
