/* SPDX-License-Identifier: MIT */
/* The wait on AFD's own poll request, and when WSAPoll takes its place. */
#include "scripted.h"
#include <winternl.h>

#include <string.h>

#define SECONDS INT64_C(1000000000)

/* The request of AFD, as its users know it; not taken from the backend. */
struct request {
    LARGE_INTEGER timeout;
    ULONG count;
    ULONG exclusive;
    HANDLE handle;
    ULONG events;
    NTSTATUS status;
};

enum {
    RECEIVE = 0x01,
    RECEIVE_EXPEDITED = 0x02,
    SEND = 0x04,
    DISCONNECT = 0x08,
    ABORT = 0x10,
    LOCAL_CLOSE = 0x20,
    CONNECT = 0x40,
    ACCEPT = 0x80,
    CONNECT_FAIL = 0x100,
};

#define PENDING        0x103
#define CANCELLED      ((NTSTATUS)0xC0000120)
#define INVALID_HANDLE ((NTSTATUS)0xC0000008)
#define NOT_FOUND      ((NTSTATUS)0xC0000225)
#define POLL_CODE      0x12024

#define LAYER (SOME_SOCKET + 4)
#define BASE  (SOME_SOCKET + 8)

static const int stream = SOCK_STREAM;
static const SOCKET base = (SOCKET)BASE;
static const SOCKET layer = (SOCKET)LAYER;
static const SOCKET itself = (SOCKET)SOME_SOCKET;

static void be_good(void)
{
    ALWAYS(getsockopt, .bytes = &stream, .length = sizeof stream,
           .when = { ARGUMENT(3, SO_TYPE) });
    ALWAYS(WSAIoctl, .bytes = &base, .length = sizeof base,
           .when = { ARGUMENT(2, SIO_BASE_HANDLE) });
}

static pier_err wait_for(unsigned want, int64_t timeout, unsigned *got)
{
    struct pierp_wake *own;

    CHECK_OK(pierp_thread_wake(&own));
    *got = 77;
    return pierp_wait(SOME_SOCKET, want, &own, 1, timeout, got);
}

static struct request request_of(size_t index)
{
    struct request request;

    memcpy(&request, script_call("NtDeviceIoControlFile", index)->kept,
           sizeof request);
    return request;
}

static void happen(struct script_call *call)
{
    struct request *answer = call->out;

    answer->count = 1;
    answer->events = LOCAL_CLOSE;
}

static void refuse(DWORD code, SOCKET s)
{
    NEXT(WSAIoctl, .result = SOCKET_ERROR, .error = WSAEOPNOTSUPP,
         .when = { ARGUMENT(1, s), ARGUMENT(2, code) });
}

/* --------------------------------------------------- layered providers --- */

static void q13_a_layered_socket_is_polled_at_its_base(void **state)
{
    unsigned got;

    (void)state;
    refuse(SIO_BASE_HANDLE, itself);
    NEXT(WSAIoctl, .bytes = &layer, .length = sizeof layer,
         .when = { ARGUMENT(1, SOME_SOCKET),
                   ARGUMENT(2, SIO_BSP_HANDLE_POLL) });
    NEXT(WSAIoctl, .bytes = &base, .length = sizeof base,
         .when = { ARGUMENT(1, LAYER), ARGUMENT(2, SIO_BASE_HANDLE) });
    NEXT(NtDeviceIoControlFile, .act = happen,
         .when = { ARGUMENT(6, POLL_CODE) });
    CHECK_OK(wait_for(PIERP_READ, -1, &got));
    CHECK_INT(got, PIERP_READY);
    CHECK_INT((intptr_t)request_of(0).handle, BASE);
    CHECK_INT(CALLS(WSAPoll), 0);
}

/* A peer made what it waits by anew for each wait. */
static void the_device_is_opened_once(void **state)
{
    unsigned got;

    (void)state;
    be_good();
    ALWAYS(NtDeviceIoControlFile, .act = happen);
    CHECK_OK(wait_for(PIERP_READ, -1, &got));
    CHECK_OK(wait_for(PIERP_READ, -1, &got));
    CHECK_INT(CALLS(NtDeviceIoControlFile), 2);
    CHECK(CALLS(NtCreateFile) <= 1);
}

