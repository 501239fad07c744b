/* SPDX-License-Identifier: MIT */
/* What poll() answers for many descriptors, in either of its forms. */
#include "wrapped.h"

#define OTHER (SOME_FD + 1)
#define ENDED (POLLHUP | POLLOUT)

static short answers[4];

/* What it was given may be gone when the call has ended. */
static struct pollfd given[4];
static intptr_t given_count;

static void answer(struct script_call *call)
{
    struct pollfd *fds = (struct pollfd *)call->arguments[0];

    given_count = call->arguments[1];
    for (intptr_t i = 0; i < given_count && i < 4; i++) {
        given[i] = fds[i];
        if (fds[i].fd >= 0)
            fds[i].revents = answers[i];
        call->result += fds[i].revents != 0;
    }
}

static void plan(short first, short second)
{
    answers[0] = first;
    answers[1] = second;
    ALWAYS(poll, .act = answer);
    ALWAYS(ppoll, .act = answer);
}

static unsigned poll_all(struct pierp_pollitem *items, size_t count,
                         int64_t timeout)
{
    unsigned got = 77;

    CHECK_OK(pierp_poll(items, count, NULL, 0, timeout, &got));
    return got;
}

static void q54_an_interrupted_poll_is_told_and_not_repeated(void **state)
{
    struct pierp_pollitem item = { SOME_FD, PIERP_POLL_IN, 0 };
    unsigned got = 77;

    (void)state;
    ALWAYS(poll, .result = -1, .error = EINTR);
    ALWAYS(ppoll, .result = -1, .error = EINTR);
    CHECK_ERR(pierp_poll(&item, 1, NULL, 0, -1, &got), PIER_EINTR);
    CHECK_INT(got, 77);
    CHECK_INT(CALLS(poll) + CALLS(ppoll), 1);
}

static void q83_only_the_invalid_handle_is_passed_over(void **state)
{
    struct pierp_pollitem items[3] = { { PIER_INVALID_HANDLE, 1, 9 },
                                       { -2, PIERP_POLL_IN, 9 },
                                       { INTPTR_MAX, PIERP_POLL_IN, 9 } };

    (void)state;
    plan(0, 0);
    CHECK_INT(poll_all(items, 3, 0), 0);
    CHECK_INT(given_count, 2);
    CHECK_INT(given[0].fd, INT_MAX);
    CHECK_INT(given[1].fd, INTPTR_MAX > INT_MAX ? INT_MAX : (int)INTPTR_MAX);
    CHECK_INT(items[0].revents, 0);
}

static void give_type(void)
{
    static const int stream = SOCK_STREAM;

    ALWAYS(getsockopt, .bytes = &stream, .length = sizeof stream,
           .when = { ARGUMENT(3, SO_TYPE) });
}

/* Linux says so of a stream that was never connected, again and again. */
static void q84_who_was_never_connected_is_left_out_for_a_while(void **state)
{
    struct pierp_pollitem items[2] = { { SOME_FD, PIERP_POLL_OUT, 9 },
                                       { OTHER, PIERP_POLL_IN, 9 } };

    (void)state;
    give_type();
    plan(ENDED, 0);
    CHECK_INT(poll_all(items, 2, -1), 0);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, 0);
    /* The wait for the other, and a look at the one before it. */
    CHECK_INT(CALLS(poll) + CALLS(ppoll), 3);
    CHECK(given[0].fd < 0);
    CHECK_INT(given[1].fd, OTHER);
}

static void answer_in_turn(struct script_call *call)
{
    static const short turns[] = { ENDED, 0, POLLOUT };
    struct pollfd *fds = (struct pollfd *)call->arguments[0];
    size_t turn = CALLS(poll) + CALLS(ppoll) - 1;

    fds->revents = turns[turn];
    call->result = fds->revents != 0;
}

/* Between two looks at it somebody has begun to connect it. */
static void q84_who_gets_connected_meanwhile_does_not_hang_up(void **state)
{
    struct pierp_pollitem item = { SOME_FD, PIERP_POLL_OUT, 9 };

    (void)state;
    ALWAYS(poll, .act = answer_in_turn);
    ALWAYS(ppoll, .act = answer_in_turn);
    CHECK_INT(poll_all(&item, 1, 0), 0);
    CHECK_INT(item.revents, 0);
    CHECK_INT(poll_all(&item, 1, 0), PIERP_READY);
    CHECK_INT(item.revents, PIERP_POLL_OUT);
}

static void fail_from_the_second(struct script_call *call)
{
    struct pollfd *fds = (struct pollfd *)call->arguments[0];

    if (CALLS(poll) + CALLS(ppoll) > 1) {
        call->result = -1;
        call->error = ENOMEM;
        return;
    }
    fds->revents = ENDED;
    call->result = 1;
}

static void q84_what_cannot_be_looked_at_again_does_not_hang_up(void **state)
{
    struct pierp_pollitem item = { SOME_FD, PIERP_POLL_OUT, 9 };

    (void)state;
    give_type();
    ALWAYS(poll, .act = fail_from_the_second);
    ALWAYS(ppoll, .act = fail_from_the_second);
    CHECK_INT(poll_all(&item, 1, 0), 0);
    CHECK_INT(item.revents, 0);
    CHECK_INT(CALLS(poll) + CALLS(ppoll), 2);
}

