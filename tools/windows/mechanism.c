/* SPDX-License-Identifier: MIT */
#include "private.h"

#include <stdio.h>
#include <string.h>
#include <winternl.h>

/* The release that GetVersionEx() hides from programs without a manifest. */
static const char *describe_system(void)
{
    typedef LONG(WINAPI * get_version)(OSVERSIONINFOW *);
    static char text[64];
    OSVERSIONINFOW info = { .dwOSVersionInfoSize = sizeof info };
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    FARPROC found = ntdll ? GetProcAddress(ntdll, "RtlGetVersion") : NULL;
    get_version ask = NULL;

    if (!found)
        return "Windows";
    memcpy(&ask, &found, sizeof ask);
    (void)ask(&info);
    (void)snprintf(text, sizeof text, "Windows %lu.%lu.%lu%s",
                   info.dwMajorVersion, info.dwMinorVersion,
                   info.dwBuildNumber,
                   GetProcAddress(ntdll, "wine_get_version") ? " (Wine)" : "");
    return text;
}

/* The way that is chosen when nobody forces one, as the backend chooses. */
static bool device_opens(void)
{
    static WCHAR path[] = L"\\Device\\Afd\\Probe";
    UNICODE_STRING name = { sizeof path - sizeof *path, sizeof path, path };
    OBJECT_ATTRIBUTES attributes = { .Length = sizeof attributes,
                                     .ObjectName = &name };
    IO_STATUS_BLOCK status;
    HANDLE device = NULL;

    if (NtCreateFile(&device, SYNCHRONIZE, &attributes, &status, NULL, 0,
                     FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN, 0, NULL,
                     0) < 0)
        return false;
    (void)CloseHandle(device);
    return true;
}

static const char *describe_wait(void)
{
    char forced[16] = MECHANISM_WAIT;
    char chosen[sizeof forced];
    DWORD length =
        GetEnvironmentVariableA("PIER_WINDOWS_WAIT", chosen, sizeof chosen);

    if (length > 0 && length < sizeof chosen)
        memcpy(forced, chosen, length + 1);
    if (strcmp(forced, "wsapoll") == 0)
        return "WSAPoll";
    return device_opens() ? "AFD" : "WSAPoll (the AFD device does not open)";
}

const char *system_mechanism(enum system_part part)
{
    switch (part) {
    case SYSTEM_BACKEND:
        return "windows";
    case SYSTEM_NAME:
        return describe_system();
    case SYSTEM_WAIT:
        return describe_wait();
    case SYSTEM_WAKE:
        return "event";
    case SYSTEM_CLOEXEC:
        break;
    }
    return "yes";
}

long long system_open_limit(void)
{
    return 0;
}
