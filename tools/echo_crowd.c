/* SPDX-License-Identifier: MIT */
#include <pier/time.h>
#include <stdlib.h>

#include "echo.h"
#include "network.h"

#define GUESTS_MAX 256

struct guest {
    struct pier_socket *s;
    const struct settings *settings;
    struct system_thread thread;
    struct guest *next; /* among those that have left */
};

/* How many are served, and whose threads are to be joined; under the
 * monitor. */
static size_t guests;
static struct guest *left;

static void serve(void *argument)
{
    struct guest *guest = argument;

    /* What goes wrong with one peer has been reported. */
    (void)echo_stream(guest->s, guest->settings);
    pier_free(guest->s);
    system_lock();
    guests--;
    guest->next = left;
    left = guest;
    system_notify();
    system_unlock();
}

/* Takes s. */
static enum outcome admit(struct pier_socket *s,
                          const struct settings *settings)
{
    struct guest *guest = calloc(1, sizeof *guest);

    system_lock();
    guests++;
    system_unlock();
    if (guest) {
        guest->s = s;
        guest->settings = settings;
        if (system_thread_start(&guest->thread, serve, guest))
            return OUTCOME_OK;
    }
    free(guest);
    pier_free(s);
    system_lock();
    guests--;
    system_unlock();
    return report(OUTCOME_FILE, "serve a peer: no thread can be had");
}

static void see_off(struct guest *guest)
{
    while (guest) {
        struct guest *next = guest->next;

        system_thread_join(&guest->thread);
        free(guest);
        guest = next;
    }
}

/* Waits until at most limit are served; whether there were any. */
static bool wait_for_room(size_t limit)
{
    struct guest *gone;
    bool any;

    system_lock();
    any = guests > 0;
    while (guests > limit)
        system_wait(PIER_FOREVER);
    gone = left;
    left = NULL;
    system_unlock();
    see_off(gone);
    return any;
}

static pier_err accept_next(struct pier_socket **out,
                            struct pier_socket *listener)
{
    for (;;) {
        bool any = wait_for_room(GUESTS_MAX - 1);
        pier_err error = pier_accept(out, listener, NULL);

        if (error != PIER_EDEADLINE || !any)
            return error;
    }
}

enum outcome echo_crowd(struct pier_socket *listener,
                        const struct settings *settings)
{
    enum outcome outcome = OUTCOME_OK;
    pier_err error = PIER_OK;

    while (!outcome && !error) {
        struct pier_socket *s = NULL;

        error = accept_next(&s, listener);
        if (!error)
            error = network_prepare(s, settings->idle_timeout);
        if (!error) {
            outcome = admit(s, settings);
        } else {
            pier_free(s);
        }
    }
    if (error) {
        outcome =
            report_call(OUTCOME_UNREACHED, "accept", "a connection", error);
    }
    /* The token that ended this ends them too. */
    (void)wait_for_room(0);
    return outcome;
}
