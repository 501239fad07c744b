/* SPDX-License-Identifier: MIT */
/* Addresses of the further families: what is made can be read, what is out of
 * range is refused, and what the system lacks is said to be lacking. */
#include "families.h"

#include <limits.h>
#include <string.h>

/* ---------------------------------------------------------- netlink --- */

static void netlink_is_read_as_it_was_made(void **state)
{
    struct pier_address a = untouched();
    uint32_t pid = 0;
    uint32_t groups = 0;

    (void)state;
    if (!made(pier_address_netlink(&a, UINT32_MAX, 0x80000001),
              PIER_HAVE_AF_NETLINK, &a))
        return;
    CHECK_INT(pier_address_family(&a), PIER_AF_NETLINK);
    CHECK_OK(pier_address_get_netlink(&a, &pid, &groups));
    CHECK_INT(pid, UINT32_MAX);
    CHECK_INT(groups, 0x80000001);
    CHECK_OK(pier_address_get_netlink(&a, NULL, NULL));
    check_passes_through(&a);
}

/* ----------------------------------------------------------- packet --- */

static void packet_is_read_as_it_was_made(void **state)
{
    struct pier_address a = untouched();
    struct pier_hardware in = { 6, { 1, 2, 3, 4, 5, 6, 99 } };
    struct pier_hardware out;
    unsigned index = 0;
    int protocol = 0;
    int pkttype = 0;
    int hatype = 0;

    (void)state;
    memset(&out, 0x5a, sizeof out);
    if (!made(pier_address_packet(&a, INT_MAX, 0xffff, 255, 0xffff, &in),
              PIER_HAVE_AF_PACKET, &a))
        return;
    CHECK_INT(pier_address_family(&a), PIER_AF_PACKET);
    CHECK_OK(pier_address_get_packet(&a, &index, &protocol, &pkttype, &hatype,
                                     &out));
    CHECK_INT(index, INT_MAX);
    CHECK_INT(protocol, 0xffff);
    CHECK_INT(pkttype, 255);
    CHECK_INT(hatype, 0xffff);
    CHECK_INT(out.length, 6);
    CHECK(memcmp(out.bytes, "\1\2\3\4\5\6\0\0", 8) == 0);
    CHECK_OK(pier_address_get_packet(&a, NULL, NULL, NULL, NULL, NULL));
    check_passes_through(&a);
}

static void a_packet_needs_no_hardware_address(void **state)
{
    struct pier_address a = untouched();
    struct pier_hardware out = { 9, { 9 } };
    int protocol = 0;

    (void)state;
    if (!made(pier_address_packet(&a, 1, 0x0806, 0, 0, NULL),
              PIER_HAVE_AF_PACKET, &a))
        return;
    CHECK_OK(pier_address_get_packet(&a, NULL, &protocol, NULL, NULL, &out));
    CHECK_INT(protocol, 0x0806);
    CHECK_INT(out.length, 0);
    CHECK_INT(out.bytes[0], 0);
}

static void the_longest_hardware_address_has_32_bytes(void **state)
{
    struct pier_address a = untouched();
    struct pier_hardware in = { 32, { 0 } };
    struct pier_hardware out = { 0, { 0 } };

    (void)state;
    memset(in.bytes, 0xfe, sizeof in.bytes);
    if (made(pier_address_packet(&a, 1, 1, 0, 0, &in), PIER_HAVE_AF_PACKET,
             &a)) {
        CHECK_OK(pier_address_get_packet(&a, NULL, NULL, NULL, NULL, &out));
        CHECK(memcmp(&in, &out, sizeof in) == 0);
        /* A byte of it lacks. */
        a.length--;
        CHECK_ERR(pier_address_get_packet(&a, NULL, NULL, NULL, NULL, &out),
                  PIER_EINVAL);
    }
    a = untouched();
    in.length = 33;
    check_refused(pier_address_packet(&a, 1, 1, 0, 0, &in), PIER_ERANGE,
                  PIER_HAVE_AF_PACKET, &a);
    in.length = SIZE_MAX;
    check_refused(pier_address_packet(&a, 1, 1, 0, 0, &in), PIER_ERANGE,
                  PIER_HAVE_AF_PACKET, &a);
}

