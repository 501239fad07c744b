/* SPDX-License-Identifier: MIT */
/* Several threads at one real socket: each result is whole and one's own. */
#include "net.h"
#include "thread.h"

#include <stdlib.h>
#include <string.h>

enum {
    THREADS = 2,
    RECORDS = 400,
    RECORD = 5000,
    PIECE = 1777, /* no record ends where a piece does */
    DATAGRAMS = 100,
    DATAGRAM = 200,
    SMALL = 16384, /* what a buffer of the system is asked to hold */
    MESSAGES = 10,
    MESSAGE = 100000
};

typedef ptrdiff_t receive_function(struct pier_socket *s, void *record);

struct reader {
    struct pier_socket *s;
    receive_function *receive;
    unsigned char seen[RECORDS]; /* how often this record came */
    bool intact;
    ptrdiff_t end; /* the result after the last record */
    struct test_thread *thread;
};

static ptrdiff_t by_recvall(struct pier_socket *s, void *record)
{
    pier_err err = pier_recvall(s, record, RECORD, 0, NULL);

    return err ? err : RECORD;
}

static ptrdiff_t by_waitall(struct pier_socket *s, void *record)
{
    return pier_recv(s, record, RECORD, PIER_MSG_WAITALL);
}

static void tag(unsigned char *record, size_t length, unsigned number)
{
    memset(record, (int)(number * 7 % 251), length);
    record[0] = (unsigned char)(number >> 8);
    record[1] = (unsigned char)number;
}

/* Counts the record if all of its bytes belong to it. */
static bool count_record(struct reader *r, const unsigned char *record,
                         size_t length)
{
    unsigned char expected[RECORD];
    unsigned number = (unsigned)record[0] << 8 | record[1];

    if (number >= RECORDS)
        return false;
    tag(expected, length, number);
    r->seen[number]++;
    return memcmp(record, expected, length) == 0;
}

static void read_records(void *argument)
{
    struct reader *r = argument;
    unsigned char record[RECORD];

    r->intact = true;
    while ((r->end = r->receive(r->s, record)) == RECORD)
        r->intact &= count_record(r, record, RECORD);
}

static void start_readers(struct reader readers[THREADS],
                          struct pier_socket *s, receive_function *receive,
                          void (*run)(void *))
{
    memset(readers, 0, THREADS * sizeof(*readers));
    for (int i = 0; i < THREADS; i++) {
        readers[i].s = s;
        readers[i].receive = receive;
        readers[i].thread = thread_start(run, &readers[i]);
    }
}

/* Each of the records came once, to one of them. */
static void check_readers(struct reader readers[THREADS], int records)
{
    for (int i = 0; i < THREADS; i++)
        thread_join(readers[i].thread);
    for (int i = 0; i < THREADS; i++)
        CHECK(readers[i].intact);
    for (int n = 0; n < records; n++)
        CHECK_INT(readers[0].seen[n] + readers[1].seen[n], 1);
}

static void make_small(struct pier_socket *ends[2])
{
    CHECK_OK(
        pier_setsockopt_int(ends[0], PIER_SOL_SOCKET, PIER_SO_SNDBUF, SMALL));
    CHECK_OK(
        pier_setsockopt_int(ends[1], PIER_SOL_SOCKET, PIER_SO_RCVBUF, SMALL));
}

static void check_records(receive_function *receive, ptrdiff_t end)
{
    static unsigned char data[RECORDS * RECORD];
    static struct reader readers[THREADS];
    struct pier_socket *ends[2];

    open_streams(PIER_AF_INET, ends);
    for (unsigned n = 0; n < RECORDS; n++)
        tag(data + (size_t)n * RECORD, RECORD, n);
    start_readers(readers, ends[1], receive, read_records);
    for (size_t at = 0; at < sizeof(data); at += PIECE) {
        size_t left = sizeof(data) - at;

        CHECK_OK(pier_sendall(ends[0], data + at, left < PIECE ? left : PIECE,
                              0, NULL));
    }
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_WR));
    check_readers(readers, RECORDS);
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(readers[i].end, end);
}

static void each_recvall_gets_one_record(void **state)
{
    (void)state;
    check_records(by_recvall, PIER_EEOF);
}

static void each_recv_of_all_gets_one_record(void **state)
{
    (void)state;
    check_records(by_waitall, 0);
}

/* ------------------------------------------------------- datagrams --- */

static void read_datagrams(void *argument)
{
    struct reader *r = argument;
    unsigned char record[RECORD];

    r->intact = true;
    while ((r->end = pier_recv(r->s, record, sizeof(record), 0)) == DATAGRAM)
        r->intact &= count_record(r, record, DATAGRAM);
}

/* A datagram of one byte is a reader's end. */
static void each_reader_gets_whole_datagrams(void **state)
{
    static struct reader readers[THREADS];
    struct pier_socket *ends[2];
    unsigned char datagram[DATAGRAM];
    struct pier_address to;

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    to = name_of(ends[1]);
    start_readers(readers, ends[1], NULL, read_datagrams);
    for (unsigned n = 0; n < DATAGRAMS; n++) {
        tag(datagram, DATAGRAM, n);
        CHECK_INT(pier_sendto(ends[0], datagram, DATAGRAM, 0, &to), DATAGRAM);
    }
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(pier_sendto(ends[0], "e", 1, 0, &to), 1);
    check_readers(readers, DATAGRAMS);
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(readers[i].end, 1);
}

/* --------------------------------------------------------- writers --- */

struct writer {
    struct pier_socket *s;
    unsigned first; /* of its messages */
    pier_err err;
    struct test_thread *thread;
};

static void write_messages(void *argument)
{
    struct writer *w = argument;
    unsigned char *message = malloc(MESSAGE);

    if (!message)
        abort();
    for (unsigned i = 0; i < MESSAGES && !w->err; i++) {
        tag(message, MESSAGE, w->first + i);
        w->err = pier_sendall(w->s, message, MESSAGE, 0, NULL);
    }
    free(message);
}

/* No buffer holds a message, so that each goes out in parts. */
static void whole_messages_go_out_in_parts(void **state)
{
    static unsigned char message[MESSAGE], expected[MESSAGE];
    bool seen[THREADS * MESSAGES] = { false };
    struct writer writers[THREADS];
    struct pier_socket *ends[2];

    (void)state;
    open_streams(PIER_AF_INET, ends);
    make_small(ends);
    for (unsigned i = 0; i < THREADS; i++) {
        writers[i] = (struct writer){ .s = ends[0], .first = i * MESSAGES };
        writers[i].thread = thread_start(write_messages, &writers[i]);
    }
    for (int i = 0; i < THREADS * MESSAGES; i++) {
        unsigned number;

        CHECK_OK(pier_recvall(ends[1], message, MESSAGE, 0, NULL));
        number = (unsigned)message[0] << 8 | message[1];
        CHECK(number < THREADS * MESSAGES && !seen[number]);
        seen[number] = true;
        tag(expected, MESSAGE, number);
        CHECK(memcmp(message, expected, MESSAGE) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        thread_join(writers[i].thread);
        CHECK_OK(writers[i].err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(each_recvall_gets_one_record),
        NET_TEST(each_recv_of_all_gets_one_record),
        NET_TEST(each_reader_gets_whole_datagrams),
        NET_TEST(whole_messages_go_out_in_parts),
    };

    return cmocka_run_group_tests_name("readers", tests, NULL, NULL);
}
