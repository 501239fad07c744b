/* SPDX-License-Identifier: MIT */
#include "state.h"
#include "wait.h"

static bool gone(uint64_t state)
{
    const uint64_t both = PIERI_RELEASED | PIERI_FREED;

    return (state & both) == both && !(state & PIERI_PINS);
}

/* Every step that can complete the end of a socket is one atomic operation
 * on the word, so exactly one of them sees the end come. */
static void end_if_gone(struct pier_socket *s, uint64_t now)
{
    if (gone(now))
        pierp_free(s);
}

void pieri_pin(struct pier_socket *s)
{
    if (!pieri_is_own(s))
        pieri_state_renew(s);
    atomic_fetch_add(&s->state, PIERI_PIN);
}

void pieri_unpin(struct pier_socket *s)
{
    end_if_gone(s, atomic_fetch_sub(&s->state, PIERI_PIN) - PIERI_PIN);
}

/* All streams have one pin together. */
void pieri_join_stream(struct pier_socket *s)
{
    bool first;

    pierp_lock(s);
    first = s->streams++ == 0;
    pierp_unlock(s);
    if (first)
        pieri_pin(s);
}

void pieri_part_stream(struct pier_socket *s)
{
    bool last;

    if (!pieri_is_own(s))
        pieri_state_renew(s);
    pierp_lock(s);
    last = --s->streams == 0;
    pierp_unlock(s);
    if (last)
        pieri_unpin(s);
}

void pieri_state_free(struct pier_socket *s)
{
    end_if_gone(s, atomic_fetch_or(&s->state, PIERI_FREED) | PIERI_FREED);
}

/* Nobody is inside and nobody can enter: the handle is given back. */
static pier_err release(struct pier_socket *s)
{
    pier_err err = PIER_OK;
    uint64_t now;

    /* From here on a child of a fork leaves the handle alone: it may be gone,
     * and its number another's. */
    atomic_fetch_or(&s->state, PIERI_RELEASING);
    if (s->layer && s->layer->close)
        s->layer->close(s->layer_state);
    if (!(s->state & PIERI_DETACHED)) {
        /* With SO_LINGER the system may take its time. */
        void *token = pieri_enter_blocking();

        err = pierp_close(s->handle);
        pieri_leave_blocking(token);
    }
    pierp_lock(s);
    pieri_waiters_signal(&s->waiters, PIERI_FOR_RELEASE);
    now = atomic_fetch_or(&s->state, PIERI_RELEASED) | PIERI_RELEASED;
    pierp_unlock(s);
    end_if_gone(s, now);
    return err;
}

/* A reference was given back: the last one of a closed socket releases it. */
static pier_err left(struct pier_socket *s, uint64_t now)
{
    if ((now & PIERI_CLOSED) && !(now & (PIERI_REFERENCES | PIERI_RELEASED)))
        return release(s);
    return PIER_OK;
}

static pier_err give_back(struct pier_socket *s)
{
    return left(s, atomic_fetch_sub(&s->state, PIERI_REFERENCE) -
                       PIERI_REFERENCE);
}

ptrdiff_t pieri_state_left(struct pier_socket *s, uint64_t now,
                           ptrdiff_t result)
{
    (void)left(s, now);
    return result;
}

ptrdiff_t pieri_state_leave_turn(struct pier_socket *s, uint64_t turn,
                                 ptrdiff_t result)
{
    /* The turn goes first, while the reference still keeps the waiters'
     * list. */
    atomic_fetch_and(&s->state, ~turn);
    pierp_lock(s);
    pieri_waiters_signal(&s->waiters, PIERI_FOR_TURN);
    pierp_unlock(s);
    (void)give_back(s);
    return result;
}

void pieri_state_shut(struct pier_socket *s, unsigned directions)
{
    atomic_fetch_or(&s->shut, directions);
    if (directions & PIERI_SHUT_RECEIVING)
        atomic_fetch_or(&s->state, PIERI_RECV_SHUT);
}

bool pieri_state_close(struct pier_socket *s, uint64_t more, pier_err *err)
{
    uint64_t seen;
    pier_err released;

    if (!pieri_is_own(s))
        pieri_state_renew(s);
    seen = s->state;
    do {
        if (seen & PIERI_CLOSED)
            return false;
    } while (!atomic_compare_exchange_weak(&s->state, &seen,
                                           seen | PIERI_CLOSED | more));
    pierp_lock(s);
    pieri_waiters_signal(&s->waiters, PIERI_FOR_READY | PIERI_FOR_TURN);
    pierp_unlock(s);
    released = give_back(s);
    if (err)
        *err = released;
    return true;
}

