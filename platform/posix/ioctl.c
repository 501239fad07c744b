/* SPDX-License-Identifier: MIT */
#include "priv.h"

#include <stddef.h>
#include <sys/ioctl.h>

/* POSIX and musl have an int where glibc and BSD have an unsigned long. */
#define REQUEST(code)                                                         \
    _Generic(&ioctl, int (*)(int, int, ...) : (int)(code), default : (code))

/* An argument is one pointer to memory whose size only the code knows. A copy
 * with room for any of them keeps a wrong size from doing harm. */
union argument {
    max_align_t align;
    unsigned char bytes[1024];
};

/* An emulator that does not know a code says that there is no such call. */
static pier_err fail(void)
{
    pier_err err = posix_fail();

    return err == PIER_ENOSYS ? PIER_ENOTTY : err;
}

pier_err pierp_ioctl(pier_handle h, unsigned long code, const void *in,
                     size_t in_length, void *out, size_t *out_length)
{
    union argument argument = { .bytes = { 0 } };
    size_t room = out ? *out_length : 0;

    if (in_length > sizeof argument || room > sizeof argument)
        return posix_fail_with(EINVAL);
    if (in_length > 0)
        memcpy(argument.bytes, in, in_length);
    if (ioctl((int)h, REQUEST(code), in || out ? &argument : NULL) < 0)
        return fail();
    if (room > 0)
        memcpy(out, argument.bytes, room);
    return PIER_OK;
}
