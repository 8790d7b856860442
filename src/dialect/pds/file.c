/* dialect/pds/file.c: files read: GetFile, GetDownloadUrl. */
#include "dialect/pds/alias.h"

#include "drive/revision.h"
#include "drive/share.h"
#include "drive/star.h"

/* The file as it was at the revision asked for, if one is. */
static enum fault read_revision(struct cx *cx, struct node *node, str revision_id)
{
    struct file_revision revision;
    if (!revision_id.n)
        return OK;
    if (node->kind != NODE_FILE)
        return fail(cx, FAULT_IS_FOLDER, .thing = THING_NODE, .field = "file_id");
    TRY(revision_find(cx, node, revision_id, &revision));
    if (share_visit(cx) && revision.id.v != node->revision.v) /* what a file was before is not shared */
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_REVISION, .got = revision_id);
    revision_into_node(&revision, node);
    return OK;
}

/* ---- GetFile ---- */

#define IN struct get_file
const struct field pds_get_file_in[] = {
    PDS_DRIVE_ID(IN, false),
    PDS_SHARE_ID(IN),
    PDS_FILE_ID(IN),
    PDS_FIELDS(IN),
    PDS_URL_EXPIRE_SEC(IN),
    PDS_THUMBNAILS(IN),
    { "image_thumbnail_process", BODY, AT(IN, image_thumbnail), .empty_ok = true,
      .doc = "no thumbnails are made" },
    { "image_url_process", BODY, AT(IN, image_url), .empty_ok = true,
      .doc = "images are not converted" },
    { "video_thumbnail_process", BODY, AT(IN, video_thumbnail), .empty_ok = true,
      .doc = "no thumbnails are made" },
    { "office_thumbnail_process", BODY, AT(IN, office_thumbnail), .empty_ok = true,
      .doc = "no thumbnails are made" },
    { "revision_id", BODY, AT(IN, revision_id), .max = 50, .empty_ok = true, .doc = "without it: the newest one" },
    { 0 }
};
#undef IN

static enum fault read_shown(struct cx *cx, const struct get_file *ask, unsigned *extras)
{
    TRY(pds_read_fields(cx, ask->fields, extras));
    TRY(pds_check_thumbnails(cx, ask->thumbnail_processes));
    if (ask->image_thumbnail.n || ask->video_thumbnail.n || ask->office_thumbnail.n)
        pds_not_here(cx, "thumbnail");
    if (ask->image_url.n)
        pds_not_here(cx, "image_url_process");
    return OK;
}

/* A file that is looked at inside a share, by the URL that GetFile gives of it; none when it was often enough. */
static enum fault count_preview(struct cx *cx, struct pds_view *view, const struct node *node)
{
    if (!(view->extras & EXTRA_URL) || !view->may_download || node->kind != NODE_FILE)
        return OK;
    const enum fault fault = share_count(cx, SHARE_PREVIEW);
    view->may_download = fault == OK;
    return fault == FAULT_FORBIDDEN ? OK : fault;
}

bool pds_get_file_counts(const void *in)
{
    const struct get_file *ask = in;
    return ask->share_id.n && (str_find(ask->fields, '*', 0) < ask->fields.n
                               || str_find_str(ask->fields, S("url"), 0) < ask->fields.n);
}

/* On a worker. */
enum fault pds_find_file_sums(struct cx *cx, void *in, void *out)
{
    struct get_file *ask = in;
    struct drive drive;
    struct node  node;
    (void)out;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_LIST, &drive, &node));
    return pds_find_sums(cx, &node, 1, &ask->sums);
}

/* A file in the recycle bin is ForbiddenFileInTheRecycleBin: of the two answers seen on the live service
 * the one that says where it is. */
enum fault pds_get_file(struct cx *cx, const void *in, void *out)
{
    const struct get_file *ask = in;
    struct drive drive;
    struct node  node;
    unsigned     actions;
    struct pds_view view = { .drive = &drive, .url_expire_sec = ask->url_expire_sec };
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(read_shown(cx, ask, &view.extras));
    TRY(pds_want_sums(cx, &ask->sums, &view));
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_LIST, &drive, &node));
    TRY(read_revision(cx, &node, ask->revision_id));
    TRY(access_to_node(cx, &drive, &node, &actions));
    TRY(star_look(cx, drive.id, &node, 1));
    view.may_download = pds_may_give_url(cx, actions);
    if (share_visit(cx))
        TRY(count_preview(cx, &view, &node));
    TRY(pds_show_file(cx, &view, &node, out));
    ((struct pds_file *)out)->action_list = pds_action_list(cx, actions);
    return pds_show_own_paths(cx, &view, &node, out);
}

