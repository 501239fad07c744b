/* SPDX-License-Identifier: MIT */
/* Methods that receive and send bytes. */
#include "module.h"

static struct pier_socket *open_socket(PyObject *self)
{
    struct socket_object *s = (struct socket_object *)self;

    if (s->fd >= 0)
        return s->socket;
    (void)raise_error(PIER_EBADF);
    return NULL;
}

static PyObject *count_or_error(ptrdiff_t n)
{
    return n < 0 || PyErr_Occurred() ? raise_error(n) : PyLong_FromSsize_t(n);
}

/* ------------------------------------------------------- receiving --- */

/* A bytes object of n bytes, or NULL with text as a ValueError. */
static PyObject *room_for(Py_ssize_t n, const char *text)
{
    if (n >= 0)
        return PyBytes_FromStringAndSize(NULL, n);
    PyErr_SetString(PyExc_ValueError, text);
    return NULL;
}

/* The bytes that came, in a room that is given up. */
static PyObject *filled(PyObject *room, ptrdiff_t n)
{
    if (n < 0 || PyErr_Occurred()) {
        Py_DECREF(room);
        return raise_error(n);
    }
    if (n != PyBytes_GET_SIZE(room))
        (void)_PyBytes_Resize(&room, n);
    return room;
}

static PyObject *receive(PyObject *self, PyObject *args)
{
    struct pier_socket *socket;
    PyObject *room;
    Py_ssize_t size;
    int flags = 0;

    if (!PyArg_ParseTuple(args, "n|i:recv", &size, &flags))
        return NULL;
    room = room_for(size, "negative buffersize in recv");
    if (!room || size == 0)
        return room;
    socket = open_socket(self);
    if (!socket) {
        Py_DECREF(room);
        return NULL;
    }
    return filled(
        room, pier_recv(socket, PyBytes_AS_STRING(room), (size_t)size, flags));
}

/* How much of a buffer is asked for: 0 is all of it. -1: a ValueError. */
static Py_ssize_t wanted(const Py_buffer *view, Py_ssize_t size,
                         const char *negative, const char *too_small)
{
    if (size >= 0 && size <= view->len)
        return size ? size : view->len;
    PyErr_SetString(PyExc_ValueError, size < 0 ? negative : too_small);
    return -1;
}

static ptrdiff_t receive_into_view(PyObject *self, Py_buffer *view,
                                   Py_ssize_t size, int flags)
{
    struct pier_socket *socket;

    if (size <= 0)
        return size;
    socket = open_socket(self);
    return socket ? pier_recv(socket, view->buf, (size_t)size, flags)
                  : PIER_EBADF;
}

static PyObject *receive_into(PyObject *self, PyObject *args,
                              PyObject *keywords)
{
    static char *names[] = { "buffer", "nbytes", "flags", NULL };
    Py_buffer view;
    Py_ssize_t size = 0;
    ptrdiff_t n;
    int flags = 0;

    if (!PyArg_ParseTupleAndKeywords(args, keywords, "w*|ni:recv_into", names,
                                     &view, &size, &flags))
        return NULL;
    size = wanted(&view, size, "negative buffersize in recv_into",
                  "buffer too small for requested bytes");
    n = receive_into_view(self, &view, size, flags);
    PyBuffer_Release(&view);
    return count_or_error(n);
}

static PyObject *with_address(PyObject *self, PyObject *result,
                              const struct pier_address *from)
{
    PyObject *address;

    if (!result)
        return NULL;
    address = address_out(from, ((struct socket_object *)self)->protocol);
    if (address)
        return Py_BuildValue("NN", result, address);
    Py_DECREF(result);
    return NULL;
}

static PyObject *receive_from(PyObject *self, PyObject *args)
{
    struct pier_address from = { .length = 0 };
    struct pier_socket *socket;
    PyObject *room;
    Py_ssize_t size;
    int flags = 0;

    if (!PyArg_ParseTuple(args, "n|i:recvfrom", &size, &flags))
        return NULL;
    room = room_for(size, "negative buffersize in recvfrom");
    if (!room)
        return NULL;
    socket = open_socket(self);
    if (!socket) {
        Py_DECREF(room);
        return NULL;
    }
    room = filled(room, pier_recvfrom(socket, PyBytes_AS_STRING(room),
                                      (size_t)size, flags, &from));
    return with_address(self, room, &from);
}

