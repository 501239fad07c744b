/* SPDX-License-Identifier: MIT */
/* Handles beside bytes, and those of a service manager. */
#include "priv.h"

#include <pier/message.h>
#include <stdlib.h>

/* ------------------------------------------------------------ as bytes --- */

const bool pierp_has_shares = false;

pier_err pierp_share(void *out, size_t *length, pier_handle h,
                     int64_t process_id)
{
    (void)out;
    (void)length;
    (void)h;
    (void)process_id;
    (void)posix_fail_with(EOPNOTSUPP);
    return PIER_ENOTSUP;
}

pier_err pierp_fromshare(pier_handle *out, const void *bytes, size_t length)
{
    (void)out;
    (void)bytes;
    (void)length;
    (void)posix_fail_with(EOPNOTSUPP);
    return PIER_ENOTSUP;
}

/* -------------------------------------------------------- beside bytes --- */

const bool pierp_carries_handles = true;

/* As many as any system sends at once, so that all that a stranger sends is
 * seen and closed here: not every system closes what has no room. Other
 * control data comes before. */
#define FDS_ROOM 512

union control {
    struct cmsghdr align;
    unsigned char bytes[CMSG_SPACE(FDS_ROOM * sizeof(int)) + 256];
};

ptrdiff_t pierp_send_handle(pier_handle channel, const void *bytes,
                            size_t length, pier_handle h)
{
    struct pier_buffer piece = { (void *)(uintptr_t)bytes, length };
    struct pier_message m = { .buffers = &piece, .buffer_count = 1 };
    const int fd = (int)h;
    const struct pierp_control item = { CMSG_LEN(sizeof fd), SOL_SOCKET,
                                        SCM_RIGHTS };
    union control control;

    memset(&control, 0, sizeof control);
    pierp_control_write(control.bytes, &item);
    memcpy(control.bytes + CMSG_LEN(0), &fd, sizeof fd);
    m.control = control.bytes;
    m.control_length = CMSG_SPACE(sizeof fd);
    return pierp_sendmsg(channel, &m, 0);
}

/* One handle is kept. Of an item that was cut there is less than its header
 * says. */
static void take_item(const unsigned char *item, size_t length, size_t left,
                      pier_handle *out)
{
    if (length > left)
        length = left;
    for (size_t at = CMSG_LEN(0); at + sizeof(int) <= length;
         at += sizeof(int)) {
        int fd;

        memcpy(&fd, item + at, sizeof fd);
        if (*out == PIER_INVALID_HANDLE) {
            *out = fd;
        } else {
            (void)close(fd);
        }
    }
}

static pier_handle take_handle(const struct pier_message *m)
{
    struct msghdr header = { .msg_control = m->control };
    const unsigned char *begin = m->control;
    pier_handle handle = PIER_INVALID_HANDLE;
    struct cmsghdr *item;

    header.msg_controllen = (socklen_t)m->control_length;
    item = CMSG_FIRSTHDR(&header);
    for (; item; item = posix_next_control(&header, item)) {
        const unsigned char *at = (const unsigned char *)item;

        if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SCM_RIGHTS) {
            take_item(at, item->cmsg_len,
                      m->control_length - (size_t)(at - begin), &handle);
        }
    }
    return handle;
}

ptrdiff_t pierp_recv_handle(pier_handle channel, void *buffer, size_t length,
                            pier_handle *out, bool *cut)
{
    struct pier_buffer piece = { buffer, length };
    union control control;
    struct pier_message m = { .buffers = &piece,
                              .buffer_count = 1,
                              .control = control.bytes,
                              .control_length = sizeof control.bytes };
    ptrdiff_t n = pierp_recvmsg(channel, &m, 0);
    pier_handle handle;

    if (n < 0)
        return n;
    handle = take_handle(&m);
    if (handle == PIER_INVALID_HANDLE && (m.flags & MSG_CTRUNC))
        return posix_fail_with(EMFILE);
    *out = handle;
    *cut = (m.flags & MSG_TRUNC) != 0;
    return n;
}

/* ------------------------------------------------ of a service manager --- */

/* Behind the standard streams. */
#define SERVICE_FIRST_FD 3

pier_err pierp_service(struct pierp_service *out)
{
    out->process = getenv("LISTEN_PID");
    out->count = getenv("LISTEN_FDS");
    out->names = getenv("LISTEN_FDNAMES");
    out->own_process = getpid();
    out->first = SERVICE_FIRST_FD;
    return PIER_OK;
}

void pierp_service_forget(void)
{
    (void)unsetenv("LISTEN_PID");
    (void)unsetenv("LISTEN_FDS");
    (void)unsetenv("LISTEN_FDNAMES");
}
