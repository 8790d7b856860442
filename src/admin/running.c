/* admin/running.c: finding the server that runs, and the folders of demos. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/place.h"
#include "contract/json.h"

static const char demo_prefix[] = "polydrive-demo-";

static str temporary_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return str_of(folder && *folder ? folder : "/tmp");
}

str place_running(struct arena *arena, str data)
{
    char        bytes[4096];
    const char *because;
    size_t      at;
    if (!place_is_locked(arena, data))
        return S0;
    const int file = open(arena_print(arena, "%.*s/run.json", STR_ARG(data)).p, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return S0; /* it is still starting */
    const ssize_t got = read(file, bytes, sizeof bytes);
    close(file);
    const str text = arena_copy(arena, (str){ bytes, got < 0 ? 0 : (size_t)got });
    const struct json *run = json_read(arena, text, 4, &because, &at);
    const struct json *url = run && run->kind == JSON_OBJECT ? json_member(run, S("url")) : NULL;
    return url && url->kind == JSON_STRING ? url->text : S0;
}

/* A demo's folder belongs to who started it; one of somebody else is not to be trusted. */
static bool is_own_folder(const char *path, struct stat *there)
{
    return lstat(path, there) == 0 && S_ISDIR(there->st_mode) && there->st_uid == geteuid()
           && !(there->st_mode & (S_IRWXG | S_IRWXO));
}

str place_of_demo(struct arena *arena)
{
    const str   base = temporary_folder();
    struct stat there, newest = { 0 };
    str         found = S0;
    DIR        *dir = opendir(arena_z(arena, base));
    if (!dir)
        return S0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (!str_starts(str_of(entry->d_name), str_of(demo_prefix)))
            continue;
        const str path = arena_print(arena, "%.*s/%s", STR_ARG(base), entry->d_name);
        if (!is_own_folder(path.p, &there) || !place_running(arena, path).p)
            continue;
        if (found.p && there.st_mtim.tv_sec < newest.st_mtim.tv_sec)
            continue;
        found = path;
        newest = there;
    }
    closedir(dir);
    return found;
}

str place_make_demo(struct arena *arena)
{
    const str path = arena_print(arena, "%.*s/%sXXXXXX", STR_ARG(temporary_folder()), demo_prefix);
    return mkdtemp((char *)(uintptr_t)path.p) ? path : S0;
}

static int remove_one(const char *path, const struct stat *what, int kind, struct FTW *where)
{
    (void)what, (void)kind, (void)where;
    return remove(path);
}

void place_remove_tree(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
