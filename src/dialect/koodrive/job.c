/* dialect/koodrive/job.c: jobs: one thing done to many files in the background.
 *
 * What a request names is looked at when it comes, so that what is not there, or not allowed, is answered at once;
 * what happens later to one of the files is that file's resultCode.
 * Source: Creating a Batch Job, 2026-05 (both books) */
#include "dialect/koodrive/inner.h"

#include "dialect/koodrive/job_words.h"
#include "drive/bulk.h"
#include "drive/copy.h"
#include "drive/move.h"
#include "drive/shared_folder.h"
#include "drive/unpack.h"
#include "drive/upload.h"

enum { JOB_BODY_MAX = 4 * 1024 * 1024, PASSWORD_MAX = 1024 };

/* ---- what comes ---- */

struct sent_file {
    str file, path;
};
static const struct field sent_file_rows[] = {
    { "fileId",   BODY, AT(struct sent_file, file), .required = true, .min = 1, .max = 64, .tolerate = TOLERATE_NUMBER,
      .lenient = KOODRIVE_LENIENT_ID },
    { "filePath", BODY, AT(struct sent_file, path), .doc = "not needed: the server knows it" },
    { 0 }
};
static const struct shape sent_file_shape = { "FileInfo", sent_file_rows, sizeof(struct sent_file) };

static const struct field sent_path_rows[] = { { "", BODY, AT(struct koodrive_text, text), .min = 1, .max = 4096 }, { 0 } };
static const struct shape sent_path_shape = { "UncompressFilePath", sent_path_rows, sizeof(struct koodrive_text) };

struct task_info {
    struct list files; /* struct sent_file */
    str         new_path, source;
    struct list paths; /* struct koodrive_text */
};
#define IN struct task_info
static const struct field task_info_rows[] = {
    { "fileInfo",            BODY, AT(IN, files), .required = true, .max = BULK_MAX, .shape = &sent_file_shape,
      .doc = "empty for taskType 7 only" },
    { "newFilePath",         BODY, AT(IN, new_path), .max = 4096,
      .doc = "ids from the root down, or the target's id, or root, the default" },
    { "srcContainerId",      BODY, AT(IN, source), .required = true, .min = 1, .max = 64, .tolerate = TOLERATE_NUMBER,
      .lenient = KOODRIVE_LENIENT_ID },
    { "uncompressFilePaths", BODY, AT(IN, paths), .max = BULK_MAX, .shape = &sent_path_shape,
      .doc = "files and folders in the archive, as uncompressedFileList has them" },
    { 0 }
};
#undef IN
static const struct shape task_info_shape = { "TaskInfo", task_info_rows, sizeof(struct task_info) };

struct create_job {
    struct koodrive_common common;
    int              task_type, action_type;
    struct task_info info;
    str              target, password;
    struct bulk_want want; /* by prepare */
};
#define IN struct create_job
static const struct field create_job_in[] = {
    KOODRIVE_COMMON(IN),
    KOODRIVE_SHARE_FOLDER(IN),
    { "taskType",   BODY, AT(IN, task_type), .required = true, .words = koodrive_task_types, .raw_words = true, KOODRIVE_NUMBER,
      .doc = "1 copy, 2 delete, 3 move, 4 restore, 5 archives, 6 ZIP for download, 7 empty the bin" },
    { "actionType", BODY, AT(IN, action_type), .words = koodrive_action_types, .raw_words = true, KOODRIVE_NUMBER,
      .doc = "101 copy; 201 to the bin (default), 202 for good; 301 move; 501 look, 502 unpack all (default), "
             "503 unpack some (default with uncompressFilePaths); 701 empty" },
    { "taskInfo",   BODY, WITHIN(IN, info), .required = true, .shape = &task_info_shape },
    { "dstContainerId", BODY, AT(IN, target), .required = true, .min = 1, .max = 64, .tolerate = TOLERATE_NUMBER,
      .lenient = KOODRIVE_LENIENT_ID },
    { "password",   BODY, AT(IN, password), .max = PASSWORD_MAX, .doc = "of the archive" },
    { 0 }
};
#undef IN

struct created_job {
    id job;
};
static const struct field created_job_out[] = {
    { "data", BODY, AT(struct created_job, job), .doc = "the job's id" }, { 0 }
};

/* ---- what it means ---- */

static enum fault does_not_fit(struct cx *cx, const char *field, const char *because)
{
    return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .because = because);
}

