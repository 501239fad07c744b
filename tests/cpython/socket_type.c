/* SPDX-License-Identifier: MIT */
/* The type: how its objects are made, shown and ended. */
#include "module.h"

#include <stddef.h>
#include <structmember.h>

_Static_assert(offsetof(struct socket_object, fd) == 16 &&
                   offsetof(struct socket_object, family) == 20 &&
                   offsetof(struct socket_object, type) == 24 &&
                   offsetof(struct socket_object, protocol) == 28 &&
                   offsetof(struct socket_object, error_handler) == 32 &&
                   offsetof(struct socket_object, timeout) == 40,
               "_ssl looks elsewhere");

static PyObject *raise_last(void)
{
    struct pier_detail detail;

    pier_error_detail(&detail);
    return raise_error(detail.code);
}

void publish(struct socket_object *s)
{
    s->fd = (int)pier_fileno(s->socket);
    s->family = pier_family(s->socket);
    s->type = pier_type(s->socket);
    s->protocol = pier_protocol(s->socket);
    s->timeout = pier_gettimeout(s->socket);
}

static void take(struct socket_object *s, struct pier_socket *socket)
{
    struct pier_socket *old = s->socket;

    s->socket = socket;
    publish(s);
    pier_free(old); /* may linger while other threads use s */
}

PyObject *socket_object_of(struct pier_socket *socket)
{
    PyObject *self = socket_type.tp_new(&socket_type, NULL, NULL);

    if (self) {
        take((struct socket_object *)self, socket);
    } else {
        pier_free(socket);
    }
    return self;
}

static PyObject *make(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    struct socket_object *s = (struct socket_object *)type->tp_alloc(type, 0);

    (void)args;
    (void)keywords;
    if (!s)
        return NULL;
    s->fd = -1;
    s->timeout = PIER_FOREVER;
    s->error_handler = raise_last;
    return (PyObject *)s;
}

static bool descriptor_from(PyObject *value, int *out)
{
    long number;

    if (PyFloat_Check(value)) {
        PyErr_SetString(PyExc_TypeError,
                        "integer argument expected, got float");
        return false;
    }
    number = PyLong_AsLong(value);
    if (number == -1 && PyErr_Occurred())
        return false;
    if (number < 0 || number > INT_MAX) {
        PyErr_SetString(PyExc_ValueError, "negative file descriptor");
        return false;
    }
    *out = (int)number;
    return true;
}

static int adopt(struct socket_object *s, PyObject *fileno, const int kind[3])
{
    struct pier_socket *socket;
    pier_err err;
    int fd;

    if (!descriptor_from(fileno, &fd))
        return -1;
    err = pier_adopt(&socket, fd, kind[0], kind[1], kind[2]);
    if (err) {
        (void)raise_error(err);
        return -1;
    }
    take(s, socket);
    return 0;
}

static int open_new(struct socket_object *s, const int kind[3])
{
    struct pier_socket *socket;
    pier_err err = pier_open(&socket, kind[0] == -1 ? PIER_AF_INET : kind[0],
                             kind[1] == -1 ? PIER_SOCK_STREAM : kind[1],
                             kind[2] == -1 ? 0 : kind[2]);

    if (err) {
        (void)raise_error(err);
        return -1;
    }
    take(s, socket);
    return 0;
}

static int initialize(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *names[] = { "family", "type", "proto", "fileno", NULL };
    struct socket_object *s = (struct socket_object *)self;
    PyObject *fileno = Py_None;
    int kind[3] = { -1, -1, -1 };

    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|iiiO:socket", names,
                                     &kind[0], &kind[1], &kind[2], &fileno))
        return -1;
    if (PySys_Audit("socket.__new__", "Oiii", self, kind[0], kind[1],
                    kind[2]) < 0)
        return -1;
    return fileno == Py_None ? open_new(s, kind) : adopt(s, fileno, kind);
}

static PyObject *represent(PyObject *self)
{
    const struct socket_object *s = (struct socket_object *)self;

    return PyUnicode_FromFormat(
        "<socket object, fd=%d, family=%d, type=%d, proto=%d>", s->fd,
        s->family, s->type, s->protocol);
}

/* The warning comes first: whoever hears it may still ask the socket. */
static void finalize(PyObject *self)
{
    struct socket_object *s = (struct socket_object *)self;
    PyObject *type;
    PyObject *value;
    PyObject *trace;

    if (s->fd < 0)
        return;
    PyErr_Fetch(&type, &value, &trace);
    if (PyErr_ResourceWarning(self, 1, "unclosed %R", self) &&
        PyErr_ExceptionMatches(PyExc_Warning))
        PyErr_WriteUnraisable(self);
    if (s->fd >= 0) {
        s->fd = -1;
        (void)pier_close(s->socket);
    }
    PyErr_Restore(type, value, trace);
}

static void release(PyObject *self)
{
    if (PyObject_CallFinalizerFromDealloc(self) < 0)
        return;
    pier_free(((struct socket_object *)self)->socket);
    Py_TYPE(self)->tp_free(self);
}

static PyObject *timeout_of(PyObject *self, void *closure)
{
    (void)closure;
    return timeout_object(((struct socket_object *)self)->timeout);
}

static PyMemberDef members[] = {
    { "family", T_INT, offsetof(struct socket_object, family), READONLY,
      "the socket family" },
    { "type", T_INT, offsetof(struct socket_object, type), READONLY,
      "the socket type" },
    { "proto", T_INT, offsetof(struct socket_object, protocol), READONLY,
      "the socket protocol" },
    { NULL, 0, 0, 0, NULL },
};

static PyGetSetDef computed[] = {
    { "timeout", timeout_of, NULL, "the socket timeout", NULL },
    { NULL, NULL, NULL, NULL, NULL },
};

PyTypeObject socket_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_socket.socket",
    .tp_basicsize = sizeof(struct socket_object),
    .tp_dealloc = release,
    .tp_repr = represent,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_doc = "socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket\n"
              "socket(family=-1, type=-1, proto=-1, fileno=None) -> socket\n"
              "\nA socket of the given kind, or the one that fileno is.",
    .tp_members = members,
    .tp_getset = computed,
    .tp_init = initialize,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = make,
    .tp_free = PyObject_Free,
    .tp_finalize = finalize,
};
