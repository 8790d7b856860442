#include "dialect/pds/file_shape.h"

#include "base/encode.h"
#include "base/names.h"
#include "drive/access.h"
#include "drive/link.h"
#include "drive/share.h"
#include "drive/star.h"
#include "drive/user.h"

/* ---- rows ---- */

const struct word pds_categories[] = {
    { "app", 1 << CATEGORY_APP },
    { "zip", 1 << CATEGORY_ARCHIVE },
    { "image", 1 << CATEGORY_IMAGE },
    { "doc", 1 << CATEGORY_DOC | 1 << CATEGORY_SHEET | 1 << CATEGORY_SLIDES },
    { "video", 1 << CATEGORY_VIDEO },
    { "audio", 1 << CATEGORY_AUDIO },
    { "others", 1 << CATEGORY_OTHER | 1 << CATEGORY_NONE },
    { 0 }
};
const struct word pds_file_types[] = { { "file", NODE_FILE }, { "folder", NODE_FOLDER }, { 0 } };

static const struct field text_rows[] = { { "", BODY, AT(struct pds_text, text) }, { 0 } };
const struct shape pds_text_shape = { "Text", text_rows, sizeof(struct pds_text) };

static const struct field tag_rows[] = {
    { "key", BODY, AT(struct pds_tag, key) },
    { "value", BODY, AT(struct pds_tag, value) },
    { 0 }
};
const struct shape pds_tag_shape = { "UserTags", tag_rows, sizeof(struct pds_tag) };

static const struct field dir_rows[] = {
    { "dir_count", BODY, AT(struct pds_dir, dir_count) },
    { "file_count", BODY, AT(struct pds_dir, file_count) },
    { 0 }
};
static const struct shape dir_shape = { "DirSizeInfo", dir_rows, sizeof(struct pds_dir) };

#define OUT struct pds_file
const struct field pds_file_rows[] = {
    { "domain_id", BODY, AT(OUT, domain_id) },
    { "drive_id", BODY, AT(OUT, drive_id) },
    { "share_id", BODY, AT(OUT, share_id), .omit = true, .doc = "inside a share" },
    { "file_id", BODY, AT(OUT, file_id) },
    { "parent_file_id", BODY, AT(OUT, parent_file_id), .doc = "root at the top" },
    { "name", BODY, AT(OUT, name) },
    { "type", BODY, AT(OUT, type), .words = pds_file_types },
    { "status", BODY, AT(OUT, status) },
    { "size", BODY, AT(OUT, size), .omit = true, .absent = -1, .doc = "bytes; of folders with fields=dir_size" },
    { "file_extension", BODY, AT(OUT, file_extension), .omit = true },
    { "category", BODY, AT(OUT, category), .omit = true },
    { "content_type", BODY, AT(OUT, content_type), .omit = true },
    { "content_hash", BODY, AT(OUT, content_hash), .omit = true, .doc = "SHA-1, upper-case hex" },
    { "content_hash_name", BODY, AT(OUT, content_hash_name), .omit = true },
    { "crc64_hash", BODY, AT(OUT, crc64_hash), .omit = true, .doc = "CRC-64/XZ, decimal" },
    { "created_at", BODY, AT(OUT, created_at) },
    { "updated_at", BODY, AT(OUT, updated_at) },
    { "trashed_at", BODY, AT(OUT, trashed_at), .omit = true },
    { "local_created_at", BODY, AT(OUT, local_created_at), .omit = true },
    { "local_modified_at", BODY, AT(OUT, local_modified_at), .omit = true },
    { "description", BODY, AT(OUT, description) },
    { "hidden", BODY, AT(OUT, hidden) },
    { "starred", BODY, AT(OUT, starred) },
    { "labels", BODY, AT(OUT, labels), .shape = &pds_text_shape },
    { "user_tags", BODY, AT(OUT, user_tags), .shape = &pds_tag_shape, .as = AS_MAP, .omit = true },
    { "revision_id", BODY, AT(OUT, revision_id), .omit = true },
    { "revision_version", BODY, AT(OUT, revision_version), .omit = true, .absent = 0 },
    { "dir_size_info", BODY, AT(OUT, dir_size_info), .shape = &dir_shape, .as = AS_ONE, .omit = true,
      .doc = "with all that is below; with fields=dir_size" },
    { "upload_id", BODY, AT(OUT, upload_id), .omit = true },
    { "url", BODY, AT(OUT, url), .omit = true },
    { "download_url", BODY, AT(OUT, download_url), .omit = true },
    { "id_path", BODY, AT(OUT, id_path), .omit = true },
    { "name_path", BODY, AT(OUT, name_path), .omit = true },
    { "auto_delete_left_sec", BODY, AT(OUT, auto_delete_left_sec), .omit = true, .absent = -1 },
    { "action_list", BODY, AT(OUT, action_list), .shape = &pds_text_shape, .omit = true },
    { "creator_id", BODY, AT(OUT, creator_id), .omit = true },
    { "creator_name", BODY, AT(OUT, creator_name), .omit = true },
    { "creator_type", BODY, AT(OUT, creator_type), .omit = true },
    { "last_modifier_id", BODY, AT(OUT, last_modifier_id), .omit = true },
    { "last_modifier_name", BODY, AT(OUT, last_modifier_name), .omit = true },
    { "last_modifier_type", BODY, AT(OUT, last_modifier_type), .omit = true },
    { 0 }
};
#undef OUT
const struct shape pds_file_shape = { "File", pds_file_rows, sizeof(struct pds_file),
                                      offsetof(struct pds_file, printed) };

