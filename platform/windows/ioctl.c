/* SPDX-License-Identifier: MIT */
#include "priv.h"

static pier_err fail_ioctl(void)
{
    int error = WSAGetLastError();

    if (error != WSAEOPNOTSUPP)
        return win_fail_with(error);
    /* What POSIX calls a code that is none of this handle's. */
    (void)win_fail_with(error);
    return PIER_ENOTTY;
}

pier_err pierp_ioctl(pier_handle h, unsigned long code, const void *in,
                     size_t in_length, void *out, size_t *out_length)
{
    DWORD room = out ? (DWORD)win_clamp(*out_length) : 0;
    DWORD used = 0;

    if (WSAIoctl((SOCKET)h, code, (void *)(uintptr_t)in,
                 (DWORD)win_clamp(in_length), out, room, &used, NULL, NULL))
        return fail_ioctl();
    if (out)
        *out_length = used;
    return PIER_OK;
}

/* Providers may layer, so it is the socket's own that is asked for. That needs
 * no kernel: it costs less than to find out whether one known fits. */
bool win_find_function(SOCKET s, GUID name, void *function)
{
    DWORD used;

    return !WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &name,
                     sizeof(name), function, sizeof(void (*)(void)), &used,
                     NULL, NULL);
}
