/* SPDX-License-Identifier: MIT */
#include "priv.h"

#include <netinet/tcp.h>

/* macOS has another name for the idle time (Q110). */
#ifndef POSIX_KEEPIDLE
#ifdef TCP_KEEPIDLE
#define POSIX_KEEPIDLE TCP_KEEPIDLE
#elif defined(TCP_KEEPALIVE)
#define POSIX_KEEPIDLE TCP_KEEPALIVE
#endif
#endif

enum {
    ABSENT = -1
};

#ifdef POSIX_KEEPIDLE
static const int idle_option = POSIX_KEEPIDLE;
#else
static const int idle_option = ABSENT;
#endif

#ifdef TCP_KEEPINTVL
static const int interval_option = TCP_KEEPINTVL;
#else
static const int interval_option = ABSENT;
#endif

#ifdef TCP_KEEPCNT
static const int count_option = TCP_KEEPCNT;
#else
static const int count_option = ABSENT;
#endif

/* What is too long for an int is too long for the system, which says so. */
static int to_seconds(int64_t ns)
{
    int64_t seconds = ns / 1000000000 + (ns % 1000000000 != 0);

    return seconds < INT_MAX ? (int)seconds : INT_MAX;
}

static pier_err set_part(pier_handle h, int option, int value)
{
    if (value == 0)
        return PIER_OK;
    return pierp_setsockopt(h, IPPROTO_TCP, option, &value, sizeof value);
}

static bool can_set(const struct pierp_keepalive *k)
{
    return (k->idle == 0 || idle_option != ABSENT) &&
           (k->interval == 0 || interval_option != ABSENT) &&
           (k->count == 0 || count_option != ABSENT);
}

static pier_err set_parts(pier_handle h, const struct pierp_keepalive *k)
{
    pier_err err;

    if (!can_set(k)) {
        (void)posix_fail_with(EOPNOTSUPP);
        return PIER_ENOTSUP;
    }
    err = set_part(h, idle_option, to_seconds(k->idle));
    if (err == PIER_OK)
        err = set_part(h, interval_option, to_seconds(k->interval));
    if (err == PIER_OK)
        err = set_part(h, count_option, k->count);
    return err;
}

pier_err pierp_set_keepalive(pier_handle h, const struct pierp_keepalive *k)
{
    pier_err err = k->on ? set_parts(h, k) : PIER_OK;
    int on = k->on;

    if (err)
        return err;
    return pierp_setsockopt(h, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}