static void q85_a_failed_connect_that_only_hangs_up_can_be_sent_to(void **s)
{
    struct pierp_pollitem item = { SOME_FD, PIERP_POLL_OUT, 9 };

    (void)s;
    plan(POLLHUP | POLLIN, 0);
    CHECK_INT(poll_all(&item, 1, -1), PIERP_READY);
    CHECK_INT(item.revents, PIERP_POLL_OUT | PIERP_POLL_HUP);
}

static void q119_a_bad_descriptor_is_told_beside_the_others(void **state)
{
    struct pierp_pollitem items[2] = { { SOME_FD, 0, 9 },
                                       { OTHER, PIERP_POLL_IN, 9 } };

    (void)state;
    plan(POLLNVAL, POLLIN);
    CHECK_INT(poll_all(items, 2, -1), PIERP_READY);
    CHECK_INT(items[0].revents, PIERP_POLL_NVAL);
    CHECK_INT(items[1].revents, PIERP_POLL_IN);
}

/* As a system does that counts them against what may be open. */
static void refuse_more_than_two(struct script_call *call)
{
    if (call->arguments[1] <= 2) {
        answer(call);
        return;
    }
    call->result = -1;
    call->error = EINVAL;
}

static void plan_for_two(short first, short second)
{
    answers[0] = first;
    answers[1] = second;
    ALWAYS(poll, .act = refuse_more_than_two);
    ALWAYS(ppoll, .act = refuse_more_than_two);
    ALWAYS(fcntl, .result = -1, .error = EBADF,
           .when = { ARGUMENT(1, OTHER + 1) });
    ALWAYS(fcntl, .result = 0);
}

static void too_many_entries_of_one_descriptor_become_one(void **state)
{
    struct pierp_pollitem items[4] = { { OTHER, PIERP_POLL_IN, 9 },
                                       { SOME_FD, PIERP_POLL_IN, 9 },
                                       { OTHER, PIERP_POLL_OUT, 9 },
                                       { SOME_FD, PIERP_POLL_IN, 9 } };

    (void)state;
    plan_for_two(POLLIN, POLLOUT);
    CHECK_INT(poll_all(items, 4, -1), PIERP_READY);
    CHECK_INT(given_count, 2);
    CHECK_INT(given[0].fd, SOME_FD);
    CHECK_INT(given[1].fd, OTHER);
    CHECK_INT(given[1].events, POLLIN | POLLOUT);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, PIERP_POLL_IN);
    CHECK_INT(items[2].revents, PIERP_POLL_OUT);
    CHECK_INT(items[3].revents, PIERP_POLL_IN);
}

static void of_too_many_entries_the_bad_ones_are_told_at_once(void **state)
{
    struct pierp_pollitem items[3] = { { OTHER + 1, PIERP_POLL_IN, 9 },
                                       { OTHER, PIERP_POLL_IN, 9 },
                                       { SOME_FD, PIERP_POLL_IN, 9 } };

    (void)state;
    plan_for_two(0, POLLIN);
    CHECK_INT(poll_all(items, 3, -1), PIERP_READY);
    CHECK_INT(given_count, 2);
    CHECK_INT(items[0].revents, PIERP_POLL_NVAL);
    CHECK_INT(items[1].revents, PIERP_POLL_IN);
    CHECK_INT(items[2].revents, 0);
}

static void who_was_never_connected_is_found_again_in_a_merged_set(void **s)
{
    struct pierp_pollitem items[3] = { { OTHER, PIERP_POLL_IN, 9 },
                                       { SOME_FD, PIERP_POLL_OUT, 9 },
                                       { OTHER, PIERP_POLL_IN, 9 } };

    (void)s;
    give_type();
    plan_for_two(ENDED, 0);
    CHECK_INT(poll_all(items, 3, -1), 0);
    CHECK(given[0].fd < 0);
    CHECK_INT(given[1].fd, OTHER);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, 0);
    CHECK_INT(items[2].revents, 0);
}

static void what_even_a_merged_set_is_refused_for_is_told(void **state)
{
    struct pierp_pollitem item = { SOME_FD, PIERP_POLL_IN, 9 };
    unsigned got = 77;

    (void)state;
    ALWAYS(fcntl, .result = 0);
    ALWAYS(poll, .result = -1, .error = EINVAL);
    ALWAYS(ppoll, .result = -1, .error = EINVAL);
    CHECK_ERR(pierp_poll(&item, 1, NULL, 0, -1, &got), PIER_EINVAL);
    CHECK_INT(got, 77);
    CHECK_INT(CALLS(poll) + CALLS(ppoll), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q54_an_interrupted_poll_is_told_and_not_repeated),
        OS_TEST(q83_only_the_invalid_handle_is_passed_over),
        OS_TEST(q84_who_was_never_connected_is_left_out_for_a_while),
        OS_TEST(q84_who_gets_connected_meanwhile_does_not_hang_up),
        OS_TEST(q84_what_cannot_be_looked_at_again_does_not_hang_up),
        OS_TEST(q85_a_failed_connect_that_only_hangs_up_can_be_sent_to),
        OS_TEST(q119_a_bad_descriptor_is_told_beside_the_others),
        OS_TEST(too_many_entries_of_one_descriptor_become_one),
        OS_TEST(of_too_many_entries_the_bad_ones_are_told_at_once),
        OS_TEST(who_was_never_connected_is_found_again_in_a_merged_set),
        OS_TEST(what_even_a_merged_set_is_refused_for_is_told),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
