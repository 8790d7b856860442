/* dialect/dingtalk/file.c: files and folders. The root folder of a space is "0", asked and answered. */
#include "dialect/dingtalk/parts.h"

#include "base/names.h"
#include "drive/access.h"
#include "drive/user.h"

/* ---- what is answered ---- */

enum { FOLDERS_HAVE_NO_SIZE = -1 };

struct file {
    id      space_id;
    str     file_id, parent_id, file_name, file_path, content_type, file_extension;
    int     file_type; /* enum node_kind */
    int64_t file_size;
    instant create_time, modify_time;
    str     creator, modifier;
};

static const struct word file_types[] = { { "file", NODE_FILE }, { "folder", NODE_FOLDER }, { 0 } };

#define OUT struct file
static const struct field file_out[] = {
    { "spaceId",       BODY, AT(OUT, space_id) },
    { "parentId",      BODY, AT(OUT, parent_id), .omit = true, .doc = "0: the root" },
    { "fileId",        BODY, AT(OUT, file_id) },
    { "fileName",      BODY, AT(OUT, file_name), .doc = "with its extension" },
    { "filePath",      BODY, AT(OUT, file_path), .doc = "from the root of the space" },
    { "fileType",      BODY, AT(OUT, file_type), .words = file_types },
    { "contentType",   BODY, AT(OUT, content_type), .omit = true,
      .doc = "image, document, text, video, audio, archive, app or other; files only" },
    { "fileExtension", BODY, AT(OUT, file_extension), .omit = true, .doc = "without its dot" },
    { "fileSize",      BODY, AT(OUT, file_size), .omit = true, .absent = FOLDERS_HAVE_NO_SIZE,
      .doc = "bytes; files only" },
    { "createTime",    BODY, AT(OUT, create_time), .as = AS_SECONDS },
    { "modifyTime",    BODY, AT(OUT, modify_time), .as = AS_SECONDS },
    { "creator",       BODY, AT(OUT, creator), .omit = true, .doc = "unionId" },
    { "modifier",      BODY, AT(OUT, modifier), .omit = true, .doc = "unionId" },
    { 0 },
};
#undef OUT
static const struct shape file_shape = { "DriveFile", file_out, sizeof(struct file) };

/* Plain text is a type of its own here, whatever else the core counts it as. A name is believed before
 * the media type that the uploader gave. */
static str content_type_of(const struct node *node)
{
    const bool named_text = str_starts(media_type_of(node->name), S("text/"));
    const int  category = node->category ? node->category : (int)category_of(node->name, node->media_type);
    switch ((enum category)category) {
    case CATEGORY_DOC:     return named_text ? S("text") : S("document");
    case CATEGORY_SHEET:
    case CATEGORY_SLIDES:  return S("document");
    case CATEGORY_IMAGE:   return S("image");
    case CATEGORY_VIDEO:   return S("video");
    case CATEGORY_AUDIO:   return S("audio");
    case CATEGORY_ARCHIVE: return S("archive");
    case CATEGORY_APP:     return S("app");
    case CATEGORY_NONE:
    case CATEGORY_OTHER:   break;
    }
    return named_text || str_starts(node->media_type, S("text/")) ? S("text") : S("other");
}

/* S0, which is left out, where no person did it or the person is gone. */
static enum fault union_id_of(struct cx *cx, id user, str *out)
{
    struct user_label label = { 0 };
    *out = S0;
    if (!user.v)
        return OK;
    TRY(user_label(cx, user, &label));
    if (label.public_id.n)
        *out = label.public_id;
    return OK;
}

static str id_or_root(struct cx *cx, const struct drive *drive, id folder)
{
    return folder.v == drive->root.v ? S("0") : arena_decimal(cx->arena, (uint64_t)folder.v);
}

/* `path` is the file's own, with its name. */
static enum fault file_fill(struct cx *cx, const struct drive *drive, const struct node *node, str path,
                            struct file *out)
{
    const bool is_root = node_is_root(drive, node), is_file = node->kind == NODE_FILE;
    *out = (struct file){
        .space_id = drive->id,
        .file_id = id_or_root(cx, drive, node->id),
        .parent_id = is_root ? S0 : id_or_root(cx, drive, node->parent),
        .file_name = is_root ? drive->name : node->name,
        .file_path = path,
        .file_type = node->kind,
        .file_size = is_file ? node->size : FOLDERS_HAVE_NO_SIZE,
        .create_time = node->created,
        .modify_time = node->modified.ms ? node->modified : node->created,
    };
    if (is_file) {
        const str extension = name_extension(node->name);
        out->content_type = content_type_of(node);
        out->file_extension = extension.n ? extension : S0;
    }
    TRY(union_id_of(cx, node->creator, &out->creator));
    return union_id_of(cx, node->editor.v ? node->editor : node->creator, &out->modifier);
}

/* ---- ListFiles ---- */

/* An order is the core's sort and its direction in one number. */
#define ORDER(sort, descending) ((int)(sort) * 2 + (descending))

static const struct word order_types[] = {
    { "createTimeAsc",  ORDER(SORT_CREATED, 0) },  { "createTimeDesc", ORDER(SORT_CREATED, 1) },
    { "modifyTimeAsc",  ORDER(SORT_MODIFIED, 0) }, { "modifyTimeDesc", ORDER(SORT_MODIFIED, 1) },
    { "nameAsc",        ORDER(SORT_NAME, 0) },     { "nameDesc",       ORDER(SORT_NAME, 1) },
    { "sizeAsc",        ORDER(SORT_SIZE, 0) },     { "sizeDesc",       ORDER(SORT_SIZE, 1) },
    { 0 },
};

