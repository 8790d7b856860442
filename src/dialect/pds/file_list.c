/* dialect/pds/file_list.c: what is in a folder: ListFile. */
#include "dialect/pds/alias.h"

#include "drive/event.h"
#include "drive/share.h"
#include "drive/site.h"
#include "drive/star.h"
#include "drive/upload.h"

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
#define IN struct list_file
const struct field pds_list_file_in[] = {
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
      .empty_ok = true, .doc = "uploading: one's own uploads that are open, the oldest first" },
    PDS_FIELDS(IN),
    PDS_URL_EXPIRE_SEC(IN),
    PDS_THUMBNAILS(IN),
    { "starred",         BODY, AT(IN, starred),         .doc = "of older SDKs: what the caller has starred" },
    { "all",             BODY, AT(IN, all),             .doc = "of older SDKs" },
    { 0 }
};
#undef IN

/* The page says created_at ASC; the official SDK's tests need the newest first where nothing is asked. */
static void read_order(const struct list_file *ask, struct listing *listing)
{
    listing->sort = ask->order_by ? (enum node_sort)ask->order_by : SORT_MODIFIED;
    listing->descending = ask->order_direction ? ask->order_direction == 2 : !ask->order_by;
}

/* ---- what is there ---- */

static enum fault find_place(struct cx *cx, const struct list_file *ask, struct list_place *out)
{
    if (ask->place) {
        *out = *ask->place;
        return OK;
    }
    TRY(pds_find_parent(cx, ask->drive_id, ask->parent_file_id, ACTION_LIST, &out->drive, &out->parent));
    return access_to_node(cx, &out->drive, &out->parent, &out->actions);
}

static enum fault list_page(struct cx *cx, const struct list_file *ask, struct listing *listing, unsigned *actions,
                            struct node_page *out)
{
    struct list_place place;
    *listing = (struct listing){ .operation = "ListFile", .cursor_field = "marker", .limit = ask->limit,
                                 .cursor = ask->marker, .packed = !ask->fields.n, .kind = ask->category ? NODE_FILE : ask->type,
                                 .categories = (unsigned)ask->category, .only_starred = ask->starred };
    *out = (struct node_page){ 0 };
    TRY(find_place(cx, ask, &place));
    listing->drive = place.drive;
    listing->parent = place.parent;
    *actions = place.actions;
    read_order(ask, listing);
    /* Only files have a category: folders of one would be an empty page. */
    return ask->category && ask->type == NODE_FOLDER ? OK : node_list(cx, listing, out);
}

static enum fault list_available(struct cx *cx, const struct list_file *ask, struct pds_view *view,
                                 struct pds_file_page *out)
{
    struct listing   listing;
    struct node_page page;
    unsigned         actions;
    TRY(list_page(cx, ask, &listing, &actions, &page));
    view->drive = &listing.drive;
    view->may_download = pds_may_give_url(cx, actions)
                         && !(share_visit(cx) && share_visit(cx)->share.preview_limit);
    if (view->extras & (EXTRA_ID_PATH | EXTRA_NAME_PATH))
        TRY(pds_paths(cx, &listing.drive, &listing.parent, &view->id_path, &view->name_path));
    return pds_show_page(cx, view, &page, out);
}

/* ---- what is on its way in ---- */

/* The file that it will be. Nothing is known of its content but the size that was announced. */
static enum fault show_upload(struct cx *cx, const struct pds_view *view, const struct upload *u, struct pds_file *out)
{
    const struct node node = {
        .id = u->node, .drive = u->drive, .parent = u->parent, .kind = NODE_FILE, .name = u->name,
        .category = (int)category_of(u->name, u->media_type), .media_type = u->media_type, .size = u->size,
        .description = u->description, .tags = u->tags, .local_created = u->local_created,
        .local_modified = u->local_modified, .hidden = u->hidden, .creator = u->user, .editor = u->user,
        .created = u->created, .modified = u->created,
    };
    TRY(pds_show_file(cx, view, &node, out));
    out->status = S("uploading");
    out->upload_id = arena_print(cx->arena, "%lld", (long long)u->id.v);
    out->crc64_hash = S0;
    return OK;
}

