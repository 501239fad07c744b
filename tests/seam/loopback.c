/* SPDX-License-Identifier: MIT */
#include "loopback.h"

int start_seam(void **state)
{
    (void)state;
    return pierp_start();
}

struct pier_address loopback(int family, uint16_t port)
{
    struct pierp_endpoint e = { .family = family, .port = port };
    struct pier_address a;

    if (family == PIER_AF_INET)
        e.ip[0] = 127;
    e.ip[family == PIER_AF_INET ? 3 : 15] = 1;
    CHECK_OK(pierp_address_pack(&a, &e));
    return a;
}

uint16_t port_of(const struct pier_address *a)
{
    struct pierp_endpoint e;

    CHECK_OK(pierp_address_unpack(&e, a));
    return e.port;
}

pier_handle open_bound(int family, int type, struct pier_address *where)
{
    struct pier_address a = loopback(family, ANY_PORT);
    pier_handle h;

    CHECK_OK(pierp_open(&h, family, type, 0));
    CHECK_OK(pierp_bind_server(h, &a));
    CHECK_OK(pierp_getsockname(h, where));
    return h;
}

pier_handle open_listener(struct pier_address *where)
{
    pier_handle h = open_bound(PIER_AF_INET, PIER_SOCK_STREAM, where);

    CHECK_OK(pierp_listen(h, 8));
    return h;
}

struct pier_address closed_port(void)
{
    struct pier_address where;

    CHECK_OK(pierp_close(open_listener(&where)));
    return where;
}

unsigned wait_for(pier_handle h, unsigned want)
{
    int64_t end = pierp_clock() + 10 * SECONDS;
    struct pierp_wake *own;
    unsigned got = 0;

    CHECK_OK(pierp_thread_wake(&own));
    while (got == 0 && pierp_clock() < end)
        CHECK_OK(pierp_wait(h, want, &own, 1, end - pierp_clock(), &got));
    return got;
}

pier_err end_connect(pier_handle h, pier_err started)
{
    if (started != PIER_EINPROGRESS)
        return started;
    CHECK_INT(wait_for(h, PIERP_CONNECT), PIERP_READY);
    return pierp_connect_result(h);
}

pier_handle accept_soon(pier_handle listener, struct pier_address *peer)
{
    pier_handle h;

    CHECK_INT(wait_for(listener, PIERP_READ), PIERP_READY);
    CHECK_OK(pierp_accept(&h, listener, peer));
    return h;
}

void open_connection(pier_handle ends[2])
{
    struct pier_address where;
    pier_handle listener = open_listener(&where);

    CHECK_OK(pierp_open(&ends[0], PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_OK(end_connect(ends[0], pierp_connect(ends[0], &where)));
    ends[1] = accept_soon(listener, NULL);
    CHECK_OK(pierp_close(listener));
}

ptrdiff_t receive(pier_handle h, void *buffer, size_t length)
{
    CHECK_INT(wait_for(h, PIERP_READ), PIERP_READY);
    return pierp_recv(h, buffer, length, 0);
}

void close_all(const pier_handle *handles, size_t count)
{
    for (size_t i = 0; i < count; i++)
        CHECK_OK(pierp_close(handles[i]));
}
