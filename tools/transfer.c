/* SPDX-License-Identifier: MIT */
#include "transfer.h"

#include <stdio.h>
#include <string.h>

#include "network.h"
#include "sha256.h"

#define MAGIC_BYTES   8
#define VERSION       1
#define FIXED_BYTES   24 /* of the header: up to the name */
#define VERDICT_BYTES 12 /* up to the text */

/* No text: without a NUL. */
static const unsigned char header_magic[MAGIC_BYTES] = { 'P', 'I', 'E', 'R',
                                                         'F', 'I', 'L', 'E' };
static const unsigned char verdict_magic[MAGIC_BYTES] = { 'P', 'I', 'E', 'R',
                                                          'V', 'D', 'C', 'T' };

static void put(unsigned char *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        out[i] = (unsigned char)(value >> 8 * (bytes - 1 - i));
}

static uint64_t get(const unsigned char *in, size_t bytes)
{
    uint64_t value = 0;

    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | in[i];
    return value;
}

static void digest(const unsigned char *data, size_t length,
                   unsigned char out[SHA256_BYTES])
{
    struct sha256 hash;

    sha256_start(&hash);
    sha256_add(&hash, data, length);
    sha256_finish(&hash, out);
}

pier_err transfer_send_header(struct pier_socket *s,
                              const struct transfer_header *header)
{
    unsigned char data[FIXED_BYTES + TRANSFER_NAME + SHA256_BYTES];
    size_t name = strlen(header->name);
    size_t length = FIXED_BYTES + name;

    memcpy(data, header_magic, MAGIC_BYTES);
    put(data + 8, VERSION, 4);
    put(data + 12, name, 4);
    put(data + 16, header->size, 8);
    memcpy(data + FIXED_BYTES, header->name, name);
    digest(data, length, data + length);
    return network_send(s, data, length + SHA256_BYTES);
}

pier_err transfer_receive_header(struct pier_socket *s,
                                 struct transfer_header *out)
{
    unsigned char data[FIXED_BYTES + TRANSFER_NAME + SHA256_BYTES];
    unsigned char expected[SHA256_BYTES];
    size_t name;
    pier_err error = network_receive(s, data, FIXED_BYTES);

    if (error)
        return error;
    name = (size_t)get(data + 12, 4);
    out->size = get(data + 16, 8);
    if (memcmp(data, header_magic, MAGIC_BYTES) != 0 ||
        get(data + 8, 4) != VERSION || name >= TRANSFER_NAME ||
        out->size > INT64_MAX)
        return PIER_EPROTO;
    error = network_receive(s, data + FIXED_BYTES, name + SHA256_BYTES);
    if (error)
        return error;
    digest(data, FIXED_BYTES + name, expected);
    if (memcmp(expected, data + FIXED_BYTES + name, SHA256_BYTES) != 0)
        return PIER_EPROTO;
    memcpy(out->name, data + FIXED_BYTES, name);
    out->name[name] = '\0';
    return PIER_OK;
}

pier_err transfer_send_verdict(struct pier_socket *s, const char *cause)
{
    unsigned char data[VERDICT_BYTES + TRANSFER_VERDICT];
    size_t length = cause ? strlen(cause) : 0;

    if (length >= TRANSFER_VERDICT)
        length = TRANSFER_VERDICT - 1;
    memcpy(data, verdict_magic, MAGIC_BYTES);
    put(data + 8, length, 4);
    for (size_t i = 0; i < length; i++)
        data[VERDICT_BYTES + i] = (unsigned char)cause[i];
    return network_send(s, data, VERDICT_BYTES + length);
}

pier_err transfer_receive_verdict(struct pier_socket *s,
                                  char cause[TRANSFER_VERDICT])
{
    unsigned char data[VERDICT_BYTES];
    size_t length;
    pier_err error = network_receive(s, data, sizeof data);

    if (error)
        return error;
    length = (size_t)get(data + 8, 4);
    if (memcmp(data, verdict_magic, MAGIC_BYTES) != 0 ||
        length >= TRANSFER_VERDICT)
        return PIER_EPROTO;
    cause[length] = '\0';
    return network_receive(s, cause, length);
}
