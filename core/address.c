/* SPDX-License-Identifier: MIT */
#include <pier/address.h>

#include <pier/constants.h>

#include "address_text.h"
#include "error.h"
#include "ip_text.h"

#include <string.h>

/* Every system's sockaddr has its family within the first two bytes. */
#define FAMILY_END   2
#define PORT_MAX     65535
#define FLOWINFO_MAX 0xfffff

static pier_err make_inet(struct pier_address *out, const char *ip, int port)
{
    struct pierp_endpoint e = { 0 };

    if (!out)
        return PIER_EINVAL;
    if (port < 0 || port > PORT_MAX)
        return PIER_ERANGE;
    e.family = PIER_AF_INET;
    e.port = (uint16_t)port;
    if (ip && pieri_inet_parse(e.ip, ip, ip + strlen(ip)))
        return PIER_EINVAL;
    return pierp_address_pack(out, &e);
}

pier_err pier_address_inet(struct pier_address *out, const char *ip, int port)
{
    pier_err err = make_inet(out, ip, port);

    return err ? pieri_fail("address_inet", err, NULL) : PIER_OK;
}

static pier_err make_inet6(struct pier_address *out, const char *ip,
                           struct pierp_endpoint *e)
{
    pier_err err = PIER_OK;

    if (ip)
        err = pieri_inet6_scoped_parse(e, ip, ip + strlen(ip));
    return err ? err : pierp_address_pack(out, e);
}

pier_err pier_address_inet6(struct pier_address *out, const char *ip, int port,
                            uint32_t flowinfo, uint32_t scope_id)
{
    struct pierp_endpoint e = { 0 };
    pier_err err;

    e.family = PIER_AF_INET6;
    e.port = (uint16_t)port;
    e.flowinfo = flowinfo;
    e.scope_id = scope_id;
    if (!out) {
        err = PIER_EINVAL;
    } else if (port < 0 || port > PORT_MAX || flowinfo > FLOWINFO_MAX) {
        err = PIER_ERANGE;
    } else {
        err = make_inet6(out, ip, &e);
    }
    return err ? pieri_fail("address_inet6", err, NULL) : PIER_OK;
}

static pier_err make_unix(struct pier_address *out, const void *path,
                          size_t length)
{
    if (!out || (!path && length > 0))
        return PIER_EINVAL;
    if (length > sizeof out->storage.bytes)
        return PIER_ENAMETOOLONG;
    if (length > 0 && *(const char *)path != '\0' && memchr(path, 0, length))
        return PIER_EINVAL;
    return pierp_address_pack_unix(out, path, length);
}

pier_err pier_address_unix(struct pier_address *out, const void *path,
                           size_t length)
{
    pier_err err = make_unix(out, path, length);

    return err ? pieri_fail("address_unix", err, NULL) : PIER_OK;
}

static pier_err take_sockaddr(struct pier_address *out,
                              const struct sockaddr *sa, size_t length)
{
    struct pier_address a = { 0 };
    struct pierp_endpoint e;
    pier_err err;

    if (!out || !sa || length < FAMILY_END || length > sizeof a.storage.bytes)
        return PIER_EINVAL;
    memcpy(a.storage.bytes, sa, length);
    a.length = (uint32_t)length;
    err = pierp_address_unpack(&e, &a);
    if (err == PIER_OK)
        return pierp_address_pack(out, &e);
    if (err != PIER_EAFNOSUPPORT)
        return err;
    *out = a;
    return PIER_OK;
}

pier_err pier_address_from_sockaddr(struct pier_address *out,
                                    const struct sockaddr *sa, size_t length)
{
    pier_err err = take_sockaddr(out, sa, length);

    return err ? pieri_fail("address_from_sockaddr", err, NULL) : PIER_OK;
}

const struct sockaddr *pier_address_sockaddr(const struct pier_address *a)
{
    if (!a || a->length == 0)
        return NULL;
    return (const struct sockaddr *)(const void *)a->storage.bytes;
}

int pier_address_family(const struct pier_address *a)
{
    return a ? pierp_address_family(a) : PIER_AF_UNSPEC;
}

