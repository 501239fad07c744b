/* SPDX-License-Identifier: MIT */
/* What the machine knows of itself: its name, services and interfaces. */
#include "module.h"

enum {
    NAME_ROOM = 1025
};

static PyObject *get_host_name(PyObject *module, PyObject *unused)
{
    char name[NAME_ROOM];
    pier_err err;

    (void)module;
    (void)unused;
    if (PySys_Audit("socket.gethostname", NULL) < 0)
        return NULL;
    err = pier_gethostname(name, sizeof(name));
    return err ? raise_error(err) : PyUnicode_DecodeFSDefault(name);
}

static PyObject *set_host_name(PyObject *module, PyObject *args)
{
    PyObject *name;
    PyObject *result = NULL;

    (void)module;
    if (!PyArg_ParseTuple(args, "O&:sethostname", PyUnicode_FSConverter,
                          &name))
        return NULL;
    if (PySys_Audit("socket.sethostname", "(O)", name) == 0)
        result = none_or_error(pier_sethostname(PyBytes_AS_STRING(name)));
    Py_DECREF(name);
    return result;
}

static PyObject *get_service_by_name(PyObject *module, PyObject *args)
{
    const char *name;
    const char *protocol = NULL;
    int port;

    (void)module;
    if (!PyArg_ParseTuple(args, "s|s:getservbyname", &name, &protocol) ||
        PySys_Audit("socket.getservbyname", "ss", name, protocol) < 0)
        return NULL;
    if (pier_getservbyname(&port, name, protocol))
        return raise_text("service/proto not found");
    return PyLong_FromLong(port);
}

static PyObject *get_service_by_port(PyObject *module, PyObject *args)
{
    const char *protocol = NULL;
    char name[NAME_ROOM];
    pier_err err;
    int port;

    (void)module;
    if (!PyArg_ParseTuple(args, "i|s:getservbyport", &port, &protocol) ||
        PySys_Audit("socket.getservbyport", "is", port, protocol) < 0)
        return NULL;
    err = pier_getservbyport(name, sizeof(name), port, protocol);
    if (!err)
        return PyUnicode_FromString(name);
    if (err != PIER_ERANGE)
        return raise_text("port/proto not found");
    PyErr_SetString(PyExc_OverflowError,
                    "getservbyport: port must be 0-65535.");
    return NULL;
}

static PyObject *get_protocol_by_name(PyObject *module, PyObject *args)
{
    const char *name;
    int number;

    (void)module;
    if (!PyArg_ParseTuple(args, "s:getprotobyname", &name))
        return NULL;
    if (pier_getprotobyname(&number, name))
        return raise_text("protocol not found");
    return PyLong_FromLong(number);
}

/* -------------------------------------------------------- interfaces --- */

static PyObject *interface_object(const void *all, size_t i)
{
    const struct pier_interface *each = (const struct pier_interface *)all + i;

    return Py_BuildValue("IN", each->index,
                         PyUnicode_DecodeFSDefault(each->name));
}

static PyObject *name_index(PyObject *module, PyObject *unused)
{
    struct pier_interface *found;
    PyObject *list;
    size_t count;
    pier_err err = pier_if_nameindex(&found, &count);

    (void)module;
    (void)unused;
    if (err)
        return raise_error(err);
    list = list_of(count, interface_object, found);
    pier_if_freenameindex(found, count);
    return list;
}

static PyObject *name_to_index(PyObject *module, PyObject *args)
{
    PyObject *name;
    unsigned index;
    pier_err err;

    (void)module;
    if (!PyArg_ParseTuple(args, "O&:if_nametoindex", PyUnicode_FSConverter,
                          &name))
        return NULL;
    err = pier_if_nametoindex(&index, PyBytes_AS_STRING(name));
    Py_DECREF(name);
    if (err)
        return raise_text("no interface with this name");
    return PyLong_FromUnsignedLong(index);
}

static PyObject *index_to_name(PyObject *module, PyObject *value)
{
    const unsigned long index = PyLong_AsUnsignedLong(value);
    char name[NAME_ROOM];
    pier_err err;

    (void)module;
    if (index == (unsigned long)-1 && PyErr_Occurred())
        return NULL;
    err = index > UINT_MAX
              ? PIER_ENXIO
              : pier_if_indextoname(name, sizeof(name), (unsigned)index);
    return err ? raise_error(err) : PyUnicode_DecodeFSDefault(name);
}

PyMethodDef service_functions[] = {
    { "gethostname", get_host_name, METH_NOARGS, "gethostname() -> text" },
    { "sethostname", set_host_name, METH_VARARGS, "sethostname(name)" },
    { "getservbyname", get_service_by_name, METH_VARARGS,
      "getservbyname(name[, protocol]) -> port" },
    { "getservbyport", get_service_by_port, METH_VARARGS,
      "getservbyport(port[, protocol]) -> name" },
    { "getprotobyname", get_protocol_by_name, METH_VARARGS,
      "getprotobyname(name) -> number" },
    { "if_nameindex", name_index, METH_NOARGS,
      "if_nameindex() -> [(index, name)]" },
    { "if_nametoindex", name_to_index, METH_VARARGS,
      "if_nametoindex(name) -> index" },
    { "if_indextoname", index_to_name, METH_O,
      "if_indextoname(index) -> name" },
    { NULL, NULL, 0, NULL },
};