static bool is_wanted(const struct list_file *ask, const struct upload *u)
{
    return ask->type != NODE_FOLDER
           && (!ask->category || ask->category & 1 << category_of(u->name, u->media_type));
}

static enum fault list_uploading(struct cx *cx, const struct list_file *ask, struct pds_view *view,
                                 struct pds_file_page *out)
{
    struct upload_listing listing = { .operation = "ListFile", .cursor_field = "marker", .limit = ask->limit,
                                      .cursor = ask->marker };
    struct upload_page page;
    TRY(pds_find_parent(cx, ask->drive_id, ask->parent_file_id, ACTION_LIST, &listing.drive, &listing.parent));
    view->drive = &listing.drive;
    view->may_download = false;
    if (view->extras & (EXTRA_ID_PATH | EXTRA_NAME_PATH))
        TRY(pds_paths(cx, &listing.drive, &listing.parent, &view->id_path, &view->name_path));
    TRY(upload_list(cx, &listing, &page));
    struct pds_file *files = ARENA_MANY(cx->arena, struct pds_file, page.uploads.count + 1);
    *out = (struct pds_file_page){ .items = { files, 0 }, .next_marker = page.next };
    const struct upload *uploads = page.uploads.items;
    for (size_t i = 0; i < page.uploads.count; i++)
        if (is_wanted(ask, &uploads[i]))
            TRY(show_upload(cx, view, &uploads[i], &files[out->items.count++]));
    return OK;
}

/* ---- ListFile ---- */

/* On a worker. */
enum fault pds_find_list_sums(struct cx *cx, void *in, void *out)
{
    struct list_file *ask = in;
    struct listing    listing;
    struct node_page  page;
    unsigned          actions;
    (void)out;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(list_page(cx, ask, &listing, &actions, &page));
    return pds_find_sums(cx, page.nodes.items, page.nodes.count, &ask->sums);
}

enum fault pds_list_file(struct cx *cx, const void *in, void *out)
{
    const struct list_file *ask = in;
    struct pds_view view = { .url_expire_sec = ask->url_expire_sec };
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(pds_read_fields(cx, ask->fields, &view.extras));
    TRY(pds_check_thumbnails(cx, ask->thumbnail_processes));
    if (ask->all) { /* it would change the result, and no page says how */
        pds_not_here(cx, "all");
        return fail(cx, FAULT_UNSUPPORTED, .because = "all");
    }
    if (ask->status == STATUS_UPLOADING)
        return list_uploading(cx, ask, &view, out);
    TRY(pds_want_sums(cx, &ask->sums, &view));
    return list_available(cx, ask, &view, out);
}

/* The plain list of a folder, without anything that has a time of its own or is not in the drive: URLs, people,
 * stars, shares, uploads. */
static enum fault list_depends(struct cx *cx, void *in, str *on)
{
    struct list_file  *ask = in;
    struct list_place *place = ARENA_NEW(cx->arena, struct list_place);
    int64_t            changes;
    bool               stars;
    if (ask->status == STATUS_UPLOADING || ask->share_id.n || share_visit(cx) || ask->fields.n
        || ask->thumbnail_processes.p || ask->starred || !cx->caller)
        return OK;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(find_place(cx, ask, place));
    ask->place = place;
    TRY(star_any(cx, place->drive.id, &stars));
    TRY(event_count(cx, place->drive.id, &changes));
    if (!stars)
        *on = arena_print(cx->arena, "%.*s %.*s %lld %lld %lld %u %lld", STR_ARG(cx->site->domain.epoch),
                          STR_ARG(pds_domain_id(cx)), (long long)cx->caller->user.v, (long long)cx->caller->app.v,
                          (long long)place->drive.id.v, place->actions, (long long)changes);
    return OK;
}

const struct op pds_file_list_ops[] = {
    { "ListFile", "POST", "/v2/file/list", "PDS ListFile, 2022-03-01", USER, READ,
      pds_list_file_in, sizeof(struct list_file), pds_file_page_rows, sizeof(struct pds_file_page), pds_list_file,
      .prepare = pds_find_list_sums, .prepare_if_asked = true, .status = 200, .depends = list_depends,
      .scope = "FILE.LIST",
      .partial = "no thumbnails are made, and nothing is read from pictures and videos", .proof = "pds_files.test.mjs" },
    { 0 }
};
