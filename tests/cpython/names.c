/* SPDX-License-Identifier: MIT */
/* Look-ups of names and addresses. */
#include "module.h"

/* ------------------------------------------------------ getaddrinfo --- */

/* The text of a service: a number, a name or none. *owner keeps it alive. */
static bool service_from(PyObject *value, PyObject **owner, const char **text)
{
    *owner = NULL;
    *text = NULL;
    if (value == Py_None)
        return true;
    if (PyLong_CheckExact(value)) {
        const long number = PyLong_AsLong(value);

        if (number == -1 && PyErr_Occurred())
            return false;
        *owner = PyBytes_FromFormat("%ld", number);
    } else if (PyUnicode_Check(value)) {
        *owner = PyUnicode_AsUTF8String(value);
    } else if (PyBytes_Check(value)) {
        Py_INCREF(value);
        *owner = value;
    } else {
        return raise_text("Int or String expected");
    }
    if (*owner)
        *text = PyBytes_AS_STRING(*owner);
    return *owner != NULL;
}

static bool node_from(PyObject *value, PyObject **owner, const char **text)
{
    *owner = NULL;
    *text = NULL;
    if (value == Py_None)
        return true;
    if (PyUnicode_Check(value)) {
        *owner = PyUnicode_AsEncodedString(value, "idna", NULL);
    } else if (PyBytes_Check(value)) {
        Py_INCREF(value);
        *owner = value;
    } else {
        PyErr_SetString(PyExc_TypeError,
                        "getaddrinfo() argument 1 must be string or None");
    }
    if (*owner)
        *text = PyBytes_AS_STRING(*owner);
    return *owner != NULL;
}

static PyObject *entry_object(const void *all, size_t i)
{
    const struct pier_addrinfo *entry = all;
    PyObject *address;

    while (i-- > 0)
        entry = entry->next;
    address = address_out(&entry->address, entry->protocol);
    if (!address)
        return NULL;
    return Py_BuildValue("iiisN", entry->family, entry->type, entry->protocol,
                         entry->canonname ? entry->canonname : "", address);
}

static size_t length_of(const struct pier_addrinfo *entry)
{
    size_t count = 0;

    for (; entry; entry = entry->next)
        count++;
    return count;
}

static PyObject *look_up(const char *host, const char *service,
                         const struct pier_addrinfo_hints *hints)
{
    struct pier_addrinfo *found;
    PyObject *list;
    pier_err err = pier_getaddrinfo(&found, host, service, hints, NULL);

    if (err)
        return raise_error(err);
    list = list_of(length_of(found), entry_object, found);
    pier_freeaddrinfo(found);
    return list;
}

static PyObject *get_addr_info(PyObject *module, PyObject *args,
                               PyObject *keywords)
{
    static char *names[] = { "host",  "port",  "family", "type",
                             "proto", "flags", NULL };
    struct pier_addrinfo_hints hints = { .family = PIER_AF_UNSPEC };
    PyObject *host;
    PyObject *port;
    PyObject *owners[2] = { NULL, NULL };
    PyObject *list = NULL;
    const char *node;
    const char *service;

    (void)module;
    if (!PyArg_ParseTupleAndKeywords(
            args, keywords, "OO|iiii:getaddrinfo", names, &host, &port,
            &hints.family, &hints.type, &hints.protocol, &hints.flags))
        return NULL;
    if (node_from(host, &owners[0], &node) &&
        service_from(port, &owners[1], &service) &&
        PySys_Audit("socket.getaddrinfo", "OOiii", host, port, hints.family,
                    hints.type, hints.protocol) == 0)
        list = look_up(node, service, &hints);
    Py_XDECREF(owners[0]);
    Py_XDECREF(owners[1]);
    return list;
}

/* ------------------------------------------------------ getnameinfo --- */

struct numeric_address {
    const char *host;
    int port;
    unsigned flowinfo;
    unsigned scope;
};

static pier_err complete(struct pier_address *a,
                         const struct numeric_address *n)
{
    char text[80];
    pier_err err;

    if (pier_address_family(a) != PIER_AF_INET6)
        return PIER_OK;
    err = pier_address_host(a, text, sizeof(text));
    if (n->scope)
        text[strcspn(text, "%")] = '\0';
    return err ? err
               : pier_address_inet6(a, text, pier_address_port(a), n->flowinfo,
                                    n->scope);
}

static bool numeric_from(PyObject *value, const struct numeric_address *n,
                         struct pier_address *out)
{
    const struct pier_addrinfo_hints hints = {
        .type = PIER_SOCK_DGRAM, /* one entry an address */
        .flags = PIER_AI_NUMERICHOST,
    };
    struct pier_addrinfo *list;
    char service[16];
    pier_err err;

    (void)PyOS_snprintf(service, sizeof(service), "%d", n->port);
    err = pier_getaddrinfo(&list, n->host, service, &hints, NULL);
    if (!err) {
        *out = list->address;
        pier_freeaddrinfo(list);
        if (pier_address_family(out) == PIER_AF_INET &&
            PyTuple_GET_SIZE(value) != 2)
            return raise_text("IPv4 sockaddr must be 2 tuple");
        err = complete(out, n);
    }
    return !err || raise_error(err);
}

/* Python has libc's text, which names the interface of a zone; pier's has its
 * number, which means the same in every process. */
