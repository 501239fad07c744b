/* SPDX-License-Identifier: MIT */
#include "file.h"

#include "check.h"

#include <windows.h>

static HANDLE handle_of(pier_file file)
{
    return (HANDLE)file;
}

static pier_file make(DWORD access)
{
    static volatile LONG count;
    wchar_t path[64];
    HANDLE made;

    (void)wsprintfW(path, L"pier-file-%lu-%ld", GetCurrentProcessId(),
                    InterlockedIncrement(&count));
    made = CreateFileW(path, access, 0, NULL, CREATE_NEW,
                       FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE,
                       NULL);
    CHECK(made != INVALID_HANDLE_VALUE);
    return (pier_file)made;
}

pier_file file_make(void)
{
    return make(GENERIC_READ | GENERIC_WRITE | DELETE);
}

pier_file file_make_unreadable(void)
{
    return make(GENERIC_WRITE | DELETE);
}

void file_close(pier_file file)
{
    CHECK(CloseHandle(handle_of(file)));
}

static int64_t move(pier_file file, int64_t distance, DWORD how)
{
    LARGE_INTEGER by = { .QuadPart = distance };
    LARGE_INTEGER to;

    CHECK(SetFilePointerEx(handle_of(file), by, &to, how));
    return to.QuadPart;
}

int64_t file_position(pier_file file)
{
    return move(file, 0, FILE_CURRENT);
}

void file_seek(pier_file file, int64_t position)
{
    CHECK_INT(move(file, position, FILE_BEGIN), position);
}

void file_resize(pier_file file, int64_t length)
{
    file_seek(file, length);
    CHECK(SetEndOfFile(handle_of(file)));
    file_seek(file, 0);
}

void file_write(pier_file file, int64_t offset, const void *bytes,
                size_t length)
{
    DWORD count = 0;

    file_seek(file, offset);
    CHECK(WriteFile(handle_of(file), bytes, (DWORD)length, &count, NULL));
    CHECK_INT(count, length);
    file_seek(file, 0);
}

void file_pipe(pier_file ends[2])
{
    HANDLE handles[2];

    CHECK(CreatePipe(&handles[0], &handles[1], NULL, 0));
    for (int i = 0; i < 2; i++)
        ends[i] = (pier_file)handles[i];
}

void file_feed(pier_file pipe, const void *bytes, size_t length)
{
    DWORD count = 0;

    CHECK(WriteFile(handle_of(pipe), bytes, (DWORD)length, &count, NULL));
    CHECK_INT(count, length);
}
