/* SPDX-License-Identifier: MIT */
#include "priv.h"
#include <winternl.h>

/* Unlike its Win32 relatives it tells every program the truth. */
NTSYSAPI NTSTATUS NTAPI RtlGetVersion(PRTL_OSVERSIONINFOW version);

#define WINSOCK_VERSION_WANTED MAKEWORD(2, 2)

/* What is never shut down must not be unmapped, as it would be when pier's
 * own library is unloaded and was its last user. */
static void stay_loaded(void)
{
    HMODULE winsock;

    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN, L"ws2_32.dll", &winsock);
}

static pier_err start_winsock(void)
{
    WSADATA data;
    int error = WSAStartup(WINSOCK_VERSION_WANTED, &data);

    if (error)
        return win_fail_with(error);
    if (data.wVersion != WINSOCK_VERSION_WANTED) {
        WSACleanup();
        return win_fail_with(WSAVERNOTSUPPORTED);
    }
    stay_loaded();
    return PIER_OK;
}

/*
 * Not InitOnce: a failure must leave the next caller its own attempt. There is
 * no WSACleanup at the other end, because calls in flight would meet it, and
 * the process gives everything back anyway.
 */
static pier_err start_once(atomic_bool *started)
{
    static SRWLOCK lock = SRWLOCK_INIT;
    pier_err err = PIER_OK;

    AcquireSRWLockExclusive(&lock);
    if (!atomic_load_explicit(started, memory_order_relaxed)) {
        err = win_error_start();
        if (!err)
            err = start_winsock();
        if (!err)
            atomic_store_explicit(started, true, memory_order_release);
    }
    ReleaseSRWLockExclusive(&lock);
    return err;
}

pier_err pierp_start(void)
{
    static atomic_bool started;

    if (atomic_load_explicit(&started, memory_order_acquire))
        return PIER_OK;
    return start_once(&started);
}

/* Threads that ask at the same time are told the same. */
unsigned win_build(void)
{
    static _Atomic unsigned known;
    unsigned build = atomic_load_explicit(&known, memory_order_relaxed);
    RTL_OSVERSIONINFOW version = { .dwOSVersionInfoSize = sizeof(version) };

    if (build)
        return build;
    RtlGetVersion(&version);
    atomic_store_explicit(&known, version.dwBuildNumber, memory_order_relaxed);
    return version.dwBuildNumber;
}

/* The process heap serves every run-time library that is linked in. */
void *pierp_alloc(size_t bytes)
{
    return HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, bytes);
}

void pierp_free(void *block)
{
    if (block)
        HeapFree(GetProcessHeap(), 0, block);
}
