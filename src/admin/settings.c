#include "admin/settings.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>

#include "admin/suggest.h"
#include "base/text.h"

enum { DOMAIN_MAX = 64 };

#define SET struct settings
const struct setting settings_table[] = {
    { "data", AT(SET, data), FOR_ALL, "./data", 0, 0, "DIR", "where everything is kept" },
    { "config", AT(SET, config), FOR_ALL, NULL, 0, 0, "FILE", "settings, one `key = value` a line" },
    { "db", AT(SET, db), FOR_ALL, NULL, 0, 0, "DIR", "where the database is kept; by default the data folder" },
    { "content", AT(SET, content), FOR_ALL, NULL, 0, 0, "DIR",
      "where the bytes of files are kept; by default the data folder" },
    { "key_file", AT(SET, key_file), FOR_ALL, NULL, 0, 0, "FILE",
      "the server's key, 32 random bytes; by default `key` in the data folder" },
    { "domain", AT(SET, domain), FOR_ALL, "main", 0, 0, "NAME", "the tenant; names it when the data folder is new" },
    { "listen", AT(SET, listen), FOR_SERVE, "127.0.0.1:8484", 0, 0, "ADDR:PORT", "where to listen; port 0: a free one" },
    { "public_url", AT(SET, public_url), FOR_SERVE, NULL, 0, 0, "URL",
      "how clients reach the server; links in answers begin with it" },
    { "tls_cert", AT(SET, tls_cert), FOR_SERVE, NULL, 0, 0, "FILE", "certificate chain, PEM" },
    { "tls_key", AT(SET, tls_key), FOR_SERVE, NULL, 0, 0, "FILE", "the certificate's key, PEM" },
    { "behind_proxy", AT(SET, behind_proxy), FOR_SERVE, "false", 0, 0, NULL,
      "a proxy in front ends TLS: other addresses than loopback are allowed, X-Forwarded-Proto and the last "
      "address of X-Forwarded-For are believed" },
    { "strict", AT(SET, strict), FOR_SERVE, "false", 0, 0, NULL, "refuses what the vendors' pages do not allow" },
    { "log", AT(SET, log), FOR_SERVE, "text", 0, 0, "text|json", "the form of log lines on stderr" },
    { "log_level", AT(SET, log_level), FOR_SERVE, "info", 0, 0, "LEVEL", "debug, info, warn or error" },
    { "metrics_token", AT(SET, metrics_token), FOR_SERVE, NULL, 0, 0, "TOKEN",
      "lets other peers than loopback read /metrics with `Authorization: Bearer TOKEN`" },
    { "metrics_token_file", AT(SET, metrics_token_file), FOR_SERVE, NULL, 0, 0, "FILE", "the same, from a file" },
    { "loops", AT(SET, loops), FOR_SERVE, "0", 0, 64, "N", "event loop threads; 0: one a core, at most 8" },
    { "workers", AT(SET, workers), FOR_SERVE, "4", 1, 64, "N", "threads for disk syncs and passwords" },
    { "connections", AT(SET, connections), FOR_SERVE, "10000", 1, 1000000, "N", "connections at once" },
    { "connections_per_peer", AT(SET, connections_per_peer), FOR_SERVE, "0", 0, 1000000, "N",
      "connections at once from one address; 0: no limit" },
    { "grace", AT(SET, grace), FOR_SERVE, "10", 0, 3600, "SECONDS", "for requests in flight when the server stops" },
    { "disk_floor", AT(SET, disk_floor), FOR_SERVE, "256MiB", 0, INT64_MAX, "BYTES",
      "with less free /readyz says no and no file comes in" },
    { NULL, 0, 0, FOR_ALL, NULL, 0, 0, NULL, NULL },
};
#undef SET

/* One reading: where a text came from, for the message. */
struct reading {
    struct arena    *arena;
    struct settings *out;
    const char      *place; /* "--listen", "POLYDRIVE_LISTEN", "FILE:3: listen" */
    str              error; /* the first one */
    bool             in_file[SETTINGS_MAX], given[SETTINGS_MAX];
};

/* Keeps "PLACE: SAID WHAT"; gives false. */
static bool refuse(struct reading *r, const char *said, const char *what)
{
    if (!r->error.p)
        r->error = arena_print(r->arena, "%s: %s%s", r->place, said, what);
    return false;
}

const char *setting_flag(struct arena *arena, const struct setting *setting)
{
    char *flag = arena_make(arena, strlen(setting->name) + 1);
    for (size_t i = 0; setting->name[i]; i++)
        flag[i] = setting->name[i] == '_' ? '-' : setting->name[i];
    return flag;
}

