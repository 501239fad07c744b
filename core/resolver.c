/* SPDX-License-Identifier: MIT */
#include "addrinfo.h"
#include "error.h"
#include "lookup.h"
#include "numeric.h"
#include <pier/constants.h>
#include <string.h>

#define FORWARD "getaddrinfo"
#define REVERSE "getnameinfo"

struct pier_lookup {
    struct pieri_job *job; /* NULL: answered at once */
    struct pier_addrinfo *list;
    struct pierp_query query;
    pier_err err;
    _Atomic bool canceled;
};

static bool is_wait(const struct pier_wait *wait)
{
    return !wait || (wait->size > 0 && wait->size <= sizeof(*wait));
}

static int64_t deadline_of(const struct pier_wait *wait)
{
    return wait ? pieri_deadline(wait->timeout) : PIERI_NEVER;
}

static struct pier_cancel *cancel_of(const struct pier_wait *wait)
{
    return wait ? wait->cancel : NULL;
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
    if (err)
        pier_freeaddrinfo(list.first);
    else
        *out = list.first;
    return err;
}

/* Records the failure of a look-up that a worker made. */
static pier_err job_failed(const struct pieri_job *job, const char *operation)
{
    return pieri_native_fail(operation, job->err, job->native_code);
}

static pier_err job_result(struct pier_addrinfo **out,
                           const struct pieri_job *job,
                           const struct pierp_query *query)
{
    pier_err err;

    if (job->err)
        return job_failed(job, FORWARD);
    err = copy_answer(out, &job->answer, query);
    return err ? pieri_fail(FORWARD, err, NULL) : PIER_OK;
}

static pier_err ask_system(struct pier_addrinfo **out,
                           const struct pierp_query *query,
                           const struct pier_wait *wait)
{
    const struct pieri_question question = { .query = *query };
    int64_t deadline = deadline_of(wait);
    struct pieri_job *job;
    pier_err err = pieri_job_start(&job, &question);

    if (err)
        return pieri_os_fail(FORWARD, err, NULL);
    err = pieri_job_wait(job, deadline, cancel_of(wait), NULL);
    if (err)
        pieri_fail(FORWARD, err, NULL);
    else
        err = job_result(out, job, query);
    pieri_job_release(job);
    return err;
}

pier_err pier_getaddrinfo(struct pier_addrinfo **out, const char *host,
                          const char *service,
                          const struct pier_addrinfo_hints *hints,
                          const struct pier_wait *wait)
{
    struct pierp_query query = make_query(host, service, hints);
    bool answered;
    pier_err err;

    if (!out)
        return pieri_fail(FORWARD, PIER_EINVAL, NULL);
    *out = NULL;
    if (!is_wait(wait))
        return pieri_fail(FORWARD, PIER_EINVAL, NULL);
    err = pierp_start();
    if (err)
        return pieri_os_fail(FORWARD, err, NULL);
    err = pieri_numeric_getaddrinfo(out, &query, &answered);
    if (!answered)
        return ask_system(out, &query, wait);
    return err ? pieri_fail(FORWARD, err, NULL) : PIER_OK;
}

static pier_err copy_text(char *buffer, size_t capacity, const char *text)
{
    size_t size = strlen(text) + 1;

    if (capacity == 0)
        return PIER_OK;
    if (size > capacity)
        return PIER_EAI_OVERFLOW;
    memcpy(buffer, text, size);
    return PIER_OK;
}

/* Where a name look-up writes. */
struct names {
    char *host;
    size_t host_capacity;
    char *service;
    size_t service_capacity;
};

static pier_err copy_names(const struct names *to, const struct pieri_job *job)
{
    if (job->err)
        return job_failed(job, REVERSE);
    if ((to->host_capacity > 0 && strlen(job->host) >= to->host_capacity) ||
        copy_text(to->service, to->service_capacity, job->service))
        return pieri_fail(REVERSE, PIER_EAI_OVERFLOW, NULL);
    return copy_text(to->host, to->host_capacity, job->host);
}

static pier_err ask_names(const struct names *to, const struct pier_address *a,
                          int flags, const struct pier_wait *wait)
{
    const struct pieri_question question = { .address = a, .flags = flags };
    int64_t deadline = deadline_of(wait);
    struct pieri_job *job;
    pier_err err = pieri_job_start(&job, &question);

    if (err)
        return pieri_os_fail(REVERSE, err, a);
    err = pieri_job_wait(job, deadline, cancel_of(wait), NULL);
    if (err)
        pieri_fail(REVERSE, err, a);
    else
        err = copy_names(to, job);
    pieri_job_release(job);
    return err;
}

