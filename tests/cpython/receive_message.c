/* SPDX-License-Identifier: MIT */
/* recvmsg and recvmsg_into. */
#include "module.h"

/* What the widest length of control data of any system holds. */
#define CONTROL_MAX 0x7fffffff

static PyObject *item_object(const struct pier_control *item)
{
    return Py_BuildValue("(iiy#)", item->level, item->type, item->data,
                         (Py_ssize_t)item->length);
}

static bool append_items(PyObject *list, const struct pier_message *m)
{
    struct pier_control item = { .next = 0 };

    while (pier_control_next(m, &item)) {
        PyObject *object = item_object(&item);
        const bool added = object && PyList_Append(list, object) == 0;

        Py_XDECREF(object);
        if (!added)
            return false;
    }
    return item.next >= m->control_length ||
           PyErr_WarnEx(PyExc_RuntimeWarning,
                        "received malformed or improperly-truncated "
                        "ancillary data",
                        1) == 0;
}

static void close_descriptor(int fd)
{
    PyObject *module = PyImport_ImportModule("posix");
    PyObject *result =
        module ? PyObject_CallMethod(module, "close", "i", fd) : NULL;

    Py_XDECREF(module);
    Py_XDECREF(result);
    PyErr_Clear();
}

/* Nobody will learn of the descriptors that came, so they go. */
static void close_descriptors(const struct pier_message *m)
{
    struct pier_control item = { .next = 0 };
    PyObject *type;
    PyObject *value;
    PyObject *trace;

    PyErr_Fetch(&type, &value, &trace);
    while (pier_control_next(m, &item)) {
        const size_t count = item.length / sizeof(int);

        if (item.level != PIER_SOL_SOCKET || item.type != PIER_SCM_RIGHTS)
            continue;
        for (size_t i = 0; i < count; i++) {
            int fd;

            memcpy(&fd, (const char *)item.data + i * sizeof(fd), sizeof(fd));
            close_descriptor(fd);
        }
    }
    PyErr_Restore(type, value, trace);
}

/* (first, items, flags, address); takes first. */
static PyObject *result_of(const struct socket_object *s, PyObject *first,
                           const struct pier_message *m)
{
    PyObject *list = first ? PyList_New(0) : NULL;
    PyObject *address = NULL;

    if (list && append_items(list, m))
        address = address_out(m->address, s->protocol);
    if (address)
        return Py_BuildValue("NNiN", first, list, m->flags, address);
    Py_XDECREF(first);
    Py_XDECREF(list);
    close_descriptors(m);
    return NULL;
}

/* Receives with room for control data; the count or a code of pier. */
static ptrdiff_t receive(const struct socket_object *s, struct pier_message *m,
                         Py_ssize_t room, int flags)
{
    ptrdiff_t n;

    if (room < 0 || room > CONTROL_MAX) {
        PyErr_SetString(PyExc_ValueError,
                        "invalid ancillary data buffer length");
        return PIER_EINVAL;
    }
    if (s->fd < 0)
        return PIER_EBADF;
    m->control = room > 0 ? PyMem_Malloc((size_t)room) : NULL;
    m->control_length = (size_t)room;
    if (room > 0 && !m->control) {
        PyErr_NoMemory();
        return PIER_ENOMEM;
    }
    n = pier_recvmsg(s->socket, m, flags);
    /* A part came before a signal's handler raised. */
    if (n >= 0 && PyErr_Occurred()) {
        close_descriptors(m);
        return PIER_EINTR;
    }
    return n;
}

/* Receives into new bytes; what came, or NULL. */
static PyObject *receive_bytes(const struct socket_object *s,
                               struct pier_message *m, Py_ssize_t size,
                               Py_ssize_t room, int flags)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    ptrdiff_t n;

    if (!bytes)
        return NULL;
    *m->buffers =
        (struct pier_buffer){ PyBytes_AS_STRING(bytes), (size_t)size };
    n = receive(s, m, room, flags);
    if (n < 0) {
        Py_DECREF(bytes);
        return raise_error(n);
    }
    /* MSG_TRUNC has the count tell more than came. */
    if (n < size)
        (void)_PyBytes_Resize(&bytes, n);
    return result_of(s, bytes, m);
}

static PyObject *receive_message(PyObject *self, PyObject *args)
{
    struct pier_address from = { .length = 0 };
    struct pier_buffer piece = { NULL, 0 };
    struct pier_message m = { .address = &from,
                              .buffers = &piece,
                              .buffer_count = 1 };
    Py_ssize_t size;
    Py_ssize_t room = 0;
    PyObject *result;
    int flags = 0;

    if (!PyArg_ParseTuple(args, "n|ni:recvmsg", &size, &room, &flags))
        return NULL;
    if (size < 0) {
        PyErr_SetString(PyExc_ValueError, "negative buffer size in recvmsg()");
        return NULL;
    }
    result =
        receive_bytes((struct socket_object *)self, &m, size, room, flags);
    PyMem_Free(m.control);
    return result;
}

static PyObject *receive_message_into(PyObject *self, PyObject *args)
{
    const struct socket_object *s = (struct socket_object *)self;
    struct pier_address from = { .length = 0 };
    struct pier_message m = { .address = &from };
    struct lent lent = { 0 };
    PyObject *buffers;
    PyObject *result;
    Py_ssize_t room = 0;
    ptrdiff_t n;
    int flags = 0;

    if (!PyArg_ParseTuple(args, "O|ni:recvmsg_into", &buffers, &room, &flags))
        return NULL;
    if (!lend(&lent, buffers,
              "w*;recvmsg_into() argument 1 must be an iterable of "
              "single-segment read-write buffers",
              "recvmsg_into() argument 1 is too long"))
        return NULL;
    m.buffers = lent.pieces;
    m.buffer_count = (size_t)lent.count;
    n = receive(s, &m, room, flags);
    result = n < 0 ? raise_error(n) : result_of(s, PyLong_FromSsize_t(n), &m);
    PyMem_Free(m.control);
    give_back(&lent);
    return result;
}

PyMethodDef receive_message_methods[] = {
    { "recvmsg", receive_message, METH_VARARGS,
      "recvmsg(bufsize[, ancbufsize[, flags]]) -> "
      "(bytes, items, flags, address)" },
    { "recvmsg_into", receive_message_into, METH_VARARGS,
      "recvmsg_into(buffers[, ancbufsize[, flags]]) -> "
      "(count, items, flags, address)" },
    { NULL, NULL, 0, NULL },
};
