/* SPDX-License-Identifier: MIT */
/*
 * Socket addresses of the families that only some systems have. One function
 * a form of address makes it, one reads it; both take the fields in the same
 * order. All of address.h applies to these addresses too: they are copied,
 * compared, taken from the system's sockaddr and given to calls alike. What a
 * family has no function for, pier_address_from_sockaddr() takes as it is.
 *
 * Constants, such as PIER_PACKET_HOST, are in constants.h. Numbers are in host
 * order, whatever order the system keeps them in. Network interfaces are
 * given by their index (interface.h).
 *
 * That an address can be made says that the system knows its form; whether
 * the running kernel has the family is told by pier_has_family().
 *
 * Where it is not said otherwise:
 *
 * A function that makes an address leaves *out untouched when it fails.
 *
 * Errors: PIER_EAFNOSUPPORT  this system has no such addresses
 *         PIER_ERANGE        a number is negative or does not fit its field,
 *                            which has the width given below
 *         PIER_EINVAL        out is NULL, or a text is not what it must be
 *
 * A function that reads an address takes NULL for what is not wanted, and
 * changes nothing when it fails. It does not compare how the socket of the
 * address is used: of families that have several forms, the caller knows
 * which one it is.
 *
 * Errors: PIER_EAFNOSUPPORT  the address is of another family, or this system
 *                            has no such addresses
 *         PIER_EINVAL        it is too short for this form, or there is none
 *
 * Nothing here allocates or blocks, but for pier_has_family(), which makes a
 * call of the system. Any thread may call any function.
 */
#ifndef PIER_ADDRESS_FAMILIES_H
#define PIER_ADDRESS_FAMILIES_H

#include <pier/address.h>

PIER_BEGIN_DECLS

/*
 * Whether the system that runs the program can make sockets of this family.
 * It tries: headers know of families that the kernel lacks, and AF_UNIX is
 * only in newer Windows. A family that this process may not use is there all
 * the same. False for a constant that this system lacks, and when it cannot
 * try.
 */
PIER_API bool pier_has_family(int family);

/* ---------------------------------------------------------- netlink --- */

/*
 * AF_NETLINK: the port id of a socket, 0 being the kernel's or, in bind, one
 * that the kernel chooses; and a set of multicast groups, a bit each.
 *
 * Source: netlink(7) of Linux, netlink(4) of FreeBSD.
 */
PIER_API PIER_MUST_CHECK pier_err
pier_address_netlink(struct pier_address *out, uint32_t pid, uint32_t groups);
PIER_API PIER_MUST_CHECK pier_err pier_address_get_netlink(
    const struct pier_address *a, uint32_t *pid, uint32_t *groups);

/* ----------------------------------------------------------- packet --- */

PIER_END_DECLS

/* The address of a network card; length 0: none. Bytes after length are 0
 * where pier fills it. */
struct pier_hardware {
    size_t length;
    unsigned char bytes[32];
};

PIER_BEGIN_DECLS

/*
 * AF_PACKET: a network interface, 0 being all of them, and a protocol of the
 * link layer (16 bits, such as 0x0800; host order). A packet that was received
 * has its kind, PIER_PACKET_* (8 bits), the kind of hardware, ARPHRD_* (16
 * bits), and the sender's hardware address; in bind they are 0, and to send
 * only the address is needed. hardware NULL: none; at most 32 bytes of it,
 * else PIER_ERANGE.
 *
 * Source: packet(7) of Linux.
 */
PIER_API PIER_MUST_CHECK pier_err pier_address_packet(
    struct pier_address *out, unsigned interface_index, int protocol,
    int pkttype, int hatype, const struct pier_hardware *hardware);
PIER_API PIER_MUST_CHECK pier_err pier_address_get_packet(
    const struct pier_address *a, unsigned *interface_index, int *protocol,
    int *pkttype, int *hatype, struct pier_hardware *hardware);

/* -------------------------------------------------------------- CAN --- */

/* In the place of an identifier that is received: none. */
#define PIER_CAN_NO_ID 0xffffffffu

/*
 * AF_CAN, the protocols CAN_RAW and CAN_BCM: an interface, 0 being all.
 *
 * Source: Documentation/networking/can.rst of Linux; the next two as well.
 */
PIER_API PIER_MUST_CHECK pier_err pier_address_can(struct pier_address *out,
                                                   unsigned interface_index);
PIER_API PIER_MUST_CHECK pier_err
pier_address_get_can(const struct pier_address *a, unsigned *interface_index);

/*
 * AF_CAN, the protocol CAN_ISOTP: the identifiers received and sent, each of
 * 11 bits, or of 29 with PIER_CAN_EFF_FLAG; else PIER_ERANGE. rx_id may be
 * PIER_CAN_NO_ID, for a socket that only broadcasts.
 */
