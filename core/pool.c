/* SPDX-License-Identifier: MIT */
#include "pool.h"
#include "text.h"
#include <pier/time.h>
#include <string.h>

/* A worker that sits in the resolver for longer than STUCK no longer counts
 * against WORKERS, so that a few dead names cannot block the rest. */
#define WORKERS       8
#define WORKERS_MAX   64
#define STUCK         PIER_SECONDS(5)
#define IDLE_LIMIT    PIER_SECONDS(10)
#define LOOK_INTERVAL PIER_SECONDS(1)

static struct pool {
    struct pieri_job *queue;   /* the oldest first */
    struct pieri_job *running; /* being worked on */
    struct pieri_waiters idle; /* workers that wait for a job */
    unsigned living;
    unsigned generation;
} pool;

/* The child of a fork has none of its parent's workers. */
static void lock_pool(void)
{
    pierp_lock(&pool);
    if (pool.generation == pierp_generation)
        return;
    pool = (struct pool){ .generation = pierp_generation };
}

static void unlock_pool(void)
{
    pierp_unlock(&pool);
}

static void append(struct pieri_job **list, struct pieri_job *job)
{
    while (*list)
        list = &(*list)->next;
    job->next = NULL;
    *list = job;
}

static void take_out(struct pieri_job **list, const struct pieri_job *job)
{
    while (*list && *list != job)
        list = &(*list)->next;
    if (*list)
        *list = job->next;
}

static void free_job(struct pieri_job *job)
{
    if (!job)
        return;
    pierp_free(job->answer.names);
    pierp_free(job->answer.canonname);
    pierp_free(job->found.names);
    pierp_free(job->found.addresses);
    pierp_free((char *)(uintptr_t)job->question.query.host);
    pierp_free((char *)(uintptr_t)job->question.query.service);
    pierp_free(job);
}

/* One reference less; the lock is held. True when the job is to be freed. */
static bool drop(struct pieri_job *job)
{
    return --job->references == 0;
}

static pier_err ask(struct pieri_job *job)
{
    const struct pieri_question *q = &job->question;

    if (q->older && q->address)
        return pierp_gethostbyaddr(&job->found, q->address);
    if (q->older)
        return pierp_gethostbyname(&job->found, q->query.host);
    if (!q->address)
        return pierp_getaddrinfo(&job->answer, &q->query);
    return pierp_getnameinfo(q->address, job->host, sizeof(job->host),
                             job->service, sizeof(job->service), q->flags);
}

static void work_on(struct pieri_job *job)
{
    job->err = ask(job);
    /* "Try again" of the system below the resolver is one of the resolver,
     * not of a look-up that is still running. */
    if (job->err == PIER_EAGAIN)
        job->err = PIER_EAI_AGAIN;
    job->native_code = job->err ? pierp_native_error() : 0;
}

/* The next job from the queue, moved to those being worked on. */
static struct pieri_job *take_job(void)
{
    struct pieri_job *job = pool.queue;

    if (!job)
        return NULL;
    pool.queue = job->next;
    append(&pool.running, job);
    job->taken = true;
    job->began = pierp_clock();
    return job;
}

static void finish(struct pieri_job *job)
{
    bool unwanted;

    lock_pool();
    take_out(&pool.running, job);
    job->done = true;
    pieri_waiters_signal(&job->waiters, PIERI_FOR_READY);
    unwanted = drop(job);
    unlock_pool();
    if (unwanted)
        free_job(job);
}

