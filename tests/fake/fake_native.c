/* SPDX-License-Identifier: MIT */
/* What the address files of the real backends, which are compiled into the
 * fake, report failures through. */
#include "inside.h"

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
