/* SPDX-License-Identifier: MIT */
/* kernel32.dll and ntdll.dll, as far as the backend's quirks concern them. */
#include "scripted.h"
#include <winternl.h>

/* The backend's own. */
unsigned win_build(void);

int script_pretend(unsigned build)
{
    RTL_OSVERSIONINFOW version = { .dwBuildNumber = build };
    unsigned heard;
    void *none = NULL;

    script_begin(&none);
    ALWAYS(RtlGetVersion, .bytes = &version, .length = sizeof version);
    heard = win_build();
    script_end(&none);
    return heard == build ? 0 : -1;
}

/* NOLINTBEGIN(readability-function-size): as many parameters as each has. */

DOOR(BOOL, SetHandleInformation, (HANDLE object, DWORD mask, DWORD flags),
     (object, mask, flags), TOLD(V(object), V(mask), V(flags)))
DOOR(HANDLE, CreateEventW,
     (SECURITY_ATTRIBUTES * security, BOOL manual, BOOL set,
      const wchar_t *name),
     (security, manual, set, name), TOLD(V(security), manual, set))
DOOR(HANDLE, CreateWaitableTimerExW,
     (SECURITY_ATTRIBUTES * security, const wchar_t *name, DWORD flags,
      DWORD access),
     (security, name, flags, access),
     TOLD(V(security), V(name), V(flags), V(access)))
DOOR(BOOL, SetWaitableTimer,
     (HANDLE timer, const LARGE_INTEGER *due, LONG period,
      PTIMERAPCROUTINE done, void *argument, BOOL resume),
     (timer, due, period, done, argument, resume),
     TOLD(V(timer), V(due->QuadPart), period))
DOOR(DWORD, WaitForSingleObject, (HANDLE object, DWORD timeout),
     (object, timeout), TOLD(V(object), V(timeout)))
DOOR(DWORD, WaitForMultipleObjects,
     (DWORD count, const HANDLE *objects, BOOL all, DWORD timeout),
     (count, objects, all, timeout),
     TOLD(V(count), V(objects), all, V(timeout)), .in = objects,
     .in_length = count * sizeof *objects)

DOOR(DWORD, GetFileAttributesW, (const wchar_t *path), (path), TOLD(0),
     .in = path, .in_length = (wcslen(path) + 1) * sizeof *path)
DOOR(HANDLE, FindFirstFileW, (const wchar_t *path, WIN32_FIND_DATAW *found),
     (path, found), TOLD(0), .in = path,
     .in_length = (wcslen(path) + 1) * sizeof *path, .out = found,
     .room = sizeof *found)
DOOR(BOOL, FindClose, (HANDLE search), (search), TOLD(V(search)))
DOOR(BOOL, DeleteFileW, (const wchar_t *path), (path), TOLD(0), .in = path,
     .in_length = (wcslen(path) + 1) * sizeof *path)
DOOR(BOOL, QueryPerformanceCounter, (LARGE_INTEGER * now), (now), TOLD(0),
     .out = now, .room = sizeof *now)
DOOR(NTSTATUS, RtlGetVersion, (RTL_OSVERSIONINFOW * version), (version),
     TOLD(0), .out = version, .room = sizeof *version)
DOOR(NTSTATUS, NtCancelIoFileEx,
     (HANDLE file, IO_STATUS_BLOCK *request, IO_STATUS_BLOCK *status),
     (file, request, status), TOLD(V(file), V(request)))
PLAIN_DOOR(NTSTATUS, NtCreateFile,
           (HANDLE * file, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes,
            IO_STATUS_BLOCK *status, LARGE_INTEGER *size, ULONG kind,
            ULONG share, ULONG disposition, ULONG options, void *more,
            ULONG more_length),
           (file, access, attributes, status, size, kind, share, disposition,
            options, more, more_length),
           TOLD(0, V(access)), .out = file, .room = sizeof *file)
PLAIN_DOOR(NTSTATUS, NtDeviceIoControlFile,
           (HANDLE file, HANDLE event, PIO_APC_ROUTINE done, void *argument,
            IO_STATUS_BLOCK *status, ULONG code, void *in, ULONG in_length,
            void *out, ULONG out_length),
           (file, event, done, argument, status, code, in, in_length, out,
            out_length),
           TOLD(V(file), V(event), V(done), V(argument), V(status), V(code)),
           .in = in, .in_length = in_length, .out = out, .room = out_length)
/* NOLINTEND(readability-function-size) */
