/* SPDX-License-Identifier: MIT */
/* Functions of the module that make and end sockets, and the defaults. */
#include "module.h"

/* A number may be no socket's, and a pier socket would set the mode that it
 * shares with its duplicates, so these are the interpreter's own functions. */
static PyObject *call_system(PyObject **function, const char *name,
                             PyObject *value)
{
    if (!*function) {
        PyObject *posix = PyImport_ImportModule("posix");

        *function = posix ? PyObject_GetAttrString(posix, name) : NULL;
        Py_XDECREF(posix);
    }
    return *function ? PyObject_CallOneArg(*function, value) : NULL;
}

static PyObject *close_descriptor(PyObject *module, PyObject *value)
{
    static PyObject *function;
    PyObject *result = call_system(&function, "close", value);

    (void)module;
    if (result || !PyErr_ExceptionMatches(PyExc_ConnectionResetError))
        return result;
    PyErr_Clear(); /* no news of a socket that is closed */
    Py_RETURN_NONE;
}

static PyObject *duplicate(PyObject *module, PyObject *value)
{
    static PyObject *function;

    (void)module;
    return call_system(&function, "dup", value);
}

static PyObject *make_pair(PyObject *module, PyObject *args)
{
    struct pier_socket *pair[2];
    PyObject *one;
    PyObject *two;
    pier_err err;
    int family = PIER_AF_UNIX;
    int type = PIER_SOCK_STREAM;
    int protocol = 0;

    (void)module;
    if (!PyArg_ParseTuple(args, "|iii:socketpair", &family, &type, &protocol))
        return NULL;
    err = pier_socketpair(pair, family, type, protocol);
    if (err)
        return raise_error(err);
    one = socket_object_of(pair[0]);
    two = socket_object_of(pair[1]);
    if (one && two)
        return Py_BuildValue("NN", one, two);
    Py_XDECREF(one);
    Py_XDECREF(two);
    return NULL;
}

static PyObject *get_default_timeout(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    return timeout_object(pier_getdefaulttimeout());
}

static PyObject *set_default_timeout(PyObject *module, PyObject *value)
{
    pier_timeout timeout;

    (void)module;
    if (!timeout_from(value, &timeout))
        return NULL;
    return none_or_error(pier_setdefaulttimeout(timeout));
}

PyMethodDef descriptor_functions[] = {
    { "close", close_descriptor, METH_O, "close(descriptor)" },
    { "dup", duplicate, METH_O, "dup(descriptor) -> descriptor" },
    { "socketpair", make_pair, METH_VARARGS,
      "socketpair([family[, type[, proto]]]) -> (socket, socket)" },
    { "getdefaulttimeout", get_default_timeout, METH_NOARGS,
      "getdefaulttimeout() -> timeout" },
    { "setdefaulttimeout", set_default_timeout, METH_O,
      "setdefaulttimeout(timeout)" },
    { NULL, NULL, 0, NULL },
};
