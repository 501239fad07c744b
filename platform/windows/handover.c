/* SPDX-License-Identifier: MIT */
#include "priv.h"

/* ------------------------------------------------------------ as bytes --- */

const bool pierp_has_shares = true;

/* What the system makes of a process that is not there. */
static pier_err fail_share(void)
{
    int error = WSAGetLastError();

    return win_fail_with(error == ERROR_INVALID_PARAMETER ? WSAEINVAL : error);
}

pier_err pierp_share(void *out, size_t *length, pier_handle h,
                     int64_t process_id)
{
    WSAPROTOCOL_INFOW info;
    DWORD process;

    _Static_assert(sizeof(info) <= PIERP_SHARE_MAX, "a share is longer");
    if (process_id < 0 || process_id > MAXDWORD || *length < sizeof(info))
        return win_fail_with(WSAEINVAL);
    process = process_id ? (DWORD)process_id : GetCurrentProcessId();
    if (WSADuplicateSocketW((SOCKET)h, process, &info))
        return fail_share();
    memcpy(out, &info, sizeof(info));
    *length = sizeof(info);
    return PIER_OK;
}

pier_err pierp_fromshare(pier_handle *out, const void *bytes, size_t length)
{
    WSAPROTOCOL_INFOW info;

    if (length != sizeof(info))
        return win_fail_with(WSAEINVAL);
    memcpy(&info, bytes, sizeof(info));
    return win_open_shared(out, &info);
}

/* -------------------------------------------------------- beside bytes --- */

/* Its AF_UNIX carries bytes alone. */
const bool pierp_carries_handles = false;

ptrdiff_t pierp_send_handle(pier_handle channel, const void *bytes,
                            size_t length, pier_handle h)
{
    (void)channel;
    (void)bytes;
    (void)length;
    (void)h;
    return win_fail_with(WSAEOPNOTSUPP);
}

ptrdiff_t pierp_recv_handle(pier_handle channel, void *buffer, size_t length,
                            pier_handle *out, bool *cut)
{
    (void)channel;
    (void)buffer;
    (void)length;
    (void)out;
    (void)cut;
    return win_fail_with(WSAEOPNOTSUPP);
}

/* ------------------------------------------------ of a service manager --- */

pier_err pierp_service(struct pierp_service *out)
{
    (void)out;
    return win_fail_with(WSAEOPNOTSUPP);
}

void pierp_service_forget(void)
{
}
