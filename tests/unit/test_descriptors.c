/* SPDX-License-Identifier: MIT */
/* What carries descriptors and the commands of the kernel's crypto: control
 * data that core makes and reads. */
#include "unit.h"

#include <limits.h>
#include <pier/error.h>
#include <string.h>

enum {
    ROOM = 4,
    MOST = 253 /* that are sent at once */
};

static char bytes[8];
static pier_handle fds[MOST + 1];
static size_t count;

static struct pier_socket *open_end(void)
{
    struct pier_socket *s;

    CHECK_OK(pier_adopt(&s, fake_connected_path(), -1, -1, -1));
    return s;
}

static ptrdiff_t receive(struct pier_socket *s, size_t room)
{
    memset(fds, 0x55, sizeof(fds));
    count = room;
    return pier_recv_fds(s, bytes, sizeof(bytes), fds, &count, 0);
}

/* ------------------------------------------------------------ sending --- */

static void descriptors_go_as_one_item_of_ints(void **state)
{
    static const int expected[] = { 1000, 1001 };
    struct pier_socket *s = open_end();
    struct pier_message m = { 0 };
    struct pier_control it = { 0 };

    (void)state;
    fds[0] = 1000;
    fds[1] = 1001;
    CHECK_INT(pier_send_fds(s, "abc", 3, fds, 2, 0), 3);
    m.control = (void *)(uintptr_t)fake_control_sent(pier_fileno(s),
                                                     &m.control_length);
    CHECK_INT(m.control_length, pier_cmsg_space(sizeof(expected)));
    CHECK(pier_control_next(&m, &it));
    CHECK(it.level == PIER_SOL_SOCKET && it.type == PIER_SCM_RIGHTS);
    CHECK_INT(it.length, sizeof(expected));
    CHECK(memcmp(it.data, expected, sizeof(expected)) == 0);
    pier_free(s);
}

static void no_descriptors_are_no_control_data(void **state)
{
    struct pier_socket *s = open_end();
    size_t length = 1;

    (void)state;
    CHECK_INT(pier_send_fds(s, "abc", 3, NULL, 0, 0), 3);
    (void)fake_control_sent(pier_fileno(s), &length);
    CHECK_INT(length, 0);
    pier_free(s);
}

static void as_many_go_as_any_system_takes(void **state)
{
    struct pier_socket *s = open_end();
    size_t length;

    (void)state;
    for (size_t i = 0; i <= MOST; i++)
        fds[i] = 1000;
    CHECK_INT(pier_send_fds(s, "a", 1, fds, MOST, 0), 1);
    (void)fake_control_sent(pier_fileno(s), &length);
    CHECK_INT(length, pier_cmsg_space(MOST * sizeof(int)));
    CHECK_ERR(pier_send_fds(s, "a", 1, fds, MOST + 1, 0), PIER_ETOOMANYREFS);
    CHECK_ERR(pier_send_fds(s, "a", 1, fds, SIZE_MAX, 0), PIER_ETOOMANYREFS);
    pier_free(s);
}

static void what_is_no_descriptor_is_not_sent(void **state)
{
    struct pier_socket *s = open_end();

    (void)state;
    fds[0] = 1000;
    fds[1] = PIER_INVALID_HANDLE;
    CHECK_ERR(pier_send_fds(s, "a", 1, fds, 2, 0), PIER_EBADF);
    if (INTPTR_MAX > INT_MAX) {
        fds[1] = (pier_handle)((uintptr_t)INT_MAX + 1);
        CHECK_ERR(pier_send_fds(s, "a", 1, fds, 2, 0), PIER_EBADF);
    }
    CHECK_INT(fake_calls_of(FAKE_SENDMSG), 0);
    pier_free(s);
}

static void what_the_system_says_of_a_send_is_told(void **state)
{
    struct pier_socket *s = open_end();

    (void)state;
    fds[0] = 1000;
    fake_fail(FAKE_SENDMSG, 1, PIER_EBADF);
    CHECK_ERR(pier_send_fds(s, "a", 1, fds, 1, 0), PIER_EBADF);
    fake_block_send(pier_fileno(s), SECOND);
    CHECK_ERR(pier_send_fds(s, "a", 1, fds, 1, PIER_MSG_DONTWAIT),
              PIER_EAGAIN);
    pier_free(s);
}

/* ---------------------------------------------------------- receiving --- */

