/* SPDX-License-Identifier: MIT */
/* Sockets on their way to another process, which here is this one. */
#include "unit.h"

#include "layer.h"

#include <pier/error.h>
#include <string.h>

/* What goes over the channel first, and all of it when a handle is beside. */
#define HEADER 32

static const int channels[] = { PIER_AF_UNIX, PIER_AF_INET };

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void open_pair(struct pier_socket *ends[2], int family, int type)
{
    CHECK_OK(pier_socketpair(ends, family, type, 0));
}

static void free_pair(struct pier_socket *ends[2])
{
    pier_free(ends[0]);
    pier_free(ends[1]);
}

static void check_talk(struct pier_socket *from, struct pier_socket *to)
{
    char byte = 0;

    CHECK_INT(pier_send(from, "b", 1, 0), 1);
    CHECK_INT(pier_recv(to, &byte, 1, 0), 1);
    CHECK_INT(byte, 'b');
}

/* ------------------------------------------------------ over a channel --- */

static void check_goes_over(int family, int type)
{
    struct pier_socket *ends[2], *goods[2], *s;

    open_pair(ends, family, type);
    open_pair(goods, PIER_AF_UNIX, PIER_SOCK_STREAM);
    CHECK_OK(pier_settimeout(goods[0], 5 * SECOND));
    CHECK_OK(pier_send_socket(ends[0], goods[0], 0));
    CHECK_OK(pier_recv_socket(&s, ends[1]));
    CHECK_INT(pier_family(s), PIER_AF_UNIX);
    CHECK_INT(pier_type(s), PIER_SOCK_STREAM);
    CHECK(pier_gettimeout(s) < 0);
    CHECK(pier_fileno(s) != pier_fileno(goods[0]));
    check_talk(s, goods[1]);
    pier_free(goods[0]);
    check_talk(goods[1], s);
    pier_free(s);
    pier_free(goods[1]);
    free_pair(ends);
    CHECK_INT(fake_journeys(), 0);
}

static void a_socket_goes_over_a_channel(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(channels); i++)
        check_goes_over(channels[i], PIER_SOCK_STREAM);
    check_goes_over(PIER_AF_UNIX, PIER_SOCK_DGRAM);
}

static void what_kind_of_socket_it_is_goes_with_it(void **state)
{
    struct pier_socket *ends[2], *u, *s;

    (void)state;
    CHECK_OK(pier_open(&u, PIER_AF_INET6, PIER_SOCK_DGRAM, PIER_IPPROTO_UDP));
    for (size_t i = 0; i < COUNT_OF(channels); i++) {
        open_pair(ends, channels[i], PIER_SOCK_STREAM);
        CHECK_OK(pier_send_socket(ends[0], u, FAKE_PROCESS));
        CHECK_OK(pier_recv_socket(&s, ends[1]));
        CHECK_INT(pier_family(s), PIER_AF_INET6);
        CHECK_INT(pier_type(s), PIER_SOCK_DGRAM);
        CHECK_INT(pier_protocol(s), PIER_IPPROTO_UDP);
        pier_free(s);
        free_pair(ends);
    }
    pier_free(u);
}

static void a_channel_that_moves_little_carries_it(void **state)
{
    struct pier_socket *ends[2], *goods[2], *s;

    (void)state;
    open_pair(goods, PIER_AF_UNIX, PIER_SOCK_STREAM);
    for (size_t i = 0; i < COUNT_OF(channels); i++) {
        open_pair(ends, channels[i], PIER_SOCK_STREAM);
        fake_limit_send(pier_fileno(ends[0]), 5);
        fake_limit_recv(pier_fileno(ends[1]), 3);
        CHECK_OK(pier_send_socket(ends[0], goods[0], 0));
        CHECK_OK(pier_send_socket(ends[0], goods[1], 0));
        CHECK_OK(pier_recv_socket(&s, ends[1]));
        check_talk(s, goods[1]);
        pier_free(s);
        CHECK_OK(pier_recv_socket(&s, ends[1]));
        check_talk(s, goods[0]);
        pier_free(s);
        free_pair(ends);
    }
    free_pair(goods);
}

/* The handle beside it once only, and on its own: s may be closed. */
static void the_handle_is_sent_once_and_closed_here(void **state)
{
    struct pier_socket *ends[2], *u = open_udp();

    (void)state;
    open_pair(ends, PIER_AF_UNIX, PIER_SOCK_STREAM);
    fake_limit_send(pier_fileno(ends[0]), 20);
    fake_clear_calls();
    CHECK_OK(pier_send_socket(ends[0], u, 0));
    CHECK(strcmp(fake_log(), "dup send_handle send close") == 0);
    pier_free(u);
    free_pair(ends);
}

