/* SPDX-License-Identifier: MIT */
/*
 * The headers of Windows 10 have IP_RECVERR and MSG_ERRQUEUE, but nothing
 * documents whose address a receive of the queue gives, or which errors are
 * kept. What cannot be known is not guessed.
 */
#include "common.h"

pier_err pierp_recv_error(pier_handle h, struct pier_net_error *out)
{
    (void)h;
    (void)out;
    return plat_lack();
}
