/* SPDX-License-Identifier: MIT */
/*
 * How pier lives in an interpreter: its lock is released where a call may
 * block, and its signals are handled where one interrupted the call. A call
 * that finds its data ready does neither.
 */
#include "module.h"

static void *PIER_CALL release_lock(void *context)
{
    (void)context;
    return PyEval_SaveThread();
}

/*
 * While the interpreter ends, any other thread that asks for its lock is ended
 * on the spot, in the middle of a call of pier, whose records point into its
 * stack. It sleeps for the rest of the process instead.
 */
static unsigned long ending_thread;

static PyObject *note_end(PyObject *self, PyObject *unused)
{
    (void)self;
    (void)unused;
    ending_thread = PyThread_get_thread_ident();
    Py_RETURN_NONE;
}

static bool ask_for_the_end(void)
{
    static PyMethodDef definition = { "note_end", note_end, METH_NOARGS,
                                      NULL };
    PyObject *module = PyImport_ImportModule("atexit");
    PyObject *function = PyCFunction_New(&definition, NULL);
    PyObject *result = NULL;

    if (module && function)
        result = PyObject_CallMethod(module, "register", "O", function);
    Py_XDECREF(function);
    Py_XDECREF(module);
    Py_XDECREF(result);
    return result != NULL;
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
    if (_Py_IsFinalizing() && PyThread_get_thread_ident() != ending_thread)
        sleep_for_ever();
    PyEval_RestoreThread(token);
}

static int PIER_CALL interrupted(void *context)
{
    (void)context;
    return PyErr_CheckSignals();
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
    done = !err && ask_for_the_end();
    return done;
}