static void the_numbers_of_a_packet_have_their_width(void **state)
{
    static const struct {
        unsigned index;
        int protocol, pkttype, hatype;
    } bad[] = {
        { (unsigned)INT_MAX + 1, 0, 0, 0 },
        { UINT_MAX, 0, 0, 0 },
        { 1, -1, 0, 0 },
        { 1, 0x10000, 0, 0 },
        { 1, INT_MIN, 0, 0 },
        { 1, 0, -1, 0 },
        { 1, 0, 256, 0 },
        { 1, 0, 0, -1 },
        { 1, 0, 0, 0x10000 },
        { 1, 0, 0, INT_MAX },
    };
    struct pier_address a = untouched();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_refused(pier_address_packet(&a, bad[i].index, bad[i].protocol,
                                          bad[i].pkttype, bad[i].hatype, NULL),
                      PIER_ERANGE, PIER_HAVE_AF_PACKET, &a);
    }
}

/* ------------------------------------------------------------ vsock --- */

static void vsock_is_read_as_it_was_made(void **state)
{
    struct pier_address a = untouched();
    uint32_t cid = 0;
    uint32_t port = 0;

    (void)state;
    if (!made(pier_address_vsock(&a, 2, UINT32_MAX), PIER_HAVE_AF_VSOCK, &a))
        return;
    CHECK_INT(pier_address_family(&a), PIER_AF_VSOCK);
    CHECK_OK(pier_address_get_vsock(&a, &cid, &port));
    CHECK_INT(cid, 2);
    CHECK_INT(port, UINT32_MAX);
    CHECK_OK(pier_address_get_vsock(&a, NULL, NULL));
    check_passes_through(&a);
}

static void vsock_has_a_text(void **state)
{
    static const struct {
        uint32_t cid, port;
        const char *host, *text;
    } cases[] = {
        { 2, 80, "2", "vsock:2:80" },
        { 0, 0, "0", "vsock:0:0" },
        { UINT32_MAX, UINT32_MAX, "4294967295",
          "vsock:4294967295:4294967295" },
    };
    char text[40];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct pier_address a = untouched();
        struct pier_address b = untouched();

        if (!made(pier_address_vsock(&a, cases[i].cid, cases[i].port),
                  PIER_HAVE_AF_VSOCK, &a))
            return;
        CHECK_OK(pier_address_host(&a, text, sizeof text));
        CHECK(strcmp(text, cases[i].host) == 0);
        CHECK_OK(pier_address_format(&a, text, sizeof text));
        CHECK(strcmp(text, cases[i].text) == 0);
        CHECK_ERR(pier_address_format(&a, text, strlen(cases[i].text)),
                  PIER_ENOBUFS);
        CHECK_OK(pier_address_parse(&b, cases[i].text));
        CHECK(pier_address_equal(&a, &b));
    }
}

static void other_texts_of_vsock_are_refused(void **state)
{
    static const struct {
        const char *text;
        pier_err err;
    } bad[] = {
        { "vsock:", PIER_EINVAL },
        { "vsock:2", PIER_EINVAL },
        { "vsock:2:", PIER_EINVAL },
        { "vsock::80", PIER_EINVAL },
        { "vsock:2:80:", PIER_EINVAL },
        { "vsock:2:80 ", PIER_EINVAL },
        { "vsock: 2:80", PIER_EINVAL },
        { "vsock:-1:80", PIER_EINVAL },
        { "vsock:+2:80", PIER_EINVAL },
        { "vsock:02:80", PIER_EINVAL },
        { "vsock:2:00", PIER_EINVAL },
        { "vsock:0x2:80", PIER_EINVAL },
        { "VSOCK:2:80", PIER_EINVAL },
        { "vsock:4294967296:80", PIER_ERANGE },
        { "vsock:2:4294967296", PIER_ERANGE },
        { "vsock:2:99999999999999999999999999", PIER_ERANGE },
    };
    struct pier_address a = untouched();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        CHECK_ERR(pier_address_parse(&a, bad[i].text), bad[i].err);
        CHECK(is_untouched(&a));
    }
}

