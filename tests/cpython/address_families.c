/* SPDX-License-Identifier: MIT */
/* Addresses of the further families, in and out. */
#include "module.h"

/* 32 bits, which nothing wraps into. */
static int unsigned_converter(PyObject *value, void *out)
{
    PyObject *index = value ? PyNumber_Index(value) : NULL;
    unsigned long number;

    if (!index)
        return 0;
    number = PyLong_AsUnsignedLong(index);
    Py_DECREF(index);
    if (number == (unsigned long)-1 && PyErr_Occurred())
        return 0;
    if (number > UINT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "number above 32 bits");
        return 0;
    }
    *(uint32_t *)out = (uint32_t)number;
    return 1;
}

static bool made(pier_err err)
{
    if (err == PIER_ERANGE) {
        PyErr_SetString(PyExc_OverflowError,
                        "a number of the address is out of range");
    } else if (err) {
        (void)raise_error(err);
    }
    return !err;
}

static bool interface_from(const char *name, unsigned *out)
{
    pier_err err = PIER_OK;

    *out = 0;
    if (*name)
        err = pier_if_nametoindex(out, name);
    /* The system's own call for it says no such device. */
    return made(err == PIER_ENXIO ? PIER_ENODEV : err);
}

static bool interface_named(PyObject *name, unsigned *out)
{
    return interface_from(PyBytes_AS_STRING(name), out);
}

/* The name of an interface; "" for all of them. */
static PyObject *interface_object(unsigned index)
{
    char name[257] = "";

    if (index && pier_if_indextoname(name, sizeof(name), index))
        *name = '\0';
    return PyUnicode_DecodeFSDefault(name);
}

/* ------------------------------------------------------ pairs of numbers ---
 */

static bool pair_from(PyObject *value, uint32_t *one, uint32_t *two)
{
    return PyArg_ParseTuple(value, "O&O&", unsigned_converter, one,
                            unsigned_converter, two);
}

static bool netlink_in(struct pier_address *out, PyObject *value)
{
    uint32_t pid;
    uint32_t groups;

    return pair_from(value, &pid, &groups) &&
           made(pier_address_netlink(out, pid, groups));
}

static PyObject *netlink_out(const struct pier_address *a)
{
    uint32_t pid;
    uint32_t groups;
    pier_err err = pier_address_get_netlink(a, &pid, &groups);

    return err ? raise_error(err) : Py_BuildValue("II", pid, groups);
}

static bool vsock_in(struct pier_address *out, PyObject *value)
{
    uint32_t cid;
    uint32_t port;

    return pair_from(value, &cid, &port) &&
           made(pier_address_vsock(out, cid, port));
}

static PyObject *vsock_out(const struct pier_address *a)
{
    uint32_t cid;
    uint32_t port;
    pier_err err = pier_address_get_vsock(a, &cid, &port);

    return err ? raise_error(err) : Py_BuildValue("II", cid, port);
}

static bool qipcrtr_in(struct pier_address *out, PyObject *value)
{
    uint32_t node;
    uint32_t port;

    return pair_from(value, &node, &port) &&
           made(pier_address_qipcrtr(out, node, port));
}

static PyObject *qipcrtr_out(const struct pier_address *a)
{
    uint32_t node;
    uint32_t port;
    pier_err err = pier_address_get_qipcrtr(a, &node, &port);

    return err ? raise_error(err) : Py_BuildValue("II", node, port);
}

/* ----------------------------------------------------------- PACKET --- */

static bool packet_in(struct pier_address *out, PyObject *value)
{
    struct pier_hardware hardware = { .length = 0 };
    const char *name;
    Py_buffer view = { .len = 0 };
    unsigned index;
    int protocol;
    int kind = PIER_PACKET_HOST;
    int type = 0;
    bool done;

    if (!PyArg_ParseTuple(value,
                          "si|iiy*;AF_PACKET address must be a tuple "
                          "of two to five elements",
                          &name, &protocol, &kind, &type, &view))
        return false;
    done = view.len <= 8;
    if (done) {
        hardware.length = (size_t)view.len;
        if (view.len > 0)
            memcpy(hardware.bytes, view.buf, hardware.length);
    } else {
        PyErr_SetString(PyExc_ValueError,
                        "Hardware address must be 8 bytes or less");
    }
    if (view.obj)
        PyBuffer_Release(&view);
    return done && interface_from(name, &index) &&
           made(pier_address_packet(out, index, protocol, kind, type,
                                    hardware.length ? &hardware : NULL));
}

