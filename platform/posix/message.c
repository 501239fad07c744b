/* SPDX-License-Identifier: MIT */
/* Messages: one call of recvmsg() or sendmsg() each. */
#include "common.h"
#include "priv.h"

#include <limits.h>
#include <pier/message.h>
#include <stddef.h>
#include <sys/uio.h>

/* The public buffer is the system's, under a name that it has everywhere. */
_Static_assert(sizeof(struct pier_buffer) == sizeof(struct iovec) &&
                   offsetof(struct pier_buffer, base) ==
                       offsetof(struct iovec, iov_base) &&
                   offsetof(struct pier_buffer, length) ==
                       offsetof(struct iovec, iov_len),
               "a buffer is no iovec");

/* ------------------------------------------------------- descriptors --- */

#ifdef HAVE_MSG_CMSG_CLOEXEC
#define RECEIVE_FLAGS (MSG_DONTWAIT | MSG_CMSG_CLOEXEC)
#define OWN_FLAGS     MSG_CMSG_CLOEXEC /* which Linux repeats */

static void keep_to_this_process(const struct msghdr *header)
{
    (void)header;
}
#else
#define RECEIVE_FLAGS MSG_DONTWAIT
#define OWN_FLAGS     0

/* Of an item that was cut there is less than its header says. */
static void mark_each(const unsigned char *item, size_t length, size_t left)
{
    if (length > left)
        length = left;
    for (size_t at = CMSG_LEN(0); at + sizeof(int) <= length;
         at += sizeof(int)) {
        int fd;

        memcpy(&fd, item + at, sizeof fd);
        (void)posix_set_cloexec(fd);
    }
}

/* Between here and the receive a process that another thread starts may
 * inherit them; these systems offer nothing better. */
static void keep_to_this_process(const struct msghdr *header)
{
    struct msghdr copy = *header;
    const unsigned char *begin = header->msg_control;
    struct cmsghdr *item = begin ? CMSG_FIRSTHDR(&copy) : NULL;

    for (; item; item = posix_next_control(&copy, item)) {
        const unsigned char *at = (const unsigned char *)item;

        const bool has_descriptors =
            item->cmsg_level == SOL_SOCKET && item->cmsg_type == SCM_RIGHTS;

        if (has_descriptors) {
            mark_each(at, item->cmsg_len,
                      header->msg_controllen - (size_t)(at - begin));
        }
    }
}
#endif

/* ----------------------------------------------------------- headers --- */

/*
 * Whether the system takes so many pieces, and so many bytes of control data:
 * some have only an int for them.
 */
static pier_err check(const struct pier_message *m)
{
    if (m->buffer_count > IOV_MAX)
        return posix_fail_with(EMSGSIZE);
    return m->control_length > INT_MAX ? posix_fail_with(ENOBUFS) : PIER_OK;
}

/* How wide these numbers are differs from system to system. */
static struct msghdr header_of(const struct pier_message *m)
{
    static struct iovec nothing;
    struct msghdr header = { .msg_iov = &nothing, .msg_iovlen = 1 };

    /* macOS wants at least one buffer. */
    if (m->buffer_count > 0) {
        header.msg_iov = (struct iovec *)(void *)m->buffers;
        header.msg_iovlen = (unsigned short)m->buffer_count;
    }
    if (m->control_length > 0) {
        header.msg_control = m->control;
        header.msg_controllen = (socklen_t)m->control_length;
    }
    return header;
}

static struct msghdr header_to_fill(const struct pier_message *m)
{
    struct msghdr header = header_of(m);

    if (m->address) {
        header.msg_name = posix_sockaddr_room(m->address);
        header.msg_namelen = POSIX_ADDRESS_ROOM;
    }
    return header;
}

static struct msghdr header_to_send(const struct pier_message *m)
{
    struct msghdr header = header_of(m);

    if (m->address) {
        header.msg_name = posix_sockaddr_room(m->address);
        header.msg_namelen = (socklen_t)m->address->length;
    }
    return header;
}

