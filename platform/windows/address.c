/* SPDX-License-Identifier: MIT */
#include "common.h"
#include "priv.h"

#include <iphlpapi.h>
#include <netioapi.h>

/* AF_UNIX has paths only, whatever its first announcement said. */
const bool plat_has_abstract_names = false;

void plat_set_family(struct pier_address *a, int family, size_t length)
{
    ADDRESS_FAMILY value = (ADDRESS_FAMILY)family;

    memcpy(a->storage.bytes, &value, sizeof value);
    a->length = (uint32_t)length;
}

/* Names of interfaces are UTF-16; the calls that take bytes mean the code
 * page of the process. */
pier_err pierp_if_nametoindex(unsigned *out, const char *name)
{
    WCHAR wide[NDIS_IF_MAX_STRING_SIZE + 1];
    NET_LUID luid;
    NET_IFINDEX index;
    DWORD failure;

    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, name, -1, wide,
                            NDIS_IF_MAX_STRING_SIZE + 1) == 0) {
        (void)win_fail();
        return PIER_ENXIO;
    }
    failure = ConvertInterfaceNameToLuidW(wide, &luid);
    if (failure == NO_ERROR)
        failure = ConvertInterfaceLuidToIndex(&luid, &index);
    if (failure != NO_ERROR) {
        (void)win_fail_with((int)failure);
        return PIER_ENXIO;
    }
    *out = index;
    return PIER_OK;
}
