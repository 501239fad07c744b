/* SPDX-License-Identifier: MIT */
/* Sockets that go to another process, or come from one. */
#include "sweep.h"

#include <pier/handover.h>

static pier_err run_channel(int family, int type)
{
    struct pier_socket *ends[2], *s = NULL;
    pier_err first = PIER_OK;

    if (failed(&first, pier_socketpair(ends, family, type, 0)))
        return first;
    if (!failed(&first, pier_send_socket(ends[0], ends[1], 0)))
        failed(&first, pier_recv_socket(&s, ends[1]));
    CHECK((s != NULL) == (first == PIER_OK));
    pier_free(s);
    pier_free(ends[0]);
    pier_free(ends[1]);
    return first;
}

static pier_err run_over_path(void)
{
    return run_channel(PIER_AF_UNIX, PIER_SOCK_STREAM);
}

static pier_err run_over_path_datagrams(void)
{
    return run_channel(PIER_AF_UNIX, PIER_SOCK_DGRAM);
}

static pier_err run_over_tcp(void)
{
    return run_channel(PIER_AF_INET, PIER_SOCK_STREAM);
}

static pier_err run_share(void)
{
    struct pier_socket *t, *s = NULL;
    struct pier_share_info info;
    pier_err first = PIER_OK;

    if (failed(&first, pier_open(&t, PIER_AF_INET, PIER_SOCK_STREAM, 0)))
        return first;
    if (!failed(&first, pier_share(&info, t, 0))) {
        failed(&first, pier_fromshare(&s, &info));
        CHECK((s != NULL) == (first == PIER_OK));
    }
    CHECK(s || first);
    pier_free(s);
    pier_free(t);
    return first;
}

static pier_err run_listen_fds(void)
{
    struct pier_inherited *list;
    size_t count;
    pier_err first = PIER_OK;

    (void)fake_served(PIER_AF_INET, PIER_SOCK_STREAM, 0);
    (void)fake_served(0, FAKE_NO_SOCKET, 0);
    fake_serve("4321", "2", "one:two");
    if (failed(&first, pier_listen_fds(&list, &count, true))) {
        CHECK(list == NULL && count == 0);
        end_failures();
        CHECK_OK(pierp_close(FAKE_FIRST_SERVED));
        CHECK_OK(pierp_close(FAKE_FIRST_SERVED + 1));
    }
    pier_free_inherited(list, count);
    return first;
}

static const struct scenario scenarios[] = {
    { "send_socket over AF_UNIX", run_over_path, false },
    { "the same over its datagrams", run_over_path_datagrams, false },
    { "the same over TCP", run_over_tcp, false },
    { "share and fromshare", run_share, false },
    { "listen_fds", run_listen_fds, false },
};

SCENARIO_GROUP(handover_scenarios, scenarios);
