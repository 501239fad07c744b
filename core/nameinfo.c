/* SPDX-License-Identifier: MIT */
#include "error.h"
#include "numeric.h"
#include "resolver.h"
#include "trace.h"
#include <pier/constants.h>
#include <string.h>

#define OPERATION "getnameinfo"

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
        return pieri_job_failed(job, OPERATION);
    if ((to->host_capacity > 0 && strlen(job->host) >= to->host_capacity) ||
        copy_text(to->service, to->service_capacity, job->service))
        return pieri_fail(OPERATION, PIER_EAI_OVERFLOW, NULL);
    return copy_text(to->host, to->host_capacity, job->host);
}

static pier_err ask_names(const struct names *to, const struct pier_address *a,
                          int flags, const struct pieri_limit *limit)
{
    const struct pieri_question question = { .address = a, .flags = flags };
    struct pieri_job *job;
    pier_err err = pieri_job_start(&job, &question);

    if (err)
        return pieri_os_fail(OPERATION, err, a);
    err = pieri_job_wait(job, limit->deadline, limit->cancel, NULL);
    if (err) {
        pieri_fail(OPERATION, err, a);
    } else {
        err = copy_names(to, job);
    }
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

static pier_err find_names(const struct names *to,
                           const struct pier_address *a, int flags,
                           const struct pieri_limit *limit)
{
    pier_err err = check_names(to, a, flags);

    if (!err && limit->cancel && pier_cancel_fired(limit->cancel))
        err = PIER_ECANCELED;
    if (!err && !is_numeric(to, flags))
        return ask_names(to, a, flags, limit);
    if (!err) {
        err = pieri_numeric_getnameinfo(a, to->host, to->host_capacity,
                                        to->service, to->service_capacity);
    }
    return err ? pieri_fail(OPERATION, err, a) : PIER_OK;
}

static pier_err getnameinfo_now(const struct names *to,
                                const struct pier_address *a, int flags,
                                const struct pier_wait *wait)
{
    struct pieri_limit limit;
    pier_err err;

    if (!a || !pieri_limit_read(&limit, wait))
        return pieri_fail(OPERATION, PIER_EINVAL, a);
    err = pierp_start();
    if (err)
        return pieri_os_fail(OPERATION, err, a);
    return find_names(to, a, flags, &limit);
}

/* The parameters are those of getnameinfo(). */
/* NOLINTNEXTLINE(readability-function-size) */
pier_err pier_getnameinfo(const struct pier_address *a, char *host,
                          size_t host_capacity, char *service,
                          size_t service_capacity, int flags,
                          const struct pier_wait *wait)
{
    const struct names to = { host, host ? host_capacity : 0, service,
                              service ? service_capacity : 0 };
    int64_t start = pieri_trace_begin();
    pier_err err = getnameinfo_now(&to, a, flags, wait);

    return (pier_err)pieri_trace_end(OPERATION, NULL, err, start);
}
