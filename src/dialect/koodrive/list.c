/* dialect/koodrive/list.c: files/{type}, the listing of an individual space or of its recycle bin.
 *
 * A page may be short, even empty, before the end: clients go by the cursor, says the page twice. So a
 * filter by fileType, which files may carry by their maker's word, is applied to what the core lists.
 * Source: Listing Files in a Space, 2026 (both books) */
#include "dialect/koodrive/file.h"
#include "drive/event.h"
#include "drive/star.h"

enum { TYPE_SPACE, TYPE_BIN };
enum { SORT_TYPE_RECYCLED = 5, ASCENDING = 1, DESCENDING };
enum { FILE_TYPE_FOLDER = 10, ROUNDS_MAX = 5 /* on an event loop */ };

/* ---- what comes ---- */

struct page_info {
    int size;
    str cursor;
};
static const struct field page_rows[] = {
    { "pageSize",   BODY, AT(struct page_info, size), .min = 1, .max = 100, .absent = 100, KOODRIVE_NUMBER },
    { "pageCursor", BODY, AT(struct page_info, cursor), .max = 512, .empty_ok = true,
      .doc = "nextCursor of the page before; empty for the first" },
    { 0 }
};
static const struct shape page_shape = { "PageInfo", page_rows, sizeof(struct page_info) };

struct sort_info {
    int type, direction;
};
static const struct field sort_rows[] = {
    { "sortType",      BODY, AT(struct sort_info, type), .min = 1, .max = 6, KOODRIVE_NUMBER,
      .doc = "1 name, 2 size, 3 creation, 4 modification, 5 recycling (bin only), 6 format; default 4, in "
             "the bin 5" },
    { "sortDirection", BODY, AT(struct sort_info, direction), .min = ASCENDING, .max = DESCENDING,
      KOODRIVE_NUMBER, .doc = "1 ascending, 2 descending (default)" },
    { 0 }
};
static const struct shape sort_shape = { "SortInfo", sort_rows, sizeof(struct sort_info) };

static const struct word file_types[] = {
    { "10", 10 }, { "11", 11 }, { "15", 15 }, { "20", 20 }, { "26", 26 }, { "27", 27 }, { "28", 28 },
    { "30", 30 }, { "35", 35 }, { "40", 40 }, { "45", 45 }, { 0 }
};

struct list_files {
    struct koodrive_common common;
    int                    type, file_type;
    str                    container, parent, name_part, image;
    struct page_info       page;
    struct sort_info       sort;
    bool                   hidden;
    const struct listing  *place; /* by depends, so that it is found once: drive and parent; or NULL */
};
#define IN struct list_files
static const struct field list_files_in[] = {
    KOODRIVE_COMMON(IN),
    KOODRIVE_SHARE_FOLDER(IN),
    { "type", PATH, AT(IN, type), .required = true, .min = TYPE_SPACE, .max = TYPE_BIN,
      .doc = "0 individual space, 1 individual recycle bin" },
    KOODRIVE_CONTAINER(IN),
    { "parentFileId", BODY, AT(IN, parent), .required = true, .min = 1, .max = 64,
      .tolerate = TOLERATE_NUMBER, .lenient = KOODRIVE_LENIENT_ID, .doc = "root, or a folder" },
    { "pageInfo", BODY, WITHIN(IN, page), .shape = &page_shape },
    { "sortInfo", BODY, WITHIN(IN, sort), .shape = &sort_shape },
    { "fileType", BODY, AT(IN, file_type), .words = file_types, .tolerate = TOLERATE_EMPTY,
      .lenient = KOODRIVE_LENIENT_WORD, .doc = "all when absent" },
    { "fileName", BODY, AT(IN, name_part), .max = 80,
      .doc = "part of the name, without regard to case; empty for all" },
    KOODRIVE_IMAGE_PROCESS(IN),
    { "hidden", BODY, AT(IN, hidden), .doc = "true: hidden files too" },
    { 0 }
};
#undef IN

/* ---- what goes ---- */

struct file_list {
    str         category, next;
    bool        completed;
    struct list files; /* struct koodrive_file */
};
static const struct field file_list_out[] = {
    { "category",        BODY, AT(struct file_list, category) },
    { "nextCursor",      BODY, AT(struct file_list, next), .omit = true, .doc = "absent at the end" },
    { "searchCompleted", BODY, AT(struct file_list, completed) },
    { "files",           BODY, AT(struct file_list, files), .shape = &koodrive_file_shape },
    { 0 }
};

/* ---- where ---- */

/* In the bin, `root` is what was put there directly, and a folder what is in a recycled folder. */
static enum fault find_place(struct cx *cx, const struct list_files *ask, struct listing *out)
{
    struct koodrive_want want = {
        .container = ask->container, .node = ask->parent, .share_folder = ask->common.share_folder,
        .scope = ask->type == TYPE_BIN ? SCOPE_BIN : SCOPE_LIVE, .actions = ACTION_LIST, .as = THING_NODE,
        .folder = true, .listing = true,
    };
    if (ask->place) {
        out->drive = ask->place->drive;
        out->parent = ask->place->parent;
        return OK;
    }
    const enum fault fault = koodrive_find(cx, &want, &out->drive, &out->parent);
    if (fault != FAULT_NOT_TRASHED)
        return fault;
    want.scope = SCOPE_LIVE;
    TRY(koodrive_find(cx, &want, &out->drive, &out->parent));
    out->in_bin = node_is_root(&out->drive, &out->parent);
    return out->in_bin ? OK : fail(cx, FAULT_NOT_TRASHED, .thing = THING_NODE, .got = ask->parent);
}

