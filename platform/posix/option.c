/* SPDX-License-Identifier: MIT */
#include "priv.h"

#include <netinet/tcp.h>

/* On macOS SO_LINGER counts in ticks of its clock (Q62). */
#ifndef POSIX_LINGER
#ifdef SO_LINGER_SEC
#define POSIX_LINGER SO_LINGER_SEC
#else
#define POSIX_LINGER SO_LINGER
#endif
#endif

static socklen_t clamp(size_t length)
{
    return length < INT_MAX ? (socklen_t)length : INT_MAX;
}

pier_err pierp_setsockopt(pier_handle h, int level, int name,
                          const void *value, size_t length)
{
    return setsockopt((int)h, level, name, value, clamp(length)) < 0
               ? posix_fail()
               : PIER_OK;
}

pier_err pierp_getsockopt(pier_handle h, int level, int name, void *value,
                          size_t *length)
{
    socklen_t used = clamp(*length);

    if (getsockopt((int)h, level, name, value, &used) < 0)
        return posix_fail();
    /* BSD has options of one byte, such as IP_MULTICAST_TTL (Q77). */
    if (used == 1 && *length == sizeof(int)) {
        int wide = *(unsigned char *)value;

        memcpy(value, &wide, sizeof wide);
        used = sizeof wide;
    }
    *length = used;
    return PIER_OK;
}

static pier_err set_int(pier_handle h, int level, int name, int value)
{
    return pierp_setsockopt(h, level, name, &value, sizeof value);
}

pier_err pierp_set_v6only(pier_handle h, bool on)
{
    return set_int(h, IPPROTO_IPV6, IPV6_V6ONLY, on);
}

pier_err pierp_set_reuse_port(pier_handle h)
{
#ifdef POSIX_REUSE_PORT
    return set_int(h, SOL_SOCKET, POSIX_REUSE_PORT, 1);
#else
    (void)h;
    (void)posix_fail_with(EOPNOTSUPP);
    return PIER_ENOTSUP;
#endif
}

pier_err pierp_set_quickack(pier_handle h, bool on)
{
#ifdef TCP_QUICKACK
    return set_int(h, IPPROTO_TCP, TCP_QUICKACK, on);
#else
    (void)h;
    (void)on;
    (void)posix_fail_with(EOPNOTSUPP);
    return PIER_ENOTSUP;
#endif
}

pier_err pierp_set_linger(pier_handle h, bool on, unsigned seconds)
{
    struct linger value = { .l_onoff = on, .l_linger = (int)seconds };

    return pierp_setsockopt(h, SOL_SOCKET, POSIX_LINGER, &value, sizeof value);
}
