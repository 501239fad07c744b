/* SPDX-License-Identifier: MIT */
/*
 * The older look-ups by means of the newer ones, which every system has for
 * any number of threads. They tell of no alias but the name that was asked
 * for.
 */
#include "common.h"
#include "priv.h"

#include <pier/constants.h>

/* The newer code in the older words. */
static pier_err in_older_words(pier_err err)
{
    switch (err) {
    case PIER_EAI_NONAME:
        return PIER_EHOST_NOT_FOUND;
    case PIER_EAI_NODATA:
        return PIER_EHOST_NO_DATA;
    case PIER_EAI_AGAIN:
        return PIER_EHOST_TRY_AGAIN;
    case PIER_EAI_FAIL:
        return PIER_EHOST_NO_RECOVERY;
    default:
        return err;
    }
}

static void copy_addresses(struct pier_address *to,
                           const struct pierp_answer *from)
{
    for (size_t i = 0; i < from->count; i++)
        to[i] = from->names[i].address;
}

static pier_err copy_answer(struct pierp_host *out,
                            const struct pierp_answer *from, const char *host)
{
    char *aliases[2] = { (char *)(uintptr_t)host, NULL };
    struct pier_address *addresses =
        pierp_alloc((from->count + 1) * sizeof *addresses);
    const struct plat_host made = { from->canonname ? from->canonname : host,
                                    aliases, addresses, from->count };
    pier_err err;

    if (!addresses)
        return plat_no_memory();
    copy_addresses(addresses, from);
    err = plat_host_copy(out, &made);
    pierp_free(addresses);
    return err;
}

pier_err pierp_gethostbyname(struct pierp_host *out, const char *host)
{
    /* One type, or each address would come once for each of them. */
    const struct pierp_query query = { .host = host,
                                       .flags = PIER_AI_CANONNAME,
                                       .family = PIER_AF_INET,
                                       .type = PIER_SOCK_STREAM };
    struct pierp_answer answer;
    pier_err err = pierp_getaddrinfo(&answer, &query);

    if (err)
        return in_older_words(err);
    err = copy_answer(out, &answer, host);
    pierp_free(answer.names);
    pierp_free(answer.canonname);
    return err;
}

pier_err pierp_gethostbyaddr(struct pierp_host *out,
                             const struct pier_address *a)
{
    char name[NI_MAXHOST];
    const struct plat_host made = { name, NULL, a, 1 };
    pier_err err =
        pierp_getnameinfo(a, name, sizeof name, NULL, 0, PIER_NI_NAMEREQD);

    return err ? in_older_words(err) : plat_host_copy(out, &made);
}
