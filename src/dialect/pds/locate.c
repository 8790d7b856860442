/* dialect/pds/locate.c: finding one file and its bytes: GetFileByPath, DownloadFile, PreCreateCheck. */
#include "dialect/pds/file_shape.h"
#include "drive/path.h"
#include "drive/share.h"
#include "drive/star.h"

#define SDKS "official SDKs; not in the 2022-03-01 reference"
#define PROOF "pds_locate.test.mjs"

/* ---- GetFileByPath ---- */

enum { PATH_BYTES_MAX = DEPTH_MAX * (NAME_MAX_BYTES + 1) + 1 };

struct get_by_path {
    str drive_id, file_path, fields, thumbnail_processes;
    str image_thumbnail, image_url, video_thumbnail, office_thumbnail;
    int url_expire_sec;
};

#define IN struct get_by_path
#define NO_THUMBNAIL(name, member) { name, BODY, AT(IN, member), .empty_ok = true, .doc = "no thumbnails are made" }
static const struct field get_by_path_in[] = {
    PDS_DRIVE_ID(IN, true),
    { "file_path", BODY, AT(IN, file_path), .required = true, .min = 1, .max = PATH_BYTES_MAX, .bytes = true,
      .doc = "/a/b/c" },
    PDS_FIELDS(IN),
    PDS_URL_EXPIRE_SEC(IN),
    PDS_THUMBNAILS(IN),
    NO_THUMBNAIL("image_thumbnail_process", image_thumbnail),
    NO_THUMBNAIL("image_url_process", image_url),
    NO_THUMBNAIL("video_thumbnail_process", video_thumbnail),
    NO_THUMBNAIL("office_thumbnail_process", office_thumbnail),
    { 0 }
};
#undef IN

static enum fault get_by_path(struct cx *cx, const void *in, void *out)
{
    const struct get_by_path *ask = in;
    struct drive drive;
    struct node  node;
    unsigned     actions;
    struct pds_view view = { .drive = &drive, .url_expire_sec = ask->url_expire_sec };
    TRY(pds_read_fields(cx, ask->fields, &view.extras));
    TRY(pds_check_thumbnails(cx, ask->thumbnail_processes));
    if (ask->image_thumbnail.n || ask->image_url.n || ask->video_thumbnail.n || ask->office_thumbnail.n)
        pds_not_here(cx, "thumbnail");
    if (!str_starts(ask->file_path, S("/")))
        return fail(cx, FAULT_INVALID, .field = "file_path", .how = HOW_FORM, .got = ask->file_path,
                    .because = "a path from the root: /a/b/c");
    TRY(node_find_by_path(cx, ask->drive_id, ask->file_path, "file_path", ACTION_LIST, &drive, &node));
    TRY(access_to_node(cx, &drive, &node, &actions));
    TRY(star_look(cx, drive.id, &node, 1));
    view.may_download = actions & ACTION_DOWNLOAD;
    TRY(pds_show_file(cx, &view, &node, out));
    TRY(pds_show_own_paths(cx, &view, &node, out));
    ((struct pds_file *)out)->action_list = pds_action_list(cx, actions);
    return OK;
}

/* ---- DownloadFile ---- */

struct download_file {
    str drive_id, share_id, file_id, image_thumbnail, video_thumbnail, office_thumbnail;
};

#define IN struct download_file
static const struct field download_file_in[] = {
    { "drive_id", QUERY, AT(IN, drive_id), .form = FORM_DIGITS, .min = 1, .max = 50 },
    { "share_id", QUERY, AT(IN, share_id), .empty_ok = true, .doc = "instead of drive_id" },
    { "file_id", QUERY, AT(IN, file_id), .required = true, .min = 1, .max = 50 },
    { "image_thumbnail_process", QUERY, AT(IN, image_thumbnail), .empty_ok = true, .doc = "no thumbnails are made" },
    { "video_thumbnail_process", QUERY, AT(IN, video_thumbnail), .empty_ok = true, .doc = "no thumbnails are made" },
    { "office_thumbnail_process", QUERY, AT(IN, office_thumbnail), .empty_ok = true, .doc = "no thumbnails are made" },
    { 0 }
};
#undef IN

struct redirect {
    str location;
};
static const struct field redirect_rows[] = { { "Location", HEADER, AT(struct redirect, location) }, { 0 } };

/* Inside a share with a limit every download is counted. */
static bool download_counts(const void *in)
{
    return ((const struct download_file *)in)->share_id.n > 0;
}

