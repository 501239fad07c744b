/* SPDX-License-Identifier: MIT */
/*
 * The queue of errors. Its header is the kernel's and not everywhere, so the
 * layout, which never changes, is written down here.
 */
#include "priv.h"

#include <pier/option.h>
#include <stddef.h>
#include <sys/uio.h>

struct extended_error {
    uint32_t number;
    uint8_t origin, type, code, pad;
    uint32_t info, data;
    /* The address of who reported it follows. */
};

_Static_assert(sizeof(struct extended_error) == 16, "as Linux has it");

#define ADDRESS_ROOM sizeof(struct sockaddr_storage)

/* What else the socket is told of messages comes before the error. */
#define OTHERS_ROOM 512

static bool is_error(const struct cmsghdr *item)
{
    const bool ipv4 =
        item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_RECVERR;
    const bool ipv6 =
        item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_RECVERR;

    return (ipv4 || ipv6) &&
           item->cmsg_len >= CMSG_LEN(sizeof(struct extended_error));
}

static size_t sockaddr_length(int family)
{
    if (family == AF_INET)
        return sizeof(struct sockaddr_in);
    return family == AF_INET6 ? sizeof(struct sockaddr_in6) : 0;
}

/* Of an unknown offender the family is AF_UNSPEC. */
static void set_offender(struct pier_address *out, const unsigned char *at,
                         size_t room)
{
    sa_family_t family = AF_UNSPEC;
    size_t length;

    if (room < sizeof family)
        return;
    memcpy(&family, at + offsetof(struct sockaddr, sa_family), sizeof family);
    length = sockaddr_length(family);
    if (length == 0 || length > room)
        return;
    memcpy(out->storage.bytes, at, length);
    posix_set_length(out, (socklen_t)length);
}

static void read_error(struct pier_net_error *out, const struct cmsghdr *item)
{
    const unsigned char *at = CMSG_DATA(item);
    struct extended_error e;

    memcpy(&e, at, sizeof e);
    out->code = pierp_error_from_native((int)e.number);
    out->native_code = (int)e.number;
    out->origin = e.origin;
    out->info = e.info;
    if (e.origin == PIER_ORIGIN_ICMP || e.origin == PIER_ORIGIN_ICMP6) {
        out->icmp_type = e.type;
        out->icmp_code = e.code;
    }
    set_offender(&out->offender, at + sizeof e,
                 item->cmsg_len - CMSG_LEN(sizeof e));
}

pier_err pierp_recv_error(pier_handle h, struct pier_net_error *out)
{
    union {
        struct cmsghdr align;
        unsigned char
            bytes[OTHERS_ROOM +
                  CMSG_SPACE(sizeof(struct extended_error) + ADDRESS_ROOM)];
    } control;
    struct pier_net_error found = { .size = out->size,
                                    .code = PIER_EUNKNOWN,
                                    .icmp_type = -1,
                                    .icmp_code = -1 };
    struct msghdr header = { .msg_name =
                                 posix_sockaddr_room(&found.destination),
                             .msg_namelen = POSIX_ADDRESS_ROOM };
    struct cmsghdr *item;
    char byte;
    struct iovec piece = { &byte, 1 };

    /* Of the datagram itself nothing is wanted, but an emulator asks for
     * nothing where nothing is. */
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    header.msg_control = control.bytes;
    header.msg_controllen = sizeof control.bytes;
    if (recvmsg((int)h, &header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
        return posix_fail();
    posix_set_length(&found.destination, header.msg_namelen);
    for (item = CMSG_FIRSTHDR(&header); item;
         item = posix_next_control(&header, item)) {
        if (is_error(item))
            read_error(&found, item);
    }
    *out = found;
    return PIER_OK;
}
