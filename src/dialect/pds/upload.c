/* dialect/pds/upload.c: an upload under way: GetUploadUrl, ListUploadedParts, CompleteFile.
 *
 * Once it is complete or expired, its upload_id is NotFound.UploadId: clients then ask for the file. */
#include "base/encode.h"
#include "dialect/pds/file_shape.h"
#include "dialect/pds/parts.h"
#include "drive/star.h"

/* ---- GetUploadUrl ---- */

struct get_upload_url {
    str drive_id, share_id, file_id, upload_id;
    struct list part_info_list;
};

#define IN struct get_upload_url
static const struct field get_upload_url_in[] = {
    PDS_DRIVE_ID(IN, false),
    PDS_SHARE_ID(IN),
    PDS_FILE_ID(IN),
    { "upload_id", BODY, AT(IN, upload_id), .required = true, .max = 64, .tolerate = TOLERATE_MISSING,
      .lenient = "after a rapid upload the official JavaScript SDK has none to send" },
    PDS_PART_INFO_LIST(IN, .required = true, .min = 1),
    { 0 }
};
#undef IN

struct upload_urls {
    str     domain_id, file_id, upload_id;
    id      drive_id;
    instant create_at;
    struct list part_info_list;
};

#define OUT struct upload_urls
static const struct field upload_urls_rows[] = {
    { "domain_id", BODY, AT(OUT, domain_id) },
    { "drive_id", BODY, AT(OUT, drive_id) },
    { "file_id", BODY, AT(OUT, file_id) },
    { "upload_id", BODY, AT(OUT, upload_id) },
    { "create_at", BODY, AT(OUT, create_at) },
    { "part_info_list", BODY, AT(OUT, part_info_list), .shape = &pds_part_shown_shape },
    { 0 }
};
#undef OUT

/* A file that was made by a rapid upload has no upload: the file itself is what stands in the way. */
static enum fault refuse_without_upload(struct cx *cx, const struct get_upload_url *ask)
{
    struct drive drive;
    struct node  node;
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_LIST, &drive, &node));
    return fail(cx, FAULT_EXISTS, .thing = THING_NODE, .other = node.id.v, .because = "the file is complete");
}

static enum fault get_upload_url(struct cx *cx, const void *in, void *out)
{
    const struct get_upload_url *ask = in;
    struct upload_urls *answer = out;
    struct upload       upload;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(pds_check_parts(cx, &ask->part_info_list));
    if (!ask->upload_id.n)
        return refuse_without_upload(cx, ask);
    TRY(upload_find(cx, pds_drive_text(cx, ask->drive_id), ask->file_id, ask->upload_id, false, &upload));
    *answer = (struct upload_urls){
        .domain_id = pds_domain_id(cx), .drive_id = upload.drive, .file_id = ask->file_id,
        .upload_id = ask->upload_id, .create_at = upload.created,
        .part_info_list = pds_sign_parts(cx, &upload, &ask->part_info_list),
    };
    return OK;
}

/* ---- ListUploadedParts ---- */

struct list_parts {
    str drive_id, share_id, file_id, upload_id;
    int part_number_marker, limit;
};

#define IN struct list_parts
static const struct field list_parts_in[] = {
    PDS_DRIVE_ID(IN, false),
    PDS_SHARE_ID(IN),
    PDS_FILE_ID(IN),
    { "upload_id", BODY, AT(IN, upload_id), .required = true, .min = 1, .max = 64 },
    { "part_number_marker", BODY, AT(IN, part_number_marker), .min = 0, .max = INT32_MAX,
      .tolerate = TOLERATE_TEXT | TOLERATE_EMPTY,
      .lenient = "the answer's next_part_number_marker is a string, and is sent back as it came" },
    { "limit", BODY, AT(IN, limit), .min = 1, .max = 100, .absent = 100, .tolerate = TOLERATE_LARGE,
      .lenient = "the official JavaScript SDK always sends 1000" },
    { 0 }
};
#undef IN

struct part_shown {
    int     part_number;
    int64_t part_size;
    str     etag;
};
static const struct field part_rows[] = {
    { "part_number", BODY, AT(struct part_shown, part_number) },
    { "part_size", BODY, AT(struct part_shown, part_size), .doc = "bytes" },
    { "etag", BODY, AT(struct part_shown, etag) },
    { 0 }
};
static const struct shape part_shape = { "UploadedPart", part_rows, sizeof(struct part_shown) };

struct parts_page {
    str         file_id, upload_id, next_part_number_marker;
    bool        parallel_upload;
    struct list uploaded_parts;
};

#define OUT struct parts_page
static const struct field parts_page_rows[] = {
    { "file_id", BODY, AT(OUT, file_id) },
    { "upload_id", BODY, AT(OUT, upload_id) },
    { "parallel_upload", BODY, AT(OUT, parallel_upload), .doc = "as it was said at create" },
    { "uploaded_parts", BODY, AT(OUT, uploaded_parts), .shape = &part_shape },
    { "next_part_number_marker", BODY, AT(OUT, next_part_number_marker), .doc = "empty at the end" },
    { 0 }
};
#undef OUT

static struct part_shown show_part(struct cx *cx, const struct part *part)
{
    const str md5 = hex_upper(cx->arena, part->md5);
    return (struct part_shown){ part->number, part->size, arena_print(cx->arena, "\"%.*s\"", STR_ARG(md5)) };
}

