/* dialect/pds/drive.c: drives: CreateDrive, GetDrive, GetDefaultDrive, UpdateDrive, DeleteDrive. */
#include "dialect/pds/drive_shape.h"
#include "drive/domain.h"

const struct word pds_owner_types[] = { { "user", OWNER_USER }, { "group", OWNER_GROUP }, { 0 } };
const struct word pds_statuses[] = {
    { "enabled", STATUS_ENABLED }, { "disabled", STATUS_DISABLED }, { 0 }
};
static const struct word drive_types[] = { { "normal", 1 }, { 0 } };

/* ---- the Drive object ---- */

#define OUT struct pds_drive
const struct field pds_drive_rows[] = {
    { "domain_id",   BODY, AT(OUT, domain_id) },
    { "drive_id",    BODY, AT(OUT, drive_id) },
    { "drive_name",  BODY, AT(OUT, drive_name) },
    { "description", BODY, AT(OUT, description) },
    { "drive_type",  BODY, AT(OUT, drive_type) },
    { "owner",       BODY, AT(OUT, owner), .doc = "id of the user or group" },
    { "owner_type",  BODY, AT(OUT, owner_type), .words = pds_owner_types },
    { "status",      BODY, AT(OUT, status), .words = pds_statuses },
    { "total_size",  BODY, AT(OUT, total_size), .doc = "bytes; -1: unlimited" },
    { "used_size",   BODY, AT(OUT, used_size), .doc = "bytes" },
    { "creator",     BODY, AT(OUT, creator), .doc = "id of the user; system for an AccessKey" },
    { "created_at",  BODY, AT(OUT, created_at) },
    { 0 }
};
#undef OUT
const struct shape pds_drive_shape = { "Drive", pds_drive_rows, sizeof(struct pds_drive) };

struct pds_drive pds_show_drive(const struct cx *cx, const struct drive *drive)
{
    return (struct pds_drive){
        .domain_id = pds_domain_id(cx), .drive_id = drive->id, .drive_name = drive->name,
        .description = drive->description, .drive_type = S("normal"), .owner = drive->owner_public,
        .owner_type = drive->owner_kind, .status = drive->status, .total_size = drive->quota,
        .used_size = drive->used, .creator = drive->creator_public, .created_at = drive->created,
    };
}

struct list pds_show_drives(struct cx *cx, const struct list *drives)
{
    struct pds_drive   *items = ARENA_MANY(cx->arena, struct pds_drive, drives->count + 1);
    const struct drive *from = drives->items;
    for (size_t i = 0; i < drives->count; i++)
        items[i] = pds_show_drive(cx, &from[i]);
    return (struct list){ items, drives->count };
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
    { "owner_type",  BODY, AT(IN, owner_type),  .required = true, .words = pds_owner_types, .absent = OWNER_USER,
      .tolerate = TOLERATE_MISSING, .lenient = "the official JavaScript SDK's tests leave it out" },
    { "description", BODY, AT(IN, description), .max = 1024 },
    { "drive_type",  BODY, AT(IN, drive_type),  .words = drive_types, .absent = 1 },
    { "status",      BODY, AT(IN, status),      .words = pds_statuses, .absent = STATUS_ENABLED },
    { "total_size",  BODY, AT(IN, total_size),  .min = -1, .max = INT64_MAX, .absent = QUOTA_NONE,
      .doc = "bytes; -1: unlimited" },
    { "default",     BODY, AT(IN, is_default) },
    { "disable_assign_group_default_permission", BODY, AT(IN, ungranted),
      .doc = "of the JavaScript SDK: members of the group get nothing by being members" },
    { 0 }
};
#undef IN

static enum fault create_drive(struct cx *cx, const void *in, void *out)
{
    const struct create_drive *ask = in;
    const struct drive want = { .owner_kind = ask->owner_type, .owner_public = ask->owner,
                                .name = ask->drive_name, .description = ask->description,
                                .status = ask->status, .quota = ask->total_size,
                                .is_default = ask->is_default,
                                .is_closed = ask->ungranted && ask->owner_type == OWNER_GROUP };
    struct drive made;
    TRY(drive_create(cx, &want, &made));
    *(struct pds_drive *)out = pds_show_drive(cx, &made);
    return OK;
}

/* ---- GetDrive, GetDefaultDrive ---- */

struct get_drive {
    str drive_id;
};
static const struct field get_drive_in[] = { PDS_DRIVE_ID(struct get_drive, true), { 0 } };

static enum fault get_drive(struct cx *cx, const void *in, void *out)
{
    const struct get_drive *ask = in;
    struct drive drive;
    TRY(drive_get(cx, ask->drive_id, &drive));
    *(struct pds_drive *)out = pds_show_drive(cx, &drive);
    return OK;
}

