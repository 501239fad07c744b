/* SPDX-License-Identifier: MIT */
/* Failures while real sockets go to another process, or come from one. */
#include "platform.h"
#include "sweep.h"

/* The channel that this system's sockets go over, and another socket. */
static pier_err run_channel(void)
{
    int family = pierp_carries_handles ? PIER_AF_UNIX : PIER_AF_INET;
    struct pier_socket *ends[2], *s = NULL;
    pier_err first = PIER_OK;

    if (failed(&first, pier_socketpair(ends, family, PIER_SOCK_STREAM, 0)))
        return first;
    if (!failed(&first, pier_send_socket(ends[0], ends[1], 0)))
        failed(&first, pier_recv_socket(&s, ends[1]));
    CHECK((s != NULL) == (first == PIER_OK));
    shim_take_back_share();
    pier_free(s);
    pier_free(ends[0]);
    pier_free(ends[1]);
    return first;
}

static pier_err run_share(void)
{
    struct pier_socket *t = NULL, *s = NULL;
    struct pier_share_info info;
    pier_err first = PIER_OK;

    if (!failed(&first, pier_open(&t, PIER_AF_INET, PIER_SOCK_STREAM, 0)) &&
        !failed(&first, pier_share(&info, t, 0)))
        failed(&first, pier_fromshare(&s, &info));
    CHECK((s != NULL) == (first == PIER_OK));
    shim_take_back_share();
    pier_free(s);
    pier_free(t);
    return first;
}

/* Nobody has started this program so. */
static pier_err run_listen_fds(void)
{
    struct pier_inherited *list;
    size_t count;
    pier_err first = PIER_OK;

    failed(&first, pier_listen_fds(&list, &count, true));
    CHECK(list == NULL && count == 0);
    return first;
}

static const struct scenario channel[] = {
    { "send_socket and recv_socket", run_channel, false },
};
static const struct scenario shares[] = {
    { "share and fromshare", run_share, false },
};
static const struct scenario services[] = {
    { "listen_fds", run_listen_fds, false },
};

/* Where handles go beside bytes, and where they go as bytes. */
static const enum shim_function met_beside[] = {
    SHIM_SEND_HANDLE,
    SHIM_RECV_HANDLE,
    SHIM_SERVICE,
};
static const enum shim_function met_bytes[] = { SHIM_SHARE, SHIM_FROMSHARE };

static void every_failure_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    sweep_all(channel, COUNT_OF(channel));
    if (pierp_carries_handles) {
        sweep_all(services, COUNT_OF(services));
        check_swept(met_beside, COUNT_OF(met_beside));
    }
    if (pierp_has_shares) {
        sweep_all(shares, COUNT_OF(shares));
        check_swept(met_bytes, COUNT_OF(met_bytes));
    }
}

static void what_disturbs_changes_nothing(void **state)
{
    (void)state;
    disturb_all(channel, COUNT_OF(channel));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failure_is_told_and_leaks_nothing),
        cmocka_unit_test(what_disturbs_changes_nothing),
    };

    return cmocka_run_group_tests_name("shim.handover", tests, NULL, NULL);
}
