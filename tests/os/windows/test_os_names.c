/* SPDX-License-Identifier: MIT */
/* The machine's name and lists, and the older look-ups, on Windows. */
#include "scripted.h"

#include <iphlpapi.h>
#include <netioapi.h>
#include <string.h>

/* ---------------------------------------------------------- the doors --- */

DOOR(BOOL, GetComputerNameExW,
     (COMPUTER_NAME_FORMAT kind, LPWSTR name, LPDWORD size),
     (kind, name, size), TOLD(kind, V(name), V(*size), V(size)), .out = name,
     .room = *size * sizeof *name)
DOOR(struct servent *, getservbyname, (const char *name, const char *protocol),
     (name, protocol), TOLD(V(name), V(protocol)))
DOOR(struct servent *, getservbyport, (int port, const char *protocol),
     (port, protocol), TOLD(port, V(protocol)))
DOOR(struct protoent *, getprotobyname, (const char *name), (name),
     TOLD(V(name)))
/* What they hand out are pointers. */
/* NOLINTBEGIN(bugprone-sizeof-expression) */
PLAIN_DOOR(NETIO_STATUS, GetIfTable2Ex,
           (MIB_IF_TABLE_LEVEL level, PMIB_IF_TABLE2 *table), (level, table),
           TOLD(level), .out = table, .room = sizeof *table)
PLAIN_DOOR(NETIO_STATUS, GetUnicastIpAddressTable,
           (ADDRESS_FAMILY family, PMIB_UNICASTIPADDRESS_TABLE *table),
           (family, table), TOLD(family), .out = table, .room = sizeof *table)
/* NOLINTEND(bugprone-sizeof-expression) */
/* It gives nothing back, so nobody looks at what it does. */
PLAIN_DOOR(intptr_t, FreeMibTable, (PVOID table), (table), TOLD(V(table)))
PLAIN_DOOR(NETIO_STATUS, ConvertInterfaceLuidToNameW,
           (const NET_LUID *luid, PWSTR name, SIZE_T length),
           (luid, name, length), TOLD(V(luid->Value), 0, V(length)),
           .out = name, .room = length * sizeof *name)
PLAIN_DOOR(NETIO_STATUS, ConvertInterfaceIndexToLuid,
           (NET_IFINDEX index, PNET_LUID luid), (index, luid), TOLD(V(index)),
           .out = luid, .room = sizeof *luid)

/* --------------------------------------------------- the machine's name ---
 */

static void q104_a_host_name_is_utf16(void **state)
{
    static const wchar_t wide[] = L"b\u00FCro";
    char name[8] = "kept";

    (void)state;
    NEXT(GetComputerNameExW, .result = TRUE, .bytes = wide,
         .length = sizeof wide,
         .when = { ARGUMENT(1, ComputerNamePhysicalDnsHostname) });
    CHECK_ERR(pierp_gethostname(name, 5), PIER_ENOBUFS);
    CHECK(strcmp(name, "kept") == 0);
    NEXT(GetComputerNameExW, .result = TRUE, .bytes = wide,
         .length = sizeof wide);
    CHECK_OK(pierp_gethostname(name, 6));
    CHECK(strcmp(name, "b\xC3\xBCro") == 0);
}

static void ask_for_200(struct script_call *call)
{
    DWORD *size = (DWORD *)call->arguments[3];

    *size = 200;
}

static void a_long_host_name_is_asked_for_again(void **state)
{
    wchar_t wide[200];
    char wanted[200], name[256] = "kept";

    (void)state;
    for (int i = 0; i < 199; i++) {
        wide[i] = L'x';
        wanted[i] = 'x';
    }
    wide[199] = 0;
    wanted[199] = '\0';
    NEXT(GetComputerNameExW, .result = FALSE, .error = ERROR_MORE_DATA,
         .act = ask_for_200);
    NEXT(GetComputerNameExW, .result = TRUE, .bytes = wide,
         .length = sizeof wide, .when = { ARGUMENT(3, 200) });
    CHECK_OK(pierp_gethostname(name, sizeof name));
    CHECK(strcmp(name, wanted) == 0);
}