static enum fault list_uploaded_parts(struct cx *cx, const void *in, void *out)
{
    const struct list_parts *ask = in;
    struct parts_page *answer = out;
    struct upload      upload;
    struct list        parts;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(upload_find(cx, pds_drive_text(cx, ask->drive_id), ask->file_id, ask->upload_id, false, &upload));
    TRY(upload_parts(cx, upload.id, ask->part_number_marker, ask->limit + 1, &parts));
    const size_t       limit = (size_t)ask->limit, count = parts.count > limit ? limit : parts.count;
    const struct part *stored = parts.items;
    struct part_shown *shown = ARENA_MANY(cx->arena, struct part_shown, count + 1);
    for (size_t i = 0; i < count; i++)
        shown[i] = show_part(cx, &stored[i]);
    *answer = (struct parts_page){ .file_id = ask->file_id, .upload_id = ask->upload_id,
                                   .parallel_upload = upload.parallel,
                                   .uploaded_parts = { shown, count }, .next_part_number_marker = S("") };
    if (parts.count > limit)
        answer->next_part_number_marker = arena_print(cx->arena, "%d", shown[count - 1].part_number);
    return OK;
}

/* ---- CompleteFile ---- */

struct complete_file {
    str drive_id, share_id, file_id, upload_id, crc64_hash;
    struct list part_info_list;
};

/* The official JavaScript SDK sends the parts' etags; the server has them and compares nothing. */
struct part_told {
    int part_number;
    str etag;
};
static const struct field told_rows[] = {
    { "part_number", BODY, AT(struct part_told, part_number) },
    { "etag", BODY, AT(struct part_told, etag) },
    { 0 }
};
static const struct shape told_shape = { "PartTold", told_rows, sizeof(struct part_told) };

#define IN struct complete_file
static const struct field complete_file_in[] = {
    PDS_DRIVE_ID(IN, false),
    PDS_SHARE_ID(IN),
    PDS_FILE_ID(IN),
    { "upload_id", BODY, AT(IN, upload_id), .required = true, .min = 1, .max = 64 },
    { "crc64_hash", BODY, AT(IN, crc64_hash), .form = FORM_DIGITS, .min = 1, .max = 20, .empty_ok = true,
      .doc = "CRC-64/XZ of the whole, decimal" },
    { "part_info_list", BODY, AT(IN, part_info_list), .max = PARTS_MAX, .shape = &told_shape,
      .doc = "of the JavaScript SDK; has no effect" },
    { 0 }
};
#undef IN

static enum fault read_crc64(struct cx *cx, str digits, struct upload_expect *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < digits.n; i++)
        if (__builtin_mul_overflow(value, 10, &value)
            || __builtin_add_overflow(value, (uint64_t)(digits.p[i] - '0'), &value))
            return fail(cx, FAULT_INVALID, .field = "crc64_hash", .how = HOW_TOO_LARGE, .got = digits,
                        .because = "at most 18446744073709551615");
    out->crc64 = value;
    out->has_crc64 = digits.n > 0;
    return OK;
}

/* On a worker, when upload_complete asks: what came out of order, or before a restart, is read back here. */
static enum fault settle_file(struct cx *cx, void *in, void *out)
{
    const struct complete_file *ask = in;
    struct upload upload;
    (void)out;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(upload_find(cx, pds_drive_text(cx, ask->drive_id), ask->file_id, ask->upload_id, false, &upload));
    return upload_settle(cx, &upload);
}

static enum fault complete_file(struct cx *cx, const void *in, void *out)
{
    const struct complete_file *ask = in;
    struct upload_expect expect = { 0 };
    struct upload upload;
    struct drive  drive;
    struct node   node;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(read_crc64(cx, ask->crc64_hash, &expect));
    TRY(upload_find(cx, pds_drive_text(cx, ask->drive_id), ask->file_id, ask->upload_id, false, &upload));
    TRY(pds_drive(cx, ask->drive_id, &drive));
    TRY(upload_complete(cx, &upload, &expect, &node));
    TRY(star_look(cx, drive.id, &node, 1));
    const struct pds_view view = { .drive = &drive };
    return pds_show_file(cx, &view, &node, out);
}

const struct op pds_upload_ops[] = {
    { "GetUploadUrl", "POST", "/v2/file/get_upload_url", "PDS GetUploadUrl, 2022-03-01", USER, READ,
      get_upload_url_in, sizeof(struct get_upload_url), upload_urls_rows, sizeof(struct upload_urls),
      get_upload_url, .body_max = PDS_PARTS_BODY_MAX, .scope = "FILE.CREATE",
      .proof = "pds_upload.test.mjs" },
    { "ListUploadedParts", "POST", "/v2/file/list_uploaded_parts", "PDS ListUploadedParts, 2022-03-01", USER, READ,
      list_parts_in, sizeof(struct list_parts), parts_page_rows, sizeof(struct parts_page),
      list_uploaded_parts, .status = 200, .scope = "FILE.CREATE",
      .proof = "pds_upload.test.mjs" },
    { "CompleteFile", "POST", "/v2/file/complete", "PDS CompleteFile, 2022-03-01", USER, WRITE,
      complete_file_in, sizeof(struct complete_file), pds_file_rows, sizeof(struct pds_file), complete_file,
      .prepare = settle_file, .prepare_if_asked = true, .body_max = PDS_PARTS_BODY_MAX, .scope = "FILE.CREATE",
      .proof = "pds_upload.test.mjs" },
    { 0 }
};
