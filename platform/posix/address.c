/* SPDX-License-Identifier: MIT */
#include "common.h"
#include "priv.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
const bool plat_has_abstract_names = true;
#else
const bool plat_has_abstract_names = false;
#endif

void plat_set_family(struct pier_address *a, int family, size_t length)
{
    struct sockaddr sa;

    memcpy(&sa, a->storage.bytes, sizeof sa);
    sa.sa_family = (sa_family_t)family;
#ifdef HAVE_SOCKADDR_SA_LEN
    sa.sa_len = (unsigned char)length;
#endif
    memcpy(a->storage.bytes, &sa, sizeof sa);
    a->length = (uint32_t)length;
}

pier_err pierp_remove_socket_file(const struct pier_address *a)
{
    char path[sizeof(a->storage.bytes) + 1] = { 0 };
    struct stat found;
    size_t length;
    const void *name = pierp_address_path(a, &length);

    if (!name || length == 0)
        return PIER_EINVAL;
    memcpy(path, name, length);
    if (lstat(path, &found) != 0)
        return posix_fail();
    if (!S_ISSOCK(found.st_mode))
        return PIER_ENOTSOCK;
    return unlink(path) == 0 ? PIER_OK : posix_fail();
}
