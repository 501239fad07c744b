/* SPDX-License-Identifier: MIT */
/* The part of the seam by which sockets go from process to process;
 * platform.h includes it and says what holds for all. */
#ifndef PIERP_PLATFORM_HANDOVER_H
#define PIERP_PLATFORM_HANDOVER_H

#include <pier/error.h>
#include <stdbool.h>

/*
 * The bytes by which a process (0: this one) can make the socket of h its own
 * with pierp_fromshare(); h stays open until then. *length: room in, bytes
 * used out; PIERP_SHARE_MAX is always enough. PIER_EINVAL: there is no such
 * process. PIER_ENOTSUP: sockets are not handed over by bytes.
 */
#define PIERP_SHARE_MAX 960

extern const bool pierp_has_shares; /* whether they are */

pier_err pierp_share(void *out, size_t *length, pier_handle h,
                     int64_t process_id);

/* The handle as pierp_open() makes them. PIER_EINVAL: these are not such
 * bytes, as far as the system finds out. */
pier_err pierp_fromshare(pier_handle *out, const void *bytes, size_t length);

/* Whether sockets of AF_UNIX carry handles, by the next two. */
extern const bool pierp_carries_handles;

/*
 * Sends bytes with a handle beside their first. A count below length may be
 * sent: what is left goes as other data. The handle stays open here. Core
 * asks for it on AF_UNIX only.
 */
ptrdiff_t pierp_send_handle(pier_handle channel, const void *bytes,
                            size_t length, pier_handle h);

/*
 * Receives bytes as pierp_recv() does, and what handles come beside them: the
 * first is *out, never inherited, others are closed. *out is
 * PIER_INVALID_HANDLE when none came. PIER_EMFILE: one came, but there was no
 * room for it in the process. *cut tells of a datagram that was longer.
 */
ptrdiff_t pierp_recv_handle(pier_handle channel, void *buffer, size_t length,
                            pier_handle *out, bool *cut);

/*
 * What a service manager tells of the handles with which it started this
 * process, as it stands in the environment; NULL: nothing. The text is the
 * environment's. The handles begin with first and have no gap.
 */
struct pierp_service {
    const char *process; /* LISTEN_PID: for whom they are */
    const char *count;   /* LISTEN_FDS */
    const char *names;   /* LISTEN_FDNAMES, with colons between them */
    int64_t own_process;
    pier_handle first;
};

/* PIER_ENOTSUP: no handle comes so. */
pier_err pierp_service(struct pierp_service *out);

/* Takes it out of the environment. */
void pierp_service_forget(void);

#endif