static void take_back(struct pier_message *m, const struct msghdr *header)
{
    keep_to_this_process(header);
    m->control_length = header->msg_controllen;
    m->flags = header->msg_flags & ~OWN_FLAGS;
    if (m->address)
        posix_set_length(m->address, header->msg_namelen);
}

/* ------------------------------------------------------- one message --- */

/* Packet sockets, ISO-TP and J1939 of Linux refuse each flag that they do not
 * know; descriptors come by AF_UNIX alone. */
static bool knows_no_own_flags(int fd)
{
    struct sockaddr_storage name = { 0 };
    socklen_t length = sizeof(name);
    const int failed = errno;
    const bool other =
        getsockname(fd, (struct sockaddr *)&name, &length) == 0 &&
        name.ss_family != AF_UNIX;

    errno = failed;
    return other;
}

static ptrdiff_t receive(pier_handle h, struct pier_message *m, int flags)
{
    struct msghdr header = header_to_fill(m);
    ssize_t n = recvmsg((int)h, &header, flags | RECEIVE_FLAGS);

    if (n < 0 && errno == EINVAL && OWN_FLAGS != 0 &&
        knows_no_own_flags((int)h)) {
        header = header_to_fill(m);
        n = recvmsg((int)h, &header, flags | MSG_DONTWAIT);
    }
    if (n < 0)
        return posix_fail();
    take_back(m, &header);
    return n;
}

static ptrdiff_t transmit(pier_handle h, const struct pier_message *m,
                          int flags)
{
    const struct msghdr header = header_to_send(m);
    struct posix_sigpipe state;
    ssize_t n;

    posix_sigpipe_block(&state);
    n = sendmsg((int)h, &header, flags | POSIX_SEND_FLAGS);
    posix_sigpipe_restore(&state);
    if (n >= 0)
        return n;
    return m->address ? posix_fail() : posix_fail_to_send();
}

/* Whether there are more bytes than the system takes at once: see clamp() of
 * data.c. */
static bool is_long(const struct pier_message *m)
{
    size_t left = POSIX_LENGTH_MAX;

    if (POSIX_LENGTH_MAX == SIZE_MAX)
        return false;
    for (size_t i = 0; i < m->buffer_count; i++) {
        if (m->buffers[i].length > left)
            return true;
        left -= m->buffers[i].length;
    }
    return false;
}

/* The same with as many bytes as the system takes. */
static struct pier_message shortened(const struct pier_message *m,
                                     struct pier_buffer *buffers)
{
    struct pier_message shorter = *m;
    size_t left = POSIX_LENGTH_MAX;

    shorter.buffers = buffers;
    for (size_t i = 0; i < m->buffer_count; i++) {
        buffers[i] = m->buffers[i];
        if (buffers[i].length > left)
            buffers[i].length = left;
        left -= buffers[i].length;
    }
    return shorter;
}

static ptrdiff_t receive_long(pier_handle h, struct pier_message *m, int flags)
{
    struct pier_buffer buffers[IOV_MAX];
    struct pier_message shorter = shortened(m, buffers);
    ptrdiff_t n = receive(h, &shorter, flags);

    if (n >= 0) {
        m->control_length = shorter.control_length;
        m->flags = shorter.flags;
    }
    return n;
}

static ptrdiff_t transmit_long(pier_handle h, const struct pier_message *m,
                               int flags)
{
    struct pier_buffer buffers[IOV_MAX];
    const struct pier_message shorter = shortened(m, buffers);

    return transmit(h, &shorter, flags);
}

ptrdiff_t pierp_recvmsg(pier_handle h, struct pier_message *m, int flags)
{
    pier_err err = check(m);

    if (err)
        return err;
    return is_long(m) ? receive_long(h, m, flags) : receive(h, m, flags);
}

