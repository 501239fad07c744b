/* SPDX-License-Identifier: MIT */
/* The interfaces of the fake. The address files of the real backends, which
 * are compiled into it, have theirs out of the way; they report failures
 * through these. */
#include "inside.h"

#include <string.h>

pier_err posix_fail(void);
pier_err win_fail(void);
pier_err win_fail_with(int native);

pier_err posix_fail(void)
{
    return sim_fail(PIER_ENXIO);
}

pier_err win_fail(void)
{
    return sim_fail(PIER_ENXIO);
}

pier_err win_fail_with(int native)
{
    (void)native;
    return sim_fail(PIER_ENXIO);
}

pier_err pierp_if_nametoindex(unsigned *out, const char *name)
{
    pier_err err = sim_enter(FAKE_IF_NAMETOINDEX);

    if (err)
        return err;
    if (strcmp(name, FAKE_INTERFACE) != 0)
        return sim_fail(PIER_ENXIO);
    *out = FAKE_INTERFACE_INDEX;
    return PIER_OK;
}
