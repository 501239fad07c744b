/* SPDX-License-Identifier: MIT */
/* Host names: their text, and the address that a socket means by them. */
#include "module.h"

static bool encode(PyObject *value, PyObject **owner)
{
    /* Of a bytearray a copy: others may change it meanwhile. */
    if (PyBytes_Check(value) || PyByteArray_Check(value)) {
        *owner = PyBytes_FromObject(value);
        return *owner != NULL;
    }
    if (!PyUnicode_Check(value)) {
        PyErr_Format(PyExc_TypeError,
                     "string or unicode text buffer expected, not %s",
                     Py_TYPE(value)->tp_name);
        return false;
    }
    if (PyUnicode_READY(value) < 0)
        return false;
    *owner = PyUnicode_IS_COMPACT_ASCII(value)
                 ? PyUnicode_AsASCIIString(value)
                 : PyUnicode_AsEncodedString(value, "idna", NULL);
    if (*owner)
        return true;
    PyErr_SetString(PyExc_TypeError, "encoding of hostname failed");
    return false;
}

static int drop(struct host_text *host)
{
    Py_CLEAR(host->owner);
    return 1;
}

/* The text must end where the object does. */
static bool is_whole(struct host_text *host)
{
    const Py_ssize_t length = PyObject_Length(host->owner);

    host->text = PyBytes_AS_STRING(host->owner);
    return strlen(host->text) == (size_t)length;
}

int host_converter(PyObject *value, void *out)
{
    struct host_text *host = out;

    if (!value) /* the parse failed later on */
        return drop(host);
    if (!encode(value, &host->owner))
        return 0;
    if (is_whole(host))
        return Py_CLEANUP_SUPPORTED;
    (void)drop(host);
    PyErr_SetString(PyExc_TypeError,
                    "host name must not contain null character");
    return 0;
}

static bool any_address(struct pier_address *out, int family)
{
    pier_err err = PIER_EAI_FAMILY;

    if (family == PIER_AF_UNSPEC) {
        (void)raise_text("wildcard resolved to multiple address");
        return false;
    }
    if (family == PIER_AF_INET)
        err = pier_address_inet(out, NULL, 0);
    if (family == PIER_AF_INET6)
        err = pier_address_inet6(out, NULL, 0, 0, 0);
    return !err || raise_error(err);
}

static bool broadcast(struct pier_address *out, int family)
{
    pier_err err;

    if (family != PIER_AF_UNSPEC && family != PIER_AF_INET) {
        (void)raise_text("address family mismatched");
        return false;
    }
    err = pier_address_inet(out, "255.255.255.255", 0);
    return !err || raise_error(err);
}

static bool look_up(struct pier_address *out, const char *host, int family)
{
    const struct pier_addrinfo_hints hints = { .family = family };
    struct pier_addrinfo *list;
    pier_err err = pier_getaddrinfo(&list, host, NULL, &hints, NULL);

    if (err) {
        (void)raise_error(err);
        return false;
    }
    *out = list->address;
    pier_freeaddrinfo(list);
    return true;
}

bool resolve_host(struct pier_address *out, const char *host, int family)
{
    if (!*host)
        return any_address(out, family);
    if (strcmp(host, "255.255.255.255") == 0 ||
        strcmp(host, "<broadcast>") == 0)
        return broadcast(out, family);
    if (family != PIER_AF_INET6 && !pier_address_inet(out, host, 0))
        return true;
    return look_up(out, host, family);
}

PyObject *host_object(const struct pier_address *a)
{
    char text[80];
    pier_err err = pier_address_host(a, text, sizeof(text));

    if (err)
        return raise_error(err);
    text[strcspn(text, "%")] = '\0';
    return PyUnicode_FromString(text);
}
