/* SPDX-License-Identifier: MIT */
/*
 * The protocol between send-file and recv-file; docs/program.md has the
 * layout. Sender: header, bytes, SHA-256. Receiver: one verdict after the
 * header and one after the checksum, or earlier when it cannot go on.
 */
#ifndef TOOLS_TRANSFER_H
#define TOOLS_TRANSFER_H

#include <pier/socket.h>

#define TRANSFER_CHUNK   (256 * 1024)
#define TRANSFER_NAME    256 /* with the NUL */
#define TRANSFER_VERDICT 256 /* with the NUL */

struct transfer_header {
    uint64_t size;
    char name[TRANSFER_NAME];
};

/*
 * PIER_EPROTO: not a header of this protocol and version. The name comes as
 * the peer sent it, see file_name.h.
 */
PIER_MUST_CHECK pier_err transfer_send_header(
    struct pier_socket *s, const struct transfer_header *header);
PIER_MUST_CHECK pier_err transfer_receive_header(struct pier_socket *s,
                                                 struct transfer_header *out);

/* cause NULL: all is well. */
PIER_MUST_CHECK pier_err transfer_send_verdict(struct pier_socket *s,
                                               const char *cause);

/* cause becomes "" when all is well. */
PIER_MUST_CHECK pier_err
transfer_receive_verdict(struct pier_socket *s, char cause[TRANSFER_VERDICT]);

#endif
