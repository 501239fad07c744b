/* SPDX-License-Identifier: MIT */
/*
 * How pier lives in an interpreter: its lock is released where a call may
 * block, and its signals are handled where one interrupted the call. A call
 * that finds its data ready does neither.
 */
#include "module.h"

/*
 * While the interpreter ends, any other thread that asks for its lock is ended
 * on the spot, in the middle of a call of pier, whose records point into its
 * stack. It sleeps for the rest of the process instead. Who gives the lock up
 * while the interpreter ends is the one who ends it: nobody else has it then.
 */
static void *ending_thread;

static void *PIER_CALL release_lock(void *context)
{
    const bool ends = _Py_IsFinalizing();
    void *token = PyEval_SaveThread();

    (void)context;
    if (ends)
        ending_thread = token;
    return token;
}

static void sleep_for_ever(void)
{
    PyThread_type_lock lock = PyThread_allocate_lock();

    while (lock)
        (void)PyThread_acquire_lock(lock, WAIT_LOCK);
}

static void PIER_CALL take_lock(void *context, void *token)
{
    (void)context;
    if (_Py_IsFinalizing() && token != ending_thread)
        sleep_for_ever();
    PyEval_RestoreThread(token);
}

static int handlers_running;
static unsigned long handling_thread;

/* Handlers run in one thread, and the lock is held whenever these change. */
static int PIER_CALL interrupted(void *context)
{
    int result;

    (void)context;
    if (handlers_running == 0)
        handling_thread = PyThread_get_thread_ident();
    handlers_running++;
    result = PyErr_CheckSignals();
    handlers_running--;
    return result;
}

bool inside_handler(void)
{
    return handlers_running > 0 &&
           handling_thread == PyThread_get_thread_ident();
}

bool runtime_ready(void)
{
    static bool done;
    const struct pier_hooks hooks = {
        .size = sizeof(hooks),
        .enter_blocking = release_lock,
        .leave_blocking = take_lock,
        .interrupted = interrupted,
    };
    pier_err err;

    if (done)
        return true;
    err = pier_set_hooks(&hooks);
    /* Other users of the descriptor, _ssl among them, expect O_NONBLOCK to
     * tell what the timeout is. */
    if (!err) {
        err =
            pier_set_default_descriptor_mode(PIER_DESCRIPTOR_FOLLOWS_TIMEOUT);
    }
    if (err)
        (void)raise_error(err);
    done = !err;
    return done;
}
