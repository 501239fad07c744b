/* SPDX-License-Identifier: MIT */
/* Addresses of INET, INET6 and UNIX, in and out; others are handed on. */
#include "module.h"

static bool check_tuple(PyObject *value, const char *caller, const char *name)
{
    if (PyTuple_Check(value))
        return true;
    PyErr_Format(PyExc_TypeError, "%s(): %s address must be tuple, not %.500s",
                 caller, name, Py_TYPE(value)->tp_name);
    return false;
}

/* A number that does not fit is a port out of range, whatever it was. */
static bool parsed(int ok, const char *caller)
{
    if (ok)
        return true;
    if (PyErr_ExceptionMatches(PyExc_OverflowError)) {
        PyErr_Format(PyExc_OverflowError, "%s(): port must be 0-65535.",
                     caller);
    }
    return false;
}

static bool check_port(int port, const char *caller)
{
    if (port >= 0 && port <= 0xffff)
        return true;
    PyErr_Format(PyExc_OverflowError, "%s(): port must be 0-65535.", caller);
    return false;
}

static bool inet_in(struct pier_address *out, PyObject *value,
                    const char *caller)
{
    struct host_text host = { NULL, NULL };
    bool done;
    int port;

    if (!check_tuple(value, caller, "AF_INET") ||
        !parsed(PyArg_ParseTuple(
                    value, "O&i;AF_INET address must be a pair (host, port)",
                    host_converter, &host, &port),
                caller))
        return false;
    done = resolve_host(out, host.text, PIER_AF_INET) &&
           check_port(port, caller) && !pier_address_set_port(out, port);
    Py_DECREF(host.owner);
    return done;
}

/* The scope that is given replaces the one that the text has. */
static bool complete_inet6(struct pier_address *out, int port,
                           unsigned flowinfo, unsigned scope)
{
    char text[80];
    pier_err err = pier_address_host(out, text, sizeof(text));

    if (scope)
        text[strcspn(text, "%")] = '\0';
    if (!err)
        err = pier_address_inet6(out, text, port, flowinfo, scope);
    return !err || raise_error(err);
}

static bool inet6_in(struct pier_address *out, PyObject *value,
                     const char *caller)
{
    struct host_text host = { NULL, NULL };
    unsigned flowinfo = 0;
    unsigned scope = 0;
    bool done;
    int port;

    if (!check_tuple(value, caller, "AF_INET6") ||
        !parsed(PyArg_ParseTuple(value,
                                 "O&i|II;AF_INET6 address must be a tuple "
                                 "(host, port[, flowinfo[, scopeid]])",
                                 host_converter, &host, &port, &flowinfo,
                                 &scope),
                caller))
        return false;
    done = resolve_host(out, host.text, PIER_AF_INET6) &&
           check_port(port, caller);
    Py_DECREF(host.owner);
    if (done && flowinfo > 0xfffff) {
        PyErr_Format(PyExc_OverflowError, "%s(): flowinfo must be 0-1048575.",
                     caller);
        done = false;
    }
    return done && complete_inet6(out, port, flowinfo, scope);
}

static bool unix_in(struct pier_address *out, PyObject *value)
{
    PyObject *owner = value;
    Py_buffer view;
    pier_err err;

    if (PyUnicode_Check(value)) {
        owner = PyUnicode_EncodeFSDefault(value);
    } else {
        Py_INCREF(owner);
    }
    if (!owner)
        return false;
    if (PyObject_GetBuffer(owner, &view, PyBUF_SIMPLE) < 0) {
        Py_DECREF(owner);
        return false;
    }
    err = pier_address_unix(out, view.buf, (size_t)view.len);
    PyBuffer_Release(&view);
    Py_DECREF(owner);
    if (err == PIER_ENAMETOOLONG) {
        (void)raise_text("AF_UNIX path too long");
    } else if (err) {
        (void)raise_error(err);
    }
    return !err;
}

bool address_in(struct pier_address *out, const struct socket_object *s,
                PyObject *value, const char *caller)
{
    bool known;
    bool done;

    if (s->family == PIER_AF_INET || s->family == PIER_AF_RDS)
        return inet_in(out, value, caller);
    if (s->family == PIER_AF_INET6)
        return inet6_in(out, value, caller);
    if (s->family == PIER_AF_UNIX)
        return unix_in(out, value);
    done = family_in(out, s, value, caller, &known);
    if (!known)
        PyErr_Format(PyExc_OSError, "%s(): bad family", caller);
    return known && done;
}

/* ------------------------------------------------------------- out --- */

static PyObject *unix_out(const struct pier_address *a)
{
    size_t length;
    const char *path = pier_address_path(a, &length);

    if (path && length > 0 && !path[0])
        return PyBytes_FromStringAndSize(path, (Py_ssize_t)length);
    return PyUnicode_DecodeFSDefaultAndSize(path ? path : "",
                                            path ? (Py_ssize_t)length : 0);
}

static PyObject *inet6_out(const struct pier_address *a)
{
    PyObject *host = host_object(a);

    return host ? Py_BuildValue("NiII", host, pier_address_port(a),
                                (unsigned)pier_address_flowinfo(a),
                                (unsigned)pier_address_scope_id(a))
                : NULL;
}

static PyObject *inet_out(const struct pier_address *a)
{
    PyObject *host = host_object(a);

    return host ? Py_BuildValue("Ni", host, pier_address_port(a)) : NULL;
}

/* What nobody knows a form for: the bytes behind the family. */
static PyObject *bytes_out(const struct pier_address *a)
{
    const Py_ssize_t head = 2;
    const Py_ssize_t most = 14;
    const Py_ssize_t there = (Py_ssize_t)a->length - head;

    return Py_BuildValue("iy#", pier_address_family(a),
                         (const char *)a->storage.bytes + head,
                         there < most ? there : most);
}

PyObject *address_out(const struct pier_address *a, int protocol)
{
    const int family = pier_address_family(a);
    PyObject *object;
    bool known;

    if (a->length == 0)
        Py_RETURN_NONE;
    if (family == PIER_AF_INET || family == PIER_AF_RDS)
        return inet_out(a);
    if (family == PIER_AF_INET6)
        return inet6_out(a);
    if (family == PIER_AF_UNIX)
        return unix_out(a);
    object = family_out(a, protocol, &known);
    return known ? object : bytes_out(a);
}
