/* SPDX-License-Identifier: MIT */
#include "common.h"
#include "priv.h"

/* IO_REPARSE_TAG_AF_UNIX, which older headers lack. */
#define WIN_REPARSE_TAG_AF_UNIX 0x80000023u

/* AF_UNIX has paths only, whatever its first announcement said. */
const bool plat_has_abstract_names = false;

void plat_set_family(struct pier_address *a, int family, size_t length)
{
    ADDRESS_FAMILY value = (ADDRESS_FAMILY)family;

    memcpy(a->storage.bytes, &value, sizeof value);
    a->length = (uint32_t)length;
}

/* The socket's file is a reparse point of a kind of its own, which the calls
 * of the C library do not see (Q37). */
static bool is_socket_file(const WCHAR *path)
{
    WIN32_FIND_DATAW found;
    HANDLE search = FindFirstFileW(path, &found);

    if (search == INVALID_HANDLE_VALUE)
        return false;
    FindClose(search);
    return (found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) &&
           found.dwReserved0 == WIN_REPARSE_TAG_AF_UNIX;
}

pier_err pierp_remove_socket_file(const struct pier_address *a)
{
    WCHAR path[sizeof(a->storage.bytes) + 1] = { 0 };
    size_t length;
    const void *name = pierp_address_path(a, &length);

    if (!name || length == 0 ||
        MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, name, (int)length,
                            path, (int)sizeof(a->storage.bytes)) == 0)
        return PIER_EINVAL;
    if (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES)
        return win_fail();
    if (!is_socket_file(path))
        return PIER_ENOTSOCK;
    return DeleteFileW(path) ? PIER_OK : win_fail();
}
