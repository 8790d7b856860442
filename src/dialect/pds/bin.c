/* dialect/pds/bin.c: the recycle bin: TrashFile, RestoreFile, ListRecyclebin, ClearRecyclebin.
 *
 * Trashing and restoring are done when they answer, whatever the size of the tree: 204, never 202 with a task.
 * Emptying a bin is a task. */
#include "dialect/pds/file_shape.h"
#include "drive/erase.h"
#include "drive/tree.h"

struct binned {
    str drive_id, share_id, file_id;
    struct tree known; /* by prepare */
};

#define IN struct binned
static const struct field binned_in[] = {
    PDS_DRIVE_ID(IN, false), PDS_SHARE_ID(IN), PDS_FILE_ID(IN), { 0 }
};
#undef IN

static enum fault trash_file(struct cx *cx, const void *in, void *out)
{
    const struct binned *ask = in;
    struct drive drive;
    struct node  node;
    (void)out;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_DELETE, &drive, &node));
    return node_trash(cx, &drive, &node);
}

/* Where it comes back to may stand deeper than before; of a large tree the height takes a while. */
static enum fault measure_binned(struct cx *cx, void *in, void *out)
{
    struct binned *ask = in;
    struct drive drive;
    struct node  node;
    (void)out;
    if (pds_find(cx, ask->drive_id, ask->file_id, SCOPE_BIN, ACTION_DELETE, &drive, &node) != OK)
        return OK; /* restore_file tells */
    return tree_measure(cx, &drive, &node, &ask->known);
}

static enum fault restore_file(struct cx *cx, const void *in, void *out)
{
    const struct binned *ask = in;
    struct drive drive;
    struct node  node, restored;
    (void)out;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_BIN, ACTION_DELETE, &drive, &node));
    return node_restore(cx, &drive, &node, &ask->known, &restored);
}

struct list_bin {
    str drive_id, marker, fields, thumbnail_processes;
    int limit, url_expire_sec;
};

#define IN struct list_bin
static const struct field list_bin_in[] = {
    PDS_DRIVE_ID(IN, true),
    { "limit", BODY, AT(IN, limit), .min = 1, .max = 200, .absent = 50 },
    PDS_MARKER(IN),
    PDS_FIELDS(IN),
    PDS_URL_EXPIRE_SEC(IN),
    PDS_THUMBNAILS(IN),
    { 0 }
};
#undef IN

/* Who may list the drive's root may see what was put into its bin. Nothing there can be downloaded, so
 * no URL is given; a path leads nowhere. */
static enum fault list_recyclebin(struct cx *cx, const void *in, void *out)
{
    const struct list_bin *ask = in;
    struct listing listing = { .operation = "ListRecyclebin", .cursor_field = "marker", .in_bin = true,
                               .sort = SORT_TRASHED, .descending = true, .limit = ask->limit,
                               .cursor = ask->marker };
    struct pds_view  view = { .drive = &listing.drive, .in_bin = true };
    struct node_page page;
    TRY(pds_read_fields(cx, ask->fields, &view.extras));
    TRY(pds_check_thumbnails(cx, ask->thumbnail_processes));
    const enum fault fault = node_find(cx, ask->drive_id, S("root"), SCOPE_LIVE, ACTION_LIST, &listing.drive,
                                       &listing.parent);
    if (fault == FAULT_NOT_FOUND)
        cx->why.thing = THING_DRIVE;
    TRY(fault);
    TRY(node_list(cx, &listing, &page));
    return pds_show_page(cx, &view, &page, out);
}

/* ---- emptying ---- */

struct clear_bin {
    str drive_id;
};

static const struct field clear_bin_in[] = { PDS_DRIVE_ID(struct clear_bin, true), { 0 } };

struct cleared {
    str domain_id, async_task_id;
    id  drive_id;
};

#define OUT struct cleared
static const struct field cleared_rows[] = {
    { "domain_id", BODY, AT(OUT, domain_id) },
    { "drive_id", BODY, AT(OUT, drive_id) },
    { "async_task_id", BODY, AT(OUT, async_task_id) },
    { 0 }
};
#undef OUT

