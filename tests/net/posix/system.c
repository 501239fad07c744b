/* SPDX-License-Identifier: MIT */
#include "system.h"

#include <net/if.h>
#include <sys/ioctl.h>

const unsigned long code_of_bytes_waiting = FIONREAD;

unsigned loopback_index(void)
{
    unsigned index = if_nametoindex("lo");

    return index ? index : if_nametoindex("lo0");
}