/* The fields of an IPv4 or IPv6 address; false for any other. */
static bool unpack(struct pierp_endpoint *e, const struct pier_address *a)
{
    return a && pierp_address_unpack(e, a) == PIER_OK;
}

int pier_address_port(const struct pier_address *a)
{
    struct pierp_endpoint e;

    return unpack(&e, a) ? e.port : -1;
}

uint32_t pier_address_scope_id(const struct pier_address *a)
{
    struct pierp_endpoint e;

    return unpack(&e, a) ? e.scope_id : 0;
}

uint32_t pier_address_flowinfo(const struct pier_address *a)
{
    struct pierp_endpoint e;

    return unpack(&e, a) ? e.flowinfo : 0;
}

static pier_err change_port(struct pier_address *a, int port)
{
    struct pierp_endpoint e;
    pier_err err;

    if (!a || a->length == 0)
        return PIER_EINVAL;
    if (port < 0 || port > PORT_MAX)
        return PIER_ERANGE;
    err = pierp_address_unpack(&e, a);
    if (err)
        return err;
    e.port = (uint16_t)port;
    return pierp_address_pack(a, &e);
}

pier_err pier_address_set_port(struct pier_address *a, int port)
{
    pier_err err = change_port(a, port);

    return err ? pieri_fail("address_set_port", err, NULL) : PIER_OK;
}

const void *pier_address_path(const struct pier_address *a, size_t *length)
{
    size_t ignored;

    if (!length)
        length = &ignored;
    *length = 0;
    return a ? pierp_address_path(a, length) : NULL;
}

static bool same_end(const struct pierp_endpoint *a,
                     const struct pierp_endpoint *b)
{
    return a->family == b->family && a->port == b->port &&
           a->scope_id == b->scope_id && memcmp(a->ip, b->ip, 16) == 0;
}

static bool same_path(const struct pier_address *a,
                      const struct pier_address *b)
{
    size_t a_length;
    size_t b_length;
    const void *a_path = pierp_address_path(a, &a_length);
    const void *b_path = pierp_address_path(b, &b_length);

    return a_length == b_length && memcmp(a_path, b_path, a_length) == 0;
}

static bool same_bytes(const struct pier_address *a,
                       const struct pier_address *b)
{
    return a->length == b->length &&
           memcmp(a->storage.bytes, b->storage.bytes, a->length) == 0;
}

bool pier_address_equal(const struct pier_address *a,
                        const struct pier_address *b)
{
    struct pierp_endpoint a_end;
    struct pierp_endpoint b_end;
    bool a_none = !a || a->length == 0;
    bool b_none = !b || b->length == 0;

    if (a_none || b_none)
        return a_none && b_none;
    if (pierp_address_family(a) != pierp_address_family(b))
        return false;
    if (pierp_address_family(a) == PIER_AF_UNIX)
        return same_path(a, b);
    if (unpack(&a_end, a) && unpack(&b_end, b))
        return same_end(&a_end, &b_end);
    return same_bytes(a, b);
}

/* The IPv4 address of e, mapped or not; NULL when there is none. */
static const unsigned char *inet_bytes(const struct pierp_endpoint *e)
{
    static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

    if (e->family == PIER_AF_INET)
        return e->ip;
    return memcmp(e->ip, mapped, sizeof mapped) == 0 ? e->ip + 12 : NULL;
}

bool pier_address_is_loopback(const struct pier_address *a)
{
    static const unsigned char loopback[16] = { [15] = 1 };
    struct pierp_endpoint e;

    if (!unpack(&e, a))
        return false;
    if (inet_bytes(&e))
        return *inet_bytes(&e) == 127;
    return memcmp(e.ip, loopback, sizeof loopback) == 0;
}

bool pier_address_is_multicast(const struct pier_address *a)
{
    struct pierp_endpoint e;

    if (!unpack(&e, a))
        return false;
    if (inet_bytes(&e))
        return (*inet_bytes(&e) & 0xf0) == 0xe0;
    return e.ip[0] == 0xff;
}