static void a_host_name_that_cannot_be_had_is_told(void **state)
{
    char name[8] = "kept";

    (void)state;
    NEXT(GetComputerNameExW, .result = FALSE, .error = ERROR_ACCESS_DENIED);
    CHECK_ERR(pierp_gethostname(name, sizeof name), PIER_EACCES);
    NEXT(GetComputerNameExW, .result = FALSE, .error = ERROR_MORE_DATA,
         .act = ask_for_200);
    NEXT(GetComputerNameExW, .result = FALSE, .error = ERROR_ACCESS_DENIED);
    CHECK_ERR(pierp_gethostname(name, sizeof name), PIER_EACCES);
    CHECK(strcmp(name, "kept") == 0);
}

static void a_host_name_is_changed_by_a_restart_only(void **state)
{
    (void)state;
    CHECK_ERR(pierp_sethostname("name"), PIER_ENOTSUP);
    CHECK_CALLS("");
}

/* --------------------------------------------------------------- hosts --- */

/* The byte functions would take and give the code page of the system. */
static void q104_a_host_is_asked_for_in_utf16(void **state)
{
    static wchar_t canonname[] = L"b\u00FCcher.example";
    struct sockaddr_in in = { .sin_family = AF_INET };
    ADDRINFOW entry = { .ai_family = AF_INET,
                        .ai_addrlen = sizeof in,
                        .ai_canonname = canonname,
                        .ai_addr = (struct sockaddr *)&in };
    ADDRINFOW *list = &entry;
    struct pierp_host host;

    (void)state;
    NEXT(GetAddrInfoW, .bytes = &list, .length = sizeof(void *));
    NEXT(FreeAddrInfoW, .when = { ARGUMENT(1, &entry) });
    CHECK_OK(pierp_gethostbyname(&host, "k\xC3\xBCrzer"));
    CHECK(wcscmp((const wchar_t *)script_call("GetAddrInfoW", 0)->kept,
                 L"k\u00FCrzer") == 0);
    CHECK_INT(host.name_count, 2);
    CHECK(memcmp(host.names,
                 "b\xC3\xBC"
                 "cher.example\0k\xC3\xBCrzer",
                 24) == 0);
    CHECK_INT(host.address_count, 1);
    pierp_free(host.names);
    pierp_free(host.addresses);
}

static pier_err look_up_failing_with(int result)
{
    struct pierp_host host = { NULL, 77, NULL, 77 };
    pier_err err;

    NEXT(GetAddrInfoW, .result = result);
    err = pierp_gethostbyname(&host, "name.example");
    CHECK_INT(host.name_count, 77);
    CHECK_INT(pierp_native_error(), result);
    return err;
}

static void q24_the_older_codes_are_the_same_numbers(void **state)
{
    (void)state;
    CHECK_ERR(look_up_failing_with(WSAHOST_NOT_FOUND), PIER_EHOST_NOT_FOUND);
    CHECK_ERR(look_up_failing_with(WSATRY_AGAIN), PIER_EHOST_TRY_AGAIN);
    CHECK_ERR(look_up_failing_with(WSANO_RECOVERY), PIER_EHOST_NO_RECOVERY);
    CHECK_ERR(look_up_failing_with(WSANO_DATA), PIER_EHOST_NO_DATA);
    CHECK_ERR(look_up_failing_with(WSAENETDOWN), PIER_ENETDOWN);
}

static void an_address_has_one_name(void **state)
{
    static const wchar_t wide[] = L"name.example";
    struct pier_address a = script_loopback(PIER_AF_INET6, 0);
    struct pierp_host host;

    (void)state;
    NEXT(GetNameInfoW, .bytes = wide, .length = sizeof wide,
         .when = { ARGUMENT(7, NI_NAMEREQD) });
    CHECK_OK(pierp_gethostbyaddr(&host, &a));
    CHECK_INT(host.name_count, 1);
    CHECK(strcmp(host.names, "name.example") == 0);
    CHECK_INT(host.address_count, 1);
    CHECK(script_is_same(&host.addresses[0], &a));
    pierp_free(host.names);
    pierp_free(host.addresses);
    NEXT(GetNameInfoW, .result = WSAHOST_NOT_FOUND);
    CHECK_ERR(pierp_gethostbyaddr(&host, &a), PIER_EHOST_NOT_FOUND);
}

