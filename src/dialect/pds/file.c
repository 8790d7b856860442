/* dialect/pds/file.c: files read: GetFile, ListFile, GetDownloadUrl. */
#include "dialect/pds/file_shape.h"

#include "drive/event.h"
#include "drive/revision.h"
#include "drive/share.h"
#include "drive/site.h"
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

struct get_file {
    str drive_id, share_id, file_id, fields, thumbnail_processes, revision_id;
    str image_thumbnail, image_url, video_thumbnail, office_thumbnail;
    int url_expire_sec;
};

#define IN struct get_file
static const struct field get_file_in[] = {
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

/* Paths of the folder above; of the root there is none, and its own is `root`. */
static enum fault find_paths(struct cx *cx, struct pds_view *view, const struct node *node,
                             struct pds_file *out)
{
    if (!(view->extras & (EXTRA_ID_PATH | EXTRA_NAME_PATH)))
        return OK;
    str ids, names;
    TRY(pds_paths(cx, view->drive, node, &ids, &names));
    if (view->extras & EXTRA_ID_PATH)
        out->id_path = ids.n ? ids : S("root");
    if (view->extras & EXTRA_NAME_PATH)
        out->name_path = names;
    return OK;
}

/* Whether a URL may be given: those of a share with a limit are counted, so they have an operation of their own. */
static bool may_give_url(const struct cx *cx, unsigned actions)
{
    const struct visit *visit = share_visit(cx);
    return actions & ACTION_DOWNLOAD && !(visit && (visit->share.download_limit || visit->share.take_limit));
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

static bool get_file_counts(const void *in)
{
    const struct get_file *ask = in;
    return ask->share_id.n && (str_find(ask->fields, '*', 0) < ask->fields.n
                               || str_find_str(ask->fields, S("url"), 0) < ask->fields.n);
}

/* A file in the recycle bin is ForbiddenFileInTheRecycleBin: of the two answers seen on the live service
 * the one that says where it is. */
static enum fault get_file(struct cx *cx, const void *in, void *out)
{
    const struct get_file *ask = in;
    struct drive drive;
    struct node  node;
    unsigned     actions;
    struct pds_view view = { .drive = &drive, .url_expire_sec = ask->url_expire_sec };
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(read_shown(cx, ask, &view.extras));
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_LIST, &drive, &node));
    TRY(read_revision(cx, &node, ask->revision_id));
    TRY(access_to_node(cx, &drive, &node, &actions));
    TRY(star_look(cx, drive.id, &node, 1));
    view.may_download = may_give_url(cx, actions);
    if (share_visit(cx))
        TRY(count_preview(cx, &view, &node));
    TRY(pds_show_file(cx, &view, &node, out));
    ((struct pds_file *)out)->action_list = pds_action_list(cx, actions);
    return find_paths(cx, &view, &node, out);
}

/* ---- ListFile ---- */

enum { STATUS_AVAILABLE = 1, STATUS_UPLOADING };

static const struct word orders[] = {
    { "created_at", SORT_CREATED }, { "updated_at", SORT_MODIFIED }, { "size", SORT_SIZE },
    { "name", SORT_NAME }, { 0 }
};
static const struct word directions[] = { { "ASC", 1 }, { "DESC", 2 }, { 0 } };
static const struct word types[] = { { "file", NODE_FILE }, { "folder", NODE_FOLDER }, { 0 } };
static const struct word shown_statuses[] = {
    { "available", STATUS_AVAILABLE }, { "uploading", STATUS_UPLOADING }, { 0 }
};

struct list_file {
    str  drive_id, share_id, parent_file_id, marker, fields, thumbnail_processes;
    int  limit, order_by, order_direction, type, category, status, url_expire_sec;
    bool starred, all;
};

#define IN struct list_file
static const struct field list_file_in[] = {
    PDS_DRIVE_ID(IN, false),
    PDS_SHARE_ID(IN),
    { "parent_file_id",  BODY, AT(IN, parent_file_id),  .required = true, .min = 1, .max = 50,
      .doc = "root or a folder" },
    { "limit",           BODY, AT(IN, limit),           .min = 1, .max = 100, .absent = 50,
      .tolerate = TOLERATE_LARGE, .lenient = "older SDKs allow 200, and aligo sends it" },
    PDS_MARKER(IN),
    { "order_by",        BODY, AT(IN, order_by),        .words = orders, .empty_ok = true,
      .doc = "without it: updated_at, newest first" },
    { "order_direction", BODY, AT(IN, order_direction), .words = directions, .empty_ok = true,
      .doc = "ASC where order_by is given" },
    { "type",            BODY, AT(IN, type),            .words = types, .empty_ok = true },
    { "category",        BODY, AT(IN, category),        .words = pds_categories, .empty_ok = true },
    { "status",          BODY, AT(IN, status),          .words = shown_statuses, .absent = STATUS_AVAILABLE,
      .empty_ok = true },
    PDS_FIELDS(IN),
    PDS_URL_EXPIRE_SEC(IN),
    PDS_THUMBNAILS(IN),
    { "starred",         BODY, AT(IN, starred),         .doc = "of older SDKs: what the caller has starred" },
    { "all",             BODY, AT(IN, all),             .doc = "of older SDKs" },
    { 0 }
};
#undef IN

