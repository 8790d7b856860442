#include "admin/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "admin/version.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"


enum { LOCK_TRIES = 20, LOCK_PAUSE_MS = 25 };

static int refuse(str *error, int code, str said)
{
    *error = said;
    return code;
}

static const char *path_in(struct arena *arena, str folder, const char *name)
{
    return arena_print(arena, "%.*s/%s", STR_ARG(folder), name).p;
}

str place_of_store(const struct settings *settings)
{
    return settings->db.p ? settings->db : settings->data;
}

str place_of_content(const struct settings *settings)
{
    return settings->content.p ? settings->content : settings->data;
}

/* What may lie in a folder that counts as new: our own files of a start that went no further, and what
 * an operator puts beside. */
static bool is_of_no_account(const char *name)
{
    static const char *const names[] = { ".", "..", "lock", "key", "key.new", "run.json", "lost+found" };
    const str entry = str_of(name);
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return entry.n > 5 && str_eq(str_from(entry, entry.n - 5), S(".conf"));
}

/* Nothing is kept in the folder, or there is no such folder. */
static bool is_bare(const char *folder)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return errno == ENOENT;
    bool bare = true;
    for (struct dirent *entry; bare && (entry = readdir(dir));)
        bare = is_of_no_account(entry->d_name);
    closedir(dir);
    return bare;
}

static bool is_url(str where)
{
    return str_find_str(where, S("://"), 0) < where.n;
}

static int check_kinds(struct arena *arena, const struct settings *settings, str *error)
{
    if (settings->db.p && is_url(settings->db))
        return refuse(error, EXIT_SETTINGS, arena_print(arena,
            "db: this version keeps its database in a folder; %.*s is not one", STR_ARG(settings->db)));
    if (settings->content.p && is_url(settings->content))
        return refuse(error, EXIT_SETTINGS, arena_print(arena,
            "content: this version keeps content in a folder; %.*s is not one", STR_ARG(settings->content)));
    return EXIT_DONE;
}

/* Makes the folder, or sees that what is there is fit: others must not look into it. */
static int make_folder(struct arena *arena, str folder, str *error)
{
    const char *path = arena_z(arena, folder);
    struct stat there;
    if (mkdir(path, 0700) == 0)
        return EXIT_DONE;
    if (errno != EEXIST || stat(path, &there))
        return refuse(error, EXIT_SETTINGS, arena_print(arena, "cannot make the folder %s: %s", path, strerror(errno)));
    if (!S_ISDIR(there.st_mode))
        return refuse(error, EXIT_SETTINGS, arena_print(arena, "%s is not a folder", path));
    if (!(there.st_mode & S_IRWXO) || (is_bare(path) && chmod(path, 0700) == 0))
        return EXIT_DONE;
    return refuse(error, EXIT_SETTINGS, arena_print(arena,
        "everybody on this machine may look into %s; `chmod 700 %s` ends that", path, path));
}

/* ---- the lock ---- */

static int take_lock(struct arena *arena, str data, int *out, str *error)
{
    const char *path = path_in(arena, data, "lock");
    const int   lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0)
        return refuse(error, EXIT_SETTINGS, arena_print(arena, "cannot open %s: %s", path, strerror(errno)));
    /* `env` holds it for a moment to see whether a server does: hence more than one try. */
    for (int i = 0; i < LOCK_TRIES; i++) {
        if (flock(lock, LOCK_EX | LOCK_NB) == 0) {
            *out = lock;
            return EXIT_DONE;
        }
        nanosleep(&(struct timespec){ .tv_nsec = LOCK_PAUSE_MS * 1000000L }, NULL);
    }
    close(lock);
    return refuse(error, EXIT_LOCKED, arena_print(arena, "a server runs on %.*s already", STR_ARG(data)));
}

bool place_is_locked(struct arena *arena, str data)
{
    const int lock = open(path_in(arena, data, "lock"), O_RDONLY | O_CLOEXEC);
    if (lock < 0)
        return false;
    const bool held = flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    close(lock);
    return held;
}

void place_release(struct place *place)
{
    if (place->lock >= 0)
        close(place->lock);
    place->lock = -1;
}

