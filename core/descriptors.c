/* SPDX-License-Identifier: MIT */
/* Descriptors over an AF_UNIX socket: SCM_RIGHTS. */
#include "error.h"
#include "platform.h"
#include "trace.h"
#include <limits.h>
#include <pier/constants.h>
#include <pier/message.h>
#include <string.h>

/* What Linux sends at once is the fewest; others may send twice as many. */
enum {
    DESCRIPTORS_MAX = 253,
    DESCRIPTORS_ROOM = 512
};

/* Room for that many, aligned as control data must be, and for what else the
 * system may put before them. */
union room {
    max_align_t align;
    unsigned char bytes[256 + DESCRIPTORS_ROOM * sizeof(int)];
};

static pier_err check(const struct pier_socket *s, const char *operation)
{
    if (!s)
        return pieri_fail(operation, PIER_EINVAL, NULL);
    if (!PIER_HAVE_SCM_RIGHTS || pier_family(s) != PIER_AF_UNIX)
        return pieri_fail(operation, PIER_ENOTSUP, NULL);
    return PIER_OK;
}

/* -------------------------------------------------------- sending --- */

static pier_err put_all(struct pier_message *m, union room *room,
                        const pier_handle *fds, size_t count)
{
    int numbers[DESCRIPTORS_MAX];

    if (count > DESCRIPTORS_MAX)
        return PIER_ETOOMANYREFS;
    for (size_t i = 0; i < count; i++) {
        if (fds[i] < 0 || fds[i] > INT_MAX)
            return PIER_EBADF;
        numbers[i] = (int)fds[i];
    }
    m->control = room;
    return pier_control_put(m, sizeof(*room), PIER_SOL_SOCKET, PIER_SCM_RIGHTS,
                            numbers, count * sizeof(*numbers));
}

static const char sending[] = "send_fds";

static ptrdiff_t send_now(struct pier_socket *s, struct pier_message *m,
                          const pier_handle *fds, size_t count, int flags)
{
    union room room;
    pier_err err = check(s, sending);

    if (err)
        return err;
    if ((!fds && count > 0) ||
        (m->buffers->length == 0 && pier_type(s) == PIER_SOCK_STREAM))
        return pieri_fail(sending, PIER_EINVAL, NULL);
    if (count > 0)
        err = put_all(m, &room, fds, count);
    if (err)
        return pieri_fail(sending, err, NULL);
    return pier_sendmsg(s, m, flags);
}

ptrdiff_t pier_send_fds(struct pier_socket *s, const void *buffer,
                        size_t length, const pier_handle *fds, size_t count,
                        int flags)
{
    struct pier_buffer piece = { (void *)(uintptr_t)buffer, length };
    struct pier_message m = { .buffers = &piece, .buffer_count = 1 };
    int64_t start = pieri_trace_begin();
    ptrdiff_t n = send_now(s, &m, fds, count, flags);

    return pieri_trace_end(sending, s, n, start);
}

/* ------------------------------------------------------ receiving --- */

struct taking {
    pier_handle *fds;
    size_t room;
    size_t count;
};

/* One that the caller has no room for is closed. */
static void take(struct taking *t, int fd)
{
    if (t->count < t->room) {
        t->fds[t->count++] = fd;
    } else {
        (void)pierp_close(fd);
    }
}

static void take_item(struct taking *t, const struct pier_control *item)
{
    const unsigned char *at = item->data;

    if (item->level != PIER_SOL_SOCKET || item->type != PIER_SCM_RIGHTS)
        return;
    for (size_t i = 0; i < item->length / sizeof(int); i++) {
        int fd;

        memcpy(&fd, at + i * sizeof(fd), sizeof(fd));
        take(t, fd);
    }
}

static const char receiving[] = "recv_fds";

static void give_back(struct taking *t)
{
    while (t->count > 0)
        (void)pierp_close(t->fds[--t->count]);
}

/*
 * Room for all that can come is offered, whatever the caller has room for: not
 * every system closes what had none, and other control data comes before. So
 * what was cut all the same is what this process may not have any more.
 */
static ptrdiff_t receive(struct pier_socket *s, struct pier_buffer *piece,
                         struct taking *t, int flags)
{
    union room room;
    struct pier_message m = { .buffers = piece,
                              .buffer_count = 1,
                              .control = &room,
                              .control_length = sizeof(room) };
    struct pier_control item = { .next = 0 };
    ptrdiff_t n = pier_recvmsg(s, &m, flags);

    while (n >= 0 && pier_control_next(&m, &item))
        take_item(t, &item);
    if (n < 0 || !(m.flags & PIER_MSG_CTRUNC))
        return n;
    give_back(t);
    return pieri_fail(receiving, PIER_EMFILE, NULL);
}

static ptrdiff_t receive_now(struct pier_socket *s, struct pier_buffer *piece,
                             struct taking *t, int flags)
{
    pier_err err = check(s, receiving);

    if (err)
        return err;
    if (!t->fds && t->room > 0)
        return pieri_fail(receiving, PIER_EINVAL, NULL);
    return receive(s, piece, t, flags);
}

ptrdiff_t pier_recv_fds(struct pier_socket *s, void *buffer, size_t length,
                        pier_handle *fds, size_t *count, int flags)
{
    struct pier_buffer piece = { buffer, length };
    struct taking t = { .fds = fds, .room = count ? *count : 0 };
    int64_t start = pieri_trace_begin();
    ptrdiff_t n = count ? receive_now(s, &piece, &t, flags)
                        : pieri_fail(receiving, PIER_EINVAL, NULL);

    if (count)
        *count = t.count;
    return pieri_trace_end(receiving, s, n, start);
}
