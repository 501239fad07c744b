/* SPDX-License-Identifier: MIT */
/* The layer, where sockets go from process to process. */
#include "inside.h"

#include <string.h>

/* The share that nobody has made a socket of; of length 0: none. */
static unsigned char pending[PIERP_SHARE_MAX];
static size_t pending_length;

pier_err pierp_share(void *out, size_t *length, pier_handle h,
                     int64_t process_id)
{
    pier_err err = shim_enter(SHIM_SHARE);

    if (!err)
        err = real_pierp_share(out, length, h, process_id);
    if (!err) {
        memcpy(pending, out, *length);
        pending_length = *length;
    }
    return err;
}

pier_err pierp_fromshare(pier_handle *out, const void *bytes, size_t length)
{
    pier_err err = shim_enter(SHIM_FROMSHARE);

    if (!err)
        err = real_pierp_fromshare(out, bytes, length);
    if (!err) {
        pending_length = 0;
        shim_hold_handles(1);
    }
    return err;
}

void shim_take_back_share(void)
{
    pier_handle h;

    if (pending_length > 0 &&
        !real_pierp_fromshare(&h, pending, pending_length))
        (void)real_pierp_close(h);
    pending_length = 0;
}

ptrdiff_t pierp_send_handle(pier_handle channel, const void *bytes,
                            size_t length, pier_handle h)
{
    pier_err err = shim_enter(SHIM_SEND_HANDLE);

    if (err)
        return err;
    return real_pierp_send_handle(channel, bytes, shim_cut(length), h);
}

ptrdiff_t pierp_recv_handle(pier_handle channel, void *buffer, size_t length,
                            pier_handle *out, bool *cut)
{
    pier_err err = shim_enter(SHIM_RECV_HANDLE);
    ptrdiff_t n;

    if (err)
        return err;
    n = real_pierp_recv_handle(channel, buffer, shim_cut(length), out, cut);
    if (n >= 0 && *out != PIER_INVALID_HANDLE)
        shim_hold_handles(1);
    return n;
}

pier_err pierp_service(struct pierp_service *out)
{
    pier_err err = shim_enter(SHIM_SERVICE);

    return err ? err : real_pierp_service(out);
}

void pierp_service_forget(void)
{
    real_pierp_service_forget();
}
