/* bench/bulk.c: few large transfers.
 *
 *   bulk put PORT CONNECTIONS SIZE PATH...   PUTs SIZE bytes to each path, in order, CONNECTIONS at a time
 *   bulk get PORT CONNECTIONS SIZE PATH...   GETs each path; each must have SIZE bytes
 *
 * What comes is thrown away in the kernel (MSG_TRUNC), so that the reader costs as little as it can. Prints
 * the seconds from the first byte to the last answer as a JSON object. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "wire.h"

enum { PIECE = 1 << 20 };

static struct {
    int           port;
    int64_t       size;
    char        **paths;
    size_t        count;
    atomic_size_t next;
    bool          puts;
} jobs;

static void put(struct wire *wire, const char *path, const char *piece)
{
    char     *head;
    const int n = asprintf(&head, "PUT %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %lld\r\n\r\n", path,
                           (long long)jobs.size);
    if (n < 0)
        give_up("out of memory");
    wire_send(wire, head, (size_t)n);
    free(head);
    for (int64_t left = jobs.size; left > 0; left -= PIECE)
        wire_send(wire, piece, left < PIECE ? (size_t)left : PIECE);
    wire_read_whole(wire);
    if (wire->status / 100 != 2)
        wire_expect(wire, 200, path);
}

/* The head byte by byte: what follows it must stay in the socket for MSG_TRUNC. */
static int64_t read_head(struct wire *wire, const char *path)
{
    char   head[8192];
    size_t n = 0;
    while (n < 4 || memcmp(head + n - 4, "\r\n\r\n", 4) != 0) {
        const ssize_t got = n + 1 < sizeof head ? recv(wire->fd, head + n, 1, 0) : 0;
        if (got <= 0)
            give_up("%s: no answer", path);
        n += (size_t)got;
    }
    head[n] = '\0';
    const char *length = strcasestr(head, "\r\nContent-Length:");
    if (atoi(head + 9) != 200 || !length)
        give_up("%s: %s", path, head);
    return atoll(length + 17);
}

static void get(struct wire *wire, const char *path, char *piece)
{
    char     *head;
    const int n = asprintf(&head, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path);
    if (n < 0)
        give_up("out of memory");
    wire_send(wire, head, (size_t)n);
    free(head);
    int64_t left = read_head(wire, path);
    if (left != jobs.size)
        give_up("%s: %lld bytes", path, (long long)left);
    while (left > 0) {
        const ssize_t got = recv(wire->fd, piece, left < PIECE ? (size_t)left : PIECE, MSG_TRUNC);
        if (got == 0 || (got < 0 && errno != EINTR))
            give_up("%s: broke off with %lld bytes to come", path, (long long)left);
        left -= got > 0 ? got : 0;
    }
}

static void *worker(void *arg)
{
    struct wire wire;
    char       *piece = grab(PIECE);
    (void)arg;
    for (size_t done = 0; done < PIECE;) { /* no two transfers bring the same bytes */
        const ssize_t got = getrandom(piece + done, PIECE - done, 0);
        done += got > 0 ? (size_t)got : 0;
    }
    wire_open(&wire, jobs.port);
    for (size_t i; (i = atomic_fetch_add(&jobs.next, 1)) < jobs.count;) {
        if (jobs.puts)
            put(&wire, jobs.paths[i], piece);
        else
            get(&wire, jobs.paths[i], piece);
    }
    wire_close(&wire);
    free(piece);
    return NULL;
}

int main(int count, char **words)
{
    if (count < 6 || (strcmp(words[1], "put") != 0 && strcmp(words[1], "get") != 0))
        give_up("bulk put|get PORT CONNECTIONS SIZE PATH...");
    const int  connections = (int)read_number(words[3]);
    pthread_t *threads = grab((size_t)connections * sizeof *threads);
    jobs.puts = strcmp(words[1], "put") == 0;
    jobs.port = (int)read_number(words[2]);
    jobs.size = (int64_t)read_number(words[4]);
    jobs.paths = words + 5;
    jobs.count = (size_t)count - 5;
    const double begin = seconds_now();
    for (int i = 0; i < connections; i++)
        if (pthread_create(&threads[i], NULL, worker, NULL))
            give_up("cannot start a thread");
    for (int i = 0; i < connections; i++)
        pthread_join(threads[i], NULL);
    printf("{\"seconds\": %.4f}\n", seconds_now() - begin);
    free(threads);
    return 0;
}
