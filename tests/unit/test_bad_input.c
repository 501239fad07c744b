/* SPDX-License-Identifier: MIT */
/*
 * Every function of the library refuses what it cannot take, by the code that
 * its header names, and changes nothing: a table in refused_*.inc. What the
 * library exports is in the table or in not_refused.inc.
 */
#include "unit.h"

#include <limits.h>
#include <pier/address_families.h>
#include <pier/connection.h>
#include <pier/error.h>
#include <pier/handover.h>
#include <pier/hooks.h>
#include <pier/interface.h>
#include <pier/message.h>
#include <pier/message_info.h>
#include <pier/option.h>
#include <pier/poll.h>
#include <pier/resolver.h>
#include <pier/stream.h>
#include <stdlib.h>
#include <string.h>

#define STREAM PIER_SOCK_STREAM
#define MARK   0x5a
#define POISON ((void *)(uintptr_t)MARK)

#define PIER_HAVE_AF_BLUEZ (PIER_HAVE_AF_BLUETOOTH && PIER_HAVE_BTPROTO_L2CAP)

/* What the calls are given, and what none of them may change. */
static struct {
    struct pier_socket *s, *udp, *stream, *fresh, *listener, *closed;
    struct pier_socket *hung_up, *made[2];
    struct pier_address a, path, none, group, group6, out;
    struct pier_addrinfo *list;
    struct pier_hostent *host;
    struct pier_stream *reader, *writer, *made_stream;
    struct pier_interface *interfaces;
    struct pier_addrinfo_hints hints;
    struct pier_wait no_time;
    struct pier_wait wait; /* its size is 0, and so in the next ones */
    struct pier_connect_options connecting;
    struct pier_server_options serving;
    struct pier_hooks hooks;
    struct pier_tcp_info info;
    struct pier_net_error error, net_error;
    struct pier_message_info no_size, told, much, strange;
    struct pier_buffer buffer, null_buffer;
    struct pier_message message, endless, no_buffers, no_buffer, no_control,
        nowhere;
    struct pier_message controlled;
    struct pier_datagram datagram, broken;
    struct pier_control item;
    struct pier_share_info share;
    struct pier_inherited *inherited;
    uint64_t control[8];
    pier_handle handle, no_handle;
    struct pier_pollitem items[3];
    struct pier_hardware hardware;
    struct sockaddr *sa;
    uint64_t sockaddr[32];
    char text[64];
    char digits[5001];
    char path_text[200];
    char uuid[37], braces[39];
    int number;
    unsigned events;
    size_t length, room;
    long long huge;
    pier_timeout time;
    int64_t sent;
    bool flag;
} in;

/* Ends at once, or says that it gave more than it was asked for. */
static ptrdiff_t PIER_CALL give(void *too_much, void *buffer, size_t length)
{
    (void)buffer;
    return too_much ? (ptrdiff_t)length + 1 : 0;
}

struct row {
    const char *function;
    const char *what;
    long long (*run)(void);
    long long code;
    long long lacking; /* the code where the system lacks it; or 0 */
    bool makes_none;   /* *made is NULL afterwards, */
    bool finds_none;   /* or the list */
};

/* Each row is a function of its own, called by the line of its file. */
#define PASTE(a, b, c)    a##b##_##c
#define NAMED(part, line) PASTE(row_, part, line)
#define RUN(part, line, it)                                                   \
    static long long NAMED(part, line)(void)                                  \
    {                                                                         \
        it                                                                    \
    }