static PyObject *packet_out(const struct pier_address *a)
{
    struct pier_hardware hardware;
    PyObject *name;
    unsigned index;
    int protocol;
    int kind;
    int type;
    pier_err err =
        pier_address_get_packet(a, &index, &protocol, &kind, &type, &hardware);

    if (err)
        return raise_error(err);
    name = interface_object(index);
    return name ? Py_BuildValue("Niiiy#", name, protocol, kind, type,
                                (const char *)hardware.bytes,
                                (Py_ssize_t)hardware.length)
                : NULL;
}

/* -------------------------------------------------------------- CAN --- */

static bool isotp_in(struct pier_address *out, PyObject *value)
{
    PyObject *name;
    uint32_t received;
    uint32_t sent;
    unsigned index;
    bool done;

    if (!PyArg_ParseTuple(value, "O&O&O&", PyUnicode_FSConverter, &name,
                          unsigned_converter, &received, unsigned_converter,
                          &sent))
        return false;
    done = interface_named(name, &index) &&
           made(pier_address_isotp(out, index, received, sent));
    Py_DECREF(name);
    return done;
}

static bool j1939_in(struct pier_address *out, PyObject *value)
{
    unsigned long long j1939_name;
    PyObject *name;
    uint32_t group;
    unsigned index;
    int address;
    bool done;

    if (!PyArg_ParseTuple(value, "O&KO&i", PyUnicode_FSConverter, &name,
                          &j1939_name, unsigned_converter, &group, &address))
        return false;
    done = interface_named(name, &index) &&
           made(pier_address_j1939(out, index, j1939_name, group, address));
    Py_DECREF(name);
    return done;
}

static bool can_in(struct pier_address *out, PyObject *value, int protocol)
{
    PyObject *name;
    unsigned index;
    bool done;

    if (protocol == PIER_CAN_ISOTP)
        return isotp_in(out, value);
    if (protocol == PIER_CAN_J1939)
        return j1939_in(out, value);
    if (protocol != PIER_CAN_RAW && protocol != PIER_CAN_BCM)
        return raise_text("unsupported CAN protocol");
    if (!PyArg_ParseTuple(value,
                          "O&;AF_CAN address must be a tuple "
                          "(interface, )",
                          PyUnicode_FSConverter, &name))
        return false;
    done = interface_named(name, &index) && made(pier_address_can(out, index));
    Py_DECREF(name);
    return done;
}

static PyObject *isotp_out(const struct pier_address *a)
{
    unsigned index;
    uint32_t received;
    uint32_t sent;
    pier_err err = pier_address_get_isotp(a, &index, &received, &sent);

    return err ? raise_error(err)
               : Py_BuildValue("NII", interface_object(index), received, sent);
}

static PyObject *j1939_out(const struct pier_address *a)
{
    unsigned index;
    uint64_t name;
    uint32_t group;
    int address;
    pier_err err = pier_address_get_j1939(a, &index, &name, &group, &address);

    return err ? raise_error(err)
               : Py_BuildValue("NKIi", interface_object(index),
                               (unsigned long long)name, group, address);
}

static PyObject *can_out(const struct pier_address *a, int protocol)
{
    unsigned index;
    pier_err err;

    if (protocol == PIER_CAN_ISOTP)
        return isotp_out(a);
    if (protocol == PIER_CAN_J1939)
        return j1939_out(a);
    err = pier_address_get_can(a, &index);
    return err ? raise_error(err)
               : Py_BuildValue("(N)", interface_object(index));
}

/* ------------------------------------------------------ TIPC and ALG --- */

