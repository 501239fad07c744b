/* SPDX-License-Identifier: MIT */
/* No socket of pier comes into a child unless it is told to. */
#include "net.h"
#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool inheritable(struct pier_socket *s)
{
    bool is = true;

    CHECK_OK(pier_get_inheritable(s, &is));
    return is;
}

static void no_new_socket_is_inheritable(void **state)
{
    struct pier_socket *ends[2];
    struct pier_socket *copy;

    (void)state;
    CHECK(!inheritable(open_socket(PIER_AF_INET, PIER_SOCK_STREAM)));
    CHECK(!inheritable(open_socket(PIER_AF_INET, PIER_SOCK_DGRAM)));
    CHECK(!inheritable(open_listener(PIER_AF_INET, 1)));
    open_streams(PIER_AF_INET, ends);
    CHECK(!inheritable(ends[0]));
    CHECK(!inheritable(ends[1]));
    CHECK_OK(pier_dup(&copy, ends[0]));
    CHECK(!inheritable(keep(copy)));
    CHECK_OK(pier_fromfd(&copy, pier_fileno(ends[0]), -1, -1, -1));
    CHECK(!inheritable(keep(copy)));
    open_pair(PIER_AF_UNSPEC, PIER_SOCK_STREAM, ends);
    CHECK(!inheritable(ends[0]) && !inheritable(ends[1]));
    open_pair(PIER_AF_INET, PIER_SOCK_DGRAM, ends);
    CHECK(!inheritable(ends[0]) && !inheritable(ends[1]));
}

static void inheritance_can_be_switched(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);

    (void)state;
    CHECK_OK(pier_set_inheritable(s, true));
    CHECK(inheritable(s));
    CHECK_OK(pier_set_inheritable(s, false));
    CHECK(!inheritable(s));
    CHECK_ERR(pier_get_inheritable(s, NULL), PIER_EINVAL);
}

/* The child tells its parent that it runs and stays until the parent says so
 * or is gone. */
static int run_child(const char *port)
{
    struct pier_socket *s = NULL;
    char byte;
    bool well = pier_create_connection(&s, "127.0.0.1", port, NULL) == 0 &&
                pier_send(s, "c", 1, 0) == 1 && pier_recv(s, &byte, 1, 0) == 1;

    pier_free(s);
    return well ? 0 : 1;
}

static struct test_process *start_child(struct pier_socket **line)
{
    struct pier_socket *listener = open_listener(PIER_AF_INET, 1);
    struct pier_address where = name_of(listener);
    char port[16];
    const char *arguments[] = { "child", port, NULL };
    struct test_process *child;

    (void)snprintf(port, sizeof(port), "%d", pier_address_port(&where));
    child = process_start(arguments);
    *line = accept_one(listener);
    check_arrives(*line, "c");
    return child;
}

static void end_child(struct test_process *child, struct pier_socket *line)
{
    CHECK_INT(pier_send(line, "e", 1, 0), 1);
    CHECK_INT(process_join(child), 0);
}

static void a_child_does_not_keep_a_port(void **state)
{
    struct pier_socket *server = open_listener(PIER_AF_INET, 4);
    struct pier_address where = name_of(server);
    struct pier_socket *client = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_socket *line;
    struct test_process *child = start_child(&line);
    struct pier_socket *again;

    (void)state;
    CHECK_OK(pier_close_wait(server, SOON));
    CHECK_ERR(pier_connect(client, &where), PIER_ECONNREFUSED);
    CHECK_OK(pier_create_server(&again, &where, NULL));
    keep(again);
    end_child(child, line);
}

static void a_child_does_not_keep_a_connection(void **state)
{
    struct pier_socket *ends[2];
    struct pier_socket *line;
    struct test_process *child;
    char byte;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    child = start_child(&line);
    CHECK_OK(pier_close(ends[0]));
    CHECK_OK(pier_settimeout(ends[1], 10 * SECOND));
    CHECK_INT(pier_recv(ends[1], &byte, 1, 0), 0);
    end_child(child, line);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(no_new_socket_is_inheritable),
        NET_TEST(inheritance_can_be_switched),
        NET_TEST(a_child_does_not_keep_a_port),
        NET_TEST(a_child_does_not_keep_a_connection),
    };

    if (argc == 3 && strcmp(argv[1], "child") == 0)
        return run_child(argv[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
