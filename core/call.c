/* SPDX-License-Identifier: MIT */
/*
 * A receive that finds its data makes one system call. One that does not is
 * told so, waits and receives: three. Where the call before had to wait, the
 * next one probably has to as well, and waits first: two. A wait that was
 * short may not have been one at all (there is no telling), so only a long
 * one counts.
 */
#include "call.h"
#include "error.h"
#include "state.h"
#include "wait.h"
#include <pier/time.h>

#define LONG_WAIT_NS INT64_C(1000000)

struct progress {
    pier_timeout timeout; /* these three as they were when the call began */
    int64_t limit;
    struct pier_cancel *cancel;
    unsigned entered; /* the process in which it entered */
    int64_t deadline; /* PIERI_UNFIXED until the first wait */
    ptrdiff_t result; /* of the latest attempt */
    bool waited;      /* for readiness, under the deadline */
};

/* The deadline is fixed at the first wait and stays. */
static int64_t fix_deadline(struct progress *p)
{
    if (p->deadline == PIERI_UNFIXED)
        p->deadline = pieri_deadline_within(p->timeout, p->limit);
    return p->deadline;
}

static bool may_wait(const struct progress *p, const struct pieri_io *io)
{
    return p->timeout != 0 && !io->no_wait;
}

/* The mark of a direction whose last call had to wait. A connect has none: it
 * is issued before there is anything to wait for. */
static uint64_t wait_mark(const struct pieri_operation *operation)
{
    if (operation->want == PIERP_CONNECT)
        return 0;
    return operation->direction == PIERI_RECEIVING ? PIERI_RECV_WAITS
                                                   : PIERI_SEND_WAITS;
}

static bool had_to_wait(struct pier_socket *s,
                        const struct pieri_operation *operation)
{
    return (s->state & wait_mark(operation)) != 0;
}

/* What a layer or the call itself holds is announced by no handle. */
static bool is_at_hand(const struct pier_socket *s,
                       const struct pieri_operation *operation,
                       struct pieri_io *io)
{
    if (operation->direction == PIERI_RECEIVING && pieri_layer_pending(s) > 0)
        return true;
    return io->is_at_hand && io->is_at_hand(io);
}

static void remember(struct pier_socket *s,
                     const struct pieri_operation *operation, bool waited)
{
    uint64_t mark = wait_mark(operation);

    if (waited) {
        atomic_fetch_or(&s->state, mark);
    } else {
        atomic_fetch_and(&s->state, ~mark);
    }
}

/* Waits for the handle, or for a moment where the system offers nothing to
 * wait for. */
static pier_err wait_registered(const struct pieri_io *io,
                                struct pieri_wait *wait)
{
    int64_t deadline = wait->deadline;
    pier_err err;

    if (io->pause_ms == 0)
        return pieri_wait(wait);
    wait->handle = PIER_INVALID_HANDLE;
    wait->deadline = pieri_deadline(PIER_MILLISECONDS(io->pause_ms));
    if (wait->deadline >= deadline)
        wait->deadline = deadline;
    err = pieri_wait(wait);
    return err == PIER_EDEADLINE && wait->deadline < deadline ? PIER_OK : err;
}

/* A layer may yet have something to say to its peer. */
static bool is_ended(const struct pier_socket *s,
                     const struct pieri_operation *operation)
{
    return !s->layer && pieri_ended(s, operation->direction);
}

static unsigned want_of(const struct pieri_operation *operation,
                        const struct pieri_io *io)
{
    if (io->want)
        return io->want;
    return io->wait_source ? PIERP_READ : operation->want;
}

static pier_err wait_ready(struct pier_socket *s,
                           const struct pieri_operation *operation,
                           const struct pieri_io *io, struct progress *p)
{
    struct pieri_wait wait = {
        .handle = io->wait_source ? io->source : s->handle,
        .want = want_of(operation, io),
        .deadline = fix_deadline(p),
        .cancel = p->cancel,
    };
    struct pieri_waiter waiter;
    pier_err err = pieri_waiter_add(&s->waiters, s, &waiter, PIERI_FOR_READY);

    if (err)
        return err;
    wait.wake = waiter.wake;
    /* Closing marks first and signals then: who is not signalled sees the
     * mark. So does a shutdown, of which not every system tells later. */
    if (!pieri_closed(s) && !is_ended(s, operation))
        err = wait_registered(io, &wait);
    pieri_waiter_remove(&s->waiters, s, &waiter);
    return pieri_state_rejoin(s, operation->turn, &p->entered, err);
}

/* Records why a call ends without a result of the system's call. */
static ptrdiff_t give_up(const struct pieri_operation *operation, pier_err err,
                         const struct pieri_io *io)
{
    return pieri_wait_fail(operation->name, err, io->to);
}

/* Waits before the attempt, and notes whether that was worth it. */
static pier_err wait_first(struct pier_socket *s,
                           const struct pieri_operation *operation,
                           struct pieri_io *io, struct progress *p)
{
    int64_t began = pierp_clock();
    pier_err err = wait_ready(s, operation, io, p);

    remember(s, operation, pierp_clock() - began >= LONG_WAIT_NS);
    return err;
}

/* Records what an attempt ended with: the system's word, or pier's own. */
static ptrdiff_t end_with(const struct pier_socket *s,
                          const struct pieri_operation *operation,
                          const struct pieri_io *io, pier_err err)
{
    if (err == PIER_EEOF || s->layer)
        return pieri_fail(operation->name, err, io->to);
    return pieri_os_fail(operation->name, err, io->to);
}

/* A hook that an attempt calls may fork, as one of a wait may. */
static ptrdiff_t attempt(struct pier_socket *s,
                         const struct pieri_operation *operation,
                         struct pieri_io *io, struct progress *p)
{
    ptrdiff_t n = operation->attempt(s, io);

