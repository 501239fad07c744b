/* SPDX-License-Identifier: MIT */
/* Sockets as bytes, for another process of this machine. */
#include "error.h"
#include "parcel.h"
#include "trace.h"

static pier_err share_now(struct pier_share_info *out, struct pier_socket *s,
                          long long process_id)
{
    pier_err err;

    if (!out)
        return pieri_fail("share", PIER_EINVAL, NULL);
    out->length = 0;
    err = pieri_begin(s, "share");
    if (err)
        return err;
    err = pieri_parcel_pack(out, s, PIERI_BY_SHARE, process_id);
    return pieri_end(s, "share", err, NULL);
}

static pier_err fromshare_now(struct pier_socket **out,
                              const struct pier_share_info *info)
{
    struct pier_socket *s;
    pier_err err;

    if (!out)
        return pieri_fail("fromshare", PIER_EINVAL, NULL);
    *out = NULL;
    if (!info || !pieri_parcel_is(info, PIERI_BY_SHARE))
        return pieri_fail("fromshare", PIER_EINVAL, NULL);
    err = pierp_start();
    if (err)
        return pieri_os_fail("fromshare", err, NULL);
    s = pieri_socket_new(0, 0, 0);
    if (!s)
        return pieri_fail("fromshare", PIER_ENOMEM, NULL);
    err = pieri_parcel_unpack(s, info, PIER_INVALID_HANDLE);
    if (err) {
        pieri_socket_discard(s);
        return pieri_os_fail("fromshare", err, NULL);
    }
    *out = s;
    return PIER_OK;
}

pier_err pier_share(struct pier_share_info *out, struct pier_socket *s,
                    long long process_id)
{
    int64_t start = pieri_trace_begin();
    pier_err err = share_now(out, s, process_id);

    return (pier_err)pieri_trace_end("share", s, err, start);
}

pier_err pier_fromshare(struct pier_socket **out,
                        const struct pier_share_info *info)
{
    int64_t start = pieri_trace_begin();
    pier_err err = fromshare_now(out, info);

    return (pier_err)pieri_trace_end("fromshare", out ? *out : NULL, err,
                                     start);
}
