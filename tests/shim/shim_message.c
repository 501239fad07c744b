/* SPDX-License-Identifier: MIT */
/* The layer, where it has to do with messages. */
#include "inside.h"

#include <pier/message.h>

ptrdiff_t pierp_recvmsg(pier_handle h, struct pier_message *m, int flags)
{
    pier_err err = shim_enter(SHIM_RECVMSG);

    return err ? err : real_pierp_recvmsg(h, m, flags);
}

ptrdiff_t pierp_sendmsg(pier_handle h, const struct pier_message *m, int flags)
{
    pier_err err = shim_enter(SHIM_SENDMSG);

    return err ? err : real_pierp_sendmsg(h, m, flags);
}

ptrdiff_t pierp_recvmmsg(pier_handle h, struct pier_datagram *d, size_t count,
                         int flags)
{
    pier_err err = shim_enter(SHIM_RECVMMSG);

    return err ? err : real_pierp_recvmmsg(h, d, count, flags);
}

ptrdiff_t pierp_sendmmsg(pier_handle h, struct pier_datagram *d, size_t count,
                         int flags)
{
    pier_err err = shim_enter(SHIM_SENDMMSG);

    return err ? err : real_pierp_sendmmsg(h, d, count, flags);
}

void pierp_control_write(void *at, const struct pierp_control *item)
{
    real_pierp_control_write(at, item);
}

void pierp_control_read(struct pierp_control *out, const void *at)
{
    real_pierp_control_read(out, at);
}
