/* SPDX-License-Identifier: MIT */
/*
 * Groups are joined by interface index: with the options of RFC 3678, or in
 * the form 0.0.0.x of an IPv4 address, or, where an emulation knows neither,
 * by an address of the interface.
 */
#include "priv.h"

#include <iphlpapi.h>

/* Another form may do where an option is unknown. */
static bool is_lacking(void)
{
    int error = WSAGetLastError();

    return error == WSAENOPROTOOPT || error == WSAEOPNOTSUPP;
}

static struct in_addr index_as_address(unsigned index)
{
    struct in_addr a;

    a.s_addr = htonl(index);
    return a;
}

/* An IPv4 address of the interface. */
static bool find_address(unsigned index, struct in_addr *out)
{
    union {
        MIB_IPADDRTABLE table;
        unsigned char
            room[sizeof(MIB_IPADDRTABLE) + 64 * sizeof(MIB_IPADDRROW)];
    } found;
    ULONG size = sizeof(found);
    DWORD i;

    if (GetIpAddrTable(&found.table, &size, FALSE) != NO_ERROR)
        return false;
    for (i = 0; i < found.table.dwNumEntries; i++) {
        if (found.table.table[i].dwIndex == index) {
            out->s_addr = found.table.table[i].dwAddr;
            return true;
        }
    }
    return false;
}

/* Sets an option whose value holds interface: by index, else by address. */
static int set_with_interface(SOCKET s, int name, void *value, int length,
                              struct in_addr *interface_form)
{
    unsigned index = ntohl(interface_form->s_addr);
    int failed = setsockopt(s, IPPROTO_IP, name, value, length);
    int error = WSAGetLastError();

    if (!failed || index == 0 ||
        (error != WSAEADDRNOTAVAIL && error != WSAEINVAL))
        return failed;
    if (!find_address(index, interface_form)) {
        WSASetLastError(error);
        return SOCKET_ERROR;
    }
    return setsockopt(s, IPPROTO_IP, name, value, length);
}

static struct in_addr ipv4_of(const struct pier_address *a)
{
    return ((const struct sockaddr_in *)a->storage.bytes)->sin_addr;
}

/* ------------------------------------------------------- membership --- */

static int change_ipv4(SOCKET s, const struct pierp_membership *m, bool join)
{
    struct ip_mreq request;

    request.imr_multiaddr = ipv4_of(m->group);
    request.imr_interface = index_as_address(m->interface_index);
    return set_with_interface(s, join ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP,
                              &request, sizeof(request),
                              &request.imr_interface);
}

static int change_ipv4_source(SOCKET s, const struct pierp_membership *m,
                              bool join)
{
    struct ip_mreq_source request;

    request.imr_multiaddr = ipv4_of(m->group);
    request.imr_sourceaddr = ipv4_of(m->source);
    request.imr_interface = index_as_address(m->interface_index);
    return set_with_interface(
        s, join ? IP_ADD_SOURCE_MEMBERSHIP : IP_DROP_SOURCE_MEMBERSHIP,
        &request, sizeof(request), &request.imr_interface);
}

static int change_ipv6(SOCKET s, const struct pierp_membership *m, bool join)
{
    struct ipv6_mreq request;

    request.ipv6mr_multiaddr =
        ((const struct sockaddr_in6 *)m->group->storage.bytes)->sin6_addr;
    request.ipv6mr_interface = m->interface_index;
    return setsockopt(s, IPPROTO_IPV6,
                      join ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP,
                      (const char *)&request, sizeof(request));
}

/* With the options that are older than source filters of IPv6. */
static int change_by_family(SOCKET s, int family,
                            const struct pierp_membership *m, bool join)
{
    if (family == AF_INET) {
        return m->source ? change_ipv4_source(s, m, join)
                         : change_ipv4(s, m, join);
    }
    if (!m->source)
        return change_ipv6(s, m, join);
    WSASetLastError(WSAEOPNOTSUPP);
    return SOCKET_ERROR;
}

static void copy_address(SOCKADDR_STORAGE *out,
                         const struct pier_address *from)
{
    size_t length = from->length < sizeof(*out) ? from->length : sizeof(*out);

    memset(out, 0, sizeof(*out));
    memcpy(out, from->storage.bytes, length);
}

static int change_any(SOCKET s, int level, const struct pierp_membership *m,
                      bool join)
{
    struct group_req request = { .gr_interface = m->interface_index };

    copy_address(&request.gr_group, m->group);
    return setsockopt(s, level, join ? MCAST_JOIN_GROUP : MCAST_LEAVE_GROUP,
                      (const char *)&request, sizeof(request));
}

static int change_source(SOCKET s, int level, const struct pierp_membership *m,
                         bool join)
{
    struct group_source_req request = { .gsr_interface = m->interface_index };

    copy_address(&request.gsr_group, m->group);
    copy_address(&request.gsr_source, m->source);
    return setsockopt(
        s, level, join ? MCAST_JOIN_SOURCE_GROUP : MCAST_LEAVE_SOURCE_GROUP,
        (const char *)&request, sizeof(request));
}

static bool lacks_interface(unsigned index)
{
    char name[NDIS_IF_MAX_STRING_SIZE + 1];

    return index != 0 && !if_indextoname(index, name);
}

/* Winsock has no words of its own for an interface that is not there, and
 * calls a second join or leave invalid. */
static pier_err fail_membership(const struct pierp_membership *m, bool join)
{
    pier_err err = win_fail();

    if (lacks_interface(m->interface_index))
        return PIER_ENXIO;
    if (err != PIER_EINVAL)
        return err;
    return join ? PIER_EADDRINUSE : PIER_EADDRNOTAVAIL;
}

pier_err pierp_change_membership(pier_handle h,
                                 const struct pierp_membership *m, bool join)
{
    SOCKET s = (SOCKET)h;
    int family = pierp_address_family(m->group);
    int level = family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
    int failed = m->source ? change_source(s, level, m, join)
                           : change_any(s, level, m, join);

    if (failed && is_lacking())
        failed = change_by_family(s, family, m, join);
    return failed ? fail_membership(m, join) : PIER_OK;
}

/* ---------------------------------------------------------- sending --- */

static int set_dword(SOCKET s, int level, int name, unsigned number)
{
    DWORD value = number;

    return setsockopt(s, level, name, (const char *)&value, sizeof(value));
}

static int set_ipv4(SOCKET s, int hops, bool loop, unsigned index)
{
    struct in_addr form = index_as_address(index);

    return set_with_interface(s, IP_MULTICAST_IF, &form, sizeof(form),
                              &form) ||
           (hops >= 0 &&
            set_dword(s, IPPROTO_IP, IP_MULTICAST_TTL, (unsigned)hops)) ||
           set_dword(s, IPPROTO_IP, IP_MULTICAST_LOOP, loop);
}

static int set_ipv6(SOCKET s, int hops, bool loop, unsigned index)
{
    return set_dword(s, IPPROTO_IPV6, IPV6_MULTICAST_IF, index) ||
           (hops >= 0 &&
            set_dword(s, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, (unsigned)hops)) ||
           set_dword(s, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, loop);
}

pier_err pierp_set_multicast(pier_handle h, int family, int hops, bool loop,
                             unsigned interface_index)
{
    SOCKET s = (SOCKET)h;
    int failed = family == AF_INET ? set_ipv4(s, hops, loop, interface_index)
                                   : set_ipv6(s, hops, loop, interface_index);
    pier_err err = failed ? win_fail() : PIER_OK;

    return failed && lacks_interface(interface_index) ? PIER_ENXIO : err;
}
