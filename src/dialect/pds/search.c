/* dialect/pds/search.c: searches over files and the recycle bin: SearchFile, and search_all of the bin, which only
 * the SDKs know.
 *
 * A marker carries the query, its order and the total of the first page: what the request says of these
 * beside a marker is not read. The drives must be the same.
 *
 * Source  PDS API reference, SearchFile; Developer Guide, search queries; version 2022-03-01 */
#include "base/encode.h"
#include "dialect/pds/file_shape.h"
#include "dialect/pds/query.h"
#include "drive/cursor.h"
#include "drive/search.h"

/* ---- the fields of a query ---- */

static const struct word statuses[] = { { "available", 1 }, { "uploading", 0 }, { 0 } };

static const struct query_field query_fields[] = {
    { "name", SEARCH_NAME, QUERY_TEXT, QUERY_EQ | QUERY_MATCH },
    { "description", SEARCH_DESCRIPTION, QUERY_TEXT, QUERY_EQ | QUERY_PREFIX | QUERY_MATCH,
      .lenient_compares = QUERY_MATCH, .lenient = "the official SDK's tests match on description" },
    { "parent_file_id", SEARCH_PARENT, QUERY_TEXT, QUERY_EQ },
    { "type", SEARCH_KIND, QUERY_TEXT, .words = pds_file_types },
    { "size", SEARCH_SIZE, QUERY_LONG },
    { "created_at", SEARCH_CREATED, QUERY_DATE },
    { "updated_at", SEARCH_MODIFIED, QUERY_DATE },
    { "hidden", SEARCH_HIDDEN, QUERY_BOOL },
    { "starred", SEARCH_STARRED, QUERY_BOOL },
    { "status", SEARCH_ALL, QUERY_TEXT, .words = statuses },
    { "category", SEARCH_CATEGORIES, QUERY_TEXT, .words = pds_categories },
    { "file_extension", SEARCH_EXTENSION, QUERY_TEXT },
    { "labels", SEARCH_TAGS, QUERY_ARRAY },
    { "keywords", SEARCH_NAME, QUERY_TEXT, QUERY_EQ, .equal_is = COMPARE_MATCH,
      .lenient = "consumer clients send keywords" },
    { 0 }
};

static bool labels_hold(struct cx *cx, const struct condition *term, str tags)
{
    const struct list      labels = pds_labels_read(cx, tags);
    const struct pds_text *label = labels.items;
    for (size_t i = 0; i < labels.count; i++)
        for (size_t k = 0; k < term->texts.count; k++)
            if (str_eq(label[i].text, ((const str *)term->texts.items)[k]))
                return true;
    return false;
}

/* ---- order_by ---- */

static const struct word keys[] = {
    { "created_at", KEY_CREATED }, { "updated_at", KEY_MODIFIED }, { "size", KEY_SIZE },
    { "name", KEY_NAME }, { "type", KEY_KIND }, { 0 }
};

static enum fault bad_order(struct cx *cx, str got, const char *because)
{
    return fail(cx, FAULT_INVALID, .field = "order_by", .how = HOW_FORM, .got = got, .because = because);
}

static enum fault read_order(struct cx *cx, str one, struct search *search)
{
    const size_t blank = str_find(one, ' ', 0);
    const str    name = str_cut(one, blank), direction = str_trim(str_from(one, blank));
    struct search_order order = { .descending = str_eq(direction, S("DESC")) };
    for (const struct word *w = keys; w->name; w++)
        if (str_eq(name, str_of(w->name)))
            order.key = (enum search_key)w->value;
    if (!order.key)
        return bad_order(cx, one, "created_at, updated_at, size, name or type");
    if (direction.n && !order.descending && !str_eq(direction, S("ASC")))
        return bad_order(cx, one, "ASC or DESC after the field");
    for (int i = 0; i < search->order_count; i++)
        if (search->orders[i].key == order.key)
            return bad_order(cx, one, "a field twice");
    if (order.key == KEY_KIND)
        TRY(contract_tolerate(cx, "order_by", "the official SDK orders by type"));
    search->orders[search->order_count++] = order;
    return OK;
}

/* "type ASC, updated_at DESC"; each key once, so that there are never more than there is room for */
static enum fault read_orders(struct cx *cx, str order_by, struct search *search)
{
    for (size_t at = 0; order_by.n && at <= order_by.n;) {
        const size_t end = str_find(order_by, ',', at);
        TRY(read_order(cx, str_trim(str_cut(str_from(order_by, at), end - at)), search));
        at = end + 1;
    }
    return OK;
}

/* ---- requests ---- */

struct search_file {
    str         drive_id, query, order_by, marker, fields, thumbnail_processes;
    struct list drive_id_list;
    int         limit, url_expire_sec;
    bool        recursive, return_total_count;
};

static const struct field drive_rows[] = {
    { "", BODY, AT(struct pds_text, text), .form = FORM_DIGITS, .min = 1, .max = 50 }, { 0 }
};
static const struct shape drive_shape = { "DriveId", drive_rows, sizeof(struct pds_text) };

