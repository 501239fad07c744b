/* SPDX-License-Identifier: MIT */
/* Options whose names, units or values differ between systems. */
#include "error.h"
#include "object.h"
#include <pier/constants.h>
#include <pier/time.h>

/* What the narrowest struct linger can express. */
#define LINGER_MAX_SECONDS 65535

pier_err pier_set_nodelay(struct pier_socket *s, bool on)
{
    return pier_setsockopt_int(s, PIER_IPPROTO_TCP, PIER_TCP_NODELAY, on);
}

pier_err pier_set_quickack(struct pier_socket *s, bool on)
{
    pier_err err = pieri_begin(s, "set quickack");

    if (err)
        return err;
    err = pierp_set_quickack(s->handle, on);
    return pieri_end(s, "set quickack", err, NULL);
}

pier_err pier_set_keepalive(struct pier_socket *s, bool on, pier_timeout idle,
                            pier_timeout interval, int count)
{
    const struct pierp_keepalive k = { on, idle, interval, count };
    pier_err err;

    if (idle < 0 || interval < 0 || count < 0)
        return pieri_fail("set keepalive", PIER_EINVAL, NULL);
    err = pieri_begin(s, "set keepalive");
    if (err)
        return err;
    err = pierp_set_keepalive(s->handle, &k);
    return pieri_end(s, "set keepalive", err, NULL);
}

pier_err pier_set_linger(struct pier_socket *s, bool on, pier_timeout t)
{
    const int64_t second = PIER_SECONDS(1);
    unsigned seconds = 0;
    pier_err err;

    if (on && (t < 0 || t > LINGER_MAX_SECONDS * second))
        return pieri_fail("set linger", PIER_EINVAL, NULL);
    if (on)
        seconds = (unsigned)((t + second - 1) / second);
    err = pieri_begin(s, "set linger");
    if (err)
        return err;
    err = pierp_set_linger(s->handle, on, seconds);
    return pieri_end(s, "set linger", err, NULL);
}
