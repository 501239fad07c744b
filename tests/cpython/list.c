/* SPDX-License-Identifier: MIT */
#include "module.h"

static bool fill(PyObject *list, size_t count,
                 PyObject *(*item)(const void *all, size_t i), const void *all)
{
    for (size_t i = 0; i < count; i++) {
        PyObject *object = item(all, i);

        if (!object || PyList_SetItem(list, (Py_ssize_t)i, object) < 0)
            return false;
    }
    return true;
}

PyObject *list_of(size_t count, PyObject *(*item)(const void *all, size_t i),
                  const void *all)
{
    PyObject *list = PyList_New((Py_ssize_t)count);

    if (!list || fill(list, count, item, all))
        return list;
    Py_DECREF(list);
    return NULL;
}
