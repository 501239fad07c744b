/* SPDX-License-Identifier: MIT */
/*
 * The wait that needs no socket of its own: an AFD poll request sets an event
 * when it is done, and that event is waited for together with the wakes.
 */
#include "afd.h"
#include "wait.h"

NTSYSCALLAPI NTSTATUS NTAPI NtCancelIoFileEx(HANDLE file,
                                             PIO_STATUS_BLOCK request,
                                             PIO_STATUS_BLOCK status);

static pier_err make_event(struct pierp_wake *own)
{
    if (!own->io)
        own->io = CreateEventW(NULL, TRUE, FALSE, NULL);
    return own->io ? PIER_OK : win_fail();
}

/*
 * The request writes into the caller's frame: it must have ended before that
 * is left, and the cancellation alone does not say so.
 */
static void take_back(HANDLE device, HANDLE io, IO_STATUS_BLOCK *status)
{
    IO_STATUS_BLOCK ignored;

    NtCancelIoFileEx(device, status, &ignored);
    WaitForSingleObject(io, INFINITE);
}

static bool is_ready(NTSTATUS status, const struct afd_poll *poll)
{
    if (status == AFD_STATUS_CANCELLED || status == AFD_STATUS_TIMEOUT)
        return false;
    return status < 0 || poll->count > 0;
}

/* Waits for a request that is under way, and leaves none behind. */
static pier_err finish(const struct win_wait *w, HANDLE device,
                       IO_STATUS_BLOCK *status, unsigned *got)
{
    pier_err err = win_wait_events(w, w->own->io, got);

    if (err || !(*got & PIERP_READY))
        take_back(device, w->own->io, status);
    *got &= ~(unsigned)PIERP_READY;
    return err;
}

/* Refused at once: the handle is gone, or none of AFD's. */
static pier_err refused(const struct win_wait *w, unsigned *got)
{
    if (!win_is_bad(w->socket))
        return win_fail_with(WSAEOPNOTSUPP);
    *got = PIERP_READY;
    return PIER_OK;
}

/* Waits for socket, a handle of the base provider. */
static pier_err poll_base(const struct win_wait *w, HANDLE device,
                          SOCKET socket, unsigned *got)
{
    struct afd_poll poll = {
        .timeout.QuadPart = w->timeout == 0 ? 0 : INT64_MAX,
        .count = 1,
        .entries[0] = { (HANDLE)socket, win_afd_events(w->want), 0 },
    };
    IO_STATUS_BLOCK io = { 0 };
    unsigned woken = 0;
    pier_err err = PIER_OK;
    NTSTATUS status = NtDeviceIoControlFile(device, w->own->io, NULL, NULL,
                                            &io, IOCTL_AFD_POLL, &poll,
                                            sizeof(poll), &poll, sizeof(poll));

    if (status == AFD_STATUS_PENDING) {
        err = finish(w, device, &io, &woken);
        status = io.Status;
    } else if (status < 0) {
        return refused(w, got);
    } else {
        woken = win_woken(w);
    }
    if (!err)
        *got = woken | (is_ready(status, &poll) ? PIERP_READY : 0);
    return err;
}

pier_err win_wait_afd(const struct win_wait *w, unsigned *got)
{
    HANDLE device = win_afd_device();
    SOCKET base;
    pier_err err;

    if (!device)
        return win_fail_with(WSAEOPNOTSUPP);
    base = win_afd_base(w->socket);
    if (base == INVALID_SOCKET) {
        if (WSAGetLastError() != WSAENOTSOCK)
            return win_fail_with(WSAEOPNOTSUPP);
        *got = PIERP_READY;
        return PIER_OK;
    }
    err = make_event(w->own);
    return err ? err : poll_base(w, device, base, got);
}
