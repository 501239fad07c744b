/* SPDX-License-Identifier: MIT */
#include "error.h"

#include "address_text.h"

#include <stdio.h>
#include <string.h>

/* The table's rows of codes; the columns of the systems are left out. */
#define BOTH(code, text, posix, winsock) OWN(code, text)
#define POSIX(code, text, posix)         OWN(code, text)
#define LINUX(code, text, posix)         OWN(code, text)

/* Without a default: the compiler names a code that has no row. */
#define OWN(code, text)                                                       \
    case code:                                                                \
        return text;

/* NOLINTNEXTLINE(readability-function-size): one case a row. */
const char *pier_strerror(pier_err code)
{
    switch ((enum pier_error_code)code) {
#include "common/errors.def"
    }
    return "unknown error";
}

#define BOTH(code, text, posix, winsock) OWN(code, text)
#define POSIX(code, text, posix)         OWN(code, text)
#define LINUX(code, text, posix)         OWN(code, text)
#define OWN(code, text)                                                       \
    case code:                                                                \
        return &#code[sizeof "PIER_" - 1];

/* NOLINTNEXTLINE(readability-function-size): one case a row. */
const char *pier_errname(pier_err code)
{
    switch ((enum pier_error_code)code) {
#include "common/errors.def"
    }
    return "EUNKNOWN";
}

pier_err pier_error_from_native(int native_code)
{
    return pierp_error_from_native(native_code);
}

int pier_error_to_native(pier_err code)
{
    return pierp_error_to_native(code);
}

bool pier_is_timeout(pier_err code)
{
    return code == PIER_EDEADLINE || code == PIER_ETIMEDOUT;
}

bool pier_would_block(pier_err code)
{
    switch (code) {
    case PIER_EAGAIN:
    case PIER_EINPROGRESS:
    case PIER_EALREADY:
    case PIER_ETLS_WANT_READ:
    case PIER_ETLS_WANT_WRITE:
        return true;
    default:
        return false;
    }
}

bool pier_is_connection_error(pier_err code)
{
    switch (code) {
    case PIER_ECONNREFUSED:
    case PIER_ECONNRESET:
    case PIER_ECONNABORTED:
    case PIER_EPIPE:
    case PIER_ESHUTDOWN:
    case PIER_ENETRESET:
        return true;
    default:
        return false;
    }
}

static pier_err note(const char *operation, pier_err code, int native,
                     const struct pier_address *address)
{
    struct pieri_thread *thread = pierp_thread_storage();

    if (!thread)
        return code;
    thread->detail.code = code;
    thread->detail.native_code = native;
    thread->detail.operation = operation;
    if (address) {
        thread->detail.address = *address;
    } else {
        thread->detail.address.length = 0;
    }
    return code;
}

pier_err pieri_fail(const char *operation, pier_err code,
                    const struct pier_address *address)
{
    return note(operation, code, 0, address);
}

pier_err pieri_os_fail(const char *operation, pier_err code,
                       const struct pier_address *address)
{
    return note(operation, code, pierp_native_error(), address);
}

pier_err pieri_native_fail(const char *operation, pier_err code,
                           int native_code)
{
    return note(operation, code, native_code, NULL);
}

void pier_error_detail(struct pier_detail *out)
{
    const struct pieri_thread *thread = pierp_thread_storage();

    if (!out)
        return;
    if (thread) {
        *out = thread->detail;
        return;
    }
    memset(out, 0, sizeof *out);
    out->code = PIER_ENOMEM;
}

struct pier_detail pieri_detail_save(void)
{
    struct pier_detail detail;

    pier_error_detail(&detail);
    return detail;
}

void pieri_detail_restore(const struct pier_detail *detail)
{
    struct pieri_thread *thread = pierp_thread_storage();

    if (thread)
        thread->detail = *detail;
}

int pier_native_error(void)
{
    struct pier_detail detail;

    pier_error_detail(&detail);
    return detail.native_code;
}

/* Room for any address that has a text; without one it is left out. */
#define ADDRESS_TEXT 400

static size_t write_text(char *buffer, size_t capacity,
                         const struct pier_detail *detail)
{
    char address[ADDRESS_TEXT] = "";
    char number[16] = "";
    bool has_address = pieri_address_format(&detail->address, address,
                                            sizeof address) == PIER_OK;
    int length;

    if (detail->code == PIER_EUNKNOWN)
        (void)snprintf(number, sizeof number, " %d", detail->native_code);
    length = snprintf(buffer, capacity, "%s%s%s%s%s%s",
                      detail->operation ? detail->operation : "",
                      has_address ? " " : "", address,
                      detail->operation ? ": " : "",
                      pier_strerror(detail->code), number);
    return length > 0 ? (size_t)length : 0;
}

size_t pier_error_text(char *buffer, size_t capacity)
{
    struct pier_detail detail;

    pier_error_detail(&detail);
    return write_text(buffer, buffer ? capacity : 0, &detail);
}
