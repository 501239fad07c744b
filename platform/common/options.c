/* SPDX-License-Identifier: MIT */
/* Options by the backend's table of their names. */
#include "common.h"
#include "priv.h"

static const struct plat_name *name_of(const struct plat_option *o, int family)
{
    return family == AF_INET6 ? &o->ipv6 : &o->ipv4;
}

/* Whether the system has no such option, in any of its words. */
static bool is_lacking(pier_err err)
{
    return err == PIER_ENOPROTOOPT || err == PIER_ENOTSUP;
}

static pier_err set(pier_handle h, const struct plat_name *n, int value)
{
    pier_err err;

    if (n->name == 0)
        return plat_lack();
    err = pierp_setsockopt(h, n->level, n->name, &value, sizeof value);
    return is_lacking(err) ? PIER_ENOTSUP : err;
}

static pier_err set_ipv4(pier_handle h, const struct plat_option *o, int value)
{
    pier_err err = set(h, &o->ipv4, value);

    return err || o->also.name == 0 ? err : set(h, &o->also, value);
}

pier_err pierp_set_option(pier_handle h, int family, enum pierp_option option,
                          int value)
{
    const struct plat_option *o = &plat_options[option];
    const struct plat_name *n = &o->ipv6;
    pier_err err;

    if (o->on != o->off)
        value = value ? o->on : o->off;
    if (family != AF_INET6)
        return set_ipv4(h, o, value);
    err = set(h, n, value);
    if (err || o->ipv4.level == n->level)
        return err;
    /* BSD has one option for both, and refuses IPv4's on a socket of IPv6 with
     * a word of its own (Q79). */
    err = set_ipv4(h, o, value);
    return err == PIER_EINVAL || is_lacking(err) ? PIER_OK : err;
}

/* Some systems say any number of a switch that is on. */
static int as_asked(const struct plat_option *o, int value)
{
    if (o->on == o->off)
        return value;
    return o->on == 1 ? value != 0 : value == o->on;
}

pier_err pierp_get_option(pier_handle h, int family, enum pierp_option option,
                          int *out)
{
    const struct plat_option *o = &plat_options[option];
    const struct plat_name *n = name_of(o, family);
    int value = 0;
    size_t length = sizeof value;
    pier_err err;

    if (n->name == 0)
        return plat_lack();
    err = pierp_getsockopt(h, n->level, n->name, &value, &length);
    if (err)
        return is_lacking(err) ? PIER_ENOTSUP : err;
    *out = as_asked(o, value);
    return PIER_OK;
}
