/* SPDX-License-Identifier: MIT */
#include "trace.h"
#include "error.h"
#include <pier/hooks.h>

#define EVERYTHING (~UINT64_C(0))

_Atomic uint64_t pieri_obstacles[2] = { PIERI_LONG_RECV, PIERI_LONG_SEND };

/* Guarded by pierp_lock(&tracer). */
static struct tracer {
    void(PIER_CALL *trace)(void *context,
                           const struct pier_trace_event *event);
    void *context;
} tracer;

static struct tracer current(void)
{
    struct tracer copy;

    pierp_lock(&tracer);
    copy = tracer;
    pierp_unlock(&tracer);
    return copy;
}

int64_t pieri_trace_begin(void)
{
    return pieri_trace_obstacles(PIERI_RECEIVING) == EVERYTHING ? pierp_clock()
                                                                : 0;
}

ptrdiff_t pieri_trace_end(const char *operation, struct pier_socket *s,
                          ptrdiff_t result, int64_t start)
{
    struct tracer to;
    struct pier_trace_event event;

    if (start == 0)
        return result;
    to = current();
    if (!to.trace)
        return result;
    event = (struct pier_trace_event){
        .size = sizeof(event),
        .operation = operation,
        .socket = s,
        .result = result,
        .start = start,
        .end = pierp_clock(),
    };
    to.trace(to.context, &event);
    return result;
}

pier_err
pier_set_trace(void(PIER_CALL *trace)(void *context,
                                      const struct pier_trace_event *event),
               void *context)
{
    pierp_lock(&tracer);
    tracer.trace = trace;
    tracer.context = context;
    pieri_obstacles[PIERI_RECEIVING] = trace ? EVERYTHING : PIERI_LONG_RECV;
    pieri_obstacles[PIERI_SENDING] = trace ? EVERYTHING : PIERI_LONG_SEND;
    pierp_unlock(&tracer);
    return PIER_OK;
}