static void what_was_shut_down_stays_so(void **state)
{
    struct pier_socket *ends[2], *goods[2], *s;
    char byte;

    (void)state;
    open_pair(goods, PIER_AF_UNIX, PIER_SOCK_STREAM);
    open_pair(ends, PIER_AF_UNIX, PIER_SOCK_STREAM);
    CHECK_INT(pier_send(goods[1], "late", 4, 0), 4);
    CHECK_OK(pier_shutdown(goods[0], PIER_SHUT_RD));
    CHECK_OK(pier_send_socket(ends[0], goods[0], 0));
    CHECK_OK(pier_recv_socket(&s, ends[1]));
    CHECK_INT(pier_recv(s, &byte, 1, 0), 0);
    pier_free(s);
    free_pair(ends);
    free_pair(goods);
}

/* As for a duplicate: both have one mode. */
static void the_mode_no_longer_follows_the_timeout(void **state)
{
    struct pier_socket *ends[2], *s = open_connected();

    (void)state;
    CHECK_OK(pier_set_descriptor_mode(s, PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    CHECK(!fake_is_nonblocking(pier_fileno(s)));
    open_pair(ends, PIER_AF_UNIX, PIER_SOCK_STREAM);
    CHECK_OK(pier_send_socket(ends[0], s, 0));
    CHECK(fake_is_nonblocking(pier_fileno(s)));
    free_pair(ends);
    pier_free(s);
}

/* ---------------------------------------------------------------- time --- */

static struct pier_socket *sender, *goods;

static void do_send_socket(void *unused)
{
    (void)unused;
    CHECK_OK(pier_send_socket(sender, goods, 0));
}

static void receiving_waits_for_the_sender(void **state)
{
    struct pier_socket *ends[2], *s;

    (void)state;
    goods = open_udp();
    for (size_t i = 0; i < COUNT_OF(channels); i++) {
        int64_t start = pier_monotonic();

        open_pair(ends, channels[i], PIER_SOCK_STREAM);
        sender = ends[0];
        fake_at(30 * MS, do_send_socket, NULL);
        CHECK_OK(pier_recv_socket(&s, ends[1]));
        CHECK_INT(pier_monotonic() - start, 30 * MS);
        pier_free(s);
        fake_join();
        free_pair(ends);
    }
    pier_free(goods);
}

static void feed_part(void *end)
{
    CHECK_OK(pier_sendall(end, "pier", 4, 0, NULL));
}

/* One limit for all of it. */
static void a_part_does_not_begin_the_time_anew(void **state)
{
    struct pier_socket *ends[2], *s;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(channels); i++) {
        int64_t start = pier_monotonic();

        open_pair(ends, channels[i], PIER_SOCK_STREAM);
        CHECK_OK(pier_settimeout(ends[1], 50 * MS));
        fake_at(30 * MS, feed_part, ends[0]);
        CHECK_ERR(pier_recv_socket(&s, ends[1]), PIER_EDEADLINE);
        CHECK_INT(pier_monotonic() - start, 50 * MS);
        CHECK(s == NULL);
        fake_join();
        free_pair(ends);
    }
}

static void sending_waits_for_room(void **state)
{
    struct pier_socket *ends[2], *u = open_udp();
    int64_t start = pier_monotonic();

    (void)state;
    open_pair(ends, PIER_AF_UNIX, PIER_SOCK_STREAM);
    fake_send_room(pier_fileno(ends[0]), 10);
    CHECK_OK(pier_settimeout(ends[0], 20 * MS));
    CHECK_ERR(pier_send_socket(ends[0], u, 0), PIER_EDEADLINE);
    CHECK_INT(pier_monotonic() - start, 20 * MS);
    free_pair(ends);
    pier_free(u);
}

static void a_full_queue_of_datagrams_is_tried_again(void **state)
{
    struct pier_socket *ends[2], *u = open_udp(), *s;
    int64_t start = pier_monotonic();

    (void)state;
    open_pair(ends, PIER_AF_UNIX, PIER_SOCK_DGRAM);
    fake_block_send(pier_fileno(ends[0]), 5 * MS);
    CHECK_OK(pier_send_socket(ends[0], u, 0));
    CHECK_INT(pier_monotonic() - start, 6 * MS);
    CHECK_OK(pier_recv_socket(&s, ends[1]));
    pier_free(s);
    free_pair(ends);
    pier_free(u);
}

/* -------------------------------------------------------- what is none --- */

/* The parcel of s as it goes over such a channel; the handle beside it gets
 * lost. Its length. */
static size_t tap(unsigned char bytes[1024], int family, struct pier_socket *s)
{
    struct pier_socket *ends[2];
    ptrdiff_t n;

    open_pair(ends, family, PIER_SOCK_STREAM);
    CHECK_OK(pier_send_socket(ends[0], s, 0));
    n = pier_recv(ends[1], bytes, 1024, 0);
    CHECK(n >= HEADER);
    free_pair(ends);
    return (size_t)n;
}

/* What receiving makes of these bytes, with handles beside their parts. */
static pier_err receive(int family, const unsigned char *bytes, size_t length,
                        const pier_handle beside[2])
{
    struct pier_socket *ends[2], *s;
    size_t half = beside[0] >= 0 && beside[1] >= 0 ? length / 2 : 0;
    pier_err err;

    open_pair(ends, family, PIER_SOCK_STREAM);
    if (half > 0) {
        CHECK_INT(
            pierp_send_handle(pier_fileno(ends[0]), bytes, half, beside[1]),
            half);
    }
    if (beside[0] >= 0) {
        CHECK_INT(pierp_send_handle(pier_fileno(ends[0]), bytes + half,
                                    length - half, beside[0]),
                  length - half);
    } else {
        CHECK_OK(pier_sendall(ends[0], bytes, length, 0, NULL));
    }
    pier_free(ends[0]);
    err = pier_recv_socket(&s, ends[1]);
    CHECK((s == NULL) == (err != PIER_OK));
    pier_free(s);
    pier_free(ends[1]);
    return err;
}

static const pier_handle nothing[2] = { PIER_INVALID_HANDLE,
                                        PIER_INVALID_HANDLE };

/* Where its length was changed more may be waited for than comes. */
static bool is_refused(pier_err err, size_t changed)
{
    bool is_length = changed == 10 || changed == 11;

    return err == PIER_EBADMSG || (is_length && err == PIER_EEOF);
}

static void bytes_that_were_changed_are_refused(void **state)
{
    unsigned char bytes[1024];
    struct pier_socket *u = open_udp();
    const pier_handle beside[2] = { pier_fileno(u), PIER_INVALID_HANDLE };
    size_t n = tap(bytes, PIER_AF_UNIX, u);

    (void)state;
    CHECK_INT(n, HEADER);
    CHECK_OK(receive(PIER_AF_UNIX, bytes, n, beside));
    for (size_t i = 0; i < n; i++) {
        bytes[i] ^= 0x10;
        CHECK(is_refused(receive(PIER_AF_UNIX, bytes, n, beside), i));
        bytes[i] ^= 0x10;
    }
    pier_free(u);
}

static void a_share_that_was_changed_is_refused(void **state)
{
    unsigned char bytes[1024];
    struct pier_socket *u = open_udp();
    size_t n = tap(bytes, PIER_AF_INET, u);

    (void)state;
    CHECK(n > HEADER);
    for (size_t i = 0; i < n; i++) {
        bytes[i] ^= 0x01;
        CHECK(is_refused(receive(PIER_AF_INET, bytes, n, nothing), i));
        bytes[i] ^= 0x01;
    }
    CHECK_OK(receive(PIER_AF_INET, bytes, n, nothing));
    /* The system knows it no more. */
    CHECK_ERR(receive(PIER_AF_INET, bytes, n, nothing), PIER_EBADMSG);
    pier_free(u);
}

static void a_handle_that_lacks_or_is_too_many_is_told(void **state)
{
    unsigned char bytes[1024];
    struct pier_socket *u = open_udp();
    const pier_handle two[2] = { pier_fileno(u), pier_fileno(u) };
    size_t n = tap(bytes, PIER_AF_UNIX, u);

    (void)state;
    CHECK_ERR(receive(PIER_AF_UNIX, bytes, n, nothing), PIER_EBADMSG);
    CHECK_ERR(receive(PIER_AF_UNIX, bytes, n, two), PIER_EBADMSG);
    /* That of the other way. */
    n = tap(bytes, PIER_AF_INET, u);
    CHECK_ERR(receive(PIER_AF_UNIX, bytes, n, nothing), PIER_EBADMSG);
    pier_free(u);
}

static void a_handle_of_another_kind_is_told(void **state)
{
    unsigned char bytes[1024];
    struct pier_socket *u = open_udp(), *t = open_tcp();
    const pier_handle none = fake_foreign(0, FAKE_NO_SOCKET, 0);
    const pier_handle other[2] = { pier_fileno(t), PIER_INVALID_HANDLE };
    const pier_handle no_socket[2] = { none, PIER_INVALID_HANDLE };
    size_t n = tap(bytes, PIER_AF_UNIX, u);

    (void)state;
    CHECK_ERR(receive(PIER_AF_UNIX, bytes, n, other), PIER_EBADMSG);
    CHECK_ERR(receive(PIER_AF_UNIX, bytes, n, no_socket), PIER_EBADMSG);
    CHECK_OK(pierp_close(none));
    pier_free(t);
    pier_free(u);
}

/* It does not wait for the rest of what is none anyway. */
static void a_stranger_is_told_by_his_first_word(void **state)
{
    struct pier_socket *ends[2], *s;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(channels); i++) {
        open_pair(ends, channels[i], PIER_SOCK_STREAM);
        CHECK_INT(pier_send(ends[0], "GET /", 5, 0), 5);
        CHECK_ERR(pier_recv_socket(&s, ends[1]), PIER_EBADMSG);
        CHECK(s == NULL);
        free_pair(ends);
    }
}

