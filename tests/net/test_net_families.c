/* SPDX-License-Identifier: MIT */
/* Real sockets of the further families, as far as the running kernel has
 * them: addresses go into it and come back. */
#include "net.h"

#include <string.h>

/* The name of the loopback interface of Linux, whose index an address with a
 * zone tells. */
#define LOOPBACK_ZONE "fe80::1%lo"

/* One of the types of frames that are free for experiments (IEEE 802). */
#define EXPERIMENT 0x88b5

static struct pier_socket *open_or_skip(int family, int type, int protocol,
                                        const char *reason)
{
    struct pier_socket *s;

    if (!pier_has_family(family) || pier_open(&s, family, type, protocol))
        skip_because(reason);
    CHECK_OK(pier_settimeout(s, SOON));
    return keep(s);
}

static unsigned loopback_interface(void)
{
    struct pier_address a;

    if (pier_address_inet6(&a, LOOPBACK_ZONE, 0, 0, 0))
        return 0;
    return pier_address_scope_id(&a);
}

/* ---------------------------------------------------------- netlink --- */

static void the_kernel_gives_a_port_of_netlink(void **state)
{
    struct pier_socket *s = open_or_skip(PIER_AF_NETLINK, PIER_SOCK_DGRAM, 0,
                                         "this system has no AF_NETLINK");
    struct pier_address a;
    uint32_t pid = 0;
    uint32_t groups = 1;

    (void)state;
    CHECK_OK(pier_address_netlink(&a, 0, 0));
    CHECK_OK(pier_bind(s, &a));
    a = name_of(s);
    CHECK_OK(pier_address_get_netlink(&a, &pid, &groups));
    CHECK(pid != 0);
    CHECK_INT(groups, 0);
}

static void netlink_tells_who_sent(void **state)
{
    static const char reason[] = "this system has no NETLINK_USERSOCK";
    struct pier_socket *ends[2];
    struct pier_address names[2];
    struct pier_address from;
    char text[8];
    uint32_t sender = 0;
    uint32_t got = 0;

    (void)state;
    for (int i = 0; i < 2; i++) {
        ends[i] = open_or_skip(PIER_AF_NETLINK, PIER_SOCK_DGRAM,
                               PIER_NETLINK_USERSOCK, reason);
        CHECK_OK(pier_address_netlink(&names[i], 0, 0));
        CHECK_OK(pier_bind(ends[i], &names[i]));
        names[i] = name_of(ends[i]);
    }
    CHECK_OK(pier_address_get_netlink(&names[0], &sender, NULL));
    CHECK_INT(pier_sendto(ends[0], "hello", 5, 0, &names[1]), 5);
    CHECK_INT(pier_recvfrom(ends[1], text, sizeof text, 0, &from), 5);
    CHECK_OK(pier_address_get_netlink(&from, &got, NULL));
    CHECK_INT(got, sender);
}

/* ----------------------------------------------------------- packet --- */

/* A frame of ours among those that others may send. */
static void receive_token(struct pier_socket *s, const char *token,
                          struct pier_address *from)
{
    char text[64];

    do {
        memset(text, 0, sizeof text);
        CHECK_OK(pier_recvfrom(s, text, sizeof text - 1, 0, from));
    } while (strcmp(text, token) != 0);
}

/* Packet sockets refuse flags that other receives take. */
static void receive_tokens_as_messages(struct pier_socket *s,
                                       const char *token)
{
    char text[64] = "";
    struct pier_buffer piece = { text, sizeof(text) - 1 };
    struct pier_datagram d = { .message = { .buffers = &piece,
                                            .buffer_count = 1 } };

    while (strcmp(text, token) != 0) {
        memset(text, 0, sizeof text);
        CHECK(pier_recvmsg(s, &d.message, 0) >= 0);
    }
    text[0] = '\0';
    while (strcmp(text, token) != 0) {
        memset(text, 0, sizeof text);
        CHECK_INT(pier_recvmmsg(s, &d, 1, 0), 1);
    }
}