/* ------------------------------------------------- services, protocols --- */

static void a_service_is_told_in_host_order(void **state)
{
    static char name[] = "name";
    struct servent service = { .s_name = name, .s_port = (short)0x0102 };
    char found[8] = "kept";
    int port;

    (void)state;
    NEXT(getservbyname, .result = V(&service));
    CHECK_OK(pierp_getservbyname(&port, "name", "tcp"));
    CHECK_INT(port, 0x0201);
    NEXT(getservbyport, .result = V(&service),
         .when = { ARGUMENT(1, 0x0102) });
    CHECK_ERR(pierp_getservbyport(found, 4, 0x0201, NULL), PIER_ENOBUFS);
    CHECK(strcmp(found, "kept") == 0);
    NEXT(getservbyport, .result = V(&service));
    CHECK_OK(pierp_getservbyport(found, 5, 0x0201, NULL));
    CHECK(strcmp(found, "name") == 0);
}

static void q41_what_is_not_listed_has_several_codes(void **state)
{
    static const int codes[] = { WSANO_DATA, WSAHOST_NOT_FOUND,
                                 WSATYPE_NOT_FOUND };
    int number = 7;

    (void)state;
    for (int i = 0; i < 3; i++) {
        NEXT(getservbyname, .result = 0, .error = codes[i]);
        CHECK_ERR(pierp_getservbyname(&number, "name", "tcp"),
                  PIER_EAI_SERVICE);
        CHECK_INT(pierp_native_error(), codes[i]);
        NEXT(getprotobyname, .result = 0, .error = codes[i]);
        CHECK_ERR(pierp_getprotobyname(&number, "name"), PIER_ENOENT);
    }
    NEXT(getservbyname, .result = 0, .error = WSAENETDOWN);
    CHECK_ERR(pierp_getservbyname(&number, "name", "tcp"), PIER_ENETDOWN);
    NEXT(getprotobyname, .result = 0, .error = WSAENETDOWN);
    CHECK_ERR(pierp_getprotobyname(&number, "name"), PIER_ENETDOWN);
    CHECK_INT(number, 7);
}

/* They would be taken in the code page of the system. */
static void q104_what_is_not_ascii_is_not_listed(void **state)
{
    char name[8];
    int number;

    (void)state;
    CHECK_ERR(pierp_getservbyname(&number, "b\xC3\xBCro", NULL),
              PIER_EAI_SERVICE);
    CHECK_ERR(pierp_getservbyname(&number, "name", "b\xC3\xBCro"),
              PIER_EAI_SERVICE);
    CHECK_ERR(pierp_getservbyport(name, sizeof name, 80, "b\xC3\xBCro"),
              PIER_EAI_SERVICE);
    CHECK_ERR(pierp_getprotobyname(&number, "b\xC3\xBCro"), PIER_ENOENT);
    CHECK_CALLS("");
}

/* ---------------------------------------------------------- interfaces --- */

/* Tables are longer than their declarations say. */
static union {
    MIB_IF_TABLE2 table;
    unsigned char room[sizeof(MIB_IF_TABLE2) + 2 * sizeof(MIB_IF_ROW2)];
} interfaces;

static union {
    MIB_UNICASTIPADDRESS_TABLE table;
    unsigned char room[sizeof(MIB_UNICASTIPADDRESS_TABLE) +
                       3 * sizeof(MIB_UNICASTIPADDRESS_ROW)];
} addresses;

static void add_interface(unsigned index, ULONG64 luid)
{
    MIB_IF_ROW2 *row = &interfaces.table.Table[interfaces.table.NumEntries++];

    row->InterfaceIndex = index;
    row->InterfaceLuid.Value = luid;
}