/* ---- the key ---- */

static const char *key_path(struct arena *arena, const struct settings *settings)
{
    return settings->key_file.p ? arena_z(arena, settings->key_file) : path_in(arena, settings->data, "key");
}

int place_read_key(struct arena *arena, const struct settings *settings, str *key, str *error)
{
    const char *path = key_path(arena, settings);
    char        bytes[KEY_BYTES + 1], all = 0;
    struct stat there;
    const int   file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &there)) {
        const int reason = errno;
        if (file >= 0)
            close(file);
        return refuse(error, EXIT_SETTINGS, arena_print(arena,
            "the key %s: %s. Links, cursors and app secrets depend on it: put it back from your copy", path,
            strerror(reason)));
    }
    const ssize_t got = read(file, bytes, sizeof bytes);
    close(file);
    for (ssize_t i = 0; i < got; i++)
        all |= bytes[i];
    if (got != KEY_BYTES || !all)
        return refuse(error, EXIT_SETTINGS, arena_print(arena, "the key %s is not %d random bytes", path, KEY_BYTES));
    if (there.st_mode & S_IRWXO)
        return refuse(error, EXIT_SETTINGS, arena_print(arena,
            "everybody on this machine may read the key %s; `chmod 600 %s` ends that", path, path));
    *key = arena_copy(arena, (str){ bytes, KEY_BYTES });
    return EXIT_DONE;
}

/* Writes a file under its name only when all of it is on the disk. */
static bool write_whole(struct arena *arena, str folder, const char *name, str bytes)
{
    const char *path = path_in(arena, folder, name), *fresh = arena_print(arena, "%s.new", path).p;
    const int   file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    bool good = write(file, bytes.p, bytes.n) == (ssize_t)bytes.n && fsync(file) == 0;
    good = close(file) == 0 && good && rename(fresh, path) == 0;
    const int dir = open(arena_z(arena, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    good = good && dir >= 0 && fsync(dir) == 0;
    if (dir >= 0)
        close(dir);
    return good;
}

static int make_key(struct arena *arena, const struct settings *settings, str *error)
{
    char key[KEY_BYTES];
    if (settings->key_file.p || access(key_path(arena, settings), F_OK) == 0)
        return EXIT_DONE; /* one that was given, or was made by a start that went no further */
    random_bytes(key, sizeof key);
    if (write_whole(arena, settings->data, "key", (str){ key, sizeof key }))
        return EXIT_DONE;
    return refuse(error, EXIT_SETTINGS, arena_print(arena, "cannot write the key: %s", strerror(errno)));
}

int place_take(struct arena *arena, const struct settings *settings, struct place *out, str *error)
{
    out->lock = -1;
    int code = check_kinds(arena, settings, error);
    if (!code)
        code = make_folder(arena, settings->data, error);
    if (!code && settings->db.p)
        code = make_folder(arena, settings->db, error);
    if (!code)
        code = take_lock(arena, settings->data, &out->lock, error);
    if (code)
        return code;
    out->is_bare = is_bare(arena_z(arena, settings->data))
                   && is_bare(arena_z(arena, place_of_store(settings)))
                   && is_bare(arena_z(arena, place_of_content(settings)));
    if (out->is_bare)
        code = make_key(arena, settings, error);
    if (!code)
        code = place_read_key(arena, settings, &out->key, error);
    if (code)
        place_release(out);
    return code;
}

/* ---- run.json ---- */

bool place_announce(struct arena *arena, const struct settings *settings, str url)
{
    AUTO(text_done) struct text run = { 0 };
    char when[INSTANT_TEXT];
    text_add(&run, S("{\"url\":"));
    text_json(&run, url);
    text_print(&run, ",\"pid\":%lld,\"version\":\"%s\",\"started\":\"%s\"}\n", (long long)getpid(),
               POLYDRIVE_VERSION, instant_print(clock_now(), INSTANT_MS, when).p);
    return write_whole(arena, settings->data, "run.json", text_str(&run));
}

void place_forget(struct arena *arena, const struct settings *settings)
{
    unlink(path_in(arena, settings->data, "run.json"));
}
