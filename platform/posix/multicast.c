/* SPDX-License-Identifier: MIT */
/*
 * Groups are joined by interface index with the options of RFC 3678; where a
 * kernel or an emulator lacks them, IPv4 goes by an address of the interface.
 */
#include "priv.h"

#include <net/if.h>
#include <sys/ioctl.h>

/* The IPv4 address of an interface; the wildcard for 0, the system's choice.
 */
static pier_err find_address(int fd, unsigned index, struct in_addr *out)
{
    struct ifreq request = { .ifr_name = "" };
    struct sockaddr_in found;

    out->s_addr = htonl(INADDR_ANY);
    if (index == 0)
        return PIER_OK;
    if (!if_indextoname(index, request.ifr_name) ||
        ioctl(fd, SIOCGIFADDR, &request) < 0)
        return posix_fail();
    memcpy(&found, &request.ifr_addr, sizeof found);
    *out = found.sin_addr;
    return PIER_OK;
}

static struct in_addr ipv4_of(const struct pier_address *a)
{
    struct sockaddr_in in;

    memcpy(&in, a->storage.bytes, sizeof in);
    return in.sin_addr;
}

static struct in6_addr ipv6_of(const struct pier_address *a)
{
    struct sockaddr_in6 in6;

    memcpy(&in6, a->storage.bytes, sizeof in6);
    return in6.sin6_addr;
}

/* ------------------------------------------------------- membership --- */

static pier_err change_ipv4(int fd, const struct pierp_membership *m,
                            bool join)
{
    struct ip_mreq request = { .imr_multiaddr = ipv4_of(m->group) };
    pier_err err =
        find_address(fd, m->interface_index, &request.imr_interface);

    if (err)
        return err;
    return pierp_setsockopt(fd, IPPROTO_IP,
                            join ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP,
                            &request, sizeof request);
}

#ifdef IP_ADD_SOURCE_MEMBERSHIP
static pier_err change_ipv4_source(int fd, const struct pierp_membership *m,
                                   bool join)
{
    struct ip_mreq_source request = {
        .imr_multiaddr = ipv4_of(m->group),
        .imr_sourceaddr = ipv4_of(m->source),
    };
    int name = join ? IP_ADD_SOURCE_MEMBERSHIP : IP_DROP_SOURCE_MEMBERSHIP;
    pier_err err =
        find_address(fd, m->interface_index, &request.imr_interface);

    if (err)
        return err;
    return pierp_setsockopt(fd, IPPROTO_IP, name, &request, sizeof request);
}
#else
static pier_err change_ipv4_source(int fd, const struct pierp_membership *m,
                                   bool join)
{
    (void)fd;
    (void)m;
    (void)join;
    (void)posix_fail_with(EOPNOTSUPP);
    return PIER_ENOTSUP;
}
#endif

static pier_err change_ipv6(int fd, const struct pierp_membership *m,
                            bool join)
{
    struct ipv6_mreq request = {
        .ipv6mr_multiaddr = ipv6_of(m->group),
        .ipv6mr_interface = m->interface_index,
    };

    return pierp_setsockopt(fd, IPPROTO_IPV6,
                            join ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP,
                            &request, sizeof request);
}

#ifdef MCAST_JOIN_SOURCE_GROUP
static void copy_address(struct sockaddr_storage *out,
                         const struct pier_address *from)
{
    size_t length = from->length < sizeof *out ? from->length : sizeof *out;

    memset(out, 0, sizeof *out);
    memcpy(out, from->storage.bytes, length);
}

static pier_err change_source(int fd, int level,
                              const struct pierp_membership *m, bool join)
{
    struct group_source_req request = { .gsr_interface = m->interface_index };

    copy_address(&request.gsr_group, m->group);
    copy_address(&request.gsr_source, m->source);
    return pierp_setsockopt(
        fd, level, join ? MCAST_JOIN_SOURCE_GROUP : MCAST_LEAVE_SOURCE_GROUP,
        &request, sizeof request);
}
#else
static pier_err change_source(int fd, int level,
                              const struct pierp_membership *m, bool join)
{
    (void)fd;
    (void)level;
    (void)m;
    (void)join;
    return posix_fail_with(ENOPROTOOPT);
}
#endif

