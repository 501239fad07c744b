/* SPDX-License-Identifier: MIT */
/* getsockopt and setsockopt. */
#include "module.h"

/* The longest value that Python has a room for. */
#define ROOM_MAX 1024

static PyObject *get_bytes(const struct socket_object *s, int level, int name,
                           int room)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, room);
    size_t length = (size_t)room;
    pier_err err;

    if (!bytes)
        return NULL;
    err = pier_getsockopt(s->socket, level, name, PyBytes_AS_STRING(bytes),
                          &length);
    if (err) {
        Py_DECREF(bytes);
        return raise_error(err);
    }
    (void)_PyBytes_Resize(&bytes, (Py_ssize_t)length);
    return bytes;
}

static PyObject *get_number(const struct socket_object *s, int level, int name)
{
    uint64_t wide = 0;
    size_t length = sizeof(wide);
    int value = 0;
    pier_err err;

    if (s->family == PIER_AF_VSOCK) {
        err = pier_getsockopt(s->socket, level, name, &wide, &length);
        return err ? raise_error(err) : PyLong_FromUnsignedLongLong(wide);
    }
    err = pier_getsockopt_int(s->socket, level, name, &value);
    return err ? raise_error(err) : PyLong_FromLong(value);
}

static PyObject *get_option(PyObject *self, PyObject *args)
{
    const struct socket_object *s = (struct socket_object *)self;
    int level;
    int name;
    int room = 0;

    if (!PyArg_ParseTuple(args, "ii|i:getsockopt", &level, &name, &room))
        return NULL;
    if (s->fd < 0)
        return raise_error(PIER_EBADF);
    if (room == 0)
        return get_number(s, level, name);
    if (s->family == PIER_AF_VSOCK)
        return raise_text("getsockopt string buffer not allowed");
    if (room < 0 || room > ROOM_MAX)
        return raise_text("getsockopt buflen out of range");
    return get_bytes(s, level, name, room);
}

static pier_err set_bytes(const struct socket_object *s, int level, int name,
                          const struct pier_buffer *value)
{
    if (s->fd < 0)
        return PIER_EBADF;
    return pier_setsockopt(s->socket, level, name, value->base, value->length);
}

/* The forms are tried one after the other, as programs expect. */
static PyObject *set_option(PyObject *self, PyObject *args)
{
    const struct socket_object *s = (struct socket_object *)self;
    struct pier_buffer value = { NULL, 0 };
    PyObject *none;
    Py_buffer view;
    pier_err err;
    long long wide;
    unsigned length;
    int level;
    int name;
    int number;

    if (s->family == PIER_AF_VSOCK) {
        if (!PyArg_ParseTuple(args, "iiL:setsockopt", &level, &name, &wide))
            return NULL;
        value = (struct pier_buffer){ &wide, sizeof(wide) };
        return none_or_error(set_bytes(s, level, name, &value));
    }
    if (PyArg_ParseTuple(args, "iii:setsockopt", &level, &name, &number)) {
        value = (struct pier_buffer){ &number, sizeof(number) };
        return none_or_error(set_bytes(s, level, name, &value));
    }
    PyErr_Clear();
    if (PyArg_ParseTuple(args, "iiO!I:setsockopt", &level, &name,
                         Py_TYPE(Py_None), &none, &length)) {
        value.length = length;
        return none_or_error(set_bytes(s, level, name, &value));
    }
    PyErr_Clear();
    if (!PyArg_ParseTuple(args, "iiy*:setsockopt", &level, &name, &view))
        return NULL;
    value = (struct pier_buffer){ view.buf, (size_t)view.len };
    err = set_bytes(s, level, name, &value);
    PyBuffer_Release(&view);
    return none_or_error(err);
}

PyMethodDef option_methods[] = {
    { "getsockopt", get_option, METH_VARARGS,
      "getsockopt(level, option[, bufsize]) -> value" },
    { "setsockopt", set_option, METH_VARARGS,
      "setsockopt(level, option, value: int | bytes)\n"
      "setsockopt(level, option, None, length)" },
    { NULL, NULL, 0, NULL },
};
