/* dialect/pds/delta.c: every entry of a drive and what changed in it: ScanFile, GetLastCursor, ListDelta. */
#include "dialect/pds/file_shape.h"

#include "drive/delta.h"
#include "drive/star.h"

/* ---- ScanFile ---- */

struct scan_file {
    str drive_id, marker, fields;
    int limit;
};

#define IN struct scan_file
static const struct field scan_file_in[] = {
    PDS_DRIVE_ID(IN, true),
    { "limit", BODY, AT(IN, limit), .min = 1, .max = 100, .absent = 100, .tolerate = TOLERATE_LARGE,
      .lenient = "older SDKs allow 5000" },
    PDS_MARKER(IN),
    { "fields", BODY, AT(IN, fields), .empty_ok = true,
      .doc = "without it: ids, type, times, extension, size, starred, status, category; else the whole File, "
             "with the extras that are named, or all by *" },
    { 0 }
};
#undef IN

/* What a File shows where no `fields` are named. `hidden`, which is none of them, comes too. */
#define OUT struct pds_file
static const struct field scanned_rows[] = {
    { "drive_id", BODY, AT(OUT, drive_id) },
    { "file_id", BODY, AT(OUT, file_id) },
    { "parent_file_id", BODY, AT(OUT, parent_file_id), .doc = "root at the top" },
    { "type", BODY, AT(OUT, type), .words = pds_file_types },
    { "status", BODY, AT(OUT, status) },
    { "size", BODY, AT(OUT, size), .omit = true, .absent = -1, .doc = "bytes; files only" },
    { "file_extension", BODY, AT(OUT, file_extension), .omit = true },
    { "category", BODY, AT(OUT, category), .omit = true },
    { "created_at", BODY, AT(OUT, created_at) },
    { "updated_at", BODY, AT(OUT, updated_at) },
    { "starred", BODY, AT(OUT, starred) },
    /* asked for by `fields` */
    { "domain_id", BODY, AT(OUT, domain_id), .omit = true },
    { "name", BODY, AT(OUT, name), .omit = true },
    { "content_type", BODY, AT(OUT, content_type), .omit = true },
    { "content_hash", BODY, AT(OUT, content_hash), .omit = true, .doc = "SHA-1, upper-case hex" },
    { "content_hash_name", BODY, AT(OUT, content_hash_name), .omit = true },
    { "crc64_hash", BODY, AT(OUT, crc64_hash), .omit = true, .doc = "CRC-64/XZ, decimal" },
    { "local_created_at", BODY, AT(OUT, local_created_at), .omit = true },
    { "local_modified_at", BODY, AT(OUT, local_modified_at), .omit = true },
    { "description", BODY, AT(OUT, description), .omit = true },
    { "hidden", BODY, AT(OUT, hidden) },
    { "labels", BODY, AT(OUT, labels), .shape = &pds_text_shape, .omit = true },
    { "user_tags", BODY, AT(OUT, user_tags), .shape = &pds_tag_shape, .as = AS_MAP, .omit = true },
    { "revision_id", BODY, AT(OUT, revision_id), .omit = true },
    { "revision_version", BODY, AT(OUT, revision_version), .omit = true, .absent = 0 },
    { "url", BODY, AT(OUT, url), .omit = true },
    { "download_url", BODY, AT(OUT, download_url), .omit = true },
    { "id_path", BODY, AT(OUT, id_path), .omit = true },
    { "name_path", BODY, AT(OUT, name_path), .omit = true },
    { "creator_id", BODY, AT(OUT, creator_id), .omit = true },
    { "creator_name", BODY, AT(OUT, creator_name), .omit = true },
    { "creator_type", BODY, AT(OUT, creator_type), .omit = true },
    { "last_modifier_id", BODY, AT(OUT, last_modifier_id), .omit = true },
    { "last_modifier_name", BODY, AT(OUT, last_modifier_name), .omit = true },
    { "last_modifier_type", BODY, AT(OUT, last_modifier_type), .omit = true },
    { 0 }
};
#undef OUT
static const struct shape scanned_shape = { "ScannedFile", scanned_rows, sizeof(struct pds_file) };

