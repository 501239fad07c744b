/* SPDX-License-Identifier: MIT */
#include "afd.h"
#include "unload.h"
#include <mstcpip.h>

#ifndef SIO_BASE_HANDLE
#define SIO_BASE_HANDLE _WSAIOR(IOC_WS2, 34)
#endif
#ifndef SIO_BSP_HANDLE_POLL
#define SIO_BSP_HANDLE_POLL _WSAIOR(IOC_WS2, 29)
#endif

/* More providers than this on top of each other is a loop. */
#define LAYERS_MAX 16

/* NULL: not tried yet; INVALID_HANDLE_VALUE: does not open. */
static HANDLE _Atomic device;

/* Any name below the device will do. */
static HANDLE open_device(void)
{
    static WCHAR path[] = L"\\Device\\Afd\\Pier";
    UNICODE_STRING name = { sizeof(path) - sizeof(path[0]), sizeof(path),
                            path };
    OBJECT_ATTRIBUTES attributes = { .Length = sizeof(attributes),
                                     .ObjectName = &name };
    HANDLE opened = NULL;
    IO_STATUS_BLOCK status;

    if (NtCreateFile(&opened, SYNCHRONIZE, &attributes, &status, NULL, 0,
                     FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN, 0, NULL,
                     0) < 0)
        return INVALID_HANDLE_VALUE;
    return opened;
}

/* Of threads that open it at the same time one wins. */
static HANDLE open_shared(void)
{
    HANDLE opened = open_device();
    HANDLE present = NULL;

    if (atomic_compare_exchange_strong(&device, &present, opened))
        return opened;
    if (opened != INVALID_HANDLE_VALUE)
        CloseHandle(opened);
    return present;
}

HANDLE win_afd_device(void)
{
    HANDLE found = atomic_load_explicit(&device, memory_order_acquire);

    if (!found)
        found = open_shared();
    return found == INVALID_HANDLE_VALUE ? NULL : found;
}

void win_afd_unload(void)
{
    HANDLE found = atomic_exchange(&device, NULL);

    if (found && found != INVALID_HANDLE_VALUE)
        CloseHandle(found);
}

static SOCKET ask_provider(SOCKET s, DWORD code)
{
    SOCKET below = INVALID_SOCKET;
    DWORD bytes;

    if (WSAIoctl(s, code, NULL, 0, &below, sizeof(below), &bytes, NULL, NULL))
        return INVALID_SOCKET;
    return below;
}

/*
 * Some layered providers intercept SIO_BASE_HANDLE, which they must not, but
 * let SIO_BSP_HANDLE_POLL through: it gives the next layer, which is asked
 * again.
 */
SOCKET win_afd_base(SOCKET s)
{
    int layers;

    for (layers = 0; layers < LAYERS_MAX; layers++) {
        SOCKET base = ask_provider(s, SIO_BASE_HANDLE);
        int error = WSAGetLastError();
        SOCKET below;

        if (base != INVALID_SOCKET)
            return base;
        if (error == WSAENOTSOCK) {
            WSASetLastError(error);
            return INVALID_SOCKET;
        }
        below = ask_provider(s, SIO_BSP_HANDLE_POLL);
        if (below == INVALID_SOCKET || below == s)
            break;
        s = below;
    }
    WSASetLastError(WSAEOPNOTSUPP);
    return INVALID_SOCKET;
}

/* What ends every wait, so that the call that follows reports it. */
#define EVENTS_OF_THE_END                                                     \
    (AFD_POLL_ABORT | AFD_POLL_LOCAL_CLOSE | AFD_POLL_CONNECT_FAIL)

ULONG win_afd_events(unsigned want)
{
    ULONG events = EVENTS_OF_THE_END;

    if (want & PIERP_READ)
        events |= AFD_POLL_RECEIVE | AFD_POLL_ACCEPT | AFD_POLL_DISCONNECT;
    if (want & PIERP_WRITE)
        events |= AFD_POLL_SEND;
    if (want & PIERP_CONNECT)
        events |= AFD_POLL_SEND | AFD_POLL_CONNECT;
    return events;
}
