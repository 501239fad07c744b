/* SPDX-License-Identifier: MIT */
#include "partner.h"

#include <pier/time.h>

#include "system.h"

static void enter(void *argument)
{
    struct partner *partner = argument;
    int64_t now;

    partner->run(partner);
    now = pier_monotonic();
    system_lock();
    partner->ended = now;
    system_notify();
    system_unlock();
}

bool partner_start(struct partner *partner)
{
    partner->ended = 0;
    return system_thread_start(enter, partner);
}

void partner_join(struct partner *partner)
{
    system_lock();
    while (!partner->ended)
        system_wait(PIER_FOREVER);
    system_unlock();
}
