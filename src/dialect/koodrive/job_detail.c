/* dialect/koodrive/job_detail.c: how a job stands.
 *
 * Of uncompressedFileList the page names no fields: the paths, in the form that uncompressFilePaths takes. The page
 * of jobs of shares has the only readable TaskInfo: it, with the file's name and result.
 * Source: Querying Job Details, Querying Details of a Share Task, 2026-05 (both books) */
#include "dialect/koodrive/inner.h"

#include "dialect/koodrive/job_words.h"
#include "drive/bulk.h"
#include "drive/link.h"
#include "drive/unpack.h"
#include "drive/user.h"

enum { LINK_TTL_MS = 3600 * 1000 };

struct get_job {
    struct koodrive_common common;
    str                    job;
    struct list            unpacked; /* struct koodrive_text, by prepare */
    bool                   is_listed;
};
#define IN struct get_job
static const struct field get_job_in[] = {
    KOODRIVE_COMMON(IN),
    { "job_id", PATH, AT(IN, job), .required = true, .form = FORM_DIGITS },
    { 0 }
};
#undef IN

struct job_info {
    id      job, container;
    str     name, user, url, tenant;
    int     task_type, action_type, status, result, code, percent;
    int64_t count;
    instant begun, ended, created;
};
#define OUT struct job_info
static const struct field job_info_rows[] = {
    { "taskId",         BODY, AT(OUT, job) },
    { "taskName",       BODY, AT(OUT, name) },
    { "userId",         BODY, AT(OUT, user) },
    { "taskType",       BODY, AT(OUT, task_type) },
    { "actionType",     BODY, AT(OUT, action_type), .omit = true },
    { "status",         BODY, AT(OUT, status), .doc = "0 pending, 1 processing, 2 done" },
    { "taskResultCode", BODY, AT(OUT, result), .omit = true, .doc = "1 all succeeded, 2 some failed, 3 all failed" },
    { "resultCode",     BODY, AT(OUT, code), .doc = "0, or of the first that failed" },
    { "progress",       BODY, AT(OUT, percent), .doc = "percent" },
    { "downloadUrl",    BODY, AT(OUT, url), .omit = true, .doc = "taskType 6: lives an hour; ask again within a day" },
    { "contentNum",     BODY, AT(OUT, count) },
    { "containerId",    BODY, AT(OUT, container), .doc = "the target" },
    { "tenantId",       BODY, AT(OUT, tenant) },
    { "beginTime",      BODY, AT(OUT, begun) },
    { "endTime",        BODY, AT(OUT, ended), .omit = true },
    { "createTime",     BODY, AT(OUT, created) },
    { 0 }
};
#undef OUT
static const struct shape job_info_shape = { "JobInfo", job_info_rows, sizeof(struct job_info) };

struct job_file {
    id  file, made, container;
    int status, code;
    str name;
};
#define OUT struct job_file
static const struct field job_file_rows[] = {
    { "fileId",         BODY, AT(OUT, file), .doc = "what it was" },
    { "status",         BODY, AT(OUT, status), .as = AS_TEXT, .doc = "0 pending, 1 succeeded, 2 failed" },
    { "newFileId",      BODY, AT(OUT, made), .omit = true },
    { "srcContainerId", BODY, AT(OUT, container) },
    { "fileName",       BODY, AT(OUT, name) },
    { "resultCode",     BODY, AT(OUT, code), .doc = "0, or why it failed" },
    { 0 }
};
#undef OUT
static const struct shape job_file_shape = { "JobTaskInfo", job_file_rows, sizeof(struct job_file) };

static const struct field unpacked_rows[] = { { "", BODY, AT(struct koodrive_text, text) }, { 0 } };
static const struct shape unpacked_shape = { "UncompressedFile", unpacked_rows, sizeof(struct koodrive_text) };

struct job_data {
    struct job_info info;
    struct list     files, unpacked;
};
static const struct field job_data_rows[] = {
    { "jobInfo",              BODY, WITHIN(struct job_data, info), .shape = &job_info_shape },
    { "taskInfos",            BODY, AT(struct job_data, files), .shape = &job_file_shape },
    { "uncompressedFileList", BODY, AT(struct job_data, unpacked), .shape = &unpacked_shape, .omit = true,
      .doc = "taskType 5: paths in the archive, of folders with a slash at the end; for a day after the job while the "
             "archive may be read, and not of more than 10000" },
    { 0 }
};
static const struct shape job_data_shape = { "JobData", job_data_rows, sizeof(struct job_data) };

struct job_detail {
    struct job_data data;
};
static const struct field job_detail_out[] = {
    { "data", BODY, WITHIN(struct job_detail, data), .shape = &job_data_shape }, { 0 }
};

static int code_of(const struct cx *cx, const struct task_item *item)
{
    const struct failure why = { .code = fault_named(item->fault), .thing = (enum thing)item->thing };
    return item->state == ITEM_FAILED ? koodrive_meaning_of(cx, &why, false).code : 0;
}

enum { FILE_PENDING, FILE_SUCCEEDED, FILE_FAILED };