static enum fault download_file(struct cx *cx, const void *in, void *out)
{
    const struct download_file *ask = in;
    const instant expires = { cx->now.ms + PDS_LINK_TTL_S * INT64_C(1000) };
    struct drive drive;
    struct node  node;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    if (ask->image_thumbnail.n || ask->video_thumbnail.n || ask->office_thumbnail.n) {
        pds_not_here(cx, "thumbnail");
        return fail(cx, FAULT_UNSUPPORTED, .because = "no thumbnails are made");
    }
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_DOWNLOAD, &drive, &node));
    if (node.kind != NODE_FILE)
        return fail(cx, FAULT_IS_FOLDER, .thing = THING_NODE, .field = "file_id");
    if (share_visit(cx))
        TRY(share_count(cx, SHARE_DOWNLOAD));
    ((struct redirect *)out)->location = pds_download_url(cx, &node, expires, S0, S0);
    return OK;
}

/* ---- PreCreateCheck ---- */

static const struct word types[] = { { "file", NODE_FILE }, { "folder", NODE_FOLDER }, { 0 } };

struct pre_create {
    str drive_id, share_id, parent_file_id, name;
    int type;
};

#define IN struct pre_create
static const struct field pre_create_in[] = {
    PDS_DRIVE_ID(IN, false),
    PDS_SHARE_ID(IN),
    { "parent_file_id", BODY, AT(IN, parent_file_id), .required = true, .min = 1, .max = 50,
      .doc = "root or a folder" },
    { "name", BODY, AT(IN, name), .required = true, .min = 1, .max = NAME_MAX_BYTES, .bytes = true, .form = FORM_NAME },
    { "type", BODY, AT(IN, type), .required = true, .words = types },
    { 0 }
};
#undef IN

struct name_check {
    str exist_file_id;
    int exist_file_type;
};
static const struct field name_check_rows[] = {
    { "exist_file_id", BODY, AT(struct name_check, exist_file_id) },
    { "exist_file_type", BODY, AT(struct name_check, exist_file_type), .words = types },
    { 0 }
};
static const struct shape name_check_shape = { "NameCheckResult", name_check_rows, sizeof(struct name_check) };

enum { CHECK_SUCCESS = 1, CHECK_SAME_NAME };
static const struct word result_codes[] = {
    { "success", CHECK_SUCCESS }, { "NameCheckFailed.ExistSameNameFile", CHECK_SAME_NAME }, { 0 }
};

struct pre_created {
    int         result_code;
    struct list name_check_result; /* at most one */
};
static const struct field pre_created_rows[] = {
    { "result_code", BODY, AT(struct pre_created, result_code), .words = result_codes },
    { "name_check_result", BODY, AT(struct pre_created, name_check_result), .shape = &name_check_shape, .as = AS_ONE,
      .omit = true },
    { 0 }
};

static enum fault pre_create_check(struct cx *cx, const void *in, void *out)
{
    const struct pre_create *ask = in;
    struct pre_created *answer = out;
    struct drive drive;
    struct node  parent, there;
    bool         found;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(pds_check_name(cx, "name", ask->name));
    TRY(pds_find_parent(cx, ask->drive_id, ask->parent_file_id, ACTION_LIST, &drive, &parent));
    TRY(node_child(cx, &drive, &parent, ask->name, &found, &there));
    answer->result_code = found ? CHECK_SAME_NAME : CHECK_SUCCESS;
    if (!found)
        return OK;
    struct name_check *check = ARENA_NEW(cx->arena, struct name_check);
    *check = (struct name_check){ pds_file_id(cx, &drive, there.id), there.kind };
    answer->name_check_result = (struct list){ check, 1 };
    return OK;
}

const struct op pds_locate_ops[] = {
    { "GetFileByPath", "POST", "/v2/file/get_by_path", SDKS, USER, READ,
      get_by_path_in, sizeof(struct get_by_path), pds_file_rows, sizeof(struct pds_file), get_by_path,
      .status = 200, .scope = "FILE.GET", .partial = "no thumbnails are made", .proof = PROOF },
    { "DownloadFile", "GET", "/v2/file/download", "PDS DownloadFile, 2022-03-01", USER, READ,
      download_file_in, sizeof(struct download_file), redirect_rows, sizeof(struct redirect), download_file,
      .status = 302, .writes = download_counts, .scope = "FILE.DOWNLOAD", .partial = "no thumbnails are made",
      .proof = PROOF },
    { "PreCreateCheck", "POST", "/v2/file/pre_create_check", SDKS, USER, READ,
      pre_create_in, sizeof(struct pre_create), pre_created_rows, sizeof(struct pre_created), pre_create_check,
      .status = 200, .scope = "FILE.LIST", .proof = PROOF },
    { 0 }
};