static void a_family_without_a_text_says_so(void **state)
{
    struct pier_address a = untouched();
    char text[400] = "kept";

    (void)state;
    if (!made(pier_address_netlink(&a, 1, 1), PIER_HAVE_AF_NETLINK, &a))
        return;
    CHECK_ERR(pier_address_host(&a, text, sizeof text), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_address_format(&a, text, sizeof text), PIER_EAFNOSUPPORT);
    CHECK(strcmp(text, "kept") == 0);
}

/* ------------------------------------------------------------- TIPC --- */

static void check_tipc(int addr_type, uint32_t v3, int scope)
{
    struct pier_address a = untouched();
    uint32_t v[3] = { 0 };
    int type = 0;
    int got_scope = 99;

    if (!made(pier_address_tipc(&a, addr_type, 1000, 5, v3, scope),
              PIER_HAVE_AF_TIPC, &a))
        return;
    CHECK_INT(pier_address_family(&a), PIER_AF_TIPC);
    CHECK_OK(
        pier_address_get_tipc(&a, &type, &v[0], &v[1], &v[2], &got_scope));
    CHECK_INT(type, addr_type);
    CHECK_INT(v[0], 1000);
    CHECK_INT(v[1], 5);
    CHECK_INT(v[2], v3);
    CHECK_INT(got_scope, scope);
    CHECK_OK(pier_address_get_tipc(&a, NULL, NULL, NULL, NULL, NULL));
    check_passes_through(&a);
}

static void tipc_is_read_as_it_was_made(void **state)
{
    (void)state;
    check_tipc(PIER_TIPC_ADDR_NAMESEQ, 5, PIER_HAVE_AF_TIPC ? 2 : 0);
    check_tipc(PIER_TIPC_ADDR_NAMESEQ, UINT32_MAX, -3);
    check_tipc(PIER_TIPC_ADDR_NAME, 0, 3);
    check_tipc(PIER_TIPC_ADDR_NAME, 77, -1);
    check_tipc(PIER_TIPC_ADDR_ID, 0, 0);
}

static void tipc_refuses_what_its_kinds_exclude(void **state)
{
    struct pier_address a = untouched();

    (void)state;
    check_refused(pier_address_tipc(&a, PIER_TIPC_ADDR_NAMESEQ, 1, 3, 2, 1),
                  PIER_EINVAL, PIER_HAVE_AF_TIPC, &a);
    check_refused(pier_address_tipc(&a, PIER_TIPC_ADDR_ID, 1, 1, 1, 1),
                  PIER_EINVAL, PIER_HAVE_AF_TIPC, &a);
    check_refused(pier_address_tipc(&a, PIER_TIPC_ADDR_NAME, 1, 1, 1, 4),
                  PIER_ERANGE, PIER_HAVE_AF_TIPC, &a);
    check_refused(pier_address_tipc(&a, PIER_TIPC_ADDR_NAME, 1, 1, 1, -4),
                  PIER_ERANGE, PIER_HAVE_AF_TIPC, &a);
    check_refused(pier_address_tipc(&a, PIER_TIPC_ADDR_NAME, 1, 1, 1, 256),
                  PIER_ERANGE, PIER_HAVE_AF_TIPC, &a);
    for (int addr_type = -1; addr_type < 300; addr_type++) {
        if (addr_type >= 1 && addr_type <= 3)
            continue;
        check_refused(pier_address_tipc(&a, addr_type, 1, 1, 1, 1),
                      PIER_EINVAL, PIER_HAVE_AF_TIPC, &a);
    }
}

/* -------------------------------------------------------------- ALG --- */