PIER_API PIER_MUST_CHECK pier_err pier_address_isotp(struct pier_address *out,
                                                     unsigned interface_index,
                                                     uint32_t rx_id,
                                                     uint32_t tx_id);
PIER_API PIER_MUST_CHECK pier_err
pier_address_get_isotp(const struct pier_address *a, unsigned *interface_index,
                       uint32_t *rx_id, uint32_t *tx_id);

/*
 * AF_CAN, the protocol CAN_J1939: a name of 64 bits (PIER_J1939_NO_NAME), a
 * parameter group of at most 18 bits or PIER_J1939_NO_PGN (0x40000), and an
 * address of 8 bits (PIER_J1939_NO_ADDR).
 */
PIER_API PIER_MUST_CHECK pier_err pier_address_j1939(struct pier_address *out,
                                                     unsigned interface_index,
                                                     uint64_t name,
                                                     uint32_t pgn, int addr);
PIER_API PIER_MUST_CHECK pier_err
pier_address_get_j1939(const struct pier_address *a, unsigned *interface_index,
                       uint64_t *name, uint32_t *pgn, int *addr);

/* ------------------------------------------------------------ vsock --- */

/*
 * AF_VSOCK: a virtual machine (PIER_VMADDR_CID_HOST, ...) and a port
 * (PIER_VMADDR_PORT_ANY), for which pier_address_port() has no room: it gives
 * -1. The text is "vsock:CID:PORT" (pier_address_parse()).
 *
 * Source: vsock(7) of Linux.
 */
PIER_API PIER_MUST_CHECK pier_err pier_address_vsock(struct pier_address *out,
                                                     uint32_t cid,
                                                     uint32_t port);
PIER_API PIER_MUST_CHECK pier_err pier_address_get_vsock(
    const struct pier_address *a, uint32_t *cid, uint32_t *port);

/* ------------------------------------------------------------- TIPC --- */

/*
 * AF_TIPC. What the three numbers are, addr_type says:
 *
 *   PIER_TIPC_ADDR_NAMESEQ  type, lower, upper; lower is at most upper
 *   PIER_TIPC_ADDR_NAME     type, instance, domain (0: anywhere)
 *   PIER_TIPC_ADDR_ID       node, reference, 0
 *
 * scope is one of PIER_TIPC_ZONE_SCOPE, PIER_TIPC_CLUSTER_SCOPE and
 * PIER_TIPC_NODE_SCOPE, the negative of one, which takes a name back in bind,
 * or 0.
 *
 * Errors also: PIER_EINVAL  another addr_type, or numbers that it excludes
 *              PIER_ERANGE  another scope
 *
 * Source: the TIPC Programmer's Guide.
 */
PIER_API PIER_MUST_CHECK pier_err pier_address_tipc(struct pier_address *out,
                                                    int addr_type, uint32_t v1,
                                                    uint32_t v2, uint32_t v3,
                                                    int scope);
PIER_API PIER_MUST_CHECK pier_err
pier_address_get_tipc(const struct pier_address *a, int *addr_type,
                      uint32_t *v1, uint32_t *v2, uint32_t *v3, int *scope);

/* -------------------------------------------------------------- ALG --- */

#define PIER_ALG_TYPE_ROOM 14
#define PIER_ALG_NAME_ROOM 64

/*
 * AF_ALG: a kind of algorithm ("hash", "skcipher", "aead", "rng") and the
 * name of one, with the features and the mask of the kernel's interface, both
 * 0 as a rule.
 *
 * Errors also: PIER_ENAMETOOLONG  type has more than 13 bytes, or name more
 *                                 than 63
 *              PIER_EINVAL        one of them is NULL or empty
 *
 * Source: Documentation/crypto/userspace-if.rst of Linux.
 */
PIER_API PIER_MUST_CHECK pier_err pier_address_alg(struct pier_address *out,
                                                   const char *type,
                                                   const char *name,
                                                   uint32_t feat,
                                                   uint32_t mask);
PIER_API PIER_MUST_CHECK pier_err pier_address_get_alg(
    const struct pier_address *a, char type[PIER_ALG_TYPE_ROOM],
    char name[PIER_ALG_NAME_ROOM], uint32_t *feat, uint32_t *mask);

/* ---------------------------------------------------------- QIPCRTR --- */

/*
 * AF_QIPCRTR: a node and a port of the Qualcomm IPC router.
 *
 * Source: include/uapi/linux/qrtr.h of Linux.
 */
PIER_API PIER_MUST_CHECK pier_err
pier_address_qipcrtr(struct pier_address *out, uint32_t node, uint32_t port);
PIER_API PIER_MUST_CHECK pier_err pier_address_get_qipcrtr(
    const struct pier_address *a, uint32_t *node, uint32_t *port);

/* --------------------------------------------------- RDS and divert --- */

