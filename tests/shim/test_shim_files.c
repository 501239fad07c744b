/* SPDX-License-Identifier: MIT */
/* Failures while a real file, a pipe, and what a function gives are sent. */
#include "file.h"
#include "sweep.h"

#include <string.h>

enum {
    LENGTH = 150
};

static char bytes[LENGTH], buffer[LENGTH + 1];

static void end_failures(void)
{
    shim_fail(0, PIER_OK, false);
}

/* Exactly the beginning that the progress tells of has arrived. */
static void check_arrived(struct pier_socket *s, int64_t sent)
{
    size_t total = 0;
    ptrdiff_t n;

    do {
        n = pier_recv(s, buffer + total, sizeof(buffer) - total, 0);
        CHECK_OK(n);
        total += (size_t)n;
    } while (n > 0);
    CHECK_INT(total, sent);
    CHECK(memcmp(bytes, buffer, total) == 0);
}

/* Over a stream; use() gets its one end and tells what it sent. */
static pier_err with_stream(void (*use)(struct pier_socket *s, int64_t *sent,
                                        pier_err *first))
{
    struct pier_socket *pair[2];
    int64_t sent = 0;
    pier_err first = PIER_OK;

    for (int i = 0; i < LENGTH; i++)
        bytes[i] = (char)('a' + i % 26);
    if (failed(&first,
               pier_socketpair(pair, PIER_AF_INET, PIER_SOCK_STREAM, 0)))
        return first;
    use(pair[0], &sent, &first);
    end_failures();
    pier_free(pair[0]);
    check_arrived(pair[1], sent);
    pier_free(pair[1]);
    CHECK(sent == LENGTH || first != PIER_OK);
    return first;
}

static void use_file(struct pier_socket *s, int64_t *sent, pier_err *first)
{
    pier_file file = file_make();

    file_write(file, 7, bytes, LENGTH);
    file_write(file, 7 + LENGTH, "more", 4);
    file_seek(file, 3);
    if (!failed(first, pier_sendfile(s, file, 7, LENGTH, sent)))
        CHECK_INT(file_position(file), 7 + LENGTH);
    file_close(file);
}

static void use_pipe(struct pier_socket *s, int64_t *sent, pier_err *first)
{
    pier_file pipe[2];

    file_pipe(pipe);
    file_feed(pipe[1], bytes, LENGTH);
    file_close(pipe[1]);
    failed(first, pier_sendfile(s, pipe[0], -1, -1, sent));
    file_close(pipe[0]);
}

static ptrdiff_t PIER_CALL give(void *context, void *room, size_t length)
{
    size_t *given = context;
    size_t n = LENGTH - *given < 40 ? LENGTH - *given : 40;

    CHECK(n <= length);
    memcpy(room, bytes + *given, n);
    *given += n;
    return (ptrdiff_t)n;
}

static void use_function(struct pier_socket *s, int64_t *sent, pier_err *first)
{
    size_t given = 0;

    failed(first, pier_sendfrom(s, give, &given, -1, sent));
    CHECK(*sent <= (int64_t)given);
}

static pier_err run_file(void)
{
    return with_stream(use_file);
}

static pier_err run_pipe(void)
{
    return with_stream(use_pipe);
}

static pier_err run_function(void)
{
    return with_stream(use_function);
}

static const struct scenario scenarios[] = {
    { "sendfile", run_file, false },
    { "sendfile of a pipe", run_pipe, false },
    { "sendfrom", run_function, false },
};

static const enum shim_function met[] = {
    SHIM_SENDFILE,
    SHIM_FILE_READ,
    SHIM_FILE_GET_POSITION,
    SHIM_FILE_SET_POSITION,
};

static void every_failure_is_told_with_its_progress(void **state)
{
    (void)state;
    sweep_all(scenarios, COUNT_OF(scenarios));
    check_swept(met, COUNT_OF(met));
}

static void what_disturbs_changes_nothing(void **state)
{
    (void)state;
    disturb_all(scenarios, COUNT_OF(scenarios));
}

/* One byte a call, and whatever else can be wrong with them. */
static void byte_by_byte_it_arrives_as_well(void **state)
{
    (void)state;
    shim_clear();
    shim_limit(1);
    for (size_t i = 0; i < COUNT_OF(scenarios); i++)
        CHECK_OK(scenarios[i].run());
    shim_clear();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failure_is_told_with_its_progress),
        cmocka_unit_test(what_disturbs_changes_nothing),
        cmocka_unit_test(byte_by_byte_it_arrives_as_well),
    };

    return cmocka_run_group_tests_name("shim.files", tests, NULL, NULL);
}
