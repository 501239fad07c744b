/* SPDX-License-Identifier: MIT */
/* The bytes of a sockaddr: any family, any length, whatever is in them. */
#include "fuzz.h"

#include <pier/address.h>
#include <pier/address_families.h>
#include <pier/constants.h>
#include <pier/error.h>

#include <string.h>

#define TEXT_ROOM 512

static bool is_refused(pier_err err)
{
    return err == PIER_EAFNOSUPPORT || err == PIER_EINVAL;
}

/* What was read can be made: then it is read again as the same. Whether it
 * can, the ranges decide. */
static void netlink(const struct pier_address *a)
{
    struct pier_address made;
    uint32_t v[4];
    pier_err err = pier_address_get_netlink(a, &v[0], &v[1]);

    PROMISE(err == PIER_OK || is_refused(err));
    if (err || pier_address_netlink(&made, v[0], v[1]))
        return;
    PROMISE(pier_address_get_netlink(&made, &v[2], &v[3]) == PIER_OK);
    PROMISE(v[0] == v[2] && v[1] == v[3]);
}

static void packet(const struct pier_address *a)
{
    struct pier_address made;
    struct pier_hardware hardware = { 0 }, again;
    unsigned index = 0;
    int protocol = 0, kind = 0, type = 0;
    pier_err err =
        pier_address_get_packet(a, &index, &protocol, &kind, &type, &hardware);

    PROMISE(err == PIER_OK || is_refused(err));
    PROMISE(hardware.length <= sizeof(hardware.bytes));
    if (err ||
        pier_address_packet(&made, index, protocol, kind, type, &hardware))
        return;
    PROMISE(pier_address_get_packet(&made, NULL, NULL, NULL, NULL, &again) ==
            PIER_OK);
    PROMISE(memcmp(&hardware, &again, sizeof(again)) == 0);
}

static void can(const struct pier_address *a)
{
    struct pier_address made;
    unsigned index;
    uint32_t v[4];
    pier_err err = pier_address_get_can(a, &index);

    PROMISE(err == PIER_OK || is_refused(err));
    err = pier_address_get_isotp(a, &index, &v[0], &v[1]);
    PROMISE(err == PIER_OK || is_refused(err));
    if (err || pier_address_isotp(&made, index, v[0], v[1]))
        return;
    PROMISE(!pier_address_get_isotp(&made, &index, &v[2], &v[3]));
    PROMISE(v[0] == v[2] && v[1] == v[3]);
}

static void j1939(const struct pier_address *a)
{
    struct pier_address made;
    unsigned index;
    uint64_t names[2];
    uint32_t groups[2];
    int addr;
    pier_err err =
        pier_address_get_j1939(a, &index, &names[0], &groups[0], &addr);

    PROMISE(err == PIER_OK || is_refused(err));
    if (err || pier_address_j1939(&made, index, names[0], groups[0], addr))
        return;
    PROMISE(!pier_address_get_j1939(&made, NULL, &names[1], &groups[1], NULL));
    PROMISE(names[0] == names[1] && groups[0] == groups[1]);
}

static void machines(const struct pier_address *a)
{
    struct pier_address made;
    uint32_t v[4];
    char machine[PIER_UUID_ROOM], service[PIER_UUID_ROOM];
    pier_err err = pier_address_get_vsock(a, &v[0], &v[1]);

    PROMISE(err == PIER_OK || is_refused(err));
    if (!err) {
        PROMISE(pier_address_vsock(&made, v[0], v[1]) == PIER_OK);
        PROMISE(!pier_address_get_vsock(&made, &v[2], &v[3]));
        PROMISE(v[0] == v[2] && v[1] == v[3]);
    }
    err = pier_address_get_hyperv(a, machine, service);
    PROMISE(err == PIER_OK || is_refused(err));
    if (!err) {
        PROMISE(strlen(machine) + 1 == sizeof(machine));
        PROMISE(pier_address_hyperv(&made, machine, service) == PIER_OK);
    }
    err = pier_address_get_qipcrtr(a, &v[0], &v[1]);
    PROMISE(err == PIER_OK || is_refused(err));
    err = pier_address_get_system(a, &v[0], &v[1]);
    PROMISE(err == PIER_OK || is_refused(err));
}

static void tipc(const struct pier_address *a)
{
    struct pier_address made;
    uint32_t v[6];
    int kind, scope;
    pier_err err =
        pier_address_get_tipc(a, &kind, &v[0], &v[1], &v[2], &scope);

    PROMISE(err == PIER_OK || is_refused(err));
    if (err || pier_address_tipc(&made, kind, v[0], v[1], v[2], scope))
        return;
    PROMISE(!pier_address_get_tipc(&made, &kind, &v[3], &v[4], &v[5], NULL));
    PROMISE(memcmp(v, v + 3, 3 * sizeof(*v)) == 0);
}

