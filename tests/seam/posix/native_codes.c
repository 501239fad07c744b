/* SPDX-License-Identifier: MIT */
#include "native_codes.h"

#include "common.h"
#include "priv.h"

/* A code has the name of its errno. */
#define E(name)                                                               \
    {                                                                         \
        name, PIER_##name, 0                                                  \
    }
#define ROWS(set)                                                             \
    {                                                                         \
        (set), sizeof(set) / sizeof(*(set))                                   \
    }

static const struct native_code calls[] = {
    E(EPERM),
    E(ENOENT),
    E(ESRCH),
    E(EINTR),
    E(EIO),
    E(ENXIO),
    E(E2BIG),
    E(ENOEXEC),
    E(EBADF),
    E(ECHILD),
    E(EAGAIN),
    E(ENOMEM),
    E(EACCES),
    E(EFAULT),
    E(ENOTBLK),
    E(EBUSY),
    E(EEXIST),
    E(EXDEV),
    E(ENODEV),
    E(ENOTDIR),
    E(EISDIR),
    E(EINVAL),
    E(ENFILE),
    E(EMFILE),
    E(ENOTTY),
    E(ETXTBSY),
    E(EFBIG),
    E(ENOSPC),
    E(ESPIPE),
    E(EROFS),
    E(EMLINK),
    E(EPIPE),
    E(EDOM),
    E(ERANGE),
    E(EDEADLK),
    E(ENAMETOOLONG),
    E(ENOLCK),
    E(ENOSYS),
    E(ENOTEMPTY),
    E(ELOOP),
    E(ENOMSG),
    E(EIDRM),
    E(EREMOTE),
    E(EPROTO),
    E(EBADMSG),
    E(EOVERFLOW),
    E(EILSEQ),
    E(EUSERS),
    E(ENOTSOCK),
    E(EDESTADDRREQ),
    E(EMSGSIZE),
    E(EPROTOTYPE),
    E(ENOPROTOOPT),
    E(EPROTONOSUPPORT),
    E(ESOCKTNOSUPPORT),
    E(EOPNOTSUPP),
    E(EPFNOSUPPORT),
    E(EAFNOSUPPORT),
    E(EADDRINUSE),
    E(EADDRNOTAVAIL),
    E(ENETDOWN),
    E(ENETUNREACH),
    E(ENETRESET),
    E(ECONNABORTED),
    E(ECONNRESET),
    E(ENOBUFS),
    E(EISCONN),
    E(ENOTCONN),
    E(ESHUTDOWN),
    E(ETOOMANYREFS),
    E(ETIMEDOUT),
    E(ECONNREFUSED),
    E(EHOSTDOWN),
    E(EHOSTUNREACH),
    E(EALREADY),
    E(EINPROGRESS),
    E(ESTALE),
    E(EDQUOT),
    E(ECANCELED),
    { EWOULDBLOCK, PIER_EWOULDBLOCK, 0 },
    { ENOTSUP, PIER_ENOTSUP, 0 },
#ifdef EKEYREJECTED
    E(ECHRNG),
    E(EL2NSYNC),
    E(EL3HLT),
    E(EL3RST),
    E(ELNRNG),
    E(EUNATCH),
    E(ENOCSI),
    E(EL2HLT),
    E(EBADE),
    E(EBADR),
    E(EXFULL),
    E(ENOANO),
    E(EBADRQC),
    E(EBADSLT),
    E(EBFONT),
    E(ENOSTR),
    E(ENODATA),
    E(ETIME),
    E(ENOSR),
    E(ENONET),
    E(ENOPKG),
    E(ENOLINK),
    E(EADV),
    E(ESRMNT),
    E(ECOMM),
    E(EMULTIHOP),
    E(EDOTDOT),
    E(ENOTUNIQ),
    E(EBADFD),
    E(EREMCHG),
    E(ELIBACC),
    E(ELIBBAD),
    E(ELIBSCN),
    E(ELIBMAX),
    E(ELIBEXEC),
    E(ERESTART),
    E(ESTRPIPE),
    E(EUCLEAN),
    E(ENOTNAM),
    E(ENAVAIL),
    E(EISNAM),
    E(EREMOTEIO),
    E(ENOMEDIUM),
    E(EMEDIUMTYPE),
    E(ENOKEY),
    E(EKEYEXPIRED),
    E(EKEYREVOKED),
    E(EKEYREJECTED),
    E(EOWNERDEAD),
    E(ENOTRECOVERABLE),
    E(ERFKILL),
    E(EHWPOISON),
#endif
};

static const struct native_code lookups[] = {
    { EAI_SYSTEM, PIER_ECONNREFUSED, ECONNREFUSED },
    { EAI_SYSTEM, PIER_EMFILE, 0 },
    E(EAI_BADFLAGS),
    E(EAI_NONAME),
    E(EAI_AGAIN),
    E(EAI_FAIL),
    E(EAI_FAMILY),
    E(EAI_SOCKTYPE),
    E(EAI_SERVICE),
    E(EAI_MEMORY),
    E(EAI_OVERFLOW),
#ifdef EAI_NODATA
    E(EAI_NODATA),
    E(EAI_ADDRFAMILY),
#endif
};

static const struct native_code hosts[] = {
    { HOST_NOT_FOUND, PIER_EHOST_NOT_FOUND, 0 },
    { TRY_AGAIN, PIER_EHOST_TRY_AGAIN, 0 },
    { NO_RECOVERY, PIER_EHOST_NO_RECOVERY, 0 },
    { NO_DATA, PIER_EHOST_NO_DATA, 0 },
};

const struct native_codes native_calls = ROWS(calls);
const struct native_codes native_lookups = ROWS(lookups);
const struct native_codes native_hosts = ROWS(hosts);

pier_err native_fail(int native)
{
    return posix_fail_with(native);
}

pier_err native_fail_lookup(int native)
{
    return posix_fail_resolver(native);
}
