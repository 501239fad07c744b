/* SPDX-License-Identifier: MIT */
#include "private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum system_error check_regular(int fd, uint64_t *size)
{
    struct stat status;

    if (fstat(fd, &status))
        return posix_error();
    if (S_ISDIR(status.st_mode))
        return SYSTEM_IS_DIRECTORY;
    if (!S_ISREG(status.st_mode))
        return SYSTEM_NOT_REGULAR;
    *size = (uint64_t)status.st_size;
    return SYSTEM_OK;
}

enum system_error system_file_open(struct system_file *out, const char *path,
                                   uint64_t *size)
{
    /* O_NONBLOCK: opening a FIFO must not wait for its writer. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    enum system_error error;

    if (fd < 0)
        return posix_error();
    error = check_regular(fd, size);
    if (error) {
        (void)close(fd);
        return error;
    }
    out->handle = fd;
    return SYSTEM_OK;
}

enum system_error system_file_create(struct system_file *out, const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    if (fd < 0)
        return posix_error();
    out->handle = fd;
    return SYSTEM_OK;
}

enum system_error system_file_read(struct system_file *file, void *buffer,
                                   size_t length, size_t *got)
{
    return posix_read((int)file->handle, buffer, length, got);
}

enum system_error system_file_write(struct system_file *file,
                                    const void *buffer, size_t length)
{
    return posix_write((int)file->handle, buffer, length);
}

static enum system_error sync_descriptor(int fd)
{
    int result;

    do {
        result = fsync(fd);
    } while (result != 0 && errno == EINTR);
    /* Not every file system has a disk to wait for. */
    if (result == 0 || errno == EINVAL || errno == ENOTSUP)
        return SYSTEM_OK;
    return posix_error();
}

enum system_error system_file_sync(struct system_file *file)
{
    return sync_descriptor((int)file->handle);
}

enum system_error system_file_close(struct system_file *file)
{
    int fd = (int)file->handle;

    file->handle = -1;
    if (fd < 0 || close(fd) == 0 || errno == EINTR)
        return SYSTEM_OK;
    return posix_error();
}

static int open_directory_of(const char *path)
{
    size_t length = (size_t)(system_path_base(path) - path);
    char *name = length > 0 ? strndup(path, length) : strdup(".");
    int fd = -1;
    int error;

    if (name)
        fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    error = errno;
    free(name);
    errno = error;
    return fd;
}

static enum system_error sync_directory_of(const char *path)
{
    int fd = open_directory_of(path);
    enum system_error error;

    /* One that may be written to, but not read, cannot be synced. */
    if (fd < 0)
        return errno == EACCES ? SYSTEM_OK : posix_error();
    error = sync_descriptor(fd);
    (void)close(fd);
    return error;
}

static enum system_error rename_file(const char *from, const char *to,
                                     bool replace)
{
    /* link(2) refuses an existing name in one step; rename(2) does not. */
    if (!replace && link(from, to) == 0) {
        (void)unlink(from);
        return SYSTEM_OK;
    }
    if (!replace && (errno == EEXIST || system_path_exists(to)))
        return SYSTEM_EXISTS;
    /* Here also for file systems without links. */
    return rename(from, to) ? posix_error() : SYSTEM_OK;
}

enum system_error system_file_publish(const char *from, const char *to,
                                      bool replace, bool sync)
{
    enum system_error error = rename_file(from, to, replace);

    if (error || !sync)
        return error;
    error = sync_directory_of(to);
    /* What was there before cannot be had back; nothing can. */
    if (error && !replace)
        (void)unlink(to);
    return error;
}

void system_file_remove(const char *path)
{
    (void)unlink(path);
}

bool system_path_exists(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0;
}

bool system_path_is_directory(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

const char *system_path_base(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}