/*
 * AF_RDS and AF_DIVERT: their sockets take and give IPv4 addresses, which
 * pier_address_port(), pier_address_host() and their kin read. These two are
 * pier_address_inet() where the system has the family.
 *
 * Source: rds(7) of Linux, divert(4) of FreeBSD.
 */
PIER_API PIER_MUST_CHECK pier_err pier_address_rds(struct pier_address *out,
                                                   const char *ip, int port);
PIER_API PIER_MUST_CHECK pier_err pier_address_divert(struct pier_address *out,
                                                      const char *ip,
                                                      int port);

/* -------------------------------------------------------- Bluetooth --- */

/* The address of a device, "01:23:45:67:89:AB", with its NUL. */
#define PIER_BDADDR_ROOM 18

/*
 * AF_BLUETOOTH, the protocol BTPROTO_L2CAP, on Linux and FreeBSD: a device, a
 * PSM and a channel of 16 bits each, either of them 0, and PIER_BDADDR_BREDR,
 * _LE_PUBLIC or _LE_RANDOM (0 to 2).
 *
 * In this function and the next ones bdaddr is six pairs of hexadecimal digits
 * with colons between them, nothing else. NULL is PIER_BDADDR_ANY, all zero.
 * It is written with capital letters.
 *
 * Source: the headers of BlueZ and of FreeBSD.
 */
PIER_API PIER_MUST_CHECK pier_err pier_address_l2cap(struct pier_address *out,
                                                     const char *bdaddr,
                                                     int psm, int cid,
                                                     int bdaddr_type);
PIER_API PIER_MUST_CHECK pier_err pier_address_get_l2cap(
    const struct pier_address *a, char bdaddr[PIER_BDADDR_ROOM], int *psm,
    int *cid, int *bdaddr_type);

/*
 * AF_BLUETOOTH, the protocol BTPROTO_RFCOMM: a device and a channel (8 bits,
 * on Windows 32). 0: in bind, one that the system chooses.
 *
 * Source: those of L2CAP; SOCKADDR_BTH of Windows.
 */
PIER_API PIER_MUST_CHECK pier_err pier_address_rfcomm(struct pier_address *out,
                                                      const char *bdaddr,
                                                      uint32_t channel);
PIER_API PIER_MUST_CHECK pier_err
pier_address_get_rfcomm(const struct pier_address *a,
                        char bdaddr[PIER_BDADDR_ROOM], uint32_t *channel);

/*
 * AF_BLUETOOTH, the protocol BTPROTO_HCI, on Linux: the number of an adapter
 * or PIER_HCI_DEV_NONE, and PIER_HCI_CHANNEL_* (16 bits each).
 */
PIER_API PIER_MUST_CHECK pier_err pier_address_hci(struct pier_address *out,
                                                   int device, int channel);
PIER_API PIER_MUST_CHECK pier_err
pier_address_get_hci(const struct pier_address *a, int *device, int *channel);

/* AF_BLUETOOTH, the protocol BTPROTO_SCO, on Linux and FreeBSD: a device. */
PIER_API PIER_MUST_CHECK pier_err pier_address_sco(struct pier_address *out,
                                                   const char *bdaddr);
PIER_API PIER_MUST_CHECK pier_err pier_address_get_sco(
    const struct pier_address *a, char bdaddr[PIER_BDADDR_ROOM]);

/* ----------------------------------------------------------- Hyper-V --- */

/* A UUID, "a42e7cda-d03f-480c-9cc2-a4de20abb878", with its NUL. */
#define PIER_UUID_ROOM 37

/*
 * AF_HYPERV: a virtual machine, such as the text of the constant
 * HV_GUID_PARENT, and a service. A UUID is read without braces, in letters of
 * either case, and written in small ones.
 *
 * Source: "Make your own integration services" of the Hyper-V documentation;
 * RFC 9562, 4 for the text.
 */
PIER_API PIER_MUST_CHECK pier_err pier_address_hyperv(struct pier_address *out,
                                                      const char *vm_id,
                                                      const char *service_id);
PIER_API PIER_MUST_CHECK pier_err pier_address_get_hyperv(
    const struct pier_address *a, char vm_id[PIER_UUID_ROOM],
    char service_id[PIER_UUID_ROOM]);

/* ----------------------------------------------------------- system --- */

/*
 * AF_SYSTEM of macOS, the protocol SYSPROTO_CONTROL: the id of a kernel
 * control, which CTLIOCGINFO finds by its name (pier_ioctl()), and a unit of
 * it, 0 being one that is free.
 *
 * Source: <sys/kern_control.h> of macOS.
 */
PIER_API PIER_MUST_CHECK pier_err pier_address_system(struct pier_address *out,
                                                      uint32_t id,
                                                      uint32_t unit);
PIER_API PIER_MUST_CHECK pier_err pier_address_get_system(
    const struct pier_address *a, uint32_t *id, uint32_t *unit);

PIER_END_DECLS

#endif
