/* SPDX-License-Identifier: MIT */
/* What the kernel's headers say of the addresses that the backend has written
 * down: the structures, filled by name, have the same bytes. */
#include "loopback.h"

#include <arpa/inet.h>
#include <netpacket/packet.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/can.h>
#include <linux/if_alg.h>
#include <linux/netlink.h>
#include <linux/qrtr.h>
#include <linux/tipc.h>
#include <linux/vm_sockets.h>

static void check_same(const struct pierp_fields *f, const void *sockaddr,
                       size_t length)
{
    struct pier_address a;

    CHECK_OK(pierp_address_encode(&a, f));
    CHECK_INT(a.length, length);
    CHECK(memcmp(a.storage.bytes, sockaddr, length) == 0);
}

static void netlink_is_as_its_header_says(void **state)
{
    struct pierp_fields f = { .form = PIERP_NETLINK, .numbers = { 1, 2 } };
    struct sockaddr_nl nl = { .nl_family = AF_NETLINK,
                              .nl_pid = 1,
                              .nl_groups = 2 };

    (void)state;
    check_same(&f, &nl, sizeof nl);
}

static void packet_is_as_its_header_says(void **state)
{
    struct pierp_fields f = { .form = PIERP_PACKET,
                              .numbers = { 1, 2, 3, 4, 5 },
                              .bytes = { { 6, 7, 8, 9, 10 } } };
    struct sockaddr_ll ll = { .sll_family = AF_PACKET,
                              .sll_ifindex = 1,
                              .sll_protocol = htons(2),
                              .sll_pkttype = 3,
                              .sll_hatype = 4,
                              .sll_halen = 5,
                              .sll_addr = { 6, 7, 8, 9, 10 } };

    (void)state;
    check_same(&f, &ll, sizeof ll);
}

static void can_is_as_its_header_says(void **state)
{
    struct pierp_fields f = { .form = PIERP_ISOTP, .numbers = { 1, 2, 3 } };
    struct sockaddr_can can;

    (void)state;
    memset(&can, 0, sizeof can); /* with what lies between the fields */
    can.can_family = AF_CAN;
    can.can_ifindex = 1;
    can.can_addr.tp.rx_id = 2;
    can.can_addr.tp.tx_id = 3;
    check_same(&f, &can, sizeof can);
    memset(&can.can_addr, 0, sizeof can.can_addr);
    f.form = PIERP_CAN;
    check_same(&f, &can, sizeof can);
    f = (struct pierp_fields){ .form = PIERP_J1939,
                               .numbers = { 1, 2, 3, 4 } };
    can.can_addr.j1939.name = 2;
    can.can_addr.j1939.pgn = 3;
    can.can_addr.j1939.addr = 4;
    check_same(&f, &can, sizeof can);
}

static void vsock_is_as_its_header_says(void **state)
{
    struct pierp_fields f = { .form = PIERP_VSOCK, .numbers = { 1, 2 } };
    struct sockaddr_vm vm = { .svm_family = AF_VSOCK,
                              .svm_cid = 1,
                              .svm_port = 2 };

    (void)state;
    check_same(&f, &vm, sizeof vm);
}

static void tipc_is_as_its_header_says(void **state)
{
    struct pierp_fields f = { .form = PIERP_TIPC,
                              .numbers = { TIPC_ADDR_NAMESEQ, 2, 3, 4, 5 } };
    struct sockaddr_tipc tipc = { .family = AF_TIPC,
                                  .addrtype = TIPC_ADDR_NAMESEQ,
                                  .scope = 2 };

    (void)state;
    tipc.addr.nameseq.type = 3;
    tipc.addr.nameseq.lower = 4;
    tipc.addr.nameseq.upper = 5;
    check_same(&f, &tipc, sizeof tipc);
    f.numbers[0] = tipc.addrtype = TIPC_ADDR_NAME;
    tipc.addr.name.name.type = 3;
    tipc.addr.name.name.instance = 4;
    tipc.addr.name.domain = 5;
    check_same(&f, &tipc, sizeof tipc);
    f.form = PIERP_TIPC_ID;
    f.numbers[0] = tipc.addrtype = TIPC_ADDR_ID;
    memset(&tipc.addr, 0, sizeof tipc.addr);
    tipc.addr.id.node = 3;
    tipc.addr.id.ref = 4;
    check_same(&f, &tipc, sizeof tipc);
}

static void alg_is_as_its_header_says(void **state)
{
    struct pierp_fields f = { .form = PIERP_ALG,
                              .numbers = { 1, 2 },
                              .bytes = { "hash", "md5" } };
    struct sockaddr_alg alg = { .salg_family = AF_ALG,
                                .salg_type = "hash",
                                .salg_name = "md5",
                                .salg_feat = 1,
                                .salg_mask = 2 };

    (void)state;
    check_same(&f, &alg, sizeof alg);
}

static void qipcrtr_is_as_its_header_says(void **state)
{
    struct pierp_fields f = { .form = PIERP_QIPCRTR, .numbers = { 1, 2 } };
    struct sockaddr_qrtr qrtr;

    (void)state;
    memset(&qrtr, 0, sizeof qrtr);
    qrtr.sq_family = AF_QIPCRTR;
    qrtr.sq_node = 1;
    qrtr.sq_port = 2;
    check_same(&f, &qrtr, sizeof qrtr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(netlink_is_as_its_header_says),
        cmocka_unit_test(packet_is_as_its_header_says),
        cmocka_unit_test(can_is_as_its_header_says),
        cmocka_unit_test(vsock_is_as_its_header_says),
        cmocka_unit_test(tipc_is_as_its_header_says),
        cmocka_unit_test(alg_is_as_its_header_says),
        cmocka_unit_test(qipcrtr_is_as_its_header_says),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
