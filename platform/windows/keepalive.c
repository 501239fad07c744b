/* SPDX-License-Identifier: MIT */
/*
 * Options since Windows 10 1709, the count since 1703; before that one control
 * code sets both times, without a way to leave one as it is (Q110).
 */
#include "priv.h"
#include <mstcpip.h>

#ifndef TCP_KEEPIDLE
#define TCP_KEEPIDLE 3
#endif
#ifndef TCP_KEEPCNT
#define TCP_KEEPCNT 16
#endif
#ifndef TCP_KEEPINTVL
#define TCP_KEEPINTVL 17
#endif

#define NS_PER_MS     1000000
#define NS_PER_SECOND 1000000000

/* What a Windows has that nobody has told otherwise. */
#define DEFAULT_IDLE_MS     7200000
#define DEFAULT_INTERVAL_MS 1000
#define FIXED_COUNT         10

/* What is too long for the unit is too long for the system, which says so. */
static int to_units(int64_t ns, int64_t unit)
{
    int64_t count = ns / unit + (ns % unit != 0);

    return count < INT_MAX ? (int)count : INT_MAX;
}

static bool is_lacking(void)
{
    int error = WSAGetLastError();

    return error == WSAENOPROTOOPT || error == WSAEINVAL ||
           error == WSAEOPNOTSUPP;
}

static int set_part(SOCKET s, int name, int value)
{
    if (value == 0)
        return 0;
    return setsockopt(s, IPPROTO_TCP, name, (const char *)&value,
                      sizeof(value));
}

static bool knows(SOCKET s, int name)
{
    int value;
    int length = sizeof(value);

    return getsockopt(s, IPPROTO_TCP, name, (char *)&value, &length) == 0 ||
           !is_lacking();
}

/* Both times in one go, which also turns the questions on. */
static pier_err set_both_times(SOCKET s, const struct pierp_keepalive *k)
{
    struct tcp_keepalive values = { 1, DEFAULT_IDLE_MS, DEFAULT_INTERVAL_MS };
    DWORD ignored;

    if (k->idle)
        values.keepalivetime = (ULONG)to_units(k->idle, NS_PER_MS);
    if (k->interval)
        values.keepaliveinterval = (ULONG)to_units(k->interval, NS_PER_MS);
    if (WSAIoctl(s, SIO_KEEPALIVE_VALS, &values, sizeof(values), NULL, 0,
                 &ignored, NULL, NULL))
        return win_fail();
    return PIER_OK;
}

static pier_err set_times(SOCKET s, const struct pierp_keepalive *k)
{
    if (!k->idle && !k->interval)
        return PIER_OK;
    if (!knows(s, TCP_KEEPIDLE) || !knows(s, TCP_KEEPINTVL))
        return set_both_times(s, k);
    if (set_part(s, TCP_KEEPIDLE, to_units(k->idle, NS_PER_SECOND)) ||
        set_part(s, TCP_KEEPINTVL, to_units(k->interval, NS_PER_SECOND)))
        return win_fail();
    return PIER_OK;
}

static pier_err set_count(SOCKET s, int count)
{
    if (count == 0 || set_part(s, TCP_KEEPCNT, count) == 0)
        return PIER_OK;
    if (knows(s, TCP_KEEPCNT))
        return win_fail_with(WSAEINVAL);
    return count == FIXED_COUNT ? PIER_OK : win_fail_with(WSAEOPNOTSUPP);
}

pier_err pierp_set_keepalive(pier_handle h, const struct pierp_keepalive *k)
{
    BOOL on = k->on;
    pier_err err = PIER_OK;

    /* The count first: without it nothing is changed. */
    if (k->on)
        err = set_count((SOCKET)h, k->count);
    if (!err && k->on)
        err = set_times((SOCKET)h, k);
    if (err)
        return err;
    return pierp_setsockopt(h, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}
