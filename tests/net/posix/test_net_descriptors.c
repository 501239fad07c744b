/* SPDX-License-Identifier: MIT */
/* A process that may have no more descriptors. */
#include "net.h"

#include <sys/resource.h>
#include <unistd.h>

#define ROOM 12

static struct rlimit usual;

static int leave_room_for_a_few(void **state)
{
    struct rlimit few;
    int next = dup(0);

    (void)state;
    if (next < 0 || close(next) != 0 || getrlimit(RLIMIT_NOFILE, &usual) != 0)
        return -1;
    few = usual;
    few.rlim_cur = (rlim_t)next + ROOM;
    return setrlimit(RLIMIT_NOFILE, &few);
}

static int leave_room_as_before(void **state)
{
    return free_sockets(state) | setrlimit(RLIMIT_NOFILE, &usual);
}

static struct pier_socket *open_all_that_can_be(void)
{
    struct pier_socket *s, *last = NULL;

    while (pier_open(&s, PIER_AF_INET, PIER_SOCK_DGRAM, 0) == PIER_OK)
        last = keep(s);
    CHECK(last != NULL);
    return last;
}

/* The caller hears of it, at once and each time, and may wait for better
 * days: it is still in the queue then. */
static void a_lack_of_descriptors_loses_no_connection(void **state)
{
    struct pier_socket *server = open_listener(PIER_AF_INET, 4);
    struct pier_socket *client = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_address where = name_of(server);
    struct pier_socket *s, *last;

    (void)state;
    CHECK_OK(pier_connect(client, &where));
    CHECK_OK(pier_sendall(client, "kept", 4, 0, NULL));
    last = open_all_that_can_be();
    for (int i = 0; i < 3; i++) {
        int64_t begin = pier_monotonic();

        CHECK_ERR(pier_accept(&s, server, NULL), PIER_EMFILE);
        CHECK(s == NULL);
        CHECK(pier_monotonic() - begin < SOON);
    }
    let_go(last);
    CHECK_OK(pier_accept(&s, server, NULL));
    check_arrives(keep(s), "kept");
}

static void a_lack_of_descriptors_is_told_by_each_function(void **state)
{
    struct pier_socket *server = open_listener(PIER_AF_INET, 4);
    struct pier_socket *s, *ends[2];

    (void)state;
    (void)open_all_that_can_be();
    CHECK_ERR(pier_open(&s, PIER_AF_INET, PIER_SOCK_STREAM, 0), PIER_EMFILE);
    CHECK(s == NULL);
    CHECK_ERR(pier_dup(&s, server), PIER_EMFILE);
    CHECK(s == NULL);
    CHECK_ERR(pier_socketpair(ends, PIER_AF_UNIX, PIER_SOCK_STREAM, 0),
              PIER_EMFILE);
    CHECK(ends[0] == NULL && ends[1] == NULL);
}

#define FEW_TEST(function)                                                    \
    cmocka_unit_test_setup_teardown(function, leave_room_for_a_few,           \
                                    leave_room_as_before)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEW_TEST(a_lack_of_descriptors_loses_no_connection),
        FEW_TEST(a_lack_of_descriptors_is_told_by_each_function),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
