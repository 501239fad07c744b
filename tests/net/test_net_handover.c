/* SPDX-License-Identifier: MIT */
/*
 * Sockets that go from one process to another: to this program itself, which
 * is started again, and within one.
 */
#include "net.h"
#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No process has this number: it is no multiple of four, as Windows wants. */
#define NO_PROCESS 2147480003LL

/* Which family a channel has to be of. */
#define CHANNEL (PIER_HAVE_SCM_RIGHTS ? PIER_AF_UNIX : PIER_AF_INET)

static void check_same_kind(struct pier_socket *s, struct pier_socket *of)
{
    bool inheritable = true;

    CHECK_INT(pier_family(s), pier_family(of));
    CHECK_INT(pier_type(s), pier_type(of));
    CHECK_INT(pier_protocol(s), pier_protocol(of));
    CHECK(pier_fileno(s) != pier_fileno(of));
    CHECK_OK(pier_get_inheritable(s, &inheritable));
    CHECK(!inheritable);
}

/* ------------------------------------------------------ in one process --- */

static struct pier_socket *carry(struct pier_socket *goods)
{
    struct pier_socket *ends[2], *s;

    open_streams(CHANNEL, ends);
    CHECK_OK(pier_settimeout(ends[1], 10 * SECOND));
    CHECK_OK(pier_send_socket(ends[0], goods, 0));
    CHECK_OK(pier_recv_socket(&s, ends[1]));
    return keep(s);
}

static void a_connection_goes_over_a_channel(void **state)
{
    struct pier_socket *ends[2], *s;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    s = carry(ends[0]);
    check_same_kind(s, ends[0]);
    CHECK_INT(pier_send(s, "there", 5, 0), 5);
    check_arrives(ends[1], "there");
    let_go(ends[0]);
    CHECK_INT(pier_send(ends[1], "back", 4, 0), 4);
    check_arrives(s, "back");
}

static void a_listener_goes_over_a_channel(void **state)
{
    struct pier_socket *l = open_listener(PIER_AF_INET, 4), *s, *c;
    struct pier_address where = name_of(l);

    (void)state;
    s = carry(l);
    check_same_kind(s, l);
    let_go(l);
    c = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    CHECK_OK(pier_connect(c, &where));
    (void)accept_one(s);
}

static void a_datagram_socket_goes_over_a_channel(void **state)
{
    struct pier_socket *u = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM), *s;
    struct pier_address where = name_of(u), same;

    (void)state;
    s = carry(u);
    check_same_kind(s, u);
    same = name_of(s);
    CHECK(pier_address_equal(&same, &where));
}

static void what_was_shut_down_receives_nothing(void **state)
{
    struct pier_socket *ends[2], *s;
    char byte;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_RD));
    s = carry(ends[0]);
    CHECK_INT(pier_recv(s, &byte, 1, 0), 0);
}

static void a_channel_that_carries_none_says_so(void **state)
{
    struct pier_socket *ends[2], *s;

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    CHECK_ERR(pier_send_socket(ends[0], ends[1], 0), PIER_ENOTSUP);
    CHECK_ERR(pier_recv_socket(&s, ends[1]), PIER_ENOTSUP);
    CHECK(s == NULL);
    if (!PIER_HAVE_SCM_RIGHTS)
        return;
    open_streams(PIER_AF_INET, ends);
    CHECK_ERR(pier_send_socket(ends[0], ends[1], 0), PIER_ENOTSUP);
    CHECK_ERR(pier_recv_socket(&s, ends[1]), PIER_ENOTSUP);
}