static bool tipc_in(struct pier_address *out, PyObject *value)
{
    uint32_t numbers[3];
    int kind;
    int scope = PIER_TIPC_CLUSTER_SCOPE;

    if (!PyArg_ParseTuple(value,
                          "iO&O&O&|i;AF_TIPC address must be a tuple "
                          "(addr_type, v1, v2, v3[, scope])",
                          &kind, unsigned_converter, &numbers[0],
                          unsigned_converter, &numbers[1], unsigned_converter,
                          &numbers[2], &scope))
        return false;
    /* Python passes over the third number of these. */
    if (kind == PIER_TIPC_ADDR_NAME || kind == PIER_TIPC_ADDR_ID)
        numbers[2] = 0;
    return made(pier_address_tipc(out, kind, numbers[0], numbers[1],
                                  numbers[2], scope));
}

static PyObject *tipc_out(const struct pier_address *a)
{
    uint32_t numbers[3];
    int kind;
    int scope;
    pier_err err = pier_address_get_tipc(a, &kind, &numbers[0], &numbers[1],
                                         &numbers[2], &scope);

    if (err)
        return raise_error(err);
    if (kind == PIER_TIPC_ADDR_NAME)
        numbers[2] = numbers[1];
    return Py_BuildValue("iIIIi", kind, numbers[0], numbers[1], numbers[2],
                         scope);
}

static bool alg_in(struct pier_address *out, PyObject *value)
{
    const char *type;
    const char *name;
    uint32_t features = 0;
    uint32_t mask = 0;
    pier_err err;

    if (!PyArg_ParseTuple(value,
                          "ss|O&O&;AF_ALG address must be a tuple "
                          "(type, name[, feat[, mask]])",
                          &type, &name, unsigned_converter, &features,
                          unsigned_converter, &mask))
        return false;
    err = pier_address_alg(out, type, name, features, mask);
    if (err != PIER_ENAMETOOLONG)
        return made(err);
    PyErr_SetString(PyExc_ValueError, strlen(type) < PIER_ALG_TYPE_ROOM
                                          ? "AF_ALG name too long."
                                          : "AF_ALG type too long.");
    return false;
}

static PyObject *alg_out(const struct pier_address *a)
{
    char type[PIER_ALG_TYPE_ROOM];
    char name[PIER_ALG_NAME_ROOM];
    uint32_t features;
    uint32_t mask;
    pier_err err = pier_address_get_alg(a, type, name, &features, &mask);

    return err ? raise_error(err)
               : Py_BuildValue("ssII", type, name, features, mask);
}

/* -------------------------------------------------------- Bluetooth --- */

static bool bluetooth_made(int parsed, pier_err err)
{
    if (!parsed) {
        (void)raise_text("bluetooth address: wrong format");
        return false;
    }
    if (err == PIER_EINVAL) {
        (void)raise_text("bad bluetooth address");
        return false;
    }
    return made(err);
}

static bool hci_in(struct pier_address *out, PyObject *value)
{
    int device = -1;
    int channel = PIER_HCI_CHANNEL_RAW;
    const int parsed = PyTuple_Check(value)
                           ? PyArg_ParseTuple(value, "i|i", &device, &channel)
                           : PyArg_Parse(value, "i", &device);

    return bluetooth_made(
        parsed, parsed ? pier_address_hci(out, device, channel) : PIER_OK);
}

static bool sco_in(struct pier_address *out, PyObject *value)
{
    const char *text = PyBytes_Check(value)     ? PyBytes_AS_STRING(value)
                       : PyUnicode_Check(value) ? PyUnicode_AsUTF8(value)
                                                : NULL;

    return bluetooth_made(text != NULL,
                          text ? pier_address_sco(out, text) : PIER_OK);
}

static bool bluetooth_in(struct pier_address *out, PyObject *value,
                         int protocol)
{
    const char *device;
    uint32_t channel;
    int psm;
    int cid = 0;
    int kind = PIER_BDADDR_BREDR;
    int parsed;

    if (protocol == PIER_BTPROTO_HCI)
        return hci_in(out, value);
    if (protocol == PIER_BTPROTO_SCO)
        return sco_in(out, value);
    if (protocol == PIER_BTPROTO_L2CAP) {
        parsed = PyArg_ParseTuple(value, "si|ii", &device, &psm, &cid, &kind);
        return bluetooth_made(
            parsed, parsed ? pier_address_l2cap(out, device, psm, cid, kind)
                           : PIER_OK);
    }
    if (protocol != PIER_BTPROTO_RFCOMM)
        return raise_text("unknown Bluetooth protocol");
    parsed =
        PyArg_ParseTuple(value, "sO&", &device, unsigned_converter, &channel);
    return bluetooth_made(
        parsed, parsed ? pier_address_rfcomm(out, device, channel) : PIER_OK);
}

