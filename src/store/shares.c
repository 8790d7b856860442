#include "store/shares.h"

#include "base/names.h"
#include "store/rows.h"

#define SHARE_COLUMNS \
    "id, domain_id, drive_id, creator, state, edition, code, name, description, sealed_password, files, writable, " \
    "all_files, no_preview, no_download, no_save, office_editable, needs_login, creatable, created, modified, " \
    "expires, preview_limit, download_limit, save_limit, take_limit, accesses, previews, downloads, saves, reports, " \
    "video_previews"
#define ROW struct share_row
#define COLUMN(member, kind) { offsetof(ROW, member), kind }
/* The last two are read by listings only. */
static const struct column columns[] = {
    COLUMN(share.id, KIND_ID), COLUMN(share.domain, KIND_ID), COLUMN(share.drive, KIND_ID),
    COLUMN(share.creator, KIND_ID), COLUMN(share.state, KIND_INT), COLUMN(share.edition, KIND_INT64),
    COLUMN(share.code, KIND_STR), COLUMN(share.name, KIND_STR), COLUMN(share.description, KIND_STR),
    COLUMN(share.sealed_password, KIND_STR), COLUMN(share.files, KIND_STR), COLUMN(share.writable, KIND_STR),
    COLUMN(share.all_files, KIND_BOOL), COLUMN(share.no_preview, KIND_BOOL), COLUMN(share.no_download, KIND_BOOL),
    COLUMN(share.no_save, KIND_BOOL), COLUMN(share.office_editable, KIND_BOOL),
    COLUMN(share.needs_login, KIND_BOOL), COLUMN(share.creatable, KIND_BOOL), COLUMN(share.created, KIND_INSTANT),
    COLUMN(share.modified, KIND_INSTANT), COLUMN(share.expires, KIND_INSTANT),
    COLUMN(share.preview_limit, KIND_INT64), COLUMN(share.download_limit, KIND_INT64),
    COLUMN(share.save_limit, KIND_INT64), COLUMN(share.take_limit, KIND_INT64), COLUMN(share.accesses, KIND_INT64),
    COLUMN(share.previews, KIND_INT64), COLUMN(share.downloads, KIND_INT64), COLUMN(share.saves, KIND_INT64),
    COLUMN(share.reports, KIND_INT64), COLUMN(share.video_previews, KIND_INT64),
    COLUMN(name_key, KIND_STR), COLUMN(description_key, KIND_STR),
};
#define SHARE_ONLY columns, COUNT(columns) - 2
#undef ROW

STMT share_insert = { "share_insert",
    "INSERT INTO share_links (" SHARE_COLUMNS ", name_key, description_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
    " $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30,"
    " $31, $32, $33, $34) ON CONFLICT DO NOTHING" };
STMT share_by_id = { "share_by_id", "SELECT " SHARE_COLUMNS " FROM share_links WHERE id = $1" };
STMT share_by_code = { "share_by_code", "SELECT " SHARE_COLUMNS " FROM share_links WHERE code = $1" };
STMT share_update = { "share_update",
    "UPDATE share_links SET state = $2, edition = $3, name = $4, description = $5, sealed_password = $6,"
    " no_preview = $7, no_download = $8, no_save = $9, office_editable = $10, needs_login = $11, creatable = $12,"
    " modified = $13, expires = $14, preview_limit = $15, download_limit = $16, save_limit = $17, take_limit = $18,"
    " accesses = $19, previews = $20, downloads = $21, saves = $22, reports = $23, video_previews = $24,"
    " name_key = $25, description_key = $26 WHERE id = $1" };
STMT shares_delete_drive = { "shares_delete_drive", "DELETE FROM share_links WHERE drive_id = $1" };
STMT shares_delete_creator = { "shares_delete_creator", "DELETE FROM share_links WHERE creator = $1" };

#define TAKE_FITS " AND (take_limit = 0 OR downloads + saves < take_limit)"
STMT counts[SHARE_USE_COUNT] = {
    [SHARE_ACCESS] = { "share_access", "UPDATE share_links SET accesses = accesses + 1 WHERE id = $1" },
    [SHARE_PREVIEW] = { "share_preview", "UPDATE share_links SET previews = previews + 1"
        " WHERE id = $1 AND (preview_limit = 0 OR previews < preview_limit)" },
    [SHARE_DOWNLOAD] = { "share_download", "UPDATE share_links SET downloads = downloads + 1"
        " WHERE id = $1 AND (download_limit = 0 OR downloads < download_limit)" TAKE_FITS },
    [SHARE_SAVE] = { "share_save", "UPDATE share_links SET saves = saves + 1"
        " WHERE id = $1 AND (save_limit = 0 OR saves < save_limit)" TAKE_FITS },
};