static MIB_UNICASTIPADDRESS_ROW *add_address(unsigned index,
                                             ADDRESS_FAMILY family)
{
    MIB_UNICASTIPADDRESS_ROW *row =
        &addresses.table.Table[addresses.table.NumEntries++];

    row->InterfaceIndex = index;
    row->Address.si_family = family;
    return row;
}

/* Its first four digits, and the scope in the address. */
static void add_ipv6(unsigned index, unsigned first, unsigned scope)
{
    MIB_UNICASTIPADDRESS_ROW *row = add_address(index, AF_INET6);

    row->Address.Ipv6.sin6_addr.s6_addr[0] = (UCHAR)(first >> 8);
    row->Address.Ipv6.sin6_addr.s6_addr[1] = (UCHAR)first;
    row->Address.Ipv6.sin6_addr.s6_addr[15] = 1;
    row->Address.Ipv6.sin6_scope_id = scope;
}

static void plan_tables(void)
{
    static void *some[2] = { &interfaces, &addresses };

    memset(&interfaces, 0, sizeof interfaces);
    memset(&addresses, 0, sizeof addresses);
    NEXT(GetIfTable2Ex, .bytes = &some[0], .length = sizeof(void *));
    NEXT(GetUnicastIpAddressTable, .bytes = &some[1], .length = sizeof(void *),
         .when = { ARGUMENT(1, AF_UNSPEC) });
    NEXT(FreeMibTable, .when = { ARGUMENT(1, &interfaces) });
    NEXT(FreeMibTable, .when = { ARGUMENT(1, &addresses) });
}

static void q35_the_names_are_those_of_the_luids(void **state)
{
    static const wchar_t first[] = L"ethernet_32768", last[] = L"b\u00FC_1";
    struct pierp_interface *lines;
    struct pierp_endpoint e;
    size_t count;

    (void)state;
    plan_tables();
    add_interface(12, 0x600);
    add_interface(9, 0x700);
    add_interface(4, 0x1800);
    (void)add_address(4, AF_INET);
    add_ipv6(12, 0xfe80, 12);
    (void)add_address(12, 99);
    NEXT(ConvertInterfaceLuidToNameW, .bytes = first, .length = sizeof first,
         .when = { ARGUMENT(1, 0x600) });
    /* It went away in between. */
    NEXT(ConvertInterfaceLuidToNameW, .result = ERROR_FILE_NOT_FOUND,
         .when = { ARGUMENT(1, 0x700) });
    NEXT(ConvertInterfaceLuidToNameW, .bytes = last, .length = sizeof last,
         .when = { ARGUMENT(1, 0x1800) });
    CHECK_OK(pierp_if_list(&lines, &count));
    CHECK_INT(count, 4);
    CHECK_INT(lines[0].index, 12);
    CHECK(strcmp(lines[0].name, "ethernet_32768") == 0);
    CHECK_INT(lines[1].index, 4);
    CHECK(strcmp(lines[1].name, "b\xC3\xBC_1") == 0);
    CHECK_INT(lines[2].index, 4);
    CHECK(lines[2].name[0] == '\0');
    CHECK_INT(lines[2].address.length, sizeof(struct sockaddr_in));
    CHECK_INT(lines[3].index, 12);
    CHECK_OK(pierp_address_unpack(&e, &lines[3].address));
    CHECK_INT(e.scope_id, 12);
    pierp_free(lines);
}

static void check_scope(const struct pierp_interface *line, unsigned scope)
{
    struct pierp_endpoint e;

    CHECK_OK(pierp_address_unpack(&e, &line->address));
    CHECK_INT(e.scope_id, scope);
}

/* Whatever the address says itself. */
static void q35_a_link_local_address_has_its_interface(void **state)
{
    struct pierp_interface *lines;
    size_t count;

    (void)state;
    plan_tables();
    add_ipv6(12, 0xfe80, 0);
    add_ipv6(9, 0xfebf, 4);
    add_ipv6(7, 0x2001, 0);
    CHECK_OK(pierp_if_list(&lines, &count));
    CHECK_INT(count, 3);
    check_scope(&lines[0], 12);
    check_scope(&lines[1], 9);
    check_scope(&lines[2], 0);
    pierp_free(lines);
}

