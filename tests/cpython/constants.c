/* SPDX-License-Identifier: MIT */
/* The constants: pier's registry, and the numbers of its resolver codes. */
#include "module.h"

static bool add_registry(PyObject *module)
{
    size_t count;
    const struct pier_constant *each = pier_constants(&count);

    for (size_t i = 0; i < count; i++) {
        PyObject *number = PyLong_FromLongLong(each[i].value);

        if (!number || PyModule_AddObject(module, each[i].name, number) < 0) {
            Py_XDECREF(number);
            return false;
        }
    }
    return true;
}

static bool add_texts(PyObject *module)
{
    static const char *const names[] = {
        "BDADDR_ANY",       "BDADDR_LOCAL",     "HV_GUID_BROADCAST",
        "HV_GUID_CHILDREN", "HV_GUID_LOOPBACK", "HV_GUID_PARENT",
        "HV_GUID_WILDCARD", "HV_GUID_ZERO",
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const char *text = pier_constant_text(names[i]);

        if (text && PyModule_AddStringConstant(module, names[i], text) < 0)
            return false;
    }
    return true;
}

/* Each that this system has a number for. */
static bool add_resolver_codes(PyObject *module)
{
    for (pier_err code = PIER_EAI_BADFLAGS; code >= PIER_EAI_PROTOCOL;
         code--) {
        const int number = pier_error_to_native(code);

        if (number &&
            PyModule_AddIntConstant(module, pier_errname(code), number) < 0)
            return false;
    }
    return true;
}

bool constants_ready(PyObject *module)
{
    return add_registry(module) && add_texts(module) &&
           add_resolver_codes(module);
}