/* Waits for a job to come; false when none came for long. */
static bool wait_for_job(void)
{
    int64_t deadline = pieri_deadline(IDLE_LIMIT);
    struct pieri_waiter waiter;
    unsigned got = 0;
    bool come;

    if (pieri_waiter_add(&pool.idle, &pool, &waiter, PIERI_FOR_READY))
        return false;
    lock_pool();
    come = pool.queue != NULL;
    unlock_pool();
    while (!come && pieri_left(deadline) > 0) {
        /* Not pieri_wait(): a runtime's hooks know nothing of this thread. */
        pier_err err = pierp_wait(PIER_INVALID_HANDLE, 0, &waiter.wake, 1,
                                  pieri_left(deadline), &got);

        if (err && err != PIER_EINTR)
            break;
        come = (got & PIERP_WOKEN) != 0;
    }
    pieri_waiter_remove(&pool.idle, &pool, &waiter);
    return come;
}

/* Leaves unless there is a job, in one step: whoever queues one meanwhile sees
 * this worker or the lack of it. */
static bool leave_pool(void)
{
    bool leaves;

    lock_pool();
    leaves = !pool.queue;
    pool.living -= leaves;
    unlock_pool();
    return leaves;
}

static void worker(void *unused)
{
    (void)unused;
    for (;;) {
        struct pieri_job *job;

        lock_pool();
        job = take_job();
        unlock_pool();
        if (job) {
            work_on(job);
            finish(job);
        } else if (!wait_for_job() && leave_pool()) {
            return;
        }
    }
}

static unsigned stuck_workers(void)
{
    int64_t since = pierp_clock() - STUCK;
    unsigned count = 0;

    for (const struct pieri_job *j = pool.running; j; j = j->next)
        count += j->began < since;
    return count;
}

static unsigned length(const struct pieri_job *list)
{
    unsigned jobs = 0;

    for (; list; list = list->next)
        jobs++;
    return jobs;
}

