/* SPDX-License-Identifier: MIT */
#include "priv.h"

#ifdef HAVE_PIPE2
static pier_err make_pipe(int fds[2])
{
    return pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0 ? posix_fail() : PIER_OK;
}
#else
static pier_err prepare_end(int fd)
{
    pier_err err = posix_set_cloexec(fd);

    return err ? err : pierp_set_nonblocking(fd, true);
}

static pier_err make_pipe(int fds[2])
{
    pier_err err;

    if (pipe(fds) < 0)
        return posix_fail();
    err = prepare_end(fds[0]);
    if (err == PIER_OK)
        err = prepare_end(fds[1]);
    if (err) {
        (void)close(fds[0]);
        (void)close(fds[1]);
    }
    return err;
}
#endif

pier_err posix_wake_open(struct pierp_wake *wake)
{
    int fds[2];
    pier_err err = make_pipe(fds);

    if (err)
        return err;
    wake->wait_fd = fds[0];
    wake->signal_fd = fds[1];
    return PIER_OK;
}
