/* SPDX-License-Identifier: MIT */
#include "library.h"

#include <stdlib.h>
#include <windows.h>

struct gate {
    HANDLE event;
};

struct gate *gate_new(void)
{
    struct gate *gate = malloc(sizeof(*gate));

    if (!gate)
        abort();
    gate->event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!gate->event)
        abort();
    return gate;
}

void gate_open(struct gate *gate)
{
    SetEvent(gate->event);
}

void gate_wait(struct gate *gate)
{
    if (WaitForSingleObject(gate->event, INFINITE) != WAIT_OBJECT_0)
        abort();
}

void gate_free(struct gate *gate)
{
    CloseHandle(gate->event);
    free(gate);
}
