/* What tasks are: starting, finding, forgetting, and one turn of one. Who takes turns: runner.c. */
#include "drive/task.h"

#include "base/log.h"

#include "drive/archive.h"
#include "drive/bulk.h"
#include "drive/copy.h"
#include "drive/erase.h"
#include "drive/move.h"
#include "drive/runner.h"
#include "drive/share.h"
#include "drive/site.h"
#include "drive/unpack.h"
#include "drive/user.h"
#include "store/people.h"
#include "store/store.h"
#include "store/tasks.h"

static const struct task_work *const works[TASK_KIND_COUNT] = {
    [TASK_ERASE] = &task_erase,
    [TASK_COPY] = &task_copy,
    [TASK_MOVE] = &task_move,
    [TASK_CLEAR] = &task_clear,
    [TASK_ARCHIVE] = &task_archive,
    [TASK_UNPACK] = &task_unpack,
    [TASK_BULK] = &task_bulk,
};

const struct task_work *task_work_of(const struct task *task)
{
    return task->kind > 0 && task->kind < TASK_KIND_COUNT ? works[task->kind] : NULL;
}

enum fault task_begin(struct cx *cx, struct task *task)
{
    task->domain = cx->site->domain.id;
    task->user = cx->caller->user;
    task->app = cx->caller->app;
    task->state = TASK_RUNNING;
    task->created = cx->now;
    return store_next_id(cx, &task->id);
}

void task_end(const struct cx *cx, struct task *task, enum task_state state)
{
    task->state = state;
    task->finished = cx->now;
    if (state == TASK_SUCCEEDED)
        task->total = task->done + task->skipped + task->failed;
}

enum fault task_start(struct cx *cx, struct task *task, int budget, bool keep)
{
    struct task_turn turn = { 0 };
    while (task->state == TASK_RUNNING && budget > 0)
        TRY(works[task->kind]->slice(cx, task, &turn, &budget));
    if (task->state != TASK_RUNNING && !keep)
        return OK;
    TRY(store_task_add(cx, task));
    tasks_wake(cx->site->tasks); /* its first turn is a change of its own, behind this one */
    return OK;
}

static bool is_of_guest(const struct task *task)
{
    return !task->user.v && !task->app.v && task->share.v;
}

static bool is_own(const struct cx *cx, const struct task *task)
{
    const struct caller *caller = cx->caller;
    if (is_of_guest(task) || caller->is_guest)
        return is_of_guest(task) && caller->is_guest && share_visit(cx) && share_visit(cx)->share.id.v == task->share.v;
    return task->user.v == caller->user.v && (task->user.v || task->app.v == caller->app.v);
}

enum fault task_find(struct cx *cx, str text, struct task *out)
{
    const struct caller *caller = cx->caller;
    int64_t number;
    if (!str_int64(text, &number) || number <= 0)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_TASK, .got = text);
    const enum fault fault = store_task(cx, (id){ number }, out);
    if (fault != OK && fault != FAULT_NOT_FOUND)
        return fault;
    if (fault == FAULT_NOT_FOUND || out->domain.v != caller->domain.v || !(is_own(cx, out) || caller_is_admin(caller)))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_TASK, .got = text);
    return OK;
}

enum fault tasks_purge(struct cx *cx, int *budget)
{
    struct list tasks;
    TRY(archives_purge(cx, budget)); /* what a task holds goes long before the task */
    TRY(store_tasks_finished(cx, (instant){ cx->now.ms - TASK_KEPT_MS }, *budget, &tasks));
    for (size_t i = 0; i < tasks.count && *budget > 0; i++, --*budget) {
        const struct task *task = &((const struct task *)tasks.items)[i];
        TRY(store_task_remove(cx, task->id));
        if (task->kind == TASK_BULK)
            *budget -= (int)task->total; /* its items went with it */
    }
    return OK;
}

/* ---- one turn ---- */

/* Who asked, as he is now. One who is gone is nobody: his number stays, for the events. */
static enum fault asker(struct cx *cx, const struct task *task, struct caller **out, bool *is_well)
{
    struct user user;
    struct caller *caller = ARENA_NEW(cx->arena, struct caller);
    *caller = (struct caller){ .domain = task->domain, .user = task->user, .app = task->app, .by_app = task->app.v };
    *out = caller;
    *is_well = true;
    caller->is_guest = is_of_guest(task);
    if (!task->user.v) {
        caller->role = caller->is_guest ? 0 : ROLE_SUPERADMIN;
        return OK;
    }
    const enum fault fault = store_user(cx, task->user, &user);
    *is_well = fault == OK && user.status == STATUS_ENABLED;
    if (fault == FAULT_NOT_FOUND)
        return OK;
    caller->public_id = user.public_id;
    caller->name = user.name;
    caller->role = user.role;
    return fault;
}

struct turn {
    id               task;
    struct task_turn shared;
    enum fault       fault; /* of look(), or of the slice that was undone */
    int              thing;
    bool             is_over;
};

