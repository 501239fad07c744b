/* SPDX-License-Identifier: MIT */
#include "resolver.h"
#include "addrinfo.h"
#include "error.h"
#include "numeric.h"
#include "options.h"
#include "trace.h"

#define OPERATION "getaddrinfo"

struct pier_lookup {
    struct pieri_job *job; /* NULL: answered at once */
    struct pier_addrinfo *list;
    struct pierp_query query;
    pier_err err;
    _Atomic bool canceled;
};

bool pieri_limit_read(struct pieri_limit *out, const struct pier_wait *wait)
{
    struct pier_wait known = PIER_WAIT_INIT;

    if (wait && !pieri_options_copy(&known, sizeof(known), wait))
        return false;
    out->deadline = pieri_deadline(known.timeout);
    out->cancel = known.cancel;
    return true;
}

pier_err pieri_job_failed(const struct pieri_job *job, const char *operation)
{
    return pieri_native_fail(operation, job->err, job->native_code);
}

static struct pierp_query make_query(const char *host, const char *service,
                                     const struct pier_addrinfo_hints *hints)
{
    struct pierp_query query = { .host = host, .service = service };

    if (hints) {
        query.flags = hints->flags;
        query.family = hints->family;
        query.type = hints->type;
        query.protocol = hints->protocol;
    }
    return query;
}

/* The answer of the system as the caller's list. The protocol asked for says
 * more than the system repeats. */
static pier_err copy_answer(struct pier_addrinfo **out,
                            const struct pierp_answer *answer,
                            const struct pierp_query *query)
{
    struct pieri_addrinfo_list list;
    pier_err err = PIER_OK;

    pieri_addrinfo_begin(&list);
    for (size_t i = 0; i < answer->count && !err; i++) {
        struct pierp_name name = answer->names[i];

        if (name.type == 0)
            name.type = query->type;
        if (name.protocol == 0)
            name.protocol = query->protocol;
        err = pieri_addrinfo_add(&list, &name);
    }
    if (!err)
        err = pieri_addrinfo_set_canonname(&list, answer->canonname);
    if (!err && !list.first)
        err = PIER_EAI_NONAME;
    if (err) {
        pier_freeaddrinfo(list.first);
    } else {
        *out = list.first;
    }
    return err;
}

static pier_err job_result(struct pier_addrinfo **out,
                           const struct pieri_job *job,
                           const struct pierp_query *query)
{
    pier_err err;

    if (job->err)
        return pieri_job_failed(job, OPERATION);
    err = copy_answer(out, &job->answer, query);
    return err ? pieri_fail(OPERATION, err, NULL) : PIER_OK;
}

/* Begins to find the answer, or finds it at once. */
static pier_err begin(struct pier_lookup *l, const struct pierp_query *query)
{
    const struct pieri_question question = { .query = *query };
    bool answered;
    pier_err err = pierp_start();

    if (err)
        return pieri_os_fail(OPERATION, err, NULL);
    l->query = *query;
    l->query.host = NULL;
    l->query.service = NULL;
    l->err = pieri_numeric_getaddrinfo(&l->list, query, &answered);
    if (answered)
        return PIER_OK;
    err = pieri_job_start(&l->job, &question);
    return err ? pieri_os_fail(OPERATION, err, NULL) : PIER_OK;
}

/* Waits for a look-up that has begun. */
static pier_err wait_for(struct pier_lookup *l,
                         const struct pieri_limit *limit)
{
    pier_err err = PIER_OK;

    if (l->canceled || (limit->cancel && pier_cancel_fired(limit->cancel))) {
        err = PIER_ECANCELED;
    } else if (l->job) {
        err = pieri_job_wait(l->job, limit->deadline, limit->cancel,
                             &l->canceled);
    }
    return err ? pieri_fail(OPERATION, err, NULL) : PIER_OK;
}

pier_err pieri_find(struct pier_addrinfo **out,
                    const struct pierp_query *query,
                    const struct pieri_limit *limit)
{
    struct pier_lookup l = { .job = NULL };
    pier_err err;

    *out = NULL;
    if (limit->cancel && pier_cancel_fired(limit->cancel))
        return pieri_fail(OPERATION, PIER_ECANCELED, NULL);
    err = begin(&l, query);
    if (err)
        return err;
    if (!l.job) {
        *out = l.list;
        return l.err ? pieri_fail(OPERATION, l.err, NULL) : PIER_OK;
    }
    err = wait_for(&l, limit);
    if (!err)
        err = job_result(out, l.job, query);
    pieri_job_release(l.job);
    return err;
}

