/* SPDX-License-Identifier: MIT */
/*
 * Receiving and sending, the quick way: enter, one system call, leave. What
 * needs more than that goes the long way (transfer.c).
 */
#include "state.h"
#include "trace.h"
#include "transfer.h"

static bool enter_quickly(struct pier_socket *s,
                          enum pieri_direction direction, uint64_t turn)
{
    return pieri_is_own(s) &&
           pieri_enter(s, pieri_trace_obstacles(direction), turn);
}

ptrdiff_t pier_recv(struct pier_socket *s, void *buffer, size_t length,
                    int flags)
{
    ptrdiff_t n;

    if (!s || !buffer || length == 0 || flags != 0 ||
        !enter_quickly(s, PIERI_RECEIVING, 0))
        return pieri_receive(s, buffer, length, flags, PIERI_NOT_TRIED);
    n = pierp_recv(s->handle, buffer, length, 0);
    if (n < 0)
        return pieri_receive(s, buffer, length, 0, n);
    return pieri_leave(s, n);
}

ptrdiff_t pier_recvfrom(struct pier_socket *s, void *buffer, size_t length,
                        int flags, struct pier_address *from)
{
    const struct pieri_room room = { buffer, length, from };
    ptrdiff_t n;

    if (!s || !buffer || length == 0 || flags != 0 ||
        !enter_quickly(s, PIERI_RECEIVING, 0))
        return pieri_receive_from(s, &room, flags, PIERI_NOT_TRIED);
    n = pierp_recvfrom(s->handle, buffer, length, 0, from);
    if (n < 0)
        return pieri_receive_from(s, &room, 0, n);
    return pieri_leave(s, n);
}

ptrdiff_t pier_send(struct pier_socket *s, const void *buffer, size_t length,
                    int flags)
{
    ptrdiff_t n;

    if (!s || !buffer || length == 0 || flags != 0 ||
        !enter_quickly(s, PIERI_SENDING, s->write_turn))
        return pieri_send(s, buffer, length, flags, PIERI_NOT_TRIED);
    n = pierp_send(s->handle, buffer, length, 0);
    if (n < 0)
        return pieri_send(s, buffer, length, 0, n);
    return pieri_leave_turn(s, s->write_turn, n);
}

ptrdiff_t pier_sendto(struct pier_socket *s, const void *buffer, size_t length,
                      int flags, const struct pier_address *to)
{
    const struct pieri_message message = { buffer, length, to };
    ptrdiff_t n;

    if (!to)
        return pier_send(s, buffer, length, flags);
    if (!s || !buffer || length == 0 || flags != 0 ||
        !enter_quickly(s, PIERI_SENDING, s->write_turn))
        return pieri_send_to(s, &message, flags, PIERI_NOT_TRIED);
    n = pierp_sendto(s->handle, buffer, length, 0, to);
    if (n < 0)
        return pieri_send_to(s, &message, 0, n);
    return pieri_leave_turn(s, s->write_turn, n);
}
