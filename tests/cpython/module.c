/* SPDX-License-Identifier: MIT */
/*
 * The module _socket over pier: what socket.py builds on, with the names, the
 * shapes and the texts that programs know, and nothing decided twice.
 */
#include "module.h"

/* What _ssl reads from the capsule. */
struct capi {
    PyTypeObject *type;
    PyObject *error;
    PyObject *timeout_error;
};

static bool add_capsule(PyObject *module)
{
    static struct capi capi;
    PyObject *capsule;

    capi = (struct capi){ &socket_type, PyExc_OSError, PyExc_TimeoutError };
    capsule = PyCapsule_New(&capi, "_socket.CAPI", NULL);
    if (capsule && PyModule_AddObject(module, "CAPI", capsule) == 0)
        return true;
    Py_XDECREF(capsule);
    return false;
}

enum {
    METHODS_MAX = 64
};

static size_t append(PyMethodDef *all, size_t count, const PyMethodDef *some)
{
    for (; some->ml_name; some++)
        all[count++] = *some;
    return count;
}

static PyMethodDef methods[METHODS_MAX];

static void gather_methods(void)
{
    size_t n = append(methods, 0, connecting_methods);

    n = append(methods, n, mode_methods);
    n = append(methods, n, transfer_methods);
    n = append(methods, n, receive_message_methods);
    n = append(methods, n, send_message_methods);
    (void)append(methods, n, option_methods);
    socket_type.tp_methods = methods;
}

static bool add_type(PyObject *module)
{
    gather_methods();
    if (PyType_Ready(&socket_type) < 0)
        return false;
    return PyModule_AddObjectRef(module, "socket", (PyObject *)&socket_type) ==
               0 &&
           PyModule_AddObjectRef(module, "SocketType",
                                 (PyObject *)&socket_type) == 0;
}

static bool add_functions(PyObject *module)
{
    return PyModule_AddFunctions(module, descriptor_functions) == 0 &&
           PyModule_AddFunctions(module, name_functions) == 0 &&
           PyModule_AddFunctions(module, service_functions) == 0 &&
           PyModule_AddFunctions(module, text_functions) == 0;
}

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_socket",
    .m_doc = "The sockets of pier, as the module socket expects them.",
    .m_size = -1,
};

PyMODINIT_FUNC PyInit__socket(void);

PyMODINIT_FUNC PyInit__socket(void)
{
    PyObject *module = PyModule_Create(&definition);

    if (module && runtime_ready() && errors_ready(module) &&
        add_type(module) && add_functions(module) && add_capsule(module) &&
        constants_ready(module) &&
        PyModule_AddObjectRef(module, "has_ipv6",
                              PIER_HAVE_AF_INET6 ? Py_True : Py_False) == 0)
        return module;
    Py_XDECREF(module);
    return NULL;
}
