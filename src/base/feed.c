/* A lane is IDLE (it has seen all that was pushed), WAITING (in the crew's list) or AT WORK (out of the
 * list, on some thread, the lock not held). All but the bytes of a buffer under way is guarded by the
 * crew's lock. A buffer is under way from push until the last lane of its feed has seen it. */
#include "base/feed.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/log.h"

struct buffer {
    struct buffer *next;
    size_t         n;
    char           bytes[FEED_BUFFER];
};

struct runner {
    struct runner *next;
    struct feed   *feed;
    struct lane    lane;
    unsigned       seen; /* buffers */
    bool           waiting, at_work;
};

struct crew {
    pthread_mutex_t lock;
    pthread_cond_t  some;  /* a lane waits, or the end has come */
    pthread_cond_t  moved; /* a lane has seen a buffer */
    struct runner  *first, **last;
    struct buffer  *spare;
    int             spare_count, granted, buffers_max, watching; /* watching: threads that await `moved` */
    bool            stopping;
    int             threads, started;
    pthread_t       thread[];
};

struct feed {
    struct crew   *crew;
    struct buffer *filling;
    struct buffer *under_way[FEED_DEPTH];
    unsigned       pushed, released; /* buffers, counted up */
    int            count;
    struct runner  runners[FEED_LANES];
};

enum { SPARE_MAX = 16 };

/* ---- buffers ---- */

/* NULL: no memory is left for another. */
static struct buffer *buffer_get(struct crew *crew)
{
    struct buffer *buffer = NULL;
    pthread_mutex_lock(&crew->lock);
    const bool granted = crew->granted < crew->buffers_max;
    crew->granted += granted;
    if (granted && (buffer = crew->spare)) {
        crew->spare = buffer->next;
        crew->spare_count--;
    }
    pthread_mutex_unlock(&crew->lock);
    if (granted && !buffer && !(buffer = malloc(sizeof *buffer)))
        log_die("out of memory");
    if (buffer)
        buffer->n = 0;
    return buffer;
}

/* With the lock held. */
static void buffer_put(struct crew *crew, struct buffer *buffer)
{
    crew->granted--;
    if (crew->spare_count >= SPARE_MAX) {
        free(buffer);
        return;
    }
    buffer->next = crew->spare;
    crew->spare = buffer;
    crew->spare_count++;
}

/* ---- lanes; all with the lock held ---- */

static void lane_take(const struct lane *lane, str bytes)
{
    for (int i = 0; i < LANE_HASHERS; i++)
        if (lane->hashers[i])
            hasher_add(lane->hashers[i], bytes);
    if (lane->crc64)
        *lane->crc64 = crc64(*lane->crc64, bytes);
    if (lane->take)
        lane->take(lane->arg, bytes);
}

static void enqueue(struct crew *crew, struct runner *runner)
{
    runner->next = NULL;
    runner->waiting = true;
    *crew->last = runner;
    crew->last = &runner->next;
}

static struct runner *dequeue(struct crew *crew)
{
    struct runner *runner = crew->first;
    if (runner) {
        if (!(crew->first = runner->next))
            crew->last = &crew->first;
        runner->waiting = false;
    }
    return runner;
}

static void release(struct feed *feed)
{
    unsigned seen = feed->pushed;
    for (int i = 0; i < feed->count; i++)
        if (feed->pushed - feed->runners[i].seen > feed->pushed - seen)
            seen = feed->runners[i].seen;
    for (; feed->released != seen; feed->released++)
        buffer_put(feed->crew, feed->under_way[feed->released % FEED_DEPTH]);
}

/* One buffer of the lane that waits longest. The feed may be gone when this returns. */
static void work_once(struct crew *crew)
{
    struct runner       *runner = dequeue(crew);
    struct feed         *feed = runner->feed;
    const struct buffer *buffer = feed->under_way[runner->seen % FEED_DEPTH];
    runner->at_work = true;
    pthread_mutex_unlock(&crew->lock);
    lane_take(&runner->lane, (str){ (char *)(uintptr_t)buffer->bytes, buffer->n });
    pthread_mutex_lock(&crew->lock);
    runner->at_work = false;
    runner->seen++;
    if (runner->seen != feed->pushed) {
        enqueue(crew, runner);
        pthread_cond_signal(&crew->some); /* this thread may only have lent a hand */
    }
    release(feed);
    if (crew->watching)
        pthread_cond_broadcast(&crew->moved);
}

/* Works, or waits until somebody else's work has moved. */
static void lend_a_hand(struct crew *crew)
{
    if (crew->first) {
        work_once(crew);
        return;
    }
    crew->watching++;
    pthread_cond_wait(&crew->moved, &crew->lock);
    crew->watching--;
}

/* ---- the crew ---- */