static enum fault check_job(struct cx *cx, struct create_job *ask)
{
    const bool  some = ask->info.paths.count > 0;
    const bool  is_clear = ask->task_type == TYPE_CLEAR;
    if (!ask->action_type)
        ask->action_type = koodrive_usual_action(ask->task_type, some);
    ask->want.kind = koodrive_bulk_kind(ask->task_type, ask->action_type);
    if (!ask->want.kind)
        return does_not_fit(cx, "actionType", "it does not belong to this taskType");
    if (is_clear != (ask->info.files.count == 0))
        return fail(cx, FAULT_INVALID, .field = "fileInfo", .how = is_clear ? HOW_TOO_LARGE : HOW_EMPTY,
                    .min = !is_clear, .max = is_clear ? 0 : BULK_MAX);
    if ((ask->action_type == JOB_UNPACK_SOME) != some)
        return does_not_fit(cx, "uncompressFilePaths", "they are for actionType 503, which needs them");
    return OK;
}

/* What is not there is told before what is not allowed, and that before what is outside of a shared folder. */
enum stage { STAGE_SEEN, STAGE_ALLOWED, STAGE_INSIDE, STAGE_COUNT };

static enum fault find_at(struct cx *cx, const struct create_job *ask, enum stage stage, struct koodrive_want want,
                          struct drive *drive, struct node *node)
{
    if (stage == STAGE_SEEN)
        want.actions = ACTION_LIST;
    if (stage == STAGE_INSIDE)
        want.share_folder = ask->common.share_folder;
    want.listing = stage != STAGE_INSIDE;
    return koodrive_find(cx, &want, drive, node);
}

/* What a file must allow, and where it must be. */
static struct koodrive_want source_wanted(const struct create_job *ask)
{
    const bool over = ask->want.from.id.v != ask->want.to.id.v;
    struct koodrive_want want = { .container = ask->info.source, .scope = SCOPE_LIVE, .as = THING_NODE,
                                  .actions = ACTION_DELETE };
    switch (ask->want.kind) {
    case BULK_COPY:    want.actions = copy_actions(false); break;
    case BULK_MOVE:    want.actions = move_actions(over); break;
    case BULK_DELETE:  want.scope = SCOPE_ANY; break;
    case BULK_RESTORE: want.scope = SCOPE_BIN; break;
    case BULK_PACK:
    case BULK_UNPACK:
    case BULK_LOOK:    want.actions = ACTION_DOWNLOAD; break;
    case BULK_TRASH:
    case BULK_CLEAR:   break;
    }
    return want;
}

/* An upload has no node yet; deleting its fileId ends it. */
static bool is_own_upload(struct cx *cx, const struct create_job *ask, str file, struct node *out)
{
    const struct failure why = cx->why;
    struct upload        upload;
    struct drive         drive;
    struct node          parent;
    const bool deletes = ask->want.kind == BULK_TRASH || ask->want.kind == BULK_DELETE;
    bool found = deletes && upload_find(cx, ask->info.source, file, S0, false, &upload) == OK && !upload.overwrites;
    if (found && ask->common.share_folder.n) {
        const struct koodrive_want want = {
            .container = ask->info.source, .node = arena_decimal(cx->arena, (uint64_t)upload.parent.v),
            .share_folder = ask->common.share_folder, .scope = SCOPE_ANY, .actions = ACTION_LIST, .as = THING_PARENT,
        };
        found = koodrive_find(cx, &want, &drive, &parent) == OK;
    }
    if (found)
        *out = (struct node){ .id = upload.node, .drive = upload.drive, .kind = NODE_FILE, .name = upload.name };
    cx->why = why;
    return found;
}

static enum fault find_file(struct cx *cx, struct create_job *ask, enum stage stage, str file, struct node *out)
{
    struct koodrive_want want = source_wanted(ask);
    want.node = file;
    const enum fault fault = find_at(cx, ask, stage, want, &ask->want.from, out);
    if (fault == FAULT_NOT_FOUND && cx->why.thing == THING_NODE && is_own_upload(cx, ask, file, out))
        return OK;
    return fault;
}

/* The last id of a path. */
static str target_of(str path)
{
    while (path.n && path.p[path.n - 1] == '/')
        path.n--;
    size_t at = path.n;
    while (at && path.p[at - 1] != '/')
        at--;
    return path.n ? str_from(path, at) : S("root");
}

/* Where it goes to; of what goes nowhere the container at least must be there. */
static enum fault find_target(struct cx *cx, struct create_job *ask, enum stage stage)
{
    const bool goes = ask->want.kind == BULK_COPY || ask->want.kind == BULK_MOVE || ask->want.kind == BULK_UNPACK;
    const struct koodrive_want want = { .container = ask->target, .node = target_of(ask->info.new_path),
                                        .scope = SCOPE_LIVE, .actions = ACTION_CREATE, .as = THING_PARENT, .folder = true };
    struct drive there;
    return goes ? find_at(cx, ask, stage, want, &ask->want.to, &ask->want.parent) : drive_get(cx, ask->target, &there);
}

