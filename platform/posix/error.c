/* SPDX-License-Identifier: MIT */
#include "common.h"
#include "priv.h"

static _Thread_local int kept;

int pierp_native_error(void)
{
    return kept;
}

pier_err posix_fail(void)
{
    return posix_fail_with(errno);
}

pier_err posix_fail_with(int native)
{
    kept = native;
    /* A failure without a code must not look like success. */
    return native ? pierp_error_from_native(native) : PIER_EUNKNOWN;
}

pier_err plat_lack(void)
{
    kept = EOPNOTSUPP;
    return PIER_ENOTSUP;
}

pier_err posix_fail_resolver(int eai)
{
    kept = eai == EAI_SYSTEM && errno ? errno : eai;
    return eai ? plat_error_from_eai(eai) : PIER_EUNKNOWN;
}

pier_err posix_fail_host(int number)
{
    kept = number;
    return plat_error_from_herror(number);
}

pier_err plat_no_memory(void)
{
    return posix_fail_with(ENOMEM);
}

#define POSIX(code, text, posix)         { code, posix },
#define BOTH(code, text, posix, winsock) POSIX(code, text, posix)
#ifdef EKEYREJECTED
#define LINUX(code, text, posix) POSIX(code, text, posix)
#endif
#define EAI(code, eai, winsock) { code, eai },
#ifdef EAI_NODATA
#define EAI_GNU(code, eai) EAI(code, eai, )
#endif
#ifdef EAI_BADHINTS
#define EAI_BSD(code, eai) EAI(code, eai, )
#endif
#define HERROR(code, number) { code, number },

int pierp_error_to_native(pier_err code)
{
    static const struct plat_number numbers[] = {
#include "errors.def"
        { PIER_EAI_SYSTEM, EAI_SYSTEM },
    };

    return plat_number_of(code, numbers, sizeof numbers / sizeof *numbers);
}

#define POSIX(code, text, posix)                                              \
    case posix:                                                               \
        return code;
#define BOTH(code, text, posix, winsock) POSIX(code, text, posix)
#ifdef EKEYREJECTED
#define LINUX(code, text, posix) POSIX(code, text, posix)
#endif

/* NOLINTNEXTLINE(readability-function-size): one case a row. */
pier_err pierp_error_from_native(int native_code)
{
    switch (native_code) {
    case 0:
        return PIER_OK;
#include "errors.def"
    default:
        break;
    }
    /* One number with another name on Linux, but not on every system. */
    if (native_code == EWOULDBLOCK)
        return PIER_EWOULDBLOCK;
    if (native_code == ENOTSUP)
        return PIER_ENOTSUP;
    return PIER_EUNKNOWN;
}

#define EAI(code, eai, winsock)                                               \
    case eai:                                                                 \
        return code;
#ifdef EAI_NODATA
#define EAI_GNU(code, eai) EAI(code, eai, )
#endif
#ifdef EAI_BADHINTS
#define EAI_BSD(code, eai) EAI(code, eai, )
#endif

pier_err plat_error_from_eai(int eai)
{
    switch (eai) {
    case 0:
        return PIER_OK;
    case EAI_SYSTEM:
        /* libc leaves 0 when it ran out of descriptors on the way. */
        return errno ? pierp_error_from_native(errno) : PIER_EMFILE;
#include "errors.def"
    default:
        return PIER_EUNKNOWN;
    }
}
