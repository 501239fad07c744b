/* SPDX-License-Identifier: MIT */
/* What both real backends share; each file in this folder is compiled into
 * them with the backend's own priv.h. */
#ifndef PLAT_COMMON_H
#define PLAT_COMMON_H

#include "platform.h"

/* The PIER_E* code of a result of getaddrinfo() or getnameinfo(). */
pier_err plat_error_from_eai(int eai);

/* The PIER_E* code of an h_errno. */
pier_err plat_error_from_herror(int number);

/*
 * What sockaddr.c asks of the backend (address.c): to write the family, and
 * the length where the system's sockaddr has one, of an address of which
 * length bytes are used; and whether AF_UNIX has an abstract namespace.
 */
void plat_set_family(struct pier_address *a, int family, size_t length);
extern const bool plat_has_abstract_names;

#endif
