/* SPDX-License-Identifier: MIT */
#include "common.h"

pier_err pierp_recv_error(pier_handle h, struct pier_net_error *out)
{
    (void)out;
    (void)h;
    return plat_lack();
}
