/* SPDX-License-Identifier: MIT */
#include "error.h"
#include "object.h"
#include <pier/constants.h>

#define HOPS_MAX 255

static bool is_multicast(const struct pierp_endpoint *e)
{
    if (e->family == PIER_AF_INET)
        return e->ip[0] >= 224 && e->ip[0] <= 239;
    return e->ip[0] == 0xff;
}

static pier_err check_source(const struct pier_address *source, int family)
{
    struct pierp_endpoint e;
    pier_err err = pierp_address_unpack(&e, source);

    if (err)
        return err;
    if (e.family != family)
        return PIER_EAFNOSUPPORT;
    return is_multicast(&e) ? PIER_EINVAL : PIER_OK;
}

/* Whether m can be asked for on a socket of this family; finds the interface
 * that the group's own scope names. */
static pier_err check(struct pierp_membership *m, int family)
{
    struct pierp_endpoint e;

    if (!m->group || pierp_address_unpack(&e, m->group) != PIER_OK ||
        !is_multicast(&e))
        return PIER_EINVAL;
    if (e.family != family)
        return PIER_EAFNOSUPPORT;
    if (m->interface_index == 0)
        m->interface_index = e.scope_id;
    return m->source ? check_source(m->source, family) : PIER_OK;
}

static pier_err change(struct pier_socket *s, const char *operation,
                       struct pierp_membership *m, bool join)
{
    pier_err err;

    if (!s)
        return pieri_fail(operation, PIER_EINVAL, NULL);
    err = check(m, s->family);
    if (err)
        return pieri_fail(operation, err, m->group);
    err = pieri_begin(s, operation);
    if (err)
        return err;
    err = pierp_change_membership(s->handle, m, join);
    return pieri_end(s, operation, err, m->group);
}

pier_err pier_join_group(struct pier_socket *s,
                         const struct pier_address *group,
                         const struct pier_address *source,
                         unsigned interface_index)
{
    struct pierp_membership m = { group, source, interface_index };

    return change(s, "join group", &m, true);
}

pier_err pier_leave_group(struct pier_socket *s,
                          const struct pier_address *group,
                          const struct pier_address *source,
                          unsigned interface_index)
{
    struct pierp_membership m = { group, source, interface_index };

    return change(s, "leave group", &m, false);
}

static pier_err set(struct pier_socket *s, int hops, bool loop,
                    unsigned interface_index)
{
    if (s->family != PIER_AF_INET && s->family != PIER_AF_INET6)
        return PIER_EAFNOSUPPORT;
    return pierp_set_multicast(s->handle, s->family, hops, loop,
                               interface_index);
}

pier_err pier_set_multicast(struct pier_socket *s, int hops, bool loop,
                            unsigned interface_index)
{
    pier_err err;

    if (hops > HOPS_MAX)
        return pieri_fail("set multicast", PIER_EINVAL, NULL);
    err = pieri_begin(s, "set multicast");
    if (err)
        return err;
    err = set(s, hops, loop, interface_index);
    return pieri_end(s, "set multicast", err, NULL);
}