/* What the next receive gets: bytes and items of so many descriptors. */
static void bring_with(struct pier_socket *s, size_t items, size_t each,
                       int flags)
{
    static max_align_t block[64];
    struct pier_message m = { .control = block };
    int numbers[ROOM];

    for (size_t i = 0; i < items; i++) {
        for (size_t n = 0; n < each; n++)
            numbers[n] = (int)fake_descriptor();
        CHECK_OK(pier_control_put(&m, sizeof(block), PIER_SOL_SOCKET,
                                  PIER_SCM_RIGHTS, numbers,
                                  each * sizeof(int)));
    }
    fake_control(pier_fileno(s), block, m.control_length, flags);
    fake_feed(pier_fileno(s), "abc", 3, 0);
}

static void bring(struct pier_socket *s, size_t items, size_t each)
{
    bring_with(s, items, each, 0);
}

static void close_received(void)
{
    for (size_t i = 0; i < count; i++)
        CHECK_OK(pierp_close(fds[i]));
}

static void descriptors_of_all_items_come(void **state)
{
    struct pier_socket *s = open_end();

    (void)state;
    bring(s, 2, 2);
    CHECK_INT(receive(s, ROOM), 3);
    CHECK_INT(count, 4);
    for (size_t i = 0; i < count; i++)
        CHECK_INT(fds[i], 1000 + (long long)i);
    close_received();
    pier_free(s);
}

static void those_without_room_are_closed(void **state)
{
    struct pier_socket *s = open_end();
    unsigned before = fake_handles();

    (void)state;
    for (size_t room = 0; room <= 3; room++) {
        bring(s, 1, 4);
        CHECK_INT(receive(s, room), 3);
        CHECK_INT(count, room);
        CHECK_INT(fake_handles(), before + room);
        close_received();
    }
    bring(s, 1, 3);
    count = 0;
    CHECK_INT(pier_recv_fds(s, bytes, 3, NULL, &count, 0), 3);
    CHECK_INT(fake_handles(), before);
    pier_free(s);
}

static void descriptors_that_are_missing_are_told(void **state)
{
    struct pier_socket *s = open_end();
    unsigned before = fake_handles();

    (void)state;
    for (size_t came = 0; came <= 3; came++) {
        bring_with(s, 1, came, PIER_MSG_CTRUNC);
        CHECK_ERR(receive(s, ROOM), PIER_EMFILE);
        CHECK_INT(count, 0);
        CHECK_INT(fake_handles(), before);
    }
    bring(s, 1, 1);
    CHECK_INT(receive(s, ROOM), 3);
    CHECK_INT(count, 1);
    close_received();
    pier_free(s);
}

static void put_item(struct pier_message *m, int level, int type,
                     const void *data, size_t length)
{
    CHECK_OK(pier_control_put(m, 128, level, type, data, length));
}

static void other_control_data_is_passed_over(void **state)
{
    static max_align_t block[16];
    struct pier_message m = { .control = block };
    struct pier_socket *s = open_end();
    const int numbers[] = { (int)fake_descriptor(), 77 };

    (void)state;
    put_item(&m, PIER_SOL_SOCKET, PIER_SCM_RIGHTS + 1, numbers, 8);
    put_item(&m, PIER_SOL_SOCKET + 1, PIER_SCM_RIGHTS, numbers, 8);
    /* The half of a second one is none. */
    put_item(&m, PIER_SOL_SOCKET, PIER_SCM_RIGHTS, numbers, 6);
    fake_control(pier_fileno(s), block, m.control_length, 0);
    fake_feed(pier_fileno(s), "abc", 3, 0);
    CHECK_INT(receive(s, ROOM), 3);
    CHECK(count == 1 && fds[0] == numbers[0]);
    close_received();
    pier_free(s);
}

static void a_failed_receive_brings_nothing(void **state)
{
    struct pier_socket *s = open_end();
    size_t none = 9;

    (void)state;
    fake_fail(FAKE_RECVMSG, 1, PIER_ENOMEM);
    CHECK_ERR(receive(s, ROOM), PIER_ENOMEM);
    CHECK_INT(count, 0);
    CHECK_OK(pier_settimeout(s, 5 * MS));
    CHECK_ERR(receive(s, ROOM), PIER_EDEADLINE);
    CHECK_INT(count, 0);
    CHECK_ERR(pier_recv_fds(NULL, bytes, 1, fds, &none, 0), PIER_EINVAL);
    CHECK_INT(none, 0);
    pier_free(s);
}

/* ------------------------------------------------------------ refused --- */

