/* SPDX-License-Identifier: MIT */
#include "readiness.h"
#include <pier/poll.h>

_Static_assert((int)PIERP_POLL_IN == PIER_POLLIN &&
                   (int)PIERP_POLL_PRI == PIER_POLLPRI &&
                   (int)PIERP_POLL_OUT == PIER_POLLOUT &&
                   (int)PIERP_POLL_ERR == PIER_POLLERR &&
                   (int)PIERP_POLL_HUP == PIER_POLLHUP &&
                   (int)PIERP_POLL_NVAL == PIER_POLLNVAL &&
                   (int)PIERP_POLL_RDHUP == PIER_POLLRDHUP,
               "the seam's events are the public ones");

enum {
    UNASKED = PIER_POLLERR | PIER_POLLHUP | PIER_POLLNVAL
};

unsigned pieri_readiness_known(const struct pier_socket *s, unsigned events)
{
    const unsigned shut = s->shut;
    unsigned found = 0;

    if (pieri_layer_pending(s) > 0 || s->read_ahead > 0)
        found |= PIER_POLLIN;
    if (shut & PIERI_SHUT_RECEIVING)
        found |= PIER_POLLIN | PIER_POLLRDHUP;
    if (shut & PIERI_SHUT_SENDING)
        found |= PIER_POLLOUT;
    if (shut == (PIERI_SHUT_RECEIVING | PIERI_SHUT_SENDING))
        found |= PIER_POLLHUP;
    return found & (events | UNASKED);
}

unsigned pieri_readiness_ask(const struct pier_socket *s, unsigned events)
{
    /* The peer's end is the end of both directions then. */
    return s->shut & PIERI_SHUT_SENDING ? events | PIER_POLLRDHUP : events;
}

unsigned pieri_readiness_tell(const struct pier_socket *s, unsigned events,
                              unsigned revents)
{
    if ((s->shut & PIERI_SHUT_SENDING) && (revents & PIER_POLLRDHUP))
        revents |= PIER_POLLHUP;
    return revents & (events | UNASKED);
}
