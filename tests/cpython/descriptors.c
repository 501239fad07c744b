/* SPDX-License-Identifier: MIT */
/* Functions of the module that make and end sockets, and the defaults. */
#include "module.h"

static bool descriptor_from(PyObject *value, int *out)
{
    const long number = PyLong_AsLong(value);

    if (number == -1 && PyErr_Occurred())
        return false;
    if (number > INT_MAX || number < INT_MIN) {
        PyErr_SetString(PyExc_OverflowError, "no such descriptor");
        return false;
    }
    *out = (int)number;
    return true;
}

static PyObject *close_descriptor(PyObject *module, PyObject *value)
{
    struct pier_socket *socket;
    pier_err err;
    int fd;

    (void)module;
    if (!descriptor_from(value, &fd))
        return NULL;
    err = pier_adopt(&socket, fd, -1, -1, -1);
    if (!err)
        err = pier_close(socket);
    pier_free(socket);
    return none_or_error(err);
}

static PyObject *duplicate(PyObject *module, PyObject *value)
{
    struct pier_socket *socket;
    pier_err err;
    int fd;

    (void)module;
    if (!descriptor_from(value, &fd))
        return NULL;
    err = pier_fromfd(&socket, fd, -1, -1, -1);
    if (err)
        return raise_error(err);
    fd = (int)pier_detach(socket);
    pier_free(socket);
    return PyLong_FromLong(fd);
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
