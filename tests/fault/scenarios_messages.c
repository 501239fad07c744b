/* SPDX-License-Identifier: MIT */
/* Failures while messages move, one or several. */
#include "sweep.h"

#include <pier/message.h>
#include <string.h>

enum {
    PIECES = 20, /* more than are kept on the stack */
    FLAGS = 0x5a
};

static char buffer[PIECES];
static struct pier_buffer pieces[PIECES];

static struct pier_message room_for(size_t count)
{
    memset(buffer, 0, sizeof(buffer));
    for (size_t i = 0; i < PIECES; i++)
        pieces[i] = (struct pier_buffer){ buffer + i, 1 };
    return (struct pier_message){ .buffers = pieces,
                                  .buffer_count = count,
                                  .flags = FLAGS };
}

/* A stream to a scripted remote. */
static pier_err with_stream(void (*use)(struct pier_socket *s, pier_handle h,
                                        pier_err *first))
{
    pier_handle h = fake_connected();
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, pier_adopt(&s, h, -1, -1, -1))) {
        end_failures();
        CHECK_OK(pierp_close(h));
        return first;
    }
    use(s, h, &first);
    end_failures();
    CHECK_OK(pier_close(s));
    pier_free(s);
    return first;
}

static void send_and_receive(struct pier_socket *s, pier_handle h,
                             pier_err *first)
{
    struct pier_message m = room_for(PIECES);
    ptrdiff_t n;

    fake_feed(h, "abc", 3, 5 * MS);
    if (failed(first, pier_sendmsg(s, &m, 0)))
        return;
    if (failed(first, n = pier_recvmsg(s, &m, 0))) {
        CHECK_INT(m.flags, FLAGS);
        return;
    }
    CHECK_INT(n, 3);
    CHECK(m.flags == 0 && memcmp(buffer, "abc", 3) == 0);
}

/* All comes at once: what came before a failure would be no failure. */
static void receive_whole(struct pier_socket *s, pier_handle h,
                          pier_err *first)
{
    struct pier_message m = room_for(PIECES);
    ptrdiff_t n;

    fake_feed(h, "0123456789abcdefghij", PIECES, 5 * MS);
    if (failed(first, n = pier_recvmsg(s, &m, PIER_MSG_WAITALL))) {
        CHECK_INT(m.flags, FLAGS);
        return;
    }
    CHECK_INT(n, PIECES);
    CHECK(memcmp(buffer, "0123456789abcdefghij", PIECES) == 0);
}

static pier_err run_messages(void)
{
    return with_stream(send_and_receive);
}

static pier_err run_whole(void)
{
    return with_stream(receive_whole);
}

static void exchange_datagrams(struct pier_socket *s, pier_err *first)
{
    struct pier_address here = fake_loopback(4000);
    struct pier_datagram d[3];
    ptrdiff_t n;

    for (size_t i = 0; i < 3; i++)
        d[i] = (struct pier_datagram){ room_for(i + 1), -1 };
    for (size_t i = 0; i < 3; i++)
        d[i].message.address = &here;
    if (failed(first, n = pier_sendmmsg(s, d, 3, 0)))
        return;
    CHECK_INT(n, 3);
    if (failed(first, n = pier_recvmmsg(s, d, 3, 0))) {
        CHECK_INT(d[0].message.flags, FLAGS);
        return;
    }
    CHECK_INT(n, 3);
    CHECK(d[0].result == 1 && d[1].result == 2 && d[2].result == 3);
}

static pier_err run_batches(void)
{
    struct pier_address here = fake_loopback(4000);
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, pier_open(&s, PIER_AF_INET, PIER_SOCK_DGRAM, 0)))
        return first;
    if (!failed(&first, pier_bind(s, &here)))
        exchange_datagrams(s, &first);
    pier_free(s);
    return first;
}

static const struct scenario scenarios[] = {
    { "sendmsg and recvmsg", run_messages, false },
    { "recvmsg of a whole message", run_whole, false },
    { "sendmmsg and recvmmsg", run_batches, false },
};

SCENARIO_GROUP(message_scenarios, scenarios);