#define IN struct search_file
#define ORDER_BY \
    { "order_by", BODY, AT(IN, order_by), .max = 128, .empty_ok = true, \
      .doc = "<field> ASC|DESC, ...: created_at (default), updated_at, size, name" }
#define QUERY_ROW \
    { "query", BODY, AT(IN, query), .max = QUERY_MAX, .empty_ok = true, .doc = "see docs; not read beside a marker" }
static const struct field search_file_in[] = {
    PDS_DRIVE_ID(IN, false),
    { "drive_id_list", BODY, AT(IN, drive_id_list), .max = SEARCH_DRIVES_MAX, .shape = &drive_shape,
      .doc = "instead of drive_id, which is looked at first" },
    QUERY_ROW,
    ORDER_BY,
    { "limit", BODY, AT(IN, limit), .min = 1, .max = 100, .absent = 50 },
    PDS_MARKER(IN),
    { "recursive", BODY, AT(IN, recursive), .doc = "parent_file_id means all that is below" },
    { "return_total_count", BODY, AT(IN, return_total_count) },
    PDS_FIELDS(IN),
    PDS_URL_EXPIRE_SEC(IN),
    PDS_THUMBNAILS(IN),
    { 0 }
};

static const struct field search_bin_in[] = {
    PDS_DRIVE_ID(IN, false),
    QUERY_ROW,
    ORDER_BY,
    { "limit", BODY, AT(IN, limit), .min = 1, .max = 200, .absent = 50 },
    PDS_MARKER(IN),
    PDS_FIELDS(IN),
    PDS_THUMBNAILS(IN),
    { 0 }
};
#undef IN

struct found_files {
    struct list items;
    str         next_marker;
    int64_t     total_count; /* -1: not asked for */
};

static const struct field found_rows[] = {
    { "items", BODY, AT(struct found_files, items), .shape = &pds_file_shape },
    { "next_marker", BODY, AT(struct found_files, next_marker), .doc = "empty at the end" },
    { "total_count", BODY, AT(struct found_files, total_count), .omit = true, .absent = -1,
      .doc = "where asked for" },
    { 0 }
};
static const struct field found_in_bin_rows[] = {
    { "items", BODY, AT(struct found_files, items), .shape = &pds_file_shape },
    { "next_marker", BODY, AT(struct found_files, next_marker), .doc = "empty at the end" },
    { 0 }
};

/* ---- markers ---- */

/* What stays the same from page to page. */
struct kept {
    str     query, order_by, after;
    bool    recursive;
    int64_t total; /* -1: not asked for */
};

enum { KEPT_FIXED = 13 };

static str kept_text(struct cx *cx, const struct kept *k)
{
    char *out = arena_make(cx->arena, KEPT_FIXED + k->order_by.n + k->query.n + k->after.n + 1), *p = out + KEPT_FIXED;
    const str parts[] = { k->order_by, k->query, k->after };
    out[0] = (char)k->recursive;
    be64_put(out + 1, (uint64_t)k->total);
    out[9] = (char)(k->order_by.n >> 8);
    out[10] = (char)k->order_by.n;
    out[11] = (char)(k->query.n >> 8);
    out[12] = (char)k->query.n;
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (parts[i].n)
            memcpy(p, parts[i].p, parts[i].n);
        p += parts[i].n;
    }
    return (str){ out, (size_t)(p - out) };
}

static size_t length_at(str text, size_t at)
{
    return (size_t)(unsigned char)text.p[at] << 8 | (unsigned char)text.p[at + 1];
}

/* A text that cursor_read has found to be ours. */
static struct kept kept_read(str text)
{
    const size_t order_n = length_at(text, 9), query_n = length_at(text, 11);
    const str    rest = str_from(text, KEPT_FIXED);
    return (struct kept){ .recursive = text.p[0] != 0, .total = (int64_t)be64_get(text.p + 1),
                          .order_by = str_cut(rest, order_n), .query = str_cut(str_from(rest, order_n), query_n),
                          .after = str_from(rest, order_n + query_n) };
}

static str binding(struct cx *cx, const struct search *search)
{
    const struct drive *drives = search->drives.items;
    str bound = search->in_bin ? S("SearchAllRecyclebin") : S("SearchFile");
    for (size_t i = 0; i < search->drives.count; i++)
        bound = arena_print(cx->arena, "%.*s|%lld", STR_ARG(bound), (long long)drives[i].id.v);
    return bound;
}

/* ---- drives ---- */

static enum fault add_drive(struct cx *cx, str drive_id, struct search *search)
{
    struct drive *drives = search->drives.items, *one = &drives[search->drives.count];
    TRY(drive_get(cx, drive_id, one));
    for (size_t i = 0; i < search->drives.count; i++)
        if (drives[i].id.v == one->id.v)
            return OK;
    search->drives.count++;
    return OK;
}

