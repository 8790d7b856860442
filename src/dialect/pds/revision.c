/* dialect/pds/revision.c: revisions of a file: ListRevision, GetRevision, UpdateRevision, RestoreRevision,
 * DeleteRevision.
 *
 * To restore makes a new revision of the old one's content, which is the one that is answered. */
#include "drive/revision.h"

#include "base/names.h"
#include "dialect/pds/file_shape.h"
#include "drive/user.h"

/* ---- the Revision object ---- */

struct revision_shown {
    str     domain_id, file_id, revision_name, revision_description, file_extension;
    str     content_hash, content_hash_name, crc64_hash, creator_id, creator_name, url, download_url;
    id      drive_id, revision_id;
    int64_t revision_version, size;
    bool    is_latest_version, keep_forever;
    instant created_at, updated_at;
};

#define OUT struct revision_shown
static const struct field revision_rows[] = {
    { "domain_id", BODY, AT(OUT, domain_id) },
    { "drive_id", BODY, AT(OUT, drive_id) },
    { "file_id", BODY, AT(OUT, file_id) },
    { "revision_id", BODY, AT(OUT, revision_id) },
    { "revision_name", BODY, AT(OUT, revision_name), .doc = "the file's name" },
    { "revision_version", BODY, AT(OUT, revision_version), .doc = "from 1" },
    { "revision_description", BODY, AT(OUT, revision_description) },
    { "is_latest_version", BODY, AT(OUT, is_latest_version) },
    { "keep_forever", BODY, AT(OUT, keep_forever) },
    { "size", BODY, AT(OUT, size), .doc = "bytes" },
    { "file_extension", BODY, AT(OUT, file_extension) },
    { "content_hash", BODY, AT(OUT, content_hash), .doc = "SHA-1, upper-case hex" },
    { "content_hash_name", BODY, AT(OUT, content_hash_name) },
    { "crc64_hash", BODY, AT(OUT, crc64_hash), .doc = "CRC-64/XZ, decimal" },
    { "created_at", BODY, AT(OUT, created_at) },
    { "updated_at", BODY, AT(OUT, updated_at) },
    { "creator_id", BODY, AT(OUT, creator_id), .omit = true },
    { "creator_name", BODY, AT(OUT, creator_name), .omit = true },
    { "url", BODY, AT(OUT, url), .omit = true },
    { "download_url", BODY, AT(OUT, download_url), .omit = true },
    { 0 }
};
#undef OUT
static const struct shape revision_shape = { "Revision", revision_rows, sizeof(struct revision_shown) };

static enum fault show_revision(struct cx *cx, const struct node *node, const struct file_revision *revision,
                                unsigned extras, struct revision_shown *out)
{
    struct user_label label;
    struct node       was = *node;
    revision_into_node(revision, &was);
    *out = (struct revision_shown){
        .domain_id = pds_domain_id(cx), .drive_id = node->drive,
        .file_id = arena_print(cx->arena, "%lld", (long long)node->id.v), .revision_id = revision->id,
        .revision_name = node->name, .revision_version = revision->version,
        .revision_description = revision->description, .is_latest_version = revision->is_latest,
        .keep_forever = revision->is_kept, .size = revision->size, .file_extension = name_extension(node->name),
        .content_hash = pds_content_hash(cx, &was), .content_hash_name = S("sha1"),
        .crc64_hash = pds_crc64_hash(cx, &was), .created_at = revision->created, .updated_at = revision->created,
    };
    if (!(extras & EXTRA_PEOPLE))
        return OK;
    TRY(user_label(cx, revision->editor, &label));
    out->creator_id = label.public_id;
    out->creator_name = label.name;
    return OK;
}

static enum fault find_file(struct cx *cx, str drive_id, str file_id, unsigned wanted, struct drive *drive,
                            struct node *node)
{
    TRY(pds_find(cx, drive_id, file_id, SCOPE_LIVE, wanted, drive, node));
    return node->kind == NODE_FILE ? OK : fail(cx, FAULT_IS_FOLDER, .thing = THING_NODE, .field = "file_id");
}

#define REVISION_ID(T) { "revision_id", BODY, AT(T, revision_id), .required = true, .min = 1, .max = 50 }
#define REVISION_FIELDS(T) \
    { "fields", BODY, AT(T, fields), .empty_ok = true, .doc = "* adds the creator" }

/* ---- ListRevision ---- */

struct list_revisions {
    str drive_id, file_id, fields, marker;
    int limit;
};

#define IN struct list_revisions
static const struct field list_revisions_in[] = {
    PDS_DRIVE_ID(IN, true),
    PDS_FILE_ID(IN),
    REVISION_FIELDS(IN),
    { "limit", BODY, AT(IN, limit), .min = 1, .max = 100, .absent = 50 },
    PDS_MARKER(IN),
    { 0 }
};
#undef IN

struct revisions_out {
    struct list items;
    str         next_marker;
};
static const struct field revisions_rows[] = {
    { "items", BODY, AT(struct revisions_out, items), .shape = &revision_shape },
    { "next_marker", BODY, AT(struct revisions_out, next_marker), .doc = "empty at the end" },
    { 0 }
};

static enum fault list_revision(struct cx *cx, const void *in, void *out)
{
    const struct list_revisions *ask = in;
    struct drive         drive;
    struct node          node;
    struct revision_page page;
    unsigned             extras;
    TRY(pds_read_fields(cx, ask->fields, &extras));
    TRY(find_file(cx, ask->drive_id, ask->file_id, ACTION_LIST, &drive, &node));
    TRY(revision_list(cx, &node, "ListRevision", "marker", ask->marker, ask->limit, &page));
    struct revision_shown *items = ARENA_MANY(cx->arena, struct revision_shown, page.revisions.count + 1);
    for (size_t i = 0; i < page.revisions.count; i++)
        TRY(show_revision(cx, &node, (const struct file_revision *)page.revisions.items + i, extras, &items[i]));
    *(struct revisions_out *)out = (struct revisions_out){ { items, page.revisions.count }, page.next };
    return OK;
}

