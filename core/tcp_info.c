/* SPDX-License-Identifier: MIT */
#include "error.h"
#include "object.h"
#include <string.h>

/* Callers built against an older header have room for fewer fields. */
static void copy_out(struct pier_tcp_info *out,
                     const struct pier_tcp_info *from, size_t size)
{
    const size_t begin = offsetof(struct pier_tcp_info, rtt_ns);

    if (size > begin)
        memcpy((char *)out + begin, (const char *)from + begin, size - begin);
}

pier_err pier_tcp_info(struct pier_socket *s, struct pier_tcp_info *out)
{
    struct pier_tcp_info all = { .size = sizeof(all) };
    size_t size;
    pier_err err;

    if (!out || out->size == 0 || out->size > sizeof(all))
        return pieri_fail("tcp info", PIER_EINVAL, NULL);
    size = out->size;
    err = pieri_begin(s, "tcp info");
    if (err)
        return err;
    err = pierp_tcp_info(s->handle, &all);
    if (!err)
        copy_out(out, &all, size);
    return pieri_end(s, "tcp info", err, NULL);
}
