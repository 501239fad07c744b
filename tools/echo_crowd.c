/* SPDX-License-Identifier: MIT */
#include <pier/time.h>
#include <stdlib.h>

#include "echo.h"
#include "network.h"

#define GUESTS_MAX   256
#define HANDLES_OWN  16 /* of the program without guests, at most */
#define HANDLES_EACH 3

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

/* Waits until at most limit are served, and says how many those are. */
static size_t wait_for_room(size_t limit)
{
    struct guest *gone;
    size_t count;

    system_lock();
    while (guests > limit)
        system_wait(PIER_FOREVER);
    count = guests;
    gone = left;
    left = NULL;
    system_unlock();
    see_off(gone);
    return count;
}

/* What is short may be what a guest has, and gives back when it leaves. */
static bool is_shortage(pier_err error)
{
    return error == PIER_EMFILE || error == PIER_ENFILE ||
           error == PIER_ENOBUFS || error == PIER_ENOMEM;
}

/*
 * How many may be served. One that was let in but cannot wait would be turned
 * away: besides its socket it needs what wakes it, which may be a pipe.
 */
static size_t count_places(void)
{
    long long limit = system_open_limit();
    long long places = (limit - HANDLES_OWN) / HANDLES_EACH;

    if (limit <= 0 || places > GUESTS_MAX)
        return GUESTS_MAX;
    return places > 0 ? (size_t)places : 1;
}

static pier_err accept_next(struct pier_socket **out,
                            struct pier_socket *listener)
{
    size_t places = count_places();

    for (;;) {
        size_t count = wait_for_room(places - 1);
        pier_err error = pier_accept(out, listener, NULL);

        if (count > 0 && is_shortage(error)) {
            (void)wait_for_room(count - 1);
        } else if (count == 0 || error != PIER_EDEADLINE) {
            return error;
        }
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
    return outcome;
}

void echo_see_off(void)
{
    /* An interruption's token has ended them too. */
    (void)wait_for_room(0);
}