static void datagrams_are_whole_or_none(void **state)
{
    static const char bytes[] = "pier/sk1and so on, longer than any header is";
    struct pier_socket *ends[2], *s;

    (void)state;
    open_pair(ends, PIER_AF_UNIX, PIER_SOCK_DGRAM);
    CHECK_INT(pier_send(ends[0], bytes, 20, 0), 20);
    CHECK_INT(pier_send(ends[0], bytes, 44, 0), 44);
    CHECK_INT(pier_send(ends[0], "", 0, 0), 0);
    for (int i = 0; i < 3; i++)
        CHECK_ERR(pier_recv_socket(&s, ends[1]), PIER_EBADMSG);
    free_pair(ends);
}

static void a_sender_that_is_gone_is_the_end(void **state)
{
    unsigned char bytes[1024];
    struct pier_socket *u = open_udp();
    const pier_handle beside[2] = { pier_fileno(u), PIER_INVALID_HANDLE };

    (void)state;
    (void)tap(bytes, PIER_AF_UNIX, u);
    CHECK_ERR(receive(PIER_AF_UNIX, bytes, 0, nothing), PIER_EEOF);
    CHECK_ERR(receive(PIER_AF_UNIX, bytes, HEADER - 1, beside), PIER_EEOF);
    (void)tap(bytes, PIER_AF_INET, u);
    CHECK_ERR(receive(PIER_AF_INET, bytes, 0, nothing), PIER_EEOF);
    CHECK_ERR(receive(PIER_AF_INET, bytes, HEADER, nothing), PIER_EEOF);
    pier_free(u);
}

