/* SPDX-License-Identifier: MIT */
#include "trace.h"

#include <pier/hooks.h>
#include <pier/time.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "report.h"

#define SOCKETS_MAX 512

/* A socket is named by its place here, the lowest that was free. */
static struct pier_socket *_Atomic sockets[SOCKETS_MAX];
static int64_t started;

/* From 1 on; 0: there are too many. */
static size_t number_of(struct pier_socket *s)
{
    for (size_t i = 0; i < SOCKETS_MAX; i++) {
        if (atomic_load(&sockets[i]) == s)
            return i + 1;
    }
    for (size_t i = 0; i < SOCKETS_MAX; i++) {
        struct pier_socket *none = NULL;

        if (atomic_compare_exchange_strong(&sockets[i], &none, s))
            return i + 1;
    }
    return 0;
}

static void name_socket(char *out, size_t capacity,
                        const struct pier_trace_event *event)
{
    size_t number;

    (void)snprintf(out, capacity, "-");
    if (!event->socket)
        return;
    number = number_of(event->socket);
    if (number > 0)
        (void)snprintf(out, capacity, "#%zu", number);
    /* Its memory may be another socket's next. */
    if (number > 0 && strcmp(event->operation, "free") == 0)
        atomic_store(&sockets[number - 1], NULL);
}

static void PIER_CALL print(void *context,
                            const struct pier_trace_event *event)
{
    char name[24];
    char result[32];

    (void)context;
    name_socket(name, sizeof name, event);
    if (event->result < 0) {
        (void)snprintf(result, sizeof result, "%s",
                       pier_errname((pier_err)event->result));
    } else {
        (void)snprintf(result, sizeof result, "%lld",
                       (long long)event->result);
    }
    report_note("trace: %.6f %s %s: %s (%.1f us)",
                (double)(event->end - started) / 1e9, name, event->operation,
                result, (double)(event->end - event->start) / 1e3);
}

bool trace_start(void)
{
    started = pier_monotonic();
    return pier_set_trace(print, NULL) == PIER_OK;
}
