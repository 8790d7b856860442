/* bench/load.c: closed loops of requests on many connections, from one thread.
 *
 *   load loop   PORT CONNECTIONS SECONDS STATUS FIRST REQUEST   the same request again and again
 *   load upload PORT CONNECTIONS SECONDS FIRST SIZE SETUP       whole PDS uploads: create, PUT, complete
 *   load walk   PORT CONNECTIONS WALK...                        whole lists by their cursors, one connection each
 *
 * REQUEST is a file: request line and headers without Host and Content-Length, an empty line, the body; every
 * @N@ in it becomes a number of twelve digits, new for each request, from FIRST on. SETUP is a request like that for
 * CreateFile whose answer names the upload. A WALK is a file as well: first the text in front of the next cursor
 * in the answers, then the text that each entry has once, then a request in which @CURSOR@ stands.
 *
 * Prints one JSON object. Ends with 1, showing the reply, at the first that is not as expected. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "wire.h"

enum { DIGITS = 12, HOLES_MAX = 8, WARM_PARTS = 10 /* a tenth of the time goes by uncounted */ };

/* ---- requests ---- */

struct request {
    char   *bytes;
    size_t  n, holes[HOLES_MAX], hole_count;
};

static char *replace_all(char *text, const char *what, const char *with)
{
    for (char *at; (at = strstr(text, what));) {
        char *made;
        if (asprintf(&made, "%.*s%s%s", (int)(at - text), text, with, at + strlen(what)) < 0)
            give_up("out of memory");
        free(text);
        text = made;
    }
    return text;
}

/* Head and body of `text` (given) with the two headers that belong to the connection. */
static void request_make(char *text, struct request *out)
{
    const char *end = strstr(text, "\n\n");
    if (!end)
        give_up("a request needs an empty line after its headers:\n%s", text);
    FILE *to = open_memstream(&out->bytes, &out->n);
    for (const char *line = text; line <= end; line = strchr(line, '\n') + 1)
        fprintf(to, "%.*s\r\n", (int)strcspn(line, "\n"), line);
    fprintf(to, "Host: 127.0.0.1\r\n");
    if (end[2] || strncmp(text, "GET", 3) != 0)
        fprintf(to, "Content-Length: %zu\r\n", strlen(end + 2));
    fprintf(to, "\r\n%s", end + 2);
    fclose(to);
    free(text);
}

static void request_find_holes(struct request *request, const char *mark)
{
    for (char *at = request->bytes; (at = strstr(at, mark)); at += DIGITS) {
        if (request->hole_count == HOLES_MAX)
            give_up("too many numbers in a request");
        request->holes[request->hole_count++] = (size_t)(at - request->bytes);
    }
}

static void request_number(struct request *request, int64_t number)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%0*lld", DIGITS, (long long)number);
    for (size_t i = 0; i < request->hole_count; i++)
        memcpy(request->bytes + request->holes[i], digits, DIGITS);
}

static struct request request_read(const char *path)
{
    static const char mark[] = "@@@@@@@@@@@@"; /* as wide as the number */
    struct request    request = { 0 };
    request_make(replace_all(read_whole(path, NULL), "@N@", mark), &request);
    request_find_holes(&request, mark);
    return request;
}

/* ---- counting ---- */

struct tally {
    double  begin, end; /* replies between the two count */
    double *took;
    size_t  count, room, all; /* all: also those that do not count */
};

static struct tally tally_for(double seconds)
{
    const double now = seconds_now();
    return (struct tally){ .begin = now + seconds / WARM_PARTS, .end = now + seconds };
}

