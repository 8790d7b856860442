/* dialect/pds/share_link.c: share links made and managed: CreateShareLink, GetShareLink, UpdateShareLink,
 * CancelShareLink. For whoever made one, and for administrators: others' shares are not there. */
#include "dialect/pds/alias.h"
#include "dialect/pds/share_shape.h"
#include "drive/user.h"

#define PROOF .proof = "pds_shares.test.mjs"

/* ---- CreateShareLink ---- */

static const struct field id_rows[] = {
    { "", BODY, AT(struct pds_text, text), .min = 1, .max = 50 }, { 0 }
};
static const struct shape id_shape = { "SharedFileId", id_rows, sizeof(struct pds_text) };

#define LIMIT(name, member) \
    { name, BODY, AT(IN, member), .min = 0, .max = INT64_MAX, .doc = "0: none" }

#define IN struct create_share_link
const struct field pds_create_share_link_in[] = {
    PDS_DRIVE_ID(IN, true),
    { "file_id_list", BODY, AT(IN, file_id_list), .max = SHARE_FILES_MAX, .shape = &id_shape,
      .doc = "1 to 100; not needed with share_all_files" },
    { "share_all_files", BODY, AT(IN, share_all_files) },
    { "share_name", BODY, AT(IN, share_name), .max = SHARE_NAME_MAX, .doc = "default: the first file's name" },
    { "description", BODY, AT(IN, description), .max = 1024 },
    { "share_pwd", BODY, AT(IN, share_pwd), .max = SHARE_PASSWORD_MAX, .bytes = true,
      .doc = "visible ASCII; empty: none" },
    { "expiration", BODY, AT(IN, expiration), .doc = "RFC 3339; empty: never" },
    LIMIT("preview_limit", preview_limit),
    LIMIT("download_limit", download_limit),
    LIMIT("save_limit", save_limit),
    LIMIT("save_download_limit", save_download_limit),
    { "disable_preview", BODY, AT(IN, disable_preview) },
    { "disable_download", BODY, AT(IN, disable_download) },
    { "disable_save", BODY, AT(IN, disable_save) },
    { "office_editable", BODY, AT(IN, office_editable), .doc = "kept and told; there is no office editor" },
    { "require_login", BODY, AT(IN, require_login) },
    { "creatable", BODY, AT(IN, creatable) },
    { "creatable_file_id_list", BODY, AT(IN, creatable_file_id_list), .max = SHARE_FILES_MAX, .shape = &id_shape,
      .doc = "folders, at or below what is shared" },
    { "user_id", BODY, AT(IN, user_id), .max = 64, .empty_ok = true, .doc = "for whom; needed with an AccessKey" },
    { 0 }
};
#undef IN

/* Who makes it: the user who asks, or the one for whom an administrator or a key asks. */
static enum fault find_maker(struct cx *cx, str user_id, struct caller **out)
{
    struct caller *caller = cx->caller, nobody = { 0 };
    *out = caller;
    if (!user_id.n && !caller->user.v)
        return fail(cx, FAULT_INVALID, .field = "user_id", .how = HOW_MISSING,
                    .because = "an AccessKey of the domain is no user");
    if (!user_id.n || (caller->user.v && str_eq(user_id, caller->public_id)))
        return OK;
    if (!caller_is_admin(caller))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_USER, .got = user_id);
    return caller_as(cx, &nobody, user_id, out);
}

static const str *texts_of(struct cx *cx, const struct list *list)
{
    const struct pds_text *items = list->items;
    str *out = ARENA_MANY(cx->arena, str, list->count + 1);
    for (size_t i = 0; i < list->count; i++)
        out[i] = items[i].text;
    return out;
}

static enum fault check_files(struct cx *cx, const struct create_share_link *ask)
{
    if (ask->share_all_files || ask->file_id_list.count)
        return OK;
    return fail(cx, FAULT_INVALID, .field = "file_id_list", .how = ask->file_id_list.items ? HOW_EMPTY : HOW_MISSING);
}