/* ---- GetRevision ---- */

struct one_revision {
    str drive_id, file_id, revision_id, fields, revision_description;
    int url_expire_sec, keep_forever;
};

#define IN struct one_revision
static const struct field get_revision_in[] = {
    PDS_DRIVE_ID(IN, true),
    PDS_FILE_ID(IN),
    REVISION_ID(IN),
    REVISION_FIELDS(IN),
    { "url_expire_sec", BODY, AT(IN, url_expire_sec), .min = 10, .max = 86400, .absent = PDS_LINK_TTL_S,
      .doc = "seconds" },
    { 0 }
};

static enum fault get_revision(struct cx *cx, const void *in, void *out)
{
    const struct one_revision *ask = in;
    struct revision_shown *answer = out;
    struct drive         drive;
    struct node          node;
    struct file_revision revision;
    unsigned             extras, actions;
    TRY(pds_read_fields(cx, ask->fields, &extras));
    TRY(find_file(cx, ask->drive_id, ask->file_id, ACTION_LIST, &drive, &node));
    TRY(revision_find(cx, &node, ask->revision_id, &revision));
    TRY(access_to_node(cx, &drive, &node, &actions));
    TRY(show_revision(cx, &node, &revision, extras, answer));
    if (!(actions & ACTION_DOWNLOAD))
        return OK;
    const instant expires = { cx->now.ms + ask->url_expire_sec * INT64_C(1000) };
    revision_into_node(&revision, &node);
    answer->url = answer->download_url = pds_download_url(cx, &node, expires, S0, S0);
    return OK;
}

/* ---- UpdateRevision, RestoreRevision, DeleteRevision ---- */

static const struct field update_revision_in[] = {
    PDS_DRIVE_ID(IN, true),
    PDS_FILE_ID(IN),
    REVISION_ID(IN),
    { "keep_forever", BODY, AT(IN, keep_forever), .form = FORM_BOOL, .absent = -1,
      .doc = "at most 50 revisions of a file" },
    { "revision_description", BODY, AT(IN, revision_description), .max = 1024 },
    { 0 }
};
static const struct field one_revision_in[] = { PDS_DRIVE_ID(IN, true), PDS_FILE_ID(IN), REVISION_ID(IN), { 0 } };
#undef IN

static enum fault find_revision(struct cx *cx, const struct one_revision *ask, unsigned wanted, struct node *node,
                                struct file_revision *revision)
{
    struct drive drive;
    TRY(find_file(cx, ask->drive_id, ask->file_id, wanted, &drive, node));
    return revision_find(cx, node, ask->revision_id, revision);
}

static enum fault update_revision(struct cx *cx, const void *in, void *out)
{
    const struct one_revision *ask = in;
    struct node          node;
    struct file_revision revision;
    TRY(find_revision(cx, ask, ACTION_EDIT, &node, &revision));
    TRY(revision_describe(cx, &node, &revision, ask->keep_forever, "keep_forever", ask->revision_description));
    return show_revision(cx, &node, &revision, 0, out);
}

static enum fault restore_revision(struct cx *cx, const void *in, void *out)
{
    struct node          node, restored;
    struct file_revision revision, made;
    TRY(find_revision(cx, in, ACTION_EDIT, &node, &revision));
    TRY(revision_restore(cx, &node, &revision, &restored, &made));
    return show_revision(cx, &restored, &made, 0, out);
}

static enum fault delete_revision(struct cx *cx, const void *in, void *out)
{
    struct node          node;
    struct file_revision revision;
    (void)out;
    TRY(find_revision(cx, in, ACTION_DELETE, &node, &revision));
    return revision_remove(cx, &node, &revision);
}

#define PROOF "pds_revision.test.mjs"

const struct op pds_revision_ops[] = {
    { "ListRevision", "POST", "/v2/file/revision/list", "PDS ListRevision, 2022-03-01", USER, READ,
      list_revisions_in, sizeof(struct list_revisions), revisions_rows, sizeof(struct revisions_out), list_revision,
      .status = 200, .scope = "FILE.GET", .proof = PROOF },
    { "GetRevision", "POST", "/v2/file/revision/get", "PDS GetRevision, 2022-03-01", USER, READ,
      get_revision_in, sizeof(struct one_revision), revision_rows, sizeof(struct revision_shown), get_revision,
      .status = 200, .scope = "FILE.GET", .partial = "no thumbnails are made", .proof = PROOF },
    { "UpdateRevision", "POST", "/v2/file/revision/update", "PDS UpdateRevision, 2022-03-01", USER, WRITE,
      update_revision_in, sizeof(struct one_revision), revision_rows, sizeof(struct revision_shown), update_revision,
      .status = 200, .scope = "FILE.UPDATE", .proof = PROOF },
    { "RestoreRevision", "POST", "/v2/file/revision/restore", "PDS RestoreRevision, 2022-03-01", USER, WRITE,
      one_revision_in, sizeof(struct one_revision), revision_rows, sizeof(struct revision_shown), restore_revision,
      .status = 200, .scope = "FILE.UPDATE", .proof = PROOF },
    { "DeleteRevision", "POST", "/v2/file/revision/delete", "PDS DeleteRevision, 2022-03-01", USER, WRITE,
      one_revision_in, sizeof(struct one_revision), NULL, 0, delete_revision,
      .status = 204, .scope = "FILE.DELETE", .proof = PROOF },
    { 0 }
};