static void a_receiver_that_is_gone_is_told(void **state)
{
    struct pier_socket *ends[2], *u = open_udp();

    (void)state;
    open_pair(ends, PIER_AF_UNIX, PIER_SOCK_STREAM);
    pier_free(ends[1]);
    CHECK_ERR(pier_send_socket(ends[0], u, 0), PIER_EPIPE);
    pier_free(ends[0]);
    pier_free(u);
    CHECK_INT(fake_journeys(), 0);
}

/* ------------------------------------------------------------ refusals --- */

static const struct pieri_layer some_layer = { 0 };

static void what_cannot_go_is_refused(void **state)
{
    struct pier_socket *ends[2], *u = open_udp(), *s = u;

    (void)state;
    CHECK_ERR(pier_send_socket(u, u, 0), PIER_ENOTSUP);
    CHECK_ERR(pier_recv_socket(&s, u), PIER_ENOTSUP);
    CHECK(s == NULL);
    open_pair(ends, PIER_AF_UNIX, PIER_SOCK_STREAM);
    CHECK_ERR(pier_send_socket(NULL, u, 0), PIER_EINVAL);
    CHECK_ERR(pier_send_socket(ends[0], NULL, 0), PIER_EINVAL);
    CHECK_ERR(pier_recv_socket(NULL, ends[1]), PIER_EINVAL);
    CHECK_ERR(pier_recv_socket(&s, NULL), PIER_EINVAL);
    CHECK_OK(pier_close(u));
    CHECK_ERR(pier_send_socket(ends[0], u, 0), PIER_EBADF);
    CHECK_ERR(pier_recv_socket(&s, u), PIER_ENOTSUP);
    pier_free(u);
    free_pair(ends);
}

