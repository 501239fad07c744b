/* SPDX-License-Identifier: MIT */
#include "kind.h"
#include "object.h"
#include <pier/constants.h>

#define NONBLOCK (PIER_HAVE_SOCK_NONBLOCK ? PIER_SOCK_NONBLOCK : 0)
#define CLOEXEC  (PIER_HAVE_SOCK_CLOEXEC ? PIER_SOCK_CLOEXEC : 0)

pier_err pieri_kind_check(int family, int type, int protocol)
{
    if (pieri_absent(family))
        return PIER_EAFNOSUPPORT;
    if (type < 0 || pieri_absent(protocol))
        return PIER_ENOTSUP;
    return PIER_OK;
}

int pieri_kind_type(int type)
{
    return type < 0 ? type : type & ~(NONBLOCK | CLOEXEC);
}

bool pieri_kind_never_blocks(int type)
{
    return type >= 0 && (type & NONBLOCK) != 0;
}
