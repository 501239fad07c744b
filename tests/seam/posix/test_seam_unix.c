/* SPDX-License-Identifier: MIT */
/* AF_UNIX, which only systems with files for sockets have in full. */
#include "../loopback.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/pier-seam-XXXXXX";

static int make_folder(void **state)
{
    return mkdtemp(folder) ? start_seam(state) : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static struct pier_address address_of(const char *name)
{
    struct pier_address a;
    char path[64];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);

    CHECK_OK(pierp_address_pack_unix(&a, path, (size_t)length));
    return a;
}

static pier_handle open_unix(int type)
{
    pier_handle h;

    CHECK_OK(pierp_open(&h, PIER_AF_UNIX, type, 0));
    return h;
}

static void a_connection_is_made_through_a_file(void **state)
{
    struct pier_address where = address_of("stream"), peer;
    pier_handle l = open_unix(PIER_SOCK_STREAM), ends[2];
    size_t length = 99;
    char byte;

    (void)state;
    CHECK_OK(pierp_bind_server(l, &where));
    CHECK_OK(pierp_listen(l, 1));
    ends[0] = open_unix(PIER_SOCK_STREAM);
    CHECK_OK(end_connect(ends[0], pierp_connect(ends[0], &where)));
    ends[1] = accept_soon(l, &peer);
    (void)pierp_address_path(&peer, &length);
    CHECK_INT(length, 0);
    CHECK_OK(pierp_getpeername(ends[0], &peer));
    CHECK(strcmp(pierp_address_path(&peer, &length),
                 pierp_address_path(&where, &length)) == 0);
    CHECK_INT(pierp_send(ends[1], "x", 1, 0), 1);
    CHECK_INT(receive(ends[0], &byte, 1), 1);
    close_all(ends, 2);
    CHECK_OK(pierp_close(l));
    CHECK_OK(pierp_remove_socket_file(&where));
}

static void a_full_queue_is_not_a_connect_under_way(void **state)
{
    struct pier_address where = address_of("full");
    pier_handle l = open_unix(PIER_SOCK_STREAM), clients[16];
    pier_err err = PIER_OK;
    size_t count = 0;

    (void)state;
    CHECK_OK(pierp_bind(l, &where));
    CHECK_OK(pierp_listen(l, 1));
    while (err == PIER_OK && count < 16) {
        clients[count] = open_unix(PIER_SOCK_STREAM);
        err = pierp_connect(clients[count], &where);
        count++;
    }
    CHECK(err == PIER_EAGAIN || err == PIER_ECONNREFUSED);
    close_all(clients, count);
    CHECK_OK(pierp_close(l));
    CHECK_OK(pierp_remove_socket_file(&where));
}

static void datagrams_go_through_files(void **state)
{
    struct pier_address where = address_of("datagram"), from;
    pier_handle ends[2];
    char text[8];

    (void)state;
    ends[0] = open_unix(PIER_SOCK_DGRAM);
    ends[1] = open_unix(PIER_SOCK_DGRAM);
    CHECK_OK(pierp_bind(ends[1], &where));
    CHECK_INT(pierp_sendto(ends[0], "hello", 5, 0, &where), 5);
    CHECK_INT(wait_for(ends[1], PIERP_READ), PIERP_READY);
    CHECK_INT(pierp_recvfrom(ends[1], text, 3, 0, &from), 3);
    CHECK(memcmp(text, "hel", 3) == 0);
    close_all(ends, 2);
    CHECK_OK(pierp_remove_socket_file(&where));
}

static void a_pair_of_datagram_sockets_is_connected(void **state)
{
    pier_handle pair[2];
    char text[8];

    (void)state;
    CHECK_OK(pierp_pair(pair, PIER_AF_UNIX, PIER_SOCK_DGRAM, 0));
    CHECK_INT(pierp_send(pair[0], "one", 3, 0), 3);
    CHECK_INT(pierp_send(pair[0], "", 0, 0), 0);
    CHECK_INT(receive(pair[1], text, sizeof text), 3);
    CHECK_INT(receive(pair[1], text, sizeof text), 0);
    CHECK_ERR(pierp_recv(pair[1], text, sizeof text, 0), PIER_EAGAIN);
    close_all(pair, 2);
}

static void adopting_finds_a_local_socket(void **state)
{
    pier_handle pair[2];
    int family = -1, type = -1, protocol = -1;

    (void)state;
    CHECK_OK(pierp_pair(pair, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    CHECK_OK(pierp_adopt(pair[0], &family, &type, &protocol));
    CHECK_INT(family, PIER_AF_UNIX);
    CHECK_INT(type, PIER_SOCK_STREAM);
    CHECK_INT(protocol, 0);
    close_all(pair, 2);
}

static void a_file_that_is_no_socket_is_not_adopted(void **state)
{
    int fds[2];
    int family = -1, type = -1, protocol = -1;

    (void)state;
    CHECK_INT(pipe(fds), 0);
    CHECK_ERR(pierp_adopt(fds[0], &family, &type, &protocol), PIER_ENOTSOCK);
    CHECK_INT(close(fds[0]), 0);
    CHECK_INT(close(fds[1]), 0);
    CHECK_ERR(pierp_adopt(fds[0], &family, &type, &protocol), PIER_EBADF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_is_made_through_a_file),
        cmocka_unit_test(a_full_queue_is_not_a_connect_under_way),
        cmocka_unit_test(datagrams_go_through_files),
        cmocka_unit_test(a_pair_of_datagram_sockets_is_connected),
        cmocka_unit_test(adopting_finds_a_local_socket),
        cmocka_unit_test(a_file_that_is_no_socket_is_not_adopted),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
