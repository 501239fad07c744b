/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include <pier/connection.h>
#include <pier/constants.h>
#include <pier/socket.h>
#include <string.h>

#include "facts.h"

#define LARGEST_ASKED 65536

static long long longest_path(void)
{
    char path[256];
    struct pier_address address;
    size_t length = 0;

    memset(path, 'x', sizeof path);
    while (length < sizeof path &&
           !pier_address_unix(&address, path, length + 1))
        length++;
    return (long long)length;
}

/* By halving: the longest that s sends. */
static size_t halve(struct pier_socket *s)
{
    static char data[LARGEST_ASKED];
    size_t fits = 0;
    size_t beyond = sizeof data;

    while (beyond - fits > 1) {
        size_t length = fits + (beyond - fits) / 2;

        if (pier_send(s, data, length, 0) == (ptrdiff_t)length) {
            fits = length;
        } else {
            beyond = length;
        }
    }
    return fits;
}

static long long longest_datagram(int family)
{
    struct pier_socket *pair[2];
    size_t longest = 0;

    if (pier_socketpair(pair, family, PIER_SOCK_DGRAM, 0))
        return 0;
    if (!pier_settimeout(pair[0], PIER_SECONDS(1)))
        longest = halve(pair[0]);
    pier_free(pair[0]);
    pier_free(pair[1]);
    return (long long)longest;
}

/* What the system makes of a wish for a very large buffer. */
static long long largest_buffer(int name)
{
    struct pier_socket *s = NULL;
    int value = 0;
    pier_err error = pier_open(&s, PIER_AF_INET, PIER_SOCK_STREAM, 0);

    if (!error)
        error = pier_setsockopt_int(s, PIER_SOL_SOCKET, name, 1 << 30);
    if (!error)
        error = pier_getsockopt_int(s, PIER_SOL_SOCKET, name, &value);
    pier_free(s);
    return error ? 0 : value;
}

void probe_limits(void)
{
    facts_group("limits");
    facts_integer("open sockets (0: none known)", system_open_limit());
    facts_integer("backlog as headers say", PIER_SOMAXCONN);
    facts_integer("path of an AF_UNIX address", longest_path());
    facts_integer("UDP datagram over IPv4", longest_datagram(PIER_AF_INET));
    facts_integer("UDP datagram over IPv6", longest_datagram(PIER_AF_INET6));
    facts_integer("send buffer (asked for 1 GiB)",
                  largest_buffer(PIER_SO_SNDBUF));
    facts_integer("receive buffer (asked for 1 GiB)",
                  largest_buffer(PIER_SO_RCVBUF));
}
