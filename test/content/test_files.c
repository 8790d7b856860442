/* The files driver, and what every content driver promises. */
#include "test.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "content/content.h"
#include "content/driver.h"
#include "content/failing.h"

/* --- the disk, made to fail: these stand in front of the C library's own --- */

static int sync_errno, folder_sync_errno, write_errno;
static atomic_int syncs;

/* A pointer to a function out of dlsym, without the cast that ISO C does not know. */
typedef int (*on_fd)(int);
static on_fd real_sync(const char *name)
{
    on_fd f;
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(&f, &symbol, sizeof f);
    return f;
}

int fdatasync(int fd)
{
    syncs++;
    errno = sync_errno;
    return sync_errno ? -1 : real_sync("fdatasync")(fd);
}

int fsync(int fd)
{
    syncs++;
    errno = folder_sync_errno;
    return folder_sync_errno ? -1 : real_sync("fsync")(fd);
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    ssize_t (*real)(int, const void *, size_t);
    void   *symbol = dlsym(RTLD_NEXT, "write");
    memcpy(&real, &symbol, sizeof real);
    if (write_errno && fd > STDERR_FILENO) {
        errno = write_errno;
        return -1;
    }
    return real(fd, bytes, n);
}

/* --- a store in a folder of its own, gone after the test --- */

struct fixture {
    struct arena   *arena;
    struct cx       cx;
    struct content *content;
    char            where[64];
};

static int remove_entry(const char *path, const struct stat *at, int kind, struct FTW *walk)
{
    (void)at, (void)kind, (void)walk;
    return remove(path);
}

