/* SPDX-License-Identifier: MIT */
/* The control data of Linux's kernel crypto: operation, initialization vector,
 * length of what is only authenticated. */
#include "error.h"
#include "platform.h"
#include "trace.h"
#include <pier/constants.h>
#include <pier/message.h>
#include <string.h>

/* Longer than that of any cipher. */
enum {
    IV_MAX = 512
};

union room {
    max_align_t align;
    unsigned char bytes[IV_MAX + 256];
};

struct vector {
    uint32_t length;
    unsigned char bytes[IV_MAX];
};

static pier_err put(struct pier_message *m, int type, const void *data,
                    size_t length)
{
    return pier_control_put(m, sizeof(union room), PIER_SOL_ALG, type, data,
                            length);
}

static pier_err put_number(struct pier_message *m, int type, uint32_t number)
{
    return put(m, type, &number, sizeof(number));
}

static pier_err put_vector(struct pier_message *m, const void *iv,
                           size_t length)
{
    struct vector v = { .length = (uint32_t)length };

    if (length > IV_MAX)
        return PIER_EINVAL;
    if (length > 0)
        memcpy(v.bytes, iv, length);
    return put(m, PIER_ALG_SET_IV, &v, sizeof(v.length) + length);
}

static pier_err put_all(struct pier_message *m, int op, const void *iv,
                        size_t iv_length, int64_t assoclen)
{
    pier_err err = put_number(m, PIER_ALG_SET_OP, (uint32_t)op);

    if (!err && iv)
        err = put_vector(m, iv, iv_length);
    if (!err && assoclen >= 0)
        err = put_number(m, PIER_ALG_SET_AEAD_ASSOCLEN, (uint32_t)assoclen);
    return err;
}

static pier_err check(const struct pier_socket *s, int op, const void *iv,
                      size_t iv_length, int64_t assoclen)
{
    if (!s || op < 0 || (!iv && iv_length > 0) || assoclen > UINT32_MAX)
        return PIER_EINVAL;
    if (!PIER_HAVE_AF_ALG)
        return PIER_ENOTSUP;
    if (pier_family(s) != PIER_AF_ALG)
        return PIER_EINVAL;
    /* There are headers that know the family and nothing more. */
    return PIER_HAVE_ALG_SET_OP ? PIER_OK : PIER_ENOTSUP;
}

/* NOLINTNEXTLINE(readability-function-size): so many has a command. */
ptrdiff_t pier_send_afalg(struct pier_socket *s,
                          const struct pier_buffer *buffers,
                          size_t buffer_count, int op, const void *iv,
                          size_t iv_length, int64_t assoclen, int flags)
{
    static const char name[] = "send_afalg";
    union room room;
    struct pier_message m = { .buffers = (void *)(uintptr_t)buffers,
                              .buffer_count = buffer_count,
                              .control = &room };
    int64_t start = pieri_trace_begin();
    pier_err err = check(s, op, iv, iv_length, assoclen);
    ptrdiff_t n;

    if (!err)
        err = put_all(&m, op, iv, iv_length, assoclen);
    n = err ? pieri_fail(name, err, NULL) : pier_sendmsg(s, &m, flags);
    return pieri_trace_end(name, s, n, start);
}
