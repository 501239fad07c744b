/* SPDX-License-Identifier: MIT */
/*
 * The poll request of the Ancillary Function Driver, on which select and
 * WSAPoll stand. Microsoft does not document it; it has not changed since
 * Windows Vista, and much software depends on it.
 */
#ifndef WIN_AFD_H
#define WIN_AFD_H

#include "priv.h"
#include <winternl.h>

#define IOCTL_AFD_POLL 0x00012024

/* Of ntstatus.h, which cannot be had together with windows.h. */
#define AFD_STATUS_TIMEOUT   ((NTSTATUS)0x00000102)
#define AFD_STATUS_PENDING   ((NTSTATUS)0x00000103)
#define AFD_STATUS_CANCELLED ((NTSTATUS)0xC0000120)

enum {
    AFD_POLL_RECEIVE = 0x0001,
    AFD_POLL_RECEIVE_EXPEDITED = 0x0002,
    AFD_POLL_SEND = 0x0004,
    AFD_POLL_DISCONNECT = 0x0008,
    AFD_POLL_ABORT = 0x0010,
    AFD_POLL_LOCAL_CLOSE = 0x0020,
    AFD_POLL_CONNECT = 0x0040,
    AFD_POLL_ACCEPT = 0x0080,
    AFD_POLL_CONNECT_FAIL = 0x0100,
};

struct afd_poll_entry {
    HANDLE handle;
    ULONG events;
    NTSTATUS status;
};

/* Request and answer; the timeout is in 100 ns, negative: from now. */
struct afd_poll {
    LARGE_INTEGER timeout;
    ULONG count;
    ULONG exclusive;
    struct afd_poll_entry entries[1];
};

/* The device, opened once for the process; NULL where it does not open. */
HANDLE win_afd_device(void);

/*
 * The socket of the base provider below s, the only one AFD knows.
 * INVALID_SOCKET: none (PIER_ENOTSUP), or s is no socket (WSAENOTSOCK in the
 * last error).
 */
SOCKET win_afd_base(SOCKET s);

/* What to poll for, as PIERP_READ and so on say it. */
ULONG win_afd_events(unsigned want);

struct win_wait;

/*
 * Runs a poll request until it has an answer, a wake is signalled or the time
 * has passed; none is left under way. ask needs only its entries and their
 * number; size is that of both. PIER_ENOTSOCK: refused, a handle is no socket
 * of AFD. PIERP_READY without an answer: it failed after it had begun.
 */
pier_err win_afd_request(const struct win_wait *w, struct afd_poll *ask,
                         struct afd_poll *answer, ULONG size, unsigned *got);

#endif