/* drive_id, else the list; of the bin, where neither is named, the caller's own drives. */
static enum fault find_drives(struct cx *cx, const struct search_file *ask, struct search *search)
{
    const struct pds_text *listed = ask->drive_id_list.items;
    search->drives.items = ARENA_MANY(cx->arena, struct drive, ask->drive_id_list.count + 1);
    if (ask->drive_id.p)
        return add_drive(cx, ask->drive_id, search);
    if (search->in_bin && cx->caller->user.v)
        return drive_list_personal(cx, &search->drives);
    for (size_t i = 0; i < ask->drive_id_list.count; i++)
        TRY(add_drive(cx, listed[i].text, search));
    return search->drives.count ? OK : fail(cx, FAULT_INVALID, .field = "drive_id", .how = HOW_MISSING);
}

/* ---- answers ---- */

static const struct drive *drive_of(const struct search *search, id drive)
{
    const struct drive *drives = search->drives.items;
    size_t i = 0;
    while (drives[i].id.v != drive.v)
        i++;
    return &drives[i];
}

/* Runs of one drive are shown together. */
static enum fault show(struct cx *cx, const struct search *search, struct pds_view *view, const struct list *found,
                       struct found_files *out)
{
    struct node     *nodes = found->items;
    struct pds_file *files = ARENA_MANY(cx->arena, struct pds_file, found->count + 1);
    for (size_t from = 0, to; from < found->count; from = to) {
        struct pds_file_page page;
        for (to = from + 1; to < found->count && nodes[to].drive.v == nodes[from].drive.v; to++)
            ;
        view->drive = drive_of(search, nodes[from].drive);
        TRY(pds_show_scattered(cx, view, &(struct node_page){ .nodes = { nodes + from, to - from } }, &page));
        memcpy(files + from, page.items.items, (to - from) * sizeof *files);
    }
    out->items = (struct list){ files, found->count };
    return OK;
}

/* What a marker kept stands for what the request says. */
static enum fault read_kept(struct cx *cx, const struct search_file *ask, const struct search *search, struct kept *out)
{
    str text;
    TRY(cursor_read(cx, "marker", binding(cx, search), ask->marker, &text));
    *out = text.n ? kept_read(text)
                  : (struct kept){ .query = ask->query, .order_by = ask->order_by, .recursive = ask->recursive };
    return OK;
}

static enum fault search_files(struct cx *cx, const struct search_file *ask, bool in_bin, struct found_files *out)
{
    struct search search = { .in_bin = in_bin, .limit = ask->limit, .tags_hold = labels_hold };
    struct pds_view    view = { .url_expire_sec = ask->url_expire_sec, .in_bin = in_bin };
    struct kept        kept;
    struct search_page page;
    TRY(pds_read_fields(cx, ask->fields, &view.extras));
    TRY(pds_check_thumbnails(cx, ask->thumbnail_processes));
    TRY(find_drives(cx, ask, &search));
    TRY(read_kept(cx, ask, &search, &kept));
    TRY(query_read(cx, query_fields, kept.query, &search.condition));
    TRY(read_orders(cx, kept.order_by, &search));
    search.recursive = kept.recursive;
    search.after = kept.after;
    search.count = ask->return_total_count && !kept.after.n;
    TRY(node_search(cx, &search, &page));
    if (!kept.after.n)
        kept.total = search.count ? page.total : -1;
    kept.after = page.next;
    out->total_count = kept.total;
    out->next_marker = page.next.n ? cursor_make(cx, binding(cx, &search), kept_text(cx, &kept)) : S("");
    if (in_bin)
        view.extras &= ~(unsigned)(EXTRA_URL | EXTRA_ID_PATH | EXTRA_NAME_PATH); /* as ListRecyclebin */
    return show(cx, &search, &view, &page.nodes, out);
}

/* A search looks at thousands of nodes: on a worker, not on a loop. */
static enum fault search_file(struct cx *cx, void *in, void *out)
{
    return search_files(cx, in, false, out);
}

static enum fault search_bin(struct cx *cx, void *in, void *out)
{
    return search_files(cx, in, true, out);
}

static enum fault searched(struct cx *cx, const void *in, void *out)
{
    (void)cx, (void)in, (void)out;
    return OK;
}

const struct op pds_search_ops[] = {
    { "SearchFile", "POST", "/v2/file/search", "PDS SearchFile, 2022-03-01", USER, READ,
      search_file_in, sizeof(struct search_file), found_rows, sizeof(struct found_files), searched,
      .status = 200, .prepare = search_file, .scope = "FILE.LIST", .proof = "pds_search.test.mjs",
      .partial = "total_count looks at no more than 50,000 entries of a folder or drive that no word narrows; a second "
                 "and third order_by field hold only among some thousand entries; media metadata cannot be asked for" },
    { "SearchAllRecyclebin", "POST", "/v2/recyclebin/search_all", "official SDKs; not in the 2022-03-01 reference",
      USER, READ, search_bin_in, sizeof(struct search_file), found_in_bin_rows, sizeof(struct found_files), searched,
      .status = 200, .prepare = search_bin, .scope = "FILE.LIST", .proof = "pds_search.test.mjs" },
    { 0 }
};
