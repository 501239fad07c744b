/* SPDX-License-Identifier: MIT */
#include "rights.h"

#include "check.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    SENT = 3
};

union control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(SENT * sizeof(int))];
};

unsigned open_descriptors(void)
{
    unsigned n = 0;

    for (int fd = 0; fd < DESCRIPTORS_END; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

/* A socket of its own, as often. */
static bool send_itself(int s, struct msghdr *m)
{
    const int fds[SENT] = { s, s, s };
    struct cmsghdr *item = CMSG_FIRSTHDR(m);

    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(sizeof(fds));
    memcpy(CMSG_DATA(item), fds, sizeof(fds));
    return sendmsg(s, m, 0) == 1;
}

bool system_shows_what_it_opens(void)
{
    union control control = { .align = { 0 } };
    struct iovec piece = { (char[]){ 'x' }, 1 };
    struct msghdr m = { .msg_iov = &piece,
                        .msg_iovlen = 1,
                        .msg_control = &control,
                        .msg_controllen = sizeof(control.bytes) };
    unsigned before;
    int ends[2];
    bool shows;

    CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    CHECK(send_itself(ends[0], &m));
    before = open_descriptors();
    m.msg_controllen = CMSG_LEN(sizeof(int));
    CHECK_INT(recvmsg(ends[1], &m, 0), 1);
    shows = open_descriptors() == before + 1;
    CHECK_OK(close(ends[0]));
    CHECK_OK(close(ends[1]));
    return shows;
}
