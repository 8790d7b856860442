/* dialect/koodrive/upload.c: files on their way in: create, part URLs, complete.
 *
 * The fileId names the upload: there is one open upload a file, and no uploadId is ever sent back.
 * Source: Creating a File, Obtaining Multipart Upload URLs, Completing a File, 2026-05 */
#include "base/encode.h"
#include "dialect/koodrive/parts.h"

#define GIB (INT64_C(1) << 30)
#define LENGTH_MAX (200 * GIB)
#define PUT_LENGTH_MAX (5 * GIB)
#define UPLOAD_TTL_MS (INT64_C(7) * 24 * 3600 * 1000)

enum upload_mode { MODE_MULTIPART, MODE_PUT };

/* ---- create ---- */

static const struct word upload_modes[] = { { "multipart", MODE_MULTIPART }, { "put", MODE_PUT }, { 0 } };
static const struct word upload_types[] = { { "1", 1 }, { 0 } };
static const struct word auto_renames[] = {
    { "2", CONFLICT_STAMP }, { "3", CONFLICT_REFUSE }, { "4", CONFLICT_SAME }, { 0 }
};

struct create_file {
    struct koodrive_common common;
    str         name, file_type, container, sha256, pre_hash, proof, created, description, mime_type;
    int         mode, upload_type, auto_rename;
    int64_t     length;
    struct list parent_folder; /* struct koodrive_text */
    struct list parts;         /* struct koodrive_part */
    bool        hidden;
};
#define IN struct create_file
static const struct field create_file_in[] = {
    KOODRIVE_COMMON(IN),
    KOODRIVE_SHARE_FOLDER(IN),
    { "fileName",     BODY, AT(IN, name), .required = true, .min = 1, .max = 250 },
    { "fileType",     BODY, AT(IN, file_type), .required = true, .max = 64,
      .doc = "kept as given; empty: by the extension" },
    KOODRIVE_CONTAINER(IN),
    { "parentFolder", BODY, AT(IN, parent_folder), .required = true, .min = 1, .max = 100,
      .shape = &koodrive_sent_id_shape, .doc = "the first counts; root or a folder" },
    { "length",       BODY, AT(IN, length), .required = true, .min = 0, .max = LENGTH_MAX, KOODRIVE_NUMBER,
      .doc = "bytes" },
    { "uploadMode",   BODY, AT(IN, mode), .required = true, .words = upload_modes },
    { "uploadType",   BODY, AT(IN, upload_type), .required = true, .words = upload_types, .raw_words = true,
      KOODRIVE_NUMBER },
    { "autoRename",   BODY, AT(IN, auto_rename), .required = true, .words = auto_renames, .raw_words = true,
      .absent = CONFLICT_REFUSE, .tolerate = TOLERATE_TEXT | TOLERATE_EMPTY | TOLERATE_MISSING,
      .lenient = "the page names no default, and its sibling renameMode may be left out",
      .doc = "2 adds a timestamp to a taken name, 3 refuses, 4 is 2 unless the content is the same" },
    { "multiParts",   BODY, AT(IN, parts), .min = 0, .max = PARTS_MAX, .shape = &koodrive_part_shape },
    { "sha256",       BODY, AT(IN, sha256), .min = 64, .max = 64, .form = FORM_HEX,
      .doc = "of the whole; what is here already and the caller may read is not sent again" },
    { "preHash",      BODY, AT(IN, pre_hash), .min = 64, .max = 64, .form = FORM_HEX,
      .doc = "of the first KiB; not needed" },
    { "proofCode",    BODY, AT(IN, proof), .doc = "not needed: only the caller's own content matches" },
    { "createdTime",  BODY, AT(IN, created) },
    { "description",  BODY, AT(IN, description), .max = 512 },
    { "mimeType",     BODY, AT(IN, mime_type), .max = 255 },
    { "hidden",       BODY, AT(IN, hidden) },
    { 0 }
};
#undef IN

struct created_file {
    id          file, container, upload;
    str         name;
    bool        rapid, exists;
    struct list parent_folder; /* struct koodrive_id */
    struct list parts;         /* struct koodrive_part_url */
};
#define OUT struct created_file
static const struct field created_file_out[] = {
    { "fileId",       BODY, AT(OUT, file) },
    { "rapidUpload",  BODY, AT(OUT, rapid), .doc = "true: the file is complete" },
    { "containerId",  BODY, AT(OUT, container) },
    { "fileName",     BODY, AT(OUT, name), .doc = "the final one" },
    { "uploadId",     BODY, AT(OUT, upload), .omit = true },
    { "parentFolder", BODY, AT(OUT, parent_folder), .shape = &koodrive_id_shape },
    { "exist",        BODY, AT(OUT, exists), .doc = "true: nothing was made, this file has the same content" },
    { "multiParts",   BODY, AT(OUT, parts), .shape = &koodrive_part_url_shape, .omit = true },
    { 0 }
};
#undef OUT

