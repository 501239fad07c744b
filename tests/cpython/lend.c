/* SPDX-License-Identifier: MIT */
/* Buffers that Python objects lend for the time of a call. */
#include "module.h"

static bool make_room(struct lent *out, Py_ssize_t count)
{
    out->views = PyMem_Calloc((size_t)count, sizeof(*out->views));
    out->pieces = PyMem_Calloc((size_t)count, sizeof(*out->pieces));
    if (out->views && out->pieces)
        return true;
    PyErr_NoMemory();
    return false;
}

static bool lend_each(struct lent *out, PyObject *sequence, Py_ssize_t count,
                      const char *format)
{
    for (; out->count < count; out->count++) {
        Py_buffer *view = &out->views[out->count];

        if (!PyArg_Parse(PySequence_Fast_GET_ITEM(sequence, out->count),
                         format, view))
            return false;
        out->pieces[out->count] =
            (struct pier_buffer){ view->buf, (size_t)view->len };
    }
    return true;
}

bool lend(struct lent *out, PyObject *iterable, const char *format,
          const char *too_many)
{
    PyObject *sequence = PySequence_Fast(iterable, "not an iterable");
    Py_ssize_t count;
    bool done;

    if (!sequence)
        return false;
    count = PySequence_Fast_GET_SIZE(sequence);
    if (count > INT_MAX) {
        (void)raise_text(too_many);
        done = false;
    } else {
        done = count == 0 || (make_room(out, count) &&
                              lend_each(out, sequence, count, format));
    }
    Py_DECREF(sequence);
    if (!done)
        give_back(out);
    return done;
}

void give_back(struct lent *lent)
{
    while (lent->count > 0)
        PyBuffer_Release(&lent->views[--lent->count]);
    PyMem_Free(lent->views);
    PyMem_Free(lent->pieces);
    *lent = (struct lent){ 0 };
}
