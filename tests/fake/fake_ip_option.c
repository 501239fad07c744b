/* SPDX-License-Identifier: MIT */
/* Options of IP, which keep what they were given, and what the network
 * reports. */
#include "inside.h"

#include <pier/option.h>
#include <stdlib.h>

#define PATH_MTU 1500

static pier_err begin(enum fake_function function, pier_handle h, int family,
                      struct sim_socket **out)
{
    pier_err err = sim_enter_socket(function, h, out);

    if (!err && (*out)->family != family)
        sim_misuse("an option of family %d", family);
    return err;
}

pier_err pierp_set_option(pier_handle h, int family, enum pierp_option option,
                          int value)
{
    struct sim_socket *s;
    pier_err err = begin(FAKE_SET_OPTION, h, family, &s);

    if (!err)
        s->tuning.options[option] = value;
    return err;
}

pier_err pierp_get_option(pier_handle h, int family, enum pierp_option option,
                          int *out)
{
    struct sim_socket *s;
    pier_err err = begin(FAKE_GET_OPTION, h, family, &s);

    if (err)
        return err;
    if (option == PIERP_PATH_MTU && s->state != SIM_CONNECTED)
        return sim_fail(PIER_ENOTCONN);
    *out = option == PIERP_PATH_MTU ? PATH_MTU : s->tuning.options[option];
    return PIER_OK;
}

pier_err pierp_recv_error(pier_handle h, struct pier_net_error *out)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_RECV_ERROR, h, &s);
    const size_t size = out->size;

    if (err)
        return err;
    if (!s->net_error)
        return sim_fail(PIER_EAGAIN);
    *out = *s->net_error;
    out->size = size;
    sim_net_error_free(s);
    return PIER_OK;
}

void fake_report(pier_handle h, const struct pier_net_error *error)
{
    struct sim_socket *s = sim_find(h);

    if (!s)
        return;
    sim_net_error_free(s);
    s->net_error = sim_new(sizeof(*s->net_error));
    *s->net_error = *error;
}

void sim_net_error_free(struct sim_socket *s)
{
    free(s->net_error);
    s->net_error = NULL;
}