static void a_frame_arrives_with_its_address(void **state)
{
    static const char token[] = "a frame of test_net_families";
    struct pier_hardware hardware = { 6, { 0 } };
    struct pier_socket *s = open_or_skip(PIER_AF_PACKET, PIER_SOCK_DGRAM, 0,
                                         "no packet sockets for this user");
    struct pier_address a;
    unsigned index = 0;
    int protocol = 0;
    int hatype = 0;

    (void)state;
    CHECK_OK(
        pier_address_packet(&a, loopback_interface(), EXPERIMENT, 0, 0, NULL));
    CHECK_OK(pier_bind(s, &a));
    a = name_of(s);
    CHECK_OK(pier_address_get_packet(&a, &index, &protocol, NULL, &hatype,
                                     &hardware));
    CHECK_INT(index, loopback_interface());
    CHECK_INT(protocol, EXPERIMENT);
    CHECK_INT(hardware.length, 6);

    CHECK_OK(pier_address_packet(&a, index, EXPERIMENT, 0, 0, &hardware));
    CHECK_INT(pier_sendto(s, token, sizeof token, 0, &a), sizeof token);
    receive_token(s, token, &a);
    CHECK_OK(pier_address_get_packet(&a, &index, &protocol, NULL, &hatype,
                                     &hardware));
    CHECK_INT(index, loopback_interface());
    CHECK_INT(protocol, EXPERIMENT);
    CHECK_INT(hatype, 772); /* ARPHRD_LOOPBACK */
    CHECK_INT(hardware.length, 6);

    CHECK_OK(pier_address_packet(&a, index, EXPERIMENT, 0, 0, &hardware));
    for (int i = 0; i < 2; i++)
        CHECK_INT(pier_sendto(s, token, sizeof token, 0, &a), sizeof token);
    receive_tokens_as_messages(s, token);
}

/* ------------------------------------------------------------ vsock --- */

static struct pier_socket *open_vsock(void)
{
    return open_or_skip(PIER_AF_VSOCK, PIER_SOCK_STREAM, 0,
                        "this system has no AF_VSOCK");
}

/* The port is left to the kernel. */
static struct pier_address listen_on_vsock(struct pier_socket *s)
{
    struct pier_address a;

    CHECK_OK(pier_address_vsock(&a, UINT32_MAX, UINT32_MAX));
    CHECK_OK(pier_bind(s, &a));
    CHECK_OK(pier_listen(s, 1));
    return name_of(s);
}

static void vsock_listens(void **state)
{
    struct pier_socket *s = open_vsock();
    struct pier_address a = listen_on_vsock(s);
    uint32_t cid = 0;
    uint32_t port = 0;

    (void)state;
    CHECK_OK(pier_address_get_vsock(&a, &cid, &port));
    CHECK_INT(cid, UINT32_MAX);
    CHECK(port != UINT32_MAX);
}

static void vsock_reaches_itself(void **state)
{
    struct pier_socket *listener = open_vsock();
    struct pier_socket *s = open_vsock();
    struct pier_address a = listen_on_vsock(listener);
    struct pier_address peer;
    uint32_t port = 0;
    uint32_t cid = 0;

    (void)state;
    CHECK_OK(pier_address_get_vsock(&a, NULL, &port));
    CHECK_OK(pier_address_vsock(&a, 1, port));
    CHECK_OK(pier_settimeout(s, 200 * MS));
    if (pier_connect(s, &a))
        skip_because("AF_VSOCK has no loopback here");
    CHECK_OK(pier_getpeername(s, &peer));
    CHECK_OK(pier_address_get_vsock(&peer, &cid, NULL));
    CHECK_INT(cid, 1);
    CHECK(pier_address_equal(&peer, &a));
    s = accept_one(listener);
    CHECK_OK(pier_getpeername(s, &peer));
    CHECK_OK(pier_address_get_vsock(&peer, &cid, NULL));
    CHECK_INT(cid, 1);
}

