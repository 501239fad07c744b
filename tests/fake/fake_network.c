/* SPDX-License-Identifier: MIT */
/* The addresses of the fake's own host and network. */
#include "inside.h"

#include <pier/constants.h>
#include <string.h>

#define EPHEMERAL_FIRST 49152

static uint16_t next_port;

static struct pier_address pack(int family, const unsigned char *ip,
                                unsigned port)
{
    struct pierp_endpoint e = { .family = family, .port = (uint16_t)port };
    struct pier_address out = { 0 };

    memcpy(e.ip, ip, family == PIER_AF_INET ? 4 : 16);
    if (pierp_address_pack(&out, &e))
        out.length = 0;
    return out;
}

struct pier_address fake_inet(unsigned host, unsigned port)
{
    unsigned char ip[4] = { 192, 0, 2, (unsigned char)host };

    return pack(PIER_AF_INET, ip, port);
}

struct pier_address fake_inet6(unsigned host, unsigned port)
{
    unsigned char ip[16] = { 0x20, 0x01, 0x0d, 0xb8 };

    ip[15] = (unsigned char)host;
    return pack(PIER_AF_INET6, ip, port);
}

struct pier_address fake_loopback(unsigned port)
{
    unsigned char ip[4] = { 127, 0, 0, 1 };

    return pack(PIER_AF_INET, ip, port);
}

struct pier_address fake_loopback6(unsigned port)
{
    unsigned char ip[16] = { 0 };

    ip[15] = 1;
    return pack(PIER_AF_INET6, ip, port);
}

struct pier_address fake_path(const char *path)
{
    struct pier_address out = { 0 };

    if (pierp_address_pack_unix(&out, path, strlen(path)))
        out.length = 0;
    return out;
}

bool fake_same_address(const struct pier_address *a,
                       const struct pier_address *b)
{
    return a->length == b->length &&
           memcmp(a->storage.bytes, b->storage.bytes, a->length) == 0;
}

struct pier_address sim_any(int family)
{
    struct pier_address out = { 0 };
    const unsigned char none[16] = { 0 };

    if (family == PIER_AF_UNIX)
        return fake_path("");
    if (family == PIER_AF_INET || family == PIER_AF_INET6)
        out = pack(family, none, 0);
    return out;
}

/* The port of an address, and the address without it. */
static unsigned split(const struct pier_address *a,
                      struct pier_address *without)
{
    struct pierp_endpoint e;
    unsigned port = 0;

    *without = *a;
    if (pierp_address_unpack(&e, a))
        return 0;
    port = e.port;
    e.port = 0;
    return pierp_address_pack(without, &e) ? 0 : port;
}

static struct pier_address with_port(const struct pier_address *a,
                                     unsigned port)
{
    struct pierp_endpoint e;
    struct pier_address out = *a;

    if (pierp_address_unpack(&e, a))
        return out;
    e.port = (uint16_t)port;
    return pierp_address_pack(&out, &e) ? *a : out;
}

/* Whether a socket that is bound to local is reached at a. */
static bool covers(const struct pier_address *local,
                   const struct pier_address *a)
{
    struct pier_address host, wanted;
    struct pier_address any = sim_any(pierp_address_family(local));
    unsigned port = split(local, &host), wanted_port = split(a, &wanted);

    if (pierp_address_family(local) != pierp_address_family(a) ||
        port != wanted_port)
        return false;
    return fake_same_address(&host, &wanted) ||
           (port && fake_same_address(&host, &any));
}

struct sim_socket *sim_lookup(const struct pier_address *a, int type)
{
    for (struct sim_socket *s = sim_sockets(); s; s = s->next) {
        bool answers = s->state == SIM_LISTENING || !sim_is_stream(s);

        if (s->bound && answers && s->type == type && covers(&s->local, a))
            return s;
    }
    return NULL;
}

struct sim_socket *sim_owner(const struct pier_address *path)
{
    struct sim_socket *s = sim_sockets();

    while (s && !(s->bound && fake_same_address(&s->local, path)))
        s = s->next;
    return s;
}

static bool in_use(const struct sim_socket *s, const struct pier_address *a)
{
    for (const struct sim_socket *o = sim_sockets(); o; o = o->next) {
        if (o == s || !o->bound || o->type != s->type)
            continue;
        if (o->reuse_port && s->reuse_port)
            continue;
        if (covers(&o->local, a) || covers(a, &o->local))
            return true;
    }
    return false;
}

static struct pier_address free_port(const struct sim_socket *s,
                                     const struct pier_address *a)
{
    struct pier_address wanted;

    do {
        if (next_port < EPHEMERAL_FIRST)
            next_port = EPHEMERAL_FIRST;
        wanted = with_port(a, next_port++);
    } while (in_use(s, &wanted));
    return wanted;
}

/* The network's own and this host's addresses can be bound, others not. */
static bool is_here(const struct pier_address *a)
{
    struct pier_address any = sim_any(pierp_address_family(a));
    struct pier_address four = fake_loopback(0), six = fake_loopback6(0);
    struct pier_address host;

    split(a, &host);
    return pierp_address_family(a) == PIER_AF_UNIX ||
           fake_same_address(&host, &any) || fake_same_address(&host, &four) ||
           fake_same_address(&host, &six);
}

pier_err sim_bind(struct sim_socket *s, const struct pier_address *a)
{
    struct pier_address host, wanted = *a;

    if (pierp_address_family(a) != s->family)
        return PIER_EAFNOSUPPORT;
    if (s->bound)
        return PIER_EINVAL;
    if (!is_here(a))
        return PIER_EADDRNOTAVAIL;
    if (s->family != PIER_AF_UNIX && split(a, &host) == 0)
        wanted = free_port(s, a);
    if (sim_has_file(&wanted) ? sim_file_exists(&wanted) : in_use(s, &wanted))
        return PIER_EADDRINUSE;
    sim_file_make(&wanted);
    s->local = wanted;
    s->bound = true;
    return PIER_OK;
}

void sim_network_reset(void)
{
    next_port = EPHEMERAL_FIRST;
}

/* A socket that speaks first gets an address of its own. */
void sim_bind_any(struct sim_socket *s)
{
    struct pier_address own = fake_loopback(0);

    if (s->bound || s->family == PIER_AF_UNIX)
        return;
    if (s->family == PIER_AF_INET6)
        own = fake_loopback6(0);
    s->local = free_port(s, &own);
    s->bound = true;
}