static void name_zone(const struct pier_address *a, char *host, size_t room)
{
    char *zone = strchr(host, '%');
    const uint32_t scope = pier_address_scope_id(a);
    char name[257];

    if (!zone || !scope || pier_if_indextoname(name, sizeof(name), scope))
        return;
    zone++;
    (void)PyOS_snprintf(zone, room - (size_t)(zone - host), "%s", name);
}

static PyObject *get_name_info(PyObject *module, PyObject *args)
{
    struct numeric_address n = { .host = NULL };
    struct pier_address address;
    PyObject *value;
    char host[1025];
    char service[64];
    pier_err err;
    int flags;

    (void)module;
    if (!PyArg_ParseTuple(args, "Oi:getnameinfo", &value, &flags))
        return NULL;
    if (!PyTuple_Check(value)) {
        PyErr_SetString(PyExc_TypeError,
                        "getnameinfo() argument 1 must be a tuple");
        return NULL;
    }
    if (!PyArg_ParseTuple(value,
                          "si|II;getnameinfo(): illegal sockaddr "
                          "argument",
                          &n.host, &n.port, &n.flowinfo, &n.scope))
        return NULL;
    if (n.flowinfo > 0xfffff) {
        PyErr_SetString(PyExc_OverflowError,
                        "getnameinfo(): flowinfo must be 0-1048575.");
        return NULL;
    }
    if (PySys_Audit("socket.getnameinfo", "(O)", value) < 0 ||
        !numeric_from(value, &n, &address))
        return NULL;
    err = pier_getnameinfo(&address, host, sizeof(host), service,
                           sizeof(service), flags, NULL);
    if (err)
        return raise_error(err);
    name_zone(&address, host, sizeof(host));
    return Py_BuildValue("ss", host, service);
}

/* ------------------------------------------------------- gethostby... --- */

static PyObject *get_host_by_name(PyObject *module, PyObject *args)
{
    struct host_text host = { NULL, NULL };
    struct pier_address address;
    PyObject *result = NULL;

    (void)module;
    if (!PyArg_ParseTuple(args, "O&:gethostbyname", host_converter, &host))
        return NULL;
    if (PySys_Audit("socket.gethostbyname", "O", args) == 0 &&
        resolve_host(&address, host.text, PIER_AF_INET))
        result = host_object(&address);
    Py_DECREF(host.owner);
    return result;
}

static PyObject *alias_object(const void *all, size_t i)
{
    return PyUnicode_FromString(
        ((const struct pier_hostent *)all)->aliases[i]);
}

static PyObject *host_address_object(const void *all, size_t i)
{
    return host_object(&((const struct pier_hostent *)all)->addresses[i]);
}

static PyObject *hostent_object(const struct pier_hostent *h)
{
    PyObject *aliases = list_of(h->alias_count, alias_object, h);
    PyObject *addresses =
        aliases ? list_of(h->address_count, host_address_object, h) : NULL;

    if (addresses)
        return Py_BuildValue("sNN", h->name, aliases, addresses);
    Py_XDECREF(aliases);
    return NULL;
}

/* The address of a host first, since its errors are those of a resolver, then
 * all that belongs to it. */
static PyObject *whole_host(const char *text, int family,
                            pier_err (*ask)(struct pier_hostent **,
                                            const char *,
                                            const struct pier_wait *))
{
    struct pier_address address;
    struct pier_hostent *found;
    PyObject *result;
    pier_err err;

    if (!resolve_host(&address, text, family))
        return NULL;
    err = ask(&found, text, NULL);
    if (err)
        return raise_error(err);
    result = hostent_object(found);
    pier_free_hostent(found);
    return result;
}

static PyObject *get_host_by_name_ex(PyObject *module, PyObject *args)
{
    struct host_text host = { NULL, NULL };
    PyObject *result = NULL;

    (void)module;
    if (!PyArg_ParseTuple(args, "O&:gethostbyname_ex", host_converter, &host))
        return NULL;
    if (PySys_Audit("socket.gethostbyname", "O", args) == 0)
        result = whole_host(host.text, PIER_AF_INET, pier_gethostbyname_ex);
    Py_DECREF(host.owner);
    return result;
}

static PyObject *get_host_by_addr(PyObject *module, PyObject *args)
{
    struct host_text host = { NULL, NULL };
    PyObject *result = NULL;

    (void)module;
    if (!PyArg_ParseTuple(args, "O&:gethostbyaddr", host_converter, &host))
        return NULL;
    if (PySys_Audit("socket.gethostbyaddr", "O", args) == 0)
        result = whole_host(host.text, PIER_AF_UNSPEC, pier_gethostbyaddr);
    Py_DECREF(host.owner);
    return result;
}

PyMethodDef name_functions[] = {
    { "getaddrinfo", (PyCFunction)(void (*)(void))get_addr_info,
      METH_VARARGS | METH_KEYWORDS,
      "getaddrinfo(host, port, family=0, type=0, proto=0, flags=0) -> "
      "[(family, type, proto, canonname, address)]" },
    { "getnameinfo", get_name_info, METH_VARARGS,
      "getnameinfo(address, flags) -> (host, port)" },
    { "gethostbyname", get_host_by_name, METH_VARARGS,
      "gethostbyname(host) -> text of its first IPv4 address" },
    { "gethostbyname_ex", get_host_by_name_ex, METH_VARARGS,
      "gethostbyname_ex(host) -> (name, aliases, addresses)" },
    { "gethostbyaddr", get_host_by_addr, METH_VARARGS,
      "gethostbyaddr(host) -> (name, aliases, addresses)" },
    { NULL, NULL, 0, NULL },
};
