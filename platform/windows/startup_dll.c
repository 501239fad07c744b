/* SPDX-License-Identifier: MIT */
/*
 * Only in the shared library: its code must not be called back once it is
 * unmapped. Nothing starts here, and nothing is waited for: both would be
 * wrong under the loader lock. At most the wake sockets of threads are closed.
 */
#include "unload.h"
#include <windows.h>

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID ending);

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID ending)
{
    (void)module;
    /* A process that ends frees everything; its locks may be orphaned. */
    if (reason == DLL_PROCESS_DETACH && !ending) {
        win_thread_unload();
        win_afd_unload();
        win_error_unload();
    }
    return TRUE;
}