static pier_err check_names(const struct names *to,
                            const struct pier_address *a, int flags)
{
    if (pier_address_family(a) != PIER_AF_INET &&
        pier_address_family(a) != PIER_AF_INET6)
        return PIER_EAI_FAMILY;
    if (to->host_capacity == 0 && to->service_capacity == 0)
        return PIER_EAI_NONAME;
    if (flags < 0)
        return PIER_EAI_BADFLAGS;
    if ((flags & PIER_NI_NAMEREQD) && (flags & PIER_NI_NUMERICHOST))
        return PIER_EAI_NONAME;
    return PIER_OK;
}

static bool is_numeric(const struct names *to, int flags)
{
    return (to->host_capacity == 0 || (flags & PIER_NI_NUMERICHOST)) &&
           (to->service_capacity == 0 || (flags & PIER_NI_NUMERICSERV));
}

pier_err pier_getnameinfo(const struct pier_address *a, char *host,
                          size_t host_capacity, char *service,
                          size_t service_capacity, int flags,
                          const struct pier_wait *wait)
{
    const struct names to = { host, host ? host_capacity : 0, service,
                              service ? service_capacity : 0 };
    pier_err err;

    if (!a || !is_wait(wait))
        return pieri_fail(REVERSE, PIER_EINVAL, a);
    err = pierp_start();
    if (!err)
        err = check_names(&to, a, flags);
    if (!err && !is_numeric(&to, flags))
        return ask_names(&to, a, flags, wait);
    if (!err)
        err = pieri_numeric_getnameinfo(a, host, to.host_capacity, service,
                                        to.service_capacity);
    return err ? pieri_fail(REVERSE, err, a) : PIER_OK;
}

/* Begins to find the answer, or finds it at once. */
static pier_err begin_lookup(struct pier_lookup *l,
                             const struct pierp_query *query)
{
    const struct pieri_question question = { .query = *query };
    bool answered;

    l->query = *query;
    l->query.host = NULL;
    l->query.service = NULL;
    l->err = pieri_numeric_getaddrinfo(&l->list, query, &answered);
    return answered ? PIER_OK : pieri_job_start(&l->job, &question);
}

pier_err pier_lookup_start(struct pier_lookup **out, const char *host,
                           const char *service,
                           const struct pier_addrinfo_hints *hints)
{
    struct pierp_query query = make_query(host, service, hints);
    struct pier_lookup *l;
    pier_err err;

    if (!out)
        return pieri_fail(FORWARD, PIER_EINVAL, NULL);
    *out = NULL;
    err = pierp_start();
    if (err)
        return pieri_os_fail(FORWARD, err, NULL);
    l = pierp_alloc(sizeof(*l));
    if (!l)
        return pieri_fail(FORWARD, PIER_ENOMEM, NULL);
    err = begin_lookup(l, &query);
    if (err) {
        pierp_free(l);
        return pieri_fail(FORWARD, err, NULL);
    }
    *out = l;
    return PIER_OK;
}

pier_err pier_lookup_wait(struct pier_lookup *l, const struct pier_wait *wait)
{
    pier_err err = PIER_OK;

    if (!l || !is_wait(wait))
        return pieri_fail(FORWARD, PIER_EINVAL, NULL);
    if (l->canceled)
        err = PIER_ECANCELED;
    else if (l->job)
        err = pieri_job_wait(l->job, deadline_of(wait), cancel_of(wait),
                             &l->canceled);
    return err ? pieri_fail(FORWARD, err, NULL) : PIER_OK;
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
    if (err)
        pier_freeaddrinfo(list.first);
    else
        *out = list.first;
    return err;
}

pier_err pier_lookup_result(struct pier_addrinfo **out, struct pier_lookup *l)
{
    pier_err err;

    if (!out)
        return pieri_fail(FORWARD, PIER_EINVAL, NULL);
    *out = NULL;
    if (!l)
        return pieri_fail(FORWARD, PIER_EINVAL, NULL);
    if (l->canceled)
        err = PIER_ECANCELED;
    else if (!l->job)
        err = copy_list(out, l);
    else if (!pieri_job_done(l->job))
        err = PIER_EAGAIN;
    else
        return job_result(out, l->job, &l->query);
    return err ? pieri_fail(FORWARD, err, NULL) : PIER_OK;
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
