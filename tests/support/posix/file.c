/* SPDX-License-Identifier: MIT */
#include "file.h"

#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static pier_file make(int more)
{
    char path[] = "pier-file-XXXXXX";
    int fd = mkstemp(path);
    int again;

    CHECK(fd >= 0);
    again = open(path, more | O_CLOEXEC);
    CHECK(again >= 0);
    CHECK_INT(unlink(path), 0);
    CHECK_INT(close(fd), 0);
    return again;
}

pier_file file_make(void)
{
    return make(O_RDWR);
}

pier_file file_make_unreadable(void)
{
    return make(O_WRONLY);
}

void file_close(pier_file file)
{
    CHECK_INT(close((int)file), 0);
}

void file_resize(pier_file file, int64_t length)
{
    CHECK_INT(ftruncate((int)file, (off_t)length), 0);
}

void file_write(pier_file file, int64_t offset, const void *bytes,
                size_t length)
{
    CHECK_INT(pwrite((int)file, bytes, length, (off_t)offset), length);
}

int64_t file_position(pier_file file)
{
    return lseek((int)file, 0, SEEK_CUR);
}

void file_seek(pier_file file, int64_t position)
{
    CHECK_INT(lseek((int)file, (off_t)position, SEEK_SET), position);
}

void file_pipe(pier_file ends[2])
{
    int fds[2];

    CHECK_INT(pipe(fds), 0);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(fcntl(fds[i], F_SETFD, FD_CLOEXEC), 0);
        ends[i] = fds[i];
    }
}

void file_feed(pier_file pipe, const void *bytes, size_t length)
{
    CHECK_INT(write((int)pipe, bytes, length), length);
}
