/* dialect/koodrive/files.c: a file's details, a new folder, download addresses.
 *
 * Source: Querying File Details, Creating a Folder, Obtaining File Download Addresses, 2025-12 to 2026-05 */
#include "dialect/koodrive/file.h"

#include "drive/star.h"

/* ---- details ---- */

struct get_file {
    struct koodrive_common common;
    str                    file, container, image;
};
#define IN struct get_file
static const struct field get_file_in[] = {
    KOODRIVE_COMMON(IN),
    KOODRIVE_SHARE_FOLDER(IN),
    { "fileId", PATH, AT(IN, file), .required = true, .min = 1, .max = 64 },
    KOODRIVE_CONTAINER(IN),
    KOODRIVE_IMAGE_PROCESS(IN),
    { 0 }
};
#undef IN

/* A file in the bin is still described. */
static enum fault get_file(struct cx *cx, const void *in, void *out)
{
    const struct get_file *ask = in;
    struct koodrive_place  place;
    struct drive           drive;
    struct node            node;
    const struct koodrive_want want = {
        .container = ask->container, .node = ask->file, .share_folder = ask->common.share_folder,
        .scope = SCOPE_ANY, .actions = ACTION_LIST, .as = THING_NODE,
    };
    TRY(koodrive_check_image(cx, ask->image));
    TRY(koodrive_find(cx, &want, &drive, &node));
    TRY(koodrive_place_of(cx, &drive, NULL, &place));
    TRY(koodrive_trashed_since(cx, &drive, &node, &place.trashed));
    TRY(star_look(cx, drive.id, &node, 1));
    TRY(koodrive_show(cx, &place, &node, out));
    koodrive_show_content(cx, &node, out);
    return OK;
}

/* ---- folders ---- */

static const struct word folder_types[] = { { "10", 10 }, { 0 } };
static const struct word rename_modes[] = { { "2", CONFLICT_STAMP }, { "3", CONFLICT_REFUSE }, { 0 } };

struct create_directory {
    struct koodrive_common common;
    str                    name, container, created, edited, description, mime_type, smart_folder;
    int                    file_type, rename_mode;
    struct list            parent_folder; /* struct koodrive_text */
    bool                   hidden;
};
#define IN struct create_directory
static const struct field create_directory_in[] = {
    KOODRIVE_COMMON(IN),
    KOODRIVE_SHARE_FOLDER(IN),
    { "fileName",     BODY, AT(IN, name), .required = true, .min = 1, .max = 250 },
    { "fileType",     BODY, AT(IN, file_type), .required = true, .words = folder_types },
    KOODRIVE_CONTAINER(IN),
    { "parentFolder", BODY, AT(IN, parent_folder), .shape = &koodrive_sent_id_shape,
      .doc = "the first counts; empty for the root" },
    { "renameMode",   BODY, AT(IN, rename_mode), .words = rename_modes, .raw_words = true,
      .absent = CONFLICT_REFUSE, KOODRIVE_NUMBER, .doc = "2 adds a timestamp to a taken name, 3 refuses" },
    { "createdTime",  BODY, AT(IN, created) },
    { "editedTime",   BODY, AT(IN, edited) },
    { "description",  BODY, AT(IN, description), .max = 512 },
    { "mimeType",     BODY, AT(IN, mime_type), .max = 255 },
    { "hidden",       BODY, AT(IN, hidden) },
    { "smartFolderAttr", BODY, AT(IN, smart_folder), .form = FORM_JSON, .doc = "not implemented" },
    { 0 }
};
#undef IN

static enum fault folder_wanted(struct cx *cx, const struct create_directory *ask, struct folder_want *want)
{
    if (ask->smart_folder.p) {
        cx->unsupported = "smartFolderAttr";
        return fail(cx, FAULT_UNSUPPORTED, .because = "smartFolderAttr: there are no smart folders");
    }
    TRY(koodrive_check_name(cx, "fileName", ask->name));
    TRY(koodrive_check_description(cx, ask->description));
    TRY(koodrive_read_time(cx, "createdTime", ask->created, &want->created));
    TRY(koodrive_read_time(cx, "editedTime", ask->edited, &want->modified));
    want->name = ask->name;
    want->description = ask->description;
    want->local_created = ask->created;
    want->local_modified = ask->edited;
    want->hidden = ask->hidden;
    want->conflict = ask->rename_mode;
    return OK;
}

static enum fault create_directory(struct cx *cx, const void *in, void *out)
{
    const struct create_directory *ask = in;
    struct koodrive_place          place;
    struct folder_want             want = { 0 };
    struct made                    made;
    const struct koodrive_want     parent = {
        .container = ask->container, .node = koodrive_parent(&ask->parent_folder),
        .share_folder = ask->common.share_folder, .scope = SCOPE_LIVE, .actions = ACTION_CREATE,
        .as = THING_PARENT, .folder = true,
    };
    TRY(folder_wanted(cx, ask, &want));
    TRY(koodrive_find(cx, &parent, &want.drive, &want.parent));
    TRY(folder_create(cx, &want, &made));
    if (made.exists)
        return fail(cx, FAULT_EXISTS, .thing = THING_NODE, .field = "fileName", .got = ask->name,
                    .other = made.node.id.v);
    TRY(koodrive_place_of(cx, &want.drive, &want.parent, &place));
    return koodrive_show(cx, &place, &made.node, out);
}

