/* SPDX-License-Identifier: MIT */
/* What libc's forms for threads answer, and the lists of the machine. */
#include "wrapped.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------- the doors --- */

/* Nothing behind it: not every libc has the function, and each call has its
 * answer in the script. */
#define ONLY_DOOR(type, function, parameters, ...)                            \
    type wrap_##function parameters __asm__("__wrap_" #function);             \
    type wrap_##function parameters                                           \
    {                                                                         \
        struct script_call call = { .name = #function, __VA_ARGS__ };         \
                                                                              \
        CHECK(script_take(&call));                                            \
        return (type)call.result;                                             \
    }

enum {
    ROOM = 5,   /* which argument of the next two is the size of the room */
    NUMBER = 6, /* and which is where h_errno goes */
};

/* NOLINTBEGIN(readability-function-size): as many parameters as each has. */
ONLY_DOOR(int, gethostbyname2_r,
          (const char *name, int family, struct hostent *host, char *more,
           size_t size, struct hostent **found, int *number),
          TOLD(V(name), family, V(host), V(more), V(size), V(number)),
          .out = found, .room = sizeof(void *))
ONLY_DOOR(int, gethostbyaddr_r,
          (const void *ip, socklen_t length, int family, struct hostent *host,
           char *more, size_t size, struct hostent **found, int *number),
          TOLD(V(length), family, V(host), V(more), V(size), V(number)),
          .in = ip, .in_length = length, .out = found, .room = sizeof(void *))
/* NOLINTEND(readability-function-size) */
ONLY_DOOR(int, getservbyname_r,
          (const char *name, const char *protocol, struct servent *service,
           char *more, size_t size, struct servent **found),
          TOLD(V(name), V(protocol), V(service), V(more), V(size)),
          .out = found, .room = sizeof(void *))
ONLY_DOOR(int, getservbyport_r,
          (int port, const char *protocol, struct servent *service, char *more,
           size_t size, struct servent **found),
          TOLD(port, V(protocol), V(service), V(more), V(size)), .out = found,
          .room = sizeof(void *))
ONLY_DOOR(int, getprotobyname_r,
          (const char *name, struct protoent *protocol, char *more,
           size_t size, struct protoent **found),
          TOLD(V(name), 0, V(protocol), V(more), V(size)), .out = found,
          .room = sizeof(void *))
ONLY_DOOR(int, gethostname, (char *name, size_t length),
          TOLD(V(name), V(length)), .out = name, .room = length)
ONLY_DOOR(int, sethostname, (const char *name, size_t length),
          TOLD(V(name), V(length)), .in = name, .in_length = length)
ONLY_DOOR(struct if_nameindex *, if_nameindex, (void), TOLD(0))
ONLY_DOOR(intptr_t, if_freenameindex, (struct if_nameindex * names),
          TOLD(V(names)))
ONLY_DOOR(unsigned, if_nametoindex, (const char *name), TOLD(V(name)),
          .in = name, .in_length = strlen(name) + 1)
ONLY_DOOR(int, getifaddrs, (struct ifaddrs * *list), TOLD(V(list)),
          .out = list, .room = sizeof(void *))
ONLY_DOOR(intptr_t, freeifaddrs, (struct ifaddrs * list), TOLD(V(list)))

/* --------------------------------------------------------------- hosts --- */

static void set_number(struct script_call *call, int number)
{
    int *room = (int *)call->arguments[NUMBER - 1];

    *room = number;
}

static void tell_not_found(struct script_call *call)
{
    set_number(call, HOST_NOT_FOUND);
}

static void tell_try_again(struct script_call *call)
{
    set_number(call, TRY_AGAIN);
}

static void tell_no_recovery(struct script_call *call)
{
    set_number(call, NO_RECOVERY);
}

static void tell_no_data(struct script_call *call)
{
    set_number(call, NO_DATA);
}

/* NETDB_INTERNAL, which not every system names. */
static void tell_internal(struct script_call *call)
{
    set_number(call, -1);
}

static pier_err look_up(void)
{
    struct pierp_host host = { NULL, 77, NULL, 77 };
    pier_err err = pierp_gethostbyname(&host, "name.example");

    CHECK_INT(host.name_count, 77);
    return err;
}

/* The global h_errno may be another thread's, or of an earlier call. */
static void an_error_is_that_of_the_call_itself(void **state)
{
    static const struct {
        void (*tell)(struct script_call *call);
        int number;
        pier_err err;
    } cases[] = {
        { tell_not_found, HOST_NOT_FOUND, PIER_EHOST_NOT_FOUND },
        { tell_try_again, TRY_AGAIN, PIER_EHOST_TRY_AGAIN },
        { tell_no_recovery, NO_RECOVERY, PIER_EHOST_NO_RECOVERY },
        { tell_no_data, NO_DATA, PIER_EHOST_NO_DATA },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        h_errno = cases[(i + 1) % 4].number;
        NEXT(gethostbyname2_r, .result = 0, .act = cases[i].tell);
        CHECK_ERR(look_up(), cases[i].err);
        CHECK_INT(pierp_native_error(), cases[i].number);
        NEXT(gethostbyname2_r, .result = EAGAIN, .act = cases[i].tell);
        CHECK_ERR(look_up(), cases[i].err);
    }
}

static void an_error_of_the_system_has_its_code(void **state)
{
    (void)state;
    NEXT(gethostbyname2_r, .result = EMFILE, .act = tell_internal);
    CHECK_ERR(look_up(), PIER_EMFILE);
    CHECK_INT(pierp_native_error(), EMFILE);
    NEXT(gethostbyname2_r, .result = 0, .act = tell_internal);
    CHECK_ERR(look_up(), PIER_EHOST_NO_RECOVERY);
}

static char ip_of_somewhere[] = { 127, 1, 2, 3 };
static char *ips[] = { ip_of_somewhere, NULL };

static pier_err find(struct pierp_host *out, struct hostent *found)
{
    unsigned char ip[4] = { 127, 1, 2, 3 };
    struct pier_address a = script_inet(ip, 0);

    NEXT(gethostbyaddr_r, .result = 0, .bytes = &found,
         .length = sizeof(void *));
    return pierp_gethostbyaddr(out, &a);
}

static void release(struct pierp_host *host)
{
    pierp_free(host->names);
    pierp_free(host->addresses);
}

static void room_grows_until_the_answer_fits(void **state)
{
    char name[] = "name.example";
    char *aliases[] = { NULL };
    struct hostent found = { name, aliases, AF_INET, 4, ips };
    struct pierp_host host;

    (void)state;
    for (int i = 0; i < 3; i++) {
        NEXT(gethostbyaddr_r, .result = ERANGE, .act = tell_internal,
             .when = { ARGUMENT(ROOM, 2048 << i) });
    }
    CHECK_OK(find(&host, &found));
    CHECK_INT(CALLS_WITH(gethostbyaddr_r, ROOM, 2048 << 3), 1);
    CHECK_INT(CALLS_WITH(gethostbyaddr_r, 1, 4), 4);
    CHECK(strcmp(host.names, name) == 0);
    CHECK_INT(host.address_count, 1);
    release(&host);
}

static void room_does_not_grow_for_ever(void **state)
{
    (void)state;
    ALWAYS(gethostbyname2_r, .result = ERANGE, .act = tell_internal);
    CHECK_ERR(look_up(), PIER_ERANGE);
    CHECK(CALLS(gethostbyname2_r) < 20);
}

/* musl repeats the official name among the aliases. */
static void q105_the_official_name_is_no_alias(void **state)
{
    char name[] = "name.example", other[] = "other.example";
    char *aliases[] = { name, other, NULL };
    struct hostent found = { name, aliases, AF_INET, 4, ips };
    struct pierp_host host;

    (void)state;
    CHECK_OK(find(&host, &found));
    CHECK_INT(host.name_count, 2);
    CHECK(memcmp(host.names, "name.example\0other.example", 27) == 0);
    release(&host);
}

/* musl gives the text of the address where it has no name. */
static void q105_a_number_is_no_name(void **state)
{
    char name[] = "127.1.2.3";
    char *aliases[] = { name, NULL };
    struct hostent found = { name, aliases, AF_INET, 4, ips };
    struct pierp_host host = { NULL, 77, NULL, 77 };

    (void)state;
    CHECK_ERR(find(&host, &found), PIER_EHOST_NOT_FOUND);
    CHECK_INT(host.name_count, 77);
}

static void an_answer_of_another_family_is_none(void **state)
{
    char name[] = "name.example";
    char *aliases[] = { NULL };
    struct hostent found = { name, aliases, AF_INET6, 16, ips };
    struct pierp_host host;

    (void)state;
    CHECK_ERR(find(&host, &found), PIER_EHOST_NOT_FOUND);
}

/* ------------------------------------------------- services, protocols --- */

static char service_name[] = "name";

static void room_for_a_service_grows(void **state)
{
    struct servent service = { .s_name = service_name, .s_port = htons(513) };
    struct servent *found = &service;
    char name[8];
    int port;

    (void)state;
    NEXT(getservbyname_r, .result = ERANGE, .when = { ARGUMENT(ROOM, 1024) });
    NEXT(getservbyname_r, .result = 0, .when = { ARGUMENT(ROOM, 2048) },
         .bytes = &found, .length = sizeof(void *));
    CHECK_OK(pierp_getservbyname(&port, "name", NULL));
    CHECK_INT(port, 513);
    NEXT(getservbyport_r, .result = ERANGE,
         .when = { ARGUMENT(1, htons(513)), ARGUMENT(ROOM, 1024) });
    NEXT(getservbyport_r, .result = 0, .when = { ARGUMENT(ROOM, 2048) },
         .bytes = &found, .length = sizeof(void *));
    CHECK_OK(pierp_getservbyport(name, sizeof name, 513, NULL));
    CHECK(strcmp(name, "name") == 0);
    ALWAYS(getservbyname_r, .result = ERANGE);
    CHECK_ERR(pierp_getservbyname(&port, "name", NULL), PIER_ERANGE);
    CHECK(CALLS(getservbyname_r) < 20);
}

/* musl refuses what is neither tcp nor udp, others have codes for nothing. */
static void q41_what_is_not_listed_has_several_codes(void **state)
{
    static const int results[] = { 0, ENOENT, EINVAL, ESRCH };
    int port = 7;

    (void)state;
    for (int i = 0; i < 4; i++) {
        NEXT(getservbyname_r, .result = results[i]);
        CHECK_ERR(pierp_getservbyname(&port, "name", "tcp"), PIER_EAI_SERVICE);
    }
    NEXT(getservbyname_r, .result = EMFILE);
    CHECK_ERR(pierp_getservbyname(&port, "name", "tcp"), PIER_EMFILE);
    CHECK_INT(port, 7);
}

#ifdef HAVE_GETPROTOBYNAME_R
static void room_for_a_protocol_grows(void **state)
{
    struct protoent protocol = { .p_name = service_name, .p_proto = 77 };
    struct protoent *found = &protocol;
    int number = 7;

    (void)state;
    NEXT(getprotobyname_r, .result = ERANGE, .when = { ARGUMENT(ROOM, 1024) });
    NEXT(getprotobyname_r, .result = 0, .when = { ARGUMENT(ROOM, 2048) },
         .bytes = &found, .length = sizeof(void *));
    CHECK_OK(pierp_getprotobyname(&number, "name"));
    CHECK_INT(number, 77);
    NEXT(getprotobyname_r, .result = 0);
    CHECK_ERR(pierp_getprotobyname(&number, "name"), PIER_ENOENT);
    NEXT(getprotobyname_r, .result = ENFILE);
    CHECK_ERR(pierp_getprotobyname(&number, "name"), PIER_ENFILE);
    CHECK_INT(number, 77);
}
#endif

/* --------------------------------------------------- the machine's name ---
 */

/* As POSIX allows it: cut, and no NUL. */
static void fill_all(struct script_call *call)
{
    memset(call->out, 'x', call->room);
}

static void a_host_name_that_was_cut_is_none(void **state)
{
    char name[8] = "kept";

    (void)state;
    NEXT(gethostname, .result = 0, .act = fill_all);
    CHECK_ERR(pierp_gethostname(name, sizeof name), PIER_ENOBUFS);
    NEXT(gethostname, .result = -1, .error = ENAMETOOLONG);
    CHECK_ERR(pierp_gethostname(name, sizeof name), PIER_ENOBUFS);
    NEXT(gethostname, .result = -1, .error = EPERM);
    CHECK_ERR(pierp_gethostname(name, sizeof name), PIER_EPERM);
    CHECK(strcmp(name, "kept") == 0);
}

static void a_host_name_of_any_length_is_given_whole(void **state)
{
    char wanted[300], name[300] = "kept";

    (void)state;
    memset(wanted, 'y', sizeof wanted - 1);
    wanted[sizeof wanted - 1] = '\0';
    NEXT(gethostname, .bytes = wanted, .length = sizeof wanted);
    CHECK_ERR(pierp_gethostname(name, sizeof name - 1), PIER_ENOBUFS);
    CHECK(strcmp(name, "kept") == 0);
    NEXT(gethostname, .bytes = wanted, .length = sizeof wanted);
    CHECK_OK(pierp_gethostname(name, sizeof name));
    CHECK(strcmp(name, wanted) == 0);
}

static void a_host_name_that_is_refused_is_told(void **state)
{
    (void)state;
    NEXT(sethostname, .result = -1, .error = EPERM,
         .when = { ARGUMENT(2, 4) });
    CHECK_ERR(pierp_sethostname("name"), PIER_EPERM);
    NEXT(sethostname, .result = -1, .error = ENAMETOOLONG);
    CHECK_ERR(pierp_sethostname("name"), PIER_EINVAL);
    NEXT(sethostname, .result = 0);
    CHECK_OK(pierp_sethostname("name"));
}

/* ---------------------------------------------------------- interfaces --- */

static struct if_nameindex names[] = { { 5, (char *)(uintptr_t) "em0" },
                                       { 0, NULL } };

static void plan_names(void)
{
    static void *const list = names;

    NEXT(if_nameindex, .result = V(list));
    NEXT(if_freenameindex, .when = { ARGUMENT(1, list) });
}

static struct sockaddr_in6 make_ip(const char *text, uint32_t zone)
{
    struct sockaddr_in6 made = { .sin6_family = AF_INET6,
                                 .sin6_scope_id = zone };

    CHECK_INT(inet_pton(AF_INET6, text, &made.sin6_addr), 1);
    return made;
}

/* One address under that name, which is one of the list or not. */
static size_t list_one(struct pierp_interface **lines, const char *name,
                       struct sockaddr *a)
{
    struct ifaddrs one = { .ifa_name = (char *)(uintptr_t)name,
                           .ifa_flags = 0x41,
                           .ifa_addr = a };
    struct ifaddrs *list = &one;
    size_t count;

    plan_names();
    NEXT(getifaddrs, .result = 0, .bytes = &list, .length = sizeof(void *));
    NEXT(freeifaddrs, .when = { ARGUMENT(1, list) });
    CHECK_OK(pierp_if_list(lines, &count));
    CHECK_INT((*lines)[0].index, 5);
    CHECK(strcmp((*lines)[0].name, "em0") == 0);
    return count;
}

/* Kernels that came from KAME let see how they keep it. */
static void q35_a_zone_inside_of_an_address_is_found(void **state)
{
    static const struct {
        const char *text;
        uint32_t zone;
        uint32_t expected;
    } cases[] = { { "fe80:5::1", 0, 5 },
                  { "fe80:5::1", 5, 5 },
                  { "fe80::1", 5, 5 },
                  { "fe80:105::1", 0, 0x105 } };

    (void)state;
    for (int i = 0; i < 4; i++) {
        struct sockaddr_in6 a = make_ip(cases[i].text, cases[i].zone);
        struct pierp_interface *lines;
        struct pierp_endpoint e;

        CHECK_INT(list_one(&lines, "em0", (struct sockaddr *)&a), 2);
        CHECK_INT(lines[1].index, 5);
        CHECK_INT(lines[1].flags, 0x41);
        CHECK_OK(pierp_address_unpack(&e, &lines[1].address));
        CHECK_INT(e.scope_id, cases[i].expected);
        CHECK(memcmp(e.ip, "\xFE\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16) == 0);
        pierp_free(lines);
    }
}

static void an_address_that_is_not_link_local_is_left_alone(void **state)
{
    struct sockaddr_in6 a = make_ip("2001:5::1", 0);
    struct pierp_interface *lines;

    (void)state;
    CHECK_INT(list_one(&lines, "em0", (struct sockaddr *)&a), 2);
    CHECK_INT(lines[1].address.length, sizeof a);
    CHECK(memcmp(lines[1].address.storage.bytes, &a, sizeof a) == 0);
    pierp_free(lines);
}

/* A hardware address is none that pier could tell. */
static void an_entry_of_another_family_tells_flags_only(void **state)
{
    struct sockaddr a = { .sa_family = AF_UNIX };
    struct pierp_interface *lines;

    (void)state;
    CHECK_INT(list_one(&lines, "em0", &a), 2);
    CHECK_INT(lines[1].flags, 0x41);
    CHECK_INT(lines[1].address.length, 0);
    pierp_free(lines);
    CHECK_INT(list_one(&lines, "em0", NULL), 2);
    CHECK_INT(lines[1].address.length, 0);
    pierp_free(lines);
}

static void a_label_is_asked_for_its_interface(void **state)
{
    struct sockaddr_in6 a = make_ip("2001:db8::1", 0);
    struct pierp_interface *lines;

    (void)state;
    NEXT(if_nametoindex, .result = 5);
    CHECK_INT(list_one(&lines, "em0:1", (struct sockaddr *)&a), 2);
    CHECK(strcmp((const char *)script_call("if_nametoindex", 0)->kept,
                 "em0:1") == 0);
    CHECK_INT(lines[1].index, 5);
    CHECK(lines[1].name[0] == '\0');
    pierp_free(lines);
    /* It went away in between. */
    NEXT(if_nametoindex, .result = 0, .error = ENXIO);
    CHECK_INT(list_one(&lines, "em1", (struct sockaddr *)&a), 1);
    pierp_free(lines);
}

static void a_list_that_cannot_be_had_is_told(void **state)
{
    struct pierp_interface *lines = (void *)names;
    size_t count = 77;

    (void)state;
    NEXT(if_nameindex, .result = 0, .error = ENOBUFS);
    CHECK_ERR(pierp_if_list(&lines, &count), PIER_ENOBUFS);
    plan_names();
    NEXT(getifaddrs, .result = -1, .error = EMFILE);
    CHECK_ERR(pierp_if_list(&lines, &count), PIER_EMFILE);
    CHECK(lines == (void *)names);
    CHECK_INT(count, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(an_error_is_that_of_the_call_itself),
        OS_TEST(an_error_of_the_system_has_its_code),
        OS_TEST(room_grows_until_the_answer_fits),
        OS_TEST(room_does_not_grow_for_ever),
        OS_TEST(q105_the_official_name_is_no_alias),
        OS_TEST(q105_a_number_is_no_name),
        OS_TEST(an_answer_of_another_family_is_none),
        OS_TEST(room_for_a_service_grows),
        OS_TEST(q41_what_is_not_listed_has_several_codes),
#ifdef HAVE_GETPROTOBYNAME_R
        OS_TEST(room_for_a_protocol_grows),
#endif
        OS_TEST(a_host_name_that_was_cut_is_none),
        OS_TEST(a_host_name_of_any_length_is_given_whole),
        OS_TEST(a_host_name_that_is_refused_is_told),
        OS_TEST(q35_a_zone_inside_of_an_address_is_found),
        OS_TEST(an_address_that_is_not_link_local_is_left_alone),
        OS_TEST(an_entry_of_another_family_tells_flags_only),
        OS_TEST(a_label_is_asked_for_its_interface),
        OS_TEST(a_list_that_cannot_be_had_is_told),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
