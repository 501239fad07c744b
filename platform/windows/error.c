/* SPDX-License-Identifier: MIT */
/*
 * The native code is kept in a slot of the thread: it needs no memory, and
 * none of the emulation that MinGW makes of _Thread_local.
 */
#include "common.h"
#include "priv.h"
#include "unload.h"

static DWORD slot = TLS_OUT_OF_INDEXES;

pier_err win_error_start(void)
{
    if (slot == TLS_OUT_OF_INDEXES)
        slot = TlsAlloc();
    return slot == TLS_OUT_OF_INDEXES ? PIER_ENOMEM : PIER_OK;
}

void win_error_unload(void)
{
    if (slot != TLS_OUT_OF_INDEXES)
        TlsFree(slot);
    slot = TLS_OUT_OF_INDEXES;
}

static void keep(int native)
{
    TlsSetValue(slot, (void *)(intptr_t)native);
}

int pierp_native_error(void)
{
    return (int)(intptr_t)TlsGetValue(slot);
}

pier_err win_fail(void)
{
    return win_fail_with(WSAGetLastError());
}

pier_err win_fail_with(int native)
{
    keep(native);
    /* A failure without a code must not look like success. */
    return native ? pierp_error_from_native(native) : PIER_EUNKNOWN;
}

pier_err plat_lack(void)
{
    return win_fail_with(WSAEOPNOTSUPP);
}

pier_err win_fail_resolver(int eai)
{
    keep(eai);
    return eai ? plat_error_from_eai(eai) : PIER_EUNKNOWN;
}

pier_err plat_no_memory(void)
{
    return win_fail_with(ERROR_NOT_ENOUGH_MEMORY);
}

/* The table's rows are the cases, alike where codes mean the same, and the
 * numbers are those of the system's headers. */
/* NOLINTBEGIN(bugprone-branch-clone, bugprone-macro-parentheses) */
/* NOLINTBEGIN(cert-dcl16-c, readability-function-size) */
#define WIN(code, native)                                                     \
    case native:                                                              \
        return code;
#define NT(code, status)                 WIN(code, (int)status)
#define BOTH(code, text, posix, winsock) WIN(code, winsock)

pier_err pierp_error_from_native(int native_code)
{
    switch (native_code) {
#include "errors.def"
    default:
        return PIER_EUNKNOWN;
    }
}

/* A code that several numbers mean has the one that Winsock gives. */
int pierp_error_to_native(pier_err code)
{
    static const struct plat_number numbers[] = {
#define BOTH(code, text, posix, winsock) { code, winsock },
#define EAI(code, eai, winsock)          { code, winsock },
#define HERROR(code, number)             { code, number },
#include "errors.def"
#define WIN(code, native) { code, native },
#include "errors.def"
    };

    return plat_number_of(code, numbers, sizeof numbers / sizeof *numbers);
}

#define EAI(code, eai, winsock)                                               \
    case winsock:                                                             \
        return code;
#define EAI_LEAK(code, number) EAI(code, , number)

pier_err plat_error_from_eai(int eai)
{
    switch (eai) {
#include "errors.def"
    default:
        /* Winsock's resolver also fails with the codes of its other calls. */
        return pierp_error_from_native(eai);
    }
}
/* NOLINTEND(cert-dcl16-c, readability-function-size) */
/* NOLINTEND(bugprone-branch-clone, bugprone-macro-parentheses) */