/* ---- download addresses ---- */

struct get_download_url {
    struct koodrive_common common;
    str                    container;
    struct list            files; /* struct koodrive_text */
};
#define IN struct get_download_url
static const struct field get_download_url_in[] = {
    KOODRIVE_COMMON(IN),
    KOODRIVE_SHARE_FOLDER(IN),
    KOODRIVE_CONTAINER(IN),
    { "fileIds", BODY, AT(IN, files), .required = true, .min = 1, .max = 100, .shape = &koodrive_sent_id_shape },
    { 0 }
};
#undef IN

struct download {
    str file, name, url, code, msg;
};
static const struct field download_rows[] = {
    { "fileId",   BODY, AT(struct download, file) },
    { "fileName", BODY, AT(struct download, name), .omit = true },
    { "url",      BODY, AT(struct download, url), .omit = true, .doc = "lives an hour" },
    { "code",     BODY, AT(struct download, code), .doc = "\"0\", or the code of the error" },
    { "msg",      BODY, AT(struct download, msg) },
    { 0 }
};
static const struct shape download_shape = { "Download", download_rows, sizeof(struct download) };

enum { BATCH_PARTIAL, BATCH_ALL, BATCH_NONE };

struct downloads {
    int         batch_code;
    struct list items; /* struct download */
};
static const struct field downloads_out[] = {
    { "batchCode", BODY, AT(struct downloads, batch_code), .doc = "0 some, 1 all, 2 none succeeded" },
    { "downloads", BODY, AT(struct downloads, items), .shape = &download_shape },
    { 0 }
};

static enum fault download_one(struct cx *cx, const struct get_download_url *ask, str file, struct download *out)
{
    struct drive drive;
    struct node  node;
    const struct koodrive_want want = {
        .container = ask->container, .node = file, .share_folder = ask->common.share_folder,
        .scope = SCOPE_LIVE, .actions = ACTION_DOWNLOAD, .as = THING_NODE,
    };
    TRY(koodrive_find(cx, &want, &drive, &node));
    if (node.kind != NODE_FILE)
        return fail(cx, FAULT_IS_FOLDER, .thing = THING_NODE, .got = file);
    out->name = node.name;
    out->url = koodrive_download_url(cx, &node);
    return OK;
}

/* What is wrong with the space or with us is wrong for all of them. */
static bool is_of_all(const struct failure *why)
{
    const bool space = why->thing == THING_DRIVE || why->thing == THING_SHARED_FOLDER;
    switch (why->code) {
    case FAULT_NOT_FOUND:
    case FAULT_FORBIDDEN: return space;
    case FAULT_DISABLED:
    case FAULT_UNAVAILABLE:
    case FAULT_INTERNAL:  return true;
    default:              return false;
    }
}

static enum fault get_download_url(struct cx *cx, const void *in, void *out)
{
    const struct get_download_url *ask = in;
    const struct koodrive_text    *files = ask->files.items;
    struct downloads              *answer = out;
    const bool       zh = koodrive_speaks_chinese(ask->common.language);
    struct download *all = ARENA_MANY(cx->arena, struct download, ask->files.count);
    size_t           good = 0;
    for (size_t i = 0; i < ask->files.count; i++) {
        all[i] = (struct download){ .file = files[i].text, .code = S("0"), .msg = S("Success.") };
        const enum fault fault = download_one(cx, ask, files[i].text, &all[i]);
        if (fault && is_of_all(&cx->why))
            return fault;
        good += fault == OK;
        if (fault == OK)
            continue;
        const struct koodrive_meaning meaning = koodrive_meaning_of(cx, &cx->why, zh);
        all[i].code = arena_print(cx->arena, "%d", meaning.code);
        all[i].msg = str_of(meaning.text);
    }
    answer->items = (struct list){ all, ask->files.count };
    answer->batch_code = good == ask->files.count ? BATCH_ALL : good ? BATCH_PARTIAL : BATCH_NONE;
    return OK;
}

#define PAGE(title) "KooDrive " title ", 2026-05"

const struct op koodrive_file_ops[] = {
    { "GetFile", "POST", KOODRIVE "/files/{fileId}/detail", PAGE("Querying File Details"), USER, READ,
      get_file_in, sizeof(struct get_file), koodrive_file_rows, sizeof(struct koodrive_file), get_file },
    { "CreateDirectory", "POST", KOODRIVE "/directory", PAGE("Creating a Folder"), USER, WRITE,
      create_directory_in, sizeof(struct create_directory), koodrive_file_rows, sizeof(struct koodrive_file),
      create_directory },
    { "GetDownLoadUrl", "POST", KOODRIVE "/files/download", PAGE("Obtaining Download Addresses"), USER, READ,
      get_download_url_in, sizeof(struct get_download_url), downloads_out, sizeof(struct downloads),
      get_download_url },
    { 0 },
};
