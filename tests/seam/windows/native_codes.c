/* SPDX-License-Identifier: MIT */
/* Numbers, as [MS-ERREF] and the documentation of Winsock list them. */
#include "native_codes.h"

#include "common.h"
#include "priv.h"

#define NT(status, err)                                                       \
    {                                                                         \
        (int)(status), (err), 0                                               \
    }
#define ROWS(set)                                                             \
    {                                                                         \
        (set), sizeof(set) / sizeof(*(set))                                   \
    }

static const struct native_code calls[] = {
    /* The 51 codes of Winsock. */
    { 10004, PIER_EINTR, 0 },
    { 10009, PIER_EBADF, 0 },
    { 10013, PIER_EACCES, 0 },
    { 10014, PIER_EFAULT, 0 },
    { 10022, PIER_EINVAL, 0 },
    { 10024, PIER_EMFILE, 0 },
    { 10035, PIER_EWOULDBLOCK, 0 },
    { 10036, PIER_EINPROGRESS, 0 },
    { 10037, PIER_EALREADY, 0 },
    { 10038, PIER_ENOTSOCK, 0 },
    { 10039, PIER_EDESTADDRREQ, 0 },
    { 10040, PIER_EMSGSIZE, 0 },
    { 10041, PIER_EPROTOTYPE, 0 },
    { 10042, PIER_ENOPROTOOPT, 0 },
    { 10043, PIER_EPROTONOSUPPORT, 0 },
    { 10044, PIER_ESOCKTNOSUPPORT, 0 },
    { 10045, PIER_EOPNOTSUPP, 0 },
    { 10046, PIER_EPFNOSUPPORT, 0 },
    { 10047, PIER_EAFNOSUPPORT, 0 },
    { 10048, PIER_EADDRINUSE, 0 },
    { 10049, PIER_EADDRNOTAVAIL, 0 },
    { 10050, PIER_ENETDOWN, 0 },
    { 10051, PIER_ENETUNREACH, 0 },
    { 10052, PIER_ENETRESET, 0 },
    { 10053, PIER_ECONNABORTED, 0 },
    { 10054, PIER_ECONNRESET, 0 },
    { 10055, PIER_ENOBUFS, 0 },
    { 10056, PIER_EISCONN, 0 },
    { 10057, PIER_ENOTCONN, 0 },
    { 10058, PIER_EPIPE, 0 },
    { 10059, PIER_ETOOMANYREFS, 0 },
    { 10060, PIER_ETIMEDOUT, 0 },
    { 10061, PIER_ECONNREFUSED, 0 },
    { 10062, PIER_ELOOP, 0 },
    { 10063, PIER_ENAMETOOLONG, 0 },
    { 10064, PIER_EHOSTDOWN, 0 },
    { 10065, PIER_EHOSTUNREACH, 0 },
    { 10066, PIER_ENOTEMPTY, 0 },
    { 10067, PIER_EUSERS, 0 },
    { 10068, PIER_EUSERS, 0 },
    { 10069, PIER_EDQUOT, 0 },
    { 10070, PIER_ESTALE, 0 },
    { 10071, PIER_EREMOTE, 0 },
    { 10091, PIER_ENETDOWN, 0 },
    { 10092, PIER_ENOSYS, 0 },
    { 10093, PIER_ENETDOWN, 0 },
    { 10101, PIER_ESHUTDOWN, 0 },
    { 11001, PIER_EAI_NONAME, 0 },
    { 11002, PIER_EAI_AGAIN, 0 },
    { 11003, PIER_EAI_FAIL, 0 },
    { 11004, PIER_EAI_NODATA, 0 },
    /* Winsock 2 besides, Win32. */
    { 10102, PIER_ENODATA, 0 },
    { 10103, PIER_ECANCELED, 0 },
    { 10104, PIER_ELIBBAD, 0 },
    { 10105, PIER_ELIBBAD, 0 },
    { 10106, PIER_ELIBACC, 0 },
    { 10107, PIER_EIO, 0 },
    { 10108, PIER_EAI_SERVICE, 0 },
    { 10109, PIER_EAI_SERVICE, 0 },
    { 10110, PIER_ENODATA, 0 },
    { 10111, PIER_ECANCELED, 0 },
    { 10112, PIER_EAI_FAIL, 0 },
    { 2, PIER_ENOENT, 0 },
    { 3, PIER_ENOENT, 0 },
    { 4, PIER_EMFILE, 0 },
    { 5, PIER_EACCES, 0 },
    { 6, PIER_EBADF, 0 },
    { 8, PIER_ENOMEM, 0 },
    { 14, PIER_ENOMEM, 0 },
    { 32, PIER_EBUSY, 0 },
    { 38, PIER_EEOF, 0 },
    { 39, PIER_ENOSPC, 0 },
    { 50, PIER_EOPNOTSUPP, 0 },
    { 64, PIER_ECONNRESET, 0 },
    { 80, PIER_EEXIST, 0 },
    { 87, PIER_EINVAL, 0 },
    { 109, PIER_EPIPE, 0 },
    { 112, PIER_ENOSPC, 0 },
    { 121, PIER_ETIMEDOUT, 0 },
    { 122, PIER_ENOBUFS, 0 },
    { 183, PIER_EEXIST, 0 },
    { 206, PIER_ENAMETOOLONG, 0 },
    { 232, PIER_EPIPE, 0 },
    { 233, PIER_ENOTCONN, 0 },
    { 234, PIER_EMSGSIZE, 0 },
    { 258, PIER_ETIMEDOUT, 0 },
    { 267, PIER_ENOTDIR, 0 },
    { 995, PIER_ECANCELED, 0 },
    { 996, PIER_EINPROGRESS, 0 },
    { 997, PIER_EINPROGRESS, 0 },
    { 998, PIER_EFAULT, 0 },
    { 1113, PIER_EILSEQ, 0 },
    { 1225, PIER_ECONNREFUSED, 0 },
    { 1226, PIER_EPIPE, 0 },
    { 1227, PIER_EADDRINUSE, 0 },
    { 1228, PIER_EADDRNOTAVAIL, 0 },
    { 1229, PIER_ENOTCONN, 0 },
    { 1230, PIER_EISCONN, 0 },
    { 1231, PIER_ENETUNREACH, 0 },
    { 1232, PIER_EHOSTUNREACH, 0 },
    { 1233, PIER_EHOSTUNREACH, 0 },
    { 1234, PIER_ECONNREFUSED, 0 },
    { 1235, PIER_ECONNABORTED, 0 },
    { 1236, PIER_ECONNABORTED, 0 },
    { 1237, PIER_ECONNABORTED, 0 },
    { 1314, PIER_EPERM, 0 },
    { 1450, PIER_ENOBUFS, 0 },
    { 1460, PIER_ETIMEDOUT, 0 },
    { 1816, PIER_ENOMEM, 0 },
    /* NT status. */
    NT(0xC000013B, PIER_ECONNABORTED),
    NT(0xC000013C, PIER_ECONNRESET),
    NT(0xC0000140, PIER_ENOTCONN),
    NT(0xC0000207, PIER_EADDRNOTAVAIL),
    NT(0xC000020A, PIER_EADDRINUSE),
    NT(0xC000020C, PIER_ECONNRESET),
    NT(0xC000020D, PIER_ECONNRESET),
    NT(0xC0000236, PIER_ECONNREFUSED),
    NT(0xC000023C, PIER_ENETUNREACH),
    NT(0xC000023D, PIER_EHOSTUNREACH),
    NT(0xC000023F, PIER_ECONNREFUSED),
    NT(0xC0000241, PIER_ECONNABORTED),
    NT(0xC00000B5, PIER_ETIMEDOUT),
    NT(0xC0000120, PIER_ECANCELED),
    NT(0x80000005, PIER_EMSGSIZE),
    NT(0xC000009A, PIER_ENOBUFS),
    NT(0xC0000017, PIER_ENOMEM),
    NT(0xC0000008, PIER_EBADF),
    NT(0xC0000024, PIER_ENOTSOCK),
};