static void no_layer_goes_and_none_carries(void **state)
{
    struct pier_socket *ends[2], *l = open_connected(), *s;
    struct pier_share_info info;

    (void)state;
    open_pair(ends, PIER_AF_UNIX, PIER_SOCK_STREAM);
    CHECK_OK(pieri_layer_set(l, &some_layer, NULL));
    CHECK_ERR(pier_send_socket(ends[0], l, 0), PIER_EOPNOTSUPP);
    CHECK_ERR(pier_send_socket(l, ends[0], 0), PIER_EOPNOTSUPP);
    CHECK_ERR(pier_recv_socket(&s, l), PIER_EOPNOTSUPP);
    CHECK_ERR(pier_share(&info, l, 0), PIER_EOPNOTSUPP);
    CHECK_INT(info.length, 0);
    pier_free(l);
    free_pair(ends);
}

/* ------------------------------------------------------------ as bytes --- */

static void a_share_becomes_a_socket(void **state)
{
    struct pier_socket *t, *s, *again;
    struct pier_share_info info;

    (void)state;
    CHECK_OK(pier_open(&t, PIER_AF_INET6, PIER_SOCK_STREAM, 0));
    CHECK_OK(pier_share(&info, t, FAKE_PROCESS));
    CHECK_OK(pier_fromshare(&s, &info));
    CHECK_INT(pier_family(s), PIER_AF_INET6);
    CHECK_INT(pier_type(s), PIER_SOCK_STREAM);
    CHECK_INT(pier_protocol(s), 0);
    CHECK(pier_fileno(s) != pier_fileno(t));
    CHECK_ERR(pier_fromshare(&again, &info), PIER_EINVAL);
    CHECK(again == NULL);
    pier_free(s);
    pier_free(t);
}

static void bytes_that_are_no_share_are_refused(void **state)
{
    struct pier_socket *t = open_tcp(), *s = t;
    struct pier_share_info info;

    (void)state;
    CHECK_OK(pier_share(&info, t, 0));
    for (size_t i = 0; i < info.length; i++) {
        info.bytes[i] ^= 0x80;
        CHECK_ERR(pier_fromshare(&s, &info), PIER_EINVAL);
        info.bytes[i] ^= 0x80;
    }
    CHECK(s == NULL);
    for (size_t i = 0; i <= 2000; i++) {
        struct pier_share_info other = info;

        other.length = i;
        if (i != info.length)
            CHECK_ERR(pier_fromshare(&s, &other), PIER_EINVAL);
    }
    info.length = SIZE_MAX;
    CHECK_ERR(pier_fromshare(&s, &info), PIER_EINVAL);
    pier_free(t);
}

static void a_share_needs_a_process_and_a_socket(void **state)
{
    struct pier_socket *t = open_tcp(), *s;
    struct pier_share_info info;

    (void)state;
    CHECK_ERR(pier_share(&info, t, 1), PIER_EINVAL);
    CHECK_INT(info.length, 0);
    CHECK_ERR(pier_share(&info, t, -1), PIER_EINVAL);
    CHECK_ERR(pier_share(NULL, t, 0), PIER_EINVAL);
    CHECK_ERR(pier_share(&info, NULL, 0), PIER_EINVAL);
    CHECK_ERR(pier_fromshare(NULL, &info), PIER_EINVAL);
    CHECK_ERR(pier_fromshare(&s, NULL), PIER_EINVAL);
    CHECK_OK(pier_close(t));
    CHECK_ERR(pier_share(&info, t, 0), PIER_EBADF);
    pier_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_socket_goes_over_a_channel),
        ON_FAKE(what_kind_of_socket_it_is_goes_with_it),
        ON_FAKE(a_channel_that_moves_little_carries_it),
        ON_FAKE(the_handle_is_sent_once_and_closed_here),
        ON_FAKE(what_was_shut_down_stays_so),
        ON_FAKE(the_mode_no_longer_follows_the_timeout),
        ON_FAKE(receiving_waits_for_the_sender),
        ON_FAKE(a_part_does_not_begin_the_time_anew),
        ON_FAKE(sending_waits_for_room),
        ON_FAKE(a_full_queue_of_datagrams_is_tried_again),
        ON_FAKE(bytes_that_were_changed_are_refused),
        ON_FAKE(a_share_that_was_changed_is_refused),
        ON_FAKE(a_handle_that_lacks_or_is_too_many_is_told),
        ON_FAKE(a_handle_of_another_kind_is_told),
        ON_FAKE(a_stranger_is_told_by_his_first_word),
        ON_FAKE(datagrams_are_whole_or_none),
        ON_FAKE(a_sender_that_is_gone_is_the_end),
        ON_FAKE(a_receiver_that_is_gone_is_told),
        ON_FAKE(what_cannot_go_is_refused),
        ON_FAKE(no_layer_goes_and_none_carries),
        ON_FAKE(a_share_becomes_a_socket),
        ON_FAKE(bytes_that_are_no_share_are_refused),
        ON_FAKE(a_share_needs_a_process_and_a_socket),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