static void alg_is_read_as_it_was_made(void **state)
{
    static const char longest_type[] = "abcdefghijklm";
    char longest_name[64];
    struct pier_address a = untouched();
    char type[PIER_ALG_TYPE_ROOM];
    char name[PIER_ALG_NAME_ROOM];
    uint32_t feat = 0;
    uint32_t mask = 0;

    (void)state;
    memset(longest_name, 'n', 63);
    longest_name[63] = '\0';
    if (!made(pier_address_alg(&a, longest_type, longest_name, 0x12345678,
                               0x9abcdef0),
              PIER_HAVE_AF_ALG, &a))
        return;
    CHECK_INT(pier_address_family(&a), PIER_AF_ALG);
    CHECK_OK(pier_address_get_alg(&a, type, name, &feat, &mask));
    CHECK(strcmp(type, longest_type) == 0);
    CHECK(strcmp(name, longest_name) == 0);
    CHECK_INT(feat, 0x12345678);
    CHECK_INT(mask, 0x9abcdef0);
    CHECK_OK(pier_address_get_alg(&a, NULL, NULL, NULL, NULL));
    check_passes_through(&a);
}

static void texts_of_alg_without_a_nul_end_with_their_field(void **state)
{
    struct pier_address a = untouched();
    char type[PIER_ALG_TYPE_ROOM];
    char name[PIER_ALG_NAME_ROOM];

    (void)state;
    if (!made(pier_address_alg(&a, "hash", "md5", 0, 0), PIER_HAVE_AF_ALG, &a))
        return;
    memset(a.storage.bytes + 2, 'x', a.length - 2);
    CHECK_OK(pier_address_get_alg(&a, type, name, NULL, NULL));
    CHECK_INT(strlen(type), PIER_ALG_TYPE_ROOM - 1);
    CHECK_INT(strlen(name), PIER_ALG_NAME_ROOM - 1);
}

static void texts_of_alg_must_fit_and_be_there(void **state)
{
    static const char ten[] = "0123456789";
    char name[65] = "";
    struct pier_address a = untouched();

    (void)state;
    memset(name, 'n', 64);
    check_refused(pier_address_alg(&a, "abcdefghijklmn", "md5", 0, 0),
                  PIER_ENAMETOOLONG, PIER_HAVE_AF_ALG, &a);
    check_refused(pier_address_alg(&a, "hash", name, 0, 0), PIER_ENAMETOOLONG,
                  PIER_HAVE_AF_ALG, &a);
    check_refused(pier_address_alg(&a, NULL, ten, 0, 0), PIER_EINVAL,
                  PIER_HAVE_AF_ALG, &a);
    check_refused(pier_address_alg(&a, ten, NULL, 0, 0), PIER_EINVAL,
                  PIER_HAVE_AF_ALG, &a);
    check_refused(pier_address_alg(&a, "", ten, 0, 0), PIER_EINVAL,
                  PIER_HAVE_AF_ALG, &a);
    check_refused(pier_address_alg(&a, ten, "", 0, 0), PIER_EINVAL,
                  PIER_HAVE_AF_ALG, &a);
}

/* ------------------------------------------- QIPCRTR, RDS and divert --- */

static void qipcrtr_is_read_as_it_was_made(void **state)
{
    struct pier_address a = untouched();
    uint32_t node = 0;
    uint32_t port = 0;

    (void)state;
    if (!made(pier_address_qipcrtr(&a, 1, 0xfffffffe), PIER_HAVE_AF_QIPCRTR,
              &a))
        return;
    CHECK_INT(pier_address_family(&a), PIER_AF_QIPCRTR);
    CHECK_OK(pier_address_get_qipcrtr(&a, &node, &port));
    CHECK_INT(node, 1);
    CHECK_INT(port, 0xfffffffe);
    CHECK_OK(pier_address_get_qipcrtr(&a, NULL, NULL));
    check_passes_through(&a);
}

static void rds_takes_addresses_of_ipv4(void **state)
{
    struct pier_address a = untouched();
    char text[40];

    (void)state;
    check_refused(pier_address_rds(&a, "127.1", 1), PIER_EINVAL,
                  PIER_HAVE_AF_RDS, &a);
    check_refused(pier_address_rds(&a, "127.0.0.1", 65536), PIER_ERANGE,
                  PIER_HAVE_AF_RDS, &a);
    if (!made(pier_address_rds(&a, "127.0.0.1", 4000), PIER_HAVE_AF_RDS, &a))
        return;
    CHECK_INT(pier_address_family(&a), PIER_AF_INET);
    CHECK_OK(pier_address_format(&a, text, sizeof text));
    CHECK(strcmp(text, "127.0.0.1:4000") == 0);
}