static const struct field scan_page_rows[] = {
    { "items", BODY, AT(struct pds_file_page, items), .shape = &scanned_shape },
    { "next_marker", BODY, AT(struct pds_file_page, next_marker), .doc = "empty at the end" },
    { 0 }
};

/* Leaves the page's default set of members. */
static void keep_defaults(struct pds_file *file)
{
    file->domain_id = file->name = file->content_type = S0;
    file->content_hash = file->content_hash_name = file->crc64_hash = S0;
    file->local_created_at = file->local_modified_at = file->description = S0;
    file->labels = (struct list){ 0 };
    file->revision_id = ID_NONE;
    file->revision_version = 0;
}

static enum fault scan_file(struct cx *cx, const void *in, void *out)
{
    const struct scan_file *ask = in;
    const struct scan_ask scan = { .operation = "ScanFile", .cursor_field = "marker", .drive_text = ask->drive_id,
                                   .cursor = ask->marker, .limit = ask->limit };
    struct pds_file_page *answer = out;
    struct drive     drive;
    struct node_page page;
    struct pds_view  view = { .drive = &drive, .url_expire_sec = PDS_LINK_TTL_S };
    TRY(pds_read_fields(cx, ask->fields, &view.extras));
    TRY(node_scan(cx, &scan, &drive, &page));
    TRY(pds_show_scattered(cx, &view, &page, answer));
    struct pds_file *files = answer->items.items;
    for (size_t i = 0; i < answer->items.count && !ask->fields.n; i++)
        keep_defaults(&files[i]);
    return OK;
}

/* ---- GetLastCursor ---- */

struct watched {
    str drive_id, sync_root_id, cursor;
    int limit;
};

#define SYNC_ROOT_ID                                                                  \
    { "sync_root_id", BODY, AT(IN, sync_root_id), .max = 50, .empty_ok = true,        \
      .doc = "a folder; without it the whole drive" }

#define IN struct watched
static const struct field last_cursor_in[] = { PDS_DRIVE_ID(IN, true), SYNC_ROOT_ID, { 0 } };
#undef IN

struct last_cursor {
    str cursor;
};
static const struct field last_cursor_rows[] = { { "cursor", BODY, AT(struct last_cursor, cursor) }, { 0 } };

/* One binding for both operations: the cursor of the one is for the other. Another vendor's name of the
 * root folder is not one here. */
static enum fault read_watched(struct cx *cx, const struct watched *ask, struct delta_ask *out)
{
    *out = (struct delta_ask){ .operation = "ListDelta", .cursor_field = "cursor", .root_field = "sync_root_id",
                               .drive_text = ask->drive_id, .root_text = ask->sync_root_id, .cursor = ask->cursor,
                               .limit = ask->limit };
    if (str_eq(ask->sync_root_id, S("0")))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_NODE, .got = ask->sync_root_id);
    return OK;
}

static enum fault get_last_cursor(struct cx *cx, const void *in, void *out)
{
    struct delta_ask ask;
    struct delta     delta;
    TRY(read_watched(cx, in, &ask));
    TRY(delta_last(cx, &ask, &delta));
    ((struct last_cursor *)out)->cursor = delta.cursor;
    return OK;
}

/* ---- ListDelta ---- */

#define IN struct watched
static const struct field list_delta_in[] = {
    PDS_DRIVE_ID(IN, true),
    SYNC_ROOT_ID,
    { "cursor", BODY, AT(IN, cursor), .empty_ok = true, .doc = "of the answer before; without it: from the beginning" },
    { "limit", BODY, AT(IN, limit), .min = 0, .max = 100, .absent = 100 },
    { 0 }
};
#undef IN