static void show_files(struct cx *cx, const struct bulk *bulk, struct job_data *out)
{
    const struct task_item *items = bulk->items.items;
    struct job_file        *files = ARENA_MANY(cx->arena, struct job_file, bulk->items.count + 1);
    out->files = (struct list){ files, 0 };
    for (size_t i = 0; i < bulk->items.count; i++) {
        const struct task_item *item = &items[i];
        const int code = code_of(cx, item);
        if (code && !out->info.code)
            out->info.code = code;
        if (item->node.v)
            files[out->files.count++] = (struct job_file){
                .file = item->node, .made = item->state == ITEM_DONE ? item->made : ID_NONE, .container = bulk->task.drive,
                .name = item->name, .code = code,
                .status = item->state == ITEM_DONE ? FILE_SUCCEEDED : item->state == ITEM_FAILED ? FILE_FAILED : FILE_PENDING,
            };
    }
}

enum { STATUS_PENDING, STATUS_PROCESSING, STATUS_DONE };
enum { RESULT_ALL = 1, RESULT_SOME, RESULT_NONE };

static void show_end(struct cx *cx, const struct bulk *bulk, struct job_info *out)
{
    const struct task_item *first = bulk->items.items;
    out->result = !bulk->failed ? RESULT_ALL : bulk->done ? RESULT_SOME : RESULT_NONE;
    for (size_t i = 0; i < bulk->items.count; i++)
        if (out->result == RESULT_ALL && first[i].sub_skipped)
            out->result = RESULT_SOME; /* of an archive something was left out */
    out->ended = bulk->finished;
    if (bulk->kind == BULK_PACK && bulk->done && first->sub_kind == TASK_ARCHIVE)
        out->url = link_url(cx, &(struct link){ .kind = LINK_DOWNLOAD, .dialect = LINK_KOODRIVE, .task = first->sub,
                                                .expires = { cx->now.ms + LINK_TTL_MS } });
}

static enum fault show_info(struct cx *cx, const struct bulk *bulk, struct job_info *out)
{
    const struct task *task = &bulk->task;
    struct user_label  user;
    TRY(user_label(cx, task->user, &user));
    *out = (struct job_info){
        .job = task->id, .container = task->to_drive.v ? task->to_drive : task->drive, .name = task->name,
        .user = user.public_id, .tenant = koodrive_tenant(cx), .percent = bulk->percent, .count = task->total,
        .begun = task->created, .created = task->created,
        .status = bulk->is_over ? STATUS_DONE : bulk->percent || task->at_key ? STATUS_PROCESSING : STATUS_PENDING,
    };
    koodrive_job_words(bulk->kind, bulk->is_part, &out->task_type, &out->action_type);
    if (bulk->kind == BULK_CLEAR)
        out->count = 0;
    if (bulk->is_over)
        show_end(cx, bulk, out);
    return OK;
}

static bool has_list(const struct bulk *bulk)
{
    return bulk->is_over && bulk->done && (bulk->kind == BULK_UNPACK || bulk->kind == BULK_LOOK);
}

/* On a worker: the archives are read again. */
static enum fault list_unpacked(struct cx *cx, void *in, void *out)
{
    struct get_job *ask = in;
    struct bulk     bulk;
    size_t          count = 0;
    (void)out;
    TRY(bulk_find(cx, ask->job, &bulk));
    ask->is_listed = true;
    struct list            *lists = ARENA_MANY(cx->arena, struct list, bulk.items.count + 1);
    const struct task_item *items = bulk.items.items;
    for (size_t i = 0; has_list(&bulk) && i < bulk.items.count; i++) {
        struct task task;
        if (items[i].state == ITEM_DONE
            && task_find(cx, arena_decimal(cx->arena, (uint64_t)items[i].sub.v), &task) == OK)
            TRY(unpack_list(cx, &task, &lists[i]));
        if (items[i].state == ITEM_DONE && !lists[i].items)
            return OK; /* too long, or too long ago */
        count += lists[i].count;
    }
    struct koodrive_text *texts = ARENA_MANY(cx->arena, struct koodrive_text, count + 1);
    ask->unpacked.items = texts;
    for (size_t i = 0; i < bulk.items.count; i++)
        for (size_t k = 0; k < lists[i].count; k++)
            texts[ask->unpacked.count++].text = ((const str *)lists[i].items)[k];
    return OK;
}

static enum fault get_job(struct cx *cx, const void *in, void *out)
{
    const struct get_job *ask = in;
    struct job_data      *data = &((struct job_detail *)out)->data;
    struct bulk           bulk;
    TRY(bulk_find(cx, ask->job, &bulk));
    if (has_list(&bulk) && !ask->is_listed) {
        cx->wants_prepare = cx->may_prepare;
        return fail(cx, FAULT_UNAVAILABLE, .because = "the archive must be looked at first");
    }
    TRY(show_info(cx, &bulk, &data->info));
    show_files(cx, &bulk, data);
    if (has_list(&bulk))
        data->unpacked = ask->unpacked;
    return OK;
}

const struct op koodrive_job_detail_ops[] = {
    { "GetJobDetail", "GET", KOODRIVE "/{job_id}", "KooDrive Querying Job Details, 2026-05", USER, READ,
      get_job_in, sizeof(struct get_job), job_detail_out, sizeof(struct job_detail), get_job,
      .prepare = list_unpacked, .prepare_if_asked = true, .proof = "koodrive_jobs.test.mjs" },
    { 0 },
};
