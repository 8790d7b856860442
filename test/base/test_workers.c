#include "test.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/workers.h"

struct job {
    struct work work;
    atomic_int *sum;
    int         order, ran_as;
    atomic_bool *gate;
};

static void job_run(struct work *work, int thread)
{
    struct job *job = (struct job *)work;
    while (job->gate && !atomic_load(job->gate))
        usleep(1000);
    job->ran_as = thread;
    job->order = atomic_fetch_add(job->sum, 1);
}

TEST(workers, run_all_that_was_taken_before_they_end)
{
    enum { N = 1000 };
    atomic_int      sum = 0;
    struct workers *w = workers_new(4, N);
    struct job     *jobs = calloc(N, sizeof *jobs);
    for (int i = 0; i < N; i++) {
        jobs[i] = (struct job){ { NULL, job_run }, &sum, 0, -1, NULL };
        CHECK(workers_do(w, &jobs[i].work));
    }
    workers_free(&w);
    CHECK(!w && atomic_load(&sum) == N);
    for (int i = 0; i < N; i++)
        CHECK(jobs[i].ran_as >= 0 && jobs[i].ran_as < 4);
    free(jobs);
}

TEST(workers, keep_the_order_when_there_is_one)
{
    enum { N = 100 };
    atomic_int      sum = 0;
    struct workers *w = workers_new(1, N);
    struct job      jobs[N];
    for (int i = 0; i < N; i++) {
        jobs[i] = (struct job){ { NULL, job_run }, &sum, -1, -1, NULL };
        CHECK(workers_do(w, &jobs[i].work));
    }
    workers_free(&w);
    for (int i = 0; i < N; i++)
        CHECK(jobs[i].order == i);
}

TEST(workers, say_busy_when_the_queue_is_full)
{
    atomic_int      sum = 0;
    atomic_bool     gate = false;
    struct workers *w = workers_new(1, 2);
    struct job      jobs[4];
    int             taken = 0;
    for (int i = 0; i < 4; i++)
        jobs[i] = (struct job){ { NULL, job_run }, &sum, -1, -1, &gate };
    CHECK(workers_do(w, &jobs[0].work));
    for (int i = 1; i < 4; i++) {
        usleep(20000); /* the first is running by now, or counts as queued */
        taken += workers_do(w, &jobs[i].work);
    }
    CHECK(taken == 2);
    atomic_store(&gate, true);
    workers_free(&w);
    CHECK(atomic_load(&sum) == 3);
}

static void free_run(struct work *work, int thread)
{
    (void)thread;
    free(work);
}

TEST(workers, allow_work_to_free_itself)
{
    struct workers *w = workers_new(2, 100);
    for (int i = 0; i < 100; i++) {
        struct work *work = calloc(1, sizeof *work);
        work->run = free_run;
        CHECK(workers_do(w, work));
    }
    workers_free(&w);
    workers_free(&w);
}

static atomic_bool blocked;

static void mask_run(struct work *work, int thread)
{
    sigset_t set;
    (void)work, (void)thread;
    sigemptyset(&set);
    pthread_sigmask(SIG_SETMASK, NULL, &set);
    atomic_store(&blocked, sigismember(&set, SIGTERM) == 1);
}

TEST(workers, leave_signals_to_the_main_thread)
{
    struct work     work = { NULL, mask_run };
    struct workers *w = workers_new(1, 1);
    sigset_t        mine;
    CHECK(workers_do(w, &work));
    workers_free(&w);
    pthread_sigmask(SIG_SETMASK, NULL, &mine);
    CHECK(atomic_load(&blocked) && !sigismember(&mine, SIGTERM));
}

TEST_MAIN
