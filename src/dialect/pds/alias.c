/* dialect/pds/alias.c: second paths of operations, under which clients of the vendor's consumer drive call them.
 *
 * A row has the fields and the function of the operation that it stands for. Two have no other one: the sessions
 * of devices, which those clients open before anything else. */
#include "dialect/pds/alias.h"
#include "dialect/pds/parts.h"
#include "dialect/pds/share_shape.h"
#include "dialect/pds/token_shape.h"
#include "drive/path.h"

/* ---- createWithFolders: CreateFile, after the folders that its name leads through ---- */

/* The first part of `path`, and what is behind the slash after it. False: there is no slash. */
static bool next_folder(str *path, str *name)
{
    const size_t slash = str_find(*path, '/', 0);
    if (slash == path->n)
        return false;
    *name = str_cut(*path, slash);
    *path = str_from(*path, slash + 1);
    return true;
}

static enum fault check_parts_of_name(struct cx *cx, str name)
{
    str  rest = name, part;
    bool more = true;
    TRY(pds_check_name(cx, "name", name));
    while (more) {
        more = next_folder(&rest, &part);
        if (!more)
            part = rest;
        if (!part.n)
            return fail(cx, FAULT_INVALID, .field = "name", .how = HOW_FORM, .got = name,
                        .because = "a name on each side of a '/'");
        TRY(node_check_name(cx, part, "name"));
    }
    return OK;
}

/* Down the folders that are there. `path` is left with what is below `folder`. */
static enum fault walk_down(struct cx *cx, const struct drive *drive, str *path, struct node *folder)
{
    str  rest = *path, name;
    bool found = true;
    while (found && next_folder(&rest, &name)) {
        struct node child;
        TRY(node_child(cx, drive, folder, name, &found, &child));
        if (found && child.kind != NODE_FOLDER)
            return fail(cx, FAULT_NOT_FOLDER, .thing = THING_PARENT, .field = "name", .got = name);
        if (found) {
            *folder = child;
            *path = rest;
        }
    }
    return OK;
}

/* The folder that the last name of `path` is to stand in, made where it lacks. */
static enum fault make_folders(struct cx *cx, const struct create_file *ask, str *path, struct node *folder)
{
    struct folder_want want = { .conflict = CONFLICT_REFUSE };
    struct made made;
    str name;
    TRY(pds_find_parent(cx, ask->drive_id, ask->parent_file_id, ACTION_LIST, &want.drive, folder));
    TRY(walk_down(cx, &want.drive, path, folder));
    if (str_find(*path, '/', 0) == path->n)
        return OK;
    TRY(pds_find_parent(cx, ask->drive_id, pds_file_id(cx, &want.drive, folder->id), ACTION_CREATE, &want.drive, folder));
    while (next_folder(path, &name)) {
        want.parent = *folder;
        want.name = name;
        TRY(folder_create(cx, &want, &made));
        *folder = made.node;
    }
    return OK;
}

static enum fault create_with_folders(struct cx *cx, const void *in, void *out)
{
    struct create_file ask = *(const struct create_file *)in;
    struct node folder;
    TRY(pds_drive_named(cx, ask.drive_id, ask.share_id));
    TRY(check_parts_of_name(cx, ask.name));
    if (ask.content_hash_name == PDS_HASH_NONE)
        ask.content_hash = S0;
    if (str_find(ask.name, '/', 0) < ask.name.n) {
        if (ask.file_id.n)
            return fail(cx, FAULT_INVALID, .field = "file_id", .got = ask.file_id,
                        .because = "a new revision stays in the folder of its file");
        TRY(make_folders(cx, &ask, &ask.name, &folder));
        ask.parent_file_id = arena_decimal(cx->arena, (uint64_t)folder.id.v);
    }
    return pds_create_file(cx, &ask, out);
}

/* ---- sessions of devices: there is nothing to keep of them, a token is enough ---- */

struct session_out {
    bool success;
};
static const struct field session_rows[] = { { "success", BODY, AT(struct session_out, success) }, { 0 } };

static enum fault device_session(struct cx *cx, const void *in, void *out)
{
    (void)cx, (void)in;
    ((struct session_out *)out)->success = true;
    return OK;
}

/* ---- rows ---- */

#define ALIAS(of) "alias of " of " that clients of the consumer drive call"
#define MORE .lenient = "clients of the consumer drive (aligo, alist) call this path", .proof = "pds_alias.test.mjs"
#define NO_PICTURES "no thumbnails are made, and nothing is read from pictures and videos"
#define LISTS(name, path)                                                                                     \
    { name, "POST", path, ALIAS("ListFile"), USER, READ, pds_list_file_in, sizeof(struct list_file),          \
      pds_file_page_rows, sizeof(struct pds_file_page), pds_list_file, .prepare = pds_find_list_sums,         \
      .prepare_if_asked = true, .status = 200, .scope = "FILE.LIST",                                          \
      .partial = NO_PICTURES, MORE }
