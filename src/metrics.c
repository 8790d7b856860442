/* metrics.c: what GET /metrics says, in the Prometheus text format. */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "admin/version.h"
#include "front.h"

static void put(struct text *out, const char *name, const char *type, const char *help, int64_t value)
{
    text_print(out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRId64 "\n", name, help, name, type, name, value);
}

static void put_seconds(struct text *out, const char *name, const char *type, const char *help, int64_t ms)
{
    text_print(out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRId64 ".%03d\n", name, help, name, type, name, ms / 1000,
               (int)(ms % 1000));
}

static int64_t resident_bytes(void)
{
    long long pages[2] = { 0, 0 };
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    if (fscanf(file, "%lld %lld", &pages[0], &pages[1]) != 2)
        pages[1] = 0;
    fclose(file);
    return pages[1] * sysconf(_SC_PAGESIZE);
}

static int64_t open_descriptors(void)
{
    int64_t n = -3; /* . and .. and the folder's own */
    DIR *dir = opendir("/proc/self/fd");
    if (!dir)
        return 0;
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

static void put_process(const struct front *front, struct text *out)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    const int64_t cpu_ms = (int64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000
                           + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
    put_seconds(out, "process_cpu_seconds_total", "counter", "Time spent on processors.", cpu_ms);
    put_seconds(out, "process_start_time_seconds", "gauge", "When it started, since 1970.", front->started.ms);
    put(out, "process_resident_memory_bytes", "gauge", "Memory in use.", resident_bytes());
    put(out, "process_open_fds", "gauge", "Open descriptors.", open_descriptors());
}

void metrics_write(const struct front *front, struct text *out)
{
    const struct host        *host = front->host;
    const struct store_counts store = store_counts(host->store);
    const struct http_server *server = front->server;
    const struct http_counts  http = server ? http_server_counts(server) : (struct http_counts){ 0 };

    text_print(out, "# HELP polydrive_build_info The version that runs.\n# TYPE polydrive_build_info gauge\n"
                    "polydrive_build_info{version=\"%s\"} 1\n", POLYDRIVE_VERSION);
    put(out, "polydrive_http_connections", "gauge", "Connections that are open.", (int64_t)http.connections);
    put(out, "polydrive_http_requests_total", "counter", "Requests answered.", (int64_t)http.requests);
    put(out, "polydrive_http_bodies_bytes", "gauge", "Memory for bodies that come in, beyond what each request may have.",
        (int64_t)http.bodies_bytes);
    put(out, "polydrive_store_changes_total", "counter", "Changes run by the store's writer.", store.changes);
    put(out, "polydrive_store_commits_total", "counter", "Transactions made durable; one may hold many changes.",
        store.commits);
    put(out, "polydrive_store_backlog", "gauge", "Changes that wait for the writer.", store_backlog(host->store));
    put(out, "polydrive_store_broken", "gauge", "1 after a sync of the store has failed.", store_broken(host->store));
    put(out, "polydrive_content_broken", "gauge", "1 after a sync of content has failed.",
        content_broken(host->content));
    put(out, "polydrive_disk_free_bytes", "gauge", "Free where data is kept.", front_free_bytes(front));
    put(out, "polydrive_disk_floor_bytes", "gauge", "Below this /readyz says no.", host->settings->disk_floor);
    put_process(front, out);
}