static const struct native_code lookups[] = {
    { 10022, PIER_EAI_BADFLAGS, 0 },
    { 10044, PIER_EAI_SOCKTYPE, 0 },
    { 10047, PIER_EAI_FAMILY, 0 },
    { 10109, PIER_EAI_SERVICE, 0 },
    { 11001, PIER_EAI_NONAME, 0 },
    { 11002, PIER_EAI_AGAIN, 0 },
    { 11003, PIER_EAI_FAIL, 0 },
    { 11004, PIER_EAI_NODATA, 0 },
    { 8, PIER_EAI_MEMORY, 0 },
    { 122, PIER_EAI_OVERFLOW, 0 },
    /* What Wine lets through of glibc. */
    { -9, PIER_EAI_ADDRFAMILY, 0 },
    { -12, PIER_EAI_OVERFLOW, 0 },
    /* A look-up may fail as any call does. */
    { 10050, PIER_ENETDOWN, 0 },
    { 10093, PIER_ENETDOWN, 0 },
};

static const struct native_code hosts[] = {
    { 11001, PIER_EHOST_NOT_FOUND, 0 },
    { 11002, PIER_EHOST_TRY_AGAIN, 0 },
    { 11003, PIER_EHOST_NO_RECOVERY, 0 },
    { 11004, PIER_EHOST_NO_DATA, 0 },
};

const struct native_codes native_calls = ROWS(calls);
const struct native_codes native_lookups = ROWS(lookups);
const struct native_codes native_hosts = ROWS(hosts);

pier_err native_fail(int native)
{
    return win_fail_with(native);
}

pier_err native_fail_lookup(int native)
{
    return win_fail_resolver(native);
}
