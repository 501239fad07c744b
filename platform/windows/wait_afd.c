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

pier_err win_io_event(struct pierp_wake *own)
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

pier_err win_afd_request(const struct win_wait *w, struct afd_poll *ask,
                         struct afd_poll *answer, ULONG size, unsigned *got)
{
    HANDLE device = win_afd_device();
    IO_STATUS_BLOCK io = { 0 };
    unsigned woken = 0;
    pier_err err = win_io_event(w->own);
    NTSTATUS status;

    if (err)
        return err;
    ask->timeout.QuadPart = w->timeout == 0 ? 0 : INT64_MAX;
    /* An exclusive request ends the others of its sockets, even its own
     * second entry for one. */
    ask->exclusive = FALSE;
    answer->count = 0;
    status = NtDeviceIoControlFile(device, w->own->io, NULL, NULL, &io,
                                   IOCTL_AFD_POLL, ask, size, answer, size);
    if (status == AFD_STATUS_PENDING) {
        err = finish(w, device, &io, &woken);
        status = io.Status;
    } else if (status < 0) {
        return win_fail_with(WSAENOTSOCK);
    } else {
        woken = win_woken(w);
    }
    if (status < 0)
        answer->count = 0;
    if (!err)
        *got = woken | (is_ready(status, answer) ? PIERP_READY : 0);
    return err;
}

pier_err win_wait_afd(const struct win_wait *w, unsigned *got)
{
    struct afd_poll ask = { .count = 1 };
    struct afd_poll answer;
    SOCKET base;
    pier_err err;

    if (!win_afd_device())
        return win_fail_with(WSAEOPNOTSUPP);
    base = win_afd_base(w->socket);
    if (base == INVALID_SOCKET) {
        if (WSAGetLastError() != WSAENOTSOCK)
            return win_fail_with(WSAEOPNOTSUPP);
        *got = PIERP_READY;
        return PIER_OK;
    }
    ask.entries[0].handle = (HANDLE)base;
    ask.entries[0].events = win_afd_events(w->want);
    err = win_afd_request(w, &ask, &answer, sizeof(ask), got);
    if (err != PIER_ENOTSOCK)
        return err;
    /* Refused at once: the handle is gone, or none of AFD's. */
    if (!win_is_bad(w->socket))
        return win_fail_with(WSAEOPNOTSUPP);
    *got = PIERP_READY;
    return PIER_OK;
}
