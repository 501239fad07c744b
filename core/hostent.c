/* SPDX-License-Identifier: MIT */
/* The older look-ups: of names with their aliases. */
#include "hostent.h"
#include "error.h"
#include "numeric.h"
#include "trace.h"
#include <pier/constants.h>
#include <string.h>

void pier_free_hostent(struct pier_hostent *h)
{
    if (!h)
        return;
    pierp_free(h->name);
    pierp_free(h->aliases);
    pierp_free(h->addresses);
    pierp_free(h);
}

/* ------------------------------------------------------ one's own copy --- */

static size_t size_of_names(const struct pierp_host *host)
{
    const char *end = host->names;

    for (size_t i = 0; i < host->name_count; i++)
        end += strlen(end) + 1;
    return (size_t)(end - host->names);
}

/* All names are in one block, which begins with the official one. */
static void point_to_aliases(struct pier_hostent *h)
{
    char *name = h->name;

    for (size_t i = 0; i < h->alias_count; i++) {
        name += strlen(name) + 1;
        h->aliases[i] = name;
    }
}

/* What is to have no elements needs no memory. */
static void *room_for(size_t count, size_t size, bool *enough)
{
    void *room = count ? pierp_alloc(count * size) : NULL;

    *enough = *enough && (room || count == 0);
    return room;
}

static pier_err copy_host(struct pier_hostent **out,
                          const struct pierp_host *from)
{
    size_t size = size_of_names(from);
    struct pier_hostent *h = pierp_alloc(sizeof(*h));
    bool enough = h != NULL;

    if (!h)
        return PIER_ENOMEM;
    h->alias_count = from->name_count - 1;
    h->address_count = from->address_count;
    h->name = room_for(size, 1, &enough);
    h->aliases = room_for(h->alias_count, sizeof(*h->aliases), &enough);
    h->addresses = room_for(h->address_count, sizeof(*h->addresses), &enough);
    if (!enough) {
        pier_free_hostent(h);
        return PIER_ENOMEM;
    }
    memcpy(h->name, from->names, size);
    point_to_aliases(h);
    if (h->address_count) {
        memcpy(h->addresses, from->addresses,
               h->address_count * sizeof(*h->addresses));
    }
    *out = h;
    return PIER_OK;
}

/* A number is its own name. */
static pier_err make_numeric(struct pier_hostent **out, const char *host,
                             struct pier_address *a)
{
    const struct pierp_host found = { (char *)(uintptr_t)host, 1, a, 1 };

    return copy_host(out, &found);
}

/* ---------------------------------------------------------- the asking --- */

/* A question for the pool, which has begun. */
static pier_err ask_pool(struct pier_hostent **out,
                         const struct pieri_question *question,
                         const struct pieri_limit *limit,
                         const char *operation)
{
    struct pieri_job *job;
    pier_err err = pieri_job_start(&job, question);

    if (err)
        return pieri_os_fail(operation, err, question->address);
    err = pieri_job_wait(job, limit->deadline, limit->cancel, NULL);
    if (err) {
        pieri_fail(operation, err, question->address);
    } else if (job->err) {
        err = pieri_job_failed(job, operation);
    } else {
        err = copy_host(out, &job->found);
        if (err)
            pieri_fail(operation, err, question->address);
    }
    pieri_job_release(job);
    return err;
}

/* What a step failed with is the failure of the operation. */
static pier_err fail_as(const char *operation, pier_err err)
{
    struct pier_detail detail = pieri_detail_save();

    detail.operation = operation;
    pieri_detail_restore(&detail);
    return err;
}

/* The first address of a host. */
static pier_err find_first(struct pier_address *out, const char *host,
                           int family, const struct pieri_limit *limit,
                           const char *operation)
{
    /* Any type would do, but all of them would give each address thrice. */
    const struct pierp_query query = { .host = host,
                                       .family = family,
                                       .type = PIER_SOCK_STREAM };
    struct pier_addrinfo *list;
    pier_err err = pieri_find(&list, &query, limit);

    if (err)
        return fail_as(operation, err);
    *out = list->address;
    pier_freeaddrinfo(list);
    return PIER_OK;
}

