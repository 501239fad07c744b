/* SPDX-License-Identifier: MIT */
#include "priv.h"

#include <sys/eventfd.h>

pier_err posix_wake_open(struct pierp_wake *wake)
{
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

    if (fd < 0)
        return posix_fail();
    wake->wait_fd = fd;
    wake->signal_fd = fd;
    return PIER_OK;
}
