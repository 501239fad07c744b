/* SPDX-License-Identifier: MIT */
/* Families whose sockets take IPv4 addresses: RDS and divert(4). */
#include <pier/address_families.h>
#include <pier/constants.h>

#include "error.h"

pier_err pier_address_rds(struct pier_address *out, const char *ip, int port)
{
    if (!PIER_HAVE_AF_RDS)
        return pieri_fail("address_rds", PIER_EAFNOSUPPORT, NULL);
    return pier_address_inet(out, ip, port);
}

pier_err pier_address_divert(struct pier_address *out, const char *ip,
                             int port)
{
    if (!PIER_HAVE_AF_DIVERT)
        return pieri_fail("address_divert", PIER_EAFNOSUPPORT, NULL);
    return pier_address_inet(out, ip, port);
}
