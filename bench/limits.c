/* bench/limits.c: what the machine itself can do, for figures to stand beside.
 *
 *   limits sync FOLDER WRITERS SECONDS   appends of 4 KiB, each followed by fdatasync, a file a writer
 *   limits disk FILE BYTES               one new file of that size in pieces of 1 MiB, then one fdatasync; it stays
 *   limits hash BYTES                    the digests an upload needs, by the product's own functions, one thread
 *   limits both FILE BYTES               hash and disk at once, by two threads that share the machine
 *
 * Prints one JSON object. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "wire.h"

enum { RECORD = 4096, PIECE = 1 << 20, HASHED = 64 * 1024 /* as the server gets them */ };

static struct {
    const char  *folder;
    double       end;
    atomic_llong syncs;
} sync_run;

static int open_unnamed(const char *folder)
{
    const int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        give_up("%s: %s", folder, strerror(errno));
    return fd;
}

static void write_all(int fd, const char *bytes, size_t n)
{
    if (write(fd, bytes, n) != (ssize_t)n)
        give_up("cannot write: %s", strerror(errno));
}

static void *sync_writer(void *arg)
{
    static const char record[RECORD];
    const int fd = open_unnamed(sync_run.folder);
    (void)arg;
    while (seconds_now() < sync_run.end) {
        write_all(fd, record, sizeof record);
        if (fdatasync(fd))
            give_up("cannot sync: %s", strerror(errno));
        atomic_fetch_add(&sync_run.syncs, 1);
    }
    close(fd);
    return NULL;
}

static void sync_main(const char *folder, int writers, double seconds)
{
    pthread_t *threads = grab((size_t)writers * sizeof *threads);
    sync_run.folder = folder;
    sync_run.end = seconds_now() + seconds;
    for (int i = 0; i < writers; i++)
        if (pthread_create(&threads[i], NULL, sync_writer, NULL))
            give_up("cannot start a thread");
    for (int i = 0; i < writers; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    printf("{\"rate\": %.1f}\n", (double)atomic_load(&sync_run.syncs) / seconds);
}

static void write_whole(const char *file, double bytes)
{
    char     *piece = grab(PIECE);
    const int fd = open(file, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        give_up("%s: %s", file, strerror(errno));
    random_bytes(piece, PIECE);
    for (double left = bytes; left > 0; left -= PIECE)
        write_all(fd, piece, PIECE);
    if (fdatasync(fd))
        give_up("cannot sync: %s", strerror(errno));
    close(fd);
    free(piece);
}

static uint64_t hash_whole(double bytes)
{
    struct hasher *digests[] = { hasher_new(DIGEST_SHA256), hasher_new(DIGEST_SHA1), hasher_new(DIGEST_MD5) };
    char          *piece = grab(HASHED);
    uint64_t       crc = 0;
    random_bytes(piece, HASHED);
    for (double left = bytes; left > 0; left -= HASHED) {
        for (size_t i = 0; i < COUNT(digests); i++)
            hasher_add(digests[i], (str){ piece, HASHED });
        crc = crc64(crc, (str){ piece, HASHED });
    }
    for (size_t i = 0; i < COUNT(digests); i++)
        hasher_free(&digests[i]);
    free(piece);
    return crc;
}

static void *hash_thread(void *bytes)
{
    return hash_whole(*(const double *)bytes) ? NULL : bytes;
}

/* `file` or the digests may be left out. */
static void large_main(const char *file, bool hashes, double bytes)
{
    pthread_t    thread;
    const double begin = seconds_now();
    if (hashes && pthread_create(&thread, NULL, hash_thread, &bytes))
        give_up("cannot start a thread");
    if (file)
        write_whole(file, bytes);
    if (hashes)
        pthread_join(thread, NULL);
    printf("{\"seconds\": %.4f}\n", seconds_now() - begin);
}

int main(int count, char **words)
{
    const char *what = count > 1 ? words[1] : "";
    if (count == 5 && strcmp(what, "sync") == 0)
        sync_main(words[2], (int)read_number(words[3]), read_number(words[4]));
    else if (count == 4 && strcmp(what, "disk") == 0)
        large_main(words[2], false, read_number(words[3]));
    else if (count == 3 && strcmp(what, "hash") == 0)
        large_main(NULL, true, read_number(words[2]));
    else if (count == 4 && strcmp(what, "both") == 0)
        large_main(words[2], true, read_number(words[3]));
    else
        give_up("limits sync|disk|hash|both ...: see the head of bench/limits.c");
    return 0;
}
