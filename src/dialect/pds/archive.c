/* dialect/pds/archive.c: ArchiveFiles: a ZIP of files and folders, by a task that has its URL in the end.
 *
 * The page asks for file_ids; the official JavaScript SDK sends files: [{ file_id }] instead. */
#include "drive/archive.h"

#include "dialect/pds/inner.h"
#include "drive/share.h"

struct archived_file {
    str file_id;
};
static const struct field id_rows[] = {
    { "", BODY, AT(struct archived_file, file_id), .min = 1, .max = 50 }, { 0 }
};
static const struct field file_rows[] = {
    { "file_id", BODY, AT(struct archived_file, file_id), .required = true, .min = 1, .max = 50 }, { 0 }
};
static const struct shape id_shape = { "ArchivedFileId", id_rows, sizeof(struct archived_file) };
static const struct shape file_shape = { "ArchivedFile", file_rows, sizeof(struct archived_file) };

struct archive_files {
    str drive_id, share_id, name;
    struct list file_ids, files; /* struct archived_file */
    struct drive drive;          /* by prepare */
    struct list  nodes;          /* id */
};

#define IN struct archive_files
static const struct field archive_files_in[] = {
    PDS_DRIVE_ID(IN, false),
    PDS_SHARE_ID(IN),
    { "file_ids", BODY, AT(IN, file_ids), .max = ARCHIVE_TOPS_MAX, .shape = &id_shape, .doc = "files and folders" },
    { "files",    BODY, AT(IN, files),    .max = ARCHIVE_TOPS_MAX, .shape = &file_shape,
      .doc = "of the JavaScript SDK, instead of file_ids" },
    { "name",     BODY, AT(IN, name),     .required = true, .min = 1, .max = NAME_MAX_BYTES, .bytes = true,
      .form = FORM_NAME },
    { 0 }
};
#undef IN

struct archiving {
    str async_task_id;
};
static const struct field archiving_rows[] = {
    { "async_task_id", BODY, AT(struct archiving, async_task_id), .doc = "GetAsyncTask gives the url in the end" }, { 0 }
};

/* Looks at each of them: on a worker. */
static enum fault find_archived(struct cx *cx, void *in, void *out)
{
    struct archive_files *ask = in;
    const struct list    *asked = ask->file_ids.count ? &ask->file_ids : &ask->files;
    (void)out;
    if (!asked->count)
        return fail(cx, FAULT_INVALID, .field = "file_ids", .how = ask->file_ids.items ? HOW_EMPTY : HOW_MISSING);
    if (asked == &ask->files)
        TRY(contract_tolerate(cx, "files", "the official JavaScript SDK sends it for file_ids"));
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    id *nodes = ARENA_MANY(cx->arena, id, asked->count);
    for (size_t i = 0; i < asked->count; i++) {
        struct node node;
        TRY(pds_find(cx, ask->drive_id, ((const struct archived_file *)asked->items)[i].file_id, SCOPE_LIVE,
                     ACTION_DOWNLOAD, &ask->drive, &node));
        nodes[i] = node.id;
    }
    ask->nodes = (struct list){ nodes, asked->count };
    return OK;
}

static enum fault archive_files(struct cx *cx, const void *in, void *out)
{
    const struct archive_files *ask = in;
    const id share = share_visit(cx) ? share_visit(cx)->share.id : ID_NONE;
    id task;
    TRY(pds_check_name(cx, "name", ask->name));
    if (share_visit(cx)) /* all of it comes by one URL */
        TRY(share_count(cx, SHARE_DOWNLOAD));
    TRY(archive_start(cx, &ask->drive, ask->nodes.items, ask->nodes.count, ask->name, share, &task));
    ((struct archiving *)out)->async_task_id = arena_print(cx->arena, "%lld", (long long)task.v);
    return OK;
}

const struct op pds_archive_ops[] = {
    { "ArchiveFiles", "POST", "/v2/file/archive_files", "PDS ArchiveFiles, 2022-03-01", USER, WRITE,
      archive_files_in, sizeof(struct archive_files), archiving_rows, sizeof(struct archiving), archive_files,
      .prepare = find_archived, .status = 202, .scope = "FILE.DOWNLOAD", .proof = "pds_archive.test.mjs" },
    { 0 }
};