#define BATCHES(name, path)                                                                                   \
    { name, "POST", path, ALIAS("Batch"), USER, READ, pds_batch_in, sizeof(struct batch_asked),               \
      pds_batch_rows, sizeof(struct batch_out), pds_answer_batch, .status = 200, .scope = "BATCH",            \
      .spread = pds_spread_batch, .body_max = PDS_BATCH_BODY_MAX, MORE }
#define SESSION(name, path)                                                                                   \
    { name, "POST", path, "clients of the consumer drive", USER, READ, NULL, 0, session_rows,                 \
      sizeof(struct session_out), device_session, .status = 200, .scope = "",                                 \
      .partial = "no devices are kept: a token is enough", MORE }

const struct op pds_alias_ops[] = {
    LISTS("AdriveListFile", "/adrive/v3/file/list"),
    LISTS("AdriveListFileByShare", "/adrive/v2/file/list_by_share"),
    { "AdriveGetFileByShare", "POST", "/adrive/v2/file/get_by_share", ALIAS("GetFile"), USER, READ,
      pds_get_file_in, sizeof(struct get_file), pds_file_rows, sizeof(struct pds_file), pds_get_file, .status = 200,
      .prepare = pds_find_file_sums, .prepare_if_asked = true, .scope = "FILE.GET", .writes = pds_get_file_counts,
      .partial = NO_PICTURES, MORE },
    { "AdriveCreateWithFolders", "POST", "/adrive/v2/file/createWithFolders", ALIAS("CreateFile"), USER, WRITE,
      pds_create_with_folders_in, sizeof(struct create_file), pds_created_rows, sizeof(struct created),
      create_with_folders, .status = 201, .body_max = PDS_PARTS_BODY_MAX, .scope = "FILE.CREATE",
      .partial = "proof_code is not checked: what a wrong one answers is on no page", MORE },
    { "AliasUpdateFile", "POST", "/v3/file/update", ALIAS("UpdateFile"), USER, WRITE,
      pds_update_file_in, sizeof(struct update_file), pds_file_rows, sizeof(struct pds_file), pds_update_file,
      .status = 200, .scope = "FILE.UPDATE", MORE },
    BATCHES("AliasBatch", "/v3/batch"),
    BATCHES("AdriveBatch", "/adrive/v2/batch"),
    { "AdriveCreateShareLink", "POST", "/adrive/v2/share_link/create", ALIAS("CreateShareLink"), USER, WRITE,
      pds_create_share_link_in, sizeof(struct create_share_link), pds_share_link_rows, sizeof(struct pds_share_link),
      pds_create_share_link, .status = 201, .prepare = pds_resolve_share_link, .scope = "SHARE.CREATE",
      .partial = "share_url has no page behind it; office_editable is only kept", MORE },
    { "AdriveCancelShareLink", "POST", "/adrive/v2/share_link/cancel", ALIAS("CancelShareLink"), USER, WRITE,
      pds_get_share_link_in, sizeof(struct get_share_link), NULL, 0, pds_cancel_share_link, .status = 204,
      .scope = "SHARE.DELETE", MORE },
    { "AdriveGetShareByAnonymous", "POST", "/adrive/v2/share_link/get_share_by_anonymous",
      ALIAS("GetShareLinkByAnonymous"), ANYONE, READ, pds_by_anonymous_in, sizeof(struct by_anonymous),
      pds_anonymous_rows, sizeof(struct anonymous_out), pds_get_by_anonymous, .status = 200, MORE },
    { "AdriveListShareLink", "POST", "/adrive/v3/share_link/list", ALIAS("ListShareLink"), USER, READ,
      pds_list_share_link_in, sizeof(struct list_share_link), pds_listed_share_rows, sizeof(struct share_links_out),
      pds_list_share_link, .status = 200, .scope = "SHARE.LIST", MORE },
    { "AliasTokenRefresh", "POST", "/token/refresh", ALIAS("TokenRefresh"), ANYONE, WRITE,
      pds_token_refresh_in, sizeof(struct refresh_ask), pds_token_rows, sizeof(struct pds_token), pds_token_refresh,
      MORE },
    SESSION("CreateDeviceSession", "/users/v1/users/device/create_session"),
    SESSION("RenewDeviceSession", "/users/v1/users/device/renew_session"),
    { 0 }
};