static const struct word ops[] = {
    { "create", EVENT_CREATE }, { "overwrite", EVENT_OVERWRITE }, { "delete", EVENT_DELETE },
    { "update", EVENT_UPDATE }, { "move", EVENT_MOVE },           { "trash", EVENT_TRASH },
    { "restore", EVENT_RESTORE }, { "rename", EVENT_RENAME },     { 0 }
};

struct delta_shown {
    int         op;
    str         file_id;
    struct list file; /* at most one */
};
static const struct field delta_item_rows[] = {
    { "op", BODY, AT(struct delta_shown, op), .words = ops },
    { "file_id", BODY, AT(struct delta_shown, file_id) },
    { "file", BODY, AT(struct delta_shown, file), .shape = &pds_file_shape, .as = AS_ONE, .omit = true,
      .doc = "as it is now; left out when it is gone" },
    { 0 }
};
static const struct shape delta_item_shape = { "DeltaItem", delta_item_rows, sizeof(struct delta_shown) };

struct delta_out {
    struct list items;
    str         cursor;
    bool        has_more;
};
static const struct field delta_rows[] = {
    { "items", BODY, AT(struct delta_out, items), .shape = &delta_item_shape },
    { "cursor", BODY, AT(struct delta_out, cursor), .doc = "to be kept and sent the next time" },
    { "has_more", BODY, AT(struct delta_out, has_more) },
    { 0 }
};

static enum fault show_item(struct cx *cx, const struct drive *drive, bool any_star, struct delta_item *item,
                            struct delta_shown *out)
{
    const struct pds_view view = { .drive = drive, .in_bin = item->node.trashed.ms != 0 };
    *out = (struct delta_shown){ .op = item->what, .file_id = pds_file_id(cx, drive, item->id) };
    if (item->is_gone)
        return OK;
    struct pds_file *file = ARENA_NEW(cx->arena, struct pds_file);
    if (any_star)
        TRY(star_look(cx, drive->id, &item->node, 1));
    out->file = (struct list){ file, 1 };
    return pds_show_known(cx, &view, &item->node, file);
}

static enum fault list_delta(struct cx *cx, const void *in, void *out)
{
    struct delta_out *answer = out;
    struct delta_ask  ask;
    struct delta      delta;
    bool              any_star;
    TRY(read_watched(cx, in, &ask));
    TRY(delta_list(cx, &ask, &delta));
    TRY(star_any(cx, delta.drive.id, &any_star));
    struct delta_shown *shown = ARENA_MANY(cx->arena, struct delta_shown, delta.items.count + 1);
    struct delta_item  *item = delta.items.items;
    for (size_t i = 0; i < delta.items.count; i++)
        TRY(show_item(cx, &delta.drive, any_star, &item[i], &shown[i]));
    *answer = (struct delta_out){ .items = { shown, delta.items.count }, .cursor = delta.cursor,
                                  .has_more = delta.has_more };
    return OK;
}

const struct op pds_delta_ops[] = {
    { "ScanFile", "POST", "/v2/file/scan", "PDS ScanFile, 2022-03-01", USER, READ,
      scan_file_in, sizeof(struct scan_file), scan_page_rows, sizeof(struct pds_file_page), scan_file,
      .status = 200, .scope = "FILE.LIST", .partial = "the member `permissions` is not given: no page says what is in it",
      .proof = "pds_delta.test.mjs" },
    { "GetLastCursor", "POST", "/v2/file/get_last_cursor", "PDS GetLastCursor, 2022-03-01", USER, READ,
      last_cursor_in, sizeof(struct watched), last_cursor_rows, sizeof(struct last_cursor), get_last_cursor,
      .status = 200, .scope = "FILE.LIST", .proof = "pds_delta.test.mjs" },
    { "ListDelta", "POST", "/v2/file/list_delta", "PDS ListDelta, 2022-03-01", USER, READ,
      list_delta_in, sizeof(struct watched), delta_rows, sizeof(struct delta_out), list_delta,
      .status = 200, .scope = "FILE.LIST", .proof = "pds_delta.test.mjs" },
    { 0 }
};