static enum fault read_settings(struct cx *cx, const struct create_share_link *ask, struct share_link *share)
{
    *share = (struct share_link){
        .edition = 1, .state = SHARE_OPEN, .name = ask->share_name.n ? ask->share_name : S(""),
        .description = ask->description.n ? ask->description : S(""), .all_files = ask->share_all_files,
        .no_preview = ask->disable_preview, .no_download = ask->disable_download, .no_save = ask->disable_save,
        .office_editable = ask->office_editable, .needs_login = ask->require_login, .creatable = ask->creatable,
        .preview_limit = ask->preview_limit, .download_limit = ask->download_limit, .save_limit = ask->save_limit,
        .take_limit = ask->save_download_limit,
    };
    TRY(pds_check_share_pwd(cx, ask->share_pwd));
    share_set_password(cx, share, ask->share_pwd);
    TRY(pds_read_expiration(cx, ask->expiration, &share->expires));
    if (share_is_expired(cx, share))
        return fail(cx, FAULT_INVALID, .field = "expiration", .got = ask->expiration, .because = "it is past already");
    return OK;
}

/* On a worker: up to 200 nodes are looked at. */
enum fault pds_resolve_share_link(struct cx *cx, void *in, void *out)
{
    struct create_share_link *ask = in;
    struct caller *asks = cx->caller, *maker;
    const struct share_want want = {
        .drive = ask->drive_id, .files = texts_of(cx, &ask->file_id_list), .file_count = ask->file_id_list.count,
        .writable = texts_of(cx, &ask->creatable_file_id_list), .writable_count = ask->creatable_file_id_list.count,
        .files_field = "file_id_list", .writable_field = "creatable_file_id_list",
    };
    (void)out;
    TRY(check_files(cx, ask));
    TRY(read_settings(cx, ask, &ask->made));
    TRY(find_maker(cx, ask->user_id, &maker));
    ask->made.creator = maker->user;
    cx->caller = maker;
    const enum fault fault = share_resolve(cx, &want, &ask->made);
    cx->caller = asks;
    return fault;
}

enum fault pds_create_share_link(struct cx *cx, const void *in, void *out)
{
    struct share_link share = ((const struct create_share_link *)in)->made;
    TRY(share_create(cx, &share));
    return pds_show_share(cx, &share, out);
}

/* ---- GetShareLink, CancelShareLink ---- */

const struct field pds_get_share_link_in[] = {
    { "share_id", BODY, AT(struct get_share_link, share_id), .required = true, .min = 1, .max = 64 }, { 0 }
};

static enum fault find_share(struct cx *cx, str share_id, struct share_link *out)
{
    TRY(share_find(cx, share_id, out));
    if (out->state == SHARE_CANCELLED)
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_SHARE, .how = HOW_ENDED);
    return OK;
}

static enum fault get_share_link(struct cx *cx, const void *in, void *out)
{
    const struct get_share_link *ask = in;
    struct share_link share;
    TRY(find_share(cx, ask->share_id, &share));
    return pds_show_share(cx, &share, out);
}

enum fault pds_cancel_share_link(struct cx *cx, const void *in, void *out)
{
    const struct get_share_link *ask = in;
    struct share_link share;
    (void)out;
    TRY(find_share(cx, ask->share_id, &share));
    return share_cancel(cx, &share);
}

/* ---- UpdateShareLink: what is left out stays as it is ---- */

struct update_share_link {
    str     share_id, share_name, description, share_pwd, expiration;
    int     status, disable_preview, disable_download, disable_save, office_editable, require_login, creatable;
    int64_t preview_limit, download_limit, save_limit, save_download_limit;
    int64_t access_count, preview_count, download_count, save_count, report_count, video_preview_count;
};

#define COUNT_OR_NOT(name) { #name, BODY, AT(IN, name), .min = 0, .max = INT64_MAX, .absent = -1 }
#define BOOL_OR_NOT(name) { #name, BODY, AT(IN, name), .form = FORM_BOOL, .absent = -1 }
#define IN struct update_share_link
static const struct field update_share_link_in[] = {
    { "share_id", BODY, AT(IN, share_id), .required = true, .min = 1, .max = 64 },
    { "share_name", BODY, AT(IN, share_name), .max = SHARE_NAME_MAX },
    { "description", BODY, AT(IN, description), .max = 1024 },
    { "share_pwd", BODY, AT(IN, share_pwd), .max = SHARE_PASSWORD_MAX, .bytes = true,
      .doc = "visible ASCII; empty: none. Another one ends the tokens and URLs given out before" },
    { "expiration", BODY, AT(IN, expiration), .doc = "RFC 3339; empty: never" },
    { "status", BODY, AT(IN, status), .words = pds_share_statuses },
    COUNT_OR_NOT(preview_limit),
    COUNT_OR_NOT(download_limit),
    COUNT_OR_NOT(save_limit),
    COUNT_OR_NOT(save_download_limit),
    BOOL_OR_NOT(disable_preview),
    BOOL_OR_NOT(disable_download),
    BOOL_OR_NOT(disable_save),
    BOOL_OR_NOT(office_editable),
    BOOL_OR_NOT(require_login),
    BOOL_OR_NOT(creatable),
    COUNT_OR_NOT(access_count),
    COUNT_OR_NOT(preview_count),
    COUNT_OR_NOT(download_count),
    COUNT_OR_NOT(save_count),
    COUNT_OR_NOT(report_count),
    COUNT_OR_NOT(video_preview_count),
    { 0 }
};
#undef IN

