/* SPDX-License-Identifier: MIT */
#include "private.h"

#include <limits.h>
#include <stdlib.h>

static HANDLE as_handle(const struct system_file *file)
{
    return (HANDLE)file->handle;
}

static enum system_error open_path(struct system_file *out, const char *path,
                                   DWORD access, DWORD share, DWORD creation)
{
    wchar_t *wide = win_wide(path);
    HANDLE file;

    if (!wide)
        return SYSTEM_NAME_TOO_LONG;
    file = CreateFileW(wide, access, share, NULL, creation,
                       FILE_ATTRIBUTE_NORMAL, NULL);
    free(wide);
    if (file == INVALID_HANDLE_VALUE)
        return win_error();
    out->handle = (intptr_t)file;
    return SYSTEM_OK;
}

enum system_error system_file_open(struct system_file *out, const char *path,
                                   uint64_t *size)
{
    LARGE_INTEGER length = { 0 };
    struct system_file file = SYSTEM_NO_FILE;
    enum system_error error;

    if (system_path_is_directory(path))
        return SYSTEM_IS_DIRECTORY;
    error = open_path(&file, path, GENERIC_READ,
                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                      OPEN_EXISTING);
    if (error)
        return error;
    if (GetFileType(as_handle(&file)) != FILE_TYPE_DISK) {
        error = SYSTEM_NOT_REGULAR;
    } else if (!GetFileSizeEx(as_handle(&file), &length)) {
        error = win_error();
    }
    if (error) {
        (void)system_file_close(&file);
        return error;
    }
    *size = (uint64_t)length.QuadPart;
    *out = file;
    return SYSTEM_OK;
}

enum system_error system_file_create(struct system_file *out, const char *path)
{
    /* Sharing deletion lets an interruption remove a file being written. */
    return open_path(out, path, GENERIC_WRITE, FILE_SHARE_DELETE, CREATE_NEW);
}

enum system_error system_file_read(struct system_file *file, void *buffer,
                                   size_t length, size_t *got)
{
    DWORD limit = length > INT_MAX ? INT_MAX : (DWORD)length;
    DWORD count = 0;

    if (!ReadFile(as_handle(file), buffer, limit, &count, NULL))
        return win_error();
    *got = count;
    return SYSTEM_OK;
}

enum system_error system_file_write(struct system_file *file,
                                    const void *buffer, size_t length)
{
    return win_write(as_handle(file), buffer, length);
}

enum system_error system_file_sync(struct system_file *file)
{
    if (FlushFileBuffers(as_handle(file)))
        return SYSTEM_OK;
    /* Not every file system has a disk to wait for. */
    return GetLastError() == ERROR_INVALID_FUNCTION ? SYSTEM_OK : win_error();
}

enum system_error system_file_close(struct system_file *file)
{
    HANDLE handle = as_handle(file);

    file->handle = -1;
    if (handle == INVALID_HANDLE_VALUE || CloseHandle(handle))
        return SYSTEM_OK;
    return win_error();
}

/* A scanner of viruses or of contents may hold a new file for a moment. */
static bool is_held(DWORD error)
{
    return error == ERROR_ACCESS_DENIED || error == ERROR_SHARING_VIOLATION;
}

static enum system_error move(const wchar_t *from, const wchar_t *to,
                              DWORD flags)
{
    enum {
        TRIES = 20,
        PAUSE_MS = 50
    };

    for (int i = 0; i < TRIES; i++) {
        if (MoveFileExW(from, to, flags))
            return SYSTEM_OK;
        if (!is_held(GetLastError()))
            break;
        Sleep(PAUSE_MS);
    }
    return win_error();
}

enum system_error system_file_publish(const char *from, const char *to,
                                      bool replace, bool sync)
{
    wchar_t *wide_from = win_wide(from);
    wchar_t *wide_to = win_wide(to);
    DWORD flags = replace ? MOVEFILE_REPLACE_EXISTING : 0;
    enum system_error error = SYSTEM_NAME_TOO_LONG;

    if (sync)
        flags |= MOVEFILE_WRITE_THROUGH;
    if (wide_from && wide_to)
        error = move(wide_from, wide_to, flags);
    free(wide_from);
    free(wide_to);
    return error;
}

void system_file_remove(const char *path)
{
    wchar_t *wide = win_wide(path);

    if (wide)
        (void)DeleteFileW(wide);
    free(wide);
}

static DWORD attributes(const char *path)
{
    wchar_t *wide = win_wide(path);
    DWORD bits = wide ? GetFileAttributesW(wide) : INVALID_FILE_ATTRIBUTES;

    free(wide);
    return bits;
}

bool system_path_exists(const char *path)
{
    return attributes(path) != INVALID_FILE_ATTRIBUTES;
}

bool system_path_is_directory(const char *path)
{
    DWORD bits = attributes(path);

    return bits != INVALID_FILE_ATTRIBUTES &&
           (bits & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

const char *system_path_base(const char *path)
{
    const char *base = path;

    for (const char *p = path; *p; p++) {
        if (*p == '/' || *p == '\\' || *p == ':')
            base = p + 1;
    }
    return base;
}
