/* dialect/pds/drive.c: drives: CreateDrive, GetDrive, ListMyDrives. */
#include "dialect/pds/inner.h"

static const struct word owner_types[] = { { "user", OWNER_USER }, { "group", OWNER_GROUP }, { 0 } };
static const struct word drive_types[] = { { "normal", 1 }, { 0 } };
static const struct word statuses[] = {
    { "enabled", STATUS_ENABLED }, { "disabled", STATUS_DISABLED }, { 0 }
};

/* ---- the Drive object ---- */

struct drive_out {
    str     domain_id, drive_name, description, owner, drive_type, creator;
    id      drive_id;
    int     owner_type, status;
    int64_t total_size, used_size;
    instant created_at;
};

#define OUT struct drive_out
static const struct field drive_rows[] = {
    { "domain_id",   BODY, AT(OUT, domain_id) },
    { "drive_id",    BODY, AT(OUT, drive_id) },
    { "drive_name",  BODY, AT(OUT, drive_name) },
    { "description", BODY, AT(OUT, description) },
    { "drive_type",  BODY, AT(OUT, drive_type) },
    { "owner",       BODY, AT(OUT, owner), .doc = "id of the user or group" },
    { "owner_type",  BODY, AT(OUT, owner_type), .words = owner_types },
    { "status",      BODY, AT(OUT, status), .words = statuses },
    { "total_size",  BODY, AT(OUT, total_size), .doc = "bytes; -1: unlimited" },
    { "used_size",   BODY, AT(OUT, used_size), .doc = "bytes" },
    { "creator",     BODY, AT(OUT, creator), .doc = "id of the user; system for an AccessKey" },
    { "created_at",  BODY, AT(OUT, created_at) },
    { 0 }
};
#undef OUT
static const struct shape drive_shape = { "Drive", drive_rows, sizeof(struct drive_out) };

static struct drive_out show_drive(const struct cx *cx, const struct drive *drive)
{
    return (struct drive_out){
        .domain_id = pds_domain_id(cx), .drive_id = drive->id, .drive_name = drive->name,
        .description = drive->description, .drive_type = S("normal"), .owner = drive->owner_public,
        .owner_type = drive->owner_kind, .status = drive->status, .total_size = drive->quota,
        .used_size = drive->used, .creator = drive->creator_public, .created_at = drive->created,
    };
}

/* ---- CreateDrive ---- */

struct create_drive {
    str     drive_name, owner, description;
    int     owner_type, drive_type, status;
    int64_t total_size;
    bool    is_default, ungranted;
};

#define IN struct create_drive
static const struct field create_drive_in[] = {
    { "drive_name",  BODY, AT(IN, drive_name),  .required = true, .min = 1, .max = 128 },
    { "owner",       BODY, AT(IN, owner),       .required = true, .min = 1, .max = 64,
      .doc = "id of the user or group" },
    { "owner_type",  BODY, AT(IN, owner_type),  .required = true, .words = owner_types, .absent = OWNER_USER,
      .tolerate = TOLERATE_MISSING, .lenient = "the official JavaScript SDK's tests leave it out" },
    { "description", BODY, AT(IN, description), .max = 1024 },
    { "drive_type",  BODY, AT(IN, drive_type),  .words = drive_types, .absent = 1 },
    { "status",      BODY, AT(IN, status),      .words = statuses, .absent = STATUS_ENABLED },
    { "total_size",  BODY, AT(IN, total_size),  .min = -1, .max = INT64_MAX, .absent = QUOTA_NONE,
      .doc = "bytes; -1: unlimited" },
    { "default",     BODY, AT(IN, is_default) },
    { "disable_assign_group_default_permission", BODY, AT(IN, ungranted),
      .doc = "of the JavaScript SDK; drives of a group are always open to the group here" },
    { 0 }
};
#undef IN

static enum fault create_drive(struct cx *cx, const void *in, void *out)
{
    const struct create_drive *ask = in;
    const struct drive want = { .owner_kind = ask->owner_type, .owner_public = ask->owner,
                                .name = ask->drive_name, .description = ask->description,
                                .status = ask->status, .quota = ask->total_size,
                                .is_default = ask->is_default };
    struct drive made;
    /* To go on would give the group more than was asked for. */
    if (ask->ungranted && ask->owner_type == OWNER_GROUP) {
        pds_not_here(cx, "disable_assign_group_default_permission");
        return fail(cx, FAULT_UNSUPPORTED, .because = "disable_assign_group_default_permission");
    }
    TRY(drive_create(cx, &want, &made));
    *(struct drive_out *)out = show_drive(cx, &made);
    return OK;
}

/* ---- GetDrive ---- */

struct get_drive {
    str drive_id;
};
static const struct field get_drive_in[] = { PDS_DRIVE_ID(struct get_drive, true), { 0 } };

static enum fault get_drive(struct cx *cx, const void *in, void *out)
{
    const struct get_drive *ask = in;
    struct drive drive;
    TRY(drive_get(cx, ask->drive_id, &drive));
    *(struct drive_out *)out = show_drive(cx, &drive);
    return OK;
}

/* ---- ListMyDrives ---- */

struct list_my_drives {
    int limit;
    str marker;
};
static const struct field list_my_drives_in[] = {
    { "limit", BODY, AT(struct list_my_drives, limit), .min = 1, .max = 100, .absent = 100 },
    PDS_MARKER(struct list_my_drives),
    { 0 }
};

struct drives_out {
    struct list items;
    str         next_marker;
};
static const struct field drives_rows[] = {
    { "items", BODY, AT(struct drives_out, items), .shape = &drive_shape },
    { "next_marker", BODY, AT(struct drives_out, next_marker), .doc = "empty at the end" },
    { 0 }
};

static enum fault list_my_drives(struct cx *cx, const void *in, void *out)
{
    const struct list_my_drives *ask = in;
    struct drives_out *answer = out;
    struct drive_page  page;
    if (!cx->caller->user.v)
        return fail(cx, FAULT_INVALID, .because = "an AccessKey of the domain is no user and has no drives");
    TRY(drive_list_owned(cx, cx->caller->user, ask->limit, ask->marker, "marker", &page));
    struct drive_out   *items = ARENA_MANY(cx->arena, struct drive_out, page.drives.count + 1);
    const struct drive *drives = page.drives.items;
    for (size_t i = 0; i < page.drives.count; i++)
        items[i] = show_drive(cx, &drives[i]);
    *answer = (struct drives_out){ { items, page.drives.count }, page.next };
    return OK;
}

const struct op pds_drive_ops[] = {
    { "CreateDrive", "POST", "/v2/drive/create", "PDS CreateDrive, 2026-03-26", ADMIN, WRITE,
      create_drive_in, sizeof(struct create_drive), drive_rows, sizeof(struct drive_out), create_drive,
      .status = 201, .scope = "DRIVE.CREATE" },
    { "GetDrive", "POST", "/v2/drive/get", "PDS GetDrive, 2022-03-01", USER, READ,
      get_drive_in, sizeof(struct get_drive), drive_rows, sizeof(struct drive_out), get_drive, .status = 200,
      .scope = "DRIVE.GET" },
    { "ListMyDrives", "POST", "/v2/drive/list_my_drives", "PDS ListMyDrives, 2026-03-26", USER, READ,
      list_my_drives_in, sizeof(struct list_my_drives), drives_rows, sizeof(struct drives_out),
      list_my_drives, .status = 200, .scope = "DRIVE.LIST" },
    { 0 }
};
