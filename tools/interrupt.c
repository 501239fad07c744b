/* SPDX-License-Identifier: MIT */
#include "interrupt.h"

#include "partial.h"
#include "report.h"
#include "system.h"

static struct pier_cancel *token;

/* Fires for calls of the library, notifies for system_wait(). */
static void fire(void)
{
    pier_cancel_fire(token);
    system_lock();
    system_notify();
    system_unlock();
}

bool interrupt_start(void)
{
    return pier_cancel_new(&token) == PIER_OK &&
           system_watch_interrupts(fire, partial_abandon, OUTCOME_INTERRUPTED);
}

struct pier_cancel *interrupt_token(void)
{
    return token;
}

bool interrupt_came(void)
{
    return pier_cancel_fired(token);
}