/* What the page asks of the fields beyond their kinds. */
static enum fault check_file(struct cx *cx, const struct create_file *ask)
{
    TRY(koodrive_check_name(cx, "fileName", ask->name));
    TRY(koodrive_check_description(cx, ask->description));
    if (str_eq(ask->file_type, S("10")) || str_eq(ask->file_type, S("11")))
        return fail(cx, FAULT_INVALID, .field = "fileType", .how = HOW_WORD, .got = ask->file_type,
                    .because = "10 and 11 are folders");
    if (ask->mode == MODE_PUT && ask->length > PUT_LENGTH_MAX)
        return fail(cx, FAULT_INVALID, .field = "length", .how = HOW_TOO_LARGE, .min = 0, .max = PUT_LENGTH_MAX,
                    .got = arena_print(cx->arena, "%lld", (long long)ask->length));
    return koodrive_check_parts(cx, &ask->parts, ask->length);
}

static enum fault find_parent(struct cx *cx, const struct create_file *ask, struct upload_want *want)
{
    const struct koodrive_want parent = {
        .container = ask->container, .node = koodrive_parent(&ask->parent_folder),
        .share_folder = ask->common.share_folder, .scope = SCOPE_LIVE, .actions = ACTION_CREATE,
        .as = THING_PARENT, .folder = true,
    };
    const enum fault fault = koodrive_find(cx, &parent, &want->drive, &want->parent);
    if (fault == FAULT_TRASHED) /* their code for it is another than for folders */
        return fail(cx, FAULT_TRASHED, .thing = THING_UPLOAD, .got = parent.node);
    return fault;
}

static void show_created(struct cx *cx, const struct create_file *ask, const struct upload_made *made,
                         struct created_file *out)
{
    struct koodrive_id *parent = ARENA_NEW(cx->arena, struct koodrive_id);
    parent->id = made->node.parent;
    *out = (struct created_file){
        .file = made->node.id,
        .container = made->node.drive,
        .name = made->node.name,
        .rapid = made->instant,
        .exists = made->exists,
        .parent_folder = { parent, 1 },
    };
    if (made->exists || made->instant)
        return;
    out->upload = made->upload.id;
    out->parts = koodrive_part_urls(cx, &made->upload, &ask->parts, ask->length);
}

/* Without a digest nothing can be seen to be the same before it was sent. */
static enum conflict conflict_of(const struct create_file *ask)
{
    return ask->auto_rename == CONFLICT_SAME && !ask->sha256.n ? CONFLICT_STAMP : (enum conflict)ask->auto_rename;
}

static enum fault create_file(struct cx *cx, const void *in, void *out)
{
    const struct create_file *ask = in;
    struct upload_made        made;
    struct upload_want        want = {
        .name = ask->name, .media_type = ask->mime_type, .file_type = ask->file_type,
        .description = ask->description, .local_created = ask->created, .hidden = ask->hidden,
        .conflict = conflict_of(ask), .size = ask->length, .ttl_ms = UPLOAD_TTL_MS,
        .sha256 = ask->sha256.n ? hex_read(cx->arena, ask->sha256) : S0,
    };
    TRY(check_file(cx, ask));
    TRY(koodrive_read_time(cx, "createdTime", ask->created, &want.created));
    TRY(find_parent(cx, ask, &want));
    TRY(upload_start(cx, &want, &made));
    if (made.exists && ask->auto_rename == CONFLICT_REFUSE)
        return fail(cx, FAULT_EXISTS, .thing = THING_NODE, .field = "fileName", .got = ask->name,
                    .other = made.node.id.v);
    show_created(cx, ask, &made, out);
    return OK;
}

/* ---- one upload by its fileId ---- */

/* Without a container in the request the header is all that could be held against it. */
static enum fault find_upload(struct cx *cx, const struct koodrive_common *common, str file, bool done_too,
                              struct upload *out)
{
    struct drive drive;
    struct node  parent;
    TRY(upload_find(cx, S0, file, S0, done_too, out));
    if (!common->share_folder.n)
        return OK;
    const struct koodrive_want want = {
        .container = arena_print(cx->arena, "%lld", (long long)out->drive.v),
        .node = arena_print(cx->arena, "%lld", (long long)out->parent.v),
        .share_folder = common->share_folder, .scope = SCOPE_ANY, .actions = ACTION_LIST, .as = THING_PARENT,
    };
    return koodrive_find(cx, &want, &drive, &parent);
}

/* ---- part URLs ---- */

struct upload_url {
    struct koodrive_common common;
    str                    file;
    struct list            parts; /* struct koodrive_part */
};
#define SENT_FILE(IN) { "fileId", BODY, AT(IN, file), .required = true, .min = 1, .max = 64, \
                        .tolerate = TOLERATE_NUMBER, .lenient = KOODRIVE_LENIENT_ID }
#define IN struct upload_url
static const struct field upload_url_in[] = {
    KOODRIVE_COMMON(IN),
    KOODRIVE_SHARE_FOLDER(IN),
    SENT_FILE(IN),
    { "multiParts", BODY, AT(IN, parts), .required = true, .min = 1, .max = PARTS_MAX, .shape = &koodrive_part_shape },
    { 0 }
};
#undef IN

