/* SPDX-License-Identifier: MIT */
#include "flags.h"
#include "error.h"
#include <pier/constants.h>

/* A flag that the system lacks has a bit of its own: see constants.h. */
#define LACKING(name) (PIER_HAVE_##name ? 0 : PIER_##name)

#define ERRQUEUE (PIER_HAVE_MSG_ERRQUEUE ? PIER_MSG_ERRQUEUE : 0)

enum {
    LOOK_INTERVAL_MS = 5,
    OWN = PIER_MSG_DONTWAIT | PIER_MSG_NOSIGNAL | PIER_MSG_WAITALL,
    LACKED = LACKING(MSG_BCAST) | LACKING(MSG_BTAG) |
             LACKING(MSG_CMSG_CLOEXEC) | LACKING(MSG_CONFIRM) |
             LACKING(MSG_CTRUNC) | LACKING(MSG_DONTROUTE) | LACKING(MSG_EOF) |
             LACKING(MSG_EOR) | LACKING(MSG_ERRQUEUE) | LACKING(MSG_ETAG) |
             LACKING(MSG_FASTOPEN) | LACKING(MSG_MCAST) | LACKING(MSG_MORE) |
             LACKING(MSG_NOTIFICATION) | LACKING(MSG_OOB) | LACKING(MSG_PEEK) |
             LACKING(MSG_TRUNC),
};

pier_err pieri_flags_take(struct pieri_io *io, const char *operation)
{
    if (io->flags & LACKED)
        return pieri_fail(operation, PIER_EOPNOTSUPP, io->to);
    /* Every system announces these in a way of its own, so they are looked
     * for from time to time. */
    if (io->flags & (PIER_MSG_OOB | ERRQUEUE))
        io->pause_ms = LOOK_INTERVAL_MS;
    io->no_wait = (io->flags & PIER_MSG_DONTWAIT) != 0;
    /* Peeking twice gives the same bytes twice: there is nothing to gather. */
    io->whole = (io->flags & PIER_MSG_WAITALL) && !(io->flags & PIER_MSG_PEEK);
    io->flags &= ~OWN;
    return PIER_OK;
}
