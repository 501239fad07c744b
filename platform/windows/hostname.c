/* SPDX-License-Identifier: MIT */
#include "text.h"

/* The name that NetBIOS has for this machine is cut to 15 letters; this one is
 * not. Of a cluster's node it is the node's. */
#define KIND ComputerNamePhysicalDnsHostname

enum {
    USUAL_ROOM = 64,
};

/* The name is longer than usual; size counts the NUL. */
static pier_err give_long_name(char *buffer, size_t capacity, DWORD size)
{
    wchar_t *name = pierp_alloc(size * sizeof *name);
    pier_err err;

    if (!name)
        return win_fail_with(ERROR_NOT_ENOUGH_MEMORY);
    err = GetComputerNameExW(KIND, name, &size)
              ? win_give(buffer, capacity, name)
              : win_fail();
    pierp_free(name);
    return err;
}

pier_err pierp_gethostname(char *buffer, size_t capacity)
{
    wchar_t name[USUAL_ROOM];
    DWORD size = USUAL_ROOM;

    if (GetComputerNameExW(KIND, name, &size))
        return win_give(buffer, capacity, name);
    if (GetLastError() != ERROR_MORE_DATA)
        return win_fail();
    return give_long_name(buffer, capacity, size);
}

/* SetComputerNameExW() takes effect with the next start only. */
pier_err pierp_sethostname(const char *name)
{
    (void)name;
    return win_fail_with(WSAEOPNOTSUPP);
}