#define REFUSES(function, what, code, args)                                   \
    RUN(PART, __LINE__, return (long long)pier_##function args;)
#define MAKES_NONE(function, what, code, args)                                \
    REFUSES(function, what, code, args)
#define FINDS_NONE(function, what, code, args)                                \
    REFUSES(function, what, code, args)
#define WHERE(have, lacking, function, what, code, args)                      \
    REFUSES(function, what, code, args)
#define IN_FAMILY(family, function, what, code, args)                         \
    REFUSES(function, what, code, args)
#define ANSWERS(function, what, condition)                                    \
    RUN(PART, __LINE__, return (condition) ? 0 : 1;)

#define PART addresses
#include "refused_addresses.inc"
#undef PART
#define PART sockets
#include "refused_sockets.inc"
#undef PART
#define PART names
#include "refused_names.inc"
#undef PART
#define PART messages
#include "refused_messages.inc"
#undef PART
#define PART options
#include "refused_options.inc"
#undef PART
#define PART streams
#include "refused_streams.inc"
#undef PART

#undef REFUSES
#undef MAKES_NONE
#undef FINDS_NONE
#undef IN_FAMILY
#undef WHERE
#undef ANSWERS

#define REFUSES(function, what, code, args)                                   \
    { #function, what, NAMED(PART, __LINE__), code, 0, false, false },
#define MAKES_NONE(function, what, code, args)                                \
    { #function, what, NAMED(PART, __LINE__), code, 0, true, false },
#define FINDS_NONE(function, what, code, args)                                \
    { #function, what, NAMED(PART, __LINE__), code, 0, false, true },
#define WHERE(have, lacking, function, what, code, args)                      \
    { #function, what, NAMED(PART, __LINE__), code, (have) ? 0 : (lacking),   \
      false,     false },
#define IN_FAMILY(family, function, what, code, args)                         \
    WHERE(PIER_HAVE_AF_##family, PIER_EAFNOSUPPORT, function, what, code, args)
#define ANSWERS(function, what, condition)                                    \
    { #function, what, NAMED(PART, __LINE__), 0, 0, false, false },

static const struct row rows[] = {
#define PART addresses
#include "refused_addresses.inc"
#undef PART
#define PART sockets
#include "refused_sockets.inc"
#undef PART
#define PART names
#include "refused_names.inc"
#undef PART
#define PART messages
#include "refused_messages.inc"
#undef PART
#define PART options
#include "refused_options.inc"
#undef PART
#define PART streams
#include "refused_streams.inc"
#undef PART
};

static const char *const exported[] = {
#include "exported.inc"
};

static const char *const not_refused[] = {
#include "not_refused.inc"
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void fill_texts(void)
{
    memset(in.digits, '1', sizeof(in.digits) - 1);
    in.digits[sizeof(in.digits) - 1] = '\0';
    memset(in.path_text, 'p', sizeof(in.path_text) - 1);
    memcpy(in.path_text, "unix:/", 6);
    in.path_text[sizeof(in.path_text) - 1] = '\0';
    memcpy(in.uuid, "a42e7cda-d03f-480c-9cc2-a4de20abb878", 37);
    memcpy(in.braces, "{a42e7cda-d03f-480c-9cc2-a4de20abb878}", 39);
}

static void fill_addresses(void)
{
    in.a = fake_inet(7, 80);
    in.path = fake_path("/there");
    CHECK_OK(pier_address_inet(&in.group, "239.1.2.3", 0));
    CHECK_OK(pier_address_inet6(&in.group6, "ff02::77", 0, 0, 0));
    memcpy(in.sockaddr, pier_address_sockaddr(&in.a), in.a.length);
    in.sa = (struct sockaddr *)(void *)in.sockaddr;
    in.hardware.length = sizeof(in.hardware.bytes) + 1;
    in.hints.flags = -1;
    in.no_time.size = sizeof(in.no_time);
    in.net_error.size = sizeof(in.net_error);
    in.told.size = sizeof(in.told);
    in.much.size = sizeof(in.much) + 1;
    in.strange.size = sizeof(in.strange);
    in.strange.known = 32;
}

static void fill_messages(void)
{
    in.buffer = (struct pier_buffer){ in.text, 1 };
    in.null_buffer.length = 1;
    in.message.buffers = &in.buffer;
    in.message.buffer_count = 1;
    in.no_buffers.buffer_count = 1;
    in.endless = in.message;
    in.endless.buffer_count = (size_t)-1;
    in.no_buffer = in.no_control = in.nowhere = in.controlled = in.message;
    in.no_buffer.buffers = &in.null_buffer;
    in.no_control.control_length = 64;
    in.nowhere.address = &in.none;
    in.controlled.control = in.control;
    in.no_handle = PIER_INVALID_HANDLE;
    in.datagram.message = in.message;
    in.broken.message = in.no_buffer;
}

static void open_sockets(void)
{
    in.s = open_connected();
    in.udp = open_udp();
    in.stream = open_path();
    in.hung_up = open_path();
    CHECK_OK(pier_close(in.hung_up));
    in.fresh = open_tcp();
    in.listener = open_server(0, 1);
    in.closed = open_tcp();
    CHECK_OK(pier_makefile(&in.reader, in.closed, "r", PIER_BUFFER_DEFAULT));
    CHECK_OK(pier_makefile(&in.writer, in.closed, "w", PIER_BUFFER_DEFAULT));
    CHECK_OK(pier_close(in.closed));
    CHECK_OK(pier_settimeout(in.s, 0));
    CHECK_OK(pier_settimeout(in.udp, 0));
    CHECK_OK(pier_settimeout(in.listener, 0));
    for (size_t i = 0; i < COUNT(in.items); i++) {
        in.items[i].socket = in.s;
        in.items[i].handle = PIER_INVALID_HANDLE;
        in.items[i].events = PIER_POLLIN;
        in.items[i].revents = MARK;
    }
    in.items[0].handle = pier_fileno(in.udp);
    in.items[1].events = 1u << 30;
}

static void fill(void)
{
    memset(&in, 0, sizeof(in));
    fill_texts();
    fill_addresses();
    fill_messages();
    open_sockets();
    memset(&in.out, MARK, sizeof(in.out));
    memset(in.text, MARK, sizeof(in.text));
    in.made[0] = in.made[1] = POISON;
    in.list = POISON;
    in.number = MARK;
    in.events = MARK;
    in.huge = MARK;
    in.room = sizeof(in.text);
    in.time = MARK;
}

static void empty(void)
{
    pier_free(in.s);
    pier_free(in.udp);
    pier_free(in.stream);
    pier_free(in.hung_up);
    pier_free(in.fresh);
    pier_free(in.listener);
    pier_free(in.closed);
    CHECK_OK(pier_stream_close(in.reader));
    CHECK_OK(pier_stream_close(in.writer));
}

static bool is_marked(const void *memory, size_t size)
{
    const unsigned char *bytes = memory;
    size_t i = 0;

    while (i < size && bytes[i] == MARK)
        i++;
    return i == size;
}

/* Counters of progress are the only thing that is set, to 0. */
static bool is_unchanged(const struct row *row)
{
    const struct pier_address a = fake_inet(7, 80);

    return is_marked(&in.out, sizeof(in.out)) &&
           is_marked(in.text, sizeof(in.text)) && in.number == MARK &&
           in.events == MARK && in.huge == MARK && in.time == MARK &&
           !in.flag && in.length == 0 && in.sent == 0 &&
           in.room == sizeof(in.text) && pier_address_equal(&in.a, &a) &&
           in.items[0].revents == MARK && in.items[1].revents == MARK &&
           in.made[0] == (row->makes_none ? NULL : POISON) &&
           in.list == (row->finds_none ? NULL : POISON);
}

static bool holds(const struct row *row)
{
    unsigned handles = fake_handles();
    long long result = row->run();

    if (result != row->code && !(row->lacking && result == row->lacking)) {
        print_message("%s, %s: %s\n", row->function, row->what,
                      pier_errname((pier_err)result));
        return false;
    }
    if (is_unchanged(row) && fake_handles() == handles)
        return true;
    print_message("%s, %s: something changed\n", row->function, row->what);
    return false;
}

static void every_function_refuses_what_it_cannot_take(void **state)
{
    unsigned failures = 0;

    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_INT(begin_fake(state), 0);
        fill();
        if (!holds(&rows[i]))
            failures++;
        empty();
        CHECK_INT(end_fake(state), 0);
    }
    CHECK_INT(failures, 0);
}

static bool has_a_row(const char *function)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (strcmp(rows[i].function, function) == 0)
            return true;
    }
    return false;
}

static bool is_listed(const char *function, const char *const *names,
                      size_t count)
{
    size_t i = 0;

    while (i < count && strcmp(names[i], function) != 0)
        i++;
    return i < count;
}

static void every_function_has_a_row_or_a_reason(void **state)
{
    unsigned failures = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(exported); i++) {
        bool excused = is_listed(exported[i], not_refused, COUNT(not_refused));

        if (has_a_row(exported[i]) == !excused)
            continue;
        print_message("%s: neither or both\n", exported[i]);
        failures++;
    }
    for (size_t i = 0; i < COUNT(not_refused); i++)
        CHECK(is_listed(not_refused[i], exported, COUNT(exported)));
    CHECK_INT(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_function_refuses_what_it_cannot_take),
        cmocka_unit_test(every_function_has_a_row_or_a_reason),
    };

    return cmocka_run_group_tests_name("bad_input", tests, NULL, NULL);
}