/* A machine without IP has interfaces all the same. */
static void no_address_at_all_is_no_failure(void **state)
{
    static void *table = &interfaces;
    struct pierp_interface *lines;
    size_t count;

    (void)state;
    memset(&interfaces, 0, sizeof interfaces);
    NEXT(GetIfTable2Ex, .bytes = &table, .length = sizeof(void *));
    NEXT(GetUnicastIpAddressTable, .result = ERROR_NOT_FOUND);
    NEXT(FreeMibTable, .when = { ARGUMENT(1, &interfaces) });
    CHECK_OK(pierp_if_list(&lines, &count));
    CHECK_INT(count, 0);
    pierp_free(lines);
}

static void a_list_that_cannot_be_had_is_told(void **state)
{
    static void *table = &interfaces;
    struct pierp_interface *lines = (void *)&table;
    size_t count = 77;

    (void)state;
    NEXT(GetIfTable2Ex, .result = ERROR_NOT_ENOUGH_MEMORY);
    CHECK_ERR(pierp_if_list(&lines, &count), PIER_ENOMEM);
    NEXT(GetIfTable2Ex, .bytes = &table, .length = sizeof(void *));
    NEXT(GetUnicastIpAddressTable, .result = ERROR_ACCESS_DENIED);
    NEXT(FreeMibTable, .when = { ARGUMENT(1, &interfaces) });
    CHECK_ERR(pierp_if_list(&lines, &count), PIER_EACCES);
    CHECK(lines == (void *)&table);
    CHECK_INT(count, 77);
}

static void q35_a_number_has_the_name_of_its_luid(void **state)
{
    static const wchar_t wide[] = L"tunnel_7";
    static const ULONG64 luid = 0x8300;
    char name[PIERP_INTERFACE_NAME] = "kept";

    (void)state;
    NEXT(ConvertInterfaceIndexToLuid, .result = ERROR_FILE_NOT_FOUND);
    CHECK_ERR(pierp_if_indextoname(name, 7), PIER_ENXIO);
    NEXT(ConvertInterfaceIndexToLuid, .bytes = &luid, .length = sizeof luid);
    NEXT(ConvertInterfaceLuidToNameW, .result = ERROR_INVALID_PARAMETER);
    CHECK_ERR(pierp_if_indextoname(name, 7), PIER_ENXIO);
    CHECK(strcmp(name, "kept") == 0);
    NEXT(ConvertInterfaceIndexToLuid, .bytes = &luid, .length = sizeof luid,
         .when = { ARGUMENT(1, 7) });
    NEXT(ConvertInterfaceLuidToNameW, .bytes = wide, .length = sizeof wide,
         .when = { ARGUMENT(1, 0x8300) });
    CHECK_OK(pierp_if_indextoname(name, 7));
    CHECK(strcmp(name, "tunnel_7") == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q104_a_host_name_is_utf16),
        OS_TEST(a_long_host_name_is_asked_for_again),
        OS_TEST(a_host_name_that_cannot_be_had_is_told),
        OS_TEST(a_host_name_is_changed_by_a_restart_only),
        OS_TEST(q104_a_host_is_asked_for_in_utf16),
        OS_TEST(q24_the_older_codes_are_the_same_numbers),
        OS_TEST(an_address_has_one_name),
        OS_TEST(a_service_is_told_in_host_order),
        OS_TEST(q41_what_is_not_listed_has_several_codes),
        OS_TEST(q104_what_is_not_ascii_is_not_listed),
        OS_TEST(q35_the_names_are_those_of_the_luids),
        OS_TEST(q35_a_link_local_address_has_its_interface),
        OS_TEST(no_address_at_all_is_no_failure),
        OS_TEST(a_list_that_cannot_be_had_is_told),
        OS_TEST(q35_a_number_has_the_name_of_its_luid),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