/* Asked under the lock, under which the one who releases signals first and
 * marks then: a look in between would find a wake that is drained and no
 * mark. */
static bool is_released(struct pier_socket *s)
{
    bool released;

    pierp_lock(s);
    released = (s->state & PIERI_RELEASED) != 0;
    pierp_unlock(s);
    return released;
}

pier_err pieri_state_wait_released(struct pier_socket *s, int64_t deadline)
{
    struct pieri_waiter waiter;
    pier_err err =
        pieri_waiter_add(&s->waiters, s, &waiter, PIERI_FOR_RELEASE);

    if (err)
        return err;
    while (!err && !is_released(s)) {
        struct pieri_wait wait = {
            .handle = PIER_INVALID_HANDLE,
            .deadline = deadline,
            .wake = waiter.wake,
        };

        err = pieri_wait(&wait);
        /* A hook may have forked: in the child nobody else is inside. */
        if (!pieri_is_own(s)) {
            pieri_waiter_remove(&s->waiters, s, &waiter);
            pieri_state_renew(s);
            return PIER_OK;
        }
    }
    pieri_waiter_remove(&s->waiters, s, &waiter);
    return err;
}

static void stop_waiting_for_turn(struct pier_socket *s,
                                  struct pieri_waiter *waiter)
{
    pieri_waiter_remove(&s->waiters, s, waiter);
    pierp_lock(s);
    if (!pieri_waiters_any(&s->waiters, PIERI_FOR_TURN))
        atomic_fetch_and(&s->state, ~PIERI_TURN_WAITED);
    pierp_unlock(s);
}

pier_err pieri_turn_wait(struct pier_socket *s, uint64_t turn,
                         int64_t deadline, struct pier_cancel *cancel)
{
    struct pieri_waiter waiter;
    pier_err err = pieri_waiter_add(&s->waiters, s, &waiter, PIERI_FOR_TURN);

    if (!err) {
        /* The mark comes before the look: whoever gives the turn up after
         * this look sees the mark and signals. */
        uint64_t seen = atomic_fetch_or(&s->state, PIERI_TURN_WAITED);

        if ((seen & turn) && !(seen & PIERI_CLOSED)) {
            struct pieri_wait wait = {
                .handle = PIER_INVALID_HANDLE,
                .deadline = deadline,
                .wake = waiter.wake,
                .cancel = cancel,
            };

            err = pieri_wait(&wait);
        }
        stop_waiting_for_turn(s, &waiter);
    }
    return err;
}

/* The calls that were inside belong to the parent's threads: they are not in
 * this process, and neither are those who waited. Streams are. */
static uint64_t renewed(const struct pier_socket *s)
{
    const uint64_t state = s->state;
    const uint64_t kept = PIERI_CLOSED | PIERI_DETACHED | PIERI_RELEASED |
                          PIERI_FREED | PIERI_CANCELABLE | PIERI_LAYERED |
                          PIERI_RECV_SHUT;
    uint64_t marks = state & kept;

    if (state & PIERI_RELEASING)
        marks |= PIERI_RELEASED;
    if (s->streams > 0)
        marks += PIERI_PIN;
    return marks & PIERI_CLOSED ? marks : marks | PIERI_REFERENCE;
}

/* Brings s into this process, with what a call that is inside holds. */
static uint64_t renew_with(struct pier_socket *s, uint64_t held)
{
    uint64_t now;

    pierp_lock(s);
    if (s->generation != pierp_generation) {
        now = renewed(s) + held;
        s->waiters.first = NULL;
        s->state = now;
        s->generation = pierp_generation;
    } else {
        now = atomic_fetch_add(&s->state, held) + held;
    }
    pierp_unlock(s);
    return now;
}

void pieri_state_renew(struct pier_socket *s)
{
    const uint64_t ended = PIERI_CLOSED | PIERI_RELEASED | PIERI_RELEASING;
    uint64_t now = renew_with(s, 0);

    /* Closed in the parent while calls were inside there: here nobody else
     * is left to release it. */
    if ((now & ended) == PIERI_CLOSED && !(now & PIERI_REFERENCES))
        (void)release(s);
}

pier_err pieri_state_rejoin(struct pier_socket *s, uint64_t turn,
                            unsigned *entered, pier_err err)
{
    if (*entered != pierp_generation) {
        *entered = pierp_generation;
        (void)renew_with(s, PIERI_REFERENCE + turn);
    }
    return !err && pieri_closed(s) ? PIER_EBADF : err;
}
