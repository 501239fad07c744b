/* SPDX-License-Identifier: MIT */
/* Options of IP and TCP that each system has in its own way. */
#include "error.h"
#include "object.h"
#include "options.h"
#include <limits.h>
#include <pier/constants.h>
#include <pier/option.h>

/* An option under its public name, and the values it may be given. */
struct option {
    const char *operation;
    enum pierp_option which;
    int least, most;
};

static pier_err begin(struct pier_socket *s, const char *operation,
                      bool is_valid)
{
    if (!is_valid)
        return pieri_fail(operation, PIER_EINVAL, NULL);
    if (s && s->family != PIER_AF_INET && s->family != PIER_AF_INET6)
        return pieri_fail(operation, PIER_EAFNOSUPPORT, NULL);
    return pieri_begin(s, operation);
}

static pier_err set(struct pier_socket *s, const struct option *o, int value)
{
    pier_err err =
        begin(s, o->operation, value >= o->least && value <= o->most);

    if (err)
        return err;
    err = pierp_set_option(s->handle, s->family, o->which, value);
    return pieri_end(s, o->operation, err, NULL);
}

static pier_err get(struct pier_socket *s, const struct option *o, int *out)
{
    pier_err err = begin(s, o->operation, out != NULL);

    if (err)
        return err;
    err = pierp_get_option(s->handle, s->family, o->which, out);
    return pieri_end(s, o->operation, err, NULL);
}

static const struct option dontfragment = {
    "dontfragment",
    PIERP_DONTFRAGMENT,
    0,
    1,
};
static const struct option path_mtu = {
    "path mtu",
    PIERP_PATH_MTU,
    0,
    0,
};
static const struct option hop_limit = {
    "hop limit",
    PIERP_HOP_LIMIT,
    1,
    255,
};
static const struct option traffic_class = {
    "traffic class",
    PIERP_TRAFFIC_CLASS,
    0,
    255,
};
static const struct option fastopen_queue = {
    "fastopen queue",
    PIERP_FASTOPEN_QUEUE,
    0,
    INT_MAX,
};
static const struct option fastopen_connect = {
    "fastopen connect",
    PIERP_FASTOPEN_CONNECT,
    0,
    1,
};
static const struct option recverr = {
    "recverr",
    PIERP_RECVERR,
    0,
    1,
};

pier_err pier_set_dontfragment(struct pier_socket *s, bool on)
{
    return set(s, &dontfragment, on);
}

pier_err pier_get_dontfragment(struct pier_socket *s, bool *on)
{
    int found = 0;
    pier_err err;

    if (!on)
        return pieri_fail(dontfragment.operation, PIER_EINVAL, NULL);
    err = get(s, &dontfragment, &found);
    if (!err)
        *on = found != 0;
    return err;
}

pier_err pier_get_path_mtu(struct pier_socket *s, unsigned *bytes)
{
    int found = 0;
    pier_err err;

    if (!bytes)
        return pieri_fail(path_mtu.operation, PIER_EINVAL, NULL);
    err = get(s, &path_mtu, &found);
    if (!err)
        *bytes = (unsigned)found;
    return err;
}

pier_err pier_set_hop_limit(struct pier_socket *s, int hops)
{
    return set(s, &hop_limit, hops);
}

pier_err pier_get_hop_limit(struct pier_socket *s, int *hops)
{
    return get(s, &hop_limit, hops);
}

pier_err pier_set_traffic_class(struct pier_socket *s, int bits)
{
    return set(s, &traffic_class, bits);
}

pier_err pier_get_traffic_class(struct pier_socket *s, int *bits)
{
    return get(s, &traffic_class, bits);
}

pier_err pier_set_fastopen_queue(struct pier_socket *s, int length)
{
    return set(s, &fastopen_queue, length);
}

pier_err pier_set_fastopen_connect(struct pier_socket *s, bool on)
{
    return set(s, &fastopen_connect, on);
}

pier_err pier_set_recverr(struct pier_socket *s, bool on)
{
    return set(s, &recverr, on);
}

pier_err pier_recv_error(struct pier_socket *s, struct pier_net_error *out)
{
    struct pier_net_error all = { .size = 0 };
    pier_err err;

    if (!out || out->size == 0 || out->size > sizeof(all))
        return pieri_fail("recv error", PIER_EINVAL, NULL);
    err = begin(s, "recv error", true);
    if (err)
        return err;
    err = pierp_recv_error(s->handle, &all);
    if (!err)
        pieri_options_copy_out(out, &all);
    return pieri_end(s, "recv error", err, NULL);
}
