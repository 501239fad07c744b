/* SPDX-License-Identifier: MIT */
#include "network.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* An address can be bound before the kernel has a route to it. */
static const char setup[] =
    "exec 2>/dev/null; ip link set lo up &&"
    " ip link add pier0 type veth peer name pier1 &&"
    " ip link set pier0 addrgenmode none && ip link set pier1 up &&"
    " ip link set pier0 up &&"
    " ip address add " OWN_ADDRESS "/64 dev pier0 nodad &&"
    " until ip -6 route get " OWN_ADDRESS " oif pier0 | grep -q ^local;"
    " do sleep 0.01; done";

static bool run(const char *script)
{
    char *arguments[] = { "sh", "-c", (char *)(size_t)script, NULL };
    pid_t child;
    int status;

    return posix_spawnp(&child, "sh", NULL, NULL, arguments, environ) == 0 &&
           waitpid(child, &status, 0) == child && status == 0;
}

bool enter_own_network(void)
{
    return unshare(CLONE_NEWNET) == 0 && run(setup);
}

bool set_loopback_mtu(int bytes)
{
    struct ifreq request = { .ifr_name = "lo", .ifr_mtu = bytes };
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    bool is_set = ioctl(fd, SIOCSIFMTU, &request) == 0;

    (void)close(fd);
    return is_set;
}

bool allow_fastopen(void)
{
    return run("echo 3 >/proc/sys/net/ipv4/tcp_fastopen");
}

unsigned own_interface(void)
{
    return if_nametoindex("pier0");
}

bool tells_scopes(void)
{
    struct sockaddr_in6 bound = { .sin6_family = AF_INET6 }, told = bound;
    socklen_t length = sizeof told;
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    bool tells;

    bound.sin6_scope_id = own_interface();
    tells = inet_pton(AF_INET6, OWN_ADDRESS, &bound.sin6_addr) == 1 &&
            bind(fd, (struct sockaddr *)&bound, sizeof bound) == 0 &&
            getsockname(fd, (struct sockaddr *)&told, &length) == 0 &&
            told.sin6_scope_id == bound.sin6_scope_id;
    (void)close(fd);
    return tells;
}