struct upload_urls {
    struct list parts; /* struct koodrive_part_url */
};
static const struct field upload_urls_out[] = {
    { "multiParts", BODY, AT(struct upload_urls, parts), .shape = &koodrive_part_url_shape }, { 0 }
};

static enum fault upload_url(struct cx *cx, const void *in, void *out)
{
    const struct upload_url *ask = in;
    struct upload_urls      *answer = out;
    struct upload            upload;
    TRY(find_upload(cx, &ask->common, ask->file, false, &upload));
    TRY(koodrive_check_parts(cx, &ask->parts, upload.size));
    answer->parts = koodrive_part_urls(cx, &upload, &ask->parts, upload.size);
    return OK;
}

/* ---- complete ---- */

struct complete_file {
    struct koodrive_common common;
    str                    file, sha256;
};
#define IN struct complete_file
static const struct field complete_file_in[] = {
    KOODRIVE_COMMON(IN),
    KOODRIVE_SHARE_FOLDER(IN),
    SENT_FILE(IN),
    { "sha256", BODY, AT(IN, sha256), .min = 64, .max = 64, .form = FORM_HEX },
    { 0 }
};
#undef IN

/* A file made at once had no upload; completing it is as good as completing one twice. */
static enum fault is_complete_already(struct cx *cx, str file)
{
    struct list        drives;
    struct drive       drive;
    struct node        node;
    TRY(drive_list_personal(cx, &drives));
    const struct drive *all = drives.items;
    for (size_t i = 0; i < drives.count; i++) {
        const str container = arena_print(cx->arena, "%lld", (long long)all[i].id.v);
        if (node_find(cx, container, file, SCOPE_LIVE, ACTION_EDIT, &drive, &node) == OK && node.kind == NODE_FILE)
            return OK;
    }
    return fail(cx, FAULT_NOT_FOUND, .thing = THING_UPLOAD, .got = file);
}

/* On a worker, when upload_complete asks: what came out of order is read back and hashed here, not on the writer. */
static enum fault complete_prepare(struct cx *cx, void *in, void *out)
{
    const struct complete_file *ask = in;
    struct upload               upload;
    (void)out;
    const enum fault fault = find_upload(cx, &ask->common, ask->file, true, &upload);
    if (fault == FAULT_NOT_FOUND && cx->why.thing == THING_UPLOAD)
        return is_complete_already(cx, ask->file);
    TRY(fault);
    return upload.state == UPLOAD_OPEN ? upload_settle(cx, &upload) : OK;
}

static enum fault finish(struct cx *cx, const struct upload *upload, str sha256)
{
    struct upload_expect expect = { .sha256 = upload->sha256.n ? upload->sha256 : S0 };
    struct node          node;
    if (sha256.n) {
        const str asked = hex_read(cx->arena, sha256);
        if (expect.sha256.n && !str_eq(expect.sha256, asked))
            return fail(cx, FAULT_MISMATCH, .thing = THING_UPLOAD, .field = "sha256",
                        .because = "another digest was announced when the file was created");
        expect.sha256 = asked;
    }
    const enum fault fault = upload_complete(cx, upload, &expect, &node);
    if (fault == FAULT_TRASHED)
        return fail(cx, FAULT_TRASHED, .thing = THING_UPLOAD);
    return fault;
}

static enum fault complete_file(struct cx *cx, const void *in, void *out)
{
    const struct complete_file *ask = in;
    struct upload               upload;
    (void)out;
    const enum fault fault = find_upload(cx, &ask->common, ask->file, true, &upload);
    if (fault == FAULT_NOT_FOUND && cx->why.thing == THING_UPLOAD)
        return is_complete_already(cx, ask->file);
    TRY(fault);
    return upload.state == UPLOAD_OPEN ? finish(cx, &upload, ask->sha256) : OK;
}

#define PAGE(title) "KooDrive " title ", 2026-05"

const struct op koodrive_upload_ops[] = {
    { "CreateFile", "POST", KOODRIVE "/files/create", PAGE("Creating a File"), USER, WRITE,
      create_file_in, sizeof(struct create_file), created_file_out, sizeof(struct created_file), create_file,
      .body_max = KOODRIVE_PARTS_BODY_MAX },
    { "UploadUrl", "POST", KOODRIVE "/files/multipart/uploadUrl", PAGE("Obtaining Multipart Upload URLs"), USER, READ,
      upload_url_in, sizeof(struct upload_url), upload_urls_out, sizeof(struct upload_urls), upload_url,
      .body_max = KOODRIVE_PARTS_BODY_MAX },
    { "CompleteFile", "POST", KOODRIVE "/files/complete", PAGE("Completing a File"), USER, WRITE,
      complete_file_in, sizeof(struct complete_file), NULL, 0, complete_file, .prepare = complete_prepare,
      .prepare_if_asked = true },
    { 0 },
};