const struct field pds_file_page_rows[] = {
    { "items", BODY, AT(struct pds_file_page, items), .shape = &pds_file_shape },
    { "next_marker", BODY, AT(struct pds_file_page, next_marker), .doc = "empty at the end" },
    { 0 }
};

/* ---- values ---- */

static str category_name(enum category category)
{
    switch (category) {
    case CATEGORY_DOC:
    case CATEGORY_SHEET:
    case CATEGORY_SLIDES:  return S("doc");
    case CATEGORY_IMAGE:   return S("image");
    case CATEGORY_VIDEO:   return S("video");
    case CATEGORY_AUDIO:   return S("audio");
    case CATEGORY_ARCHIVE: return S("zip");
    case CATEGORY_APP:     return S("app");
    case CATEGORY_NONE:
    case CATEGORY_OTHER:   return S("others");
    }
    return S("others");
}

bool pds_may_give_url(const struct cx *cx, unsigned actions)
{
    const struct visit *visit = share_visit(cx);
    return actions & ACTION_DOWNLOAD && !(visit && (visit->share.download_limit || visit->share.take_limit));
}

str pds_content_hash(struct cx *cx, const struct node *node)
{
    return node->sha1.n ? hex_upper(cx->arena, node->sha1) : S0;
}

str pds_crc64_hash(struct cx *cx, const struct node *node)
{
    if (node->kind != NODE_FILE)
        return S0;
    return arena_decimal(cx->arena, (uint64_t)node->crc64);
}

str pds_download_url(struct cx *cx, const struct node *node, instant expires, str file_name, str content_type)
{
    const struct link link = { .kind = LINK_DOWNLOAD, .dialect = LINK_PDS, .drive = node->drive,
                               .node = node->id, .revision = node->revision, .expires = expires,
                               .file_name = file_name, .media_type = content_type };
    return link_url(cx, &link);
}

struct list pds_action_list(struct cx *cx, unsigned actions)
{
    static const struct {
        unsigned    action;
        const char *name;
    } names[] = {
        { ACTION_LIST, "FILE.LIST" },         { ACTION_LIST, "FILE.VISIBLE" },
        { ACTION_PREVIEW, "FILE.PREVIEW" },   { ACTION_DOWNLOAD, "FILE.DOWNLOAD" },
        { ACTION_CREATE, "FILE.CREATE" },     { ACTION_EDIT, "FILE.UPDATE" },
        { ACTION_MOVE, "FILE.MOVE" },         { ACTION_COPY, "FILE.COPY" },
        { ACTION_DELETE, "FILE.DELETE" },     { ACTION_SHARE, "FILE.SHARELINK" },
    };
    struct pds_text *items = ARENA_MANY(cx->arena, struct pds_text, COUNT(names));
    size_t n = 0;
    for (size_t i = 0; i < COUNT(names); i++)
        if (actions & names[i].action)
            items[n++].text = str_of(names[i].name);
    return (struct list){ items, n };
}

enum fault pds_paths(struct cx *cx, const struct drive *drive, const struct node *node, str *id_path,
                     str *name_path)
{
    str ids, names;
    TRY(node_paths(cx, drive, node, &ids, &names));
    const size_t slash = str_find(ids, '/', 0);
    *id_path = slash < ids.n ? str_from(ids, slash + 1) : S("");
    *name_path = arena_print(cx->arena, "root%.*s", STR_ARG(names.n > 1 ? names : S("")));
    return OK;
}