static void divert_takes_addresses_of_ipv4(void **state)
{
    const bool has = PIER_HAVE_AF_DIVERT;
    struct pier_address a = untouched();

    (void)state;
    check_refused(pier_address_divert(&a, "::1", 1), PIER_EINVAL, has, &a);
    check_refused(pier_address_divert(&a, NULL, -1), PIER_ERANGE, has, &a);
    if (made(pier_address_divert(&a, NULL, 700), has, &a)) {
        CHECK_INT(pier_address_port(&a), 700);
        CHECK_INT(pier_address_family(&a), PIER_AF_INET);
    }
}

/* ------------------------------------------------------------ system --- */

static void system_is_read_as_it_was_made(void **state)
{
    struct pier_address a = untouched();
    uint32_t id = 0;
    uint32_t unit = 9;

    (void)state;
    if (!made(pier_address_system(&a, UINT32_MAX, 0), PIER_HAVE_AF_SYSTEM, &a))
        return;
    CHECK_INT(pier_address_family(&a), PIER_AF_SYSTEM);
    CHECK_OK(pier_address_get_system(&a, &id, &unit));
    CHECK_INT(id, UINT32_MAX);
    CHECK_INT(unit, 0);
    check_passes_through(&a);
}

/* -------------------------------------------------------- all of them --- */

/* Each reader, on one address. */
static void read_all(const struct pier_address *a, pier_err results[15])
{
    size_t i = 0;

    results[i++] = pier_address_get_netlink(a, NULL, NULL);
    results[i++] = pier_address_get_packet(a, NULL, NULL, NULL, NULL, NULL);
    results[i++] = pier_address_get_can(a, NULL);
    results[i++] = pier_address_get_isotp(a, NULL, NULL, NULL);
    results[i++] = pier_address_get_j1939(a, NULL, NULL, NULL, NULL);
    results[i++] = pier_address_get_vsock(a, NULL, NULL);
    results[i++] = pier_address_get_tipc(a, NULL, NULL, NULL, NULL, NULL);
    results[i++] = pier_address_get_alg(a, NULL, NULL, NULL, NULL);
    results[i++] = pier_address_get_qipcrtr(a, NULL, NULL);
    results[i++] = pier_address_get_l2cap(a, NULL, NULL, NULL, NULL);
    results[i++] = pier_address_get_rfcomm(a, NULL, NULL);
    results[i++] = pier_address_get_hci(a, NULL, NULL);
    results[i++] = pier_address_get_sco(a, NULL);
    results[i++] = pier_address_get_hyperv(a, NULL, NULL);
    results[i++] = pier_address_get_system(a, NULL, NULL);
}

static void no_reader_takes_an_address_of_another_family(void **state)
{
    struct pier_address none = { 0 };
    struct pier_address inet;
    pier_err results[15];

    (void)state;
    CHECK_OK(pier_address_inet(&inet, "127.0.0.1", 1));
    read_all(&inet, results);
    for (size_t i = 0; i < COUNT_OF(results); i++)
        CHECK_ERR(results[i], PIER_EAFNOSUPPORT);
    read_all(&none, results);
    for (size_t i = 0; i < COUNT_OF(results); i++)
        CHECK_ERR(results[i], PIER_EINVAL);
    read_all(NULL, results);
    for (size_t i = 0; i < COUNT_OF(results); i++)
        CHECK_ERR(results[i], PIER_EINVAL);
}

static void an_address_needs_a_place(void **state)
{
    static const char uuid[] = "e0e16197-dd56-4a10-9195-5ee7a155a838";
    const pier_err results[] = {
        pier_address_netlink(NULL, 0, 0),
        pier_address_packet(NULL, 0, 0, 0, 0, NULL),
        pier_address_can(NULL, 0),
        pier_address_isotp(NULL, 0, 0, 0),
        pier_address_j1939(NULL, 0, 0, 0, 0),
        pier_address_vsock(NULL, 0, 0),
        pier_address_tipc(NULL, 1, 0, 0, 0, 0),
        pier_address_alg(NULL, "hash", "md5", 0, 0),
        pier_address_qipcrtr(NULL, 0, 0),
        pier_address_l2cap(NULL, NULL, 0, 0, 0),
        pier_address_rfcomm(NULL, NULL, 0),
        pier_address_hci(NULL, 0, 0),
        pier_address_sco(NULL, NULL),
        pier_address_hyperv(NULL, uuid, uuid),
        pier_address_system(NULL, 0, 0),
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(results); i++)
        CHECK_ERR(results[i], PIER_EINVAL);
}