static void tally_add(struct tally *t, double sent, double now)
{
    t->all++;
    if (now < t->begin || now > t->end)
        return;
    if (t->count == t->room) {
        t->room = t->room ? 2 * t->room : 65536;
        if (!(t->took = realloc(t->took, t->room * sizeof *t->took)))
            give_up("out of memory");
    }
    t->took[t->count++] = now - sent;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void tally_print(struct tally *t)
{
    if (!t->count) { /* a server that stands still is a result, too */
        printf("{\"rate\": 0, \"all\": %zu}\n", t->all);
        return;
    }
    qsort(t->took, t->count, sizeof *t->took, by_size);
    printf("{\"rate\": %.1f, \"all\": %zu, \"p50_us\": %.0f, \"p99_us\": %.0f}\n",
           (double)t->count / (t->end - t->begin), t->all, t->took[t->count / 2] * 1e6,
           t->took[t->count * 99 / 100] * 1e6);
    free(t->took);
}

/* ---- the loop ---- */

struct client {
    struct wire wire;
    double      sent;
    int         step;     /* of an upload */
    int64_t     number;
    char       *ids;
    size_t      walk;
};

struct job {
    bool (*first)(void *arg, struct client *client); /* sends; false: nothing to do */
    bool (*reply)(void *arg, struct client *client); /* has read a reply, sends the next; false: nothing more to do */
    void  *arg;
};

static void run_clients(int port, int count, const struct job *job, double until)
{
    struct client     *clients = grab((size_t)count * sizeof *clients);
    struct epoll_event events[64];
    const int          epoll = epoll_create1(EPOLL_CLOEXEC);
    int                busy = 0;
    for (int i = 0; i < count; i++) {
        clients[i] = (struct client){ 0 };
        wire_open(&clients[i].wire, port);
        epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].wire.fd,
                  &(struct epoll_event){ .events = EPOLLIN, .data.ptr = &clients[i] });
    }
    for (int i = 0; i < count; i++)
        busy += job->first(job->arg, &clients[i]);
    while (busy && (until == 0 || seconds_now() < until)) {
        const int n = epoll_wait(epoll, events, 64, 1000);
        for (int i = 0; i < n; i++) {
            struct client *client = events[i].data.ptr;
            if (wire_read(&client->wire) && !job->reply(job->arg, client))
                busy--;
        }
    }
    for (int i = 0; i < count; i++)
        wire_close(&clients[i].wire);
    free(clients);
}

/* ---- load loop ---- */

struct loop {
    struct request request;
    struct tally   tally;
    int64_t        next;
    int            status;
};

static bool loop_send(void *arg, struct client *client)
{
    struct loop *loop = arg;
    request_number(&loop->request, loop->next++);
    client->sent = seconds_now();
    wire_send(&client->wire, loop->request.bytes, loop->request.n);
    return true;
}

static bool loop_reply(void *arg, struct client *client)
{
    struct loop *loop = arg;
    wire_expect(&client->wire, loop->status, "load loop");
    tally_add(&loop->tally, client->sent, seconds_now());
    return loop_send(arg, client);
}

static int loop_main(char **words)
{
    struct loop loop = { .status = (int)read_number(words[3]), .next = (int64_t)read_number(words[4]),
                         .request = request_read(words[5]) };
    const struct job job = { loop_send, loop_reply, &loop };
    loop.tally = tally_for(read_number(words[2]));
    run_clients((int)read_number(words[0]), (int)read_number(words[1]), &job, loop.tally.end);
    tally_print(&loop.tally);
    return 0;
}

/* ---- load upload ---- */

enum { STEP_CREATE, STEP_PUT, STEP_COMPLETE };

struct upload {
    struct request create;
    char          *authorization, *drive, *content;
    size_t         size;
    struct tally   tally;
    int64_t        next;
};

static bool upload_create(void *arg, struct client *client)
{
    struct upload *u = arg;
    client->number = u->next++;
    request_number(&u->create, client->number);
    client->step = STEP_CREATE;
    client->sent = seconds_now();
    wire_send(&client->wire, u->create.bytes, u->create.n);
    return true;
}

/* Bytes that no upload before had, so that no two become one content. */
static void upload_put(struct upload *u, struct client *client)
{
    char  *url = wire_find(&client->wire, "\"upload_url\":\"");
    char  *ids = NULL, *file = wire_find(&client->wire, "\"file_id\":\"");
    char  *number = wire_find(&client->wire, "\"upload_id\":\""), *bytes;
    if (!url || !file || !number)
        give_up("no upload in the answer to CreateFile:\n%s", wire_body(&client->wire));
    const char *path = strchr(strstr(url, "//") + 2, '/');
    const int   head = asprintf(&bytes, "PUT %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %zu\r\n\r\n", path, u->size);
    if (head < 0 || asprintf(&ids, "\"drive_id\":\"%s\",\"file_id\":\"%s\",\"upload_id\":\"%s\"", u->drive, file, number) < 0
        || !(bytes = realloc(bytes, (size_t)head + u->size)))
        give_up("out of memory");
    memcpy(bytes + head, u->content, u->size);
    snprintf(bytes + head, u->size, "%lld", (long long)client->number);
    client->ids = ids;
    client->step = STEP_PUT;
    wire_send(&client->wire, bytes, (size_t)head + u->size);
    free(bytes), free(url), free(file), free(number);
}

static void upload_finish(struct upload *u, struct client *client)
{
    char     *bytes, *ids = client->ids;
    const int n = asprintf(&bytes,
                           "POST /v2/file/complete HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: %s\r\n"
                           "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n{%s}",
                           u->authorization, strlen(ids) + 2, ids);
    if (n < 0)
        give_up("out of memory");
    client->step = STEP_COMPLETE;
    wire_send(&client->wire, bytes, (size_t)n);
    free(bytes), free(ids);
}

