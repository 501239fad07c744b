/* SPDX-License-Identifier: MIT */
/* The part of the seam that has to do with files: see platform.h. */
#ifndef PIERP_PLATFORM_FILES_H
#define PIERP_PLATFORM_FILES_H

#include <pier/error.h>

/*
 * Moves at most length bytes (not 0) of file, from offset, to a stream whose
 * handle is non-blocking; the file's position is left alone. 0: the file ends
 * there. PIER_EAGAIN: the stream takes nothing now. PIER_ENOTSUP: not this
 * file and this socket, or not this system; reading and sending may do, or
 * will know the error. No SIGPIPE is raised.
 */
ptrdiff_t pierp_sendfile(pier_handle h, pier_file file, int64_t offset,
                         size_t length);

/*
 * Reads at most length bytes (not 0) from offset; the file's position may
 * change. 0: the end. An offset of -1 is for a file that has no position:
 * PIER_EAGAIN where nothing has come yet.
 */
ptrdiff_t pierp_file_read(pier_file file, void *buffer, size_t length,
                          int64_t offset);

/* PIER_ESPIPE: the file has no position. */
pier_err pierp_file_get_position(pier_file file, int64_t *out);
pier_err pierp_file_set_position(pier_file file, int64_t position);

/* What pierp_wait() takes to wait until a file without position has something
 * to read; PIER_INVALID_HANDLE where that can only be looked for. */
pier_handle pierp_file_waitable(pier_file file);

#endif