/* ---- a File ---- */

static void show_paths(struct cx *cx, const struct pds_view *view, const struct node *node,
                       struct pds_file *out)
{
    if (view->extras & EXTRA_ID_PATH && view->id_path.p)
        out->id_path = view->id_path.n ? arena_print(cx->arena, "%.*s/%lld", STR_ARG(view->id_path),
                                                     (long long)node->id.v)
                                       : out->file_id;
    if (view->extras & EXTRA_NAME_PATH && view->name_path.p)
        out->name_path = arena_print(cx->arena, "%.*s/%.*s", STR_ARG(view->name_path), STR_ARG(node->name));
}

/* Apps that act for the domain show as the service account `system`. */
static enum fault show_people(struct cx *cx, const struct node *node, struct pds_file *out)
{
    struct user_label label;
    if (share_visit(cx)) /* who works on it is nothing to tell strangers */
        return OK;
    TRY(user_label(cx, node->creator, &label));
    out->creator_id = label.public_id;
    out->creator_name = label.name;
    out->creator_type = node->creator.v ? S("User") : S("Service");
    TRY(user_label(cx, node->editor, &label));
    out->last_modifier_id = label.public_id;
    out->last_modifier_name = label.name;
    out->last_modifier_type = node->editor.v ? S("User") : S("Service");
    return OK;
}

static void show_content(struct cx *cx, const struct node *node, struct pds_file *out)
{
    out->size = node->size;
    out->file_extension = name_extension(node->name);
    out->category = category_name((enum category)node->category);
    out->content_type = node->media_type;
    out->content_hash = pds_content_hash(cx, node);
    out->content_hash_name = out->content_hash.n ? S("sha1") : S0;
    out->crc64_hash = pds_crc64_hash(cx, node);
    out->revision_id = node->revision;
    out->revision_version = node->version;
}

static void show_place(struct cx *cx, const struct pds_view *view, const struct node *node,
                       struct pds_file *out)
{
    const bool is_root = node_is_root(view->drive, node);
    out->domain_id = pds_domain_id(cx);
    out->drive_id = node->drive;
    out->file_id = pds_file_id(cx, view->drive, node->id);
    const id parent = view->in_bin ? node->origin : node->parent;
    out->parent_file_id = is_root                       ? S("")
                          : share_names(cx, node->id) ? S("root")
                                                      : pds_file_id(cx, view->drive, parent);
    out->share_id = share_visit(cx) ? share_visit(cx)->share.code : S0;
    out->name = is_root ? S("root") : node->name;
    out->type = node->kind;
    out->status = S("available");
    out->created_at = node->created;
    out->updated_at = node->modified;
}

static void show_bin(const struct cx *cx, const struct node *node, struct pds_file *out)
{
    const int64_t left = node_bin_left_ms(cx, node);
    out->trashed_at = node->trashed;
    out->auto_delete_left_sec = left < 0 ? -1 : left / 1000;
}

static void show_dir_size(struct cx *cx, const struct pds_view *view, const struct node *node, struct pds_file *out)
{
    const struct dir_size *size = view->dir_sizes ? dir_size_of(view->dir_sizes, node->id) : NULL;
    if (!size) {
        pds_not_here(cx, view->dir_sizes ? "fields=dir_size: more folders than can be summed" : "fields=dir_size");
        return;
    }
    struct pds_dir *dir = ARENA_NEW(cx->arena, struct pds_dir);
    *dir = (struct pds_dir){ .dir_count = size->folders, .file_count = size->files };
    out->size = size->bytes;
    out->dir_size_info = (struct list){ dir, 1 };
}

enum fault pds_want_sums(struct cx *cx, const struct pds_sums *sums, struct pds_view *view)
{
    if (!(view->extras & EXTRA_DIR_SIZE))
        return OK;
    if (sums->are_found)
        view->dir_sizes = &sums->sizes;
    cx->wants_prepare = !sums->are_found && cx->may_prepare;
    return cx->wants_prepare ? fail(cx, FAULT_CONFLICT, .because = "folders are to be summed first") : OK;
}

enum fault pds_find_sums(struct cx *cx, const struct node *nodes, size_t count, struct pds_sums *out)
{
    out->are_found = true;
    return dir_size_sum(cx, nodes, count, &out->sizes);
}

