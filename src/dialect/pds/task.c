/* dialect/pds/task.c: GetAsyncTask.
 *
 * The official JavaScript SDK asks until the state is succeed or failed; PartialSucceed would have it ask for
 * ever, so a task ends in one of the two. The words of `category` and `task_type` are on no page: they are
 * left out. */
#include "drive/task.h"

#include "dialect/pds/inner.h"
#include "drive/link.h"
#include "drive/share.h"

struct get_task {
    str async_task_id;
};

static const struct field get_task_in[] = {
    { "async_task_id", BODY, AT(struct get_task, async_task_id), .required = true, .min = 1, .max = 64 },
    { 0 }
};

static const struct word states[] = {
    { "Running", TASK_RUNNING }, { "Succeed", TASK_SUCCEEDED }, { "Failed", TASK_FAILED }, { 0 }
};

struct task_out {
    id      async_task_id;
    int     state, status;
    int64_t total, consumed, skipped, failed;
    str     error_code, error_message, message, url;
    instant created_at, started_at, finished_at;
};

#define OUT struct task_out
static const struct field task_rows[] = {
    { "async_task_id",    BODY, AT(OUT, async_task_id) },
    { "state",            BODY, AT(OUT, state), .words = states },
    { "status",           BODY, AT(OUT, status), .words = states, .doc = "the old name of state" },
    { "total_process",    BODY, AT(OUT, total), .doc = "files and folders; 0: not counted yet" },
    { "consumed_process", BODY, AT(OUT, consumed) },
    { "skipped_process",  BODY, AT(OUT, skipped) },
    { "failed_process",   BODY, AT(OUT, failed) },
    { "error_code",       BODY, AT(OUT, error_code), .omit = true },
    { "error_message",    BODY, AT(OUT, error_message), .omit = true },
    { "message",          BODY, AT(OUT, message), .omit = true, .doc = "the old name of error_message" },
    { "url",              BODY, AT(OUT, url), .omit = true, .doc = "of what ArchiveFiles packed, for 15 minutes; ask again within a day" },
    { "created_at",       BODY, AT(OUT, created_at) },
    { "started_at",       BODY, AT(OUT, started_at) },
    { "finished_at",      BODY, AT(OUT, finished_at), .omit = true },
    { 0 }
};
#undef OUT

static enum fault get_task(struct cx *cx, const void *in, void *out)
{
    const struct get_task *ask = in;
    struct task_out       *shown = out;
    struct task task;
    if (cx->caller->is_guest) /* what he began there is all he can ask for */
        TRY(share_enter_own(cx));
    TRY(task_find(cx, ask->async_task_id, &task));
    *shown = (struct task_out){
        .async_task_id = task.id, .state = task.state, .status = task.state, .total = task.total,
        .consumed = task.done, .skipped = task.skipped, .failed = task.failed,
        .created_at = task.created, .started_at = task.created, .finished_at = task.finished,
    };
    if (task.kind == TASK_ARCHIVE && task.content.v) {
        const instant expires = { cx->now.ms + PDS_LINK_TTL_S * INT64_C(1000) };
        shown->url = link_url(cx, &(struct link){ .kind = LINK_DOWNLOAD, .dialect = LINK_PDS, .task = task.id,
                                                  .expires = expires });
    }
    if (task.state == TASK_FAILED) {
        const struct failure why = { .code = fault_named(task.fault), .thing = (enum thing)task.thing };
        pds_error_of(cx, &why, &shown->error_code, &shown->error_message);
        shown->message = shown->error_message;
    }
    return OK;
}

const struct op pds_task_ops[] = {
    { "GetAsyncTask", "POST", "/v2/async_task/get", "PDS GetAsyncTask, 2022-03-01", USER, READ,
      get_task_in, sizeof(struct get_task), task_rows, sizeof(struct task_out), get_task, .status = 200,
      .partial = "category, task_type and err_code, whose words are on no page", .proof = "pds_task.test.mjs" },
    { 0 }
};
