/* SPDX-License-Identifier: MIT */
/* Timeouts: seconds in Python, nanoseconds in pier; and the modes. */
#include "module.h"

bool timeout_from(PyObject *value, pier_timeout *out)
{
    _PyTime_t time;

    if (value == Py_None) {
        *out = PIER_FOREVER;
        return true;
    }
    if (_PyTime_FromSecondsObject(&time, value, _PyTime_ROUND_TIMEOUT) < 0)
        return false;
    if (time < 0) {
        PyErr_SetString(PyExc_ValueError, "Timeout value out of range");
        return false;
    }
    *out = time;
    return true;
}

PyObject *timeout_object(pier_timeout timeout)
{
    if (timeout < 0)
        Py_RETURN_NONE;
    return PyFloat_FromDouble(_PyTime_AsSecondsDouble(timeout));
}

static PyObject *set(struct socket_object *s, pier_timeout timeout)
{
    pier_err err =
        s->fd < 0 ? PIER_EBADF : pier_settimeout(s->socket, timeout);

    if (!err)
        s->timeout = pier_gettimeout(s->socket);
    return none_or_error(err);
}

static PyObject *set_timeout(PyObject *self, PyObject *value)
{
    pier_timeout timeout;

    if (!timeout_from(value, &timeout))
        return NULL;
    return set((struct socket_object *)self, timeout);
}

static PyObject *get_timeout(PyObject *self, PyObject *unused)
{
    (void)unused;
    return timeout_object(((struct socket_object *)self)->timeout);
}

static PyObject *set_blocking(PyObject *self, PyObject *value)
{
    const long on = PyLong_AsLong(value);

    if (on == -1 && PyErr_Occurred())
        return NULL;
    return set((struct socket_object *)self, on ? PIER_FOREVER : 0);
}

static PyObject *get_blocking(PyObject *self, PyObject *unused)
{
    (void)unused;
    return PyBool_FromLong(((struct socket_object *)self)->timeout != 0);
}

PyMethodDef mode_methods[] = {
    { "settimeout", set_timeout, METH_O,
      "settimeout(timeout): None, or seconds for the whole of each call" },
    { "gettimeout", get_timeout, METH_NOARGS, "gettimeout() -> timeout" },
    { "setblocking", set_blocking, METH_O, "setblocking(flag)" },
    { "getblocking", get_blocking, METH_NOARGS, "getblocking() -> bool" },
    { NULL, NULL, 0, NULL },
};
