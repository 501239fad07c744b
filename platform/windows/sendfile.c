/* SPDX-License-Identifier: MIT */
/*
 * Why TransmitFile() is not used. A call of pier ends at its limit, by a
 * token, a close or a shutdown, tells then how many bytes went out, and
 * leaves the connection in order. TransmitFile() cannot be used so:
 *
 * - The socket's mode means nothing to it. Without an OVERLAPPED it blocks
 *   where nothing wakes it; with one it stays pending until the peer has taken
 *   all of the slice, even one of a byte, and that a socket is writable says
 *   nothing about that.
 * - So who ends the call has to cancel it. How much of a cancelled request
 *   went out is not documented, and of a TCP socket one of whose sends ended
 *   by SO_SNDTIMEO, which is such a cancellation, Microsoft says that its
 *   state is indeterminate and that it should not be used any more: bytes
 *   would be lost, or sent twice by who goes on after *sent. (Wine does tell
 *   the count, as tests/wine finds.)
 * - A request cannot be left behind to end by itself either: it ends with the
 *   thread that made it, and until then other sends could come between.
 * - Client editions run two such requests at a time, of all processes; a third
 *   would wait for the peers of others, without a limit of its own.
 * - Sockets of AF_UNIX and layered providers do not have it.
 *
 * Reading and sending copies each byte twice and has none of this.
 */
#include "priv.h"

ptrdiff_t pierp_sendfile(pier_handle h, pier_file file, int64_t offset,
                         size_t length)
{
    (void)h;
    (void)file;
    (void)offset;
    (void)length;
    return win_fail_with(WSAEOPNOTSUPP);
}