enum fault store_share_add(struct cx *cx, const struct share_link *s)
{
    int64_t   changed = 0;
    const str name_key = name_sort_key(cx->arena, s->name), description_key = name_sort_key(cx->arena, s->description);
    TRY(store_exec(cx, &share_insert, ARGS(ARG(s->id), ARG(s->domain), ARG(s->drive), ARG(s->creator), ARG(s->state),
        ARG(s->edition), ARG(s->code), ARG(s->name), ARG(s->description), BYTES(s->sealed_password), BYTES(s->files),
        BYTES(s->writable), ARG(s->all_files), ARG(s->no_preview), ARG(s->no_download), ARG(s->no_save),
        ARG(s->office_editable), ARG(s->needs_login), ARG(s->creatable), ARG(s->created), ARG(s->modified),
        ARG(s->expires), ARG(s->preview_limit), ARG(s->download_limit), ARG(s->save_limit), ARG(s->take_limit),
        ARG(s->accesses), ARG(s->previews), ARG(s->downloads), ARG(s->saves), ARG(s->reports),
        ARG(s->video_previews), BYTES(name_key), BYTES(description_key)), &changed));
    return changed ? OK : FAULT_EXISTS;
}

enum fault store_share(struct cx *cx, id share, struct share_link *out)
{
    struct share_row row;
    TRY(store_one(cx, &share_by_id, ARGS(ARG(share)), SHARE_ONLY, &row));
    *out = row.share;
    return OK;
}

enum fault store_share_by_code(struct cx *cx, str code, struct share_link *out)
{
    struct share_row row;
    TRY(store_one(cx, &share_by_code, ARGS(ARG(code)), SHARE_ONLY, &row));
    *out = row.share;
    return OK;
}

enum fault store_share_update(struct cx *cx, const struct share_link *s)
{
    const str name_key = name_sort_key(cx->arena, s->name), description_key = name_sort_key(cx->arena, s->description);
    return store_exec(cx, &share_update, ARGS(ARG(s->id), ARG(s->state), ARG(s->edition), ARG(s->name),
        ARG(s->description), BYTES(s->sealed_password), ARG(s->no_preview), ARG(s->no_download), ARG(s->no_save),
        ARG(s->office_editable), ARG(s->needs_login), ARG(s->creatable), ARG(s->modified), ARG(s->expires),
        ARG(s->preview_limit), ARG(s->download_limit), ARG(s->save_limit), ARG(s->take_limit), ARG(s->accesses),
        ARG(s->previews), ARG(s->downloads), ARG(s->saves), ARG(s->reports), ARG(s->video_previews),
        BYTES(name_key), BYTES(description_key)), NULL);
}

enum fault store_shares_remove_of_drive(struct cx *cx, id drive)
{
    return store_exec(cx, &shares_delete_drive, ARGS(ARG(drive)), NULL);
}

enum fault store_shares_remove_of_creator(struct cx *cx, id user)
{
    return store_exec(cx, &shares_delete_creator, ARGS(ARG(user)), NULL);
}

enum fault store_share_count(struct cx *cx, id share, enum share_use use, bool *fits)
{
    int64_t changed = 0;
    TRY(store_exec(cx, &counts[use], ARGS(ARG(share)), &changed));
    *fits = changed > 0;
    return OK;
}

/* ---- listing ---- */

#define LISTING(scope, label, key)                                                                            \
    { "shares_" label key, "SELECT " SHARE_COLUMNS ", name_key, description_key FROM share_links WHERE " scope \
        " = $1 AND (" key ", id) > ($2, $3) ORDER BY " key ", id LIMIT $4" },                                  \
    { "shares_" label key "_desc", "SELECT " SHARE_COLUMNS ", name_key, description_key FROM share_links"      \
        " WHERE " scope " = $1 AND (" key ", id) < ($2, $3) ORDER BY " key " DESC, id DESC LIMIT $4" }

/* By scope, order, direction; in the order of enum share_order. */
STMT listings[] = {
    LISTING("domain_id", "", "created"),
    LISTING("domain_id", "", "modified"),
    LISTING("domain_id", "", "name_key"),
    LISTING("domain_id", "", "description_key"),
    LISTING("creator", "own_", "created"),
    LISTING("creator", "own_", "modified"),
    LISTING("creator", "own_", "name_key"),
    LISTING("creator", "own_", "description_key"),
};

/* Past every sort key: ICU's keys never begin with 0xFF. */
#define PAST_ALL_KEYS S("\xFF\xFF\xFF\xFF")

enum fault store_shares_each(struct cx *cx, id domain, id creator, enum share_order order, bool descending,
                             const struct share_position *from, int limit, bool (*each)(void *arg, void *row),
                             void *arg)
{
    struct share_row row;
    const bool    by_text = order == SHARES_BY_NAME || order == SHARES_BY_DESCRIPTION;
    const str     bytes = from->is_start ? (descending ? PAST_ALL_KEYS : S("")) : from->bytes;
    const int64_t number = from->is_start ? (descending ? INT64_MAX : INT64_MIN) : from->number;
    const id      share = from->is_start ? (id){ descending ? INT64_MAX : 0 } : from->share;
    const size_t  at = 2 * ((creator.v ? SHARES_ORDER_COUNT : 0) + (size_t)order) + descending;
    return store_each(cx, &listings[at], ARGS(ARG(creator.v ? creator : domain), by_text ? BYTES(bytes) : ARG(number),
                      ARG(share), ARG(limit)), COLUMNS(columns), &row, each, arg);
}

void share_keep(struct arena *arena, struct share_link *s)
{
    str *const texts[] = { &s->code, &s->name, &s->description, &s->sealed_password, &s->files, &s->writable };
    for (size_t i = 0; i < COUNT(texts); i++)
        *texts[i] = arena_copy(arena, *texts[i]);
}
