/* SPDX-License-Identifier: MIT */
/*
 * Where Wine is known to answer otherwise than Windows. pier follows Windows,
 * which the suites with a scripted system test; these tests tell when Wine
 * begins to do the same, so that what the list excuses can be tested here.
 */
#include <winsock2.h>

#include <ws2tcpip.h>

#include "check.h"
#include "expected.h"

#include <string.h>

enum {
    BUFFERS = 1025
};

static int start_winsock(void **state)
{
    WSADATA data;

    (void)state;
    return WSAStartup(MAKEWORD(2, 2), &data);
}

static SOCKET open_inet(int type)
{
    SOCKET s = socket(AF_INET, type, 0);

    CHECK(s != INVALID_SOCKET);
    return s;
}

static struct sockaddr_in address(unsigned long host, unsigned short port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = port };

    a.sin_addr.s_addr = htonl(host);
    return a;
}

/* The error of a bind, or 0. */
static int bind_to(SOCKET s, struct sockaddr_in a)
{
    return bind(s, (struct sockaddr *)&a, sizeof(a)) ? WSAGetLastError() : 0;
}

static SOCKET open_bound(int type, struct sockaddr_in *where)
{
    SOCKET s = open_inet(type);
    int length = sizeof(*where);

    CHECK_INT(bind_to(s, address(INADDR_LOOPBACK, 0)), 0);
    CHECK_INT(getsockname(s, (struct sockaddr *)where, &length), 0);
    return s;
}

static int connect_to(SOCKET s, const struct sockaddr_in *where)
{
    return connect(s, (const struct sockaddr *)where, sizeof(*where));
}

/* Somewhere on loopback where nobody is any more. */
static struct sockaddr_in nowhere(int type)
{
    struct sockaddr_in where;

    closesocket(open_bound(type, &where));
    return where;
}

static void open_connection(SOCKET ends[2])
{
    struct sockaddr_in where;
    SOCKET listener = open_bound(SOCK_STREAM, &where);

    CHECK_INT(listen(listener, 1), 0);
    ends[0] = open_inet(SOCK_STREAM);
    CHECK_INT(connect_to(ends[0], &where), 0);
    ends[1] = accept(listener, NULL, NULL);
    CHECK(ends[1] != INVALID_SOCKET);
    closesocket(listener);
}

static void urgent_data_cannot_be_polled_for(void **state)
{
    struct sockaddr_in where;
    WSAPOLLFD entry = { .events = POLLPRI };

    (void)state;
    entry.fd = open_bound(SOCK_DGRAM, &where);
    CHECK_INT(WSAPoll(&entry, 1, 0), EXPECTED_POLL_FOR_URGENT);
    closesocket(entry.fd);
}

static void an_unreachable_port_is_a_reset(void **state)
{
    struct sockaddr_in where = nowhere(SOCK_DGRAM);
    DWORD limit_ms = 1000;
    SOCKET s = open_inet(SOCK_DGRAM);
    char byte = 0;

    (void)state;
    CHECK_INT(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (const char *)&limit_ms,
                         sizeof(limit_ms)),
              0);
    CHECK_INT(connect_to(s, &where), 0);
    CHECK_INT(send(s, &byte, 1, 0), 1);
    CHECK_INT(recv(s, &byte, 1, 0), -1);
    CHECK_INT(WSAGetLastError(), EXPECTED_RECV_UNREACHABLE);
    closesocket(s);
}

static void a_refusal_is_told_only_once(void **state)
{
    struct sockaddr_in where = nowhere(SOCK_STREAM);
    SOCKET s = open_inet(SOCK_STREAM);
    int error = -1;
    int length = sizeof(error);

    (void)state;
    CHECK_INT(connect_to(s, &where), -1);
    CHECK_INT(WSAGetLastError(), WSAECONNREFUSED);
    CHECK_INT(getsockopt(s, SOL_SOCKET, SO_ERROR, (char *)&error, &length), 0);
    CHECK_INT(error, EXPECTED_ERROR_AFTER_REFUSAL);
    closesocket(s);
}

static void an_unknown_flag_is_refused(void **state)
{
    SOCKET ends[2];
    char byte = 0;
    int got;

    (void)state;
    open_connection(ends);
    CHECK_INT(send(ends[0], &byte, 1, 0), 1);
    got = recv(ends[1], &byte, 1, 0x4000000);
    CHECK_INT(got < 0 ? WSAGetLastError() : 0, EXPECTED_UNKNOWN_FLAG);
    closesocket(ends[0]);
    closesocket(ends[1]);
}

static void a_send_takes_many_buffers(void **state)
{
    static WSABUF buffers[BUFFERS];
    static char bytes[BUFFERS];
    SOCKET ends[2];
    DWORD sent = 0;
    int failed;

    (void)state;
    for (size_t i = 0; i < BUFFERS; i++)
        buffers[i] = (WSABUF){ .len = 1, .buf = &bytes[i] };
    open_connection(ends);
    failed = WSASend(ends[0], buffers, BUFFERS, &sent, 0, NULL, NULL);
    CHECK_INT(failed ? WSAGetLastError() : 0, EXPECTED_MANY_BUFFERS);
    closesocket(ends[0]);
    closesocket(ends[1]);
}

static void a_reused_address_takes_a_listener_over(void **state)
{
    struct sockaddr_in where;
    SOCKET listener = open_bound(SOCK_STREAM, &where);
    SOCKET thief = open_inet(SOCK_STREAM);
    BOOL yes = TRUE;

    (void)state;
    CHECK_INT(listen(listener, 1), 0);
    CHECK_INT(setsockopt(thief, SOL_SOCKET, SO_REUSEADDR, (const char *)&yes,
                         sizeof(yes)),
              0);
    CHECK_INT(bind_to(thief, where), EXPECTED_REUSE_OF_A_LISTENER);
    closesocket(thief);
    closesocket(listener);
}

static void the_wildcard_leaves_loopback_free(void **state)
{
    struct sockaddr_in where;
    SOCKET one = open_bound(SOCK_STREAM, &where);
    SOCKET other = open_inet(SOCK_STREAM);

    (void)state;
    CHECK_INT(listen(one, 1), 0);
    CHECK_INT(bind_to(other, address(INADDR_ANY, where.sin_port)),
              EXPECTED_WILDCARD_BESIDE_LOOPBACK);
    closesocket(other);
    closesocket(one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urgent_data_cannot_be_polled_for),
        cmocka_unit_test(an_unreachable_port_is_a_reset),
        cmocka_unit_test(a_refusal_is_told_only_once),
        cmocka_unit_test(an_unknown_flag_is_refused),
        cmocka_unit_test(a_send_takes_many_buffers),
        cmocka_unit_test(a_reused_address_takes_a_listener_over),
        cmocka_unit_test(the_wildcard_leaves_loopback_free),
    };

    return cmocka_run_group_tests(tests, start_winsock, NULL);
}
