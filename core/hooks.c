/* SPDX-License-Identifier: MIT */
#include "hooks.h"
#include "error.h"
#include "options.h"
#include "wait.h"
#include <pier/hooks.h>

/* Written once, before the first socket; then only read. */
static struct pier_hooks hooks;
static _Atomic bool have_hooks;
static _Atomic bool closed_for_change;

pier_err pier_set_hooks(const struct pier_hooks *wanted)
{
    struct pier_hooks copy = { .size = sizeof(copy) };
    bool open_for_change = false;

    if (!wanted || !pieri_options_copy(&copy, sizeof(copy), wanted))
        return pieri_fail("set hooks", PIER_EINVAL, NULL);
    if (!atomic_compare_exchange_strong(&closed_for_change, &open_for_change,
                                        true))
        return pieri_fail("set hooks", PIER_EBUSY, NULL);
    hooks = copy;
    have_hooks = true;
    return PIER_OK;
}

void pieri_hooks_settle(void)
{
    if (!atomic_load_explicit(&closed_for_change, memory_order_relaxed))
        closed_for_change = true;
}

void *pieri_enter_blocking(void)
{
    if (!have_hooks || !hooks.enter_blocking)
        return NULL;
    return hooks.enter_blocking(hooks.context);
}

void pieri_leave_blocking(void *token)
{
    if (have_hooks && hooks.leave_blocking)
        hooks.leave_blocking(hooks.context, token);
}

bool pieri_interrupted(void)
{
    return have_hooks && hooks.interrupted &&
           hooks.interrupted(hooks.context) != 0;
}
