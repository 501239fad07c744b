/* SPDX-License-Identifier: MIT */
/*
 * A socket packed for another process: a header that says what kind of socket
 * it is, then the bytes by which the system knows it, if they are needed. All
 * of it is checked when it is unpacked, since anybody may have written it.
 */
#ifndef PIERI_PARCEL_H
#define PIERI_PARCEL_H

#include "object.h"

enum pieri_way {
    PIERI_BY_SHARE = 1, /* pierp_share() */
    PIERI_BY_HANDLE = 2 /* pierp_send_handle(), beside the parcel */
};

enum {
    PIERI_PARCEL_HEADER = 32
};

/* Packs s, of which the caller holds a reference, for that process. */
pier_err pieri_parcel_pack(struct pier_share_info *out, struct pier_socket *s,
                           enum pieri_way way, int64_t process_id);

/* How long the parcel is of which these are the first bytes, as far as they
 * tell, or 0: they begin none. */
size_t pieri_parcel_needs(const struct pier_share_info *p);

/* Whether p is a whole parcel that goes that way. */
bool pieri_parcel_is(const struct pier_share_info *p, enum pieri_way way);

/*
 * Makes the new object s what the parcel says. handle is what came beside it;
 * it is closed when this fails. PIER_EINVAL: it is no such socket.
 */
pier_err pieri_parcel_unpack(struct pier_socket *s,
                             const struct pier_share_info *p,
                             pier_handle handle);

#endif
