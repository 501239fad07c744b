/* SPDX-License-Identifier: MIT */
#include "priv.h"

pier_err pierp_tcp_info(pier_handle h, struct pier_tcp_info *out)
{
    (void)h;
    (void)out;
    (void)posix_fail_with(EOPNOTSUPP);
    return PIER_ENOTSUP;
}