/* At once, and without what came beside it. */
static void what_is_no_socket_is_refused(void **state)
{
    struct pier_socket *ends[2], *s;

    (void)state;
    open_streams(CHANNEL, ends);
    CHECK_OK(pier_settimeout(ends[1], 10 * SECOND));
    CHECK_OK(pier_sendall(ends[0], "GET / HTTP/1.1", 14, 0, NULL));
    CHECK_ERR(pier_recv_socket(&s, ends[1]), PIER_EBADMSG);
    CHECK(s == NULL);
    open_streams(CHANNEL, ends);
    CHECK_OK(pier_sendall(ends[0], "pier/sk1", 8, 0, NULL));
    let_go(ends[0]);
    CHECK_ERR(pier_recv_socket(&s, ends[1]), PIER_EEOF);
    CHECK(s == NULL);
}

/* ------------------------------------------------------------ as bytes --- */

static void a_share_is_bytes_where_the_system_has_it(void **state)
{
    struct pier_socket *ends[2], *s = NULL;
    struct pier_share_info info;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    if (PIER_HAVE_SCM_RIGHTS) {
        CHECK_ERR(pier_share(&info, ends[0], 0), PIER_ENOTSUP);
        CHECK_INT(info.length, 0);
        return;
    }
    CHECK_OK(pier_share(&info, ends[0], process_self()));
    CHECK_OK(pier_fromshare(&s, &info));
    keep(s);
    check_same_kind(s, ends[0]);
    CHECK_INT(pier_send(s, "shared", 6, 0), 6);
    check_arrives(ends[1], "shared");
    CHECK_ERR(pier_share(&info, ends[0], NO_PROCESS), PIER_EINVAL);
    CHECK_ERR(pier_share(&info, ends[0], -1), PIER_EINVAL);
    CHECK_ERR(pier_share(&info, ends[0], 1LL << 40), PIER_EINVAL);
}

static void other_bytes_are_no_share(void **state)
{
    struct pier_socket *s = (struct pier_socket *)&s;
    struct pier_share_info info;

    (void)state;
    memset(&info, 0, sizeof(info));
    CHECK_ERR(pier_fromshare(&s, &info), PIER_EINVAL);
    CHECK(s == NULL);
    memset(&info.bytes, 'x', sizeof(info.bytes));
    for (size_t i = 0; i < 1100; i += 4) {
        info.length = i;
        CHECK_ERR(pier_fromshare(&s, &info), PIER_EINVAL);
    }
}

/* ----------------------------------------------------- to another one --- */

enum {
    NUMBER_LENGTH = 20
};

/* The bytes of a share go over the line as they are. */
static pier_err import(struct pier_socket **out, struct pier_socket *line)
{
    struct pier_share_info info;
    pier_err err = pier_recvall(line, &info, sizeof(info), 0, NULL);

    return err ? err : pier_fromshare(out, &info);
}

/* The child tells its number, gets a socket and answers over it. */
static bool take_and_answer(struct pier_socket *line,
                            pier_err (*take)(struct pier_socket **out,
                                             struct pier_socket *line))
{
    struct pier_socket *s = NULL;
    char number[NUMBER_LENGTH + 1], byte = 0;
    bool well;

    (void)snprintf(number, sizeof(number), "%20lld", process_self());
    well = pier_settimeout(line, 20 * SECOND) == 0 &&
           pier_sendall(line, number, NUMBER_LENGTH, 0, NULL) == 0 &&
           take(&s, line) == 0 && pier_settimeout(s, 20 * SECOND) == 0 &&
           pier_send(line, "k", 1, 0) == 1 && pier_recv(s, &byte, 1, 0) == 1 &&
           pier_send(s, &byte, 1, 0) == 1;
    pier_free(s);
    return well;
}

static int run_child(const char *where, const char *what)
{
    struct pier_socket *line = NULL;
    struct pier_address a;
    bool well =
        pier_address_parse(&a, where) == 0 &&
        pier_open(&line, pier_address_family(&a), PIER_SOCK_STREAM, 0) == 0 &&
        pier_connect(line, &a) == 0;

    if (well && strcmp(what, "takes") == 0)
        well = take_and_answer(line, pier_recv_socket);
    if (well && strcmp(what, "imports") == 0)
        well = take_and_answer(line, import);
    /* The other kind breaks off in the middle. */
    if (well && strcmp(what, "breaks") == 0)
        well = pier_sendall(line, "pier", 4, 0, NULL) == 0;
    pier_free(line);
    return well ? 0 : 1;
}