/* They say which sorts there are, not which is the default: the newest first. */
static enum fault choose_sort(struct cx *cx, const struct list_files *ask, struct listing *out)
{
    static const enum node_sort sorts[] = { 0, SORT_NAME, SORT_SIZE, SORT_CREATED, SORT_MODIFIED,
                                            SORT_TRASHED, SORT_FORMAT };
    const bool bin = ask->type == TYPE_BIN;
    if (ask->sort.type == SORT_TYPE_RECYCLED && !bin)
        return fail(cx, FAULT_INVALID, .field = "sortType", .how = HOW_WORD, .got = S("5"),
                    .because = "5 is for the recycle bin");
    out->sort = ask->sort.type ? sorts[ask->sort.type] : bin ? SORT_TRASHED : SORT_MODIFIED;
    out->descending = ask->sort.direction != ASCENDING;
    return OK;
}

static void choose_filters(struct cx *cx, const struct list_files *ask, struct listing *out)
{
    /* A page of one filter does not go on under another. */
    out->operation = arena_z(cx->arena, arena_print(cx->arena, "koodrive.files.%d", ask->file_type));
    out->cursor_field = "pageCursor";
    out->limit = ask->page.size;
    out->cursor = ask->page.cursor;
    out->name_part = ask->name_part;
    out->without_hidden = !ask->hidden;
    out->kind = !ask->file_type ? 0 : ask->file_type == FILE_TYPE_FOLDER ? NODE_FOLDER : NODE_FILE;
}

/* ---- pages ---- */

static bool is_wanted(const struct node *node, int file_type)
{
    int64_t type;
    return !file_type || (str_int64(koodrive_file_type(node), &type) && type == file_type);
}

static enum fault take_page(struct cx *cx, const struct koodrive_place *place, const struct node_page *page,
                            int file_type, struct list *files)
{
    struct node          *nodes = page->nodes.items;
    struct koodrive_file *all = files->items;
    TRY(star_look(cx, place->drive->id, nodes, page->nodes.count));
    for (size_t i = 0; i < page->nodes.count; i++)
        if (is_wanted(&nodes[i], file_type))
            TRY(koodrive_show_listed(cx, place, &nodes[i], &all[files->count++]));
    return OK;
}

/* Each round asks for as many as are missing, so the cursor never skips one that was not shown. */
static enum fault gather(struct cx *cx, struct listing *listing, const struct koodrive_place *place,
                         int file_type, struct file_list *out)
{
    const int limit = listing->limit;
    out->files.items = arena_room(cx->arena, (size_t)limit * sizeof(struct koodrive_file));
    for (int round = 0; round < ROUNDS_MAX; round++) {
        struct node_page page = { 0 };
        TRY(node_list(cx, listing, &page));
        TRY(take_page(cx, place, &page, file_type, &out->files));
        out->next = page.next;
        listing->cursor = page.next;
        listing->limit = limit - (int)out->files.count;
        if (!page.next.p || listing->limit <= 0)
            break;
    }
    out->completed = !out->next.p;
    return OK;
}

static enum fault list_files(struct cx *cx, const void *in, void *out)
{
    const struct list_files *ask = in;
    struct file_list        *answer = out;
    struct listing           listing = { 0 };
    struct koodrive_place    place;
    TRY(koodrive_check_image(cx, ask->image));
    TRY(choose_sort(cx, ask, &listing));
    TRY(find_place(cx, ask, &listing));
    choose_filters(cx, ask, &listing);
    TRY(koodrive_place_of(cx, &listing.drive, listing.in_bin ? NULL : &listing.parent, &place));
    answer->category = S("drive#fileList");
    return gather(cx, &listing, &place, ask->file_type, answer);
}

/* Names of people and rights are in the answer, so it holds until anything changes anywhere; and only where no
 * right can end by itself. */
static enum fault list_depends(struct cx *cx, void *in, str *on)
{
    struct list_files *ask = in;
    struct listing    *place = ARENA_NEW(cx->arena, struct listing);
    unsigned           actions;
    if (ask->type == TYPE_BIN || !cx->caller)
        return OK;
    TRY(find_place(cx, ask, place));
    ask->place = place;
    TRY(access_to_drive(cx, &place->drive, &actions));
    const str seen = actions == ACTION_ALL ? event_seen(cx) : S0;
    if (seen.p)
        *on = arena_print(cx->arena, "%.*s %lld %lld", STR_ARG(seen), (long long)cx->caller->user.v,
                          (long long)cx->caller->app.v);
    return OK;
}

const struct op koodrive_list_ops[] = {
    { "GetPersonalFiles", "POST", KOODRIVE "/files/{type}", "KooDrive Listing Files in a Space, 2026-05", USER, READ,
      list_files_in, sizeof(struct list_files), file_list_out, sizeof(struct file_list), list_files,
      .depends = list_depends },
    { 0 },
};