/* Sources of IPv6 have no older option. */
static pier_err change_ipv6_source(int fd, const struct pierp_membership *m,
                                   bool join)
{
    pier_err err = change_source(fd, IPPROTO_IPV6, m, join);

    return err == PIER_ENOPROTOOPT ? PIER_ENOTSUP : err;
}

/* With the options of each family. */
static pier_err change_by_family(int fd, int family,
                                 const struct pierp_membership *m, bool join)
{
    if (family == AF_INET) {
        return m->source ? change_ipv4_source(fd, m, join)
                         : change_ipv4(fd, m, join);
    }
    return m->source ? change_ipv6_source(fd, m, join)
                     : change_ipv6(fd, m, join);
}

#ifdef HAVE_MCAST_JOIN_GROUP
static pier_err change_any(int fd, int level, const struct pierp_membership *m,
                           bool join)
{
    struct group_req request = { .gr_interface = m->interface_index };

    copy_address(&request.gr_group, m->group);
    return pierp_setsockopt(fd, level,
                            join ? MCAST_JOIN_GROUP : MCAST_LEAVE_GROUP,
                            &request, sizeof request);
}

static pier_err change(int fd, int family, const struct pierp_membership *m,
                       bool join)
{
    int level = family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
    pier_err err = m->source ? change_source(fd, level, m, join)
                             : change_any(fd, level, m, join);

    return err == PIER_ENOPROTOOPT ? change_by_family(fd, family, m, join)
                                   : err;
}
#else
static pier_err change(int fd, int family, const struct pierp_membership *m,
                       bool join)
{
    return change_by_family(fd, family, m, join);
}
#endif

pier_err pierp_change_membership(pier_handle h,
                                 const struct pierp_membership *m, bool join)
{
    return change((int)h, pierp_address_family(m->group), m, join);
}

/* ---------------------------------------------------------- sending --- */

/* One byte is what every system takes; BSD and Solaris take nothing else
 * (Q77). */
static pier_err set_byte(pier_handle h, int name, int value)
{
    unsigned char byte = (unsigned char)value;

    return pierp_setsockopt(h, IPPROTO_IP, name, &byte, sizeof byte);
}

static pier_err set_int(pier_handle h, int name, int value)
{
    return pierp_setsockopt(h, IPPROTO_IPV6, name, &value, sizeof value);
}

/* Emulators lack the options that choose one: then all of them are the
 * system's choice. */
static pier_err unless_lacking(pier_err err, unsigned index)
{
    if (err != PIER_ENOPROTOOPT)
        return err;
    return index == 0 ? PIER_OK : PIER_ENOTSUP;
}

#ifdef HAVE_IP_MREQN
static pier_err set_ipv4_interface(pier_handle h, unsigned index)
{
    struct ip_mreqn choice = { .imr_ifindex = (int)index };

    return pierp_setsockopt(h, IPPROTO_IP, IP_MULTICAST_IF, &choice,
                            sizeof choice);
}
#else
static pier_err set_ipv4_interface(pier_handle h, unsigned index)
{
    struct in_addr address;
    pier_err err = find_address((int)h, index, &address);

    if (err)
        return err;
    return pierp_setsockopt(h, IPPROTO_IP, IP_MULTICAST_IF, &address,
                            sizeof address);
}
#endif

static pier_err set_ipv4(pier_handle h, int hops, bool loop, unsigned index)
{
    pier_err err = unless_lacking(set_ipv4_interface(h, index), index);

    if (err == PIER_OK && hops >= 0)
        err = set_byte(h, IP_MULTICAST_TTL, hops);
    return err ? err : set_byte(h, IP_MULTICAST_LOOP, loop);
}

static pier_err set_ipv6(pier_handle h, int hops, bool loop, unsigned index)
{
    pier_err err =
        unless_lacking(set_int(h, IPV6_MULTICAST_IF, (int)index), index);

    if (err == PIER_OK && hops >= 0)
        err = set_int(h, IPV6_MULTICAST_HOPS, hops);
    return err ? err : set_int(h, IPV6_MULTICAST_LOOP, loop);
}

pier_err pierp_set_multicast(pier_handle h, int family, int hops, bool loop,
                             unsigned interface_index)
{
    if (family == AF_INET)
        return set_ipv4(h, hops, loop, interface_index);
    return set_ipv6(h, hops, loop, interface_index);
}
