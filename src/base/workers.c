#include "base/workers.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/log.h"

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t  some;
    struct work    *first, **last;
    int             queued, queue_max, threads, started;
    bool            stopping;
    pthread_t       thread[];
};

static void *worker(void *arg)
{
    struct workers *w = arg;
    pthread_mutex_lock(&w->lock);
    const int me = w->started++;
    for (;;) {
        while (!w->first && !w->stopping)
            pthread_cond_wait(&w->some, &w->lock);
        struct work *work = w->first;
        if (!work)
            break;
        if (!(w->first = work->next))
            w->last = &w->first;
        w->queued--;
        pthread_mutex_unlock(&w->lock);
        work->run(work, me);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

struct workers *workers_new(int threads, int queue_max)
{
    struct workers *w = calloc(1, sizeof *w + sizeof(pthread_t) * (size_t)threads);
    sigset_t        all, before;
    if (!w)
        log_die("out of memory");
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->some, NULL);
    w->last = &w->first;
    w->queue_max = queue_max;
    w->threads = threads;
    sigfillset(&all); /* signals are for the main thread */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (int i = 0; i < threads; i++)
        if (pthread_create(&w->thread[i], NULL, worker, w))
            log_die("cannot start a thread");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return w;
}

bool workers_do(struct workers *w, struct work *work)
{
    bool taken = false;
    pthread_mutex_lock(&w->lock);
    if (w->queued < w->queue_max && !w->stopping) {
        work->next = NULL;
        *w->last = work;
        w->last = &work->next;
        w->queued++;
        taken = true;
        pthread_cond_signal(&w->some);
    }
    pthread_mutex_unlock(&w->lock);
    return taken;
}

void workers_free(struct workers **workers)
{
    struct workers *w = *workers;
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->some);
    pthread_mutex_unlock(&w->lock);
    for (int i = 0; i < w->threads; i++)
        pthread_join(w->thread[i], NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->some);
    free(w);
    *workers = NULL;
}
