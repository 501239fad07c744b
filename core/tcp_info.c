/* SPDX-License-Identifier: MIT */
#include "error.h"
#include "object.h"
#include "options.h"

pier_err pier_tcp_info(struct pier_socket *s, struct pier_tcp_info *out)
{
    struct pier_tcp_info all = { .size = sizeof(all) };
    pier_err err;

    if (!out || out->size == 0 || out->size > sizeof(all))
        return pieri_fail("tcp info", PIER_EINVAL, NULL);
    err = pieri_begin(s, "tcp info");
    if (err)
        return err;
    err = pierp_tcp_info(s->handle, &all);
    if (!err)
        pieri_options_copy_out(out, &all);
    return pieri_end(s, "tcp info", err, NULL);
}