/* ---- GetDownloadUrl ---- */

struct get_download_url {
    str drive_id, share_id, file_id, file_name, response_content_type, revision_id;
    int expire_sec;
};

#define IN struct get_download_url
static const struct field get_download_url_in[] = {
    PDS_DRIVE_ID(IN, false),
    PDS_SHARE_ID(IN),
    PDS_FILE_ID(IN),
    { "expire_sec", BODY, AT(IN, expire_sec), .min = 1, .max = 115200, .absent = PDS_LINK_TTL_S,
      .doc = "seconds" },
    { "file_name", BODY, AT(IN, file_name), .min = 1, .max = 1024, .form = FORM_NAME, .empty_ok = true,
      .doc = "for the Content-Disposition of the download" },
    { "response_content_type", BODY, AT(IN, response_content_type), .max = 255, .empty_ok = true },
    { "revision_id", BODY, AT(IN, revision_id), .max = 50, .empty_ok = true, .doc = "without it: the newest one" },
    { 0 }
};
#undef IN

struct download_url {
    str     domain_id, file_id, url, internal_url, cdn_url, method;
    str     content_hash, content_hash_name, crc64_hash;
    id      drive_id, revision_id;
    int64_t size;
    instant expiration;
};

#define OUT struct download_url
static const struct field download_url_rows[] = {
    { "domain_id", BODY, AT(OUT, domain_id) },
    { "drive_id", BODY, AT(OUT, drive_id) },
    { "file_id", BODY, AT(OUT, file_id) },
    { "revision_id", BODY, AT(OUT, revision_id) },
    { "method", BODY, AT(OUT, method) },
    { "url", BODY, AT(OUT, url) },
    { "internal_url", BODY, AT(OUT, internal_url) },
    { "cdn_url", BODY, AT(OUT, cdn_url) },
    { "expiration", BODY, AT(OUT, expiration) },
    { "size", BODY, AT(OUT, size), .doc = "bytes" },
    { "content_hash", BODY, AT(OUT, content_hash) },
    { "content_hash_name", BODY, AT(OUT, content_hash_name) },
    { "crc64_hash", BODY, AT(OUT, crc64_hash) },
    { 0 }
};
#undef OUT

static bool download_counts(const void *in)
{
    return ((const struct get_download_url *)in)->share_id.n > 0;
}

static enum fault get_download_url(struct cx *cx, const void *in, void *out)
{
    const struct get_download_url *ask = in;
    const instant expires = { cx->now.ms + ask->expire_sec * INT64_C(1000) };
    struct drive  drive;
    struct node   node;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(pds_check_header_text(cx, "response_content_type", ask->response_content_type));
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_DOWNLOAD, &drive, &node));
    if (node.kind != NODE_FILE)
        return fail(cx, FAULT_IS_FOLDER, .thing = THING_NODE, .field = "file_id");
    TRY(read_revision(cx, &node, ask->revision_id));
    if (share_visit(cx))
        TRY(share_count(cx, SHARE_DOWNLOAD));
    const str file_name = ask->file_name.n ? ask->file_name : S0;
    const str content_type = ask->response_content_type.n ? ask->response_content_type : S0;
    *(struct download_url *)out = (struct download_url){
        .domain_id = pds_domain_id(cx), .drive_id = drive.id, .file_id = ask->file_id,
        .revision_id = node.revision, .method = S("GET"), .expiration = expires, .size = node.size,
        .url = pds_download_url(cx, &node, expires, file_name, content_type), .internal_url = S(""),
        .cdn_url = S(""), .content_hash = pds_content_hash(cx, &node), .content_hash_name = S("sha1"),
        .crc64_hash = pds_crc64_hash(cx, &node),
    };
    return OK;
}

const struct op pds_file_ops[] = {
    { "GetFile", "POST", "/v2/file/get", "PDS GetFile, 2022-03-01", USER, READ,
      pds_get_file_in, sizeof(struct get_file), pds_file_rows, sizeof(struct pds_file), pds_get_file, .status = 200,
      .prepare = pds_find_file_sums, .prepare_if_asked = true, .scope = "FILE.GET", .writes = pds_get_file_counts,
      .partial = "no thumbnails are made, and nothing is read from pictures and videos", .proof = "pds_files.test.mjs" },
    { "GetDownloadUrl", "POST", "/v2/file/get_download_url", "PDS GetDownloadUrl, 2022-03-01", USER, READ,
      get_download_url_in, sizeof(struct get_download_url), download_url_rows, sizeof(struct download_url),
      get_download_url, .status = 200, .scope = "FILE.GET", .writes = download_counts,
      .proof = "pds_files.test.mjs" },
    { 0 }
};