static bool upload_reply(void *arg, struct client *client)
{
    struct upload *u = arg;
    switch (client->step) {
    case STEP_CREATE:
        wire_expect(&client->wire, 201, "CreateFile");
        upload_put(u, client);
        return true;
    case STEP_PUT:
        wire_expect(&client->wire, 200, "PUT of a part");
        upload_finish(u, client);
        return true;
    default:
        wire_expect(&client->wire, 200, "CompleteFile");
        tally_add(&u->tally, client->sent, seconds_now());
        return upload_create(arg, client);
    }
}

static char *header_of(const char *request, const char *name)
{
    const char *at = strstr(request, name);
    if (!at)
        give_up("the request has no %s", name);
    at += strlen(name);
    return strndup(at, strcspn(at, "\r\n\""));
}

static int upload_main(char **words)
{
    struct upload u = { .next = (int64_t)read_number(words[3]), .size = (size_t)read_number(words[4]),
                        .create = request_read(words[5]) };
    const struct job job = { upload_create, upload_reply, &u };
    u.authorization = header_of(u.create.bytes, "Authorization: ");
    u.drive = header_of(u.create.bytes, "\"drive_id\":\"");
    u.content = grab(u.size);
    memset(u.content, 'x', u.size);
    u.tally = tally_for(read_number(words[2]));
    run_clients((int)read_number(words[0]), (int)read_number(words[1]), &job, u.tally.end);
    tally_print(&u.tally);
    return 0;
}

/* ---- load walk ---- */

struct walk {
    char  *before_cursor, *entry, *request;
    char  *cursor; /* the one that gave the last page */
    size_t pages, entries, last;
    double seconds;
};

struct walks {
    struct walk *walks;
    size_t       count, next;
};

static char *cut_line(char **text)
{
    char *line = *text, *end = strchr(line, '\n');
    if (!end)
        give_up("a walk needs two lines before its request");
    *end = '\0';
    *text = end + 1;
    return line;
}

static void walk_ask(const struct walk *walk, struct client *client)
{
    struct request request = { 0 };
    request_make(replace_all(strdup(walk->request), "@CURSOR@", walk->cursor), &request);
    wire_send(&client->wire, request.bytes, request.n);
    free(request.bytes);
}

static bool walk_next(void *arg, struct client *client)
{
    struct walks *all = arg;
    if (all->next == all->count)
        return false;
    client->walk = all->next++;
    client->sent = seconds_now();
    walk_ask(&all->walks[client->walk], client);
    return true;
}

static bool walk_reply(void *arg, struct client *client)
{
    struct walks *all = arg;
    struct walk  *walk = &all->walks[client->walk];
    wire_expect(&client->wire, 200, "a page");
    walk->pages++;
    walk->last = 0;
    for (const char *at = wire_body(&client->wire); (at = strstr(at, walk->entry)); at++)
        walk->last++;
    walk->entries += walk->last;
    char *cursor = wire_find(&client->wire, walk->before_cursor);
    if (!cursor || !*cursor) {
        free(cursor);
        walk->seconds = seconds_now() - client->sent;
        return walk_next(arg, client);
    }
    free(walk->cursor);
    walk->cursor = cursor;
    walk_ask(walk, client);
    return true;
}

static int walk_main(char **words, size_t count)
{
    struct walks all = { grab(count * sizeof(struct walk)), count, 0 };
    const struct job job = { walk_next, walk_reply, &all };
    for (size_t i = 0; i < count; i++) {
        char *text = read_whole(words[2 + i], NULL);
        all.walks[i] = (struct walk){ .before_cursor = cut_line(&text), .cursor = strdup("") };
        all.walks[i].entry = cut_line(&text);
        all.walks[i].request = text;
    }
    run_clients((int)read_number(words[0]), (int)read_number(words[1]), &job, 0);
    for (size_t i = 0; i < count; i++)
        printf("%s{\"entries\": %zu, \"pages\": %zu, \"last\": %zu, \"seconds\": %.3f, \"cursor\": \"%s\"}%s\n",
               i ? "" : "[", all.walks[i].entries, all.walks[i].pages, all.walks[i].last, all.walks[i].seconds,
               all.walks[i].cursor, i + 1 < count ? "," : "]");
    return 0;
}

int main(int count, char **words)
{
    if (count == 8 && strcmp(words[1], "loop") == 0)
        return loop_main(words + 2);
    if (count == 8 && strcmp(words[1], "upload") == 0)
        return upload_main(words + 2);
    if (count > 4 && strcmp(words[1], "walk") == 0)
        return walk_main(words + 2, (size_t)count - 4);
    give_up("load loop|upload|walk ...: see the head of bench/load.c");
}