static struct test_process *start_child(struct pier_socket **line,
                                        const char *what)
{
    struct pier_socket *listener = open_listener(CHANNEL, 1);
    struct pier_address a = name_of(listener);
    char where[200];
    const char *arguments[] = { "child", where, what, NULL };
    struct test_process *child;

    CHECK_OK(pier_address_format(&a, where, sizeof(where)));
    child = process_start(arguments);
    *line = accept_one(listener);
    CHECK_OK(pier_settimeout(*line, 20 * SECOND));
    return child;
}

static long long hear_number(struct pier_socket *line)
{
    char number[NUMBER_LENGTH + 1] = "";

    CHECK_OK(pier_recvall(line, number, NUMBER_LENGTH, 0, NULL));
    return strtoll(number, NULL, 10);
}

/* The end that was sent is closed here, but not before it is there. */
static void check_goes_on(struct pier_socket *line,
                          struct pier_socket *ends[2],
                          struct test_process *child)
{
    check_arrives(line, "k");
    let_go(ends[0]);
    CHECK_INT(pier_send(ends[1], "e", 1, 0), 1);
    check_arrives(ends[1], "e");
    CHECK_INT(process_join(child), 0);
}

static void another_process_goes_on_with_a_connection(void **state)
{
    struct pier_socket *ends[2], *line;
    struct test_process *child = start_child(&line, "takes");

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_send_socket(line, ends[0], hear_number(line)));
    check_goes_on(line, ends, child);
}

static void another_process_goes_on_with_a_share(void **state)
{
    struct pier_socket *ends[2], *line;
    struct pier_share_info info = { .length = 0 };
    struct test_process *child;

    (void)state;
    /* See a_share_is_bytes_where_the_system_has_it. */
    if (PIER_HAVE_SCM_RIGHTS)
        return;
    child = start_child(&line, "imports");
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_share(&info, ends[0], hear_number(line)));
    CHECK_OK(pier_sendall(line, &info, sizeof(info), 0, NULL));
    check_goes_on(line, ends, child);
}

static void a_process_that_breaks_off_sends_none(void **state)
{
    struct pier_socket *line, *s;
    struct test_process *child = start_child(&line, "breaks");

    (void)state;
    CHECK_ERR(pier_recv_socket(&s, line), PIER_EEOF);
    CHECK(s == NULL);
    CHECK_INT(process_join(child), 0);
}

/* ------------------------------------------- from a service manager --- */

/* Nobody has started this program so; see test_net_service for one that is. */
static void without_a_service_manager_there_is_nothing(void **state)
{
    struct pier_inherited *list;
    size_t count = 1;
    pier_err err = pier_listen_fds(&list, &count, false);

    (void)state;
    if (PIER_HAVE_SCM_RIGHTS) {
        CHECK_OK(err);
    } else {
        CHECK_ERR(err, PIER_ENOTSUP);
    }
    CHECK(list == NULL && count == 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(a_connection_goes_over_a_channel),
        NET_TEST(a_listener_goes_over_a_channel),
        NET_TEST(a_datagram_socket_goes_over_a_channel),
        NET_TEST(what_was_shut_down_receives_nothing),
        NET_TEST(a_channel_that_carries_none_says_so),
        NET_TEST(what_is_no_socket_is_refused),
        NET_TEST(a_share_is_bytes_where_the_system_has_it),
        NET_TEST(other_bytes_are_no_share),
        NET_TEST(another_process_goes_on_with_a_connection),
        NET_TEST(another_process_goes_on_with_a_share),
        NET_TEST(a_process_that_breaks_off_sends_none),
        NET_TEST(without_a_service_manager_there_is_nothing),
    };

    if (argc == 4 && strcmp(argv[1], "child") == 0)
        return run_child(argv[2], argv[3]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
