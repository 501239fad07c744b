/* SPDX-License-Identifier: MIT */
#include "priv.h"

pier_err pierp_setsockopt(pier_handle h, int level, int name,
                          const void *value, size_t length)
{
    if (setsockopt((SOCKET)h, level, name, value, win_clamp(length)))
        return win_fail();
    return PIER_OK;
}

/* Some flags are written as one byte where an int was asked for (Q111). They
 * are not negative, and every Windows is little-endian. */
pier_err pierp_getsockopt(pier_handle h, int level, int name, void *value,
                          size_t *length)
{
    int used = win_clamp(*length);

    if (getsockopt((SOCKET)h, level, name, value, &used))
        return win_fail();
    if (used > 0 && used < (int)sizeof(int) && *length >= sizeof(int)) {
        memset((char *)value + used, 0, sizeof(int) - (size_t)used);
        used = sizeof(int);
    }
    *length = (size_t)used;
    return PIER_OK;
}

pier_err pierp_set_v6only(pier_handle h, bool on)
{
    DWORD value = on;

    /* Wine would take it from any socket. */
    if (win_socket_family((SOCKET)h) == AF_INET)
        return win_fail_with(WSAENOPROTOOPT);
    return pierp_setsockopt(h, IPPROTO_IPV6, IPV6_V6ONLY, &value,
                            sizeof(value));
}

/* SO_REUSEADDR on Windows hands the port to the last who asks (Q27, Q30). */
pier_err pierp_set_reuse_port(pier_handle h)
{
    (void)h;
    return win_fail_with(WSAEOPNOTSUPP);
}

/* The control code that comes near it sets something else. */
pier_err pierp_set_quickack(pier_handle h, bool on)
{
    (void)h;
    (void)on;
    return win_fail_with(WSAEOPNOTSUPP);
}

pier_err pierp_set_linger(pier_handle h, bool on, unsigned seconds)
{
    struct linger value = { on, (u_short)seconds };

    return pierp_setsockopt(h, SOL_SOCKET, SO_LINGER, &value, sizeof(value));
}
