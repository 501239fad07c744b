/* SPDX-License-Identifier: MIT */
/* Methods that bind, connect, accept and close. */
#include "module.h"

static PyObject *bind_to(PyObject *self, PyObject *value)
{
    struct socket_object *s = (struct socket_object *)self;
    struct pier_address address;

    if (!address_in(&address, s, value, "bind") ||
        PySys_Audit("socket.bind", "OO", self, value) < 0)
        return NULL;
    return none_or_error(s->fd < 0 ? PIER_EBADF
                                   : pier_bind(s->socket, &address));
}

/* How many connections wait when nobody says. */
#define BACKLOG 128

static PyObject *listen_on(PyObject *self, PyObject *args)
{
    struct socket_object *s = (struct socket_object *)self;
    int backlog = PIER_SOMAXCONN < BACKLOG ? PIER_SOMAXCONN : BACKLOG;

    if (!PyArg_ParseTuple(args, "|i:listen", &backlog))
        return NULL;
    /* Python's negative is none, pier's is the system's largest. */
    return none_or_error(
        s->fd < 0 ? PIER_EBADF
                  : pier_listen(s->socket, backlog < 0 ? 0 : backlog));
}

static PyObject *accept_one(PyObject *self, PyObject *unused)
{
    struct socket_object *s = (struct socket_object *)self;
    struct pier_socket *socket;
    struct pier_address peer;
    pier_err err =
        s->fd < 0 ? PIER_EBADF : pier_accept(&socket, s->socket, &peer);
    PyObject *address;
    int fd;

    (void)unused;
    if (err)
        return raise_error(err);
    address = address_out(&peer, s->protocol);
    if (!address) {
        pier_free(socket);
        return NULL;
    }
    fd = (int)pier_detach(socket);
    pier_free(socket);
    return Py_BuildValue("iN", fd, address);
}

/* Parses, asks the auditors and connects; false: an exception is set. */
static bool try_to_connect(PyObject *self, PyObject *value, const char *caller,
                           pier_err *err)
{
    struct socket_object *s = (struct socket_object *)self;
    struct pier_address address;

    if (!address_in(&address, s, value, caller) ||
        PySys_Audit("socket.connect", "OO", self, value) < 0)
        return false;
    *err = s->fd < 0 ? PIER_EBADF : pier_connect(s->socket, &address);
    return !PyErr_Occurred();
}

static PyObject *connect_to(PyObject *self, PyObject *value)
{
    pier_err err;

    if (!try_to_connect(self, value, "connect", &err))
        return NULL;
    return none_or_error(err);
}

static PyObject *connect_ex(PyObject *self, PyObject *value)
{
    pier_err err;

    if (!try_to_connect(self, value, "connect_ex", &err))
        return NULL;
    /* Programs know a time that is up by this number. */
    if (err == PIER_EDEADLINE)
        err = PIER_EWOULDBLOCK;
    return PyLong_FromLong(err ? errno_of(err) : 0);
}

static PyObject *name_of(PyObject *self,
                         pier_err (*ask)(struct pier_socket *,
                                         struct pier_address *))
{
    struct socket_object *s = (struct socket_object *)self;
    struct pier_address address;
    pier_err err = s->fd < 0 ? PIER_EBADF : ask(s->socket, &address);

    if (err)
        return raise_error(err);
    return address_out(&address, s->protocol);
}

static PyObject *get_peer_name(PyObject *self, PyObject *unused)
{
    (void)unused;
    return name_of(self, pier_getpeername);
}

static PyObject *get_own_name(PyObject *self, PyObject *unused)
{
    (void)unused;
    return name_of(self, pier_getsockname);
}

static PyObject *shut_down(PyObject *self, PyObject *value)
{
    struct socket_object *s = (struct socket_object *)self;
    const int how = _PyLong_AsInt(value);

    if (how == -1 && PyErr_Occurred())
        return NULL;
    return none_or_error(s->fd < 0 ? PIER_EBADF
                                   : pier_shutdown(s->socket, how));
}

static PyObject *close_it(PyObject *self, PyObject *unused)
{
    struct socket_object *s = (struct socket_object *)self;
    const int fd = s->fd;

    (void)unused;
    if (fd < 0)
        Py_RETURN_NONE;
    s->fd = -1;
    return none_or_error(pier_close(s->socket));
}

/* pier_detach() waits until the calls inside have left, and in a signal's
 * handler the one round it may be among them: a duplicate goes out instead. */
static PyObject *detach_duplicate(struct socket_object *s)
{
    struct pier_socket *copy;
    pier_err err = pier_fromfd(&copy, s->fd, s->family, s->type, s->protocol);
    int fd;

    if (!err)
        err = pier_settimeout(copy, s->timeout); /* and so the mode */
    if (err) {
        pier_free(copy);
        return raise_error(err);
    }
    fd = (int)pier_detach(copy);
    pier_free(copy);
    s->fd = -1;
    (void)pier_close(s->socket);
    return PyLong_FromLong(fd);
}

static PyObject *detach(PyObject *self, PyObject *unused)
{
    struct socket_object *s = (struct socket_object *)self;
    const int fd = s->fd;

    (void)unused;
    if (fd >= 0 && inside_handler())
        return detach_duplicate(s);
    s->fd = -1;
    if (fd >= 0)
        (void)pier_detach(s->socket);
    return PyLong_FromLong(fd);
}

static PyObject *descriptor(PyObject *self, PyObject *unused)
{
    (void)unused;
    return PyLong_FromLong(((struct socket_object *)self)->fd);
}

PyMethodDef connecting_methods[] = {
    { "_accept", accept_one, METH_NOARGS,
      "_accept() -> (descriptor, address of the peer)" },
    { "bind", bind_to, METH_O, "bind(address)" },
    { "close", close_it, METH_NOARGS,
      "close(): calls of other threads end with an error" },
    { "connect", connect_to, METH_O, "connect(address)" },
    { "connect_ex", connect_ex, METH_O,
      "connect_ex(address) -> 0, or the number of the error" },
    { "detach", detach, METH_NOARGS,
      "detach() -> descriptor, which is the caller's from then on" },
    { "fileno", descriptor, METH_NOARGS, "fileno() -> descriptor, or -1" },
    { "getpeername", get_peer_name, METH_NOARGS, "getpeername() -> address" },
    { "getsockname", get_own_name, METH_NOARGS, "getsockname() -> address" },
    { "listen", listen_on, METH_VARARGS, "listen([backlog])" },
    { "shutdown", shut_down, METH_O, "shutdown(how)" },
    { NULL, NULL, 0, NULL },
};
