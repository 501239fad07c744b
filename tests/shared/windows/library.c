/* SPDX-License-Identifier: MIT */
#include "library.h"

#include <string.h>
/* Winsock 2 before windows.h, which would bring in Winsock 1. */
#include <winsock2.h>

#include <windows.h>

enum {
    SLOTS_MAX = 5000
};

struct library *library_load(const char *path)
{
    return (struct library *)LoadLibraryA(path);
}

void (*library_find(struct library *library, const char *name))(void)
{
    FARPROC symbol = GetProcAddress((HMODULE)library, name);
    void (*function)(void) = NULL;

    memcpy(&function, &symbol, sizeof(function));
    return function;
}

void library_unload(struct library *library)
{
    FreeLibrary((HMODULE)library);
}

bool library_is_loaded(const char *path)
{
    return GetModuleHandleA(path) != NULL;
}

bool sockets_are_started(void)
{
    SOCKET s = socket(AF_INET, SOCK_DGRAM, 0);

    if (s == INVALID_SOCKET)
        return WSAGetLastError() != WSANOTINITIALISED;
    closesocket(s);
    return true;
}

void start_and_end_sockets(void)
{
    WSADATA data;

    if (WSAStartup(MAKEWORD(2, 2), &data) == 0)
        WSACleanup();
}

int count_handles(void)
{
    DWORD count = 0;

    GetProcessHandleCount(GetCurrentProcess(), &count);
    return (int)count;
}

int count_free_slots(void)
{
    DWORD slots[SLOTS_MAX];
    int count = 0;

    while (count < SLOTS_MAX &&
           (slots[count] = FlsAlloc(NULL)) != FLS_OUT_OF_INDEXES)
        count++;
    for (int i = 0; i < count; i++)
        FlsFree(slots[i]);
    return count;
}
