/* SPDX-License-Identifier: MIT */
#include "partner.h"

#include <pier/time.h>

static void enter(void *argument)
{
    struct partner *partner = argument;

    partner->run(partner);
    partner->ended = pier_monotonic();
}

bool partner_start(struct partner *partner)
{
    return system_thread_start(&partner->thread, enter, partner);
}

void partner_join(struct partner *partner)
{
    system_thread_join(&partner->thread);
}