/* ---------------------------------------------------------- AF_UNIX --- */

static void an_abstract_name_connects_two_streams(void **state)
{
    struct pier_address a;
    struct pier_address peer;
    struct pier_socket *listener;
    struct pier_socket *s;

    (void)state;
    if (pier_address_unix(&a, "\0x", 2) == PIER_EAFNOSUPPORT)
        skip_because("no abstract names");
    listener = open_socket(PIER_AF_UNIX, PIER_SOCK_STREAM);
    s = open_socket(PIER_AF_UNIX, PIER_SOCK_STREAM);
    /* Without a name the kernel finds one. */
    CHECK_OK(pier_address_unix(&a, NULL, 0));
    CHECK_OK(pier_bind(listener, &a));
    CHECK_OK(pier_listen(listener, 1));
    a = name_of(listener);
    CHECK_INT(*(const char *)pier_address_path(&a, NULL), 0);
    CHECK_OK(pier_connect(s, &a));
    CHECK_OK(pier_getpeername(s, &peer));
    CHECK(pier_address_equal(&peer, &a));
}

static void this_system_says_whether_it_has_af_unix(void **state)
{
    (void)state;
    CHECK_INT(pier_has_family(PIER_AF_UNIX), has_unix());
    CHECK(pier_has_family(PIER_AF_INET));
}

/* ------------------------------------ what few systems have at all --- */

/* The address is bound, and the name of the socket is the same one. */
static void check_binds(struct pier_socket *s, const struct pier_address *a)
{
    struct pier_address name;

    CHECK_OK(pier_bind(s, a));
    name = name_of(s);
    CHECK_INT(pier_address_family(&name), pier_address_family(a));
}

static void can_binds(void **state)
{
    struct pier_socket *s = open_or_skip(
        PIER_AF_CAN, PIER_SOCK_RAW, PIER_CAN_RAW, "this system has no AF_CAN");
    struct pier_address a;
    unsigned index = 1;

    (void)state;
    CHECK_OK(pier_address_can(&a, 0));
    check_binds(s, &a);
    a = name_of(s);
    CHECK_OK(pier_address_get_can(&a, &index));
    CHECK_INT(index, 0);
}

static void tipc_reaches_itself(void **state)
{
    struct pier_socket *s = open_or_skip(PIER_AF_TIPC, PIER_SOCK_RDM, 0,
                                         "this system has no AF_TIPC");
    struct pier_address a;
    char text[8];
    int addr_type = 0;

    (void)state;
    CHECK_OK(pier_address_tipc(&a, PIER_TIPC_ADDR_NAMESEQ, 18888, 1, 1,
                               PIER_TIPC_NODE_SCOPE));
    CHECK_OK(pier_bind(s, &a));
    CHECK_OK(pier_address_tipc(&a, PIER_TIPC_ADDR_NAME, 18888, 1, 0, 0));
    CHECK_INT(pier_sendto(s, "hello", 5, 0, &a), 5);
    CHECK_INT(pier_recvfrom(s, text, sizeof text, 0, &a), 5);
    CHECK_OK(pier_address_get_tipc(&a, &addr_type, NULL, NULL, NULL, NULL));
    CHECK_INT(addr_type, PIER_TIPC_ADDR_ID);
}

static void alg_binds(void **state)
{
    struct pier_socket *s = open_or_skip(PIER_AF_ALG, PIER_SOCK_SEQPACKET, 0,
                                         "this system has no AF_ALG");
    struct pier_address a;

    (void)state;
    CHECK_OK(pier_address_alg(&a, "hash", "no such algorithm", 0, 0));
    CHECK_ERR(pier_bind(s, &a), PIER_ENOENT);
    CHECK_OK(pier_address_alg(&a, "hash", "sha256", 0, 0));
    CHECK_OK(pier_bind(s, &a));
}

