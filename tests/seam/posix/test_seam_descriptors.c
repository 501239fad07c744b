/* SPDX-License-Identifier: MIT */
/* The flags of descriptors, which data calls do not show, and their number. */
#include "../loopback.h"
#include "thread.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

static void check_flags(pier_handle h)
{
    CHECK((fcntl((int)h, F_GETFL) & O_NONBLOCK) != 0);
    CHECK((fcntl((int)h, F_GETFD) & FD_CLOEXEC) != 0);
}

static int count_descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 1000; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void every_new_descriptor_is_private_and_does_not_block(void **state)
{
    pier_handle ends[2], pair[2], copy;

    (void)state;
    open_connection(ends);
    check_flags(ends[0]);
    check_flags(ends[1]);
    CHECK_OK(pierp_dup(&copy, ends[0]));
    check_flags(copy);
    CHECK_OK(pierp_pair(pair, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    check_flags(pair[0]);
    check_flags(pair[1]);
    CHECK_OK(pierp_close(copy));
    close_all(pair, 2);
    close_all(ends, 2);
}

static void failures_leave_no_descriptor_open(void **state)
{
    int before = count_descriptors();
    pier_handle h, pair[2];

    (void)state;
    CHECK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 9999) < 0);
    CHECK(pierp_pair(pair, PIER_AF_INET, PIER_SOCK_STREAM, 0) < 0);
    CHECK_ERR(pierp_dup(&h, 999), PIER_EBADF);
    CHECK_INT(count_descriptors(), before);
}

/* A stranger may send as many as he likes. */
static void of_many_handles_one_is_kept(void **state)
{
    enum {
        MANY = 200
    };
    static union {
        struct cmsghdr align;
        unsigned char bytes[CMSG_SPACE(MANY * sizeof(int))];
    } control;
    struct iovec piece = { (char[]){ 'x' }, 1 };
    struct msghdr m = { .msg_iov = &piece, .msg_iovlen = 1 };
    struct cmsghdr *item;
    pier_handle pair[2], h;
    bool cut;
    int before;

    (void)state;
    CHECK_OK(pierp_pair(pair, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    before = count_descriptors();
    m.msg_control = &control;
    m.msg_controllen = sizeof control.bytes;
    item = CMSG_FIRSTHDR(&m);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(MANY * sizeof(int));
    memset(CMSG_DATA(item), 0, MANY * sizeof(int)); /* the standard input */
    CHECK_INT(sendmsg((int)pair[0], &m, 0), 1);
    CHECK_INT(pierp_recv_handle(pair[1], &(char){ 0 }, 1, &h, &cut), 1);
    CHECK_INT(count_descriptors(), before + 1);
    CHECK((fcntl((int)h, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK_OK(pierp_close(h));
    close_all(pair, 2);
}

static void a_handle_without_room_is_told(void **state)
{
    struct rlimit limit, none;
    pier_handle pair[2], h = NOT_A_HANDLE;
    bool cut;
    ptrdiff_t n;

    (void)state;
    CHECK_OK(pierp_pair(pair, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    CHECK_INT(pierp_send_handle(pair[0], "x", 1, pair[0]), 1);
    CHECK_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = 0;
    CHECK_INT(setrlimit(RLIMIT_NOFILE, &none), 0);
    n = pierp_recv_handle(pair[1], &(char){ 0 }, 1, &h, &cut);
    CHECK_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
    CHECK_ERR(n, PIER_EMFILE);
    CHECK(h == NOT_A_HANDLE);
    close_all(pair, 2);
}

static void make_wake(void *argument)
{
    struct pierp_wake *own;

    *(pier_err *)argument = pierp_thread_wake(&own);
}

static void a_thread_gives_its_wake_back(void **state)
{
    int before = count_descriptors();

    (void)state;
    for (int i = 0; i < 20; i++) {
        pier_err err = PIER_EUNKNOWN;

        thread_join(thread_start(make_wake, &err));
        CHECK_OK(err);
    }
    CHECK_INT(count_descriptors(), before);
}

enum {
    BEYOND_ANY_SET = 2000 /* an fd_set ends at 1024 */
};

static pier_handle renumber(pier_handle h)
{
    struct rlimit limit;
    int high;

    CHECK_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_cur <= BEYOND_ANY_SET)
        limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    high = fcntl((int)h, F_DUPFD_CLOEXEC, BEYOND_ANY_SET);
    CHECK_OK(pierp_close(h));
    if (high < 0)
        skip_because("this user may not have so many descriptors");
    return high;
}

static void a_descriptor_beyond_any_set_is_waited_for(void **state)
{
    struct pier_address where;
    struct pierp_pollitem item = { .events = PIERP_POLL_IN };
    pier_handle h =
        renumber(open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &where));
    struct pierp_wake *own;
    unsigned got = 77;

    (void)state;
    CHECK(h >= BEYOND_ANY_SET);
    CHECK_OK(pierp_thread_wake(&own));
    CHECK_OK(pierp_wait(h, PIERP_READ, &own, 1, MS, &got));
    CHECK_INT(got, 0);
    CHECK_INT(pierp_sendto(h, "x", 1, 0, &where), 1);
    CHECK_INT(wait_for(h, PIERP_READ), PIERP_READY);
    item.handle = h;
    CHECK_OK(pierp_poll(&item, 1, &own, 1, 10 * SECONDS, &got));
    CHECK_INT(got, PIERP_READY);
    CHECK_INT(item.revents, PIERP_POLL_IN);
    CHECK_OK(pierp_close(h));
    where = closed_port();
    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    h = renumber(h);
    CHECK_ERR(end_connect(h, pierp_connect(h, &where)), PIER_ECONNREFUSED);
    CHECK_OK(pierp_close(h));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_new_descriptor_is_private_and_does_not_block),
        cmocka_unit_test(failures_leave_no_descriptor_open),
        cmocka_unit_test(of_many_handles_one_is_kept),
        cmocka_unit_test(a_handle_without_room_is_told),
        cmocka_unit_test(a_thread_gives_its_wake_back),
        cmocka_unit_test(a_descriptor_beyond_any_set_is_waited_for),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
