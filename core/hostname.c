/* SPDX-License-Identifier: MIT */
#include "error.h"
#include <pier/resolver.h>

pier_err pier_gethostname(char *buffer, size_t capacity)
{
    pier_err err;

    if (!buffer)
        return pieri_fail("gethostname", PIER_EINVAL, NULL);
    err = pierp_start();
    if (!err)
        err = pierp_gethostname(buffer, capacity);
    return err ? pieri_os_fail("gethostname", err, NULL) : PIER_OK;
}

pier_err pier_sethostname(const char *name)
{
    pier_err err;

    if (!name)
        return pieri_fail("sethostname", PIER_EINVAL, NULL);
    err = pierp_sethostname(name);
    /* What the system lacks altogether has no code of its. */
    if (err == PIER_ENOTSUP)
        return pieri_fail("sethostname", err, NULL);
    return err ? pieri_os_fail("sethostname", err, NULL) : PIER_OK;
}
