/* SPDX-License-Identifier: MIT */
/*
 * Look-ups run on pier's own few threads, because no system lets a blocking
 * one be ended. A caller who stops waiting leaves his job behind; the worker
 * frees it. Callers with the same question share one job.
 */
#ifndef PIERI_POOL_H
#define PIERI_POOL_H

#include "wait.h"
#include "waiter.h"

enum {
    PIERI_HOST_MAX = 1025,
    PIERI_SERVICE_MAX = 32
};

struct pieri_question {
    struct pierp_query query;           /* forward */
    const struct pier_address *address; /* reverse; NULL: forward */
    int flags;                          /* reverse: NI_* */
    bool older; /* gethostby*: query.host or the address, and nothing else */
};

/* Everything is guarded by pierp_lock() of the pool until done is set, and
 * fixed from then on. */
struct pieri_job {
    struct pieri_job *next;
    unsigned references;
    unsigned generation;
    bool done;
    bool taken; /* by a worker */
    int64_t began;
    struct pieri_waiters waiters;
    struct pieri_question question; /* points into this job */
    struct pier_address address;
    pier_err err;
    int native_code;
    struct pierp_answer answer;
    struct pierp_host found; /* of an older question */
    char host[PIERI_HOST_MAX];
    char service[PIERI_SERVICE_MAX];
};

/* Starts a job or joins one that asks the same. */
pier_err pieri_job_start(struct pieri_job **out,
                         const struct pieri_question *question);

/*
 * Waits until the job is done or *given_up, which may be NULL, is set (then
 * PIER_ECANCELED). In the child of a fork a job of the parent ends with
 * PIER_ECANCELED too: its worker is not there.
 */
pier_err pieri_job_wait(struct pieri_job *job, int64_t deadline,
                        struct pier_cancel *cancel,
                        const _Atomic bool *given_up);

bool pieri_job_done(struct pieri_job *job);

/* Joins and leaves those who are woken when the job is done or nudged. */
pier_err pieri_job_watch(struct pieri_job *job, struct pieri_waiter *waiter);
void pieri_job_unwatch(struct pieri_job *job, struct pieri_waiter *waiter);

/*
 * While a job waits for a worker, whoever waits for it looks after the pool,
 * since workers may have got stuck: at the time of the next look, which is
 * deadline when that is sooner or no look is needed.
 */
int64_t pieri_job_next_look(struct pieri_job *job, int64_t deadline);
pier_err pieri_pool_look_after(void);

/* Whether it is a job of the parent before a fork, which never ends here. */
bool pieri_job_is_lost(const struct pieri_job *job);

/* Wakes those who wait for the job, so that they look at *given_up. */
void pieri_job_nudge(struct pieri_job *job);

/* The caller's interest ends; NULL is fine. */
void pieri_job_release(struct pieri_job *job);

#endif