/* Starts a worker where the queue needs one and there is room for it. */
static pier_err grow(void)
{
    bool wanted;
    bool alone;
    pier_err err = PIER_OK;

    lock_pool();
    /* Every worker that works on none will look at the queue, also one that
     * has not begun to run. */
    wanted = length(pool.queue) > pool.living - length(pool.running) &&
             pool.living < WORKERS_MAX &&
             pool.living - stuck_workers() < WORKERS;
    pool.living += wanted;
    unlock_pool();
    if (wanted)
        err = pierp_thread_start(worker, NULL);
    if (!err)
        return PIER_OK;
    lock_pool();
    pool.living--;
    alone = pool.living == 0;
    unlock_pool();
    /* Others are at work and will come to it. */
    return alone ? err : PIER_OK;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_question(const struct pieri_question *a,
                          const struct pieri_question *b)
{
    const struct pierp_query *p = &a->query;
    const struct pierp_query *q = &b->query;

    if (a->older != b->older)
        return false;
    if (a->address || b->address) {
        return a->address && b->address && a->flags == b->flags &&
               pier_address_equal(a->address, b->address);
    }
    return p->flags == q->flags && p->family == q->family &&
           p->type == q->type && p->protocol == q->protocol &&
           same_text(p->host, q->host) && same_text(p->service, q->service);
}

static struct pieri_job *find_same(struct pieri_job *list,
                                   const struct pieri_question *question)
{
    while (list && !same_question(&list->question, question))
        list = list->next;
    return list;
}

static pier_err new_job(struct pieri_job **out,
                        const struct pieri_question *question)
{
    struct pieri_job *job = pierp_alloc(sizeof(*job));
    bool complete;

    if (!job)
        return PIER_ENOMEM;
    job->question = *question;
    job->question.query.host = pieri_text_copy(question->query.host);
    job->question.query.service = pieri_text_copy(question->query.service);
    complete = (!question->query.host || job->question.query.host) &&
               (!question->query.service || job->question.query.service);
    if (question->address) {
        job->address = *question->address;
        job->question.address = &job->address;
    }
    job->generation = pierp_generation;
    if (!complete) {
        free_job(job);
        return PIER_ENOMEM;
    }
    *out = job;
    return PIER_OK;
}

pier_err pieri_job_start(struct pieri_job **out,
                         const struct pieri_question *question)
{
    struct pieri_job *fresh;
    struct pieri_job *job;
    pier_err err = new_job(&fresh, question);

    if (err)
        return err;
    lock_pool();
    job = find_same(pool.queue, question);
    if (!job)
        job = find_same(pool.running, question);
    if (job) {
        job->references++;
    } else {
        /* One for the caller, one for the pool. */
        fresh->references = 2;
        append(&pool.queue, fresh);
    }
    unlock_pool();
    if (job) {
        free_job(fresh);
        *out = job;
        return PIER_OK;
    }
    lock_pool();
    pieri_waiters_signal(&pool.idle, PIERI_FOR_READY);
    unlock_pool();
    err = grow();
    if (err) {
        pieri_job_release(fresh);
    } else {
        *out = fresh;
    }
    return err;
}

void pieri_job_release(struct pieri_job *job)
{
    bool unwanted;

    if (!job)
        return;
    lock_pool();
    unwanted = drop(job);
    /* Nobody is left who wants it, and no worker has begun. */
    if (!unwanted && job->references == 1 && !job->taken &&
        job->generation == pool.generation) {
        take_out(&pool.queue, job);
        unwanted = drop(job);
    }
    unlock_pool();
    if (unwanted)
        free_job(job);
}

bool pieri_job_done(struct pieri_job *job)
{
    bool done;

    lock_pool();
    done = job->done;
    unlock_pool();
    return done;
}

bool pieri_job_is_lost(const struct pieri_job *job)
{
    return job->generation != pierp_generation;
}

void pieri_job_nudge(struct pieri_job *job)
{
    /* Who waited for a job of the parent is not in this process. */
    if (pieri_job_is_lost(job))
        return;
    lock_pool();
    pieri_waiters_signal(&job->waiters, PIERI_FOR_READY);
    unlock_pool();
}

static bool waits_for_worker(struct pieri_job *job)
{
    bool waits;

    lock_pool();
    waits = !job->taken;
    unlock_pool();
    return waits;
}

pier_err pieri_job_watch(struct pieri_job *job, struct pieri_waiter *waiter)
{
    return pieri_waiter_add(&job->waiters, &pool, waiter, PIERI_FOR_READY);
}

void pieri_job_unwatch(struct pieri_job *job, struct pieri_waiter *waiter)
{
    pieri_waiter_remove(&job->waiters, &pool, waiter);
}

int64_t pieri_job_next_look(struct pieri_job *job, int64_t deadline)
{
    int64_t soon;

    if (!waits_for_worker(job))
        return deadline;
    soon = pieri_deadline(LOOK_INTERVAL);
    return soon < deadline ? soon : deadline;
}

pier_err pieri_pool_look_after(void)
{
    return grow();
}

static pier_err wait_a_while(struct pieri_job *job, struct pieri_wait *wait,
                             int64_t deadline)
{
    pier_err err;

    wait->deadline = pieri_job_next_look(job, deadline);
    err = pieri_wait(wait);
    if (err != PIER_EDEADLINE || wait->deadline == deadline)
        return err;
    return grow();
}

pier_err pieri_job_wait(struct pieri_job *job, int64_t deadline,
                        struct pier_cancel *cancel,
                        const _Atomic bool *given_up)
{
    struct pieri_waiter waiter;
    struct pieri_wait wait = { .handle = PIER_INVALID_HANDLE,
                               .cancel = cancel };
    pier_err err;

    if (pieri_job_is_lost(job))
        return PIER_ECANCELED;
    err = pieri_job_watch(job, &waiter);
    if (err)
        return err;
    wait.wake = waiter.wake;
    while (!err && !pieri_job_done(job)) {
        if ((given_up && *given_up) || pieri_job_is_lost(job)) {
            err = PIER_ECANCELED;
        } else {
            err = wait_a_while(job, &wait, deadline);
        }
    }
    pieri_job_unwatch(job, &waiter);
    return err;
}
