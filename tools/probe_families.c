/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include <pier/connection.h>
#include <pier/constants.h>
#include <pier/socket.h>

#include "facts.h"

struct family {
    const char *name;
    int family;
    int type;
    int protocol;
    const char *host; /* to bind to; NULL: nothing */
};

static const struct family families[] = {
    { "IPv4 TCP", PIER_AF_INET, PIER_SOCK_STREAM, 0, "127.0.0.1" },
    { "IPv4 UDP", PIER_AF_INET, PIER_SOCK_DGRAM, 0, "127.0.0.1" },
    { "IPv4 raw ICMP", PIER_AF_INET, PIER_SOCK_RAW, PIER_IPPROTO_ICMP, NULL },
    { "IPv6 TCP", PIER_AF_INET6, PIER_SOCK_STREAM, 0, "::1" },
    { "IPv6 UDP", PIER_AF_INET6, PIER_SOCK_DGRAM, 0, "::1" },
    { "AF_UNIX stream", PIER_AF_UNIX, PIER_SOCK_STREAM, 0, NULL },
    { "AF_UNIX datagram", PIER_AF_UNIX, PIER_SOCK_DGRAM, 0, NULL },
    { "AF_UNIX seqpacket", PIER_AF_UNIX, PIER_SOCK_SEQPACKET, 0, NULL },
    { "SCTP", PIER_AF_INET, PIER_SOCK_STREAM, PIER_IPPROTO_SCTP, NULL },
    { "UDP-Lite", PIER_AF_INET, PIER_SOCK_DGRAM, PIER_IPPROTO_UDPLITE, NULL },
    { "MPTCP", PIER_AF_INET, PIER_SOCK_STREAM, PIER_IPPROTO_MPTCP, NULL },
    { "netlink", PIER_AF_NETLINK, PIER_SOCK_RAW, 0, NULL },
    { "packet", PIER_AF_PACKET, PIER_SOCK_DGRAM, 0, NULL },
    { "vsock", PIER_AF_VSOCK, PIER_SOCK_STREAM, 0, NULL },
    { "Bluetooth", PIER_AF_BLUETOOTH, PIER_SOCK_STREAM, PIER_BTPROTO_RFCOMM,
      NULL },
};

/* A family may exist without an address of its own on any interface. */
static pier_err bind_host(struct pier_socket *s, const struct family *f)
{
    struct pier_address address;
    pier_err error = f->family == PIER_AF_INET6
                         ? pier_address_inet6(&address, f->host, 0, 0, 0)
                         : pier_address_inet(&address, f->host, 0);

    return error ? error : pier_bind(s, &address);
}

static pier_err try_family(const struct family *f)
{
    struct pier_socket *s = NULL;
    pier_err error = pier_open(&s, f->family, f->type, f->protocol);

    if (!error && f->host)
        error = bind_host(s, f);
    pier_free(s);
    return error;
}

void probe_families(void)
{
    facts_group("families");
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        facts_works(families[i].name, try_family(&families[i]));
    facts_works("IPv4 and IPv6 in one socket",
                pier_has_dualstack_ipv6() ? PIER_OK : PIER_ENOTSUP);
}
