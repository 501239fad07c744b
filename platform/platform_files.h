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

/* A file on its way: event is PIER_INVALID_HANDLE where none is. */
struct pierp_transmission {
    pier_handle event;
    void *request; /* the backend's */
};

/*
 * Begins to send at most length bytes of file, from offset, over a stream.
 * The system goes on by itself, until the peer has taken all of them.
 * PIER_EAGAIN while it does: pierp_wait() waits for t->event with PIERP_EVENT,
 * and then the same call gives the count, or why it failed, and nothing is on
 * its way any more.
 *
 * PIER_ENOTSUP: nothing was begun, because it is not this file, this socket or
 * this system, or because there is too little to send. Reading and sending
 * may do, or will know the error.
 *
 * pierp_transmit_end() breaks off what is on its way, and waits the moment
 * that takes. How much went out is then unknown and the stream may be broken,
 * so this is only for a call that nothing but the end of the stream ends. Both
 * are called by the thread that began.
 */
ptrdiff_t pierp_transmit(pier_handle h, pier_file file, int64_t offset,
                         size_t length, struct pierp_transmission *t);
void pierp_transmit_end(pier_handle h, struct pierp_transmission *t);

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