static void plan_wsapoll(void)
{
    be_good();
    NEXT(WSAPoll, .result = 0);
}

static void q13_who_names_itself_as_its_base_is_left_to_wsapoll(void **state)
{
    unsigned got;

    (void)state;
    refuse(SIO_BASE_HANDLE, itself);
    NEXT(WSAIoctl, .bytes = &itself, .length = sizeof itself,
         .when = { ARGUMENT(2, SIO_BSP_HANDLE_POLL) });
    plan_wsapoll();
    CHECK_OK(wait_for(PIERP_READ, 0, &got));
    CHECK_INT(CALLS(NtDeviceIoControlFile), 0);
}

static void q13_who_knows_no_base_is_left_to_wsapoll(void **state)
{
    unsigned got;

    (void)state;
    refuse(SIO_BASE_HANDLE, itself);
    refuse(SIO_BSP_HANDLE_POLL, itself);
    plan_wsapoll();
    CHECK_OK(wait_for(PIERP_READ, 0, &got));
}

/* Two that name each other. */
static void q13_layers_without_end_are_left_to_wsapoll(void **state)
{
    unsigned got;

    (void)state;
    ALWAYS(WSAIoctl, .result = SOCKET_ERROR, .error = WSAEOPNOTSUPP,
           .when = { ARGUMENT(2, SIO_BASE_HANDLE) });
    ALWAYS(WSAIoctl, .bytes = &layer, .length = sizeof layer,
           .when = { ARGUMENT(1, SOME_SOCKET),
                     ARGUMENT(2, SIO_BSP_HANDLE_POLL) });
    ALWAYS(WSAIoctl, .bytes = &itself, .length = sizeof itself,
           .when = { ARGUMENT(1, LAYER), ARGUMENT(2, SIO_BSP_HANDLE_POLL) });
    plan_wsapoll();
    CHECK_OK(wait_for(PIERP_READ, 0, &got));
}

static void q13_a_base_that_afd_refuses_is_left_to_wsapoll(void **state)
{
    unsigned got;

    (void)state;
    NEXT(NtDeviceIoControlFile, .result = INVALID_HANDLE);
    plan_wsapoll();
    CHECK_OK(wait_for(PIERP_READ, 0, &got));
}

/* --------------------------------------------------- what is asked for --- */

static ULONG events_for(unsigned want)
{
    unsigned got;
    size_t index = CALLS(NtDeviceIoControlFile);

    NEXT(NtDeviceIoControlFile, .act = happen);
    CHECK_OK(wait_for(want, -1, &got));
    CHECK_INT(got, PIERP_READY);
    CHECK_INT(request_of(index).count, 1);
    /* It would end the waits of other threads for the same socket. */
    CHECK_INT(request_of(index).exclusive, FALSE);
    return request_of(index).events;
}

static void q120_urgent_data_is_not_readable(void **state)
{
    (void)state;
    be_good();
    CHECK_INT(events_for(PIERP_READ), RECEIVE | ACCEPT | DISCONNECT | ABORT |
                                          LOCAL_CLOSE | CONNECT_FAIL);
    CHECK_INT(events_for(PIERP_READ | PIERP_WRITE) & RECEIVE_EXPEDITED, 0);
}

static void q48_a_refused_connect_is_asked_for(void **state)
{
    ULONG events;

    (void)state;
    be_good();
    events = events_for(PIERP_CONNECT);
    CHECK(events & CONNECT_FAIL);
    CHECK(events & CONNECT);
}

static void q92_a_handle_closed_by_others_ends_the_wait(void **state)
{
    (void)state;
    be_good();
    CHECK(events_for(PIERP_READ) & LOCAL_CLOSE);
    CHECK(events_for(PIERP_WRITE) & LOCAL_CLOSE);
    CHECK(events_for(PIERP_CONNECT) & LOCAL_CLOSE);
}

static void q119_a_bad_handle_is_ready(void **state)
{
    unsigned got;

    (void)state;
    NEXT(WSAIoctl, .result = SOCKET_ERROR, .error = WSAENOTSOCK);
    CHECK_OK(wait_for(PIERP_READ, -1, &got));
    CHECK_INT(got, PIERP_READY);
    CHECK_INT(CALLS(NtDeviceIoControlFile), 0);
}

/* ---------------------------------------------------- how a wait ends --- */

