/* SPDX-License-Identifier: MIT */
#include "error.h"
#include "object.h"
#include <limits.h>
#include <pier/constants.h>
#include <pier/option.h>

static const char set_name[] = "setsockopt";
static const char get_name[] = "getsockopt";

pier_err pier_setsockopt(struct pier_socket *s, int level, int name,
                         const void *value, size_t length)
{
    pier_err err;

    if (length > INT_MAX)
        return pieri_fail(set_name, PIER_EINVAL, NULL);
    if (pieri_absent(level) || pieri_absent(name))
        return pieri_fail(set_name, PIER_ENOPROTOOPT, NULL);
    err = pieri_begin(s, set_name);
    if (err)
        return err;
    err = pierp_setsockopt(s->handle, level, name, value, length);
    return pieri_end(s, set_name, err, NULL);
}

pier_err pier_getsockopt(struct pier_socket *s, int level, int name,
                         void *value, size_t *length)
{
    pier_err err;

    if (!value || !length || *length == 0 || *length > INT_MAX)
        return pieri_fail(get_name, PIER_EINVAL, NULL);
    if (pieri_absent(level) || pieri_absent(name))
        return pieri_fail(get_name, PIER_ENOPROTOOPT, NULL);
    err = pieri_begin(s, get_name);
    if (err)
        return err;
    err = pierp_getsockopt(s->handle, level, name, value, length);
    return pieri_end(s, get_name, err, NULL);
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

/* AF_VSOCK's own options have 64 bits; an int would be refused. */
static bool is_wide(const struct pier_socket *s, int level)
{
    return s && s->family == PIER_AF_VSOCK && level == PIER_AF_VSOCK;
}

pier_err pier_setsockopt_int64(struct pier_socket *s, int level, int name,
                               int64_t value)
{
    int narrow;

    if (is_wide(s, level))
        return pier_setsockopt(s, level, name, &value, sizeof(value));
    if (value < INT_MIN || value > INT_MAX)
        return pieri_fail(set_name, PIER_ERANGE, NULL);
    narrow = (int)value;
    return pier_setsockopt(s, level, name, &narrow, sizeof(narrow));
}

pier_err pier_setsockopt_int(struct pier_socket *s, int level, int name,
                             int value)
{
    return pier_setsockopt_int64(s, level, name, value);
}

pier_err pier_getsockopt_int64(struct pier_socket *s, int level, int name,
                               int64_t *value)
{
    int64_t wide = 0;
    int narrow = 0;
    size_t length = is_wide(s, level) ? sizeof(wide) : sizeof(narrow);
    pier_err err;

    if (!value)
        return pieri_fail(get_name, PIER_EINVAL, NULL);
    err = pier_getsockopt(
        s, level, name, is_wide(s, level) ? (void *)&wide : &narrow, &length);
    if (!err)
        *value = is_wide(s, level) ? wide : narrow;
    return err;
}

pier_err pier_getsockopt_int(struct pier_socket *s, int level, int name,
                             int *value)
{
    int64_t found = 0;
    pier_err err;

    if (!value)
        return pieri_fail(get_name, PIER_EINVAL, NULL);
    err = pier_getsockopt_int64(s, level, name, &found);
    if (err)
        return err;
    if (found < INT_MIN || found > INT_MAX)
        return pieri_fail(get_name, PIER_ERANGE, NULL);
    *value = (int)found;
    return PIER_OK;
}
