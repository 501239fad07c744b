/* SPDX-License-Identifier: MIT */
/* The parts of an address's text: see pier_address_parse(). */
#ifndef PIERI_ADDRESS_TEXT_H
#define PIERI_ADDRESS_TEXT_H

#include "platform.h"

/*
 * Reads an IPv6 address with or without "%zone" from text up to end, to
 * out->ip and out->scope_id. When out->scope_id is not 0 on entry, a zone in
 * the text must be the same. PIER_EINVAL, PIER_ERANGE, PIER_ENXIO.
 */
pier_err pieri_inet6_scoped_parse(struct pierp_endpoint *out, const char *text,
                                  const char *end);

/* Any AF_UNIX address in text has at most so many bytes, its NUL included:
 * each byte of it takes three. */
#define PIERI_UNIX_TEXT 400

/* What follows "unix:". */
pier_err pieri_unix_parse(struct pier_address *out, const char *text);

/* Writes a NUL and returns the length of the text. */
size_t pieri_unix_format(char text[PIERI_UNIX_TEXT],
                         const struct pier_address *a);

/* "vsock:", two numbers of ten digits with a colon, and a NUL. */
#define PIERI_VSOCK_TEXT 28

/* What follows "vsock:". */
pier_err pieri_vsock_parse(struct pier_address *out, const char *text);

/* The whole text, or the CID alone. PIER_EAFNOSUPPORT: another family. */
pier_err pieri_vsock_format(char text[PIERI_VSOCK_TEXT],
                            const struct pier_address *a, bool whole);

/* pier_address_format() that notes no failure. */
pier_err pieri_address_format(const struct pier_address *a, char *buffer,
                              size_t capacity);

#endif
