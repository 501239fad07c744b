/* SPDX-License-Identifier: MIT */
#include "operation.h"
#include "call.h"
#include "world.h"

#include <pier/socket.h>

static void expect(bool holds, const char *what)
{
    if (!holds)
        world_fail(what);
}

static bool is_closed(void)
{
    return (world.socket.state & PIERI_CLOSED) != 0;
}

/* One attempt on the handle; only the calls that block find nothing. */
static ptrdiff_t attempt(struct pier_socket *s, struct pieri_io *io)
{
    struct thread *t = world_thread();
    char operation = t->operation;
    bool first = io->done++ == 0;

    (void)world_step(STEP_TOUCH);
    expect(s->handle == MODEL_HANDLE && !world.released,
           "the handle is touched after it was released");
    expect(!t->closed_before, "a call enters a closed socket");
    if (operation == 'R' || operation == 'B' || (operation == 'r' && first))
        return PIER_EAGAIN;
    return 1;
}

static const struct pieri_operation receive = {
    .name = "recv",
    .direction = PIERI_RECEIVING,
    .want = PIERP_READ,
    .attempt = attempt,
};

static ptrdiff_t attempt_in_turn(struct pier_socket *s, struct pieri_io *io)
{
    expect(world.turn_owner == world.running, "two calls have the turn");
    return attempt(s, io);
}

static const struct pieri_operation send_in_turn = {
    .name = "send",
    .direction = PIERI_SENDING,
    .want = PIERP_WRITE,
    .turn = PIERI_WRITE_TURN,
    .attempt = attempt_in_turn,
};

static void call(const struct pieri_operation *operation)
{
    struct thread *t = world_thread();
    struct pieri_io io = { .no_wait = t->operation == 'T' };
    ptrdiff_t result = pieri_call(&world.socket, operation, &io);

    if (result == PIER_EBADF) {
        expect(is_closed(), "an open socket is called closed");
        return;
    }
    expect(result != PIER_EAGAIN || t->operation == 'T',
           "a call that may wait does not");
    expect(result != PIER_EDEADLINE || t->late, "a call ends early");
    expect(t->operation != 'R' && t->operation != 'B',
           "a call that finds nothing succeeds");
    expect(result == 1 || result == PIER_EAGAIN || result == PIER_EDEADLINE,
           "a call fails for no reason");
}

static void close_and_wait(void)
{
    struct thread *t = world_thread();
    pier_err err = pier_close_wait(&world.socket, MODEL_TIMEOUT);

    if (err == PIER_EDEADLINE) {
        expect(t->late, "a call ends early");
        return;
    }
    expect(err == PIER_OK, "close fails for no reason");
    /* The memory is there no more where a free came in between. */
    expect(world.freed || (world.socket.state & PIERI_RELEASED),
           "close_wait does not wait");
}

static void detach(void)
{
    bool before = is_closed();

    if (pier_detach(&world.socket) == PIER_INVALID_HANDLE) {
        expect(is_closed(), "an open socket is called closed");
        return;
    }
    expect(!before && !world.detached, "a handle is given away twice");
    expect(world.freed || (world.socket.state & PIERI_RELEASED),
           "a handle is given away while calls use it");
    world.detached = true;
}

static void perform(char operation)
{
    switch (operation) {
    case 'C':
    case 'R':
    case 'r':
        call(&receive);
        break;
    case 'X':
        expect(pier_close(&world.socket) == PIER_OK, "close fails");
        break;
    case 'Z':
    case 'z':
        close_and_wait();
        break;
    case 'D':
        detach();
        break;
    case 'F':
        pier_free(&world.socket);
        break;
    default:
        call(&send_in_turn);
        break;
    }
}

static bool begins(struct thread *t)
{
    char operation = *t->operations;

    if (operation == '\0')
        return false;
    (void)world_step(operation == 'F' ? STEP_FREE : STEP_BEGIN);
    return !world.freeing;
}

void operation_run_all(int number)
{
    struct thread *t = &world.threads[number];

    while (begins(t)) {
        t->operation = *t->operations++;
        world.freeing = t->operation == 'F';
        t->closed_before = is_closed();
        t->inside = world.freeing;
        t->late = false;
        t->begins = true;
        perform(t->operation);
        world_check_after();
        t->operation = '\0';
    }
    for (;;)
        (void)world_step(STEP_OVER);
}