static enum fault slice(struct cx *cx, void *arg)
{
    struct turn *turn = arg;
    struct task  task;
    bool         is_well;
    int          budget = TASK_SLICE;
    const enum fault found = store_task(cx, turn->task, &task);
    turn->is_over = found == FAULT_NOT_FOUND || (found == OK && task.state != TASK_RUNNING);
    if (turn->is_over)
        return OK;
    TRY(found);
    const struct task_work *work = task_work_of(&task);
    if (!work)
        return fail(cx, FAULT_UNSUPPORTED, .because = "a task of a kind that this program does not know");
    TRY(asker(cx, &task, &cx->caller, &is_well));
    if (work->by_right && !is_well && !task.fault.n)
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_USER);
    if (turn->shared.total && !task.total)
        task.total = turn->shared.total;
    TRY(work->slice(cx, &task, &turn->shared, &budget));
    turn->is_over = task.state != TASK_RUNNING;
    return store_task_save(cx, &task);
}

/* Notes what went wrong; the task goes on undoing, or ends. */
static enum fault note_fault(struct cx *cx, void *arg)
{
    struct turn *turn = arg;
    struct task  task;
    const enum fault found = store_task(cx, turn->task, &task);
    if (found == FAULT_NOT_FOUND || (found == OK && task.state != TASK_RUNNING))
        return OK;
    TRY(found);
    const struct task_work *work = task_work_of(&task);
    if (!task.fault.n) {
        task.fault = str_of(fault_name(turn->fault));
        task.thing = turn->thing;
    }
    if (!work || !work->undo || !work->undo(&task))
        task_end(cx, &task, TASK_FAILED);
    turn->is_over = task.state != TASK_RUNNING;
    return store_task_save(cx, &task);
}

static enum fault look(struct cx *cx, struct turn *turn)
{
    struct task task;
    bool        is_well;
    const enum fault found = store_task(cx, turn->task, &task);
    if (found != OK) /* not there for readers yet: the slice decides */
        return found == FAULT_NOT_FOUND ? OK : found;
    const struct task_work *work = task_work_of(&task);
    if (task.state != TASK_RUNNING || !work || !work->look)
        return OK;
    TRY(asker(cx, &task, &cx->caller, &is_well));
    if (work->by_right && !is_well)
        return OK;
    return work->look(cx, &task, &turn->shared);
}

enum fault task_turn_or_wait(struct cx *cx, id task, struct task_memory **memory, bool *is_over, bool *is_waiting)
{
    struct caller *before = cx->caller;
    struct turn    turn = { .task = task, .shared.memory = *memory };
    enum fault fault = look(cx, &turn);
    if (fault == OK && !turn.shared.is_waiting)
        fault = store_change_now(cx->site->store, cx, slice, &turn);
    *memory = turn.shared.memory;
    if (fault != OK && fault != FAULT_UNAVAILABLE) {
        turn.fault = fault;
        turn.thing = cx->why.code == fault ? (int)cx->why.thing : 0;
        log_line(fault == FAULT_INTERNAL ? LOG_ERROR : LOG_INFO, "a task does not get through",
                 LOG_PAIRS({ "task", arena_print(cx->arena, "%lld", (long long)task.v) },
                           { "fault", str_of(fault_name(fault)) }, { "because", str_of(cx->why.because) },
                           { "where", str_of(cx->why.where) }));
        fault = store_change_now(cx->site->store, cx, note_fault, &turn);
    }
    if (turn.is_over)
        task_memory_forget(memory);
    *is_over = turn.is_over;
    *is_waiting = turn.shared.is_waiting;
    cx->caller = before;
    return fault;
}

enum fault task_turn(struct cx *cx, id task, struct task_memory **memory, bool *is_over)
{
    bool is_waiting;
    return task_turn_or_wait(cx, task, memory, is_over, &is_waiting);
}

void task_memory_forget(struct task_memory **memory)
{
    if (*memory)
        (*memory)->forget(*memory);
    *memory = NULL;
}

/* The first running one after `last`, or else from the start. By the writer where a reader sees none: it
 * may just have been committed. */
struct next {
    id last, found;
};

static enum fault find_next(struct cx *cx, void *arg)
{
    struct next *next = arg;
    struct list  ids;
    TRY(store_tasks_running(cx, next->last, 1, &ids));
    if (!ids.count && next->last.v)
        TRY(store_tasks_running(cx, ID_NONE, 1, &ids));
    next->found = ids.count ? *(const id *)ids.items : ID_NONE;
    return OK;
}

enum fault tasks_turn(struct cx *cx, id last, id *ran)
{
    struct next next = { .last = last };
    struct task_memory *memory = NULL;
    bool is_over;
    TRY(store_change_now(cx->site->store, cx, find_next, &next));
    *ran = next.found;
    const enum fault fault = next.found.v ? task_turn(cx, next.found, &memory, &is_over) : OK;
    task_memory_forget(&memory);
    return fault;
}
