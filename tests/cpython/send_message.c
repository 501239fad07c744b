/* SPDX-License-Identifier: MIT */
/* sendmsg and sendmsg_afalg. */
#include "module.h"

static const char bad_buffers[] =
    "y*;sendmsg() argument 1 must be an iterable of bytes-like objects";
static const char bad_item[] = "(iiy*);[sendmsg() ancillary data items]";

/* An item of control data as Python gives it. */
struct item {
    int level;
    int type;
    Py_buffer view;
};

/* The room that all items need; 0 with an exception when there is none. */
static size_t room_of(const struct item *items, Py_ssize_t count)
{
    size_t total = 0;

    for (Py_ssize_t i = 0; i < count; i++) {
        const size_t space = pier_cmsg_space((size_t)items[i].view.len);

        if (space == 0) {
            (void)raise_text("ancillary data item too large");
            return 0;
        }
        total += space;
        if (total > 0x7fffffff) {
            (void)raise_text("too much ancillary data");
            return 0;
        }
    }
    return total;
}

static bool put_items(struct pier_message *m, const struct item *items,
                      Py_ssize_t count)
{
    const size_t room = room_of(items, count);
    pier_err err = PIER_OK;

    if (room == 0)
        return false;
    m->control = PyMem_Malloc(room);
    if (!m->control) {
        PyErr_NoMemory();
        return false;
    }
    for (Py_ssize_t i = 0; i < count && !err; i++) {
        err = pier_control_put(m, room, items[i].level, items[i].type,
                               items[i].view.buf, (size_t)items[i].view.len);
    }
    if (err)
        (void)raise_error(err);
    return !err;
}

static bool put_sequence(struct pier_message *m, PyObject *sequence)
{
    const Py_ssize_t count = PySequence_Fast_GET_SIZE(sequence);
    struct item *items;
    Py_ssize_t taken = 0;
    bool done;

    if (count == 0)
        return true;
    items = PyMem_Calloc((size_t)count, sizeof(*items));
    if (!items) {
        PyErr_NoMemory();
        return false;
    }
    while (taken < count &&
           PyArg_Parse(PySequence_Fast_GET_ITEM(sequence, taken), bad_item,
                       &items[taken].level, &items[taken].type,
                       &items[taken].view)) {
        taken++;
    }
    done = taken == count && put_items(m, items, count);
    while (taken > 0)
        PyBuffer_Release(&items[--taken].view);
    PyMem_Free(items);
    return done;
}

static bool put_control(struct pier_message *m, PyObject *iterable)
{
    PyObject *sequence;
    bool done;

    if (!iterable)
        return true;
    sequence =
        PySequence_Fast(iterable, "sendmsg() argument 2 must be an iterable");
    if (!sequence)
        return false;
    done = put_sequence(m, sequence);
    Py_DECREF(sequence);
    return done;
}

/* Gives m its address; value NULL or None: none. */
static bool put_address(struct pier_message *m, struct pier_address *to,
                        PyObject *self, PyObject *value)
{
    if (!value || value == Py_None)
        return PySys_Audit("socket.sendmsg", "OO", self, Py_None) == 0;
    m->address = to;
    return address_in(to, (struct socket_object *)self, value, "sendmsg") &&
           PySys_Audit("socket.sendmsg", "OO", self, value) == 0;
}

static PyObject *send_message(PyObject *self, PyObject *args)
{
    const struct socket_object *s = (struct socket_object *)self;
    PyObject *buffers;
    PyObject *control = NULL;
    PyObject *address = NULL;
    PyObject *result = NULL;
    struct lent lent = { 0 };
    struct pier_message m = { 0 };
    struct pier_address to;
    int flags = 0;

    if (!PyArg_ParseTuple(args, "O|OiO:sendmsg", &buffers, &control, &flags,
                          &address))
        return NULL;
    if (!put_address(&m, &to, self, address) ||
        !lend(&lent, buffers, bad_buffers, "sendmsg() argument 1 is too long"))
        return NULL;
    m.buffers = lent.pieces;
    m.buffer_count = (size_t)lent.count;
    if (put_control(&m, control)) {
        ptrdiff_t n =
            s->fd < 0 ? PIER_EBADF : pier_sendmsg(s->socket, &m, flags);

        result = n < 0 ? raise_error(n) : PyLong_FromSsize_t(n);
    }
    PyMem_Free(m.control);
    give_back(&lent);
    return result;
}

/* ---------------------------------------------------------- AF_ALG --- */

/* A number that is not negative; absent where it may be. */
static bool number_of(PyObject *value, const char *text, int *out)
{
    *out = value ? _PyLong_AsInt(value) : -1;
    if (*out >= 0)
        return true;
    if (!PyErr_Occurred() || PyErr_ExceptionMatches(PyExc_OverflowError))
        PyErr_SetString(PyExc_TypeError, text);
    return false;
}

struct algorithm_call {
    PyObject *buffers;
    PyObject *operation;
    PyObject *associated;
    Py_buffer iv;
    int flags;
};

static PyObject *send_to_algorithm(const struct socket_object *s,
                                   const struct algorithm_call *call)
{
    struct lent lent = { 0 };
    int operation;
    int associated = -1;
    ptrdiff_t n;

    if (!number_of(call->operation, "Invalid or missing argument 'op'",
                   &operation))
        return NULL;
    if (call->associated &&
        !number_of(call->associated,
                   "assoclen must be greater than or equal to 0", &associated))
        return NULL;
    if (call->buffers && !lend(&lent, call->buffers, bad_buffers,
                               "sendmsg() argument 1 is "
                               "too long"))
        return NULL;
    n = s->fd < 0
            ? PIER_EBADF
            : pier_send_afalg(s->socket, lent.pieces, (size_t)lent.count,
                              operation, call->iv.buf, (size_t)call->iv.len,
                              associated, call->flags);
    give_back(&lent);
    return n < 0 ? raise_error(n) : PyLong_FromSsize_t(n);
}

static PyObject *send_afalg(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *names[] = { "msg", "op", "iv", "assoclen", "flags", NULL };
    const struct socket_object *s = (struct socket_object *)self;
    struct algorithm_call call = { .buffers = NULL };
    PyObject *result;

    if (s->family != PIER_AF_ALG)
        return raise_text("algset is only supported for AF_ALG");
    if (!PyArg_ParseTupleAndKeywords(
            args, keywords, "|O$O!y*O!i:sendmsg_afalg", names, &call.buffers,
            &PyLong_Type, &call.operation, &call.iv, &PyLong_Type,
            &call.associated, &call.flags))
        return NULL;
    result = send_to_algorithm(s, &call);
    if (call.iv.obj)
        PyBuffer_Release(&call.iv);
    return result;
}

PyMethodDef send_message_methods[] = {
    { "sendmsg", send_message, METH_VARARGS,
      "sendmsg(buffers[, items[, flags[, address]]]) -> count" },
    { "sendmsg_afalg", (PyCFunction)(void (*)(void))send_afalg,
      METH_VARARGS | METH_KEYWORDS,
      "sendmsg_afalg([buffers], *, op[, iv[, assoclen[, flags]]]) -> count" },
    { NULL, NULL, 0, NULL },
};