struct get_default_drive {
    str user_id;
};
static const struct field get_default_drive_in[] = {
    { "user_id", BODY, AT(struct get_default_drive, user_id), .min = 1, .max = 64,
      .doc = "by default who asks; an AccessKey must say" },
    { 0 }
};

static enum fault get_default_drive(struct cx *cx, const void *in, void *out)
{
    const struct get_default_drive *ask = in;
    struct drive drive;
    TRY(drive_default_of(cx, ask->user_id, &drive));
    *(struct pds_drive *)out = pds_show_drive(cx, &drive);
    return OK;
}

/* ---- UpdateDrive ---- */

struct update_drive {
    str     drive_id, drive_name, description, owner;
    int     status;
    int64_t total_size;
};

/* A total_size of 0 is a drive without room here as in CreateDrive, not "unchanged": only what is absent
 * stays. */
#define IN struct update_drive
static const struct field update_drive_in[] = {
    PDS_DRIVE_ID(IN, true),
    { "drive_name",  BODY, AT(IN, drive_name),  .min = 1, .max = 128 },
    { "description", BODY, AT(IN, description), .max = 1024 },
    { "status",      BODY, AT(IN, status),      .words = pds_statuses, .doc = "set by administrators" },
    { "total_size",  BODY, AT(IN, total_size),  .min = -1, .max = INT64_MAX, .absent = UNCHANGED,
      .doc = "bytes; -1: unlimited; may be less than is used; set by administrators" },
    { "owner",       BODY, AT(IN, owner),       .min = 1, .max = 64,
      .doc = "id of a user: a personal drive's new owner, set by AccessKeys" },
    { 0 }
};
#undef IN

static enum fault update_drive(struct cx *cx, const void *in, void *out)
{
    const struct update_drive *ask = in;
    const struct drive_change change = { .name = ask->drive_name, .description = ask->description,
                                         .owner = ask->owner, .status = ask->status, .quota = ask->total_size };
    struct drive drive;
    TRY(drive_change(cx, ask->drive_id, &change, &drive));
    *(struct pds_drive *)out = pds_show_drive(cx, &drive);
    return OK;
}

/* ---- DeleteDrive ---- */

struct delete_drive {
    str  drive_id;
    bool force;
};

static const struct field delete_drive_in[] = {
    PDS_DRIVE_ID(struct delete_drive, true),
    { "force", BODY, AT(struct delete_drive, force), .doc = "also a drive that is not empty" },
    { 0 }
};

static enum fault delete_drive(struct cx *cx, const void *in, void *out)
{
    const struct delete_drive *ask = in;
    (void)out;
    return drive_delete(cx, ask->drive_id, ask->force);
}

#define DRIVE_OUT pds_drive_rows, sizeof(struct pds_drive)
const struct op pds_drive_ops[] = {
    { "CreateDrive", "POST", "/v2/drive/create", "PDS CreateDrive, 2026-03-26", ADMIN, WRITE,
      create_drive_in, sizeof(struct create_drive), DRIVE_OUT, create_drive,
      .status = 201, .scope = "DRIVE.CREATE", .proof = "pds_drive.test.mjs" },
    { "GetDrive", "POST", "/v2/drive/get", "PDS GetDrive, 2022-03-01", USER, READ,
      get_drive_in, sizeof(struct get_drive), DRIVE_OUT, get_drive,
      .status = 200, .scope = "DRIVE.GET", .proof = "pds_drive.test.mjs" },
    { "GetDefaultDrive", "POST", "/v2/drive/get_default_drive", "PDS GetDefaultDrive, 2022-03-01", USER, READ,
      get_default_drive_in, sizeof(struct get_default_drive), DRIVE_OUT, get_default_drive,
      .status = 200, .scope = "DRIVE.GET", .proof = "pds_drives.test.mjs" },
    { "UpdateDrive", "POST", "/v2/drive/update", "PDS UpdateDrive, 2022-03-01", USER, WRITE,
      update_drive_in, sizeof(struct update_drive), DRIVE_OUT, update_drive,
      .status = 200, .scope = "DRIVE.UPDATE", .proof = "pds_drives.test.mjs" },
    { "DeleteDrive", "POST", "/v2/drive/delete", "PDS DeleteDrive, 2022-03-01", USER, WRITE,
      delete_drive_in, sizeof(struct delete_drive), NULL, 0, delete_drive,
      .status = 204, .scope = "DRIVE.DELETE", .proof = "pds_drives.test.mjs" },
    { 0 }
};