pier_err pieri_find_host(struct pier_hostent **out, const char *host,
                         const struct pieri_limit *limit,
                         const char *operation)
{
    struct pier_address a;
    const struct pieri_question question = { .address = &a, .older = true };
    pier_err err = find_first(&a, host, PIER_AF_UNSPEC, limit, operation);

    return err ? err : ask_pool(out, &question, limit, operation);
}

/* -------------------------------------------------------------- public --- */

static pier_err gethostbyname_now(struct pier_address *out, const char *host,
                                  const struct pier_wait *wait)
{
    static const char operation[] = "gethostbyname";
    struct pieri_limit limit;

    if (!out || !host || !pieri_limit_read(&limit, wait))
        return pieri_fail(operation, PIER_EINVAL, NULL);
    return find_first(out, host, PIER_AF_INET, &limit, operation);
}

pier_err pier_gethostbyname(struct pier_address *out, const char *host,
                            const struct pier_wait *wait)
{
    int64_t start = pieri_trace_begin();
    pier_err err = gethostbyname_now(out, host, wait);

    return (pier_err)pieri_trace_end("gethostbyname", NULL, err, start);
}

/* A literal, or what must not be looked up, is answered here. */
static pier_err find_by_name(struct pier_hostent **out, const char *host,
                             const struct pieri_limit *limit,
                             const char *operation)
{
    const struct pieri_question question = { .query.host = host,
                                             .older = true };
    const struct pierp_query query = { .host = host,
                                       .family = PIER_AF_INET,
                                       .type = PIER_SOCK_STREAM };
    struct pier_addrinfo *list = NULL;
    bool answered;
    pier_err err;

    if (limit->cancel && pier_cancel_fired(limit->cancel))
        return pieri_fail(operation, PIER_ECANCELED, NULL);
    err = pierp_start();
    if (err)
        return pieri_os_fail(operation, err, NULL);
    err = pieri_numeric_getaddrinfo(&list, &query, &answered);
    if (!answered)
        return ask_pool(out, &question, limit, operation);
    if (!err)
        err = make_numeric(out, host, &list->address);
    pier_freeaddrinfo(list);
    return err ? pieri_fail(operation, err, NULL) : PIER_OK;
}

static pier_err gethostbyname_ex_now(struct pier_hostent **out,
                                     const char *host,
                                     const struct pier_wait *wait)
{
    static const char operation[] = "gethostbyname_ex";
    struct pieri_limit limit;

    if (out)
        *out = NULL;
    if (!out || !host || !pieri_limit_read(&limit, wait))
        return pieri_fail(operation, PIER_EINVAL, NULL);
    return find_by_name(out, host, &limit, operation);
}

pier_err pier_gethostbyname_ex(struct pier_hostent **out, const char *host,
                               const struct pier_wait *wait)
{
    int64_t start = pieri_trace_begin();
    pier_err err = gethostbyname_ex_now(out, host, wait);

    return (pier_err)pieri_trace_end("gethostbyname_ex", NULL, err, start);
}

static pier_err gethostbyaddr_now(struct pier_hostent **out, const char *host,
                                  const struct pier_wait *wait)
{
    static const char operation[] = "gethostbyaddr";
    struct pieri_limit limit;

    if (out)
        *out = NULL;
    if (!out || !host || !pieri_limit_read(&limit, wait))
        return pieri_fail(operation, PIER_EINVAL, NULL);
    return pieri_find_host(out, host, &limit, operation);
}

pier_err pier_gethostbyaddr(struct pier_hostent **out, const char *host,
                            const struct pier_wait *wait)
{
    int64_t start = pieri_trace_begin();
    pier_err err = gethostbyaddr_now(out, host, wait);

    return (pier_err)pieri_trace_end("gethostbyaddr", NULL, err, start);
}
