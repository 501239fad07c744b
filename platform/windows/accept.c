/* SPDX-License-Identifier: MIT */
#include "priv.h"

/* Which errors belong to a connection that is gone, not to the listener. */
static pier_err fail_accept(void)
{
    pier_err err = win_fail();

    switch (pierp_native_error()) {
    case WSAECONNRESET:
    case WSAECONNABORTED:
    case WSAENETRESET:
    case WSAENOTCONN: /* it has no peer any more that could be told (Q117) */
    case ERROR_NETNAME_DELETED:
    case ERROR_CONNECTION_ABORTED:
        return PIER_ECONNABORTED;
    default:
        return err;
    }
}

/* A new connection takes its mode and options from the listener, but its
 * handle may be inheritable all the same (Q08). */
static bool prepare(SOCKET s)
{
    return win_make_private(s) && win_set_nonblocking(s, true) == 0;
}

pier_err pierp_accept(pier_handle *out, pier_handle h,
                      struct pier_address *peer)
{
    struct sockaddr_storage from = { 0 };
    int length = sizeof(from);
    SOCKET s = accept((SOCKET)h, (struct sockaddr *)&from, &length);

    if (s == INVALID_SOCKET)
        return fail_accept();
    if (!prepare(s)) {
        pier_err err = win_fail();

        closesocket(s);
        return err;
    }
    if (peer)
        win_address_set(peer, &from, length);
    *out = (pier_handle)s;
    return PIER_OK;
}
