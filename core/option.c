/* SPDX-License-Identifier: MIT */
#include "error.h"
#include "object.h"

pier_err pier_setsockopt(struct pier_socket *s, int level, int name,
                         const void *value, size_t length)
{
    pier_err err;

    if (pieri_absent(level) || pieri_absent(name))
        return pieri_fail("setsockopt", PIER_ENOPROTOOPT, NULL);
    err = pieri_begin(s, "setsockopt");
    if (err)
        return err;
    err = pierp_setsockopt(s->handle, level, name, value, length);
    return pieri_end(s, "setsockopt", err, NULL);
}

pier_err pier_getsockopt(struct pier_socket *s, int level, int name,
                         void *value, size_t *length)
{
    pier_err err;

    if (!value || !length)
        return pieri_fail("getsockopt", PIER_EINVAL, NULL);
    if (pieri_absent(level) || pieri_absent(name))
        return pieri_fail("getsockopt", PIER_ENOPROTOOPT, NULL);
    err = pieri_begin(s, "getsockopt");
    if (err)
        return err;
    err = pierp_getsockopt(s->handle, level, name, value, length);
    return pieri_end(s, "getsockopt", err, NULL);
}

pier_err pier_ioctl(struct pier_socket *s, unsigned long code, const void *in,
                    size_t in_length, void *out, size_t *out_length)
{
    pier_err err;

    if ((in_length > 0 && !in) || (out && !out_length))
        return pieri_fail("ioctl", PIER_EINVAL, NULL);
    err = pieri_begin(s, "ioctl");
    if (err)
        return err;
    err = pierp_ioctl(s->handle, code, in, in_length, out, out_length);
    return pieri_end(s, "ioctl", err, NULL);
}

pier_err pier_setsockopt_int(struct pier_socket *s, int level, int name,
                             int value)
{
    return pier_setsockopt(s, level, name, &value, sizeof(value));
}

pier_err pier_getsockopt_int(struct pier_socket *s, int level, int name,
                             int *value)
{
    size_t length = sizeof(int);
    int found = 0;
    pier_err err;

    if (!value)
        return pieri_fail("getsockopt", PIER_EINVAL, NULL);
    err = pier_getsockopt(s, level, name, &found, &length);
    if (!err)
        *value = found;
    return err;
}
