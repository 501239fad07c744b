/* SPDX-License-Identifier: MIT */
#include "error.h"
#include "hostent.h"
#include "trace.h"
#include <string.h>

#define OPERATION "getfqdn"

static bool means_this_machine(const char *name)
{
    return !name || !*name || strcmp(name, "0.0.0.0") == 0 ||
           strcmp(name, "::") == 0;
}

/* What ended the wait; everything else says that the name is not known. */
static bool is_of_the_wait(pier_err err)
{
    switch (err) {
    case PIER_EDEADLINE:
    case PIER_ECANCELED:
    case PIER_EINTR:
    case PIER_EMFILE:
    case PIER_ENOMEM:
    case PIER_EAGAIN:
        return true;
    default:
        return false;
    }
}

static const char *first_with_dot(const struct pier_hostent *h)
{
    if (strchr(h->name, '.'))
        return h->name;
    for (size_t i = 0; i < h->alias_count; i++) {
        if (strchr(h->aliases[i], '.'))
            return h->aliases[i];
    }
    return h->name;
}

static pier_err give(char *buffer, size_t capacity, const char *name)
{
    size_t size = strlen(name) + 1;

    if (size > capacity)
        return pieri_fail(OPERATION, PIER_ENOBUFS, NULL);
    memcpy(buffer, name, size);
    return PIER_OK;
}

static pier_err find_fqdn(char *buffer, size_t capacity, const char *name,
                          const struct pieri_limit *limit)
{
    const struct pier_detail before = pieri_detail_save();
    struct pier_hostent *h = NULL;
    pier_err err = pieri_find_host(&h, name, limit, OPERATION);

    if (err && is_of_the_wait(err))
        return err;
    /* That nobody knows it is no failure. */
    pieri_detail_restore(&before);
    err = give(buffer, capacity, h ? first_with_dot(h) : name);
    pier_free_hostent(h);
    return err;
}

static pier_err getfqdn_now(char *buffer, size_t capacity, const char *name,
                            const struct pier_wait *wait)
{
    char own[PIERI_HOST_MAX];
    struct pieri_limit limit;
    pier_err err;

    if (!buffer || !pieri_limit_read(&limit, wait))
        return pieri_fail(OPERATION, PIER_EINVAL, NULL);
    if (!means_this_machine(name))
        return find_fqdn(buffer, capacity, name, &limit);
    err = pierp_start();
    if (!err)
        err = pierp_gethostname(own, sizeof(own));
    if (err)
        return pieri_os_fail(OPERATION, err, NULL);
    return find_fqdn(buffer, capacity, own, &limit);
}

pier_err pier_getfqdn(char *buffer, size_t capacity, const char *name,
                      const struct pier_wait *wait)
{
    int64_t start = pieri_trace_begin();
    pier_err err = getfqdn_now(buffer, capacity, name, wait);

    return (pier_err)pieri_trace_end(OPERATION, NULL, err, start);
}
