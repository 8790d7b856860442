#include "dialect/koodrive/file.h"

#include "base/encode.h"
#include "base/names.h"
#include "drive/link.h"
#include "drive/user.h"

enum { LINK_TTL_MS = 3600 * 1000, RESOURCE_PLAIN_SINGLE = 12 };

/* ---- rows, in the order of the vendor's example ---- */

static const struct field user_rows[] = {
    { "category",    BODY, AT(struct koodrive_user, category) },
    { "userId",      BODY, AT(struct koodrive_user, user_id), .doc = "opaque; not the X-User-Id" },
    { "displayName", BODY, AT(struct koodrive_user, display_name) },
    { "me",          BODY, AT(struct koodrive_user, me) },
    { 0 }
};
static const struct shape user_shape = { "User", user_rows, sizeof(struct koodrive_user) };

#define OUT struct koodrive_rights
static const struct field rights_rows[] = {
    { "addChildNodePermission",    BODY, AT(OUT, add_child) },
    { "copyPermission",            BODY, AT(OUT, copy) },
    { "deletePermission",          BODY, AT(OUT, remove) },
    { "downloadPermission",        BODY, AT(OUT, download) },
    { "editPermission",            BODY, AT(OUT, edit) },
    { "listChildNodePermission",   BODY, AT(OUT, list_child) },
    { "removeChildNodePermission", BODY, AT(OUT, remove_child) },
    { "renameFilePermission",      BODY, AT(OUT, rename) },
    { "shareFilePermission",       BODY, AT(OUT, share) },
    { "uploadPermission",          BODY, AT(OUT, upload) },
    { "viewPermission",            BODY, AT(OUT, view) },
    { 0 }
};
#undef OUT
static const struct shape rights_shape = { "UserCapabilities", rights_rows, sizeof(struct koodrive_rights) };

struct property {
    str name, value;
};
static const struct field property_rows[] = {
    { "name", BODY, AT(struct property, name) }, { "value", BODY, AT(struct property, value) }, { 0 }
};
static const struct shape property_shape = { "Property", property_rows, sizeof(struct property) };

/* An attachment of a file's details: one plain resource without keys. */
struct download_url {
    str url, method;
};
static const struct field url_rows[] = {
    { "url", BODY, AT(struct download_url, url) }, { "method", BODY, AT(struct download_url, method) }, { 0 }
};
static const struct shape url_shape = { "DownloadUrl", url_rows, sizeof(struct download_url) };

struct slice {
    str                 id;
    int64_t             start;
    struct download_url url;
};
static const struct field slice_rows[] = {
    { "id",          BODY, AT(struct slice, id) },
    { "start",       BODY, AT(struct slice, start) },
    { "downloadUrl", BODY, WITHIN(struct slice, url), .shape = &url_shape },
    { 0 }
};
static const struct shape slice_shape = { "Slice", slice_rows, sizeof(struct slice) };

struct resource {
    str         id, sha256;
    int64_t     length;
    int         type;
    struct list object; /* struct slice */
};
static const struct field resource_rows[] = {
    { "id",     BODY, AT(struct resource, id) },
    { "length", BODY, AT(struct resource, length) },
    { "sha256", BODY, AT(struct resource, sha256) },
    { "type",   BODY, AT(struct resource, type), .doc = "12: plain, a single part" },
    { "object", BODY, AT(struct resource, object), .shape = &slice_shape },
    { 0 }
};
static const struct shape resource_shape = { "Resource", resource_rows, sizeof(struct resource) };

struct asset {
    str             mime_type;
    struct resource resource;
};
static const struct field asset_rows[] = {
    { "mimeType", BODY, AT(struct asset, mime_type) },
    { "resource", BODY, WITHIN(struct asset, resource), .shape = &resource_shape },
    { 0 }
};
static const struct shape asset_shape = { "Asset", asset_rows, sizeof(struct asset) };

struct attachment {
    str          usage, sha256;
    struct asset asset;
};
static const struct field attachment_rows[] = {
    { "usage",  BODY, AT(struct attachment, usage) },
    { "sha256", BODY, AT(struct attachment, sha256) },
    { "asset",  BODY, WITHIN(struct attachment, asset), .shape = &asset_shape },
    { 0 }
};
static const struct shape attachment_shape = { "Attachment", attachment_rows, sizeof(struct attachment) };

