/* SPDX-License-Identifier: MIT */
/* Functions of the module that convert: byte order, addresses, sizes. */
#include "module.h"

/* A number that fits so many bits, in the words of the caller. */
static bool number_from(PyObject *value, const char *caller, int bits,
                        uint32_t *out)
{
    unsigned long number;

    if (!PyLong_Check(value)) {
        PyErr_Format(PyExc_TypeError, "expected int, %s found",
                     Py_TYPE(value)->tp_name);
        return false;
    }
    number = PyLong_AsUnsignedLong(value);
    if (number == (unsigned long)-1 && PyErr_Occurred())
        return false;
    if (number >> bits) {
        PyErr_Format(PyExc_OverflowError,
                     "%s: Python int too large to convert to C "
                     "%d-bit unsigned integer",
                     caller, bits);
        return false;
    }
    *out = (uint32_t)number;
    return true;
}

static PyObject *convert_16(PyObject *value, const char *caller)
{
    PyObject *index = PyNumber_Index(value);
    uint32_t number;
    bool fits;

    if (!index)
        return NULL;
    fits = number_from(index, caller, 16, &number);
    Py_DECREF(index);
    return fits ? PyLong_FromUnsignedLong(pier_htons((uint16_t)number)) : NULL;
}

static PyObject *convert_32(PyObject *value, const char *caller)
{
    uint32_t number;

    return number_from(value, caller, 32, &number)
               ? PyLong_FromUnsignedLong(pier_htonl(number))
               : NULL;
}

static PyObject *htons_of(PyObject *module, PyObject *value)
{
    (void)module;
    return convert_16(value, "htons");
}

static PyObject *ntohs_of(PyObject *module, PyObject *value)
{
    (void)module;
    return convert_16(value, "ntohs");
}

static PyObject *htonl_of(PyObject *module, PyObject *value)
{
    (void)module;
    return convert_32(value, "htonl");
}

static PyObject *ntohl_of(PyObject *module, PyObject *value)
{
    (void)module;
    return convert_32(value, "ntohl");
}

/* -------------------------------------------------------- addresses --- */

static PyObject *aton(PyObject *module, PyObject *args)
{
    unsigned char bytes[4];
    const char *text;

    (void)module;
    if (!PyArg_ParseTuple(args, "s:inet_aton", &text))
        return NULL;
    if (pier_inet_aton(text, bytes))
        return raise_text("illegal IP address string passed to inet_aton");
    return PyBytes_FromStringAndSize((char *)bytes, sizeof(bytes));
}

static PyObject *text_of(int family, const void *bytes)
{
    char text[64];
    pier_err err = pier_inet_ntop(family, bytes, text, sizeof(text));

    return err ? raise_error(err) : PyUnicode_FromString(text);
}

static PyObject *ntoa(PyObject *module, PyObject *args)
{
    PyObject *result;
    Py_buffer view;

    (void)module;
    if (!PyArg_ParseTuple(args, "y*:inet_ntoa", &view))
        return NULL;
    result = view.len == 4
                 ? text_of(PIER_AF_INET, view.buf)
                 : raise_text("packed IP wrong length for inet_ntoa");
    PyBuffer_Release(&view);
    return result;
}

static PyObject *pton(PyObject *module, PyObject *args)
{
    unsigned char bytes[16];
    const char *text;
    pier_err err;
    int family;

    (void)module;
    if (!PyArg_ParseTuple(args, "is:inet_pton", &family, &text))
        return NULL;
    err = pier_inet_pton(family, text, bytes);
    if (err == PIER_EINVAL)
        return raise_text("illegal IP address string passed to inet_pton");
    if (err)
        return raise_error(err);
    return PyBytes_FromStringAndSize((char *)bytes,
                                     family == PIER_AF_INET ? 4 : 16);
}

static PyObject *ntop_of_view(int family, const Py_buffer *view)
{
    if (family != PIER_AF_INET && family != PIER_AF_INET6) {
        PyErr_Format(PyExc_ValueError, "unknown address family %d", family);
        return NULL;
    }
    if (view->len != (family == PIER_AF_INET ? 4 : 16)) {
        PyErr_SetString(PyExc_ValueError,
                        "invalid length of packed IP address string");
        return NULL;
    }
    return text_of(family, view->buf);
}

static PyObject *ntop(PyObject *module, PyObject *args)
{
    PyObject *result;
    Py_buffer view;
    int family;

    (void)module;
    if (!PyArg_ParseTuple(args, "iy*:inet_ntop", &family, &view))
        return NULL;
    result = ntop_of_view(family, &view);
    PyBuffer_Release(&view);
    return result;
}

/* ------------------------------------------------------ control data --- */

static PyObject *size_from(PyObject *args, const char *format,
                           size_t (*size)(size_t), const char *text)
{
    Py_ssize_t n;
    size_t result;

    if (!PyArg_ParseTuple(args, format, &n))
        return NULL;
    result = n < 0 ? 0 : size((size_t)n);
    if (result)
        return PyLong_FromSize_t(result);
    PyErr_SetString(PyExc_OverflowError, text);
    return NULL;
}

static PyObject *cmsg_len(PyObject *module, PyObject *args)
{
    (void)module;
    return size_from(args, "n:CMSG_LEN", pier_cmsg_len,
                     "CMSG_LEN() argument out of range");
}

static PyObject *cmsg_space(PyObject *module, PyObject *args)
{
    (void)module;
    return size_from(args, "n:CMSG_SPACE", pier_cmsg_space,
                     "CMSG_SPACE() argument out of range");
}

PyMethodDef text_functions[] = {
    { "htons", htons_of, METH_O, "htons(number) -> number" },
    { "ntohs", ntohs_of, METH_O, "ntohs(number) -> number" },
    { "htonl", htonl_of, METH_O, "htonl(number) -> number" },
    { "ntohl", ntohl_of, METH_O, "ntohl(number) -> number" },
    { "inet_aton", aton, METH_VARARGS, "inet_aton(text) -> bytes" },
    { "inet_ntoa", ntoa, METH_VARARGS, "inet_ntoa(bytes) -> text" },
    { "inet_pton", pton, METH_VARARGS, "inet_pton(family, text) -> bytes" },
    { "inet_ntop", ntop, METH_VARARGS, "inet_ntop(family, bytes) -> text" },
    { "CMSG_LEN", cmsg_len, METH_VARARGS, "CMSG_LEN(length) -> size" },
    { "CMSG_SPACE", cmsg_space, METH_VARARGS, "CMSG_SPACE(length) -> size" },
    { NULL, NULL, 0, NULL },
};
