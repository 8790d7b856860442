#include "dialect/pds/share_shape.h"

#include "base/clock.h"
#include "base/encode.h"
#include "drive/user.h"

/* Their page has no word for a cancelled one: it opens nothing, as a disabled one does. */
const struct word pds_share_statuses[] = {
    { "enabled", SHARE_OPEN }, { "disabled", SHARE_DISABLED }, { 0 }
};

static const struct field number_rows[] = { { "", BODY, AT(struct pds_share_file, number) }, { 0 } };
static const struct shape number_shape = { "ShareFileId", number_rows, sizeof(struct pds_share_file) };

#define OUT struct pds_share_link
const struct field pds_share_link_rows[] = {
    { "domain_id", BODY, AT(OUT, domain_id) },
    { "share_id", BODY, AT(OUT, share_id) },
    { "share_name", BODY, AT(OUT, share_name) },
    { "share_pwd", BODY, AT(OUT, share_pwd), .doc = "empty: none" },
    { "share_url", BODY, AT(OUT, share_url) },
    { "share_msg", BODY, AT(OUT, share_msg) },
    { "share_policy", BODY, AT(OUT, share_policy), .doc = "url" },
    { "description", BODY, AT(OUT, description) },
    { "drive_id", BODY, AT(OUT, drive_id) },
    { "file_id", BODY, AT(OUT, file_id), .omit = true, .doc = "the first of the list" },
    { "file_id_list", BODY, AT(OUT, file_id_list), .shape = &number_shape },
    { "share_all_files", BODY, AT(OUT, share_all_files) },
    { "creator", BODY, AT(OUT, creator), .doc = "id of the user" },
    { "status", BODY, AT(OUT, status), .words = pds_share_statuses },
    { "expiration", BODY, AT(OUT, expiration), .doc = "empty: never" },
    { "expired", BODY, AT(OUT, expired) },
    { "created_at", BODY, AT(OUT, created_at) },
    { "updated_at", BODY, AT(OUT, updated_at) },
    { "preview_limit", BODY, AT(OUT, preview_limit), .doc = "0: none" },
    { "download_limit", BODY, AT(OUT, download_limit), .doc = "0: none" },
    { "save_limit", BODY, AT(OUT, save_limit), .doc = "0: none" },
    { "save_download_limit", BODY, AT(OUT, save_download_limit), .doc = "of both together; 0: none" },
    { "access_count", BODY, AT(OUT, access_count), .doc = "share tokens given out" },
    { "preview_count", BODY, AT(OUT, preview_count), .doc = "URLs given by GetFile" },
    { "download_count", BODY, AT(OUT, download_count), .doc = "download URLs given out" },
    { "save_count", BODY, AT(OUT, save_count), .doc = "copies made out of it" },
    { "report_count", BODY, AT(OUT, report_count) },
    { "video_preview_count", BODY, AT(OUT, video_preview_count) },
    { "disable_preview", BODY, AT(OUT, disable_preview) },
    { "disable_download", BODY, AT(OUT, disable_download) },
    { "disable_save", BODY, AT(OUT, disable_save) },
    { "office_editable", BODY, AT(OUT, office_editable) },
    { "require_login", BODY, AT(OUT, require_login) },
    { "creatable", BODY, AT(OUT, creatable) },
    { "creatable_file_id_list", BODY, AT(OUT, creatable_file_id_list), .shape = &number_shape },
    { 0 }
};
#undef OUT
const struct shape pds_share_link_shape = { "ShareLink", pds_share_link_rows, sizeof(struct pds_share_link) };

static struct list numbers_of(struct cx *cx, str numbers)
{
    const size_t count = numbers.n / 8;
    struct pds_share_file *items = ARENA_MANY(cx->arena, struct pds_share_file, count + 1);
    for (size_t i = 0; i < count; i++)
        items[i].number = (id){ (int64_t)be64_get(numbers.p + 8 * i) };
    return (struct list){ items, count };
}

static void show_settings(const struct share_link *share, struct pds_share_link *out)
{
    out->disable_preview = share->no_preview;
    out->disable_download = share->no_download;
    out->disable_save = share->no_save;
    out->office_editable = share->office_editable;
    out->require_login = share->needs_login;
    out->creatable = share->creatable;
    out->preview_limit = share->preview_limit;
    out->download_limit = share->download_limit;
    out->save_limit = share->save_limit;
    out->save_download_limit = share->take_limit;
    out->access_count = share->accesses;
    out->preview_count = share->previews;
    out->download_count = share->downloads;
    out->save_count = share->saves;
    out->report_count = share->reports;
    out->video_preview_count = share->video_previews;
}

enum fault pds_show_share(struct cx *cx, const struct share_link *share, struct pds_share_link *out)
{
    struct user_label label;
    TRY(user_label(cx, share->creator, &label));
    *out = (struct pds_share_link){
        .domain_id = pds_domain_id(cx), .share_id = share->code, .share_name = share->name,
        .share_url = arena_print(cx->arena, "%.*s/s/%.*s", STR_ARG(cx->base_url), STR_ARG(share->code)),
        .share_msg = S(""), .share_policy = S("url"), .description = share->description, .creator = label.public_id,
        .drive_id = share->drive, .share_all_files = share->all_files, .expiration = share->expires,
        .expired = share_is_expired(cx, share), .created_at = share->created, .updated_at = share->modified,
        .status = share->state == SHARE_OPEN ? SHARE_OPEN : SHARE_DISABLED,
        .file_id_list = numbers_of(cx, share->files), .creatable_file_id_list = numbers_of(cx, share->writable),
    };
    if (out->file_id_list.count)
        out->file_id = ((const struct pds_share_file *)out->file_id_list.items)->number;
    show_settings(share, out);
    return share_password(cx, share, &out->share_pwd);
}

enum fault pds_read_expiration(struct cx *cx, str text, instant *out)
{
    *out = (instant){ 0 };
    if (!text.n)
        return OK;
    if (!instant_read(text, INSTANT_MS, out) || out->ms <= 0)
        return fail(cx, FAULT_INVALID, .field = "expiration", .how = HOW_FORM, .got = text,
                    .because = "an RFC 3339 time, or empty for never");
    return OK;
}

enum fault pds_check_share_pwd(struct cx *cx, str password)
{
    for (size_t i = 0; i < password.n; i++)
        if (password.p[i] <= 0x20 || password.p[i] >= 0x7f)
            return fail(cx, FAULT_INVALID, .field = "share_pwd", .how = HOW_FORM, .because = "visible ASCII only");
    return OK;
}
