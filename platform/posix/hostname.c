/* SPDX-License-Identifier: MIT */
#include "priv.h"

/* More than any system has; POSIX asks for 255. */
#define NAME_ROOM 1026

pier_err pierp_gethostname(char *buffer, size_t capacity)
{
    char name[NAME_ROOM] = "";
    size_t length;

    /* What does not fit is cut, and may lack its NUL. */
    if (gethostname(name, sizeof name - 1) != 0)
        return errno == ENAMETOOLONG ? posix_fail_with(ENOBUFS) : posix_fail();
    length = strlen(name);
    if (length >= capacity || length >= sizeof name - 2)
        return posix_fail_with(ENOBUFS);
    memcpy(buffer, name, length + 1);
    return PIER_OK;
}

#ifdef HAVE_SETHOSTNAME
/* Its length is an int on BSD, where the name is at most 255. */
pier_err pierp_sethostname(const char *name)
{
    if (strlen(name) >= NAME_ROOM)
        return posix_fail_with(EINVAL);
    if (sethostname(name, strlen(name)) == 0)
        return PIER_OK;
    return errno == ENAMETOOLONG ? posix_fail_with(EINVAL) : posix_fail();
}
#else
pier_err pierp_sethostname(const char *name)
{
    (void)name;
    return PIER_ENOTSUP;
}
#endif
