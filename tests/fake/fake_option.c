/* SPDX-License-Identifier: MIT */
/* Options are kept as they were set; one never set is an int of 0. */
#include "inside.h"

#include <pier/constants.h>
#include <string.h>

static struct sim_option *find(struct sim_socket *s, int level, int name)
{
    struct sim_option *o = s->options;

    while (o && (o->level != level || o->name != name))
        o = o->next;
    return o;
}

static struct sim_option *make(struct sim_socket *s, int level, int name)
{
    struct sim_option *o = find(s, level, name);

    if (o)
        return o;
    o = sim_new(sizeof(*o));
    o->level = level;
    o->name = name;
    o->next = s->options;
    s->options = o;
    return o;
}

pier_err pierp_setsockopt(pier_handle h, int level, int name,
                          const void *value, size_t length)
{
    struct sim_socket *s;
    struct sim_option *o;
    pier_err err = sim_enter_socket(FAKE_SETSOCKOPT, h, &s);

    if (err)
        return err;
    if (length > sizeof(o->value))
        return sim_fail(PIER_EINVAL);
    o = make(s, level, name);
    if (length)
        memcpy(o->value, value, length);
    o->length = length;
    return PIER_OK;
}

static bool is_int(int value, void *out, size_t *length)
{
    if (*length < sizeof(value))
        return false;
    memcpy(out, &value, sizeof(value));
    *length = sizeof(value);
    return true;
}

static int what_the_system_knows(struct sim_socket *s, int level, int name)
{
    int err = s->error;

    if (level != PIER_SOL_SOCKET)
        return 0;
    if (name == PIER_SO_TYPE)
        return s->type;
    if (name == PIER_SO_ACCEPTCONN)
        return s->state == SIM_LISTENING;
    if (name != PIER_SO_ERROR)
        return 0;
    s->error = PIER_OK;
    return -err;
}

pier_err pierp_getsockopt(pier_handle h, int level, int name, void *value,
                          size_t *length)
{
    struct sim_socket *s;
    const struct sim_option *o;
    pier_err err = sim_enter_socket(FAKE_GETSOCKOPT, h, &s);

    if (err)
        return err;
    o = find(s, level, name);
    if (!o && is_int(what_the_system_knows(s, level, name), value, length))
        return PIER_OK;
    if (!o)
        return sim_fail(PIER_EINVAL);
    if (*length > o->length)
        *length = o->length;
    if (*length)
        memcpy(value, o->value, *length);
    return PIER_OK;
}

pier_err pierp_set_v6only(pier_handle h, bool on)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_SET_V6ONLY, h, &s);

    if (err)
        return err;
    if (s->family != PIER_AF_INET6)
        return sim_fail(PIER_ENOPROTOOPT);
    s->v6only = on;
    return PIER_OK;
}

bool fake_is_v6only(pier_handle h)
{
    const struct sim_socket *s = sim_find(h);

    return s && s->v6only;
}

pier_err pierp_set_reuse_port(pier_handle h)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_SET_REUSE_PORT, h, &s);

    if (!err)
        s->reuse_port = true;
    return err;
}
