/* SPDX-License-Identifier: MIT */
/* Several messages where the system has a call for one only. */
#include "common.h"

#include <pier/message.h>

ptrdiff_t plat_each_recvmsg(pier_handle h, struct pier_datagram *d,
                            size_t count, int flags)
{
    for (size_t i = 0; i < count; i++) {
        ptrdiff_t n = pierp_recvmsg(h, &d[i].message, flags);

        if (n < 0)
            return i > 0 ? (ptrdiff_t)i : n;
        d[i].result = n;
    }
    return (ptrdiff_t)count;
}

ptrdiff_t plat_each_sendmsg(pier_handle h, struct pier_datagram *d,
                            size_t count, int flags)
{
    for (size_t i = 0; i < count; i++) {
        ptrdiff_t n = pierp_sendmsg(h, &d[i].message, flags);

        if (n < 0)
            return i > 0 ? (ptrdiff_t)i : n;
        d[i].result = n;
    }
    return (ptrdiff_t)count;
}