struct download_link {
    str usage, link;
};
static const struct field link_rows[] = {
    { "usage",        BODY, AT(struct download_link, usage) },
    { "downloadLink", BODY, AT(struct download_link, link) },
    { 0 }
};
static const struct shape link_shape = { "DownloadLink", link_rows, sizeof(struct download_link) };

#define OUT struct koodrive_file
const struct field koodrive_file_rows[] = {
    { "id",               BODY, AT(OUT, id) },
    { "fileName",         BODY, AT(OUT, file_name) },
    { "mimeType",         BODY, AT(OUT, mime_type) },
    { "fileSuffix",       BODY, AT(OUT, file_suffix), .doc = "the last extension, without its dot" },
    { "recycled",         BODY, AT(OUT, recycled) },
    { "parentFolder",     BODY, AT(OUT, parent_folder), .shape = &koodrive_id_shape },
    { "containers",       BODY, AT(OUT, containers), .shape = &koodrive_id_shape },
    { "properties",       BODY, AT(OUT, properties), .shape = &property_shape, .as = AS_MAP },
    { "owners",           BODY, AT(OUT, owners), .shape = &user_shape },
    { "lastEditor",       BODY, WITHIN(OUT, last_editor), .shape = &user_shape },
    { "fileType",         BODY, AT(OUT, file_type) },
    { "createdTime",      BODY, AT(OUT, created) },
    { "editedTime",       BODY, AT(OUT, edited) },
    { "favorite",         BODY, AT(OUT, favorite) },
    { "recycledTime",     BODY, AT(OUT, recycled_time), .omit = true },
    { "directlyRecycled", BODY, AT(OUT, directly_recycled) },
    { "size",             BODY, AT(OUT, size), .absent = -1, .omit = true, .doc = "bytes; files only" },
    { "sha256",           BODY, AT(OUT, sha256), .omit = true },
    { "hidden",           BODY, AT(OUT, hidden) },
    { "idPath",           BODY, AT(OUT, id_path) },
    { "creatingUser",     BODY, WITHIN(OUT, creating_user), .shape = &user_shape },
    { "userCapabilities", BODY, WITHIN(OUT, rights), .shape = &rights_shape },
    { "attachments",      BODY, AT(OUT, attachments), .shape = &attachment_shape, .omit = true },
    { "downloadLinks",    BODY, AT(OUT, download_links), .shape = &link_shape, .omit = true },
    { 0 }
};
#undef OUT
const struct shape koodrive_file_shape = { "FileListMetadata", koodrive_file_rows, sizeof(struct koodrive_file),
                                           offsetof(struct koodrive_file, printed) };

/* ---- people ---- */

/* The base64url text decodes to <userId>-<tenantId> in the vendor's example. */
static struct koodrive_user person(struct cx *cx, str public_id, str name, bool me)
{
    const str tenant = koodrive_tenant(cx);
    const str both = arena_print(cx->arena, "%.*s-%.*s", STR_ARG(public_id), STR_ARG(tenant));
    return (struct koodrive_user){ S("drive#user"), base64url(cx->arena, both), name, me };
}

static enum fault person_of(struct cx *cx, id user, struct koodrive_user *out)
{
    struct user_label label;
    TRY(user_label(cx, user, &label));
    *out = person(cx, label.public_id, label.name, user.v && user.v == cx->caller->user.v);
    return OK;
}

/* A team's drive belongs to the team: its number and the drive's name. */
static enum fault owners_of(struct cx *cx, const struct drive *drive, struct list *out)
{
    struct koodrive_user *owner = ARENA_NEW(cx->arena, struct koodrive_user);
    *out = (struct list){ owner, 1 };
    if (drive->owner_kind == OWNER_USER)
        return person_of(cx, drive->owner, owner);
    *owner = person(cx, drive->owner_public, drive->name, false);
    return OK;
}

/* ---- places ---- */

/* node_paths ends at what was put into the bin: the first number then is that node's, not the root's. */
static id path_head(str ids)
{
    id head = ID_NONE;
    (void)str_int64(str_cut(ids, str_find(ids, '/', 0)), &head.v);
    return head;
}

/* What was put into the bin to bring the node there, if it is there. */
static enum fault binned_of(struct cx *cx, const struct drive *drive, const struct node *node, str ids,
                            struct node *out)
{
    struct drive same;
    const id head = path_head(ids);
    if (head.v == node->id.v) {
        *out = *node;
        return OK;
    }
    return node_find(cx, arena_print(cx->arena, "%lld", (long long)drive->id.v),
                     arena_print(cx->arena, "%lld", (long long)head.v), SCOPE_ANY, 0, &same, out);
}

