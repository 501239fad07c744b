/* SPDX-License-Identifier: MIT */
/*
 * Sending over a stream what a file holds, or what a function gives piece by
 * piece.
 *
 * Both calls hold the stream's write turn from the first byte to the last and
 * have one deadline, which begins with the call. Limit, token and close are
 * looked at between pieces too (of at most 1 MiB), however fast the peer
 * reads. What ends a call is one of "the errors of a wait" (socket.h) or an
 * error of pier_send(); PIER_EAGAIN with the timeout 0 says that the stream
 * takes no more now. No SIGPIPE is raised.
 *
 * *sent, which may be NULL, is how many bytes the stream has taken, whatever
 * is returned. Ending before count bytes because there are no more is no
 * error: PIER_OK, and *sent is smaller. count 0 sends nothing.
 *
 * Beside the stack at most 64 KiB of memory are used.
 */
#ifndef PIER_SENDFILE_H
#define PIER_SENDFILE_H

#include <pier/types.h>

PIER_BEGIN_DECLS

/*
 * Sends count bytes of a file, or all to its end when count is negative,
 * from offset, or from where the file's position is when offset is negative.
 * file is open for reading and stays the caller's; a Windows HANDLE may be
 * open for overlapped calls, but a number of the C library is none.
 *
 * When the call ends, however, the file's position is after what was sent;
 * where nothing was, it is as it was. While the call runs the position means
 * nothing. A call that failed can be continued with the offset -1 and what is
 * left of count. The file may change meanwhile: each byte is sent as it is
 * when its turn comes.
 *
 * A pipe, a terminal or a socket has no position: offset must be negative. It
 * is read as bytes come, which the limits of the call cover too (a Windows
 * console excepted, which is read as long as it takes), but never beyond
 * count. When the call then fails, up to 64 KiB may have been read that were
 * not sent, and are lost; so this is refused with the timeout 0. Nobody else
 * should read it meanwhile: what was seen and then taken by another may make
 * the call wait without limit (Linux 6.4 and later excepted).
 *
 * The system's own way is used where there is one for this file and this
 * socket: sendfile(2) on Linux, macOS and FreeBSD; TransmitFile() on server
 * editions of Windows, for calls without limit and token. Else, and under TLS,
 * the bytes are read and sent. There is no difference but speed, and this: a
 * close or a shutdown that ends TransmitFile() may reset the connection, and
 * then, as after an error of the connection, *sent is what went before the
 * slice of 16 MiB that was on its way. A file that gets shorter meanwhile may
 * be PIER_EIO there.
 *
 * Errors: those of pier_sendall(); what reading gives, such as PIER_EIO or
 *         PIER_EISDIR
 *         PIER_EINVAL  s is no stream; file is not open for reading; offset
 *                      and count go beyond INT64_MAX
 *         PIER_ESPIPE  the file has no position, and offset is not negative
 *                      or the timeout is 0
 *
 * Threads: any; two that use one file at once share its position.
 *
 * Source: sendfile(2); TransmitFile() of Winsock; socket.sendfile() of Python.
 */
PIER_API PIER_MUST_CHECK pier_err pier_sendfile(struct pier_socket *s,
                                                pier_file file, int64_t offset,
                                                int64_t count, int64_t *sent);

/*
 * Sends count bytes, or all when count is negative, that read() gives. It is
 * called when all it gave before has been sent, puts at most length bytes
 * (never more than are left of count) into buffer and returns their number; 0
 * is the end, a negative PIER_E* ends the call with that code.
 *
 * read() runs inside the call, in the calling thread, and must not wait for
 * another send on s; it may do anything else, and close s too. Its time
 * counts; nothing ends the call while it runs. What it gave and *sent does
 * not count was not sent: keeping that is read()'s matter.
 *
 * Errors: those of pier_sendall(); what read() returns; PIER_EINVAL, s is no
 *         stream, read is NULL or has returned more than length
 */
PIER_API PIER_MUST_CHECK pier_err pier_sendfrom(
    struct pier_socket *s,
    ptrdiff_t(PIER_CALL *read)(void *context, void *buffer, size_t length),
    void *context, int64_t count, int64_t *sent);

PIER_END_DECLS

#endif