static void what_is_missing_is_refused(void **state)
{
    struct pier_socket *s = open_end();

    (void)state;
    count = 1;
    CHECK_ERR(pier_recv_fds(s, bytes, 1, fds, NULL, 0), PIER_EINVAL);
    CHECK_ERR(pier_recv_fds(s, bytes, 1, NULL, &count, 0), PIER_EINVAL);
    count = 1;
    CHECK_ERR(pier_recv_fds(s, NULL, 1, fds, &count, 0), PIER_EINVAL);
    CHECK_ERR(pier_send_fds(NULL, "a", 1, fds, 1, 0), PIER_EINVAL);
    CHECK_ERR(pier_send_fds(s, "a", 1, NULL, 1, 0), PIER_EINVAL);
    CHECK_ERR(pier_send_fds(s, NULL, 1, NULL, 0, 0), PIER_EINVAL);
    CHECK_ERR(pier_send_fds(s, "a", 0, fds, 1, 0), PIER_EINVAL);
    CHECK_INT(fake_calls_of(FAKE_SENDMSG) + fake_calls_of(FAKE_RECVMSG), 0);
    pier_free(s);
}

static void check_not_supported(struct pier_socket *s)
{
    count = 1;
    CHECK_ERR(pier_recv_fds(s, bytes, 1, fds, &count, 0), PIER_ENOTSUP);
    CHECK_INT(count, 0);
    CHECK_ERR(pier_send_fds(s, "a", 1, fds, 1, 0), PIER_ENOTSUP);
    pier_free(s);
}

static void over_a_network_none_are_sent(void **state)
{
    (void)state;
    check_not_supported(open_connected());
    check_not_supported(open_udp());
}

static void where_none_can_be_sent_that_is_said(void **state)
{
    (void)state;
    check_not_supported(open_end());
}

/* ------------------------------------------------------------- crypto --- */

static struct pier_buffer piece = { bytes, sizeof(bytes) };

static void crypto_is_for_its_family_alone(void **state)
{
    struct pier_socket *s = open_connected();
    const pier_err expected = PIER_HAVE_AF_ALG ? PIER_EINVAL : PIER_ENOTSUP;

    (void)state;
    CHECK_ERR(pier_send_afalg(s, &piece, 1, 0, NULL, 0, -1, 0), expected);
    CHECK_INT(fake_calls_of(FAKE_SENDMSG), 0);
    pier_free(s);
}

static void commands_out_of_range_are_refused(void **state)
{
    struct pier_socket *s = open_connected();
    const int64_t too_long = (int64_t)UINT32_MAX + 1;

    (void)state;
    CHECK_ERR(pier_send_afalg(NULL, &piece, 1, 0, NULL, 0, -1, 0),
              PIER_EINVAL);
    CHECK_ERR(pier_send_afalg(s, &piece, 1, -1, NULL, 0, -1, 0), PIER_EINVAL);
    CHECK_ERR(pier_send_afalg(s, &piece, 1, 0, NULL, 1, -1, 0), PIER_EINVAL);
    CHECK_ERR(pier_send_afalg(s, &piece, 1, 0, NULL, 0, too_long, 0),
              PIER_EINVAL);
    pier_free(s);
}

static int run_with_descriptors(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(descriptors_go_as_one_item_of_ints),
        ON_FAKE(no_descriptors_are_no_control_data),
        ON_FAKE(as_many_go_as_any_system_takes),
        ON_FAKE(what_is_no_descriptor_is_not_sent),
        ON_FAKE(what_the_system_says_of_a_send_is_told),
        ON_FAKE(descriptors_of_all_items_come),
        ON_FAKE(those_without_room_are_closed),
        ON_FAKE(descriptors_that_are_missing_are_told),
        ON_FAKE(other_control_data_is_passed_over),
        ON_FAKE(a_failed_receive_brings_nothing),
        ON_FAKE(what_is_missing_is_refused),
        ON_FAKE(over_a_network_none_are_sent),
        ON_FAKE(crypto_is_for_its_family_alone),
        ON_FAKE(commands_out_of_range_are_refused),
    };

    return cmocka_run_group_tests_name("descriptors", tests, NULL, NULL);
}

static int run_without_descriptors(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(where_none_can_be_sent_that_is_said),
        ON_FAKE(crypto_is_for_its_family_alone),
        ON_FAKE(commands_out_of_range_are_refused),
    };

    return cmocka_run_group_tests_name("descriptors", tests, NULL, NULL);
}

int main(void)
{
    return PIER_HAVE_SCM_RIGHTS ? run_with_descriptors()
                                : run_without_descriptors();
}