ptrdiff_t pierp_sendmsg(pier_handle h, const struct pier_message *m, int flags)
{
    pier_err err = check(m);

    if (err)
        return err;
    return is_long(m) ? transmit_long(h, m, flags) : transmit(h, m, flags);
}

/* -------------------------------------------------- several at once --- */

#ifdef HAVE_RECVMMSG
/* Headers for those that need nothing unusual; how many these are. */
static unsigned
fill_headers(struct mmsghdr *headers, const struct pier_datagram *d,
             size_t count, struct msghdr (*fill)(const struct pier_message *))
{
    unsigned n = 0;

    if (count > PIERP_BATCH_MAX)
        count = PIERP_BATCH_MAX;
    while (n < count && !check(&d[n].message) && !is_long(&d[n].message)) {
        headers[n] = (struct mmsghdr){ .msg_hdr = fill(&d[n].message) };
        n++;
    }
    return n;
}

/* An int for one libc and unsigned for another, which this fits both. */
#define EITHER(flags) ((flags)&INT_MAX)

ptrdiff_t pierp_recvmmsg(pier_handle h, struct pier_datagram *d, size_t count,
                         int flags)
{
    struct mmsghdr headers[PIERP_BATCH_MAX];
    unsigned few = fill_headers(headers, d, count, header_to_fill);
    ssize_t n;

    if (few == 0)
        return plat_each_recvmsg(h, d, 1, flags);
    n = recvmmsg((int)h, headers, few, EITHER(flags | RECEIVE_FLAGS), NULL);
    if (n < 0 && errno == EINVAL && OWN_FLAGS != 0 &&
        knows_no_own_flags((int)h))
        return plat_each_recvmsg(h, d, 1, flags);
    if (n < 0)
        return posix_fail();
    for (ssize_t i = 0; i < n; i++) {
        take_back(&d[i].message, &headers[i].msg_hdr);
        d[i].result = (ptrdiff_t)headers[i].msg_len;
    }
    return n;
}

ptrdiff_t pierp_sendmmsg(pier_handle h, struct pier_datagram *d, size_t count,
                         int flags)
{
    struct mmsghdr headers[PIERP_BATCH_MAX];
    unsigned few = fill_headers(headers, d, count, header_to_send);
    struct posix_sigpipe state;
    ssize_t n;

    if (few == 0)
        return plat_each_sendmsg(h, d, 1, flags);
    posix_sigpipe_block(&state);
    n = sendmmsg((int)h, headers, few, EITHER(flags | POSIX_SEND_FLAGS));
    posix_sigpipe_restore(&state);
    if (n < 0)
        return d->message.address ? posix_fail() : posix_fail_to_send();
    for (ssize_t i = 0; i < n; i++)
        d[i].result = (ptrdiff_t)headers[i].msg_len;
    return n;
}
#else
ptrdiff_t pierp_recvmmsg(pier_handle h, struct pier_datagram *d, size_t count,
                         int flags)
{
    return plat_each_recvmsg(h, d, count, flags);
}

ptrdiff_t pierp_sendmmsg(pier_handle h, struct pier_datagram *d, size_t count,
                         int flags)
{
    return plat_each_sendmsg(h, d, count, flags);
}
#endif

/* ----------------------------------------------------------- control --- */

const size_t pierp_control_header = CMSG_LEN(0);
const size_t pierp_control_alignment = CMSG_SPACE(1) - CMSG_SPACE(0);

void pierp_control_write(void *at, const struct pierp_control *item)
{
    struct cmsghdr header;

    memset(&header, 0, sizeof header);
    header.cmsg_len = (socklen_t)item->length;
    header.cmsg_level = item->level;
    header.cmsg_type = item->type;
    memcpy(at, &header, sizeof header);
}

void pierp_control_read(struct pierp_control *out, const void *at)
{
    struct cmsghdr header;

    memcpy(&header, at, sizeof header);
    *out = (struct pierp_control){ header.cmsg_len, header.cmsg_level,
                                   header.cmsg_type };
}
