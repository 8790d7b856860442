/* dialect/pds/create.c: CreateFile: a folder, or the beginning of an upload.
 *
 * check_name_mode `refuse` with a taken name is a success that says exist: true. file_id asks for a new
 * revision of that file. */
#include "base/encode.h"
#include "dialect/pds/alias.h"
#include "dialect/pds/parts.h"
#include "drive/share.h"

static const struct word types[] = { { "file", NODE_FILE }, { "folder", NODE_FOLDER }, { 0 } };
static const struct word modes[] = {
    { "ignore", CONFLICT_ALLOW }, { "auto_rename", CONFLICT_STAMP }, { "refuse", CONFLICT_REFUSE }, { 0 }
};
static const struct word hash_names[] = { { "sha1", PDS_HASH_SHA1 }, { 0 } };
static const struct word alias_hash_names[] = { { "sha1", PDS_HASH_SHA1 }, { "none", PDS_HASH_NONE }, { 0 } };

enum { SHA1_HEX = 40 };

#define IN struct create_file
/* With what a hash may be, and what a name must be. */
#define CREATE_FILE_ROWS(names, ...)                                                                                     \
    PDS_DRIVE_ID(IN, false),                                                                                             \
    PDS_SHARE_ID(IN),                                                                                                    \
    { "parent_file_id",    BODY, AT(IN, parent_file_id),    .required = true, .min = 1, .max = 50,                       \
      .doc = "root or a folder" },                                                                                       \
    { "name",              BODY, AT(IN, name),              .required = true, .min = 1, .max = NAME_MAX_BYTES,           \
      .bytes = true, __VA_ARGS__ },                                                                                      \
    { "type",              BODY, AT(IN, type),              .required = true, .words = types },                          \
    { "size",              BODY, AT(IN, size),              .min = 0, .max = PARTS_MAX * PART_BYTES_MAX,                 \
      .absent = -1, .doc = "bytes" },                                                                                    \
    { "check_name_mode",   BODY, AT(IN, check_name_mode),   .words = modes, .absent = CONFLICT_ALLOW },                  \
    { "file_id",           BODY, AT(IN, file_id),           .max = 50, .empty_ok = true,                                 \
      .doc = "the file that gets a new revision" },                                                                      \
    { "content_type",      BODY, AT(IN, content_type),      .max = 255, .empty_ok = true,                                \
      .doc = "default application/octet-stream" },                                                                       \
    { "content_hash",      BODY, AT(IN, content_hash),      .form = FORM_HEX, .min = SHA1_HEX, .max = SHA1_HEX,          \
      .empty_ok = true },                                                                                                \
    { "content_hash_name", BODY, AT(IN, content_hash_name), .words = names, .absent = PDS_HASH_SHA1, .empty_ok = true }, \
    { "pre_hash",          BODY, AT(IN, pre_hash),          .form = FORM_HEX, .min = SHA1_HEX, .max = SHA1_HEX,          \
      .empty_ok = true, .doc = "SHA-1 of the first 1024 bytes" },                                                        \
    PDS_PART_INFO_LIST(IN, .doc = "default: one part"),                                                                  \
    { "parallel_upload",   BODY, AT(IN, parallel_upload) },                                                              \
    { "description",       BODY, AT(IN, description),       .max = 1024 },                                               \
    { "hidden",            BODY, AT(IN, hidden) },                                                                       \
    PDS_USER_TAGS(IN, .required = false),                                                                                \
    { "local_created_at",  BODY, AT(IN, local_created_at),  .empty_ok = true, .doc = "2006-01-02T15:04:05Z" },           \
    { "local_modified_at", BODY, AT(IN, local_modified_at), .empty_ok = true, .doc = "2006-01-02T15:04:05Z" }
static const struct field create_file_in[] = { CREATE_FILE_ROWS(hash_names, .form = FORM_NAME), { 0 } };
const struct field pds_create_with_folders_in[] = {
    CREATE_FILE_ROWS(alias_hash_names, .doc = "with '/' in it: the folders before the last name are made where they lack"),
    { "proof_code", BODY, AT(IN, proof_code), .empty_ok = true,
      .doc = "not asked for: CreateFile takes content_hash and size alone" },
    { 0 }
};
#undef IN

#define OUT struct created
const struct field pds_created_rows[] = {
    { "domain_id",      BODY, AT(OUT, domain_id) },
    { "drive_id",       BODY, AT(OUT, drive_id) },
    { "share_id",       BODY, AT(OUT, share_id), .omit = true, .doc = "inside a share" },
    { "file_id",        BODY, AT(OUT, file_id) },
    { "file_name",      BODY, AT(OUT, file_name), .doc = "as it was made, after a rename" },
    { "parent_file_id", BODY, AT(OUT, parent_file_id) },
    { "type",           BODY, AT(OUT, type), .words = types },
    { "status",         BODY, AT(OUT, status), .doc = "available, uploading" },
    { "exist",          BODY, AT(OUT, exist), .doc = "the name was taken: nothing was made" },
    { "rapid_upload",   BODY, AT(OUT, rapid_upload), .doc = "the content was here: nothing to send" },
    { "revision_id",    BODY, AT(OUT, revision_id), .omit = true },
    { "encrypt_mode",   BODY, AT(OUT, encrypt_mode) },
    { "upload_id",      BODY, AT(OUT, upload_id), .omit = true, .doc = "only when data must be sent" },
    { "part_info_list", BODY, AT(OUT, part_info_list), .shape = &pds_part_shown_shape, .omit = true },
    { 0 }
};
#undef OUT

/* ---- checks that rows cannot say ---- */