static pier_err getaddrinfo_now(struct pier_addrinfo **out, const char *host,
                                const char *service,
                                const struct pier_addrinfo_hints *hints,
                                const struct pier_wait *wait)
{
    const struct pierp_query query = make_query(host, service, hints);
    struct pieri_limit limit;

    if (!out)
        return pieri_fail(OPERATION, PIER_EINVAL, NULL);
    *out = NULL;
    if (!pieri_limit_read(&limit, wait))
        return pieri_fail(OPERATION, PIER_EINVAL, NULL);
    return pieri_find(out, &query, &limit);
}

static pier_err start_now(struct pier_lookup **out, const char *host,
                          const char *service,
                          const struct pier_addrinfo_hints *hints)
{
    struct pierp_query query = make_query(host, service, hints);
    struct pier_lookup *l;
    pier_err err;

    if (!out)
        return pieri_fail(OPERATION, PIER_EINVAL, NULL);
    *out = NULL;
    l = pierp_alloc(sizeof(*l));
    if (!l)
        return pieri_fail(OPERATION, PIER_ENOMEM, NULL);
    err = begin(l, &query);
    if (err) {
        pierp_free(l);
        return err;
    }
    *out = l;
    return PIER_OK;
}

pier_err pier_lookup_start(struct pier_lookup **out, const char *host,
                           const char *service,
                           const struct pier_addrinfo_hints *hints)
{
    int64_t start = pieri_trace_begin();
    pier_err err = start_now(out, host, service, hints);

    return (pier_err)pieri_trace_end("lookup_start", NULL, err, start);
}

static pier_err wait_now(struct pier_lookup *l, const struct pier_wait *wait)
{
    struct pieri_limit limit;

    if (!l || !pieri_limit_read(&limit, wait))
        return pieri_fail(OPERATION, PIER_EINVAL, NULL);
    return wait_for(l, &limit);
}

pier_err pier_lookup_wait(struct pier_lookup *l, const struct pier_wait *wait)
{
    int64_t start = pieri_trace_begin();
    pier_err err = wait_now(l, wait);

    return (pier_err)pieri_trace_end("lookup_wait", NULL, err, start);
}

/* The answer that was found at once is handed out once; a later call makes a
 * list of its own from it. */
static pier_err copy_list(struct pier_addrinfo **out,
                          const struct pier_lookup *l)
{
    struct pieri_addrinfo_list list;
    pier_err err = l->err;

    pieri_addrinfo_begin(&list);
    for (const struct pier_addrinfo *i = l->list; i && !err; i = i->next) {
        const struct pierp_name name = { i->family, i->type, i->protocol,
                                         i->address };

        err = pieri_addrinfo_add(&list, &name);
    }
    if (!err && l->list)
        err = pieri_addrinfo_set_canonname(&list, l->list->canonname);
    if (err) {
        pier_freeaddrinfo(list.first);
    } else {
        *out = list.first;
    }
    return err;
}

struct pieri_job *pieri_lookup_job(const struct pier_lookup *l)
{
    return l->job;
}

enum pieri_lookup_state pieri_lookup_state(const struct pier_lookup *l)
{
    if (l->canceled || (l->job && pieri_job_is_lost(l->job)))
        return PIERI_LOOKUP_CANCELED;
    if (!l->job || pieri_job_done(l->job))
        return PIERI_LOOKUP_DONE;
    return PIERI_LOOKUP_RUNS;
}

pier_err pier_lookup_result(struct pier_addrinfo **out, struct pier_lookup *l)
{
    pier_err err;

    if (!out)
        return pieri_fail(OPERATION, PIER_EINVAL, NULL);
    *out = NULL;
    if (!l)
        return pieri_fail(OPERATION, PIER_EINVAL, NULL);
    switch (pieri_lookup_state(l)) {
    case PIERI_LOOKUP_CANCELED:
        return pieri_fail(OPERATION, PIER_ECANCELED, NULL);
    case PIERI_LOOKUP_RUNS:
        /* Who only asks now and then looks after the pool, too. */
        (void)pieri_pool_look_after();
        return pieri_fail(OPERATION, PIER_EAGAIN, NULL);
    default:
        break;
    }
    if (l->job)
        return job_result(out, l->job, &l->query);
    err = copy_list(out, l);
    return err ? pieri_fail(OPERATION, err, NULL) : PIER_OK;
}

void pier_lookup_cancel(struct pier_lookup *l)
{
    if (!l)
        return;
    l->canceled = true;
    if (l->job)
        pieri_job_nudge(l->job);
}

void pier_lookup_free(struct pier_lookup *l)
{
    if (!l)
        return;
    pieri_job_release(l->job);
    pier_freeaddrinfo(l->list);
    pierp_free(l);
}

pier_err pier_getaddrinfo(struct pier_addrinfo **out, const char *host,
                          const char *service,
                          const struct pier_addrinfo_hints *hints,
                          const struct pier_wait *wait)
{
    int64_t start = pieri_trace_begin();
    pier_err err = getaddrinfo_now(out, host, service, hints, wait);

    return (pier_err)pieri_trace_end(OPERATION, NULL, err, start);
}
