/* SPDX-License-Identifier: MIT */
/* Services and protocols by name and number: the system's lists. */
#include "error.h"
#include <pier/resolver.h>
#include <string.h>

/* A service has a letter in its name (RFC 6335); some systems would read a
 * number as a port. */
static bool is_no_name(const char *name)
{
    return name[strspn(name, "0123456789")] == '\0';
}

static pier_err find_port(int *port, const char *name, const char *protocol)
{
    pier_err err = pierp_start();

    if (!err)
        err = pierp_getservbyname(port, name, protocol);
    return err ? pieri_os_fail("getservbyname", err, NULL) : PIER_OK;
}

pier_err pier_getservbyname(int *port, const char *name, const char *protocol)
{
    if (!port || !name)
        return pieri_fail("getservbyname", PIER_EINVAL, NULL);
    if (is_no_name(name))
        return pieri_fail("getservbyname", PIER_EAI_SERVICE, NULL);
    return find_port(port, name, protocol);
}

pier_err pier_getservbyport(char *buffer, size_t capacity, int port,
                            const char *protocol)
{
    pier_err err;

    if (!buffer)
        return pieri_fail("getservbyport", PIER_EINVAL, NULL);
    if (port < 0 || port > UINT16_MAX)
        return pieri_fail("getservbyport", PIER_ERANGE, NULL);
    err = pierp_start();
    if (!err)
        err = pierp_getservbyport(buffer, capacity, (uint16_t)port, protocol);
    return err ? pieri_os_fail("getservbyport", err, NULL) : PIER_OK;
}

pier_err pier_getprotobyname(int *number, const char *name)
{
    pier_err err;

    if (!number || !name)
        return pieri_fail("getprotobyname", PIER_EINVAL, NULL);
    err = pierp_start();
    if (!err)
        err = pierp_getprotobyname(number, name);
    return err ? pieri_os_fail("getprotobyname", err, NULL) : PIER_OK;
}