static void qipcrtr_reaches_itself(void **state)
{
    struct pier_socket *s = open_or_skip(PIER_AF_QIPCRTR, PIER_SOCK_DGRAM, 0,
                                         "this system has no AF_QIPCRTR");
    struct pier_address a = name_of(s);
    uint32_t node = 0;
    uint32_t port = 0;
    char text[8];

    (void)state;
    CHECK_OK(pier_address_get_qipcrtr(&a, &node, &port));
    CHECK_OK(pier_address_qipcrtr(&a, node, port));
    CHECK_INT(pier_sendto(s, "hello", 5, 0, &a), 5);
    CHECK_INT(pier_recvfrom(s, text, sizeof text, 0, &a), 5);
    CHECK_OK(pier_address_get_qipcrtr(&a, NULL, &node));
    CHECK_INT(node, port);
}

static void rds_binds(void **state)
{
    struct pier_socket *s = open_or_skip(PIER_AF_RDS, PIER_SOCK_SEQPACKET, 0,
                                         "this system has no AF_RDS");
    struct pier_address a;

    (void)state;
    CHECK_OK(pier_address_rds(&a, "127.0.0.1", 0));
    check_binds(s, &a);
}

static void divert_binds(void **state)
{
    struct pier_socket *s = open_or_skip(PIER_AF_DIVERT, PIER_SOCK_RAW, 0,
                                         "this system has no AF_DIVERT");
    struct pier_address a;

    (void)state;
    CHECK_OK(pier_address_divert(&a, NULL, 0));
    check_binds(s, &a);
}

static void rfcomm_binds(void **state)
{
    struct pier_socket *s =
        open_or_skip(PIER_AF_BLUETOOTH, PIER_SOCK_STREAM, PIER_BTPROTO_RFCOMM,
                     "this system has no AF_BLUETOOTH");
    struct pier_address a;

    (void)state;
    CHECK_OK(pier_address_rfcomm(&a, NULL, 0));
    check_binds(s, &a);
}

static void hyperv_binds(void **state)
{
    static const char wildcard[] = "00000000-0000-0000-0000-000000000000";
    static const char service[] = "3b1a0e52-0f3c-4d0f-9c3e-5d2b8f6a7c11";
    struct pier_socket *s =
        open_or_skip(PIER_AF_HYPERV, PIER_SOCK_STREAM, PIER_HV_PROTOCOL_RAW,
                     "this system has no AF_HYPERV");
    struct pier_address a;

    (void)state;
    CHECK_OK(pier_address_hyperv(&a, wildcard, service));
    check_binds(s, &a);
}

static void system_controls_are_addressed_by_their_id(void **state)
{
    struct pier_socket *s =
        open_or_skip(PIER_AF_SYSTEM, PIER_SOCK_DGRAM, PIER_SYSPROTO_CONTROL,
                     "this system has no AF_SYSTEM");
    struct pier_address a;

    (void)state;
    CHECK_OK(pier_address_system(&a, 0, 0));
    CHECK_ERR(pier_connect(s, &a), PIER_ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(the_kernel_gives_a_port_of_netlink),
        NET_TEST(netlink_tells_who_sent),
        NET_TEST(a_frame_arrives_with_its_address),
        NET_TEST(vsock_listens),
        NET_TEST(vsock_reaches_itself),
        NET_TEST(an_abstract_name_connects_two_streams),
        NET_TEST(this_system_says_whether_it_has_af_unix),
        NET_TEST(can_binds),
        NET_TEST(tipc_reaches_itself),
        NET_TEST(alg_binds),
        NET_TEST(qipcrtr_reaches_itself),
        NET_TEST(rds_binds),
        NET_TEST(divert_binds),
        NET_TEST(rfcomm_binds),
        NET_TEST(hyperv_binds),
        NET_TEST(system_controls_are_addressed_by_their_id),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