static const char *setting_variable(struct arena *arena, const struct setting *setting)
{
    const str head = S("POLYDRIVE_");
    char     *name = arena_make(arena, head.n + strlen(setting->name) + 1);
    memcpy(name, head.p, head.n);
    for (size_t i = 0; setting->name[i]; i++)
        name[head.n + i] = (char)toupper((unsigned char)setting->name[i]);
    return name;
}

bool bytes_read(str text, int64_t *out)
{
    static const struct {
        const char *name;
        int         shift;
    } units[] = { { "KiB", 10 }, { "MiB", 20 }, { "GiB", 30 }, { "TiB", 40 }, { "", 0 } };
    size_t digits = 0;
    while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
        digits++;
    int64_t number;
    if (!str_int64(str_cut(text, digits), &number))
        return false;
    for (size_t i = 0; i < COUNT(units); i++) {
        if (!str_eq(str_from(text, digits), str_of(units[i].name)))
            continue;
        *out = number;
        return !__builtin_mul_overflow(number, INT64_C(1) << units[i].shift, out);
    }
    return false;
}

static bool put_bool(struct reading *r, str text, bool *out)
{
    static const char *const yes[] = { "true", "yes", "on", "1" }, *const no[] = { "false", "no", "off", "0" };
    for (size_t i = 0; i < COUNT(yes); i++) {
        if (str_eq(text, str_of(yes[i])) || str_eq(text, str_of(no[i]))) {
            *out = str_eq(text, str_of(yes[i]));
            return true;
        }
    }
    return refuse(r, "true or false is asked for, not ", arena_z(r->arena, text));
}

static bool put_number(struct reading *r, const struct setting *setting, str text, int64_t *out)
{
    if (!(setting->kind == KIND_INT64 ? bytes_read(text, out) : str_int64(text, out)))
        return refuse(r, setting->kind == KIND_INT64 ? "a number of bytes is asked for (such as 512MiB), not "
                                                     : "a number is asked for, not ", arena_z(r->arena, text));
    if (*out >= setting->min && *out <= setting->max)
        return true;
    return refuse(r, arena_print(r->arena, "from %lld to %lld, not ", (long long)setting->min,
                                 (long long)setting->max).p, arena_z(r->arena, text));
}

static bool put(struct reading *r, const struct setting *setting, str text)
{
    char   *at = (char *)r->out + setting->at;
    int64_t number;

    switch (setting->kind) {
    case KIND_STR:
        if (!text.n)
            return refuse(r, "is empty", "");
        *(str *)(void *)at = arena_copy(r->arena, text);
        return true;
    case KIND_BOOL:
        return put_bool(r, text, (bool *)at);
    case KIND_INT:
        if (!put_number(r, setting, text, &number))
            return false;
        *(int *)(void *)at = (int)number;
        return true;
    case KIND_INT64:
        return put_number(r, setting, text, (int64_t *)(void *)at);
    case KIND_ID: case KIND_INSTANT: case KIND_LIST: case KIND_OBJECT:
        break;
    }
    return refuse(r, "this setting has no kind", "");
}

/* As put, for a text that somebody gave. */
static bool give(struct reading *r, const struct setting *setting, str text)
{
    r->given[setting - settings_table] = true;
    return put(r, setting, text);
}

static bool was_given(const struct reading *r, size_t member)
{
    for (const struct setting *s = settings_table; s->name; s++)
        if (s->at == member)
            return r->given[s - settings_table];
    return false;
}

/* ---- the file ---- */

struct file_reading {
    struct reading *r;
    const char     *file;
    FILE           *stream;
    int             line;
    char            place[512];
};

static char *next_line(char *out, int room, void *arg)
{
    struct file_reading *f = arg;
    f->line++;
    return fgets(out, room, f->stream);
}

static bool key_unknown(struct reading *r, str key)
{
    struct suggestion near = { .typed = key };
    for (const struct setting *s = settings_table; s->name; s++)
        suggest(&near, str_of(s->name));
    const str meant = suggested(&near);
    return refuse(r, "no setting has this name", meant.p
        ? arena_print(r->arena, "; did you mean %.*s?", STR_ARG(meant)).p : "");
}

static int file_pair(void *arg, const char *section, const char *name, const char *value)
{
    struct file_reading *f = arg;
    snprintf(f->place, sizeof f->place, "%s:%d: %s", f->file, f->line, name);
    f->r->place = f->place;
    if (*section)
        return refuse(f->r, "the file has no sections, only `key = value`", "");
    for (const struct setting *s = settings_table; s->name; s++) {
        if (strcmp(s->name, name))
            continue;
        if (strcmp(name, "config") == 0)
            return refuse(f->r, "a configuration file cannot name another", "");
        if (f->r->in_file[s - settings_table])
            return refuse(f->r, "is there twice", "");
        f->r->in_file[s - settings_table] = true;
        return give(f->r, s, str_of(value));
    }
    return key_unknown(f->r, str_of(name));
}