static IO_STATUS_BLOCK *pending_status;
static HANDLE pending_event;
static struct request *pending_request;

static void stay_pending(struct script_call *call)
{
    pending_event = (HANDLE)call->arguments[1];
    pending_status = (IO_STATUS_BLOCK *)call->arguments[4];
    pending_request = call->out;
    ResetEvent(pending_event);
    pending_request->count = 0;
}

static void note_cancel(struct script_call *call)
{
    CHECK(call->arguments[1] == (intptr_t)pending_status);
}

/* The cancelled request ends some time after the cancellation. */
static void end_cancelled(struct script_call *call)
{
    CHECK(call->arguments[0] == (intptr_t)pending_event);
    pending_status->Status = CANCELLED;
}

static void plan_pending(void)
{
    be_good();
    NEXT(NtDeviceIoControlFile, .result = PENDING, .act = stay_pending);
    NEXT(NtCancelIoFileEx, .act = note_cancel);
}

static void plan_end(void (*end)(struct script_call *call))
{
    NEXT(WaitForSingleObject, .result = WAIT_OBJECT_0, .act = end,
         .when = { ARGUMENT(2, INFINITE) });
}

/* AFD tells of no close while a duplicate is open: a wake must do. */
static void q121_a_silent_close_leaves_the_wake_to_end_the_wait(void **state)
{
    struct pierp_wake *own;
    unsigned got;

    (void)state;
    plan_pending();
    plan_end(end_cancelled);
    CHECK_OK(pierp_thread_wake(&own));
    pierp_wake_signal(own);
    CHECK_OK(wait_for(PIERP_READ, -1, &got));
    CHECK_INT(got, PIERP_WOKEN);
    pierp_wake_drain(own);
}

static void q92_no_request_outlives_its_wait(void **state)
{
    unsigned got;

    (void)state;
    plan_pending();
    plan_end(end_cancelled);
    CHECK_OK(wait_for(PIERP_READ, 1, &got));
    CHECK_INT(got, 0);
}

static void end_ready(struct script_call *call)
{
    (void)call;
    pending_request->count = 1;
    pending_status->Status = 0;
}

/* It was done before the cancellation came: what it found is not lost. */
static void q92_a_request_that_was_done_is_not_cancelled(void **state)
{
    unsigned got;

    (void)state;
    be_good();
    NEXT(NtDeviceIoControlFile, .result = PENDING, .act = stay_pending);
    NEXT(NtCancelIoFileEx, .result = NOT_FOUND);
    plan_end(end_ready);
    CHECK_OK(wait_for(PIERP_READ, 1, &got));
    CHECK_INT(got, PIERP_READY);
}

static void q96_only_a_look_has_its_time_from_afd(void **state)
{
    unsigned got;

    (void)state;
    be_good();
    NEXT(NtDeviceIoControlFile, .act = happen);
    CHECK_OK(wait_for(PIERP_READ, 0, &got));
    CHECK_INT(request_of(0).timeout.QuadPart, 0);
    NEXT(NtDeviceIoControlFile, .act = happen);
    CHECK_OK(wait_for(PIERP_READ, 4294967 * SECONDS, &got));
    CHECK_INT(request_of(1).timeout.QuadPart, INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q13_a_layered_socket_is_polled_at_its_base),
        OS_TEST(q13_who_names_itself_as_its_base_is_left_to_wsapoll),
        OS_TEST(q13_who_knows_no_base_is_left_to_wsapoll),
        OS_TEST(q13_layers_without_end_are_left_to_wsapoll),
        OS_TEST(q13_a_base_that_afd_refuses_is_left_to_wsapoll),
        OS_TEST(the_device_is_opened_once),
        OS_TEST(q48_a_refused_connect_is_asked_for),
        OS_TEST(q92_a_handle_closed_by_others_ends_the_wait),
        OS_TEST(q92_no_request_outlives_its_wait),
        OS_TEST(q92_a_request_that_was_done_is_not_cancelled),
        OS_TEST(q96_only_a_look_has_its_time_from_afd),
        OS_TEST(q119_a_bad_handle_is_ready),
        OS_TEST(q120_urgent_data_is_not_readable),
        OS_TEST(q121_a_silent_close_leaves_the_wake_to_end_the_wait),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