enum fault pds_show_file(struct cx *cx, const struct pds_view *view, const struct node *node,
                         struct pds_file *out)
{
    const instant expires = { cx->now.ms + view->url_expire_sec * INT64_C(1000) };
    *out = (struct pds_file){ .size = -1, .auto_delete_left_sec = -1 };
    show_place(cx, view, node, out);
    out->description = node->description;
    out->local_created_at = node->local_created.n ? node->local_created : S0;
    out->local_modified_at = node->local_modified.n ? node->local_modified : S0;
    out->hidden = node->hidden;
    out->starred = node->starred;
    out->labels = pds_labels_read(cx, node->tags);
    if (node->kind == NODE_FILE)
        show_content(cx, node, out);
    else if (view->extras & EXTRA_DIR_SIZE)
        show_dir_size(cx, view, node, out);
    if (view->in_bin)
        show_bin(cx, node, out);
    if (view->extras & EXTRA_URL && view->may_download && node->kind == NODE_FILE)
        out->url = out->download_url = pds_download_url(cx, node, expires, S0, S0);
    if (view->extras & EXTRA_TAGS)
        out->user_tags = pds_marks_read(cx, node->tags).tags;
    show_paths(cx, view, node, out);
    return view->extras & EXTRA_PEOPLE ? show_people(cx, node, out) : OK;
}

/* All that a File without extras is made of; S0 where it is made of more: of the hour, or of a share. Details
 * tell where they end, and the domain is always the same. */
static str made_of(struct cx *cx, const struct pds_view *view, const struct node *node)
{
    const struct {
        id   drive, root, parent, node;
        long starred;
    } numbers = { node->drive, view->drive->root, node->parent, node->id, node->starred };
    if (view->extras || view->in_bin || share_visit(cx) || !node->details.p)
        return S0;
    const str parts[] = { { (const char *)&numbers, sizeof numbers }, node->details, node->name, pds_domain_id(cx) };
    return arena_join(cx->arena, parts, COUNT(parts));
}

enum fault pds_show_known(struct cx *cx, const struct pds_view *view, const struct node *node, struct pds_file *out)
{
    struct printed printed = { 0 };
    const str      of = made_of(cx, view, node);
    if (!of.p || !printed_find(cx->arena, &pds_file_shape, of, &printed)) {
        struct node all = *node;
        TRY(node_unpack(cx, &all));
        TRY(pds_show_file(cx, view, &all, out));
    }
    out->printed = printed;
    return OK;
}

enum fault pds_show_page(struct cx *cx, const struct pds_view *view, const struct node_page *page,
                         struct pds_file_page *out)
{
    struct node     *nodes = page->nodes.items;
    struct pds_file *files = arena_room(cx->arena, (page->nodes.count + 1) * sizeof *files);
    TRY(star_look(cx, view->drive->id, nodes, page->nodes.count));
    for (size_t i = 0; i < page->nodes.count; i++)
        TRY(pds_show_known(cx, view, &nodes[i], &files[i]));
    *out = (struct pds_file_page){ .items = { files, page->nodes.count }, .next_marker = page->next };
    return OK;
}

enum fault pds_show_own_paths(struct cx *cx, const struct pds_view *view, const struct node *node,
                              struct pds_file *out)
{
    str ids, names;
    if (!(view->extras & (EXTRA_ID_PATH | EXTRA_NAME_PATH)))
        return OK;
    TRY(pds_paths(cx, view->drive, node, &ids, &names));
    if (view->extras & EXTRA_ID_PATH)
        out->id_path = ids.n ? ids : S("root"); /* of the root there is none above */
    if (view->extras & EXTRA_NAME_PATH)
        out->name_path = names;
    return OK;
}

enum fault pds_show_scattered(struct cx *cx, struct pds_view *view, const struct node_page *page,
                              struct pds_file_page *out)
{
    struct node     *nodes = page->nodes.items;
    struct pds_file *files = ARENA_MANY(cx->arena, struct pds_file, page->nodes.count + 1);
    unsigned         actions = 0;
    TRY(star_look(cx, view->drive->id, nodes, page->nodes.count));
    for (size_t i = 0; i < page->nodes.count; i++) {
        if (view->extras & EXTRA_URL)
            TRY(access_to_node(cx, view->drive, &nodes[i], &actions));
        view->may_download = actions & ACTION_DOWNLOAD;
        TRY(pds_show_file(cx, view, &nodes[i], &files[i]));
        TRY(pds_show_own_paths(cx, view, &nodes[i], &files[i]));
    }
    *out = (struct pds_file_page){ .items = { files, page->nodes.count }, .next_marker = page->next };
    return OK;
}
