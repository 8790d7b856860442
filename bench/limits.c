/* bench/limits.c: what the machine itself can do, for figures to stand beside.
 *
 *   limits sync FOLDER WRITERS SECONDS   appends of 4 KiB, each followed by fdatasync, a file a writer
 *   limits disk FOLDER BYTES             one file of that size in pieces of 1 MiB, then one fdatasync
 *   limits hash BYTES                    the digests an upload needs, by the product's own functions, one thread
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

static void disk_main(const char *folder, double bytes)
{
    char     *piece = grab(PIECE);
    const int fd = open_unnamed(folder);
    random_bytes(piece, PIECE);
    const double begin = seconds_now();
    for (double left = bytes; left > 0; left -= PIECE)
        write_all(fd, piece, PIECE);
    if (fdatasync(fd))
        give_up("cannot sync: %s", strerror(errno));
    printf("{\"seconds\": %.4f}\n", seconds_now() - begin);
    close(fd);
    free(piece);
}

static void hash_main(double bytes)
{
    struct hasher *digests[] = { hasher_new(DIGEST_SHA256), hasher_new(DIGEST_SHA1), hasher_new(DIGEST_MD5) };
    char          *piece = grab(HASHED);
    uint64_t       crc = 0;
    random_bytes(piece, HASHED);
    const double begin = seconds_now();
    for (double left = bytes; left > 0; left -= HASHED) {
        for (size_t i = 0; i < COUNT(digests); i++)
            hasher_add(digests[i], (str){ piece, HASHED });
        crc = crc64(crc, (str){ piece, HASHED });
    }
    printf("{\"seconds\": %.4f, \"crc\": %d}\n", seconds_now() - begin, crc != 0);
    for (size_t i = 0; i < COUNT(digests); i++)
        hasher_free(&digests[i]);
    free(piece);
}

int main(int count, char **words)
{
    if (count == 5 && strcmp(words[1], "sync") == 0)
        sync_main(words[2], (int)read_number(words[3]), read_number(words[4]));
    else if (count == 4 && strcmp(words[1], "disk") == 0)
        disk_main(words[2], read_number(words[3]));
    else if (count == 3 && strcmp(words[1], "hash") == 0)
        hash_main(read_number(words[2]));
    else
        give_up("limits sync|disk|hash ...: see the head of bench/limits.c");
    return 0;
}