static PyObject *l2cap_out(const struct pier_address *a)
{
    char device[PIER_BDADDR_ROOM];
    int psm;
    int cid;
    int kind;
    pier_err err = pier_address_get_l2cap(a, device, &psm, &cid, &kind);

    if (err)
        return raise_error(err);
    return kind != PIER_BDADDR_BREDR
               ? Py_BuildValue("siii", device, psm, cid, kind)
               : (cid ? Py_BuildValue("sii", device, psm, cid)
                      : Py_BuildValue("si", device, psm));
}

static PyObject *hci_out(const struct pier_address *a)
{
    int device;
    int channel;
    pier_err err = pier_address_get_hci(a, &device, &channel);

    if (err)
        return raise_error(err);
    return channel == PIER_HCI_CHANNEL_RAW
               ? Py_BuildValue("i", device)
               : Py_BuildValue("ii", device, channel);
}

static PyObject *bluetooth_out(const struct pier_address *a, int protocol)
{
    char device[PIER_BDADDR_ROOM];
    uint32_t channel = 0;
    pier_err err;

    if (protocol == PIER_BTPROTO_L2CAP)
        return l2cap_out(a);
    if (protocol == PIER_BTPROTO_HCI)
        return hci_out(a);
    if (protocol == PIER_BTPROTO_SCO) {
        err = pier_address_get_sco(a, device);
        return err ? raise_error(err) : PyUnicode_FromString(device);
    }
    if (protocol != PIER_BTPROTO_RFCOMM) {
        PyErr_SetString(PyExc_ValueError, "Unknown Bluetooth protocol");
        return NULL;
    }
    err = pier_address_get_rfcomm(a, device, &channel);
    return err ? raise_error(err) : Py_BuildValue("sI", device, channel);
}

/* ------------------------------------------------------------- which --- */

/* Whether a family's addresses are tuples. */
static bool shape_is_right(int family, PyObject *value, const char *caller)
{
    if (family == PIER_AF_BLUETOOTH || PyTuple_Check(value))
        return true;
    PyErr_Format(PyExc_TypeError, "%s(): address must be tuple, not %.500s",
                 caller, Py_TYPE(value)->tp_name);
    return false;
}

bool family_in(struct pier_address *out, const struct socket_object *s,
               PyObject *value, const char *caller, bool *known)
{
    *known = true;
    if (!shape_is_right(s->family, value, caller))
        return false;
    switch (s->family) {
    case PIER_AF_NETLINK:
        return netlink_in(out, value);
    case PIER_AF_VSOCK:
        return vsock_in(out, value);
    case PIER_AF_QIPCRTR:
        return qipcrtr_in(out, value);
    case PIER_AF_PACKET:
        return packet_in(out, value);
    case PIER_AF_CAN:
        return can_in(out, value, s->protocol);
    case PIER_AF_TIPC:
        return tipc_in(out, value);
    case PIER_AF_ALG:
        return alg_in(out, value);
    case PIER_AF_BLUETOOTH:
        return bluetooth_in(out, value, s->protocol);
    default:
        *known = false;
        return false;
    }
}

PyObject *family_out(const struct pier_address *a, int protocol, bool *known)
{
    *known = true;
    switch (pier_address_family(a)) {
    case PIER_AF_NETLINK:
        return netlink_out(a);
    case PIER_AF_VSOCK:
        return vsock_out(a);
    case PIER_AF_QIPCRTR:
        return qipcrtr_out(a);
    case PIER_AF_PACKET:
        return packet_out(a);
    case PIER_AF_CAN:
        return can_out(a, protocol);
    case PIER_AF_TIPC:
        return tipc_out(a);
    case PIER_AF_ALG:
        return alg_out(a);
    case PIER_AF_BLUETOOTH:
        return bluetooth_out(a, protocol);
    default:
        *known = false;
        return NULL;
    }
}
