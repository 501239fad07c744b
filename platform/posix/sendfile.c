/* SPDX-License-Identifier: MIT */
/*
 * sendfile() has four signatures and no flag against SIGPIPE, which it raises
 * on every kind of stream: the signal is kept from the process by masking it
 * (data_sigpipe.c), whatever sends do about it.
 */
#include "common.h"
#include "priv.h"

/*
 * What this file or this socket is not made for. That a descriptor is bad is
 * said of either of them: who reads and sends learns of which.
 */
static pier_err fail(void)
{
    /* Two numbers on macOS. */
    pier_err err = posix_fail_with(errno == ENOTSUP ? EOPNOTSUPP : errno);

    switch (err) {
    case PIER_EINVAL:
    case PIER_ENOSYS:
    case PIER_EOPNOTSUPP:
    case PIER_ENOTSOCK:
    case PIER_ESPIPE:
    case PIER_EOVERFLOW:
    case PIER_EBADF:
        return PIER_ENOTSUP;
    default:
        return err;
    }
}

ptrdiff_t pierp_sendfile(pier_handle h, pier_file file, int64_t offset,
                         size_t length)
{
    struct posix_mask mask;
    ssize_t n;

    posix_sigpipe_mask(&mask);
    n = posix_sendfile((int)h, (int)file, (off_t)offset, length);
    posix_sigpipe_unmask(&mask);
    return n >= 0 ? n : fail();
}

/* sendfile() goes as far as it can without waiting, and needs no more. */
ptrdiff_t pierp_transmit(pier_handle h, pier_file file, int64_t offset,
                         size_t length, struct pierp_transmission *t)
{
    (void)h;
    (void)file;
    (void)offset;
    (void)length;
    (void)t;
    return plat_lack();
}

void pierp_transmit_end(pier_handle h, struct pierp_transmission *t)
{
    (void)h;
    (void)t;
}