/* Words the page knows that would change the result, and that nothing here stands behind. */
static enum fault refuse_filters(struct cx *cx, const struct list_file *ask)
{
    const char *filter = ask->status == STATUS_UPLOADING ? "status=uploading"
                         : ask->all                      ? "all"
                                                         : NULL;
    if (!filter)
        return OK;
    pds_not_here(cx, filter);
    return fail(cx, FAULT_UNSUPPORTED, .because = filter);
}

/* The page says created_at ASC; the official SDK's tests need the newest first where nothing is asked. */
static void read_order(const struct list_file *ask, struct listing *listing)
{
    listing->sort = ask->order_by ? (enum node_sort)ask->order_by : SORT_MODIFIED;
    listing->descending = ask->order_direction ? ask->order_direction == 2 : !ask->order_by;
}

static enum fault list_file(struct cx *cx, const void *in, void *out)
{
    const struct list_file *ask = in;
    struct listing listing = { .operation = "ListFile", .cursor_field = "marker", .limit = ask->limit,
                               .cursor = ask->marker, .kind = ask->category ? NODE_FILE : ask->type,
                               .categories = (unsigned)ask->category, .only_starred = ask->starred };
    struct pds_view  view = { .drive = &listing.drive, .url_expire_sec = ask->url_expire_sec };
    struct node_page page = { 0 };
    unsigned         actions;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(refuse_filters(cx, ask));
    TRY(pds_read_fields(cx, ask->fields, &view.extras));
    TRY(pds_check_thumbnails(cx, ask->thumbnail_processes));
    TRY(pds_find_parent(cx, ask->drive_id, ask->parent_file_id, ACTION_LIST, &listing.drive, &listing.parent));
    TRY(access_to_node(cx, &listing.drive, &listing.parent, &actions));
    view.may_download = may_give_url(cx, actions)
                        && !(share_visit(cx) && share_visit(cx)->share.preview_limit);
    read_order(ask, &listing);
    if (view.extras & (EXTRA_ID_PATH | EXTRA_NAME_PATH))
        TRY(pds_paths(cx, &listing.drive, &listing.parent, &view.id_path, &view.name_path));
    /* Only files have a category: folders of one would be an empty page. */
    if (!(ask->category && ask->type == NODE_FOLDER))
        TRY(node_list(cx, &listing, &page));
    return pds_show_page(cx, &view, &page, out);
}

/* The plain list of a folder, without anything that has a time of its own or is not in the drive: URLs, people,
 * stars, shares. */
static enum fault list_depends(struct cx *cx, const void *in, str *on)
{
    const struct list_file *ask = in;
    struct drive drive;
    struct node  parent;
    unsigned     actions;
    int64_t      changes;
    bool         stars;
    if (ask->share_id.n || share_visit(cx) || ask->fields.n || ask->thumbnail_processes.p || ask->starred || !cx->caller)
        return OK;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(pds_find_parent(cx, ask->drive_id, ask->parent_file_id, ACTION_LIST, &drive, &parent));
    TRY(access_to_node(cx, &drive, &parent, &actions));
    TRY(star_any(cx, drive.id, &stars));
    TRY(event_count(cx, drive.id, &changes));
    if (!stars)
        *on = arena_print(cx->arena, "%.*s %.*s %lld %lld %lld %u %lld", STR_ARG(cx->site->domain.epoch), STR_ARG(pds_domain_id(cx)),
                          (long long)cx->caller->user.v, (long long)cx->caller->app.v, (long long)drive.id.v, actions,
                          (long long)changes);
    return OK;
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
      get_file_in, sizeof(struct get_file), pds_file_rows, sizeof(struct pds_file), get_file, .status = 200,
      .scope = "FILE.GET", .writes = get_file_counts },
    { "ListFile", "POST", "/v2/file/list", "PDS ListFile, 2022-03-01", USER, READ,
      list_file_in, sizeof(struct list_file), pds_file_page_rows, sizeof(struct pds_file_page), list_file,
      .status = 200, .depends = list_depends, .scope = "FILE.LIST" },
    { "GetDownloadUrl", "POST", "/v2/file/get_download_url", "PDS GetDownloadUrl, 2022-03-01", USER, READ,
      get_download_url_in, sizeof(struct get_download_url), download_url_rows, sizeof(struct download_url),
      get_download_url, .status = 200, .scope = "FILE.GET", .writes = download_counts },
    { 0 }
};
