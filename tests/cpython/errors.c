/* SPDX-License-Identifier: MIT */
/* Codes of pier become the exceptions that Python's programs expect. */
#include "module.h"

#include <errno.h>

PyObject *herror_type;
PyObject *gaierror_type;

int errno_of(pier_err code)
{
    return code == PIER_EUNKNOWN ? pier_native_error()
                                 : pier_error_to_native(code);
}

static bool is_resolver(pier_err code)
{
    return code <= PIER_EAI_BADFLAGS && code >= PIER_EAI_IDN_ENCODE;
}

static bool is_host(pier_err code)
{
    return code <= PIER_EHOST_NOT_FOUND && code >= PIER_EHOST_NO_DATA;
}

/* What programs look for in the text of these: libc's words. */
static const char *text_of(pier_err code)
{
    static const struct {
        pier_err code;
        const char *text;
    } texts[] = {
        { PIER_EAI_ADDRFAMILY, "Address family for hostname not supported" },
        { PIER_EAI_AGAIN, "Temporary failure in name resolution" },
        { PIER_EAI_BADFLAGS, "Bad value for ai_flags" },
        { PIER_EAI_FAIL, "Non-recoverable failure in name resolution" },
        { PIER_EAI_FAMILY, "ai_family not supported" },
        { PIER_EAI_NODATA, "No address associated with hostname" },
        { PIER_EAI_NONAME, "Name or service not known" },
        { PIER_EAI_SERVICE, "Servname not supported for ai_socktype" },
        { PIER_EAI_SOCKTYPE, "ai_socktype not supported" },
        { PIER_EHOST_NOT_FOUND, "Unknown host" },
        { PIER_EHOST_TRY_AGAIN, "Host name lookup failure" },
        { PIER_EHOST_NO_RECOVERY, "Unknown server error" },
        { PIER_EHOST_NO_DATA, "No address associated with name" },
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        if (texts[i].code == code)
            return texts[i].text;
    }
    return pier_strerror(code);
}

static void raise_pair(PyObject *type, pier_err code)
{
    PyObject *value = Py_BuildValue("(is)", errno_of(code), text_of(code));

    if (value) {
        PyErr_SetObject(type, value);
        Py_DECREF(value);
    }
}

PyObject *raise_error(ptrdiff_t result)
{
    const pier_err code = (pier_err)result;

    if (PyErr_Occurred())
        return NULL;
    if (code == PIER_EDEADLINE) {
        PyErr_SetString(PyExc_TimeoutError, "timed out");
    } else if (is_resolver(code)) {
        raise_pair(gaierror_type, code);
    } else if (is_host(code)) {
        raise_pair(herror_type, code);
    } else {
        /* The interpreter chooses the subclass and the text by the number. */
        errno = errno_of(code);
        PyErr_SetFromErrno(PyExc_OSError);
    }
    return NULL;
}

PyObject *raise_text(const char *text)
{
    PyErr_SetString(PyExc_OSError, text);
    return NULL;
}

PyObject *none_or_error(pier_err err)
{
    if (err)
        return raise_error(err);
    Py_RETURN_NONE;
}

static bool add(PyObject *module, const char *name, PyObject *object)
{
    Py_XINCREF(object);
    if (object && PyModule_AddObject(module, name, object) == 0)
        return true;
    Py_XDECREF(object);
    return false;
}

bool errors_ready(PyObject *module)
{
    herror_type = PyErr_NewException("socket.herror", PyExc_OSError, NULL);
    gaierror_type = PyErr_NewException("socket.gaierror", PyExc_OSError, NULL);
    return add(module, "error", PyExc_OSError) &&
           add(module, "timeout", PyExc_TimeoutError) &&
           add(module, "herror", herror_type) &&
           add(module, "gaierror", gaierror_type);
}
