/* dialect/pds/bin.c: the recycle bin: TrashFile, RestoreFile, ListRecyclebin.
 *
 * Both changes are done when they answer, whatever the size of the tree: 204, never 202 with a task. */
#include "dialect/pds/file_shape.h"

struct binned {
    str drive_id, share_id, file_id;
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

static enum fault restore_file(struct cx *cx, const void *in, void *out)
{
    const struct binned *ask = in;
    struct drive drive;
    struct node  node, restored;
    (void)out;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_BIN, ACTION_DELETE, &drive, &node));
    return node_restore(cx, &drive, &node, NULL, &restored);
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

const struct op pds_bin_ops[] = {
    { "TrashFile", "POST", "/v2/recyclebin/trash", "PDS TrashFile, 2022-03-01", USER, WRITE,
      binned_in, sizeof(struct binned), NULL, 0, trash_file, .status = 204,
      .scope = "FILE.DELETE" },
    { "RestoreFile", "POST", "/v2/recyclebin/restore", "PDS RestoreFile, 2022-03-01", USER, WRITE,
      binned_in, sizeof(struct binned), NULL, 0, restore_file, .status = 204,
      .scope = "FILE.RESTORE" },
    { "ListRecyclebin", "POST", "/v2/recyclebin/list", "PDS ListRecyclebin, 2022-03-01", USER, READ,
      list_bin_in, sizeof(struct list_bin), pds_file_page_rows, sizeof(struct pds_file_page), list_recyclebin,
      .status = 200, .scope = "FILE.LIST" },
    { 0 }
};
