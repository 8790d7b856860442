/* dialect/pds/drive_list.c: lists of drives: ListMyDrives, ListDrive, SearchDrive, ListMyGroupDrive. */
#include "dialect/pds/drive_shape.h"

#define LIMIT(T) { "limit", BODY, AT(T, limit), .min = 1, .max = 100, .absent = 100 }

struct drives_out {
    struct list items;
    str         next_marker;
};
static const struct field drives_rows[] = {
    { "items", BODY, AT(struct drives_out, items), .shape = &pds_drive_shape },
    { "next_marker", BODY, AT(struct drives_out, next_marker), .doc = "empty at the end" },
    { 0 }
};

static void show_page(struct cx *cx, const struct drive_page *page, struct drives_out *answer)
{
    *answer = (struct drives_out){ pds_show_drives(cx, &page->drives), page->next };
}

/* ---- ListMyDrives ---- */

struct list_my_drives {
    int limit;
    str marker;
};
static const struct field list_my_drives_in[] = {
    LIMIT(struct list_my_drives),
    PDS_MARKER(struct list_my_drives),
    { 0 }
};

static enum fault list_my_drives(struct cx *cx, const void *in, void *out)
{
    const struct list_my_drives *ask = in;
    struct drive_page page;
    if (!cx->caller->user.v)
        return fail(cx, FAULT_INVALID, .because = "an AccessKey of the domain is no user and has no drives");
    TRY(drive_list_owned(cx, cx->caller->user, ask->limit, ask->marker, "marker", &page));
    show_page(cx, &page, out);
    return OK;
}

/* ---- ListDrive, SearchDrive ---- */

enum direction { ASCENDING = 1, DESCENDING };
static const struct word directions[] = { { "ASC", ASCENDING }, { "DESC", DESCENDING }, { 0 } };
static const struct word orders[] = { { "created_at", 1 }, { 0 } };

struct find_drives {
    str owner, drive_name, marker;
    int owner_type, order_by, order_direction, limit;
};

#define IN struct find_drives
#define OWNER_ROWS                                                                                            \
    { "owner", BODY, AT(IN, owner), .max = 64, .empty_ok = true, .doc = "id of the user or group; by default any" }, \
    { "owner_type", BODY, AT(IN, owner_type), .words = pds_owner_types, .empty_ok = true, .doc = "by default both" }
static const struct field list_drive_in[] = {
    OWNER_ROWS, LIMIT(IN), PDS_MARKER(IN), { 0 }
};
static const struct field search_drive_in[] = {
    { "drive_name", BODY, AT(IN, drive_name), .max = 128, .empty_ok = true, .doc = "a part of it, in any case" },
    OWNER_ROWS,
    { "order_by", BODY, AT(IN, order_by), .words = orders, .absent = 1, .empty_ok = true },
    { "order_direction", BODY, AT(IN, order_direction), .words = directions, .absent = ASCENDING, .empty_ok = true },
    LIMIT(IN),
    PDS_MARKER(IN),
    { 0 }
};
#undef IN

static enum fault find_drives(struct cx *cx, const void *in, void *out)
{
    const struct find_drives *ask = in;
    const struct drive_query query = { .owner = ask->owner, .owner_kind = ask->owner_type, .name_part = ask->drive_name,
                                       .descending = ask->order_direction == DESCENDING, .limit = ask->limit,
                                       .cursor = ask->marker, .cursor_field = "marker" };
    struct drive_page page;
    TRY(drive_search(cx, &query, &page));
    show_page(cx, &page, out);
    return OK;
}

/* ---- ListMyGroupDrive ---- */

struct list_group_drive {
    str drive_name, marker;
    int limit;
};
static const struct field list_group_drive_in[] = {
    { "drive_name", BODY, AT(struct list_group_drive, drive_name), .max = 128, .empty_ok = true,
      .doc = "a part of it, in any case" },
    LIMIT(struct list_group_drive),
    PDS_MARKER(struct list_group_drive),
    { 0 }
};

struct group_drives_out {
    struct list items, root_group_drive;
    str         next_marker;
};
static const struct field group_drives_rows[] = {
    { "items", BODY, AT(struct group_drives_out, items), .shape = &pds_drive_shape },
    { "next_marker", BODY, AT(struct group_drives_out, next_marker), .doc = "empty at the end" },
    { "root_group_drive", BODY, AT(struct group_drives_out, root_group_drive), .shape = &pds_drive_shape, .as = AS_ONE,
      .doc = "the drive of all staff, or null" },
    { 0 }
};

static enum fault list_my_group_drive(struct cx *cx, const void *in, void *out)
{
    const struct list_group_drive *ask = in;
    struct group_drives_out *answer = out;
    struct drive_page page;
    struct drive staff;
    TRY(drive_list_reached(cx, ask->drive_name, ask->limit, ask->marker, "marker", &page, &staff));
    answer->items = pds_show_drives(cx, &page.drives);
    answer->next_marker = page.next;
    if (staff.id.v)
        answer->root_group_drive = pds_show_drives(cx, &(struct list){ &staff, 1 });
    return OK;
}

#define DRIVES_OUT drives_rows, sizeof(struct drives_out)
const struct op pds_drive_list_ops[] = {
    { "ListMyDrives", "POST", "/v2/drive/list_my_drives", "PDS ListMyDrives, 2026-03-26", USER, READ,
      list_my_drives_in, sizeof(struct list_my_drives), DRIVES_OUT, list_my_drives,
      .status = 200, .scope = "DRIVE.LIST", .proof = "pds_drive.test.mjs" },
    { "ListDrive", "POST", "/v2/drive/list", "PDS ListDrive, 2022-03-01", USER, READ,
      list_drive_in, sizeof(struct find_drives), DRIVES_OUT, find_drives,
      .status = 200, .scope = "DRIVE.LIST", .proof = "pds_drives.test.mjs" },
    { "SearchDrive", "POST", "/v2/drive/search", "PDS SearchDrive, 2022-03-01", USER, READ,
      search_drive_in, sizeof(struct find_drives), DRIVES_OUT, find_drives,
      .status = 200, .scope = "DRIVE.LIST", .partial = "order_by knows created_at, and category is ignored: no page names their words",
      .proof = "pds_drives.test.mjs" },
    { "ListMyGroupDrive", "POST", "/v2/drive/list_my_group_drive", "PDS ListMyGroupDrive, 2022-03-01", USER, READ,
      list_group_drive_in, sizeof(struct list_group_drive), group_drives_rows, sizeof(struct group_drives_out),
      list_my_group_drive, .status = 200, .scope = "DRIVE.LIST", .proof = "pds_drives.test.mjs" },
    { 0 }
};
