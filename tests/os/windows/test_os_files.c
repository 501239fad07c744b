/* SPDX-License-Identifier: MIT */
/* Files of Windows: handles, some of which have no position, and reads that
 * may end later. */
#include "scripted.h"

/* No handle of the real system, and wider than 32 bits. */
#define SOME_FILE ((pier_file)0x100000F00)

#define FAR_AWAY INT64_C(0x1234567890)

DOOR(DWORD, GetFileType, (HANDLE file), (file), TOLD(V(file)))
DOOR(BOOL, ReadFile,
     (HANDLE file, void *buffer, DWORD length, DWORD *count,
      OVERLAPPED *overlapped),
     (file, buffer, length, count, overlapped),
     TOLD(V(file), V(buffer), V(length), V(count), V(overlapped)),
     .in = overlapped, .in_length = sizeof *overlapped, .out = buffer,
     .room = length)
DOOR(BOOL, GetOverlappedResult,
     (HANDLE file, OVERLAPPED *overlapped, DWORD *count, BOOL wait),
     (file, overlapped, count, wait),
     TOLD(V(file), V(overlapped), V(count), wait))
DOOR(BOOL, PeekNamedPipe,
     (HANDLE pipe, void *buffer, DWORD length, DWORD *count, DWORD *there,
      DWORD *left),
     (pipe, buffer, length, count, there, left),
     TOLD(V(pipe), V(buffer), V(length), V(count), V(there), V(left)))
DOOR(BOOL, SetFilePointerEx,
     (HANDLE file, LARGE_INTEGER distance, LARGE_INTEGER *position, DWORD how),
     (file, distance, position, how),
     TOLD(V(file), V(distance.QuadPart), V(position), V(how)), .out = position,
     .room = position ? sizeof *position : 0)

static char bytes[8];

static void tell_three(struct script_call *call)
{
    *(DWORD *)call->arguments[3] = 3;
}

static void tell_three_later(struct script_call *call)
{
    *(DWORD *)call->arguments[2] = 3;
}

static void q109_the_system_is_asked_to_send_no_file(void **state)
{
    (void)state;
    CHECK_ERR(pierp_sendfile(SOME_SOCKET, SOME_FILE, 0, 5), PIER_ENOTSUP);
    CHECK_CALLS("");
}

static OVERLAPPED asked(size_t index)
{
    OVERLAPPED overlapped;

    memcpy(&overlapped, script_call("ReadFile", index)->kept,
           sizeof overlapped);
    return overlapped;
}

static void q11_a_file_is_a_handle(void **state)
{
    (void)state;
    NEXT(ReadFile, .result = TRUE, .act = tell_three,
         .when = { ARGUMENT(1, SOME_FILE), ARGUMENT(3, sizeof bytes) });
    CHECK_INT(pierp_file_read(SOME_FILE, bytes, sizeof bytes, 0), 3);
}

static void q11_an_offset_is_given_with_each_read(void **state)
{
    OVERLAPPED overlapped;

    (void)state;
    ALWAYS(ReadFile, .result = TRUE, .act = tell_three);
    CHECK_INT(pierp_file_read(SOME_FILE, bytes, sizeof bytes, FAR_AWAY), 3);
    overlapped = asked(0);
    CHECK_INT(overlapped.Offset, 0x34567890);
    CHECK_INT(overlapped.OffsetHigh, 0x12);
    /* Nothing of it reaches a completion port of the file's owner. */
    CHECK_INT((intptr_t)overlapped.hEvent & 1, 1);
    CHECK((intptr_t)overlapped.hEvent > 1);
}

static void q11_a_read_that_ends_later_is_waited_for(void **state)
{
    (void)state;
    NEXT(ReadFile, .result = FALSE, .error = ERROR_IO_PENDING);
    NEXT(GetOverlappedResult, .result = TRUE, .act = tell_three_later,
         .when = { ARGUMENT(1, SOME_FILE), ARGUMENT(4, TRUE) });
    CHECK_INT(pierp_file_read(SOME_FILE, bytes, sizeof bytes, 0), 3);
    CHECK_INT(script_call("ReadFile", 0)->arguments[4],
              script_call("GetOverlappedResult", 0)->arguments[1]);
    NEXT(ReadFile, .result = FALSE, .error = ERROR_IO_PENDING);
    NEXT(GetOverlappedResult, .result = FALSE, .error = ERROR_HANDLE_EOF);
    CHECK_INT(pierp_file_read(SOME_FILE, bytes, sizeof bytes, 0), 0);
}

static ptrdiff_t read_failing_with(DWORD error)
{
    NEXT(ReadFile, .result = FALSE, .error = (int)error);
    return pierp_file_read(SOME_FILE, bytes, sizeof bytes, 0);
}

static void an_end_and_a_failure_are_told_apart(void **state)
{
    (void)state;
    CHECK_INT(read_failing_with(ERROR_HANDLE_EOF), 0);
    CHECK_INT(read_failing_with(ERROR_BROKEN_PIPE), 0);
    CHECK_ERR(read_failing_with(ERROR_INVALID_HANDLE), PIER_EBADF);
    CHECK_ERR(read_failing_with(ERROR_ACCESS_DENIED), PIER_EBADF);
    CHECK_ERR(read_failing_with(ERROR_NOT_ENOUGH_MEMORY), PIER_ENOMEM);
    CHECK_INT(pierp_native_error(), ERROR_NOT_ENOUGH_MEMORY);
}