static void *crew_main(void *arg)
{
    struct crew *crew = arg;
    pthread_mutex_lock(&crew->lock);
    for (;;) {
        while (!crew->first && !crew->stopping)
            pthread_cond_wait(&crew->some, &crew->lock);
        if (!crew->first)
            break;
        work_once(crew);
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

/* With the lock held. Signals are for the main thread. */
static void start_threads(struct crew *crew)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (; crew->started < crew->threads; crew->started++)
        if (pthread_create(&crew->thread[crew->started], NULL, crew_main, crew))
            log_die("cannot start a thread");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct crew *crew_new(int threads, int buffers_max)
{
    struct crew *crew = calloc(1, sizeof *crew + sizeof(pthread_t) * (size_t)threads);
    if (!crew)
        log_die("out of memory");
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->some, NULL);
    pthread_cond_init(&crew->moved, NULL);
    crew->last = &crew->first;
    crew->threads = threads;
    crew->buffers_max = buffers_max;
    return crew;
}

void crew_free(struct crew **out)
{
    struct crew *crew = *out;
    if (!crew)
        return;
    pthread_mutex_lock(&crew->lock);
    crew->stopping = true;
    pthread_cond_broadcast(&crew->some);
    pthread_mutex_unlock(&crew->lock);
    for (int i = 0; i < crew->started; i++)
        pthread_join(crew->thread[i], NULL);
    for (struct buffer *next; crew->spare; crew->spare = next) {
        next = crew->spare->next;
        free(crew->spare);
    }
    pthread_mutex_destroy(&crew->lock);
    pthread_cond_destroy(&crew->some);
    pthread_cond_destroy(&crew->moved);
    free(crew);
    *out = NULL;
}

/* ---- feeds ---- */

struct feed *feed_new(struct crew *crew, const struct lane *lanes, int count)
{
    struct feed *feed = calloc(1, sizeof *feed);
    if (!feed || count > FEED_LANES)
        log_die("out of memory");
    feed->crew = crew;
    feed->count = count;
    for (int i = 0; i < count; i++)
        feed->runners[i] = (struct runner){ .feed = feed, .lane = lanes[i] };
    return feed;
}

/* Until all that is under way has been seen. */
static void drain(struct feed *feed)
{
    struct crew *crew = feed->crew;
    pthread_mutex_lock(&crew->lock);
    while (feed->released != feed->pushed)
        lend_a_hand(crew);
    pthread_mutex_unlock(&crew->lock);
}

/* Without a buffer, on this thread. */
static void take_directly(struct feed *feed, str bytes)
{
    drain(feed); /* the order of the bytes */
    for (int i = 0; i < feed->count; i++)
        lane_take(&feed->runners[i].lane, bytes);
}

/* Hands the buffer that was filled to the lanes. */
static void push(struct feed *feed)
{
    struct crew *crew = feed->crew;
    pthread_mutex_lock(&crew->lock);
    if (crew->started < crew->threads)
        start_threads(crew);
    while (feed->pushed - feed->released == FEED_DEPTH)
        lend_a_hand(crew);
    feed->under_way[feed->pushed++ % FEED_DEPTH] = feed->filling;
    feed->filling = NULL;
    for (int i = 0; i < feed->count; i++) {
        struct runner *runner = &feed->runners[i];
        if (runner->waiting || runner->at_work)
            continue;
        enqueue(crew, runner);
        pthread_cond_signal(&crew->some);
    }
    pthread_mutex_unlock(&crew->lock);
}

void feed_add(struct feed *feed, str bytes)
{
    while (bytes.n) {
        struct buffer *buffer = feed->filling;
        if (!buffer && !(buffer = feed->filling = buffer_get(feed->crew))) {
            take_directly(feed, bytes);
            return;
        }
        const str piece = str_cut(bytes, FEED_BUFFER - buffer->n);
        memcpy(buffer->bytes + buffer->n, piece.p, piece.n);
        buffer->n += piece.n;
        if (buffer->n == FEED_BUFFER)
            push(feed);
        bytes = str_from(bytes, piece.n);
    }
}

void feed_end(struct feed *feed)
{
    if (feed->filling && feed->filling->n)
        push(feed);
    drain(feed);
}

/* Takes the feed's lanes out of the list. */
static void withdraw(struct crew *crew, const struct feed *feed)
{
    struct runner *waiting = crew->first;
    crew->first = NULL;
    crew->last = &crew->first;
    for (struct runner *next; waiting; waiting = next) {
        next = waiting->next;
        if (waiting->feed != feed)
            enqueue(crew, waiting);
        else
            waiting->waiting = false;
    }
}

static bool is_at_work(const struct feed *feed)
{
    for (int i = 0; i < feed->count; i++)
        if (feed->runners[i].at_work)
            return true;
    return false;
}

void feed_free(struct feed **out)
{
    struct feed *feed = *out;
    if (!feed)
        return;
    struct crew *crew = feed->crew;
    pthread_mutex_lock(&crew->lock);
    withdraw(crew, feed);
    while (is_at_work(feed)) {
        lend_a_hand(crew);
        withdraw(crew, feed); /* a lane that had more to see is back in the list */
    }
    for (; feed->released != feed->pushed; feed->released++)
        buffer_put(crew, feed->under_way[feed->released % FEED_DEPTH]);
    if (feed->filling)
        buffer_put(crew, feed->filling);
    pthread_mutex_unlock(&crew->lock);
    free(feed);
    *out = NULL;
}
