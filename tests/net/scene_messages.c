/* SPDX-License-Identifier: MIT */
#include "scene_messages.h"

#include <pier/constants.h>

/* What every one of them moves: several may at once, and nothing arrives. */
static char bytes[2];
static struct pier_buffer buffers[2] = { { bytes, 1 }, { bytes + 1, 1 } };

static struct pier_message whole(void)
{
    return (struct pier_message){ .buffers = buffers, .buffer_count = 2 };
}

long long run_recvmsg(struct scene *scene)
{
    struct pier_message m = whole();

    return pier_recvmsg(scene->s, &m, 0);
}

long long run_recvmsg_whole(struct scene *scene)
{
    struct pier_message m = whole();

    return pier_recvmsg(scene->s, &m, PIER_MSG_WAITALL);
}

long long run_sendmsg(struct scene *scene)
{
    const struct pier_message m = whole();

    return pier_sendmsg(scene->s, &m, 0);
}

long long run_sendmsg_to(struct scene *scene)
{
    struct pier_message m = whole();

    m.address = &scene->address;
    return pier_sendmsg(scene->s, &m, 0);
}

static long long receive_two(struct scene *scene, int flags)
{
    struct pier_datagram d[2] = { { whole(), 0 }, { whole(), 0 } };

    return pier_recvmmsg(scene->s, d, 2, flags);
}

long long run_recvmmsg(struct scene *scene)
{
    return receive_two(scene, 0);
}

long long run_recvmmsg_whole(struct scene *scene)
{
    return receive_two(scene, PIER_MSG_WAITALL);
}

static long long send_two(struct scene *scene, struct pier_address *to)
{
    struct pier_datagram d[2] = { { whole(), 0 }, { whole(), 0 } };

    d[0].message.address = to;
    d[1].message.address = to;
    return pier_sendmmsg(scene->s, d, 2, 0);
}

long long run_sendmmsg(struct scene *scene)
{
    return send_two(scene, NULL);
}

long long run_sendmmsg_to(struct scene *scene)
{
    return send_two(scene, &scene->address);
}

long long run_recv_fds(struct scene *scene)
{
    size_t count = 0;

    return pier_recv_fds(scene->s, bytes, 1, NULL, &count, 0);
}

long long run_send_fds(struct scene *scene)
{
    return pier_send_fds(scene->s, bytes, 1, NULL, 0, 0);
}