static bool read_file(struct reading *r, str file)
{
    struct file_reading f = { .r = r, .file = arena_z(r->arena, file) };
    r->place = f.file;
    if (!(f.stream = fopen(f.file, "re")))
        return refuse(r, "", strerror(errno));
    const int line = ini_parse_stream(next_line, &f, file_pair, &f);
    fclose(f.stream);
    if (line && !r->error.p) {
        snprintf(f.place, sizeof f.place, "%s:%d", f.file, line);
        r->place = f.place;
        refuse(r, "this line is not `key = value`", "");
    }
    return !r->error.p;
}

/* ---- all places ---- */

static bool from_environment(struct reading *r, const struct setting *setting)
{
    r->place = setting_variable(r->arena, setting);
    const char *value = getenv(r->place);
    return !value || give(r, setting, str_of(value));
}

static bool from_flags(struct reading *r, const struct setting *setting, const char *const *flags)
{
    const char *value = flags ? flags[setting - settings_table] : NULL;
    r->place = arena_print(r->arena, "--%s", setting_flag(r->arena, setting)).p;
    return !value || give(r, setting, str_of(value));
}

static bool is_word(struct reading *r, const char *place, str word, const char *const *words)
{
    for (; *words; words++)
        if (str_eq(word, str_of(*words)))
            return true;
    r->place = place;
    return refuse(r, "there is no ", arena_z(r->arena, word));
}

static const char *const log_forms[] = { "text", "json", NULL };
static const char *const log_levels[] = { "debug", "info", "warn", "error", NULL };

static int place_of(str word, const char *const *words)
{
    int at = 0;
    while (words[at] && !str_eq(word, str_of(words[at])))
        at++;
    return at;
}

enum log_form settings_log_form(const struct settings *settings)
{
    return (enum log_form)place_of(settings->log, log_forms);
}

enum log_level settings_log_level(const struct settings *settings)
{
    return (enum log_level)place_of(settings->log_level, log_levels);
}

/* A tenant's name stands in paths, hosts and ids of clients. */
static bool is_domain(struct reading *r, str name)
{
    bool good = name.n <= DOMAIN_MAX;
    for (size_t i = 0; i < name.n; i++)
        good = good && (isalnum((unsigned char)name.p[i]) || name.p[i] == '-' || name.p[i] == '_');
    r->place = "domain";
    return good || refuse(r, "at most 64 letters, digits, - and _, not ", arena_z(r->arena, name));
}

static bool is_base_url(struct reading *r, str url)
{
    bool good = str_starts(url, S("http://")) || str_starts(url, S("https://"));
    good = good && !str_eq(url, S("http://")) && !str_eq(url, S("https://"));
    for (size_t i = 0; i < url.n; i++)
        good = good && (unsigned char)url.p[i] > ' ' && url.p[i] != '?' && url.p[i] != '#' && url.p[i] != '"';
    r->place = "public_url";
    return good || refuse(r, "http://HOST or https://HOST is asked for, not ", arena_z(r->arena, url));
}

static bool read_all(struct reading *r, const char *const *flags)
{
    for (const struct setting *s = settings_table; s->name; s++) {
        r->place = s->name;
        if (s->value && !put(r, s, str_of(s->value)))
            return false;
    }
    /* The file's own name comes from the environment or a flag. */
    for (const struct setting *s = settings_table; s->name; s++)
        if (s->at == offsetof(struct settings, config) && (!from_environment(r, s) || !from_flags(r, s, flags)))
            return false;
    if (r->out->config.p && !read_file(r, r->out->config))
        return false;
    for (const struct setting *s = settings_table; s->name; s++)
        if (!from_environment(r, s) || !from_flags(r, s, flags))
            return false;
    return is_word(r, "log", r->out->log, log_forms) && is_word(r, "log_level", r->out->log_level, log_levels)
           && is_domain(r, r->out->domain) && (!r->out->public_url.p || is_base_url(r, r->out->public_url));
}

bool settings_read(struct arena *arena, const char *const *flags, struct settings *out, str *error)
{
    struct reading r = { .arena = arena, .out = out };
    *out = (struct settings){ 0 };
    const bool good = read_all(&r, flags);
    out->data_was_given = was_given(&r, offsetof(struct settings, data));
    out->domain_was_given = was_given(&r, offsetof(struct settings, domain));
    out->listen_was_given = was_given(&r, offsetof(struct settings, listen));
    *error = r.error;
    return good;
}
