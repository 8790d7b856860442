/* Who takes turns at tasks: a few lanes, each a piece of work for the workers that does one turn and then
 * queues itself again behind whatever came meanwhile. A lane that finds nothing to do goes idle; tasks_wake
 * sets it going. */
#include "drive/runner.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "drive/caller.h"
#include "drive/site.h"
#include "store/store.h"
#include "store/tasks.h"

enum { LANES_MAX = 4, TRIES = 3 };

struct lane {
    struct work   work; /* first: workers know no more than this */
    struct tasks *tasks;
    id            busy; /* the task it works at, or none */
    bool          is_active;
    int           failures; /* in a row */
};

/* Memory of tasks that are between two turns. */
struct kept {
    struct kept        *next;
    id                  task;
    struct task_memory *memory;
};

struct tasks {
    const struct site *site;
    struct workers    *workers;
    struct conn     *(*reader)(void *self, int thread);
    void              *self;
    pthread_mutex_t    lock; /* all below */
    id                 last; /* the task whose turn it was */
    int64_t            wakes;
    bool               is_stopping;
    struct kept       *kept;
    int                lane_count;
    struct lane        lanes[LANES_MAX];
};

/* ---- memory between turns ---- */

static struct task_memory *kept_take(struct tasks *tasks, id task)
{
    for (struct kept **at = &tasks->kept; *at; at = &(*at)->next)
        if ((*at)->task.v == task.v) {
            struct kept *found = *at;
            struct task_memory *memory = found->memory;
            *at = found->next;
            free(found);
            return memory;
        }
    return NULL;
}

static void kept_give(struct tasks *tasks, id task, struct task_memory *memory)
{
    struct kept *kept = malloc(sizeof *kept);
    if (!kept)
        log_die("out of memory");
    *kept = (struct kept){ tasks->kept, task, memory };
    tasks->kept = kept;
}

/* ---- turns ---- */

/* The first of these that no other lane works at. */
static id choose(struct tasks *tasks, const struct list *ids)
{
    for (size_t i = 0; i < ids->count; i++) {
        const id one = ((const id *)ids->items)[i];
        bool     is_taken = false;
        for (int k = 0; k < tasks->lane_count; k++)
            is_taken |= tasks->lanes[k].busy.v == one.v;
        if (!is_taken)
            return one;
    }
    return ID_NONE;
}

struct search {
    struct tasks *tasks;
    struct lane  *lane;
};

/* Takes the task whose turn it is: the first one after the last, else from the start. */
static enum fault take_next(struct cx *cx, void *arg)
{
    struct search *search = arg;
    struct tasks  *tasks = search->tasks;
    struct list    ids;
    pthread_mutex_lock(&tasks->lock);
    enum fault fault = store_tasks_running(cx, tasks->last, LANES_MAX, &ids);
    if (fault == OK)
        search->lane->busy = choose(tasks, &ids);
    if (fault == OK && !search->lane->busy.v) {
        fault = store_tasks_running(cx, ID_NONE, LANES_MAX, &ids);
        if (fault == OK)
            search->lane->busy = choose(tasks, &ids);
    }
    if (search->lane->busy.v)
        tasks->last = search->lane->busy;
    pthread_mutex_unlock(&tasks->lock);
    return fault;
}

static void run_one(struct tasks *tasks, struct lane *lane, struct cx *cx)
{
    bool is_over = true, is_waiting = false;
    pthread_mutex_lock(&tasks->lock);
    struct task_memory *memory = kept_take(tasks, lane->busy);
    pthread_mutex_unlock(&tasks->lock);
    const enum fault fault = task_turn_or_wait(cx, lane->busy, &memory, &is_over, &is_waiting);
    pthread_mutex_lock(&tasks->lock);
    if (memory)
        kept_give(tasks, lane->busy, memory);
    if (!is_waiting) /* that it waits for others says nothing about how they get on */
        lane->failures = fault == OK ? 0 : lane->failures + 1;
    lane->busy = ID_NONE;
    pthread_mutex_unlock(&tasks->lock);
}

/* One turn; false when there was nothing to do, or nothing can be done for now. */
static bool take_turn(struct tasks *tasks, struct lane *lane, int thread)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct search search = { tasks, lane };
    struct caller nobody = { .domain = tasks->site->domain.id };
    struct cx cx = { .arena = arena, .db = tasks->reader(tasks->self, thread), .site = tasks->site, .caller = &nobody,
                     .now = clock_now(), .request_id = S("task") };
    if (!cx.db || take_next(&cx, &search) != OK)
        return false;
    if (!lane->busy.v) /* what was started a moment ago is not there for readers; the writer knows */
        if (store_change_now(tasks->site->store, &cx, take_next, &search) != OK)
            return false;
    if (!lane->busy.v)
        return false;
    run_one(tasks, lane, &cx);
    return lane->failures < TRIES;
}

static void run_lane(struct work *work, int thread)
{
    struct lane  *lane = (struct lane *)(void *)work;
    struct tasks *tasks = lane->tasks;
    pthread_mutex_lock(&tasks->lock);
    const int64_t wakes = tasks->wakes;
    bool goes_on = !tasks->is_stopping;
    pthread_mutex_unlock(&tasks->lock);
    if (goes_on)
        goes_on = take_turn(tasks, lane, thread);
    pthread_mutex_lock(&tasks->lock);
    /* Woken while it looked: it may have looked too early. */
    if ((!goes_on && tasks->wakes == wakes) || tasks->is_stopping || !workers_do(tasks->workers, &lane->work))
        lane->is_active = false;
    pthread_mutex_unlock(&tasks->lock);
}

void tasks_wake(struct tasks *tasks)
{
    if (!tasks)
        return;
    pthread_mutex_lock(&tasks->lock);
    tasks->wakes++;
    for (int i = 0; i < tasks->lane_count && !tasks->is_stopping; i++) {
        struct lane *lane = &tasks->lanes[i];
        lane->failures = 0;
        if (!lane->is_active)
            lane->is_active = workers_do(tasks->workers, &lane->work);
    }
    pthread_mutex_unlock(&tasks->lock);
}

/* ---- its life ---- */

struct tasks *tasks_new(const struct site *site, struct workers *workers, int lanes,
                        struct conn *(*reader)(void *self, int thread), void *self)
{
    struct tasks *tasks = calloc(1, sizeof *tasks);
    if (!tasks)
        log_die("out of memory");
    tasks->site = site;
    tasks->workers = workers;
    tasks->reader = reader;
    tasks->self = self;
    tasks->lane_count = lanes < 1 ? 1 : lanes > LANES_MAX ? LANES_MAX : lanes;
    pthread_mutex_init(&tasks->lock, NULL);
    for (int i = 0; i < tasks->lane_count; i++)
        tasks->lanes[i] = (struct lane){ .work.run = run_lane, .tasks = tasks };
    return tasks;
}

void tasks_stop(struct tasks *tasks)
{
    if (!tasks)
        return;
    pthread_mutex_lock(&tasks->lock);
    tasks->is_stopping = true;
    pthread_mutex_unlock(&tasks->lock);
}

void tasks_free(struct tasks **out)
{
    struct tasks *tasks = *out;
    if (!tasks)
        return;
    for (struct kept *kept = tasks->kept, *next; kept; kept = next) {
        next = kept->next;
        task_memory_forget(&kept->memory);
        free(kept);
    }
    pthread_mutex_destroy(&tasks->lock);
    free(tasks);
    *out = NULL;
}