static enum fault clear_drive(struct cx *cx, const struct drive *drive, int at_once, struct cleared *out)
{
    id task;
    TRY(bin_clear(cx, drive, cx->now, at_once, true, &task));
    *out = (struct cleared){ .domain_id = pds_domain_id(cx), .drive_id = drive->id,
                             .async_task_id = arena_print(cx->arena, "%lld", (long long)task.v) };
    return OK;
}

/* Who may delete in the root of the drive may empty its bin. */
static enum fault clear_recyclebin(struct cx *cx, const void *in, void *out)
{
    const struct clear_bin *ask = in;
    struct drive drive;
    struct node  root;
    const enum fault fault = node_find(cx, ask->drive_id, S("root"), SCOPE_LIVE, ACTION_DELETE, &drive, &root);
    if (fault != OK && cx->why.thing == THING_NODE)
        cx->why.thing = THING_DRIVE;
    TRY(fault);
    return clear_drive(cx, &drive, TASK_SLICE, out);
}

struct clear_all {
    str nothing;
};
static const struct field clear_all_in[] = { { 0 } };
static const struct shape cleared_shape = { "ClearedRecyclebin", cleared_rows, sizeof(struct cleared) };

struct all_cleared {
    struct list items;
};
static const struct field all_cleared_rows[] = {
    { "items", BODY, AT(struct all_cleared, items), .shape = &cleared_shape, .doc = "an entry for each drive" },
    { 0 }
};

/* No page says whose bins are meant: those of the caller's own drives; of an AccessKey, which is no user, those
 * of the domain. */
static enum fault clear_all_recyclebins(struct cx *cx, const void *in, void *out)
{
    enum { DRIVES_MAX = 500 };
    struct all_cleared *all = out;
    struct list drives;
    (void)in;
    if (cx->caller->user.v)
        TRY(drive_list_personal(cx, &drives));
    else
        TRY(drive_list_all(cx, ID_NONE, DRIVES_MAX, &drives));
    const struct drive *drive = drives.items;
    struct cleared     *items = ARENA_MANY(cx->arena, struct cleared, drives.count + 1);
    all->items = (struct list){ items, 0 };
    for (size_t i = 0; i < drives.count; i++)
        if (drive[i].status == STATUS_ENABLED)
            TRY(clear_drive(cx, &drive[i], 0, &items[all->items.count++]));
    return OK;
}

#define PROOF "pds_bin.test.mjs"

const struct op pds_bin_ops[] = {
    { "TrashFile", "POST", "/v2/recyclebin/trash", "PDS TrashFile, 2022-03-01", USER, WRITE,
      binned_in, sizeof(struct binned), NULL, 0, trash_file, .status = 204,
      .scope = "FILE.DELETE", .proof = PROOF },
    { "RestoreFile", "POST", "/v2/recyclebin/restore", "PDS RestoreFile, 2022-03-01", USER, WRITE,
      binned_in, sizeof(struct binned), NULL, 0, restore_file, .prepare = measure_binned,
      .status = 204, .scope = "FILE.RESTORE", .proof = PROOF },
    { "ListRecyclebin", "POST", "/v2/recyclebin/list", "PDS ListRecyclebin, 2022-03-01", USER, READ,
      list_bin_in, sizeof(struct list_bin), pds_file_page_rows, sizeof(struct pds_file_page), list_recyclebin,
      .status = 200, .scope = "FILE.LIST", .proof = PROOF },
    { "ClearRecyclebin", "POST", "/v2/recyclebin/clear", "PDS ClearRecyclebin, 2022-03-01", USER, WRITE,
      clear_bin_in, sizeof(struct clear_bin), cleared_rows, sizeof(struct cleared), clear_recyclebin,
      .status = 202, .scope = "FILE.DELETE", .proof = PROOF },
    { "ClearAllRecyclebin", "POST", "/v2/recyclebin/clear_all", "official SDKs; not in the 2022-03-01 reference",
      USER, WRITE, clear_all_in, sizeof(struct clear_all), all_cleared_rows, sizeof(struct all_cleared),
      clear_all_recyclebins, .status = 202, .scope = "FILE.DELETE", .proof = PROOF },
    { 0 }
};
