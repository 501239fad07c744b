/* SPDX-License-Identifier: MIT */
/*
 * The text of an IP address without port and zone. Texts are given by their
 * first byte and the end, and must be exactly the address.
 */
#ifndef PIERI_IP_TEXT_H
#define PIERI_IP_TEXT_H

#include "platform.h"

/* The longest texts with their NUL: 255.255.255.255, and eight groups of four
 * digits of which the last two are written as IPv4. */
#define PIERI_INET_TEXT  16
#define PIERI_INET6_TEXT 46

/* Four decimal numbers without leading zeros. PIER_EINVAL. */
pier_err pieri_inet_parse(unsigned char ip[4], const char *text,
                          const char *end);

/* RFC 4291, 2.2. PIER_EINVAL. */
pier_err pieri_inet6_parse(unsigned char ip[16], const char *text,
                           const char *end);

/* Both write a NUL and return the length of the text. */
size_t pieri_inet_format(char text[PIERI_INET_TEXT],
                         const unsigned char ip[4]);
size_t pieri_inet6_format(char text[PIERI_INET6_TEXT],
                          const unsigned char ip[16]);

/* The value of a hexadecimal digit; -1 for any other byte. */
int pieri_hex_digit(char c);

/* pier_inet_aton() without a note of its failure. */
pier_err pieri_inet_aton(const char *text, unsigned char out[4]);

#endif