enum fault koodrive_trashed_since(struct cx *cx, const struct drive *drive, const struct node *node, instant *out)
{
    struct node binned;
    str         ids, names;
    *out = node->trashed;
    TRY(node_paths(cx, drive, node, &ids, &names));
    if (path_head(ids).v == drive->root.v)
        return OK;
    const enum fault fault = binned_of(cx, drive, node, ids, &binned);
    if (fault == OK)
        *out = binned.trashed;
    return fault == FAULT_NOT_FOUND ? OK : fault;
}

/* A folder on the path may itself have gone into the bin since. */
enum fault koodrive_id_path(struct cx *cx, const struct drive *drive, const struct node *node, str *out)
{
    struct node at = *node, binned;
    str         tail = S(""), ids, names;
    for (int i = 0; i < DEPTH_MAX; i++) {
        TRY(node_paths(cx, drive, &at, &ids, &names));
        tail = arena_print(cx->arena, "/%.*s%.*s", STR_ARG(ids), STR_ARG(tail));
        if (path_head(ids).v == drive->root.v)
            break;
        struct drive same;
        if (binned_of(cx, drive, &at, ids, &binned) != OK
            || node_find(cx, arena_print(cx->arena, "%lld", (long long)drive->id.v),
                         arena_print(cx->arena, "%lld", (long long)binned.origin.v), SCOPE_ANY, 0, &same, &at) != OK) {
            tail = arena_print(cx->arena, "/%lld%.*s", (long long)drive->root.v, STR_ARG(tail));
            break;
        }
    }
    *out = tail;
    return OK;
}

enum fault koodrive_place_of(struct cx *cx, const struct drive *drive, const struct node *folder,
                             struct koodrive_place *out)
{
    *out = (struct koodrive_place){ .drive = drive };
    TRY(owners_of(cx, drive, &out->owners));
    if (!folder)
        return access_to_drive(cx, drive, &out->actions);
    TRY(koodrive_id_path(cx, drive, folder, &out->above));
    TRY(koodrive_trashed_since(cx, drive, folder, &out->trashed));
    const struct koodrive_user *owner = out->owners.items;
    out->made_of = arena_print(cx->arena, "%.*s|%.*s|%.*s", STR_ARG(out->above), STR_ARG(owner->user_id),
                               STR_ARG(owner->display_name));
    return access_to_node(cx, drive, folder, &out->actions);
}

/* What the folder allows, what is in it does too; grants further down can only add. */
static enum fault rights_of(struct cx *cx, const struct koodrive_place *place, const struct node *node,
                            struct koodrive_rights *out)
{
    const bool folder = node->kind == NODE_FOLDER;
    unsigned   may = place->actions;
    if (may != ACTION_ALL)
        TRY(access_to_node(cx, place->drive, node, &may));
    *out = (struct koodrive_rights){
        .add_child = folder && may & ACTION_CREATE,
        .copy = may & ACTION_COPY,
        .remove = may & ACTION_DELETE,
        .download = may & ACTION_DOWNLOAD,
        .edit = may & ACTION_EDIT,
        .list_child = folder && may & ACTION_LIST,
        .remove_child = folder && may & ACTION_EDIT,
        .rename = may & ACTION_EDIT,
        .share = may & ACTION_SHARE,
        .upload = may & ACTION_CREATE,
        .view = may & ACTION_PREVIEW,
    };
    return OK;
}

/* ---- the object ---- */

static struct list one_id(struct cx *cx, id number)
{
    struct koodrive_id *item = ARENA_NEW(cx->arena, struct koodrive_id);
    item->id = number;
    return (struct list){ item, number.v ? 1 : 0 };
}

static enum fault path_of(struct cx *cx, const struct koodrive_place *place, const struct node *node, str *out)
{
    if (!place->above.p)
        return koodrive_id_path(cx, place->drive, node, out);
    *out = arena_print(cx->arena, "%.*s/%lld", STR_ARG(place->above), (long long)node->id.v);
    return OK;
}

static str mime_type_of(const struct node *node)
{
    if (node->kind == NODE_FOLDER)
        return S("application/vnd.huawei-apps.folder");
    return node->media_type.n ? node->media_type : media_type_of(node->name);
}