static void fixture_done(struct fixture *f)
{
    sync_errno = folder_sync_errno = write_errno = 0;
    log_setup(LOG_TEXT, LOG_INFO);
    content_close(&f->content);
    nftw(f->where, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    arena_free(&f->arena);
}

static void fixture_open(struct fixture *f)
{
    CHECK(content_open(&f->cx, str_of(f->where), &f->content) == OK);
}

static void fixture_init(struct fixture *f)
{
    *f = (struct fixture){ .arena = arena_new() };
    f->cx.arena = f->arena;
    snprintf(f->where, sizeof f->where, "/tmp/polydrive-content-XXXXXX");
    CHECK(mkdtemp(f->where));
    fixture_open(f);
}
#define FIXTURE(f)                         \
    AUTO(fixture_done) struct fixture f;   \
    fixture_init(&f)

static enum fault put(struct fixture *f, str bytes, int64_t number)
{
    AUTO(content_sink_drop) struct sink *sink = NULL;
    TRY(content_sink_open(&f->cx, f->content, &sink));
    TRY(content_sink_write(&f->cx, sink, bytes));
    return content_sink_keep(&f->cx, &sink, (id){ number });
}

static str get(struct fixture *f, int64_t number)
{
    int         fd;
    struct stat at;
    if (content_read_open(&f->cx, f->content, (id){ number }, &fd) != OK)
        return S0;
    CHECK(fstat(fd, &at) == 0);
    char *bytes = arena_make(f->arena, (size_t)at.st_size + 1);
    CHECK(read(fd, bytes, (size_t)at.st_size) == at.st_size);
    close(fd);
    return (str){ bytes, (size_t)at.st_size };
}

struct seen {
    int     chunks, temporary;
    int64_t bytes, last;
};

static enum fault see(struct cx *cx, void *arg, id chunk, int64_t size, instant changed)
{
    struct seen *seen = arg;
    (void)cx;
    CHECK(changed.ms > clock_now().ms - 3 * 24 * 3600 * 1000L);
    seen->chunks += chunk.v != 0;
    seen->temporary += chunk.v == 0;
    seen->bytes += size;
    seen->last = chunk.v ? chunk.v : seen->last;
    return OK;
}

static struct seen look(struct fixture *f)
{
    struct seen seen = { 0 };
    CHECK(content_each(&f->cx, f->content, see, &seen) == OK);
    return seen;
}

TEST(content_files, gives_back_what_was_kept)
{
    static const int64_t numbers[] = { 1, 255, 256, 257, 123456789, ID_MAX };
    FIXTURE(f);
    for (size_t i = 0; i < COUNT(numbers); i++)
        CHECK(put(&f, arena_print(f.arena, "chunk %zu", i), numbers[i]) == OK);
    content_close(&f.content);
    fixture_open(&f);
    for (size_t i = 0; i < COUNT(numbers); i++)
        CHECK(str_eq(get(&f, numbers[i]), arena_print(f.arena, "chunk %zu", i)));
    CHECK(look(&f).chunks == COUNT(numbers));
}

TEST(content_files, keeps_an_empty_chunk)
{
    FIXTURE(f);
    CHECK(put(&f, S(""), 5) == OK);
    CHECK(get(&f, 5).p && get(&f, 5).n == 0);
}

/* Also what test_order.sh watches with strace. */
TEST(content_files, keeps_in_order)
{
    FIXTURE(f);
    AUTO(content_sink_drop) struct sink *sink = NULL;
    const size_t mib = 1024 * 1024;
    char        *bytes = arena_make(f.arena, mib);
    memset(bytes, 'x', mib);
    CHECK(content_sink_open(&f.cx, f.content, &sink) == OK);
    for (int i = 0; i < 9; i++)
        CHECK(content_sink_write(&f.cx, sink, (str){ bytes, mib }) == OK);
    syncs = 0;
    CHECK(content_sink_keep(&f.cx, &sink, (id){ 7 }) == OK);
    CHECK(syncs == 2); /* the file, and its folder */
    CHECK(get(&f, 7).n == 9 * mib);
}

TEST(content_files, shows_nothing_before_keep)
{
    FIXTURE(f);
    AUTO(content_sink_drop) struct sink *sink = NULL;
    CHECK(content_sink_open(&f.cx, f.content, &sink) == OK);
    CHECK(content_sink_write(&f.cx, sink, S("half")) == OK);
    log_setup(LOG_TEXT, LOG_ERROR + 1);
    int fd = 0;
    CHECK(content_read_open(&f.cx, f.content, (id){ 9 }, &fd) == FAULT_NOT_FOUND && fd == -1);
    CHECK(look(&f).chunks == 0 && look(&f).temporary == 1 && look(&f).bytes == 4);
    CHECK(content_sink_keep(&f.cx, &sink, (id){ 9 }) == OK && !sink);
    CHECK(look(&f).chunks == 1 && look(&f).temporary == 0 && look(&f).last == 9);
}

TEST(content_files, leaves_nothing_of_a_dropped_sink)
{
    FIXTURE(f);
    struct sink *sink;
    CHECK(content_sink_open(&f.cx, f.content, &sink) == OK);
    CHECK(content_sink_write(&f.cx, sink, S("bytes")) == OK);
    content_sink_drop(&sink);
    CHECK(!sink);
    content_sink_drop(&sink); /* NULL is accepted */
    CHECK(look(&f).chunks == 0 && look(&f).temporary == 0);
}

TEST(content_files, never_overwrites_a_chunk)
{
    FIXTURE(f);
    CHECK(put(&f, S("first"), 3) == OK);
    log_setup(LOG_TEXT, LOG_ERROR + 1);
    CHECK(put(&f, S("second"), 3) == FAULT_INTERNAL);
    CHECK(str_eq(get(&f, 3), S("first")));
    CHECK(look(&f).temporary == 0);
    CHECK(!content_broken(f.content));
}

TEST(content_files, removes_a_chunk_and_does_not_mind_its_absence)
{
    FIXTURE(f);
    CHECK(put(&f, S("bytes"), 4) == OK);
    CHECK(content_remove(&f.cx, f.content, (id){ 4 }) == OK);
    CHECK(content_remove(&f.cx, f.content, (id){ 4 }) == OK);
    CHECK(look(&f).chunks == 0);
}

TEST(content_files, reads_on_while_a_chunk_is_removed)
{
    FIXTURE(f);
    char bytes[8];
    int  fd;
    CHECK(put(&f, S("bytes"), 4) == OK);
    CHECK(content_read_open(&f.cx, f.content, (id){ 4 }, &fd) == OK);
    CHECK(content_remove(&f.cx, f.content, (id){ 4 }) == OK);
    CHECK(read(fd, bytes, sizeof bytes) == 5);
    close(fd);
}

static int only_ours(const char *path, const struct stat *at, int kind, struct FTW *walk)
{
    const char *name = path + walk->base;
    if (walk->level == 0 || (walk->level == 1 && (!strcmp(name, "content") || !strcmp(name, "tmp"))))
        return 0;
    const char *digits = kind == FTW_D ? "0123456789abcdef" : "0123456789";
    if (name[strspn(name, digits)] || (kind == FTW_D && strlen(name) != 2))
        return 1;
    return (at->st_mode & 077) != 0;
}

TEST(content_files, has_only_numbers_on_disk_and_nothing_for_others_to_read)
{
    FIXTURE(f);
    AUTO(content_sink_drop) struct sink *sink = NULL;
    CHECK(put(&f, S("bytes"), 300) == OK);
    CHECK(content_sink_open(&f.cx, f.content, &sink) == OK);
    CHECK(nftw(f.where, only_ours, 16, FTW_PHYS) == 0);
    struct stat at;
    CHECK(stat(arena_z(f.arena, arena_print(f.arena, "%s/content/2c/300", f.where)), &at) == 0);
    CHECK((at.st_mode & 07777) == 0600);
}

TEST(content_files, makes_all_folders_ahead)
{
    FIXTURE(f);
    struct stat at;
    for (unsigned i = 0; i < 256; i++)
        CHECK(stat(arena_print(f.arena, "%s/content/%02x", f.where, i).p, &at) == 0
              && S_ISDIR(at.st_mode) && (at.st_mode & 07777) == 0700);
}

TEST(content_files, makes_its_folder_for_the_owner_only)
{
    FIXTURE(f);
    AUTO(content_close) struct content *second = NULL;
    struct stat at;
    const str   where = arena_print(f.arena, "%s/inner", f.where);
    CHECK(content_open(&f.cx, where, &second) == OK);
    CHECK(stat(where.p, &at) == 0 && (at.st_mode & 07777) == 0700);
}

TEST(content_files, removes_only_old_leftovers_at_open)
{
    FIXTURE(f);
    AUTO(content_sink_drop) struct sink *mine = NULL;
    const str      old = arena_print(f.arena, "%s/tmp/111", f.where);
    const str      young = arena_print(f.arena, "%s/tmp/222", f.where);
    const time_t   now = time(NULL);
    struct timespec when[2] = { { now - 25 * 3600, 0 }, { now - 25 * 3600, 0 } };
    close(open(old.p, O_CREAT | O_WRONLY, 0600));
    close(open(young.p, O_CREAT | O_WRONLY, 0600));
    CHECK(utimensat(AT_FDCWD, old.p, when, 0) == 0);
    when[0].tv_sec = when[1].tv_sec = now - 23 * 3600;
    CHECK(utimensat(AT_FDCWD, young.p, when, 0) == 0);
    CHECK(content_sink_open(&f.cx, f.content, &mine) == OK);

    AUTO(content_close) struct content *second = NULL; /* a subcommand beside the server */
    CHECK(content_open(&f.cx, str_of(f.where), &second) == OK);
    CHECK(access(old.p, F_OK) < 0 && access(young.p, F_OK) == 0);
    CHECK(content_sink_keep(&f.cx, &mine, (id){ 1 }) == OK);
}

TEST(content_files, passes_over_strange_files)
{
    FIXTURE(f);
    CHECK(put(&f, S("bytes"), 300) == OK);
    static const char *const strange[] = { "00/notes.txt", "00/007", "00/1", "00/-256", "00/0" };
    for (size_t i = 0; i < COUNT(strange); i++)
        close(open(arena_print(f.arena, "%s/content/%s", f.where, strange[i]).p, O_CREAT | O_WRONLY, 0600));
    CHECK(symlink("/etc/passwd", arena_print(f.arena, "%s/content/00/256", f.where).p) == 0);
    log_setup(LOG_TEXT, LOG_ERROR + 1);
    CHECK(look(&f).chunks == 1);
    int fd;
    CHECK(content_read_open(&f.cx, f.content, (id){ 256 }, &fd) == FAULT_UNAVAILABLE);
}

static enum fault stop_at_second(struct cx *cx, void *arg, id chunk, int64_t size, instant changed)
{
    int *calls = arg;
    (void)chunk, (void)size, (void)changed;
    return ++*calls == 2 ? fail(cx, FAULT_CONFLICT, .because = "enough") : OK;
}

TEST(content_files, hands_back_the_fault_that_ends_a_walk)
{
    FIXTURE(f);
    int calls = 0;
    for (int64_t n = 1; n <= 3; n++)
        CHECK(put(&f, S("bytes"), n) == OK);
    CHECK(content_each(&f.cx, f.content, stop_at_second, &calls) == FAULT_CONFLICT && calls == 2);
}

TEST(content_files, says_unavailable_for_a_bad_place)
{
    static const char *const places[] = { "/nowhere/at/all", "/proc/polydrive", "/dev/null", "" };
    FIXTURE(f);
    log_setup(LOG_TEXT, LOG_ERROR + 1);
    for (size_t i = 0; i < COUNT(places); i++) {
        struct content *none = NULL;
        CHECK_CASE(places[i], content_open(&f.cx, str_of(places[i]), &none) == FAULT_UNAVAILABLE && !none);
    }
    struct content *none = NULL;
    CHECK(content_open(&f.cx, S("s3://bucket"), &none) == FAULT_UNSUPPORTED && !none);
}

TEST(content_files, says_unavailable_where_it_may_not_write)
{
    FIXTURE(f);
    log_setup(LOG_TEXT, LOG_ERROR + 1);
    content_close(&f.content);
    const bool is_root = geteuid() == 0;
    CHECK(chmod(f.where, 0500) == 0);
    CHECK(rmdir(arena_print(f.arena, "%s/tmp", f.where).p) == 0);
    if (is_root)
        CHECK(seteuid(65534) == 0);
    const enum fault fault = content_open(&f.cx, str_of(f.where), &f.content);
    if (is_root)
        CHECK(seteuid(0) == 0);
    chmod(f.where, 0700);
    CHECK(fault == FAULT_UNAVAILABLE);
}

TEST(content_files, does_not_follow_links_beneath_its_folder)
{
    FIXTURE(f);
    content_close(&f.content);
    CHECK(rmdir(arena_print(f.arena, "%s/tmp", f.where).p) == 0);
    CHECK(symlink("/tmp", arena_print(f.arena, "%s/tmp", f.where).p) == 0);
    log_setup(LOG_TEXT, LOG_ERROR + 1);
    CHECK(content_open(&f.cx, str_of(f.where), &f.content) == FAULT_UNAVAILABLE);
}

TEST(content_files, is_broken_after_a_failed_sync_until_reopened)
{
    FIXTURE(f);
    log_setup(LOG_TEXT, LOG_ERROR + 1);
    CHECK(put(&f, S("before"), 1) == OK);
    AUTO(content_sink_drop) struct sink *open_already = NULL;
    CHECK(content_sink_open(&f.cx, f.content, &open_already) == OK);

    sync_errno = EIO;
    syncs = 0;
    CHECK(put(&f, S("lost"), 2) == FAULT_UNAVAILABLE);
    CHECK(syncs == 1); /* never asked again */
    CHECK(content_broken(f.content));
    sync_errno = 0;
    CHECK(put(&f, S("later"), 3) == FAULT_UNAVAILABLE);
    CHECK(content_sink_keep(&f.cx, &open_already, (id){ 4 }) == FAULT_UNAVAILABLE && !open_already);
    CHECK(syncs == 1);
    CHECK(str_eq(get(&f, 1), S("before")));
    CHECK(look(&f).chunks == 1 && look(&f).temporary == 0);

    content_close(&f.content);
    fixture_open(&f);
    CHECK(!content_broken(f.content));
    CHECK(put(&f, S("again"), 2) == OK);
}

TEST(content_files, is_broken_after_a_failed_sync_of_a_folder)
{
    FIXTURE(f);
    log_setup(LOG_TEXT, LOG_ERROR + 1);
    folder_sync_errno = EIO;
    CHECK(put(&f, S("lost"), 2) == FAULT_UNAVAILABLE);
    CHECK(content_broken(f.content));
    folder_sync_errno = 0;
    CHECK(put(&f, S("later"), 3) == FAULT_UNAVAILABLE);
    CHECK(look(&f).chunks == 0 && look(&f).temporary == 0);
}

TEST(content_files, does_not_open_where_folders_cannot_be_synced)
{
    FIXTURE(f);
    content_close(&f.content);
    log_setup(LOG_TEXT, LOG_ERROR + 1);
    folder_sync_errno = EIO;
    CHECK(content_open(&f.cx, str_of(f.where), &f.content) == FAULT_UNAVAILABLE);
}

TEST(content_files, survives_a_full_disk)
{
    static const int errors[] = { ENOSPC, EDQUOT };
    FIXTURE(f);
    for (size_t i = 0; i < COUNT(errors); i++) {
        write_errno = errors[i];
        CHECK(put(&f, S("bytes"), 1) == FAULT_UNAVAILABLE);
        CHECK(f.cx.why.because && strcmp(f.cx.why.because, "the disk is full") == 0);
        write_errno = 0;
        sync_errno = errors[i];
        CHECK(put(&f, S("bytes"), 1) == FAULT_UNAVAILABLE);
        sync_errno = 0;
        CHECK(!content_broken(f.content));
        CHECK(look(&f).chunks == 0 && look(&f).temporary == 0);
    }
    CHECK(put(&f, S("bytes"), 1) == OK);
}

TEST(content_files, does_not_keep_a_sink_with_a_gap)
{
    FIXTURE(f);
    AUTO(content_sink_drop) struct sink *sink = NULL;
    log_setup(LOG_TEXT, LOG_ERROR + 1);
    CHECK(content_sink_open(&f.cx, f.content, &sink) == OK);
    CHECK(content_sink_write(&f.cx, sink, S("one")) == OK);
    write_errno = EIO;
    CHECK(content_sink_write(&f.cx, sink, S("two")) == FAULT_UNAVAILABLE);
    write_errno = 0;
    CHECK(content_sink_write(&f.cx, sink, S("three")) == OK);
    CHECK(content_sink_keep(&f.cx, &sink, (id){ 1 }) == FAULT_UNAVAILABLE);
    CHECK(look(&f).chunks == 0 && look(&f).temporary == 0);
}

TEST(content_files, knows_the_free_bytes)
{
    FIXTURE(f);
    CHECK(content_free_bytes(f.content) > 0);
}

struct thread_job {
    struct content *content;
    int64_t         first;
    bool            good;
};

static void *keep_many(void *arg)
{
    struct thread_job *job = arg;
    AUTO(arena_free) struct arena *arena = arena_new();
    struct fixture f = { .arena = arena, .cx = { .arena = arena }, .content = job->content };
    job->good = true;
    for (int64_t i = 0; i < 20; i++) /* all into one folder, whose syncs meet */
        job->good = job->good && put(&f, S("bytes"), (job->first + i) * 256) == OK;
    return NULL;
}

TEST(content_files, keeps_for_several_threads_at_once)
{
    FIXTURE(f);
    struct thread_job jobs[4];
    pthread_t         threads[4];
    for (int i = 0; i < 4; i++) {
        jobs[i] = (struct thread_job){ f.content, 1 + i * 100, false };
        CHECK(pthread_create(&threads[i], NULL, keep_many, &jobs[i]) == 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        CHECK(jobs[i].good);
    }
    CHECK(look(&f).chunks == 80 && look(&f).temporary == 0);
}

/* Whatever call fails, the chunk is there whole or not at all, and nothing is left behind. */
TEST(content, is_whole_or_absent_whichever_call_fails)
{
    FIXTURE(f);
    for (int n = 1; n <= 4; n++) {
        f.content = failing_new(f.content, n);
        const enum fault fault = put(&f, S("bytes"), n);
        CHECK(fault == (n <= 3 ? FAULT_UNAVAILABLE : OK));
        content_close(&f.content); /* and what it wraps */
        fixture_open(&f);
        CHECK(look(&f).temporary == 0 && look(&f).chunks == (n == 4));
    }
}

TEST(content, knows_neither_room_nor_breakage_where_the_driver_does_not)
{
    FIXTURE(f);
    f.content = failing_new(f.content, 0);
    CHECK(content_free_bytes(f.content) == -1 && !content_broken(f.content));
}

TEST_MAIN
