/* SPDX-License-Identifier: MIT */
/*
 * Services and protocols. Winsock answers each thread in a place of its own,
 * in the code page of the system: only names of ASCII mean the same in all of
 * them, and the standard has no others.
 */
#include "text.h"

#define NAME_ROOM 256

static bool is_ascii(const char *text)
{
    while (*text && !(*text & 0x80))
        text++;
    return *text == '\0';
}

/* What the latest failure means: there is none such, or something else. */
static pier_err fail(pier_err there_is_none)
{
    pier_err err = win_fail();

    switch (pierp_native_error()) {
    case WSANO_DATA:
    case WSAHOST_NOT_FOUND:
    case WSATYPE_NOT_FOUND:
        return there_is_none;
    default:
        return err;
    }
}

pier_err pierp_getservbyname(int *port, const char *name, const char *protocol)
{
    const struct servent *found;

    if (!is_ascii(name) || (protocol && !is_ascii(protocol)))
        return win_fail_resolver(WSATYPE_NOT_FOUND);
    found = getservbyname(name, protocol);
    if (!found)
        return fail(PIER_EAI_SERVICE);
    *port = ntohs((u_short)found->s_port);
    return PIER_OK;
}

pier_err pierp_getservbyport(char *buffer, size_t capacity, uint16_t port,
                             const char *protocol)
{
    wchar_t wide[NAME_ROOM];
    const struct servent *found;

    if (protocol && !is_ascii(protocol))
        return win_fail_resolver(WSATYPE_NOT_FOUND);
    found = getservbyport(htons(port), protocol);
    if (!found)
        return fail(PIER_EAI_SERVICE);
    if (!MultiByteToWideChar(CP_ACP, 0, found->s_name, -1, wide, NAME_ROOM))
        return win_fail();
    return win_give(buffer, capacity, wide);
}

pier_err pierp_getprotobyname(int *number, const char *name)
{
    const struct protoent *found = NULL;

    if (!is_ascii(name)) {
        WSASetLastError(WSANO_DATA);
        return fail(PIER_ENOENT);
    }
    found = getprotobyname(name);
    if (!found)
        return fail(PIER_ENOENT);
    *number = found->p_proto;
    return PIER_OK;
}