static PyObject *receive_from_into(PyObject *self, PyObject *args,
                                   PyObject *keywords)
{
    static char *names[] = { "buffer", "nbytes", "flags", NULL };
    struct pier_address from = { .length = 0 };
    struct pier_socket *socket;
    Py_buffer view;
    Py_ssize_t size = 0;
    ptrdiff_t n = PIER_EBADF;
    int flags = 0;

    if (!PyArg_ParseTupleAndKeywords(args, keywords, "w*|ni:recvfrom_into",
                                     names, &view, &size, &flags))
        return NULL;
    size = wanted(&view, size, "negative buffersize in recvfrom_into",
                  "nbytes is greater than the length of the buffer");
    socket = size < 0 ? NULL : open_socket(self);
    if (socket)
        n = pier_recvfrom(socket, view.buf, (size_t)size, flags, &from);
    PyBuffer_Release(&view);
    return with_address(self, count_or_error(n), &from);
}

/* --------------------------------------------------------- sending --- */

static PyObject *send_some(PyObject *self, PyObject *args)
{
    struct pier_socket *socket;
    Py_buffer view;
    ptrdiff_t n = PIER_EBADF;
    int flags = 0;

    if (!PyArg_ParseTuple(args, "y*|i:send", &view, &flags))
        return NULL;
    socket = open_socket(self);
    if (socket)
        n = pier_send(socket, view.buf, (size_t)view.len, flags);
    PyBuffer_Release(&view);
    return count_or_error(n);
}

static PyObject *send_all(PyObject *self, PyObject *args)
{
    struct pier_socket *socket;
    Py_buffer view;
    pier_err err = PIER_EBADF;
    int flags = 0;

    if (!PyArg_ParseTuple(args, "y*|i:sendall", &view, &flags))
        return NULL;
    socket = open_socket(self);
    if (socket)
        err = pier_sendall(socket, view.buf, (size_t)view.len, flags, NULL);
    PyBuffer_Release(&view);
    return none_or_error(err);
}

/* (data, address) or (data, flags, address), refused in that order. */
static bool parse_send_to(PyObject *args, Py_buffer *view, int *flags,
                          PyObject **address)
{
    const Py_ssize_t count = PyTuple_GET_SIZE(args);

    *flags = 0;
    if (count == 2)
        return PyArg_ParseTuple(args, "y*O:sendto", view, address);
    if (count == 3)
        return PyArg_ParseTuple(args, "y*iO:sendto", view, flags, address);
    PyErr_Format(PyExc_TypeError,
                 "sendto() takes 2 or 3 arguments (%zd given)", count);
    return false;
}

static ptrdiff_t send_view_to(PyObject *self, const Py_buffer *view, int flags,
                              PyObject *value)
{
    struct socket_object *s = (struct socket_object *)self;
    struct pier_address to;

    if (!address_in(&to, s, value, "sendto") ||
        PySys_Audit("socket.sendto", "OO", self, value) < 0 ||
        !open_socket(self))
        return PIER_EBADF;
    return pier_sendto(s->socket, view->buf, (size_t)view->len, flags, &to);
}

static PyObject *send_to(PyObject *self, PyObject *args)
{
    PyObject *address;
    Py_buffer view;
    ptrdiff_t n;
    int flags;

    if (!parse_send_to(args, &view, &flags, &address))
        return NULL;
    n = send_view_to(self, &view, flags, address);
    PyBuffer_Release(&view);
    return count_or_error(n);
}

PyMethodDef transfer_methods[] = {
    { "recv", receive, METH_VARARGS, "recv(bufsize[, flags]) -> bytes" },
    { "recv_into", (PyCFunction)(void (*)(void))receive_into,
      METH_VARARGS | METH_KEYWORDS,
      "recv_into(buffer[, nbytes[, flags]]) -> count" },
    { "recvfrom", receive_from, METH_VARARGS,
      "recvfrom(bufsize[, flags]) -> (bytes, address)" },
    { "recvfrom_into", (PyCFunction)(void (*)(void))receive_from_into,
      METH_VARARGS | METH_KEYWORDS,
      "recvfrom_into(buffer[, nbytes[, flags]]) -> (count, address)" },
    { "send", send_some, METH_VARARGS, "send(data[, flags]) -> count" },
    { "sendall", send_all, METH_VARARGS, "sendall(data[, flags])" },
    { "sendto", send_to, METH_VARARGS,
      "sendto(data[, flags], address) -> count" },
    { NULL, NULL, 0, NULL },
};
