/* bench/spawn.c: how long a program takes until it serves.
 *
 *   spawn line TEXT PROGRAM WORD...   until it prints a line that begins with TEXT on stdout
 *   spawn port PORT PROGRAM WORD...   until it accepts a connection to PORT of loopback
 *
 * Prints milliseconds from before the fork as a JSON object, ends the program by SIGTERM and waits for it. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "wire.h"

enum { PATIENCE_S = 60, LOOK_NS = 100000 };

static pid_t start(char **words, int *out)
{
    int pipes[2];
    if (pipe2(pipes, O_CLOEXEC))
        give_up("pipe: %s", strerror(errno));
    const pid_t child = fork();
    if (child < 0)
        give_up("fork: %s", strerror(errno));
    if (child == 0) {
        dup2(pipes[1], 1);
        execvp(words[0], words);
        fprintf(stderr, "%s: %s\n", words[0], strerror(errno));
        _exit(127);
    }
    close(pipes[1]);
    *out = pipes[0];
    return child;
}

static bool wait_for_line(int out, const char *text)
{
    FILE *from = fdopen(out, "r");
    char  line[1024];
    while (from && fgets(line, sizeof line, from))
        if (strncmp(line, text, strlen(text)) == 0)
            return true;
    return false;
}

static bool accepts(int port)
{
    const struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    const int  fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool good = fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof to) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

static bool wait_for_port(int port, double until)
{
    while (!accepts(port)) {
        if (seconds_now() > until)
            return false;
        nanosleep(&(struct timespec){ .tv_nsec = LOOK_NS }, NULL);
    }
    return true;
}

int main(int count, char **words)
{
    int out, status;
    if (count < 4 || (strcmp(words[1], "line") != 0 && strcmp(words[1], "port") != 0))
        give_up("spawn line TEXT | port PORT PROGRAM WORD...");
    const double begin = seconds_now();
    const pid_t  child = start(words + 3, &out);
    const bool   good = strcmp(words[1], "line") == 0
                            ? wait_for_line(out, words[2])
                            : wait_for_port((int)read_number(words[2]), begin + PATIENCE_S);
    const double took = seconds_now() - begin;
    kill(child, SIGTERM);
    waitpid(child, &status, 0);
    if (!good)
        give_up("%s did not begin to serve", words[3]);
    printf("{\"ms\": %.2f}\n", took * 1000);
    return 0;
}