static enum fault find_files(struct cx *cx, struct create_job *ask)
{
    const struct sent_file *file = ask->info.files.items;
    const size_t            count = ask->info.files.count;
    struct node            *nodes = ARENA_MANY(cx->arena, struct node, count + 1);
    struct shared_folder    shared;
    if (ask->common.share_folder.n)
        TRY(shared_folder_find(cx, ask->common.share_folder, &shared));
    TRY(drive_get(cx, ask->info.source, &ask->want.from));
    for (enum stage stage = STAGE_SEEN; stage < STAGE_COUNT; stage++) {
        for (size_t i = 0; i < count; i++)
            TRY(find_file(cx, ask, stage, file[i].file, &nodes[i]));
        TRY(find_target(cx, ask, stage));
    }
    ask->want.nodes = (struct list){ nodes, count };
    ask->want.name = nodes->name;
    return OK;
}

/* ---- what can be seen to go wrong ---- */

static enum fault check_file(struct cx *cx, const struct create_job *ask, const struct node *node, str target_path)
{
    const enum bulk_kind kind = ask->want.kind;
    const struct node   *parent = &ask->want.parent;
    if (node_is_root(&ask->want.from, node))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_NODE, .because = "the root folder stays what and where it is");
    if ((kind == BULK_UNPACK || kind == BULK_LOOK) && node->kind != NODE_FILE)
        return fail(cx, FAULT_IS_FOLDER, .thing = THING_NODE);
    if ((kind == BULK_COPY || kind == BULK_MOVE) && koodrive_path_has(target_path, node->id))
        return fail(cx, FAULT_INVALID, .thing = THING_PARENT);
    if (kind == BULK_MOVE && node->drive.v == parent->drive.v && node->parent.v == parent->id.v)
        return fail(cx, FAULT_CONFLICT, .thing = THING_PARENT);
    return OK;
}

static enum fault check_files(struct cx *cx, const struct create_job *ask)
{
    const struct node *nodes = ask->want.nodes.items;
    str                path = S(""), names;
    if (ask->want.parent.id.v)
        TRY(node_paths(cx, &ask->want.to, &ask->want.parent, &path, &names));
    for (size_t i = 0; i < ask->want.nodes.count; i++)
        TRY(check_file(cx, ask, &nodes[i], path));
    return OK;
}

/* Who may delete in the root of a space may empty its bin. */
static enum fault find_bin(struct cx *cx, struct create_job *ask)
{
    struct drive there;
    struct node  root;
    const struct koodrive_want want = {
        .container = ask->info.source, .node = S("root"), .share_folder = ask->common.share_folder,
        .scope = SCOPE_LIVE, .actions = ACTION_DELETE, .as = THING_NODE,
    };
    ask->want.name = S("");
    TRY(koodrive_find(cx, &want, &ask->want.from, &root));
    return drive_get(cx, ask->target, &there);
}

static void choose_paths(struct cx *cx, struct create_job *ask)
{
    const struct koodrive_text *sent = ask->info.paths.items;
    str *paths = ARENA_MANY(cx->arena, str, ask->info.paths.count + 1);
    for (size_t i = 0; i < ask->info.paths.count; i++)
        paths[i] = sent[i].text;
    ask->want.paths = (struct list){ paths, ask->info.paths.count };
}

/* On a worker: a thousand files may be named. */
static enum fault find_all(struct cx *cx, void *in, void *out)
{
    struct create_job *ask = in;
    (void)out;
    TRY(check_job(cx, ask));
    if (ask->want.kind == BULK_CLEAR)
        return find_bin(cx, ask);
    TRY(find_files(cx, ask));
    TRY(check_files(cx, ask));
    choose_paths(cx, ask);
    ask->want.password = ask->password;
    return OK;
}

static enum fault create_job(struct cx *cx, const void *in, void *out)
{
    const struct create_job *ask = in;
    struct create_job        bin = *ask;
    if (ask->want.kind == BULK_CLEAR) /* nobody asks later */
        TRY(find_bin(cx, &bin));
    const enum fault fault = bulk_start(cx, &ask->want, &((struct created_job *)out)->job);
    if (fault == FAULT_INVALID && cx->why.field && strcmp(cx->why.field, "paths") == 0)
        cx->why.field = "uncompressFilePaths";
    return fault;
}

const struct op koodrive_job_ops[] = {
    { "CreateJob", "POST", KOODRIVE "/jobs", "KooDrive Creating a Batch Job, 2026-05", USER, WRITE,
      create_job_in, sizeof(struct create_job), created_job_out, sizeof(struct created_job), create_job,
      .prepare = find_all, .body_max = JOB_BODY_MAX, .proof = "koodrive_jobs.test.mjs" },
    { 0 },
};
