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