static void show_facts(struct cx *cx, const struct koodrive_place *place, const struct node *node,
                       struct koodrive_file *out)
{
    const bool file = node->kind == NODE_FILE, direct = node->trashed.ms != 0;
    *out = (struct koodrive_file){
        .id = node->id,
        .file_name = node_is_root(place->drive, node) /* the vendor calls it root<containerId> */
                         ? arena_print(cx->arena, "root%lld", (long long)node->drive.v) : node->name,
        .mime_type = mime_type_of(node),
        .file_suffix = file ? name_extension(node->name) : S(""),
        .file_type = koodrive_file_type(node),
        .sha256 = file && node->sha256.n ? hex_lower(cx->arena, node->sha256) : S0,
        .recycled = direct || place->trashed.ms,
        .directly_recycled = direct,
        .recycled_time = direct ? node->trashed : place->trashed,
        .hidden = node->hidden,
        .favorite = node->starred,
        .created = node->created,
        .edited = node->modified,
        .size = file ? node->size : -1,
        .parent_folder = one_id(cx, direct ? node->origin : node->parent),
        .containers = one_id(cx, node->drive),
        .owners = place->owners,
    };
}

enum fault koodrive_show(struct cx *cx, const struct koodrive_place *place, const struct node *node,
                         struct koodrive_file *out)
{
    show_facts(cx, place, node, out);
    TRY(person_of(cx, node->editor, &out->last_editor));
    TRY(person_of(cx, node->creator, &out->creating_user));
    TRY(path_of(cx, place, node, &out->id_path));
    return rights_of(cx, place, node, &out->rights);
}

/* All that the object is made of, but for what the place is made of; S0 where its rights must be asked for. */
static enum fault made_of(struct cx *cx, const struct koodrive_place *place, const struct node *node, str *out)
{
    struct user_label editor, creator;
    *out = S0;
    if (place->actions != ACTION_ALL || place->trashed.ms || !place->made_of.p || !node->details.p)
        return OK;
    TRY(user_label(cx, node->editor, &editor));
    TRY(user_label(cx, node->creator, &creator));
    const struct {
        id     drive, parent, node, caller;
        size_t starred, lengths[5]; /* else parts of other lengths could make the same */
    } numbers = { node->drive, node->parent, node->id, cx->caller->user, node->starred,
                  { node->name.n, editor.public_id.n, editor.name.n, creator.public_id.n, creator.name.n } };
    const str parts[] = { { (const char *)&numbers, sizeof numbers }, node->details, node->name, editor.public_id,
                          editor.name, creator.public_id, creator.name, place->made_of };
    *out = arena_join(cx->arena, parts, COUNT(parts));
    return OK;
}

enum fault koodrive_show_listed(struct cx *cx, const struct koodrive_place *place, const struct node *node,
                                struct koodrive_file *out)
{
    struct printed printed = { 0 };
    str            of;
    TRY(made_of(cx, place, node, &of));
    if (!of.p || !printed_find(cx->arena, &koodrive_file_shape, of, &printed))
        TRY(koodrive_show(cx, place, node, out));
    out->printed = printed;
    return OK;
}

str koodrive_download_url(struct cx *cx, const struct node *node)
{
    const struct link link = {
        .kind = LINK_DOWNLOAD,
        .dialect = LINK_KOODRIVE,
        .drive = node->drive,
        .node = node->id,
        .revision = node->revision,
        .expires = { cx->now.ms + LINK_TTL_MS },
    };
    return link_url(cx, &link);
}

void koodrive_show_content(struct cx *cx, const struct node *node, struct koodrive_file *out)
{
    if (node->kind != NODE_FILE || out->recycled || !out->rights.download)
        return;
    const struct download_url url = { koodrive_download_url(cx, node), S("GET") };
    const str resource = arena_print(cx->arena, "%lld", (long long)node->content.v);
    struct slice         *slice = ARENA_NEW(cx->arena, struct slice);
    struct attachment    *attachment = ARENA_NEW(cx->arena, struct attachment);
    struct download_link *link = ARENA_NEW(cx->arena, struct download_link);
    *slice = (struct slice){ resource, 0, url };
    *attachment = (struct attachment){ S("content"), out->sha256, { out->mime_type, {
        .id = resource, .sha256 = out->sha256, .length = node->size, .type = RESOURCE_PLAIN_SINGLE,
        .object = { slice, 1 } } } };
    *link = (struct download_link){ S("content"), url.url };
    out->attachments = (struct list){ attachment, 1 };
    out->download_links = (struct list){ link, 1 };
}
