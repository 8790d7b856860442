#include "drive/dir_size.h"

#include "store/nodes.h"

struct walk {
    struct cx *cx;
    id         drive;
    id        *open; /* folders still to be looked into */
    size_t     count, room;
    int        left; /* folders that may still be walked; negative: too many */
};

static void open_folder(struct walk *w, id folder)
{
    if (w->count == w->room) {
        id *grown = ARENA_MANY(w->cx->arena, id, 2 * w->room);
        memcpy(grown, w->open, w->count * sizeof *grown);
        w->open = grown;
        w->room *= 2;
    }
    w->open[w->count++] = folder;
    w->left--;
}

static enum fault open_folders_in(struct walk *w, id folder, int64_t *found)
{
    enum { AT_ONCE = 500 };
    struct list folders = { 0 };
    id          after = ID_NONE;
    do {
        TRY(store_folders_in(w->cx, w->drive, folder, after, AT_ONCE, &folders));
        const id *ids = folders.items;
        for (size_t i = 0; i < folders.count && w->left >= 0; i++)
            open_folder(w, after = ids[i]);
        *found += (int64_t)folders.count;
    } while (folders.count == AT_ONCE && w->left >= 0);
    return OK;
}

static enum fault sum_one(struct walk *w, struct dir_size *out)
{
    int64_t entries, bytes, folders;
    w->count = 0;
    open_folder(w, out->folder);
    while (w->count && w->left >= 0) {
        const id folder = w->open[--w->count];
        folders = 0;
        TRY(store_folder_sums(w->cx, w->drive, folder, &entries, &bytes));
        TRY(open_folders_in(w, folder, &folders));
        out->bytes += bytes;
        out->folders += folders;
        out->files += entries - folders;
    }
    return OK;
}

enum fault dir_size_sum(struct cx *cx, const struct node *nodes, size_t count, struct list *out)
{
    struct dir_size *sums = ARENA_MANY(cx->arena, struct dir_size, count + 1);
    struct walk      walk = { .cx = cx, .open = ARENA_MANY(cx->arena, id, 64), .room = 64,
                              .left = DIR_SIZE_FOLDERS_MAX };
    *out = (struct list){ sums, 0 };
    for (size_t i = 0; i < count && walk.left >= 0; i++) {
        if (nodes[i].kind != NODE_FOLDER)
            continue;
        walk.drive = nodes[i].drive;
        sums[out->count] = (struct dir_size){ .folder = nodes[i].id };
        TRY(sum_one(&walk, &sums[out->count]));
        out->count += walk.left >= 0;
    }
    return OK;
}

const struct dir_size *dir_size_of(const struct list *sums, id folder)
{
    const struct dir_size *items = sums->items;
    for (size_t i = 0; i < sums->count; i++)
        if (items[i].folder.v == folder.v)
            return &items[i];
    return NULL;
}