struct list_files {
    str  space_id, union_id, parent_id, next_token;
    int  max_results, order_type;
    bool with_icon;
};

#define IN struct list_files
static const struct field list_files_in[] = {
    { "spaceId",   PATH,  AT(IN, space_id) },
    UNION_ID_IN(IN, QUERY, BODY),
    { "parentId",  QUERY, AT(IN, parent_id), .doc = "0 or absent: the root" },
    NEXT_TOKEN_IN(IN),
    MAX_RESULTS_IN(IN),
    { "orderType", QUERY, AT(IN, order_type), .words = order_types, .absent = ORDER(SORT_CREATED, 1) },
    { "withIcon",  QUERY, AT(IN, with_icon), .doc = "icons are not made here" },
    { 0 },
};
#undef IN

struct files {
    struct list files;
    str         next_token;
};

static const struct field list_files_out[] = {
    { "files",     BODY, AT(struct files, files), .shape = &file_shape },
    { "nextToken", BODY, AT(struct files, next_token), .doc = "empty at the end" },
    { 0 },
};

/* A folder to be listed that is not there, not live, or a file is told as a missing parent. */
static enum fault parent_find(struct cx *cx, const struct list_files *ask, struct drive *drive,
                              struct node *parent)
{
    const str        folder = ask->parent_id.n ? ask->parent_id : S("0");
    const enum fault fault = dingtalk_node_find(cx, ask->space_id, folder, ACTION_LIST, drive, parent);
    if ((fault == FAULT_NOT_FOUND && cx->why.thing != THING_DRIVE) || fault == FAULT_TRASHED)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_PARENT, .got = folder);
    TRY(fault);
    if (parent->kind != NODE_FOLDER)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_PARENT, .got = folder);
    return OK;
}

static enum fault files_of(struct cx *cx, const struct listing *listing, const struct list *nodes,
                           struct list *out)
{
    const struct node *node = nodes->items;
    struct file       *files = ARENA_MANY(cx->arena, struct file, nodes->count + 1);
    str                ids, folder;
    TRY(node_paths(cx, &listing->drive, &listing->parent, &ids, &folder));
    if (str_eq(folder, S("/")))
        folder = S("");
    for (size_t i = 0; i < nodes->count; i++) {
        const str path = arena_print(cx->arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(node[i].name));
        TRY(file_fill(cx, &listing->drive, &node[i], path, &files[i]));
    }
    *out = (struct list){ files, nodes->count };
    return OK;
}

static enum fault list_files(struct cx *cx, const void *in, void *out)
{
    const struct list_files *ask = in;
    struct files            *answer = out;
    struct node_page         page = { 0 };
    struct listing           listing = {
        .operation = "dingtalk ListFiles", .cursor_field = "nextToken", .limit = ask->max_results,
        .cursor = ask->next_token, .sort = (enum node_sort)(ask->order_type / 2),
        .descending = ask->order_type % 2,
    };
    TRY(dingtalk_act_as(cx, ask->union_id));
    TRY(dingtalk_check_id(cx, "parentId", ask->parent_id));
    TRY(parent_find(cx, ask, &listing.drive, &listing.parent));
    TRY(node_list(cx, &listing, &page));
    TRY(files_of(cx, &listing, &page.nodes, &answer->files));
    answer->next_token = dingtalk_next_token(page.next);
    if (ask->with_icon)
        cx->unsupported = "withIcon: icons are not made here";
    return OK;
}

/* ---- GetFileInfo ---- */

struct one_file {
    str space_id, file_id, union_id;
};

#define IN struct one_file
static const struct field one_file_in[] = {
    { "spaceId", PATH, AT(IN, space_id) },
    { "fileId",  PATH, AT(IN, file_id), .doc = "0: the root" },
    UNION_ID_IN(IN, QUERY, BODY),
    { 0 },
};
#undef IN

static enum fault get_file_info(struct cx *cx, const void *in, void *out)
{
    const struct one_file *ask = in;
    struct drive           drive = { 0 };
    struct node            node = { 0 };
    str                    ids, path;
    TRY(dingtalk_act_as(cx, ask->union_id));
    TRY(dingtalk_check_id(cx, "fileId", ask->file_id));
    TRY(dingtalk_node_find(cx, ask->space_id, ask->file_id, ACTION_LIST, &drive, &node));
    TRY(node_paths(cx, &drive, &node, &ids, &path));
    return file_fill(cx, &drive, &node, path, out);
}

const struct op dingtalk_file_ops[] = {
    { "ListFiles", "GET", "/v1.0/drive/spaces/{spaceId}/files", "DingTalk ListFiles, 2026-08", USER, READ,
      list_files_in, sizeof(struct list_files), list_files_out, sizeof(struct files), list_files },
    { "GetFileInfo", "GET", "/v1.0/drive/spaces/{spaceId}/files/{fileId}", "DingTalk GetFileInfo, 2026-08",
      USER, READ, one_file_in, sizeof(struct one_file), file_out, sizeof(struct file), get_file_info },
    { 0 },
};