    if (p->entered != pierp_generation)
        (void)pieri_state_rejoin(s, operation->turn, &p->entered, PIER_OK);
    return n;
}

/* Between two pieces of a call that need not wait: who moves much is ended as
 * one is who waits. */
static pier_err look_round(const struct pier_socket *s, struct progress *p)
{
    if (p->cancel && pier_cancel_fired(p->cancel))
        return PIER_ECANCELED;
    if (pieri_closed(s))
        return PIER_EBADF;
    if (p->timeout == 0 || pieri_left(fix_deadline(p)) != 0)
        return PIER_OK;
    return PIER_EDEADLINE;
}

/* The runtime is asked, which may close the socket or fork. */
static pier_err ask_runtime(struct pier_socket *s,
                            const struct pieri_operation *operation,
                            struct progress *p)
{
    pier_err err = pieri_interrupted() ? PIER_EINTR : PIER_OK;

    return pieri_state_rejoin(s, operation->turn, &p->entered, err);
}

/* Goes on after an attempt that brought no result. */
static ptrdiff_t go_on(struct pier_socket *s,
                       const struct pieri_operation *operation,
                       struct pieri_io *io, struct progress *p)
{
    while (p->result < 0) {
        pier_err err = PIER_OK;

        if (p->result == PIER_EINTR) {
            err = ask_runtime(s, operation, p);
        } else if (p->result == PIER_EAGAIN && io->goes_on) {
            err = ask_runtime(s, operation, p);
            if (!err)
                err = look_round(s, p);
        } else if (p->result != PIER_EAGAIN || !may_wait(p, io)) {
            return end_with(s, operation, io, (pier_err)p->result);
        } else if (p->waited && pieri_left(p->deadline) == 0) {
            /* Ready at every look, and yet there is nothing to do. */
            err = PIER_EDEADLINE;
        } else {
            remember(s, operation, true);
            p->waited = true;
            err = wait_ready(s, operation, io, p);
        }
        if (err)
            return give_up(operation, err, io);
        p->result = attempt(s, operation, io, p);
    }
    return p->result;
}

static ptrdiff_t run(struct pier_socket *s,
                     const struct pieri_operation *operation,
                     struct pieri_io *io, struct progress *p)
{
    if (p->cancel && pier_cancel_fired(p->cancel))
        return pieri_fail(operation->name, PIER_ECANCELED, io->to);
    if (had_to_wait(s, operation) && may_wait(p, io) &&
        !is_at_hand(s, operation, io)) {
        pier_err err = wait_first(s, operation, io, p);

        if (err)
            return give_up(operation, err, io);
    }
    p->result = attempt(s, operation, io, p);
    return go_on(s, operation, io, p);
}

/* Waits for the turn that another call has, then enters. */
static pier_err enter_in_turn(struct pier_socket *s,
                              const struct pieri_operation *operation,
                              const struct pieri_io *io, struct progress *p)
{
    do {
        pier_err err;

        if (pieri_closed(s))
            return PIER_EBADF;
        if (!may_wait(p, io))
            return PIER_EAGAIN;
        err = pieri_turn_wait(s, operation->turn, fix_deadline(p), p->cancel);
        if (err)
            return err;
    } while (!pieri_try_enter(s, operation->turn));
    return PIER_OK;
}

/* A call that waits for its turn is no call inside yet, so it keeps the
 * memory by a pin: the socket may be freed meanwhile. */
static pier_err enter(struct pier_socket *s,
                      const struct pieri_operation *operation,
                      const struct pieri_io *io, struct progress *p)
{
    pier_err err;

    if (pieri_try_enter(s, operation->turn))
        return PIER_OK;
    pieri_pin(s);
    err = enter_in_turn(s, operation, io, p);
    /* In the child of a fork made by a hook the pin went with the rest. */
    if (p->entered == pierp_generation)
        pieri_unpin(s);
    p->entered = pierp_generation;
    return err;
}

static ptrdiff_t leave(struct pier_socket *s,
                       const struct pieri_operation *operation,
                       ptrdiff_t result)
{
    if (operation->turn)
        return pieri_leave_turn(s, operation->turn, result);
    return pieri_leave(s, result);
}

/* A setter that is called while the call runs governs the next one. */
static struct progress begin(struct pier_socket *s,
                             const struct pieri_operation *operation,
                             ptrdiff_t result)
{
    return (struct progress){
        .timeout = s->timeout[operation->direction],
        .limit = s->deadline,
        .cancel = s->cancel,
        .entered = pierp_generation,
        .deadline = PIERI_UNFIXED,
        .result = result,
    };
}

ptrdiff_t pieri_call(struct pier_socket *s,
                     const struct pieri_operation *operation,
                     struct pieri_io *io)
{
    struct progress p;
    ptrdiff_t n;
    pier_err err;

    if (!s)
        return pieri_fail(operation->name, PIER_EINVAL, io->to);
    p = begin(s, operation, PIER_EAGAIN);
    io->unlimited = p.timeout < 0 && p.limit == 0 && !p.cancel;
    if (io->starts_clock && p.timeout != 0)
        (void)fix_deadline(&p);
    err = enter(s, operation, io, &p);
    if (err)
        return give_up(operation, err, io);
    n = run(s, operation, io, &p);
    if (io->finish)
        io->finish(s, io);
    return leave(s, operation, n);
}

ptrdiff_t pieri_call_on(struct pier_socket *s,
                        const struct pieri_operation *operation,
                        struct pieri_io *io, ptrdiff_t result)
{
    struct progress p = begin(s, operation, result);

    return leave(s, operation, go_on(s, operation, io, &p));
}
