/* SPDX-License-Identifier: MIT */
/* Several datagrams in one call, as Linux asks for them: by an option or by
 * control data, which pass through pier as they are. */
#include "net.h"

#include <netinet/in.h>
#include <string.h>

/* Of linux/udp.h, which older headers lack. */
#define LEVEL           IPPROTO_UDP
#define OPTION_SEGMENTS 103
#define OPTION_JOINED   104

enum {
    SIZE = 257, /* the same in either byte order */
    TWO = 2 * SIZE,
    REST = 100,
    ALL = TWO + REST
};

static char sent[ALL];
static char got[2 * ALL];
static struct pier_socket *from, *to;
static struct pier_address where;

static int begin(void **state)
{
    struct pier_socket *ends[2];

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    from = ends[0];
    to = ends[1];
    where = name_of(to);
    for (int i = 0; i < ALL; i++)
        sent[i] = (char)('a' + i % 26);
    return 0;
}

static void set(struct pier_socket *s, int option, int value)
{
    pier_err err = pier_setsockopt(s, LEVEL, option, &value, sizeof(value));

    if (err == PIER_ENOPROTOOPT)
        skip_because("this kernel has no segments of datagrams");
    CHECK_OK(err);
}

static void check_segments(void)
{
    CHECK_INT(pier_recv(to, got, sizeof(got), 0), SIZE);
    CHECK(memcmp(got, sent, SIZE) == 0);
    CHECK_INT(pier_recv(to, got, sizeof(got), 0), SIZE);
    CHECK(memcmp(got, sent + SIZE, SIZE) == 0);
    CHECK_INT(pier_recv(to, got, sizeof(got), 0), REST);
    CHECK(memcmp(got, sent + TWO, REST) == 0);
    CHECK_ERR(pier_recv(to, got, 1, PIER_MSG_DONTWAIT), PIER_EAGAIN);
}

static void a_send_becomes_several_datagrams_by_an_option(void **state)
{
    (void)state;
    set(from, OPTION_SEGMENTS, SIZE);
    CHECK_INT(pier_sendto(from, sent, ALL, 0, &where), ALL);
    check_segments();
    set(from, OPTION_SEGMENTS, 0);
    CHECK_INT(pier_sendto(from, sent, ALL, 0, &where), ALL);
    CHECK_INT(pier_recv(to, got, sizeof(got), 0), ALL);
}

static ptrdiff_t send_in_segments(uint16_t size)
{
    union {
        size_t aligned;
        unsigned char bytes[64];
    } room;
    struct pier_buffer pieces[] = { { sent, 50 }, { sent + 50, ALL - 50 } };
    struct pier_message m = { .address = &where,
                              .buffers = pieces,
                              .buffer_count = 2,
                              .control = room.bytes };

    CHECK_OK(pier_control_put(&m, sizeof(room), LEVEL, OPTION_SEGMENTS, &size,
                              sizeof(size)));
    return pier_sendmsg(from, &m, 0);
}

static void a_message_becomes_several_datagrams_by_control_data(void **state)
{
    (void)state;
    set(from, OPTION_SEGMENTS, 0);
    CHECK_INT(send_in_segments(SIZE), ALL);
    check_segments();
}

/* What came as one message, with the size of its segments. */
static int receive_joined(void)
{
    union {
        size_t aligned;
        unsigned char bytes[64];
    } room;
    struct pier_buffer piece = { got, sizeof(got) };
    struct pier_message m = { .buffers = &piece,
                              .buffer_count = 1,
                              .control = room.bytes,
                              .control_length = sizeof(room) };
    struct pier_control item = { 0 };
    int size = 0;

    CHECK_INT(pier_recvmsg(to, &m, 0), ALL);
    CHECK_INT(m.flags, 0);
    while (pier_control_next(&m, &item)) {
        CHECK_INT(item.level, LEVEL);
        CHECK_INT(item.type, OPTION_JOINED);
        CHECK_INT(item.length, sizeof(size));
        memcpy(&size, item.data, sizeof(size));
    }
    return size;
}

static void several_datagrams_are_received_as_one_message(void **state)
{
    int size;

    (void)state;
    set(to, OPTION_JOINED, 1);
    set(from, OPTION_SEGMENTS, SIZE);
    CHECK_INT(pier_sendto(from, sent, ALL, 0, &where), ALL);
    size = receive_joined();
    CHECK(memcmp(got, sent, ALL) == 0);
    if (size == SIZE * 65536)
        skip_because("the emulator leaves control data in its byte order");
    CHECK_INT(size, SIZE);
}

#define SEGMENT_TEST(function)                                                \
    cmocka_unit_test_setup_teardown(function, begin, free_sockets)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SEGMENT_TEST(a_send_becomes_several_datagrams_by_an_option),
        SEGMENT_TEST(a_message_becomes_several_datagrams_by_control_data),
        SEGMENT_TEST(several_datagrams_are_received_as_one_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
