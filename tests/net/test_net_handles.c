/* SPDX-License-Identifier: MIT */
/* Handles from elsewhere and given away, copies, and the mode of a handle. */
#include "mode.h"
#include "net.h"

static void adopted(struct pier_socket **out, pier_handle h)
{
    CHECK_OK(pier_adopt(out, h, -1, -1, -1));
    keep(*out);
}

static void a_detached_handle_can_be_adopted(void **state)
{
    struct pier_socket *ends[2];
    struct pier_socket *again;
    pier_handle h;
    char byte;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    h = pier_detach(ends[0]);
    CHECK(h != PIER_INVALID_HANDLE);
    CHECK_INT(pier_detach(ends[0]), PIER_INVALID_HANDLE);
    CHECK_ERR(pier_recv(ends[0], &byte, 1, 0), PIER_EBADF);
    adopted(&again, h);
    CHECK_INT(pier_fileno(again), h);
    CHECK_INT(pier_family(again), PIER_AF_INET);
    CHECK_INT(pier_type(again), PIER_SOCK_STREAM);
    CHECK_OK(pier_sendall(again, "again", 5, 0, NULL));
    check_arrives(ends[1], "again");
}

static void a_datagram_handle_is_known_for_one(void **state)
{
    struct pier_socket *s = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM);
    struct pier_socket *again;

    (void)state;
    adopted(&again, pier_detach(s));
    CHECK_INT(pier_type(again), PIER_SOCK_DGRAM);
    CHECK_INT(pier_family(again), PIER_AF_INET);
}

static void a_copy_is_a_socket_of_its_own(void **state)
{
    struct pier_socket *ends[2];
    struct pier_socket *copy;
    char byte;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_settimeout(ends[0], 3 * SECOND));
    CHECK_OK(pier_dup(&copy, ends[0]));
    keep(copy);
    CHECK(pier_fileno(copy) != pier_fileno(ends[0]));
    CHECK_INT(pier_gettimeout(copy), 3 * SECOND);
    CHECK_OK(pier_close(ends[0]));
    CHECK_OK(pier_sendall(copy, "copy", 4, 0, NULL));
    check_arrives(ends[1], "copy");
    CHECK_OK(pier_close(copy));
    CHECK_INT(pier_recv(ends[1], &byte, 1, 0), 0);
}

static void fromfd_leaves_the_handle_alone(void **state)
{
    struct pier_socket *ends[2];
    struct pier_socket *copy;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_fromfd(&copy, pier_fileno(ends[0]), -1, -1, -1));
    CHECK(pier_fileno(copy) != pier_fileno(ends[0]));
    pier_free(copy);
    CHECK_OK(pier_sendall(ends[0], "alive", 5, 0, NULL));
    check_arrives(ends[1], "alive");
}

static void what_is_no_socket_is_not_adopted(void **state)
{
    struct pier_socket *s;

    (void)state;
    CHECK_ERR(pier_adopt(&s, PIER_INVALID_HANDLE, -1, -1, -1), PIER_EBADF);
    CHECK(s == NULL);
    CHECK(pier_adopt(&s, 77777, -1, -1, -1) < 0);
    CHECK(s == NULL);
    CHECK(pier_fromfd(&s, 77777, -1, -1, -1) < 0);
    CHECK(s == NULL);
    CHECK_ERR(pier_adopt(NULL, 1, -1, -1, -1), PIER_EINVAL);
    CHECK_ERR(pier_fromfd(NULL, 1, -1, -1, -1), PIER_EINVAL);
    CHECK_ERR(pier_dup(&s, NULL), PIER_EINVAL);
}

/* On Windows a number of the C library is no handle of anything. */
static void a_file_of_the_c_library_is_not_adopted(void **state)
{
    FILE *file = tmpfile();
    struct pier_socket *s;

    (void)state;
    CHECK(file != NULL);
    CHECK_ERR(pier_adopt(&s, number_of_file(file), -1, -1, -1), PIER_ENOTSOCK);
    CHECK(s == NULL);
    CHECK(pier_fromfd(&s, number_of_file(file), -1, -1, -1) < 0);
    CHECK(s == NULL);
    CHECK(fputs("still a file", file) >= 0);
    CHECK_INT(fclose(file), 0);
}

static void check_mode(struct pier_socket *s, int nonblocking)
{
    int mode = handle_is_nonblocking(pier_fileno(s));

    if (mode >= 0)
        CHECK_INT(mode, nonblocking);
}

static void handles_are_nonblocking_whatever_the_timeout(void **state)
{
    struct pier_socket *ends[2];
    struct pier_socket *copy;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_dup(&copy, ends[0]));
    keep(copy);
    check_mode(ends[0], 1);
    check_mode(ends[1], 1);
    check_mode(copy, 1);
    CHECK_OK(pier_settimeout(ends[0], SECOND));
    check_mode(ends[0], 1);
    CHECK_OK(pier_setblocking(ends[0], false));
    check_mode(ends[0], 1);
}

static void a_handle_may_follow_the_timeout(void **state)
{
    struct pier_socket *ends[2];

    (void)state;
    CHECK_OK(
        pier_set_default_descriptor_mode(PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_set_default_descriptor_mode(PIER_DESCRIPTOR_NONBLOCKING));
    for (int i = 0; i < 2; i++) {
        check_mode(ends[i], 0);
        CHECK_OK(pier_settimeout(ends[i], SECOND));
        check_mode(ends[i], 1);
        CHECK_OK(pier_setblocking(ends[i], true));
        check_mode(ends[i], 0);
        CHECK_OK(
            pier_set_descriptor_mode(ends[i], PIER_DESCRIPTOR_NONBLOCKING));
        check_mode(ends[i], 1);
        CHECK_OK(pier_set_descriptor_mode(ends[i],
                                          PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
        check_mode(ends[i], 0);
    }
    CHECK_OK(pier_sendall(ends[0], "mode", 4, 0, NULL));
    check_arrives(ends[1], "mode");
}

static void detach_gives_a_blocking_handle_back(void **state)
{
    struct pier_socket *ends[2];
    pier_handle h[2];

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_settimeout(ends[1], SECOND));
    for (int i = 0; i < 2; i++) {
        struct pier_socket *again;
        int mode;

        h[i] = pier_detach(ends[i]);
        mode = handle_is_nonblocking(h[i]);
        if (mode >= 0)
            CHECK_INT(mode, i);
        adopted(&again, h[i]);
        check_mode(again, 1);
    }
}

static void an_unknown_mode_is_told(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);

    (void)state;
    CHECK_ERR(pier_set_descriptor_mode(s, (enum pier_descriptor_mode)7),
              PIER_EINVAL);
    CHECK_ERR(pier_set_default_descriptor_mode((enum pier_descriptor_mode)7),
              PIER_EINVAL);
    check_mode(s, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(a_detached_handle_can_be_adopted),
        NET_TEST(a_datagram_handle_is_known_for_one),
        NET_TEST(a_copy_is_a_socket_of_its_own),
        NET_TEST(fromfd_leaves_the_handle_alone),
        NET_TEST(what_is_no_socket_is_not_adopted),
        NET_TEST(a_file_of_the_c_library_is_not_adopted),
        NET_TEST(handles_are_nonblocking_whatever_the_timeout),
        NET_TEST(a_handle_may_follow_the_timeout),
        NET_TEST(detach_gives_a_blocking_handle_back),
        NET_TEST(an_unknown_mode_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