/* What nobody knows is copied, compared and given to calls all the same. */
static void an_unknown_family_passes_as_raw_bytes(void **state)
{
    struct pier_address a = untouched();
    struct pier_address b;
    pier_err results[15];

    (void)state;
    memset(&b, 0, sizeof b);
    CHECK_OK(pier_address_netlink(&b, 1, 1) == PIER_OK
                 ? PIER_OK
                 : pier_address_rfcomm(&b, NULL, 1));
    /* The family is the first or the second byte, or both. */
    b.storage.bytes[0] = 0x7d;
    b.storage.bytes[1] = 0x7d;
    CHECK_OK(pier_address_from_sockaddr(&a, pier_address_sockaddr(&b), 128));
    CHECK_INT(a.length, 128);
    CHECK(memcmp(a.storage.bytes, b.storage.bytes, 128) == 0);
    CHECK_INT(pier_address_family(&a) & 0xff, 0x7d);
    read_all(&a, results);
    for (size_t i = 0; i < COUNT_OF(results); i++)
        CHECK_ERR(results[i], PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_address_from_sockaddr(&a, pier_address_sockaddr(&b), 129),
              PIER_EINVAL);
}

static void a_family_that_nobody_has_is_not_there(void **state)
{
    (void)state;
    CHECK(!pier_has_family(-1));
    CHECK(!pier_has_family(INT_MIN));
    CHECK(pier_has_family(PIER_AF_INET));
    CHECK_INT(PIER_HAVE_AF_SYSTEM || !pier_has_family(PIER_AF_SYSTEM), true);
}

static void asking_for_a_family_notes_no_failure(void **state)
{
    struct pier_detail before;
    struct pier_detail after;
    struct pier_address a;

    (void)state;
    CHECK_ERR(pier_address_inet(&a, "nonsense", 1), PIER_EINVAL);
    pier_error_detail(&before);
    CHECK(!pier_has_family(-1));
    pier_error_detail(&after);
    CHECK_INT(after.code, PIER_EINVAL);
    CHECK(strcmp(after.operation, before.operation) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(netlink_is_read_as_it_was_made),
        cmocka_unit_test(packet_is_read_as_it_was_made),
        cmocka_unit_test(a_packet_needs_no_hardware_address),
        cmocka_unit_test(the_longest_hardware_address_has_32_bytes),
        cmocka_unit_test(the_numbers_of_a_packet_have_their_width),
        cmocka_unit_test(vsock_is_read_as_it_was_made),
        cmocka_unit_test(vsock_has_a_text),
        cmocka_unit_test(other_texts_of_vsock_are_refused),
        cmocka_unit_test(a_family_without_a_text_says_so),
        cmocka_unit_test(tipc_is_read_as_it_was_made),
        cmocka_unit_test(tipc_refuses_what_its_kinds_exclude),
        cmocka_unit_test(alg_is_read_as_it_was_made),
        cmocka_unit_test(texts_of_alg_without_a_nul_end_with_their_field),
        cmocka_unit_test(texts_of_alg_must_fit_and_be_there),
        cmocka_unit_test(qipcrtr_is_read_as_it_was_made),
        cmocka_unit_test(rds_takes_addresses_of_ipv4),
        cmocka_unit_test(divert_takes_addresses_of_ipv4),
        cmocka_unit_test(system_is_read_as_it_was_made),
        cmocka_unit_test(no_reader_takes_an_address_of_another_family),
        cmocka_unit_test(an_address_needs_a_place),
        cmocka_unit_test(an_unknown_family_passes_as_raw_bytes),
        ON_FAKE(a_family_that_nobody_has_is_not_there),
        ON_FAKE(asking_for_a_family_notes_no_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