static void set_number(int64_t given, int64_t *member)
{
    if (given >= 0)
        *member = given;
}

static void set_bool(int given, bool *member)
{
    if (given >= 0)
        *member = given;
}

static void change_switches(const struct update_share_link *ask, struct share_link *share)
{
    set_bool(ask->disable_preview, &share->no_preview);
    set_bool(ask->disable_download, &share->no_download);
    set_bool(ask->disable_save, &share->no_save);
    set_bool(ask->office_editable, &share->office_editable);
    set_bool(ask->require_login, &share->needs_login);
    set_bool(ask->creatable, &share->creatable);
    if (ask->status)
        share->state = ask->status;
}

static void change_numbers(const struct update_share_link *ask, struct share_link *share)
{
    set_number(ask->preview_limit, &share->preview_limit);
    set_number(ask->download_limit, &share->download_limit);
    set_number(ask->save_limit, &share->save_limit);
    set_number(ask->save_download_limit, &share->take_limit);
    set_number(ask->access_count, &share->accesses);
    set_number(ask->preview_count, &share->previews);
    set_number(ask->download_count, &share->downloads);
    set_number(ask->save_count, &share->saves);
    set_number(ask->report_count, &share->reports);
    set_number(ask->video_preview_count, &share->video_previews);
}

/* An end that is past already ends the share now. */
static enum fault update_share_link(struct cx *cx, const void *in, void *out)
{
    const struct update_share_link *ask = in;
    struct share_link share;
    TRY(pds_check_share_pwd(cx, ask->share_pwd));
    TRY(find_share(cx, ask->share_id, &share));
    if (ask->expiration.p)
        TRY(pds_read_expiration(cx, ask->expiration, &share.expires));
    if (ask->share_name.p)
        share.name = ask->share_name;
    if (ask->description.p)
        share.description = ask->description;
    if (ask->share_pwd.p)
        share_set_password(cx, &share, ask->share_pwd);
    change_switches(ask, &share);
    change_numbers(ask, &share);
    TRY(share_update(cx, &share));
    return pds_show_share(cx, &share, out);
}

#define SHARE_OUT pds_share_link_rows, sizeof(struct pds_share_link)
const struct op pds_share_link_ops[] = {
    { "CreateShareLink", "POST", "/v2/share_link/create", "PDS CreateShareLink, 2022-03-01", USER, WRITE,
      pds_create_share_link_in, sizeof(struct create_share_link), SHARE_OUT, pds_create_share_link, .status = 201,
      .prepare = pds_resolve_share_link, .scope = "SHARE.CREATE", PROOF,
      .partial = "share_url has no page behind it; office_editable is only kept" },
    { "GetShareLink", "POST", "/v2/share_link/get", "PDS GetShareLink, 2022-03-01", USER, READ,
      pds_get_share_link_in, sizeof(struct get_share_link), SHARE_OUT, get_share_link, .status = 200,
      .scope = "SHARE.GET", PROOF },
    { "UpdateShareLink", "POST", "/v2/share_link/update", "PDS UpdateShareLink, 2022-03-01", USER, WRITE,
      update_share_link_in, sizeof(struct update_share_link), SHARE_OUT, update_share_link, .status = 200,
      .scope = "SHARE.UPDATE", PROOF },
    { "CancelShareLink", "POST", "/v2/share_link/cancel", "PDS CancelShareLink, 2022-03-01", USER, WRITE,
      pds_get_share_link_in, sizeof(struct get_share_link), NULL, 0, pds_cancel_share_link, .status = 204,
      .scope = "SHARE.DELETE", PROOF },
    { 0 }
};