/* Neither Windows nor Wine counts what came in the call that fails. */
static void the_beginning_of_a_long_message_is_read(void **state)
{
    (void)state;
    NEXT(ReadFile, .result = FALSE, .error = ERROR_MORE_DATA);
    NEXT(GetOverlappedResult, .result = FALSE, .error = ERROR_MORE_DATA,
         .act = tell_three_later);
    CHECK_INT(pierp_file_read(SOME_FILE, bytes, sizeof bytes, 0), 3);
    NEXT(ReadFile, .result = FALSE, .error = ERROR_IO_PENDING);
    NEXT(GetOverlappedResult, .result = FALSE, .error = ERROR_MORE_DATA,
         .act = tell_three_later);
    CHECK_INT(pierp_file_read(SOME_FILE, bytes, sizeof bytes, 0), 3);
}

static DWORD there;

static void tell_what_is_there(struct script_call *call)
{
    *(DWORD *)call->arguments[4] = there;
}

static void q11_a_pipe_is_asked_before_it_is_read(void **state)
{
    (void)state;
    ALWAYS(GetFileType, .result = FILE_TYPE_PIPE);
    ALWAYS(ReadFile, .result = TRUE, .act = tell_three);
    ALWAYS(PeekNamedPipe, .result = TRUE, .act = tell_what_is_there);
    there = 0;
    CHECK_ERR(pierp_file_read(SOME_FILE, bytes, sizeof bytes, -1),
              PIER_EAGAIN);
    CHECK_INT(CALLS(ReadFile), 0);
    there = 9;
    CHECK_INT(pierp_file_read(SOME_FILE, bytes, sizeof bytes, -1), 3);
    /* An empty message, with others behind it. */
    NEXT(ReadFile, .result = TRUE);
    CHECK_ERR(pierp_file_read(SOME_FILE, bytes, sizeof bytes, -1),
              PIER_EAGAIN);
    NEXT(PeekNamedPipe, .result = FALSE, .error = ERROR_BROKEN_PIPE);
    CHECK_INT(pierp_file_read(SOME_FILE, bytes, sizeof bytes, -1), 0);
    NEXT(PeekNamedPipe, .result = FALSE, .error = ERROR_PIPE_NOT_CONNECTED);
    CHECK(pierp_file_read(SOME_FILE, bytes, sizeof bytes, -1) < 0);
    CHECK_INT(CALLS(ReadFile), 2);
}

static void q11_a_console_is_read_at_once(void **state)
{
    (void)state;
    ALWAYS(GetFileType, .result = FILE_TYPE_CHAR);
    NEXT(ReadFile, .result = TRUE, .act = tell_three);
    CHECK_INT(pierp_file_read(SOME_FILE, bytes, sizeof bytes, -1), 3);
    CHECK_INT(CALLS(PeekNamedPipe), 0);
}

static void only_a_file_on_a_disk_has_a_position(void **state)
{
    const LARGE_INTEGER far_away = { .QuadPart = FAR_AWAY };
    int64_t position = 77;

    (void)state;
    NEXT(GetFileType, .result = FILE_TYPE_PIPE);
    CHECK_ERR(pierp_file_get_position(SOME_FILE, &position), PIER_ESPIPE);
    NEXT(GetFileType, .result = FILE_TYPE_CHAR);
    CHECK_ERR(pierp_file_get_position(SOME_FILE, &position), PIER_ESPIPE);
    NEXT(GetFileType, .result = FILE_TYPE_UNKNOWN,
         .error = ERROR_INVALID_HANDLE);
    CHECK_ERR(pierp_file_get_position(SOME_FILE, &position), PIER_EBADF);
    NEXT(GetFileType, .result = FILE_TYPE_UNKNOWN);
    CHECK_ERR(pierp_file_get_position(SOME_FILE, &position), PIER_EBADF);
    CHECK_INT(CALLS(SetFilePointerEx), 0);
    CHECK_INT(position, 77);
    NEXT(GetFileType, .result = FILE_TYPE_DISK);
    NEXT(SetFilePointerEx, .result = TRUE, .bytes = &far_away,
         .length = sizeof far_away,
         .when = { ARGUMENT(2, 0), ARGUMENT(4, FILE_CURRENT) });
    CHECK_OK(pierp_file_get_position(SOME_FILE, &position));
    CHECK_INT(position, FAR_AWAY);
    NEXT(SetFilePointerEx, .result = TRUE,
         .when = { ARGUMENT(2, FAR_AWAY), ARGUMENT(4, FILE_BEGIN) });
    CHECK_OK(pierp_file_set_position(SOME_FILE, FAR_AWAY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(an_end_and_a_failure_are_told_apart),
        OS_TEST(only_a_file_on_a_disk_has_a_position),
        OS_TEST(q109_the_system_is_asked_to_send_no_file),
        OS_TEST(q11_a_console_is_read_at_once),
        OS_TEST(q11_a_file_is_a_handle),
        OS_TEST(q11_a_pipe_is_asked_before_it_is_read),
        OS_TEST(q11_a_read_that_ends_later_is_waited_for),
        OS_TEST(q11_an_offset_is_given_with_each_read),
        OS_TEST(the_beginning_of_a_long_message_is_read),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