static enum fault check(struct cx *cx, const struct create_file *ask)
{
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(pds_check_name(cx, "name", ask->name));
    TRY(pds_check_tags(cx, &ask->user_tags));
    TRY(pds_check_header_text(cx, "content_type", ask->content_type));
    TRY(pds_check_parts(cx, &ask->part_info_list));
    TRY(pds_check_local_time(cx, "local_created_at", ask->local_created_at));
    TRY(pds_check_local_time(cx, "local_modified_at", ask->local_modified_at));
    if (ask->file_id.n && ask->type == NODE_FOLDER)
        return fail(cx, FAULT_INVALID, .field = "file_id", .got = ask->file_id,
                    .because = "only a file gets a new revision");
    if (ask->file_id.n && ask->check_name_mode == CONFLICT_STAMP)
        return fail(cx, FAULT_INVALID, .field = "file_id", .got = ask->file_id,
                    .because = "goes with check_name_mode ignore");
    if (ask->file_id.n && ask->check_name_mode == CONFLICT_REFUSE)
        return contract_tolerate(cx, "file_id", "the official JavaScript SDK overwrites after a refused create");
    return OK;
}

/* ---- translation ---- */

static str tags_text(struct cx *cx, const struct list *tags)
{
    return pds_marks_text(cx, &(struct pds_marks){ .tags = *tags });
}

static void show(struct cx *cx, const struct drive *drive, const struct node *node, struct created *out)
{
    out->domain_id = pds_domain_id(cx);
    out->drive_id = drive->id;
    out->share_id = share_visit(cx) ? share_visit(cx)->share.code : S0;
    out->file_id = pds_file_id(cx, drive, node->id);
    out->file_name = node->name;
    out->parent_file_id = pds_file_id(cx, drive, node->parent);
    out->type = node->kind;
    out->status = S("available");
    out->encrypt_mode = S("none");
    out->revision_id = node->revision;
}

static enum fault create_folder(struct cx *cx, const struct create_file *ask, struct created *out)
{
    struct folder_want want = {
        .name = ask->name, .description = ask->description, .tags = tags_text(cx, &ask->user_tags),
        .local_created = ask->local_created_at, .local_modified = ask->local_modified_at,
        .hidden = ask->hidden, .conflict = (enum conflict)ask->check_name_mode,
    };
    struct made made;
    TRY(pds_find_parent(cx, ask->drive_id, ask->parent_file_id, ACTION_CREATE, &want.drive, &want.parent));
    TRY(folder_create(cx, &want, &made));
    show(cx, &want.drive, &made.node, out);
    out->exist = made.exists;
    return OK;
}

/* The file that gets a new revision. The right is needed on it, not on the folder: who was given the one file need
 * not even see the other. */
static enum fault find_overwritten(struct cx *cx, const struct create_file *ask, struct upload_want *want)
{
    struct node target;
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_EDIT, &want->drive, &target));
    if (target.kind != NODE_FILE)
        return fail(cx, FAULT_IS_FOLDER, .thing = THING_NODE, .field = "file_id");
    want->overwrite = target.id;
    want->conflict = CONFLICT_ALLOW;
    if (str_eq(ask->parent_file_id, pds_file_id(cx, &want->drive, target.parent)))
        return OK;
    return pds_find_parent(cx, ask->drive_id, ask->parent_file_id, ACTION_LIST, &want->drive, &want->parent);
}

static enum fault find_place(struct cx *cx, const struct create_file *ask, struct upload_want *want)
{
    if (ask->file_id.n)
        return find_overwritten(cx, ask, want);
    return pds_find_parent(cx, ask->drive_id, ask->parent_file_id, ACTION_CREATE, &want->drive, &want->parent);
}

static enum fault create_upload(struct cx *cx, const struct create_file *ask, struct created *out)
{
    struct upload_want want = {
        .name = ask->name, .description = ask->description, .tags = tags_text(cx, &ask->user_tags),
        .media_type = ask->content_type.n ? ask->content_type : S("application/octet-stream"),
        .local_created = ask->local_created_at, .local_modified = ask->local_modified_at,
        .hidden = ask->hidden, .parallel = ask->parallel_upload,
        .conflict = (enum conflict)ask->check_name_mode, .size = ask->size,
        .sha1 = ask->content_hash.n ? hex_read(cx->arena, ask->content_hash) : S0,
        .pre_sha1 = ask->pre_hash.n && !ask->content_hash.n ? hex_read(cx->arena, ask->pre_hash) : S0,
    };
    struct upload_made made;
    TRY(find_place(cx, ask, &want));
    TRY(upload_start(cx, &want, &made));
    show(cx, &want.drive, &made.node, out);
    out->type = made.exists ? made.node.kind : NODE_FILE;
    out->exist = made.exists;
    out->rapid_upload = made.instant;
    if (made.exists || made.instant)
        return OK;
    out->status = S("uploading");
    out->revision_id = ID_NONE; /* comes with complete */
    out->upload_id = arena_decimal(cx->arena, (uint64_t)made.upload.id.v);
    out->part_info_list = pds_sign_parts(cx, &made.upload, &ask->part_info_list);
    return OK;
}

enum fault pds_create_file(struct cx *cx, const void *in, void *out)
{
    const struct create_file *ask = in;
    TRY(check(cx, ask));
    return ask->type == NODE_FOLDER ? create_folder(cx, ask, out) : create_upload(cx, ask, out);
}

const struct op pds_create_ops[] = {
    { "CreateFile", "POST", "/v2/file/create", "PDS CreateFile, 2022-03-01", USER, WRITE,
      create_file_in, sizeof(struct create_file), pds_created_rows, sizeof(struct created), pds_create_file,
      .status = 201, .body_max = PDS_PARTS_BODY_MAX, .scope = "FILE.CREATE",
      .proof = "pds_upload.test.mjs" },
    { 0 }
};