static void alg(const struct pier_address *a)
{
    struct pier_address made;
    char type[PIER_ALG_TYPE_ROOM], name[PIER_ALG_NAME_ROOM];
    uint32_t feat, mask;
    pier_err err = pier_address_get_alg(a, type, name, &feat, &mask);

    PROMISE(err == PIER_OK || is_refused(err));
    if (err)
        return;
    PROMISE(memchr(type, 0, sizeof(type)) && memchr(name, 0, sizeof(name)));
    err = pier_address_alg(&made, type, name, feat, mask);
    PROMISE(err == PIER_OK || !*type || !*name);
}

static void bluetooth(const struct pier_address *a)
{
    struct pier_address made;
    char device[PIER_BDADDR_ROOM] = "", again[PIER_BDADDR_ROOM];
    uint32_t channel;
    int v[3];
    pier_err err = pier_address_get_l2cap(a, device, &v[0], &v[1], &v[2]);

    PROMISE(err == PIER_OK || is_refused(err));
    if (!err && !pier_address_l2cap(&made, device, v[0], v[1], v[2])) {
        PROMISE(!pier_address_get_l2cap(&made, again, NULL, NULL, NULL));
        PROMISE(strcmp(device, again) == 0);
    }
    err = pier_address_get_rfcomm(a, device, &channel);
    PROMISE(err == PIER_OK || is_refused(err));
    PROMISE(err || !pier_address_rfcomm(&made, device, channel));
    err = pier_address_get_hci(a, &v[0], &v[1]);
    PROMISE(err == PIER_OK || is_refused(err));
    PROMISE(err || !pier_address_hci(&made, v[0], v[1]));
    err = pier_address_get_sco(a, device);
    PROMISE(err == PIER_OK || is_refused(err));
    PROMISE(err || !pier_address_sco(&made, device));
}

/* What is in the text: of AF_VSOCK two numbers and not its flags. */
static bool is_same(const struct pier_address *a, const struct pier_address *b)
{
    uint32_t v[4];

    if (pier_address_get_vsock(a, &v[0], &v[1]) ||
        pier_address_get_vsock(b, &v[2], &v[3]))
        return pier_address_equal(a, b);
    return v[0] == v[2] && v[1] == v[3];
}

/* A text that there is has the room that it needs, and is read again; only of
 * AF_UNIX there are addresses too long for one of ours. */
static void texts(const struct pier_address *a)
{
    struct pier_address again;
    char text[TEXT_ROOM];
    pier_err err = pier_address_host(a, text, 330);

    PROMISE(err == PIER_OK || is_refused(err));
    PROMISE(pier_address_format(a, text, 338) == err);
    if (err)
        return;
    err = pier_address_parse(&again, text);
    PROMISE(err == PIER_OK ? is_same(a, &again)
                           : err == PIER_ENAMETOOLONG &&
                                 pier_address_family(a) == PIER_AF_UNIX);
}

static void numbers(const struct pier_address *a)
{
    struct pier_address other = *a;
    int family = pier_address_family(a), port = pier_address_port(a);
    bool is_ip = family == PIER_AF_INET || family == PIER_AF_INET6;

    PROMISE(is_ip ? port >= 0 && port <= 65535 : port == -1);
    PROMISE(family == PIER_AF_INET6 || pier_address_scope_id(a) == 0);
    PROMISE(family == PIER_AF_INET6 || pier_address_flowinfo(a) == 0);
    PROMISE(pier_address_set_port(&other, 1) ==
            (is_ip ? PIER_OK : PIER_EAFNOSUPPORT));
    PROMISE(pier_address_equal(a, &other) == (!is_ip || port == 1));
    PROMISE(!(pier_address_is_loopback(a) && pier_address_is_multicast(a)));
}

static void path(const struct pier_address *a)
{
    const unsigned char *bytes = (const void *)pier_address_sockaddr(a);
    size_t length = 77;
    const unsigned char *name = pier_address_path(a, &length);

    if (pier_address_family(a) != PIER_AF_UNIX) {
        PROMISE(!name && length == 0);
        return;
    }
    PROMISE(name && length <= a->length);
    PROMISE(length == 0 || name + length <= bytes + a->length);
    PROMISE(length == 0 || *name == '\0' || !memchr(name, 0, length));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *exact = room(size);
    struct pier_address a = { 0 };
    pier_err err;

    if (size > 0)
        memcpy(exact, data, size);
    err = pier_address_from_sockaddr(&a, (const void *)exact, size);
    free(exact);
    if (err) {
        PROMISE(err == PIER_EINVAL && a.length == 0);
        return 0;
    }
    PROMISE(a.length > 0 && a.length <= size && pier_address_equal(&a, &a));
    numbers(&a);
    path(&a);
    texts(&a);
    netlink(&a);
    packet(&a);
    can(&a);
    j1939(&a);
    machines(&a);
    tipc(&a);
    alg(&a);
    bluetooth(&a);
    return 0;
}
